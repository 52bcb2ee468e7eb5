//! What asks for a signature: which presignature, what for, and the sender's entropy out of its commitment.

use zeroize::Zeroizing;

use crate::codec::{Layout, Object, SuiteTag};
use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::presignature::PresignatureId;
use crate::error::{EngineError, Malformed};

/// The number of the round that opens.
pub const ROUND: u16 = 1;

/// The message.
pub(crate) struct Opening {
    pub(crate) presignature: PresignatureId,
    /// A hash of path, digest and presignature: the receiver compares it and never takes a digest from it.
    pub(crate) request: [u8; HASH_BYTES],
    pub(crate) entropy: [u8; HASH_BYTES],
}

/// The message of this round.
pub fn layout() -> Layout {
    Layout::new(Object::SignOpening, SuiteTag::Ecdsa)
        .field("presignature", HASH_BYTES)
        .field("request", HASH_BYTES)
        .field("entropy", HASH_BYTES)
}

/// The bytes.
pub(crate) fn encode(opening: &Opening) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    layout().writer().put(opening.presignature).put(opening.request).put(opening.entropy).finish()
}

/// Reads what another signer sent.
pub(crate) fn decode(bytes: &[u8]) -> Result<Opening, Malformed> {
    let mut reader = layout().reader(bytes)?;
    Ok(Opening { presignature: reader.array()?, request: reader.array()?, entropy: reader.array()? })
}
