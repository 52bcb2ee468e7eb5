//! Order, repetition and strangers in presigning and signing, and what the types do not allow.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use trefoil_core::ecdsa::presign::Presign;
use trefoil_core::ecdsa::presignature::Presignature;
use trefoil_core::ecdsa::sign::initiate::Initiator;
use trefoil_core::ecdsa::sign::joint::Joint;
use trefoil_core::ecdsa::sign::respond::Responder;
use trefoil_core::ecdsa::signature::VerifiedSignature;
use trefoil_core::error::{Blame, Code, EngineError};
use trefoil_core::machine::{Machine, Outcome};
use world::batch::{Shares, batch, path, presign_session, sign_two};
use world::{CONTEXT, error_of, party, shares};

const DIGEST: [u8; 32] = [0x33; 32];

fn assert_misuse<T>(outcome: Outcome<T>) {
    let error = error_of(outcome).unwrap();
    assert_eq!((error.code(), error.blame()), (Code::Misuse, Blame::Bug));
}

fn assert_wrong_round<T>(outcome: Outcome<T>, culprit: u16) {
    let error: EngineError = error_of(outcome).unwrap();
    assert_eq!((error.code(), error.blame()), (Code::WrongRound, Blame::Peer));
    assert_eq!(error.culprits(), [party(culprit)]);
}

fn presigner(shares: &Shares, signers: &[u16]) -> Presign {
    presign_session(shares, signers, 1, CONTEXT, 1).runs.remove(&party(1)).unwrap()
}

#[test]
fn presigning_takes_each_message_once_in_its_round() {
    let shares = shares(&[1, 2, 3, 4], 3, 1);
    let signers = [1, 2, 3];
    let first = presign_session(&shares, &signers, 1, CONTEXT, 1).start();
    let of = |from: u16| first.iter().find(|sent| sent.from == party(from) && sent.to == party(1)).unwrap();

    let mut run = presigner(&shares, &signers);
    run.receive(party(2), 1, &of(2).payload);
    assert_misuse(run.outcome());

    let mut run = presigner(&shares, &signers);
    assert_eq!(run.start().len(), 2);
    assert!(matches!(run.outcome(), Outcome::Pending));
    assert!(run.start().is_empty());
    assert_misuse(run.outcome());

    for stranger in [1, 4, 9] {
        let mut run = presigner(&shares, &signers);
        run.start();
        assert!(run.receive(party(stranger), 1, &of(2).payload).is_empty());
        assert_misuse(run.outcome());
    }

    let mut run = presigner(&shares, &signers);
    run.start();
    assert!(run.receive(party(2), 1, &of(2).payload).is_empty());
    assert!(run.receive(party(2), 1, &of(2).payload).is_empty());
    assert_wrong_round(run.outcome(), 2);
    // After the end nothing is read any more.
    assert!(run.receive(party(3), 1, &of(3).payload).is_empty());
    assert_wrong_round(run.outcome(), 2);

    let mut run = presigner(&shares, &signers);
    run.start();
    run.receive(party(2), 1, &of(2).payload);
    run.receive(party(3), 2, &of(3).payload);
    assert_wrong_round(run.outcome(), 3);
}

/// Two batches with one context differ by their nonces; messages of one mean nothing in the other.
#[test]
fn a_repeated_context_does_not_repeat_a_batch() {
    let shares = shares(&[1, 2, 3], 2, 2);
    let ids = [3, 4].map(|seed| {
        let mut session = presign_session(&shares, &[1, 2], 1, CONTEXT, seed);
        session.run(|_| {});
        let Outcome::Done(batch) = session.runs.get_mut(&party(1)).unwrap().outcome() else { panic!("no batch") };
        assert_misuse(session.runs.get_mut(&party(1)).unwrap().outcome());
        batch[0].id()
    });
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn signing_takes_each_message_once_in_its_round() {
    let shares = shares(&[1, 2, 3], 2, 5);
    let mut all = batch(&shares, &[1, 2], 16, 6);
    let mut next = |id: u16| all.pop().unwrap().remove(&id).unwrap();
    let at = path(&[1]);
    let initiator = |presignature| Initiator::new(&shares[&party(1)], presignature, &at, &DIGEST, party(2)).unwrap();
    let responder = |presignature| Responder::new(&shares[&party(1)], presignature, &at, &DIGEST, party(2)).unwrap();
    let joint = |presignature| Joint::new(&shares[&party(1)], presignature, &at, &DIGEST).unwrap();

    macro_rules! refuses {
        ($make:expr) => {
            // Before the start, a second start, a stranger, another round.
            let mut run = $make(next(1));
            run.receive(party(2), 1, &[]);
            assert_misuse(run.outcome());
            let mut run = $make(next(1));
            run.start();
            assert!(run.start().is_empty());
            assert_misuse(run.outcome());
            let mut run = $make(next(1));
            run.start();
            assert!(run.receive(party(3), 1, &[]).is_empty());
            assert_misuse(run.outcome());
            let mut run = $make(next(1));
            run.start();
            assert!(run.receive(party(2), 2, &[]).is_empty());
            assert_wrong_round(run.outcome(), 2);
            assert!(run.receive(party(2), 1, &[]).is_empty());
            assert_wrong_round(run.outcome(), 2);
        };
    }
    refuses!(initiator);
    refuses!(responder);
    refuses!(joint);
}

#[test]
fn a_signature_is_only_what_verifies() {
    let shares = shares(&[1, 2, 3], 2, 7);
    let at = path(&[1, 2, 3]);
    let key = *trefoil_core::derive::ecdsa(shares[&party(1)].public_package(), &at).unwrap().key();
    let signature = sign_two(&shares, batch(&shares, &[1, 2], 1, 8).remove(0), 1, &at, &DIGEST).unwrap();
    let (bytes, recovery) = (signature.to_bytes(), signature.recovery_id());
    assert_eq!(VerifiedSignature::verify(&bytes, recovery, &DIGEST, &key).unwrap(), signature);
    assert!(VerifiedSignature::verify(&bytes, recovery ^ 1, &DIGEST, &key).is_err());
    assert!(VerifiedSignature::verify(&bytes, recovery ^ 2, &DIGEST, &key).is_err());
    assert!(VerifiedSignature::verify(&bytes, 4, &DIGEST, &key).is_err());
    assert!(VerifiedSignature::verify(&bytes, recovery, &[0; 32], &key).is_err());
    assert!(VerifiedSignature::verify(&bytes[1..], recovery, &DIGEST, &key).is_err());
    assert!(VerifiedSignature::verify(&[0; 64], recovery, &DIGEST, &key).is_err());
    assert!(VerifiedSignature::verify(&bytes, recovery, &DIGEST, &[2; 33]).is_err());
    // The same signature with s in the upper half verifies for some, and is refused here.
    let parsed = k256::ecdsa::Signature::from_slice(&bytes).unwrap();
    let (r, s) = (parsed.r(), -*parsed.s());
    let high = k256::ecdsa::Signature::from_scalars(*r, s).unwrap().to_bytes();
    assert!(VerifiedSignature::verify(&high, recovery ^ 1, &DIGEST, &key).is_err());
}

/// Method resolution tries the first trait before the second, so it answers whether a type has a capability.
macro_rules! can {
    ($type:ty, $capability:path) => {{
        #[allow(dead_code)]
        trait Yes {
            fn answer(&self) -> bool {
                true
            }
        }
        #[allow(dead_code)]
        trait No {
            fn answer(&self) -> bool {
                false
            }
        }
        impl<T: $capability> Yes for core::marker::PhantomData<T> {}
        impl<T> No for &core::marker::PhantomData<T> {}
        (&core::marker::PhantomData::<$type>).answer()
    }};
}

#[test]
#[allow(clippy::needless_borrow)]
fn presignatures_cannot_be_copied_or_printed() {
    assert!(can!(u8, Clone) && can!(u8, std::fmt::Debug));
    assert!(!can!(Presignature, Clone) && !can!(Presignature, std::fmt::Debug));
    assert!(!can!(Presign, Clone) && !can!(Presign, std::fmt::Debug));
}
