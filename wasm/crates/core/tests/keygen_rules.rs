//! The rules that keep keys safe, one test for each that key generation can show.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::BTreeMap;

use trefoil_core::error::{Blame, Code};
use trefoil_core::keygen::Keygen;
use trefoil_core::machine::{Machine, Outcome};
use trefoil_core::roster::Roster;
use world::{CONTEXT, Prescribed, Sent, Session, keygen_session, parties, party, rng};

const IDS: [u16; 3] = [1, 2, 3];

/// A party that plays two honest runs with different polynomials, one towards each other party: every check but the
/// echo passes for everyone.
#[test]
fn echo_finds_the_party_that_told_two_stories() {
    let mut honest = keygen_session(&IDS, 2, CONTEXT, 1);
    honest.runs.remove(&party(2));
    let roster = || Roster::new(parties(&IDS), 2).unwrap();
    let mut stories: BTreeMap<u16, Keygen> =
        [1, 3].map(|to| (to, Keygen::new(party(2), roster(), CONTEXT, &mut rng(u64::from(to) + 50)).unwrap())).into();
    let mut messages: Vec<Sent> = honest.start();
    for (to, story) in &mut stories {
        messages.extend(told(*to, story.start()));
    }
    while !messages.is_empty() {
        let mut next = Vec::new();
        for sent in messages {
            if sent.to == party(2) {
                for (to, story) in &mut stories {
                    next.extend(told(*to, story.receive(sent.from, sent.round, &sent.payload)));
                }
            } else {
                next.extend(honest.deliver(&sent));
            }
        }
        messages = next;
    }
    for id in [1, 3] {
        let error = honest.abort_of(id).unwrap();
        assert_eq!((error.code(), error.blame(), error.round()), (Code::EchoMismatch, Blame::Peer, Some(3)));
        assert!(error.culprits().is_empty());
    }
}

/// What party 2 says to one of the others in the story meant for it.
fn told(to: u16, messages: Vec<trefoil_core::machine::Outgoing>) -> Vec<Sent> {
    use trefoil_core::machine::Recipient;
    messages
        .into_iter()
        .filter(|message| message.to == Recipient::All || message.to == Recipient::One(party(to)))
        .map(|message| Sent { from: party(2), to: party(to), round: message.round, payload: message.payload.to_vec() })
        .collect()
}

#[test]
fn echo_finds_parties_that_differ_in_context_or_roster() {
    let mut session = keygen_session(&IDS, 2, CONTEXT, 1);
    let roster = Roster::new(parties(&IDS), 2).unwrap();
    let odd = Keygen::new(party(3), roster, [0; 32], &mut rng(9)).unwrap();
    session.runs.insert(party(3), odd);
    session.run(|_| {});
    for id in IDS {
        assert_eq!(session.abort_of(id).unwrap().code(), Code::EchoMismatch);
    }

    let mut wider: Session<Keygen> = keygen_session(&[1, 2], 2, CONTEXT, 1);
    let roster = Roster::new(parties(&[1, 2, 7]), 2).unwrap();
    wider.runs.insert(party(2), Keygen::new(party(2), roster, CONTEXT, &mut rng(9)).unwrap());
    wider.run(|_| {});
    assert!(wider.runs.into_values().all(|mut run| !matches!(run.outcome(), Outcome::Done(_))));
}

/// One polynomial, two valid proofs: only the round-1 bytes differ, nothing that follows from them.
#[test]
fn echo_covers_every_byte_of_round_one() {
    let opening = |proof_nonce: u8| {
        let scalars: [&[u8]; 9] = [
            &[1; 32],
            &[2; 32],
            &[proof_nonce; 32],
            &[3; 32],
            &[4; 32],
            &[proof_nonce; 32],
            &[5; 64],
            &[6; 64],
            &[proof_nonce; 64],
        ];
        let roster = Roster::new(parties(&IDS), 2).unwrap();
        let mut run = Keygen::new(party(2), roster, CONTEXT, &mut Prescribed(scalars.concat())).unwrap();
        let payload = run.start().remove(0).payload.to_vec();
        (run, payload)
    };
    let ((told, to_all), (_, to_third)) = (opening(7), opening(8));
    assert_ne!(to_all, to_third);
    let mut session = keygen_session(&IDS, 2, CONTEXT, 1);
    let mut messages: Vec<Sent> = session.start().into_iter().filter(|sent| sent.from != party(2)).collect();
    session.runs.insert(party(2), told);
    for (to, payload) in [(1, to_all), (3, to_third)] {
        messages.push(Sent { from: party(2), to: party(to), round: 1, payload });
    }
    while !messages.is_empty() {
        messages = messages.iter().flat_map(|sent| session.deliver(sent)).collect();
    }
    for id in IDS {
        assert_eq!(session.abort_of(id).unwrap().code(), Code::EchoMismatch);
    }
}

#[test]
fn chain_codes_depend_on_session_and_key() {
    let of = |context, seed| {
        let mut session = keygen_session(&IDS, 2, context, seed);
        session.run(|_| {});
        let Outcome::Done(share) = session.runs.get_mut(&party(1)).unwrap().outcome() else { panic!() };
        share.public_package().chain_codes()
    };
    let (here, same, elsewhere) = (of(CONTEXT, 1), of(CONTEXT, 1), of([1; 32], 1));
    assert_eq!(here, same);
    assert_ne!(here.ecdsa, elsewhere.ecdsa);
    assert_ne!(here.taproot, elsewhere.taproot);
    assert_ne!(here.ecdsa, here.taproot);
    assert_ne!(here.ecdsa, of(CONTEXT, 2).ecdsa);
}

#[test]
fn a_bad_proof_of_knowledge_names_its_party() {
    let foreign = {
        let mut other = keygen_session(&IDS, 2, CONTEXT, 2);
        other.start().into_iter().find(|sent| sent.from == party(2)).unwrap().payload
    };
    let layout = trefoil_core::keygen::round1::layout(2);
    for name in ["ecdsa.proof", "taproot.proof", "ed25519.proof"] {
        let range = layout.spans().into_iter().find(|span| span.name == name).unwrap().range;
        let mut session = keygen_session(&IDS, 2, CONTEXT, 1);
        session.run(|sent| {
            if sent.round == 1 && sent.from == party(2) {
                sent.payload[range.clone()].copy_from_slice(&foreign[range.clone()]);
            }
        });
        let error = session.abort_of(1).unwrap();
        assert_eq!((error.code(), error.blame()), (Code::BadProof, Blame::Peer));
        assert_eq!(error.culprits(), [party(2)]);
    }
}

#[test]
fn nobody_gets_the_shares_of_another() {
    let mut session = keygen_session(&IDS, 2, CONTEXT, 1);
    let mut seen = Vec::new();
    session.run(|sent| {
        if sent.round == 2 {
            seen.push((sent.from, sent.payload.clone()));
        }
    });
    assert_eq!(seen.len(), 6);
    for (index, (_, payload)) in seen.iter().enumerate() {
        assert!(seen.iter().skip(index + 1).all(|(_, other)| other[3..] != payload[3..]));
    }
}
