//! The recipe: Hunt et al. 2010, section 2.4, "Simple Locks without Herd Effect".

use super::super::notes;
use super::super::rules::{
    DELETE_WHAT_YOU_MADE, LOOK_AGAIN, ONLY_THE_LOWEST, WATCH_THE_PREDECESSOR,
};
use super::super::tree::{Lock, Place, Zxid};
use super::{Client, ClientOut, Phase, Turn, WORK, What};
use crate::engine::Span;

impl Turn {
    /// The session is over, and with it every node: from the first lock on.
    pub(super) fn begin_anew(&mut self) {
        self.at = 0;
        self.phase = Phase::Joins;
        for claim in &mut self.claims {
            (claim.node, claim.held) = (None, false);
        }
    }
}

impl Client {
    fn enter(&mut self, phase: Phase) {
        if let Some(turn) = &mut self.turn {
            turn.phase = phase;
        }
    }

    /// Lock, line 1: makes a node in the queue.
    pub(super) fn join(&mut self, out: &mut ClientOut<'_>) {
        let Some(claim) = self.claim() else { return };
        out.note(notes::WANTS, [claim.lock.into()]);
        self.enter(Phase::Joins);
        self.ask(What::Create, out);
    }

    pub(super) fn joined(&mut self, node: (Place, Zxid), out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        let Some(turn) = &mut self.turn else { return };
        let Some(claim) = turn.claims.get_mut(turn.at) else {
            return;
        };
        claim.node = Some(node);
        let args = [claim.lock.into(), node.0.into()];
        if out.rule(ONLY_THE_LOWEST) {
            out.note(notes::LOOKS, args);
            self.look(out);
        } else {
            out.note(notes::HOLDS_UNSEEN, args);
            self.hold(out);
        }
    }

    /// Line 2: who is in the queue?
    pub(super) fn look(&mut self, out: &mut ClientOut<'_>) {
        self.enter(Phase::Looks);
        self.ask(What::Look, out);
    }

    /// Lines 3 to 5: the lowest holds; who is not watches.
    pub(super) fn looked(&mut self, places: &[Place], out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        let Some((lock, (own, _))) = self.claim().and_then(|c| Some((c.lock, c.node?))) else {
            return;
        };
        if !places.contains(&own) {
            out.note(notes::NODE_MISSING, [lock.into(), own.into()]);
            self.join(out);
            return;
        }
        let mut before = places.iter().copied().filter(|place| *place < own);
        let watch = if out.rule(WATCH_THE_PREDECESSOR) {
            before.max()
        } else {
            before.next()
        };
        match watch {
            None => {
                out.note(notes::HOLDS, [lock.into(), own.into()]);
                self.hold(out);
            }
            Some(place) => {
                let note = if out.rule(WATCH_THE_PREDECESSOR) {
                    notes::WAITS
                } else {
                    notes::WAITS_IN_HERD
                };
                out.note(note, [lock.into(), own.into(), place.into()]);
                self.enter(Phase::Watches(place));
                self.ask(What::Watch(place), out);
                if let (Some(turn), Some(pending)) = (&mut self.turn, self.pending) {
                    turn.watch_number = pending.number;
                }
            }
        }
    }

    /// Line 5: the watch stands, or the node was gone already.
    pub(super) fn watched(&mut self, place: Place, exists: bool, out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        if exists {
            self.enter(Phase::Waits(place));
        } else {
            self.wake(place, out);
        }
    }

    /// A notification.
    pub(super) fn woken(&mut self, lock: Lock, place: Place, out: &mut ClientOut<'_>) {
        let waits = self.waits_for() == Some(place);
        if waits && self.claim().is_some_and(|claim| claim.lock == lock) {
            self.done_with_pending(out);
            self.wake(place, out);
        } else {
            out.note(notes::WAKE_PASSED_OVER, [lock.into(), place.into()]);
        }
    }

    /// Line 6: what was watched is gone. That does not say that the own node is the lowest.
    fn wake(&mut self, place: Place, out: &mut ClientOut<'_>) {
        let Some(claim) = self.claim() else { return };
        if out.rule(LOOK_AGAIN) {
            out.note(notes::LOOKS_AGAIN, [claim.lock.into(), place.into()]);
            self.look(out);
        } else {
            let own = claim.node.unwrap_or_default().0;
            out.note(notes::HOLDS_WOKEN, [claim.lock.into(), own.into()]);
            self.hold(out);
        }
    }

    /// It believes that it holds this lock. The next one, or the work.
    fn hold(&mut self, out: &mut ClientOut<'_>) {
        let Some(turn) = &mut self.turn else { return };
        if let Some(claim) = turn.claims.get_mut(turn.at) {
            claim.held = true;
        }
        if turn.at + 1 < turn.claims.len() {
            turn.at += 1;
            self.join(out);
            return;
        }
        turn.at = 0;
        turn.phase = Phase::Works;
        let fence = self.claim().and_then(|claim| claim.node);
        let (_, zxid) = fence.unwrap_or_default();
        let hold = self.config.hold;
        out.note(notes::WORK_BEGUN, [zxid.into(), hold.into()]);
        out.set_timer(WORK, hold);
    }

    /// The work is done: what came of it is written, with the number of the lock.
    pub(super) fn worked(&mut self, out: &mut ClientOut<'_>) {
        let works = self
            .turn
            .as_ref()
            .is_some_and(|turn| turn.phase == Phase::Works);
        if !works {
            return;
        }
        if self.cut_off {
            let session = self.session.unwrap_or_default();
            out.note(notes::WORK_HALTED, [session.into()]);
            out.set_timer(WORK, Span((self.config.session_timeout.0 / 3).max(1)));
            return;
        }
        self.write_one(out);
    }

    fn write_one(&mut self, out: &mut ClientOut<'_>) {
        let Some(claim) = self.claim() else { return };
        let (_, zxid) = claim.node.unwrap_or_default();
        out.note(notes::WRITES, [claim.lock.into(), zxid.into()]);
        self.enter(Phase::Writes);
        self.ask(What::Write, out);
    }

    /// The resource answered: the next one, or the way back.
    pub(super) fn written(
        &mut self,
        lock: Lock,
        accepted: bool,
        highest: Zxid,
        out: &mut ClientOut<'_>,
    ) {
        self.done_with_pending(out);
        let Some(turn) = &mut self.turn else { return };
        let Some(claim) = turn.claims.get(turn.at) else {
            return;
        };
        let (_, zxid) = claim.node.unwrap_or_default();
        if accepted {
            out.note(notes::WRITE_DONE, [lock.into(), zxid.into()]);
        } else {
            out.note(
                notes::FENCED_OFF,
                [lock.into(), zxid.into(), highest.into()],
            );
        }
        if turn.at + 1 < turn.claims.len() {
            turn.at += 1;
            self.write_one(out);
        } else {
            self.release(out);
        }
    }

    /// Unlock: it holds no more from here on, whatever becomes of the request.
    fn release(&mut self, out: &mut ClientOut<'_>) {
        let Some(turn) = &mut self.turn else { return };
        turn.phase = Phase::Releases;
        let Some(claim) = turn.claims.get_mut(turn.at) else {
            return;
        };
        claim.held = false;
        let (lock, (place, _)) = (claim.lock, claim.node.unwrap_or_default());
        let note = if out.rule(DELETE_WHAT_YOU_MADE) {
            notes::RELEASES
        } else {
            notes::RELEASES_NOTHING
        };
        let place = self.to_delete(place, out);
        out.note(note, [lock.into(), place.into()]);
        self.ask(What::Delete, out);
    }

    /// What a release deletes. The article's makes a new name and deletes that.
    pub(super) fn to_delete(&self, made: Place, out: &ClientOut<'_>) -> Place {
        if out.rule(DELETE_WHAT_YOU_MADE) {
            made
        } else {
            Place(0)
        }
    }

    pub(super) fn released(&mut self, out: &mut ClientOut<'_>) {
        self.done_with_pending(out);
        let Some(turn) = &mut self.turn else { return };
        if let Some(claim) = turn.claims.get(turn.at) {
            out.note(notes::RELEASED, [claim.lock.into()]);
        }
        if turn.at > 0 {
            turn.at -= 1;
            self.release(out);
        } else {
            self.turn = None;
            self.done += 1;
            self.begin(out);
        }
    }
}
