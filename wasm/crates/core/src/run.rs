//! What every run keeps besides its protocol: whether it was started, what it waits with, and how it ended.
//!
//! A step gets what the run holds by value and says what comes next. Whatever goes wrong in it, nothing of the old
//! state is left: what the step took is dropped and wiped, and the run stays at its error.
//!
//! Must never: give a step the same state twice, or hand out a result twice.

use crate::error::EngineError;
use crate::machine::{Outcome, Outgoing};
use crate::party::PartyId;

/// One run: `R` is what it holds until it is started, `W` while it waits for messages, and `T` is what it makes.
pub(crate) struct Run<R, W, T>(State<R, W, T>);

enum State<R, W, T> {
    Ready(R),
    Waiting(W),
    Ended(Ending<T>),
}

/// What a run holds at its end.
enum Ending<T> {
    Done(T),
    Taken,
    Aborted(EngineError),
}

/// What comes after a step.
pub(crate) enum Next<W, T> {
    /// More messages have to come.
    Waiting(W),
    /// The run ended well.
    Done(T),
}

/// What a step makes of what it was given: what comes next, and messages to send.
pub(crate) type Step<W, T> = Result<(Next<W, T>, Vec<Outgoing>), EngineError>;

impl<R, W, T> Run<R, W, T> {
    /// A run that was not started.
    pub(crate) const fn new(ready: R) -> Self {
        Self(State::Ready(ready))
    }

    /// Opens the run. A second time ends it, whatever it came to.
    pub(crate) fn start(&mut self, open: impl FnOnce(R) -> Step<W, T>) -> Vec<Outgoing> {
        match self.take("a run starts once") {
            State::Ready(ready) => self.settle(open(ready)),
            State::Waiting(_) | State::Ended(_) => Vec::new(),
        }
    }

    /// Takes a message. After the end nothing is read any more.
    pub(crate) fn receive(&mut self, accept: impl FnOnce(W) -> Step<W, T>) -> Vec<Outgoing> {
        match self.take("a run starts before it receives") {
            State::Ready(_) => Vec::new(),
            State::Waiting(waiting) => self.settle(accept(waiting)),
            ended @ State::Ended(_) => {
                self.0 = ended;
                Vec::new()
            }
        }
    }

    /// Ends a run whose caller did what is forbidden, unless it has ended.
    pub(crate) fn abort(&mut self, error: EngineError) -> Vec<Outgoing> {
        if !self.has_ended() {
            self.0 = State::Ended(Ending::Aborted(error));
        }
        Vec::new()
    }

    /// Whether nothing is read any more.
    pub(crate) const fn has_ended(&self) -> bool {
        matches!(self.0, State::Ended(_))
    }

    /// What the run holds while it waits for messages.
    pub(crate) const fn waiting(&mut self) -> Option<&mut W> {
        match &mut self.0 {
            State::Waiting(waiting) => Some(waiting),
            State::Ready(_) | State::Ended(_) => None,
        }
    }

    /// Where the run stands; the result leaves.
    pub(crate) fn outcome(&mut self) -> Outcome<T> {
        let State::Ended(ending) = &mut self.0 else { return Outcome::Pending };
        match core::mem::replace(ending, Ending::Taken) {
            Ending::Done(result) => Outcome::Done(result),
            Ending::Taken => Outcome::Aborted(EngineError::misuse("the result was taken before")),
            Ending::Aborted(error) => {
                *ending = Ending::Aborted(error.clone());
                Outcome::Aborted(error)
            }
        }
    }

    /// Takes the state out, and leaves what the run has come to if nothing else is put back.
    fn take(&mut self, detail: &'static str) -> State<R, W, T> {
        core::mem::replace(&mut self.0, State::Ended(Ending::Aborted(EngineError::misuse(detail))))
    }

    fn settle(&mut self, step: Step<W, T>) -> Vec<Outgoing> {
        let (state, outgoing) = match step {
            Ok((Next::Waiting(waiting), outgoing)) => (State::Waiting(waiting), outgoing),
            Ok((Next::Done(result), outgoing)) => (State::Ended(Ending::Done(result)), outgoing),
            Err(error) => (State::Ended(Ending::Aborted(error)), Vec::new()),
        };
        self.0 = state;
        outgoing
    }
}

/// A message counts in its own round and once.
pub(crate) fn expect(expected: u16, round: u16, from: PartyId, repeated: bool) -> Result<(), EngineError> {
    if round != expected {
        return Err(EngineError::wrong_round(from, round, "the message is for another round"));
    }
    if repeated {
        return Err(EngineError::wrong_round(from, round, "the party has sent its message of this round"));
    }
    Ok(())
}
