//! A signer that follows the protocol with another part of the key than its own. Nobody outside can play it: a share that
//! validates has the right part.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use k256::Scalar;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use super::{Presign, round3};
use crate::error::{Blame, Code};
use crate::keygen::Keygen;
use crate::machine::{Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::roster::Roster;
use crate::share::KeyShare;

/// Delivers everything until nobody says anything more.
fn deliver<M: Machine>(runs: &mut [(PartyId, M)]) {
    let mut sent: Vec<(PartyId, Outgoing)> = Vec::new();
    for (party, run) in runs.iter_mut() {
        sent.extend(run.start().into_iter().map(|message| (*party, message)));
    }
    while !sent.is_empty() {
        let mut next = Vec::new();
        for (from, message) in sent {
            for (party, run) in runs.iter_mut() {
                if *party != from && (message.to == Recipient::All || message.to == Recipient::One(*party)) {
                    let answers = run.receive(from, message.round, &message.payload);
                    next.extend(answers.into_iter().map(|answer| (*party, answer)));
                }
            }
        }
        sent = next;
    }
}

/// The shares of a wallet that needs all of its parties.
pub(crate) fn shares(count: u16) -> Vec<KeyShare> {
    let mut rng = ChaCha20Rng::seed_from_u64(u64::from(count));
    let parties: Vec<PartyId> = (1..=count).map(|id| PartyId::new(id).unwrap()).collect();
    let mut ceremony: Vec<(PartyId, Keygen)> = parties
        .iter()
        .map(|party| {
            let roster = Roster::new(parties.clone(), count).unwrap();
            (*party, Keygen::new(*party, roster, [1; 32], &mut rng).unwrap())
        })
        .collect();
    deliver(&mut ceremony);
    let share = |mut run: Keygen| match run.outcome() {
        Outcome::Done(share) => share,
        _ => panic!("no share"),
    };
    ceremony.into_iter().map(|(_, run)| share(run)).collect()
}

#[test]
fn another_part_of_the_key_is_found() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    for count in [2_u16, 3] {
        let mut runs = Vec::new();
        let shares = shares(count);
        let parties: Vec<PartyId> = shares.iter().map(KeyShare::party).collect();
        for share in shares {
            let party = share.party();
            let mut presign = Presign::new(&share, &parties, 1, [2; 32], &mut rng).unwrap();
            if party == parties[1] {
                *presign.terms.key_part += Scalar::ONE;
            }
            runs.push((party, presign));
        }
        deliver(&mut runs);
        let Outcome::Aborted(error) = runs[0].1.outcome() else { panic!("a batch was made") };
        assert_eq!((error.code(), error.blame()), (Code::FailedCheck, Blame::Peer));
        assert_eq!(error.round(), Some(round3::ROUND));
        // Among three nobody can tell which of the others it was.
        let culprits: &[PartyId] = if count == 2 { &parties[1..] } else { &[] };
        assert_eq!(error.culprits(), culprits);
    }
}
