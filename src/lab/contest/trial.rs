//! One run that is measured, with the lines of the story that it is.

use super::{Contest, Finished, Variant};
use crate::engine::{Arg, NodeId, Note, NoteKey, Span, Time};
use crate::lab::story::header;
use crate::lab::{Command, Lab, Link, Names, Params, Run, Setup, Story};
use crate::sim::{Happened, NodeKind, Record, Status, World};
use std::collections::{BTreeMap, BTreeSet};

/// What came of the commands of a unit of work, as the records of its steps tell.
#[derive(Default)]
pub(super) struct Wake {
    /// The steps that belong to it.
    pub(super) steps: BTreeSet<u64>,
    /// Whether everything from the start does.
    pub(super) whole: bool,
    /// How many messages, by their kinds.
    pub(super) messages: Vec<u64>,
    /// How many writes to the disks of servers.
    pub(super) writes: u64,
}

impl Wake {
    /// Counts a step if it belongs to the unit: a command of it, or what came of one, but not by way of a pulse.
    fn note(&mut self, record: &Record, is_pulse: bool, commanded: bool, at_server: bool) {
        let began = commanded || self.whole && matches!(record.what, Happened::Started(_));
        let follows = self.steps.contains(&record.cause) && !is_pulse;
        if !began && !follows {
            return;
        }
        self.steps.insert(record.step);
        for sent in &record.sent {
            let kind = usize::from(sent.name.kind);
            if self.messages.len() <= kind {
                self.messages.resize(kind + 1, 0);
            }
            self.messages[kind] += 1;
        }
        if at_server {
            self.writes += u64::from(record.writes);
        }
    }

    /// How many messages there are.
    pub(super) fn all(&self) -> u64 {
        self.messages.iter().sum()
    }
}

fn servers(world: &World) -> impl Iterator<Item = NodeId> {
    let is_server = |id: &NodeId| world.spec(*id).kind == NodeKind::Server;
    world.ids().filter(is_server)
}

/// What is known of leaders.
struct Leads<'a> {
    servers: usize,
    elected: &'a mut BTreeSet<NodeId>,
    told: &'a mut BTreeMap<NodeId, BTreeSet<NodeId>>,
}

impl Leads<'_> {
    /// Whether by this note of this node an election is finished.
    fn counts(&mut self, note: &Note, node: NodeId, elected: &[NoteKey], told: &[NoteKey]) -> bool {
        if elected.contains(&note.key) {
            self.elected.insert(node);
            return true;
        }
        let leader = note.args().next().filter(|_| told.contains(&note.key));
        let Some(Arg::Node(leader)) = leader else {
            return false;
        };
        let followers = self.told.entry(leader).or_default();
        followers.insert(node);
        // It follows itself.
        let most = 2 * (followers.len() + 1) > self.servers;
        most || self.elected.contains(&leader)
    }
}

/// A run, and how it came about.
pub(super) struct Trial {
    pub(super) names: Names,
    pub(super) run: Run,
    contest: Contest,
    head: String,
    lines: Vec<String>,
    noted: u64,
    asked: u64,
    /// Who was elected since the misfortune, and who was told of whom since it is looked at.
    elected: BTreeSet<NodeId>,
    told: BTreeMap<NodeId, BTreeSet<NodeId>>,
    /// Who is in doubt, and since when; and the longest that anybody was who is no more.
    pub(super) doubts: Vec<(NodeId, Time)>,
    pub(super) longest_doubt: Span,
    /// What is counted, where anything is.
    pub(super) wake: Option<Wake>,
}

impl Trial {
    /// It begins without the rules of this variant that are off.
    pub(super) fn new(
        lab: &'static dyn Lab,
        contest: &Contest,
        variant: &Variant,
        setup: &Setup,
    ) -> Self {
        let run = Run::new(lab, setup);
        let mut trial = Trial {
            names: Names::of(lab, run.world()),
            run,
            contest: *contest,
            head: header(lab, setup),
            lines: Vec::new(),
            noted: 0,
            asked: 0,
            elected: BTreeSet::new(),
            told: BTreeMap::new(),
            doubts: Vec::new(),
            longest_doubt: Span(0),
            wake: None,
        };
        for rule in variant.without {
            trial.say(&format!("rule {rule} off"));
        }
        trial
    }

    pub(super) fn world(&self) -> &World {
        self.run.world()
    }

    /// Does what a line of a story says, and keeps the line. A line that cannot be read is kept, too: who reads
    /// the story learns of it, and so does the test that plays them.
    pub(super) fn say(&mut self, line: &str) {
        match Story::parse_command(line, &self.names, self.run.world()) {
            Ok(Command::Act(action)) => {
                // What misses changes nothing, and is a step of the story as well.
                let _missed = self.run.act(&action);
                self.look(true);
            }
            Ok(Command::RunFor(span)) => return self.pass(span),
            Ok(
                Command::RunUntil(..) | Command::Step(_) | Command::Expect(_) | Command::Mark(_),
            )
            | Err(_) => {}
        }
        self.lines.push(line.to_owned());
    }

    /// Lets time pass.
    pub(super) fn pass(&mut self, span: Span) {
        if span == Span(0) {
            return;
        }
        let end = self.world().now() + span;
        while self.world().next_time().is_some_and(|next| next <= end) && self.run.step() {
            self.look(false);
        }
        self.run.advance_to(end);
        // Two waits in a row are one line.
        let before = self.lines.last().and_then(|line| self.waited(line));
        let whole = Span(span.0 + before.map_or(0, |span| span.0));
        if before.is_some() {
            self.lines.pop();
        }
        self.lines.push(format!("run {whole}"));
    }

    fn waited(&self, line: &str) -> Option<Span> {
        match Story::parse_command(line, &self.names, self.world()) {
            Ok(Command::RunFor(span)) => Some(span),
            _ => None,
        }
    }

    /// One event. False where nothing is due by then.
    pub(super) fn step(&mut self, end: Time) -> bool {
        let due = self.world().next_time().is_some_and(|next| next <= end);
        let moved = due && self.run.step();
        if moved {
            self.look(false);
        }
        moved
    }

    /// After each step.
    fn look(&mut self, commanded: bool) {
        let world = self.run.world();
        let record = world.record();
        match self.contest.finished {
            Finished::Counted(_) => {}
            Finished::Noted(keys) => {
                let notes = record.notes.iter();
                self.noted += notes.filter(|note| keys.contains(&note.key)).count() as u64;
            }
            Finished::Led { elected, told } => {
                if let Some(node) = record.what.node() {
                    let mut leads = Leads {
                        servers: servers(world).count(),
                        elected: &mut self.elected,
                        told: &mut self.told,
                    };
                    for note in &record.notes {
                        self.noted += u64::from(leads.counts(note, node, elected, told));
                    }
                }
            }
        }
        if let Some(in_doubt) = self.contest.in_doubt {
            let now = in_doubt(world);
            for (node, since) in std::mem::replace(&mut self.doubts, now) {
                let down = world.cell(node).status() == Status::Down;
                if !down && !self.doubts.contains(&(node, since)) {
                    self.longest_doubt = self.longest_doubt.max(world.now() - since);
                }
            }
        }
        if let Some(wake) = &mut self.wake {
            let pulse = match record.what {
                Happened::TimerFired(node, timer) => {
                    let name = self.names.timer(node, timer);
                    let kind = name.split(' ').next().unwrap_or_default();
                    self.contest.pulses.contains(&kind)
                }
                _ => false,
            };
            let node = record.what.node();
            let at_server = node.is_some_and(|node| world.spec(node).kind == NodeKind::Server);
            wake.note(record, pulse, commanded, at_server);
        }
    }

    /// Asks for a unit of work, if anybody is there to be asked.
    pub(super) fn ask(&mut self) {
        let line = (self.contest.ask)(self.world(), self.asked);
        self.asked += 1;
        if let Some(line) = line {
            self.say(&line);
        }
    }

    /// How many units are finished.
    pub(super) fn finished(&self) -> u64 {
        match self.contest.finished {
            Finished::Counted(count) => count(self.world()),
            Finished::Noted(_) | Finished::Led { .. } => self.noted,
        }
    }

    /// From here on it is struck: who was elected before is an old leader.
    pub(super) fn strike(&mut self) {
        self.elected.clear();
        self.told.clear();
        self.longest_doubt = Span(0);
    }

    /// From here on it is looked at: who was told before is told no more.
    pub(super) fn look_anew(&mut self) {
        self.told.clear();
    }

    /// Whether somebody is in doubt that has been so for at least this long.
    pub(super) fn in_doubt_for(&self, span: Span) -> bool {
        let now = self.world().now();
        self.doubts.iter().any(|(_, since)| now - *since >= span)
    }

    /// The servers, the one in charge first (or the first, where nobody is), the others in order. A client that is in charge
    /// stands among them, and so on one side of a wall, unless it is about servers only.
    pub(super) fn cast(&self, servers_only: bool) -> Vec<String> {
        let world = self.world();
        let mut servers: Vec<NodeId> = servers(world).collect();
        let charge = (self.contest.in_charge)(world);
        if let Some(charge) = charge.filter(|id| !servers_only || servers.contains(id)) {
            servers.retain(|id| *id != charge);
            servers.insert(0, charge);
        }
        let name = |id: &NodeId| self.names.node(*id).to_owned();
        servers.iter().map(name).collect()
    }

    /// Its address: the story, and the place at which it opens.
    pub(super) fn address(&self, at: crate::lab::Position, expects: &[String]) -> String {
        let mut story = self.head.clone();
        for line in self.lines.iter().chain(expects) {
            story.push('\n');
            story.push_str(line);
        }
        story.push('\n');
        Link {
            lab: self.names.lab.card().id.to_owned(),
            story: Some(story),
            at: Some(at),
            ..Link::default()
        }
        .write()
    }
}

/// The common settings that this lab knows.
pub(super) fn known(lab: &dyn Lab, name: &str) -> bool {
    Params::defaults(lab.info().params)
        .iter()
        .any(|(spec, _)| spec.name == name)
}
