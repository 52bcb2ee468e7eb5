//! The building blocks of a batch between two parties, as far as an honest run of them goes.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use trefoil_core::ecdsa::base_ot::{ChosenSeeds, Receiver, SeedPairs, Sender};
use trefoil_core::ecdsa::direction::Direction;
use trefoil_core::ecdsa::ot_extension::{self, Choices, ReceiverRows, SenderRows};

use super::{party, rng};

pub const HERE: [u8; 32] = [7; 32];

/// Party 1 has the role of the sender.
pub fn direction(session: [u8; 32]) -> Direction {
    Direction { session, sender: party(1), receiver: party(2) }
}

pub fn base_ots(session: [u8; 32], seed: u64) -> (SeedPairs, ChosenSeeds) {
    let mut random = rng(seed);
    let sender = Sender::new(&mut random).unwrap();
    let receiver = Receiver::new(&direction(session), &mut random).unwrap();
    let message = *sender.message();
    let pairs = sender.seeds(&direction(session), receiver.message()).unwrap();
    (pairs, receiver.seeds(&direction(session), &message).unwrap())
}

pub fn extended(count: u16, seed: u64) -> (SenderRows, ReceiverRows) {
    let (pairs, chosen) = base_ots(HERE, seed);
    let (receiver, extension) =
        ot_extension::extend(&direction(HERE), &pairs, Choices::random(count, &mut rng(seed + 1)));
    (ot_extension::accept(&direction(HERE), chosen, count, &extension).unwrap(), receiver)
}
