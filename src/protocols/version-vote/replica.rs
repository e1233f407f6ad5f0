//! A replica: it holds one value with its version, and keeps the newer of two.

use super::message::{Stamped, Version, VersionMessage};
use super::notes;
use super::order::Config;
use super::rules::{ANSWER_WHAT_IS_ON_DISK, mistakes};
use crate::engine::{Engine, Facts, Input, NodeId, Out};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The last versions that a replica held, in the order in which they came. Kept to be shown: nothing hangs on
/// it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Past(Vec<Stamped>);

impl Past {
    /// More are not kept.
    const MOST: usize = 12;

    /// Oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Stamped> {
        self.0.iter()
    }

    /// The last one of this version.
    #[must_use]
    pub fn of(&self, version: Version) -> Option<&Stamped> {
        let mut last_first = self.0.iter().rev();
        last_first.find(|stamped| stamped.version == version)
    }

    fn push(&mut self, stamped: Stamped) {
        self.0.push(stamped);
        if self.0.len() > Self::MOST {
            self.0.remove(0);
        }
    }
}

/// What survives a crash.
#[derive(Clone, Default)]
pub struct Disk {
    /// What it holds.
    pub held: Stamped,
    /// What it held.
    pub past: Past,
}

/// Without what is only shown: two ways to the same state are one state.
impl Hash for Disk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.held.hash(state);
    }
}

/// One replica.
#[derive(Clone)]
pub struct Replica {
    config: Rc<Config>,
    /// What it holds in memory.
    pub(super) held: Stamped,
    /// What it held, to be shown.
    pub(super) past: Past,
}

impl Hash for Replica {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.held.hash(state);
    }
}

impl Replica {
    /// What is fixed.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What it says of itself is on its disk.
    fn answer(to: NodeId, message: VersionMessage, out: &mut Out<'_, Self>) {
        if out.rule(ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, message);
        } else {
            out.note(notes::BEFORE_THE_DISK, [to.into()]);
            out.send(to, message);
        }
    }

    /// Lynch & Shvartsman's replica: the higher tag stays.
    fn store(
        &mut self,
        from: NodeId,
        (op, new): (u32, Stamped),
        back: bool,
        out: &mut Out<'_, Self>,
    ) {
        let newer = new.version > self.held.version;
        let (version, held) = (new.version.into(), self.held.version.into());
        if newer || (!out.rule(mistakes::KEEP_THE_NEWER) && new != self.held) {
            let key = match (newer, back) {
                (false, _) => notes::OVERWRITES_THE_NEWER,
                (true, true) => notes::REPAIRED,
                (true, false) => notes::STORES,
            };
            out.note(key, [from.into(), version, held]);
            self.held = new;
            self.past.push(new);
            out.persist(new);
        } else if new == self.held {
            out.note(notes::HAS_IT, [from.into(), version]);
        } else if new.version == self.held.version {
            out.note(notes::SAME_VERSION, [from.into(), version]);
        } else {
            out.note(notes::HAS_NEWER, [from.into(), version, held]);
        }
        Self::answer(from, VersionMessage::Stored { op }, out);
    }
}

impl Engine for Replica {
    type Message = VersionMessage;
    type Disk = Disk;
    type Write = Stamped;
    type Request = ();
    type Config = Config;

    const TIMERS: &'static [&'static str] = &[];

    fn boot(_: NodeId, config: &Rc<Config>, disk: &Disk) -> Self {
        Replica {
            config: Rc::clone(config),
            held: disk.held,
            past: disk.past.clone(),
        }
    }

    fn write(disk: &mut Disk, write: &Stamped) {
        disk.held = *write;
        disk.past.push(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        let Input::Received { from, message } = input else {
            // It has no timers, is asked for nothing by a person, and waits for no write by itself.
            return;
        };
        match *message {
            VersionMessage::Query { op } => {
                let held = self.held;
                out.note(notes::TELLS, [from.into(), held.version.into()]);
                Self::answer(from, VersionMessage::Answer { op, held }, out);
            }
            VersionMessage::Store { op, new } => self.store(from, (op, new), false, out),
            VersionMessage::WriteBack { op, read } => self.store(from, (op, read), true, out),
            // Clients alone are told these.
            VersionMessage::Answer { .. } | VersionMessage::Stored { .. } => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("version", self.held.version);
        facts.say("value", self.held.value);
    }

    fn role(&self) -> &'static str {
        "replica"
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("version", disk.held.version);
        facts.say("value", disk.held.value);
    }
}
