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
use crate::machine::{Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::roster::Roster;
use crate::run::{Next, Run};
use crate::share::KeyShare;

/// One run of the initiator.
pub struct Initiator<S: SigningSuite> {
    run: Run<(Request<S>, Commitments), Request<S>, VerifiedSignature>,
}

/// What asks for the signature.
type Commitments = Zeroizing<Vec<u8>>;

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
        Ok(Self { run: Run::new((request, commitments)) })
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
        // An answer that is there stays, whatever the caller does next.
        if self.run.has_ended() {
            return Vec::new();
        }
        self.run.start(|(request, payload)| {
            let outgoing = vec![Outgoing { to: Recipient::One(request.responder), round: ROUND, payload }];
            Ok((Next::Waiting(request), outgoing))
        })
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        self.run.receive(|request| {
            let signature = request.complete(from, round, payload)?;
            Ok((Next::Done(signature), Vec::new()))
        })
    }

    fn outcome(&mut self) -> Outcome<VerifiedSignature> {
        self.run.outcome()
    }
}
