//! Threshold ECDSA as everybody else sees it: every signer set, batch size and path gives what an independent verifier accepts.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::BTreeSet;

use k256::ecdsa::signature::hazmat::PrehashVerifier;
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use trefoil_core::derive::{self, MAX_DEPTH, Path};
use trefoil_core::ecdsa::presign::{Presign, round1, round2, round3};
use trefoil_core::ecdsa::sign::{opening, part, respond};
use trefoil_core::ecdsa::signature::VerifiedSignature;
use trefoil_core::error::{Code, EngineError};
use trefoil_core::machine::Machine;
use world::batch::{Shares, batch, path, presign_session, sign_jointly, sign_two};
use world::{parties, party, rng, shares};

/// Verifies as a stranger would, with nothing but the derived key.
fn check(shares: &Shares, at: &Path, digest: &[u8; 32], signature: VerifiedSignature) {
    let package = shares.values().next().unwrap().public_package();
    let key = VerifyingKey::from_sec1_bytes(derive::ecdsa(package, at).unwrap().key()).unwrap();
    let parsed = Signature::from_slice(&signature.to_bytes()).unwrap();
    key.verify_prehash(digest, &parsed).unwrap();
    assert!(parsed.normalize_s().is_none(), "s is high");
    let recovery = RecoveryId::from_byte(signature.recovery_id()).unwrap();
    assert_eq!(VerifyingKey::recover_from_prehash(digest, &parsed, recovery).unwrap(), key);
}

#[test]
fn every_pair_of_two_of_three() {
    let shares = shares(&[1, 2, 3], 2, 1);
    let (mut parities, mut seed) = (BTreeSet::new(), 10);
    for (initiator, responder) in [(1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2)] {
        for presignatures in batch(&shares, &[initiator, responder], 3, seed) {
            seed += 1;
            let digest = [seed.to_le_bytes()[0]; 32];
            let at = path(&[u32::from(initiator), 0, seed as u32]);
            let signature = sign_two(&shares, presignatures, initiator, &at, &digest).unwrap();
            check(&shares, &at, &digest, signature);
            parities.insert(signature.recovery_id());
        }
    }
    assert_eq!(parities.into_iter().collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn every_batch_size() {
    let shares = shares(&[1, 2, 3], 2, 2);
    let mut ids = BTreeSet::new();
    for count in 1..=8 {
        for (index, presignatures) in batch(&shares, &[1, 3], count, 100 + u64::from(count)).into_iter().enumerate() {
            assert_eq!(presignatures[&1].id(), presignatures[&3].id());
            assert_eq!(presignatures[&1].signers().collect::<Vec<_>>(), parties(&[1, 3]));
            assert!(ids.insert(presignatures[&1].id()), "an id came twice");
            let at = path(&[44, 60, 0, 0, index as u32][..index.min(5)]);
            let digest = [count as u8; 32];
            check(&shares, &at, &digest, sign_two(&shares, presignatures, 1, &at, &digest).unwrap());
        }
    }
}

#[test]
fn three_of_five_and_other_quorums() {
    for (ids, threshold, sets) in [
        (&[1_u16, 2, 3, 4, 5][..], 3, vec![vec![1_u16, 2, 3], vec![5, 3, 1], vec![2, 4, 5]]),
        (&[2, 9, 300, 65535][..], 4, vec![vec![2, 9, 300, 65535]]),
        (&[7, 8][..], 2, vec![vec![7, 8]]),
    ] {
        let shares = shares(ids, threshold, 3);
        for (seed, set) in (0..).zip(sets) {
            for presignatures in batch(&shares, &set, 2, 200 + seed) {
                let at = path(&[1, 2]);
                let digest = [0xee; 32];
                check(&shares, &at, &digest, sign_jointly(&shares, presignatures, &at, &digest).unwrap());
            }
        }
    }
}

/// Digests at the borders: zero, the order of the group and above it.
#[test]
fn digests_of_any_value() {
    let shares = shares(&[1, 2, 3], 2, 4);
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    let digests = [[0; 32], [0xff; 32], hex::decode(order).unwrap().try_into().unwrap()];
    for (presignatures, digest) in batch(&shares, &[2, 3], 3, 5).into_iter().zip(digests) {
        check(&shares, &path(&[]), &digest, sign_two(&shares, presignatures, 2, &path(&[]), &digest).unwrap());
    }
}

/// With two signers a batch is two round trips: the initiator speaks, the responder, the initiator, the responder.
#[test]
fn two_signers_need_two_round_trips() {
    let shares = shares(&[1, 2, 3], 2, 6);
    let mut session = presign_session(&shares, &[1, 2], 1, [1; 32], 7);
    let mut flights = Vec::new();
    let opened = session.runs.get_mut(&party(1)).unwrap().start();
    let mut flight = session.addressed(party(1), opened);
    // The responder starts when the first message arrives.
    let answered = session.runs.get_mut(&party(2)).unwrap().start();
    let mut early = session.addressed(party(2), answered);
    while !flight.is_empty() {
        flights.push((flight[0].from, flight.iter().map(|sent| sent.round).collect::<Vec<_>>()));
        let mut next = core::mem::take(&mut early);
        for sent in &flight {
            next.extend(session.deliver(sent));
        }
        flight = next;
    }
    let expected = [(1, vec![1]), (2, vec![1, 2]), (1, vec![2, 3]), (2, vec![3])];
    assert_eq!(flights, expected.map(|(from, rounds)| (party(from), rounds)));
    assert!(session.runs.values_mut().all(|run| matches!(run.outcome(), trefoil_core::machine::Outcome::Done(_))));
}

#[test]
fn bytes_of_a_signature() {
    let batch: usize = [round1::layout(32), round2::layout(32), round3::layout(32)].iter().map(|all| all.bytes()).sum();
    let online = opening::layout().bytes() + respond::layout().bytes();
    let each = 2 * batch / 32 + online;
    println!("bytes of a signature in a batch of 32, both ways: {each}");
    assert!(each < 170_000);
    assert!(round3::layout(32).bytes() < 2_000_000);
    assert_eq!(part::layout().bytes(), 67);
}

#[test]
fn terms_that_do_not_hold_are_refused() {
    let shares = shares(&[1, 2, 3], 2, 8);
    let refused = |signers: &[u16], count| -> Option<EngineError> {
        Presign::new(&shares[&party(1)], &parties(signers), count, [0; 32], &mut rng(1)).err()
    };
    assert!(refused(&[1, 2], 32).is_none());
    for (signers, count) in
        [(&[1, 2][..], 0), (&[1, 2], 33), (&[1, 2], u16::MAX), (&[1], 1), (&[1, 1], 1), (&[2, 3], 1), (&[1, 9], 1)]
    {
        assert_eq!(refused(signers, count).unwrap().code(), Code::Misuse, "{signers:?} {count}");
    }
    assert_eq!(refused(&[1, 2, 3], 1).unwrap().code(), Code::Misuse);
    assert!(Path::new(&[0; MAX_DEPTH]).is_ok());
    assert!(Path::new(&[0; MAX_DEPTH + 1]).is_err());
    assert!(Path::new(&[1 << 31]).is_err());
}
