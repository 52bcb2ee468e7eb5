//! The secp256k1 key for BIP340. What the ceremony makes is the BIP341 internal key with its real parity; signatures
//! are under the output key Q = lift_x(P) + H_TapTweak(x(P))·G, the key path with an empty tree. The tweak is applied
//! here, once per signature, and nowhere else.

use std::collections::BTreeMap;

use frost_core::keys::{KeyPackage, PublicKeyPackage};
use frost_core::round1::SigningNonces;
use frost_core::round2::SignatureShare;
use frost_core::{Error, Identifier, Signature, SigningPackage, VerifyingKey};
use frost_secp256k1_tr::keys::Tweak;
use frost_secp256k1_tr::{Secp256K1Sha256TR, aggregate_with_tweak, round2::sign_with_tweak};

use crate::codec::SuiteTag;
use crate::share::KeyShare;
use crate::suites::{SigningSuite, Suite};

/// No script tree.
const EMPTY_TREE: Option<&[u8]> = None;

/// Bytes of a BIP341 signature hash.
const SIGHASH_BYTES: usize = 32;

/// secp256k1 for BIP340.
pub enum Taproot {}

impl Suite for Taproot {
    type Frost = Secp256K1Sha256TR;
    const TAG: SuiteTag = SuiteTag::Taproot;
    const POINT_BYTES: usize = 33;
    const PROOF_BYTES: usize = 64;
}

impl SigningSuite for Taproot {
    fn accepts(message_bytes: usize) -> bool {
        message_bytes == SIGHASH_BYTES
    }

    fn key(share: &KeyShare) -> &KeyPackage<Self::Frost> {
        &share.keys().taproot
    }

    fn public(share: &KeyShare) -> &PublicKeyPackage<Self::Frost> {
        &share.public_package().keys().taproot
    }

    fn sign(
        package: &SigningPackage<Self::Frost>,
        nonces: &SigningNonces<Self::Frost>,
        key: &KeyPackage<Self::Frost>,
    ) -> Result<SignatureShare<Self::Frost>, Error<Self::Frost>> {
        sign_with_tweak(package, nonces, key, EMPTY_TREE)
    }

    fn aggregate(
        package: &SigningPackage<Self::Frost>,
        shares: &BTreeMap<Identifier<Self::Frost>, SignatureShare<Self::Frost>>,
        public: &PublicKeyPackage<Self::Frost>,
    ) -> Result<Signature<Self::Frost>, Error<Self::Frost>> {
        aggregate_with_tweak(package, shares, public, EMPTY_TREE)
    }

    fn output_key(public: &PublicKeyPackage<Self::Frost>) -> VerifyingKey<Self::Frost> {
        *public.clone().tweak(EMPTY_TREE).verifying_key()
    }
}
