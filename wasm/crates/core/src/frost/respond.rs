//! The party that helps. It uses its own record of its commitments, for exactly the initiator and itself, and its
//! nonces go into the run by value: whatever happens, they are gone afterwards.

use frost_core::keys::KeyPackage;
use frost_core::round1::SigningNonces;
use frost_core::round2::SignatureShare;
use zeroize::Zeroizing;

use crate::codec::{Layout, Object};
use crate::derive::Path;
use crate::error::{EngineError, Malformed};
use crate::frost::commit::{self, Nonces};
use crate::frost::suite::SigningSuite;
use crate::frost::{ROUND, check_request, package_of_two};
use crate::machine::{Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::roster::Roster;
use crate::run::{Next, Run};
use crate::share::KeyShare;
use crate::suites::SCALAR_BYTES;

/// One run of the responder.
pub struct Responder<S: SigningSuite> {
    run: Run<Box<Offer<S>>, Box<Offer<S>>, ()>,
}

/// All that one signature share needs but the initiator's commitments. Its secrets are wiped when dropped.
struct Offer<S: SigningSuite> {
    party: PartyId,
    initiator: PartyId,
    roster: Roster,
    digest: Vec<u8>,
    nonces: SigningNonces<S::Frost>,
    output_share: KeyPackage<S::Frost>,
}

impl<S: SigningSuite> Responder<S> {
    /// Takes the nonces, whether or not the run can begin. `path` is the key that signs, `digest` is what this party
    /// computed itself.
    pub fn new(
        share: &KeyShare,
        nonces: Nonces<S>,
        path: &Path,
        digest: &[u8],
        initiator: PartyId,
    ) -> Result<Self, EngineError> {
        let nonces = nonces.into_secret(share)?;
        check_request::<S>(share, path, digest, initiator)?;
        let offer = Offer {
            party: share.party(),
            initiator,
            roster: share.public_package().roster().clone(),
            digest: digest.to_vec(),
            nonces,
            output_share: S::child(share, path)?.output_share,
        };
        Ok(Self { run: Run::new(Box::new(offer)) })
    }
}

impl<S: SigningSuite> Offer<S> {
    /// Consumes the offer, and with it the nonces.
    fn sign(self, from: PartyId, round: u16, payload: &[u8]) -> Result<Outgoing, EngineError> {
        if from != self.initiator {
            return Err(EngineError::misuse("the sender is not the initiator of this run"));
        }
        if round != ROUND {
            return Err(EngineError::wrong_round(from, round, "the message is for another round"));
        }
        let theirs = commit::decode::<S>(payload).map_err(|cause| EngineError::malformed(from, round, cause))?;
        let own = *self.nonces.commitments();
        let package = package_of_two::<S>([(from, theirs), (self.party, own)], &self.digest)?;
        let share = S::sign(&package, &self.nonces, &self.output_share)
            .map_err(|error| EngineError::from_frost(&error, self.party, &self.roster, round))?;
        Ok(Outgoing { to: Recipient::One(from), round: ROUND, payload: encode::<S>(&share)? })
    }
}

/// The signature share of one party.
pub fn layout<S: SigningSuite>() -> Layout {
    Layout::new(Object::FrostShare, S::TAG).field("signature-share", SCALAR_BYTES)
}

fn encode<S: SigningSuite>(share: &SignatureShare<S::Frost>) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    layout::<S>().writer().put(share.serialize()).finish()
}

/// Reads a signature share: a scalar in range.
pub(crate) fn decode<S: SigningSuite>(bytes: &[u8]) -> Result<SignatureShare<S::Frost>, Malformed> {
    let mut reader = layout::<S>().reader(bytes)?;
    SignatureShare::deserialize(reader.take(SCALAR_BYTES)?).map_err(|_| Malformed::Field("signature-share"))
}

impl<S: SigningSuite> Machine for Responder<S> {
    type Output = ();

    fn start(&mut self) -> Vec<Outgoing> {
        // An answer that is there stays, whatever the caller does next.
        if self.run.has_ended() {
            return Vec::new();
        }
        self.run.start(|offer| Ok((Next::Waiting(offer), Vec::new())))
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        self.run.receive(|offer| {
            let message = offer.sign(from, round, payload)?;
            Ok((Next::Done(()), vec![message]))
        })
    }

    fn outcome(&mut self) -> Outcome<()> {
        self.run.outcome()
    }
}
