//! A Raft server: state, and what comes in. Elections, replication and clients have a file each.

mod clients;
mod election;
mod inside;
mod mistakes;
mod renaming;
mod replication;

use super::machine::Machine;
use super::message::RaftMessage;
use super::notes;
use super::types::{Entries, Entry, Index, Payload, Term};
use crate::engine::{
    Engine, Fact, Facts, Input, Log, NodeId, Out, Renaming, RuleId, Span, Timer, WriteId,
};
use std::collections::VecDeque;
use std::rc::Rc;

pub(super) use mistakes::FIRST as FIRST_MISTAKE;

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

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ServerConfig {
    /// All servers.
    pub servers: Vec<NodeId>,
    /// The least election timeout.
    pub timeout_min: Span,
    /// The most.
    pub timeout_max: Span,
    /// The time between two heartbeats.
    pub heartbeat: Span,
    /// Whether a leader begins its term with an empty entry.
    pub noop: bool,
    /// The most entries in one message.
    pub batch: usize,
}

/// What survives a crash (figure 2, persistent state).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Disk {
    /// The latest term seen.
    pub term: Term,
    /// Who got the vote in that term.
    pub voted_for: Option<NodeId>,
    /// The log.
    pub log: Log<Entry>,
}

/// One change of the disk.
#[derive(Clone, Hash)]
pub enum Write {
    /// Term and vote.
    Vote(Term, Option<NodeId>),
    /// The log is cut to `keep` entries, and these come after them.
    Append {
        /// How many entries stay.
        keep: usize,
        /// What comes after them.
        entries: Entries,
    },
}

/// What a leader knows of one follower (figure 2, volatile state on leaders).
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Progress {
    /// Which follower.
    pub follower: NodeId,
    /// The next entry to send.
    pub next: Index,
    /// How far its log is known to agree, on its disk.
    pub matched: Index,
    /// Whether entries are under way; more wait for the answer (batching, dissertation section
    /// 10.2.1).
    pub flow: Flow,
    /// The last round that it answered.
    pub round: u32,
}

/// Whether a follower owes an answer to entries.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Flow {
    /// It owes none: new entries go at once.
    Idle,
    /// Entries are under way, up to this one.
    Sent(Index),
    /// They were under way at the last heartbeat, too; the next one sends them again.
    Overdue(Index),
}

/// A read that waits until the leader knows that it still leads.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Read {
    client: NodeId,
    sequence: u32,
    key: crate::engine::Word,
    /// What must be applied before the answer.
    index: Index,
    /// The round that must be confirmed; `None` until an entry of the own term is committed.
    round: Option<u32>,
}

/// What a server is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Listens to a leader.
    Follower,
    /// Asks for votes.
    Candidate {
        /// Who has given one, in order.
        granted: Vec<NodeId>,
        /// Who has refused, in order.
        refused: Vec<NodeId>,
    },
    /// Leads.
    Leader {
        /// What it knows of each follower.
        followers: Vec<Progress>,
    },
}

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
}

type ServerOut<'a> = Out<'a, Server>;

impl Engine for Server {
    type Message = RaftMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = ();
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
            commit: Index(0),
            applied: Index(0),
            machine: Machine::default(),
            writes: VecDeque::new(),
            round: 0,
            reads: Vec::new(),
            patience: Span(0),
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        match write {
            Write::Vote(term, voted_for) => (disk.term, disk.voted_for) = (*term, *voted_for),
            Write::Append { keep, entries } => {
                disk.log.truncate(*keep);
                disk.log.append(entries);
            }
        }
    }

    // Within its two callers: one of them has messages only, the other all but messages.
    #[inline(always)]
    fn handle(&mut self, input: Input<'_, Self>, out: &mut ServerOut<'_>) {
        match input {
            Input::Started => {
                out.note(notes::BECAME_FOLLOWER, [self.term.into()]);
                self.set_election_timer(out);
            }
            Input::TimerFired(HEARTBEAT) => self.heartbeat(out),
            Input::TimerFired(_) => self.start_election(out),
            Input::Written(write) => self.written(write, out),
            Input::Received { from, message } => self.receive(from, message, out),
            Input::Asked(()) => {}
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
            Role::Follower => "follower",
            Role::Candidate { .. } => "candidate",
            Role::Leader { .. } => "leader",
        }
    }

    fn renamed(&self, disk: &Disk, names: &Renaming) -> Option<(Self, Disk)> {
        Some((self.under(names), disk.under(names)))
    }

    fn write_renamed(write: &Write, names: &Renaming) -> Option<Write> {
        Some(write.under(names))
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("term", disk.term);
        facts.say("voted-for", disk.voted_for);
        facts.say("log", log_fact(&disk.log));
    }
}

/// A log as the terms of its entries: `1 1 2`; the last dozen of a long one.
fn log_fact(log: &Log<Entry>) -> Fact {
    let from = log.len().saturating_sub(12);
    Fact::List(log.iter_from(from).map(|entry| entry.term.into()).collect())
}

impl Server {
    fn receive(&mut self, from: NodeId, message: &RaftMessage, out: &mut ServerOut<'_>) {
        let raised = self.heard_term(from, message.term(), out);
        // Term and vote go to disk together where a vote is given; alone otherwise.
        if raised && !matches!(message, RaftMessage::VoteRequest { .. }) {
            out.persist(Write::Vote(self.term, self.voted_for));
        }
        match message {
            RaftMessage::VoteRequest { term, last } => {
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

    /// The others.
    fn peers(&self) -> impl Iterator<Item = NodeId> + use<> {
        let (config, me) = (Rc::clone(&self.config), self.me);
        (0..config.servers.len())
            .map(move |i| config.servers[i])
            .filter(move |id| *id != me)
    }

    /// How many servers are enough.
    fn majority(&self, out: &ServerOut<'_>) -> usize {
        let n = self.config.servers.len();
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
            Some(place) => self.log.get(place).map(|entry| entry.term),
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
        match self.role {
            Role::Leader { .. } if advanced => self.advance_commit(out),
            // The own vote, where it is all that is needed, is the last write of a candidate.
            Role::Candidate { .. } if advanced && self.writes.is_empty() => {
                self.win_if_enough(out);
            }
            Role::Follower | Role::Candidate { .. } | Role::Leader { .. } => {}
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
    }
}
