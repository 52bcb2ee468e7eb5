//! Honest batches of presignatures and what is signed with them.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use trefoil_core::derive::Path;
use trefoil_core::ecdsa::presign::Presign;
use trefoil_core::ecdsa::presignature::Presignature;
use trefoil_core::ecdsa::sign::initiate::Initiator;
use trefoil_core::ecdsa::sign::joint::Joint;
use trefoil_core::ecdsa::sign::respond::Responder;
use trefoil_core::ecdsa::signature::VerifiedSignature;
use trefoil_core::error::EngineError;
use trefoil_core::machine::{Machine, Outcome};
use trefoil_core::party::PartyId;
use trefoil_core::share::KeyShare;

use super::{Session, error_of, parties, party, rng};

pub type Shares = BTreeMap<PartyId, KeyShare>;

pub fn path(indices: &[u32]) -> Path {
    Path::new(indices).unwrap()
}

pub fn presign_session(shares: &Shares, signers: &[u16], count: u16, context: [u8; 32], seed: u64) -> Session<Presign> {
    let mut random = rng(seed);
    let parties = parties(signers);
    let runs = parties
        .iter()
        .map(|signer| (*signer, Presign::new(&shares[signer], &parties, count, context, &mut random).unwrap()))
        .collect();
    Session { parties, runs }
}

/// Everybody's presignatures, index by index.
pub fn batch(shares: &Shares, signers: &[u16], count: u16, seed: u64) -> Vec<BTreeMap<u16, Presignature>> {
    let mut session = presign_session(shares, signers, count, [seed.to_le_bytes()[0]; 32], seed);
    session.run(|_| {});
    let mut batch: Vec<BTreeMap<u16, Presignature>> = (0..count).map(|_| BTreeMap::new()).collect();
    for (signer, mut run) in session.runs {
        match run.outcome() {
            Outcome::Done(presignatures) => {
                assert_eq!(presignatures.len(), usize::from(count));
                for (index, presignature) in presignatures.into_iter().enumerate() {
                    batch[index].insert(signer.get(), presignature);
                }
            }
            other => panic!("{signer:?} ended in {:?}", error_of(other)),
        }
    }
    batch
}

pub type Signed = Result<VerifiedSignature, EngineError>;

/// One signature by two signers.
pub fn sign_two(
    shares: &Shares,
    presignatures: BTreeMap<u16, Presignature>,
    initiator: u16,
    path: &Path,
    digest: &[u8; 32],
) -> Signed {
    let mut presignatures = presignatures;
    let asks = presignatures.remove(&initiator).unwrap();
    let (responder, helps) = presignatures.pop_first().unwrap();
    let (initiator, responder) = (party(initiator), party(responder));
    let mut asking = Initiator::new(&shares[&initiator], asks, path, digest, responder)?;
    let mut helping = Responder::new(&shares[&responder], helps, path, digest, initiator)?;
    helping.start();
    let opening = asking.start().remove(0);
    let reply = helping.receive(initiator, opening.round, &opening.payload).remove(0);
    assert!(matches!(helping.outcome(), Outcome::Done(())));
    asking.receive(responder, reply.round, &reply.payload);
    result(asking.outcome())
}

pub fn joint_session(
    shares: &Shares,
    presignatures: BTreeMap<u16, Presignature>,
    path: &Path,
    digest: &[u8; 32],
) -> Session<Joint> {
    let signers: Vec<u16> = presignatures.keys().copied().collect();
    let runs = presignatures
        .into_iter()
        .map(|(id, presignature)| (party(id), Joint::new(&shares[&party(id)], presignature, path, digest).unwrap()))
        .collect();
    Session { parties: parties(&signers), runs }
}

/// One signature by any number of signers, which all of them have.
pub fn sign_jointly(
    shares: &Shares,
    presignatures: BTreeMap<u16, Presignature>,
    path: &Path,
    digest: &[u8; 32],
) -> Signed {
    let mut session = joint_session(shares, presignatures, path, digest);
    session.run(|_| {});
    let mut results: Vec<Signed> = session.runs.into_values().map(|mut run| result(run.outcome())).collect();
    let first = results.remove(0)?;
    for other in results {
        assert_eq!(other?, first);
    }
    Ok(first)
}

pub fn result(outcome: Outcome<VerifiedSignature>) -> Signed {
    match outcome {
        Outcome::Done(signature) => Ok(signature),
        Outcome::Aborted(error) => Err(error),
        Outcome::Pending => panic!("the run is still pending"),
    }
}
