//! The resource as a node: it takes writes, keeps them on its disk, and may look at their fencing
//! numbers. A lab says by which of its messages writes come, and what its notes are.

use super::{Arrival, Attempt, Resource};
use crate::engine::{Engine, Facts, Input, Message, NodeId, NoteKey, Out, RuleId};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::rc::Rc;

/// What became of a write.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct WriteAnswer {
    /// The grant under which it was written.
    pub tag: u64,
    /// Whether it was accepted.
    pub accepted: bool,
    /// The highest number that the resource has seen.
    pub highest: u64,
}

/// How a lab's clients speak to the resource.
pub trait Guards: 'static {
    /// The lab's messages.
    type Message: Message;
    /// The rule that the resource checks numbers.
    const CHECK: RuleId;
    /// A write was accepted: of whom, its number, the highest one.
    const ACCEPTED: NoteKey;
    /// A write without a number was accepted, or one that nobody looked at: of whom.
    const ACCEPTED_UNSEEN: NoteKey;
    /// A write was refused: of whom, its number, the highest one.
    const REFUSED: NoteKey;

    /// The write that comes by a message, if one does.
    fn attempt(message: &Self::Message) -> Option<Attempt>;

    /// The message that answers it.
    fn answer(answer: WriteAnswer) -> Self::Message;
}

/// The resource as a node. Whether it can look at numbers at all is fixed for the run.
pub struct Guarded<G> {
    resource: Resource,
    looks: bool,
    guards: PhantomData<fn() -> G>,
}

/// By hand, as a derived one would ask it of the lab's marker.
impl<G> Clone for Guarded<G> {
    fn clone(&self) -> Self {
        Guarded {
            resource: self.resource.clone(),
            looks: self.looks,
            guards: PhantomData,
        }
    }
}

impl<G> Hash for Guarded<G> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.resource.hash(state);
    }
}

impl<G> Guarded<G> {
    /// What it holds in memory.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// Whether it can look at numbers.
    #[must_use]
    pub fn looks(&self) -> bool {
        self.looks
    }
}

impl<G: Guards> Guarded<G> {
    fn wrote(&mut self, from: NodeId, attempt: Attempt, out: &mut Out<'_, Self>) {
        let check = self.looks && out.rule(G::CHECK);
        let accepted = self.resource.receive(attempt, check);
        let (number, highest) = (attempt.number, self.resource.highest());
        match (accepted, number.filter(|_| self.looks)) {
            (true, Some(number)) => {
                let args = [from.into(), number.into(), highest.into()];
                out.note(G::ACCEPTED, args);
            }
            (true, None) => out.note(G::ACCEPTED_UNSEEN, [from.into()]),
            (false, number) => {
                let args = [from.into(), number.unwrap_or(0).into(), highest.into()];
                out.note(G::REFUSED, args);
            }
        }
        if accepted {
            out.persist(Arrival { attempt, accepted });
        }
        let answer = WriteAnswer {
            tag: attempt.tag,
            accepted,
            highest,
        };
        out.send_when_durable(from, G::answer(answer));
    }
}

impl<G: Guards> Engine for Guarded<G> {
    type Message = G::Message;
    type Disk = Resource;
    type Write = Arrival;
    type Request = ();
    /// Whether it can look at numbers.
    type Config = bool;

    const TIMERS: &'static [&'static str] = &[];

    fn boot(_me: NodeId, looks: &Rc<bool>, disk: &Resource) -> Self {
        Guarded {
            resource: disk.clone(),
            looks: **looks,
            guards: PhantomData,
        }
    }

    fn write(disk: &mut Resource, write: &Arrival) {
        disk.note(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Received { from, message } => {
                if let Some(attempt) = G::attempt(message) {
                    self.wrote(from, attempt, out);
                }
            }
            // It talks to nobody but those who write, and has no timers.
            Input::Started | Input::TimerFired(_) | Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        say(&self.resource, facts);
    }

    fn role(&self) -> &'static str {
        "resource"
    }

    fn disk_facts(disk: &Resource, facts: &mut Facts) {
        say(disk, facts);
    }
}

fn say(resource: &Resource, facts: &mut Facts) {
    facts.say("highest", resource.highest());
    facts.say("accepted", resource.accepted());
    facts.say("refused", resource.refused());
    let last = resource.recent().iter().rev();
    let mut accepted = last.filter(|arrival| arrival.accepted);
    let writer = accepted.next().map(|arrival| arrival.attempt.writer);
    facts.say("last-writer", writer);
}
