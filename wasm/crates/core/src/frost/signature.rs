//! A signature that verifies. There is no other way to make the type, so nothing else can leave the engine.

use frost_core::{Signature, VerifyingKey};

use crate::error::EngineError;
use crate::suites::Suite;

/// Bytes of a signature of either suite.
pub const SIGNATURE_BYTES: usize = 64;

/// 64 bytes that verify under the key that the world sees: BIP340 under the output key, or RFC 8032.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedSignature([u8; SIGNATURE_BYTES]);

impl VerifiedSignature {
    /// Reads the bytes as a verifier would and verifies them.
    pub fn verify<S: Suite>(bytes: &[u8], digest: &[u8], key: &VerifyingKey<S::Frost>) -> Result<Self, EngineError> {
        let refused = || EngineError::misuse("the signature does not verify");
        let encoded = bytes.try_into().map_err(|_| refused())?;
        let signature = Signature::<S::Frost>::deserialize(bytes).map_err(|_| refused())?;
        key.verify(digest, &signature).map_err(|_| refused())?;
        Ok(Self(encoded))
    }

    /// The bytes, as chains take them.
    pub const fn to_bytes(self) -> [u8; SIGNATURE_BYTES] {
        self.0
    }
}
