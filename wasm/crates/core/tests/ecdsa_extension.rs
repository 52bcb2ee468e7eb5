//! The OT extension and what it is made of, against its algebra and against the attack that its check is there for.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use rand_chacha::rand_core::RngCore;
use sha2::{Digest, Sha256};
use trefoil_core::ecdsa::base_ot::{ChosenSeeds, Seed, SeedPairs};
use trefoil_core::ecdsa::field128::LinearForm;
use trefoil_core::ecdsa::ot_extension::{self, Choices, columns_bytes};
use trefoil_core::ecdsa::transpose::transpose;
use trefoil_core::ecdsa::{KAPPA, XI};
use world::blocks::{HERE, base_ots, direction, extended};
use world::rng;
use zeroize::Zeroizing;

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
