//! What a balancer promises, judged from outside: by what is sent and by what clients are told.

use super::client::Client;
use super::lab::{self, QUEUE};
use super::layout::Layout;
use super::message::kinds;
use super::notes;
use super::server::Server;
use super::watch::Line;
use crate::engine::{
    Arg, Fingerprint, NodeId, Note, Outcome, Renaming, Report, Span, Time, engine_of,
};
use crate::lab::{CheckSpec, Checker, Mode, OpenCalls, Verdicts};
use crate::sim::{Action, FaultKind, FaultSet, Happened, MessageName, Status, World};
use std::hash::Hash;

/// Deadlines and waits are counted by the node's own clock.
const RIGHT_CLOCKS: FaultSet = FaultSet::all_but(&[FaultKind::ClockSkew]);
/// A client is patient for six times ten seconds at the most, and messages take their time, too.
const PATIENCE: Span = Span::secs(90);
/// See [`can_recover`]: fifteen seconds until all are well and warm, thirty until the queues are empty.
const RECOVERY: Span = Span::secs(60);
/// So many answers in a row are an end of the trouble, of requests that were asked so long after the calm: before,
/// a storm may only be about to come.
const IN_A_ROW: u32 = 10;
const SETTLED: Span = Span::secs(30);

const AT_MOST_ONCE: usize = 0;
const NOT_LOST: usize = 1;
pub(super) const OUT_GETS_NONE: usize = 2;
pub(super) const DEAD_GETS_NONE: usize = 3;
pub(super) const NOT_PASSED_OVER: usize = 4;
pub(super) const AS_WEIGHTS_SAY: usize = 5;
pub(super) const GROWING_SHARE: usize = 6;
const RETRIES_BOUNDED: usize = 7;
const QUEUE_SEEN: usize = 8;
const OUT_SEEN: usize = 9;
const RETRY_SEEN: usize = 10;
const ALL_ENDED: usize = 11;
const IN_TIME: usize = 12;
/// Retries that a client may have saved up.
const SAVED: u64 = 10;

const fn spec(id: &'static str, mode: Mode, assumes: FaultSet) -> CheckSpec {
    CheckSpec { id, mode, assumes }
}

/// In the order of the constants above.
pub(super) const CHECKS: &[CheckSpec] = &[
    spec(
        "a-request-is-answered-at-most-once",
        Mode::Always,
        FaultSet::ALL,
    ),
    spec(
        "no-request-is-lost-while-its-server-lives",
        Mode::Always,
        FaultSet::ALL,
    ),
    spec(
        "a-server-that-is-out-gets-no-request",
        Mode::Always,
        FaultSet::ALL,
    ),
    spec(
        "no-request-goes-to-a-server-long-dead",
        Mode::Always,
        RIGHT_CLOCKS,
    ),
    spec(
        "a-healthy-idle-server-is-not-passed-over-for-ever",
        Mode::Always,
        RIGHT_CLOCKS,
    ),
    spec(
        "shares-come-out-as-the-weights-say",
        Mode::Always,
        RIGHT_CLOCKS,
    ),
    spec(
        "a-server-that-comes-back-gets-a-growing-share",
        Mode::Always,
        RIGHT_CLOCKS,
    ),
    spec(
        "retries-are-a-share-of-what-is-asked",
        Mode::Always,
        FaultSet::ALL,
    ),
    spec("a-queue-builds-up", Mode::Sometimes, FaultSet::ALL),
    spec("a-dead-server-is-taken-out", Mode::Sometimes, FaultSet::ALL),
    spec("a-request-is-tried-again", Mode::Sometimes, FaultSet::ALL),
    spec(
        "after-calm-every-request-comes-to-an-end",
        Mode::Eventually(PATIENCE),
        RIGHT_CLOCKS,
    ),
    spec(
        "after-calm-requests-are-answered-in-time",
        Mode::Eventually(RECOVERY),
        RIGHT_CLOCKS,
    ),
];

/// What came to a server and what left it, since it came up.
#[derive(Copy, Clone, Hash, Default)]
struct Through {
    came: u64,
    went: u64,
    dead_since: Option<Time>,
}

/// What a client asked, and how often it sent it, since it came up.
#[derive(Copy, Clone, Hash, Default)]
struct Tries {
    asked: u64,
    sent: u64,
}

/// Watches one run.
#[derive(Clone)]
pub(super) struct Watcher {
    layout: Layout,
    /// When each request that is open began.
    open: OpenCalls,
    servers: Vec<Through>,
    clients: Vec<Tries>,
    /// How many retries a request earns, in millionths.
    budget: u64,
    /// One for each balancer.
    lines: Vec<Line>,
    calm_at: Option<Time>,
    /// Whether the load can be borne, as of the calm; and how many answers came in a row since.
    bearable: bool,
    in_a_row: u32,
}

impl Watcher {
    pub(super) fn new(world: &World) -> Self {
        let config = lab::clients(world).next().map(Client::config);
        let budget = config.map_or(0, |config| u64::from(config.retry_budget));
        let layout = config.map_or(
            Layout {
                clients: 0,
                balancers: 0,
                servers: 0,
            },
            |config| config.layout,
        );
        Watcher {
            layout,
            open: OpenCalls::default(),
            servers: vec![Through::default(); usize::from(layout.servers)],
            clients: vec![Tries::default(); usize::from(layout.clients)],
            budget,
            lines: layout.all_balancers().map(|_| Line::new(layout)).collect(),
            calm_at: None,
            bearable: false,
            in_a_row: 0,
        }
    }

    fn hear(&mut self, client: NodeId, report: &Report, now: Time, verdicts: &mut Verdicts) {
        match report {
            Report::Invoked { op, .. } => {
                self.open.begin(client, *op, now);
                if let Some(tries) = self.clients.get_mut(client.index()) {
                    tries.asked += 1;
                }
            }
            Report::Returned { op, outcome } => {
                let Some(since) = self.open.end(client, *op) else {
                    let note = Note::new(notes::ANSWERED_TWICE, [client.into(), (*op).into()]);
                    return verdicts.violate(AT_MOST_ONCE, Some(note));
                };
                if self.calm_at.is_some_and(|calm| since >= calm + SETTLED) {
                    self.in_a_row = match outcome {
                        Outcome::Done(_) => (self.in_a_row + 1).min(IN_A_ROW),
                        Outcome::Refused | Outcome::Unknown => 0,
                    };
                }
            }
        }
    }

    /// Somebody did something: who is up may have changed.
    #[cold]
    fn after_action(&mut self, action: &Action, world: &World) {
        let now = world.now();
        let of_balancer = |node: &NodeId| self.layout.balancer_place(*node).is_some();
        let counts_anew = matches!(action, Action::Rule(..))
            || matches!(action, Action::Ask(node, _) if of_balancer(node));
        let down = |id: NodeId| world.cell(id).status() == Status::Down;
        for at in (0..self.layout.clients).map(NodeId).filter(|id| down(*id)) {
            self.open.forget(at);
            self.clients[at.index()] = Tries::default();
        }
        for (server, id) in self.servers.iter_mut().zip(self.layout.all_servers()) {
            if down(id) {
                let since = server.dead_since.unwrap_or(now);
                *server = Through {
                    dead_since: Some(since),
                    ..Through::default()
                };
            } else {
                server.dead_since = None;
            }
        }
        for (line, id) in self.lines.iter_mut().zip(self.layout.all_balancers()) {
            let comes_up =
                matches!(action, Action::Resume(node) | Action::Restart(node) if *node == id);
            let calm = matches!(action, Action::Calm);
            line.begin_anew(now, down(id), comes_up || calm);
            if counts_anew {
                line.count_anew(now);
            }
        }
    }

    fn note_of(&mut self, balancer: usize, note: &Note, now: Time, verdicts: &mut Verdicts) {
        let mut server = None;
        if let Some(Arg::Node(node)) = note.args().next() {
            server = self.layout.place(node);
        }
        let (Some(server), Some(line)) = (server, self.lines.get_mut(balancer)) else {
            return;
        };
        match note.key {
            notes::TAKEN_OUT => {
                line.taken_out(server, now);
                if self.servers[usize::from(server)].dead_since.is_some() {
                    verdicts.see(OUT_SEEN);
                }
            }
            notes::TAKEN_IN => line.taken_in(server, now),
            _ => {}
        }
    }

    fn sent(&mut self, name: &MessageName, world: &World, verdicts: &mut Verdicts) {
        match name.kind {
            kinds::REQUEST => {
                if let Some(tries) = self.clients.get_mut(name.from.index()) {
                    tries.sent += 1;
                }
            }
            kinds::WORK => {
                let to = self.layout.place(name.to);
                let (Some(server), Some(at)) = (to, self.layout.balancer_place(name.from)) else {
                    return;
                };
                let dead = self.servers[usize::from(server)].dead_since;
                self.lines[at].chose((name.from, name.to, server), dead, world, verdicts);
            }
            kinds::RESULT | kinds::REJECTION => {
                if let Some(server) = self.layout.place(name.from) {
                    self.servers[usize::from(server)].went += 1;
                }
            }
            _ => {}
        }
    }

    /// What came to a server, and has not left it, is in it.
    fn holds_all(&self, id: NodeId, world: &World, verdicts: &mut Verdicts) {
        let Some(server) = self.layout.place(id) else {
            return;
        };
        if world.cell(id).status() == Status::Down {
            return;
        }
        let through = self.servers[usize::from(server)];
        let Some(engine) = engine_of::<Server>(world.cell(id).node()) else {
            return;
        };
        let load = engine.load();
        if through.came - through.went != load as u64 {
            let arguments = [
                id.into(),
                through.came.into(),
                through.went.into(),
                load.into(),
            ];
            let note = Note::new(notes::LOST_IN_SERVER, arguments);
            verdicts.violate(NOT_LOST, Some(note));
        }
        if load >= QUEUE {
            verdicts.see(QUEUE_SEEN);
        }
    }
}

/// Whether the servers can bear what they are asked, by far, so that whatever trouble there was is over within
/// [`RECOVERY`]: half of what they can do at the most, queues that are empty in thirty seconds, all servers alike
/// and back soon, nothing lost on the way, and a timeout that a queue of usual length does not exceed.
fn can_recover(world: &World) -> bool {
    let Some(one) = lab::balancers(world).next() else {
        return false;
    };
    let (balancer, servers) = (one.config(), lab::servers(world).count() as u64);
    let policy = balancer.policy;
    let alike = lab::servers(world).all(|server| server.slow() == 1);
    let even = match policy {
        super::Policy::ConsistentHashing => false,
        super::Policy::Weighted | super::Policy::SmoothWeighted => {
            lab::balancers(world).all(|one| {
                let weights = one.weights();
                weights.iter().all(|weight| *weight == weights[0])
            })
        }
        super::Policy::RoundRobin
        | super::Policy::Random
        | super::Policy::LeastConnections
        | super::Policy::TwoChoices
        | super::Policy::LatencyAware => !balancer.by_reports,
    };
    let net = world.calm_policy();
    let lossless = net.loss.0 == 0 && net.duplication.0 == 0;
    let rate: u64 = lab::clients(world).map(Client::rate).sum();
    let Some(client) = lab::clients(world).next().map(Client::config) else {
        return false;
    };
    let service = client.service.0;
    let used_ppm = rate * service / servers.max(1);
    let retries = u64::from(client.retry_budget).min(u64::from(client.retries) * 1_000_000);
    let with_retries = used_ppm + used_ppm * retries / 1_000_000;
    let limit = lab::servers(world)
        .map(Server::queue_limit)
        .max()
        .unwrap_or(0) as u64;
    let drained = limit * service * 1_000_000 / (1_000_000 - with_retries.min(999_999));
    let back = balancer.probe.0 * (u64::from(balancer.rise) + 1);
    let warm = lab::servers(world)
        .map(|one| one.warm_up().0)
        .max()
        .unwrap_or(0);
    let hops = 4 * net.latency.bound().0;
    alike
        && even
        && lossless
        && (5..=10_000).contains(&rate)
        && client.requests == 0
        && client.burst <= 2
        && used_ppm <= 500_000
        && with_retries <= 600_000
        && balancer.probe.0 > hops / 2
        && drained <= Span::secs(30).0
        && back.max(warm) + balancer.slow_start.0 <= Span::secs(15).0
        && client.timeout.0 >= 10 * service
        && client.timeout.0 >= 4 * hops
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        match &record.what {
            Happened::Commanded(action, None) | Happened::Struck(action, None) => {
                self.after_action(action, world);
            }
            Happened::Delivered(letter) if letter.name.kind == kinds::WORK => {
                if let Some(server) = self.layout.place(letter.name.to) {
                    self.servers[usize::from(server)].came += 1;
                }
            }
            Happened::Delivered(_)
            | Happened::Nothing
            | Happened::Started(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..)
            | Happened::Commanded(_, Some(_))
            | Happened::Struck(_, Some(_)) => {}
        }
        if self.calm_at != world.calm_at() {
            self.calm_at = world.calm_at();
            self.bearable = can_recover(world);
            self.in_a_row = 0;
        }
        let Some(node) = record.what.node().or(record.touched.first().copied()) else {
            return;
        };
        if let Some(balancer) = self.layout.balancer_place(node) {
            for note in &record.notes {
                self.note_of(balancer, note, record.time, verdicts);
            }
        }
        for sent in &record.sent {
            self.sent(&sent.name, world, verdicts);
        }
        for report in &record.reports {
            self.hear(node, report, record.time, verdicts);
        }
        if let Some(tries) = self.clients.get(node.index()) {
            // By what was sent: requests, and what came of them before.
            let retries = tries.sent.saturating_sub(tries.asked);
            if retries > SAVED + tries.asked * self.budget / 1_000_000 {
                let arguments = [node.into(), retries.into(), tries.asked.into()];
                let note = Note::new(notes::TOO_MANY_RETRIES, arguments);
                verdicts.violate(RETRIES_BOUNDED, Some(note));
            }
            if record.notes.iter().any(|note| note.key == notes::RETRIED) {
                verdicts.see(RETRY_SEEN);
            }
        }
        for touched in &record.touched {
            self.holds_all(*touched, world, verdicts);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        let Some(calm) = world.calm_at() else {
            return false;
        };
        match check {
            ALL_ENDED => self.open.since().all(|since| since > calm),
            IN_TIME => !self.bearable || self.in_a_row >= IN_A_ROW,
            _ => false,
        }
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    /// Time decides here, so nobody explores all orders; what is remembered tells states apart all the same.
    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        (&self.open, &self.servers, &self.clients, &self.lines).hash(print);
        (self.bearable, self.in_a_row).hash(print);
    }
}
