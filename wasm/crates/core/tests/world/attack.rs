//! The attacker of the ECDSA tests: who it is, what it sends, and what its victim has to say about it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use trefoil_core::codec::Span;
use trefoil_core::error::{Blame, Code, EngineError};
use trefoil_core::party::PartyId;

use super::tamper::Tamper;
use super::{Sent, party};

pub const VICTIM: u16 = 1;
pub const ATTACKER: u16 = 2;
pub const BYSTANDER: u16 = 3;
pub const DIGEST: [u8; 32] = [0x33; 32];

pub fn message(all: &[Sent], round: u16, from: u16, to: u16) -> Vec<u8> {
    let found = all.iter().find(|sent| sent.round == round && sent.from == party(from) && sent.to == party(to));
    found.unwrap().payload.clone()
}

/// Headers are alike everywhere, and the two sides of a pair send the same echo.
pub fn same_by_design(span: &Span, how: Tamper) -> bool {
    let swapped = matches!(how, Tamper::FromAnotherSession | Tamper::FromAnotherPeer | Tamper::Replay);
    let header = ["version", "object", "suite"].contains(&span.name);
    swapped && (header || span.name == "echo" && how == Tamper::Replay)
}

pub fn assert_blame(error: &EngineError, codes: &[Code], round: u16, case: &str) {
    assert_eq!(error.blame(), Blame::Peer, "{case}: {error:?}");
    assert!(codes.contains(&error.code()), "{case}: {error:?}");
    let nobody = error.code() == Code::EchoMismatch;
    let named: Vec<PartyId> = if nobody { Vec::new() } else { vec![party(ATTACKER)] };
    assert_eq!(error.culprits(), named, "{case}: {error:?}");
    assert!(error.round().is_some_and(|seen| seen == round || nobody && seen == round + 1), "{case}: {error:?}");
}
