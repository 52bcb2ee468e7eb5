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
use crate::machine::{Machine, Outcome, Outgoing, Recipient};
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::run::{self, Next, Run, expect};
use crate::share::KeyShare;

use terms::Terms;

/// One party's run for one batch.
pub struct Presign {
    terms: Terms,
    run: Run<Box<round1::Drawn>, State, Batch>,
}

/// The batch, in the order of its indices.
pub type Batch = Vec<Presignature>;

/// What the run holds while it waits for the messages of a round.
enum State {
    Round1 { drawn: Box<round1::Drawn>, received: PerParty<round1::Message> },
    Round2 { extended: Box<round2::Extended>, received: PerParty<round2::Accepted> },
    Round3 { opened: Box<round3::Opened>, received: PerParty<Vec<round3::Verified>> },
}

type Step = run::Step<State, Batch>;

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
        Ok(Self { terms, run: Run::new(drawn) })
    }

    /// The ask for a signature with a presignature of this batch, before the other signer's last message is there. Once for each
    /// index; the presignature then serves this request or none.
    pub fn ask_early(
        &mut self,
        index: u16,
        path: &Path,
        digest: &SigningDigest,
    ) -> Result<Zeroizing<Vec<u8>>, EngineError> {
        match self.run.waiting() {
            Some(State::Round3 { opened, .. }) => early::ask(&self.terms, opened, index, path, digest),
            _ => Err(EngineError::misuse("an early ask stands between a party's last message and the other's")),
        }
    }
}

fn open(terms: &Terms, drawn: Box<round1::Drawn>) -> Step {
    let outgoing = to_each(terms, round1::ROUND, |peer| round1::encode(&drawn, terms, peer))?;
    Ok((Next::Waiting(State::Round1 { drawn, received: PerParty::new() }), outgoing))
}

fn check_sender(terms: &Terms, from: PartyId) -> Result<(), EngineError> {
    if from == terms.party || !terms.signers.contains(&from) {
        return Err(EngineError::misuse("the sender is not another signer of the batch"));
    }
    Ok(())
}

fn accept(terms: &Terms, state: State, from: PartyId, round: u16, payload: &[u8]) -> Step {
    match state {
        State::Round1 { drawn, mut received } => {
            expect(round1::ROUND, round, from, received.contains(from))?;
            let message =
                round1::decode(payload, terms.count).map_err(|cause| EngineError::malformed(from, round, cause))?;
            received.insert(from, message);
            if terms.waits(received.len()) {
                return Ok((Next::Waiting(State::Round1 { drawn, received }), Vec::new()));
            }
            let (extended, mut messages) = round2::extend(terms, *drawn, received)?;
            let outgoing = to_each(terms, round2::ROUND, |peer| round2::encode(&mut messages, terms, peer))?;
            Ok((Next::Waiting(State::Round2 { extended: Box::new(extended), received: PerParty::new() }), outgoing))
        }
        State::Round2 { mut extended, mut received } => {
            expect(round2::ROUND, round, from, received.contains(from))?;
            received.insert(from, round2::accept(terms, &mut extended, from, payload)?);
            if terms.waits(received.len()) {
                return Ok((Next::Waiting(State::Round2 { extended, received }), Vec::new()));
            }
            let (opened, mut messages) = round3::open(*extended, received)?;
            let outgoing = to_each(terms, round3::ROUND, |peer| round3::encode(&mut messages, terms, peer))?;
            Ok((Next::Waiting(State::Round3 { opened: Box::new(opened), received: PerParty::new() }), outgoing))
        }
        State::Round3 { opened, mut received } => {
            expect(round3::ROUND, round, from, received.contains(from))?;
            received.insert(from, round3::verify(terms, &opened, from, payload)?);
            if terms.waits(received.len()) {
                return Ok((Next::Waiting(State::Round3 { opened, received }), Vec::new()));
            }
            let batch = combine::combine(terms, &opened, &received)?;
            Ok((Next::Done(batch), Vec::new()))
        }
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

impl Machine for Presign {
    type Output = Batch;

    fn start(&mut self) -> Vec<Outgoing> {
        self.run.start(|drawn| open(&self.terms, drawn))
    }

    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing> {
        match check_sender(&self.terms, from) {
            Ok(()) => self.run.receive(|state| accept(&self.terms, state, from, round, payload)),
            Err(error) => self.run.abort(error),
        }
    }

    fn outcome(&mut self) -> Outcome<Batch> {
        self.run.outcome()
    }
}

#[cfg(test)]
pub(crate) mod tests;
