//! Points and scalars of secp256k1 as bytes: compressed SEC1 and 32 bytes big-endian, canonical, never the identity.

use k256::elliptic_curve::group::Group;
use k256::elliptic_curve::sec1::{FromEncodedPoint, ToEncodedPoint};
use k256::elliptic_curve::{BatchNormalize, PrimeField};
use k256::{AffinePoint, EncodedPoint, ProjectivePoint, Scalar};

use crate::error::{EngineError, Malformed};

/// Bytes of a compressed point.
pub const POINT_BYTES: usize = 33;

/// Bytes of a scalar.
pub const SCALAR_BYTES: usize = 32;

/// An encoded point.
pub(crate) type PointBytes = [u8; POINT_BYTES];

/// SEC1 with the parity of the ordinate. SEC1 knows one more form of 33 bytes, "compact", which the curve crate reads
/// too: one point would have two encodings.
pub(crate) const fn is_compressed(point: &[u8]) -> bool {
    matches!(point, [2 | 3, ..])
}

/// Reads a point of the curve that is not the identity.
pub(crate) fn read_point(bytes: &[u8], name: &'static str) -> Result<ProjectivePoint, Malformed> {
    if bytes.len() != POINT_BYTES || !is_compressed(bytes) {
        return Err(Malformed::Field(name));
    }
    let encoded = EncodedPoint::from_bytes(bytes).map_err(|_| Malformed::Field(name))?;
    let point: Option<AffinePoint> = AffinePoint::from_encoded_point(&encoded).into();
    point.map(ProjectivePoint::from).filter(|point| !bool::from(point.is_identity())).ok_or(Malformed::Field(name))
}

/// Reads a scalar below the order of the group. Zero is one.
pub(crate) fn read_scalar(bytes: &[u8], name: &'static str) -> Result<Scalar, Malformed> {
    let bytes: [u8; SCALAR_BYTES] = bytes.try_into().map_err(|_| Malformed::Field(name))?;
    Option::from(Scalar::from_repr(bytes.into())).ok_or(Malformed::Field(name))
}

/// A point as bytes. The identity has no such encoding.
pub(crate) fn point_bytes(point: &ProjectivePoint) -> Result<PointBytes, EngineError> {
    affine_bytes(&point.to_affine())
}

/// Many points as bytes, for the price of one inversion.
pub(crate) fn many_point_bytes(points: &[ProjectivePoint]) -> Result<Vec<PointBytes>, EngineError> {
    <ProjectivePoint as BatchNormalize<[ProjectivePoint]>>::batch_normalize(points).iter().map(affine_bytes).collect()
}

/// A point that has no denominator as bytes.
pub(crate) fn affine_bytes(point: &AffinePoint) -> Result<PointBytes, EngineError> {
    let encoded = point.to_encoded_point(true);
    encoded.as_bytes().try_into().map_err(|_| EngineError::misuse("a point of this party is the identity"))
}
