//! The hash to the curve, against the vectors of RFC 9380 and against two other libraries.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use k256::elliptic_curve::group::GroupEncoding;
use k256::elliptic_curve::hash2curve::{ExpandMsgXmd, GroupDigest};
use k256::elliptic_curve::sec1::ToEncodedPoint;
use k256::{ProjectivePoint, Secp256k1};
use sha2::{Digest, Sha256};
use trefoil_core::ecdsa::base_ot::{self, CURVE_DST};
use trefoil_core::ecdsa::direction::Direction;
use trefoil_core::ecdsa::hash_to_curve::hash_to_curve;
use trefoil_core::secp256k1::POINT_BYTES;
use world::party;

/// RFC 9380 appendix J.8.1, `secp256k1_XMD:SHA-256_SSWU_RO_`.
#[test]
fn hash_to_curve_vectors() {
    let dst = b"QUUX-V01-CS02-with-secp256k1_XMD:SHA-256_SSWU_RO_";
    let q128 = format!("q128_{}", "q".repeat(128));
    let a512 = format!("a512_{}", "a".repeat(512));
    for (message, x, y) in [
        (
            "",
            "c1cae290e291aee617ebaef1be6d73861479c48b841eaba9b7b5852ddfeb1346",
            "64fa678e07ae116126f08b022a94af6de15985c996c3a91b64c406a960e51067",
        ),
        (
            "abc",
            "3377e01eab42db296b512293120c6cee72b6ecf9f9205760bd9ff11fb3cb2c4b",
            "7f95890f33efebd1044d382a01b1bee0900fb6116f94688d487c6c7b9c8371f6",
        ),
        (
            "abcdef0123456789",
            "bac54083f293f1fe08e4a70137260aa90783a5cb84d3f35848b324d0674b0e3a",
            "4436476085d4c3c4508b60fcf4389c40176adce756b398bdee27bca19758d828",
        ),
        (
            &q128,
            "e2167bc785333a37aa562f021f1e881defb853839babf52a7f72b102e41890e9",
            "f2401dd95cc35867ffed4f367cd564763719fbc6a53e969fb8496a1e6685d873",
        ),
        (
            &a512,
            "e3c8d35aaaf0b9b647e88a0a0a7ee5d5bed5ad38238152e4e6fd8c1f8cb7c998",
            "8446eeb6181bf12f56a9d24e262221cc2f0c4725c7e3803024b5888ee5823aa6",
        ),
    ] {
        let point = hash_to_curve(&[message.as_bytes().to_vec()], dst).unwrap()[0];
        let encoded = point.to_affine().to_encoded_point(false);
        assert_eq!(hex::encode(encoded.x().unwrap()), x, "{message}");
        assert_eq!(hex::encode(encoded.y().unwrap()), y, "{message}");
    }
}

/// Against the crate's own function, whose constants ours has, and against points that `@noble/curves` made: see `js/hash-to-curve.test.ts`.
#[test]
fn hash_to_curve_equals_two_other_libraries() {
    let questions: Vec<Vec<u8>> = (0..1000_u16)
        .map(|number| {
            let [high, low] = number.to_be_bytes();
            let direction = Direction { session: [low; 32], sender: party(number + 1), receiver: party(number + 2) };
            base_ot::question(&direction, number, low & 1, &[high.wrapping_add(2); POINT_BYTES])
        })
        .collect();
    let points = hash_to_curve(&questions, CURVE_DST).unwrap();
    for (question, point) in questions.iter().zip(&points) {
        let theirs = Secp256k1::hash_from_bytes::<ExpandMsgXmd<Sha256>>(&[question], &[CURVE_DST]).unwrap();
        assert_eq!(*point, theirs);
    }
    let bytes = |points: &[ProjectivePoint]| points.iter().map(|point| point.to_bytes().to_vec()).collect::<Vec<_>>();
    let lines: Vec<String> = points.chunks(10).map(|ten| hex::encode(Sha256::digest(bytes(ten).concat()))).collect();
    assert_eq!(lines, include_str!("vectors/hash-to-curve.txt").lines().collect::<Vec<_>>());
    assert!(hash_to_curve(&[], CURVE_DST).unwrap().is_empty());
}
