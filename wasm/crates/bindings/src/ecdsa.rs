//! Threshold ECDSA: presigning, and the two roles of a signature.

use js_sys::Uint8Array;
use rand_core::OsRng;
use trefoil_core::ecdsa::presign;
use trefoil_core::ecdsa::presignature;
use trefoil_core::ecdsa::sign::{SigningDigest, initiate, respond};
use trefoil_core::machine::Machine;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{EngineError, misuse, party};
use crate::keys::KeyShare;
use crate::machines::{Outgoing, handles, settle};
use crate::read;

/// One party's part of one future signature. There is no way to read or copy it.
#[wasm_bindgen]
pub struct Presignature(presignature::Presignature);

#[wasm_bindgen]
impl Presignature {
    /// 32 bytes, the same for all its signers. Public.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> Vec<u8> {
        self.0.id().to_vec()
    }
}

/// One party's run for a batch of presignatures.
#[wasm_bindgen]
pub struct Presign(presign::Presign);

#[wasm_bindgen]
impl Presign {
    /// Prepares a run; `context` is 32 bytes that bind the session.
    #[wasm_bindgen(constructor)]
    pub fn new(share: &KeyShare, signers: &[u16], count: u16, context: &[u8]) -> Result<Presign, EngineError> {
        let context = context.try_into().map_err(|_| misuse("the context has 32 bytes"))?;
        let signers = signers.iter().map(|id| party(*id)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self(presign::Presign::new(&share.0, &signers, count, context, &mut OsRng)?))
    }

    /// Opens the run.
    pub fn start(&mut self) -> Vec<Outgoing> {
        handles(self.0.start())
    }

    /// Takes an authenticated message.
    pub fn receive(&mut self, from: u16, round: u16, payload: &Uint8Array) -> Result<Vec<Outgoing>, EngineError> {
        Ok(handles(self.0.receive(party(from)?, round, &read(payload))))
    }

    /// The ask for a signature with a presignature that is complete only with the other signer's last message.
    #[wasm_bindgen(js_name = askEarly)]
    pub fn ask_early(&mut self, index: u16, path: &[u32], digest: &[u8]) -> Result<Uint8Array, EngineError> {
        let payload = self.0.ask_early(index, &crate::path(path)?, &signing_digest(digest)?)?;
        Ok(Uint8Array::from(payload.as_slice()))
    }

    /// The batch once it is there.
    pub fn outcome(&mut self) -> Result<Option<Vec<Presignature>>, EngineError> {
        Ok(settle(self.0.outcome())?.map(|batch| batch.into_iter().map(Presignature).collect()))
    }
}

/// One run of the signer that wants the signature.
#[wasm_bindgen]
pub struct EcdsaInitiator(initiate::Initiator);

#[wasm_bindgen]
impl EcdsaInitiator {
    /// Takes the presignature: its handle is dead afterwards, whatever happens.
    #[wasm_bindgen(constructor)]
    pub fn new(
        share: &KeyShare,
        presignature: Presignature,
        path: &[u32],
        digest: &[u8],
        responder: u16,
    ) -> Result<EcdsaInitiator, EngineError> {
        let (path, digest, responder) = (crate::path(path)?, signing_digest(digest)?, party(responder)?);
        Ok(Self(initiate::Initiator::new(&share.0, presignature.0, &path, &digest, responder)?))
    }

    /// Opens the run.
    pub fn start(&mut self) -> Vec<Outgoing> {
        handles(self.0.start())
    }

    /// Takes an authenticated message.
    pub fn receive(&mut self, from: u16, round: u16, payload: &Uint8Array) -> Result<Vec<Outgoing>, EngineError> {
        Ok(handles(self.0.receive(party(from)?, round, &read(payload))))
    }

    /// r, s and the recovery id, 65 bytes, verified, once they are there.
    pub fn outcome(&mut self) -> Result<Option<Vec<u8>>, EngineError> {
        let signature = settle(self.0.outcome())?;
        Ok(signature.map(|signature| [&signature.to_bytes()[..], &[signature.recovery_id()]].concat()))
    }
}

/// One run of the signer that helps.
#[wasm_bindgen]
pub struct EcdsaResponder(respond::Responder);

#[wasm_bindgen]
impl EcdsaResponder {
    /// Takes the presignature: its handle is dead afterwards, whatever happens.
    #[wasm_bindgen(constructor)]
    pub fn new(
        share: &KeyShare,
        presignature: Presignature,
        path: &[u32],
        digest: &[u8],
        initiator: u16,
    ) -> Result<EcdsaResponder, EngineError> {
        let (path, digest, initiator) = (crate::path(path)?, signing_digest(digest)?, party(initiator)?);
        Ok(Self(respond::Responder::new(&share.0, presignature.0, &path, &digest, initiator)?))
    }

    /// Opens the run; the responder has nothing to say yet.
    pub fn start(&mut self) -> Vec<Outgoing> {
        handles(self.0.start())
    }

    /// Takes an authenticated message.
    pub fn receive(&mut self, from: u16, round: u16, payload: &Uint8Array) -> Result<Vec<Outgoing>, EngineError> {
        Ok(handles(self.0.receive(party(from)?, round, &read(payload))))
    }

    /// Whether the part was handed out.
    pub fn outcome(&mut self) -> Result<bool, EngineError> {
        Ok(settle(self.0.outcome())?.is_some())
    }
}

fn signing_digest(bytes: &[u8]) -> Result<SigningDigest, EngineError> {
    bytes.try_into().map_err(|_| misuse("the digest has 32 bytes"))
}
