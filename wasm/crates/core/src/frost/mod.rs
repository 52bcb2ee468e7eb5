//! Two-party FROST signing (RFC 9591) with one online round trip: the responder's nonces are committed ahead, the
//! initiator makes its own when it wants the signature.

pub mod commit;
mod ed25519;
pub mod initiate;
pub mod respond;
mod signature;
mod suite;
mod taproot;

pub use signature::VerifiedSignature;
pub use suite::SigningSuite;

use std::collections::BTreeMap;

use frost_core::SigningPackage;
use frost_core::round1::SigningCommitments;

use crate::derive::Path;
use crate::error::EngineError;
use crate::party::PartyId;
use crate::share::KeyShare;

/// The number of the only round.
pub const ROUND: u16 = 1;

/// The signing package of exactly two signers.
fn package_of_two<S: SigningSuite>(
    signers: [(PartyId, SigningCommitments<S::Frost>); 2],
    digest: &[u8],
) -> Result<SigningPackage<S::Frost>, EngineError> {
    let mut commitments = BTreeMap::new();
    for (party, commitment) in signers {
        commitments.insert(party.identifier()?, commitment);
    }
    Ok(SigningPackage::new(commitments, digest))
}

/// What both roles refuse before anything secret is touched.
fn check_request<S: SigningSuite>(
    share: &KeyShare,
    path: &Path,
    digest: &[u8],
    peer: PartyId,
) -> Result<(), EngineError> {
    let roster = share.public_package().roster();
    if peer == share.party() || !roster.contains(peer) {
        return Err(EngineError::misuse("the other signer is not another party of the roster"));
    }
    if roster.threshold() != 2 {
        return Err(EngineError::misuse("two parties sign only where the threshold is two"));
    }
    if !S::has_child(path) {
        return Err(EngineError::misuse("the key of this suite has no children"));
    }
    if !S::accepts(digest.len()) {
        return Err(EngineError::misuse("the suite does not sign a digest of this length"));
    }
    Ok(())
}
