//! The secp256k1 key for BIP340, which signs with FROST.

use crate::codec::SuiteTag;
use crate::suites::Suite;

/// secp256k1 for BIP340.
pub enum Taproot {}

impl Suite for Taproot {
    type Frost = frost_secp256k1_tr::Secp256K1Sha256TR;
    const TAG: SuiteTag = SuiteTag::Taproot;
    const POINT_BYTES: usize = 33;
    const PROOF_BYTES: usize = 64;
}
