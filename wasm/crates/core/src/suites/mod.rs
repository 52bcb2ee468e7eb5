//! The schemes: each one names its frost ciphersuite and its sizes, and nothing of a protocol. How those that sign with
//! FROST do it stands in [`crate::frost`], and the ECDSA key signs in [`crate::ecdsa`].

mod ecdsa;
mod ed25519;
mod taproot;

use frost_core::Ciphersuite;

use crate::codec::SuiteTag;
use crate::secp256k1;

pub use ecdsa::Ecdsa;
pub use ed25519::Ed25519;
pub use taproot::Taproot;

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

/// Bytes of a scalar in all suites.
pub const SCALAR_BYTES: usize = 32;

/// Whether a point's bytes have the form in which this engine writes points: those of secp256k1 could have another.
pub(crate) fn has_own_form<S: Suite>(point: &[u8]) -> bool {
    S::POINT_BYTES != secp256k1::POINT_BYTES || secp256k1::is_compressed(point)
}
