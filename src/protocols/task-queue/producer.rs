//! A producer: it has tasks to be done, and sends them at one of MQTT's three qualities of service.

use super::broker::mistakes;
use super::message::{Packet, Quality, QueueMessage, Task, TaskId};
use super::notes;
use crate::engine::{Engine, Facts, Input, NodeId, Out, Span, Time, Timer};
use std::collections::VecDeque;
use std::rc::Rc;

const THINK: Timer = Timer(0);
const RETRY: Timer = Timer(1);
const DRAW_THINK: u8 = 0;
/// So many tasks that somebody asked for wait in its memory.
const MOST_WISHES: usize = 64;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProducerConfig {
    /// The broker.
    pub broker: NodeId,
    /// The first of the producers.
    pub first: NodeId,
    /// The qualities, one producer after the other.
    pub qualities: Vec<Quality>,
    /// Tasks of its own accord in a second; 0 for none.
    pub rate: u64,
    /// Every how manieth of those is poison; 0 for none.
    pub poison_every: u64,
    /// How long it waits for an answer.
    pub timeout: Span,
}

/// What a person asks of a producer.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Wish {
    /// A task.
    Send,
    /// A task at which every worker fails.
    Poison,
}

/// A packet that is not through.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pending {
    /// What it carries.
    pub task: Task,
    /// Its identifier.
    pub packet: Packet,
    /// Quality 2: the broker has it, and is now to forget the identifier.
    pub releasing: bool,
}

/// What survives a crash: MQTT's session state, and how far it has numbered.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Session {
    /// How many tasks it has sent.
    pub sent: u32,
    /// The last packet identifier.
    pub packet: Packet,
    /// How many the broker has accepted.
    pub accepted: u32,
    /// What is not through.
    pub pending: Option<Pending>,
}

/// One producer.
#[derive(Clone, Hash)]
pub struct Producer {
    place: u16,
    broker: NodeId,
    quality: Quality,
    rate: u64,
    poison_every: u64,
    timeout: Span,
    session: Session,
    began: Time,
    /// Whether something was not through when it crashed.
    goes_on: bool,
    wishes: VecDeque<Wish>,
}

impl Producer {
    /// Its quality of service.
    #[must_use]
    pub fn quality(&self) -> Quality {
        self.quality
    }

    /// Its place among the producers, from 1.
    #[must_use]
    pub fn place(&self) -> u16 {
        self.place
    }

    /// How far it is.
    #[must_use]
    pub fn session(&self) -> Session {
        self.session
    }

    fn think(&mut self, out: &mut Out<'_, Self>) {
        if self.rate == 0 {
            return;
        }
        let mean = 1_000_000 / self.rate;
        let gap = out.draw(DRAW_THINK, mean / 2..=mean + mean / 2);
        out.set_timer(THINK, Span(gap.max(1)));
    }

    fn begin(&mut self, wish: Wish, out: &mut Out<'_, Self>) {
        self.session.sent += 1;
        let id = TaskId {
            producer: self.place,
            number: self.session.sent,
        };
        let task = Task {
            id,
            poison: wish == Wish::Poison,
        };
        let mut packet = Packet(0);
        if self.quality != Quality::AtMostOnce {
            self.session.packet.0 += 1;
            packet = self.session.packet;
            self.session.pending = Some(Pending {
                task,
                packet,
                releasing: false,
            });
            self.began = out.now();
            out.set_timer(RETRY, self.timeout);
        }
        let quality = self.quality.number().into();
        let args = [id.word().into(), quality, u64::from(packet.0).into()];
        out.note(notes::PUBLISHED, args);
        out.persist(self.session);
        self.publish(task, packet, false, out);
    }

    /// It leaves when its number is on the disk: another task must not get the same one after a crash.
    fn publish(&self, task: Task, packet: Packet, again: bool, out: &mut Out<'_, Self>) {
        let publish = QueueMessage::Publish {
            quality: self.quality,
            packet,
            again,
            task,
        };
        out.send_when_durable(self.broker, publish);
    }

    /// Sends what is not through once more.
    fn again(&mut self, out: &mut Out<'_, Self>) {
        let Some(mut pending) = self.session.pending else {
            return;
        };
        out.set_timer(RETRY, self.timeout);
        if pending.releasing {
            out.note(notes::RELEASED_AGAIN, [u64::from(pending.packet.0).into()]);
            out.send_when_durable(self.broker, QueueMessage::PubRel(pending.packet));
            return;
        }
        if !out.rule(mistakes::SEND_THE_SAME_PACKET) {
            self.session.packet.0 += 1;
            pending.packet = self.session.packet;
            self.session.pending = Some(pending);
            out.persist(self.session);
        }
        let packet = u64::from(pending.packet.0).into();
        let args = [pending.task.id.word().into(), packet];
        out.note(notes::PUBLISHED_AGAIN, args);
        self.publish(pending.task, pending.packet, true, out);
    }

    /// What waits, if the packet that is answered is the one that is not through.
    fn waits_for(
        &self,
        packet: Packet,
        releasing: bool,
        out: &mut Out<'_, Self>,
    ) -> Option<Pending> {
        let pending = self.session.pending;
        let mine =
            pending.filter(|pending| (pending.packet, pending.releasing) == (packet, releasing));
        if mine.is_none() {
            out.note(notes::NOT_WAITED_FOR, [u64::from(packet.0).into()]);
        }
        mine
    }

    fn accepted(&mut self, task: Task, out: &mut Out<'_, Self>) {
        self.session.accepted += 1;
        let took = out.now() - self.began;
        out.note(notes::ACCEPTED, [task.id.word().into(), took.into()]);
    }

    fn through(&mut self, out: &mut Out<'_, Self>) {
        self.session.pending = None;
        out.persist(self.session);
        out.stop_timer(RETRY);
        if let Some(wish) = self.wishes.pop_front() {
            self.begin(wish, out);
        }
    }

    fn received(&mut self, message: &QueueMessage, out: &mut Out<'_, Self>) {
        match message {
            QueueMessage::PubAck(packet) => {
                if let Some(pending) = self.waits_for(*packet, false, out) {
                    self.accepted(pending.task, out);
                    self.through(out);
                }
            }
            QueueMessage::PubRec(packet) => {
                if let Some(mut pending) = self.waits_for(*packet, false, out) {
                    self.accepted(pending.task, out);
                    pending.releasing = true;
                    self.session.pending = Some(pending);
                    out.persist(self.session);
                    out.note(notes::RELEASED, [u64::from(packet.0).into()]);
                    out.send_when_durable(self.broker, QueueMessage::PubRel(*packet));
                    out.set_timer(RETRY, self.timeout);
                }
            }
            QueueMessage::PubComp(packet) => {
                if self.waits_for(*packet, true, out).is_some() {
                    out.note(notes::COMPLETED, [u64::from(packet.0).into()]);
                    self.through(out);
                }
            }
            // These are not for a producer.
            QueueMessage::Publish { .. }
            | QueueMessage::PubRel(_)
            | QueueMessage::Ready
            | QueueMessage::Deliver(_)
            | QueueMessage::Ack { .. }
            | QueueMessage::Reject { .. }
            | QueueMessage::Steal
            | QueueMessage::Handed(_)
            | QueueMessage::Apply { .. }
            | QueueMessage::Applied { .. } => {}
        }
    }

    /// A task of its own accord: now and then poison.
    fn own_wish(&self) -> Wish {
        let next = u64::from(self.session.sent) + 1;
        if self.poison_every > 0 && next.is_multiple_of(self.poison_every) {
            Wish::Poison
        } else {
            Wish::Send
        }
    }
}

impl Engine for Producer {
    type Message = QueueMessage;
    type Disk = Session;
    type Write = Session;
    type Request = Wish;
    type Config = ProducerConfig;

    const TIMERS: &'static [&'static str] = &["think", "retry"];

    fn boot(me: NodeId, config: &Rc<ProducerConfig>, disk: &Session) -> Self {
        let at = usize::from(me.0 - config.first.0);
        let quality = config.qualities.get(at % config.qualities.len().max(1));
        Producer {
            place: me.0 - config.first.0 + 1,
            broker: config.broker,
            quality: quality.copied().unwrap_or(Quality::AtLeastOnce),
            rate: config.rate,
            poison_every: config.poison_every,
            timeout: config.timeout,
            session: *disk,
            began: Time(0),
            goes_on: disk.pending.is_some(),
            wishes: VecDeque::new(),
        }
    }

    fn write(disk: &mut Session, write: &Session) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                self.think(out);
                if self.goes_on {
                    self.goes_on = false;
                    self.began = out.now();
                    self.again(out);
                }
            }
            Input::Received { message, .. } => self.received(message, out),
            Input::TimerFired(THINK) => {
                self.think(out);
                // One that waits for an answer sends nothing new of its own accord.
                if self.session.pending.is_none() {
                    self.begin(self.own_wish(), out);
                }
            }
            Input::TimerFired(_) => self.again(out),
            Input::Asked(wish) => {
                if self.session.pending.is_none() {
                    self.begin(*wish, out);
                } else if self.wishes.len() < MOST_WISHES {
                    self.wishes.push_back(*wish);
                }
            }
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("quality", self.quality.number());
        session_facts(self.session, facts);
        facts.say("queued", self.wishes.len());
    }

    fn role(&self) -> &'static str {
        "producer"
    }

    fn disk_facts(disk: &Session, facts: &mut Facts) {
        session_facts(*disk, facts);
    }
}

fn session_facts(session: Session, facts: &mut Facts) {
    facts.say("sent", session.sent);
    facts.say("accepted", session.accepted);
    facts.say("packet", session.packet.0);
    let pending = session.pending;
    facts.say("pending", pending.map(|pending| pending.task.id.word()));
    facts.say(
        "releasing",
        pending.is_some_and(|pending| pending.releasing),
    );
}
