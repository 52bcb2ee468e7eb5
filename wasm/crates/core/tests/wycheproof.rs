//! Wycheproof's collection of signatures that verifiers have judged wrongly, against what makes our verified signatures.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use frost_core::VerifyingKey;
use k256::ecdsa::Signature;
use k256::elliptic_curve::sec1::ToEncodedPoint;
use sha2::{Digest, Sha256};
use trefoil_core::ecdsa::signature::VerifiedSignature;
use trefoil_core::frost;
use trefoil_core::suites::{Ed25519, Suite};

struct Case<'a> {
    name: &'a str,
    is_valid: bool,
    key: Vec<u8>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// Number, result, key, message, signature and comment of every test of a file.
fn cases(file: &str) -> impl Iterator<Item = Case<'_>> {
    let bytes = |text: &str| if text == "-" { Vec::new() } else { hex::decode(text).unwrap() };
    file.lines().map(move |line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [_, result, key, message, signature, _] = fields[..] else { panic!("{line}") };
        assert!(["valid", "invalid"].contains(&result), "{line}");
        Case {
            name: line,
            is_valid: result == "valid",
            key: bytes(key),
            message: bytes(message),
            signature: bytes(signature),
        }
    })
}

/// With any of the four recovery ids; at most one of them is right.
fn accepts(signature: &[u8], case: &Case<'_>) -> bool {
    let Ok(key) = k256::PublicKey::from_sec1_bytes(&case.key) else { return false };
    let key: [u8; 33] = key.to_encoded_point(true).as_bytes().try_into().unwrap();
    let digest = Sha256::digest(&case.message).into();
    let accepted = (0..4).filter(|id| VerifiedSignature::verify(signature, *id, &digest, &key).is_ok()).count();
    assert!(accepted <= 1, "{}", case.name);
    accepted == 1
}

/// Of a valid signature with s in the upper half, only the one with −s is ours to give out.
#[test]
fn ecdsa_signatures_of_64_bytes() {
    let (mut low, mut high) = (0, 0);
    for case in cases(include_str!("vectors/wycheproof-ecdsa-p1363.tsv")) {
        let lower = Signature::from_slice(&case.signature).ok().and_then(|signature| signature.normalize_s());
        match lower {
            Some(lower) if case.is_valid => {
                assert!(!accepts(&case.signature, &case), "{}", case.name);
                assert!(accepts(&lower.to_bytes(), &case), "{}", case.name);
                high += 1;
            }
            _ => {
                assert_eq!(accepts(&case.signature, &case), case.is_valid, "{}", case.name);
                low += usize::from(case.is_valid);
            }
        }
    }
    assert!(low > 50 && high > 10, "{low} {high}");
}

/// Bitcoin's rules, s in the lower half among them. What is not strict DER has no 64 bytes that could be judged.
#[test]
fn ecdsa_signatures_of_bitcoin() {
    let (mut judged, mut valid) = (0, 0);
    for case in cases(include_str!("vectors/wycheproof-ecdsa-bitcoin.tsv")) {
        match Signature::from_der(&case.signature) {
            Ok(signature) => {
                assert_eq!(accepts(&signature.to_bytes(), &case), case.is_valid, "{}", case.name);
                judged += 1;
                valid += usize::from(case.is_valid);
            }
            Err(_) => assert!(!case.is_valid, "{}", case.name),
        }
    }
    assert!(judged > 150 && valid > 100, "{judged} {valid}");
}

#[test]
fn ed25519_signatures() {
    let mut valid = 0;
    for case in cases(include_str!("vectors/wycheproof-ed25519.tsv")) {
        let accepted = VerifyingKey::<<Ed25519 as Suite>::Frost>::deserialize(&case.key)
            .is_ok_and(|key| frost::VerifiedSignature::verify::<Ed25519>(&case.signature, &case.message, &key).is_ok());
        assert_eq!(accepted, case.is_valid, "{}", case.name);
        valid += usize::from(accepted);
    }
    assert!(valid > 50, "{valid}");
}
