//! Base oblivious transfer: κ endemic OTs in one message each way (Masny-Rindal, with the programmable-once public
//! function of McQuoid, Rosulek and Roy, eprint 2021/682 sections 4 and 6), for random strings.
//!
//! The sender sends A = a·G. For its choice c the receiver takes a random point as r₁₋c and sends r_c = b·G − H_c(r₁₋c)
//! with it. The string of slot x is KDF(a·(r_x + H_x(r₁₋x))), which the receiver can compute as KDF(b·A) for x = c only.
//!
//! Must never: use a point whose discrete logarithm somebody knows where a random point is meant. H is a hash to the
//! curve (RFC 9380, `secp256k1_XMD:SHA-256_SSWU_RO_`), and r₁₋c is a uniform abscissa that lies on the curve. Whoever
//! knew the logarithm of H_x(·) could receive both strings of an OT.
//!
//! H is asked before the sender's message is known, because both messages cross in one round. So H takes the direction,
//! index, slot and the receiver's other point; the KDF takes all of that and all three points.

use k256::elliptic_curve::group::Group;
use k256::elliptic_curve::ops::MulByGenerator;
use k256::elliptic_curve::point::DecompressPoint;
use k256::elliptic_curve::{Field, subtle::Choice};
use k256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};
use rand_core::{CryptoRng, RngCore};
use subtle::ConditionallySelectable;
use zeroize::Zeroizing;

use crate::ecdsa::direction::Direction;
use crate::ecdsa::hash_to_curve::hash_to_curve;
use crate::ecdsa::{HASH_BYTES, KAPPA};
use crate::error::{EngineError, Malformed};
use crate::secp256k1::{POINT_BYTES, PointBytes, affine_bytes, many_point_bytes, point_bytes, read_point};

/// Bytes of the receiver's message: two points for each OT.
pub const OFFER_BYTES: usize = 2 * KAPPA * POINT_BYTES;

/// The domain of the hash to the curve.
pub const CURVE_DST: &[u8] = b"trefoil/v1/ecdsa/base-ot/popf-secp256k1_XMD:SHA-256_SSWU_RO_";

const SEED_TAG: &str = "trefoil/v1/ecdsa/base-ot/seed";

/// A string of one OT.
pub type Seed = [u8; HASH_BYTES];

/// Both strings of every OT.
pub type SeedPairs = Zeroizing<Vec<[Seed; 2]>>;

/// The choices, OT 0 in the lowest bit, and the chosen strings.
pub struct ChosenSeeds {
    /// The choices.
    pub choices: Zeroizing<u128>,
    /// The string of each choice.
    pub seeds: Zeroizing<Vec<Seed>>,
}

/// The sender. Its scalar is for one direction of one batch.
pub struct Sender {
    scalar: Zeroizing<Scalar>,
    message: PointBytes,
}

impl Sender {
    /// Draws the scalar.
    pub fn new<R: RngCore + CryptoRng>(rng: &mut R) -> Result<Self, EngineError> {
        let scalar = Zeroizing::new(Scalar::random(rng));
        let message = point_bytes(&ProjectivePoint::mul_by_generator(&scalar))?;
        Ok(Self { scalar, message })
    }

    /// A.
    pub const fn message(&self) -> &PointBytes {
        &self.message
    }

    /// Both strings of every OT out of the receiver's message. Consumes the scalar.
    pub fn seeds(self, direction: &Direction, offer: &[u8]) -> Result<SeedPairs, Malformed> {
        if offer.len() != OFFER_BYTES {
            return Err(Malformed::Length);
        }
        let mut own = Vec::with_capacity(2 * KAPPA);
        let mut asked = Vec::with_capacity(2 * KAPPA);
        for (index, pair) in (0_u16..).zip(offer.chunks_exact(2 * POINT_BYTES)) {
            let (first, second) = pair.split_at(POINT_BYTES);
            own.extend([read_point(first, "offer")?, read_point(second, "offer")?]);
            asked.extend([question(direction, index, 0, second), question(direction, index, 1, first)]);
        }
        let masks = hash_to_curve(&asked, CURVE_DST).ok_or(Malformed::Field("offer"))?;
        let mut points = Zeroizing::new(Vec::with_capacity(2 * KAPPA));
        for (own, mask) in own.iter().zip(masks) {
            let shifted = own + &mask;
            if bool::from(shifted.is_identity()) {
                return Err(Malformed::Field("offer"));
            }
            points.push(shifted * *self.scalar);
        }
        let shared = Zeroizing::new(many_point_bytes(&points).map_err(|_| Malformed::Field("offer"))?);
        let mut seeds = Zeroizing::new(Vec::with_capacity(KAPPA));
        for ((index, pair), points) in (0_u16..).zip(offer.chunks_exact(2 * POINT_BYTES)).zip(shared.chunks_exact(2)) {
            let [zero, one] = points else { return Err(Malformed::Length) };
            let string = |slot, point| seed(direction, index, slot, &self.message, pair, point);
            seeds.push([string(0, zero), string(1, one)]);
        }
        Ok(seeds)
    }
}

/// The receiver, with fresh random choices.
pub struct Receiver {
    choices: Zeroizing<u128>,
    scalars: Zeroizing<Vec<Scalar>>,
    offer: Vec<u8>,
}

impl Receiver {
    /// Draws choices and makes the message.
    pub fn new<R: RngCore + CryptoRng>(direction: &Direction, rng: &mut R) -> Result<Self, EngineError> {
        let mut bytes = Zeroizing::new([0; 16]);
        rng.fill_bytes(bytes.as_mut());
        let choices = Zeroizing::new(u128::from_le_bytes(*bytes));
        let mut scalars = Zeroizing::new(Vec::with_capacity(KAPPA));
        let mut others = Vec::with_capacity(KAPPA);
        let mut asked = Zeroizing::new(Vec::with_capacity(KAPPA));
        for index in (0_u16..).take(KAPPA) {
            scalars.push(Scalar::random(&mut *rng));
            let (random, encoded) = random_point(rng)?;
            let slot = chosen(*choices, usize::from(index)).unwrap_u8();
            asked.push(question(direction, index, slot, &encoded));
            others.push(random);
        }
        let masks = hash_to_curve(&asked, CURVE_DST)
            .ok_or_else(|| EngineError::misuse("the hash to the curve has no answer"))?;
        let mut points = Vec::with_capacity(2 * KAPPA);
        for (index, ((scalar, random), mask)) in scalars.iter().zip(&others).zip(masks).enumerate() {
            let choice = chosen(*choices, index);
            let own = ProjectivePoint::mul_by_generator(scalar) - mask;
            points.push(ProjectivePoint::conditional_select(&own, random, choice));
            points.push(ProjectivePoint::conditional_select(random, &own, choice));
        }
        let offer = many_point_bytes(&points)?.concat();
        Ok(Self { choices, scalars, offer })
    }

    /// The pairs (r₀, r₁), [`OFFER_BYTES`].
    pub fn message(&self) -> &[u8] {
        &self.offer
    }

    /// The chosen string of every OT out of the sender's message. Consumes the scalars.
    pub fn seeds(self, direction: &Direction, sender: &[u8]) -> Result<ChosenSeeds, Malformed> {
        let point = read_point(sender, "base-ot")?;
        let points = Zeroizing::new(self.scalars.iter().map(|scalar| point * scalar).collect::<Vec<_>>());
        let shared = Zeroizing::new(many_point_bytes(&points).map_err(|_| Malformed::Field("base-ot"))?);
        let mut seeds = Zeroizing::new(Vec::with_capacity(KAPPA));
        for ((index, pair), point) in (0_u16..).zip(self.offer.chunks_exact(2 * POINT_BYTES)).zip(shared.iter()) {
            let slot = chosen(*self.choices, usize::from(index)).unwrap_u8();
            seeds.push(seed(direction, index, slot, sender, pair, point));
        }
        Ok(ChosenSeeds { choices: self.choices, seeds })
    }
}

/// What is hashed to the curve: H_slot of the receiver's other point is the hash of this.
pub fn question(direction: &Direction, index: u16, slot: u8, other: &[u8]) -> Vec<u8> {
    let parties = [direction.sender.get().to_be_bytes(), direction.receiver.get().to_be_bytes()];
    [&direction.session, parties.as_flattened(), &index.to_be_bytes(), &[slot], other].concat()
}

/// The string of a slot from the Diffie-Hellman point, bound to the direction and both public messages.
pub fn seed(direction: &Direction, index: u16, slot: u8, sender: &[u8], pair: &[u8], shared: &[u8]) -> Seed {
    direction.oracle(SEED_TAG).number(index).bytes(&[slot]).bytes(sender).bytes(pair).bytes(shared).finish()
}

/// The choice of one OT.
fn chosen(choices: u128, index: usize) -> Choice {
    Choice::from((choices >> index) as u8 & 1)
}

/// A uniform point of the curve, with its bytes, whose logarithm nobody knows. How often it is tried again depends on abscissas that
/// are thrown away.
fn random_point<R: RngCore + CryptoRng>(rng: &mut R) -> Result<(ProjectivePoint, PointBytes), EngineError> {
    loop {
        let (mut sign, mut abscissa) = ([0; 1], FieldBytes::default());
        rng.fill_bytes(&mut sign);
        rng.fill_bytes(&mut abscissa);
        let found = AffinePoint::decompress(&abscissa, Choice::from(sign[0] & 1));
        if let Some(point) = Option::<AffinePoint>::from(found) {
            return Ok((point.into(), affine_bytes(&point)?));
        }
    }
}
