//! The outbox: the work that an engine leaves behind, and what the world lends to it.

use super::append::append;
use super::choices::Choices;
use super::draws::Draws;
use super::ids::{NodeId, Span, Time};
use super::message::{Message, Parcel};
use super::node::Engine;
use super::note::{Arg, Note, NoteKey};
use super::report::Report;
use super::rules::{RuleId, RuleSet};
use std::any::Any;
use std::marker::PhantomData;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// One of a node's timers. An engine names its kinds in [`Engine::TIMERS`]; a timer that is about
/// another node has a place of its own for each.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Timer(pub u16);

impl Timer {
    /// The place of the timer of `kind` (of `kinds`) that is about `node`.
    #[must_use]
    pub fn about(kind: u16, kinds: u16, node: NodeId) -> Self {
        Timer(kind + kinds * (node.0 + 1))
    }

    /// Which kind, and about which node if any: the inverse of [`Timer::about`].
    #[must_use]
    pub fn split(self, kinds: u16) -> (u16, Option<NodeId>) {
        (self.0 % kinds, (self.0 / kinds).checked_sub(1).map(NodeId))
    }
}

/// A write to disk, numbered by its node in the order of asking. Once all that were asked for are
/// done, the numbers may begin anew: that of a write that was reported says nothing any more.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct WriteId(pub u32);

/// Work that an engine asks of the world.
pub enum Effect {
    /// Put a message on the link to `to`.
    Send {
        /// Receiver.
        to: NodeId,
        /// The message.
        parcel: Parcel,
        /// Its kind.
        kind: u8,
        /// Leave only when every write asked for so far is on disk.
        durable: bool,
    },
    /// Set (or set anew) a timer.
    SetTimer {
        /// Which.
        timer: Timer,
        /// How long from now, by the node's own clock.
        after: Span,
    },
    /// Stop a timer.
    StopTimer {
        /// Which.
        timer: Timer,
    },
    /// Write to the node's own disk.
    Persist {
        /// The durable change, of the engine's own type.
        write: Rc<dyn Any>,
    },
}

/// The erased outbox: one for the whole world, used anew for every input.
#[derive(Default)]
pub struct RawOutbox {
    /// The work, in the order in which it was asked.
    pub effects: Vec<Effect>,
    /// The reasons given.
    pub notes: Vec<Note>,
    /// Lines of client history.
    pub reports: Vec<Report>,
    /// The node's own clock.
    pub now: Time,
    /// The rules in force.
    pub rules: RuleSet,
    /// The number of the last write asked for.
    pub last_write: WriteId,
    /// Where this node's draws come from: see `sim::dice`.
    pub dice: Dice,
    /// In an exploration, what is drawn instead.
    pub choices: Option<Choices>,
}

/// What a node allocated for its messages or its writes, to be filled anew: each lives for a few
/// steps only. The node keeps a share of each, and uses it again once nobody else has one.
struct Pool<T> {
    all: Vec<Rc<T>>,
    /// The one given out the longest ago.
    next: usize,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool {
            all: Vec::new(),
            next: 0,
        }
    }
}

impl<T> Pool<T> {
    /// More are not kept.
    const MOST: usize = 64;

    /// Within its caller, so that a message is written once, where it stays: copied from where
    /// it was made, it would have to wait for what was written there piece by piece.
    #[inline(always)]
    fn fill(&mut self, value: T) -> Rc<T> {
        let at = self.next;
        if let Some(spare) = self.all.get_mut(at)
            && let Some(place) = Rc::get_mut(spare)
        {
            *place = value;
            self.next = if at + 1 < self.all.len() { at + 1 } else { 0 };
            return Rc::clone(&self.all[at]);
        }
        // In memory before the call: a value that a call refers to would have to be made apart.
        let new = Rc::new(value);
        self.add(&new);
        new
    }

    #[cold]
    #[inline(never)]
    fn add(&mut self, new: &Rc<T>) {
        if self.all.len() < Self::MOST {
            self.all.insert(self.next, Rc::clone(new));
        } else {
            self.all[self.next] = Rc::clone(new);
        }
        self.next = (self.next + 1) % self.all.len();
    }
}

/// The pools of one node. They are no part of its state.
pub struct Pools<E: Engine> {
    messages: Pool<E::Message>,
    writes: Pool<E::Write>,
}

impl<E: Engine> Default for Pools<E> {
    fn default() -> Self {
        Pools {
            messages: Pool::default(),
            writes: Pool::default(),
        }
    }
}

/// Draws lent to one node: keyed by (seed, node, purpose, ordinal), so that no draw depends on
/// how many others were made elsewhere.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Dice {
    /// Derived from the world's seed and the node.
    pub key: u64,
    /// How many draws were made for each purpose.
    pub ordinals: [u32; Dice::PURPOSES],
}

impl Dice {
    /// How many purposes a node can draw for.
    pub const PURPOSES: usize = 4;

    /// A whole number in the range, both ends included.
    #[inline]
    pub fn draw(&mut self, purpose: u8, range: RangeInclusive<u64>) -> u64 {
        let ordinal = &mut self.ordinals[usize::from(purpose) % Self::PURPOSES];
        *ordinal += 1;
        let stream = u64::from(purpose) << 32 | u64::from(*ordinal);
        Draws::at(self.key, stream).between(*range.start(), *range.end())
    }
}

/// The typed face of the outbox that an engine writes into.
///
/// An engine inside another writes through [`Out::nested`]: its messages, timers, writes, notes
/// and rules are carried into the outer engine's own, so that every fault reaches it.
pub struct Out<'a, E: Engine> {
    raw: &'a mut RawOutbox,
    wrap: Wrap<'a, E>,
    timer_base: u16,
    note_base: u16,
    rule_base: u8,
    engine: PhantomData<E>,
}

/// How messages and writes lose their types.
enum Wrap<'a, E: Engine> {
    /// Those of an engine that stands on its own.
    Own(&'a mut Pools<E>),
    /// Those of an inner engine become those of the outermost one.
    Carry {
        message: fn(E::Message) -> Parcel,
        write: fn(E::Write) -> Rc<dyn Any>,
    },
}

impl<'a, E: Engine> Out<'a, E> {
    /// The face of an engine that stands on its own.
    #[must_use]
    pub fn new(raw: &'a mut RawOutbox, pools: &'a mut Pools<E>) -> Self {
        Out {
            raw,
            wrap: Wrap::Own(pools),
            timer_base: 0,
            note_base: 0,
            rule_base: 0,
            engine: PhantomData,
        }
    }

    /// The face for an engine `I` that this one runs inside itself. `timer_base` and `note_base`
    /// and `rule_base` say where the inner engine's own tables begin within the outer ones.
    pub fn nested<I: Engine>(
        &mut self,
        message: fn(I::Message) -> Parcel,
        write: fn(I::Write) -> Rc<dyn Any>,
        (timer_base, note_base, rule_base): (u16, u16, u8),
    ) -> Out<'_, I> {
        Out {
            raw: self.raw,
            wrap: Wrap::Carry { message, write },
            timer_base,
            note_base,
            rule_base,
            engine: PhantomData,
        }
    }

    /// Sends a message at once.
    #[inline(always)]
    pub fn send(&mut self, to: NodeId, message: E::Message) {
        self.send_parcel(to, message, false);
    }

    /// Sends a message once every write asked for so far is on disk. A crash before loses it.
    #[inline(always)]
    pub fn send_when_durable(&mut self, to: NodeId, message: E::Message) {
        self.send_parcel(to, message, true);
    }

    #[inline(always)]
    fn send_parcel(&mut self, to: NodeId, message: E::Message, durable: bool) {
        let (kind, parcel) = match &mut self.wrap {
            Wrap::Own(pools) => (message.kind(), pools.messages.fill(message) as Parcel),
            Wrap::Carry { message: carry, .. } => {
                let parcel = carry(message);
                (parcel.kind(), parcel)
            }
        };
        append(&mut self.raw.effects, || Effect::Send {
            to,
            parcel,
            kind,
            durable,
        });
    }

    /// Sets a timer, replacing its former setting.
    #[inline]
    pub fn set_timer(&mut self, timer: Timer, after: Span) {
        let timer = Timer(timer.0 + self.timer_base);
        append(&mut self.raw.effects, || Effect::SetTimer { timer, after });
    }

    /// Stops a timer; one that is not set stays so.
    pub fn stop_timer(&mut self, timer: Timer) {
        let timer = Timer(timer.0 + self.timer_base);
        append(&mut self.raw.effects, || Effect::StopTimer { timer });
    }

    /// Asks for a write to disk; [`super::Input::Written`] tells when it is done.
    #[inline]
    pub fn persist(&mut self, write: E::Write) -> WriteId {
        let write = match &mut self.wrap {
            Wrap::Own(pools) => pools.writes.fill(write) as Rc<dyn Any>,
            Wrap::Carry { write: carry, .. } => carry(write),
        };
        append(&mut self.raw.effects, || Effect::Persist { write });
        self.raw.last_write.0 += 1;
        self.raw.last_write
    }

    /// Says why: `out.note(notes::VOTE_GRANTED, [candidate.into(), term.into()])`.
    #[inline]
    pub fn note<const N: usize>(&mut self, key: NoteKey, args: [Arg; N]) {
        let key = NoteKey(key.0 + self.note_base);
        append(&mut self.raw.notes, || Note::new(key, args));
    }

    /// Adds a line to the client history.
    pub fn report(&mut self, report: Report) {
        self.raw.reports.push(report);
    }

    /// Whether a safety rule is in force.
    #[inline]
    #[must_use]
    pub fn rule(&self, rule: RuleId) -> bool {
        self.raw.rules.on(RuleId(rule.0 + self.rule_base))
    }

    /// The node's own clock, which may be wrong.
    #[must_use]
    pub fn now(&self) -> Time {
        self.raw.now
    }

    /// A draw in the range, both ends included. Each `purpose` (below [`Dice::PURPOSES`]) counts
    /// on its own, so that a draw for one does not change those for another.
    pub fn draw(&mut self, purpose: u8, range: RangeInclusive<u64>) -> u64 {
        match &mut self.raw.choices {
            None => self.raw.dice.draw(purpose, range),
            Some(choices) => choices.draw(&range),
        }
    }
}
