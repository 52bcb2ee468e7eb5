//! Who plays which role towards whom in which session: bound into every hash of the two-party protocols, so that no
//! message means anything between other parties, in the other direction, or in another batch.

use crate::ecdsa::HASH_BYTES;
use crate::ecdsa::oracle::Oracle;
use crate::party::PartyId;

/// One direction of one pair in one session. `sender` and `receiver` are roles of the protocol at hand, not of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    /// The session id.
    pub session: [u8; HASH_BYTES],
    /// The party with the sender's role.
    pub sender: PartyId,
    /// The party with the receiver's role.
    pub receiver: PartyId,
}

impl Direction {
    /// An oracle under its own tag that has taken in the direction. Its state is a whole number of SHA-256 blocks, so
    /// what follows costs one block when it is short.
    pub(crate) fn oracle(&self, tag: &'static str) -> Oracle {
        Oracle::new(tag)
            .bytes(&self.session)
            .number(self.sender.get())
            .number(self.receiver.get())
            .bytes(&[0; PADDING_BYTES])
    }
}

/// Fills the block that session and parties begin.
const PADDING_BYTES: usize = 64 - HASH_BYTES - 2 * 2;
