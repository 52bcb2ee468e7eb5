//! What presigning promises beyond presignatures that fit: fresh randomness everywhere, parts of the key that say nothing, every check
//! by itself, and a nonce that nobody chose.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use std::collections::BTreeSet;

use k256::elliptic_curve::ops::Reduce;
use k256::elliptic_curve::point::AffineCoordinates;
use k256::{ProjectivePoint, Scalar, U256};
use sha2::{Digest, Sha256};
use trefoil_core::codec::Span;
use trefoil_core::ecdsa::presign::{round1, round3};
use trefoil_core::ecdsa::presignature::Presignature;
use trefoil_core::ecdsa::sign::initiate::Initiator;
use trefoil_core::ecdsa::sign::respond::Responder;
use trefoil_core::ecdsa::sign::{opening, respond};
use trefoil_core::error::{Blame, Code};
use trefoil_core::machine::{Machine, Outcome};
use world::batch::{Shares, path, presign_session, result};
use world::{CONTEXT, Sent, error_of, party, shares};

const COUNT: u16 = 2;

fn recorded(shares: &Shares, signers: &[u16], seed: u64) -> Vec<Sent> {
    let mut all = Vec::new();
    presign_session(shares, signers, COUNT, CONTEXT, seed).run(|sent| all.push(sent.clone()));
    all
}

fn spans(layout: &trefoil_core::codec::Layout, name: &str) -> Vec<Span> {
    let spans: Vec<Span> = layout.spans().into_iter().filter(|span| span.name == name).collect();
    assert!(!spans.is_empty(), "{name}");
    spans
}

fn fields(all: &[Sent], round: u16, layout: &trefoil_core::codec::Layout, name: &str) -> Vec<Vec<u8>> {
    let messages = all.iter().filter(|sent| sent.round == round);
    let spans = spans(layout, name);
    messages.flat_map(|sent| spans.iter().map(|span| sent.payload[span.range.clone()].to_vec())).collect()
}

/// Two batches of three signers: everything that is for one receiver is drawn for it, in every batch anew.
#[test]
fn every_direction_of_every_batch_is_drawn_anew() {
    let shares = shares(&[1, 2, 3], 3, 50);
    let all = [recorded(&shares, &[1, 2, 3], 1), recorded(&shares, &[1, 2, 3], 2)].concat();
    for name in ["base-ot", "offer", "zero-seed"] {
        let values = fields(&all, round1::ROUND, &round1::layout(COUNT), name);
        assert_eq!(values.len(), 12);
        assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), 12, "{name}");
    }
    // The same for both receivers, and for nothing else.
    for (name, each) in
        [("nonce", 1), ("point-commitment", usize::from(COUNT)), ("entropy-commitment", usize::from(COUNT))]
    {
        let values = fields(&all, round1::ROUND, &round1::layout(COUNT), name);
        assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), 6 * each, "{name}");
    }
}

/// λᵢ·shareᵢ is the same in every batch; what is sent of it never is.
#[test]
fn parts_of_the_key_are_masked() {
    let shares = shares(&[1, 2, 3], 2, 51);
    let all = [recorded(&shares, &[1, 2], 1), recorded(&shares, &[1, 2], 2)].concat();
    let points = fields(&all, round3::ROUND, &round3::layout(COUNT), "key-point");
    assert_eq!(points.len(), 8);
    assert_eq!(points.iter().collect::<BTreeSet<_>>().len(), 8);
}

/// Each part of an opening, as it was right in another batch, for the first and the last presignature: which check finds it.
#[test]
fn each_part_of_an_opening_is_checked() {
    let shares = shares(&[1, 2, 3], 2, 52);
    let there = recorded(&shares, &[1, 2], 2);
    let other = &there.iter().find(|sent| sent.round == 3 && sent.from == party(2)).unwrap().payload;
    for (names, detail) in [
        (&["point"][..], "the nonce point is not the committed one"),
        (&["salt"], "the nonce point is not the committed one"),
        (&["gamma-u"], "the multiplied nonce is not that of the nonce point"),
        (&["key-point"], "the multiplied key part is not that of its point"),
        (&["gamma-v"], "the multiplied key part is not that of its point"),
        (&["corrections"], "the multiplication is not consistent"),
        (&["check-sums"], "the multiplication is not consistent"),
        (&["check"], "the multiplication is not consistent"),
        // Nothing of a message is used before its multiplication was checked.
        (&["point", "salt", "key-point", "gamma-u", "gamma-v", "check"], "the multiplication is not consistent"),
    ] {
        for index in 0..usize::from(COUNT) {
            let mut session = presign_session(&shares, &[1, 2], COUNT, CONTEXT, 1);
            session.run(|sent| {
                if (sent.round, sent.from) == (3, party(2)) {
                    for name in names {
                        let range = spans(&round3::layout(COUNT), name)[index].range.clone();
                        sent.payload[range.clone()].copy_from_slice(&other[range]);
                    }
                }
            });
            let error = error_of(session.runs.get_mut(&party(1)).unwrap().outcome()).unwrap();
            assert_eq!((error.code(), error.blame(), error.round()), (Code::FailedCheck, Blame::Peer, Some(3)));
            assert_eq!((error.culprits(), error.detail()), (&[party(2)][..], detail), "{names:?} of {index}");
        }
    }
}

/// R' out of nothing but the messages and the description: R + δ·G with δ over key, R, path, digest, id and both entropies.
#[test]
fn the_nonce_is_re_randomised_as_described() {
    let shares = shares(&[1, 2, 3], 2, 53);
    let mut session = presign_session(&shares, &[1, 2], COUNT, CONTEXT, 1);
    let mut all = Vec::new();
    session.run(|sent| all.push(sent.clone()));
    let points = fields(&all, round3::ROUND, &round3::layout(COUNT), "point");
    let mut batch = |id| -> Vec<Presignature> {
        let Outcome::Done(batch) = session.runs.get_mut(&party(id)).unwrap().outcome() else { panic!("no batch") };
        batch
    };
    let (at, digest) = ([7_u32, 8], [0x66; 32]);
    for (index, (asks, helps)) in batch(1).into_iter().zip(batch(2)).enumerate() {
        let id = asks.id();
        let mut asking = Initiator::new(&shares[&party(1)], asks, &path(&at), &digest, party(2)).unwrap();
        let mut helping = Responder::new(&shares[&party(2)], helps, &path(&at), &digest, party(1)).unwrap();
        helping.start();
        let ask = asking.start().remove(0);
        let reply = helping.receive(party(1), 1, &ask.payload).remove(0);
        asking.receive(party(2), 1, &reply.payload);
        let signature = result(asking.outcome()).unwrap();

        let point = |bytes: &[u8]| k256::PublicKey::from_sec1_bytes(bytes).unwrap().to_projective();
        let sum = point(&points[index]) + point(&points[usize::from(COUNT) + index]);
        let compressed =
            |point: ProjectivePoint| k256::PublicKey::from_affine(point.to_affine()).unwrap().to_sec1_bytes();
        let entropy = |layout: &trefoil_core::codec::Layout, bytes: &[u8]| {
            bytes[spans(layout, "entropy")[0].range.clone()].to_vec()
        };
        let tag = Sha256::digest("trefoil/v1/ecdsa/sign/delta");
        let delta = Sha256::new_with_prefix(tag)
            .chain_update(tag)
            .chain_update(shares[&party(1)].public_package().key_bytes().unwrap().ecdsa)
            .chain_update(compressed(sum))
            .chain_update(2_u64.to_be_bytes())
            .chain_update(at[0].to_be_bytes())
            .chain_update(at[1].to_be_bytes())
            .chain_update(digest)
            .chain_update(id)
            .chain_update(2_u64.to_be_bytes())
            .chain_update([0, 1])
            .chain_update(entropy(&opening::layout(), &ask.payload))
            .chain_update([0, 2])
            .chain_update(entropy(&respond::layout(), &reply.payload));
        let delta = <Scalar as Reduce<U256>>::reduce_bytes(&delta.finalize());
        let moved = (sum + ProjectivePoint::GENERATOR * delta).to_affine();
        assert_eq!(signature.to_bytes()[..32], moved.x()[..], "index {index}");
    }
}
