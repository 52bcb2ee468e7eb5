//! The one of two signers that wants the signature. Its presignature goes into the run by value and is used when the other's
//! entropy is there; what comes out is verified before it leaves.

use crate::derive::Path;
use crate::ecdsa::presignature::Presignature;
use crate::ecdsa::sign::opening::{self, ROUND};
use crate::ecdsa::sign::{Entropies, SigningDigest, Task, respond};
use crate::ecdsa::signature::VerifiedSignature;
use crate::error::EngineError;
use crate::machine::{Ending, Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::share::KeyShare;

/// One run of the initiator.
pub struct Initiator {
    responder: PartyId,
    state: State,
}

enum State {
    Ready(Box<Task>),
    Waiting(Box<Task>),
    Ended(Ending<VerifiedSignature>),
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
        Ok(Self { responder, state: State::Ready(Box::new(task)) })
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
        let restarted = State::Ended(Ending::Aborted(EngineError::misuse("a run starts once")));
        match core::mem::replace(&mut self.state, restarted) {
            State::Ready(task) => match opening::encode(&task.opening()) {
                Ok(payload) => {
                    self.state = State::Waiting(task);
                    vec![Outgoing { to: Recipient::One(self.responder), round: ROUND, payload }]
                }
                Err(error) => {
                    self.state = State::Ended(Ending::Aborted(error));
                    Vec::new()
                }
            },
            State::Waiting(_) => Vec::new(),
            ended @ State::Ended(_) => {
                self.state = ended;
                Vec::new()
            }
        }
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        let early = State::Ended(Ending::Aborted(EngineError::misuse("a run starts before it receives")));
        let ending = match core::mem::replace(&mut self.state, early) {
            State::Ready(_) => return Vec::new(),
            State::Waiting(task) => {
                complete(*task, self.responder, from, round, payload).map_or_else(Ending::Aborted, Ending::Done)
            }
            State::Ended(ending) => ending,
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
