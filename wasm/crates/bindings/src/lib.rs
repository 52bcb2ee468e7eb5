//! The engine for JavaScript. Bytes and errors are converted here and nothing else happens; randomness is the
//! platform's, through getrandom, and no export takes any.
//!
//! Secrets cross the border as `Uint8Array` objects that are copied once, straight from and into buffers that are wiped.

mod ecdsa;
mod error;
mod keys;
mod machines;
mod signing;

use js_sys::Uint8Array;
use trefoil_core::derive::Path;
use zeroize::Zeroizing;

use crate::error::EngineError;

/// A path from JavaScript: the child numbers from the master key down.
fn path(indices: &[u32]) -> Result<Path, EngineError> {
    Ok(Path::new(indices)?)
}

/// Bytes from JavaScript, in a buffer that is wiped.
fn read(bytes: &Uint8Array) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(bytes.to_vec())
}
