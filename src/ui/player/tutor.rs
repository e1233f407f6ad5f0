//! What a lesson asks of the player: to play lines in the learner's sight, to follow goals at every
//! step, and to take only the commands that are open.

use super::job::{Job, MOST_EVENTS, told};
use super::{Late, Notice, Player, SLICE, Speed};
use crate::engine::Time;
use crate::lab::lesson::{Act, Condition, Watch};
use crate::lab::{
    BranchId, Command, Entry, History, Line, Logged, Names, Outcome, Phrase, Player as Script,
    Position, Run, Story,
};
use crate::ui::model::refused;
use std::rc::Rc;

/// After so long the lines are played faster and faster: a learner waits for them.
const PATIENCE_MS: f64 = 4_000.0;
/// In this time the pace doubles from then on.
const DOUBLING_MS: f64 = 700.0;

/// See the module.
#[derive(Default)]
pub(super) struct Tutor {
    /// The first words of the commands that are open; all are where there is no such list.
    only: Option<Rc<[String]>>,
    goals: Option<Goals>,
    course: Course,
    /// The speed that was set before a step set its own.
    usual: Option<Speed>,
    /// The panel that the step opens.
    panel: Option<Rc<str>>,
}

/// The lines of a step, being played.
#[derive(Default)]
enum Course {
    /// None are.
    #[default]
    None,
    /// In the learner's sight, for so long already.
    Seen(Script, f64),
    /// As a job, as fast as it goes.
    Job,
    /// They are at their end.
    Over,
}

/// Conditions that are followed.
struct Goals {
    conditions: Vec<Condition>,
    watch: Watch,
    /// Where the step began.
    begun: (BranchId, Position),
    /// The last step that was looked at.
    seen: (BranchId, u64),
    /// Whether the play stops when all are met.
    stops: bool,
    /// Where all were met first.
    reached: Option<(BranchId, Position)>,
    /// Which were so when the step began; and which of them have been so ever since.
    stood: Vec<bool>,
    stand: Vec<bool>,
}

/// How far a goal is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) enum Tick {
    /// It is not met.
    Open,
    /// It was so when the step began, and has been so ever since: nobody has done anything for it.
    Stands,
    /// It is met.
    Met,
}

impl Tutor {
    /// Looks at a run after a step of a script.
    pub(super) fn look(&mut self, run: &Run, names: &Names) {
        if let Some(goals) = &mut self.goals {
            goals.watch.look(run, names);
        }
    }
}

impl Goals {
    fn look(&mut self, history: &History, names: &Names) {
        self.watch.look(history.run(), names);
        self.look_what_stands(history.run(), names);
        self.seen = (history.branch_id(), history.position().step);
        if self.stops && self.reached.is_none() && self.watch.met(history.run(), names) {
            self.reached = Some((history.branch_id(), history.position()));
        }
    }

    fn look_what_stands(&mut self, run: &Run, names: &Names) {
        if self.stand.contains(&true) {
            let met = self.watch.each(run, names);
            for (stand, met) in self.stand.iter_mut().zip(met) {
                *stand &= met;
            }
        }
    }

    /// After a jump back or to another branch: what was seen in another future does not count.
    fn look_again(&mut self, history: &History, names: &Names) {
        let (branch, step) = (history.branch_id(), history.position().step);
        if branch == self.seen.0 && step >= self.seen.1 {
            return;
        }
        self.watch = Watch::new(&self.conditions);
        self.stand.clone_from(&self.stood);
        if let Some(mut cursor) = history.cursor(branch, self.begun.1.step) {
            while cursor.run().world().steps() < step && cursor.step() {
                self.watch.look(cursor.run(), names);
                self.look_what_stands(cursor.run(), names);
            }
        }
        self.seen = (branch, step);
    }
}

impl Player {
    /// Follows conditions from here on; `stops` where the play is to stop when all are met.
    pub(in crate::ui) fn pursue(&mut self, conditions: &[Condition], stops: bool) {
        let begun = (self.history.branch_id(), self.position());
        let run = self.history.run();
        let stood = conditions.iter().map(|goal| goal.stands(run, &self.names));
        let stood: Vec<bool> = stood.collect();
        self.tutor.goals = Some(Goals {
            conditions: conditions.to_vec(),
            watch: Watch::new(conditions),
            begun,
            seen: (begun.0, begun.1.step),
            stops,
            reached: None,
            stand: stood.clone(),
            stood,
        });
    }

    /// The learner acts: the goals are followed, at the speed and beside the panel that the step asks for.
    pub(in crate::ui) fn act(&mut self, act: &Act) {
        self.pursue(&act.goals, !act.impossible);
        self.open_only(Some(&act.allow));
        self.tutor.panel = act.panel.as_deref().map(Rc::from);
        if let Some(speed) = act.speed {
            self.tutor.usual = Some(self.usual_speed());
            self.speed = Speed::Scale(speed);
        }
    }

    /// The speed that a person has set.
    pub(in crate::ui) fn usual_speed(&self) -> Speed {
        self.tutor.usual.unwrap_or(self.speed)
    }

    /// A person sets the speed: no step sets it back.
    pub(super) fn own_speed(&mut self) {
        self.tutor.usual = None;
    }

    /// The panel that the step opens.
    pub(super) fn wanted_panel(&self) -> Option<Rc<str>> {
        self.tutor.panel.clone()
    }

    /// Whether the play goes on until goals are met. A promise that breaks on the way there does not stop it: that may
    /// be one of several goals, or another one than is asked for.
    pub(super) fn seeks(&self) -> bool {
        let goals = self.tutor.goals.as_ref();
        goals.is_some_and(|goals| goals.stops && goals.reached.is_none())
    }

    /// Opens only the commands with these first words; all of them where there is no list.
    pub(in crate::ui) fn open_only(&mut self, verbs: Option<&[String]>) {
        self.tutor.only = verbs.map(Rc::from);
    }

    /// The commands that are open, where not all of them are.
    pub(in crate::ui) fn open_verbs(&self) -> Option<Rc<[String]>> {
        self.tutor.only.clone()
    }

    /// A lesson is over, or left.
    pub(in crate::ui) fn untaught(&mut self) {
        self.speed = self.usual_speed();
        self.tutor = Tutor::default();
    }

    /// How far each of the goals is.
    pub(in crate::ui) fn ticks(&self) -> Vec<Tick> {
        let Some(goals) = &self.tutor.goals else {
            return Vec::new();
        };
        let each = goals.watch.each(self.history.run(), &self.names);
        let tick = |(met, stands): (bool, &bool)| match (met, stands) {
            (false, _) => Tick::Open,
            (true, true) => Tick::Stands,
            (true, false) => Tick::Met,
        };
        each.zip(&goals.stand).map(tick).collect()
    }

    /// What was followed.
    pub(in crate::ui) fn watch(&self) -> Option<&Watch> {
        self.tutor.goals.as_ref().map(|goals| &goals.watch)
    }

    /// Whether all goals were met; the run is then where that was.
    pub(in crate::ui) fn reached(&mut self) -> bool {
        let goals = self.tutor.goals.as_ref();
        let Some((branch, place)) = goals.and_then(|goals| goals.reached) else {
            return false;
        };
        if self.history.branch_id() == branch && self.position().step > place.step {
            self.history.seek_to(place);
            self.settle();
        }
        self.playing = false;
        true
    }

    /// The pursuit is at its end.
    pub(in crate::ui) fn rest(&mut self) {
        self.tutor.goals = None;
        self.speed = self.usual_speed();
        self.tutor.usual = None;
    }

    /// Looks at the goals after a step. True where all are met.
    pub(super) fn goals_here(&mut self) -> bool {
        if let Some(goals) = &mut self.tutor.goals {
            goals.look(&self.history, &self.names);
        }
        let met = self.at_goal();
        self.playing &= !met;
        met
    }

    /// Looks at the goals after a jump.
    pub(super) fn goals_again(&mut self) {
        if let Some(goals) = &mut self.tutor.goals {
            goals.look_again(&self.history, &self.names);
        }
    }

    /// Plays lines in the learner's sight, at the speed that is set.
    pub(in crate::ui) fn show_lines(&mut self, lines: &[Line]) {
        self.cancel();
        self.tutor.course = Course::Seen(Script::new(&self.story_of(lines)), 0.0);
        self.notice = None;
        self.playing = true;
    }

    fn story_of(&self, lines: &[Line]) -> Story {
        Story {
            setup: self.history.setup().clone(),
            names: (*self.names).clone(),
            lines: lines.to_vec(),
        }
    }

    /// Plays the rest of the lines as fast as it goes.
    pub(in crate::ui) fn hurry(&mut self) {
        if let Course::Seen(script, _) = std::mem::take(&mut self.tutor.course) {
            self.tutor.course = Course::Job;
            self.playing = false;
            self.job = Some(Job::Script {
                script,
                then: super::Then::Stay,
                left: MOST_EVENTS,
            });
        }
    }

    /// Whether lines are being played.
    pub(in crate::ui) fn shows_lines(&self) -> bool {
        matches!(self.tutor.course, Course::Seen(..) | Course::Job)
    }

    /// Whether the lines came to their end, told once.
    pub(in crate::ui) fn lines_over(&mut self) -> bool {
        let over = match self.tutor.course {
            Course::Over => true,
            Course::Job => self.job.is_none(),
            Course::None | Course::Seen(..) => false,
        };
        if over {
            self.tutor.course = Course::None;
        }
        over
    }

    /// Somebody went elsewhere: what was being played is given up.
    pub(super) fn give_lines_up(&mut self) {
        self.tutor.course = Course::None;
    }

    /// Lets time pass while lines are played. False where none are.
    pub(super) fn advance_lines(&mut self, dt_ms: f64, late: Late<'_>) -> bool {
        let Course::Seen(script, shown_ms) = std::mem::take(&mut self.tutor.course) else {
            return false;
        };
        let shown_ms = shown_ms + dt_ms;
        let faster = ((shown_ms - PATIENCE_MS).max(0.0) / DOUBLING_MS).exp2();
        let span_us = match self.speed {
            Speed::Scale(scale) => dt_ms * 1000.0 * scale.min(1e6) * faster,
            // One event in its time, whatever lies between.
            Speed::Events(rate) => self.events_span(dt_ms / 1000.0 * rate * faster),
        };
        let mut script = script;
        if self.play_lines(&mut script, span_us, late) {
            self.tutor.course = Course::Over;
            self.playing = false;
            self.settle();
        } else {
            self.tutor.course = Course::Seen(script, shown_ms);
        }
        true
    }

    /// So much of the way to the next event, and the ones after it.
    fn events_span(&mut self, events: f64) -> f64 {
        let gap = self.due_us().map_or(0.0, |due| due - self.clock_us);
        let left = (1.0 - self.phase).max(0.01);
        self.phase += events;
        if self.phase >= 1.0 {
            self.phase = 0.0;
            return gap + 0.5;
        }
        gap * (events / left).min(1.0)
    }

    /// Plays what is due in this span. True at the end of the lines.
    fn play_lines(&mut self, script: &mut Script, span_us: f64, late: Late<'_>) -> bool {
        let target = self.clock_us + span_us;
        let (mut budget, mut steps) = (0, 0);
        loop {
            let mut fresh = None;
            let mut ended =
                |line: &Line, outcome: Outcome| fresh = told(line, &outcome).or(fresh.take());
            let (tutor, names) = (&mut self.tutor, &self.names);
            let mut look = |run: &Run| tutor.look(run, names);
            let branch = self.history.branch_id();
            let done = script.play(&mut self.history, budget, &mut look, &mut ended);
            self.generation += 1;
            if self.history.branch_id() != branch {
                self.forked(branch);
            }
            if fresh.is_some() {
                self.notice = fresh;
            }
            if done {
                return true;
            }
            steps += budget;
            if self.due_us().is_none_or(|due| due > target) {
                break;
            }
            if steps % SLICE == SLICE - 1 && late() {
                self.clock_us = self.position().time.0 as f64;
                return false;
            }
            budget = 1;
        }
        self.history.run_to(Time(target as u64));
        self.clock_us = target;
        false
    }

    /// Whether a lesson is open, which says what may be done.
    pub(super) fn taught(&self) -> bool {
        self.tutor.only.is_some()
    }

    /// Whether all goals were met.
    pub(super) fn at_goal(&self) -> bool {
        let goals = self.tutor.goals.as_ref();
        goals.is_some_and(|goals| goals.reached.is_some())
    }

    /// Whether a lesson lets these be given. What lets time pass always may.
    pub(super) fn refuses(&self, commands: &[Command]) -> bool {
        let Some(only) = &self.tutor.only else {
            return false;
        };
        !allows_all(only, commands, &self.names)
    }

    /// Whether a lesson keeps the rules as they are.
    pub(in crate::ui) fn locks_rules(&self) -> bool {
        let only = self.tutor.only.as_deref();
        only.is_some_and(|only| !names_rules(only))
    }

    /// Says what a lesson lets be done now.
    pub(super) fn tell_refused(&mut self) {
        if self.shows_lines() {
            self.notice = Some(Notice::plain(Phrase::new("learn.watching")));
            return;
        }
        let only = self.tutor.only.as_deref().unwrap_or_default();
        self.notice = Some(Notice::plain(refused(only)));
    }

    /// How many commands were given on the way to the playhead.
    pub(in crate::ui) fn deeds(&self) -> usize {
        let here = self.position().step;
        let log = self.history.branch().log.iter();
        let acts =
            |logged: &&Logged| matches!(logged.entry, Entry::Act(_)) && logged.at.step < here;
        log.filter(acts).count()
    }

    /// The story of the run up to the playhead.
    pub(in crate::ui) fn story_so_far(&self) -> String {
        self.history.story_so_far().print()
    }

    /// The run up to the playhead, where nothing is being played or worked through.
    pub(in crate::ui) fn standing(&self) -> Option<Story> {
        let stands = self.job.is_none() && !self.shows_lines();
        stands.then(|| self.history.story_so_far())
    }

    /// Goes back to a place of a branch.
    pub(in crate::ui) fn return_to(&mut self, (branch, place): (BranchId, Position)) {
        self.cancel();
        self.give_lines_up();
        self.playing = false;
        self.notice = None;
        self.history.switch(branch);
        self.history.seek_to(place);
        self.settle();
    }

    /// To the end of the branch that is looked at.
    pub(in crate::ui) fn go_to_branch_end(&mut self) {
        let end = self.history.branch().end;
        if self.position() < end {
            self.return_to((self.history.branch_id(), end));
        }
    }

    /// Where the playhead is, branch and all.
    pub(in crate::ui) fn whereabouts(&self) -> (BranchId, Position) {
        (self.history.branch_id(), self.position())
    }
}

/// Whether the rules may be switched, where only these commands are open.
pub(in crate::ui) fn names_rules(only: &[String]) -> bool {
    only.iter().any(|open| open == "rule")
}

/// Whether a row of commands may be given. One that waits by itself before it acts does more than its act: it needs `run`
/// to be open, too.
pub(in crate::ui) fn allows_all(only: &[String], commands: &[Command], names: &Names) -> bool {
    let waits = matches!(commands, [Command::RunUntil(..), _, ..]);
    (!waits || only.iter().any(|open| open == "run"))
        && commands.iter().all(|command| allows(only, command, names))
}

/// Whether a command's first word is among these, or it only lets time pass.
fn allows(only: &[String], command: &Command, names: &Names) -> bool {
    match command {
        Command::Act(_) => {
            let printed = command.print(names);
            let verb = printed.split(' ').next().unwrap_or_default();
            only.iter().any(|open| open == verb)
        }
        Command::RunFor(_)
        | Command::RunUntil(..)
        | Command::Step(_)
        | Command::Expect(_)
        | Command::Mark(_) => true,
    }
}
