//! Round 3: every party sends everyone the hash of all that must be equal for all: context, threshold, roster, every
//! round-1 message and the whole public package (group keys, verifying shares, chain codes). Frost's key generation
//! needs its round 1 on a broadcast channel and has no context string; this round supplies both.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::codec::{Layout, Object, SuiteTag};
use crate::error::{EngineError, Malformed};
use crate::per_party::PerParty;
use crate::public_package::{ChainCodes, HASH_BYTES, PublicKeys, PublicPackage, key_bytes};
use crate::roster::Roster;
use crate::suites::{Ecdsa, Suite, Taproot};

/// The number of this round.
pub const ROUND: u16 = 3;

/// Bytes that bind the session: a hash of its id and every identity key.
pub const CONTEXT_BYTES: usize = 32;

const ECHO_DST: &[u8] = b"trefoil/v1/keygen/echo";
const CHAIN_CODE_DST: &[u8] = b"trefoil/v1/keygen/chain-code";

/// The message of this round.
pub fn layout() -> Layout {
    Layout::new(Object::KeygenEcho, SuiteTag::All).field("hash", HASH_BYTES)
}

/// The bytes to broadcast.
pub(crate) fn encode(hash: &[u8; HASH_BYTES]) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    layout().writer().put(hash).finish()
}

/// Reads what another party broadcast.
pub(crate) fn decode(bytes: &[u8]) -> Result<[u8; HASH_BYTES], Malformed> {
    layout().reader(bytes)?.array()
}

/// The hash that all parties must have in common. Every part has a fixed size or is preceded by its length.
pub(crate) fn hash(
    context: &[u8; CONTEXT_BYTES],
    roster: &Roster,
    round1: &PerParty<Zeroizing<Vec<u8>>>,
    public: &PublicPackage,
) -> [u8; HASH_BYTES] {
    let mut hash = Sha256::new_with_prefix(ECHO_DST);
    hash.update(context);
    hash.update(roster.threshold().to_be_bytes());
    hash.update(roster.size().to_be_bytes());
    for (party, message) in round1.iter() {
        hash.update(party.get().to_be_bytes());
        hash.update((message.len() as u64).to_be_bytes());
        hash.update(message.as_slice());
    }
    hash.update(public.encoded());
    hash.finalize().into()
}

/// Chain codes for BIP32: nobody chooses them, and two sessions never share one.
pub(crate) fn chain_codes(context: &[u8; CONTEXT_BYTES], keys: &PublicKeys) -> Result<ChainCodes, EngineError> {
    Ok(ChainCodes {
        ecdsa: chain_code::<Ecdsa>(context, &key_bytes::<Ecdsa>(&keys.ecdsa)?),
        taproot: chain_code::<Taproot>(context, &key_bytes::<Taproot>(&keys.taproot)?),
    })
}

fn chain_code<S: Suite>(context: &[u8; CONTEXT_BYTES], key: &[u8]) -> [u8; HASH_BYTES] {
    let mut hash = Sha256::new_with_prefix(CHAIN_CODE_DST);
    hash.update([S::TAG as u8]);
    hash.update(context);
    hash.update(key);
    hash.finalize().into()
}
