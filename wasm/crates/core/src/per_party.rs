//! One value for each of a few parties, in the ascending order of their ids. A sorted list: a tree would bring its code once more
//! for every type of value, and move secrets about where nobody wipes them.

use crate::party::PartyId;
use crate::roster::MAX_PARTIES;

/// A map from parties. Its list never grows in place, so no copy of a value stays behind.
#[derive(Clone)]
pub(crate) struct PerParty<T>(Vec<(PartyId, T)>);

impl<T> PerParty<T> {
    /// Nobody yet.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// One party.
    pub(crate) fn of(party: PartyId, value: T) -> Self {
        let mut one = Self::new();
        one.insert(party, value);
        one
    }

    /// Adds a party, or replaces its value.
    pub(crate) fn insert(&mut self, party: PartyId, value: T) {
        if self.0.capacity() == 0 {
            self.0.reserve_exact(MAX_PARTIES);
        }
        let at = self.0.iter().take_while(|(other, _)| *other < party).count();
        match self.0.get_mut(at) {
            Some((other, old)) if *other == party => *old = value,
            _ => self.0.insert(at, (party, value)),
        }
    }

    /// The value of a party.
    pub(crate) fn get(&self, party: PartyId) -> Option<&T> {
        self.0.iter().find(|(other, _)| *other == party).map(|(_, value)| value)
    }

    /// The value of a party, to be changed.
    pub(crate) fn get_mut(&mut self, party: PartyId) -> Option<&mut T> {
        self.0.iter_mut().find(|(other, _)| *other == party).map(|(_, value)| value)
    }

    /// Takes a party's value out.
    pub(crate) fn remove(&mut self, party: PartyId) -> Option<T> {
        let at = self.0.iter().position(|(other, _)| *other == party)?;
        Some(self.0.remove(at).1)
    }

    /// Whether the party has a value.
    pub(crate) fn contains(&self, party: PartyId) -> bool {
        self.get(party).is_some()
    }

    /// How many parties have one.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The parties.
    pub(crate) fn parties(&self) -> impl Iterator<Item = PartyId> + '_ {
        self.0.iter().map(|(party, _)| *party)
    }

    /// The values, by party.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The parties with their values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (PartyId, &T)> {
        self.0.iter().map(|(party, value)| (*party, value))
    }
}

impl<T> FromIterator<(PartyId, T)> for PerParty<T> {
    fn from_iter<I: IntoIterator<Item = (PartyId, T)>>(values: I) -> Self {
        let mut all = Self::new();
        for (party, value) in values {
            all.insert(party, value);
        }
        all
    }
}

impl<T> IntoIterator for PerParty<T> {
    type Item = (PartyId, T);
    type IntoIter = std::vec::IntoIter<(PartyId, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
