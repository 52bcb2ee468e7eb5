//! The rules that keep keys safe, one test for each that the machines can show.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::BTreeMap;

use trefoil_core::derive::Path;
use trefoil_core::error::{Blame, Code};
use trefoil_core::frost::commit::{self, Nonces};
use trefoil_core::frost::initiate::Initiator;
use trefoil_core::frost::respond::{self, Responder};
use trefoil_core::frost::{SigningSuite, VerifiedSignature};
use trefoil_core::keygen::Keygen;
use trefoil_core::machine::{Machine, Outcome};
use trefoil_core::public_package::{self, PublicPackage};
use trefoil_core::roster::Roster;
use trefoil_core::share::KeyShare;
use trefoil_core::suites::{Ed25519, Taproot};
use world::{CONTEXT, Prescribed, Sent, Session, error_of, keygen_session, master, parties, party, rng, shares, sign};

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

fn encoded(share: &KeyShare) -> (Vec<u8>, Vec<u8>) {
    (share.encode().unwrap().to_vec(), share.public_package().encoded().to_vec())
}

/// A share with one valid scalar in place of another, every other byte right.
#[test]
fn a_stored_share_must_fit_its_verifying_shares() {
    let (here, there) = (shares(&IDS, 2, 1), shares(&IDS, 2, 2));
    let (own, package) = encoded(&here[&party(1)]);
    let (foreign, _) = encoded(&there[&party(1)]);
    for span in trefoil_core::share::layout().spans().iter().filter(|span| span.name.ends_with(".share")) {
        let mut mixed = own.clone();
        mixed[span.range.clone()].copy_from_slice(&foreign[span.range.clone()]);
        let error = KeyShare::decode(&mixed, &package).err().unwrap();
        assert_eq!((error.code(), error.blame()), (Code::StoredShare, Blame::Caller), "{span:?}");
        assert_eq!(error.detail(), "the share does not fit its verifying share");
    }
}

#[test]
fn a_stored_share_belongs_to_one_public_package() {
    let shares = shares(&IDS, 2, 1);
    let (own, mut package) = encoded(&shares[&party(1)]);
    let chain_code =
        public_package::layout(3).spans().into_iter().find(|span| span.name == "ecdsa.chain-code").unwrap();
    package[chain_code.range.start] ^= 1;
    assert!(PublicPackage::decode(&package).is_ok());
    assert_eq!(KeyShare::decode(&own, &package).err().unwrap().code(), Code::StoredShare);
}

/// Two orders of one roster would be two digests of one wallet.
#[test]
fn a_public_package_has_one_encoding() {
    let package = shares(&IDS, 2, 1)[&party(1)].public_package().encoded().to_vec();
    let order = |ids: [u8; 3]| {
        let mut reordered = package.clone();
        for (span, id) in public_package::layout(3).spans().iter().filter(|span| span.name == "party").zip(ids) {
            reordered[span.range.end - 1] = id;
        }
        PublicPackage::decode(&reordered).is_ok()
    };
    assert!(order([1, 2, 3]));
    assert!(!order([1, 3, 2]));
    assert!(!order([1, 1, 3]));
    assert!(!order([0, 2, 3]));
}

#[test]
fn trailing_bytes_and_other_versions_are_refused() {
    let shares = shares(&IDS, 2, 1);
    let (own, package) = encoded(&shares[&party(1)]);
    let with = |bytes: &[u8], more: u8| [bytes, &[more]].concat();
    assert_eq!(KeyShare::decode(&with(&own, 0), &package).err().unwrap().code(), Code::StoredShare);
    assert_eq!(PublicPackage::decode(&with(&package, 0)).err().unwrap().code(), Code::Malformed);
    for at in 0..3 {
        let (mut share, mut public) = (own.clone(), package.clone());
        share[at] ^= 2;
        public[at] ^= 2;
        assert_eq!(KeyShare::decode(&share, &package).err().unwrap().code(), Code::StoredShare);
        assert_eq!(PublicPackage::decode(&public).err().unwrap().code(), Code::Malformed);
    }
}

#[test]
fn scalars_out_of_range_and_points_off_the_curve_are_refused() {
    let shares = shares(&IDS, 2, 1);
    let (own, package) = encoded(&shares[&party(1)]);
    for span in trefoil_core::share::layout().spans().iter().filter(|span| span.name.ends_with(".share")) {
        let mut share = own.clone();
        share[span.range.clone()].fill(0xff);
        assert_eq!(KeyShare::decode(&share, &package).err().unwrap().detail(), span.name);
    }
    for span in public_package::layout(3).spans().iter().filter(|span| span.range.len() >= 32) {
        let mut public = package.clone();
        public[span.range.clone()].fill(0xff);
        let decoded = PublicPackage::decode(&public);
        assert_eq!(decoded.is_ok(), span.name.ends_with("chain-code"), "{}", span.name);
    }
}

/// The identity and a point of small order, as commitments of a party that wants to learn a share.
#[test]
fn commitments_of_small_order_are_refused() {
    let shares = shares(&IDS, 2, 1);
    let asks = &shares[&party(1)];
    let identity = [&[1][..], &[0; 31]].concat();
    let order_two = [&[0xec][..], &[0xff; 30], &[0x7f]].concat();
    for point in [identity, order_two] {
        let offer = commit::layout::<Ed25519>().writer().put(&point).put(&point).finish().unwrap();
        let error = Initiator::<Ed25519>::new(asks, &master(), b"m", party(2), &offer, &mut rng(1)).err().unwrap();
        assert_eq!((error.code(), error.culprits()), (Code::Malformed, &[party(2)][..]));
    }
}

#[test]
fn nonces_serve_only_the_share_they_were_made_for() {
    let (here, there) = (shares(&IDS, 2, 1), shares(&IDS, 2, 2));
    for share in [&here[&party(3)], &there[&party(2)]] {
        let nonces = Nonces::<Taproot>::new(&here[&party(2)], &mut rng(1));
        let error = Responder::new(share, nonces, &master(), &[1; 32], party(1)).err().unwrap();
        assert_eq!((error.code(), error.blame()), (Code::Misuse, Blame::Bug));
    }
}

/// Method resolution tries the first trait before the second, so it answers whether a type has a capability.
macro_rules! can {
    ($type:ty, $capability:path) => {{
        struct Probe<T>(std::marker::PhantomData<T>);
        #[allow(dead_code)]
        trait Yes {
            fn can(&self) -> bool {
                true
            }
        }
        #[allow(dead_code)]
        trait No {
            fn can(&self) -> bool {
                false
            }
        }
        impl<T: $capability> Yes for Probe<T> {}
        impl<T> No for &Probe<T> {}
        (&Probe::<$type>(std::marker::PhantomData)).can()
    }};
}

#[test]
#[allow(clippy::needless_borrow)]
fn nonces_and_shares_cannot_be_copied_or_printed() {
    assert!(can!(u8, Clone) && can!(u8, std::fmt::Debug));
    assert!(!can!(Nonces<Taproot>, Clone) && !can!(Nonces<Ed25519>, Clone));
    assert!(!can!(Nonces<Taproot>, std::fmt::Debug) && !can!(Nonces<Taproot>, std::fmt::Display));
    assert!(!can!(KeyShare, Clone) && !can!(KeyShare, std::fmt::Debug));
}

#[test]
fn nonces_are_fresh_for_every_signature() {
    let shares = shares(&IDS, 2, 1);
    let mut random = rng(1);
    let mut made = || Nonces::<Ed25519>::new(&shares[&party(2)], &mut random).commitments().unwrap().to_vec();
    let (first, second) = (made(), made());
    assert_ne!(first, second);
    assert_ne!(first[3..35], first[35..]);
}

/// The responder answers one request; a second one, even for the same digest, gets nothing.
#[test]
fn one_nonce_answers_once() {
    let shares = shares(&IDS, 2, 1);
    let (asks, helps) = (&shares[&party(1)], &shares[&party(2)]);
    let nonces = Nonces::<Taproot>::new(helps, &mut rng(1));
    let offer = nonces.commitments().unwrap();
    let request = |seed| {
        let mut run = Initiator::<Taproot>::new(asks, &master(), &[1; 32], party(2), &offer, &mut rng(seed)).unwrap();
        run.start().remove(0).payload
    };
    let mut helping = Responder::new(helps, nonces, &master(), &[1; 32], party(1)).unwrap();
    helping.start();
    assert_eq!(helping.receive(party(1), 1, &request(1)).len(), 1);
    assert!(helping.receive(party(1), 1, &request(2)).is_empty());
    helping.start();
    assert!(helping.receive(party(1), 1, &request(3)).is_empty());
}

/// After a bad request the nonces are gone too.
#[test]
fn a_refused_request_burns_the_nonces() {
    let shares = shares(&IDS, 2, 1);
    let nonces = Nonces::<Taproot>::new(&shares[&party(2)], &mut rng(1));
    let offer = nonces.commitments().unwrap();
    let mut helping = Responder::new(&shares[&party(2)], nonces, &master(), &[1; 32], party(1)).unwrap();
    helping.start();
    assert!(helping.receive(party(1), 1, &[0; 9]).is_empty());
    let mut asking =
        Initiator::<Taproot>::new(&shares[&party(1)], &master(), &[1; 32], party(2), &offer, &mut rng(2)).unwrap();
    assert!(helping.receive(party(1), 1, &asking.start()[0].payload).is_empty());
    assert_eq!(error_of(helping.outcome()).unwrap().code(), Code::Malformed);
}

#[test]
fn a_bad_signature_share_names_the_responder() {
    let shares = shares(&IDS, 2, 1);
    bad_share::<Taproot>(&shares[&party(1)], &shares[&party(2)]);
    bad_share::<Ed25519>(&shares[&party(1)], &shares[&party(2)]);
}

fn bad_share<S: SigningSuite>(asks: &KeyShare, helps: &KeyShare) {
    let offer = Nonces::<S>::new(helps, &mut rng(1)).commitments().unwrap();
    let mut asking = Initiator::<S>::new(asks, &master(), &[1; 32], helps.party(), &offer, &mut rng(2)).unwrap();
    asking.start();
    let wrong = respond::layout::<S>().writer().put([0; 32]).finish().unwrap();
    asking.receive(helps.party(), 1, &wrong);
    let error = error_of(asking.outcome()).unwrap();
    assert_eq!((error.code(), error.blame(), error.round()), (Code::BadShare, Blame::Peer, Some(1)));
    assert_eq!(error.culprits(), [helps.party()]);
}

/// Parties that were shown different digests make no signature.
#[test]
fn the_digest_is_each_partys_own() {
    let shares = shares(&IDS, 2, 1);
    let (asks, helps) = (&shares[&party(1)], &shares[&party(2)]);
    let nonces = Nonces::<Taproot>::new(helps, &mut rng(1));
    let offer = nonces.commitments().unwrap();
    let mut asking = Initiator::<Taproot>::new(asks, &master(), &[1; 32], party(2), &offer, &mut rng(2)).unwrap();
    let mut helping = Responder::new(helps, nonces, &master(), &[2; 32], party(1)).unwrap();
    helping.start();
    let answer = helping.receive(party(1), 1, &asking.start()[0].payload).remove(0);
    asking.receive(party(2), 1, &answer.payload);
    assert_eq!(error_of(asking.outcome()).unwrap().code(), Code::BadShare);
}

#[test]
fn only_what_verifies_is_a_signature() {
    let shares = shares(&IDS, 2, 1);
    let (asks, helps) = (&shares[&party(1)], &shares[&party(2)]);
    let public = asks.public_package();
    let taproot = sign::<Taproot>(asks, helps, &[1; 32], 1).unwrap().to_bytes();
    let output_key = Taproot::output_key(&public.keys().taproot);
    assert!(VerifiedSignature::verify::<Taproot>(&taproot, &[1; 32], &output_key).is_ok());
    assert!(VerifiedSignature::verify::<Taproot>(&taproot, &[2; 32], &output_key).is_err());
    assert!(VerifiedSignature::verify::<Taproot>(&taproot, &[1; 32], public.keys().taproot.verifying_key()).is_err());
    assert!(VerifiedSignature::verify::<Taproot>(&taproot[..63], &[1; 32], &output_key).is_err());
    let ed25519 = sign::<Ed25519>(asks, helps, b"m", 1).unwrap().to_bytes();
    let key = Ed25519::output_key(&public.keys().ed25519);
    assert!(VerifiedSignature::verify::<Ed25519>(&ed25519, b"m", &key).is_ok());
    assert!(VerifiedSignature::verify::<Ed25519>(&ed25519, b"n", &key).is_err());
}

#[test]
fn requests_that_cannot_be_signed_are_refused_first() {
    let (pairs, triples) = (shares(&IDS, 2, 1), shares(&IDS, 3, 1));
    let refused = |share: &KeyShare, digest: &[u8], peer| {
        let nonces = Nonces::<Taproot>::new(share, &mut rng(1));
        let offer = nonces.commitments().unwrap();
        let asked = Initiator::<Taproot>::new(share, &master(), digest, party(peer), &offer, &mut rng(2)).err();
        let helped = Responder::<Taproot>::new(share, nonces, &master(), digest, party(peer)).err();
        for error in [asked.unwrap(), helped.unwrap()] {
            assert_eq!((error.code(), error.blame()), (Code::Misuse, Blame::Bug));
        }
    };
    refused(&pairs[&party(1)], &[1; 31], 2);
    refused(&pairs[&party(1)], &[], 2);
    refused(&pairs[&party(1)], &[1; 32], 1);
    refused(&pairs[&party(1)], &[1; 32], 4);
    refused(&triples[&party(1)], &[1; 32], 2);
    let too_long = vec![0; 65_537];
    let nonces = Nonces::<Ed25519>::new(&pairs[&party(1)], &mut rng(1));
    assert!(Responder::<Ed25519>::new(&pairs[&party(1)], nonces, &master(), &too_long, party(2)).is_err());
}

/// SEC1's "compact" form, which the curve crate reads as the point with the smaller ordinate.
#[test]
fn a_point_has_one_encoding() {
    let package = shares(&IDS, 2, 1)[&party(1)].public_package().encoded().to_vec();
    let points = public_package::layout(3).spans().into_iter().filter(|span| span.range.len() == 33);
    for span in points {
        let mut compact = package.clone();
        compact[span.range.start] = 5;
        assert_eq!(PublicPackage::decode(&compact).err().unwrap().detail(), span.name);
    }
    let nonces = Nonces::<Taproot>::new(&shares(&IDS, 2, 1)[&party(2)], &mut rng(1));
    let mut offer = nonces.commitments().unwrap().to_vec();
    offer[3] = 5;
    let asks = &shares(&IDS, 2, 1)[&party(1)];
    let error = Initiator::<Taproot>::new(asks, &master(), &[1; 32], party(2), &offer, &mut rng(1)).err().unwrap();
    assert_eq!((error.code(), error.detail()), (Code::Malformed, "hiding-commitment"));
}

/// A path that would be ignored would be a signature of another key than was asked for.
#[test]
fn the_ed25519_key_has_no_children() {
    let shares = shares(&IDS, 2, 1);
    let child = Path::new(&[0]).unwrap();
    let nonces = Nonces::<Ed25519>::new(&shares[&party(2)], &mut rng(1));
    let offer = nonces.commitments().unwrap();
    let asked = Initiator::<Ed25519>::new(&shares[&party(1)], &child, b"m", party(2), &offer, &mut rng(2)).err();
    let helped = Responder::new(&shares[&party(2)], nonces, &child, b"m", party(1)).err();
    for error in [asked.unwrap(), helped.unwrap()] {
        assert_eq!((error.code(), error.blame()), (Code::Misuse, Blame::Bug));
    }
}
