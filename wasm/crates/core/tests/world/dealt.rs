//! Shares of chosen keys, for vectors only: the engine itself has no dealer.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use frost_core::keys::{IdentifierList, SigningShare, VerifyingShare, split};
use frost_core::{Ciphersuite, SigningKey};
use sha2::{Digest, Sha256};
use trefoil_core::public_package;
use trefoil_core::share::{self, KeyShare};

use super::rng;

/// One key, dealt 2-of-3 to the parties 1, 2 and 3.
pub struct Dealt {
    pub key: Vec<u8>,
    pub shares: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Deals a secret key.
pub fn deal<C: Ciphersuite>(secret: &[u8]) -> Dealt {
    let key = SigningKey::<C>::deserialize(secret).unwrap();
    let (secrets, public) = split(&key, 3, 2, IdentifierList::Default, &mut rng(1)).unwrap();
    let shares = secrets.values().map(|secret| scalar_and_point::<C>(&secret.signing_share().serialize())).collect();
    Dealt { key: public.verifying_key().serialize().unwrap(), shares }
}

/// Deals shares that a vector gives.
pub fn given<C: Ciphersuite>(key: &[u8], shares: &[Vec<u8>]) -> Dealt {
    Dealt { key: key.to_vec(), shares: shares.iter().map(|share| scalar_and_point::<C>(share)).collect() }
}

fn scalar_and_point<C: Ciphersuite>(scalar: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let share = SigningShare::<C>::deserialize(scalar).unwrap();
    (scalar.to_vec(), VerifyingShare::<C>::from(share).serialize().unwrap())
}

/// The shares of a wallet with these keys, through the encodings.
pub fn wallet(ecdsa: &Dealt, taproot: &Dealt, ed25519: &Dealt) -> BTreeMap<u16, KeyShare> {
    let mut writer = public_package::layout(3).writer().put([0, 2, 0, 3, 0, 1, 0, 2, 0, 3]);
    writer = writer.put(&ecdsa.key).put(&taproot.key).put(&ed25519.key).put([8; 32]).put([9; 32]);
    for dealt in [ecdsa, taproot, ed25519] {
        for (_, point) in &dealt.shares {
            writer = writer.put(point);
        }
    }
    let package = writer.finish().unwrap();
    (1..=3_u16)
        .map(|party| {
            let index = usize::from(party) - 1;
            let encoded = share::layout()
                .writer()
                .put(party.to_be_bytes())
                .put(Sha256::digest(&package))
                .put(&ecdsa.shares[index].0)
                .put(&taproot.shares[index].0)
                .put(&ed25519.shares[index].0)
                .finish()
                .unwrap();
            (party, KeyShare::decode(&encoded, &package).unwrap())
        })
        .collect()
}
