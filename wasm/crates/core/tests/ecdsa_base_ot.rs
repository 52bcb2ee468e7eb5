//! The base oblivious transfer, against its algebra and against the attack that its hash to the curve is there for.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use k256::elliptic_curve::Field;
use k256::elliptic_curve::group::GroupEncoding;
use k256::elliptic_curve::ops::Reduce;
use k256::{ProjectivePoint, Scalar, U256};
use sha2::{Digest, Sha256};
use trefoil_core::ecdsa::base_ot::{self, CURVE_DST, OFFER_BYTES, Receiver, Seed, SeedPairs, Sender};
use trefoil_core::ecdsa::direction::Direction;
use trefoil_core::ecdsa::hash_to_curve::hash_to_curve;
use trefoil_core::ecdsa::ot_extension::{self, Choices};
use trefoil_core::ecdsa::{KAPPA, XI};
use trefoil_core::error::Malformed;
use trefoil_core::secp256k1::POINT_BYTES;
use world::blocks::{HERE, base_ots, direction};
use world::{party, rng};
use zeroize::Zeroizing;

#[test]
fn base_ot_gives_the_chosen_string_only() {
    let (pairs, chosen) = base_ots(HERE, 3);
    assert_eq!((pairs.len(), chosen.seeds.len()), (KAPPA, KAPPA));
    for (index, (pair, seed)) in pairs.iter().zip(chosen.seeds.iter()).enumerate() {
        let choice = (*chosen.choices >> index & 1) as usize;
        assert_eq!(pair[choice], *seed);
        assert_ne!(pair[1 - choice], *seed);
    }
    let mut all: Vec<Seed> = pairs.iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 2 * KAPPA);
    assert!((30..98).contains(&chosen.choices.count_ones()));
}

/// Roles, session and both messages are in every string: with any of them changed nothing fits.
#[test]
fn base_ot_is_bound_to_its_direction() {
    let here = direction(HERE);
    let swapped = Direction { sender: here.receiver, receiver: here.sender, ..here };
    let third = Direction { receiver: party(3), ..here };
    for other in [direction([8; 32]), swapped, third] {
        let mut random = rng(4);
        let sender = Sender::new(&mut random).unwrap();
        let message = *sender.message();
        let receiver = Receiver::new(&here, &mut random).unwrap();
        let pairs = sender.seeds(&other, receiver.message()).unwrap();
        let chosen = receiver.seeds(&here, &message).unwrap();
        assert!(pairs.iter().zip(chosen.seeds.iter()).all(|(pair, seed)| !pair.contains(seed)));
    }
}

/// Whatever two parties could mean differently is in the string.
#[test]
fn every_input_of_a_base_ot_string_counts() {
    let here = direction(HERE);
    let (sender, pair, shared) = ([2; 33], [3; 66], [2; 33]);
    let mut all = vec![
        base_ot::seed(&here, 1, 0, &sender, &pair, &shared),
        base_ot::seed(&direction([8; 32]), 1, 0, &sender, &pair, &shared),
        base_ot::seed(&Direction { sender: party(3), ..here }, 1, 0, &sender, &pair, &shared),
        base_ot::seed(&Direction { receiver: party(3), ..here }, 1, 0, &sender, &pair, &shared),
        base_ot::seed(&here, 2, 0, &sender, &pair, &shared),
        base_ot::seed(&here, 1, 1, &sender, &pair, &shared),
        base_ot::seed(&here, 1, 0, &[3; 33], &pair, &shared),
        base_ot::seed(&here, 1, 0, &sender, &[2; 66], &shared),
        base_ot::seed(&here, 1, 0, &sender, &pair, &[3; 33]),
    ];
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn base_ot_refuses_points_that_are_none() {
    let here = direction(HERE);
    let mut random = rng(5);
    let offer = Receiver::new(&here, &mut random).unwrap().message().to_vec();
    let refused = |offer: &[u8]| Sender::new(&mut rng(6)).unwrap().seeds(&here, offer).unwrap_err();
    assert_eq!(offer.len(), OFFER_BYTES);
    assert_eq!(refused(&offer[1..]), Malformed::Length);
    let off_curve = [vec![2], vec![0; 31], vec![5]].concat();
    for bad in [vec![0; POINT_BYTES], off_curve, vec![0xff; POINT_BYTES], [vec![4], vec![1; 32]].concat()] {
        for at in [0, 1, 2 * KAPPA - 1] {
            let mut changed = offer.clone();
            changed[at * POINT_BYTES..(at + 1) * POINT_BYTES].copy_from_slice(&bad);
            assert_eq!(refused(&changed), Malformed::Field("offer"));
        }
        let receiver = Receiver::new(&here, &mut rng(7)).unwrap();
        assert_eq!(receiver.seeds(&here, &bad).err(), Some(Malformed::Field("base-ot")));
    }

    // r₀ = −H₀(r₁): the string of slot 0 would come from the identity, whatever the sender's scalar is.
    let mut changed = offer;
    let cancelled = -mask(&here, 0, 0, &changed[POINT_BYTES..2 * POINT_BYTES]);
    changed[..POINT_BYTES].copy_from_slice(&cancelled.to_affine().to_bytes());
    assert_eq!(refused(&changed), Malformed::Field("offer"));
}

fn mask(direction: &Direction, index: u16, slot: u8, other: &[u8]) -> ProjectivePoint {
    hash_to_curve(&[base_ot::question(direction, index, slot, other)], CURVE_DST).unwrap()[0]
}

/// What a receiver can do whose hash to the curve has known logarithms: take both points as multiples of the generator,
/// compute both strings of every OT, and read the choices of the extension's receiver out of U = t⁰ ⊕ t¹ ⊕ x. `logarithm` is the
/// attacker's belief about H. `strings` is the sender under attack. Says how many choice bits it got right.
fn recover_choices(
    logarithm: impl Fn(u16, u8, &[u8]) -> Scalar,
    strings: impl Fn(&[u8]) -> ([u8; POINT_BYTES], SeedPairs),
) -> usize {
    let here = direction(HERE);
    let mut random = rng(11);
    let bytes = |point: ProjectivePoint| <[u8; POINT_BYTES]>::from(point.to_affine().to_bytes());
    let mut offer = Vec::new();
    let mut exponents = Vec::new();
    for index in 0..KAPPA as u16 {
        let (one, b) = (Scalar::random(&mut random), Scalar::random(&mut random));
        let r1 = bytes(ProjectivePoint::GENERATOR * one);
        let r0 = bytes(ProjectivePoint::GENERATOR * (b - logarithm(index, 0, &r1)));
        exponents.push([b, one + logarithm(index, 1, &r0)]);
        offer.extend_from_slice(&r0);
        offer.extend_from_slice(&r1);
    }
    let (message, pairs) = strings(&offer);
    let point = ProjectivePoint::from_bytes(&message.into()).unwrap();
    let known: SeedPairs = Zeroizing::new(
        (0..KAPPA as u16)
            .map(|index| {
                let pair = &offer[2 * POINT_BYTES * usize::from(index)..][..2 * POINT_BYTES];
                [0, 1].map(|slot| {
                    let shared = bytes(point * exponents[usize::from(index)][usize::from(slot)]);
                    base_ot::seed(&here, index, slot, &message, pair, &shared)
                })
            })
            .collect(),
    );
    // The victim extends with its strings. Where both strings are known, the same extension without choices can be made.
    let (rows, extension) = ot_extension::extend(&here, &pairs, Choices::random(1, &mut rng(12)));
    let mut zeroes = world::Prescribed(vec![0; 2 * extension.columns.len()]);
    let (_, blank) = ot_extension::extend(&here, &known, Choices::random(1, &mut zeroes));
    let height = extension.columns.len() / KAPPA;
    let read = |index: usize| (extension.columns[index / 8] ^ blank.columns[index / 8]) >> (index % 8) & 1;
    assert!(height * 8 > XI);
    rows.choices(0).enumerate().filter(|(index, choice)| read(*index) == choice.unwrap_u8()).count()
}

/// A hash to the curve as a careless author writes it: the logarithm is there for everyone.
fn careless(index: u16, slot: u8, other: &[u8]) -> Scalar {
    let hash = Sha256::new_with_prefix(index.to_be_bytes()).chain_update([slot]).chain_update(other);
    <Scalar as Reduce<U256>>::reduce_bytes(&hash.finalize())
}

#[test]
fn known_logarithms_would_reveal_every_choice() {
    let planted = |offer: &[u8]| {
        let scalar = Scalar::random(&mut rng(13));
        let message: [u8; POINT_BYTES] = (ProjectivePoint::GENERATOR * scalar).to_affine().to_bytes().into();
        let pairs = offer.chunks_exact(2 * POINT_BYTES).enumerate().map(|(index, pair)| {
            let index = u16::try_from(index).unwrap();
            [0_u8, 1].map(|slot| {
                let (own, other) = if slot == 0 { pair.split_at(POINT_BYTES) } else { (&pair[33..], &pair[..33]) };
                let own = ProjectivePoint::from_bytes(own.into()).unwrap();
                let shared = (own + ProjectivePoint::GENERATOR * careless(index, slot, other)) * scalar;
                base_ot::seed(&direction(HERE), index, slot, &message, pair, &shared.to_affine().to_bytes())
            })
        });
        (message, Zeroizing::new(pairs.collect()))
    };
    assert_eq!(recover_choices(careless, planted), XI);
}

#[test]
fn the_same_attack_reads_nothing_from_the_real_base_ot() {
    let real = |offer: &[u8]| {
        let sender = Sender::new(&mut rng(13)).unwrap();
        (*sender.message(), sender.seeds(&direction(HERE), offer).unwrap())
    };
    let recovered = recover_choices(careless, real);
    assert!((XI / 2 - 70..XI / 2 + 70).contains(&recovered), "{recovered} of {XI}");
}
