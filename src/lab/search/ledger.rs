//! Who makes which runs. They are handed out in order, in batches, to as many as ask; what counts
//! is the violation of the first run, so it does not depend on how many ask, or how quick they are.

/// Runs in a row: from this number up to that one, which is not among them.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Batch {
    /// The first.
    pub from: u64,
    /// The one behind the last.
    pub to: u64,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Runs from here on were never handed out.
    next: u64,
    /// The one behind the last that is to be made.
    end: u64,
    /// Handed out, and come back unmade; in order.
    back: Vec<Batch>,
    /// Handed out.
    out: Vec<Batch>,
    /// The first run so far that broke a check.
    first: Option<u64>,
}

impl Ledger {
    /// So many runs, none of them made.
    #[must_use]
    pub fn new(runs: u64) -> Self {
        Ledger {
            next: 0,
            end: runs,
            back: Vec::new(),
            out: Vec::new(),
            first: None,
        }
    }

    /// How many runs there are in all.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.end
    }

    /// More runs.
    pub fn extend(&mut self, runs: u64) {
        self.end = self.end.saturating_add(runs);
    }

    /// The next batch, of at most so many runs. None where all are handed out that could still
    /// matter: behind a violation none does.
    pub fn take(&mut self, most: u64) -> Option<Batch> {
        let end = self.first.unwrap_or(self.end);
        self.back.retain(|batch| batch.from < end);
        let batch = if self.back.is_empty() {
            let from = self.next;
            let to = end.min(from.saturating_add(most));
            if to <= from {
                return None;
            }
            self.next = to;
            Batch { from, to }
        } else {
            let whole = self.back.remove(0);
            let to = whole.to.min(end).min(whole.from.saturating_add(most));
            let rest = Batch { from: to, ..whole };
            self.put_back(rest);
            Batch { to, ..whole }
        };
        self.out.push(batch);
        Some(batch)
    }

    /// A batch is back, with its runs up to this one made; the last of them broke a check, where
    /// `found` says so. The others are handed out again, and so is all of a batch whose maker died.
    pub fn give_back(&mut self, batch: Batch, made_to: u64, found: bool) {
        let Some(at) = self.out.iter().position(|out| *out == batch) else {
            return;
        };
        self.out.remove(at);
        let made_to = made_to.clamp(batch.from, batch.to);
        if found && made_to > batch.from {
            let run = made_to - 1;
            self.first = Some(self.first.map_or(run, |first| first.min(run)));
        } else {
            let rest = Batch {
                from: made_to,
                ..batch
            };
            self.put_back(rest);
        }
    }

    fn put_back(&mut self, batch: Batch) {
        if batch.from < batch.to {
            let at = self.back.partition_point(|other| *other < batch);
            self.back.insert(at, batch);
        }
    }

    /// Whether some run broke a check, be it the first or not.
    #[must_use]
    pub fn any(&self) -> bool {
        self.first.is_some()
    }

    /// The first run that broke a check, as soon as all before it are made.
    #[must_use]
    pub fn found(&self) -> Option<u64> {
        let first = self.first?;
        let mut open = self.back.iter().chain(&self.out);
        (self.next >= first && open.all(|batch| batch.from > first)).then_some(first)
    }

    /// Whether nobody has a batch.
    #[must_use]
    pub fn rests(&self) -> bool {
        self.out.is_empty()
    }

    /// Whether all runs are made.
    #[must_use]
    pub fn over(&self) -> bool {
        self.rests() && self.back.is_empty() && self.next >= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(from: u64, to: u64) -> Batch {
        Batch { from, to }
    }

    #[test]
    fn a_later_violation_waits_for_the_runs_before_it() {
        let mut ledger = Ledger::new(1000);
        let (first, second) = (ledger.take(100), ledger.take(100));
        assert_eq!(
            (first, second),
            (Some(batch(0, 100)), Some(batch(100, 200)))
        );
        ledger.give_back(batch(100, 200), 151, true);
        assert!(ledger.any());
        assert_eq!(ledger.found(), None);
        // Behind it nothing matters.
        assert_eq!(ledger.take(100), None);
        ledger.give_back(batch(0, 100), 40, false);
        assert_eq!(ledger.found(), None);
        assert_eq!(ledger.take(100), Some(batch(40, 100)));
        ledger.give_back(batch(40, 100), 71, true);
        assert_eq!(ledger.found(), Some(70));
    }

    #[test]
    fn what_came_back_unmade_is_made_by_somebody_else() {
        let mut ledger = Ledger::new(250);
        let lost = ledger.take(100).expect("a batch");
        let made = ledger.take(100).expect("a batch");
        ledger.give_back(made, made.to, false);
        ledger.give_back(lost, lost.from, false);
        assert_eq!(ledger.take(60), Some(batch(0, 60)));
        assert_eq!(ledger.take(60), Some(batch(60, 100)));
        assert_eq!(ledger.take(60), Some(batch(200, 250)));
        assert_eq!(ledger.take(60), None);
        assert!(!ledger.rests() && !ledger.over());
        for out in [batch(60, 100), batch(200, 250), batch(0, 60)] {
            assert!(!ledger.over());
            ledger.give_back(out, out.to, false);
        }
        assert!(ledger.over());
        // Who was given up and answers all the same is not heard.
        ledger.give_back(lost, lost.to, true);
        assert_eq!((ledger.any(), ledger.found()), (false, None));
        ledger.extend(10);
        assert!(!ledger.over());
        assert_eq!(ledger.take(60), Some(batch(250, 260)));
    }

    #[test]
    fn a_batch_that_reaches_behind_a_violation_is_cut() {
        let mut ledger = Ledger::new(300);
        let (low, high) = (
            ledger.take(100).expect("runs"),
            ledger.take(100).expect("runs"),
        );
        ledger.give_back(low, 10, false);
        ledger.give_back(high, 150, true);
        assert_eq!(ledger.take(500), Some(batch(10, 100)));
        ledger.give_back(batch(10, 100), 20, false);
        ledger.give_back(high, 150, true);
        assert_eq!(ledger.found(), None);
        assert_eq!(ledger.take(500), Some(batch(20, 100)));
        ledger.give_back(batch(20, 100), 100, false);
        assert_eq!(ledger.found(), Some(149));
        assert!(ledger.rests());
    }
}
