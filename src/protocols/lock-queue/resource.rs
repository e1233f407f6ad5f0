//! The resource that the locks protect: a store of its own, which knows nothing of locks but the
//! number that comes with each write.

use super::message::QueueMessage;
use super::notes;
use super::rules::CHECK_THE_NUMBER;
use super::tree::{LOCKS, Lock, Zxid};
use crate::engine::{Engine, Facts, Input, NodeId, Out};
use crate::lab::locks::{Arrival, Attempt};
use std::rc::Rc;

/// What is stored for one lock.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Register {
    /// The number of the write that was taken last.
    pub fence: Zxid,
    /// The highest number that was ever taken.
    pub highest: Zxid,
    /// Who wrote last.
    pub by: Option<NodeId>,
    /// How many writes were taken.
    pub taken: u32,
    /// How many were refused.
    pub refused: u32,
}

/// The resource.
#[derive(Clone, Hash)]
pub struct Resource {
    registers: [Register; LOCKS],
    /// What came of late, oldest first, to be shown.
    recent: Vec<(Lock, Arrival)>,
}

/// So many of the writes that came are shown.
const RECENT: usize = 8;

impl Resource {
    /// What is stored for a lock.
    #[must_use]
    pub fn register(&self, lock: Lock) -> Register {
        self.registers[lock.index()]
    }

    /// What came of late, oldest first.
    #[must_use]
    pub fn recent(&self) -> &[(Lock, Arrival)] {
        &self.recent
    }

    fn write(
        &mut self,
        from: NodeId,
        (lock, fence, number): (Lock, Zxid, u32),
        out: &mut Out<'_, Self>,
    ) {
        let register = &mut self.registers[lock.index()];
        let old = fence < register.highest;
        let accepted = !old || !out.rule(CHECK_THE_NUMBER);
        let args = [from.into(), fence.into(), register.highest.into()];
        if accepted {
            let note = if old {
                notes::OLD_WRITE_TAKEN
            } else {
                notes::WRITE_TAKEN
            };
            out.note(note, args);
            *register = Register {
                fence,
                highest: register.highest.max(fence),
                by: Some(from),
                taken: register.taken + 1,
                ..*register
            };
            out.persist((lock, *register));
        } else {
            register.refused += 1;
            out.note(notes::WRITE_REFUSED, args);
        }
        let highest = register.highest;
        let attempt = Attempt {
            writer: from,
            tag: u64::from(fence.0),
            number: Some(u64::from(fence.0)),
        };
        if self.recent.len() == RECENT {
            self.recent.remove(0);
        }
        self.recent.push((lock, Arrival { attempt, accepted }));
        let reply = QueueMessage::WriteReply {
            lock,
            number,
            accepted,
            highest,
        };
        out.send_when_durable(from, reply);
    }
}

impl Engine for Resource {
    type Message = QueueMessage;
    type Disk = [Register; LOCKS];
    type Write = (Lock, Register);
    type Request = ();
    type Config = ();

    const TIMERS: &'static [&'static str] = &[];

    fn boot(_: NodeId, _: &Rc<()>, disk: &Self::Disk) -> Self {
        Resource {
            registers: *disk,
            recent: Vec::new(),
        }
    }

    fn write(disk: &mut Self::Disk, (lock, register): &Self::Write) {
        disk[lock.index()] = *register;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Received {
                from,
                message:
                    QueueMessage::Write {
                        lock,
                        fence,
                        number,
                    },
            } => self.write(from, (*lock, *fence, *number), out),
            // It has no timers, nobody asks it by hand, and nothing else is sent to it.
            Input::Received { .. }
            | Input::Started
            | Input::TimerFired(_)
            | Input::Written(_)
            | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        registers(&self.registers, facts);
    }

    fn role(&self) -> &'static str {
        "resource"
    }

    fn disk_facts(disk: &Self::Disk, facts: &mut Facts) {
        registers(disk, facts);
    }
}

fn registers(registers: &[Register; LOCKS], facts: &mut Facts) {
    for (name, register) in ["a", "b"].into_iter().zip(registers) {
        let mut known = Facts::default();
        known.say("fence", register.fence);
        known.say("highest", register.highest);
        known.say("by", register.by);
        known.say("taken", register.taken);
        known.say("refused", register.refused);
        facts.say(name, known);
    }
}
