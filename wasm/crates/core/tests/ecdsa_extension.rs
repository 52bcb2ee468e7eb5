//! The building blocks of threshold ECDSA, each against its algebra and against the attack that its checks are there for.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use k256::elliptic_curve::Field;
use k256::elliptic_curve::group::GroupEncoding;
use k256::elliptic_curve::hash2curve::{ExpandMsgXmd, GroupDigest};
use k256::elliptic_curve::ops::Reduce;
use k256::elliptic_curve::sec1::ToEncodedPoint;
use k256::{ProjectivePoint, Scalar, Secp256k1, U256};
use rand_chacha::rand_core::RngCore;
use sha2::{Digest, Sha256};
use trefoil_core::ecdsa::base_ot::{self, CURVE_DST, ChosenSeeds, OFFER_BYTES, Receiver, Seed, SeedPairs, Sender};
use trefoil_core::ecdsa::direction::Direction;
use trefoil_core::ecdsa::field128::LinearForm;
use trefoil_core::ecdsa::hash_to_curve::hash_to_curve;
use trefoil_core::ecdsa::ot_extension::{self, Choices, ReceiverRows, SenderRows, columns_bytes};
use trefoil_core::ecdsa::rvole::{self, Gadget, ReceiveError};
use trefoil_core::ecdsa::transpose::transpose;
use trefoil_core::ecdsa::{KAPPA, XI};
use trefoil_core::error::Malformed;
use trefoil_core::secp256k1::POINT_BYTES;
use world::{party, rng};
use zeroize::Zeroizing;

const HERE: [u8; 32] = [7; 32];

/// Party 1 has the role of the sender.
fn direction(session: [u8; 32]) -> Direction {
    Direction { session, sender: party(1), receiver: party(2) }
}

#[test]
fn transposition_moves_every_bit() {
    let mut random = rng(1);
    let matrix: [u128; 128] =
        core::array::from_fn(|_| u128::from(random.next_u64()) << 64 | u128::from(random.next_u64()));
    let mut turned = matrix;
    transpose(&mut turned);
    for (row, word) in matrix.iter().enumerate() {
        for (column, other) in turned.iter().enumerate() {
            assert_eq!(word >> column & 1, other >> row & 1);
        }
    }
}

/// Schoolbook multiplication modulo x^128 + x^7 + x^2 + x + 1.
fn product(a: u128, b: u128) -> u128 {
    let mut sum = 0;
    let mut power = a;
    for bit in 0..128 {
        if b >> bit & 1 == 1 {
            sum ^= power;
        }
        let overflows = power >> 127 == 1;
        power <<= 1;
        if overflows {
            power ^= 0x87;
        }
    }
    sum
}

#[test]
fn linear_form_is_the_sum_of_products() {
    let mut random = rng(2);
    let mut word = || u128::from(random.next_u64()) << 64 | u128::from(random.next_u64());
    for size in [1, 2, 5, 106] {
        let coefficients: Vec<u128> = (1..size).map(|_| word()).collect();
        let blocks: Vec<u128> = (0..size).map(|_| word()).collect();
        let sum = coefficients.iter().zip(&blocks).fold(blocks[size - 1], |sum, (a, b)| sum ^ product(*a, *b));
        assert_eq!(LinearForm::new(coefficients).evaluate(&blocks), sum);
    }
    // GHASH's field, its vector of the powers of x: x^127 · x = x^7 + x^2 + x + 1.
    assert_eq!(LinearForm::new(vec![2]).evaluate(&[1 << 127, 0]), 0x87);
}

fn base_ots(session: [u8; 32], seed: u64) -> (SeedPairs, ChosenSeeds) {
    let mut random = rng(seed);
    let sender = Sender::new(&mut random).unwrap();
    let receiver = Receiver::new(&direction(session), &mut random).unwrap();
    let message = *sender.message();
    let pairs = sender.seeds(&direction(session), receiver.message()).unwrap();
    (pairs, receiver.seeds(&direction(session), &message).unwrap())
}

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

/// κ + 80 random rows at least hide what the values of the form say about the choices.
#[test]
fn the_check_has_rows_of_its_own() {
    for count in [1, 2, 31, 32] {
        let rows = columns_bytes(count) * 8 / KAPPA;
        assert!(rows >= usize::from(count) * XI + KAPPA + 80, "{count}");
        assert_eq!(rows % KAPPA, 0);
    }
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

fn extended(count: u16, seed: u64) -> (SenderRows, ReceiverRows) {
    let (pairs, chosen) = base_ots(HERE, seed);
    let (receiver, extension) =
        ot_extension::extend(&direction(HERE), &pairs, Choices::random(count, &mut rng(seed + 1)));
    (ot_extension::accept(&direction(HERE), chosen, count, &extension).unwrap(), receiver)
}

#[test]
fn extension_gives_the_chosen_scalars_only() {
    let (sender, receiver) = extended(3, 20);
    let mut ones = 0;
    let mut all = Vec::new();
    for presignature in 0..3 {
        let (both, held) = (sender.pads(presignature), receiver.pads(presignature));
        assert_eq!((both.len(), held.len()), (XI, XI));
        for ((both, held), choice) in both.iter().zip(held.iter()).zip(receiver.choices(presignature)) {
            let choice = usize::from(choice.unwrap_u8());
            assert_eq!(both[choice], *held);
            assert_ne!(both[1 - choice], *held);
            ones += choice;
            all.extend(both.as_flattened().iter().map(|scalar| scalar.to_bytes()));
        }
    }
    assert!((XI..2 * XI).contains(&ones));
    all.sort_unstable();
    let count = all.len();
    all.dedup();
    assert_eq!(all.len(), count);
}

/// Every column of U, the values of the form and their lengths: any change is found.
#[test]
fn extension_finds_every_change() {
    let here = direction(HERE);
    let (pairs, chosen) = base_ots(HERE, 30);
    let (_, honest) = ot_extension::extend(&here, &pairs, Choices::random(1, &mut rng(31)));
    let again = || ChosenSeeds { choices: chosen.choices.clone(), seeds: chosen.seeds.clone() };
    let copy = || ot_extension::Extension {
        columns: honest.columns.clone(),
        hashed_choices: honest.hashed_choices.clone(),
        hashed_columns: honest.hashed_columns.clone(),
    };
    let refused = |changed: &ot_extension::Extension| ot_extension::accept(&here, again(), 1, changed).is_err();
    assert!(!refused(&copy()));
    let height = honest.columns.len() / KAPPA;
    for column in 0..KAPPA {
        let mut changed = copy();
        changed.columns[column * height + column % height] ^= 1 << (column % 8);
        assert!(refused(&changed), "column {column}");
        let mut changed = copy();
        changed.hashed_columns[column * 16 + column % 16] ^= 0x80;
        assert!(refused(&changed), "value {column}");
    }
    let cut: [fn(&mut ot_extension::Extension); 4] = [
        |changed| changed.hashed_choices[0] ^= 1,
        |changed| changed.columns.truncate(changed.columns.len() - 1),
        |changed| changed.hashed_choices.clear(),
        |changed| changed.hashed_columns.truncate(16),
    ];
    for cut in cut {
        let mut changed = copy();
        cut(&mut changed);
        assert!(refused(&changed));
    }
    assert!(ot_extension::accept(&here, again(), 2, &copy()).is_err());
    assert!(ot_extension::accept(&direction([9; 32]), again(), 1, &copy()).is_err());
}

/// The receiver uses another x in one column, which is right for the sender exactly if that bit of Δ is 0, and answers the
/// check honestly for every other column. Guessing the bit is its best strategy; without the check it would always learn it.
#[test]
fn selective_failure_of_the_extension_is_caught() {
    let here = direction(HERE);
    let mut caught = 0;
    for column in 0..KAPPA {
        let (pairs, chosen) = base_ots_once();
        let (_, mut extension) = ot_extension::extend(&here, &pairs, Choices::random(1, &mut rng(41)));
        let height = extension.columns.len() / KAPPA;
        extension.columns[column * height] ^= 1;
        // The forms are evaluated under the challenge of the U that is sent, over the columns that the receiver really has.
        let repaired = with_honest_values(&pairs, &extension.columns);
        let guess_is_wrong = *chosen.choices >> column & 1 == 1;
        let refused = ot_extension::accept(&here, chosen, 1, &repaired).is_err();
        assert_eq!(refused, guess_is_wrong, "column {column}");
        caught += usize::from(refused);
    }
    // A guess of every column at once, as learning Δ takes, would have to be right this often in a row.
    assert!((30..98).contains(&caught));
}

fn base_ots_once() -> (SeedPairs, ChosenSeeds) {
    static MADE: std::sync::OnceLock<(Vec<[Seed; 2]>, u128, Vec<Seed>)> = std::sync::OnceLock::new();
    let (pairs, choices, seeds) = MADE.get_or_init(|| {
        let (pairs, chosen) = base_ots(HERE, 40);
        (pairs.to_vec(), *chosen.choices, chosen.seeds.to_vec())
    });
    let chosen = ChosenSeeds { choices: Zeroizing::new(*choices), seeds: Zeroizing::new(seeds.clone()) };
    (Zeroizing::new(pairs.clone()), chosen)
}

/// An extension with the columns U of the adversary and values that fit its strings t⁰ and its majority's x, under the challenge
/// of the changed U: all recomputed from the description, as an adversary with a program of its own would.
fn with_honest_values(pairs: &SeedPairs, columns: &[u8]) -> ot_extension::Extension {
    let height = columns.len() / KAPPA;
    let here = direction(HERE);
    let tagged = |tag: &str| {
        let tag = Sha256::digest(tag);
        Sha256::new_with_prefix(tag).chain_update(tag)
    };
    let prefix = |tag: &str| tagged(tag).chain_update(here.session).chain_update([0, 1, 0, 2]).chain_update([0; 28]);
    let challenge =
        prefix("trefoil/v1/ecdsa/ot-extension/challenge").chain_update([0, 1]).chain_update(columns).finalize();
    let word = |bytes: &[u8]| u128::from_le_bytes(bytes[..16].try_into().unwrap());
    let coefficients = (0..height as u16 / 16 - 1).map(|block| {
        let hash = tagged("trefoil/v1/ecdsa/ot-extension/coefficient").chain_update(challenge);
        word(&hash.chain_update(block.to_be_bytes()).finalize())
    });
    let form = LinearForm::new(coefficients.collect());
    let stretch = |seed: &Seed| -> Vec<u128> {
        let blocks = (0..height as u16 / 16).map(|block| {
            let hash = prefix("trefoil/v1/ecdsa/ot-extension/column").chain_update(seed);
            word(&hash.chain_update((block / 2).to_be_bytes()).finalize()[usize::from(block % 2) * 16..])
        });
        blocks.collect()
    };
    let choices: Vec<u128> = {
        let last = &columns[(KAPPA - 1) * height..];
        let first = &columns[..height];
        let of = |column: &[u8], pair: &[Seed; 2]| -> Vec<u128> {
            let (zero, one) = (stretch(&pair[0]), stretch(&pair[1]));
            column.chunks_exact(16).zip(zero.iter().zip(&one)).map(|(u, (zero, one))| word(u) ^ zero ^ one).collect()
        };
        let (a, b) = (of(first, &pairs[0]), of(last, &pairs[KAPPA - 1]));
        // One of the two may be the changed column; a third decides.
        if a == b {
            a
        } else {
            let middle = of(&columns[height..2 * height], &pairs[1]);
            if a == middle { a } else { b }
        }
    };
    ot_extension::Extension {
        columns: columns.to_vec(),
        hashed_choices: form.evaluate(&choices).to_le_bytes().to_vec(),
        hashed_columns: pairs.iter().flat_map(|pair| form.evaluate(&stretch(&pair[0])).to_le_bytes()).collect(),
    }
}

#[test]
fn multiplication_shares_add_up() {
    let (sender, receiver) = extended(2, 50);
    let here = direction(HERE);
    let gadget = Gadget::new(&here);
    let mut random = rng(51);
    for presignature in 0..2 {
        let inputs = [Scalar::random(&mut random), Scalar::random(&mut random)];
        let checks = [Scalar::random(&mut random), Scalar::random(&mut random)];
        let (alice, message) = rvole::multiply(&here, &gadget, &sender, presignature, &inputs, &checks);
        let bob = rvole::receive(&here, &gadget, &receiver, presignature, &message).ok().unwrap();
        let factor = rvole::factor(&gadget, &receiver, presignature);
        for (input, (c, d)) in inputs.iter().zip(alice.iter().zip(bob.iter())) {
            assert_eq!(c + d, input * &*factor);
        }
    }
}

/// Alice puts another input into one OT, the selective-failure attack on a bit of β: found whenever it matters.
#[test]
fn multiplication_finds_every_change() {
    let (sender, receiver) = extended(1, 60);
    let here = direction(HERE);
    let gadget = Gadget::new(&here);
    let mut random = rng(61);
    let [a, b, c, d] = [(); 4].map(|()| Scalar::random(&mut random));
    let make = || rvole::multiply(&here, &gadget, &sender, 0, &[a, b], &[c, d]).1;
    let failed =
        |message| matches!(rvole::receive(&here, &gadget, &receiver, 0, &message), Err(ReceiveError::Failed(_)));
    assert!(!failed(make()));
    // Any change of a correction changes θ, so it is found whatever the choice bit is.
    for index in (0..XI * 4).step_by(13) {
        let mut message = make();
        message.corrections[index * 32 + 31] ^= 1;
        assert!(failed(message), "correction {index}");
    }
    for index in 0..2 {
        let mut message = make();
        message.check_sums[index * 32 + 31] ^= 1;
        assert!(failed(message));
    }
    let mut message = make();
    message.check[0] ^= 1;
    assert!(failed(message));
    assert!(matches!(
        rvole::receive(&direction([9; 32]), &gadget, &receiver, 0, &make()),
        Err(ReceiveError::Failed(_))
    ));

    let out_of_range: [fn(&mut rvole::Multiplication); 4] = [
        |message| message.corrections[..32].fill(0xff),
        |message| message.corrections.truncate(32),
        |message| message.check_sums[32..].fill(0xff),
        |message| message.check_sums.truncate(31),
    ];
    for change in out_of_range {
        let mut message = make();
        change(&mut message);
        let refused = rvole::receive(&here, &gadget, &receiver, 0, &message).err();
        assert!(matches!(refused, Some(ReceiveError::Malformed(Malformed::Field(_)))));
    }
}

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
