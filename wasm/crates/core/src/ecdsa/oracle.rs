//! Random oracles: SHA-256 under a tag of its own for each use (the tagged hash of BIP340, whose tag fills one whole
//! block). Every field that goes in has a fixed size, or the caller puts its length first.

use k256::elliptic_curve::bigint::Word;
use k256::elliptic_curve::ops::Reduce;
use k256::{Scalar, U256};
use sha2::{Digest, Sha256};

use crate::ecdsa::HASH_BYTES;

/// A hash that takes in fields.
#[derive(Clone)]
pub(crate) struct Oracle(Sha256);

impl Oracle {
    /// An oracle that differs from those of all other tags.
    pub(crate) fn new(tag: &'static str) -> Self {
        let tag = Sha256::digest(tag);
        Self(Sha256::new_with_prefix(tag).chain_update(tag))
    }

    /// Takes in bytes.
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    /// Takes in a number of two bytes.
    pub(crate) fn number(self, number: u16) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// The answer.
    pub(crate) fn finish(self) -> [u8; HASH_BYTES] {
        self.0.finalize().into()
    }

    /// The answer as a scalar. The order of the group is so close to 2^256 that the bias is below 2^-127.
    pub(crate) fn scalar(self) -> Scalar {
        <Scalar as Reduce<U256>>::reduce(number(&self.finish()))
    }
}

/// A big-endian number, word by word: most of what the engine hashes becomes a scalar, and the library reads byte by byte.
fn number(bytes: &[u8; HASH_BYTES]) -> U256 {
    let mut words = [0; U256::LIMBS];
    for (word, bytes) in words.iter_mut().rev().zip(bytes.chunks_exact(size_of::<Word>())) {
        *word = bytes.first_chunk().map_or(0, |bytes| Word::from_be_bytes(*bytes));
    }
    U256::from_words(words)
}
