//! Every field of every message of every round, enumerated from the codec, changed in every way: the run ends in an
//! error that blames the right party, nothing that was not meant to be signed is signed, and nothing panics.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::BTreeMap;

use trefoil_core::codec::{Layout, Span};
use trefoil_core::error::{Blame, Code, EngineError};
use trefoil_core::frost::commit::{self, Nonces};
use trefoil_core::frost::initiate::Initiator;
use trefoil_core::frost::respond::{self, Responder};
use trefoil_core::frost::{SigningSuite, VerifiedSignature};
use trefoil_core::keygen::{echo, round1, round2};
use trefoil_core::machine::{Machine, Outcome, Outgoing};
use trefoil_core::party::PartyId;
use trefoil_core::public_package;
use trefoil_core::share::{self, KeyShare};
use trefoil_core::suites::{Ed25519, Taproot};
use world::tamper::{ALL, Coverage, Elsewhere, Tamper, tamper};
use world::{CONTEXT, Sent, error_of, keygen_session, master, party, rng, shares};

const IDS: [u16; 3] = [1, 2, 3];
const VICTIM: u16 = 1;
const ATTACKER: u16 = 2;
const BYSTANDER: u16 = 3;

/// Everything that was sent in an honest session.
fn recorded(context: [u8; 32], seed: u64) -> Vec<Sent> {
    let mut all = Vec::new();
    keygen_session(&IDS, 2, context, seed).run(|sent| all.push(sent.clone()));
    all
}

fn message(all: &[Sent], round: u16, from: u16, to: u16) -> Vec<u8> {
    let found = all.iter().find(|sent| sent.round == round && sent.from == party(from) && sent.to == party(to));
    found.unwrap().payload.clone()
}

#[test]
fn every_field_of_the_key_generation() {
    let (here, there) = (recorded(CONTEXT, 1), recorded([0x77; 32], 2));
    let rounds: [(u16, Layout); 3] =
        [(round1::ROUND, round1::layout(2)), (round2::ROUND, round2::layout()), (echo::ROUND, echo::layout())];
    let mut coverage = Coverage::default();
    for (round, layout) in &rounds {
        coverage.declare(layout);
        let elsewhere = Elsewhere {
            other_session: message(&there, *round, ATTACKER, VICTIM),
            other_peer: message(&here, *round, BYSTANDER, VICTIM),
            own: message(&here, *round, VICTIM, ATTACKER),
        };
        assert_eq!(layout.bytes(), elsewhere.own.len());
        for span in layout.spans() {
            for how in ALL {
                let changed = attack_keygen(*round, &span, how, &elsewhere);
                assert!(changed || same_by_design(*round, &span, how), "{round} {span:?} {how:?} changed nothing");
                coverage.visit();
            }
        }
    }
    coverage.assert_complete("key generation");
}

/// The header is the same in all messages of a round, and all parties of a session send the same echo.
fn same_by_design(round: u16, span: &Span, how: Tamper) -> bool {
    let header = ["version", "object", "suite"].contains(&span.name);
    let swapped = matches!(how, Tamper::FromAnotherSession | Tamper::FromAnotherPeer | Tamper::Replay);
    swapped && (header || round == echo::ROUND && how != Tamper::FromAnotherSession)
}

fn attack_keygen(round: u16, span: &Span, how: Tamper, elsewhere: &Elsewhere) -> bool {
    let mut session = keygen_session(&IDS, 2, CONTEXT, 1);
    let mut changed = false;
    session.run(|sent| {
        if (sent.round, sent.from, sent.to) == (round, party(ATTACKER), party(VICTIM)) {
            changed = tamper(&mut sent.payload, span, how, elsewhere);
        }
    });
    let case = format!("round {round} {span:?} {how:?}");
    match session.abort_of(VICTIM) {
        None => assert!(!changed, "{case} was accepted"),
        Some(error) => {
            assert!(changed, "{case}: {error:?}");
            assert_eq!(error.blame(), Blame::Peer, "{case}: {error:?}");
            let nobody = error.code() == Code::EchoMismatch;
            let named: Vec<PartyId> = if nobody { Vec::new() } else { vec![party(ATTACKER)] };
            assert_eq!(error.culprits(), named, "{case}: {error:?}");
            assert!(error.round().is_some_and(|seen| seen == round || seen == round + 1), "{case}: {error:?}");
        }
    }
    changed
}

#[test]
fn every_field_of_taproot_signing() {
    attack_signing::<Taproot>("taproot signing");
}

#[test]
fn every_field_of_ed25519_signing() {
    attack_signing::<Ed25519>("ed25519 signing");
}

/// The three messages of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leg {
    Offer,
    Request,
    Answer,
}

/// The three messages as they were sent.
type Legs = [Vec<u8>; 3];

const DIGEST: [u8; 32] = [0x33; 32];

fn attack_signing<S: SigningSuite>(what: &str) {
    let shares = shares(&IDS, 2, 5);
    let honest = signing::<S>(&shares, VICTIM, ATTACKER, 1, |_, _| {});
    let another = signing::<S>(&shares, VICTIM, ATTACKER, 2, |_, _| {}).legs;
    let bystander = signing::<S>(&shares, BYSTANDER, VICTIM, 3, |_, _| {}).legs;
    assert!(honest.result.is_ok());
    let mut coverage = Coverage::default();
    for (leg, layout) in [
        (Leg::Offer, commit::layout::<S>()),
        (Leg::Request, commit::layout::<S>()),
        (Leg::Answer, respond::layout::<S>()),
    ] {
        coverage.declare(&layout);
        let elsewhere = Elsewhere {
            other_session: another[leg as usize].clone(),
            other_peer: bystander[leg as usize].clone(),
            own: bystander[2 - leg as usize].clone(),
        };
        for span in layout.spans() {
            for how in ALL {
                let own = if leg == Leg::Answer { &another[2] } else { &honest.legs[1 - leg as usize] };
                let elsewhere = Elsewhere { own: own.clone(), ..elsewhere.clone() };
                let mut changed = false;
                let attacked = signing::<S>(&shares, VICTIM, ATTACKER, 1, |at, bytes| {
                    if at == leg {
                        changed = tamper(bytes, &span, how, &elsewhere);
                    }
                });
                check_signing(&attacked.result, changed, &format!("{leg:?} {span:?} {how:?}"), leg);
                coverage.visit();
            }
        }
    }
    coverage.assert_complete(what);
}

impl Clone for Elsewhere {
    fn clone(&self) -> Self {
        Self { other_session: self.other_session.clone(), other_peer: self.other_peer.clone(), own: self.own.clone() }
    }
}

fn check_signing(result: &Result<VerifiedSignature, EngineError>, changed: bool, case: &str, leg: Leg) {
    match result {
        Ok(_) => assert!(!changed, "{case} was accepted"),
        Err(error) => {
            assert!(changed, "{case}: {error:?}");
            assert_eq!(error.blame(), Blame::Peer, "{case}");
            assert!(matches!(error.code(), Code::Malformed | Code::BadShare), "{case}: {error:?}");
            // The responder refuses a request of the initiator; all the rest the initiator sees.
            let refused_request = leg == Leg::Request && error.code() == Code::Malformed;
            let culprit = party(if refused_request { VICTIM } else { ATTACKER });
            assert_eq!(error.culprits(), [culprit], "{case}: {error:?}");
            assert_eq!(error.round(), Some(1), "{case}");
        }
    }
}

struct Signing {
    legs: Legs,
    result: Result<VerifiedSignature, EngineError>,
}

/// A signature whose messages go through the adversary's hands. The responder never answers twice.
fn signing<S: SigningSuite>(
    shares: &BTreeMap<PartyId, KeyShare>,
    initiator: u16,
    responder: u16,
    seed: u64,
    mut adversary: impl FnMut(Leg, &mut Vec<u8>),
) -> Signing {
    let (asks, helps) = (&shares[&party(initiator)], &shares[&party(responder)]);
    let mut random = rng(seed);
    let nonces = Nonces::<S>::new(helps, &mut random);
    let mut legs: Legs = [nonces.commitments().unwrap().to_vec(), Vec::new(), Vec::new()];
    adversary(Leg::Offer, &mut legs[0]);
    let mut asking = match Initiator::<S>::new(asks, &master(), &DIGEST, helps.party(), &legs[0], &mut random) {
        Ok(asking) => asking,
        Err(error) => return Signing { legs, result: Err(error) },
    };
    let mut helping = Responder::<S>::new(helps, nonces, &master(), &DIGEST, asks.party()).unwrap();
    helping.start();
    legs[1] = asking.start().remove(0).payload.to_vec();
    adversary(Leg::Request, &mut legs[1]);
    let answers: Vec<Outgoing> = helping.receive(asks.party(), 1, &legs[1]);
    assert!(helping.receive(asks.party(), 1, &legs[1]).is_empty(), "the responder answered twice");
    let Some(answer) = answers.first() else {
        return Signing { legs, result: Err(error_of(helping.outcome()).unwrap()) };
    };
    legs[2] = answer.payload.to_vec();
    adversary(Leg::Answer, &mut legs[2]);
    asking.receive(helps.party(), 1, &legs[2]);
    let result = match asking.outcome() {
        Outcome::Done(signature) => Ok(signature),
        Outcome::Aborted(error) => Err(error),
        Outcome::Pending => panic!("the initiator still waits"),
    };
    Signing { legs, result }
}

/// How an object comes out of a share.
type Encoding = fn(&KeyShare) -> Vec<u8>;

#[test]
fn every_field_of_what_is_stored() {
    let (here, there) = (shares(&IDS, 2, 8), shares(&IDS, 2, 9));
    let encoded = |share: &KeyShare| share.encode().unwrap().to_vec();
    let package = |share: &KeyShare| share.public_package().encoded().to_vec();
    let mut coverage = Coverage::default();
    let objects: [(Layout, Encoding, bool); 2] = [
        (share::layout(), |share| share.encode().unwrap().to_vec(), true),
        (public_package::layout(3), |share| share.public_package().encoded().to_vec(), false),
    ];
    for (layout, encoding, is_share) in &objects {
        coverage.declare(layout);
        let elsewhere = Elsewhere {
            other_session: encoding(&there[&party(VICTIM)]),
            other_peer: encoding(&here[&party(ATTACKER)]),
            own: encoding(&there[&party(BYSTANDER)]),
        };
        for span in layout.spans() {
            for how in ALL {
                let mut bytes = encoding(&here[&party(VICTIM)]);
                let changed = tamper(&mut bytes, &span, how, &elsewhere);
                let decoded = if *is_share {
                    KeyShare::decode(&bytes, &package(&here[&party(VICTIM)]))
                } else {
                    KeyShare::decode(&encoded(&here[&party(VICTIM)]), &bytes)
                };
                match decoded {
                    Ok(_) => assert!(!changed, "{span:?} {how:?} was accepted"),
                    Err(error) => {
                        assert!(changed, "{span:?} {how:?}: {error:?}");
                        assert_eq!((error.code(), error.blame()), (Code::StoredShare, Blame::Caller));
                    }
                }
                coverage.visit();
            }
        }
    }
    coverage.assert_complete("stored objects");
}
