//! A node of the ring: it sends its id round, swallows smaller ones, passes larger ones on.

mod hops;

use super::message::{Kind, RingMessage, Travel};
use super::notes;
use super::rules::{A_LARGER_ID_TAKES_OVER, SWALLOW_SMALLER_IDS, mistakes};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Time, Timer};
use hops::Pending;
use std::rc::Rc;

/// What is fixed for the whole run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The id of each node, in the order of the ring.
    pub ids: Vec<u16>,
    /// Hirschberg and Sinclair: both ways, in phases.
    pub both_ways: bool,
    /// When nodes begin, after they came up.
    pub start: Span,
    /// How long a node waits for its neighbour's acknowledgement; longer than there and back.
    pub hop_wait: Span,
    /// How often a leader's sign of life sets out.
    pub heartbeat: Span,
}

impl Config {
    /// How many nodes there are.
    #[must_use]
    pub fn nodes(&self) -> u16 {
        self.ids.len() as u16
    }

    /// A node's id.
    #[must_use]
    pub fn id(&self, node: NodeId) -> u16 {
        self.ids.get(node.index()).copied().unwrap_or(0)
    }

    /// Once round, if all but one are dead.
    #[must_use]
    pub fn trip(&self) -> Span {
        Span(self.hop_wait.0 * u64::from(self.nodes()))
    }

    /// The longest that an undisturbed election takes: one trip; or, both ways, there and back over all powers of two
    /// below the number of nodes, which is less than four trips, and one trip more.
    #[must_use]
    pub fn election(&self) -> Span {
        Span(self.trip().0 * if self.both_ways { 5 } else { 1 })
    }

    /// After so long without a leader an election is begun again: whatever set out before it has come to an end.
    #[must_use]
    pub fn again(&self) -> Span {
        Span(self.election().0 + 2 * self.trip().0)
    }

    /// How long a leader may be silent: each sign of life takes up to one trip.
    #[must_use]
    pub fn silence(&self) -> Span {
        Span(self.heartbeat.0 + 2 * self.trip().0)
    }

    fn next(&self, node: NodeId, back: bool) -> NodeId {
        let n = self.nodes();
        NodeId((node.0 + if back { n - 1 } else { 1 }) % n)
    }
}

/// What a node is doing.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// It has begun nothing, and knows no leader.
    Idle,
    /// Its id is under way, and no larger one has come by.
    Running,
    /// A larger id has come by: it only passes on.
    Relaying,
    /// It follows.
    Following,
    /// It leads.
    Leading,
}

/// What became of an id at a node.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Deed {
    /// Passed on.
    Passed,
    /// Swallowed.
    Swallowed,
    /// It is its own, and came home.
    Home,
}

/// A node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peer {
    me: NodeId,
    config: Rc<Config>,
    /// What it is doing.
    pub phase: Phase,
    /// Whom it follows.
    pub leader: Option<NodeId>,
    /// When its present try began.
    begun: Time,
    /// The phase of Hirschberg and Sinclair that it is in, and how many replies it has.
    round: u8,
    replies: u8,
    /// What became of each id here since this node began or learned of a leader, by the nodes' places.
    pub deeds: Vec<Option<Deed>>,
    serial: u64,
    pending: Vec<Pending>,
}

/// By hand: the configuration is the same in every state.
impl std::hash::Hash for Peer {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.phase, self.leader, self.begun, self.round).hash(state);
        (self.replies, &self.deeds, self.serial, &self.pending).hash(state);
    }
}

/// A person wants it to hold an election.
pub struct Elect;

const BEGIN: Timer = Timer(0);
const AGAIN: Timer = Timer(1);
const SILENCE: Timer = Timer(2);
const HEARTBEAT: Timer = Timer(3);
const HOP: u16 = 4;
const KINDS: u16 = 5;

type Outbox<'a, 'b> = &'a mut Out<'b, Peer>;

impl Peer {
    /// What is fixed for the run.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether it believes to lead.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.phase == Phase::Leading
    }

    /// Its own id.
    #[must_use]
    pub fn id(&self) -> u16 {
        self.config.id(self.me)
    }

    fn turn(&mut self, phase: Phase, out: Outbox<'_, '_>) {
        for timer in [BEGIN, AGAIN, SILENCE, HEARTBEAT] {
            out.stop_timer(timer);
        }
        self.phase = phase;
    }

    /// What sets out from here.
    fn setting_out(&self, back: bool) -> Travel {
        Travel {
            id: self.id(),
            origin: self.me,
            begun: self.begun,
            phase: self.round,
            places: 0,
            back,
        }
    }

    fn begin(&mut self, out: Outbox<'_, '_>) {
        self.leader = None;
        self.turn(Phase::Running, out);
        self.deeds.fill(None);
        // Another one than any before, though they may begin at the same moment.
        self.begun = Time(out.now().0.max(self.begun.0 + 1));
        (self.round, self.replies) = (0, 0);
        out.set_timer(AGAIN, self.config.again());
        self.set_out(out);
    }

    /// The id sets out: round the ring, or so many places both ways.
    fn set_out(&mut self, out: Outbox<'_, '_>) {
        let id = u64::from(self.id());
        if !self.config.both_ways {
            out.note(notes::SENDS_ITS_ID, [id.into()]);
            self.pass(Kind::Token, self.setting_out(false), out);
            return;
        }
        let (round, reach) = (u64::from(self.round), 1u64 << self.round.min(32));
        out.note(
            notes::SENDS_BOTH_WAYS,
            [id.into(), round.into(), reach.into()],
        );
        for back in [false, true] {
            // With everybody else dead the first comes home at once, and the second need not set out.
            if self.phase == Phase::Running && u64::from(self.round) == round {
                self.pass(Kind::Token, self.setting_out(back), out);
            }
        }
    }

    fn arrived(&mut self, kind: Kind, travel: Travel, out: Outbox<'_, '_>) {
        match kind {
            Kind::Token if travel.origin == self.me => self.came_home(travel, out),
            Kind::Token => self.token(travel, out),
            Kind::Reply => self.reply(travel, out),
            Kind::Announcement => self.told(Kind::Announcement, travel, out),
            Kind::Heartbeat => self.told(Kind::Heartbeat, travel, out),
        }
    }

    fn token(&mut self, travel: Travel, out: Outbox<'_, '_>) {
        let (id, own) = (u64::from(travel.id), u64::from(self.id()));
        if !out.rule(SWALLOW_SMALLER_IDS) {
            out.note(notes::LET_THROUGH, [id.into()]);
            self.on(travel, out);
            return;
        }
        if id > own {
            self.larger(travel, out);
            return;
        }
        self.deeds[travel.origin.index()] = Some(Deed::Swallowed);
        out.note(notes::SWALLOWED, [id.into(), own.into()]);
        match self.phase {
            Phase::Leading => {
                out.note(notes::TELLS_WHO_LEADS, [own.into()]);
                self.pass(Kind::Announcement, self.setting_out(false), out);
            }
            Phase::Following => {
                out.note(notes::JOINS_IN, [id.into(), own.into()]);
                self.begin(out);
            }
            // Whoever came up just now begins soon by itself: not before some time has passed, so that no two tries of
            // a node, before and after a crash, begin at the same moment.
            Phase::Idle | Phase::Running | Phase::Relaying => {}
        }
    }

    /// A larger id comes by: whoever passes it on does not want to lead any more.
    fn larger(&mut self, travel: Travel, out: Outbox<'_, '_>) {
        let (id, own) = (u64::from(travel.id), u64::from(self.id()));
        out.note(notes::PASSED_ON, [id.into(), own.into()]);
        let stays = self.leads() && !out.rule(mistakes::STEP_DOWN_FOR_A_LARGER_ID);
        if !stays {
            if self.leads() {
                out.note(notes::STEPS_DOWN, [id.into()]);
            }
            if self.phase != Phase::Running && self.phase != Phase::Relaying {
                self.deeds.fill(None);
            }
            self.leader = None;
            self.turn(Phase::Relaying, out);
            out.set_timer(AGAIN, self.config.again());
        }
        self.on(travel, out);
    }

    /// Onward, or back to its node where it is at the end of its way.
    fn on(&mut self, travel: Travel, out: Outbox<'_, '_>) {
        self.deeds[travel.origin.index()] = Some(Deed::Passed);
        if self.turns(&travel) {
            self.answer(travel, out);
        } else {
            self.pass(Kind::Token, travel, out);
        }
    }

    fn came_home(&mut self, travel: Travel, out: Outbox<'_, '_>) {
        let id = u64::from(self.id());
        let current = travel.begun == self.begun;
        let stands_back = out.rule(mistakes::STAND_BACK);
        match self.phase {
            Phase::Running if current => {}
            Phase::Relaying if current && !stands_back => {}
            Phase::Relaying if current => {
                out.note(notes::STANDS_BACK, [id.into()]);
                return;
            }
            Phase::Running | Phase::Relaying | Phase::Idle | Phase::Following | Phase::Leading => {
                out.note(notes::OLD_ID, [id.into()]);
                return;
            }
        }
        self.deeds[self.me.index()] = Some(Deed::Home);
        out.note(notes::CAME_HOME, [id.into()]);
        self.turn(Phase::Leading, out);
        self.leader = Some(self.me);
        out.note(notes::LEADS, [id.into()]);
        out.set_timer(HEARTBEAT, self.config.heartbeat);
        self.pass(Kind::Announcement, self.setting_out(false), out);
    }

    fn reply(&mut self, travel: Travel, out: Outbox<'_, '_>) {
        if travel.origin != self.me {
            out.note(notes::REPLY_PASSED_ON, [u64::from(travel.id).into()]);
            self.pass(Kind::Reply, travel, out);
            return;
        }
        let same = travel.begun == self.begun && travel.phase == self.round;
        if self.phase != Phase::Running || !same {
            out.note(notes::REPLY_LATE, [u64::from(travel.phase).into()]);
            return;
        }
        self.replies += 1;
        let args = [u64::from(self.replies).into(), u64::from(self.round).into()];
        out.note(notes::REPLY_COUNTED, args);
        if self.replies == 2 {
            self.round += 1;
            self.replies = 0;
            self.set_out(out);
        }
    }

    /// Somebody leads.
    fn told(&mut self, kind: Kind, travel: Travel, out: Outbox<'_, '_>) {
        let (id, own) = (u64::from(travel.id), u64::from(self.id()));
        if travel.origin == self.me {
            if kind == Kind::Announcement {
                out.note(notes::ALL_KNOW, []);
            }
            return;
        }
        let bows = !out.rule(A_LARGER_ID_TAKES_OVER);
        if id < own && (!bows || self.leads()) {
            self.told_of_a_smaller(id, out);
            return;
        }
        if id < own {
            out.note(notes::BOWS, [id.into(), own.into()]);
        }
        let known = self.leader.map(|leader| self.config.id(leader));
        let other = known.filter(|known| *known > travel.id && kind == Kind::Heartbeat);
        if other.is_some() {
            out.note(notes::OTHER_LEADER, [id.into()]);
        } else {
            self.follow(travel, out);
        }
        self.pass(kind, travel, out);
    }

    fn told_of_a_smaller(&mut self, id: u64, out: Outbox<'_, '_>) {
        let own = u64::from(self.id());
        match self.phase {
            Phase::Leading => {
                out.note(notes::TELLS_WHO_LEADS, [own.into()]);
                self.pass(Kind::Announcement, self.setting_out(false), out);
            }
            Phase::Following => {
                out.note(notes::TAKES_OVER, [id.into(), own.into()]);
                self.begin(out);
            }
            Phase::Idle | Phase::Running | Phase::Relaying => out.note(notes::NOT_NOW, [id.into()]),
        }
    }

    fn follow(&mut self, travel: Travel, out: Outbox<'_, '_>) {
        if self.leads() {
            if !out.rule(mistakes::STEP_DOWN_FOR_A_LARGER_ID) {
                return;
            }
            out.note(notes::STEPS_DOWN, [u64::from(travel.id).into()]);
        }
        if self.leader != Some(travel.origin) || self.phase != Phase::Following {
            let args = [travel.origin.into(), u64::from(travel.id).into()];
            out.note(notes::FOLLOWS, args);
        }
        self.turn(Phase::Following, out);
        self.leader = Some(travel.origin);
        out.set_timer(SILENCE, self.config.silence());
    }

    fn ran_out(&mut self, timer: Timer, out: Outbox<'_, '_>) {
        if let (HOP, Some(to)) = timer.split(KINDS) {
            self.silent(to, out);
            return;
        }
        match timer {
            AGAIN => {
                let span = self.config.again();
                if out.rule(mistakes::BEGIN_AGAIN) {
                    out.note(notes::NOTHING_CAME, [span.into()]);
                    self.begin(out);
                } else {
                    out.set_timer(AGAIN, span);
                    out.note(notes::WAITS_ON, []);
                }
            }
            SILENCE => {
                let span = self.config.silence();
                match self.leader {
                    Some(leader) => out.note(notes::LEADER_SILENT, [leader.into(), span.into()]),
                    None => out.note(notes::NO_LEADER_HEARD, [span.into()]),
                }
                self.begin(out);
            }
            HEARTBEAT => {
                out.set_timer(HEARTBEAT, self.config.heartbeat);
                self.pass(Kind::Heartbeat, self.setting_out(false), out);
            }
            // The one that is left: the beginning.
            _ => self.begin(out),
        }
    }

    fn start(&mut self, out: Outbox<'_, '_>) {
        // Unique although memory is lost: fewer packets leave than microseconds pass.
        self.serial = out.now().0;
        if out.rule(A_LARGER_ID_TAKES_OVER) {
            out.set_timer(BEGIN, self.config.start);
            out.note(notes::COMES_UP, [self.config.start.into()]);
        } else {
            let span = self.config.silence();
            out.set_timer(SILENCE, span);
            out.note(notes::LOOKS_FIRST, [span.into()]);
        }
    }
}

impl Engine for Peer {
    type Message = RingMessage;
    type Disk = ();
    type Write = ();
    type Request = Elect;
    type Config = Config;

    const TIMERS: &'static [&'static str] = &["begin", "again", "silence", "heartbeat", "hop"];

    fn boot(me: NodeId, config: &Rc<Config>, _disk: &()) -> Self {
        Peer {
            me,
            config: Rc::clone(config),
            phase: Phase::Idle,
            leader: None,
            begun: Time(0),
            round: 0,
            replies: 0,
            deeds: vec![None; config.ids.len()],
            serial: 0,
            pending: Vec::new(),
        }
    }

    fn write(_disk: &mut (), _write: &()) {}

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.start(out),
            Input::Received { from, message } => match *message {
                RingMessage::Ack(serial) => self.acknowledged(from, serial, out),
                RingMessage::Token(_)
                | RingMessage::Reply(_)
                | RingMessage::Announcement(_)
                | RingMessage::Heartbeat(_) => {
                    if let Some((kind, packet)) = message.packet() {
                        out.send(from, RingMessage::Ack(packet.serial));
                        self.arrived(kind, packet.travel, out);
                    }
                }
            },
            Input::TimerFired(timer) => self.ran_out(timer, out),
            Input::Asked(Elect) => {
                if self.phase == Phase::Following {
                    out.note(notes::ASKED_TO, []);
                    self.begin(out);
                }
            }
            // It writes nothing.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("role", Fact::Key(self.role()));
        facts.say("id", u64::from(self.id()));
        facts.say("leader", self.leader);
        let unacknowledged = self.pending.len();
        facts.say("unacknowledged", unacknowledged);
    }

    fn role(&self) -> &'static str {
        match self.phase {
            Phase::Idle => "idle",
            Phase::Running => "running",
            Phase::Relaying => "relaying",
            Phase::Following => "follower",
            Phase::Leading => "leader",
        }
    }

    fn disk_facts(_disk: &(), _facts: &mut Facts) {}
}
