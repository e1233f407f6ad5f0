//! Which node is what: the clients first, then the balancers, then the servers. So a server that
//! answers has a short table of links, however many servers there are.

use crate::engine::NodeId;

/// How many there are of each.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Layout {
    /// Those who ask.
    pub clients: u16,
    /// Those who choose.
    pub balancers: u16,
    /// Those who work.
    pub servers: u16,
}

/// A server by its place among the servers.
pub(super) type Place = u16;

impl Layout {
    /// The balancer at this place, round and round.
    pub(super) fn balancer(self, at: u64) -> NodeId {
        NodeId(self.clients + (at % u64::from(self.balancers.max(1))) as u16)
    }

    /// The server at this place.
    pub(super) fn server(self, at: Place) -> NodeId {
        NodeId(self.clients + self.balancers + at)
    }

    /// The place of a server among the servers.
    pub(super) fn place(self, node: NodeId) -> Option<Place> {
        let at = node.0.checked_sub(self.clients + self.balancers)?;
        (at < self.servers).then_some(at)
    }

    /// The place of a balancer among the balancers.
    pub(super) fn balancer_place(self, node: NodeId) -> Option<usize> {
        let at = node.0.checked_sub(self.clients)?;
        (at < self.balancers).then_some(usize::from(at))
    }

    /// All balancers.
    pub(super) fn all_balancers(self) -> impl Iterator<Item = NodeId> {
        (0..self.balancers).map(move |at| NodeId(self.clients + at))
    }

    /// All servers.
    pub(super) fn all_servers(self) -> impl Iterator<Item = NodeId> {
        (0..self.servers).map(move |at| self.server(at))
    }
}
