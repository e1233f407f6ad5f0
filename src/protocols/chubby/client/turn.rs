//! The application: it takes the lock, says so in the lock's file, works and writes, and releases.

use super::super::database::Generation;
use super::super::message::ChubbyMessage;
use super::super::notes;
use super::{Client, ClientOut, Pending, Phase, RETRY, Turn, WORK, What};
use crate::engine::Span;
use crate::lab::locks::Attempt;

impl Client {
    fn enter(&mut self, phase: Phase) {
        if let Some(turn) = &mut self.turn {
            turn.phase = phase;
        }
    }

    /// The next turn, if one is wanted and there is a session.
    pub(super) fn begin(&mut self, out: &mut ClientOut<'_>) {
        if self.wanted == 0 || self.turn.is_some() || self.session.is_none() {
            return;
        }
        self.wanted -= 1;
        self.turn = Some(Turn {
            phase: Phase::Waits,
            generation: None,
            written: 0,
            halted: false,
        });
        self.acquire(out);
    }

    fn acquire(&mut self, out: &mut ClientOut<'_>) {
        out.note(notes::WANTS, [self.server.into()]);
        self.ask(What::Acquire, out);
    }

    /// The session is open, or safe again: what waited goes on.
    pub(super) fn go_on(&mut self, out: &mut ClientOut<'_>) {
        let Some(turn) = &mut self.turn else {
            self.begin(out);
            return;
        };
        if turn.halted {
            turn.halted = false;
            self.worked(out);
        } else if turn.phase == Phase::Waits && self.pending.is_none() {
            self.acquire(out);
        } else {
            self.send_pending(out);
        }
    }

    /// The session is over: the turn begins anew, unless it had nothing left to do.
    pub(super) fn turn_lost(&mut self) {
        self.pending = None;
        match &mut self.turn {
            Some(turn) if turn.phase == Phase::Releases => {
                self.turn = None;
                self.done += 1;
            }
            Some(turn) => {
                *turn = Turn {
                    phase: Phase::Waits,
                    generation: None,
                    written: 0,
                    halted: false,
                };
            }
            None => {}
        }
    }

    pub(super) fn granted(&mut self, generation: Generation, out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        if let Some(turn) = &mut self.turn {
            turn.generation = Some(generation);
            out.note(notes::HOLDS, [generation.into()]);
            self.enter(Phase::Advertises);
            out.note(notes::ADVERTISES, [generation.into()]);
            self.ask(What::Advertise, out);
        }
    }

    /// Works for a while, for the next write.
    pub(super) fn work(&mut self, out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        let generation = self.sequencer().unwrap_or_default();
        self.enter(Phase::Works);
        let args = [generation.into(), self.config.hold.into()];
        out.note(notes::WORK_BEGUN, args);
        out.set_timer(WORK, self.config.hold);
    }

    /// The work is done: what came of it is written, unless it is in jeopardy. Whether the lease
    /// still lasts at this moment the application does not ask.
    pub(super) fn worked(&mut self, out: &mut ClientOut<'_>) {
        let Some(turn) = &mut self.turn else { return };
        if turn.phase != Phase::Works {
            return;
        }
        if self.jeopardy.is_some() {
            turn.halted = true;
            let session = self.session.unwrap_or_default();
            out.note(notes::WORK_HALTED, [session.into()]);
            return;
        }
        turn.phase = Phase::Writes;
        let generation = turn.generation.unwrap_or_default();
        out.note(notes::WRITES, [generation.into()]);
        self.ask(What::Write, out);
    }

    pub(super) fn written(&mut self, accepted: bool, highest: u64, out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        let generation = self.sequencer().unwrap_or_default();
        let Some(turn) = &mut self.turn else { return };
        turn.written += 1;
        let more = accepted && turn.written < self.config.writes;
        if !accepted {
            out.note(notes::FENCED_OFF, [generation.into(), highest.into()]);
        }
        if more {
            self.work(out);
        } else {
            self.enter(Phase::Releases);
            out.note(notes::RELEASES, [generation.into()]);
            self.ask(What::Release, out);
        }
    }

    pub(super) fn released(&mut self, out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        out.note(notes::RELEASED, []);
        self.turn = None;
        self.done += 1;
        self.begin(out);
    }

    /// Sends what waits for its answer, the first time or again. In jeopardy nothing is asked: a
    /// KeepAlive comes first.
    pub(super) fn send_pending(&mut self, out: &mut ClientOut<'_>) {
        let Some(Pending { number, what }) = self.pending else {
            return;
        };
        // Who asks for the lock waits for others, and not for an answer.
        let patience = match what {
            What::Acquire => Span(self.config.lease.0 / 2).max(self.config.request_timeout),
            What::Open { .. } | What::Advertise | What::Write | What::Release => {
                self.config.request_timeout
            }
        };
        out.set_timer(RETRY, patience);
        if let What::Open { .. } = what {
            // A request that left before its number was on disk could be followed, after a crash,
            // by another of the same number.
            let message = ChubbyMessage::OpenSession { attempt: number };
            out.send_when_durable(self.server, message);
            return;
        }
        if self.jeopardy.is_some() {
            return;
        }
        let head = self.head(number);
        let (to, message) = match what {
            What::Open { .. } => return,
            What::Acquire => (self.server, ChubbyMessage::Acquire(head)),
            What::Advertise => (self.server, ChubbyMessage::SetContents(head)),
            What::Release => (self.server, ChubbyMessage::Release(head)),
            What::Write => {
                let generation = u64::from(self.sequencer().unwrap_or_default().0);
                let attempt = Attempt {
                    writer: self.me,
                    tag: generation,
                    number: Some(generation),
                };
                (self.config.resource, ChubbyMessage::Write(attempt))
            }
        };
        out.send(to, message);
    }
}
