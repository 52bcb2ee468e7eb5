//! Signing by any number of signers, all alike: a round opens everybody's entropy, a second sends everybody's part. Every signer
//! ends with the signature. With more than two signers a sum that does not verify names nobody.

use crate::derive::Path;
use crate::ecdsa::presignature::Presignature;
use crate::ecdsa::sign::part::{self, Part};
use crate::ecdsa::sign::{Entropies, SigningDigest, Target, Task, opening};
use crate::ecdsa::signature::VerifiedSignature;
use crate::error::EngineError;
use crate::machine::{Ending, Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::share::KeyShare;

/// One signer's run.
pub struct Joint {
    peers: Vec<PartyId>,
    state: State,
}

enum State {
    Ready(Box<Task>),
    Opening { task: Box<Task>, received: Entropies },
    Adding { target: Box<Target>, own: Part, received: PerParty<Part> },
    Ended(Ending<VerifiedSignature>),
}

type Step = Result<(State, Vec<Outgoing>), EngineError>;

impl Joint {
    /// Takes the presignature, whether or not the run can begin. `digest` is what this party computed itself.
    pub fn new(
        share: &KeyShare,
        presignature: Presignature,
        path: &Path,
        digest: &SigningDigest,
    ) -> Result<Self, EngineError> {
        let task = Task::new(share, presignature, path, digest)?;
        task.check_not_asked()?;
        Ok(Self { peers: task.peers(), state: State::Ready(Box::new(task)) })
    }

    /// Runs a step on the state by value: whatever goes wrong, the presignature is gone.
    fn advance(&mut self, step: impl FnOnce(&[PartyId], State) -> Step) -> Vec<Outgoing> {
        let poisoned = State::Ended(Ending::Aborted(EngineError::misuse("a step did not return")));
        let state = core::mem::replace(&mut self.state, poisoned);
        let (state, outgoing) =
            step(&self.peers, state).unwrap_or_else(|error| (State::Ended(Ending::Aborted(error)), Vec::new()));
        self.state = state;
        outgoing
    }
}

fn open(state: State) -> Step {
    let State::Ready(task) = state else {
        return Err(EngineError::misuse("a run starts once"));
    };
    let payload = opening::encode(&task.opening())?;
    let outgoing = vec![Outgoing { to: Recipient::All, round: opening::ROUND, payload }];
    Ok((State::Opening { task, received: Entropies::new() }, outgoing))
}

fn accept(peers: &[PartyId], state: State, from: PartyId, round: u16, payload: &[u8]) -> Step {
    if !peers.contains(&from) {
        return Err(EngineError::misuse("the sender is not another signer of the presignature"));
    }
    let malformed = |cause| EngineError::malformed(from, round, cause);
    match state {
        State::Ready(_) => Err(EngineError::misuse("a run starts before it receives")),
        State::Opening { task, mut received } => {
            expect(opening::ROUND, round, from, received.contains(from))?;
            let theirs = opening::decode(payload).map_err(malformed)?;
            task.check_opening(from, round, &theirs, &task.presignature.id())?;
            received.insert(from, theirs.entropy);
            if received.len() < peers.len() {
                return Ok((State::Opening { task, received }, Vec::new()));
            }
            let (target, own) = task.finish(received, part::ROUND)?;
            let outgoing = vec![Outgoing { to: Recipient::All, round: part::ROUND, payload: part::encode(&own)? }];
            Ok((State::Adding { target: Box::new(target), own, received: PerParty::new() }, outgoing))
        }
        State::Adding { target, own, mut received } => {
            expect(part::ROUND, round, from, received.contains(from))?;
            received.insert(from, part::decode(payload).map_err(malformed)?);
            if received.len() < peers.len() {
                return Ok((State::Adding { target, own, received }, Vec::new()));
            }
            let parts: Vec<&Part> = received.values().chain([&own]).collect();
            Ok((State::Ended(Ending::Done(target.combine(&parts)?)), Vec::new()))
        }
        State::Ended(_) => Ok((state, Vec::new())),
    }
}

/// A message counts in its own round and once.
fn expect(expected: u16, round: u16, from: PartyId, repeated: bool) -> Result<(), EngineError> {
    if round != expected {
        return Err(EngineError::wrong_round(from, round, "the message is for another round"));
    }
    if repeated {
        return Err(EngineError::wrong_round(from, round, "the party has sent its message of this round"));
    }
    Ok(())
}

impl Machine for Joint {
    type Output = VerifiedSignature;

    fn start(&mut self) -> Vec<Outgoing> {
        self.advance(|_, state| open(state))
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        if matches!(self.state, State::Ended(_)) {
            return Vec::new();
        }
        self.advance(|peers, state| accept(peers, state, from, round, payload))
    }

    fn outcome(&mut self) -> Outcome<VerifiedSignature> {
        match &mut self.state {
            State::Ended(ending) => ending.take(),
            _ => Outcome::Pending,
        }
    }
}
