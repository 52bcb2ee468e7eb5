//! How Ed25519 signs. Signatures are RFC 8032's; the group equation is checked without the cofactor, which is the
//! stricter of the two readings that RFC 8032 allows.

use std::collections::BTreeMap;

use frost_core::keys::{KeyPackage, PublicKeyPackage};
use frost_core::round1::SigningNonces;
use frost_core::round2::SignatureShare;
use frost_core::{Error, Identifier, Signature, SigningPackage, VerifyingKey};
use frost_ed25519::{aggregate, round2::sign};

use crate::derive::{Child, Path};
use crate::error::EngineError;
use crate::frost::suite::SigningSuite;
use crate::share::KeyShare;
use crate::suites::Ed25519;

/// Largest message: 50 times the largest Solana transaction, and a bound on what one call may hash.
const MAX_MESSAGE_BYTES: usize = 65_536;

impl SigningSuite for Ed25519 {
    fn accepts(message_bytes: usize) -> bool {
        message_bytes <= MAX_MESSAGE_BYTES
    }

    /// There is no standard way to derive without hardening.
    fn has_child(path: &Path) -> bool {
        path.is_master()
    }

    fn key(share: &KeyShare) -> &KeyPackage<Self::Frost> {
        &share.keys().ed25519
    }

    fn child(share: &KeyShare, _: &Path) -> Result<Child<Self::Frost>, EngineError> {
        let public = share.public_package().keys().ed25519.clone();
        Ok(Child { output_share: Self::key(share).clone(), public })
    }

    fn sign(
        package: &SigningPackage<Self::Frost>,
        nonces: &SigningNonces<Self::Frost>,
        output_share: &KeyPackage<Self::Frost>,
    ) -> Result<SignatureShare<Self::Frost>, Error<Self::Frost>> {
        sign(package, nonces, output_share)
    }

    fn aggregate(
        package: &SigningPackage<Self::Frost>,
        shares: &BTreeMap<Identifier<Self::Frost>, SignatureShare<Self::Frost>>,
        public: &PublicKeyPackage<Self::Frost>,
    ) -> Result<Signature<Self::Frost>, Error<Self::Frost>> {
        aggregate(package, shares, public)
    }

    fn output_key(public: &PublicKeyPackage<Self::Frost>) -> VerifyingKey<Self::Frost> {
        *public.verifying_key()
    }
}
