//! The rules that keep keys safe, one test for each that stored shares and public packages can show.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use trefoil_core::error::{Blame, Code};
use trefoil_core::public_package::{self, PublicPackage};
use trefoil_core::share::KeyShare;
use world::{party, shares};

const IDS: [u16; 3] = [1, 2, 3];

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
