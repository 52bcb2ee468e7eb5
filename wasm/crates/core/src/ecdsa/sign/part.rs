//! One signer's part of numerator and denominator of s.

use k256::Scalar;
use zeroize::Zeroizing;

use crate::codec::{Layout, Object, Reader, SuiteTag};
use crate::error::{EngineError, Malformed};
use crate::secp256k1::{SCALAR_BYTES, read_scalar};

/// The number of the round that sends the parts where there are more than two signers.
pub const ROUND: u16 = 2;

/// u'ᵢ and wᵢ.
pub(crate) struct Part {
    pub(crate) u: Scalar,
    pub(crate) w: Scalar,
}

/// The message of this round.
pub fn layout() -> Layout {
    fields(Layout::new(Object::SignPart, SuiteTag::Ecdsa))
}

/// The two fields of a part.
pub(crate) fn fields(layout: Layout) -> Layout {
    layout.field("u", SCALAR_BYTES).field("w", SCALAR_BYTES)
}

/// The bytes.
pub(crate) fn encode(part: &Part) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    layout().writer().put(part.u.to_bytes()).put(part.w.to_bytes()).finish()
}

/// Reads what another signer sent.
pub(crate) fn decode(bytes: &[u8]) -> Result<Part, Malformed> {
    read(&mut layout().reader(bytes)?)
}

/// Two scalars in range.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Part, Malformed> {
    Ok(Part { u: read_scalar(reader.take(SCALAR_BYTES)?, "u")?, w: read_scalar(reader.take(SCALAR_BYTES)?, "w")? })
}
