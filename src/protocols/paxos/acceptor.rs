//! An acceptor: what it promises, what it accepts, and what of both is on its disk.

use super::message::{Ballot, PaxosMessage, Proposal};
use super::notes;
use super::peer::{Desk, Disk, Write};
use super::rules::{REMEMBER_PROMISES, mistakes};
use crate::engine::{NodeId, Word};

/// What an acceptor did with one ballot. Kept to be shown: nothing hangs on it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deed {
    /// The ballot.
    pub ballot: Ballot,
    /// Whether it was promised; one may be accepted that was not.
    pub promised: bool,
    /// What was accepted under it, in that order; more than one value only where ballots are shared.
    pub accepted: Vec<Word>,
}

/// The last few deeds, by ballot.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Deeds(Vec<Deed>);

impl Deeds {
    /// More are not kept.
    const MOST: usize = 12;

    /// The deeds, lowest ballot first.
    pub fn iter(&self) -> impl Iterator<Item = &Deed> {
        self.0.iter()
    }

    /// What was done with this ballot.
    #[must_use]
    pub fn of(&self, ballot: Ballot) -> Option<&Deed> {
        self.0.iter().find(|deed| deed.ballot == ballot)
    }

    fn entry(&mut self, ballot: Ballot) -> Option<&mut Deed> {
        let at = self.0.partition_point(|deed| deed.ballot < ballot);
        if self.0.get(at).is_none_or(|deed| deed.ballot != ballot) {
            let deed = Deed {
                ballot,
                promised: false,
                accepted: Vec::new(),
            };
            self.0.insert(at, deed);
            if self.0.len() > Self::MOST {
                self.0.remove(0);
            }
        }
        self.0.iter_mut().find(|deed| deed.ballot == ballot)
    }

    pub(super) fn promise(&mut self, ballot: Ballot) {
        if let Some(deed) = self.entry(ballot) {
            deed.promised = true;
        }
    }

    pub(super) fn accept(&mut self, proposal: Proposal) {
        if let Some(deed) = self.entry(proposal.ballot) {
            deed.accepted.push(proposal.value);
        }
    }
}

/// An acceptor's memory.
#[derive(Clone)]
pub struct Acceptor {
    /// The highest ballot that it has promised or accepted.
    pub(super) promised: Ballot,
    /// The proposal of the highest ballot that it has accepted.
    pub(super) accepted: Option<Proposal>,
    /// To whom it gave its promise, so that it can be told when a higher one takes its place.
    pub(super) to: Option<NodeId>,
    /// What it did, to be shown.
    pub(super) deeds: Deeds,
}

/// What a careless acceptor says it has accepted where that is nothing.
fn nothing() -> Option<Proposal> {
    let value = Word::new("nil")?;
    let ballot = Ballot::NONE;
    Some(Proposal { ballot, value })
}

impl Acceptor {
    pub(super) fn boot(disk: &Disk) -> Self {
        let below = disk
            .accepted
            .map_or(Ballot::NONE, |accepted| accepted.ballot);
        Acceptor {
            promised: disk.promised.max(below),
            accepted: disk.accepted,
            to: None,
            deeds: disk.deeds.clone(),
        }
    }

    /// Phase 1(b).
    pub(super) fn prepare(&mut self, from: NodeId, ballot: Ballot, desk: &mut Desk<'_, '_>) {
        if ballot < self.promised {
            let promised = self.promised;
            desk.note(notes::PREPARE_REFUSED, [ballot.into(), promised.into()]);
            desk.send(from, PaxosMessage::Refused { ballot, promised });
            return;
        }
        if ballot == self.promised {
            desk.note(notes::PROMISED_AGAIN, [ballot.into(), from.into()]);
        } else {
            self.overtake(from, desk);
            self.promise(from, ballot, desk);
        }
        let mut accepted = self.accepted;
        if accepted.is_none() && !desk.rule(mistakes::NOTHING_IS_NO_VALUE) {
            accepted = nothing();
        }
        desk.answer(from, PaxosMessage::Promise { ballot, accepted });
    }

    fn promise(&mut self, from: NodeId, ballot: Ballot, desk: &mut Desk<'_, '_>) {
        self.promised = ballot;
        self.to = Some(from);
        self.deeds.promise(ballot);
        match self.accepted {
            None => desk.note(notes::PROMISED, [ballot.into(), from.into()]),
            Some(Proposal {
                ballot: before,
                value,
            }) => {
                let args = [ballot.into(), from.into(), before.into(), value.into()];
                desk.note(notes::PROMISED_WITH, args);
            }
        }
        if desk.rule(REMEMBER_PROMISES) {
            desk.persist(Write::Promise(ballot));
        } else {
            desk.note(notes::IN_MEMORY_ALONE, [ballot.into()]);
        }
    }

    /// A higher ballot takes the place of one that was promised, and not used yet.
    fn overtake(&mut self, by: NodeId, desk: &mut Desk<'_, '_>) {
        let used = self
            .accepted
            .is_some_and(|accepted| accepted.ballot == self.promised);
        if let Some(to) = self.to
            && to != by
            && !used
        {
            desk.overtaken = Some((to, self.promised));
        }
    }

    /// Phase 2(b).
    pub(super) fn accept(&mut self, from: NodeId, proposal: Proposal, desk: &mut Desk<'_, '_>) {
        let Proposal { ballot, value } = proposal;
        if ballot < self.promised && desk.rule(mistakes::COMPARE_BEFORE_ACCEPTING) {
            let promised = self.promised;
            desk.note(notes::ACCEPT_REFUSED, [ballot.into(), promised.into()]);
            desk.send(from, PaxosMessage::Refused { ballot, promised });
            return;
        }
        if self.accepted == Some(proposal) {
            desk.note(notes::ACCEPTED_AGAIN, [ballot.into(), from.into()]);
            desk.answer(from, PaxosMessage::Accepted(proposal));
            return;
        }
        // Whether it was asked to promise this ballot or not.
        self.promised = self.promised.max(ballot);
        self.to = Some(from);
        self.accepted = Some(proposal);
        self.deeds.accept(proposal);
        let args = [ballot.into(), value.into(), from.into()];
        desk.note(notes::ACCEPTED, args);
        desk.persist(Write::Accept(proposal));
        desk.answer(from, PaxosMessage::Accepted(proposal));
        let config = desk.config;
        for learner in config.learners.iter().filter(|learner| **learner != from) {
            desk.answer(*learner, PaxosMessage::Accepted(proposal));
        }
    }

    /// Section 2.3: a learner asks.
    pub(super) fn asked(&mut self, from: NodeId, desk: &mut Desk<'_, '_>) {
        match self.accepted {
            None => desk.note(notes::HAS_ACCEPTED_NOTHING, [from.into()]),
            Some(proposal) => {
                let (ballot, value) = (proposal.ballot.into(), proposal.value.into());
                desk.note(notes::TELLS_WHAT_IT_ACCEPTED, [from.into(), ballot, value]);
                desk.answer(from, PaxosMessage::Accepted(proposal));
            }
        }
    }
}
