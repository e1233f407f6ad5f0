//! A node: a proposer, an acceptor, a learner, or several of them at once.

use super::acceptor::{Acceptor, Deeds};
use super::learner::Learner;
use super::message::{Ballot, PaxosMessage, Proposal};
use super::notes;
use super::proposer::{Phase, Proposer};
use super::rules::{Quorums, mistakes, quorums};
use crate::engine::{
    Arg, Engine, Fact, Facts, Input, NodeId, NoteKey, Out, RuleId, Span, Timer, Word, WriteId,
};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

pub(super) const START: Timer = Timer(0);
pub(super) const RETRY: Timer = Timer(1);
pub(super) const WAIT: Timer = Timer(2);
pub(super) const ASK: Timer = Timer(3);

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// Who proposes; the first one has number 1.
    pub proposers: Vec<NodeId>,
    /// Who accepts.
    pub acceptors: Vec<NodeId>,
    /// Who learns.
    pub learners: Vec<NodeId>,
    /// How many acceptors each phase needs; 0 is a majority.
    pub quorums: [usize; 2],
    /// How long a proposer waits for answers before it sends again.
    pub retry: Span,
    /// The longest first back-off.
    pub back_off: Span,
    /// Proposers begin by themselves within this time; `None`: when they are asked to.
    pub start: Option<Span>,
}

/// What survives a crash.
#[derive(Clone, Default)]
pub struct Disk {
    /// The highest ballot promised.
    pub promised: Ballot,
    /// The last proposal accepted.
    pub accepted: Option<Proposal>,
    /// The last round that a proposer has reserved for itself.
    pub round: u32,
    /// What was done with the last ballots, to be shown.
    pub deeds: Deeds,
}

/// Without what is only shown: two ways to the same state are one state.
impl Hash for Disk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.promised, self.accepted, self.round).hash(state);
    }
}

/// One change to it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Write {
    /// This ballot is promised.
    Promise(Ballot),
    /// This proposal is accepted.
    Accept(Proposal),
    /// A proposer may use the rounds up to this one.
    Round(u32),
}

/// What a person asks of a proposer: have this value chosen.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Propose(pub Word);

/// What the roles of a node work with.
pub(super) struct Desk<'a, 'b> {
    pub(super) out: &'a mut Out<'b, Peer>,
    pub(super) config: &'a Config,
    me: NodeId,
    writing: &'a mut Option<WriteId>,
    /// What this node says to itself, and whether that has to wait for its disk.
    inner: Vec<(PaxosMessage, bool)>,
    /// Whose promise a higher ballot took the place of.
    pub(super) overtaken: Option<(NodeId, Ballot)>,
}

impl Desk<'_, '_> {
    pub(super) fn rule(&self, rule: RuleId) -> bool {
        self.out.rule(rule)
    }

    pub(super) fn note<const N: usize>(&mut self, key: NoteKey, args: [Arg; N]) {
        self.out.note(key, args);
    }

    pub(super) fn quorums(&self) -> Quorums {
        quorums(self.config, |rule| self.out.rule(rule))
    }

    pub(super) fn persist(&mut self, write: Write) -> WriteId {
        let write = self.out.persist(write);
        *self.writing = Some(write);
        write
    }

    /// At once: it depends on nothing that a crash would undo.
    pub(super) fn send(&mut self, to: NodeId, message: PaxosMessage) {
        if to == self.me {
            self.inner.push((message, false));
        } else {
            self.out.send(to, message);
        }
    }

    /// When all that was written before is on the disk.
    pub(super) fn send_durably(&mut self, to: NodeId, message: PaxosMessage) {
        if to == self.me {
            self.inner.push((message, true));
        } else {
            self.out.send_when_durable(to, message);
        }
    }

    /// What an acceptor says of its promises: they are on its disk.
    pub(super) fn answer(&mut self, to: NodeId, message: PaxosMessage) {
        if to == self.me || self.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            self.send_durably(to, message);
        } else {
            self.send(to, message);
        }
    }

    pub(super) fn send_to_acceptors(&mut self, message: PaxosMessage) {
        let config = self.config;
        for node in &config.acceptors {
            self.send_durably(*node, message);
        }
    }
}

/// One node.
#[derive(Clone)]
pub struct Peer {
    me: NodeId,
    config: Rc<Config>,
    pub(super) proposer: Option<Proposer>,
    pub(super) acceptor: Option<Acceptor>,
    pub(super) learner: Option<Learner>,
    /// The last write under way.
    writing: Option<WriteId>,
    /// What it says to itself once a write is on its disk.
    inner: Vec<(WriteId, PaxosMessage)>,
}

/// Without the configuration, which is the same in every state, and what is only shown.
impl Hash for Peer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.proposer, &self.learner, self.writing, &self.inner).hash(state);
        let acceptor = self.acceptor.as_ref();
        acceptor
            .map(|acceptor| (acceptor.promised, acceptor.accepted, acceptor.to))
            .hash(state);
    }
}

impl Peer {
    /// What is fixed.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What its proposer or its learner believes to be chosen.
    pub(super) fn beliefs(&self) -> impl Iterator<Item = Word> {
        let decided = self
            .proposer
            .as_ref()
            .and_then(|proposer| match proposer.phase {
                Phase::Decided(value) => Some(value),
                Phase::Idle | Phase::Preparing(_) | Phase::Accepting(..) | Phase::BackingOff => {
                    None
                }
            });
        let learned = self.learner.as_ref().and_then(|learner| learner.learned);
        decided
            .into_iter()
            .chain(learned.map(|learned| learned.value))
    }

    /// Does something, and then all that follows of it within this node.
    fn work(&mut self, out: &mut Out<'_, Self>, act: impl FnOnce(&mut Self, &mut Desk<'_, '_>)) {
        let config = Rc::clone(&self.config);
        let mut writing = self.writing;
        let mut desk = Desk {
            out,
            config: &config,
            me: self.me,
            writing: &mut writing,
            inner: Vec::new(),
            overtaken: None,
        };
        act(self, &mut desk);
        loop {
            if let Some((proposer, ballot)) = desk.overtaken.take() {
                self.tell(proposer, ballot, &mut desk);
            }
            if desk.inner.is_empty() {
                break;
            }
            let (message, durable) = desk.inner.remove(0);
            match *desk.writing {
                Some(write) if durable => self.inner.push((write, message)),
                Some(_) | None => self.receive(self.me, message, &mut desk),
            }
        }
        self.writing = writing;
    }

    /// Tells a proposer that its ballot is overtaken.
    fn tell(&self, proposer: NodeId, ballot: Ballot, desk: &mut Desk<'_, '_>) {
        let promised = self
            .acceptor
            .as_ref()
            .map_or(ballot, |acceptor| acceptor.promised);
        desk.note(notes::TELLS_OVERTAKEN, [proposer.into(), ballot.into()]);
        desk.send(proposer, PaxosMessage::Refused { ballot, promised });
    }

    fn receive(&mut self, from: NodeId, message: PaxosMessage, desk: &mut Desk<'_, '_>) {
        match (message, &mut self.acceptor, &mut self.proposer) {
            (PaxosMessage::Prepare(ballot), Some(acceptor), _) => {
                acceptor.prepare(from, ballot, desk);
            }
            (PaxosMessage::Accept(proposal), Some(acceptor), _) => {
                acceptor.accept(from, proposal, desk);
            }
            (PaxosMessage::Ask, Some(acceptor), _) => acceptor.asked(from, desk),
            (PaxosMessage::Promise { ballot, accepted }, _, Some(proposer)) => {
                proposer.promised(from, (ballot, accepted), desk);
            }
            (PaxosMessage::Refused { ballot, promised }, _, Some(proposer)) => {
                proposer.refused(ballot, promised, desk);
            }
            (PaxosMessage::Accepted(proposal), _, _) => {
                if let Some(proposer) = &mut self.proposer {
                    proposer.accepted(from, proposal, desk);
                }
                if let Some(learner) = &mut self.learner {
                    learner.hear(from, proposal, desk);
                }
            }
            (
                PaxosMessage::Prepare(_)
                | PaxosMessage::Accept(_)
                | PaxosMessage::Ask
                | PaxosMessage::Promise { .. }
                | PaxosMessage::Refused { .. },
                _,
                _,
            ) => desk.note(notes::NOT_FOR_THIS_ROLE, []),
        }
    }

    fn fired(&mut self, timer: Timer, desk: &mut Desk<'_, '_>) {
        if timer == ASK {
            if let Some(learner) = &mut self.learner {
                learner.ask(desk);
            }
        } else if let Some(proposer) = &mut self.proposer {
            match timer {
                START => proposer.start(desk),
                RETRY => proposer.retry(desk),
                _ => proposer.go_on(desk),
            }
        }
    }

    fn written(&mut self, write: WriteId, desk: &mut Desk<'_, '_>) {
        if desk.writing.is_some_and(|last| last <= write) {
            *desk.writing = None;
        }
        if let Some(proposer) = &mut self.proposer {
            proposer.written(write);
        }
        let due = self.inner.partition_point(|(needs, _)| *needs <= write);
        let due: Vec<_> = self.inner.drain(..due).collect();
        desk.inner
            .extend(due.into_iter().map(|(_, message)| (message, false)));
    }
}

impl Engine for Peer {
    type Message = PaxosMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = Propose;
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["start", "retry", "back-off", "ask"];

    fn boot(me: NodeId, config: &Rc<Config>, disk: &Disk) -> Self {
        let number = config.proposers.iter().position(|node| *node == me);
        let number = number.map(|at| at as u16 + 1);
        let accepts = config.acceptors.contains(&me);
        let learns = config.learners.contains(&me);
        Peer {
            me,
            config: Rc::clone(config),
            proposer: number.map(|number| Proposer::boot(number, disk)),
            acceptor: accepts.then(|| Acceptor::boot(disk)),
            learner: learns.then(Learner::default),
            writing: None,
            inner: Vec::new(),
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        match *write {
            Write::Promise(ballot) => {
                disk.promised = ballot;
                disk.deeds.promise(ballot);
            }
            Write::Accept(proposal) => {
                disk.accepted = Some(proposal);
                disk.deeds.accept(proposal);
            }
            Write::Round(round) => disk.round = round,
        }
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        self.work(out, |peer, desk| match input {
            Input::Started => {
                if let Some(proposer) = &mut peer.proposer {
                    proposer.started(desk);
                }
                if let Some(learner) = &mut peer.learner {
                    learner.started(desk);
                }
            }
            Input::Received { from, message } => peer.receive(from, *message, desk),
            Input::TimerFired(timer) => peer.fired(timer, desk),
            Input::Written(write) => peer.written(write, desk),
            Input::Asked(Propose(value)) => match &mut peer.proposer {
                Some(proposer) => proposer.want(*value, desk),
                None => desk.note(notes::NOT_FOR_THIS_ROLE, []),
            },
        });
    }

    fn facts(&self, facts: &mut Facts) {
        if let Some(proposer) = &self.proposer {
            facts.say("phase", Fact::Key(proposer.role()));
            facts.say("wants", proposer.value);
            facts.say("ballot", proposer.ballot);
            facts.say("overtaken", proposer.overtaken);
        }
        if let Some(acceptor) = &self.acceptor {
            kept_facts(acceptor.promised, acceptor.accepted, facts);
        }
        if let Some(learner) = &self.learner {
            facts.say("learned", learner.learned.map(|learned| learned.value));
        }
    }

    fn role(&self) -> &'static str {
        let proposer = self.proposer.as_ref().map(Proposer::role);
        let learned = self
            .learner
            .as_ref()
            .map(|learner| learner.learned.is_some());
        match (proposer, &self.acceptor, learned) {
            (Some(role), None, _) => role,
            (Some(role), Some(_), _) if role != "idle" => role,
            (_, _, Some(true)) => "learned",
            (_, Some(acceptor), _) if acceptor.accepted.is_some() => "accepted",
            (_, Some(acceptor), _) if acceptor.promised != Ballot::NONE => "promised",
            (_, Some(_), _) => "acceptor",
            (_, None, _) => "learner",
        }
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        kept_facts(disk.promised, disk.accepted, facts);
        facts.say("round", disk.round);
    }
}

impl Proposer {
    fn role(&self) -> &'static str {
        match self.phase {
            Phase::Idle => "idle",
            Phase::Preparing(_) => "preparing",
            Phase::Accepting(..) => "accepting",
            Phase::BackingOff => "backing-off",
            Phase::Decided(_) => "decided",
        }
    }
}

fn kept_facts(promised: Ballot, accepted: Option<Proposal>, facts: &mut Facts) {
    facts.say("promised", promised);
    facts.say("accepted", accepted.map(|proposal| proposal.ballot));
    facts.say("value", accepted.map(|proposal| proposal.value));
}
