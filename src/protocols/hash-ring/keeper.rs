//! The keeper of the membership: one node that everybody believes. It makes one change after the other, and
//! each in two steps, so that no acknowledged write is left behind.

use super::layout::Layout;
use super::message::{Change, Membership, RingMessage, members_facts};
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Timer};
use std::rc::Rc;

const TELL: Timer = Timer(0);

/// What is fixed for a run.
#[derive(Debug)]
pub(super) struct KeeperConfig {
    /// The layout at the start.
    pub(super) first: Rc<Layout>,
    /// All servers, members or not.
    pub(super) servers: u16,
    /// After how long those who have not answered are told again.
    pub(super) patience: Span,
}

/// What a server has said last.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Heard {
    number: u32,
    synced: bool,
}

/// The keeper.
#[derive(Clone, Hash)]
pub(super) struct Keeper {
    members: Membership,
    heard: Vec<Heard>,
    patience: Span,
    /// The layout before the one in force, for those who want to see what moved.
    before: Option<Rc<Layout>>,
}

impl Keeper {
    /// The layout before the one in force, until the next crash.
    #[must_use]
    pub(super) fn before(&self) -> Option<&Layout> {
        self.before.as_deref()
    }

    /// What it says that the membership is.
    #[must_use]
    pub(super) fn members(&self) -> &Membership {
        &self.members
    }

    fn change(&mut self, change: Change, out: &mut Out<'_, Self>) {
        let node = change.node();
        if self.members.next.is_some() {
            out.note(notes::BUSY, [node.into()]);
            return;
        }
        let now = &self.members.now;
        let Some(members) = change.apply(now.members()) else {
            out.note(notes::NOTHING_TO_CHANGE, [node.into()]);
            return;
        };
        // Where a change moves keys to the changed node alone, nobody else has to fetch any.
        let scheme = now.scheme();
        let next = Rc::new(Layout::new(scheme, members));
        let grows = next.weight(node) > now.weight(node);
        let gainers = if scheme.placement.moves_least() && grows {
            vec![node]
        } else {
            next.members().iter().map(|member| member.node).collect()
        };
        self.members = Membership {
            number: self.members.number + 1,
            now: Rc::clone(now),
            next: Some(next),
            gainers,
        };
        let number = u64::from(self.members.number);
        out.note(notes::CHANGES, [node.into(), number.into()]);
        out.persist(self.members.clone());
        self.tell(out);
    }

    /// Tells all who are behind, and goes on telling them.
    fn tell(&self, out: &mut Out<'_, Self>) {
        let mut behind = false;
        for (at, heard) in self.heard.iter().enumerate() {
            let node = NodeId(at as u16);
            let waits = self.members.next.is_some()
                && self.members.gainers.contains(&node)
                && !heard.synced;
            if heard.number < self.members.number || waits {
                behind = true;
                out.send_when_durable(node, RingMessage::Members(self.members.clone()));
            }
        }
        if behind {
            out.set_timer(TELL, self.patience);
        }
    }

    fn heard(&mut self, from: NodeId, now: Heard, out: &mut Out<'_, Self>) {
        let Some(heard) = self.heard.get_mut(from.index()) else {
            return;
        };
        if now.number > heard.number {
            *heard = now;
        } else if now.number == heard.number {
            heard.synced |= now.synced;
        }
        self.go_on(out);
    }

    /// The second step: nobody can act by the old layout any more, and who gains keys has them.
    fn go_on(&mut self, out: &mut Out<'_, Self>) {
        let Some(next) = &self.members.next else {
            return;
        };
        let number = self.members.number;
        let there = |node: NodeId| {
            let heard = self.heard.get(node.index()).copied().unwrap_or_default();
            (
                heard.number >= number,
                heard.number == number && heard.synced,
            )
        };
        let old = self.members.now.members().iter();
        let behind = old.filter(|member| !there(member.node).0).count();
        let gainers = self.members.gainers.iter();
        let lacking = gainers.filter(|node| !there(**node).1).count();
        if behind > self.members.now.spare() || lacking > 0 {
            out.note(notes::WAITS_FOR, [behind.into(), lacking.into()]);
            return;
        }
        self.before = Some(Rc::clone(&self.members.now));
        self.members = Membership {
            number: number + 1,
            now: Rc::clone(next),
            next: None,
            gainers: Vec::new(),
        };
        out.note(notes::IN_FORCE, [u64::from(number + 1).into()]);
        out.persist(self.members.clone());
        self.tell(out);
    }
}

impl Engine for Keeper {
    type Message = RingMessage;
    type Disk = Option<Membership>;
    type Write = Membership;
    type Request = Change;
    type Config = KeeperConfig;

    const TIMERS: &'static [&'static str] = &["tell"];

    fn boot(_me: NodeId, config: &Rc<KeeperConfig>, disk: &Option<Membership>) -> Self {
        let first = || Membership {
            number: 0,
            now: Rc::clone(&config.first),
            next: None,
            gainers: Vec::new(),
        };
        Keeper {
            members: disk.clone().unwrap_or_else(first),
            heard: vec![Heard::default(); usize::from(config.servers)],
            patience: config.patience,
            before: None,
        }
    }

    fn write(disk: &mut Option<Membership>, write: &Membership) {
        *disk = Some(write.clone());
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started | Input::TimerFired(_) => self.tell(out),
            Input::Asked(change)
            | Input::Received {
                message: RingMessage::Change(change),
                ..
            } => self.change(*change, out),
            Input::Received {
                from,
                message: RingMessage::Adopted { number, synced },
            } => {
                let (number, synced) = (*number, *synced);
                self.heard(from, Heard { number, synced }, out);
            }
            // Nobody asks a keeper for keys, and it waits for no write: messages do.
            Input::Received { .. } | Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        members_facts(&self.members, facts);
        let number = self.members.number;
        let behind = self.heard.iter().filter(|heard| heard.number < number);
        facts.say("behind", behind.count());
    }

    fn role(&self) -> &'static str {
        "keeper"
    }

    fn disk_facts(disk: &Option<Membership>, facts: &mut Facts) {
        match disk {
            Some(members) => members_facts(members, facts),
            None => facts.say("number", 0u32),
        }
    }
}
