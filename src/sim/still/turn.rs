//! What a node does on an input: computed once, and kept.

use super::super::cell::{Cell, Held, Outgoing, Pending, Slot, Status};
use super::Still;
use crate::engine::{
    Choices, Effect, Fingerprint, NodeId, Note, Parcel, RawInput, Report, Time, Timer, WriteId,
};
use std::rc::Rc;

/// What can come in to a node, or happen to it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Input {
    Started,
    /// The number of a message.
    Received(u32),
    Fired(Timer),
    /// Its oldest write is done.
    Written,
    Crashed,
    Restarted,
    /// The place of a request.
    Asked(u8),
}

impl Input {
    /// A word of its own for each.
    fn word(self) -> u64 {
        let (tag, rest) = match self {
            Input::Started => (0, 0),
            Input::Received(mail) => (1, mail),
            Input::Fired(timer) => (2, u32::from(timer.0)),
            Input::Written => (3, 0),
            Input::Crashed => (4, 0),
            Input::Restarted => (5, 0),
            Input::Asked(place) => (6, u32::from(place)),
        };
        tag << 32 | u64::from(rest)
    }
}

/// What came of it.
pub(super) struct Turn {
    /// The state that the node is in then.
    pub(super) seat: u32,
    /// The messages that left.
    pub(super) sent: Box<[u32]>,
    pub(super) notes: Box<[Note]>,
    pub(super) reports: Box<[Report]>,
    pub(super) writes: u32,
    /// What was drawn.
    pub(super) choices: Choices,
}

impl Turn {
    /// The bytes of one, about.
    pub(super) const WEIGHT: usize = size_of::<Turn>() + 2 * size_of::<Note>() + 32;
}

impl Still {
    /// The number of what this input does to a node in this state.
    pub(super) fn turn(&mut self, seat: u32, node: NodeId, input: Input, answers: u32) -> u32 {
        let mut key = Fingerprint::default();
        key.word(u64::from(seat) << 32 | u64::from(answers));
        key.word(input.word());
        let key = key.value();
        if let Some(turn) = self.turn_of.get(key) {
            return turn;
        }
        let turn = self.take_turn(seat, node, input, answers);
        let number = self.turns.len() as u32;
        self.turns.push(turn);
        self.turn_of.insert(key, number);
        number
    }

    fn take_turn(&mut self, seat: u32, node: NodeId, input: Input, answers: u32) -> Turn {
        let mut cell = Cell::clone(&self.seats[seat as usize].cell);
        let mut left: Vec<(NodeId, Parcel)> = Vec::new();
        let out = &mut self.out;
        (out.now, out.rules) = (Time(0), self.world.rules);
        out.last_write = cell.last_write;
        out.choices = Some(Choices::given(answers));
        let before = cell.last_write;
        match input {
            Input::Started => cell.node.handle(RawInput::Started, out),
            Input::Received(mail) => {
                let mail = &self.mails[mail as usize];
                cell.node.receive(mail.from, &*mail.parcel, out);
            }
            Input::Fired(timer) => {
                cell.slot(timer).armed = false;
                cell.node.handle(RawInput::TimerFired(timer), out);
            }
            Input::Written => {
                if let Some(done) = cell.writes.pop_front() {
                    cell.node.write(&*done.write);
                    while let Some(held) = cell.held.pop_front_if(|held| held.after <= done.id) {
                        left.push((held.message.to, held.message.parcel));
                    }
                    cell.node.handle(RawInput::Written(done.id), out);
                }
            }
            Input::Crashed => {
                cell.crash();
                // What was in its memory is nothing that a state could differ by.
                cell.node.boot();
            }
            Input::Restarted => {
                cell.status = Status::Up;
                cell.node.boot();
                cell.node.handle(RawInput::Started, out);
            }
            Input::Asked(place) => {
                let request = &self.requests[usize::from(place)].1;
                cell.node.handle(RawInput::Asked(&*request.value), out);
            }
        }
        let choices = out.choices.unwrap_or_default();
        cell.last_write = out.last_write;
        let writes = self.carry_out_work(&mut cell, before, &mut left);
        if cell.writes.is_empty() {
            // The numbers begin anew, so that a state does not differ by how much was written.
            cell.last_write = WriteId(0);
        }
        let sent = left.into_iter();
        let sent = sent.map(|(to, parcel)| self.post(node, to, parcel));
        let sent = sent.collect();
        let seat = self.sit(node, Rc::new(cell));
        Turn {
            seat,
            sent,
            notes: self.out.notes.drain(..).collect(),
            reports: self.out.reports.drain(..).collect(),
            writes,
            choices,
        }
    }

    /// Carries out the work that an engine left, as `World::run` does. How many writes were asked
    /// for.
    fn carry_out_work(
        &mut self,
        cell: &mut Cell,
        mut last: WriteId,
        left: &mut Vec<(NodeId, Parcel)>,
    ) -> u32 {
        let mut writes = 0;
        for effect in self.out.effects.drain(..) {
            match effect {
                Effect::Send { to, .. } if to.index() >= self.nodes => {}
                Effect::Send {
                    to,
                    parcel,
                    kind,
                    durable,
                } => {
                    if durable && !cell.writes.is_empty() {
                        let message = Outgoing {
                            to,
                            kind,
                            parcel,
                            step: 0,
                        };
                        cell.held.push_back(Held {
                            after: last,
                            message,
                        });
                    } else {
                        left.push((to, parcel));
                    }
                }
                Effect::SetTimer { timer, .. } => {
                    *cell.slot(timer) = Slot {
                        armed: true,
                        ..Slot::default()
                    };
                }
                Effect::StopTimer { timer } => cell.slot(timer).armed = false,
                Effect::Persist { write } => {
                    last = WriteId(last.0 + 1);
                    writes += 1;
                    cell.writes.push_back(Pending {
                        id: last,
                        done_at: Time(0),
                        seq: 0,
                        step: 0,
                        write,
                    });
                }
            }
        }
        writes
    }
}
