//! A server: proposer, acceptor and learner in one (Lamport 2001, section 2.5). What it holds, and what
//! comes in. Phase 1, phase 2, learning and clients have a file each.

mod accepting;
mod clients;
mod leading;
mod learning;
mod preparing;

use super::message::MultiMessage;
use super::notes;
use super::rules::{APPLY_IN_ORDER, BACK_OFF, MORE_THAN_HALF, majority};
use super::slots::Slots;
use super::types::{Ballot, Command, Slot, Vote};
use crate::engine::{
    Arg, Engine, Fact, Facts, Input, Log, NodeId, Out, Span, Timer, Word, WriteId,
};
use crate::lab::store::Machine;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// How long it hears nothing of a leader before it tries to lead.
pub(super) const ELECTION: Timer = Timer(0);
/// The heartbeat timer of a leader.
pub(super) const HEARTBEAT: Timer = Timer(1);
/// What the election timeout is drawn for.
const DRAW_TIMEOUT: u8 = 0;

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
    /// How many slots are open at once.
    pub window: usize,
    /// The most slots in one message to a server that is behind.
    pub batch: usize,
}

/// What survives a crash (Lamport 2001, section 2.5: stable storage).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Disk {
    /// The highest ballot that it has promised.
    pub promised: Ballot,
    /// What it has accepted, slot by slot.
    pub slots: Slots,
    /// All slots up to this one are chosen, and the votes there are what was.
    pub chosen: Slot,
}

/// One change of the disk.
#[derive(Clone, Hash)]
pub enum Write {
    /// A promise.
    Promise(Ballot),
    /// A vote, and how far slots were known to be chosen then: that costs no write of its own.
    Accept(Slot, Vote, Slot),
    /// What others say is chosen, from a slot on, and how far slots were known to be chosen before.
    Learned(Slot, Rc<[Vote]>, Slot),
}

/// What a write of one's own is waited for.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Own {
    Promise(Ballot),
    Accept(Ballot, Slot),
}

/// Phase 1, from the side of who asks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Candidacy {
    /// The first slot that it asks for.
    pub(super) first: Slot,
    /// Who has promised, in order.
    pub(super) promises: Vec<NodeId>,
    /// The vote of the highest ballot that it was told of, slot by slot.
    found: BTreeMap<Slot, Vote>,
}

/// A slot that was proposed and is not chosen yet.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Open {
    /// Which.
    pub(super) slot: Slot,
    /// The value.
    command: Command,
    /// Who has accepted it, in order.
    pub(super) accepted: Vec<NodeId>,
    /// It was open at the last heartbeat, too; the next one sends it again.
    overdue: bool,
}

/// A read that waits until the leader knows that it still leads.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Read {
    client: NodeId,
    sequence: u32,
    key: Word,
    /// The round that must be confirmed; `None` until one is begun for it.
    round: Option<u32>,
}

/// What a leader keeps.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Leading {
    /// The next slot that is free.
    pub(super) next: Slot,
    /// The last slot that phase 1 found something in: what is in the slots up to it comes first.
    pub(super) recovered: Slot,
    /// What is proposed, by slot.
    pub(super) open: Vec<Open>,
    /// What has its slot, and waits until fewer are open.
    pub(super) waiting: VecDeque<(Slot, Command)>,
    /// The last round of heartbeats, and which one each of the others has answered.
    round: u32,
    rounds: Vec<(NodeId, u32)>,
    reads: Vec<Read>,
}

/// What a server is, besides an acceptor and a learner.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// It listens to a leader.
    Follower,
    /// It is in phase 1.
    Candidate(Candidacy),
    /// It leads: phase 2 alone.
    Leader(Leading),
}

/// One server.
#[derive(Clone, Hash)]
pub struct Server {
    me: NodeId,
    config: Rc<ServerConfig>,
    /// The highest ballot that it has promised; its own, where it is candidate or leader.
    pub(super) promised: Ballot,
    /// The highest ballot that it has heard of.
    highest: Ballot,
    /// What it has accepted.
    pub(super) slots: Slots,
    /// All slots up to this one are chosen, and so are these beyond it.
    pub(super) chosen: Slot,
    pub(super) beyond: Vec<Slot>,
    /// How far slots are chosen, as a leader said.
    pub(super) told: Slot,
    /// What it has applied, in this order, and what came of it.
    pub(super) applied: Log<(Slot, Command)>,
    pub(super) machine: Machine,
    pub(super) role: Role,
    pub(super) leader: Option<NodeId>,
    writes: VecDeque<(WriteId, Own)>,
    /// The timeout that runs, for the note that it ran out.
    patience: Span,
}

type ServerOut<'a> = Out<'a, Server>;

impl Engine for Server {
    type Message = MultiMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = ();
    type Config = ServerConfig;

    const TIMERS: &'static [&'static str] = &["election", "heartbeat"];

    fn boot(me: NodeId, config: &Rc<ServerConfig>, disk: &Disk) -> Self {
        // Whoever has accepted under a ballot promises nothing below it.
        let promised = disk
            .slots
            .highest()
            .map_or(disk.promised, |highest| highest.max(disk.promised));
        Server {
            me,
            config: Rc::clone(config),
            promised,
            highest: promised,
            slots: disk.slots.clone(),
            chosen: disk.chosen,
            beyond: Vec::new(),
            told: disk.chosen,
            applied: Log::default(),
            machine: Machine::default(),
            role: Role::Follower,
            leader: None,
            writes: VecDeque::new(),
            patience: Span(0),
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        match write {
            Write::Promise(ballot) => disk.promised = *ballot,
            Write::Accept(slot, vote, chosen) => {
                disk.slots.set(*slot, *vote);
                disk.chosen = *chosen;
            }
            Write::Learned(first, votes, chosen) => {
                for (slot, vote) in (first.0..).zip(votes.iter()) {
                    disk.slots.set(Slot(slot), *vote);
                }
                disk.chosen = *chosen;
            }
        }
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut ServerOut<'_>) {
        match input {
            Input::Started => {
                out.note(notes::STARTED, [self.promised.into(), self.chosen.into()]);
                for slot in 1..=self.chosen.0 {
                    self.apply(Slot(slot), out);
                }
                self.set_election_timer(out);
            }
            Input::TimerFired(HEARTBEAT) => self.heartbeat_due(out),
            Input::TimerFired(_) => self.start_election(out),
            Input::Written(write) => self.written(write, out),
            Input::Received { from, message } => self.receive(from, message, out),
            Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("role", Fact::Key(Engine::role(self)));
        facts.say("promised", self.promised);
        facts.say("leader", self.leader);
        facts.say("slots", slots_fact(&self.slots));
        facts.say("chosen", self.chosen);
        facts.say("applied", self.applied.len());
        if let Role::Leader(leading) = &self.role {
            let open = leading.open.iter().map(|open| open.slot.into());
            facts.say("open", Fact::List(open.collect()));
            facts.say("waiting", leading.waiting.len());
        }
        let mut store = Facts::default();
        let values = self.machine.values().iter();
        let pairs = values.map(|(key, value)| Fact::List(vec![(*key).into(), (*value).into()]));
        store.say("values", Fact::List(pairs.collect()));
        facts.say("store", store);
    }

    fn role(&self) -> &'static str {
        match self.role {
            Role::Follower => "follower",
            Role::Candidate(_) => "candidate",
            Role::Leader(_) => "leader",
        }
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("promised", disk.promised);
        facts.say("slots", slots_fact(&disk.slots));
        facts.say("chosen", disk.chosen);
    }
}

/// The ballots of the last dozen slots: `1.5 1.5`; nothing in a gap.
fn slots_fact(slots: &Slots) -> Fact {
    let last = slots.last();
    let shown = (last.0.saturating_sub(11).max(1)..=last.0).map(Slot);
    let ballot = |slot| slots.get(slot).map(|vote| vote.ballot).into();
    Fact::List(shown.map(ballot).collect())
}

impl Server {
    fn receive(&mut self, from: NodeId, message: &MultiMessage, out: &mut ServerOut<'_>) {
        match message {
            MultiMessage::Prepare { ballot, first } => self.prepare(from, *ballot, *first, out),
            MultiMessage::Promise { ballot, votes } => self.promise(from, *ballot, votes, out),
            MultiMessage::Accept {
                ballot,
                slot,
                command,
                chosen,
            } => self.accept(from, (*ballot, *slot, *command), *chosen, out),
            MultiMessage::Accepted { ballot, slot } => self.accepted(from, *ballot, *slot, out),
            MultiMessage::Refused { ballot, promised } => self.refused(*ballot, *promised, out),
            MultiMessage::Heartbeat {
                ballot,
                chosen,
                round,
            } => self.heartbeat(from, *ballot, *chosen, *round, out),
            MultiMessage::HeartbeatReply { ballot, round } => {
                self.heartbeat_answered(from, *ballot, *round, out);
            }
            MultiMessage::CatchUp { first } => self.help(from, *first, out),
            MultiMessage::Chosen { first, votes } => self.helped(from, *first, votes, out),
            MultiMessage::ClientRequest { sequence, op } => {
                self.client_request(from, *sequence, *op, out);
            }
            // Only clients get these.
            MultiMessage::ClientReply { .. } => {}
        }
    }

    /// A write reached the disk: one's own promise and one's own votes count from now on.
    fn written(&mut self, write: WriteId, out: &mut ServerOut<'_>) {
        while let Some((id, own)) = self.writes.front().copied()
            && id <= write
        {
            self.writes.pop_front();
            match own {
                Own::Promise(ballot) => {
                    let mine: Rc<[(Slot, Vote)]> = match &self.role {
                        Role::Candidate(candidacy) => self.slots.from(candidacy.first).collect(),
                        Role::Follower | Role::Leader(_) => Rc::default(),
                    };
                    self.promise(self.me, ballot, &mine, out);
                }
                Own::Accept(ballot, slot) => self.accepted(self.me, ballot, slot, out),
            }
        }
    }

    /// Somebody has a higher ballot: this one gives its own up, and waits for a while.
    fn overtaken(&mut self, promised: Ballot, out: &mut ServerOut<'_>) {
        let own = self.promised;
        self.highest = self.highest.max(promised);
        if !self.busy() {
            return;
        }
        out.note(notes::OVERTAKEN, [own.into(), promised.into()]);
        if matches!(self.role, Role::Leader(_)) {
            out.stop_timer(HEARTBEAT);
        }
        self.role = Role::Follower;
        self.leader = None;
        self.set_election_timer(out);
    }

    /// Behind [`Server::overtaken`], once the other was answered.
    fn try_again(&mut self, was_busy: bool, out: &mut ServerOut<'_>) {
        if was_busy && !out.rule(BACK_OFF) {
            out.note(notes::TRIES_AT_ONCE, [self.highest.into()]);
            self.start_election(out);
        }
    }

    fn busy(&self) -> bool {
        !matches!(self.role, Role::Follower)
    }

    /// A message of a leader whose ballot stands. It is no promise: only phases 1 and 2 make one.
    fn follow(&mut self, from: NodeId, ballot: Ballot, out: &mut ServerOut<'_>) {
        if ballot > self.promised {
            self.overtaken(ballot, out);
        } else if self.busy() {
            // Only where ballots are shared: it goes on as what it is.
            return;
        }
        self.highest = self.highest.max(ballot);
        self.leader = Some(from);
        self.set_election_timer(out);
    }

    /// Drawn anew each time, so that two seldom try at once.
    fn set_election_timer(&mut self, out: &mut ServerOut<'_>) {
        let (min, max) = (self.config.timeout_min.0, self.config.timeout_max.0);
        self.patience = Span(out.draw(DRAW_TIMEOUT, min..=max.max(min)));
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
        majority(self.config.servers.len(), out.rule(MORE_THAN_HALF))
    }

    /// Applies what a slot holds.
    fn apply(&mut self, slot: Slot, out: &mut ServerOut<'_>) {
        if let Some(vote) = self.slots.get(slot) {
            self.execute(slot, vote.command, out);
        }
    }

    /// Whether slots are applied one behind the other.
    fn in_order(out: &ServerOut<'_>) -> bool {
        out.rule(APPLY_IN_ORDER)
    }

    /// Whether it believes that it leads.
    #[must_use]
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }
}

/// Node, ballot and the ballot that stands against it, as a note has them.
fn against(node: NodeId, ballot: Ballot, promised: Ballot) -> [Arg; 3] {
    [node.into(), ballot.into(), promised.into()]
}
