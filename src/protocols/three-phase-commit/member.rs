//! A member: a participant in every transaction, the coordinator of those that it is asked for, and a backup
//! coordinator where it is elected.

use super::leading::{Announcement, Phase, Round, Told};
use super::message::{PhaseMessage, State};
use super::recovery::Recovery;
use super::rules::{HOLD_LOCKS, WAIT_THE_BOUND, mistakes};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Time, Timer};
use crate::lab::commit::{Books, Disk, Entry, Order, Pay, Standing, TxnId, Write};
use std::collections::{BTreeMap, VecDeque};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

pub(super) const BEGIN: Timer = Timer(0);
pub(super) const LEAD: Timer = Timer(1);
pub(super) const WAIT: Timer = Timer(2);
pub(super) const AGAIN: Timer = Timer(3);
pub(super) const SEND: Timer = Timer(4);

const DRAW_GAP: u8 = 0;
const DRAW_ORDER: [u8; 3] = [1, 2, 3];

/// A member votes no where more writes than this are under way: its disk is behind.
const MOST_WRITES: u32 = 1;
/// So many writes are under way at most, with one of each transaction that has an account locked, and new numbers.
const WRITES: u64 = 7;

/// What is known of the surroundings: no message and no write takes longer. All waiting rests on it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// From sending a message to its arrival, a second copy of it included.
    pub message: Span,
    /// From asking for a write to its end.
    pub disk: Span,
    /// From the write that an announcement waits for to the last of those that are told.
    pub spread: Span,
}

impl Bounds {
    /// For links and disks that take this long at most.
    #[must_use]
    pub fn new(latency: Span, disk: Span, members: u16, send_gap: Span) -> Self {
        Bounds {
            message: Span(latency.0 + latency.0 / 2 + 1),
            disk: Span(disk.0 * WRITES),
            spread: Span(send_gap.0 * u64::from(members)),
        }
    }

    /// From the moment when somebody means to tell all something until the last one hears it.
    #[must_use]
    pub fn one_way(&self) -> Span {
        Span(self.message.0 + self.disk.0 + self.spread.0)
    }

    /// Until the last answer is back.
    #[must_use]
    pub fn round_trip(&self) -> Span {
        Span(self.one_way().0 + self.message.0 + self.disk.0)
    }

    /// Who leads is heard of after that time at the latest: it waits for all answers, and tells all what comes next.
    #[must_use]
    pub fn silence(&self) -> Span {
        Span(self.round_trip().0 + self.one_way().0)
    }

    /// Who is asked to take over is heard of after that.
    #[must_use]
    pub fn elected(&self) -> Span {
        Span(self.message.0 + self.one_way().0)
    }

    /// Whoever stays up is in doubt no longer, whatever happens to the others: each that leads may fail three times
    /// as late as possible, before it says anything and in either phase.
    #[must_use]
    pub fn in_doubt(&self, members: u16) -> Span {
        Span(self.silence().0 * 3 * u64::from(members))
    }
}

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// How many members there are.
    pub members: u16,
    /// So many of them begin transfers by themselves, the first ones.
    pub coordinators: u16,
    /// How many transfers each of those begins a second; 0: none by itself.
    pub rate: u64,
    /// What is on every account in the beginning.
    pub opening: u64,
    /// How long a member that was down waits before it asks again, and who tells a decision before it tells it again.
    pub retry: Span,
    /// What lies between two messages of one announcement.
    pub send_gap: Span,
    /// What all waiting rests on.
    pub bounds: Bounds,
}

/// What members write their work into.
pub(super) type Desk<'a> = Out<'a, Member>;

/// A participant that has voted yes waits for who leads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Wait {
    /// Until then.
    pub deadline: Time,
    /// For whom.
    pub leader: NodeId,
    /// Who has led, or was asked to, and is taken for dead.
    pub gone: Vec<NodeId>,
}

/// One member.
#[derive(Clone)]
pub struct Member {
    pub(super) me: NodeId,
    pub(super) config: Rc<Config>,
    /// What it has, and knows.
    pub(super) books: Books,
    /// What it leads.
    pub(super) rounds: BTreeMap<TxnId, Round>,
    /// What it follows.
    pub(super) waits: BTreeMap<TxnId, Wait>,
    /// What it was prepared for when it went down.
    pub(super) recovering: BTreeMap<TxnId, Recovery>,
    /// What it has decided, and remembers until all have acknowledged it.
    pub(super) telling: BTreeMap<TxnId, Told>,
    /// What it is to begin next.
    pub(super) queue: VecDeque<Order>,
    /// What it has to say to several, one after another.
    pub(super) line: Vec<Announcement>,
    /// Whether the last one that it sent was just now.
    pub(super) sending: bool,
    /// Writes asked for, and done, since it came up.
    pub(super) writes: (u32, u32),
    /// What the timers are set to.
    armed: [Option<Time>; 2],
}

/// Without the configuration, which is the same in every state.
impl Hash for Member {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.books, &self.rounds, &self.waits, &self.recovering).hash(state);
        (&self.telling, &self.queue, &self.line, self.sending).hash(state);
        (self.writes, self.armed).hash(state);
    }
}

impl Member {
    /// What is fixed.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Its accounts and what it knows of transactions.
    #[must_use]
    pub fn books(&self) -> &Books {
        &self.books
    }

    /// What it leads.
    #[must_use]
    pub fn rounds(&self) -> &BTreeMap<TxnId, Round> {
        &self.rounds
    }

    /// What it was prepared for when it went down.
    #[must_use]
    pub fn recovering(&self) -> &BTreeMap<TxnId, Recovery> {
        &self.recovering
    }

    /// All members but this one.
    pub(super) fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        let me = self.me;
        (0..self.config.members)
            .map(NodeId)
            .filter(move |node| *node != me)
    }

    /// A record that what is said next has to wait for.
    pub(super) fn force(&mut self, txn: TxnId, entry: Entry, out: &mut Desk<'_>) {
        self.writes.0 += 1;
        self.books.force(txn, entry, out);
    }

    /// Whether its disk is behind.
    pub(super) fn busy(&self) -> bool {
        self.writes.0 - self.writes.1 > MOST_WRITES
    }

    /// From now until then; without the rule nobody waits longer than for one message.
    pub(super) fn after(&self, span: Span, out: &Desk<'_>) -> Time {
        let hurried = Span(self.config.bounds.message.0 / 2);
        let span = if out.rule(WAIT_THE_BOUND) {
            span
        } else {
            hurried
        };
        out.now() + span
    }

    /// In which state it is, where it knows of the transaction.
    #[must_use]
    pub fn state_of(&self, txn: TxnId) -> Option<State> {
        let down = self.recovering.contains_key(&txn);
        match self.books.standings.get(&txn) {
            Some(Standing::Prepared(..)) if down => Some(State::Recovering(false)),
            Some(Standing::PreCommitted(..)) if down => Some(State::Recovering(true)),
            Some(Standing::Prepared(..)) => Some(State::Uncertain),
            Some(Standing::PreCommitted(..)) => Some(State::PreCommitted),
            Some(Standing::Committed(_)) => Some(State::Committed),
            Some(Standing::Aborted | Standing::Refused) => Some(State::Aborted),
            None if self.rounds.contains_key(&txn) => Some(State::Uncertain),
            None => None,
        }
    }

    fn started(&mut self, out: &mut Desk<'_>) {
        if out.rule(mistakes::NEW_NUMBERS) {
            self.writes.0 += 1;
            self.books.reserve(out);
        } else {
            self.books.use_unreserved();
        }
        if out.rule(HOLD_LOCKS) {
            self.books.lock_again();
        }
        self.came_up(out);
        self.think(out);
    }

    fn think(&mut self, out: &mut Desk<'_>) {
        if self.config.rate == 0 || self.me.0 >= self.config.coordinators {
            return;
        }
        let mean = 1_000_000 / self.config.rate;
        let gap = out.draw(DRAW_GAP, mean / 2..=mean + mean / 2);
        out.set_timer(BEGIN, Span(gap.max(1)));
    }

    fn receive(&mut self, from: NodeId, message: PhaseMessage, out: &mut Desk<'_>) {
        match message {
            PhaseMessage::Prepare(txn, order) => self.prepare(from, txn, order, out),
            PhaseMessage::Yes(txn) => self.yes(from, txn, out),
            PhaseMessage::No(txn) => self.no(from, txn, out),
            PhaseMessage::PreCommit(txn) => self.pre_commit(from, txn, out),
            PhaseMessage::PreAck(txn) => self.pre_acknowledged(from, txn, out),
            PhaseMessage::Commit(txn) => self.hear_commit(from, txn, out),
            PhaseMessage::Abort(txn) => self.hear_abort(from, txn, out),
            PhaseMessage::Ack(txn) => self.acknowledged(from, txn, out),
            PhaseMessage::Elect(txn) => self.elected(from, txn, out),
            PhaseMessage::StateRequest(txn) => self.report_state(from, txn, out),
            PhaseMessage::State(txn, state) => self.hear_state(from, txn, state, out),
            PhaseMessage::Ask(txn) => self.answer(from, txn, out),
        }
    }

    /// Sets the timers to what is due first.
    fn arm(&mut self, out: &mut Desk<'_>) {
        let leads = self.rounds.values().map(|round| round.deadline).min();
        let waits = self.waits.values().map(|wait| wait.deadline).min();
        for (timer, due, armed) in [(LEAD, leads, 0), (WAIT, waits, 1)] {
            let armed = &mut self.armed[armed];
            if *armed == due {
                continue;
            }
            *armed = due;
            match due {
                Some(due) => out.set_timer(timer, Span(due.0.saturating_sub(out.now().0))),
                None => out.stop_timer(timer),
            }
        }
    }

    /// A timer runs out: what was due then. One that is made to run out early is believed.
    fn due(&mut self, timer: usize, out: &Desk<'_>) -> Time {
        let armed = self.armed[timer].take();
        armed.map_or(out.now(), |due| due.max(out.now()))
    }
}

impl Engine for Member {
    type Message = PhaseMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = Pay;
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["begin", "lead", "wait", "again", "send"];

    fn boot(me: NodeId, config: &Rc<Config>, disk: &Disk) -> Self {
        Member {
            me,
            config: Rc::clone(config),
            books: Books::replay(me, config.members, config.opening, disk),
            rounds: BTreeMap::new(),
            waits: BTreeMap::new(),
            recovering: BTreeMap::new(),
            telling: BTreeMap::new(),
            queue: VecDeque::new(),
            line: Vec::new(),
            sending: false,
            writes: (0, 0),
            armed: [None; 2],
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        disk.write(write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.started(out),
            Input::Received { from, message } => self.receive(from, *message, out),
            Input::TimerFired(LEAD) => {
                let due = self.due(0, out);
                self.answers_missing(due, out);
            }
            Input::TimerFired(WAIT) => {
                let due = self.due(1, out);
                self.leader_silent(due, out);
            }
            Input::TimerFired(AGAIN) => self.again(out),
            Input::TimerFired(SEND) => {
                self.sending = false;
                self.send_next(out);
            }
            Input::TimerFired(_) => {
                let order = Order::draw(self.config.members, DRAW_ORDER, out);
                self.want(order, out);
                self.think(out);
            }
            Input::Asked(Pay(order)) => self.want(*order, out),
            Input::Written(_) => {
                self.writes.1 += 1;
                self.begin_to_send(out);
            }
        }
        self.arm(out);
    }

    fn facts(&self, facts: &mut Facts) {
        self.books.account_facts(facts);
        self.books.standing_facts(facts);
        let list = |txns: Vec<&TxnId>| -> Fact {
            Fact::List(txns.into_iter().map(|txn| (*txn).into()).collect())
        };
        let standings = self.books.standings.iter();
        let ready = standings.filter(|(_, at)| matches!(at, Standing::PreCommitted(..)));
        facts.say("pre-committed", list(ready.map(|(txn, _)| txn).collect()));
        facts.say("leads", list(self.rounds.keys().collect()));
        facts.say("recovering", list(self.recovering.keys().collect()));
        facts.say("unacknowledged", list(self.telling.keys().collect()));
        facts.say("to-send", self.line.len());
        facts.say("in-memory", self.books.buffer.len());
    }

    fn role(&self) -> &'static str {
        let mut rounds = self.rounds.iter();
        if rounds.any(|(txn, _)| txn.coordinator != self.me) {
            return "backup";
        }
        if let Some(round) = self.rounds.values().next() {
            return match round.phase {
                Phase::Votes(_) => "collecting",
                Phase::States { .. } | Phase::Acks { .. } => "pre-committing",
            };
        }
        let standings = self.books.standings.values();
        let ready = standings.filter(|at| matches!(at, Standing::PreCommitted(..)));
        if !self.recovering.is_empty() {
            "recovering"
        } else if ready.count() > 0 {
            "pre-committed"
        } else if self.books.in_doubt().next().is_some() {
            "prepared"
        } else if !self.telling.is_empty() {
            "telling"
        } else if self.me.0 < self.config.coordinators {
            "coordinator"
        } else {
            "member"
        }
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("records", disk.log.len());
        facts.say("forced", disk.forced);
    }
}
