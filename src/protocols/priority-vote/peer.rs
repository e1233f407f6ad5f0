//! A node: it follows, calls an election, or leads. It asks how all are in `poll`, votes in `votes`, and leads in `reign`.

mod poll;
mod reign;
mod votes;

use super::forms::{Form, State};
use super::message::VoteMessage;
use super::notes;
use super::rules::{MORE_THAN_HALF, mistakes};
use crate::engine::{Engine, Fact, Facts, Input, NodeId, Out, Span, Timer, WriteId};
use std::rc::Rc;

/// What is fixed for the whole run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// The priority of each node.
    pub priorities: Vec<u64>,
    /// How one of several is chosen.
    pub form: Form,
    /// Whether each voter chooses for itself, and not the caller for all.
    pub voters_decide: bool,
    /// The highest load, in percent, that is acceptable.
    pub load_max: u64,
    /// How long a sickness takes.
    pub sick_for: Span,
    /// How long a leader leads; nothing: until it falls.
    pub reign: Span,
    /// How long a caller waits for answers, and then for a leader.
    pub answer_wait: Span,
    /// How often a leader says that it is there.
    pub heartbeat: Span,
    /// How long a leader may be silent: drawn from this to twice this.
    pub leader_timeout: Span,
}

impl Config {
    /// All nodes.
    pub fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.priorities.len() as u16).map(NodeId)
    }

    /// More than half of them.
    #[must_use]
    pub fn majority(&self) -> usize {
        self.priorities.len() / 2 + 1
    }
}

/// What a node is doing.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// It follows, or does not know yet whom.
    Following,
    /// It has asked all how they are.
    Polling,
    /// It has called a ballot, and waits for who is elected.
    Voting,
    /// It leads.
    Leading,
}

/// What survives a crash.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Disk {
    /// The last term that it has voted in.
    pub term: u64,
    /// For whom.
    pub voted: Option<NodeId>,
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
    /// The highest term that it knows.
    pub term: u64,
    /// For whom it has voted in that term.
    pub voted: Option<NodeId>,
    /// Its own vote for itself, while that is on the way to its disk.
    own_vote: Option<WriteId>,
    /// Who has voted for it in that term.
    pub votes: Vec<NodeId>,
    /// The last term in which it would not lead, or would not any more.
    resigned: u64,
    /// Its load when it was last asked.
    load: u64,
    /// Whether it is sick.
    pub sick: bool,
    /// What the others have said of themselves, and it of itself, in its own poll.
    pub polled: Vec<State>,
    /// How often it took the lead since it came up: for whoever looks on.
    led: u64,
}

/// By hand: the configuration is the same in every state, and nothing hangs on how often it has led.
impl std::hash::Hash for Peer {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.phase, self.leader, self.term, self.voted).hash(state);
        (self.own_vote, &self.votes, self.resigned).hash(state);
        (self.load, self.sick, &self.polled).hash(state);
    }
}

/// What a person may want.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// It is to call an election.
    Call,
    /// It is to fall sick.
    Sick,
    /// It is to lead no more.
    Resign,
}

const LEADER: Timer = Timer(0);
const POLL: Timer = Timer(1);
const BALLOT: Timer = Timer(2);
const HEARTBEAT: Timer = Timer(3);
const REIGN: Timer = Timer(4);
const SICKNESS: Timer = Timer(5);

/// What is drawn for.
const LOAD: u8 = 0;
const CHOICE: u8 = 1;
const WAIT: u8 = 2;

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

    /// What it would say of itself now.
    #[must_use]
    pub fn state(&self) -> State {
        State {
            node: self.me,
            priority: self.config.priorities[self.me.index()],
            load: self.load,
            sick: self.sick,
        }
    }

    /// How often it took the lead since it came up.
    #[must_use]
    pub fn led(&self) -> u64 {
        self.led
    }

    /// Whether it may lead in the form that looks.
    #[must_use]
    pub fn fit(&self) -> bool {
        self.state().fit(self.config.load_max)
    }

    fn accepts(&self) -> bool {
        self.config.form == Form::Acceptance
    }

    fn others(&self) -> impl Iterator<Item = NodeId> + use<> {
        let me = self.me;
        self.config.all().filter(move |node| *node != me)
    }

    fn tell_all(&self, message: &VoteMessage, out: Outbox<'_, '_>) {
        for node in self.others() {
            out.send(node, message.clone());
        }
    }

    /// How many votes it takes.
    fn needed(&self, out: &Out<'_, Self>) -> usize {
        if out.rule(MORE_THAN_HALF) {
            self.config.majority()
        } else {
            self.config.priorities.len().div_ceil(2)
        }
    }

    fn turn(&mut self, phase: Phase, out: Outbox<'_, '_>) {
        for timer in [LEADER, POLL, BALLOT, HEARTBEAT, REIGN] {
            out.stop_timer(timer);
        }
        self.phase = phase;
        self.polled.clear();
    }

    /// It waits for a leader: for the whole of a silence.
    fn await_leader(&mut self, out: Outbox<'_, '_>) {
        self.turn(Phase::Following, out);
        let least = self.config.leader_timeout.0;
        let wait = out.draw(WAIT, least..=2 * least);
        out.set_timer(LEADER, Span(wait));
    }

    /// Nobody leads: it calls an election soon, unless somebody else is quicker.
    fn call_soon(&mut self, out: Outbox<'_, '_>) {
        self.leader = None;
        self.turn(Phase::Following, out);
        let most = 4 * self.config.answer_wait.0;
        let wait = out.draw(WAIT, 0..=most);
        out.set_timer(LEADER, Span(wait));
    }

    /// A term that is higher than all that it knew: whoever leads in an older one leads no more.
    fn learn(&mut self, term: u64, out: Outbox<'_, '_>) {
        if term <= self.term || (self.leads() && !out.rule(mistakes::STEP_DOWN_FOR_A_NEWER_TERM)) {
            return;
        }
        self.begin(term);
        match self.phase {
            Phase::Leading | Phase::Voting => {
                out.note(notes::NEWER_TERM, [term.into()]);
                self.leader = None;
                self.await_leader(out);
            }
            Phase::Following | Phase::Polling => {}
        }
    }

    /// In a new term nobody has voted yet.
    fn begin(&mut self, term: u64) {
        self.term = term;
        self.voted = None;
        self.own_vote = None;
        self.votes.clear();
    }

    fn ran_out(&mut self, timer: Timer, out: Outbox<'_, '_>) {
        match (timer, self.phase) {
            (LEADER, Phase::Following) => {
                match self.leader {
                    Some(leader) => out.note(notes::LEADER_SILENT, [leader.into()]),
                    None => out.note(notes::NO_LEADER_HEARD, []),
                }
                self.call(out);
            }
            (POLL, Phase::Polling) => self.call_ballot(out),
            (BALLOT, Phase::Voting) => {
                let args = [self.term.into(), self.config.answer_wait.into()];
                out.note(notes::NO_RESULT, args);
                self.call_soon(out);
            }
            (HEARTBEAT, Phase::Leading) => self.beat(out),
            (REIGN, Phase::Leading) => {
                out.note(notes::RESIGNS, [self.config.reign.into()]);
                self.resign(out);
            }
            (SICKNESS, _) => {
                self.sick = false;
                out.note(notes::RECOVERS, []);
            }
            // Each of the others is stopped when its phase ends.
            (_, _) => {}
        }
    }

    fn asked(&mut self, wish: Wish, out: Outbox<'_, '_>) {
        match (wish, self.phase) {
            (Wish::Call, Phase::Following) => {
                out.note(notes::ASKED_TO, []);
                self.call(out);
            }
            (Wish::Resign, Phase::Leading) => {
                out.note(notes::ASKED_TO_RESIGN, []);
                self.resign(out);
            }
            (Wish::Sick, phase) => {
                self.sick = true;
                out.set_timer(SICKNESS, self.config.sick_for);
                out.note(notes::FALLS_SICK, [self.config.sick_for.into()]);
                if phase == Phase::Leading && self.accepts() {
                    out.note(notes::RESIGNS_SICK, []);
                    self.resign(out);
                }
            }
            // There is nothing to call while it calls or leads, and nothing to resign.
            (Wish::Call, Phase::Polling | Phase::Voting | Phase::Leading)
            | (Wish::Resign, Phase::Following | Phase::Polling | Phase::Voting) => {}
        }
    }

    fn received(&mut self, from: NodeId, message: &VoteMessage, out: Outbox<'_, '_>) {
        self.learn(message.term(), out);
        match message {
            VoteMessage::Poll(_) => self.polled_by(from, out),
            VoteMessage::Answer { state, .. } => self.answered_by(*state, out),
            VoteMessage::Ballot { term, slate } => self.called_by(from, *term, slate, out),
            VoteMessage::Vote(term) => self.voted_for_by(from, *term, out),
            VoteMessage::Heartbeat(term) => self.told_by(from, *term, out),
            VoteMessage::Resign(term) => self.resigned_by(from, *term, out),
        }
    }
}

impl Engine for Peer {
    type Message = VoteMessage;
    type Disk = Disk;
    type Write = Disk;
    type Request = Wish;
    type Config = Config;

    const TIMERS: &'static [&'static str] =
        &["leader", "poll", "ballot", "heartbeat", "reign", "sickness"];

    fn boot(me: NodeId, config: &Rc<Config>, disk: &Disk) -> Self {
        Peer {
            me,
            config: Rc::clone(config),
            phase: Phase::Following,
            leader: None,
            term: disk.term,
            voted: disk.voted,
            own_vote: None,
            votes: Vec::new(),
            resigned: 0,
            load: 1,
            sick: false,
            polled: Vec::new(),
            led: 0,
        }
    }

    fn write(disk: &mut Disk, write: &Disk) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => {
                out.note(notes::COMES_UP, [self.config.leader_timeout.into()]);
                self.await_leader(out);
            }
            Input::Received { from, message } => self.received(from, message, out),
            Input::TimerFired(timer) => self.ran_out(timer, out),
            Input::Asked(wish) => self.asked(*wish, out),
            Input::Written(write) => self.written(write, out),
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("role", Fact::Key(self.role()));
        facts.say("leader", self.leader);
        facts.say("term", self.term);
        facts.say("voted", self.voted);
        facts.say("votes", self.votes.clone());
        facts.say("priority", self.state().priority);
        facts.say("load", self.load);
        facts.say("sick", self.sick);
        facts.say("led", self.led);
    }

    fn role(&self) -> &'static str {
        match (self.phase, self.leader) {
            (Phase::Following, None) => "lost",
            (Phase::Following, Some(_)) => "follower",
            (Phase::Polling, _) => "polling",
            (Phase::Voting, _) => "voting",
            (Phase::Leading, _) if self.sick => "sick-leader",
            (Phase::Leading, _) => "leader",
        }
    }

    fn disk_facts(disk: &Disk, facts: &mut Facts) {
        facts.say("term", disk.term);
        facts.say("voted", disk.voted);
    }
}
