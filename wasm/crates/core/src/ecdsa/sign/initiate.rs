//! The one of two signers that wants the signature. Its presignature goes into the run by value and is used when the other's
//! entropy is there; what comes out is verified before it leaves.

use crate::derive::Path;
use crate::ecdsa::presignature::Presignature;
use crate::ecdsa::sign::opening::{self, ROUND};
use crate::ecdsa::sign::{Entropies, SigningDigest, Task, respond};
use crate::ecdsa::signature::VerifiedSignature;
use crate::error::EngineError;
use crate::machine::{Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::run::{Next, Run};
use crate::share::KeyShare;

/// One run of the initiator.
pub struct Initiator {
    responder: PartyId,
    run: Run<Box<Task>, Box<Task>, VerifiedSignature>,
}

impl Initiator {
    /// Takes the presignature, whether or not the run can begin. `digest` is what this party computed itself.
    pub fn new(
        share: &KeyShare,
        presignature: Presignature,
        path: &Path,
        digest: &SigningDigest,
        responder: PartyId,
    ) -> Result<Self, EngineError> {
        let task = Task::new(share, presignature, path, digest)?;
        task.check_only_peer(responder)?;
        Ok(Self { responder, run: Run::new(Box::new(task)) })
    }
}

/// Consumes the task, and with it the presignature.
fn complete(
    task: Task,
    responder: PartyId,
    from: PartyId,
    round: u16,
    payload: &[u8],
) -> Result<VerifiedSignature, EngineError> {
    if from != responder {
        return Err(EngineError::misuse("the sender is not the responder of this run"));
    }
    if round != ROUND {
        return Err(EngineError::wrong_round(from, round, "the message is for another round"));
    }
    let reply = respond::decode(payload).map_err(|cause| EngineError::malformed(from, round, cause))?;
    task.check_entropy(from, round, &reply.entropy)?;
    let (target, own) = task.finish(Entropies::of(from, reply.entropy), round)?;
    target.combine(&[&own, &reply.part])
}

impl Machine for Initiator {
    type Output = VerifiedSignature;

    fn start(&mut self) -> Vec<Outgoing> {
        // An answer that is there stays, whatever the caller does next.
        if self.run.has_ended() {
            return Vec::new();
        }
        self.run.start(|task| {
            let payload = opening::encode(&task.opening())?;
            let outgoing = vec![Outgoing { to: Recipient::One(self.responder), round: ROUND, payload }];
            Ok((Next::Waiting(task), outgoing))
        })
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        self.run.receive(|task| {
            let signature = complete(*task, self.responder, from, round, payload)?;
            Ok((Next::Done(signature), Vec::new()))
        })
    }

    fn outcome(&mut self) -> Outcome<VerifiedSignature> {
        self.run.outcome()
    }
}
