//! Messages that are repeated, late, early, from nobody or from the wrong party, and runs that are driven wrongly.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use trefoil_core::error::{Blame, Code, EngineError};
use trefoil_core::frost::commit::Nonces;
use trefoil_core::frost::initiate::Initiator;
use trefoil_core::frost::respond::Responder;
use trefoil_core::keygen::Keygen;
use trefoil_core::machine::{Machine, Outcome};
use trefoil_core::roster::Roster;
use trefoil_core::suites::{Ed25519, Taproot};
use world::{CONTEXT, Sent, Session, error_of, keygen_session, master, parties, party, rng, shares};

const IDS: [u16; 3] = [1, 2, 3];

/// The messages of one round, delivered up to there.
fn at_round(round: u16) -> (Session<Keygen>, Vec<Sent>) {
    let mut session = keygen_session(&IDS, 2, CONTEXT, 1);
    let mut messages = session.start();
    while messages[0].round < round {
        messages = messages.iter().flat_map(|sent| session.deliver(sent)).collect();
    }
    (session, messages)
}

fn assert_peer_error(error: &EngineError, code: Code, culprit: u16, round: u16) {
    assert_eq!((error.code(), error.blame(), error.round()), (code, Blame::Peer, Some(round)));
    assert_eq!(error.culprits(), [party(culprit)]);
}

#[test]
fn a_round_takes_its_messages_in_any_order() {
    let (mut session, mut messages) = at_round(1);
    while !messages.is_empty() {
        messages.reverse();
        messages = messages.iter().flat_map(|sent| session.deliver(sent)).collect();
    }
    for run in session.runs.values_mut() {
        assert!(matches!(run.outcome(), Outcome::Done(_)));
    }
}

#[test]
fn a_repeated_message_aborts() {
    for round in 1..=3 {
        let (mut session, messages) = at_round(round);
        let to_first = messages.iter().find(|sent| sent.to == party(1)).unwrap();
        session.deliver(to_first);
        assert!(session.deliver(to_first).is_empty());
        let error = session.abort_of(1).unwrap();
        assert_peer_error(&error, Code::WrongRound, to_first.from.get(), round);
    }
}

#[test]
fn a_message_of_another_round_aborts() {
    for round in 1..=3_u16 {
        for claimed in [0, round - 1, round + 1] {
            let (mut session, messages) = at_round(round);
            let sent = messages.iter().find(|sent| sent.to == party(1)).unwrap();
            session.deliver(&Sent { round: claimed, ..sent.clone() });
            assert_peer_error(&session.abort_of(1).unwrap(), Code::WrongRound, sent.from.get(), claimed);
        }
    }
}

#[test]
fn a_message_of_another_kind_is_malformed() {
    for round in 1..=3_u16 {
        for other in (1..=3_u16).filter(|other| *other != round) {
            let (_, foreign) = at_round(other);
            let (mut session, messages) = at_round(round);
            let sent = messages.iter().find(|sent| sent.to == party(1)).unwrap();
            session.deliver(&Sent { payload: foreign[0].payload.clone(), ..sent.clone() });
            assert_peer_error(&session.abort_of(1).unwrap(), Code::Malformed, sent.from.get(), round);
        }
    }
}

#[test]
fn trailing_bytes_are_malformed() {
    for round in 1..=3_u16 {
        let (mut session, messages) = at_round(round);
        let mut sent = messages.iter().find(|sent| sent.to == party(1)).unwrap().clone();
        sent.payload.push(0);
        session.deliver(&sent);
        assert_peer_error(&session.abort_of(1).unwrap(), Code::Malformed, sent.from.get(), round);
    }
}

#[test]
fn an_aborted_run_stays_aborted_and_silent() {
    let (mut session, messages) = at_round(1);
    let mut broken = messages.iter().find(|sent| sent.to == party(1)).unwrap().clone();
    broken.payload.clear();
    session.deliver(&broken);
    let first = session.abort_of(1).unwrap();
    for sent in messages.iter().filter(|sent| sent.to == party(1)) {
        assert!(session.deliver(sent).is_empty());
    }
    assert_eq!(session.abort_of(1).unwrap(), first);
}

#[test]
fn a_finished_run_reads_nothing_more() {
    let mut session = keygen_session(&IDS, 2, CONTEXT, 1);
    let mut last = None;
    session.run(|sent| last = Some(sent.clone()));
    let last = last.unwrap();
    assert!(session.deliver(&last).is_empty());
    let run = session.runs.get_mut(&last.to).unwrap();
    assert!(matches!(run.outcome(), Outcome::Done(_)));
    assert_eq!(error_of(run.outcome()).unwrap().code(), Code::Misuse);
}

#[test]
fn senders_outside_of_the_roster_are_the_callers_bug() {
    for from in [1, 4] {
        let (mut session, messages) = at_round(1);
        let sent = messages.iter().find(|sent| sent.to == party(1)).unwrap();
        session.deliver(&Sent { from: party(from), ..sent.clone() });
        let error = session.abort_of(1).unwrap();
        assert_eq!((error.code(), error.blame()), (Code::Misuse, Blame::Bug));
    }
}

#[test]
fn a_run_starts_once_and_first() {
    let mut twice = keygen_session(&IDS, 2, CONTEXT, 1);
    twice.start();
    assert!(twice.start().is_empty());
    assert_eq!(twice.abort_of(1).unwrap().code(), Code::Misuse);

    let (_, messages) = at_round(1);
    let mut early = keygen_session(&IDS, 2, CONTEXT, 1);
    early.deliver(&messages[0]);
    assert_eq!(early.abort_of(messages[0].to.get()).unwrap().code(), Code::Misuse);
}

#[test]
fn rosters_and_thresholds_have_bounds() {
    let many: Vec<u16> = (1..=17).collect();
    for (ids, threshold) in [(vec![1], 2), (vec![1, 1], 2), (vec![1, 2], 1), (vec![1, 2], 3), (many, 2)] {
        assert_eq!(Roster::new(parties(&ids), threshold).unwrap_err().code(), Code::Misuse, "{ids:?} {threshold}");
    }
    let roster = Roster::new(parties(&[3, 1]), 2).unwrap();
    assert_eq!(roster.parties(), parties(&[1, 3]));
    assert!(Keygen::new(party(2), roster, CONTEXT, &mut rng(1)).is_err());
}

#[test]
fn signing_refuses_wrong_senders_rounds_and_repetitions() {
    let shares = shares(&IDS, 2, 3);
    let (asks, helps) = (&shares[&party(1)], &shares[&party(2)]);
    for (from, round, code) in [(3, 1, Code::Misuse), (1, 2, Code::WrongRound), (2, 2, Code::WrongRound)] {
        let nonces = Nonces::<Ed25519>::new(helps, &mut rng(1));
        let offer = nonces.commitments().unwrap();
        let mut asking = Initiator::<Ed25519>::new(asks, &master(), b"m", party(2), &offer, &mut rng(2)).unwrap();
        let mut helping = Responder::new(helps, nonces, &master(), b"m", party(1)).unwrap();
        helping.start();
        let request = asking.start().remove(0);
        let error = if from == 2 {
            asking.receive(party(from), round, &request.payload);
            error_of(asking.outcome())
        } else {
            helping.receive(party(from), round, &request.payload);
            error_of(helping.outcome())
        };
        assert_eq!(error.unwrap().code(), code);
    }
}

#[test]
fn signing_runs_start_once_and_first() {
    let shares = shares(&IDS, 2, 3);
    let (asks, helps) = (&shares[&party(1)], &shares[&party(2)]);
    let nonces = Nonces::<Taproot>::new(helps, &mut rng(1));
    let offer = nonces.commitments().unwrap();
    let asking = || Initiator::<Taproot>::new(asks, &master(), &[1; 32], party(2), &offer, &mut rng(2)).unwrap();
    let (mut twice, mut early) = (asking(), asking());
    twice.start();
    assert!(twice.start().is_empty());
    assert_eq!(error_of(twice.outcome()).unwrap().code(), Code::Misuse);
    early.receive(party(2), 1, &[]);
    assert_eq!(error_of(early.outcome()).unwrap().code(), Code::Misuse);
    assert!(early.start().is_empty());

    let mut helping = Responder::new(helps, nonces, &master(), &[1; 32], party(1)).unwrap();
    assert!(helping.receive(party(1), 1, &asking().start()[0].payload).is_empty());
    assert_eq!(error_of(helping.outcome()).unwrap().code(), Code::Misuse);
}
