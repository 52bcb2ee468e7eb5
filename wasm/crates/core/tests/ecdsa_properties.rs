//! Threshold ECDSA for quorums, signer sets, batch sizes, paths and digests that nobody chose: every set of every quorum up to
//! 3-of-5 by enumeration, the rest by drawing.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};

use frost_core::VerifyingKey as VerifyingKeyOf;
use k256::ecdsa::{RecoveryId, Signature, VerifyingKey};
use trefoil_core::derive::{self, MAX_DEPTH, Path};
use trefoil_core::ecdsa::signature::VerifiedSignature;
use trefoil_core::frost;
use trefoil_core::suites::{Suite, Taproot};
use world::batch::{Shares, batch, path, sign_jointly, sign_two};
use world::{party, shares, sign_child};

/// Recovers the key of the path, which verifies the signature, with another library's code than what made it.
fn check(shares: &Shares, at: &Path, digest: &[u8; 32], signature: VerifiedSignature) {
    let package = shares.values().next().unwrap().public_package();
    let key = VerifyingKey::from_sec1_bytes(derive::ecdsa(package, at).unwrap().key()).unwrap();
    let parsed = Signature::from_slice(&signature.to_bytes()).unwrap();
    let recovery = RecoveryId::from_byte(signature.recovery_id()).unwrap();
    assert_eq!(VerifyingKey::recover_from_prehash(digest, &parsed, recovery).unwrap(), key);
    assert!(parsed.normalize_s().is_none());
}

/// A wallet of each quorum; keys do not change between draws.
fn wallet(threshold: u16, size: u16) -> &'static Shares {
    static WALLETS: OnceLock<Mutex<BTreeMap<(u16, u16), &'static Shares>>> = OnceLock::new();
    let mut wallets = WALLETS.get_or_init(Mutex::default).lock().unwrap();
    wallets.entry((threshold, size)).or_insert_with(|| {
        let ids: Vec<u16> = (1..=size).collect();
        Box::leak(Box::new(shares(&ids, threshold, u64::from(threshold * 10 + size))))
    })
}

/// All sets of `threshold` parties out of `size`.
fn signer_sets(threshold: u16, size: u16) -> Vec<Vec<u16>> {
    let all = (0..1_u16 << size).filter(|set| set.count_ones() == u32::from(threshold));
    all.map(|set| (1..=size).filter(|id| set >> (id - 1) & 1 == 1).collect()).collect()
}

#[test]
fn every_signer_set_up_to_three_of_five() {
    let mut signed = 0_u32;
    for (threshold, size) in [(2, 2), (2, 3), (3, 3), (2, 4), (3, 4), (2, 5), (3, 5)] {
        let shares = wallet(threshold, size);
        for set in signer_sets(threshold, size) {
            let digest = [signed as u8; 32];
            let at = path(&[signed][..usize::from(signed % 2 == 1)]);
            for presignatures in batch(shares, &set, 1, 1000 + u64::from(signed)) {
                check(shares, &at, &digest, sign_jointly(shares, presignatures, &at, &digest).unwrap());
            }
            signed += 1;
        }
    }
    assert_eq!(signed, 1 + 3 + 1 + 6 + 4 + 10 + 10);
}

/// Quorum, signers, batch size, path, digest, who initiates, and the seed of all randomness.
type Draw = ((u8, u8, u16), u8, Vec<u32>, [u8; 32], bool, u32);

#[test]
fn whatever_is_signed_verifies() {
    bolero::check!().with_iterations(24).with_type::<Draw>().for_each(|draw| {
        let ((threshold, size, set), count, path, digest, lower_initiates, seed) = draw;
        let size = 2 + u16::from(*size) % 4;
        let threshold = 2 + u16::from(*threshold) % (size - 1).min(2);
        let sets = signer_sets(threshold, size);
        let set = &sets[usize::from(*set) % sets.len()];
        let count = 1 + u16::from(*count) % 5;
        let at = Path::new(&path.iter().take(MAX_DEPTH).map(|index| index >> 1).collect::<Vec<_>>()).unwrap();
        let shares = wallet(threshold, size);

        let all = batch(shares, set, count, u64::from(*seed));
        let ids: BTreeSet<_> =
            all.iter().flat_map(|each| each.values().map(|presignature| presignature.id())).collect();
        assert_eq!(ids.len(), usize::from(count), "one id for each, the same at all signers");
        for (index, presignatures) in all.into_iter().enumerate() {
            let mut digest = *digest;
            digest[0] ^= index as u8;
            let signature = if threshold == 2 {
                sign_two(shares, presignatures, set[usize::from(*lower_initiates)], &at, &digest)
            } else {
                sign_jointly(shares, presignatures, &at, &digest)
            };
            check(shares, &at, &digest, signature.unwrap());
        }
    });
}

/// Children of the BIP340 key, under the output key that a stranger derives.
#[test]
fn taproot_children_sign_for_their_output_keys() {
    let wallets = [wallet(2, 2), wallet(2, 3), wallet(2, 4), wallet(2, 5)];
    let package = |wallet: usize| wallets[wallet][&party(1)].public_package();
    let parity = |wallet, indices: &[u32]| derive::taproot(package(wallet), &path(indices)).unwrap().key()[0];
    bolero::check!().with_iterations(48).with_type::<(usize, Vec<u32>, [u8; 32], bool, u32)>().for_each(
        |(wallet, path, digest, lower_initiates, seed)| {
            let wallet = wallet % wallets.len();
            let at = Path::new(&path.iter().take(MAX_DEPTH).map(|index| index >> 1).collect::<Vec<_>>()).unwrap();
            let (asks, helps) = if *lower_initiates { (1, 2) } else { (2, 1) };
            let (asks, helps) = (&wallets[wallet][&party(asks)], &wallets[wallet][&party(helps)]);
            let signature = sign_child::<Taproot>(asks, helps, &at, digest, u64::from(*seed)).unwrap();
            let internal = derive::taproot(package(wallet), &at).unwrap();
            let key = [&[2][..], &output_key(internal.key())].concat();
            let key = VerifyingKeyOf::<<Taproot as Suite>::Frost>::deserialize(&key).unwrap();
            frost::VerifiedSignature::verify::<Taproot>(&signature.to_bytes(), digest, &key).unwrap();
        },
    );
    // Internal keys of both parities, of masters and of children.
    assert_eq!((0..4).map(|wallet| parity(wallet, &[])).collect::<BTreeSet<_>>().len(), 2);
    assert_eq!((0..16).map(|index| parity(0, &[index])).collect::<BTreeSet<_>>().len(), 2);
}

/// BIP341 with an empty tree.
fn output_key(internal: &[u8; 33]) -> [u8; 32] {
    use k256::elliptic_curve::ops::Reduce;
    use k256::elliptic_curve::point::AffineCoordinates;
    use sha2::{Digest, Sha256};
    let tag = Sha256::digest("TapTweak");
    let hash = Sha256::new_with_prefix(tag).chain_update(tag).chain_update(&internal[1..]).finalize();
    let lifted = k256::PublicKey::from_sec1_bytes(&[&[2], &internal[1..]].concat()).unwrap();
    let tweak = <k256::Scalar as Reduce<k256::U256>>::reduce_bytes(&hash);
    (lifted.to_projective() + k256::ProjectivePoint::GENERATOR * tweak).to_affine().x().into()
}
