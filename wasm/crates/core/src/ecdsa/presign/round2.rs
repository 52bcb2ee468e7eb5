//! Round 2: every pair echoes its round 1 and turns its base OTs into the OTs of the whole batch.
//!
//! The session id of a pair hashes the terms, every signer's nonce and commitments, and the two messages of the pair. Both
//! sides of a pair send it: what they saw of anyone in round 1 is equal, or the batch ends here and opens nothing.

use k256::Scalar;
use zeroize::Zeroizing;

use crate::codec::{Layout, Object, Reader, SuiteTag};
use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::base_ot::ChosenSeeds;
use crate::ecdsa::oracle::Oracle;
use crate::ecdsa::ot_extension::{
    self, BLOCK_BYTES, Extension, HASHED_COLUMNS_BYTES, ReceiverRows, SenderRows, columns_bytes,
};
use crate::ecdsa::presign::round1::{self, Commitments, Drawn, Instance, Message};
use crate::ecdsa::presign::terms::{Directions, Terms};
use crate::ecdsa::rvole::Pair;
use crate::error::{EngineError, Malformed};
use crate::party::PartyId;
use crate::per_party::PerParty;

/// The number of this round.
pub const ROUND: u16 = 2;

const BATCH_TAG: &str = "trefoil/v1/ecdsa/presign/batch";
const PAIR_TAG: &str = "trefoil/v1/ecdsa/presign/pair";
const ZERO_SEED_TAG: &str = "trefoil/v1/ecdsa/presign/zero-seed";
const ZERO_TAG: &str = "trefoil/v1/ecdsa/presign/zero";

/// What belongs to one other signer from here on.
pub(crate) struct Link {
    pub(crate) directions: Directions,
    /// The session id, which both send.
    pub(crate) session: [u8; HASH_BYTES],
    /// This party's OTs as their receiver.
    pub(crate) rows: ReceiverRows,
    pub(crate) checks: Zeroizing<Vec<Pair>>,
    /// Rᵢ and eᵢ of the other signer, committed.
    pub(crate) commitments: Commitments,
    /// The strings for this party's OTs as their sender, until the other's extension is there.
    chosen: Option<ChosenSeeds>,
}

/// What this party holds while it waits for the extensions.
pub(crate) struct Extended {
    /// Names the batch.
    pub(crate) batch: [u8; HASH_BYTES],
    pub(crate) instances: Vec<Instance>,
    pub(crate) own: round1::Own,
    /// skᵢ of every presignature: λᵢ·shareᵢ + ζᵢ.
    pub(crate) key_parts: Zeroizing<Vec<Scalar>>,
    pub(crate) links: PerParty<Link>,
}

/// The messages of this round by receiver.
pub(crate) type Messages = PerParty<([u8; HASH_BYTES], Extension)>;

/// This party's OTs as their sender with one other signer.
pub(crate) struct Accepted {
    pub(crate) rows: SenderRows,
}

/// End of round 1: names the batch, finishes the base OTs and extends as the receiver.
pub(crate) fn extend(
    terms: &Terms,
    mut drawn: Drawn,
    received: PerParty<Message>,
) -> Result<(Extended, Messages), EngineError> {
    let commitments = round1::commitments(&drawn, terms);
    let batch = batch_id(terms, &commitments, &received);
    let mut key_parts = Zeroizing::new(vec![*terms.key_part; drawn.instances.len()]);
    let (mut links, mut messages) = (PerParty::new(), Messages::new());
    for (peer, theirs) in received {
        let malformed = |cause: Malformed| EngineError::malformed(peer, round1::ROUND, cause);
        let own = round1::own(&drawn, terms, peer)?;
        let towards =
            drawn.towards.remove(peer).ok_or_else(|| EngineError::misuse("there is nothing towards this signer"))?;
        let (lower, upper) = if terms.party < peer { (&own, &theirs) } else { (&theirs, &own) };
        let session = pair_id(&batch, [terms.party.min(peer), terms.party.max(peer)], [lower, upper]);
        add_zero_shares(&mut key_parts, &session, terms.party < peer, [lower, upper]);

        let opening = terms.directions(terms.opening, peer);
        let seeds = towards.ot_sender.seeds(&opening.sending, &theirs.offer).map_err(malformed)?;
        let chosen = towards.ot_receiver.seeds(&opening.receiving, &theirs.base_ot).map_err(malformed)?;
        let directions = terms.directions(session, peer);
        let (rows, extension) = ot_extension::extend(&directions.receiving, &seeds, towards.choices);
        messages.insert(peer, (session, extension));
        let (checks, commitments) = (towards.checks, theirs.common);
        links.insert(peer, Link { directions, session, rows, checks, commitments, chosen: Some(chosen) });
    }
    let own = round1::Own { points: drawn.points, encoded_points: drawn.encoded_points, commitments };
    Ok((Extended { batch, instances: drawn.instances, own, key_parts, links }, messages))
}

/// The id of the batch: the terms and what every signer said to all.
fn batch_id(terms: &Terms, own: &Commitments, received: &PerParty<Message>) -> [u8; HASH_BYTES] {
    let mut oracle = Oracle::new(BATCH_TAG).bytes(&terms.opening);
    for signer in &terms.signers {
        let said = received.get(*signer).map_or(own, |message| &message.common);
        oracle = oracle.number(signer.get()).bytes(&said.nonce);
        for commitment in said.points.iter().chain(&said.entropies) {
            oracle = oracle.bytes(commitment);
        }
    }
    oracle.finish()
}

/// The session id of a pair: the batch and what the two said to each other, the lower party first.
fn pair_id(batch: &[u8; HASH_BYTES], parties: [PartyId; 2], messages: [&Message; 2]) -> [u8; HASH_BYTES] {
    let mut oracle = Oracle::new(PAIR_TAG).bytes(batch);
    for (party, message) in parties.iter().zip(messages) {
        oracle = oracle.number(party.get()).bytes(&*message.zero_seed).bytes(&message.base_ot).bytes(&message.offer);
    }
    oracle.finish()
}

/// ζᵢ: what the lower party of a pair adds the upper one subtracts, so that the parts of the key change and their sum does not.
fn add_zero_shares(parts: &mut [Scalar], session: &[u8; HASH_BYTES], is_lower: bool, messages: [&Message; 2]) {
    let [lower, upper] = messages.map(|message| &message.zero_seed);
    let oracle = Oracle::new(ZERO_SEED_TAG).bytes(session).bytes(&**lower).bytes(&**upper);
    let seed = Zeroizing::new(oracle.finish());
    let prefix = Oracle::new(ZERO_TAG).bytes(&*seed);
    for (index, part) in (0_u16..).zip(parts) {
        let zero = Zeroizing::new(prefix.clone().number(index).scalar());
        *part += if is_lower { *zero } else { -*zero };
    }
}

/// The message of this round.
pub fn layout(count: u16) -> Layout {
    Layout::new(Object::PresignRound2, SuiteTag::Ecdsa)
        .field("echo", HASH_BYTES)
        .field("columns", columns_bytes(count))
        .field("hashed-choices", BLOCK_BYTES)
        .field("hashed-columns", HASHED_COLUMNS_BYTES)
}

/// The bytes for one signer, taken out of what this party holds.
pub(crate) fn encode(messages: &mut Messages, terms: &Terms, peer: PartyId) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    let (session, extension) =
        messages.remove(peer).ok_or_else(|| EngineError::misuse("there is no message for this party"))?;
    layout(terms.count)
        .writer()
        .put(session)
        .put(extension.columns)
        .put(extension.hashed_choices)
        .put(extension.hashed_columns)
        .finish()
}

/// Reads what another signer sent.
pub(crate) fn decode(bytes: &[u8], count: u16) -> Result<([u8; HASH_BYTES], Extension), Malformed> {
    let mut reader = layout(count).reader(bytes)?;
    let echo = reader.array()?;
    let field = |reader: &mut Reader<'_>, bytes| reader.take(bytes).map(<[u8]>::to_vec);
    let extension = Extension {
        columns: field(&mut reader, columns_bytes(count))?,
        hashed_choices: field(&mut reader, BLOCK_BYTES)?,
        hashed_columns: field(&mut reader, HASHED_COLUMNS_BYTES)?,
    };
    Ok((echo, extension))
}

/// Compares the echo, checks the extension and extends as the sender.
pub(crate) fn accept(
    terms: &Terms,
    extended: &mut Extended,
    from: PartyId,
    payload: &[u8],
) -> Result<Accepted, EngineError> {
    let (echo, extension) = decode(payload, terms.count).map_err(|cause| EngineError::malformed(from, ROUND, cause))?;
    let missing = || EngineError::misuse("the extension of this signer was there before");
    let link = extended.links.get_mut(from).ok_or_else(missing)?;
    if echo != link.session {
        return Err(EngineError::echo_mismatch(ROUND));
    }
    let chosen = link.chosen.take().ok_or_else(missing)?;
    let rows = ot_extension::accept(&link.directions.sending, chosen, terms.count, &extension)
        .map_err(|failed| EngineError::failed_check(from, ROUND, failed.0))?;
    Ok(Accepted { rows })
}
