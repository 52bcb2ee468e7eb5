//! The rules that keep keys safe, one test for each that nonces and the two roles of a FROST signature can show.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use trefoil_core::derive::Path;
use trefoil_core::error::{Blame, Code};
use trefoil_core::frost::commit::{self, Nonces};
use trefoil_core::frost::initiate::Initiator;
use trefoil_core::frost::respond::{self, Responder};
use trefoil_core::frost::{SigningSuite, VerifiedSignature};
use trefoil_core::machine::Machine;
use trefoil_core::public_package::{self, PublicPackage};
use trefoil_core::share::KeyShare;
use trefoil_core::suites::{Ed25519, Taproot};
use world::{error_of, master, party, rng, shares, sign};

const IDS: [u16; 3] = [1, 2, 3];

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
