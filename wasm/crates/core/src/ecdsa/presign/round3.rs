//! Round 3: every signer opens Rᵢ and multiplies: as Alice it brings rᵢ and skᵢ, as Bob the random χ that its choice bits make.
//!
//! With c and d the shares of a product, j checks for every other i that χ·Rᵢ − Γᵘ = dᵘ·G and χ·pkᵢ − Γᵛ = dᵛ·G, so that what i
//! multiplied is what it committed to. What is common to all signers is checked in `combine`.

use std::collections::BTreeMap;

use k256::elliptic_curve::ops::{LinearCombination, MulByGenerator};
use k256::{ProjectivePoint, Scalar};
use zeroize::Zeroizing;

use crate::codec::{Layout, Object, Reader, SuiteTag};
use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::ot_extension::ReceiverRows;
use crate::ecdsa::presign::round1::{Commitments, Instance, Own, commit_point};
use crate::ecdsa::presign::round2::{Accepted, Extended};
use crate::ecdsa::presign::terms::{Directions, Terms};
use crate::ecdsa::rvole::{self, CHECK_SUMS_BYTES, CORRECTIONS_BYTES, Gadget, Multiplication, Pair, ReceiveError};
use crate::error::{EngineError, Malformed};
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::secp256k1::{POINT_BYTES, PointBytes, SCALAR_BYTES, many_point_bytes, read_point, read_scalar};

/// The number of this round.
pub const ROUND: u16 = 3;

/// What one signer sends to another for one presignature.
pub(crate) struct Part {
    point: PointBytes,
    salt: [u8; HASH_BYTES],
    key_point: PointBytes,
    gammas: [PointBytes; 2],
    /// φ − χ.
    psi: Zeroizing<Scalar>,
    multiplication: Multiplication,
}

/// The messages of this round by receiver.
pub(crate) type Messages = PerParty<Vec<Part>>;

/// What this party holds of the multiplications with one other signer.
pub(crate) struct Link {
    directions: Directions,
    gadget: Gadget,
    rows: ReceiverRows,
    pub(super) commitments: Commitments,
    /// χ of every presignature.
    factors: Zeroizing<Vec<Scalar>>,
    /// c of every presignature.
    pub(super) shares: Zeroizing<Vec<Pair>>,
}

/// The presignatures that are spoken for, by index, and the one request that each is for.
pub(crate) type Asked = BTreeMap<u16, [u8; HASH_BYTES]>;

/// What this party holds while it waits for the others' openings.
pub(crate) struct Opened {
    pub(super) batch: [u8; HASH_BYTES],
    pub(super) instances: Vec<Instance>,
    pub(super) own: Own,
    pub(super) key_parts: Zeroizing<Vec<Scalar>>,
    /// pkᵢ of every presignature.
    pub(super) key_points: Vec<ProjectivePoint>,
    pub(super) encoded_key_points: Vec<PointBytes>,
    pub(super) links: PerParty<Link>,
    pub(super) asked: Asked,
}

/// End of round 2: multiplies as Alice and opens.
pub(crate) fn open(extended: Extended, mut accepted: PerParty<Accepted>) -> Result<(Opened, Messages), EngineError> {
    let Extended { batch, instances, own, key_parts, links } = extended;
    let key_points: Vec<_> = key_parts.iter().map(ProjectivePoint::mul_by_generator).collect();
    let encoded_key_points = many_point_bytes(&key_points)?;
    let (mut opened, mut messages) = (PerParty::new(), Messages::new());
    for (peer, link) in links {
        let missing = || EngineError::misuse("the extension of a signer is missing");
        let sender_rows = accepted.remove(peer).ok_or_else(missing)?.rows;
        let sending = Gadget::new(&link.directions.sending);
        let receiving = Gadget::new(&link.directions.receiving);
        let count = instances.len();
        let mut shares = Zeroizing::new(Vec::with_capacity(count));
        let mut factors = Zeroizing::new(Vec::with_capacity(count));
        let (mut multiplications, mut gammas) = (Vec::with_capacity(count), Vec::with_capacity(2 * count));
        for (((index, instance), key_part), checks) in
            (0_u16..).zip(&instances).zip(key_parts.iter()).zip(link.checks.iter())
        {
            let inputs = Zeroizing::new([instance.nonce, *key_part]);
            let (share, multiplication) =
                rvole::multiply(&link.directions.sending, &sending, &sender_rows, index, &inputs, checks);
            gammas.extend(share.iter().map(ProjectivePoint::mul_by_generator));
            multiplications.push(multiplication);
            shares.push(*share);
            factors.push(*rvole::factor(&receiving, &link.rows, index));
        }
        let gammas = many_point_bytes(&gammas)?;
        let mut parts = Vec::with_capacity(count);
        for (((((instance, factor), multiplication), gammas), point), key_point) in instances
            .iter()
            .zip(factors.iter())
            .zip(multiplications)
            .zip(gammas.chunks_exact(2))
            .zip(&own.encoded_points)
            .zip(&encoded_key_points)
        {
            let psi = Zeroizing::new(instance.mask - factor);
            let gammas = gammas.try_into().map_err(|_| missing())?;
            let (point, key_point, salt) = (*point, *key_point, instance.salt);
            parts.push(Part { point, salt, key_point, gammas, psi, multiplication });
        }
        messages.insert(peer, parts);
        let (directions, rows, commitments) = (link.directions, link.rows, link.commitments);
        opened.insert(peer, Link { directions, gadget: receiving, rows, commitments, factors, shares });
    }
    let opened =
        Opened { batch, instances, own, key_parts, key_points, encoded_key_points, links: opened, asked: Asked::new() };
    Ok((opened, messages))
}

/// The message of this round.
pub fn layout(count: u16) -> Layout {
    (0..count).fold(Layout::new(Object::PresignRound3, SuiteTag::Ecdsa), |layout, _| {
        layout
            .field("point", POINT_BYTES)
            .field("salt", HASH_BYTES)
            .field("key-point", POINT_BYTES)
            .field("gamma-u", POINT_BYTES)
            .field("gamma-v", POINT_BYTES)
            .field("psi", SCALAR_BYTES)
            .field("corrections", CORRECTIONS_BYTES)
            .field("check-sums", CHECK_SUMS_BYTES)
            .field("check", HASH_BYTES)
    })
}

/// The bytes for one signer, taken out of what this party holds.
pub(crate) fn encode(messages: &mut Messages, terms: &Terms, peer: PartyId) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    let parts = messages.remove(peer).ok_or_else(|| EngineError::misuse("there is no message for this party"))?;
    let mut writer = layout(terms.count).writer();
    for part in parts {
        let [gamma_u, gamma_v] = part.gammas;
        writer = writer.put(part.point).put(part.salt).put(part.key_point).put(gamma_u).put(gamma_v);
        writer = writer.put(Zeroizing::new(<[u8; SCALAR_BYTES]>::from(part.psi.to_bytes())).as_slice());
        let Multiplication { corrections, check_sums, check } = part.multiplication;
        writer = writer.put(corrections).put(check_sums).put(check);
    }
    writer.finish()
}

/// What one other signer sent for one presignature.
pub(crate) struct Received {
    point: (PointBytes, ProjectivePoint),
    salt: [u8; HASH_BYTES],
    key_point: (PointBytes, ProjectivePoint),
    gammas: [ProjectivePoint; 2],
    psi: Zeroizing<Scalar>,
    pub(crate) multiplication: Multiplication,
}

/// Reads what another signer sent for the next presignature. The corrections are decoded where they are used.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Received, Malformed> {
    let point = |reader: &mut Reader<'_>, name| {
        let bytes = reader.array()?;
        Ok((bytes, read_point(&bytes, name)?))
    };
    Ok(Received {
        point: point(reader, "point")?,
        salt: reader.array()?,
        key_point: point(reader, "key-point")?,
        gammas: [point(reader, "gamma-u")?.1, point(reader, "gamma-v")?.1],
        psi: Zeroizing::new(read_scalar(reader.take(SCALAR_BYTES)?, "psi")?),
        multiplication: Multiplication {
            corrections: reader.take(CORRECTIONS_BYTES)?.to_vec(),
            check_sums: reader.take(CHECK_SUMS_BYTES)?.to_vec(),
            check: reader.array()?,
        },
    })
}

/// What is kept of another signer's part of one presignature: all its own checks hold.
pub(crate) struct Verified {
    pub(super) point: (PointBytes, ProjectivePoint),
    pub(super) key_point: (PointBytes, ProjectivePoint),
    pub(super) psi: Zeroizing<Scalar>,
    pub(super) shares: Zeroizing<Pair>,
}

/// Reads and checks everything that one signer sent.
pub(crate) fn verify(
    terms: &Terms,
    opened: &Opened,
    from: PartyId,
    payload: &[u8],
) -> Result<Vec<Verified>, EngineError> {
    let malformed = |cause| EngineError::malformed(from, ROUND, cause);
    let link = opened.links.get(from).ok_or_else(|| EngineError::misuse("there is nothing with this signer"))?;
    let mut reader = layout(terms.count).reader(payload).map_err(malformed)?;
    let mut verified = Vec::with_capacity(usize::from(terms.count));
    for ((index, commitment), factor) in (0_u16..).zip(&link.commitments.points).zip(link.factors.iter()) {
        let received = read(&mut reader).map_err(malformed)?;
        verified.push(verify_one(terms, link, from, index, commitment, factor, received)?);
    }
    Ok(verified)
}

/// The checks of one presignature; the multiplication's own comes before anything else of it is used.
fn verify_one(
    terms: &Terms,
    link: &Link,
    from: PartyId,
    index: u16,
    commitment: &[u8; HASH_BYTES],
    factor: &Scalar,
    received: Received,
) -> Result<Verified, EngineError> {
    let failed = |detail| EngineError::failed_check(from, ROUND, detail);
    let product = rvole::receive(&link.directions.receiving, &link.gadget, &link.rows, index, &received.multiplication)
        .map_err(|error| match error {
            ReceiveError::Malformed(cause) => EngineError::malformed(from, ROUND, cause),
            ReceiveError::Failed(check) => failed(check.0),
        })?;
    if commit_point(&terms.opening, from, index, &received.point.0, &received.salt) != *commitment {
        return Err(failed("the nonce point is not the committed one"));
    }
    let [gamma_u, gamma_v] = &received.gammas;
    let [share_u, share_v] = &*product;
    if !is_product(&received.point.1, factor, gamma_u, share_u) {
        return Err(failed("the multiplied nonce is not that of the nonce point"));
    }
    if !is_product(&received.key_point.1, factor, gamma_v, share_v) {
        return Err(failed("the multiplied key part is not that of its point"));
    }
    Ok(Verified { point: received.point, key_point: received.key_point, psi: received.psi, shares: product })
}

/// Whether factor·point − gamma = share·G.
fn is_product(point: &ProjectivePoint, factor: &Scalar, gamma: &ProjectivePoint, share: &Scalar) -> bool {
    ProjectivePoint::lincomb(point, factor, &ProjectivePoint::GENERATOR, &-share) == *gamma
}
