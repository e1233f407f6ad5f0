//! What clients, servers and the keeper of the membership say to each other.

use super::layout::{Layout, Member, Owners, Walk};
use crate::engine::{Arg, Fact, Facts, Message, NodeId, Word};
use std::rc::Rc;

/// Which version of a value: the greater one is the later one. No two writes have the same.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Stamp {
    /// One more than the greatest that its writer had read; 0 for what was there at the start.
    pub(super) count: u32,
    /// Its writer.
    pub(super) client: NodeId,
    /// Which operation of that writer.
    pub(super) op: u32,
}

impl From<Stamp> for Fact {
    fn from(stamp: Stamp) -> Self {
        Fact::Place(u64::from(stamp.count), u64::from(stamp.client.0))
    }
}

/// What stands under a key.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Entry {
    /// Its version.
    pub(super) stamp: Stamp,
    /// Its value.
    pub(super) value: Word,
}

impl Entry {
    /// The value, if somebody put it: what was there at the start is told as nothing.
    pub(super) fn put(self) -> Option<Word> {
        (self.stamp.count > 0).then_some(self.value)
    }
}

/// Keys with what stands under them, in their order.
pub(super) type Entries = Vec<(Word, Entry)>;

/// An operation: whose, and which of that client's.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Call {
    /// The client.
    pub(super) client: NodeId,
    /// Its operation.
    pub(super) op: u32,
}

/// The membership that is in force. Even numbers stand for one layout; odd ones for the way from one
/// to the next, on which every operation asks the nodes of both.
#[derive(Clone, PartialEq, Hash, Debug)]
pub(super) struct Membership {
    /// It grows by one with every step.
    pub(super) number: u32,
    /// The layout that is left, or that is in force alone.
    pub(super) now: Rc<Layout>,
    /// The one that comes.
    pub(super) next: Option<Rc<Layout>>,
    /// Who may gain keys by it, and has to fetch them first.
    pub(super) gainers: Vec<NodeId>,
}

impl Membership {
    /// The layouts that count: one or two.
    pub(super) fn layouts(&self) -> impl Iterator<Item = &Layout> {
        std::iter::once(&*self.now).chain(self.next.as_deref())
    }

    /// The one that there will be.
    #[must_use]
    pub(super) fn last(&self) -> &Rc<Layout> {
        self.next.as_ref().unwrap_or(&self.now)
    }

    /// The nodes of a key, in each layout that counts.
    #[must_use]
    pub(super) fn owners(&self, key: Word, walk: Walk) -> Vec<Owners> {
        let place = self.now.scheme().place(key);
        self.layouts()
            .map(|layout| layout.owners(place, walk))
            .collect()
    }
}

/// What a membership is to become.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Change {
    /// A node comes.
    Join(NodeId),
    /// A node goes.
    Leave(NodeId),
    /// A node gets another weight.
    Weight(NodeId, u32),
}

impl Change {
    /// The node that it is about.
    #[must_use]
    pub(super) fn node(self) -> NodeId {
        match self {
            Change::Join(node) | Change::Leave(node) | Change::Weight(node, _) => node,
        }
    }

    /// The members after it; `None` where it changes nothing, or would leave nobody.
    #[must_use]
    pub(super) fn apply(self, members: &[Member]) -> Option<Vec<Member>> {
        let mut members = members.to_vec();
        let at = members.iter().position(|member| member.node == self.node());
        match (self, at) {
            (Change::Join(node), None) => members.push(Member { node, weight: 1 }),
            (Change::Leave(_), Some(at)) if members.len() > 1 => {
                members.remove(at);
            }
            (Change::Weight(_, weight), Some(at)) if members[at].weight != weight => {
                members[at].weight = weight;
            }
            (Change::Join(_) | Change::Leave(_) | Change::Weight(..), _) => return None,
        }
        Some(members)
    }
}

/// Why entries are sent.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Reason {
    /// The receiver gains them.
    Stream,
    /// The two differ, and this is what the sender has.
    Differs,
    /// And this is what that one lacks.
    Lacking,
}

/// A message of this lab.
#[derive(Clone, PartialEq, Hash, Debug)]
pub(super) enum RingMessage {
    /// A client asks for a key.
    Get { call: Call, key: Word },
    /// A client sets a key.
    Put { call: Call, key: Word, entry: Entry },
    /// What was found.
    Value { op: u32, entry: Option<Entry> },
    /// It is done.
    Done { op: u32 },
    /// No node has such a key.
    Failed { op: u32 },
    /// A coordinator asks one of the key's nodes.
    Fetch {
        members: Membership,
        call: Call,
        key: Word,
    },
    /// That one's answer.
    Fetched {
        number: u32,
        call: Call,
        entry: Option<Entry>,
    },
    /// A coordinator tells one of the key's nodes.
    Store {
        members: Membership,
        call: Call,
        key: Word,
        entry: Entry,
    },
    /// It is on that one's disk.
    Stored {
        number: u32,
        call: Call,
        stamp: Stamp,
    },
    /// Who asks has an old membership.
    Stale { members: Membership },
    /// A node asks another one for the keys that it gains.
    Pull { members: Membership },
    /// Some keys.
    Batch {
        number: u32,
        reason: Reason,
        entries: Entries,
    },
    /// A sum over the keys that both have.
    Compare { number: u32, sum: u64 },
    /// The membership is to change.
    Change(Change),
    /// What the membership is.
    Members(Membership),
    /// A server goes by it now.
    Adopted { number: u32, synced: bool },
}

impl Message for RingMessage {
    const KINDS: &'static [&'static str] = &[
        "Get", "Put", "Value", "Done", "Failed", "Fetch", "Fetched", "Store", "Stored", "Stale",
        "Pull", "Batch", "Compare", "Change", "Members", "Adopted",
    ];

    fn kind(&self) -> u8 {
        match self {
            RingMessage::Get { .. } => 0,
            RingMessage::Put { .. } => 1,
            RingMessage::Value { .. } => 2,
            RingMessage::Done { .. } => 3,
            RingMessage::Failed { .. } => 4,
            RingMessage::Fetch { .. } => 5,
            RingMessage::Fetched { .. } => 6,
            RingMessage::Store { .. } => 7,
            RingMessage::Stored { .. } => 8,
            RingMessage::Stale { .. } => 9,
            RingMessage::Pull { .. } => 10,
            RingMessage::Batch { .. } => 11,
            RingMessage::Compare { .. } => 12,
            RingMessage::Change(_) => 13,
            RingMessage::Members(_) => 14,
            RingMessage::Adopted { .. } => 15,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            RingMessage::Get { call, key } => {
                facts.say("operation", call.op);
                facts.say("key", *key);
            }
            RingMessage::Put { call, key, entry } => {
                facts.say("operation", call.op);
                facts.say("key", *key);
                entry_facts(Some(*entry), facts);
            }
            RingMessage::Value { op, entry } => {
                facts.say("operation", *op);
                entry_facts(*entry, facts);
            }
            RingMessage::Done { op } | RingMessage::Failed { op } => facts.say("operation", *op),
            RingMessage::Fetch { members, call, key } => {
                facts.say("number", members.number);
                facts.say("call", *call);
                facts.say("key", *key);
            }
            RingMessage::Fetched {
                number,
                call,
                entry,
            } => {
                facts.say("number", *number);
                facts.say("call", *call);
                entry_facts(*entry, facts);
            }
            RingMessage::Store {
                members,
                call,
                key,
                entry,
            } => {
                facts.say("number", members.number);
                facts.say("call", *call);
                facts.say("key", *key);
                entry_facts(Some(*entry), facts);
            }
            RingMessage::Stored {
                number,
                call,
                stamp,
            } => {
                facts.say("number", *number);
                facts.say("call", *call);
                facts.say("version", *stamp);
            }
            RingMessage::Stale { members }
            | RingMessage::Pull { members }
            | RingMessage::Members(members) => members_facts(members, facts),
            RingMessage::Batch {
                number, entries, ..
            } => {
                facts.say("number", *number);
                facts.say("keys", entries.len());
            }
            RingMessage::Compare { number, sum } => {
                facts.say("number", *number);
                facts.say("sum", *sum);
            }
            RingMessage::Change(change) => {
                facts.say("node", change.node());
                if let Change::Weight(_, weight) = change {
                    facts.say("weight", *weight);
                }
            }
            RingMessage::Adopted { number, synced } => {
                facts.say("number", *number);
                facts.say("synced", *synced);
            }
        }
    }
}

impl From<Call> for Fact {
    fn from(call: Call) -> Self {
        Fact::List(vec![Fact::Node(call.client), Fact::Int(u64::from(call.op))])
    }
}

impl From<Stamp> for Arg {
    fn from(stamp: Stamp) -> Self {
        Arg::Place(stamp.count, u32::from(stamp.client.0))
    }
}

fn entry_facts(entry: Option<Entry>, facts: &mut Facts) {
    facts.say("value", entry.and_then(Entry::put));
    facts.say("version", entry.map(|entry| entry.stamp));
}

/// What a membership says of itself.
pub(super) fn members_facts(members: &Membership, facts: &mut Facts) {
    let list = |layout: &Layout| {
        let one = |member: &Member| match member.weight {
            1 => Fact::Node(member.node),
            weight => Fact::List(vec![Fact::Node(member.node), Fact::Int(u64::from(weight))]),
        };
        Fact::List(layout.members().iter().map(one).collect())
    };
    facts.say("number", members.number);
    facts.say("members", list(&members.now));
    facts.say(
        "next",
        members
            .next
            .as_ref()
            .map_or(Fact::Nothing, |next| list(next)),
    );
}
