//! What producers, the broker, the workers and the ledger say to each other. Between producer and broker
//! these are packets of MQTT, by their names there.

use crate::engine::{Fact, Facts, Message, NodeId, Time, Word};

/// What names a task for good: its producer, and which of that one's it is.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TaskId {
    /// The place of the producer among the producers, from 1.
    pub producer: u16,
    /// Which of its tasks, from 1.
    pub number: u32,
}

impl TaskId {
    /// A word for it: `p1-3`.
    #[must_use]
    pub fn word(self) -> Word {
        let text = format!("p{}-{}", self.producer, self.number % 100_000);
        Word::new(&text).unwrap_or_default()
    }
}

/// Something to be done.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Task {
    /// Its name.
    pub id: TaskId,
    /// Whether every worker fails at it.
    pub poison: bool,
}

/// MQTT's quality of service.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Quality {
    /// 0: sent once, and never heard of again.
    AtMostOnce,
    /// 1: sent until it is acknowledged.
    AtLeastOnce,
    /// 2: sent until it is received, and then released.
    ExactlyOnce,
}

impl Quality {
    /// Its number.
    #[must_use]
    pub fn number(self) -> u64 {
        self as u64
    }
}

/// A packet identifier: what names a message between one producer and the broker.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Packet(pub u32);

/// A task in somebody's hands.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Hand {
    /// The broker's entry.
    pub entry: u64,
    /// Which of all its deliveries this is: what an acknowledgement names.
    pub delivery: u64,
    /// What is to be done.
    pub task: Task,
    /// The how manieth try it is, from 1.
    pub tries: u32,
    /// Until when nobody else gets it, by the broker's clock; `None`: for ever.
    pub until: Option<Time>,
}

/// A message of this lab.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum QueueMessage {
    /// A producer sends a task.
    Publish {
        /// Its quality of service.
        quality: Quality,
        /// Its packet identifier; 0 means nothing at quality 0.
        packet: Packet,
        /// Whether it was sent before.
        again: bool,
        /// The task.
        task: Task,
    },
    /// Quality 1: the broker has it.
    PubAck(Packet),
    /// Quality 2: the broker has received it.
    PubRec(Packet),
    /// Quality 2: the producer will not send it again.
    PubRel(Packet),
    /// Quality 2: the broker has forgotten the packet identifier.
    PubComp(Packet),
    /// A worker that has nothing to do says so.
    Ready,
    /// The broker hands a task out.
    Deliver(Hand),
    /// A worker has done it.
    Ack {
        /// The entry.
        entry: u64,
        /// And which delivery of it.
        delivery: u64,
    },
    /// A worker has failed at it.
    Reject {
        /// The entry.
        entry: u64,
        /// And which delivery of it.
        delivery: u64,
    },
    /// A worker that has nothing to do asks another one for a task.
    Steal,
    /// It gets one.
    Handed(Hand),
    /// What the work comes to: an order is shipped, a mail is sent.
    Apply {
        /// The task.
        task: TaskId,
        /// By which delivery of it.
        delivery: u64,
    },
    /// It has taken effect.
    Applied {
        /// By which delivery.
        delivery: u64,
    },
}

impl Message for QueueMessage {
    const KINDS: &'static [&'static str] = &[
        "Publish", "PubAck", "PubRec", "PubRel", "PubComp", "Ready", "Deliver", "Ack", "Reject",
        "Steal", "Handed", "Apply", "Applied",
    ];

    fn kind(&self) -> u8 {
        match self {
            QueueMessage::Publish { .. } => 0,
            QueueMessage::PubAck(_) => 1,
            QueueMessage::PubRec(_) => 2,
            QueueMessage::PubRel(_) => 3,
            QueueMessage::PubComp(_) => 4,
            QueueMessage::Ready => 5,
            QueueMessage::Deliver(_) => 6,
            QueueMessage::Ack { .. } => 7,
            QueueMessage::Reject { .. } => 8,
            QueueMessage::Steal => 9,
            QueueMessage::Handed(_) => 10,
            QueueMessage::Apply { .. } => 11,
            QueueMessage::Applied { .. } => 12,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self {
            QueueMessage::Publish {
                quality,
                packet,
                again,
                task,
            } => {
                facts.say("quality", quality.number());
                facts.say("packet", packet.0);
                facts.say("again", *again);
                task_facts(*task, facts);
            }
            QueueMessage::PubAck(packet)
            | QueueMessage::PubRec(packet)
            | QueueMessage::PubRel(packet)
            | QueueMessage::PubComp(packet) => facts.say("packet", packet.0),
            QueueMessage::Ready | QueueMessage::Steal => {}
            QueueMessage::Deliver(hand) | QueueMessage::Handed(hand) => hand_facts(hand, facts),
            QueueMessage::Ack { entry, delivery } | QueueMessage::Reject { entry, delivery } => {
                facts.say("entry", *entry);
                facts.say("delivery", *delivery);
            }
            QueueMessage::Apply { task, delivery } => {
                facts.say("task", task.word());
                facts.say("delivery", *delivery);
            }
            QueueMessage::Applied { delivery } => facts.say("delivery", *delivery),
        }
    }
}

fn task_facts(task: Task, facts: &mut Facts) {
    facts.say("task", task.id.word());
    facts.say("poison", task.poison);
}

/// What is told of a task in somebody's hands.
pub(super) fn hand_facts(hand: &Hand, facts: &mut Facts) {
    facts.say("entry", hand.entry);
    facts.say("delivery", hand.delivery);
    task_facts(hand.task, facts);
    facts.say("try", hand.tries);
    facts.say("until", hand.until);
}

/// A list of nodes as a fact.
pub(super) fn nodes_fact(nodes: &[NodeId]) -> Fact {
    Fact::List(nodes.iter().map(|node| Fact::Node(*node)).collect())
}
