//! The Ed25519 key, which signs with FROST.

use crate::codec::SuiteTag;
use crate::suites::Suite;

/// Ed25519.
pub enum Ed25519 {}

impl Suite for Ed25519 {
    type Frost = frost_ed25519::Ed25519Sha512;
    const TAG: SuiteTag = SuiteTag::Ed25519;
    const POINT_BYTES: usize = 32;
    const PROOF_BYTES: usize = 64;
}
