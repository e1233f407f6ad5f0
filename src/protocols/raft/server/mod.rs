//! A Raft server: what comes in, and what all its parts share. Each part has a file.

mod clients;
mod election;
mod handover;
mod inside;
mod learners;
mod lease;
mod members;
mod mistakes;
mod more;
mod prevote;
mod quorum;
mod renaming;
mod replication;
mod snapshot;
mod state;

use super::message::RaftMessage;
use super::notes;
use super::types::{Entries, Entry, Index, NodeSet, Payload, Term};
use crate::engine::{
    Engine, Fact, Facts, Input, Log, NodeId, Out, Renaming, RuleId, Span, Timer, WriteId,
};
use crate::lab::store::Machine;
use more::More;
use state::Read;
use std::collections::VecDeque;
use std::rc::Rc;

pub(super) use handover::Admin;
pub(super) use mistakes::FIRST as FIRST_MISTAKE;
pub use snapshot::Snapshot;
pub use state::{Disk, Options, Role, ServerConfig, Write};
pub(super) use state::{Flow, Progress};

/// The election timer: a follower's or candidate's patience.
pub(super) const ELECTION: Timer = Timer(0);
/// The heartbeat timer of a leader.
pub(super) const HEARTBEAT: Timer = Timer(1);
/// What the election timeout is drawn for.
const DRAW_TIMEOUT: u8 = 0;

/// Compare logs before voting.
pub(super) const COMPARE_LOGS: RuleId = RuleId(0);
/// Commit by counting only in the current term.
pub(super) const COMMIT_OWN_TERM: RuleId = RuleId(1);
/// Persist the vote before answering.
pub(super) const PERSIST_VOTE: RuleId = RuleId(2);
/// Randomise the election timeout.
pub(super) const RANDOMISE_TIMEOUT: RuleId = RuleId(3);
/// Confirm leadership before a read.
pub(super) const CONFIRM_LEADERSHIP: RuleId = RuleId(4);
/// A majority is more than half.
pub(super) const MORE_THAN_HALF: RuleId = RuleId(5);
/// Apply each session's request once.
pub(super) const APPLY_ONCE: RuleId = RuleId(6);

/// Take entries only behind the entry that the leader names.
pub(super) const CHECK_PREVIOUS: RuleId = RuleId(7);
/// Try further back where a follower refuses.
pub(super) const BACK_UP: RuleId = RuleId(8);
/// A snapshot has the sessions of the clients in it.
pub(super) const KEEP_SESSIONS: RuleId = RuleId(9);
/// Refuse a pre-vote while a leader is heard.
pub(super) const WAIT_FOR_SILENCE: RuleId = RuleId(10);
/// Commit an entry of the own term before changing the members.
pub(super) const OWN_TERM_FIRST: RuleId = RuleId(11);
/// One change of the members at a time.
pub(super) const ONE_CHANGE_AT_A_TIME: RuleId = RuleId(12);
/// Who only catches up does not count.
pub(super) const LEARNERS_DO_NOT_COUNT: RuleId = RuleId(13);
/// Who is to be a member catches up first.
pub(super) const CATCH_UP_FIRST: RuleId = RuleId(14);
/// A joint configuration takes the majorities of both.
pub(super) const BOTH_MAJORITIES: RuleId = RuleId(15);
/// A lease ends before anybody else can be elected.
pub(super) const LEASE_ENDS_FIRST: RuleId = RuleId(16);

/// One server.
#[derive(Clone, Hash)]
pub struct Server {
    me: NodeId,
    config: Rc<ServerConfig>,
    pub(super) term: Term,
    pub(super) voted_for: Option<NodeId>,
    pub(super) log: Log<Entry>,
    pub(super) role: Role,
    pub(super) leader: Option<NodeId>,
    pub(super) commit: Index,
    pub(super) applied: Index,
    pub(super) machine: Machine,
    /// How far the own log is on disk, and the writes that will take it further.
    pub(super) durable: Index,
    writes: VecDeque<(WriteId, Index)>,
    /// The confirmation that was asked for last, and reads that wait for one.
    round: u32,
    reads: Vec<Read>,
    /// The timeout that runs, for the note that it ran out.
    patience: Span,
    /// What only the options need: `None` where all of them are off.
    more: Option<Box<More>>,
}

type ServerOut<'a> = Out<'a, Server>;

impl Engine for Server {
    type Message = RaftMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = Admin;
    type Config = ServerConfig;

    const TIMERS: &'static [&'static str] = &["election", "heartbeat"];

    fn boot(me: NodeId, config: &Rc<ServerConfig>, disk: &Disk) -> Self {
        Server {
            me,
            config: Rc::clone(config),
            term: disk.term,
            voted_for: disk.voted_for,
            durable: Index(disk.log.len() as u32),
            log: disk.log.clone(),
            role: Role::Follower,
            leader: None,
            // What is in a snapshot was applied, and so it was committed.
            commit: disk.snapshot.as_ref().map_or(Index(0), |kept| kept.last.1),
            applied: disk.snapshot.as_ref().map_or(Index(0), |kept| kept.last.1),
            machine: disk
                .snapshot
                .as_ref()
                .map_or_else(Machine::default, |kept| kept.machine.clone()),
            writes: VecDeque::new(),
            round: 0,
            reads: Vec::new(),
            patience: Span(0),
            more: More::of(me, config, disk),
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        match write {
            Write::Vote(term, voted_for) => (disk.term, disk.voted_for) = (*term, *voted_for),
            Write::Append { keep, entries } => {
                disk.log.truncate(*keep);
                disk.log.append(entries);
            }
            Write::Snapshot { snapshot, keep } => {
                snapshot.stand_in(&mut disk.log, *keep);
                disk.snapshot = Some(Rc::clone(snapshot));
            }
        }
    }

    // Within its two callers: one of them has messages only, the other all but messages.
    #[inline(always)]
    fn handle(&mut self, input: Input<'_, Self>, out: &mut ServerOut<'_>) {
        match input {
            Input::Started => {
                out.note(notes::BECAME_FOLLOWER, [self.term.into()]);
                if self.more.is_none() || self.comes_up(out) {
                    self.set_election_timer(out);
                }
            }
            Input::TimerFired(HEARTBEAT) => self.heartbeat(out),
            Input::TimerFired(_) => self.out_of_patience(out),
            Input::Written(write) => self.written(write, out),
            Input::Received { from, message } => self.receive(from, message, out),
            Input::Asked(admin) => self.administer(*admin, out),
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("role", Fact::Key(Engine::role(self)));
        facts.say("term", self.term);
        facts.say("voted-for", self.voted_for);
        facts.say("leader", self.leader);
        facts.say("log", log_fact(&self.log));
        facts.say("commit", self.commit);
        facts.say("applied", self.applied);
        if let Some(snapshot) = self.snapshot() {
            facts.say("snapshot", snapshot.last.1);
        }
        if let Some(members) = self.members() {
            let list = |set: NodeSet| Fact::List(set.nodes().map(Fact::from).collect());
            facts.say("members", list(members.new));
            if members.joint() {
                facts.say("old-members", list(members.old));
            }
        }
        let mut store = Facts::default();
        let values = self.machine.values().iter();
        let pairs = values.map(|(key, value)| Fact::List(vec![(*key).into(), (*value).into()]));
        store.say("values", Fact::List(pairs.collect()));
        facts.say("store", store);
        if let Role::Leader { followers } = &self.role {
            for progress in followers {
                let mut known = Facts::default();
                known.say("node", progress.follower);
                known.say("next", progress.next);
                known.say("match", progress.matched);
                facts.say("follower", known);
            }
        }
    }

    fn role(&self) -> &'static str {
        match self.role {
            Role::Follower if self.is_outside() => "spare",
            Role::Follower => "follower",
            Role::PreCandidate { .. } => "pre-candidate",
            Role::Candidate { .. } => "candidate",
            Role::Leader { .. } => "leader",
        }
    }

    fn renamed(&self, disk: &Disk, names: &Renaming) -> Option<(Self, Disk)> {
        // Configurations in the log name servers, and a log is not renamed.
        let fixed = self.config.options.members == NodeSet::NONE;
        fixed.then(|| (self.under(names), disk.under(names)))
    }

    fn write_renamed(write: &Write, names: &Renaming) -> Option<Write> {
        Some(write.under(names))
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("term", disk.term);
        facts.say("voted-for", disk.voted_for);
        facts.say("log", log_fact(&disk.log));
        if let Some(snapshot) = &disk.snapshot {
            facts.say("snapshot", snapshot.last.1);
        }
    }
}

/// A log as the terms of its entries: `1 1 2`; the last dozen of a long one.
fn log_fact(log: &Log<Entry>) -> Fact {
    let from = log.len().saturating_sub(12);
    Fact::List(log.iter_from(from).map(|entry| entry.term.into()).collect())
}

impl Server {
    fn receive(&mut self, from: NodeId, message: &RaftMessage, out: &mut ServerOut<'_>) {
        if self.more.is_some()
            && matches!(message, RaftMessage::VoteRequest { .. })
            && self.is_bound(from, out)
        {
            return;
        }
        let raised = self.heard_term(from, message.term(), out);
        // Term and vote go to disk together where a vote is given; alone otherwise.
        let asks = matches!(
            message,
            RaftMessage::VoteRequest { .. } | RaftMessage::VoteRequestAsTold { .. }
        );
        if raised && !asks {
            out.persist(Write::Vote(self.term, self.voted_for));
        }
        match message {
            RaftMessage::VoteRequest { term, last }
            | RaftMessage::VoteRequestAsTold { term, last } => {
                self.vote(from, (*term, *last), raised, out);
            }
            RaftMessage::VoteReply { term, granted } => {
                self.count_vote(from, *term, *granted, out);
            }
            RaftMessage::AppendEntries {
                term,
                prev,
                entries,
                commit,
                round,
            } => {
                let append = replication::Append {
                    term: *term,
                    prev: *prev,
                    commit: *commit,
                };
                self.append(from, append, entries, *round, out);
            }
            RaftMessage::AppendReply {
                term,
                success,
                index,
                round,
            } => {
                self.append_answered(from, *term, (*success, *index, *round), out);
            }
            RaftMessage::ClientRequest { sequence, op } => {
                self.client_request(from, *sequence, *op, out);
            }
            // Only clients get these.
            RaftMessage::ClientReply { .. } => {}
            RaftMessage::PreVoteRequest { next, last } => {
                self.pre_vote(from, (*next, *last), out);
            }
            RaftMessage::PreVoteReply { next, granted, .. } => {
                self.count_pre_vote(from, *next, *granted, out);
            }
            RaftMessage::TimeoutNow { term } => self.timeout_now(from, *term, out),
            RaftMessage::InstallSnapshot { term, piece } => {
                self.install(from, *term, piece, out);
            }
            RaftMessage::InstallReply {
                term,
                last,
                offset,
                done,
            } => self.install_answered(from, *term, (*last, *offset, *done), out),
        }
    }

    /// Figure 2, All servers 2: a higher term makes a follower of anyone.
    fn heard_term(&mut self, from: NodeId, term: Option<Term>, out: &mut ServerOut<'_>) -> bool {
        let Some(term) = term.filter(|term| *term > self.term) else {
            return false;
        };
        let old = std::mem::replace(&mut self.term, term);
        if out.rule(mistakes::FORGET_THE_VOTE_IN_A_NEW_TERM) {
            self.voted_for = None;
        }
        self.leader = None;
        if !matches!(self.role, Role::Follower) && out.rule(mistakes::STEP_DOWN_FOR_A_HIGHER_TERM) {
            out.note(notes::STEPPED_DOWN, [from.into(), term.into(), old.into()]);
            let led = matches!(self.role, Role::Leader { .. });
            self.become_follower();
            if led {
                out.stop_timer(HEARTBEAT);
                self.set_election_timer(out);
            }
        }
        true
    }

    fn become_follower(&mut self) {
        self.role = Role::Follower;
        self.reads.clear();
        self.leave_office();
    }

    /// Section 5.2: drawn anew each time, so that split votes are rare.
    fn set_election_timer(&mut self, out: &mut ServerOut<'_>) {
        let (min, max) = (self.config.timeout_min.0, self.config.timeout_max.0);
        let drawn = out.draw(DRAW_TIMEOUT, min..=max.max(min));
        self.patience = Span(if out.rule(RANDOMISE_TIMEOUT) {
            drawn
        } else {
            min
        });
        out.set_timer(ELECTION, self.patience);
    }

    /// The others that have a vote.
    fn peers(&self, out: &ServerOut<'_>) -> Vec<NodeId> {
        let mut peers = match self.acting(out) {
            Some(members) => members.all().nodes().collect(),
            None => self.config.servers.clone(),
        };
        peers.retain(|id| *id != self.me);
        peers
    }

    /// How many servers there are that have a vote.
    fn voters(&self, out: &ServerOut<'_>) -> usize {
        let members = self.acting(out);
        members.map_or(self.config.servers.len(), |members| members.new.count())
    }

    /// How many servers are enough; of a joint configuration, how many of its new servers.
    fn majority(&self, out: &ServerOut<'_>) -> usize {
        Self::majority_of(self.voters(out), out)
    }

    fn majority_of(n: usize, out: &ServerOut<'_>) -> usize {
        if out.rule(MORE_THAN_HALF) {
            n / 2 + 1
        } else {
            n.div_ceil(2)
        }
    }

    /// Whether its first entry as leader is an empty one.
    pub(super) fn begins_with_noop(&self) -> bool {
        self.config.noop
    }

    fn last(&self) -> (Term, Index) {
        let last = Index(self.log.len() as u32);
        (self.term_at(last).unwrap_or_default(), last)
    }

    /// The term of an entry; 0 before the first, `None` past the last.
    #[inline]
    pub(super) fn term_at(&self, index: Index) -> Option<Term> {
        match index.len().checked_sub(1) {
            None => Some(Term(0)),
            Some(place) => match self.log.get(place) {
                Some(entry) => Some(entry.term),
                None => self.term_in_snapshot(index),
            },
        }
    }

    /// A write reached the disk: the own log counts as far as it is there.
    fn written(&mut self, write: WriteId, out: &mut ServerOut<'_>) {
        let mut advanced = false;
        while let Some((id, index)) = self.writes.front().copied()
            && id <= write
        {
            self.writes.pop_front();
            self.durable = index;
            advanced = true;
        }
        if self.more.is_some() {
            self.snapshot_written(write);
        }
        match self.role {
            Role::Leader { .. } if advanced => self.advance_commit(out),
            // The own vote, where it is all that is needed, is the last write of a candidate.
            Role::Candidate { .. } if advanced && self.writes.is_empty() => {
                self.win_if_enough(out);
            }
            Role::Follower
            | Role::PreCandidate { .. }
            | Role::Candidate { .. }
            | Role::Leader { .. } => {}
        }
    }

    /// A leader adds an entry of its own term.
    fn append_own(&mut self, payload: Payload, out: &mut ServerOut<'_>) {
        let (term, keep) = (self.term, self.log.len());
        self.log.push(Entry { term, payload });
        self.write_log(keep, self.log.share(keep, 1), out);
    }

    /// Changes the log in memory, and asks for the same on disk.
    fn change_log(&mut self, keep: usize, entries: &Entries, out: &mut ServerOut<'_>) {
        self.log.truncate(keep);
        self.log.append(entries);
        self.write_log(keep, entries.clone(), out);
    }

    /// Asks for what changed in the log in memory to be written to disk.
    fn write_log(&mut self, keep: usize, entries: Entries, out: &mut ServerOut<'_>) {
        let write = out.persist(Write::Append { keep, entries });
        let end = Index(self.log.len() as u32);
        // What is cut away does not count as durable any more, whatever the disk still holds.
        self.durable = self.durable.min(Index(keep as u32));
        self.writes
            .iter_mut()
            .for_each(|(_, index)| *index = (*index).min(Index(keep as u32)));
        self.writes.push_back((write, end));
        if self.more.is_some() {
            self.follow_members(keep, out);
        }
    }
}
