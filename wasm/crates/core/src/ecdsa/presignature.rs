//! A presignature: one party's part of one future signature under the master key, whatever path and digest it will be for.
//!
//! Must never: be copied, printed, written or used twice. There is no `Clone`, no `Debug` and no encoding here, signing takes it
//! by value, and dropping wipes it. Two digests for one presignature reveal the key.

use k256::{ProjectivePoint, Scalar};
use zeroize::Zeroize;

use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::oracle::Oracle;
use crate::ecdsa::presign::terms::Terms;
use crate::party::PartyId;
use crate::per_party::PerParty;
use crate::secp256k1::PointBytes;

const ID_TAG: &str = "trefoil/v1/ecdsa/presignature/id";
const PLACE_TAG: &str = "trefoil/v1/ecdsa/presignature/place";
const ENTROPY_TAG: &str = "trefoil/v1/ecdsa/presignature/entropy-commitment";

/// Names a presignature among its signers.
pub type PresignatureId = [u8; HASH_BYTES];

/// The secrets R, φᵢ, uᵢ, vᵢ, eᵢ: Σu = r·φ and Σv = sk·φ.
pub(crate) struct Parts {
    pub(crate) point: ProjectivePoint,
    pub(crate) mask: Scalar,
    pub(crate) u: Scalar,
    pub(crate) v: Scalar,
    pub(crate) entropy: [u8; HASH_BYTES],
}

impl Drop for Parts {
    fn drop(&mut self) {
        self.point.zeroize();
        self.mask.zeroize();
        self.u.zeroize();
        self.v.zeroize();
        self.entropy.zeroize();
    }
}

/// One party's part of one future signature.
pub struct Presignature {
    id: PresignatureId,
    place: [u8; HASH_BYTES],
    /// The only request that it may serve, when its initiator asked before it was complete.
    pub(crate) asked: Option<[u8; HASH_BYTES]>,
    pub(crate) party: PartyId,
    pub(crate) package_digest: [u8; HASH_BYTES],
    pub(crate) key: ProjectivePoint,
    opening: [u8; HASH_BYTES],
    index: u16,
    /// The commitment to every signer's entropy.
    commitments: PerParty<[u8; HASH_BYTES]>,
    pub(crate) parts: Parts,
}

/// A signer, its nonce and key points, and the commitment to its entropy.
pub(crate) type Said = (PartyId, [PointBytes; 2], [u8; HASH_BYTES]);

impl Presignature {
    /// Names the presignature by the batch (which hashes all commitments), the index and all points.
    pub(crate) fn new(terms: &Terms, batch: &[u8; HASH_BYTES], index: u16, said: &[Said], parts: Parts) -> Self {
        let mut id = Oracle::new(ID_TAG).bytes(batch).number(index);
        for (signer, points, _) in said {
            id = id.number(signer.get()).bytes(points.as_flattened());
        }
        Self {
            id: id.finish(),
            place: place(batch, index),
            asked: None,
            party: terms.party,
            package_digest: terms.package_digest,
            key: terms.key,
            opening: terms.opening,
            index,
            commitments: said.iter().map(|(signer, _, commitment)| (*signer, *commitment)).collect(),
            parts,
        }
    }

    /// The same for all its signers, and for no other presignature.
    pub const fn id(&self) -> PresignatureId {
        self.id
    }

    /// What it is called while it has no id: the batch and the index, and so every signer's commitments.
    pub(crate) const fn place(&self) -> [u8; HASH_BYTES] {
        self.place
    }

    /// The signers, ascending.
    pub fn signers(&self) -> impl Iterator<Item = PartyId> + '_ {
        self.commitments.parties()
    }

    /// Whether a signer committed to this entropy.
    pub(crate) fn is_committed(&self, signer: PartyId, entropy: &[u8; HASH_BYTES]) -> bool {
        self.commitments.get(signer) == Some(&commit_entropy(&self.opening, signer, self.index, entropy))
    }
}

/// The name of a presignature that is not complete yet.
pub(crate) fn place(batch: &[u8; HASH_BYTES], index: u16) -> [u8; HASH_BYTES] {
    Oracle::new(PLACE_TAG).bytes(batch).number(index).finish()
}

/// The commitment to the entropy that a signer adds when it signs.
pub(crate) fn commit_entropy(
    opening: &[u8; HASH_BYTES],
    party: PartyId,
    index: u16,
    entropy: &[u8; HASH_BYTES],
) -> [u8; HASH_BYTES] {
    Oracle::new(ENTROPY_TAG).bytes(opening).number(party.get()).number(index).bytes(entropy).finish()
}
