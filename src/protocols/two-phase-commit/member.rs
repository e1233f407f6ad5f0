//! A member: a participant in every transaction, and the coordinator of those that it is asked for.

use super::coordinator::Coordinator;
use super::message::CommitMessage;
use super::notes;
use super::rules::{self, mistakes};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Timer};
use crate::lab::commit::{Books, Disk, Order, Pay, TxnId, Write};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

pub(super) const BEGIN: Timer = Timer(0);
pub(super) const VOTES: Timer = Timer(1);
pub(super) const AGAIN: Timer = Timer(2);
pub(super) const ASK: Timer = Timer(3);

const DRAW_GAP: u8 = 0;
const DRAW_ORDER: [u8; 3] = [1, 2, 3];

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
    /// Whether an abort is presumed where nothing is known.
    pub presumed_abort: bool,
    /// Whether who is in doubt asks all others, not the coordinator alone.
    pub cooperative: bool,
    /// How long a coordinator waits for votes.
    pub vote_timeout: Span,
    /// How long a participant waits for the decision before it asks, and asks again.
    pub ask_timeout: Span,
    /// How long a coordinator waits for acknowledgements before it tells its decision again.
    pub retry: Span,
}

/// What members write their work into.
pub(super) type Desk<'a> = Out<'a, Member>;

/// One member.
#[derive(Clone)]
pub struct Member {
    pub(super) me: NodeId,
    pub(super) config: Rc<Config>,
    /// What it has, and knows as a participant.
    pub(super) books: Books,
    /// What it does as a coordinator.
    pub(super) coordinator: Coordinator,
    /// The transactions that it has asked about, in order.
    pub(super) asked: Vec<TxnId>,
}

/// Without the configuration, which is the same in every state.
impl Hash for Member {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.books, &self.coordinator, &self.asked).hash(state);
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

    /// What it does as a coordinator.
    #[must_use]
    pub fn coordinator(&self) -> &Coordinator {
        &self.coordinator
    }

    /// All members but this one.
    pub(super) fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        let me = self.me;
        (0..self.config.members)
            .map(NodeId)
            .filter(move |node| *node != me)
    }

    fn started(&mut self, out: &mut Desk<'_>) {
        if out.rule(mistakes::NEW_NUMBERS) {
            self.books.reserve(out);
        } else {
            self.books.use_unreserved();
        }
        if out.rule(rules::HOLD_LOCKS) {
            self.books.lock_again();
        }
        self.coordinator_started(out);
        self.participant_started(out);
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

    fn receive(&mut self, from: NodeId, message: CommitMessage, out: &mut Desk<'_>) {
        match message {
            CommitMessage::Prepare(txn, order) => self.prepare(from, txn, order, out),
            CommitMessage::Yes(txn) => self.yes(from, txn, out),
            CommitMessage::No(txn) => self.no(from, txn, out),
            CommitMessage::Commit(txn) => self.hear_commit(from, txn, out),
            CommitMessage::Abort(txn) => self.hear_abort(from, txn, out),
            CommitMessage::Ack(txn) => self.acknowledged(from, txn, out),
            CommitMessage::Ask(txn) => self.answer(from, txn, out),
            CommitMessage::Undecided(txn) => {
                out.note(notes::NO_HELP, [from.into(), txn.into()]);
            }
        }
    }
}

impl Engine for Member {
    type Message = CommitMessage;
    type Disk = Disk;
    type Write = Write;
    type Request = Pay;
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["begin", "votes", "again", "ask"];

    fn boot(me: NodeId, config: &Rc<Config>, disk: &Disk) -> Self {
        Member {
            me,
            config: Rc::clone(config),
            books: Books::replay(me, config.members, config.opening, disk),
            coordinator: Coordinator::boot(me, disk),
            asked: Vec::new(),
        }
    }

    fn write(disk: &mut Disk, write: &Write) {
        disk.write(write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.started(out),
            Input::Received { from, message } => self.receive(from, *message, out),
            Input::TimerFired(VOTES) => self.no_votes(out),
            Input::TimerFired(AGAIN) => self.tell_again(out),
            Input::TimerFired(ASK) => self.ask(out),
            Input::TimerFired(_) => {
                let order = Order::draw(self.config.members, DRAW_ORDER, out);
                self.want(order, out);
                self.think(out);
            }
            Input::Asked(Pay(order)) => self.want(*order, out),
            // What depends on a write waits for it in the outbox.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        self.books.account_facts(facts);
        self.books.standing_facts(facts);
        if let Some(collecting) = &self.coordinator.collecting {
            facts.say("collecting", collecting.txn);
            facts.say("votes", collecting.yes.len());
        }
        let telling = self.coordinator.telling.keys();
        let telling: Vec<Fact> = telling.map(|txn| (*txn).into()).collect();
        facts.say("unacknowledged", Fact::List(telling));
        facts.say("in-memory", self.books.buffer.len());
    }

    fn role(&self) -> &'static str {
        if self.coordinator.collecting.is_some() {
            "collecting"
        } else if !self.asked.is_empty() {
            "in-doubt"
        } else if self.books.in_doubt().next().is_some() {
            "prepared"
        } else if !self.coordinator.telling.is_empty() {
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
