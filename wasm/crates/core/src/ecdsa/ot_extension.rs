//! OT extension: out of κ base OTs, ξ correlated OTs for every presignature of a batch (Ishai, Kilian, Nissim, Petrank
//! with one bit per base OT; SoftSpokenOT, eprint 2022/192 figures 8 and 10, at k = 1, which is the corrected KOS15,
//! eprint 2015/546), with one check for the whole batch.
//!
//! The extension's receiver was the sender of the base OTs. It stretches both strings of base OT i to columns t⁰_i, t¹_i and
//! sends u_i = t⁰_i ⊕ t¹_i ⊕ x, x its choice bits. The sender, who has the string of its choice Δ_i, computes
//! q_i = t_i ⊕ Δ_i·u_i = t⁰_i ⊕ Δ_i·x. Read by rows, q_j = t_j ⊕ x_j·Δ: the receiver can hash the row of its choice,
//! the sender both.
//!
//! The check finds a receiver that uses different x in different columns, from which it would learn bits of Δ: both sides
//! evaluate one random linear form over GF(2^128), drawn by hashing all of U, on every column. Two more blocks of random rows
//! hide what the form's values would say about x, and are dropped afterwards.
//!
//! Must never: branch or index on a choice bit, or hand out a row before the check.

use k256::Scalar;
use rand_core::{CryptoRng, RngCore};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::ecdsa::base_ot::{ChosenSeeds, Seed, SeedPairs};
use crate::ecdsa::direction::Direction;
use crate::ecdsa::field128::LinearForm;
use crate::ecdsa::oracle::Oracle;
use crate::ecdsa::transpose::transpose;
use crate::ecdsa::{FailedCheck, KAPPA, XI};

/// Bytes of a block: an element of GF(2^128).
pub const BLOCK_BYTES: usize = 16;

/// Blocks of random rows that only the check uses: 256 rows are more than the 128 + 80 that hide the choices.
const CHECK_BLOCKS: usize = 2;

/// ℓ + ρ: a multiplication has two inputs and two check columns (see [`crate::ecdsa::rvole`]).
pub const WIDTH: usize = 4;

/// The scalars of one slot of one OT.
pub type Pad = [Scalar; WIDTH];

const COLUMN_TAG: &str = "trefoil/v1/ecdsa/ot-extension/column";
const CHALLENGE_TAG: &str = "trefoil/v1/ecdsa/ot-extension/challenge";
const COEFFICIENT_TAG: &str = "trefoil/v1/ecdsa/ot-extension/coefficient";
const PAD_TAG: &str = "trefoil/v1/ecdsa/ot-extension/pad";

/// What the receiver sends.
pub struct Extension {
    /// U, column after column: [`columns_bytes`].
    pub columns: Vec<u8>,
    /// The form's value on x: one block.
    pub hashed_choices: Vec<u8>,
    /// The form's value on every t⁰_i: [`HASHED_COLUMNS_BYTES`].
    pub hashed_columns: Vec<u8>,
}

/// Bytes of the form's values on all columns.
pub const HASHED_COLUMNS_BYTES: usize = KAPPA * BLOCK_BYTES;

/// Blocks of a column for a batch of `count`.
fn blocks(count: u16) -> usize {
    (usize::from(count) * XI).div_ceil(KAPPA) + CHECK_BLOCKS
}

/// Bytes of U for a batch of `count`.
pub fn columns_bytes(count: u16) -> usize {
    KAPPA * blocks(count) * BLOCK_BYTES
}

/// x: the receiver's choice bits of a whole batch, and those of the rows that only the check uses.
pub struct Choices {
    count: u16,
    blocks: Zeroizing<Vec<u128>>,
}

impl Choices {
    /// Uniform choices for a batch of `count`.
    pub fn random<R: RngCore + CryptoRng>(count: u16, rng: &mut R) -> Self {
        let mut bytes = Zeroizing::new(vec![0; blocks(count) * BLOCK_BYTES]);
        rng.fill_bytes(&mut bytes);
        Self { count, blocks: Zeroizing::new(to_blocks(&bytes)) }
    }
}

/// What the receiver keeps: for every OT its choice and the row that belongs to it.
pub struct ReceiverRows {
    direction: Direction,
    rows: Zeroizing<Vec<u128>>,
    choices: Zeroizing<Vec<u128>>,
}

/// Extends as the receiver.
pub fn extend(direction: &Direction, seeds: &SeedPairs, choices: Choices) -> (ReceiverRows, Extension) {
    let Choices { count, blocks: choices } = choices;
    let height = blocks(count);
    let prefix = direction.oracle(COLUMN_TAG);
    let mut columns = Zeroizing::new(Vec::with_capacity(KAPPA * height));
    let mut sent = Vec::with_capacity(columns_bytes(count));
    for [zero, one] in seeds.iter() {
        let (zero, one) = (stretch(&prefix, zero, height), stretch(&prefix, one, height));
        for ((zero, one), choice) in zero.iter().zip(one.iter()).zip(choices.iter()) {
            sent.extend_from_slice(&(zero ^ one ^ choice).to_le_bytes());
        }
        columns.extend_from_slice(&zero);
    }

    let form = challenge(direction, count, &sent);
    let extension = Extension {
        columns: sent,
        hashed_choices: form.evaluate(&choices).to_le_bytes().to_vec(),
        hashed_columns: columns.chunks_exact(height).flat_map(|column| form.evaluate(column).to_le_bytes()).collect(),
    };
    (ReceiverRows { direction: *direction, rows: rows(&columns, count), choices }, extension)
}

/// What the sender keeps: for every OT the row of slot 0, and Δ, which leads to the row of slot 1.
pub struct SenderRows {
    direction: Direction,
    rows: Zeroizing<Vec<u128>>,
    delta: Zeroizing<u128>,
}

/// Extends as the sender: checks the receiver's message and only then makes rows of it.
pub fn accept(
    direction: &Direction,
    chosen: ChosenSeeds,
    count: u16,
    extension: &Extension,
) -> Result<SenderRows, FailedCheck> {
    let height = blocks(count);
    let refused = Err(FailedCheck("the OT extension is not consistent"));
    if extension.columns.len() != columns_bytes(count)
        || extension.hashed_choices.len() != BLOCK_BYTES
        || extension.hashed_columns.len() != HASHED_COLUMNS_BYTES
    {
        return refused;
    }
    let prefix = direction.oracle(COLUMN_TAG);
    let form = challenge(direction, count, &extension.columns);
    let hashed_choices = to_block(&extension.hashed_choices);
    let hashed_columns = to_blocks(&extension.hashed_columns);

    let mut columns = Zeroizing::new(Vec::with_capacity(KAPPA * height));
    let mut difference = 0_u128;
    let received = extension.columns.chunks_exact(height * BLOCK_BYTES);
    for (((index, seed), sent), hashed) in (0..).zip(chosen.seeds.iter()).zip(received).zip(hashed_columns) {
        let delta = bit(*chosen.choices, index);
        let mut column = stretch(&prefix, seed, height);
        for (word, sent) in column.iter_mut().zip(to_blocks(sent)) {
            *word ^= u128::conditional_select(&0, &sent, delta);
        }
        difference |= form.evaluate(&column) ^ hashed ^ u128::conditional_select(&0, &hashed_choices, delta);
        columns.extend_from_slice(&column);
    }
    if !bool::from(difference.ct_eq(&0)) {
        return refused;
    }
    Ok(SenderRows { direction: *direction, rows: rows(&columns, count), delta: chosen.choices })
}

impl ReceiverRows {
    /// The choice bits of one presignature, in the order of its OTs.
    pub fn choices(&self, presignature: u16) -> impl Iterator<Item = Choice> + '_ {
        let first = usize::from(presignature) * XI;
        (first..first + XI).map(|row| {
            let block = self.choices.get(row / KAPPA).copied().unwrap_or_default();
            bit(block, row % KAPPA)
        })
    }

    /// The scalars of the chosen slot of every OT of one presignature.
    pub fn pads(&self, presignature: u16) -> Zeroizing<Vec<Pad>> {
        let prefix = self.direction.oracle(PAD_TAG).number(presignature);
        let mut pads = Zeroizing::new(Vec::with_capacity(XI));
        for ((index, row), choice) in (0_u16..).zip(of(&self.rows, presignature)).zip(self.choices(presignature)) {
            pads.push(pad(&prefix, index, choice.unwrap_u8(), *row));
        }
        pads
    }
}

impl SenderRows {
    /// The scalars of both slots of every OT of one presignature.
    pub fn pads(&self, presignature: u16) -> Zeroizing<Vec<[Pad; 2]>> {
        let prefix = self.direction.oracle(PAD_TAG).number(presignature);
        let mut pads = Zeroizing::new(Vec::with_capacity(XI));
        for (index, row) in (0_u16..).zip(of(&self.rows, presignature)) {
            pads.push([pad(&prefix, index, 0, *row), pad(&prefix, index, 1, row ^ *self.delta)]);
        }
        pads
    }
}

/// The rows of one presignature.
fn of(rows: &[u128], presignature: u16) -> &[u128] {
    let first = usize::from(presignature) * XI;
    rows.get(first..first + XI).unwrap_or_default()
}

/// A row breaks its correlation with the others by being hashed with its place.
fn pad(prefix: &Oracle, index: u16, slot: u8, row: u128) -> Pad {
    let prefix = prefix.clone().number(index).bytes(&[slot]).bytes(&row.to_le_bytes());
    [0, 1, 2, 3].map(|column| prefix.clone().bytes(&[column]).scalar())
}

/// A base OT's string as a whole column.
fn stretch(prefix: &Oracle, seed: &Seed, height: usize) -> Zeroizing<Vec<u128>> {
    let prefix = prefix.clone().bytes(seed);
    let mut column = Zeroizing::new(Vec::with_capacity(height + 1));
    for counter in (0_u16..).take(height.div_ceil(2)) {
        let hash = Zeroizing::new(prefix.clone().number(counter).finish());
        column.extend(hash.chunks_exact(BLOCK_BYTES).map(to_block));
    }
    column.truncate(height);
    column
}

/// The linear form of the check, from everything that the receiver could choose (Fiat-Shamir).
fn challenge(direction: &Direction, count: u16, columns: &[u8]) -> LinearForm {
    let challenge = direction.oracle(CHALLENGE_TAG).number(count).bytes(columns).finish();
    let coefficient = |block: u16| to_block(&Oracle::new(COEFFICIENT_TAG).bytes(&challenge).number(block).finish());
    LinearForm::new((0..).take(blocks(count) - 1).map(coefficient).collect())
}

/// Columns to rows, without the rows that only fill the last block or were only there for the check.
fn rows(columns: &[u128], count: u16) -> Zeroizing<Vec<u128>> {
    let height = blocks(count);
    let mut rows = Zeroizing::new(Vec::with_capacity(height * KAPPA));
    let mut matrix = Zeroizing::new([0; KAPPA]);
    for block in 0..height - CHECK_BLOCKS {
        for (word, column) in matrix.iter_mut().zip(columns.chunks_exact(height)) {
            *word = column.get(block).copied().unwrap_or_default();
        }
        transpose(&mut matrix);
        rows.extend_from_slice(matrix.as_slice());
    }
    rows.truncate(usize::from(count) * XI);
    rows
}

fn to_blocks(bytes: &[u8]) -> Vec<u128> {
    bytes.chunks_exact(BLOCK_BYTES).map(to_block).collect()
}

/// The element of GF(2^128) at the front of some bytes.
fn to_block(bytes: &[u8]) -> u128 {
    bytes.first_chunk().map_or(0, |block| u128::from_le_bytes(*block))
}

/// One bit of a block.
fn bit(block: u128, index: usize) -> Choice {
    Choice::from((block >> index) as u8 & 1)
}
