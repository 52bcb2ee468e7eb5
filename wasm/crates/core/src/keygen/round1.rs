//! Round 1: every party picks a polynomial of degree t − 1 for each key and broadcasts the commitments to its
//! coefficients with a proof that it knows the constant term.

use frost_core::Signature;
use frost_core::keys::VerifiableSecretSharingCommitment;
use frost_core::keys::dkg::{self, round1::Package, round1::SecretPackage};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::codec::{Layout, Object, Reader, SuiteTag, Writer};
use crate::error::{EngineError, Malformed};
use crate::party::PartyId;
use crate::roster::Roster;
use crate::suites::{Ecdsa, Ed25519, PerKey, Suite, Taproot, has_own_form};

/// The number of this round.
pub const ROUND: u16 = 1;

/// What one party broadcasts for one key.
pub(crate) type Commitment<S> = Package<<S as Suite>::Frost>;

/// What one party broadcasts.
pub(crate) type Commitments = PerKey<Commitment<Ecdsa>, Commitment<Taproot>, Commitment<Ed25519>>;

/// This party's polynomial of one key, and what it says about it.
pub(crate) struct Dealing<S: Suite> {
    pub(crate) secret: SecretPackage<S::Frost>,
    pub(crate) commitment: Commitment<S>,
}

/// This party's polynomials.
pub(crate) type Dealings = PerKey<Dealing<Ecdsa>, Dealing<Taproot>, Dealing<Ed25519>>;

/// Picks the polynomials.
pub(crate) fn deal<R: RngCore + CryptoRng>(
    party: PartyId,
    roster: &Roster,
    rng: &mut R,
) -> Result<Dealings, EngineError> {
    Ok(PerKey {
        ecdsa: deal_one(party, roster, rng)?,
        taproot: deal_one(party, roster, rng)?,
        ed25519: deal_one(party, roster, rng)?,
    })
}

fn deal_one<S: Suite, R: RngCore + CryptoRng>(
    party: PartyId,
    roster: &Roster,
    rng: &mut R,
) -> Result<Dealing<S>, EngineError> {
    let (secret, commitment) = dkg::part1(party.identifier()?, roster.size(), roster.threshold(), rng)
        .map_err(|error| EngineError::from_frost(&error, party, roster, ROUND))?;
    Ok(Dealing { secret, commitment })
}

/// The message of this round.
pub fn layout(threshold: u16) -> Layout {
    let threshold = usize::from(threshold);
    Layout::new(Object::KeygenRound1, SuiteTag::All)
        .fields("ecdsa.commitment", Ecdsa::POINT_BYTES, threshold)
        .field("ecdsa.proof", Ecdsa::PROOF_BYTES)
        .fields("taproot.commitment", Taproot::POINT_BYTES, threshold)
        .field("taproot.proof", Taproot::PROOF_BYTES)
        .fields("ed25519.commitment", Ed25519::POINT_BYTES, threshold)
        .field("ed25519.proof", Ed25519::PROOF_BYTES)
}

/// The bytes to broadcast.
pub(crate) fn encode(dealings: &Dealings, threshold: u16) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    let mut writer = layout(threshold).writer();
    writer = put::<Ecdsa>(writer, &dealings.ecdsa.commitment)?;
    writer = put::<Taproot>(writer, &dealings.taproot.commitment)?;
    writer = put::<Ed25519>(writer, &dealings.ed25519.commitment)?;
    writer.finish()
}

fn put<S: Suite>(writer: Writer, package: &Commitment<S>) -> Result<Writer, EngineError> {
    let encoding = |_| EngineError::misuse("a commitment of this party is the identity");
    let commitment = package.commitment().serialize_whole().map_err(encoding)?;
    let proof = package.proof_of_knowledge().serialize().map_err(encoding)?;
    Ok(writer.put(commitment).put(proof))
}

/// Reads what another party broadcast: exactly t points of the prime-order group for each key, none the identity.
pub(crate) fn decode(bytes: &[u8], threshold: u16) -> Result<Commitments, Malformed> {
    let mut reader = layout(threshold).reader(bytes)?;
    Ok(PerKey {
        ecdsa: read::<Ecdsa>(&mut reader, threshold, "ecdsa.commitment", "ecdsa.proof")?,
        taproot: read::<Taproot>(&mut reader, threshold, "taproot.commitment", "taproot.proof")?,
        ed25519: read::<Ed25519>(&mut reader, threshold, "ed25519.commitment", "ed25519.proof")?,
    })
}

fn read<S: Suite>(
    reader: &mut Reader<'_>,
    threshold: u16,
    commitment_name: &'static str,
    proof_name: &'static str,
) -> Result<Commitment<S>, Malformed> {
    let points = reader.take(S::POINT_BYTES * usize::from(threshold))?;
    if !points.chunks_exact(S::POINT_BYTES).all(has_own_form::<S>) {
        return Err(Malformed::Field(commitment_name));
    }
    let commitment =
        VerifiableSecretSharingCommitment::deserialize_whole(points).map_err(|_| Malformed::Field(commitment_name))?;
    let proof = Signature::deserialize(reader.take(S::PROOF_BYTES)?).map_err(|_| Malformed::Field(proof_name))?;
    Ok(Package::new(commitment, proof))
}
