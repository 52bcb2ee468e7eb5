//! What a suite has to say to sign with FROST (RFC 9591).

use std::collections::BTreeMap;

use frost_core::keys::{KeyPackage, PublicKeyPackage};
use frost_core::round1::SigningNonces;
use frost_core::round2::SignatureShare;
use frost_core::{Error, Identifier, Signature, SigningPackage, VerifyingKey};

use crate::derive::{Child, Path};
use crate::error::EngineError;
use crate::share::KeyShare;
use crate::suites::Suite;

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
