//! The counters that need no agreement: Shapiro, Preguiça, Baquero & Zawirski (2011),
//! specifications 6 (G-Counter) and 7 (PN-Counter). A G-Counter is a PN-Counter of which nobody
//! takes anything away.

/// What one replica has counted, as far as another knows.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Entry {
    /// How often it added one.
    pub plus: u32,
    /// How often it took one away.
    pub minus: u32,
}

/// The payload: an entry for each replica, which that replica alone increases.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PnCounter {
    entries: Vec<Entry>,
}

impl PnCounter {
    /// Nothing counted yet by so many replicas.
    #[must_use]
    pub fn new(replicas: usize) -> Self {
        PnCounter {
            entries: vec![Entry::default(); replicas],
        }
    }

    /// The entries, by replica.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a replica.
    #[must_use]
    pub fn entry(&self, replica: usize) -> Entry {
        self.entries.get(replica).copied().unwrap_or_default()
    }

    /// Sets the entry of a replica: what came off its own disk.
    pub fn set(&mut self, replica: usize, entry: Entry) {
        if let Some(place) = self.entries.get_mut(replica) {
            *place = entry;
        }
    }

    /// One more, or one less, counted by this replica.
    pub fn update(&mut self, replica: usize, up: bool) -> Entry {
        let Some(entry) = self.entries.get_mut(replica) else {
            return Entry::default();
        };
        let side = if up {
            &mut entry.plus
        } else {
            &mut entry.minus
        };
        *side = side.saturating_add(1);
        *entry
    }

    /// The value: all that was added less all that was taken away.
    #[must_use]
    pub fn value(&self) -> i64 {
        let one = |entry: &Entry| i64::from(entry.plus) - i64::from(entry.minus);
        self.entries.iter().map(one).sum()
    }

    /// Learns what the other knows, `with` what two numbers become. The merge of the paper takes
    /// the greater; whatever else is done is a mistake.
    pub fn merge_with(&mut self, other: &PnCounter, with: impl Fn(u32, u32) -> u32) {
        for (mine, theirs) in self.entries.iter_mut().zip(&other.entries) {
            mine.plus = with(mine.plus, theirs.plus);
            mine.minus = with(mine.minus, theirs.minus);
        }
    }

    /// The least upper bound: entry by entry the greater.
    pub fn merge(&mut self, other: &PnCounter) {
        self.merge_with(other, u32::max);
    }

    /// Whether all that the other knows is known here.
    #[must_use]
    pub fn knows(&self, other: &PnCounter) -> bool {
        let pairs = self.entries.iter().zip(&other.entries);
        pairs
            .into_iter()
            .all(|(mine, theirs)| mine.plus >= theirs.plus && mine.minus >= theirs.minus)
    }
}
