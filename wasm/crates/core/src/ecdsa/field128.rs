//! GF(2^128) as polynomials modulo x^128 + x^7 + x^2 + x + 1, the lowest coefficient in the lowest bit: as much of it
//! as a linear check with public coefficients needs.

/// Reduces x^128.
const REDUCTION: u128 = 0x87;

/// a·x, without a branch on a.
const fn times_x(a: u128) -> u128 {
    (a << 1) ^ (REDUCTION & (a >> 127).wrapping_neg())
}

/// A linear form Σ χ_b·y_b + y_last with public coefficients. Blocks may be secret: which ones are added up follows
/// from the bits of the coefficients alone.
pub struct LinearForm {
    /// For each bit, highest first, the blocks whose coefficient has it.
    blocks_by_bit: Vec<Vec<usize>>,
}

impl LinearForm {
    /// The form with these coefficients, and one more which is 1.
    pub fn new(mut coefficients: Vec<u128>) -> Self {
        coefficients.push(1);
        let with_bit = |bit: u32| {
            let has = |coefficient: &u128| coefficient >> bit & 1 == 1;
            coefficients
                .iter()
                .enumerate()
                .filter(|(_, coefficient)| has(coefficient))
                .map(|(block, _)| block)
                .collect()
        };
        Self { blocks_by_bit: (0..u128::BITS).rev().map(with_bit).collect() }
    }

    /// The value of the form, by Horner's rule in x.
    pub fn evaluate(&self, blocks: &[u128]) -> u128 {
        self.blocks_by_bit.iter().fold(0, |sum, members| {
            members.iter().filter_map(|block| blocks.get(*block)).fold(times_x(sum), |sum, block| sum ^ block)
        })
    }
}
