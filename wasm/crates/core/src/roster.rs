//! Who takes part, and how many of them can sign.

use crate::error::EngineError;
use crate::party::PartyId;

/// Most parties of one wallet: a device and more nodes than anyone runs; keeps every message under 8 kB.
pub const MAX_PARTIES: usize = 16;

/// The parties in ascending order and the number of them that a signature needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    parties: Vec<PartyId>,
    threshold: u16,
}

impl Roster {
    /// A roster of 2 to [`MAX_PARTIES`] different parties, any order, and a threshold from 2 to their number.
    pub fn new(mut parties: Vec<PartyId>, threshold: u16) -> Result<Self, EngineError> {
        let count = parties.len();
        parties.sort_unstable();
        parties.dedup();
        if parties.len() != count {
            return Err(EngineError::misuse("a party is in the roster twice"));
        }
        if !(2..=MAX_PARTIES).contains(&count) {
            return Err(EngineError::misuse("a roster has 2 to 16 parties"));
        }
        if threshold < 2 || usize::from(threshold) > count {
            return Err(EngineError::misuse("the threshold is from 2 to the number of parties"));
        }
        Ok(Self { parties, threshold })
    }

    /// The parties, ascending.
    pub fn parties(&self) -> &[PartyId] {
        &self.parties
    }

    /// How many parties a signature needs.
    pub const fn threshold(&self) -> u16 {
        self.threshold
    }

    /// How many parties there are.
    pub fn size(&self) -> u16 {
        u16::try_from(self.parties.len()).unwrap_or(u16::MAX)
    }

    /// Whether a party belongs to the roster.
    pub fn contains(&self, party: PartyId) -> bool {
        self.parties.contains(&party)
    }

    /// All parties but one, ascending.
    pub fn others(&self, own: PartyId) -> impl Iterator<Item = PartyId> + '_ {
        self.parties.iter().copied().filter(move |party| *party != own)
    }
}
