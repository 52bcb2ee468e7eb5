//! One-time nonces and the public commitments to them.
//!
//! Must never: be copied, printed or written. There is no `Clone`, no `Debug` and no encoding here, signing takes the
//! nonces by value, and dropping wipes them. Two uses of one nonce reveal the key.

use frost_core::round1::{NonceCommitment, SigningCommitments, SigningNonces, commit as frost_commit};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::codec::{Layout, Object};
use crate::error::{EngineError, Malformed};
use crate::frost::suite::SigningSuite;
use crate::party::PartyId;
use crate::public_package::HASH_BYTES;
use crate::share::KeyShare;
use crate::suites::has_own_form;

/// Secret nonces of one future signature under one party's share of one epoch.
pub struct Nonces<S: SigningSuite> {
    secret: SigningNonces<S::Frost>,
    owner: (PartyId, [u8; HASH_BYTES]),
}

impl<S: SigningSuite> Nonces<S> {
    /// Draws nonces, hedged with the share as RFC 9591 section 4.1 says.
    pub fn new<R: RngCore + CryptoRng>(share: &KeyShare, rng: &mut R) -> Self {
        let (secret, _) = frost_commit(S::key(share).signing_share(), rng);
        Self { secret, owner: (share.party(), share.public_package().digest()) }
    }

    /// The public commitments, to be given to the initiator.
    pub fn commitments(&self) -> Result<Zeroizing<Vec<u8>>, EngineError> {
        encode::<S>(self.secret.commitments())
    }

    /// The nonces, if they were made for this share.
    pub(crate) fn into_secret(self, share: &KeyShare) -> Result<SigningNonces<S::Frost>, EngineError> {
        if self.owner == (share.party(), share.public_package().digest()) {
            Ok(self.secret)
        } else {
            Err(EngineError::misuse("the nonces were made for another share"))
        }
    }
}

/// The public commitments of one party.
pub fn layout<S: SigningSuite>() -> Layout {
    Layout::new(Object::FrostCommitments, S::TAG)
        .field("hiding-commitment", S::POINT_BYTES)
        .field("binding-commitment", S::POINT_BYTES)
}

/// The bytes of commitments.
pub(crate) fn encode<S: SigningSuite>(
    commitments: &SigningCommitments<S::Frost>,
) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    let point = |commitment: &NonceCommitment<S::Frost>| {
        commitment.serialize().map_err(|_| EngineError::misuse("a nonce is zero"))
    };
    layout::<S>().writer().put(point(commitments.hiding())?).put(point(commitments.binding())?).finish()
}

/// Reads the commitments of another party: two points of the prime-order group, none the identity.
pub(crate) fn decode<S: SigningSuite>(bytes: &[u8]) -> Result<SigningCommitments<S::Frost>, Malformed> {
    let mut reader = layout::<S>().reader(bytes)?;
    let mut point = |name| {
        let bytes = reader.take(S::POINT_BYTES)?;
        if !has_own_form::<S>(bytes) {
            return Err(Malformed::Field(name));
        }
        NonceCommitment::deserialize(bytes).map_err(|_| Malformed::Field(name))
    };
    Ok(SigningCommitments::new(point("hiding-commitment")?, point("binding-commitment")?))
}
