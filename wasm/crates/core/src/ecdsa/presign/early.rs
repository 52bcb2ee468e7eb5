//! Asking for a signature with a presignature that is complete only with the responder's last message, so that a signature for
//! which nothing was prepared takes two round trips.
//!
//! The nonce point of the other signer is not known yet, so there is no id: the ask names the presignature by its place, the batch
//! and the index. The batch hashes both signers' commitments to nonce points and entropy, and nothing that the ask opens was
//! chosen after them; what the presignature is re-randomised with still hashes the id.
//!
//! Must never: leave the presignature to any other request, whatever becomes of this one.

use zeroize::Zeroizing;

use crate::derive::Path;
use crate::ecdsa::presign::round3::Opened;
use crate::ecdsa::presign::terms::Terms;
use crate::ecdsa::presignature::place;
use crate::ecdsa::sign::{SigningDigest, opening, request};
use crate::error::EngineError;

/// The ask, and the reservation.
pub(crate) fn ask(
    terms: &Terms,
    opened: &mut Opened,
    index: u16,
    path: &Path,
    digest: &SigningDigest,
) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    if terms.peers().count() != 1 {
        return Err(EngineError::misuse("only a run of two signers can be asked early"));
    }
    if opened.asked.contains_key(&index) {
        return Err(EngineError::misuse("a presignature can be asked for once"));
    }
    let instance = opened
        .instances
        .get(usize::from(index))
        .ok_or_else(|| EngineError::misuse("the batch has no presignature of this index"))?;
    let presignature = place(&opened.batch, index);
    let request = request(path, digest, &presignature);
    let payload = opening::encode(&opening::Opening { presignature, request, entropy: instance.entropy })?;
    opened.asked.insert(index, request);
    Ok(payload)
}
