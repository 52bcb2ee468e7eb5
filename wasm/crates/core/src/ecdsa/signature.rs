//! An ECDSA signature that verifies. There is no other way to make the type, so nothing else can leave the engine.

use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};

use crate::ecdsa::{HASH_BYTES, POINT_BYTES};
use crate::error::EngineError;

/// Bytes of r and s.
pub const SIGNATURE_BYTES: usize = 64;

/// r, s and recovery id, s in the lower half, as chains want it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedSignature {
    bytes: [u8; SIGNATURE_BYTES],
    recovery_id: u8,
}

impl VerifiedSignature {
    /// Reads r and s as a verifier would, recovers the key, which verifies the signature, and compares it.
    pub fn verify(
        bytes: &[u8],
        recovery_id: u8,
        digest: &[u8; HASH_BYTES],
        key: &[u8; POINT_BYTES],
    ) -> Result<Self, EngineError> {
        let refused = || EngineError::misuse("the signature does not verify");
        let encoded = bytes.try_into().map_err(|_| refused())?;
        let signature = Signature::from_slice(bytes).map_err(|_| refused())?;
        if signature.normalize_s().is_some() {
            return Err(EngineError::misuse("s is in the upper half"));
        }
        let recovery = RecoveryId::from_byte(recovery_id).ok_or_else(refused)?;
        let expected = VerifyingKey::from_sec1_bytes(key).map_err(|_| refused())?;
        let recovered = VerifyingKey::recover_from_prehash(digest, &signature, recovery).map_err(|_| refused())?;
        if recovered != expected {
            return Err(refused());
        }
        Ok(Self { bytes: encoded, recovery_id })
    }

    /// r and s, 32 bytes each, big-endian.
    pub const fn to_bytes(self) -> [u8; SIGNATURE_BYTES] {
        self.bytes
    }

    /// 0 to 3: the parity of R's ordinate, and 2 where its abscissa is not below the order of the group.
    pub const fn recovery_id(self) -> u8 {
        self.recovery_id
    }
}
