//! A proposer: two phases for each ballot, and what it does when another overtakes it.

use super::message::{Ballot, PaxosMessage, Proposal};
use super::notes;
use super::peer::{Desk, Disk, RETRY, START, WAIT, Write};
use super::rules::{ADOPT_THE_HIGHEST, BACK_OFF, PREPARE_FIRST, UNIQUE_BALLOTS, mistakes};
use crate::engine::{NodeId, Span, Word, WriteId};

/// What a proposer waits for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// It wants nothing.
    Idle,
    /// Promises, and what was accepted before by those who gave them.
    Preparing(Vec<(NodeId, Option<Proposal>)>),
    /// Acceptances of this value.
    Accepting(Word, Vec<NodeId>),
    /// The end of its back-off.
    BackingOff,
    /// Nothing any more: this value is chosen.
    Decided(Word),
}

/// A proposer's memory.
#[derive(Clone, Hash)]
pub struct Proposer {
    /// Its own number, from 1.
    number: u16,
    /// What it would have chosen.
    pub(super) value: Option<Word>,
    /// Its ballot.
    pub(super) ballot: Ballot,
    /// The highest round that it has used or heard of.
    round: u32,
    /// Rounds up to this one are its own: that is on its disk.
    safe: u32,
    /// And up to this one, once this write is there.
    reserved: Option<(WriteId, u32)>,
    /// How often it was overtaken.
    pub(super) overtaken: u32,
    pub(super) phase: Phase,
}

const DRAW_START: u8 = 0;
const DRAW_WAIT: u8 = 1;
/// The wait doubles so often at the most.
const DOUBLINGS: u32 = 4;
/// So many rounds are reserved beyond the one that is used.
const AHEAD: u32 = 4;
/// Where so few are left, more are reserved: another proposer's round may be skipped, too.
const NEAR: u32 = 2;

/// What a proposer wants by itself: A, B, C, D.
pub(super) fn own_value(number: u16) -> Word {
    let letter = char::from(b'A' + (number.saturating_sub(1) % 26) as u8);
    Word::new(&letter.to_string()).unwrap_or_default()
}

impl Proposer {
    pub(super) fn boot(number: u16, disk: &Disk) -> Self {
        Proposer {
            number,
            value: None,
            ballot: Ballot::NONE,
            round: disk.round,
            safe: disk.round,
            reserved: None,
            overtaken: 0,
            phase: Phase::Idle,
        }
    }

    pub(super) fn started(&mut self, desk: &mut Desk<'_, '_>) {
        if let Some(spread) = desk.config.start {
            let wait = desk.out.draw(DRAW_START, 0..=spread.0);
            desk.out.set_timer(START, Span(wait));
        }
    }

    /// It wants what is its own to want.
    pub(super) fn start(&mut self, desk: &mut Desk<'_, '_>) {
        if self.value.is_none() {
            self.want(own_value(self.number), desk);
        }
    }

    pub(super) fn want(&mut self, value: Word, desk: &mut Desk<'_, '_>) {
        if let Some(own) = self.value {
            desk.note(notes::HAS_ONE, [value.into(), own.into()]);
            return;
        }
        self.value = Some(value);
        desk.note(notes::WANTS, [value.into()]);
        self.begin(desk);
    }

    /// A new ballot, higher than any that it knows of.
    fn begin(&mut self, desk: &mut Desk<'_, '_>) {
        let Some(value) = self.value else { return };
        self.round += 1;
        self.ballot = Ballot {
            round: self.round,
            proposer: if desk.rule(UNIQUE_BALLOTS) {
                self.number
            } else {
                0
            },
        };
        let first = self.round > self.safe;
        if first {
            self.reserve(desk);
        }
        if desk.rule(PREPARE_FIRST) {
            let needed = desk.quorums().one;
            desk.note(notes::PREPARES, [self.ballot.into(), needed.into()]);
            self.phase = Phase::Preparing(Vec::new());
            let prepare = PaxosMessage::Prepare(self.ballot);
            if first {
                desk.send_to_acceptors(prepare);
            } else {
                // This round was its own before: there is nothing to wait for.
                for node in &desk.config.acceptors {
                    desk.send(*node, prepare);
                }
                if self.round + NEAR > self.safe {
                    self.reserve(desk);
                }
            }
        } else {
            desk.note(notes::SKIPS_PHASE_ONE, [self.ballot.into()]);
            self.propose(value, desk);
        }
        desk.out.set_timer(RETRY, desk.config.retry);
    }

    /// A few rounds are written down in advance, so that it never uses one again after a crash, and the next
    /// ballot need not wait for the disk.
    fn reserve(&mut self, desk: &mut Desk<'_, '_>) {
        let most = self.round + AHEAD;
        let write = desk.persist(Write::Round(most));
        self.reserved = Some((write, most));
    }

    pub(super) fn written(&mut self, write: WriteId) {
        if let Some((last, most)) = self.reserved
            && last <= write
        {
            (self.safe, self.reserved) = (most, None);
        }
    }

    /// Phase 2(a), once there are enough promises.
    pub(super) fn promised(
        &mut self,
        from: NodeId,
        (ballot, accepted): (Ballot, Option<Proposal>),
        desk: &mut Desk<'_, '_>,
    ) {
        let current = ballot == self.ballot || !desk.rule(mistakes::COUNT_THIS_BALLOT);
        let Phase::Preparing(promises) = &mut self.phase else {
            let past = matches!(self.phase, Phase::Accepting(..) | Phase::Decided(_));
            let note = if past && ballot == self.ballot {
                notes::PROMISE_MORE
            } else {
                notes::PROMISE_LATE
            };
            desk.note(note, [from.into(), ballot.into()]);
            return;
        };
        if !current {
            desk.note(notes::PROMISE_LATE, [from.into(), ballot.into()]);
            return;
        }
        if promises.iter().any(|(who, _)| *who == from) {
            desk.note(notes::PROMISE_KNOWN, [from.into(), ballot.into()]);
            if desk.rule(mistakes::COUNT_AN_ACCEPTOR_ONCE) {
                return;
            }
        }
        // In the order in which they came: the first one means nothing, unless somebody errs.
        promises.push((from, accepted));
        let (count, needed) = (promises.len(), desk.quorums().one);
        let args = [from.into(), ballot.into(), count.into(), needed.into()];
        desk.note(notes::PROMISE_COUNTED, args);
        if count < needed {
            return;
        }
        let mut heard = promises.iter().filter_map(|(_, accepted)| *accepted);
        let heard = if desk.rule(mistakes::COMPARE_WHAT_IS_HEARD) {
            heard.max_by_key(|proposal| proposal.ballot)
        } else {
            heard.next()
        };
        if let Some(value) = self.pick(heard, desk) {
            self.propose(value, desk);
        }
    }

    /// P2c: the value is free only where nobody has accepted any.
    fn pick(&self, heard: Option<Proposal>, desk: &mut Desk<'_, '_>) -> Option<Word> {
        let own = self.value?;
        let ballot = self.ballot.into();
        Some(match heard {
            None => {
                desk.note(notes::FREE_CHOICE, [ballot, own.into()]);
                own
            }
            Some(heard) if desk.rule(ADOPT_THE_HIGHEST) => {
                let args = [ballot, heard.value.into(), heard.ballot.into()];
                desk.note(notes::ADOPTS, args);
                heard.value
            }
            Some(heard) => {
                let args = [ballot, own.into(), heard.ballot.into()];
                desk.note(notes::KEEPS_ITS_OWN, args);
                own
            }
        })
    }

    fn propose(&mut self, value: Word, desk: &mut Desk<'_, '_>) {
        self.phase = Phase::Accepting(value, Vec::new());
        let ballot = self.ballot;
        desk.send_to_acceptors(PaxosMessage::Accept(Proposal { ballot, value }));
        desk.out.set_timer(RETRY, desk.config.retry);
    }

    /// An acceptor has accepted its proposal.
    pub(super) fn accepted(&mut self, from: NodeId, of: Proposal, desk: &mut Desk<'_, '_>) {
        let args = [from.into(), of.ballot.into()];
        let Phase::Accepting(value, accepted) = &mut self.phase else {
            let chosen = matches!(self.phase, Phase::Decided(value) if value == of.value);
            let note = if chosen && of.ballot == self.ballot {
                notes::ACCEPTANCE_MORE
            } else {
                notes::ACCEPTANCE_LATE
            };
            desk.note(note, args);
            return;
        };
        let value = *value;
        if (of.ballot, of.value) != (self.ballot, value) {
            desk.note(notes::ACCEPTANCE_LATE, args);
            return;
        }
        if accepted.contains(&from) {
            desk.note(notes::ACCEPTANCE_KNOWN, args);
            if desk.rule(mistakes::COUNT_AN_ACCEPTOR_ONCE) {
                return;
            }
        }
        let at = accepted.partition_point(|who| *who < from);
        accepted.insert(at, from);
        let (count, needed) = (accepted.len(), desk.quorums().two);
        let [from, ballot] = args;
        desk.note(
            notes::ACCEPTANCE_COUNTED,
            [from, ballot, count.into(), needed.into()],
        );
        if count >= needed {
            desk.note(notes::DECIDED, [ballot, value.into()]);
            self.phase = Phase::Decided(value);
            desk.out.stop_timer(RETRY);
        }
    }

    /// A higher ballot is promised: this one is given up.
    pub(super) fn refused(&mut self, ballot: Ballot, by: Ballot, desk: &mut Desk<'_, '_>) {
        self.round = self.round.max(by.round);
        let current = match self.phase {
            Phase::Preparing(_) | Phase::Accepting(..) => ballot == self.ballot,
            Phase::Idle | Phase::BackingOff | Phase::Decided(_) => false,
        };
        if !current {
            desk.note(notes::REFUSAL_LATE, [ballot.into()]);
            return;
        }
        desk.note(notes::OVERTAKEN, [ballot.into(), by.into()]);
        self.overtaken += 1;
        if !desk.rule(BACK_OFF) {
            desk.note(notes::AT_ONCE, []);
            self.begin(desk);
            return;
        }
        let most = desk.config.back_off.0 << (self.overtaken - 1).min(DOUBLINGS);
        let wait = Span(desk.out.draw(DRAW_WAIT, 1..=most.max(1)));
        desk.note(notes::BACKS_OFF, [wait.into()]);
        self.phase = Phase::BackingOff;
        desk.out.stop_timer(RETRY);
        desk.out.set_timer(WAIT, wait);
    }

    /// The back-off is over.
    pub(super) fn go_on(&mut self, desk: &mut Desk<'_, '_>) {
        if self.phase == Phase::BackingOff {
            self.begin(desk);
        }
    }

    /// No answer came in time: the same once more to those that are silent. The ballot stays as it is, so
    /// that a slow network makes no proposer overtake itself.
    pub(super) fn retry(&mut self, desk: &mut Desk<'_, '_>) {
        let ballot = self.ballot;
        let (message, silent): (_, Vec<NodeId>) = match &self.phase {
            Phase::Preparing(promises) => {
                let silent = |node: &NodeId| promises.iter().all(|(who, _)| who != node);
                let all = desk.config.acceptors.iter().copied();
                (PaxosMessage::Prepare(ballot), all.filter(silent).collect())
            }
            Phase::Accepting(value, accepted) => {
                let value = *value;
                let all = desk.config.acceptors.iter().copied();
                let silent = all.filter(|node| !accepted.contains(node)).collect();
                (PaxosMessage::Accept(Proposal { ballot, value }), silent)
            }
            Phase::Idle | Phase::BackingOff | Phase::Decided(_) => return,
        };
        desk.out.set_timer(RETRY, desk.config.retry);
        if !desk.rule(mistakes::SEND_AGAIN) {
            desk.note(notes::WAITS_ON, [ballot.into()]);
            return;
        }
        desk.note(notes::SENDS_AGAIN, [ballot.into()]);
        for node in silent {
            desk.send_durably(node, message);
        }
    }
}
