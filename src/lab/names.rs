//! The names of one lab set up in one way: nodes, messages, timers, rules. Stories are read and
//! printed with these.

use super::spec::{Lab, Setup};
use crate::engine::{NodeId, RuleId, Timer};
use crate::sim::{MessageName, NodeKind, World};

/// All names that a story of this lab can use.
#[derive(Clone)]
pub struct Names {
    /// The lab.
    pub lab: &'static dyn Lab,
    nodes: Vec<(String, NodeKind, &'static [&'static str])>,
}

impl Names {
    /// The names in a world of this lab.
    #[must_use]
    pub fn of(lab: &'static dyn Lab, world: &World) -> Self {
        let node = |id| {
            let spec = world.spec(id);
            (spec.name.clone(), spec.kind, world.cell(id).node().timers())
        };
        Names {
            lab,
            nodes: world.ids().map(node).collect(),
        }
    }

    /// The names in the world that this setup makes.
    #[must_use]
    pub fn for_setup(lab: &'static dyn Lab, setup: &Setup) -> Self {
        Self::of(lab, &lab.world(setup))
    }

    /// A node's name.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &str {
        self.nodes.get(id.index()).map_or("?", |(name, ..)| name)
    }

    /// What a node is.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.nodes
            .get(id.index())
            .map_or(NodeKind::Client, |(_, kind, _)| *kind)
    }

    /// All nodes, in order.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &str)> {
        self.nodes
            .iter()
            .enumerate()
            .map(|(i, (name, ..))| (NodeId(i as u16), name.as_str()))
    }

    /// The node of this name.
    #[must_use]
    pub fn find_node(&self, name: &str) -> Option<NodeId> {
        self.nodes()
            .find(|(_, known)| *known == name)
            .map(|(id, _)| id)
    }

    /// A message's kind.
    #[must_use]
    pub fn message_kind(&self, kind: u8) -> &'static str {
        self.lab
            .info()
            .message_kinds
            .get(usize::from(kind))
            .copied()
            .unwrap_or("?")
    }

    /// A message's name: `AppendEntries n1>n3 #4`; a duplicate has `#4.1`.
    #[must_use]
    pub fn message(&self, name: MessageName) -> String {
        let (from, to) = (self.node(name.from), self.node(name.to));
        let kind = self.message_kind(name.kind);
        let copy = if name.copy == 0 {
            String::new()
        } else {
            format!(".{}", name.copy)
        };
        format!("{kind} {from}>{to} #{}{copy}", name.ordinal)
    }

    /// The message of this name, as [`Names::message`] prints it.
    #[must_use]
    pub fn find_message(&self, text: &str) -> Option<MessageName> {
        let mut words = text.split(' ');
        let (kind, link, number) = (words.next()?, words.next()?, words.next()?);
        let kinds = self.lab.info().message_kinds;
        let kind = kinds.iter().position(|known| *known == kind)? as u8;
        let (from, to) = link.split_once('>')?;
        let number = number.strip_prefix('#')?;
        let (ordinal, copy) = number.split_once('.').unwrap_or((number, "0"));
        let name = MessageName {
            kind,
            from: self.find_node(from)?,
            to: self.find_node(to)?,
            ordinal: ordinal.parse().ok()?,
            copy: copy.parse().ok()?,
        };
        words.next().is_none().then_some(name)
    }

    /// A timer's name: `election`, or `silence n4` where it is about a node.
    #[must_use]
    pub fn timer(&self, node: NodeId, timer: Timer) -> String {
        let kinds = self
            .nodes
            .get(node.index())
            .map_or(&[][..], |(_, _, kinds)| *kinds);
        if kinds.is_empty() {
            return "?".to_owned();
        }
        let (kind, about) = timer.split(kinds.len() as u16);
        let name = kinds[usize::from(kind)];
        about.map_or_else(
            || name.to_owned(),
            |about| format!("{name} {}", self.node(about)),
        )
    }

    /// The timer of this name at a node; `about` names the node that it is about.
    #[must_use]
    pub fn find_timer(&self, node: NodeId, name: &str, about: Option<NodeId>) -> Option<Timer> {
        let (.., kinds) = self.nodes.get(node.index())?;
        let kind = kinds.iter().position(|known| *known == name)? as u16;
        Some(about.map_or(Timer(kind), |about| {
            Timer::about(kind, kinds.len() as u16, about)
        }))
    }

    /// The names of a node's kinds of timers.
    #[must_use]
    pub fn timer_kinds(&self, node: NodeId) -> &'static [&'static str] {
        self.nodes
            .get(node.index())
            .map_or(&[], |(.., kinds)| kinds)
    }

    /// A rule's id.
    #[must_use]
    pub fn rule(&self, rule: RuleId) -> &'static str {
        self.lab.info().rule(rule).map_or("?", |rule| rule.id)
    }
}
