//! One run of the search: a beat after the other, and what was done noted as commands.

use super::super::Mode;
use super::super::command::{Command, Until};
use super::super::run::Run;
use super::super::spec::Lab;
use super::aim::{Aim, Memory};
use super::coverage::{Roles, Tally};
use super::deeds::{Pause, Score, Whom};
use super::draw::Draw;
use super::drive::{Drive, Went};
use crate::engine::{NodeId, Span};
use crate::sim::{Action, Happened, NodeKind};
use std::rc::Rc;

/// What the waits of one run wait for: some notes and some kinds of messages.
#[derive(Default)]
pub(super) struct Marks {
    notes: Vec<usize>,
    messages: Vec<u8>,
}

impl Marks {
    pub(super) fn draw(lab: &dyn Lab, draw: &mut Draw) -> Self {
        let info = lab.info();
        let notes = (0..draw.between(1, 4)).map(|_| draw.place(info.notes.len()));
        let mut notes: Vec<usize> = notes.collect();
        notes.retain(|at| *at < info.notes.len());
        let kinds = info.message_kinds.len();
        let messages = (0..draw.between(0, 1)).map(|_| draw.place(kinds) as u8);
        Marks {
            notes,
            messages: messages.collect(),
        }
    }

    /// The mark that the last step set, if it set one.
    fn met(&self, drive: &Drive<'_>) -> Option<Until> {
        let notes = self.notes.iter().map(|at| Until::Note(*at));
        let messages = self.messages.iter().map(|kind| Until::Message(*kind));
        let mut all = notes.chain(messages);
        all.find(|until| until.reached(&drive.run, &drive.names))
    }
}

/// One run under way: things are done, and time passes between them.
pub(super) struct Walk<'a> {
    pub(super) drive: Drive<'a>,
    pub(super) tally: &'a mut Tally,
    pub(super) roles: Roles,
    pub(super) commands: Vec<Command>,
    pub(super) marks: Marks,
}

/// What was done or missed leaves the run to go on.
fn go_on(went: Went) -> Result<(), Went> {
    match went {
        Went::Done | Went::Missed => Ok(()),
        Went::Broken(_) | Went::Spent => Err(went),
    }
}

impl Walk<'_> {
    /// The check that broke, if one did.
    pub(super) fn whole(&mut self, score: Score, mode: Mode, draw: &mut Draw) -> Option<usize> {
        match self.play(score, mode, draw) {
            Err(Went::Broken(check)) => Some(check),
            Err(Went::Done | Went::Missed | Went::Spent) | Ok(()) => None,
        }
    }

    fn play(&mut self, mut score: Score, mode: Mode, draw: &mut Draw) -> Result<(), Went> {
        let mut memory = Memory {
            hero: score.hero,
            last: None,
            deeds: 0,
        };
        for _ in 0..score.length(draw) {
            let mut beat = score.next(draw);
            if beat.mid_write {
                beat.whom = Whom::Writer;
                go_on(self.seek_write(Span::ms(50)))?;
            }
            let mut aim = Aim {
                names: &self.drive.names,
                world: self.drive.run.world(),
                whom: beat.whom,
                turned: self.roles.turned,
                memory: &mut memory,
            };
            for action in aim.at(beat.deed, draw) {
                go_on(self.act(action))?;
            }
            go_on(self.wait(beat.pause, memory.last, draw))?;
            if beat.linger > Span(0) {
                go_on(self.carry(Command::RunFor(beat.linger)))?;
            }
        }
        go_on(match mode {
            Mode::Always | Mode::Sometimes => self.carry(Command::RunFor(Span::secs(1))),
            Mode::Eventually(within) => self.calm(within),
        })
    }

    fn act(&mut self, action: Rc<Action>) -> Went {
        let before = self.drive.run.world().record().touched.last().copied();
        let command = Command::Act(action);
        let (tally, roles) = (&mut *self.tally, &mut self.roles);
        let went = self
            .drive
            .carry(&command, &mut |run| tally.step(run.world(), roles));
        // One that missed changed nothing, so the run is the same without it.
        if went != Went::Missed {
            self.commands.push(command);
        }
        if let Some(node) = before {
            self.look_at(node);
        }
        went
    }

    fn look_at(&mut self, node: NodeId) {
        let world = self.drive.run.world();
        if world.spec(node).kind == NodeKind::Server {
            self.tally.look_at(world, node);
        }
    }

    /// Carries a command out that takes time, and notes it; not the one in which a check broke.
    fn carry(&mut self, command: Command) -> Went {
        let before = self.drive.run.world().steps();
        let (tally, roles) = (&mut *self.tally, &mut self.roles);
        let went = self
            .drive
            .carry(&command, &mut |run| tally.step(run.world(), roles));
        match went {
            Went::Done => self.commands.push(command),
            // There were fewer steps to take.
            Went::Missed => match self.drive.run.world().steps() - before {
                0 => {}
                taken => self.commands.push(Command::Step(taken)),
            },
            Went::Broken(_) | Went::Spent => {}
        }
        went
    }

    fn wait(&mut self, pause: Pause, last: Option<NodeId>, draw: &mut Draw) -> Went {
        match pause {
            Pause::None => Went::Done,
            Pause::Steps(count) => self.carry(Command::Step(count)),
            Pause::For(span) => self.carry(Command::RunFor(span)),
            Pause::Writing(within) => {
                let nodes = self.drive.names.nodes().count();
                let node = last.filter(|_| draw.one_in(2));
                let node = node.unwrap_or_else(|| NodeId(draw.place(nodes) as u16));
                let until = Until::Writing(node);
                self.seek(within, &mut |drive| {
                    (drive.run.world().cell(node).writes_pending() > 0).then(|| until.clone())
                })
            }
            Pause::Mark(within) => self.seek(within, &mut |_| None),
            Pause::Turn(role, within) => self.turn(role, within),
        }
    }

    /// Waits until some server writes to its disk.
    fn seek_write(&mut self, within: Span) -> Went {
        let servers = |drive: &Drive<'_>| {
            let world = drive.run.world();
            let writes = |id: &NodeId| {
                world.spec(*id).kind == NodeKind::Server && world.cell(*id).writes_pending() > 0
            };
            world.ids().find(writes).map(Until::Writing)
        };
        if servers(&self.drive).is_some() {
            return Went::Done;
        }
        let marks = std::mem::take(&mut self.marks);
        let went = self.seek(within, &mut |drive| servers(drive));
        self.marks = marks;
        went
    }

    /// Waits until some server becomes something else.
    fn turn(&mut self, role: Option<&'static str>, within: Span) -> Went {
        let (begin, before) = (self.drive.run.world().now(), self.drive.run.world().steps());
        loop {
            let left = begin + within - self.drive.run.world().now();
            let turns = self.roles.turns;
            match self.one_step(left) {
                Err(went) => return went,
                Ok(false) => {
                    self.commands.push(Command::RunFor(within));
                    return Went::Done;
                }
                Ok(true) => {}
            }
            let into = self.roles.turned.map(|(_, into)| into);
            if self.roles.turns > turns && (role.is_none() || role == into) {
                break;
            }
        }
        let taken = self.drive.run.world().steps() - before;
        self.commands.push(Command::Step(taken));
        Went::Done
    }

    /// One event, if one is due within that time.
    fn one_step(&mut self, left: Span) -> Result<bool, Went> {
        let (tally, roles) = (&mut *self.tally, &mut self.roles);
        self.drive.seek(left, &mut |_| true, &mut |run: &Run| {
            tally.step(run.world(), roles);
        })
    }

    /// Waits for one of the run's marks, or for what `also` says.
    fn seek(&mut self, within: Span, also: &mut dyn FnMut(&Drive<'_>) -> Option<Until>) -> Went {
        let end = self.drive.run.world().now() + within;
        // What is so already would end the wait at once when the story is played. So it may be
        // behind an action that missed, which is not in the story.
        let missed = matches!(
            self.drive.run.world().record().what,
            Happened::Commanded(_, Some(_))
        );
        let mut first = vec![self.marks.met(&self.drive), also(&self.drive)];
        first.retain(Option::is_some);
        loop {
            let left = end - self.drive.run.world().now();
            match self.one_step(left) {
                Err(went) => return went,
                Ok(false) => {
                    self.commands.push(Command::RunFor(within));
                    return Went::Done;
                }
                Ok(true) => {}
            }
            let met = self.marks.met(&self.drive).or_else(|| also(&self.drive));
            if let Some(until) = met {
                if missed || !first.is_empty() {
                    self.commands.push(Command::Step(1));
                }
                self.commands.push(Command::RunUntil(until, Until::WITHIN));
                return Went::Done;
            }
        }
    }

    /// All is healed, and what is promised for after that has its time.
    fn calm(&mut self, within: Span) -> Went {
        match self.act(Rc::new(Action::Calm)) {
            Went::Done | Went::Missed => {}
            Went::Broken(check) => return Went::Broken(check),
            Went::Spent => return Went::Spent,
        }
        let goal_open = |drive: &Drive<'_>| {
            let mut verdicts = drive.run.verdicts().iter();
            verdicts.any(|(spec, verdict)| {
                matches!(spec.mode, Mode::Eventually(_)) && verdict.id() == "pending"
            })
        };
        let end = self.drive.run.world().now() + within + Span::ms(1);
        while goal_open(&self.drive) {
            let left = end - self.drive.run.world().now();
            match self.one_step(left) {
                Err(went) => return went,
                Ok(false) => return Went::Done,
                Ok(true) => {}
            }
        }
        Went::Done
    }
}
