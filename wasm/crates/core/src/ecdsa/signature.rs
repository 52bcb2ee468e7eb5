//! An ECDSA signature that verifies. There is no other way to make the type, so nothing else can leave the engine.

use k256::ecdsa::{RecoveryId, Signature};
use k256::elliptic_curve::group::prime::PrimeCurveAffine;
use k256::elliptic_curve::ops::{Invert, LinearCombination, Reduce};
use k256::elliptic_curve::point::AffineCoordinates;
use k256::elliptic_curve::scalar::IsHigh;
use k256::{ProjectivePoint, Scalar, U256};

use crate::ecdsa::HASH_BYTES;
use crate::error::EngineError;
use crate::secp256k1::{POINT_BYTES, read_point};

/// Bytes of r and s.
pub const SIGNATURE_BYTES: usize = 64;

/// r, s and recovery id, s in the lower half, as chains want it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedSignature {
    bytes: [u8; SIGNATURE_BYTES],
    recovery_id: u8,
}

impl VerifiedSignature {
    /// Reads r and s as a verifier would (SEC1 section 4.1.4): R = z/s·G + r/s·Q must have the abscissa r. Its ordinate and whether
    /// its abscissa was reduced have to be what the recovery id says, so that the same R leads back to the key.
    pub fn verify(
        bytes: &[u8],
        recovery_id: u8,
        digest: &[u8; HASH_BYTES],
        key: &[u8; POINT_BYTES],
    ) -> Result<Self, EngineError> {
        let refused = || EngineError::misuse("the signature does not verify");
        let encoded = bytes.try_into().map_err(|_| refused())?;
        let (r, s) = Signature::from_slice(bytes).map_err(|_| refused())?.split_scalars();
        if bool::from(s.is_high()) {
            return Err(EngineError::misuse("s is in the upper half"));
        }
        let recovery = RecoveryId::from_byte(recovery_id).ok_or_else(refused)?;
        let key = read_point(key, "key").map_err(|_| refused())?;
        let inverse = *s.invert();
        let message = <Scalar as Reduce<U256>>::reduce_bytes(&(*digest).into());
        let generator = ProjectivePoint::GENERATOR;
        let point = ProjectivePoint::lincomb(&generator, &(message * inverse), &key, &(*r * inverse)).to_affine();
        let abscissa = <Scalar as Reduce<U256>>::reduce_bytes(&point.x());
        let is_reduced = abscissa.to_bytes() != point.x();
        if bool::from(point.is_identity())
            || abscissa != *r
            || recovery != RecoveryId::new(bool::from(point.y_is_odd()), is_reduced)
        {
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
