//! The engine itself, and the thin adaptor by which the world runs one without knowing its type.

use super::fact::Facts;
use super::fingerprint::Fingerprint;
use super::ids::NodeId;
use super::message::{AnyMessage, Message, typed};
use super::outbox::{Out, Pools, RawOutbox, Timer, WriteId};
use super::renaming::Renaming;
use std::any::Any;
use std::hash::Hash;
use std::rc::Rc;

/// A protocol engine: one participant, as a value.
pub trait Engine: Clone + Hash + Sized + 'static {
    /// What it says to others, and hears.
    type Message: Message;
    /// What survives a crash.
    type Disk: Clone + Default + Hash + 'static;
    /// One change to [`Engine::Disk`].
    type Write: Hash + 'static;
    /// What a person (or a workload) can ask of it.
    type Request: 'static;
    /// What is fixed for the whole run: peers, timeouts.
    type Config: 'static;

    /// The names of its kinds of timers.
    const TIMERS: &'static [&'static str];

    /// The engine as it comes up with what is on its disk, before any input.
    fn boot(me: NodeId, config: &Rc<Self::Config>, disk: &Self::Disk) -> Self;

    /// Carries one write out on the disk.
    fn write(disk: &mut Self::Disk, write: &Self::Write);

    /// Handles one input: changes itself, and leaves work in `out`.
    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>);

    /// What it holds in memory.
    fn facts(&self, facts: &mut Facts);

    /// What it is at the moment, as a word of the protocol: one of the lab's roles, or empty. Asked
    /// after every step of a search.
    fn role(&self) -> &'static str {
        ""
    }

    /// What its disk holds.
    fn disk_facts(disk: &Self::Disk, facts: &mut Facts);

    /// The same engine and disk in a world whose nodes have other names, so that worlds which are
    /// alike but for those need to be explored once only. What is kept by node in an order of
    /// names has to be in that order again. Renaming and then handling an input must come to the
    /// same as handling it and then renaming. `None` where the lab does not offer that.
    fn renamed(&self, _disk: &Self::Disk, _names: &Renaming) -> Option<(Self, Self::Disk)> {
        None
    }

    /// The same write in that world.
    fn write_renamed(_write: &Self::Write, _names: &Renaming) -> Option<Self::Write> {
        None
    }
}

/// What can come in to an engine.
pub enum Input<'a, E: Engine> {
    /// It came up; timers are to be set now.
    Started,
    /// A message came.
    Received {
        /// Its sender.
        from: NodeId,
        /// The message, shared with other copies of it.
        message: &'a E::Message,
    },
    /// A timer ran out.
    TimerFired(Timer),
    /// Every write up to this one is on disk.
    Written(WriteId),
    /// A person asked for something.
    Asked(&'a E::Request),
}

/// [`Input`] before its types are known, all but what is most frequent: [`AnyNode::receive`].
pub enum RawInput<'a> {
    /// See [`Input::Started`].
    Started,
    /// See [`Input::TimerFired`].
    TimerFired(Timer),
    /// See [`Input::Written`].
    Written(WriteId),
    /// See [`Input::Asked`].
    Asked(&'a dyn Any),
}

/// A node whose engine the world does not know.
pub trait AnyNode: Any {
    /// Runs the engine on one input. An input of a foreign type is passed over.
    fn handle(&mut self, input: RawInput<'_>, raw: &mut RawOutbox);
    /// Runs the engine on a message that came, with its sender.
    fn receive(&mut self, from: NodeId, message: &dyn AnyMessage, raw: &mut RawOutbox);
    /// Carries one write out.
    fn write(&mut self, write: &dyn Any);
    /// Replaces the engine by one that has only its disk.
    fn boot(&mut self);
    /// Loses the disk.
    fn wipe(&mut self);
    /// A copy, for a snapshot.
    fn dup(&self) -> Box<dyn AnyNode>;
    /// Takes engine and disk into the hash of a state.
    fn print(&self, print: &mut Fingerprint);
    /// Takes a write into the hash of a state.
    fn print_write(&self, write: &dyn Any, print: &mut Fingerprint);
    /// See [`Engine::renamed`].
    fn renamed(&self, names: &Renaming) -> Option<Box<dyn AnyNode>>;
    /// See [`Engine::write_renamed`].
    fn write_renamed(&self, write: &dyn Any, names: &Renaming) -> Option<Rc<dyn Any>>;
    /// What it holds in memory.
    fn facts(&self, facts: &mut Facts);
    /// What it is at the moment.
    fn role(&self) -> &'static str;
    /// What its disk holds.
    fn disk_facts(&self, facts: &mut Facts);
    /// The names of its kinds of timers.
    fn timers(&self) -> &'static [&'static str];
}

/// An engine with its disk and what it needs to come up again.
pub struct Runner<E: Engine> {
    engine: E,
    disk: E::Disk,
    me: NodeId,
    config: Rc<E::Config>,
    pools: Pools<E>,
}

/// By hand: a derived one would ask that the shared configuration can be cloned, too.
impl<E: Engine> Clone for Runner<E> {
    fn clone(&self) -> Self {
        Runner {
            engine: self.engine.clone(),
            disk: self.disk.clone(),
            me: self.me,
            config: Rc::clone(&self.config),
            pools: Pools::default(),
        }
    }
}

impl<E: Engine> Runner<E> {
    /// A node with an empty disk.
    #[must_use]
    pub fn node(me: NodeId, config: &Rc<E::Config>) -> Box<dyn AnyNode> {
        let disk = E::Disk::default();
        let engine = E::boot(me, config, &disk);
        Box::new(Runner {
            engine,
            disk,
            me,
            config: Rc::clone(config),
            pools: Pools::default(),
        })
    }
}

impl<E: Engine> AnyNode for Runner<E> {
    fn handle(&mut self, input: RawInput<'_>, raw: &mut RawOutbox) {
        let input = match input {
            RawInput::Started => Input::Started,
            RawInput::TimerFired(timer) => Input::TimerFired(timer),
            RawInput::Written(write) => Input::Written(write),
            RawInput::Asked(request) => match request.downcast_ref() {
                Some(request) => Input::Asked(request),
                None => return,
            },
        };
        self.engine
            .handle(input, &mut Out::new(raw, &mut self.pools));
    }

    fn receive(&mut self, from: NodeId, message: &dyn AnyMessage, raw: &mut RawOutbox) {
        if let Some(message) = typed(message) {
            let out = &mut Out::new(raw, &mut self.pools);
            self.engine.handle(Input::Received { from, message }, out);
        }
    }

    fn write(&mut self, write: &dyn Any) {
        if let Some(write) = write.downcast_ref() {
            E::write(&mut self.disk, write);
        }
    }

    fn boot(&mut self) {
        self.engine = E::boot(self.me, &self.config, &self.disk);
    }

    fn wipe(&mut self) {
        self.disk = E::Disk::default();
    }

    fn dup(&self) -> Box<dyn AnyNode> {
        Box::new(self.clone())
    }

    fn print(&self, print: &mut Fingerprint) {
        self.engine.hash(print);
        self.disk.hash(print);
    }

    fn print_write(&self, write: &dyn Any, print: &mut Fingerprint) {
        if let Some(write) = write.downcast_ref::<E::Write>() {
            write.hash(print);
        }
    }

    fn renamed(&self, names: &Renaming) -> Option<Box<dyn AnyNode>> {
        let (engine, disk) = self.engine.renamed(&self.disk, names)?;
        Some(Box::new(Runner {
            engine,
            disk,
            me: names.of(self.me),
            config: Rc::clone(&self.config),
            pools: Pools::default(),
        }))
    }

    fn write_renamed(&self, write: &dyn Any, names: &Renaming) -> Option<Rc<dyn Any>> {
        Some(Rc::new(E::write_renamed(write.downcast_ref()?, names)?))
    }

    fn facts(&self, facts: &mut Facts) {
        self.engine.facts(facts);
    }

    fn role(&self) -> &'static str {
        self.engine.role()
    }

    fn disk_facts(&self, facts: &mut Facts) {
        E::disk_facts(&self.disk, facts);
    }

    fn timers(&self) -> &'static [&'static str] {
        E::TIMERS
    }
}

/// The engine inside, if it is of this type.
#[must_use]
pub fn engine_of<E: Engine>(node: &dyn AnyNode) -> Option<&E> {
    Some(parts_of::<E>(node)?.0)
}

/// The disk inside, if the engine is of this type.
#[must_use]
pub fn disk_of<E: Engine>(node: &dyn AnyNode) -> Option<&E::Disk> {
    Some(parts_of::<E>(node)?.1)
}

/// The engine and the disk inside, if the engine is of this type.
#[inline]
#[must_use]
pub fn parts_of<E: Engine>(node: &dyn AnyNode) -> Option<(&E, &E::Disk)> {
    let runner: &Runner<E> = (node as &dyn Any).downcast_ref()?;
    Some((&runner.engine, &runner.disk))
}
