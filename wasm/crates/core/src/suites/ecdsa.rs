//! The secp256k1 key for ECDSA. FROST makes, refreshes and repairs it; it never signs with FROST.

use crate::codec::SuiteTag;
use crate::suites::Suite;

/// secp256k1 for ECDSA.
pub enum Ecdsa {}

impl Suite for Ecdsa {
    type Frost = frost_secp256k1::Secp256K1Sha256;
    const TAG: SuiteTag = SuiteTag::Ecdsa;
    const POINT_BYTES: usize = 33;
    const PROOF_BYTES: usize = 65;
}
