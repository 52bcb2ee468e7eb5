//! How BIP340 signs: under the output key of the master key or of a BIP32 child ([`crate::taproot_key`]), on the key
//! path with an empty tree. This party's share comes with the TapTweak; the public side gets it here, once for each
//! signature.

use std::collections::BTreeMap;

use frost_core::keys::{KeyPackage, PublicKeyPackage};
use frost_core::round1::SigningNonces;
use frost_core::round2::SignatureShare;
use frost_core::round2::compute_signature_share;
use frost_core::{
    Challenge, Ciphersuite, Error, Field, Group, Identifier, Signature, SigningPackage, VerifyingKey,
    compute_binding_factor_list, compute_group_commitment, derive_interpolating_value,
};
use frost_secp256k1_tr::keys::{EvenY, Tweak};
use frost_secp256k1_tr::{Secp256K1Group, Secp256K1Sha256TR, aggregate_with_tweak};

use crate::derive::{self, Child, Path};
use crate::error::EngineError;
use crate::frost::suite::SigningSuite;
use crate::share::KeyShare;
use crate::suites::Taproot;
use crate::taproot_key::{EMPTY_TREE, moved_public, moved_share, output_share};

/// Bytes of a BIP341 signature hash.
const SIGHASH_BYTES: usize = 32;

impl SigningSuite for Taproot {
    fn accepts(message_bytes: usize) -> bool {
        message_bytes == SIGHASH_BYTES
    }

    fn has_child(_: &Path) -> bool {
        true
    }

    fn key(share: &KeyShare) -> &KeyPackage<Self::Frost> {
        &share.keys().taproot
    }

    fn child(share: &KeyShare, path: &Path) -> Result<Child<Self::Frost>, EngineError> {
        let package = share.public_package();
        let master = &package.keys().taproot;
        if path.is_master() {
            return Ok(Child { output_share: share.taproot_output().clone(), public: master.clone() });
        }
        share.taproot_child(path, || {
            let derived = derive::taproot(package, path)?;
            let output_share = output_share(&moved_share(Self::key(share), &derived));
            Ok(Child { output_share, public: moved_public(master, &derived) })
        })
    }

    /// The steps of the crate's own `sign`, which negates both nonces, and multiplies the generator twice, where the
    /// group commitment is odd. Negating the result under the negated challenge is the same share without that.
    fn sign(
        package: &SigningPackage<Self::Frost>,
        nonces: &SigningNonces<Self::Frost>,
        output_share: &KeyPackage<Self::Frost>,
    ) -> Result<SignatureShare<Self::Frost>, Error<Self::Frost>> {
        let (identifier, key) = (*output_share.identifier(), output_share.verifying_key());
        if package.signing_commitment(&identifier) != Some(*nonces.commitments()) {
            return Err(Error::IncorrectCommitment);
        }
        let factors = compute_binding_factor_list(package, key, &[])?;
        let factor = factors.get(&identifier).ok_or(Error::UnknownIdentifier)?.clone();
        let commitment = compute_group_commitment(package, &factors)?;
        let lambda = derive_interpolating_value(&identifier, package)?;
        let is_odd = !commitment.has_even_y();
        let challenge = Self::Frost::challenge(&commitment.to_element(), key, package.message())?;
        if !is_odd {
            return Ok(compute_signature_share(nonces, factor, lambda, output_share, challenge));
        }
        let negated = Challenge::from_scalar(-challenge.to_scalar());
        negate(&compute_signature_share(nonces, factor, lambda, output_share, negated))
    }

    fn aggregate(
        package: &SigningPackage<Self::Frost>,
        shares: &BTreeMap<Identifier<Self::Frost>, SignatureShare<Self::Frost>>,
        public: &PublicKeyPackage<Self::Frost>,
    ) -> Result<Signature<Self::Frost>, Error<Self::Frost>> {
        aggregate_with_tweak(package, shares, public, EMPTY_TREE)
    }

    fn output_key(public: &PublicKeyPackage<Self::Frost>) -> VerifyingKey<Self::Frost> {
        *public.clone().tweak(EMPTY_TREE).verifying_key()
    }
}

fn negate(
    share: &SignatureShare<Secp256K1Sha256TR>,
) -> Result<SignatureShare<Secp256K1Sha256TR>, Error<Secp256K1Sha256TR>> {
    type Scalars = <Secp256K1Group as Group>::Field;
    let bytes = share.serialize().try_into().map_err(|_| Error::SerializationError)?;
    SignatureShare::deserialize(&Scalars::serialize(&-Scalars::deserialize(&bytes)?))
}
