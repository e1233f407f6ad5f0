//! The broker: it takes tasks from producers, keeps them, and hands them out to workers.

use super::message::{Hand, Packet, Quality, QueueMessage, Task, nodes_fact};
use super::notes;
use super::vault::{Change, Entry, Lent, Vault};
use crate::engine::{Engine, Facts, Input, NodeId, Out, RuleId, Span, Timer};
use std::rc::Rc;

/// In the order of the rules of the lab.
pub(super) const ACKNOWLEDGE_AFTER_THE_WORK: RuleId = RuleId(0);
pub(super) const DURABLE_QUEUE: RuleId = RuleId(1);
pub(super) const VISIBILITY_TIMEOUT: RuleId = RuleId(2);
pub(super) const DEAD_LETTERS: RuleId = RuleId(3);
pub(super) const DEDUP_BY_ID: RuleId = RuleId(4);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{DEDUP_BY_ID, RuleId};

    /// Where they begin.
    pub(in super::super) const FIRST: u8 = DEDUP_BY_ID.0 + 1;
    /// What a producer is told is on the disk.
    pub(super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST);
    /// At quality 2 a packet identifier that is held is not stored again.
    pub(super) const LOOK_AT_THE_PACKET: RuleId = RuleId(FIRST + 1);
    /// A producer sends a packet again under the same identifier.
    pub(in super::super) const SEND_THE_SAME_PACKET: RuleId = RuleId(FIRST + 2);
    /// A task leaves when it is on the disk whose hands it is in.
    pub(super) const HAND_OUT_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST + 3);
    /// Only the delivery that stands can be rejected.
    pub(super) const LOOK_AT_THE_DELIVERY: RuleId = RuleId(FIRST + 4);
}

/// More tasks than this do not wait or work at a time.
pub(super) const MOST: usize = 12;
/// Runs out when the next visibility timeout does.
pub(super) const VISIBLE: Timer = Timer(0);

/// Who decides which worker gets a task.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Dispatch {
    /// The broker pushes, to one worker after the other.
    RoundRobin,
    /// The broker pushes to who has the least in hand, and no more than the prefetch.
    Load,
    /// A worker that has nothing to do fetches one.
    Pull,
    /// As by turns, and a worker that has nothing to do takes from another.
    Steal,
}

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BrokerConfig {
    /// Who gets a task.
    pub dispatch: Dispatch,
    /// The workers.
    pub workers: Vec<NodeId>,
    /// How many tasks a worker has in hand at the most, where the broker looks at the load.
    pub prefetch: u64,
    /// How long a task that was handed out is nobody else's.
    pub visibility: Span,
    /// After how many tries it is a dead letter.
    pub tries: u32,
}

/// The broker.
#[derive(Clone, Hash)]
pub struct Broker {
    dispatch: Dispatch,
    workers: Rc<[NodeId]>,
    prefetch: u64,
    visibility: Span,
    tries: u32,
    vault: Vault,
    /// Who asks for a task, first come first; for [`Dispatch::Pull`].
    asking: Vec<NodeId>,
    /// Who let a timeout pass, and was not heard of since.
    silent: Vec<NodeId>,
    /// Whose turn it is.
    turn: usize,
}

impl Broker {
    /// What it holds in memory.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Who let a timeout pass, and was not heard of since.
    #[must_use]
    pub fn silent(&self) -> &[NodeId] {
        &self.silent
    }

    fn change(&mut self, change: Change, out: &mut Out<'_, Self>) {
        self.vault.apply(change);
        if out.rule(DURABLE_QUEUE) {
            out.persist(change);
        }
    }

    /// To a producer: leaves when all that it speaks of is on the disk.
    fn answer(to: NodeId, message: QueueMessage, out: &mut Out<'_, Self>) {
        if out.rule(mistakes::ANSWER_WHAT_IS_ON_DISK) {
            out.send_when_durable(to, message);
        } else {
            out.send(to, message);
        }
    }

    fn published(
        &mut self,
        from: NodeId,
        (quality, packet): (Quality, Packet),
        task: Task,
        out: &mut Out<'_, Self>,
    ) {
        let exactly = quality == Quality::ExactlyOnce;
        let look = exactly && out.rule(mistakes::LOOK_AT_THE_PACKET);
        if look && self.vault.knows(from, packet) {
            let args = [task.id.word().into(), u64::from(packet.0).into()];
            out.note(notes::KNOWN, args);
        } else if self.vault.entries().len() >= MOST {
            out.note(notes::FULL, [task.id.word().into(), MOST.into()]);
            return;
        } else {
            self.change(Change::Store(task, exactly.then_some((from, packet))), out);
            let entry = self.vault.stored();
            out.note(
                notes::STORED,
                [task.id.word().into(), entry.into(), quality.number().into()],
            );
        }
        match quality {
            Quality::AtMostOnce => {}
            Quality::AtLeastOnce => Self::answer(from, QueueMessage::PubAck(packet), out),
            Quality::ExactlyOnce => Self::answer(from, QueueMessage::PubRec(packet), out),
        }
        self.hand_out(out);
    }

    /// The producer will not send this packet again: its identifier may be forgotten. One that is not
    /// known was forgotten before, and the answer got lost.
    fn released(&mut self, from: NodeId, packet: Packet, out: &mut Out<'_, Self>) {
        if self.vault.knows(from, packet) {
            self.change(Change::Forget(from, packet), out);
        }
        out.note(notes::FORGOTTEN, [u64::from(packet.0).into()]);
        Self::answer(from, QueueMessage::PubComp(packet), out);
    }

    /// Hands out what waits, the oldest first, as long as somebody is there to take it.
    fn hand_out(&mut self, out: &mut Out<'_, Self>) {
        loop {
            let mut waiting = self.vault.entries().iter();
            let Some(entry) = waiting.find(|entry| entry.lent.is_none()).copied() else {
                break;
            };
            let Some(worker) = self.choose() else { break };
            self.lend(entry, worker, out);
        }
        self.arm(out);
    }

    fn in_hand(&self, worker: NodeId) -> u64 {
        let lent = self.vault.entries().iter().filter_map(|entry| entry.lent);
        lent.filter(|lent| lent.worker == worker).count() as u64
    }

    /// Who gets the next task. One that was not heard of since it let a timeout pass gets one only where
    /// there is nobody else.
    fn choose(&mut self) -> Option<NodeId> {
        if self.dispatch == Dispatch::Pull {
            return (!self.asking.is_empty()).then(|| self.asking.remove(0));
        }
        let heard = |worker: &NodeId| !self.silent.contains(worker);
        let all_silent = !self.workers.iter().any(heard);
        let n = self.workers.len();
        let in_turn = (0..n).map(|at| (self.turn + at) % n);
        let mut may = in_turn.filter(|at| all_silent || heard(&self.workers[*at]));
        let at = match self.dispatch {
            Dispatch::RoundRobin | Dispatch::Steal | Dispatch::Pull => may.next()?,
            Dispatch::Load => {
                let least = may.min_by_key(|at| self.in_hand(self.workers[*at]))?;
                (self.in_hand(self.workers[least]) < self.prefetch).then_some(least)?
            }
        };
        self.turn = (at + 1) % n;
        Some(self.workers[at])
    }

    fn lend(&mut self, entry: Entry, worker: NodeId, out: &mut Out<'_, Self>) {
        let until = out
            .rule(VISIBILITY_TIMEOUT)
            .then(|| out.now() + self.visibility);
        let lent = Lent {
            worker,
            delivery: self.vault.deliveries() + 1,
            since: out.now(),
            until,
        };
        let hand = Hand {
            entry: entry.number,
            delivery: lent.delivery,
            task: entry.task,
            tries: entry.tries + 1,
            until,
        };
        let (task, tries) = (entry.task.id.word().into(), u64::from(hand.tries).into());
        if until.is_some() {
            let lasts = self.visibility.into();
            out.note(notes::HANDED_OUT, [task, worker.into(), tries, lasts]);
        } else {
            out.note(notes::HANDED_OUT_FOR_EVER, [task, worker.into(), tries]);
        }
        let change = Change::Lend(entry.number, lent);
        if out.rule(mistakes::HAND_OUT_WHAT_IS_ON_DISK) {
            self.change(change, out);
        } else {
            self.vault.apply(change);
        }
        out.send_when_durable(worker, QueueMessage::Deliver(hand));
    }

    /// The entry, where this delivery of it stands.
    fn standing(&self, number: u64, delivery: u64, out: &Out<'_, Self>) -> Option<Entry> {
        let entry = self.vault.entry(number).copied()?;
        let lent = entry.lent?;
        let any = !out.rule(mistakes::LOOK_AT_THE_DELIVERY);
        (lent.delivery == delivery || any).then_some(entry)
    }

    fn acknowledged(
        &mut self,
        from: NodeId,
        (entry, delivery): (u64, u64),
        out: &mut Out<'_, Self>,
    ) {
        // Whoever acknowledges has done it: an entry may be taken away by its delivery alone.
        let stands = self.vault.entry(entry).copied();
        let stands = stands.filter(|entry| entry.lent.is_some_and(|l| l.delivery == delivery));
        match stands {
            Some(found) => {
                let task = found.task.id.word().into();
                out.note(notes::DONE, [task, from.into(), entry.into()]);
                self.change(Change::Remove(entry), out);
            }
            None => out.note(notes::ACK_TOO_LATE, [from.into(), entry.into()]),
        }
        self.hand_out(out);
    }

    fn rejected(&mut self, from: NodeId, (entry, delivery): (u64, u64), out: &mut Out<'_, Self>) {
        match self.standing(entry, delivery, out) {
            Some(found) => {
                let tries = u64::from(found.tries).into();
                let task = found.task.id.word().into();
                out.note(notes::REJECTED, [task, from.into(), tries]);
                self.give_back(found, out);
            }
            None => out.note(notes::ACK_TOO_LATE, [from.into(), entry.into()]),
        }
        self.hand_out(out);
    }

    /// Nobody has it any more: it waits again, or was tried often enough.
    fn give_back(&mut self, entry: Entry, out: &mut Out<'_, Self>) {
        if entry.tries >= self.tries && out.rule(DEAD_LETTERS) {
            let tries = u64::from(entry.tries).into();
            out.note(notes::BURIED, [entry.task.id.word().into(), tries]);
            self.change(Change::Bury(entry.number), out);
        } else {
            self.change(Change::Back(entry.number), out);
        }
    }

    /// Takes back what was out for too long by this broker's clock.
    fn expire(&mut self, out: &mut Out<'_, Self>) {
        let now = out.now();
        let over = |entry: &&Entry| {
            let until = entry.lent.and_then(|lent| lent.until);
            until.is_some_and(|until| until <= now)
        };
        let all: Vec<Entry> = self.vault.entries().iter().filter(over).copied().collect();
        for entry in all {
            let Some(lent) = entry.lent else { continue };
            let tries = u64::from(entry.tries).into();
            let task = entry.task.id.word().into();
            out.note(notes::TIMED_OUT, [task, lent.worker.into(), tries]);
            if !self.silent.contains(&lent.worker) {
                self.silent.push(lent.worker);
            }
            self.give_back(entry, out);
        }
    }

    /// Sets the timer for the next timeout. A clock that was set back makes it run out too early; then
    /// it is set again.
    fn arm(&self, out: &mut Out<'_, Self>) {
        let lent = self.vault.entries().iter().filter_map(|entry| entry.lent);
        match lent.filter_map(|lent| lent.until).min() {
            Some(until) => out.set_timer(VISIBLE, until - out.now()),
            None => out.stop_timer(VISIBLE),
        }
    }

    fn received(&mut self, from: NodeId, message: &QueueMessage, out: &mut Out<'_, Self>) {
        self.silent.retain(|worker| *worker != from);
        match message {
            QueueMessage::Publish {
                quality,
                packet,
                task,
                again: _,
            } => self.published(from, (*quality, *packet), *task, out),
            QueueMessage::PubRel(packet) => self.released(from, *packet, out),
            QueueMessage::Ready => {
                out.note(notes::READY, [from.into()]);
                if self.dispatch == Dispatch::Pull && !self.asking.contains(&from) {
                    self.asking.push(from);
                }
                self.hand_out(out);
            }
            QueueMessage::Ack { entry, delivery } => {
                self.acknowledged(from, (*entry, *delivery), out);
            }
            QueueMessage::Reject { entry, delivery } => {
                self.rejected(from, (*entry, *delivery), out);
            }
            // These are not for a broker.
            QueueMessage::PubAck(_)
            | QueueMessage::PubRec(_)
            | QueueMessage::PubComp(_)
            | QueueMessage::Deliver(_)
            | QueueMessage::Steal
            | QueueMessage::Handed(_)
            | QueueMessage::Apply { .. }
            | QueueMessage::Applied { .. } => {}
        }
    }
}

impl Engine for Broker {
    type Message = QueueMessage;
    type Disk = Vault;
    type Write = Change;
    type Request = ();
    type Config = BrokerConfig;

    const TIMERS: &'static [&'static str] = &["visible"];

    fn boot(_me: NodeId, config: &Rc<BrokerConfig>, disk: &Vault) -> Self {
        Broker {
            dispatch: config.dispatch,
            workers: config.workers.as_slice().into(),
            prefetch: config.prefetch,
            visibility: config.visibility,
            tries: config.tries,
            vault: disk.clone(),
            asking: Vec::new(),
            silent: Vec::new(),
            turn: 0,
        }
    }

    fn write(disk: &mut Vault, write: &Change) {
        disk.apply(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Received { from, message } => self.received(from, message, out),
            // What it lent before a crash is still lent: its disk says until when.
            Input::Started | Input::TimerFired(_) => {
                self.expire(out);
                self.hand_out(out);
            }
            // What waits for the disk leaves by itself, and nobody asks a broker for anything.
            Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        self.vault.facts(facts);
        facts.say("asking", nodes_fact(&self.asking));
        facts.say("silent", nodes_fact(&self.silent));
    }

    fn role(&self) -> &'static str {
        "broker"
    }

    fn disk_facts(disk: &Vault, facts: &mut Facts) {
        disk.facts(facts);
    }
}
