//! One party: its number, which is also its point on every sharing polynomial.

use core::num::NonZeroU16;

use frost_core::{Ciphersuite, Identifier};

/// A point on the sharing polynomial, from 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyId(NonZeroU16);

/// The number is no point of a suite's field: impossible where the order of the field is above 65535.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotAPoint;

impl PartyId {
    /// A party id, unless it is zero: the polynomial at zero is the key.
    pub const fn new(id: u16) -> Option<Self> {
        match NonZeroU16::new(id) {
            Some(id) => Some(Self(id)),
            None => None,
        }
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0.get()
    }

    /// The same point in the scalar field of a suite.
    pub(crate) fn identifier<C: Ciphersuite>(self) -> Result<Identifier<C>, NotAPoint> {
        Identifier::try_from(self.get()).map_err(|_| NotAPoint)
    }
}
