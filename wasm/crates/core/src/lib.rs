//! The threshold engine of Trefoil: dealerless key generation, two-party FROST signing and threshold ECDSA.
//!
//! Every protocol is a sans-IO [`machine::Machine`]: it is fed messages, hands out messages and ends in a result or a
//! typed error. There is no clock, no network and no storage here; randomness comes in as an argument.
//!
//! Must never: reconstruct a key, deal a key from one place, write a nonce, or use one nonce twice.
//!
//! The tree is the protocol: [`keygen`] has a file per round, [`frost`] a file per role, [`ecdsa`] a file per
//! building block of DKLs23, [`suites`] a file per scheme; [`derive`](mod@derive) has the children of both secp256k1 keys.
//! The three protocols share what stands beside them and do not know each other; no file imports itself through others.

#![forbid(unsafe_code)]

pub mod codec;
pub mod derive;
pub mod ecdsa;
pub mod error;
pub mod frost;
mod frost_failure;
#[cfg(test)]
mod fuzz;
pub mod keygen;
pub mod machine;
pub mod party;
mod per_party;
pub mod public_package;
pub mod roster;
mod run;
pub mod secp256k1;
pub mod share;
pub mod suites;
mod taproot_key;
