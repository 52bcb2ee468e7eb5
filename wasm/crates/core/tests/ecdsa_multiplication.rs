//! The vector multiplication, against its algebra and against the attack that its check is there for.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod world;

use k256::Scalar;
use k256::elliptic_curve::Field;
use trefoil_core::ecdsa::XI;
use trefoil_core::ecdsa::rvole::{self, Gadget, ReceiveError};
use trefoil_core::error::Malformed;
use world::blocks::{HERE, direction, extended};
use world::rng;

#[test]
fn multiplication_shares_add_up() {
    let (sender, receiver) = extended(2, 50);
    let here = direction(HERE);
    let gadget = Gadget::new(&here);
    let mut random = rng(51);
    for presignature in 0..2 {
        let inputs = [Scalar::random(&mut random), Scalar::random(&mut random)];
        let checks = [Scalar::random(&mut random), Scalar::random(&mut random)];
        let (alice, message) = rvole::multiply(&here, &gadget, &sender, presignature, &inputs, &checks);
        let bob = rvole::receive(&here, &gadget, &receiver, presignature, &message).ok().unwrap();
        let factor = rvole::factor(&gadget, &receiver, presignature);
        for (input, (c, d)) in inputs.iter().zip(alice.iter().zip(bob.iter())) {
            assert_eq!(c + d, input * &*factor);
        }
    }
}

/// Alice puts another input into one OT, the selective-failure attack on a bit of β: found whenever it matters.
#[test]
fn multiplication_finds_every_change() {
    let (sender, receiver) = extended(1, 60);
    let here = direction(HERE);
    let gadget = Gadget::new(&here);
    let mut random = rng(61);
    let [a, b, c, d] = [(); 4].map(|()| Scalar::random(&mut random));
    let make = || rvole::multiply(&here, &gadget, &sender, 0, &[a, b], &[c, d]).1;
    let failed =
        |message| matches!(rvole::receive(&here, &gadget, &receiver, 0, &message), Err(ReceiveError::Failed(_)));
    assert!(!failed(make()));
    // Any change of a correction changes θ, so it is found whatever the choice bit is.
    for index in (0..XI * 4).step_by(13) {
        let mut message = make();
        message.corrections[index * 32 + 31] ^= 1;
        assert!(failed(message), "correction {index}");
    }
    for index in 0..2 {
        let mut message = make();
        message.check_sums[index * 32 + 31] ^= 1;
        assert!(failed(message));
    }
    let mut message = make();
    message.check[0] ^= 1;
    assert!(failed(message));
    assert!(matches!(
        rvole::receive(&direction([9; 32]), &gadget, &receiver, 0, &make()),
        Err(ReceiveError::Failed(_))
    ));

    let out_of_range: [fn(&mut rvole::Multiplication); 4] = [
        |message| message.corrections[..32].fill(0xff),
        |message| message.corrections.truncate(32),
        |message| message.check_sums[32..].fill(0xff),
        |message| message.check_sums.truncate(31),
    ];
    for change in out_of_range {
        let mut message = make();
        change(&mut message);
        let refused = rvole::receive(&here, &gadget, &receiver, 0, &message).err();
        assert!(matches!(refused, Some(ReceiveError::Malformed(Malformed::Field(_)))));
    }
}
