//! The end of presigning: the check over all signers, Σ pkᵢ = pk, for the whole batch, and then the presignatures.
//!
//! Must never: make any presignature before all of them passed, and all messages of round 3 were verified.

use k256::Scalar;
use k256::elliptic_curve::group::Group;
use zeroize::{Zeroize, Zeroizing};

use crate::ecdsa::presign::round3::{Opened, ROUND, Verified};
use crate::ecdsa::presign::terms::Terms;
use crate::ecdsa::presignature::{Parts, Presignature, Said};
use crate::error::{Code, EngineError};
use crate::party::PartyId;
use crate::per_party::PerParty;

/// Checks and combines everybody's parts.
pub(crate) fn combine(
    terms: &Terms,
    opened: &Opened,
    verified: &PerParty<Vec<Verified>>,
) -> Result<Vec<Presignature>, EngineError> {
    let peers: Vec<PartyId> = terms.peers().collect();
    let missing = || EngineError::misuse("a presignature has not all its parts");
    let mut points = Vec::with_capacity(opened.instances.len());
    for (index, (point, key_point)) in opened.own.points.iter().zip(&opened.key_points).enumerate() {
        let (mut point, mut key_point) = (*point, *key_point);
        for theirs in verified.values() {
            let theirs = theirs.get(index).ok_or_else(missing)?;
            point += theirs.point.1;
            key_point += theirs.key_point.1;
        }
        if key_point != terms.key {
            let detail = "the parts of the key do not add up to it";
            return Err(EngineError::failed_sum(Code::FailedCheck, &peers, ROUND, detail));
        }
        if bool::from(point.is_identity()) {
            let detail = "the nonce points cancel out";
            return Err(EngineError::failed_sum(Code::FailedCheck, &peers, ROUND, detail));
        }
        points.push(point);
    }

    let mut batch = Vec::with_capacity(points.len());
    for (((index, point), instance), key_part) in
        (0_u16..).zip(points).zip(&opened.instances).zip(opened.key_parts.iter())
    {
        let at = usize::from(index);
        let mut masks = Zeroizing::new(instance.mask);
        let mut sums = Zeroizing::new([Scalar::ZERO; 2]);
        for (link, theirs) in opened.links.values().zip(verified.values()) {
            let (c, theirs) = (link.shares.get(at).ok_or_else(missing)?, theirs.get(at).ok_or_else(missing)?);
            *masks += &*theirs.psi;
            for ((sum, c), d) in sums.iter_mut().zip(c).zip(theirs.shares.iter()) {
                *sum += c + d;
            }
        }
        let [mut u, mut v] = *sums;
        u += instance.nonce * *masks;
        v += key_part * &*masks;
        let said = |signer: &PartyId| -> Result<Said, EngineError> {
            let (points, commitments) = match (verified.get(*signer), opened.links.get(*signer)) {
                (Some(theirs), Some(link)) => {
                    let theirs = theirs.get(at).ok_or_else(missing)?;
                    ([theirs.point.0, theirs.key_point.0], &link.commitments)
                }
                _ => {
                    let point = opened.own.encoded_points.get(at).ok_or_else(missing)?;
                    let key_point = opened.encoded_key_points.get(at).ok_or_else(missing)?;
                    ([*point, *key_point], &opened.own.commitments)
                }
            };
            Ok((*signer, points, *commitments.entropies.get(at).ok_or_else(missing)?))
        };
        let signers = terms.signers.iter().map(said).collect::<Result<Vec<_>, _>>()?;
        let parts = Parts { point, mask: instance.mask, u, v, entropy: instance.entropy };
        let mut presignature = Presignature::new(terms, &opened.batch, index, &signers, parts);
        presignature.asked = opened.asked.get(&index).copied();
        batch.push(presignature);
        u.zeroize();
        v.zeroize();
    }
    Ok(batch)
}
