//! A node: it follows, holds an election, waits for another's, or leads. What the variant with terms adds is in `terms`.

mod terms;

use super::message::BullyMessage;
use super::notes;
use super::rules::{A_HIGHER_NODE_TAKES_OVER, ASK_AGAIN, WAIT_FOR_THE_ANSWER, mistakes};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Timer};
use std::rc::Rc;

/// What is fixed for the whole run. A node's priority is its place: a later one is higher.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// How many nodes there are.
    pub nodes: u16,
    /// Whether a leader needs the assent of a majority, in a term.
    pub terms: bool,
    /// How long a node waits for an answer.
    pub answer_wait: Span,
    /// How often a leader says that it is there.
    pub heartbeat: Span,
    /// How long a leader may be silent.
    pub leader_timeout: Span,
}

impl Config {
    /// How long a node that was answered waits for what comes of it: the other one needs a message, its own wait
    /// and a message more, and each message takes less than half a wait.
    #[must_use]
    pub fn coordinator_wait(&self) -> Span {
        Span(self.answer_wait.0 * 3)
    }

    /// All nodes.
    pub fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes).map(NodeId)
    }

    /// More than half of them.
    #[must_use]
    pub fn majority(&self) -> usize {
        usize::from(self.nodes) / 2 + 1
    }
}

/// What a node is doing.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// It follows, or does not know yet whom.
    Following,
    /// It has asked the higher ones, and waits for an answer.
    Electing,
    /// A higher one has answered: it waits for a coordinator.
    Waiting,
    /// It has asked all for their assent: the variant with terms alone.
    Proposing,
    /// It leads.
    Leading,
}

/// What survives a crash: nothing in the plain variant.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Disk {
    /// The highest term that it has assented in.
    pub term: u64,
    /// To whom.
    pub assented: Option<NodeId>,
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
    /// Who has answered it in this election, in order of coming.
    pub answers: Vec<NodeId>,
    /// The highest term that it knows.
    pub term: u64,
    /// To whom it has assented in that term.
    pub assented: Option<NodeId>,
    /// Who has assented to it in that term.
    pub assents: Vec<NodeId>,
}

/// By hand: the configuration is the same in every state.
impl std::hash::Hash for Peer {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.phase, self.leader, &self.answers, self.term).hash(state);
        (self.assented, &self.assents).hash(state);
    }
}

/// A person wants it to hold an election.
pub struct Elect;

const ANSWER: Timer = Timer(0);
const COORDINATOR: Timer = Timer(1);
const ASSENT: Timer = Timer(2);
const LEADER: Timer = Timer(3);
const HEARTBEAT: Timer = Timer(4);

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

    fn higher(&self) -> impl Iterator<Item = NodeId> + use<> {
        let me = self.me;
        self.config.all().filter(move |node| *node > me)
    }

    fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        let me = self.me;
        self.config.all().filter(move |node| *node != me)
    }

    fn turn(&mut self, phase: Phase, out: Outbox<'_, '_>) {
        for timer in [ANSWER, COORDINATOR, ASSENT, LEADER, HEARTBEAT] {
            out.stop_timer(timer);
        }
        self.phase = phase;
        if phase != Phase::Electing && phase != Phase::Waiting {
            self.answers.clear();
        }
    }

    /// Part one of the paper: is anybody above me there?
    fn elect(&mut self, out: Outbox<'_, '_>) {
        self.answers.clear();
        self.leader = None;
        self.turn(Phase::Electing, out);
        let higher = self.higher().count();
        for node in self.higher() {
            out.send(node, BullyMessage::Election(self.term));
        }
        if higher == 0 {
            out.note(notes::HIGHEST_OF_ALL, []);
            self.unopposed(out);
        } else if out.rule(WAIT_FOR_THE_ANSWER) {
            let wait = self.config.answer_wait;
            out.set_timer(ANSWER, wait);
            out.note(notes::ASKS_HIGHER, [higher.into(), wait.into()]);
        } else {
            out.note(notes::WAITS_FOR_NONE, []);
            self.unopposed(out);
        }
    }

    /// Nobody above has answered.
    fn unopposed(&mut self, out: Outbox<'_, '_>) {
        if self.config.terms {
            self.propose(out);
        } else {
            self.lead(out);
        }
    }

    fn lead(&mut self, out: Outbox<'_, '_>) {
        self.turn(Phase::Leading, out);
        self.leader = Some(self.me);
        let me = self.me;
        // In the plain variant a higher one need not be told: none has answered.
        let told: Vec<NodeId> = if self.config.terms {
            self.others().collect()
        } else {
            self.config.all().filter(|node| *node < me).collect()
        };
        for node in &told {
            out.send(*node, BullyMessage::Coordinator(self.term));
        }
        out.set_timer(HEARTBEAT, self.config.heartbeat);
        out.note(notes::LEADS, [told.len().into()]);
    }

    fn beat(&mut self, out: Outbox<'_, '_>) {
        for node in self.others() {
            out.send(node, BullyMessage::Heartbeat(self.term));
        }
        out.set_timer(HEARTBEAT, self.config.heartbeat);
    }

    fn follow(&mut self, leader: NodeId, out: Outbox<'_, '_>) {
        if self.leader != Some(leader) || self.phase != Phase::Following {
            out.note(notes::FOLLOWS, [leader.into()]);
        }
        self.turn(Phase::Following, out);
        self.leader = Some(leader);
        out.set_timer(LEADER, self.config.leader_timeout);
    }

    /// A lower node holds an election.
    fn asked_by(&mut self, lower: NodeId, out: Outbox<'_, '_>) {
        if self.leads() {
            out.send(lower, BullyMessage::Coordinator(self.term));
            out.note(notes::TELLS_WHO_LEADS, [lower.into()]);
            return;
        }
        let busy = self.phase != Phase::Following;
        if busy && !out.rule(mistakes::ANSWER_WHILE_ELECTING) {
            return;
        }
        out.send(lower, BullyMessage::Answer(self.term));
        out.note(notes::ANSWERS, [lower.into()]);
        if busy {
            out.note(notes::BUSY, [lower.into()]);
        } else {
            self.elect(out);
        }
    }

    fn answered_by(&mut self, higher: NodeId, out: Outbox<'_, '_>) {
        match self.phase {
            Phase::Electing | Phase::Proposing => {
                self.turn(Phase::Waiting, out);
                self.answers.push(higher);
                let wait = self.config.coordinator_wait();
                out.set_timer(COORDINATOR, wait);
                out.note(notes::GIVES_WAY, [higher.into(), wait.into()]);
            }
            Phase::Waiting => {
                if !self.answers.contains(&higher) {
                    self.answers.push(higher);
                }
                out.note(notes::ANSWERED_AGAIN, [higher.into()]);
            }
            Phase::Following | Phase::Leading => out.note(notes::ANSWER_LATE, [higher.into()]),
        }
    }

    /// Somebody says that it leads.
    fn told_by(&mut self, from: NodeId, (term, new): (u64, bool), out: Outbox<'_, '_>) {
        if term < self.term {
            out.note(
                notes::OLD_TERM,
                [from.into(), term.into(), self.term.into()],
            );
            if self.leads() {
                out.send(from, BullyMessage::Coordinator(self.term));
            }
            return;
        }
        self.learn(term, out);
        if from < self.me {
            self.told_by_lower(from, out);
            return;
        }
        // A heartbeat of somebody lower than the present leader may be an old one.
        let other = self.leader.filter(|leader| *leader > from && !new);
        if let (Some(leader), false) = (other, self.config.terms) {
            out.note(notes::OTHER_LEADER, [from.into(), leader.into()]);
            return;
        }
        if self.leads() {
            if !out.rule(mistakes::STEP_DOWN_FOR_A_HIGHER_NODE) {
                return;
            }
            out.note(notes::STEPS_DOWN, [from.into()]);
        }
        self.follow(from, out);
    }

    fn told_by_lower(&mut self, lower: NodeId, out: Outbox<'_, '_>) {
        match self.phase {
            Phase::Leading => {
                out.send(lower, BullyMessage::Coordinator(self.term));
                out.note(notes::LEADS_ABOVE, [lower.into()]);
            }
            Phase::Following | Phase::Electing | Phase::Waiting | Phase::Proposing
                if !out.rule(A_HIGHER_NODE_TAKES_OVER) =>
            {
                out.note(notes::BOWS, [lower.into()]);
                self.follow(lower, out);
            }
            Phase::Following => {
                out.note(notes::TAKES_OVER, [lower.into()]);
                self.elect(out);
            }
            // Its own election goes on, and will overrule the lower one.
            Phase::Electing | Phase::Waiting | Phase::Proposing => {
                out.note(notes::BUSY, [lower.into()]);
            }
        }
    }

    fn ran_out(&mut self, timer: Timer, out: Outbox<'_, '_>) {
        match (timer, self.phase) {
            (ANSWER, Phase::Electing) => {
                out.note(notes::NO_ANSWER, [self.config.answer_wait.into()]);
                self.unopposed(out);
            }
            (COORDINATOR, Phase::Waiting) => {
                let wait = self.config.coordinator_wait();
                if out.rule(ASK_AGAIN) {
                    out.note(notes::NO_COORDINATOR, [wait.into()]);
                    self.elect(out);
                } else {
                    out.set_timer(COORDINATOR, wait);
                    out.note(notes::WAITS_ON, []);
                }
            }
            (ASSENT, Phase::Proposing) => {
                let (count, needed) = (self.assents.len(), self.config.majority());
                out.note(notes::TOO_FEW, [count.into(), needed.into()]);
                self.elect(out);
            }
            (LEADER, Phase::Following) => {
                let span = self.config.leader_timeout;
                match self.leader {
                    Some(leader) => out.note(notes::LEADER_SILENT, [leader.into(), span.into()]),
                    None => out.note(notes::NO_LEADER_HEARD, [span.into()]),
                }
                self.elect(out);
            }
            (HEARTBEAT, Phase::Leading) => self.beat(out),
            // Each timer is stopped when its phase ends.
            (_, _) => {}
        }
    }

    fn start(&mut self, out: Outbox<'_, '_>) {
        if out.rule(A_HIGHER_NODE_TAKES_OVER) {
            out.note(notes::COMES_UP, []);
            self.elect(out);
        } else {
            let span = self.config.leader_timeout;
            out.set_timer(LEADER, span);
            out.note(notes::LOOKS_FIRST, [span.into()]);
        }
    }

    fn received(&mut self, from: NodeId, message: &BullyMessage, out: Outbox<'_, '_>) {
        match *message {
            BullyMessage::Election(term) => {
                self.learn(term, out);
                self.asked_by(from, out);
            }
            BullyMessage::Answer(term) => {
                self.learn(term, out);
                self.answered_by(from, out);
            }
            BullyMessage::Coordinator(term) => self.told_by(from, (term, true), out),
            BullyMessage::Heartbeat(term) => self.told_by(from, (term, false), out),
            BullyMessage::Proposal(term) => self.proposed_by(from, term, out),
            BullyMessage::Assent { term, granted } => self.assent_of(from, term, granted, out),
        }
    }
}

impl Engine for Peer {
    type Message = BullyMessage;
    type Disk = Disk;
    type Write = Disk;
    type Request = Elect;
    type Config = Config;

    const TIMERS: &'static [&'static str] =
        &["answer", "coordinator", "assent", "leader", "heartbeat"];

    fn boot(me: NodeId, config: &Rc<Config>, disk: &Disk) -> Self {
        Peer {
            me,
            config: Rc::clone(config),
            phase: Phase::Following,
            leader: None,
            answers: Vec::new(),
            term: disk.term,
            assented: disk.assented,
            assents: Vec::new(),
        }
    }

    fn write(disk: &mut Disk, write: &Disk) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.start(out),
            Input::Received { from, message } => self.received(from, message, out),
            Input::TimerFired(timer) => self.ran_out(timer, out),
            Input::Asked(Elect) => {
                if self.phase == Phase::Following {
                    out.note(notes::ASKED_TO, []);
                    self.elect(out);
                }
            }
            // What waits for a write leaves by itself.
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("role", Fact::Key(self.role()));
        facts.say("leader", self.leader);
        facts.say("answers", self.answers.clone());
        if self.config.terms {
            facts.say("term", self.term);
            facts.say("assented", self.assented);
            facts.say("assents", self.assents.clone());
        }
    }

    fn role(&self) -> &'static str {
        match (self.phase, self.leader) {
            (Phase::Following, None) => "lost",
            (Phase::Following, Some(_)) => "follower",
            (Phase::Electing, _) => "electing",
            (Phase::Waiting, _) => "waiting",
            (Phase::Proposing, _) => "proposing",
            (Phase::Leading, _) => "leader",
        }
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("term", disk.term);
        facts.say("assented", disk.assented);
    }
}
