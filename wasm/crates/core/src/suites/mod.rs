//! The schemes. Each one names its frost ciphersuite and its sizes; those that sign with FROST also say how.

mod ecdsa;

use std::collections::BTreeMap;

use frost_core::keys::{KeyPackage, PublicKeyPackage};
use frost_core::round1::SigningNonces;
use frost_core::round2::SignatureShare;
use frost_core::{Ciphersuite, Error, Identifier, Signature, SigningPackage, VerifyingKey};

use crate::codec::SuiteTag;
use crate::derive::Path;
use crate::error::EngineError;
use crate::secp256k1;
use crate::share::KeyShare;

pub use crate::frost::ed25519::Ed25519;
pub use crate::frost::taproot::Taproot;
pub use ecdsa::Ecdsa;

/// One value for each master key, in the order of every encoding.
#[derive(Clone)]
pub struct PerKey<E, T, D> {
    /// Of the ECDSA key.
    pub ecdsa: E,
    /// Of the BIP340 key.
    pub taproot: T,
    /// Of the Ed25519 key.
    pub ed25519: D,
}

/// A key that the ceremony makes.
pub trait Suite: 'static {
    /// The frost ciphersuite.
    type Frost: Ciphersuite;
    /// Third byte of its encodings.
    const TAG: SuiteTag;
    /// Bytes of a point.
    const POINT_BYTES: usize;
    /// Bytes of a proof of knowledge, which is a Schnorr signature of the suite.
    const PROOF_BYTES: usize;
}

/// One child key as its signer needs it. The secret is wiped when dropped.
#[derive(Clone)]
pub struct Child<C: Ciphersuite> {
    /// This party's part of the key that verifiers see.
    pub output_share: KeyPackage<C>,
    /// The public side.
    pub public: PublicKeyPackage<C>,
}

/// Bytes of a scalar in all suites.
pub const SCALAR_BYTES: usize = 32;

/// Whether a point's bytes have the form in which this engine writes points: those of secp256k1 could have another.
pub(crate) fn has_own_form<S: Suite>(point: &[u8]) -> bool {
    S::POINT_BYTES != secp256k1::POINT_BYTES || secp256k1::is_compressed(point)
}

/// A suite that signs with FROST (RFC 9591).
pub trait SigningSuite: Suite {
    /// Whether this suite signs messages of this many bytes.
    fn accepts(message_bytes: usize) -> bool;

    /// Whether the suite's key has a child there.
    fn has_child(path: &Path) -> bool;

    /// This party's master key of the suite.
    fn key(share: &KeyShare) -> &KeyPackage<Self::Frost>;

    /// This party's part of the key that verifiers see for a child, and the child's public side before any tweak.
    fn child(share: &KeyShare, path: &Path) -> Result<Child<Self::Frost>, EngineError>;

    /// RFC 9591 `sign` with this party's output share.
    fn sign(
        package: &SigningPackage<Self::Frost>,
        nonces: &SigningNonces<Self::Frost>,
        output_share: &KeyPackage<Self::Frost>,
    ) -> Result<SignatureShare<Self::Frost>, Error<Self::Frost>>;

    /// RFC 9591 `aggregate`, under the key that verifiers see. Names the culprit of a share that does not verify.
    fn aggregate(
        package: &SigningPackage<Self::Frost>,
        shares: &BTreeMap<Identifier<Self::Frost>, SignatureShare<Self::Frost>>,
        public: &PublicKeyPackage<Self::Frost>,
    ) -> Result<Signature<Self::Frost>, Error<Self::Frost>>;

    /// The key that verifiers see.
    fn output_key(public: &PublicKeyPackage<Self::Frost>) -> VerifyingKey<Self::Frost>;
}
