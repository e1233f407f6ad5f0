//! What the lock protects. Redlock gives no number that grows, so there is nothing to look at: it takes
//! whatever comes.

use super::message::RedlockMessage;
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out};
use crate::lab::locks::{Arrival, Resource};
use std::rc::Rc;

/// The resource as a node.
#[derive(Clone, Hash)]
pub struct Shared {
    resource: Resource,
}

impl Shared {
    /// What it holds in memory.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        &self.resource
    }
}

impl Engine for Shared {
    type Message = RedlockMessage;
    type Disk = Resource;
    type Write = Arrival;
    type Request = ();
    type Config = ();

    const TIMERS: &'static [&'static str] = &[];

    fn boot(_me: NodeId, _config: &Rc<()>, disk: &Resource) -> Self {
        Shared {
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
                message: RedlockMessage::WriteRequest(attempt),
            } => {
                let attempt = *attempt;
                let accepted = self.resource.receive(attempt, false);
                out.persist(Arrival { attempt, accepted });
                out.note(notes::ACCEPTED, [from.into()]);
                let tag = attempt.tag;
                out.send_when_durable(from, RedlockMessage::WriteReply { tag });
            }
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
    facts.say("accepted", resource.accepted());
    let last = resource.recent().last();
    facts.say("last-writer", last.map(|arrival| arrival.attempt.writer));
}
