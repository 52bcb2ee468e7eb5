//! The party that wants the signature. It makes its nonces, signs at once with the commitments that the responder gave
//! ahead, and keeps only its public-to-be share; what comes back is verified before it leaves.

use std::collections::BTreeMap;

use frost_core::round2::SignatureShare;
use frost_core::{Identifier, SigningPackage, keys::PublicKeyPackage};
use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::derive::Path;
use crate::error::EngineError;
use crate::frost::commit::{self, Nonces};
use crate::frost::respond;
use crate::frost::signature::VerifiedSignature;
use crate::frost::suite::SigningSuite;
use crate::frost::{ROUND, check_request, package_of_two};
use crate::machine::{Ending, Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::roster::Roster;
use crate::share::KeyShare;

/// One run of the initiator.
pub struct Initiator<S: SigningSuite> {
    state: State<S>,
}

enum State<S: SigningSuite> {
    Ready { request: Request<S>, commitments: Zeroizing<Vec<u8>> },
    Waiting { request: Request<S> },
    Ended(Ending<VerifiedSignature>),
}

/// What is left once this party has signed: nothing secret.
struct Request<S: SigningSuite> {
    party: PartyId,
    responder: PartyId,
    roster: Roster,
    package: SigningPackage<S::Frost>,
    own_share: (Identifier<S::Frost>, SignatureShare<S::Frost>),
    public: PublicKeyPackage<S::Frost>,
}

impl<S: SigningSuite> Initiator<S> {
    /// Makes nonces, uses them and drops them. `path` is the key that signs, `responder_commitments` are those that the
    /// responder committed ahead.
    pub fn new<R: RngCore + CryptoRng>(
        share: &KeyShare,
        path: &Path,
        digest: &[u8],
        responder: PartyId,
        responder_commitments: &[u8],
        rng: &mut R,
    ) -> Result<Self, EngineError> {
        check_request::<S>(share, path, digest, responder)?;
        let theirs = commit::decode::<S>(responder_commitments)
            .map_err(|cause| EngineError::malformed(responder, ROUND, cause))?;
        let (party, roster) = (share.party(), share.public_package().roster().clone());
        let child = S::child(share, path)?;
        let nonces = Nonces::<S>::new(share, rng).into_secret(share)?;
        let package = package_of_two::<S>([(party, *nonces.commitments()), (responder, theirs)], digest)?;
        let signature_share = S::sign(&package, &nonces, &child.output_share)
            .map_err(|error| EngineError::from_frost(&error, party, &roster, ROUND))?;
        let commitments = commit::encode::<S>(nonces.commitments())?;
        let own_share = (party.identifier()?, signature_share);
        let request = Request { party, responder, roster, package, own_share, public: child.public };
        Ok(Self { state: State::Ready { request, commitments } })
    }
}

impl<S: SigningSuite> Request<S> {
    fn complete(&self, from: PartyId, round: u16, payload: &[u8]) -> Result<VerifiedSignature, EngineError> {
        if from != self.responder {
            return Err(EngineError::misuse("the sender is not the responder of this run"));
        }
        if round != ROUND {
            return Err(EngineError::wrong_round(from, round, "the message is for another round"));
        }
        let theirs = respond::decode::<S>(payload).map_err(|cause| EngineError::malformed(from, round, cause))?;
        let shares = BTreeMap::from([self.own_share, (from.identifier()?, theirs)]);
        let signature = S::aggregate(&self.package, &shares, &self.public)
            .map_err(|error| EngineError::from_frost(&error, self.party, &self.roster, round))?;
        let bytes = signature.serialize().map_err(|_| EngineError::bad_share(from, round))?;
        VerifiedSignature::verify::<S>(&bytes, self.package.message(), &S::output_key(&self.public))
            .map_err(|_| EngineError::bad_share(from, round))
    }
}

impl<S: SigningSuite> Machine for Initiator<S> {
    type Output = VerifiedSignature;

    fn start(&mut self) -> Vec<Outgoing> {
        let restarted = State::Ended(Ending::Aborted(EngineError::misuse("a run starts once")));
        match core::mem::replace(&mut self.state, restarted) {
            State::Ready { request, commitments } => {
                let to = Recipient::One(request.responder);
                self.state = State::Waiting { request };
                vec![Outgoing { to, round: ROUND, payload: commitments }]
            }
            State::Waiting { .. } => Vec::new(),
            ended @ State::Ended(_) => {
                self.state = ended;
                Vec::new()
            }
        }
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        let ending = match &self.state {
            State::Ready { .. } => Ending::Aborted(EngineError::misuse("a run starts before it receives")),
            State::Waiting { request } => {
                request.complete(from, round, payload).map_or_else(Ending::Aborted, Ending::Done)
            }
            State::Ended(_) => return Vec::new(),
        };
        self.state = State::Ended(ending);
        Vec::new()
    }

    fn outcome(&mut self) -> Outcome<VerifiedSignature> {
        match &mut self.state {
            State::Ended(ending) => ending.take(),
            _ => Outcome::Pending,
        }
    }
}
