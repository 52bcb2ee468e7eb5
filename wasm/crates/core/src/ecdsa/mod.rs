//! Threshold ECDSA on secp256k1: DKLs23 (eprint 2023/765) for any t of n signers, over the key that [`crate::keygen`]
//! makes, with presignatures that are re-randomised when they are used (eprint 2021/1330).
//!
//! No oblivious transfer outlives a batch: every batch of presignatures opens with fresh base OTs, a failed check
//! drops the whole batch, and key shares stay plain.
//!
//! | step | where | source |
//! |---|---|---|
//! | base OT | [`base_ot`] | eprint 2021/682: endemic OT with a programmable-once public function |
//! | hash to the curve | [`hash_to_curve`](mod@hash_to_curve) | RFC 9380 |
//! | OT extension | [`ot_extension`], over [`field128`] and [`transpose`] | eprint 2022/192, 2015/546 (corrected check) |
//! | vector multiplication | [`rvole`] | eprint 2023/765 section 5 |
//! | presigning | [`presign`] | eprint 2023/765 protocol 3.6 |
//! | signing | [`sign`] | eprint 2023/765 protocol 3.6, eprint 2021/1330 |
//! | derivation | [`crate::derive`] | BIP32 |
//!
//! Must never: use a presignature twice, keep a part of a batch whose check failed, branch or index on a secret, or
//! let a signature out that does not verify.

pub mod base_ot;
pub mod direction;
pub mod field128;
pub mod hash_to_curve;
pub(crate) mod oracle;
pub mod ot_extension;
pub mod presign;
pub mod presignature;
pub mod rvole;
pub mod sign;
pub mod signature;
pub mod transpose;

/// κ, the computational security parameter: so many base OTs open each batch.
pub const KAPPA: usize = 128;

/// ξ = 256 + 2·80, the choice bits of one multiplication: statistical security 80 even when some of them leak.
pub const XI: usize = 416;

/// Most presignatures of a batch: keeps a message below 2 MB and the memory of a batch below 50 MB.
pub const MAX_BATCH: u16 = 32;

/// Bytes of every hash, seed and session id.
pub const HASH_BYTES: usize = 32;

/// A check between two parties does not hold. The caller drops the batch; the sentence says which check it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedCheck(pub &'static str);
