//! Shares and public packages.

use js_sys::Uint8Array;
use trefoil_core::derive;
use trefoil_core::public_package::{ChainCodes, EncodedKeys, PublicPackage};
use trefoil_core::share;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::EngineError;
use crate::read;

/// A validated share of the three keys.
#[wasm_bindgen]
pub struct KeyShare(pub(crate) share::KeyShare);

#[wasm_bindgen]
impl KeyShare {
    /// Decodes and validates a stored share.
    pub fn decode(encoded: &Uint8Array, public_package: &[u8]) -> Result<KeyShare, EngineError> {
        Ok(Self(share::KeyShare::decode(&read(encoded), public_package)?))
    }

    /// Whose share it is.
    #[wasm_bindgen(getter)]
    pub fn party(&self) -> u16 {
        self.0.party().get()
    }

    /// The public package that it belongs to.
    #[wasm_bindgen(js_name = publicPackage)]
    pub fn public_package(&self) -> Vec<u8> {
        self.0.public_package().encoded().to_vec()
    }

    /// The plaintext encoding, to be sealed at once.
    pub fn encode(&self) -> Result<Uint8Array, EngineError> {
        Ok(Uint8Array::from(self.0.encode()?.as_slice()))
    }
}

/// What everyone may know of a wallet.
#[wasm_bindgen]
pub struct PublicKeys {
    threshold: u16,
    roster: Vec<u16>,
    keys: EncodedKeys,
    chain_codes: ChainCodes,
}

#[wasm_bindgen]
impl PublicKeys {
    /// Reads a public package.
    pub fn decode(public_package: &[u8]) -> Result<PublicKeys, EngineError> {
        let package = PublicPackage::decode(public_package)?;
        Ok(Self {
            threshold: package.roster().threshold(),
            roster: package.roster().parties().iter().map(|party| party.get()).collect(),
            keys: package.key_bytes()?,
            chain_codes: package.chain_codes(),
        })
    }

    /// How many parties a signature needs.
    #[wasm_bindgen(getter)]
    pub fn threshold(&self) -> u16 {
        self.threshold
    }

    /// The parties, ascending.
    #[wasm_bindgen(getter)]
    pub fn roster(&self) -> Vec<u16> {
        self.roster.clone()
    }

    /// Compressed SEC1, 33 bytes.
    #[wasm_bindgen(getter)]
    pub fn ecdsa(&self) -> Vec<u8> {
        self.keys.ecdsa.clone()
    }

    /// Compressed SEC1 internal key, 33 bytes.
    #[wasm_bindgen(getter)]
    pub fn taproot(&self) -> Vec<u8> {
        self.keys.taproot.clone()
    }

    /// RFC 8032, 32 bytes.
    #[wasm_bindgen(getter)]
    pub fn ed25519(&self) -> Vec<u8> {
        self.keys.ed25519.clone()
    }

    /// Chain code of the ECDSA key, 32 bytes.
    #[wasm_bindgen(getter, js_name = ecdsaChainCode)]
    pub fn ecdsa_chain_code(&self) -> Vec<u8> {
        self.chain_codes.ecdsa.to_vec()
    }

    /// Chain code of the BIP340 internal key, 32 bytes.
    #[wasm_bindgen(getter, js_name = taprootChainCode)]
    pub fn taproot_chain_code(&self) -> Vec<u8> {
        self.chain_codes.taproot.to_vec()
    }
}

/// The keys that have BIP32 children.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum DerivableKey {
    /// The ECDSA key.
    Ecdsa,
    /// The BIP340 internal key.
    Taproot,
}

/// A public key out of a BIP32 derivation.
#[wasm_bindgen]
pub struct DerivedKey(derive::Derived);

#[wasm_bindgen]
impl DerivedKey {
    /// Derives a child out of a public package.
    pub fn derive(public_package: &[u8], key: DerivableKey, path: &[u32]) -> Result<DerivedKey, EngineError> {
        let (package, path) = (PublicPackage::decode(public_package)?, crate::path(path)?);
        Ok(Self(match key {
            DerivableKey::Ecdsa => derive::ecdsa(&package, &path)?,
            DerivableKey::Taproot => derive::taproot(&package, &path)?,
        }))
    }

    /// Compressed SEC1, 33 bytes.
    #[wasm_bindgen(getter)]
    pub fn key(&self) -> Vec<u8> {
        self.0.key().to_vec()
    }

    /// 32 bytes.
    #[wasm_bindgen(getter, js_name = chainCode)]
    pub fn chain_code(&self) -> Vec<u8> {
        self.0.chain_code().to_vec()
    }
}
