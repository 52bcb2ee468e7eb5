//! The one of two signers that helps. Its presignature goes into the run by value: whatever happens, it is gone afterwards.
//! Because its entropy was committed before the request, it cannot choose the signature's nonce.

use zeroize::Zeroizing;

use crate::codec::{Layout, Object, SuiteTag};
use crate::derive::Path;
use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::presignature::Presignature;
use crate::ecdsa::sign::opening::{self, ROUND};
use crate::ecdsa::sign::part::{self, Part};
use crate::ecdsa::sign::{Entropies, SigningDigest, Task};
use crate::error::{EngineError, Malformed};
use crate::machine::{Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::run::{Next, Run};
use crate::share::KeyShare;

/// One run of the responder.
pub struct Responder {
    initiator: PartyId,
    run: Run<Box<Task>, Box<Task>, ()>,
}

impl Responder {
    /// Takes the presignature, whether or not the run can begin. `digest` is what this party computed itself.
    pub fn new(
        share: &KeyShare,
        presignature: Presignature,
        path: &Path,
        digest: &SigningDigest,
        initiator: PartyId,
    ) -> Result<Self, EngineError> {
        let task = Task::new(share, presignature, path, digest)?;
        task.check_only_peer(initiator)?;
        task.check_not_asked()?;
        Ok(Self { initiator, run: Run::new(Box::new(task)) })
    }
}

/// Consumes the task, and with it the presignature.
fn answer(task: Task, initiator: PartyId, from: PartyId, round: u16, payload: &[u8]) -> Result<Outgoing, EngineError> {
    if from != initiator {
        return Err(EngineError::misuse("the sender is not the initiator of this run"));
    }
    if round != ROUND {
        return Err(EngineError::wrong_round(from, round, "the message is for another round"));
    }
    let theirs = opening::decode(payload).map_err(|cause| EngineError::malformed(from, round, cause))?;
    task.check_opening(from, round, &theirs, &task.name_in(&theirs))?;
    let entropy = task.opening().entropy;
    let (_, part) = task.finish(Entropies::of(from, theirs.entropy), round)?;
    Ok(Outgoing { to: Recipient::One(from), round: ROUND, payload: encode(&Reply { entropy, part })? })
}

/// The message of the responder.
pub(crate) struct Reply {
    pub(crate) entropy: [u8; HASH_BYTES],
    pub(crate) part: Part,
}

/// The responder's entropy and its part.
pub fn layout() -> Layout {
    part::fields(Layout::new(Object::SignReply, SuiteTag::Ecdsa).field("entropy", HASH_BYTES))
}

/// The bytes.
pub(crate) fn encode(reply: &Reply) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    layout().writer().put(reply.entropy).put(reply.part.u.to_bytes()).put(reply.part.w.to_bytes()).finish()
}

/// Reads what the responder sent.
pub(crate) fn decode(bytes: &[u8]) -> Result<Reply, Malformed> {
    let mut reader = layout().reader(bytes)?;
    Ok(Reply { entropy: reader.array()?, part: part::read(&mut reader)? })
}

impl Machine for Responder {
    type Output = ();

    fn start(&mut self) -> Vec<Outgoing> {
        // An answer that is there stays, whatever the caller does next.
        if self.run.has_ended() {
            return Vec::new();
        }
        self.run.start(|task| Ok((Next::Waiting(task), Vec::new())))
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        self.run.receive(|task| {
            let message = answer(*task, self.initiator, from, round, payload)?;
            Ok((Next::Done(()), vec![message]))
        })
    }

    fn outcome(&mut self) -> Outcome<()> {
        self.run.outcome()
    }
}
