//! What goes round the ring.

use crate::engine::{Facts, Message, NodeId, Time};

/// Something on its way round.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Travel {
    /// The id of the node that it is about.
    pub id: u16,
    /// That node.
    pub origin: NodeId,
    /// When that node began this try, by its own clock: an id from before a crash is not one of the present try.
    pub begun: Time,
    /// Which phase of Hirschberg and Sinclair it belongs to; 0 in the other variant.
    pub phase: u8,
    /// How many places it has come from where it set out, those of the dead among them.
    pub places: u16,
    /// Whether it goes the other way round.
    pub back: bool,
}

/// With the number that its receiver acknowledges.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Packet {
    /// Unique at its sender.
    pub serial: u64,
    /// What goes round.
    pub travel: Travel,
}

/// What the nodes say to each other.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum RingMessage {
    /// "This id wants to lead."
    Token(Packet),
    /// "So far nobody was larger": Hirschberg and Sinclair alone.
    Reply(Packet),
    /// "This id leads."
    Announcement(Packet),
    /// "It still leads."
    Heartbeat(Packet),
    /// "I have it": from neighbour to neighbour.
    Ack(u64),
}

/// What a packet is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// See [`RingMessage::Token`].
    Token,
    /// See [`RingMessage::Reply`].
    Reply,
    /// See [`RingMessage::Announcement`].
    Announcement,
    /// See [`RingMessage::Heartbeat`].
    Heartbeat,
}

impl Kind {
    /// The message that carries it.
    #[must_use]
    pub fn message(self, packet: Packet) -> RingMessage {
        match self {
            Kind::Token => RingMessage::Token(packet),
            Kind::Reply => RingMessage::Reply(packet),
            Kind::Announcement => RingMessage::Announcement(packet),
            Kind::Heartbeat => RingMessage::Heartbeat(packet),
        }
    }
}

impl RingMessage {
    /// What it carries, if it is no acknowledgement.
    #[must_use]
    pub fn packet(&self) -> Option<(Kind, &Packet)> {
        match self {
            RingMessage::Token(packet) => Some((Kind::Token, packet)),
            RingMessage::Reply(packet) => Some((Kind::Reply, packet)),
            RingMessage::Announcement(packet) => Some((Kind::Announcement, packet)),
            RingMessage::Heartbeat(packet) => Some((Kind::Heartbeat, packet)),
            RingMessage::Ack(_) => None,
        }
    }
}

impl Message for RingMessage {
    const KINDS: &'static [&'static str] = &["Token", "Reply", "Announcement", "Heartbeat", "Ack"];

    fn kind(&self) -> u8 {
        match self {
            RingMessage::Token(_) => 0,
            RingMessage::Reply(_) => 1,
            RingMessage::Announcement(_) => 2,
            RingMessage::Heartbeat(_) => 3,
            RingMessage::Ack(_) => 4,
        }
    }

    fn facts(&self, facts: &mut Facts) {
        match self.packet() {
            Some((_, Packet { travel, .. })) => {
                facts.say("id", u64::from(travel.id));
                facts.say("origin", travel.origin);
                facts.say("places", u64::from(travel.places));
                facts.say("phase", u64::from(travel.phase));
            }
            None => {
                if let RingMessage::Ack(serial) = self {
                    facts.say("serial", *serial);
                }
            }
        }
    }
}
