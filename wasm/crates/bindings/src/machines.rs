//! Messages and the key generation run.

use js_sys::Uint8Array;
use rand_core::OsRng;
use trefoil_core::keygen;
use trefoil_core::machine::{self, Machine, Outcome, Recipient};
use trefoil_core::roster::Roster;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{EngineError, misuse, party};
use crate::keys::KeyShare;
use crate::read;

/// A message to seal and send.
#[wasm_bindgen]
pub struct Outgoing(machine::Outgoing);

#[wasm_bindgen]
impl Outgoing {
    /// The receiver, or 0 for all others.
    #[wasm_bindgen(getter)]
    pub fn to(&self) -> u16 {
        match self.0.to {
            Recipient::All => 0,
            Recipient::One(party) => party.get(),
        }
    }

    /// The round, from 1.
    #[wasm_bindgen(getter)]
    pub fn round(&self) -> u16 {
        self.0.round
    }

    /// The plaintext. Frees the handle.
    #[wasm_bindgen(js_name = intoPayload)]
    pub fn into_payload(self) -> Uint8Array {
        Uint8Array::from(self.0.payload.as_slice())
    }
}

/// Messages for JavaScript.
pub(crate) fn handles(messages: Vec<machine::Outgoing>) -> Vec<Outgoing> {
    messages.into_iter().map(Outgoing).collect()
}

/// Pending is nothing, aborted is thrown.
pub(crate) fn settle<T>(outcome: Outcome<T>) -> Result<Option<T>, EngineError> {
    match outcome {
        Outcome::Pending => Ok(None),
        Outcome::Done(result) => Ok(Some(result)),
        Outcome::Aborted(error) => Err(error.into()),
    }
}

/// One party's run of the key generation.
#[wasm_bindgen]
pub struct Keygen(keygen::Keygen);

#[wasm_bindgen]
impl Keygen {
    /// Prepares a run; `context` is 32 bytes that bind the session.
    #[wasm_bindgen(constructor)]
    pub fn new(own: u16, roster: &[u16], threshold: u16, context: &[u8]) -> Result<Keygen, EngineError> {
        let context = context.try_into().map_err(|_| misuse("the context has 32 bytes"))?;
        let parties = roster.iter().map(|id| party(*id)).collect::<Result<_, _>>()?;
        Ok(Self(keygen::Keygen::new(party(own)?, Roster::new(parties, threshold)?, context, &mut OsRng)?))
    }

    /// Opens the run.
    pub fn start(&mut self) -> Vec<Outgoing> {
        handles(self.0.start())
    }

    /// Takes an authenticated message.
    pub fn receive(&mut self, from: u16, round: u16, payload: &Uint8Array) -> Result<Vec<Outgoing>, EngineError> {
        Ok(handles(self.0.receive(party(from)?, round, &read(payload))))
    }

    /// The share once it is there.
    pub fn outcome(&mut self) -> Result<Option<KeyShare>, EngineError> {
        Ok(settle(self.0.outcome())?.map(KeyShare))
    }
}
