//! What a failure inside frost means for a run, and which parties it names.

use frost_core::{Ciphersuite, Error as FrostError, Identifier};

use crate::error::{Blame, Code, EngineError};
use crate::party::PartyId;
use crate::roster::Roster;

impl EngineError {
    /// A failure inside frost, with its culprits as parties of this roster. A culprit that is `own` or unknown, and
    /// every cause that decoding rules out, is a bug of ours.
    pub(crate) fn from_frost<C: Ciphersuite>(error: &FrostError<C>, own: PartyId, roster: &Roster, round: u16) -> Self {
        let named = |code, identifiers: &[Identifier<C>], detail| {
            let culprits: Vec<PartyId> = roster
                .parties()
                .iter()
                .copied()
                .filter(|party| party.identifier().is_ok_and(|id| identifiers.contains(&id)))
                .collect();
            let blame = if culprits.is_empty() || culprits.contains(&own) { Blame::Bug } else { Blame::Peer };
            Self::of_round(code, blame, culprits, round, detail)
        };
        match error {
            FrostError::InvalidProofOfKnowledge { culprit } => {
                named(Code::BadProof, &[*culprit], "the proof of knowledge does not hold")
            }
            FrostError::InvalidSecretShare { culprit } => {
                named(Code::BadShare, culprit.as_slice(), "the secret share does not fit its commitment")
            }
            FrostError::InvalidSignatureShare { culprits } => {
                named(Code::BadShare, culprits, "the signature share does not verify")
            }
            _ => Self::of_round(Code::Misuse, Blame::Bug, Vec::new(), round, "frost refused its input"),
        }
    }
}
