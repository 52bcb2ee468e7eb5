//! Sums that no honest signers reach, and nobody outside can aim at: a denominator of zero, and a signature that is zero.
#![allow(clippy::unwrap_used)]

use k256::Scalar;

use super::Target;
use super::part::Part;
use crate::error::{Blame, Code};
use crate::party::PartyId;

fn target(x: Scalar) -> Target {
    let peers = vec![PartyId::new(2).unwrap()];
    Target { x, recovery_id: 0, digest: [1; 32], key: [2; 33], peers, round: 1 }
}

#[test]
fn void_sums_are_refused() {
    let (one, two) = (Scalar::ONE, Scalar::from(2_u64));
    for (u, w, detail) in [
        ([one, -one], [one, two], "the denominator of the signature is zero"),
        ([one, two], [two, -two], "s is zero"),
        ([one, two], [one, two], "the signature does not verify under the derived key"),
    ] {
        let [first, second] = [0, 1].map(|at| Part { u: *u.get(at).unwrap(), w: *w.get(at).unwrap() });
        let error = target(Scalar::from(5_u64)).combine(&[&first, &second]).unwrap_err();
        assert_eq!((error.code(), error.blame(), error.detail()), (Code::BadShare, Blame::Peer, detail));
        assert_eq!(error.culprits(), [PartyId::new(2).unwrap()]);
    }
}

/// r = 0 is no signature, whoever made it.
#[test]
fn a_void_nonce_makes_no_signature() {
    let part = Part { u: Scalar::ONE, w: Scalar::ONE };
    assert!(target(Scalar::ZERO).combine(&[&part, &part]).is_err());
}
