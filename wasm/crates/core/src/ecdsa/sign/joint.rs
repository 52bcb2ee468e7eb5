//! Signing by any number of signers, all alike: a round opens everybody's entropy, a second sends everybody's part. Every signer
//! ends with the signature. With more than two signers a sum that does not verify names nobody.

use crate::derive::Path;
use crate::ecdsa::presignature::Presignature;
use crate::ecdsa::sign::part::{self, Part};
use crate::ecdsa::sign::{Entropies, SigningDigest, Target, Task, opening};
use crate::ecdsa::signature::VerifiedSignature;
use crate::error::EngineError;
use crate::machine::{Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::run::{self, Next, Run, expect};
use crate::share::KeyShare;

/// One signer's run.
pub struct Joint {
    peers: Vec<PartyId>,
    run: Run<Box<Task>, State, VerifiedSignature>,
}

/// What the run holds while it waits for the messages of a round.
enum State {
    Opening { task: Box<Task>, received: Entropies },
    Adding { target: Box<Target>, own: Part, received: PerParty<Part> },
}

type Step = run::Step<State, VerifiedSignature>;

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
        Ok(Self { peers: task.peers(), run: Run::new(Box::new(task)) })
    }
}

fn open(task: Box<Task>) -> Step {
    let payload = opening::encode(&task.opening())?;
    let outgoing = vec![Outgoing { to: Recipient::All, round: opening::ROUND, payload }];
    Ok((Next::Waiting(State::Opening { task, received: Entropies::new() }), outgoing))
}

fn check_sender(peers: &[PartyId], from: PartyId) -> Result<(), EngineError> {
    if !peers.contains(&from) {
        return Err(EngineError::misuse("the sender is not another signer of the presignature"));
    }
    Ok(())
}

fn accept(peers: &[PartyId], state: State, from: PartyId, round: u16, payload: &[u8]) -> Step {
    let malformed = |cause| EngineError::malformed(from, round, cause);
    match state {
        State::Opening { task, mut received } => {
            expect(opening::ROUND, round, from, received.contains(from))?;
            let theirs = opening::decode(payload).map_err(malformed)?;
            task.check_opening(from, round, &theirs, &task.presignature.id())?;
            received.insert(from, theirs.entropy);
            if received.len() < peers.len() {
                return Ok((Next::Waiting(State::Opening { task, received }), Vec::new()));
            }
            let (target, own) = task.finish(received, part::ROUND)?;
            let outgoing = vec![Outgoing { to: Recipient::All, round: part::ROUND, payload: part::encode(&own)? }];
            Ok((Next::Waiting(State::Adding { target: Box::new(target), own, received: PerParty::new() }), outgoing))
        }
        State::Adding { target, own, mut received } => {
            expect(part::ROUND, round, from, received.contains(from))?;
            received.insert(from, part::decode(payload).map_err(malformed)?);
            if received.len() < peers.len() {
                return Ok((Next::Waiting(State::Adding { target, own, received }), Vec::new()));
            }
            let parts: Vec<&Part> = received.values().chain([&own]).collect();
            Ok((Next::Done(target.combine(&parts)?), Vec::new()))
        }
    }
}

impl Machine for Joint {
    type Output = VerifiedSignature;

    fn start(&mut self) -> Vec<Outgoing> {
        self.run.start(open)
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        match check_sender(&self.peers, from) {
            Ok(()) => self.run.receive(|state| accept(&self.peers, state, from, round, payload)),
            Err(error) => self.run.abort(error),
        }
    }

    fn outcome(&mut self) -> Outcome<VerifiedSignature> {
        self.run.outcome()
    }
}
