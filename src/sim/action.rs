//! Everything that can be done to a world, by a person or by the storm.

use super::fault::FaultKind;
use super::net::{Latency, Ratio};
use super::record::MessageName;
use super::storm::StormPlan;
use crate::engine::{NodeId, RuleId, Span, Timer};
use std::any::Any;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// What a change of the network applies to.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Scope {
    /// All links.
    Net,
    /// One link, in one direction or in both.
    Link {
        /// Its one end.
        from: NodeId,
        /// Its other end.
        to: NodeId,
        /// Both directions.
        both: bool,
    },
}

/// What a person asks of a node, in the words of its lab. Two are equal if their words are.
#[derive(Clone)]
pub struct Request {
    /// The words after the node's name: `put x=1`.
    pub text: Rc<str>,
    /// The request as the engine takes it.
    pub value: Rc<dyn Any>,
}

impl PartialEq for Request {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Request {}

impl Hash for Request {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({})", self.text)
    }
}

/// One thing done to a world.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// A node crashes.
    Kill(NodeId),
    /// A crashed node comes up with its disk.
    Restart(NodeId),
    /// A node crashes and its disk is lost.
    Wipe(NodeId),
    /// A node stops for a while, as in a long garbage collection.
    Pause(NodeId),
    /// A paused node goes on.
    Resume(NodeId),
    /// Nodes of different groups cannot reach each other; those of one group can.
    Partition(Vec<Vec<NodeId>>),
    /// Nothing passes.
    Cut {
        /// From here.
        from: NodeId,
        /// To there.
        to: NodeId,
        /// Nor back.
        both: bool,
    },
    /// A cut link passes again; with no link named, all do.
    Heal(Option<(NodeId, NodeId)>),
    /// How long messages take.
    Latency(Scope, Latency),
    /// Which share of messages is lost.
    Loss(Scope, Ratio),
    /// Which share of messages arrives twice.
    Duplication(Scope, Ratio),
    /// Whether messages may overtake each other.
    Reorder(Scope, bool),
    /// A message is lost.
    Drop(MessageName),
    /// A message arrives now.
    Deliver(MessageName),
    /// A message arrives later by this much.
    Delay(MessageName, Span),
    /// A message stays on its link until it is released.
    Hold(MessageName),
    /// A held message goes on its way, with the time it had left.
    Release(MessageName),
    /// A message arrives once more.
    Duplicate(MessageName),
    /// A timer that is set runs out now.
    Fire(NodeId, Timer),
    /// A node's clock is ahead by this many microseconds.
    Skew(NodeId, i64),
    /// A node's clock runs too fast by this many millionths.
    Drift(NodeId, i32),
    /// Every write of a node takes this much longer.
    SlowDisk(NodeId, Span),
    /// A node is asked for something, in the words of its lab.
    Ask(NodeId, Request),
    /// A safety rule is switched.
    Rule(RuleId, bool),
    /// Random faults begin.
    Storm(StormPlan),
    /// The storm ends, and all is healed: links, loss, pauses, clocks and crashed nodes.
    Calm,
    /// The oldest write of a node is on its disk now.
    Finish(NodeId),
}

/// Why nothing came of an action.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Miss {
    /// There is no such message under way.
    NoSuchMessage,
    /// The node is down.
    NodeDown,
    /// The node is not down.
    NodeNotDown,
    /// The node is not running.
    NodeNotUp,
    /// The node is not paused.
    NodeNotPaused,
    /// The timer is not set.
    TimerNotSet,
    /// There is no storm and nothing to heal.
    NothingToDo,
}

impl Action {
    /// The one node that it is about, where there is one.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Action::Kill(node)
            | Action::Restart(node)
            | Action::Wipe(node)
            | Action::Pause(node)
            | Action::Resume(node)
            | Action::Fire(node, _)
            | Action::Skew(node, _)
            | Action::Drift(node, _)
            | Action::SlowDisk(node, _)
            | Action::Finish(node)
            | Action::Ask(node, _) => Some(*node),
            Action::Deliver(name) => Some(name.to),
            Action::Partition(_)
            | Action::Cut { .. }
            | Action::Heal(_)
            | Action::Latency(..)
            | Action::Loss(..)
            | Action::Duplication(..)
            | Action::Reorder(..)
            | Action::Drop(_)
            | Action::Delay(..)
            | Action::Hold(_)
            | Action::Release(_)
            | Action::Duplicate(_)
            | Action::Rule(..)
            | Action::Storm(_)
            | Action::Calm => None,
        }
    }

    /// The kind of fault that it is, if it is one.
    #[must_use]
    pub fn fault(&self) -> Option<FaultKind> {
        match self {
            Action::Kill(_) => Some(FaultKind::Crash),
            Action::Restart(_) => Some(FaultKind::Restart),
            Action::Wipe(_) => Some(FaultKind::DiskLost),
            Action::Pause(_) => Some(FaultKind::Pause),
            Action::Partition(_) | Action::Cut { .. } => Some(FaultKind::Partition),
            Action::Loss(_, ratio) => (ratio.0 > 0).then_some(FaultKind::Loss),
            Action::Drop(_) => Some(FaultKind::Loss),
            Action::Duplication(_, ratio) => (ratio.0 > 0).then_some(FaultKind::Duplication),
            Action::Duplicate(_) => Some(FaultKind::Duplication),
            Action::Latency(..) | Action::Delay(..) | Action::Hold(_) => {
                Some(FaultKind::LateMessage)
            }
            Action::Skew(..) | Action::Drift(..) | Action::Fire(..) => Some(FaultKind::ClockSkew),
            Action::Resume(_)
            | Action::Heal(_)
            | Action::Reorder(..)
            | Action::Deliver(_)
            | Action::Release(_)
            | Action::SlowDisk(..)
            | Action::Finish(_)
            | Action::Ask(..)
            | Action::Rule(..)
            | Action::Storm(_)
            | Action::Calm => None,
        }
    }
}
