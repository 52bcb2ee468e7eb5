//! Signing with a presignature: one round trip for two signers ([`initiate`], [`respond`]), two rounds for more ([`joint`]).
//!
//! A presignature is re-randomised with what it signs and with entropy that every signer committed to when it was made:
//! δ = H(pk, path, m, R, signers, id, all e). R' = R + δ·G, u'ᵢ = uᵢ + δ·φᵢ, v'ᵢ = vᵢ + τ·φᵢ for the path's tweak τ, and
//! wᵢ = m·φᵢ + x(R')·v'ᵢ; then s = Σw / Σu' (eprint 2023/765 protocol 3.6 steps 9 to 11; eprint 2021/1330 sections 4 and 5: derivation and
//! presignatures together are sound only when the nonce is re-randomised by a value that nobody knew before the request).
//!
//! Must never: compute with a presignature for two requests, take a digest from another party, or let out a signature that was
//! not verified under the derived key.

pub mod initiate;
pub mod joint;
pub mod opening;
pub mod part;
pub mod respond;

use k256::elliptic_curve::group::Group;
use k256::elliptic_curve::ops::{MulByGenerator, Reduce};
use k256::elliptic_curve::point::AffineCoordinates;
use k256::elliptic_curve::scalar::IsHigh;
use k256::elliptic_curve::subtle::ConditionallySelectable;
use k256::{ProjectivePoint, Scalar, U256};

use crate::derive::{self, Derived, Path};
use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::oracle::Oracle;
use crate::ecdsa::presignature::Presignature;
use crate::ecdsa::signature::VerifiedSignature;
use crate::error::{Code, EngineError};
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::secp256k1::{PointBytes, point_bytes};
use crate::share::KeyShare;

use part::Part;

const REQUEST_TAG: &str = "trefoil/v1/ecdsa/sign/request";
const DELTA_TAG: &str = "trefoil/v1/ecdsa/sign/delta";

/// A digest that the caller computed itself.
pub type SigningDigest = [u8; HASH_BYTES];

/// Everybody's entropy.
type Entropies = PerParty<[u8; HASH_BYTES]>;

/// A presignature with the one request that it is for.
pub(crate) struct Task {
    presignature: Presignature,
    path: Path,
    digest: SigningDigest,
    derived: Derived,
}

impl Task {
    /// Takes the presignature, whether or not it fits.
    fn new(
        share: &KeyShare,
        presignature: Presignature,
        path: &Path,
        digest: &SigningDigest,
    ) -> Result<Self, EngineError> {
        let package = share.public_package();
        if (presignature.party, presignature.package_digest) != (share.party(), package.digest()) {
            return Err(EngineError::misuse("the presignature was made for another share"));
        }
        let reserved = presignature.asked.is_some_and(|asked| asked != request(path, digest, &presignature.place()));
        if reserved {
            return Err(EngineError::misuse("the presignature was asked for another path or digest"));
        }
        let derived = derive::ecdsa(package, path)?;
        Ok(Self { presignature, path: path.clone(), digest: *digest, derived })
    }

    fn party(&self) -> PartyId {
        self.presignature.party
    }

    /// The other signers, ascending.
    fn peers(&self) -> Vec<PartyId> {
        self.presignature.signers().filter(|signer| *signer != self.party()).collect()
    }

    /// The only other signer, which has to be this one.
    fn check_only_peer(&self, peer: PartyId) -> Result<(), EngineError> {
        if self.peers() == [peer] {
            Ok(())
        } else {
            Err(EngineError::misuse("the presignature is not for exactly these two signers"))
        }
    }

    /// An ask that was not made early has only the complete presignature's name.
    fn check_not_asked(&self) -> Result<(), EngineError> {
        match self.presignature.asked {
            Some(_) => Err(EngineError::misuse("the presignature is only for the request that it was asked for")),
            None => Ok(()),
        }
    }

    /// This party's opening; the same bytes again where it was sent before the presignature was complete.
    fn opening(&self) -> opening::Opening {
        let presignature =
            if self.presignature.asked.is_some() { self.presignature.place() } else { self.presignature.id() };
        let request = request(&self.path, &self.digest, &presignature);
        opening::Opening { presignature, request, entropy: self.presignature.parts.entropy }
    }

    /// What the only other signer calls the presignature: its place, if it asked before there was an id.
    fn name_in(&self, theirs: &opening::Opening) -> [u8; HASH_BYTES] {
        if theirs.presignature == self.presignature.place() {
            self.presignature.place()
        } else {
            self.presignature.id()
        }
    }

    /// Checks another signer's opening: the same presignature, the same request, the committed entropy.
    fn check_opening(
        &self,
        from: PartyId,
        round: u16,
        theirs: &opening::Opening,
        name: &[u8; HASH_BYTES],
    ) -> Result<(), EngineError> {
        if (theirs.presignature, theirs.request) != (*name, request(&self.path, &self.digest, name)) {
            return Err(EngineError::echo_mismatch(round));
        }
        self.check_entropy(from, round, &theirs.entropy)
    }

    fn check_entropy(&self, from: PartyId, round: u16, entropy: &[u8; HASH_BYTES]) -> Result<(), EngineError> {
        if self.presignature.is_committed(from, entropy) {
            Ok(())
        } else {
            Err(EngineError::failed_check(from, round, "the entropy is not the committed one"))
        }
    }

    /// Uses the presignature, and drops it. `others` is the entropy of every other signer, already checked.
    fn finish(self, mut entropies: Entropies, round: u16) -> Result<(Target, Part), EngineError> {
        let Self { presignature, digest, derived, .. } = &self;
        let parts = &presignature.parts;
        entropies.insert(self.party(), parts.entropy);
        let mut oracle =
            Oracle::new(DELTA_TAG).bytes(&point_bytes(&presignature.key)?).bytes(&point_bytes(&parts.point)?);
        oracle = absorb(oracle, &self.path, digest, &presignature.id()).bytes(&(entropies.len() as u64).to_be_bytes());
        for (signer, entropy) in entropies.iter() {
            oracle = oracle.number(signer.get()).bytes(entropy);
        }
        let delta = oracle.scalar();

        let point = parts.point + ProjectivePoint::mul_by_generator(&delta);
        let affine = point.to_affine();
        let x = <Scalar as Reduce<U256>>::reduce_bytes(&affine.x());
        if bool::from(point.is_identity()) || bool::from(x.is_zero()) {
            return Err(EngineError::failed_sum(Code::FailedCheck, &[], round, "the nonce of this request is void"));
        }
        let message = <Scalar as Reduce<U256>>::reduce_bytes(&(*digest).into());
        let v = parts.v + derived.tweak * parts.mask;
        let part = Part { u: parts.u + delta * parts.mask, w: message * parts.mask + x * v };
        let overflows = x.to_bytes() != affine.x();
        let recovery_id = affine.y_is_odd().unwrap_u8() | u8::from(overflows) << 1;
        let target = Target { x, recovery_id, digest: *digest, key: *derived.key(), peers: self.peers(), round };
        Ok((target, part))
    }
}

/// What is signed, in one hash, for the signers to compare. `name` is the presignature's id, or its place.
pub(crate) fn request(path: &Path, digest: &SigningDigest, name: &[u8; HASH_BYTES]) -> [u8; HASH_BYTES] {
    absorb(Oracle::new(REQUEST_TAG), path, digest, name).finish()
}

/// Path and digest and the presignature's name.
fn absorb(oracle: Oracle, path: &Path, digest: &SigningDigest, name: &[u8; HASH_BYTES]) -> Oracle {
    let indices = path.indices();
    let oracle = oracle.bytes(&(indices.len() as u64).to_be_bytes());
    let oracle = indices.iter().fold(oracle, |oracle, index| oracle.bytes(&index.to_be_bytes()));
    oracle.bytes(digest).bytes(name)
}

/// What the signature has to be; nothing in it is secret.
pub(crate) struct Target {
    x: Scalar,
    recovery_id: u8,
    digest: SigningDigest,
    key: PointBytes,
    peers: Vec<PartyId>,
    round: u16,
}

impl Target {
    /// Adds up the parts of all signers and verifies what comes out.
    fn combine(&self, parts: &[&Part]) -> Result<VerifiedSignature, EngineError> {
        let refused = |detail| EngineError::failed_sum(Code::BadShare, &self.peers, self.round, detail);
        let u: Scalar = parts.iter().map(|part| part.u).sum();
        let w: Scalar = parts.iter().map(|part| part.w).sum();
        let inverse: Option<Scalar> = u.invert().into();
        let s = w * inverse.ok_or_else(|| refused("the denominator of the signature is zero"))?;
        if bool::from(s.is_zero()) {
            return Err(refused("s is zero"));
        }
        let is_high = s.is_high();
        let s = Scalar::conditional_select(&s, &-s, is_high);
        let bytes = [self.x.to_bytes(), s.to_bytes()].concat();
        VerifiedSignature::verify(&bytes, self.recovery_id ^ is_high.unwrap_u8(), &self.digest, &self.key)
            .map_err(|_| refused("the signature does not verify under the derived key"))
    }
}

#[cfg(test)]
mod tests;
