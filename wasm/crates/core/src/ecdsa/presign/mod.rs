//! Presigning: a batch of presignatures for one ordered set of signers, one key and one epoch (eprint 2023/765 protocol 3.6).
//!
//! Three rounds, each message from every signer to every other one:
//! 1. [`round1`] commitments, and both directions' base OT;
//! 2. [`round2`] an echo of round 1, and the OT extension;
//! 3. [`round3`] the multiplications, and what opens the commitments.
//!
//! Then `combine` makes the presignatures. A message goes out as soon as what it needs is there. With two signers the initiator's round 1 lets the responder send
//! rounds 1 and 2 together, which lets the initiator send 2 and 3 together, which completes the responder, whose round 3 completes
//! the initiator: two round trips. A signature can be asked for within them ([`early`]).
//!
//! Must never: keep anything of a batch after a check of it failed, or send round 3 before every echo of round 1 is right.

pub(crate) mod combine;
pub(crate) mod early;
pub mod round1;
pub mod round2;
pub mod round3;
pub(crate) mod terms;

use rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

use crate::derive::Path;
use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::presignature::Presignature;
use crate::ecdsa::sign::SigningDigest;
use crate::error::EngineError;
use crate::machine::{Ending, Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::share::KeyShare;

use terms::Terms;

/// One party's run for one batch.
pub struct Presign {
    terms: Terms,
    state: State,
}

/// The batch, in the order of its indices.
pub type Batch = Vec<Presignature>;

/// What the run holds while it waits for the messages of a round.
enum State {
    Ready { drawn: Box<round1::Drawn> },
    Round1 { drawn: Box<round1::Drawn>, received: PerParty<round1::Message> },
    Round2 { extended: Box<round2::Extended>, received: PerParty<round2::Accepted> },
    Round3 { opened: Box<round3::Opened>, received: PerParty<Vec<round3::Verified>> },
    Ended(Ending<Batch>),
}

type Step = Result<(State, Vec<Outgoing>), EngineError>;

impl Presign {
    /// Prepares a run. `signers` are exactly as many parties as the threshold, this one included, in any order; `count` is
    /// 1 to [`crate::ecdsa::MAX_BATCH`]. `context` binds the session: every signer must pass the same 32 bytes, and no other
    /// batch ever gets them.
    pub fn new<R: RngCore + CryptoRng>(
        share: &KeyShare,
        signers: &[PartyId],
        count: u16,
        context: [u8; HASH_BYTES],
        rng: &mut R,
    ) -> Result<Self, EngineError> {
        let terms = Terms::new(share, signers, count, context)?;
        let drawn = Box::new(round1::draw(&terms, rng)?);
        Ok(Self { terms, state: State::Ready { drawn } })
    }

    /// The ask for a signature with a presignature of this batch, before the other signer's last message is there. Once for each
    /// index; the presignature then serves this request or none.
    pub fn ask_early(
        &mut self,
        index: u16,
        path: &Path,
        digest: &SigningDigest,
    ) -> Result<Zeroizing<Vec<u8>>, EngineError> {
        match &mut self.state {
            State::Round3 { opened, .. } => early::ask(&self.terms, opened, index, path, digest),
            _ => Err(EngineError::misuse("an early ask stands between a party's last message and the other's")),
        }
    }

    /// Runs a step on the state by value: whatever goes wrong, nothing of the batch is left.
    fn advance(&mut self, step: impl FnOnce(&Terms, State) -> Step) -> Vec<Outgoing> {
        let poisoned = State::Ended(Ending::Aborted(EngineError::misuse("a step did not return")));
        let state = core::mem::replace(&mut self.state, poisoned);
        let (state, outgoing) =
            step(&self.terms, state).unwrap_or_else(|error| (State::Ended(Ending::Aborted(error)), Vec::new()));
        self.state = state;
        outgoing
    }
}

fn open(terms: &Terms, state: State) -> Step {
    let State::Ready { drawn } = state else {
        return Err(EngineError::misuse("a run starts once"));
    };
    let outgoing = to_each(terms, round1::ROUND, |peer| round1::encode(&drawn, terms, peer))?;
    Ok((State::Round1 { drawn, received: PerParty::new() }, outgoing))
}

fn accept(terms: &Terms, state: State, from: PartyId, round: u16, payload: &[u8]) -> Step {
    if from == terms.party || !terms.signers.contains(&from) {
        return Err(EngineError::misuse("the sender is not another signer of the batch"));
    }
    match state {
        State::Ready { .. } => Err(EngineError::misuse("a run starts before it receives")),
        State::Round1 { drawn, mut received } => {
            expect(round1::ROUND, round, from, received.contains(from))?;
            let message =
                round1::decode(payload, terms.count).map_err(|cause| EngineError::malformed(from, round, cause))?;
            received.insert(from, message);
            if terms.waits(received.len()) {
                return Ok((State::Round1 { drawn, received }, Vec::new()));
            }
            let (extended, mut messages) = round2::extend(terms, *drawn, received)?;
            let outgoing = to_each(terms, round2::ROUND, |peer| round2::encode(&mut messages, terms, peer))?;
            Ok((State::Round2 { extended: Box::new(extended), received: PerParty::new() }, outgoing))
        }
        State::Round2 { mut extended, mut received } => {
            expect(round2::ROUND, round, from, received.contains(from))?;
            received.insert(from, round2::accept(terms, &mut extended, from, payload)?);
            if terms.waits(received.len()) {
                return Ok((State::Round2 { extended, received }, Vec::new()));
            }
            let (opened, mut messages) = round3::open(*extended, received)?;
            let outgoing = to_each(terms, round3::ROUND, |peer| round3::encode(&mut messages, terms, peer))?;
            Ok((State::Round3 { opened: Box::new(opened), received: PerParty::new() }, outgoing))
        }
        State::Round3 { opened, mut received } => {
            expect(round3::ROUND, round, from, received.contains(from))?;
            received.insert(from, round3::verify(terms, &opened, from, payload)?);
            if terms.waits(received.len()) {
                return Ok((State::Round3 { opened, received }, Vec::new()));
            }
            let batch = combine::combine(terms, &opened, &received)?;
            Ok((State::Ended(Ending::Done(batch)), Vec::new()))
        }
        State::Ended(_) => Ok((state, Vec::new())),
    }
}

/// One message for every other signer.
fn to_each(
    terms: &Terms,
    round: u16,
    mut payload: impl FnMut(PartyId) -> Result<Zeroizing<Vec<u8>>, EngineError>,
) -> Result<Vec<Outgoing>, EngineError> {
    terms.peers().map(|peer| Ok(Outgoing { to: Recipient::One(peer), round, payload: payload(peer)? })).collect()
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

impl Machine for Presign {
    type Output = Batch;

    fn start(&mut self) -> Vec<Outgoing> {
        self.advance(open)
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        if matches!(self.state, State::Ended(_)) {
            return Vec::new();
        }
        self.advance(|terms, state| accept(terms, state, from, round, payload))
    }

    fn outcome(&mut self) -> Outcome<Batch> {
        match &mut self.state {
            State::Ended(ending) => ending.take(),
            _ => Outcome::Pending,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
