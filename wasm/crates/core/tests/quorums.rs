//! Every threshold, every roster up to five parties and every pair of signers; rosters with gaps and with the largest
//! identifiers.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use trefoil_core::suites::{Ed25519, Taproot};
use world::{shares, sign};

#[test]
fn all_parties_of_every_quorum_agree() {
    for size in 2..=5_u16 {
        let ids: Vec<u16> = (1..=size).collect();
        for threshold in 2..=size {
            let shares = shares(&ids, threshold, u64::from(size * 100 + threshold));
            let packages: Vec<&[u8]> = shares.values().map(|share| share.public_package().encoded()).collect();
            assert!(packages.windows(2).all(|pair| pair[0] == pair[1]), "{threshold} of {size}");
        }
    }
}

#[test]
fn every_pair_signs_in_both_roles_and_suites() {
    for ids in [vec![1, 2], vec![1, 2, 3], vec![2, 5, 7, 11], vec![1, 40_000, 65_535]] {
        let shares = shares(&ids, 2, 7);
        let mut signed = 0;
        for initiator in shares.values() {
            for responder in shares.values().filter(|share| share.party() != initiator.party()) {
                sign::<Taproot>(initiator, responder, &[3; 32], signed).unwrap();
                sign::<Ed25519>(initiator, responder, b"message", signed).unwrap();
                signed += 1;
            }
        }
        assert_eq!(signed as usize, ids.len() * (ids.len() - 1));
    }
}
