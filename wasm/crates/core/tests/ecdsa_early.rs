//! A signature that is asked for before its presignature is complete.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use trefoil_core::ecdsa::presign::Presign;
use trefoil_core::ecdsa::presignature::Presignature;
use trefoil_core::ecdsa::sign::initiate::Initiator;
use trefoil_core::ecdsa::sign::joint::Joint;
use trefoil_core::ecdsa::sign::opening;
use trefoil_core::ecdsa::sign::respond::Responder;
use trefoil_core::error::{Blame, Code};
use trefoil_core::machine::{Machine, Outcome};
use world::batch::{Shares, path, presign_session, result};
use world::{CONTEXT, Sent, Session, error_of, party, shares};

const DIGEST: [u8; 32] = [0x44; 32];

/// Runs until party 1 has sent everything; what the other will send last is not delivered.
fn until_the_last_message(shares: &Shares, signers: &[u16]) -> (Session<Presign>, Vec<Sent>) {
    let mut session = presign_session(shares, signers, 2, CONTEXT, 1);
    let mut last = Vec::new();
    session.run(|sent| {
        if sent.round == 3 && sent.to == party(1) {
            last.push(sent.clone());
            sent.to = sent.from;
        }
    });
    (session, last)
}

fn take(session: &mut Session<Presign>, id: u16) -> Vec<Presignature> {
    match session.runs.get_mut(&party(id)).unwrap().outcome() {
        Outcome::Done(batch) => batch,
        other => panic!("{:?}", error_of(other)),
    }
}

/// Party 1 asks early for a presignature of a batch that ends well.
fn asked(index: u16) -> (Shares, Vec<u8>, Vec<Presignature>, Vec<Presignature>) {
    let shares = shares(&[1, 2, 3], 2, 40);
    let mut all = Vec::new();
    let mut ask = None;
    let mut session = presign_session(&shares, &[1, 2], 2, CONTEXT, 1);
    let mut flight = session.start();
    while !flight.is_empty() {
        let mut next = Vec::new();
        for sent in flight {
            if sent.round == 3 && sent.to == party(1) {
                let run = session.runs.get_mut(&party(1)).unwrap();
                ask = Some(run.ask_early(index, &path(&[7]), &DIGEST).unwrap().to_vec());
            }
            all.push(sent.clone());
            next.extend(session.deliver(&sent));
        }
        flight = next;
    }
    let (ours, theirs) = (take(&mut session, 1), take(&mut session, 2));
    (shares, ask.unwrap(), ours, theirs)
}

#[test]
fn an_early_ask_signs_in_the_second_round_trip() {
    for index in [0, 1] {
        let (shares, ask, mut ours, mut theirs) = asked(index);
        let at = path(&[7]);
        let (asks, helps) = (ours.remove(usize::from(index)), theirs.remove(usize::from(index)));
        assert_eq!(asks.id(), helps.id());
        let mut helping = Responder::new(&shares[&party(2)], helps, &at, &DIGEST, party(1)).unwrap();
        helping.start();
        let reply = helping.receive(party(1), opening::ROUND, &ask).remove(0);
        let mut asking = Initiator::new(&shares[&party(1)], asks, &at, &DIGEST, party(2)).unwrap();
        // The same bytes again: whoever sends them twice says nothing new.
        assert_eq!(asking.start()[0].payload.to_vec(), ask);
        asking.receive(party(2), reply.round, &reply.payload);
        result(asking.outcome()).unwrap();
    }
}

/// The entropy is out: another path, digest or role would be a second request.
#[test]
fn what_was_asked_for_early_serves_nothing_else() {
    let at = path(&[7]);
    let mine = || {
        let (shares, _, mut ours, _) = asked(0);
        (shares, ours.remove(0))
    };
    let refused = |code| assert_eq!(code, Some((Code::Misuse, Blame::Bug)));
    let (shares, own) = mine();
    refused(
        Initiator::new(&shares[&party(1)], own, &path(&[8]), &DIGEST, party(2)).err().map(|e| (e.code(), e.blame())),
    );
    let (shares, own) = mine();
    refused(Initiator::new(&shares[&party(1)], own, &at, &[0; 32], party(2)).err().map(|e| (e.code(), e.blame())));
    let (shares, own) = mine();
    refused(Responder::new(&shares[&party(1)], own, &at, &DIGEST, party(2)).err().map(|e| (e.code(), e.blame())));
    let (shares, own) = mine();
    refused(Joint::new(&shares[&party(1)], own, &at, &DIGEST).err().map(|e| (e.code(), e.blame())));
}

/// The other presignatures of the batch are free, and not asked for by its place of another index.
#[test]
fn an_early_ask_is_for_one_presignature() {
    let (shares, ask, mut ours, mut theirs) = asked(0);
    let at = path(&[7]);
    let mut helping = Responder::new(&shares[&party(2)], theirs.remove(1), &at, &DIGEST, party(1)).unwrap();
    helping.start();
    assert!(helping.receive(party(1), 1, &ask).is_empty());
    assert_eq!(error_of(helping.outcome()).unwrap().code(), Code::EchoMismatch);
    assert!(Initiator::new(&shares[&party(1)], ours.remove(1), &path(&[8]), &DIGEST, party(2)).is_ok());
}

/// The responder compares path and digest with its own, as with any ask.
#[test]
fn an_early_ask_for_something_else_is_not_answered() {
    for (at, digest) in [(path(&[8]), DIGEST), (path(&[7]), [0; 32])] {
        let (shares, ask, _, mut theirs) = asked(0);
        let mut helping = Responder::new(&shares[&party(2)], theirs.remove(0), &at, &digest, party(1)).unwrap();
        helping.start();
        assert!(helping.receive(party(1), 1, &ask).is_empty());
        assert_eq!(error_of(helping.outcome()).unwrap().code(), Code::EchoMismatch);
    }
}

#[test]
fn an_early_ask_has_its_time_and_place() {
    let two = shares(&[1, 2, 3], 2, 41);
    let mut fresh = presign_session(&two, &[1, 2], 2, CONTEXT, 1).runs.remove(&party(1)).unwrap();
    let refused = |run: &mut Presign, index| {
        let error = run.ask_early(index, &path(&[]), &DIGEST).unwrap_err();
        assert_eq!((error.code(), error.blame()), (Code::Misuse, Blame::Bug));
    };
    refused(&mut fresh, 0);
    fresh.start();
    refused(&mut fresh, 0);

    let (mut session, last) = until_the_last_message(&two, &[1, 2]);
    let run = session.runs.get_mut(&party(1)).unwrap();
    refused(run, 2);
    assert!(run.ask_early(1, &path(&[]), &DIGEST).is_ok());
    refused(run, 1);
    assert!(run.ask_early(0, &path(&[]), &DIGEST).is_ok());
    run.receive(party(2), 3, &last[0].payload);
    refused(run, 0);

    let three = shares(&[1, 2, 3], 3, 42);
    let (mut session, _) = until_the_last_message(&three, &[1, 2, 3]);
    refused(session.runs.get_mut(&party(1)).unwrap(), 0);
}
