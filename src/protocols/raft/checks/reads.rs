//! What clients were told, held against the committed log and against each other.

use super::super::notes;
use super::{FRESH_READS, LEASE_READS, LINEARIZABLE, RaftChecker};
use crate::engine::{Arg, Call, NodeId, Note, Outcome, Report, Verb, Word};
use crate::lab::Verdicts;
use crate::sim::World;

/// As many values as a key has in the time of a read, even in a crowd.
const FEW_VALUES: usize = 16;

/// A read under way: the values that its key had since it began.
#[derive(Clone, Hash)]
pub(super) struct OpenRead {
    pub(super) client: NodeId,
    pub(super) key: Word,
    pub(super) values: Vec<Option<Word>>,
}

impl RaftChecker {
    /// A read returns a value that its key had, by the committed log, while the read was under
    /// way.
    #[inline(never)]
    pub(super) fn look_at_reports(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        for report in &world.record().reports {
            // What a lease answers is promised where clocks are right, and judged by a check of its own.
            let open = self.reads.iter().any(|read| read.client == node);
            let by_lease = self.leases
                && match report {
                    Report::Invoked { call, .. } => call.verb == Verb::Get,
                    Report::Returned { .. } => open,
                };
            if !by_lease && let Some(broken) = self.clients.note(node, report) {
                let arguments = [broken.client.into(), broken.op.into(), broken.key.into()];
                verdicts.violate(LINEARIZABLE, Some(Note::new(notes::NO_ORDER, arguments)));
            }
            match report {
                Report::Invoked {
                    call:
                        Call {
                            verb: Verb::Get,
                            key,
                            ..
                        },
                    ..
                } => {
                    self.reads.retain(|read| read.client != node);
                    let mut values = Vec::with_capacity(FEW_VALUES);
                    values.push(self.reference.get(*key));
                    self.reads.push(OpenRead {
                        client: node,
                        key: *key,
                        values,
                    });
                }
                Report::Invoked {
                    call:
                        Call {
                            verb: Verb::Put | Verb::Cas | Verb::Add,
                            ..
                        },
                    ..
                } => {
                    self.reads.retain(|read| read.client != node);
                }
                Report::Returned { outcome, .. } => {
                    let open = self.reads.iter().position(|read| read.client == node);
                    let Some(read) = open.map(|at| self.reads.remove(at)) else {
                        continue;
                    };
                    if let Outcome::Done(value) = outcome
                        && !read.values.contains(value)
                    {
                        let stale = [node.into(), read.key.into(), Arg::None];
                        let (check, why) = if self.leases {
                            (LEASE_READS, notes::READ_OLD_BY_LEASE)
                        } else {
                            (FRESH_READS, notes::READ_OLD)
                        };
                        verdicts.violate(check, Some(Note::new(why, stale)));
                    }
                }
            }
        }
    }
}
