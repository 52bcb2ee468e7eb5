//! Hashing to the curve (RFC 9380, `secp256k1_XMD:SHA-256_SSWU_RO_`), many messages at once.
//!
//! It is the function of `k256`'s `hash2curve` over the same constants, and tests compare both with each other and with another
//! library. There, each of the two maps of a message costs three inversions and a power by square and multiply, together
//! a third of a batch's base OTs. Here the denominators of all maps are inverted together, and the power is an addition chain.
//!
//! Must never: branch or index on a message. Some hold a choice of the base OT.

use k256::elliptic_curve::hash2curve::{ExpandMsgXmd, Isogeny, OsswuMap, Sgn0, hash_to_field};
use k256::elliptic_curve::sec1::FromEncodedPoint;
use k256::elliptic_curve::subtle::{ConditionallySelectable, ConstantTimeEq};
use k256::{AffinePoint, EncodedPoint, FieldElement, ProjectivePoint};
use sha2::Sha256;

/// A point of the curve as fractions with one denominator.
struct Fraction {
    x: FieldElement,
    y: FieldElement,
    denominator: FieldElement,
}

/// A uniform point for every message, in the domain of `dst`. Nothing comes back with a probability below 2^-240: when a
/// denominator is zero.
pub fn hash_to_curve(messages: &[Vec<u8>], dst: &[u8]) -> Option<Vec<ProjectivePoint>> {
    let mut fractions = Vec::with_capacity(2 * messages.len());
    for message in messages {
        let mut elements = [FieldElement::ZERO; 2];
        hash_to_field::<ExpandMsgXmd<Sha256>, _>(&[message], &[dst], &mut elements).ok()?;
        fractions.extend(elements.iter().map(map_to_curve));
    }
    let points: Vec<AffinePoint> = divide(&fractions)?;
    Some(points.chunks_exact(2).filter_map(|pair| pair.split_first()).map(|(a, rest)| add(a, rest)).collect())
}

fn add(first: &AffinePoint, rest: &[AffinePoint]) -> ProjectivePoint {
    rest.iter().fold(ProjectivePoint::from(*first), |sum, point| sum + point)
}

/// RFC 9380 section 6.6.3: simplified SWU to the isogenous curve (appendix F.2), then the 3-isogeny (appendix E.1).
fn map_to_curve(u: &FieldElement) -> Fraction {
    let (x, below, y) = simplified_swu(u);
    let square = below.square();
    let powers = [FieldElement::ONE, below, square, square * below];
    let isogeny = FieldElement::COEFFICIENTS;
    // A polynomial of degree n comes out times belowⁿ: three of the four have degree 3, xden has 2.
    let [x_above, x_below, y_above, y_below] =
        [isogeny.xnum, isogeny.xden, isogeny.ynum, isogeny.yden].map(|polynomial| homogeneous(polynomial, &x, &powers));
    let x_below = x_below * below;
    Fraction { x: x_above * y_below, y: y * y_above * x_below, denominator: x_below * y_below }
}

/// x as a fraction, and y, on the isogenous curve y² = x³ + Ax + B.
fn simplified_swu(u: &FieldElement) -> (FieldElement, FieldElement, FieldElement) {
    let parameters = FieldElement::PARAMS;
    let (a, b, z) = (parameters.map_a, parameters.map_b, parameters.z);
    let square = u.square();
    let zu2 = z * square;
    let sum = zu2.square() + zu2;
    let above1 = b * (sum + FieldElement::ONE);
    let below = (a * sum.normalize_weak().negate(1)).normalize();
    let below = FieldElement::conditional_select(&below, &(z * a).normalize(), below.is_zero());

    // g(x₁) = (above1³ + A·above1·below² + B·below³) / below³
    let below2 = below.square();
    let below3 = below2 * below;
    let above_g = above1 * (above1.square() + a * below2) + b * below3;
    let product = above_g * below3;
    let y1 = power_c1(&(below3.square() * product)) * product;
    let is_square = (y1.square() * below3).normalize().ct_eq(&above_g.normalize());
    let y2 = y1 * parameters.c2 * square * u;
    let above = FieldElement::conditional_select(&(zu2 * above1), &above1, is_square);
    let y = FieldElement::conditional_select(&y2, &y1, is_square).normalize();
    let flip = u.sgn0() ^ y.sgn0();
    (above, below, FieldElement::conditional_select(&y, &y.negate(1), flip))
}

/// Σ kᵢ·xⁱ·belowⁿ⁻ⁱ.
fn homogeneous(coefficients: &[FieldElement], x: &FieldElement, powers: &[FieldElement; 4]) -> FieldElement {
    let terms = coefficients.iter().rev().zip(powers);
    terms.fold(FieldElement::ZERO, |sum, (coefficient, power)| sum * x + coefficient * power)
}

/// a^((p − 3) / 4). The exponent in binary is 223 ones, a zero, 22 ones and 00001011.
fn power_c1(a: &FieldElement) -> FieldElement {
    let ones2 = squared(a, 1) * a;
    let ones3 = squared(&ones2, 1) * a;
    let ones6 = squared(&ones3, 3) * ones3;
    let ones9 = squared(&ones6, 3) * ones3;
    let ones11 = squared(&ones9, 2) * ones2;
    let ones22 = squared(&ones11, 11) * ones11;
    let ones44 = squared(&ones22, 22) * ones22;
    let ones88 = squared(&ones44, 44) * ones44;
    let ones176 = squared(&ones88, 88) * ones88;
    let ones220 = squared(&ones176, 44) * ones44;
    let ones223 = squared(&ones220, 3) * ones3;
    let upper = squared(&ones223, 23) * ones22;
    squared(&(squared(&upper, 5) * a), 3) * ones2
}

fn squared(a: &FieldElement, times: usize) -> FieldElement {
    (0..times).fold(*a, |a, _| a.square())
}

/// All fractions for the price of one inversion: the inverse of their product, taken apart from the back.
fn divide(fractions: &[Fraction]) -> Option<Vec<AffinePoint>> {
    let mut products = Vec::with_capacity(fractions.len());
    let mut product = FieldElement::ONE;
    for fraction in fractions {
        products.push(product);
        product *= fraction.denominator;
    }
    let mut inverse: FieldElement = Option::from(product.invert())?;
    let mut points = Vec::with_capacity(fractions.len());
    for (fraction, before) in fractions.iter().zip(products).rev() {
        let one = inverse * before;
        inverse *= fraction.denominator;
        let (x, y) = ((fraction.x * one).to_bytes(), (fraction.y * one).to_bytes());
        let encoded = EncodedPoint::from_affine_coordinates(&x, &y, false);
        points.push(Option::from(AffinePoint::from_encoded_point(&encoded))?);
    }
    points.reverse();
    Some(points)
}
