//! A replica of a counter that needs no agreement: it counts what its own clients add, and tells
//! the others now and then all that it knows.

use super::crdt::{Entry, PnCounter};
use super::message::{Answer, CounterMessage, Id, Query, count_fact};
use super::notes;
use super::store::{RETRIES_CARRY_AN_ID, mistakes};
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Timer};
use std::rc::Rc;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplicaConfig {
    /// How many replicas there are: the first nodes of the world.
    pub replicas: u16,
    /// How long a replica waits before it tells another one.
    pub gossip: Span,
}

/// What survives a crash: its own entry, and which request it last counted for each client. What
/// others counted it hears again.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Kept {
    /// Its own entry.
    pub own: Entry,
    counted: Vec<(NodeId, Id)>,
}

impl Kept {
    fn last(&self, client: NodeId) -> Option<Id> {
        let at = self
            .counted
            .binary_search_by_key(&client, |(client, _)| *client)
            .ok()?;
        Some(self.counted[at].1)
    }

    fn note(&mut self, write: Counted) {
        self.own = write.own;
        match self
            .counted
            .binary_search_by_key(&write.client, |(client, _)| *client)
        {
            Ok(at) => self.counted[at].1 = write.id,
            Err(at) => self.counted.insert(at, (write.client, write.id)),
        }
    }
}

/// One durable change: something was counted for a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Counted {
    client: NodeId,
    id: Id,
    own: Entry,
}

/// A replica.
#[derive(Clone, Hash)]
pub struct Replica {
    me: NodeId,
    replicas: u16,
    gossip: Span,
    counter: PnCounter,
    kept: Kept,
}

const GOSSIP: Timer = Timer(0);
/// Whom it tells.
const PEER: u8 = 0;
/// When it tells for the first time, so that not all do so at once.
const PHASE: u8 = 1;

impl Replica {
    /// What it knows.
    #[must_use]
    pub fn counter(&self) -> &PnCounter {
        &self.counter
    }

    fn asked(&mut self, from: NodeId, id: Id, query: Query, out: &mut Out<'_, Self>) {
        let up = match query {
            Query::Add(_, by) => by > 0,
            Query::Get(_) => {
                let value = self.counter.value();
                out.note(
                    notes::READ_HERE,
                    [from.into(), crate::engine::Word::signed(value).into()],
                );
                Self::reply(from, id, Answer::Value(Some(value)), out);
                return;
            }
            // A replica has no lock, and nobody sets a count that many increase.
            Query::Put(..) | Query::CompareAndSwap { .. } | Query::Lock | Query::Unlock => return,
        };
        let last = self
            .kept
            .last(from)
            .filter(|_| out.rule(RETRIES_CARRY_AN_ID));
        match last {
            Some(last) if last > id => {
                out.note(notes::TOO_OLD, [from.into(), id.into()]);
                return;
            }
            Some(last) if last == id => out.note(notes::ANSWERED_AGAIN, [from.into(), id.into()]),
            Some(_) | None => self.count(from, id, up, out),
        }
        Self::reply(from, id, Answer::Done, out);
    }

    fn count(&mut self, client: NodeId, id: Id, up: bool, out: &mut Out<'_, Self>) {
        let own = self.counter.update(self.me.index(), up);
        let write = Counted { client, id, own };
        self.kept.note(write);
        out.persist(write);
        let args = [
            client.into(),
            u64::from(own.plus).into(),
            u64::from(own.minus).into(),
        ];
        out.note(notes::COUNTED_HERE, args);
    }

    fn reply(to: NodeId, id: Id, answer: Answer, out: &mut Out<'_, Self>) {
        out.send_when_durable(to, CounterMessage::Reply { id, answer });
    }

    /// Tells one of the others, whichever the die says. What is not on its own disk yet it keeps
    /// to itself: after a crash it would count that number for something else.
    fn tell(&mut self, out: &mut Out<'_, Self>) {
        out.set_timer(GOSSIP, self.gossip);
        let all = self.replicas - u16::from(!out.rule(mistakes::TELL_EVERY_REPLICA));
        let others: Vec<NodeId> = (0..all)
            .map(NodeId)
            .filter(|other| *other != self.me)
            .collect();
        if others.is_empty() {
            return;
        }
        let at = out.draw(PEER, 0..=others.len() as u64 - 1) as usize;
        out.note(notes::TOLD, [others[at].into()]);
        out.send_when_durable(others[at], CounterMessage::State(self.counter.clone()));
    }

    fn heard(&mut self, from: NodeId, other: &PnCounter, out: &mut Out<'_, Self>) {
        if self.counter.knows(other) {
            out.note(notes::NOTHING_NEW, [from.into()]);
            return;
        }
        if out.rule(mistakes::MERGE_BY_THE_GREATER) {
            self.counter.merge(other);
        } else {
            self.counter
                .merge_with(other, |mine, theirs| mine.saturating_add(theirs));
        }
        let value = crate::engine::Word::signed(self.counter.value());
        out.note(notes::MERGED, [from.into(), value.into()]);
    }
}

impl Engine for Replica {
    type Message = CounterMessage;
    type Disk = Kept;
    type Write = Counted;
    type Request = ();
    type Config = ReplicaConfig;

    const TIMERS: &'static [&'static str] = &["gossip"];

    fn boot(me: NodeId, config: &Rc<ReplicaConfig>, disk: &Kept) -> Self {
        let mut counter = PnCounter::new(usize::from(config.replicas));
        counter.set(me.index(), disk.own);
        Replica {
            me,
            replicas: config.replicas,
            gossip: config.gossip,
            counter,
            kept: disk.clone(),
        }
    }

    fn write(disk: &mut Kept, write: &Counted) {
        disk.note(*write);
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                let first = Span(out.draw(PHASE, 1..=self.gossip.0.max(1)));
                out.set_timer(GOSSIP, first);
            }
            Input::TimerFired(_) => self.tell(out),
            Input::Received { from, message } => match message {
                CounterMessage::Request { id, query } => self.asked(from, *id, *query, out),
                CounterMessage::State(other) => self.heard(from, other, out),
                // It asks nobody.
                CounterMessage::Reply { .. } => {}
            },
            // An answer waits for its write by itself, and it takes no requests but messages.
            Input::Written(_) | Input::Asked(()) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("value", count_fact(self.counter.value()));
        let side =
            |of: fn(&Entry) -> u32| self.counter.entries().iter().map(of).collect::<Vec<u32>>();
        facts.say("plus", side(|entry| entry.plus));
        facts.say("minus", side(|entry| entry.minus));
    }

    fn role(&self) -> &'static str {
        "replica"
    }

    fn disk_facts(disk: &Kept, facts: &mut Facts) {
        facts.say("plus", disk.own.plus);
        facts.say("minus", disk.own.minus);
    }
}
