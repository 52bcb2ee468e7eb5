//! Round 1: every signer draws all that is random in its batch, commits to its nonce points and signing entropy, and opens
//! the base OTs of both directions with every other signer.
//!
//! Nonce and commitments are the same for all receivers, which the echo of [`super::round2`] makes sure of; the rest is for
//! one receiver.

use k256::elliptic_curve::Field;
use k256::elliptic_curve::ops::MulByGenerator;
use k256::{ProjectivePoint, Scalar};
use rand_core::{CryptoRng, RngCore};
use zeroize::{Zeroize, Zeroizing};

use crate::codec::{Layout, Object, SuiteTag};
use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::base_ot::{self, OFFER_BYTES};
use crate::ecdsa::oracle::Oracle;
use crate::ecdsa::ot_extension::Choices;
use crate::ecdsa::presign::terms::Terms;
use crate::ecdsa::presignature::commit_entropy;
use crate::ecdsa::rvole::Pair;
use crate::error::{EngineError, Malformed};
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::secp256k1::{POINT_BYTES, PointBytes, many_point_bytes, read_point};

/// The number of this round.
pub const ROUND: u16 = 1;

const POINT_TAG: &str = "trefoil/v1/ecdsa/presign/point-commitment";

/// The secrets of one presignature.
pub(crate) struct Instance {
    /// rᵢ.
    pub(crate) nonce: Scalar,
    /// φᵢ.
    pub(crate) mask: Scalar,
    /// eᵢ.
    pub(crate) entropy: [u8; HASH_BYTES],
    /// Hides Rᵢ in its commitment.
    pub(crate) salt: [u8; HASH_BYTES],
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.nonce.zeroize();
        self.mask.zeroize();
        self.entropy.zeroize();
    }
}

/// What is drawn towards one other signer.
pub(crate) struct Towards {
    pub(crate) ot_sender: base_ot::Sender,
    pub(crate) ot_receiver: base_ot::Receiver,
    /// Half of the seed of the pair's zero-sharing.
    pub(crate) zero_seed: Zeroizing<[u8; HASH_BYTES]>,
    /// β of every presignature.
    pub(crate) choices: Choices,
    /// The check inputs â of every presignature.
    pub(crate) checks: Zeroizing<Vec<Pair>>,
}

/// All that is random in a batch.
pub(crate) struct Drawn {
    pub(crate) nonce: [u8; HASH_BYTES],
    pub(crate) instances: Vec<Instance>,
    /// Rᵢ.
    pub(crate) points: Vec<ProjectivePoint>,
    pub(crate) encoded_points: Vec<PointBytes>,
    pub(crate) towards: PerParty<Towards>,
}

/// What is left of it for the later rounds, and public sooner or later.
pub(crate) struct Own {
    /// Rᵢ.
    pub(crate) points: Vec<ProjectivePoint>,
    pub(crate) encoded_points: Vec<PointBytes>,
    pub(crate) commitments: Commitments,
}

/// Draws.
pub(crate) fn draw<R: RngCore + CryptoRng>(terms: &Terms, rng: &mut R) -> Result<Drawn, EngineError> {
    let bytes = |rng: &mut R| {
        let mut bytes = [0; HASH_BYTES];
        rng.fill_bytes(&mut bytes);
        bytes
    };
    let nonce = bytes(rng);
    let instances: Vec<Instance> = (0..terms.count)
        .map(|_| Instance {
            nonce: Scalar::random(&mut *rng),
            mask: Scalar::random(&mut *rng),
            entropy: bytes(rng),
            salt: bytes(rng),
        })
        .collect();
    let points: Vec<_> = instances.iter().map(|instance| ProjectivePoint::mul_by_generator(&instance.nonce)).collect();
    let mut towards = PerParty::new();
    for peer in terms.peers() {
        let directions = terms.directions(terms.opening, peer);
        let ot_sender = base_ot::Sender::new(rng)?;
        let ot_receiver = base_ot::Receiver::new(&directions.receiving, rng)?;
        let zero_seed = Zeroizing::new(bytes(rng));
        let choices = Choices::random(terms.count, rng);
        let mut checks = Zeroizing::new(Vec::with_capacity(usize::from(terms.count)));
        checks.extend((0..terms.count).map(|_| [Scalar::random(&mut *rng), Scalar::random(&mut *rng)]));
        towards.insert(peer, Towards { ot_sender, ot_receiver, zero_seed, choices, checks });
    }
    Ok(Drawn { nonce, instances, encoded_points: many_point_bytes(&points)?, points, towards })
}

/// The message of this round.
pub fn layout(count: u16) -> Layout {
    Layout::new(Object::PresignRound1, SuiteTag::Ecdsa)
        .field("nonce", HASH_BYTES)
        .fields("point-commitment", HASH_BYTES, usize::from(count))
        .fields("entropy-commitment", HASH_BYTES, usize::from(count))
        .field("zero-seed", HASH_BYTES)
        .field("base-ot", POINT_BYTES)
        .field("offer", OFFER_BYTES)
}

/// The bytes for one signer.
pub(crate) fn encode(drawn: &Drawn, terms: &Terms, peer: PartyId) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    let message = own(drawn, terms, peer)?;
    let Message { common, zero_seed, base_ot, offer } = &message;
    let mut writer = layout(terms.count).writer().put(common.nonce);
    for commitment in common.points.iter().chain(&common.entropies) {
        writer = writer.put(commitment);
    }
    writer.put(**zero_seed).put(base_ot).put(offer).finish()
}

/// What this party sends to one signer.
pub(crate) fn own(drawn: &Drawn, terms: &Terms, peer: PartyId) -> Result<Message, EngineError> {
    let towards = drawn.towards.get(peer).ok_or_else(|| EngineError::misuse("there is no message for this party"))?;
    Ok(Message {
        common: commitments(drawn, terms),
        zero_seed: towards.zero_seed.clone(),
        base_ot: *towards.ot_sender.message(),
        offer: towards.ot_receiver.message().to_vec(),
    })
}

/// What this party says to all.
pub(crate) fn commitments(drawn: &Drawn, terms: &Terms) -> Commitments {
    let indexed = || (0_u16..).zip(&drawn.instances);
    let points = indexed()
        .zip(&drawn.encoded_points)
        .map(|((index, instance), point)| commit_point(&terms.opening, terms.party, index, point, &instance.salt));
    let entropies =
        indexed().map(|(index, instance)| commit_entropy(&terms.opening, terms.party, index, &instance.entropy));
    Commitments { nonce: drawn.nonce, points: points.collect(), entropies: entropies.collect() }
}

/// The commitment to a nonce point.
pub(crate) fn commit_point(
    opening: &[u8; HASH_BYTES],
    party: PartyId,
    index: u16,
    point: &PointBytes,
    salt: &[u8; HASH_BYTES],
) -> [u8; HASH_BYTES] {
    Oracle::new(POINT_TAG).bytes(opening).number(party.get()).number(index).bytes(point).bytes(salt).finish()
}

/// What a signer says to all.
pub(crate) struct Commitments {
    pub(crate) nonce: [u8; HASH_BYTES],
    pub(crate) points: Vec<[u8; HASH_BYTES]>,
    pub(crate) entropies: Vec<[u8; HASH_BYTES]>,
}

/// The message of one signer to another.
pub(crate) struct Message {
    pub(crate) common: Commitments,
    pub(crate) zero_seed: Zeroizing<[u8; HASH_BYTES]>,
    pub(crate) base_ot: PointBytes,
    pub(crate) offer: Vec<u8>,
}

/// Reads what another signer sent. The points of the offer are decoded where they are used.
pub(crate) fn decode(bytes: &[u8], count: u16) -> Result<Message, Malformed> {
    let mut reader = layout(count).reader(bytes)?;
    let nonce = reader.array()?;
    let mut hashes = || (0..count).map(|_| reader.array()).collect::<Result<Vec<_>, _>>();
    let common = Commitments { nonce, points: hashes()?, entropies: hashes()? };
    let zero_seed = Zeroizing::new(reader.array()?);
    let base_ot = reader.array()?;
    read_point(&base_ot, "base-ot")?;
    Ok(Message { common, zero_seed, base_ot, offer: reader.take(OFFER_BYTES)?.to_vec() })
}
