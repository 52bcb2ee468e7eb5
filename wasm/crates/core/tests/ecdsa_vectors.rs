//! Published vectors of BIP32 and frozen bytes of the ECDSA messages.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use k256::elliptic_curve::PrimeField;
use k256::elliptic_curve::sec1::FromEncodedPoint;
use k256::{AffinePoint, EncodedPoint, ProjectivePoint, Scalar};
use sha2::{Digest, Sha256};
use trefoil_core::derive::{self, Path};
use world::batch::{batch, joint_session, path, presign_session};
use world::{CONTEXT, party, shares};

/// Chain code and key of an extended public key, whose checksum is right.
fn extended(text: &str) -> ([u8; 32], Vec<u8>) {
    let alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0_u8; 82];
    for letter in text.chars() {
        let mut carry = alphabet.find(letter).unwrap();
        for byte in bytes.iter_mut().rev() {
            carry += usize::from(*byte) * 58;
            *byte = (carry % 256) as u8;
            carry /= 256;
        }
    }
    assert_eq!(Sha256::digest(Sha256::digest(&bytes[..78]))[..4], bytes[78..], "checksum");
    assert_eq!(bytes[..4], [0x04, 0x88, 0xb2, 0x1e]);
    (bytes[13..45].try_into().unwrap(), bytes[45..78].to_vec())
}

/// BIP32 test vectors 1 and 2: every step of them that is not hardened, and two such steps at once.
#[test]
fn bip32_public_derivation() {
    const VECTOR_1: [&str; 5] = [
        "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw",
        "xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ",
        "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5",
        "xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV",
        "xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy",
    ];
    const VECTOR_2: [&str; 2] = [
        "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB",
        "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH",
    ];
    for (parent, child, steps) in [
        (VECTOR_1[0], VECTOR_1[1], &[1_u32][..]),
        (VECTOR_1[2], VECTOR_1[3], &[2]),
        (VECTOR_1[3], VECTOR_1[4], &[1_000_000_000]),
        (VECTOR_1[2], VECTOR_1[4], &[2, 1_000_000_000]),
        (VECTOR_2[0], VECTOR_2[1], &[0]),
        (VECTOR_2[0], VECTOR_2[0], &[]),
    ] {
        let ((chain_code, key), (child_code, child_key)) = (extended(parent), extended(child));
        let derived = derive::derive(&key, chain_code, &Path::new(steps).unwrap()).unwrap();
        assert_eq!((derived.key().to_vec(), *derived.chain_code()), (child_key.clone(), child_code));
        let tweak = Option::<Scalar>::from(Scalar::from_repr(derived.tweak().into())).unwrap();
        let point = |bytes: &[u8]| AffinePoint::from_encoded_point(&EncodedPoint::from_bytes(bytes).unwrap()).unwrap();
        let shifted = ProjectivePoint::from(point(&key)) + ProjectivePoint::GENERATOR * tweak;
        assert_eq!(shifted.to_affine(), point(&child_key));
    }
}

#[test]
fn keys_of_a_wallet_derive_from_its_package() {
    let shares = shares(&[1, 2, 3], 2, 30);
    let package = shares[&party(1)].public_package();
    let (keys, codes, at) = (package.key_bytes().unwrap(), package.chain_codes(), path(&[0, 7]));
    let (ecdsa, taproot) = (derive::ecdsa(package, &at).unwrap(), derive::taproot(package, &at).unwrap());
    assert_eq!(ecdsa.key(), derive::derive(&keys.ecdsa, codes.ecdsa, &at).unwrap().key());
    assert_eq!(taproot.key(), derive::derive(&keys.taproot, codes.taproot, &at).unwrap().key());
    assert_ne!(ecdsa.key(), taproot.key());
    assert_eq!(derive::taproot(package, &path(&[])).unwrap().key().to_vec(), keys.taproot);
    assert!(derive::derive(&[0; 33], codes.ecdsa, &at).is_err());
}

/// SHA-256 of every message of a seeded session. A change here is a new version of the protocol.
#[test]
fn messages_keep_their_bytes() {
    let shares = shares(&[1, 2, 3], 2, 2026);
    let mut actual = Vec::new();
    presign_session(&shares, &[1, 2], 2, CONTEXT, 2026).run(|sent| {
        if sent.from == party(1) {
            actual.push((
                format!("presign {}", sent.round),
                sent.payload.len(),
                hex::encode(Sha256::digest(&sent.payload)),
            ));
        }
    });
    let presignatures = batch(&shares, &[1, 2], 1, 2026).remove(0);
    joint_session(&shares, presignatures, &path(&[1]), &[3; 32]).run(|sent| {
        if sent.from == party(1) {
            actual.push((
                format!("sign {}", sent.round),
                sent.payload.len(),
                hex::encode(Sha256::digest(&sent.payload)),
            ));
        }
    });
    let expected = include_str!("vectors/ecdsa-snapshots.txt");
    let lines: Vec<String> =
        actual.iter().map(|(name, bytes, hash)| format!("{name}: {bytes} bytes, {hash}")).collect();
    assert_eq!(lines, expected.lines().collect::<Vec<_>>());
}
