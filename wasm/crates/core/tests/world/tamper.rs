//! What an adversary does to one field of one message. The fields come from the codec's own layouts.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use trefoil_core::codec::{Layout, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tamper {
    /// The lowest bit of the field's last byte.
    FlipLow,
    /// The highest bit of the field's first byte.
    FlipHigh,
    /// The message ends inside the field.
    Truncate,
    /// The same field of the same sender's message in another session.
    FromAnotherSession,
    /// The same field of another sender's message in this session.
    FromAnotherPeer,
    /// The receiver's own field, sent back.
    Replay,
}

pub const ALL: [Tamper; 6] = [
    Tamper::FlipLow,
    Tamper::FlipHigh,
    Tamper::Truncate,
    Tamper::FromAnotherSession,
    Tamper::FromAnotherPeer,
    Tamper::Replay,
];

/// The same message as others have it.
pub struct Elsewhere {
    pub other_session: Vec<u8>,
    pub other_peer: Vec<u8>,
    pub own: Vec<u8>,
}

/// Changes the field. Says whether any byte is different afterwards.
pub fn tamper(message: &mut Vec<u8>, span: &Span, how: Tamper, elsewhere: &Elsewhere) -> bool {
    let before = message.clone();
    let range = span.range.clone();
    match how {
        Tamper::FlipLow => message[range.end - 1] ^= 0x01,
        Tamper::FlipHigh => message[range.start] ^= 0x80,
        Tamper::Truncate => message.truncate(range.end - 1),
        Tamper::FromAnotherSession => message[range.clone()].copy_from_slice(&elsewhere.other_session[range]),
        Tamper::FromAnotherPeer => message[range.clone()].copy_from_slice(&elsewhere.other_peer[range]),
        Tamper::Replay => message[range.clone()].copy_from_slice(&elsewhere.own[range]),
    }
    *message != before
}

/// Counts what was visited against what the layouts declare.
#[derive(Default)]
pub struct Coverage {
    visited: usize,
    total: usize,
}

impl Coverage {
    /// Declares that every field of a layout must be visited with every tampering.
    pub fn declare(&mut self, layout: &Layout) {
        self.total += layout.spans().len() * ALL.len();
    }

    pub fn visit(&mut self) {
        self.visited += 1;
    }

    pub fn assert_complete(&self, what: &str) {
        println!("{what}: visited {} / {}", self.visited, self.total);
        assert!(self.total > 0);
        assert_eq!(self.visited, self.total, "{what}");
    }
}
