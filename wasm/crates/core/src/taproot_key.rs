//! The BIP340 key as its signers hold it. What the ceremony makes is the BIP341 internal key with its real parity;
//! signatures are under the output key Q = lift_x(P) + H_TapTweak(x(P))·G of the master key or of a BIP32 child, the
//! key path with an empty tree. A share gets the TapTweak here, once, and nowhere else.
//!
//! A child is P + τ·G with the real parity of both: the sharing polynomial moves by τ, so every share does and every
//! verifying share moves by τ·G. The child is lifted to an even ordinate only after that, by its own TapTweak.

use frost_core::VerifyingKey;
use frost_core::keys::{KeyPackage, PublicKeyPackage, SigningShare, VerifyingShare};
use frost_secp256k1_tr::Secp256K1Sha256TR;
use frost_secp256k1_tr::keys::{EvenY, Tweak};
use k256::ProjectivePoint;
use k256::elliptic_curve::ops::MulByGenerator;

use crate::derive::Derived;

/// No script tree.
pub(crate) const EMPTY_TREE: Option<&[u8]> = None;

/// A party's part of the output key, with the even y coordinate that BIP340 signs under.
pub(crate) fn output_share(internal: &KeyPackage<Secp256K1Sha256TR>) -> KeyPackage<Secp256K1Sha256TR> {
    internal.clone().tweak(EMPTY_TREE).into_even_y(None)
}

/// This party's share of a child.
pub(crate) fn moved_share(master: &KeyPackage<Secp256K1Sha256TR>, child: &Derived) -> KeyPackage<Secp256K1Sha256TR> {
    KeyPackage::new(
        *master.identifier(),
        SigningShare::new(master.signing_share().to_scalar() + child.tweak),
        moved_point(master.verifying_share(), &ProjectivePoint::mul_by_generator(&child.tweak)),
        VerifyingKey::new(child.point),
        *master.min_signers(),
    )
}

/// The public side of a child.
pub(crate) fn moved_public(
    master: &PublicKeyPackage<Secp256K1Sha256TR>,
    child: &Derived,
) -> PublicKeyPackage<Secp256K1Sha256TR> {
    let step = ProjectivePoint::mul_by_generator(&child.tweak);
    let shares = master.verifying_shares().iter().map(|(party, share)| (*party, moved_point(share, &step))).collect();
    PublicKeyPackage::new(shares, VerifyingKey::new(child.point), master.min_signers())
}

fn moved_point(share: &VerifyingShare<Secp256K1Sha256TR>, step: &ProjectivePoint) -> VerifyingShare<Secp256K1Sha256TR> {
    VerifyingShare::new(share.to_element() + step)
}
