//! Round 2: after checking every proof of knowledge, each party sends every other one the values of its polynomials
//! at that party's point. The receiver compares them with the commitments and adds them up.
//!
//! Must never: send one party's values to another, or keep a polynomial after this round.

use std::collections::BTreeMap;

use frost_core::Identifier;
use frost_core::keys::dkg::{self, round2::Package, round2::SecretPackage};
use frost_core::keys::{KeyPackage, PublicKeyPackage};
use zeroize::Zeroizing;

use crate::codec::{Layout, Object, SuiteTag};
use crate::error::{EngineError, Malformed};
use crate::keygen::round1::{Commitment, Dealing};
use crate::party::PartyId;
use crate::roster::Roster;
use crate::share::read_scalar;
use crate::suites::{Ecdsa, Ed25519, PerKey, SCALAR_BYTES, Suite, Taproot};

/// The number of this round.
pub const ROUND: u16 = 2;

/// The values of one party's polynomials at another's point; wiped when dropped.
pub(crate) type Shares =
    PerKey<Package<<Ecdsa as Suite>::Frost>, Package<<Taproot as Suite>::Frost>, Package<<Ed25519 as Suite>::Frost>>;

/// One key between rounds 2 and 3.
pub(crate) struct Sharing<S: Suite> {
    secret: SecretPackage<S::Frost>,
    commitments: BTreeMap<Identifier<S::Frost>, Commitment<S>>,
    outgoing: BTreeMap<Identifier<S::Frost>, Package<S::Frost>>,
}

/// The three keys between rounds 2 and 3.
pub(crate) type Sharings = PerKey<Sharing<Ecdsa>, Sharing<Taproot>, Sharing<Ed25519>>;

/// Checks the proofs of knowledge of one key and evaluates this party's polynomial.
pub(crate) fn share<S: Suite>(
    dealing: Dealing<S>,
    commitments: BTreeMap<Identifier<S::Frost>, Commitment<S>>,
    party: PartyId,
    roster: &Roster,
) -> Result<Sharing<S>, EngineError> {
    let (secret, outgoing) = dkg::part2(dealing.secret, &commitments)
        .map_err(|error| EngineError::from_frost(&error, party, roster, super::round1::ROUND))?;
    Ok(Sharing { secret, commitments, outgoing })
}

/// The message of this round.
pub fn layout() -> Layout {
    Layout::new(Object::KeygenRound2, SuiteTag::All)
        .field("ecdsa.share", SCALAR_BYTES)
        .field("taproot.share", SCALAR_BYTES)
        .field("ed25519.share", SCALAR_BYTES)
}

/// The bytes for one party, taken out of what this party holds.
pub(crate) fn encode(sharings: &mut Sharings, to: PartyId) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    layout()
        .writer()
        .put(take::<Ecdsa>(&mut sharings.ecdsa, to)?)
        .put(take::<Taproot>(&mut sharings.taproot, to)?)
        .put(take::<Ed25519>(&mut sharings.ed25519, to)?)
        .finish()
}

fn take<S: Suite>(sharing: &mut Sharing<S>, to: PartyId) -> Result<Zeroizing<Vec<u8>>, EngineError> {
    let package = sharing
        .outgoing
        .remove(&to.identifier()?)
        .ok_or_else(|| EngineError::misuse("there is no share for this party"))?;
    Ok(Zeroizing::new(package.signing_share().serialize()))
}

/// Reads what another party sent: three scalars in range.
pub(crate) fn decode(bytes: &[u8]) -> Result<Shares, Malformed> {
    let mut reader = layout().reader(bytes)?;
    Ok(PerKey {
        ecdsa: Package::new(read_scalar::<Ecdsa>(&mut reader, "ecdsa.share")?),
        taproot: Package::new(read_scalar::<Taproot>(&mut reader, "taproot.share")?),
        ed25519: Package::new(read_scalar::<Ed25519>(&mut reader, "ed25519.share")?),
    })
}

/// Both sides of one key at the end of this round.
type KeyPair<S> = (KeyPackage<<S as Suite>::Frost>, PublicKeyPackage<<S as Suite>::Frost>);

/// Compares the received values of one key with the commitments and adds them up.
pub(crate) fn combine<S: Suite>(
    sharing: &Sharing<S>,
    received: &BTreeMap<Identifier<S::Frost>, Package<S::Frost>>,
    party: PartyId,
    roster: &Roster,
) -> Result<KeyPair<S>, EngineError> {
    dkg::part3(&sharing.secret, &sharing.commitments, received)
        .map_err(|error| EngineError::from_frost(&error, party, roster, ROUND))
}
