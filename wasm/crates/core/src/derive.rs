//! BIP32 child keys without hardening (`CKDpub`), for the ECDSA key and the BIP340 internal key, out of a public package: every
//! party computes them alone, and a child's secret is the master's plus a public tweak.
//!
//! The BIP340 internal key is derived with its real parity; the TapTweak comes after, once for each output.
//!
//! Must never: derive a hardened child, which would need the master secret in one place, or export the secret of a child: with
//! the chain code it is the master secret.

use frost_core::Ciphersuite;
use frost_core::keys::{KeyPackage, PublicKeyPackage};
use hmac::{Hmac, Mac};
use k256::elliptic_curve::group::Group;
use k256::elliptic_curve::ops::MulByGenerator;
use k256::{ProjectivePoint, Scalar};
use sha2::Sha512;

use crate::error::EngineError;
use crate::public_package::{HASH_BYTES, PublicPackage, key_bytes};
use crate::secp256k1::{PointBytes, SCALAR_BYTES, point_bytes, read_point, read_scalar};
use crate::suites::{Ecdsa, Taproot};

/// Most levels below the master key: BIP44 has five, and each one costs a multiplication before anything is known of the request.
pub const MAX_DEPTH: usize = 8;

/// From here on an index means a hardened child.
const HARDENED: u32 = 1 << 31;

/// A path below the master key. Empty, it is the master key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(Vec<u32>);

impl Path {
    /// A path of at most [`MAX_DEPTH`] indices below 2^31.
    pub fn new(indices: &[u32]) -> Result<Self, EngineError> {
        if indices.len() > MAX_DEPTH {
            return Err(EngineError::misuse("a path has at most 8 levels"));
        }
        if indices.iter().any(|index| *index >= HARDENED) {
            return Err(EngineError::misuse("there is no hardened derivation"));
        }
        Ok(Self(indices.to_vec()))
    }

    /// Whether it is the master key's.
    pub fn is_master(&self) -> bool {
        self.0.is_empty()
    }

    /// The indices from the master key down.
    pub fn indices(&self) -> &[u32] {
        &self.0
    }
}

/// A child key.
#[derive(Clone)]
pub struct Derived {
    pub(crate) tweak: Scalar,
    pub(crate) point: ProjectivePoint,
    key: PointBytes,
    chain_code: [u8; HASH_BYTES],
}

impl Derived {
    /// The child key, compressed SEC1.
    pub const fn key(&self) -> &PointBytes {
        &self.key
    }

    /// The child's chain code: with the key it is what an extended public key says.
    pub const fn chain_code(&self) -> &[u8; HASH_BYTES] {
        &self.chain_code
    }

    /// The child's secret minus the master's, big-endian. Public to whoever knows the chain code.
    pub fn tweak(&self) -> [u8; SCALAR_BYTES] {
        self.tweak.to_bytes().into()
    }
}

/// One child key as its signer needs it. The secret is wiped when dropped.
#[derive(Clone)]
pub struct Child<C: Ciphersuite> {
    /// This party's part of the key that verifiers see.
    pub output_share: KeyPackage<C>,
    /// The public side.
    pub public: PublicKeyPackage<C>,
}

/// A child of the ECDSA key.
pub fn ecdsa(package: &PublicPackage, path: &Path) -> Result<Derived, EngineError> {
    derive(&key_bytes::<Ecdsa>(&package.keys().ecdsa)?, package.chain_codes().ecdsa, path)
}

/// A child of the BIP340 internal key, with its real parity and before the TapTweak.
pub fn taproot(package: &PublicPackage, path: &Path) -> Result<Derived, EngineError> {
    derive(&key_bytes::<Taproot>(&package.keys().taproot)?, package.chain_codes().taproot, path)
}

/// The key at a path below any extended public key.
pub fn derive(key: &[u8], chain_code: [u8; HASH_BYTES], path: &Path) -> Result<Derived, EngineError> {
    let point = read_point(key, "key").map_err(|_| EngineError::misuse("the parent key is not a point"))?;
    let master = Derived { tweak: Scalar::ZERO, point, key: point_bytes(&point)?, chain_code };
    path.0.iter().try_fold(master, child)
}

/// BIP32 `CKDpub`. An index without a child has a chance below 2^-127.
fn child(parent: Derived, index: &u32) -> Result<Derived, EngineError> {
    let none = |_| EngineError::misuse("there is no child at this index");
    let mut hash = Hmac::<Sha512>::new_from_slice(&parent.chain_code)
        .map_err(|_| EngineError::misuse("the chain code is no key of the hash"))?;
    hash.update(&parent.key);
    hash.update(&index.to_be_bytes());
    let hash: [u8; 2 * HASH_BYTES] = hash.finalize().into_bytes().into();
    let (left, right) = hash.split_at(SCALAR_BYTES);
    let step = read_scalar(left, "index").map_err(none)?;
    let point = parent.point + ProjectivePoint::mul_by_generator(&step);
    if bool::from(point.is_identity()) {
        return Err(EngineError::misuse("there is no child at this index"));
    }
    let chain_code = right.try_into().map_err(|_| EngineError::misuse("half of the hash is a chain code"))?;
    Ok(Derived { tweak: parent.tweak + step, point, key: point_bytes(&point)?, chain_code })
}
