//! The keeper: the one node at which the state of the lock lives.

use super::message::{Ask, LockMessage};
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out, RuleId, Span, Timer};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// In the order of the rules of the lab.
pub(super) const ONE_STEP: RuleId = RuleId(0);
pub(super) const ONLY_THE_HOLDER: RuleId = RuleId(1);
pub(super) const ONE_PLACE: RuleId = RuleId(2);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{ONE_PLACE, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = ONE_PLACE.0 + 1;
    /// What is granted is on the disk.
    pub(super) const GRANT_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST);
    /// A release is of one grant, not of all that its sender will ever have.
    pub(super) const LOOK_AT_THE_NUMBER: RuleId = RuleId(FIRST + 1);
    /// Who has the lock and asks is told so: its answer may have been lost.
    pub(super) const TELL_THE_HOLDER_AGAIN: RuleId = RuleId(FIRST + 2);
}

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The keeper; the nodes come after it.
    pub keeper: NodeId,
    /// How long a step is: every node polls once in it.
    pub step: Span,
    /// A node that does not have the lock asks in one of so many steps.
    pub ask_one_in: u64,
    /// A node that has it gives it back in one of so many.
    pub release_one_in: u64,
}

/// The lock itself.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Lock {
    /// Who has it.
    pub holder: Option<NodeId>,
    /// The number of the last grant.
    pub number: u32,
}

impl Lock {
    /// Grants it, whoever had it.
    pub(super) fn grant(&mut self, to: NodeId) {
        self.holder = Some(to);
        self.number += 1;
    }
}

/// How the steps went that a keeper has looked at since it came up.
#[derive(Copy, Clone, Debug, Default)]
pub struct Steps {
    /// Those that began free.
    pub free: u32,
    /// Of them, those in which it was taken.
    pub taken: u32,
    /// All.
    pub all: u32,
    /// Of them, those at whose end it was locked.
    pub locked: u32,
}

impl Steps {
    fn count(&mut self, was: bool, is: bool) {
        self.all += 1;
        self.locked += u32::from(is);
        self.free += u32::from(!was);
        self.taken += u32::from(!was && is);
    }
}

/// What was counted is no part of the state: nothing that the keeper does hangs on it, and two states
/// that differ in it alone are one for the exploration.
impl Hash for Steps {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

/// The keeper.
#[derive(Clone, Hash)]
pub struct Keeper {
    step: Span,
    lock: Lock,
    /// Whether it was locked when it was last looked at.
    was: bool,
    steps: Steps,
}

const LOOK: Timer = Timer(0);

impl Keeper {
    /// The lock, as the keeper has it in memory.
    #[must_use]
    pub fn lock(&self) -> Lock {
        self.lock
    }

    /// How its steps went.
    #[must_use]
    pub fn steps(&self) -> Steps {
        self.steps
    }

    fn asked(&mut self, from: NodeId, ask: Ask, out: &mut Out<'_, Self>) {
        match (ask, self.lock.holder) {
            (Ask::TakeIfFree, None) | (Ask::Set, _) => {
                self.lock.grant(from);
                out.persist(self.lock);
                let number = u64::from(self.lock.number);
                out.note(notes::GRANTED, [from.into(), number.into()]);
                self.tell(from, out);
            }
            (Ask::TakeIfFree, Some(holder)) if holder == from => {
                if out.rule(mistakes::TELL_THE_HOLDER_AGAIN) {
                    out.note(notes::GRANTED_BEFORE, [from.into()]);
                    self.tell(from, out);
                } else {
                    out.note(notes::REFUSED, [from.into(), holder.into()]);
                    out.send_when_durable(from, LockMessage::State(self.lock.holder));
                }
            }
            (Ask::TakeIfFree | Ask::Look, Some(holder)) => {
                out.note(notes::REFUSED, [from.into(), holder.into()]);
                out.send_when_durable(from, LockMessage::State(self.lock.holder));
            }
            (Ask::Look, None) => {
                out.note(notes::IS_FREE, [from.into()]);
                out.send_when_durable(from, LockMessage::State(None));
            }
        }
    }

    /// A grant leaves when it is on the disk: after a crash it would be forgotten, and given again.
    fn tell(&self, to: NodeId, out: &mut Out<'_, Self>) {
        let message = LockMessage::Granted(self.lock.number);
        if out.rule(mistakes::GRANT_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    fn released(&mut self, from: NodeId, number: u32, out: &mut Out<'_, Self>) {
        let its_own = self.lock.holder == Some(from);
        let this = number == self.lock.number || !out.rule(mistakes::LOOK_AT_THE_NUMBER);
        let anybody = !out.rule(ONLY_THE_HOLDER) && self.lock.holder.is_some();
        if (its_own && this) || anybody {
            self.lock.holder = None;
            out.persist(self.lock);
            let key = if its_own && this {
                notes::RELEASED
            } else {
                notes::RELEASED_BY_ANOTHER
            };
            out.note(key, [from.into(), u64::from(self.lock.number).into()]);
        } else {
            out.note(notes::NOT_ITS_OWN, [from.into(), u64::from(number).into()]);
        }
        out.send_when_durable(from, LockMessage::Released(number));
    }

    /// Once in a step: was it locked before, is it now? The page counts these.
    fn look(&mut self, out: &mut Out<'_, Self>) {
        out.set_timer(LOOK, self.step);
        let is = self.lock.holder.is_some();
        let key = match (self.was, is) {
            (false, false) => notes::STAYED_FREE,
            (false, true) => notes::BECAME_LOCKED,
            (true, true) => notes::STAYED_LOCKED,
            (true, false) => notes::BECAME_FREE,
        };
        self.steps.count(self.was, is);
        self.was = is;
        out.note(key, []);
    }
}

impl Engine for Keeper {
    type Message = LockMessage;
    type Disk = Lock;
    type Write = Lock;
    type Request = ();
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["look"];

    fn boot(_me: NodeId, config: &Rc<Config>, disk: &Lock) -> Self {
        Keeper {
            step: config.step,
            lock: *disk,
            was: disk.holder.is_some(),
            steps: Steps::default(),
        }
    }

    fn write(disk: &mut Lock, write: &Lock) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            // Just before the nodes poll again: what was asked in a step is answered by then.
            Input::Started => out.set_timer(LOOK, Span(self.step.0 * 19 / 10)),
            Input::TimerFired(_) => self.look(out),
            Input::Received { from, message } => match message {
                LockMessage::Request(ask) => self.asked(from, *ask, out),
                LockMessage::Release(number) => self.released(from, *number, out),
                // It asks nobody.
                LockMessage::Granted(_) | LockMessage::State(_) | LockMessage::Released(_) => {}
            },
            // A message that depends on a write waits for it by itself.
            Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        lock_facts(self.lock, facts);
    }

    fn role(&self) -> &'static str {
        match self.lock.holder {
            None => "free",
            Some(_) => "locked",
        }
    }

    fn disk_facts(disk: &Lock, facts: &mut Facts) {
        lock_facts(*disk, facts);
    }
}

pub(super) fn lock_facts(lock: Lock, facts: &mut Facts) {
    facts.say("holder", lock.holder);
    facts.say("number", lock.number);
}
