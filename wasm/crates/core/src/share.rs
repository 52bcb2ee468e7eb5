//! A party's share of the three keys.
//!
//! Must never: leave this module unvalidated, be printed, or be copied into memory that is not wiped. [`StoredShare`]
//! is what was read; only [`StoredShare::validate`] makes a [`KeyShare`] of it.

use std::sync::{Mutex, PoisonError};

use frost_core::keys::{KeyPackage, PublicKeyPackage, SigningShare, VerifyingShare};
use frost_ed25519::Ed25519Sha512;
use frost_secp256k1::Secp256K1Sha256;
use frost_secp256k1_tr::Secp256K1Sha256TR;
use zeroize::Zeroizing;

use crate::codec::{Layout, Object, Reader, SuiteTag};
use crate::derive::{Child, Path};
use crate::error::{EngineError, Malformed};
use crate::party::PartyId;
use crate::public_package::{HASH_BYTES, PublicPackage};
use crate::suites::{Ecdsa, Ed25519, PerKey, SCALAR_BYTES, Suite, Taproot};
use crate::taproot_key::output_share;

/// The secret sides of the three keys. Each one is wiped when dropped.
pub(crate) type SecretKeys =
    PerKey<KeyPackage<Secp256K1Sha256>, KeyPackage<Secp256K1Sha256TR>, KeyPackage<Ed25519Sha512>>;

/// A validated share: its scalars times the generator are its verifying shares in its public package.
pub struct KeyShare {
    party: PartyId,
    keys: SecretKeys,
    taproot_output: KeyPackage<Secp256K1Sha256TR>,
    /// The child that signed last: a payment's coins mostly belong to one.
    taproot_child: Mutex<Option<(Path, Child<Secp256K1Sha256TR>)>>,
    public: PublicPackage,
}

impl KeyShare {
    pub(crate) fn new(party: PartyId, keys: SecretKeys, public: PublicPackage) -> Self {
        let taproot_output = output_share(&keys.taproot);
        Self { party, keys, taproot_output, taproot_child: Mutex::new(None), public }
    }

    /// Whose share it is.
    pub const fn party(&self) -> PartyId {
        self.party
    }

    /// The public package that it belongs to.
    pub const fn public_package(&self) -> &PublicPackage {
        &self.public
    }

    pub(crate) const fn keys(&self) -> &SecretKeys {
        &self.keys
    }

    pub(crate) const fn taproot_output(&self) -> &KeyPackage<Secp256K1Sha256TR> {
        &self.taproot_output
    }

    /// The child at a path: the last one again, or what `make` makes.
    pub(crate) fn taproot_child(
        &self,
        path: &Path,
        make: impl FnOnce() -> Result<Child<Secp256K1Sha256TR>, EngineError>,
    ) -> Result<Child<Secp256K1Sha256TR>, EngineError> {
        let mut last = self.taproot_child.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, child)) = last.as_ref().filter(|(known, _)| known == path) {
            return Ok(child.clone());
        }
        let child = make()?;
        *last = Some((path.clone(), child.clone()));
        Ok(child)
    }

    /// The plaintext encoding, to be sealed at once.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, EngineError> {
        let scalar = |bytes: Vec<u8>| Zeroizing::new(bytes);
        layout()
            .writer()
            .put(self.party.get().to_be_bytes())
            .put(self.public.digest())
            .put(scalar(self.keys.ecdsa.signing_share().serialize()))
            .put(scalar(self.keys.taproot.signing_share().serialize()))
            .put(scalar(self.keys.ed25519.signing_share().serialize()))
            .finish()
    }

    /// Decodes and validates a stored share.
    pub fn decode(encoded: &[u8], public_package: &[u8]) -> Result<Self, EngineError> {
        let public = PublicPackage::decode(public_package)
            .map_err(|_| EngineError::stored_share("the public package does not decode"))?;
        StoredShare::decode(encoded)?.validate(public)
    }
}

/// A share that was read and not yet compared with its public package.
pub struct StoredShare {
    party: PartyId,
    package_digest: [u8; HASH_BYTES],
    ecdsa: SigningShare<Secp256K1Sha256>,
    taproot: SigningShare<Secp256K1Sha256TR>,
    ed25519: SigningShare<Ed25519Sha512>,
}

impl StoredShare {
    /// Reads length, version, object, party and the range of the three scalars.
    pub fn decode(encoded: &[u8]) -> Result<Self, EngineError> {
        Self::read(encoded).map_err(|cause| EngineError::stored_share(cause.what()))
    }

    fn read(encoded: &[u8]) -> Result<Self, Malformed> {
        let mut reader = layout().reader(encoded)?;
        Ok(Self {
            party: PartyId::new(reader.number()?).ok_or(Malformed::Field("party"))?,
            package_digest: reader.array()?,
            ecdsa: read_scalar::<Ecdsa>(&mut reader, "ecdsa.share")?,
            taproot: read_scalar::<Taproot>(&mut reader, "taproot.share")?,
            ed25519: read_scalar::<Ed25519>(&mut reader, "ed25519.share")?,
        })
    }

    /// Compares with the public package: its digest, and share·G with the verifying share of every key.
    pub fn validate(self, public: PublicPackage) -> Result<KeyShare, EngineError> {
        if self.package_digest != public.digest() {
            return Err(EngineError::stored_share("the share belongs to another public package"));
        }
        let keys = PerKey {
            ecdsa: validate::<Ecdsa>(self.party, self.ecdsa, &public.keys().ecdsa)?,
            taproot: validate::<Taproot>(self.party, self.taproot, &public.keys().taproot)?,
            ed25519: validate::<Ed25519>(self.party, self.ed25519, &public.keys().ed25519)?,
        };
        Ok(KeyShare::new(self.party, keys, public))
    }
}

/// The encoding of a share.
pub fn layout() -> Layout {
    Layout::new(Object::Share, SuiteTag::All)
        .field("party", 2)
        .field("package-digest", HASH_BYTES)
        .field("ecdsa.share", SCALAR_BYTES)
        .field("taproot.share", SCALAR_BYTES)
        .field("ed25519.share", SCALAR_BYTES)
}

/// A canonical scalar.
pub(crate) fn read_scalar<S: Suite>(
    reader: &mut Reader<'_>,
    name: &'static str,
) -> Result<SigningShare<S::Frost>, Malformed> {
    SigningShare::deserialize(reader.take(SCALAR_BYTES)?).map_err(|_| Malformed::Field(name))
}

fn validate<S: Suite>(
    party: PartyId,
    share: SigningShare<S::Frost>,
    public: &PublicKeyPackage<S::Frost>,
) -> Result<KeyPackage<S::Frost>, EngineError> {
    let identifier = party.identifier()?;
    let expected = public
        .verifying_shares()
        .get(&identifier)
        .ok_or_else(|| EngineError::stored_share("the party is not in the roster"))?;
    let threshold =
        public.min_signers().ok_or_else(|| EngineError::stored_share("the public package has no threshold"))?;
    if VerifyingShare::from(share) != *expected {
        return Err(EngineError::stored_share("the share does not fit its verifying share"));
    }
    Ok(KeyPackage::new(identifier, share, *expected, *public.verifying_key(), threshold))
}
