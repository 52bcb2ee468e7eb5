//! What everyone may know of a wallet: roster, threshold, the three master keys, every party's verifying shares and the
//! chain codes. All parties hold the same bytes, and the echo round compares them.

use std::collections::BTreeMap;

use frost_core::VerifyingKey;
use frost_core::keys::{PublicKeyPackage, VerifyingShare};
use frost_ed25519::Ed25519Sha512;
use frost_secp256k1::Secp256K1Sha256;
use frost_secp256k1_tr::Secp256K1Sha256TR;
use sha2::{Digest, Sha256};

use crate::codec::{Layout, Object, Reader, SuiteTag, Writer};
use crate::error::{EngineError, Malformed};
use crate::party::PartyId;
use crate::roster::Roster;
use crate::suites::{Ecdsa, Ed25519, PerKey, Suite, Taproot, has_own_form};

/// Bytes of a BIP32 chain code and of the digest of a package.
pub const HASH_BYTES: usize = 32;

/// The public sides of the three keys.
pub type PublicKeys =
    PerKey<PublicKeyPackage<Secp256K1Sha256>, PublicKeyPackage<Secp256K1Sha256TR>, PublicKeyPackage<Ed25519Sha512>>;

/// The group keys as bytes.
pub type EncodedKeys = PerKey<Vec<u8>, Vec<u8>, Vec<u8>>;

/// BIP32 chain codes of the master keys that have non-hardened derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainCodes {
    /// Of the ECDSA key.
    pub ecdsa: [u8; HASH_BYTES],
    /// Of the BIP340 internal key.
    pub taproot: [u8; HASH_BYTES],
}

/// A validated public package.
#[derive(Clone)]
pub struct PublicPackage {
    roster: Roster,
    keys: PublicKeys,
    chain_codes: ChainCodes,
    encoded: Vec<u8>,
}

impl PublicPackage {
    /// Puts a package together and encodes it.
    pub(crate) fn new(roster: Roster, keys: PublicKeys, chain_codes: ChainCodes) -> Result<Self, EngineError> {
        let mut writer =
            layout(roster.size()).writer().put(roster.threshold().to_be_bytes()).put(roster.size().to_be_bytes());
        for party in roster.parties() {
            writer = writer.put(party.get().to_be_bytes());
        }
        writer = writer
            .put(key_bytes::<Ecdsa>(&keys.ecdsa)?)
            .put(key_bytes::<Taproot>(&keys.taproot)?)
            .put(key_bytes::<Ed25519>(&keys.ed25519)?)
            .put(chain_codes.ecdsa)
            .put(chain_codes.taproot);
        writer = put_shares::<Ecdsa>(writer, &roster, &keys.ecdsa)?;
        writer = put_shares::<Taproot>(writer, &roster, &keys.taproot)?;
        writer = put_shares::<Ed25519>(writer, &roster, &keys.ed25519)?;
        let encoded = writer.finish()?.to_vec();
        Ok(Self { roster, keys, chain_codes, encoded })
    }

    /// Reads a package: every point on its curve and in its prime-order group, roster ascending, nothing left over.
    pub fn decode(bytes: &[u8]) -> Result<Self, EngineError> {
        Self::read(bytes).map_err(EngineError::malformed_package)
    }

    fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut prefix = Layout::new(Object::PublicPackage, SuiteTag::All).prefix(bytes)?;
        let threshold = prefix.number()?;
        let size = prefix.number()?;
        let mut reader = layout(size).reader(bytes)?;
        reader.take(4)?;
        let roster = read_roster(&mut reader, size, threshold)?;
        let ecdsa_key = read_key::<Ecdsa>(&mut reader, "ecdsa.key")?;
        let taproot_key = read_key::<Taproot>(&mut reader, "taproot.key")?;
        let ed25519_key = read_key::<Ed25519>(&mut reader, "ed25519.key")?;
        let chain_codes = ChainCodes { ecdsa: reader.array()?, taproot: reader.array()? };
        let keys = PerKey {
            ecdsa: read_shares::<Ecdsa>(&mut reader, &roster, ecdsa_key, "ecdsa.verifying-share")?,
            taproot: read_shares::<Taproot>(&mut reader, &roster, taproot_key, "taproot.verifying-share")?,
            ed25519: read_shares::<Ed25519>(&mut reader, &roster, ed25519_key, "ed25519.verifying-share")?,
        };
        Ok(Self { roster, keys, chain_codes, encoded: bytes.to_vec() })
    }

    /// The encoding, the same for all parties.
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }

    /// SHA-256 of the encoding: names the wallet's keys of one epoch.
    pub fn digest(&self) -> [u8; HASH_BYTES] {
        Sha256::digest(&self.encoded).into()
    }

    /// Who takes part.
    pub const fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The chain codes.
    pub const fn chain_codes(&self) -> ChainCodes {
        self.chain_codes
    }

    /// The public sides of the keys.
    pub const fn keys(&self) -> &PublicKeys {
        &self.keys
    }

    /// Compressed SEC1 (33 bytes) for ECDSA and the BIP340 internal key, RFC 8032 (32 bytes) for Ed25519.
    pub fn key_bytes(&self) -> Result<EncodedKeys, EngineError> {
        Ok(PerKey {
            ecdsa: key_bytes::<Ecdsa>(&self.keys.ecdsa)?,
            taproot: key_bytes::<Taproot>(&self.keys.taproot)?,
            ed25519: key_bytes::<Ed25519>(&self.keys.ed25519)?,
        })
    }
}

/// The encoding of a package of `size` parties.
pub fn layout(size: u16) -> Layout {
    let size = usize::from(size);
    Layout::new(Object::PublicPackage, SuiteTag::All)
        .field("threshold", 2)
        .field("size", 2)
        .fields("party", 2, size)
        .field("ecdsa.key", Ecdsa::POINT_BYTES)
        .field("taproot.key", Taproot::POINT_BYTES)
        .field("ed25519.key", Ed25519::POINT_BYTES)
        .field("ecdsa.chain-code", HASH_BYTES)
        .field("taproot.chain-code", HASH_BYTES)
        .fields("ecdsa.verifying-share", Ecdsa::POINT_BYTES, size)
        .fields("taproot.verifying-share", Taproot::POINT_BYTES, size)
        .fields("ed25519.verifying-share", Ed25519::POINT_BYTES, size)
}

/// A group key as bytes. The identity has none: parties whose polynomials cancel out made no key.
pub(crate) fn key_bytes<S: Suite>(public: &PublicKeyPackage<S::Frost>) -> Result<Vec<u8>, EngineError> {
    public.verifying_key().serialize().map_err(|_| EngineError::misuse("a group key is the identity"))
}

fn put_shares<S: Suite>(
    mut writer: Writer,
    roster: &Roster,
    public: &PublicKeyPackage<S::Frost>,
) -> Result<Writer, EngineError> {
    for party in roster.parties() {
        let share = public
            .verifying_shares()
            .get(&party.identifier()?)
            .and_then(|share| share.serialize().ok())
            .ok_or_else(|| EngineError::misuse("a verifying share is missing or the identity"))?;
        writer = writer.put(share);
    }
    Ok(writer)
}

fn read_roster(reader: &mut Reader<'_>, size: u16, threshold: u16) -> Result<Roster, Malformed> {
    let parties = (0..size)
        .map(|_| reader.number().and_then(|id| PartyId::new(id).ok_or(Malformed::Field("party"))))
        .collect::<Result<Vec<_>, _>>()?;
    if !parties.is_sorted() {
        return Err(Malformed::Field("party"));
    }
    Roster::new(parties, threshold).map_err(|_| Malformed::Field("party"))
}

fn read_key<S: Suite>(reader: &mut Reader<'_>, name: &'static str) -> Result<VerifyingKey<S::Frost>, Malformed> {
    VerifyingKey::deserialize(take_point::<S>(reader, name)?).map_err(|_| Malformed::Field(name))
}

/// The bytes of the next point, in the form in which they are written: a package has one digest.
fn take_point<'a, S: Suite>(reader: &mut Reader<'a>, name: &'static str) -> Result<&'a [u8], Malformed> {
    let bytes = reader.take(S::POINT_BYTES)?;
    if has_own_form::<S>(bytes) { Ok(bytes) } else { Err(Malformed::Field(name)) }
}

fn read_shares<S: Suite>(
    reader: &mut Reader<'_>,
    roster: &Roster,
    key: VerifyingKey<S::Frost>,
    name: &'static str,
) -> Result<PublicKeyPackage<S::Frost>, Malformed> {
    let mut shares = BTreeMap::new();
    for party in roster.parties() {
        let share = VerifyingShare::deserialize(take_point::<S>(reader, name)?).map_err(|_| Malformed::Field(name))?;
        shares.insert(party.identifier().map_err(|_| Malformed::Field("party"))?, share);
    }
    Ok(PublicKeyPackage::new(shares, key, Some(roster.threshold())))
}
