//! A node that wants the lock now and then. It polls: nobody tells it when the lock is free.

use super::keeper::{Config, Lock, ONE_PLACE, ONE_STEP, lock_facts};
use super::message::{Ask, LockMessage};
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Timer};
use std::rc::Rc;

const POLL: Timer = Timer(0);
const WORK: Timer = Timer(1);
const DRAW_ASK: u8 = 0;
const DRAW_RELEASE: u8 = 1;

/// What the lock is to this node.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum State {
    /// It does not have it, and was not refused.
    Unlocked,
    /// It was refused, and polls on.
    Waiting,
    /// It has it, under this number, since this step of its own.
    Locked {
        /// The number of the grant.
        number: u32,
        /// The step in which it learned of it.
        since: u64,
    },
    /// It gives it back, and was not told yet that it is.
    Releasing(u32),
}

/// What a person asks of a node.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Wish {
    /// Ask for the lock now, whatever the die says.
    Take,
    /// Give it back now, whether it has it or not.
    Release,
}

/// One node.
#[derive(Clone, Hash)]
pub struct Taker {
    me: NodeId,
    keeper: NodeId,
    step: Span,
    ask_one_in: u64,
    release_one_in: u64,
    state: State,
    /// How many steps it has counted since it came up.
    steps: u64,
    /// The highest number that it has given back.
    last: u32,
    /// A state of the lock of its own, for when that is what it looks at.
    own: Lock,
}

impl Taker {
    /// What the lock is to it.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// The state that it keeps for itself.
    #[must_use]
    pub fn own(&self) -> Lock {
        self.own
    }

    /// It asks in one of so many steps, and gives back in one of so many.
    #[must_use]
    pub fn dice(&self) -> (u64, u64) {
        (self.ask_one_in, self.release_one_in)
    }

    /// Whether it believes to have the lock.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self.state, State::Locked { .. })
    }

    /// A new step begins.
    fn poll(&mut self, out: &mut Out<'_, Self>) {
        out.set_timer(POLL, self.step);
        self.steps += 1;
        match self.state {
            State::Unlocked | State::Waiting => {
                if out.draw(DRAW_ASK, 1..=self.ask_one_in) == 1 {
                    self.ask(out);
                } else {
                    out.note(notes::DOES_NOT_ASK, []);
                }
            }
            State::Releasing(number) => {
                out.note(notes::RELEASES_AGAIN, [u64::from(number).into()]);
                out.send(self.keeper, LockMessage::Release(number));
            }
            State::Locked { .. } => {}
        }
    }

    /// In the middle of a step; not of that in which it was granted.
    fn work(&mut self, out: &mut Out<'_, Self>) {
        out.set_timer(WORK, self.step);
        if let State::Locked { since, .. } = self.state
            && since < self.steps
        {
            if out.draw(DRAW_RELEASE, 1..=self.release_one_in) == 1 {
                self.release(out);
            } else {
                out.note(notes::HOLDS_ON, []);
            }
        }
    }

    fn ask(&mut self, out: &mut Out<'_, Self>) {
        if !out.rule(ONE_PLACE) {
            self.ask_itself(out);
            return;
        }
        let ask = if out.rule(ONE_STEP) {
            Ask::TakeIfFree
        } else {
            Ask::Look
        };
        out.note(notes::ASKS, [self.keeper.into()]);
        out.send(self.keeper, LockMessage::Request(ask));
    }

    /// The article's class: the state of the lock is a field of the object, and every process has
    /// an object of its own. Nobody else ever holds it here.
    fn ask_itself(&mut self, out: &mut Out<'_, Self>) {
        self.own.grant(self.me);
        out.note(notes::ASKED_ITSELF, [u64::from(self.own.number).into()]);
        self.state = State::Locked {
            number: self.own.number,
            since: self.steps,
        };
    }

    fn release(&mut self, out: &mut Out<'_, Self>) {
        if self.own.holder.is_some() {
            self.own.holder = None;
            self.state = State::Unlocked;
            out.note(notes::RELEASED_ITSELF, []);
            return;
        }
        // A person may make it give back what it does not have: 0 is the number of no grant.
        let mut number = 0;
        if let State::Locked { number: held, .. } | State::Releasing(held) = self.state {
            number = held;
            self.last = self.last.max(held);
            self.state = State::Releasing(held);
        }
        out.note(notes::RELEASES, [u64::from(number).into()]);
        out.send(self.keeper, LockMessage::Release(number));
    }

    fn granted(&mut self, number: u32, out: &mut Out<'_, Self>) {
        let known = match self.state {
            State::Locked { number: held, .. } => held >= number,
            State::Unlocked | State::Waiting | State::Releasing(_) => self.last >= number,
        };
        if known {
            out.note(notes::OLD_GRANT, [u64::from(number).into()]);
            return;
        }
        out.note(notes::HAS_IT, [u64::from(number).into()]);
        self.state = State::Locked {
            number,
            since: self.steps,
        };
    }

    fn learned(&mut self, holder: Option<NodeId>, out: &mut Out<'_, Self>) {
        let open = matches!(self.state, State::Unlocked | State::Waiting);
        match holder {
            _ if !open => out.note(notes::TOO_LATE, []),
            None if out.rule(ONE_STEP) => out.note(notes::TOO_LATE, []),
            None => {
                out.note(notes::SETS, []);
                out.send(self.keeper, LockMessage::Request(Ask::Set));
            }
            Some(holder) => {
                out.note(notes::WAITS, [holder.into()]);
                self.state = State::Waiting;
            }
        }
    }
}

impl Engine for Taker {
    type Message = LockMessage;
    type Disk = ();
    type Write = ();
    type Request = Wish;
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["poll", "work"];

    fn boot(me: NodeId, config: &Rc<Config>, _disk: &()) -> Self {
        Taker {
            me,
            keeper: config.keeper,
            step: config.step,
            ask_one_in: config.ask_one_in,
            release_one_in: config.release_one_in,
            state: State::Unlocked,
            steps: 0,
            last: 0,
            own: Lock::default(),
        }
    }

    fn write(_disk: &mut (), _write: &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                out.set_timer(POLL, self.step);
                out.set_timer(WORK, Span(self.step.0 * 3 / 2));
            }
            Input::TimerFired(POLL) => self.poll(out),
            Input::TimerFired(_) => self.work(out),
            Input::Asked(Wish::Take) => match self.state {
                State::Unlocked | State::Waiting => self.ask(out),
                State::Locked { .. } | State::Releasing(_) => out.note(notes::HOLDS_ON, []),
            },
            Input::Asked(Wish::Release) => self.release(out),
            Input::Received { message, .. } => match *message {
                LockMessage::Granted(number) => self.granted(number, out),
                LockMessage::State(holder) => self.learned(holder, out),
                LockMessage::Released(number) => {
                    if self.state == State::Releasing(number) {
                        self.state = State::Unlocked;
                        out.note(notes::IS_RID_OF_IT, [u64::from(number).into()]);
                    } else {
                        out.note(notes::TOO_LATE, []);
                    }
                }
                // Nobody asks a node.
                LockMessage::Request(_) | LockMessage::Release(_) => {}
            },
            // It writes nothing.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("state", crate::engine::Fact::Key(self.role()));
        let number = match self.state {
            State::Locked { number, .. } | State::Releasing(number) => Some(number),
            State::Unlocked | State::Waiting => None,
        };
        facts.say("number", number);
        let mut own = Facts::default();
        lock_facts(self.own, &mut own);
        facts.say("own", own);
    }

    fn role(&self) -> &'static str {
        match self.state {
            State::Unlocked => "unlocked",
            State::Waiting => "waiting",
            State::Locked { .. } => "holder",
            State::Releasing(_) => "releasing",
        }
    }

    fn disk_facts(_disk: &(), _facts: &mut Facts) {}
}
