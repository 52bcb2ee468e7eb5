//! Every field of every message of presigning and signing, enumerated from the codec, changed in every way: the run ends in an
//! error that blames the right party, the batch or the presignature is gone, nothing is signed, and nothing panics.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::BTreeMap;

use trefoil_core::codec::Span;
use trefoil_core::ecdsa::presign::{Presign, round1, round2, round3};
use trefoil_core::ecdsa::presignature::Presignature;
use trefoil_core::ecdsa::sign::initiate::Initiator;
use trefoil_core::ecdsa::sign::respond::Responder;
use trefoil_core::ecdsa::sign::{opening, part, respond};
use trefoil_core::error::{Blame, Code, EngineError};
use trefoil_core::machine::{Machine, Outcome};
use trefoil_core::party::PartyId;
use world::batch::{Shares, batch, joint_session, path, presign_session, result, sign_two};
use world::tamper::{ALL, Coverage, Elsewhere, Tamper, tamper};
use world::{CONTEXT, Sent, Session, party, shares};

const VICTIM: u16 = 1;
const ATTACKER: u16 = 2;
const BYSTANDER: u16 = 3;
const COUNT: u16 = 2;
const DIGEST: [u8; 32] = [0x33; 32];

fn recorded(shares: &Shares, signers: &[u16], context: [u8; 32], seed: u64) -> Vec<Sent> {
    let mut all = Vec::new();
    presign_session(shares, signers, COUNT, context, seed).run(|sent| all.push(sent.clone()));
    all
}

fn message(all: &[Sent], round: u16, from: u16, to: u16) -> Vec<u8> {
    let found = all.iter().find(|sent| sent.round == round && sent.from == party(from) && sent.to == party(to));
    found.unwrap().payload.clone()
}

/// Headers are alike everywhere, and the two sides of a pair send the same echo.
fn same_by_design(span: &Span, how: Tamper) -> bool {
    let swapped = matches!(how, Tamper::FromAnotherSession | Tamper::FromAnotherPeer | Tamper::Replay);
    let header = ["version", "object", "suite"].contains(&span.name);
    swapped && (header || span.name == "echo" && how == Tamper::Replay)
}

/// A session whose messages from the attacker to the victim go through `change`, and whether anything was changed.
fn attacked(shares: &Shares, round: u16, mut change: impl FnMut(&mut Vec<u8>) -> bool) -> (Session<Presign>, bool) {
    let mut session = presign_session(shares, &[VICTIM, ATTACKER], COUNT, CONTEXT, 1);
    let mut changed = false;
    session.run(|sent| {
        if (sent.round, sent.from, sent.to) == (round, party(ATTACKER), party(VICTIM)) {
            changed = change(&mut sent.payload);
        }
    });
    (session, changed)
}

/// What the victim is left with: an error, for good, or presignatures.
fn victim(session: &mut Session<Presign>, case: &str) -> Result<Vec<Presignature>, EngineError> {
    let run = session.runs.get_mut(&party(VICTIM)).unwrap();
    match run.outcome() {
        Outcome::Done(batch) => Ok(batch),
        Outcome::Aborted(error) => {
            assert!(run.receive(party(ATTACKER), 3, &[]).is_empty());
            assert!(matches!(run.outcome(), Outcome::Aborted(again) if again == error), "{case}: not burnt");
            Err(error)
        }
        Outcome::Pending => panic!("{case}: still pending"),
    }
}

fn assert_blame(error: &EngineError, codes: &[Code], round: u16, case: &str) {
    assert_eq!(error.blame(), Blame::Peer, "{case}: {error:?}");
    assert!(codes.contains(&error.code()), "{case}: {error:?}");
    let nobody = error.code() == Code::EchoMismatch;
    let named: Vec<PartyId> = if nobody { Vec::new() } else { vec![party(ATTACKER)] };
    assert_eq!(error.culprits(), named, "{case}: {error:?}");
    assert!(error.round().is_some_and(|seen| seen == round || nobody && seen == round + 1), "{case}: {error:?}");
}

#[test]
fn every_field_of_presigning() {
    let shares = shares(&[1, 2, 3], 2, 5);
    let here = recorded(&shares, &[VICTIM, ATTACKER], CONTEXT, 1);
    let there = recorded(&shares, &[VICTIM, ATTACKER], [0x77; 32], 2);
    let elsewhere = recorded(&shares, &[VICTIM, BYSTANDER], CONTEXT, 3);
    let mut coverage = Coverage::default();
    for (round, layout) in [
        (round1::ROUND, round1::layout(COUNT)),
        (round2::ROUND, round2::layout(COUNT)),
        (round3::ROUND, round3::layout(COUNT)),
    ] {
        coverage.declare(&layout);
        let elsewhere = Elsewhere {
            other_session: message(&there, round, ATTACKER, VICTIM),
            other_peer: message(&elsewhere, round, BYSTANDER, VICTIM),
            own: message(&here, round, VICTIM, ATTACKER),
        };
        assert_eq!(layout.bytes(), elsewhere.own.len());
        for span in layout.spans() {
            for how in ALL {
                let case = format!("round {round} {span:?} {how:?}");
                let (mut session, changed) =
                    attacked(&shares, round, |payload| tamper(payload, &span, how, &elsewhere));
                assert!(changed || same_by_design(&span, how), "{case} changed nothing");
                match victim(&mut session, &case) {
                    Ok(batch) if changed && span.name == "psi" => assert_signs_nothing(&shares, session, batch, &span),
                    Ok(_) => assert!(!changed, "{case} was accepted"),
                    Err(error) => {
                        assert!(changed, "{case}: {error:?}");
                        assert_blame(&error, codes(round), round, &case);
                    }
                }
                coverage.visit();
            }
        }
    }
    coverage.assert_complete("presigning");
}

fn codes(round: u16) -> &'static [Code] {
    match round {
        round1::ROUND => &[Code::Malformed, Code::EchoMismatch],
        round2::ROUND => &[Code::Malformed, Code::EchoMismatch, Code::FailedCheck],
        _ => &[Code::Malformed, Code::FailedCheck],
    }
}

/// ψ has no check of its own: what it makes wrong is the sum, which never verifies and names the other signer.
fn assert_signs_nothing(shares: &Shares, mut session: Session<Presign>, own: Vec<Presignature>, span: &Span) {
    let other = session.runs.get_mut(&party(ATTACKER)).unwrap();
    let Outcome::Done(theirs) = other.outcome() else { panic!("the other signer has no batch") };
    let broken = usize::from(span.range.start > round3::layout(COUNT).bytes() / 2);
    for (index, (own, theirs)) in own.into_iter().zip(theirs).enumerate() {
        let presignatures = BTreeMap::from([(VICTIM, own), (ATTACKER, theirs)]);
        let signed = sign_two(shares, presignatures, VICTIM, &path(&[1]), &DIGEST);
        if index == broken {
            assert_blame(&signed.unwrap_err(), &[Code::BadShare], 1, "psi");
        } else {
            assert!(signed.is_ok());
        }
    }
}

/// The identity, zero scalars, fields of the other index, and messages out of order or twice.
#[test]
fn degenerate_values_of_presigning() {
    let shares = shares(&[1, 2, 3], 2, 6);
    for (round, layout) in [
        (round1::ROUND, round1::layout(COUNT)),
        (round2::ROUND, round2::layout(COUNT)),
        (round3::ROUND, round3::layout(COUNT)),
    ] {
        for span in layout.spans().into_iter().filter(|span| span.name != "psi") {
            let case = format!("round {round} {span:?} zero");
            let (mut session, _) = attacked(&shares, round, |payload| {
                payload[span.range.clone()].fill(0);
                true
            });
            assert_blame(&victim(&mut session, &case).err().unwrap(), codes(round), round, &case);
        }
    }
    let half = (round3::layout(COUNT).bytes() - 3) / 2;
    let (mut session, _) = attacked(&shares, round3::ROUND, |payload| {
        payload[3..].rotate_left(half);
        true
    });
    assert_blame(&victim(&mut session, "indices").err().unwrap(), &[Code::FailedCheck], 3, "indices");

    for (from, round, bytes) in [(ATTACKER, 2, 0), (ATTACKER, 3, 0), (ATTACKER, 1, 1), (ATTACKER, 9, 9)] {
        let mut session = presign_session(&shares, &[VICTIM, ATTACKER], 1, CONTEXT, 1);
        let run = session.runs.get_mut(&party(VICTIM)).unwrap();
        run.start();
        run.receive(party(from), round, &vec![0; bytes]);
        let error = victim(&mut session, "order").err().unwrap();
        assert_blame(&error, &[Code::WrongRound, Code::Malformed], round, "order");
    }
}

/// A party that commits to different nonce points towards different signers.
#[test]
fn equivocation_is_found_by_everyone() {
    let shares = shares(&[1, 2, 3], 3, 7);
    let there = {
        let mut all = Vec::new();
        presign_session(&shares, &[1, 2, 3], COUNT, CONTEXT, 12).run(|sent| all.push(sent.clone()));
        all
    };
    for name in ["nonce", "point-commitment", "entropy-commitment"] {
        let mut session = presign_session(&shares, &[1, 2, 3], COUNT, CONTEXT, 11);
        let span = round1::layout(COUNT).spans().into_iter().find(|span| span.name == name).unwrap();
        session.run(|sent| {
            if (sent.round, sent.from, sent.to) == (1, party(ATTACKER), party(BYSTANDER)) {
                let other = message(&there, 1, ATTACKER, BYSTANDER);
                sent.payload[span.range.clone()].copy_from_slice(&other[span.range.clone()]);
            }
        });
        for id in [VICTIM, BYSTANDER] {
            let error = session.abort_of(id).unwrap();
            assert_eq!((error.code(), error.blame()), (Code::EchoMismatch, Blame::Peer), "{name}");
            assert!(error.culprits().is_empty());
        }
    }
}

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
        legs.helped = Some(result_of(helping.outcome()).unwrap());
        return legs;
    };
    legs.reply = answer.payload.to_vec();
    change(1, &mut legs.reply);
    asking.receive(responder, 1, &legs.reply);
    legs.asked = result(asking.outcome()).err();
    legs
}

fn result_of(outcome: Outcome<()>) -> Option<EngineError> {
    world::error_of(outcome)
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
        assert_eq!(result_of(helping.outcome()).unwrap().code(), Code::EchoMismatch);
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

/// Whole messages that were honest where they were made: in another session of the same signers, by another peer, in a batch of
/// another size, in another round, by the victim itself.
#[test]
fn honest_messages_mean_nothing_elsewhere() {
    let shares = shares(&[1, 2, 3], 2, 18);
    let of = |signers: &[u16], count, context, seed| {
        let mut all = Vec::new();
        presign_session(&shares, signers, count, context, seed).run(|sent| all.push(sent.clone()));
        all
    };
    let here = of(&[VICTIM, ATTACKER], COUNT, CONTEXT, 1);
    let sessions = [
        ("session", of(&[VICTIM, ATTACKER], COUNT, [0x77; 32], 2), ATTACKER),
        ("batch", of(&[VICTIM, ATTACKER], COUNT, CONTEXT, 3), ATTACKER),
        ("peer", of(&[VICTIM, BYSTANDER], COUNT, CONTEXT, 1), BYSTANDER),
        ("size", of(&[VICTIM, ATTACKER], COUNT + 1, CONTEXT, 1), ATTACKER),
    ];
    for round in 1..=3 {
        let mut others: Vec<(&str, Vec<u8>)> =
            sessions.iter().map(|(what, all, from)| (*what, message(all, round, *from, VICTIM))).collect();
        others.push(("own", message(&here, round, VICTIM, ATTACKER)));
        others.push(("round", message(&here, round % 3 + 1, ATTACKER, VICTIM)));
        for (what, other) in others {
            let case = format!("round {round} from another {what}");
            let (mut session, _) = attacked(&shares, round, |payload| {
                *payload = other.clone();
                true
            });
            assert_blame(&victim(&mut session, &case).err().unwrap(), codes(round), round, &case);
        }
    }
}

/// Every field that holds points, with encodings that no point of the group has.
#[test]
fn points_that_are_none_are_malformed() {
    let shares = shares(&[1, 2, 3], 2, 19);
    let off_curve = [vec![2], vec![0; 31], vec![5]].concat();
    let infinity = vec![0; 33];
    let hybrid = [vec![6], vec![1; 32]].concat();
    let over_the_field = [vec![2], vec![0xff; 32]].concat();
    let compact = [vec![5], vec![1; 32]].concat();
    let mut visited = 0;
    for (round, layout) in [(round1::ROUND, round1::layout(COUNT)), (round3::ROUND, round3::layout(COUNT))] {
        for span in layout.spans().into_iter().filter(|span| span.range.len() % 33 == 0) {
            let points = span.range.len() / 33;
            for (at, bad) in [0, points - 1].iter().flat_map(|at| {
                [&off_curve, &infinity, &hybrid, &over_the_field, &compact].map(|bad| (span.range.start + 33 * at, bad))
            }) {
                let case = format!("round {round} {span:?} {at} {bad:?}");
                let (mut session, _) = attacked(&shares, round, |payload| {
                    payload[at..at + 33].copy_from_slice(bad);
                    true
                });
                assert_blame(&victim(&mut session, &case).err().unwrap(), &[Code::Malformed], round, &case);
                visited += 1;
            }
        }
    }
    // Base OT and offer; then nonce point, key point and both Γ of two presignatures.
    assert_eq!(visited, (2 + 4 * usize::from(COUNT)) * 10);
}

/// ψ = 0 decodes, and is found when the signature is made.
#[test]
fn a_zero_psi_signs_nothing() {
    let shares = shares(&[1, 2, 3], 2, 20);
    let span = round3::layout(COUNT).spans().into_iter().find(|span| span.name == "psi").unwrap();
    let (mut session, _) = attacked(&shares, round3::ROUND, |payload| {
        payload[span.range.clone()].fill(0);
        true
    });
    let batch = victim(&mut session, "psi").unwrap();
    assert_signs_nothing(&shares, session, batch, &span);
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
    assert_eq!(result_of(helping.outcome()).unwrap().code(), Code::EchoMismatch);
}
