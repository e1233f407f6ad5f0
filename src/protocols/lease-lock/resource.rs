//! The node that the lock protects: it takes writes, keeps them on its disk, and may look at their
//! fencing numbers.

use super::lab::CHECK_THE_NUMBER;
use super::message::LockMessage;
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out};
use crate::lab::locks::{Arrival, Attempt, Resource};
use std::rc::Rc;

/// The resource as a node.
#[derive(Clone, Hash)]
pub struct Guarded {
    resource: Resource,
}

impl Guarded {
    /// What it holds in memory.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    fn wrote(&mut self, from: NodeId, attempt: Attempt, out: &mut Out<'_, Self>) {
        let accepted = self.resource.receive(attempt, out.rule(CHECK_THE_NUMBER));
        let (number, highest) = (attempt.number, self.resource.highest());
        match (accepted, number) {
            (true, Some(number)) => {
                let args = [from.into(), number.into(), highest.into()];
                out.note(notes::ACCEPTED, args);
            }
            (true, None) => out.note(notes::ACCEPTED_UNSEEN, [from.into()]),
            (false, number) => {
                let args = [from.into(), number.unwrap_or(0).into(), highest.into()];
                out.note(notes::REFUSED, args);
            }
        }
        if accepted {
            out.persist(Arrival { attempt, accepted });
        }
        let answer = LockMessage::WriteReply {
            tag: attempt.tag,
            accepted,
            highest,
        };
        out.send_when_durable(from, answer);
    }
}

impl Engine for Guarded {
    type Message = LockMessage;
    type Disk = Resource;
    type Write = Arrival;
    type Request = ();
    type Config = ();

    const TIMERS: &'static [&'static str] = &[];

    fn boot(_me: NodeId, _config: &Rc<()>, disk: &Resource) -> Self {
        Guarded {
            resource: disk.clone(),
        }
    }

    fn write(disk: &mut Resource, write: &Arrival) {
        disk.note(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Received {
                from,
                message: LockMessage::WriteRequest(attempt),
            } => self.wrote(from, *attempt, out),
            // It talks to nobody but those who write, and has no timers.
            Input::Started
            | Input::Received { .. }
            | Input::TimerFired(_)
            | Input::Written(_)
            | Input::Asked(()) => {}
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
    facts.say(
        "last-writer",
        accepted.next().map(|arrival| arrival.attempt.writer),
    );
}
