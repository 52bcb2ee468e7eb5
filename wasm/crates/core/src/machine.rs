//! The shape of every protocol run: messages in, messages out, one result. No clock, no network, no storage.

use zeroize::Zeroizing;

use crate::error::EngineError;
use crate::party::PartyId;

/// Who gets a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Every other party of the run, the same bytes.
    All,
    /// One party.
    One(PartyId),
}

/// A message to seal and send. The payload may hold a secret for its recipient and is wiped when dropped.
pub struct Outgoing {
    /// Who gets it.
    pub to: Recipient,
    /// From 1; the receiver passes it to [`Machine::receive`].
    pub round: u16,
    /// The plaintext.
    pub payload: Zeroizing<Vec<u8>>,
}

/// Where a run stands.
#[derive(Debug)]
pub enum Outcome<T> {
    /// It waits for messages.
    Pending,
    /// It ended well. The result is handed out once.
    Done(T),
    /// It ended and never recovers.
    Aborted(EngineError),
}

/// One protocol run of one party.
pub trait Machine {
    /// What the run makes.
    type Output;

    /// Opens the run. Exactly once, before any [`Machine::receive`].
    fn start(&mut self) -> Vec<Outgoing>;

    /// Takes a message that the channel has authenticated as coming from `from`. Messages of one round come in any
    /// order; a message of another round, a second one of the same sender and one that does not check abort the run.
    /// After the end of the run nothing is read any more.
    fn receive(&mut self, from: PartyId, round: u16, payload: &[u8]) -> Vec<Outgoing>;

    /// Where the run stands. Moves the result out the first time that it is there.
    fn outcome(&mut self) -> Outcome<Self::Output>;
}
