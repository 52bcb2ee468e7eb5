//! Every field of every message of ECDSA signing, enumerated from the codec, changed in every way: the run ends in an
//! error that blames the right party, the presignature is gone, nothing is signed, and nothing panics.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::BTreeMap;

use trefoil_core::ecdsa::presignature::Presignature;
use trefoil_core::ecdsa::sign::initiate::Initiator;
use trefoil_core::ecdsa::sign::respond::Responder;
use trefoil_core::ecdsa::sign::{opening, part, respond};
use trefoil_core::error::{Blame, Code, EngineError};
use trefoil_core::machine::Machine;
use world::attack::{ATTACKER, BYSTANDER, DIGEST, VICTIM, assert_blame, message, same_by_design};
use world::batch::{Shares, batch, joint_session, path, result};
use world::tamper::{ALL, Coverage, Elsewhere, tamper};
use world::{error_of, party, shares};

/// Presignatures for as many attacks as it takes.
struct Supply {
    shares: Shares,
    signers: Vec<u16>,
    seed: u64,
    left: Vec<BTreeMap<u16, Presignature>>,
}

impl Supply {
    fn new(threshold: u16, signers: &[u16]) -> Self {
        Self { shares: shares(&[1, 2, 3], threshold, 9), signers: signers.to_vec(), seed: 300, left: Vec::new() }
    }

    fn next(&mut self) -> BTreeMap<u16, Presignature> {
        if self.left.is_empty() {
            self.seed += 1;
            self.left = batch(&self.shares, &self.signers, 16, self.seed);
        }
        self.left.pop().unwrap()
    }
}

/// Opening and reply of one signature, through the adversary's hands; the results of both sides.
struct Legs {
    opening: Vec<u8>,
    reply: Vec<u8>,
    helped: Option<EngineError>,
    asked: Option<EngineError>,
}

fn two(supply: &mut Supply, initiator: u16, mut change: impl FnMut(u8, &mut Vec<u8>)) -> Legs {
    let mut presignatures = supply.next();
    let asks = presignatures.remove(&initiator).unwrap();
    let (responder, helps) = presignatures.pop_first().unwrap();
    let (initiator, responder) = (party(initiator), party(responder));
    let at = path(&[5]);
    let mut asking = Initiator::new(&supply.shares[&initiator], asks, &at, &DIGEST, responder).unwrap();
    let mut helping = Responder::new(&supply.shares[&responder], helps, &at, &DIGEST, initiator).unwrap();
    helping.start();
    let mut legs =
        Legs { opening: asking.start().remove(0).payload.to_vec(), reply: Vec::new(), helped: None, asked: None };
    change(0, &mut legs.opening);
    let answers = helping.receive(initiator, 1, &legs.opening);
    assert!(helping.receive(initiator, 1, &legs.opening).is_empty(), "a presignature answered twice");
    let Some(answer) = answers.first() else {
        legs.helped = Some(error_of(helping.outcome()).unwrap());
        return legs;
    };
    legs.reply = answer.payload.to_vec();
    change(1, &mut legs.reply);
    asking.receive(responder, 1, &legs.reply);
    legs.asked = result(asking.outcome()).err();
    legs
}

#[test]
fn every_field_of_signing_with_two() {
    let mut supply = Supply::new(2, &[VICTIM, ATTACKER]);
    let mut coverage = Coverage::default();
    // The attacker initiates towards the victim, or answers it.
    for (leg, initiator, layout) in [(0, ATTACKER, opening::layout()), (1, VICTIM, respond::layout())] {
        coverage.declare(&layout);
        let (other, third) = (two(&mut supply, initiator, |_, _| {}), two(&mut supply, initiator, |_, _| {}));
        assert!(other.asked.is_none() && third.asked.is_none());
        let back = two(&mut supply, if leg == 0 { VICTIM } else { ATTACKER }, |_, _| {});
        let pick = |legs: Legs| if leg == 0 { legs.opening } else { legs.reply };
        let elsewhere = Elsewhere { other_session: pick(other), other_peer: pick(third), own: pick(back) };
        for span in layout.spans() {
            for how in ALL {
                let case = format!("leg {leg} {span:?} {how:?}");
                let mut changed = false;
                let legs = two(&mut supply, initiator, |at, bytes| {
                    if at == leg {
                        changed = tamper(bytes, &span, how, &elsewhere);
                    }
                });
                assert!(changed || same_by_design(&span, how), "{case} changed nothing");
                let seen = if leg == 0 { legs.helped } else { legs.asked };
                match seen {
                    None => assert!(!changed, "{case} was accepted"),
                    Some(error) => {
                        assert!(changed, "{case}: {error:?}");
                        let all = [Code::Malformed, Code::EchoMismatch, Code::FailedCheck, Code::BadShare];
                        assert_blame(&error, &all, 1, &case);
                    }
                }
                coverage.visit();
            }
        }
    }
    coverage.assert_complete("signing with two");
}

#[test]
fn zero_parts_make_no_signature() {
    let mut supply = Supply::new(2, &[VICTIM, ATTACKER]);
    for name in ["u", "w"] {
        let span = respond::layout().spans().into_iter().find(|span| span.name == name).unwrap();
        let legs = two(&mut supply, VICTIM, |leg, bytes| {
            if leg == 1 {
                bytes[span.range.clone()].fill(0);
            }
        });
        assert_blame(&legs.asked.unwrap(), &[Code::BadShare], 1, name);
    }
}

#[test]
fn every_field_of_signing_with_three() {
    let mut supply = Supply::new(3, &[1, 2, 3]);
    let mut record = || {
        let presignatures = supply.next();
        let mut all = Vec::new();
        joint_session(&supply.shares, presignatures, &path(&[5]), &DIGEST).run(|sent| all.push(sent.clone()));
        all
    };
    let there = record();
    let mut coverage = Coverage::default();
    for (round, layout) in [(opening::ROUND, opening::layout()), (part::ROUND, part::layout())] {
        coverage.declare(&layout);
        let elsewhere = Elsewhere {
            other_session: message(&there, round, ATTACKER, VICTIM),
            other_peer: message(&there, round, BYSTANDER, VICTIM),
            own: message(&there, round, VICTIM, ATTACKER),
        };
        for span in layout.spans() {
            for how in ALL {
                let case = format!("round {round} {span:?} {how:?}");
                let presignatures = supply.next();
                let mut session = joint_session(&supply.shares, presignatures, &path(&[5]), &DIGEST);
                let mut changed = false;
                session.run(|sent| {
                    if (sent.round, sent.from, sent.to) == (round, party(ATTACKER), party(VICTIM)) {
                        changed = tamper(&mut sent.payload, &span, how, &elsewhere);
                    }
                });
                match session.abort_of(VICTIM) {
                    None => assert!(!changed && same_by_design(&span, how), "{case} was accepted"),
                    Some(error) if error.code() == Code::BadShare => {
                        // One of two others sent a wrong part, and nothing says which.
                        assert!(changed && error.culprits().is_empty() && error.blame() == Blame::Peer, "{case}");
                    }
                    Some(error) => {
                        assert!(changed, "{case}: {error:?}");
                        let all = [Code::Malformed, Code::EchoMismatch, Code::FailedCheck];
                        assert_blame(&error, &all, round, &case);
                    }
                }
                coverage.visit();
            }
        }
    }
    coverage.assert_complete("signing with three");
}

/// Two parties that were shown different transactions, or the same at different paths, sign neither.
#[test]
fn different_requests_are_not_signed() {
    let shares = shares(&[1, 2, 3], 2, 13);
    for (presignatures, (at, digest)) in
        batch(&shares, &[1, 2], 2, 14).into_iter().zip([(path(&[5]), [1; 32]), (path(&[6]), DIGEST)])
    {
        let [asks, helps]: [Presignature; 2] = presignatures.into_values().collect::<Vec<_>>().try_into().ok().unwrap();
        let mut asking = Initiator::new(&shares[&party(1)], asks, &path(&[5]), &DIGEST, party(2)).unwrap();
        let mut helping = Responder::new(&shares[&party(2)], helps, &at, &digest, party(1)).unwrap();
        helping.start();
        let opening = asking.start().remove(0);
        assert!(helping.receive(party(1), 1, &opening.payload).is_empty());
        assert_eq!(error_of(helping.outcome()).unwrap().code(), Code::EchoMismatch);
    }
}

/// A presignature belongs to one party's share of one epoch and to its signers.
#[test]
fn presignatures_of_others_are_refused() {
    let shares = shares(&[1, 2, 3], 2, 15);
    let other = world::shares(&[1, 2, 3], 2, 16);
    let mut all = batch(&shares, &[1, 2], 4, 17).into_iter();
    let mut next = || all.next().unwrap().remove(&1).unwrap();
    let refused = |share, presignature, peer| {
        let error = Initiator::new(share, presignature, &path(&[]), &DIGEST, party(peer)).err().unwrap();
        assert_eq!((error.code(), error.blame()), (Code::Misuse, Blame::Bug));
    };
    refused(&shares[&party(2)], next(), 2);
    refused(&other[&party(1)], next(), 2);
    refused(&shares[&party(1)], next(), 3);
    refused(&shares[&party(1)], next(), 1);
}

/// The presignatures of a batch under each other's indices: neither signs.
#[test]
fn presignatures_of_different_indices_do_not_fit() {
    let mut supply = Supply::new(2, &[VICTIM, ATTACKER]);
    let (first, mut second) = (supply.next(), supply.next());
    let mixed = first.into_iter().map(|(id, own)| (id, if id == VICTIM { own } else { second.remove(&id).unwrap() }));
    let [asks, helps]: [Presignature; 2] =
        mixed.map(|(_, presignature)| presignature).collect::<Vec<_>>().try_into().ok().unwrap();
    let shares = &supply.shares;
    let mut asking = Initiator::new(&shares[&party(VICTIM)], asks, &path(&[]), &DIGEST, party(ATTACKER)).unwrap();
    let mut helping = Responder::new(&shares[&party(ATTACKER)], helps, &path(&[]), &DIGEST, party(VICTIM)).unwrap();
    helping.start();
    assert!(helping.receive(party(VICTIM), 1, &asking.start().remove(0).payload).is_empty());
    assert_eq!(error_of(helping.outcome()).unwrap().code(), Code::EchoMismatch);
}
