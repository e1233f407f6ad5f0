//! Which requests are open, and since when.

use crate::engine::{NodeId, Numbered, Time};

/// Requests by their client and the number that they have there.
#[derive(Clone, Hash, Default)]
pub struct OpenCalls {
    /// By the client's place; as many as the last one that asked needs.
    of: Vec<Numbered<Time>>,
    all: usize,
}

impl OpenCalls {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all == 0
    }

    /// One begins.
    pub fn begin(&mut self, client: NodeId, op: u64, now: Time) {
        if self.of.len() <= client.index() {
            self.of.resize(client.index() + 1, Numbered::default());
        }
        let of = &mut self.of[client.index()];
        self.all -= of.len();
        of.insert(op, now);
        self.all += of.len();
    }

    /// One ends: when it began, if it was open.
    pub fn end(&mut self, client: NodeId, op: u64) -> Option<Time> {
        let began = self.of.get_mut(client.index())?.remove(op)?;
        self.all -= 1;
        Some(began)
    }

    /// A client forgets all of its own; how many those were.
    pub fn forget(&mut self, client: NodeId) -> usize {
        let of = self.of.get_mut(client.index()).map(std::mem::take);
        let gone = of.map_or(0, |of| of.len());
        self.all -= gone;
        gone
    }

    /// When each began.
    pub fn since(&self) -> impl Iterator<Item = Time> {
        let all = self.of.iter().flat_map(Numbered::iter);
        all.map(|(_, since)| *since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_counts_its_own() {
        let mut open = OpenCalls::default();
        let (a, b) = (NodeId(0), NodeId(3));
        for op in 1..=5 {
            open.begin(a, op, Time(op));
            open.begin(b, op, Time(10 * op));
        }
        open.begin(b, 5, Time(60));
        assert_eq!((open.len(), open.end(a, 2)), (10, Some(Time(2))));
        assert_eq!((open.end(a, 2), open.end(NodeId(9), 1)), (None, None));
        assert_eq!((open.forget(a), open.forget(a), open.len()), (4, 0, 5));
        assert_eq!(open.since().max(), Some(Time(60)));
    }
}
