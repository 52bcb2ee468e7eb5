//! What the signers of a batch have in common before they say anything, and this party's part of the key among them.

use k256::{ProjectivePoint, Scalar};
use zeroize::Zeroizing;

use crate::ecdsa::direction::Direction;
use crate::ecdsa::oracle::Oracle;
use crate::ecdsa::{HASH_BYTES, MAX_BATCH};
use crate::error::EngineError;
use crate::party::PartyId;
use crate::public_package::key_bytes;
use crate::secp256k1::{read_point, read_scalar};
use crate::share::KeyShare;
use crate::suites::Ecdsa;

const OPENING_TAG: &str = "trefoil/v1/ecdsa/presign/opening";

/// The terms of a batch.
pub(crate) struct Terms {
    pub(crate) party: PartyId,
    /// Ascending.
    pub(crate) signers: Vec<PartyId>,
    pub(crate) count: u16,
    /// The master key.
    pub(crate) key: ProjectivePoint,
    /// Names the keys of one epoch.
    pub(crate) package_digest: [u8; HASH_BYTES],
    /// The session until every party has given its nonce: context, key, epoch, threshold, signers and count.
    pub(crate) opening: [u8; HASH_BYTES],
    /// λᵢ·shareᵢ: the parts of all signers add up to the key.
    pub(crate) key_part: Zeroizing<Scalar>,
}

impl Terms {
    pub(crate) fn new(
        share: &KeyShare,
        signers: &[PartyId],
        count: u16,
        context: [u8; HASH_BYTES],
    ) -> Result<Self, EngineError> {
        let (party, package) = (share.party(), share.public_package());
        let roster = package.roster();
        if signers.len() != usize::from(roster.threshold()) {
            return Err(EngineError::misuse("there are as many signers as the threshold says"));
        }
        let mut signers = signers.to_vec();
        signers.sort_unstable();
        signers.dedup();
        if signers.len() != usize::from(roster.threshold()) || !signers.iter().all(|signer| roster.contains(*signer)) {
            return Err(EngineError::misuse("the signers are different parties of the roster"));
        }
        if !signers.contains(&party) {
            return Err(EngineError::misuse("this party is not among the signers"));
        }
        if !(1..=MAX_BATCH).contains(&count) {
            return Err(EngineError::misuse("a batch has 1 to 32 presignatures"));
        }

        let package_digest = package.digest();
        let mut opening =
            Oracle::new(OPENING_TAG).bytes(&context).bytes(&package_digest).number(roster.threshold()).number(count);
        for signer in &signers {
            opening = opening.number(signer.get());
        }
        let stored = |_| EngineError::misuse("a validated share does not decode");
        let secret = Zeroizing::new(share.keys().ecdsa.signing_share().serialize());
        let secret = Zeroizing::new(read_scalar(&secret, "share").map_err(stored)?);
        let key = key_bytes::<Ecdsa>(&package.keys().ecdsa)?;
        Ok(Self {
            key: read_point(&key, "key").map_err(stored)?,
            key_part: Zeroizing::new(lagrange(party, &signers)? * *secret),
            party,
            signers,
            count,
            package_digest,
            opening: opening.finish(),
        })
    }

    /// The other signers, ascending.
    pub(crate) fn peers(&self) -> impl Iterator<Item = PartyId> + '_ {
        self.signers.iter().copied().filter(|signer| *signer != self.party)
    }

    /// Whether messages of a round are missing.
    pub(crate) fn waits(&self, received: usize) -> bool {
        received + 1 < self.signers.len()
    }

    /// The direction in which this party is the sender, or the receiver, in a session.
    pub(crate) fn directions(&self, session: [u8; HASH_BYTES], peer: PartyId) -> Directions {
        Directions {
            sending: Direction { session, sender: self.party, receiver: peer },
            receiving: Direction { session, sender: peer, receiver: self.party },
        }
    }
}

/// Both directions between this party and another.
pub(crate) struct Directions {
    /// This party has the sender's role.
    pub(crate) sending: Direction,
    /// The other party has it.
    pub(crate) receiving: Direction,
}

/// The Lagrange coefficient of a party among the signers, at zero.
fn lagrange(party: PartyId, signers: &[PartyId]) -> Result<Scalar, EngineError> {
    let scalar = |party: PartyId| Scalar::from(u64::from(party.get()));
    let mut numerator = Scalar::ONE;
    let mut denominator = Scalar::ONE;
    for signer in signers.iter().filter(|signer| **signer != party) {
        numerator *= scalar(*signer);
        denominator *= scalar(*signer) - scalar(party);
    }
    let inverse: Option<Scalar> = denominator.invert().into();
    inverse.map(|inverse| numerator * inverse).ok_or_else(|| EngineError::misuse("two signers have one identifier"))
}
