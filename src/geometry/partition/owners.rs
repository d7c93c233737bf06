//! Sets of owners, each kept once, so that faces and edges carry a number instead of a list.

use std::collections::HashMap;

/// A set by its number.
pub(super) type SetId = usize;

/// The set without anybody.
pub(super) const NOBODY: SetId = 0;

#[derive(Debug, Clone)]
pub(super) struct OwnerSets {
    sets: Vec<Box<[u32]>>,
    known: HashMap<Box<[u32]>, SetId>,
    differences: HashMap<(SetId, SetId), SetId>,
}

impl OwnerSets {
    pub fn new() -> Self {
        Self {
            sets: vec![Box::default()],
            known: HashMap::from([(Box::default(), NOBODY)]),
            differences: HashMap::new(),
        }
    }

    /// The owners in order, each once.
    pub fn members(&self, set: SetId) -> &[u32] {
        &self.sets[set]
    }

    pub fn holds(&self, set: SetId, owner: u32) -> bool {
        self.sets[set].binary_search(&owner).is_ok()
    }

    /// The number of a set, whose owners come in order.
    pub fn number(&mut self, owners: &[u32]) -> SetId {
        if let Some(&set) = self.known.get(owners) {
            return set;
        }
        let set = self.sets.len();
        self.sets.push(owners.into());
        self.known.insert(owners.into(), set);
        set
    }

    /// Those who are in one of the two sets alone: who is on the other side of a border, when
    /// one set is on this side and the other one's rings run along it.
    pub fn differ(&mut self, one: SetId, other: SetId) -> SetId {
        match (one, other) {
            (NOBODY, set) | (set, NOBODY) => return set,
            _ if one == other => return NOBODY,
            _ => {}
        }
        let key = (one.min(other), one.max(other));
        if let Some(&set) = self.differences.get(&key) {
            return set;
        }
        let mut owners: Vec<u32> = [one, other].map(|set| self.members(set)).concat();
        owners.sort_unstable();
        let alone: Vec<u32> = owners
            .chunk_by(|a, b| a == b)
            .filter_map(|same| (same.len() == 1).then_some(same[0]))
            .collect();
        let set = self.number(&alone);
        self.differences.insert(key, set);
        set
    }
}
