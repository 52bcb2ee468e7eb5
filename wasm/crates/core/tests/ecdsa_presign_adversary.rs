//! Every field of every message of presigning, enumerated from the codec, changed in every way: the run ends in an
//! error that blames the right party, the batch is gone, nothing is signed, and nothing panics.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::BTreeMap;

use trefoil_core::codec::Span;
use trefoil_core::ecdsa::presign::{Presign, round1, round2, round3};
use trefoil_core::ecdsa::presignature::Presignature;
use trefoil_core::error::{Blame, Code, EngineError};
use trefoil_core::machine::{Machine, Outcome};
use world::attack::{ATTACKER, BYSTANDER, DIGEST, VICTIM, assert_blame, message, same_by_design};
use world::batch::{Shares, path, presign_session, sign_two};
use world::tamper::{ALL, Coverage, Elsewhere, tamper};
use world::{CONTEXT, Sent, Session, party, shares};

const COUNT: u16 = 2;

fn recorded(shares: &Shares, signers: &[u16], context: [u8; 32], seed: u64) -> Vec<Sent> {
    let mut all = Vec::new();
    presign_session(shares, signers, COUNT, context, seed).run(|sent| all.push(sent.clone()));
    all
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
