//! A learner: what is chosen, what of it can be applied, and how it catches up.

use super::super::message::MultiMessage;
use super::super::notes;
use super::super::rules::{APPLY_ONCE, mistakes};
use super::super::types::{Ballot, Command, Slot, Vote};
use super::{Server, ServerOut, Write};
use crate::engine::NodeId;
use std::rc::Rc;

impl Server {
    /// The leader says how far slots are chosen. Where its own proposal was accepted here, that is what
    /// was chosen; elsewhere it is not known what was.
    pub(super) fn hear_chosen(&mut self, ballot: Ballot, chosen: Slot, out: &mut ServerOut<'_>) {
        self.told = self.told.max(chosen);
        for slot in (self.chosen.next().0..=chosen.0).map(Slot) {
            let same =
                |vote: Vote| vote.ballot == ballot || !out.rule(mistakes::CHOSEN_IN_THIS_BALLOT);
            if self.slots.get(slot).is_some_and(same) {
                self.learn(slot, out);
            }
        }
    }

    /// This slot is chosen, and it holds what is.
    pub(super) fn learn(&mut self, slot: Slot, out: &mut ServerOut<'_>) {
        let known = self.beyond.binary_search(&slot);
        let (false, Err(place)) = (slot <= self.chosen, known) else {
            return;
        };
        self.beyond.insert(place, slot);
        out.note(notes::LEARNED, [slot.into()]);
        if !Self::in_order(out) {
            self.apply(slot, out);
        }
        while self.beyond.first() == Some(&self.chosen.next()) {
            self.beyond.remove(0);
            self.chosen = self.chosen.next();
            if Self::in_order(out) {
                self.apply(self.chosen, out);
            }
        }
    }

    /// Executes a command. A leader answers whoever asked for it.
    pub(super) fn execute(&mut self, slot: Slot, command: Command, out: &mut ServerOut<'_>) {
        self.applied.push((slot, command));
        out.note(notes::APPLIED, [slot.into()]);
        let Command::Request {
            client,
            sequence,
            op,
        } = command
        else {
            return;
        };
        let once = out.rule(APPLY_ONCE);
        let answer = self.machine.apply((client, sequence), op, once);
        if self.leads() {
            self.answer(client, sequence, answer, out);
        }
    }

    /// It lacks something that is chosen.
    pub(super) fn ask_for_more(&self, leader: NodeId, out: &mut ServerOut<'_>) {
        let first = self.chosen.next();
        out.note(notes::BEHIND, [first.into(), self.told.into()]);
        out.send(leader, MultiMessage::CatchUp { first });
    }

    /// Sends somebody what is chosen, as far as it is known here, and not too much at once.
    pub(super) fn help(&self, from: NodeId, first: Slot, out: &mut ServerOut<'_>) {
        let slots = (first.0.max(1)..=self.chosen.0).map(Slot);
        let votes = slots.map_while(|slot| self.slots.get(slot));
        let votes: Rc<[Vote]> = votes.take(self.config.batch).collect();
        if votes.is_empty() {
            return;
        }
        let args = [from.into(), first.into(), votes.len().into()];
        out.note(notes::HELPED, args);
        out.send(from, MultiMessage::Chosen { first, votes });
    }

    /// What is chosen takes the place of what was accepted in vain. The higher of the two ballots stays
    /// with it: whoever asks must not take it for older than it is.
    pub(super) fn helped(
        &mut self,
        from: NodeId,
        first: Slot,
        votes: &Rc<[Vote]>,
        out: &mut ServerOut<'_>,
    ) {
        let slots = (first.0..).map(Slot).zip(votes.iter());
        let new = slots.filter(|(slot, _)| *slot > self.chosen);
        if new.count() == 0 {
            return;
        }
        let slots = (first.0..).map(Slot).zip(votes.iter());
        let merged = slots.map(|(slot, vote)| {
            let own = self.slots.get(slot).map(|own| own.ballot);
            Vote {
                ballot: own.map_or(vote.ballot, |own| own.max(vote.ballot)),
                ..*vote
            }
        });
        let merged: Rc<[Vote]> = merged.collect();
        out.note(notes::CAUGHT_UP, [first.into(), votes.len().into()]);
        out.persist(Write::Learned(first, Rc::clone(&merged), self.chosen));
        for (slot, vote) in (first.0..).map(Slot).zip(merged.iter()) {
            self.slots.set(slot, *vote);
            self.learn(slot, out);
        }
        if self.chosen < self.told {
            self.ask_for_more(from, out);
        }
    }
}
