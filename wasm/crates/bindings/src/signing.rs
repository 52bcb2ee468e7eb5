//! Two-party FROST signing. A suite is chosen when the handle is made and stays inside it.

use js_sys::Uint8Array;
use rand_core::OsRng;
use trefoil_core::frost::commit;
use trefoil_core::frost::initiate;
use trefoil_core::frost::respond;
use trefoil_core::machine::Machine;
use trefoil_core::suites::{Ed25519, Taproot};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{EngineError, party};
use crate::keys::KeyShare;
use crate::machines::{Outgoing, handles, settle};
use crate::read;

/// The suites that sign with FROST.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum FrostSuite {
    /// BIP340 under the BIP341 output key of an empty tree.
    Taproot,
    /// RFC 8032.
    Ed25519,
}

/// One value of either suite.
enum PerSuite<T, D> {
    Taproot(T),
    Ed25519(D),
}

/// Secret nonces of one future signature. There is no way to read or copy them.
#[wasm_bindgen]
pub struct Nonces(PerSuite<commit::Nonces<Taproot>, commit::Nonces<Ed25519>>);

#[wasm_bindgen]
impl Nonces {
    /// Draws nonces for a signature under this share.
    #[wasm_bindgen(constructor)]
    pub fn new(share: &KeyShare, suite: FrostSuite) -> Nonces {
        Self(match suite {
            FrostSuite::Taproot => PerSuite::Taproot(commit::Nonces::new(&share.0, &mut OsRng)),
            FrostSuite::Ed25519 => PerSuite::Ed25519(commit::Nonces::new(&share.0, &mut OsRng)),
        })
    }

    /// The public commitments.
    pub fn commitments(&self) -> Result<Vec<u8>, EngineError> {
        let commitments = match &self.0 {
            PerSuite::Taproot(nonces) => nonces.commitments(),
            PerSuite::Ed25519(nonces) => nonces.commitments(),
        };
        Ok(commitments?.to_vec())
    }
}

/// One run of the party that wants the signature.
#[wasm_bindgen]
pub struct Initiator(PerSuite<initiate::Initiator<Taproot>, initiate::Initiator<Ed25519>>);

#[wasm_bindgen]
impl Initiator {
    /// Makes nonces and signs with the responder's commitments.
    #[wasm_bindgen(constructor)]
    pub fn new(
        share: &KeyShare,
        suite: FrostSuite,
        path: &[u32],
        digest: &[u8],
        responder: u16,
        responder_commitments: &[u8],
    ) -> Result<Initiator, EngineError> {
        let (share, path, responder, rng) = (&share.0, &crate::path(path)?, party(responder)?, &mut OsRng);
        Ok(Self(match suite {
            FrostSuite::Taproot => {
                PerSuite::Taproot(initiate::Initiator::new(share, path, digest, responder, responder_commitments, rng)?)
            }
            FrostSuite::Ed25519 => {
                PerSuite::Ed25519(initiate::Initiator::new(share, path, digest, responder, responder_commitments, rng)?)
            }
        }))
    }

    /// Opens the run.
    pub fn start(&mut self) -> Vec<Outgoing> {
        handles(match &mut self.0 {
            PerSuite::Taproot(run) => run.start(),
            PerSuite::Ed25519(run) => run.start(),
        })
    }

    /// Takes an authenticated message.
    pub fn receive(&mut self, from: u16, round: u16, payload: &Uint8Array) -> Result<Vec<Outgoing>, EngineError> {
        let (from, payload) = (party(from)?, read(payload));
        Ok(handles(match &mut self.0 {
            PerSuite::Taproot(run) => run.receive(from, round, &payload),
            PerSuite::Ed25519(run) => run.receive(from, round, &payload),
        }))
    }

    /// The 64-byte verified signature once it is there.
    pub fn outcome(&mut self) -> Result<Option<Vec<u8>>, EngineError> {
        let outcome = match &mut self.0 {
            PerSuite::Taproot(run) => run.outcome(),
            PerSuite::Ed25519(run) => run.outcome(),
        };
        Ok(settle(outcome)?.map(|signature| signature.to_bytes().to_vec()))
    }
}

/// One run of the party that helps.
#[wasm_bindgen]
pub struct Responder(PerSuite<respond::Responder<Taproot>, respond::Responder<Ed25519>>);

#[wasm_bindgen]
impl Responder {
    /// Takes the nonces: their handle is dead afterwards, whatever happens.
    #[wasm_bindgen(constructor)]
    pub fn new(
        share: &KeyShare,
        nonces: Nonces,
        path: &[u32],
        digest: &[u8],
        initiator: u16,
    ) -> Result<Responder, EngineError> {
        let (share, path, initiator) = (&share.0, &crate::path(path)?, party(initiator)?);
        Ok(Self(match nonces.0 {
            PerSuite::Taproot(nonces) => {
                PerSuite::Taproot(respond::Responder::new(share, nonces, path, digest, initiator)?)
            }
            PerSuite::Ed25519(nonces) => {
                PerSuite::Ed25519(respond::Responder::new(share, nonces, path, digest, initiator)?)
            }
        }))
    }

    /// Opens the run; the responder has nothing to say yet.
    pub fn start(&mut self) -> Vec<Outgoing> {
        handles(match &mut self.0 {
            PerSuite::Taproot(run) => run.start(),
            PerSuite::Ed25519(run) => run.start(),
        })
    }

    /// Takes an authenticated message.
    pub fn receive(&mut self, from: u16, round: u16, payload: &Uint8Array) -> Result<Vec<Outgoing>, EngineError> {
        let (from, payload) = (party(from)?, read(payload));
        Ok(handles(match &mut self.0 {
            PerSuite::Taproot(run) => run.receive(from, round, &payload),
            PerSuite::Ed25519(run) => run.receive(from, round, &payload),
        }))
    }

    /// Whether the share was handed out.
    pub fn outcome(&mut self) -> Result<bool, EngineError> {
        let outcome = match &mut self.0 {
            PerSuite::Taproot(run) => run.outcome(),
            PerSuite::Ed25519(run) => run.outcome(),
        };
        Ok(settle(outcome)?.is_some())
    }
}
