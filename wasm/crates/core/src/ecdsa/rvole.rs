//! Random vector oblivious linear evaluation: Alice's two scalars times Bob's random one, as sums of two shares (eprint
//! 2023/765 section 5, protocol 5.2, at ℓ = 2 inputs, ρ = 2 check columns and ξ = 416 choice bits).
//!
//! Bob's scalar is b = Σ g_j·β_j, with his choice bits β and a public random gadget vector g. In OT j Alice sends the correction
//! ã_j = α⁰_j − α¹_j + a, after which Bob holds ḋ_j = α⁰_j + β_j·a and, with weights g_j, his share of a·b. An Alice that
//! puts different a into different OTs would learn bits of β from whether the protocol fails: the check columns, hashed
//! with the rest under θ, find it, and ξ is 160 bits longer than a scalar, so that what little a failure tells leaves b uniform.
//!
//! Must never: use anything else of Alice's message before its consistency value is checked.

use k256::Scalar;
use k256::elliptic_curve::PrimeField;
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::ecdsa::direction::Direction;
use crate::ecdsa::oracle::Oracle;
use crate::ecdsa::ot_extension::{Pad, ReceiverRows, SenderRows, WIDTH};
use crate::ecdsa::{FailedCheck, HASH_BYTES, XI};
use crate::error::Malformed;
use crate::secp256k1::{SCALAR_BYTES, read_scalar};

const GADGET_TAG: &str = "trefoil/v1/ecdsa/rvole/gadget";
const CHALLENGE_TAG: &str = "trefoil/v1/ecdsa/rvole/challenge";
const WEIGHT_TAG: &str = "trefoil/v1/ecdsa/rvole/weight";
const CHECK_TAG: &str = "trefoil/v1/ecdsa/rvole/check";

/// Bytes of Alice's corrections: ℓ + ρ scalars for each OT.
pub const CORRECTIONS_BYTES: usize = XI * WIDTH * SCALAR_BYTES;

/// Bytes of η, one scalar for each check column.
pub const CHECK_SUMS_BYTES: usize = 2 * SCALAR_BYTES;

/// One value for each input.
pub type Pair = [Scalar; 2];

/// What Alice sends.
pub struct Multiplication {
    /// ã, OT after OT, the inputs before the check columns: [`CORRECTIONS_BYTES`].
    pub corrections: Vec<u8>,
    /// η: [`CHECK_SUMS_BYTES`].
    pub check_sums: Vec<u8>,
    /// The hash of μ.
    pub check: [u8; HASH_BYTES],
}

/// The gadget vector of a session: nobody chooses it.
pub struct Gadget(Vec<Scalar>);

impl Gadget {
    /// Asks the random oracle.
    pub fn new(direction: &Direction) -> Self {
        let prefix = direction.oracle(GADGET_TAG);
        Self((0..).take(XI).map(|index| prefix.clone().number(index).scalar()).collect())
    }
}

/// Alice's side: her shares of inputs·b and her message. `checks` are fresh random scalars.
pub fn multiply(
    direction: &Direction,
    gadget: &Gadget,
    rows: &SenderRows,
    presignature: u16,
    inputs: &Pair,
    checks: &Pair,
) -> (Zeroizing<Pair>, Multiplication) {
    let pads = rows.pads(presignature);
    let columns = Zeroizing::new([inputs[0], inputs[1], checks[0], checks[1]]);
    let mut corrections = Vec::with_capacity(CORRECTIONS_BYTES);
    let mut shares = Zeroizing::new([Scalar::ZERO; 2]);
    for ([zero, one], weight) in pads.iter().zip(&gadget.0) {
        for ((zero, one), column) in zero.iter().zip(one).zip(columns.iter()) {
            corrections.extend_from_slice(&(zero - one + column).to_repr());
        }
        for (share, zero) in shares.iter_mut().zip(zero) {
            *share -= weight * zero;
        }
    }

    let weights = Weights::new(direction, presignature, &corrections);
    let check_sums = weights.of(&columns).iter().flat_map(Scalar::to_repr).collect();
    let mut oracle = direction.oracle(CHECK_TAG).number(presignature);
    for [zero, _] in pads.iter() {
        for sum in weights.of(zero) {
            oracle = oracle.bytes(&sum.to_repr());
        }
    }
    (shares, Multiplication { corrections, check_sums, check: oracle.finish() })
}

/// Bob's b, which he has before anything is received.
pub fn factor(gadget: &Gadget, rows: &ReceiverRows, presignature: u16) -> Zeroizing<Scalar> {
    let mut factor = Zeroizing::new(Scalar::ZERO);
    for (weight, choice) in gadget.0.iter().zip(rows.choices(presignature)) {
        *factor += Scalar::conditional_select(&Scalar::ZERO, weight, choice);
    }
    factor
}

/// Bob's side: checks Alice's message and makes his shares of her inputs times b.
pub fn receive(
    direction: &Direction,
    gadget: &Gadget,
    rows: &ReceiverRows,
    presignature: u16,
    message: &Multiplication,
) -> Result<Zeroizing<Pair>, ReceiveError> {
    let corrections = read_corrections(&message.corrections)?;
    let (first, second) = message.check_sums.split_at_checked(SCALAR_BYTES).ok_or(Malformed::Field("check-sums"))?;
    let check_sums = [read_scalar(first, "check-sums")?, read_scalar(second, "check-sums")?];

    let mut held = rows.pads(presignature);
    for ((pad, correction), choice) in held.iter_mut().zip(&corrections).zip(rows.choices(presignature)) {
        for (scalar, correction) in pad.iter_mut().zip(correction) {
            *scalar += Scalar::conditional_select(&Scalar::ZERO, correction, choice);
        }
    }

    let weights = Weights::new(direction, presignature, &message.corrections);
    let mut oracle = direction.oracle(CHECK_TAG).number(presignature);
    for (pad, choice) in held.iter().zip(rows.choices(presignature)) {
        for (sum, claimed) in weights.of(pad).iter().zip(&check_sums) {
            let expected = sum - &Scalar::conditional_select(&Scalar::ZERO, claimed, choice);
            oracle = oracle.bytes(&expected.to_repr());
        }
    }
    if !bool::from(oracle.finish().ct_eq(&message.check)) {
        return Err(ReceiveError::Failed(FailedCheck("the multiplication is not consistent")));
    }

    let mut shares = Zeroizing::new([Scalar::ZERO; 2]);
    for (pad, weight) in held.iter().zip(&gadget.0) {
        for (share, scalar) in shares.iter_mut().zip(pad) {
            *share += weight * scalar;
        }
    }
    Ok(shares)
}

/// Why Bob refuses a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiveError {
    /// It is not made of scalars in range.
    Malformed(Malformed),
    /// Its consistency value is wrong.
    Failed(FailedCheck),
}

impl From<Malformed> for ReceiveError {
    fn from(cause: Malformed) -> Self {
        Self::Malformed(cause)
    }
}

/// θ: how much of each input goes into each check column.
struct Weights([Pair; 2]);

impl Weights {
    fn new(direction: &Direction, presignature: u16, corrections: &[u8]) -> Self {
        let challenge = direction.oracle(CHALLENGE_TAG).number(presignature).bytes(corrections).finish();
        let weight = |input: u8, column: u8| Oracle::new(WEIGHT_TAG).bytes(&challenge).bytes(&[input, column]).scalar();
        Self([0, 1].map(|column| [0, 1].map(|input| weight(input, column))))
    }

    /// The check columns of an OT, each with its weighted sum of the inputs.
    fn of(&self, row: &Pad) -> Pair {
        let [first, second, checks @ ..] = row;
        let [[a, b], [c, d]] = &self.0;
        [checks[0] + a * first + b * second, checks[1] + c * first + d * second]
    }
}

/// ξ rows of scalars below the order of the group.
pub(crate) fn read_corrections(bytes: &[u8]) -> Result<Vec<Pad>, Malformed> {
    if bytes.len() != CORRECTIONS_BYTES {
        return Err(Malformed::Field("corrections"));
    }
    let mut rows = Vec::with_capacity(XI);
    for row in bytes.chunks_exact(WIDTH * SCALAR_BYTES) {
        let mut pad = [Scalar::ZERO; WIDTH];
        for (scalar, bytes) in pad.iter_mut().zip(row.chunks_exact(SCALAR_BYTES)) {
            *scalar = read_scalar(bytes, "corrections")?;
        }
        rows.push(pad);
    }
    Ok(rows)
}
