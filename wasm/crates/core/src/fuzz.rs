//! A fuzz target for every decoder. `cargo test` runs each for a bounded number of inputs; `cargo bolero test fuzz::NAME` (with the
//! cargo-bolero tool and a nightly compiler) runs one for as long as wanted, guided by coverage.
//!
//! The match over [`Object`] has no other arm: an object without a decoder here does not compile.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::OnceLock;

use zeroize::Zeroizing;

use crate::codec::{HEADER_BYTES, Layout, Object, SuiteTag, VERSION};
use crate::ecdsa::presign::tests::shares;
use crate::ecdsa::presign::{round1 as presign1, round2 as presign2, round3 as presign3};
use crate::ecdsa::sign::{opening, part, respond as reply};
use crate::ecdsa::{rvole, signature};
use crate::frost::{VerifiedSignature, commit, respond};
use crate::keygen::{echo, round1, round2};
use crate::party::PartyId;
use crate::public_package::{self, PublicPackage};
use crate::roster::Roster;
use crate::secp256k1::{point_bytes, read_point, read_scalar};
use crate::share::{self, StoredShare};
use crate::suites::{Ed25519, Suite, Taproot};

/// What a decoder made of some bytes: nothing, something, or something that it can also write again.
type Verdict = Option<Option<Zeroizing<Vec<u8>>>>;

/// Three parties, two of which sign.
fn roster() -> Roster {
    Roster::new((1..=3).map(|id| PartyId::new(id).unwrap()).collect(), 2).unwrap()
}

macro_rules! targets {
    ($($name:ident: $object:ident => $layouts:expr, $decode:expr;)*) => {
        fn layouts(object: Object) -> Vec<Layout> {
            match object { $(Object::$object => $layouts,)* }
        }

        fn decode(object: Object, bytes: &[u8]) -> Verdict {
            match object { $(Object::$object => $decode(bytes),)* }
        }

        $(#[test]
        fn $name() {
            check(Object::$object);
        })*
    };
}

targets! {
    public_package: PublicPackage => (2..=4).map(public_package::layout).collect(), |bytes: &[u8]| {
        let package = PublicPackage::decode(bytes).ok()?;
        let again = PublicPackage::new(package.roster().clone(), package.keys().clone(), package.chain_codes());
        Some(Some(Zeroizing::new(again.unwrap().encoded().to_vec())))
    };
    share: Share => vec![share::layout()], |bytes: &[u8]| StoredShare::decode(bytes).ok().map(|_| None);
    keygen_round1: KeygenRound1 => vec![round1::layout(2), round1::layout(3)], |bytes: &[u8]| {
        round1::decode(bytes, roster().threshold()).ok().map(|_| None)
    };
    keygen_round2: KeygenRound2 => vec![round2::layout()], |bytes: &[u8]| round2::decode(bytes).ok().map(|_| None);
    keygen_echo: KeygenEcho => vec![echo::layout()], |bytes: &[u8]| echo::decode(bytes).ok().map(|_| None);
    frost_commitments: FrostCommitments => vec![commit::layout::<Taproot>(), commit::layout::<Ed25519>()], |bytes: &[u8]| {
        let taproot = commit::decode::<Taproot>(bytes).ok().map(|read| commit::encode::<Taproot>(&read).unwrap());
        let ed25519 = commit::decode::<Ed25519>(bytes).ok().map(|read| commit::encode::<Ed25519>(&read).unwrap());
        taproot.or(ed25519).map(Some)
    };
    frost_share: FrostShare => vec![respond::layout::<Taproot>(), respond::layout::<Ed25519>()], |bytes: &[u8]| {
        let is_share = respond::decode::<Taproot>(bytes).is_ok() || respond::decode::<Ed25519>(bytes).is_ok();
        is_share.then_some(None)
    };
    presign_round1: PresignRound1 => vec![presign1::layout(1), presign1::layout(2)], |bytes: &[u8]| {
        presign1::decode(bytes, 1).ok().map(|_| None)
    };
    presign_round2: PresignRound2 => vec![presign2::layout(1), presign2::layout(2)], |bytes: &[u8]| {
        presign2::decode(bytes, 1).ok().map(|_| None)
    };
    presign_round3: PresignRound3 => vec![presign3::layout(1), presign3::layout(2)], |bytes: &[u8]| {
        let mut reader = presign3::layout(1).reader(bytes).ok()?;
        let received = presign3::read(&mut reader).ok()?;
        rvole::read_corrections(&received.multiplication.corrections).ok().map(|_| None)
    };
    sign_opening: SignOpening => vec![opening::layout()], |bytes: &[u8]| {
        opening::decode(bytes).ok().map(|read| Some(opening::encode(&read).unwrap()))
    };
    sign_part: SignPart => vec![part::layout()], |bytes: &[u8]| {
        part::decode(bytes).ok().map(|read| Some(part::encode(&read).unwrap()))
    };
    sign_reply: SignReply => vec![reply::layout()], |bytes: &[u8]| {
        reply::decode(bytes).ok().map(|read| Some(reply::encode(&read).unwrap()))
    };
}

/// Never a panic; never another length or header than the layout's; what decodes has one encoding.
fn check(object: Object) {
    bolero::check!().for_each(|input: &[u8]| {
        for bytes in [input.to_vec(), framed(object, input), changed(object, input)] {
            let Some(written) = decode(object, &bytes) else { continue };
            assert!(layouts(object).iter().any(|layout| layout.bytes() == bytes.len()));
            assert_eq!(bytes.first_chunk(), Some(&[VERSION, object as u8, *bytes.get(2).unwrap()]));
            assert!(written.is_none_or(|written| *written == bytes));
        }
    });
}

/// The input as fields of a right object: a pure decoder never gets past the header of random bytes. The first byte chooses the
/// layout, and the rest is repeated, so that short inputs fill long fields.
fn framed(object: Object, input: &[u8]) -> Vec<u8> {
    let (choice, fields) = input.split_first().unwrap_or((&0, &[]));
    let layouts = layouts(object);
    let layout = layouts.get(usize::from(*choice) % layouts.len()).unwrap();
    let mut bytes = layout.header().to_vec();
    let repeated = fields.iter().chain(core::iter::once(choice)).cycle();
    bytes.extend(repeated.take(layout.bytes() - HEADER_BYTES));
    bytes
}

/// A stored object of a real wallet with some bytes replaced: the first byte says from where.
fn changed(object: Object, input: &[u8]) -> Vec<u8> {
    static STORED: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let [package, share] = STORED.get_or_init(|| {
        let share = shares(2).remove(0);
        [share.public_package().encoded().to_vec(), share.encode().unwrap().to_vec()]
    });
    let mut bytes = if object == Object::PublicPackage { package.clone() } else { share.clone() };
    let (start, replacement) = input.split_first().unwrap_or((&0, &[]));
    for (byte, other) in bytes.iter_mut().skip(usize::from(*start)).zip(replacement) {
        *byte = *other;
    }
    bytes
}

/// What is read without a header of its own.
#[test]
fn points_scalars_and_signatures() {
    let (key, digest) = ([2; 33], [1; 32]);
    let group_key = frost_core::VerifyingKey::<<Ed25519 as Suite>::Frost>::deserialize(&ED25519_KEY).unwrap();
    bolero::check!().for_each(|input: &[u8]| {
        for bytes in [input.to_vec(), input.iter().chain(&[2]).cycle().take(33).copied().collect()] {
            if let Ok(point) = read_point(&bytes, "point") {
                assert_eq!(point_bytes(&point).unwrap().to_vec(), bytes);
            }
        }
        for bytes in [input.to_vec(), input.iter().chain(&[2]).cycle().take(32).copied().collect()] {
            if let Ok(scalar) = read_scalar(&bytes, "scalar") {
                assert_eq!(scalar.to_bytes().to_vec(), bytes);
            }
        }
        for bytes in [input.to_vec(), input.iter().chain(&[2]).cycle().take(64).copied().collect()] {
            assert!((0..=4).all(|id| signature::VerifiedSignature::verify(&bytes, id, &digest, &key).is_err()));
            assert!(VerifiedSignature::verify::<Ed25519>(&bytes, &digest, &group_key).is_err());
        }
    });
}

/// RFC 8032 section 7.1, the first test's public key.
const ED25519_KEY: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72,
    0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/// A suite's tag stands in the header; here so that the frame is not built with a wrong one.
#[test]
fn frames_are_of_the_layout() {
    let framed = framed(Object::SignPart, &[]);
    assert_eq!(framed.get(..HEADER_BYTES), Some(&[VERSION, Object::SignPart as u8, SuiteTag::Ecdsa as u8][..]));
    assert_eq!(framed.len(), part::layout().bytes());
}
