//! What the engine throws.

use trefoil_core::error as core;
use trefoil_core::party::PartyId;
use wasm_bindgen::prelude::wasm_bindgen;

/// A failure of the engine, as data: the host has the words.
#[wasm_bindgen]
pub struct EngineError(core::EngineError);

#[wasm_bindgen]
impl EngineError {
    /// `engine/…`, one of the codes of the catalogue.
    #[wasm_bindgen(getter)]
    pub fn code(&self) -> String {
        self.0.code().as_str().to_owned()
    }

    /// `caller`, `peer` or `bug`.
    #[wasm_bindgen(getter)]
    pub fn blame(&self) -> String {
        self.0.blame().as_str().to_owned()
    }

    /// Parties that provably broke the protocol.
    #[wasm_bindgen(getter)]
    pub fn culprits(&self) -> Vec<u16> {
        self.0.culprits().iter().map(|party| party.get()).collect()
    }

    /// The round, from 1; absent outside of rounds.
    #[wasm_bindgen(getter)]
    pub fn round(&self) -> Option<u16> {
        self.0.round()
    }

    /// Our own words about this case.
    #[wasm_bindgen(getter)]
    pub fn detail(&self) -> String {
        self.0.detail().to_owned()
    }
}

impl From<core::EngineError> for EngineError {
    fn from(error: core::EngineError) -> Self {
        Self(error)
    }
}

/// A party id from JavaScript; zero is nobody's.
pub(crate) fn party(id: u16) -> Result<PartyId, EngineError> {
    PartyId::new(id).ok_or_else(|| EngineError(core::EngineError::misuse("a party id is from 1 to 65535")))
}

/// A failure of the caller to drive the engine as it must be driven.
pub(crate) fn misuse(detail: &'static str) -> EngineError {
    EngineError(core::EngineError::misuse(detail))
}
