//! The player: the history, the playhead, and what a person wants of them. Plain Rust; the page
//! lends it time.

mod breaks;
mod clients;
mod follow;
mod job;
mod marks;
mod obey;
mod shot;
mod study;
mod tutor;

use super::model::{Selection, Speed, Subject};
use crate::lab::{BranchId, Dictionary, History, Names, Phrase, Position, Setup, Until, Verdict};
use crate::sim::Record;
use crate::view::Plugin;
use clients::Clients;
use job::Job;
use marks::Found;
use std::cell::RefCell;
use std::rc::Rc;
use study::Study;
use tutor::Tutor;

pub(super) use clients::Told;
pub(super) use follow::Mirrored;
pub(super) use job::Then;
pub(super) use obey::Done;
pub(super) use tutor::{Tick, allows_all, names_rules};

/// The longest that a stretch lasts in slow motion in which nothing is under way.
const QUIET_MS: f64 = 900.0;
/// So much time on the wall is made up for at the most; what is older is lost.
const OWED_MS: f64 = 100.0;
/// How many records are kept for the diagram and the lists.
const KEEP: usize = 2000;
/// The notice of a broken promise.
const VIOLATED: &str = "app.violated";
/// How many steps are taken between two looks at the clock.
const SLICE: u64 = 32;

/// Asks whether this frame's time for the simulation is used up.
pub(super) type Late<'a> = &'a dyn Fn() -> bool;

/// Something to be told, in whatever language the page then has.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Notice {
    phrase: Phrase,
    /// An argument that is a phrase itself.
    inner: Option<(&'static str, Phrase)>,
}

impl Notice {
    pub(super) fn plain(phrase: Phrase) -> Self {
        Notice {
            phrase,
            inner: None,
        }
    }

    pub(super) fn about(phrase: Phrase, name: &'static str, inner: Phrase) -> Self {
        Notice {
            phrase,
            inner: Some((name, inner)),
        }
    }

    /// Whether it tells what a room that is asked should find out by itself.
    pub(super) fn answers(&self) -> bool {
        self.phrase.key == VIOLATED
    }

    pub(super) fn say(&self, words: &Dictionary) -> String {
        let mut phrase = brief(&self.phrase);
        if let Some((name, inner)) = &self.inner {
            phrase = phrase.with(name, words.say(&brief(inner)));
        }
        words.say(&phrase)
    }
}

/// The most names that a notice tells of those that are known.
const MOST_KNOWN: usize = 12;

/// A phrase whose list of known names is short enough to be read over the stage. A name that begins like
/// the one that was not found is told first.
fn brief(phrase: &Phrase) -> Phrase {
    let mut phrase = phrase.clone();
    let word = phrase.args.iter().find(|(name, _)| *name == "word");
    let sign = word.and_then(|(_, word)| word.chars().next());
    let known = phrase.args.iter_mut().find(|(name, _)| *name == "known");
    if let Some((_, known)) = known {
        let mut names: Vec<&str> = known.split(", ").collect();
        if names.len() > MOST_KNOWN {
            names.sort_by_key(|name| name.chars().next() != sign);
            names.truncate(MOST_KNOWN);
            *known = format!("{}, \u{2026}", names.join(", "));
        }
    }
    phrase
}

/// Records, and of which branch's step.
type Leading = ((BranchId, u64), Rc<Vec<Record>>);

/// One experiment, being played.
pub(super) struct Player {
    plugin: &'static dyn Plugin,
    names: Rc<Names>,
    history: History,
    /// The playhead in microseconds; finer than the world's clock, so that slow motion is smooth.
    clock_us: f64,
    /// How much of the way to the next event is done, where events set the pace.
    phase: f64,
    /// How far the playhead is behind because its last frame was too short for the work.
    owed_us: f64,
    playing: bool,
    speed: Speed,
    selection: Selection,
    job: Option<Job>,
    /// Commands to be carried out when the job is done.
    rest: Vec<crate::lab::Command>,
    found: Vec<Found>,
    notice: Option<Notice>,
    study: Study,
    /// What the clients asked for.
    clients: RefCell<Clients>,
    /// The records that lead to the step that is looked at, by branch and step.
    leading: RefCell<Option<Leading>>,
    /// What the run was opened as; one that is begun anew is no longer that.
    subject: Option<Subject>,
    /// The version that wrote the link from which the run was opened.
    from_version: Option<String>,
    /// What the play stops at, and whether that was so when it was last looked at.
    breaks: Vec<(Until, bool)>,
    /// What a lesson asks for, while one is open.
    tutor: Tutor,
    /// Grows with every step and jump: what was made of the world is then out of date.
    generation: u64,
}

impl Player {
    /// An experiment at time zero.
    pub(super) fn new(plugin: &'static dyn Plugin, setup: Setup) -> Self {
        let history = History::new(plugin, setup, KEEP);
        Player {
            plugin,
            names: Rc::new(history.names().clone()),
            history,
            clock_us: 0.0,
            owed_us: 0.0,
            phase: 0.0,
            playing: false,
            speed: Speed::Scale(0.05),
            selection: Selection::Nothing,
            job: None,
            rest: Vec::new(),
            found: Vec::new(),
            notice: None,
            study: Study::default(),
            clients: RefCell::default(),
            leading: RefCell::default(),
            subject: None,
            from_version: None,
            breaks: Vec::new(),
            tutor: Tutor::default(),
            generation: 0,
        }
    }

    /// Brings back what the chronicle forgot.
    pub(super) fn recall(&mut self, chunk: u64) {
        self.history.recall(chunk);
    }

    pub(super) fn plugin(&self) -> &'static dyn Plugin {
        self.plugin
    }

    pub(super) fn names(&self) -> &Names {
        &self.names
    }

    pub(super) fn history(&self) -> &History {
        &self.history
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(super) fn selection(&self) -> Selection {
        self.selection
    }

    pub(super) fn speed(&self) -> Speed {
        self.speed
    }

    /// The playhead, in microseconds.
    pub(super) fn clock_us(&self) -> f64 {
        self.clock_us
    }

    /// Whether time passes by itself.
    pub(super) fn moves(&self) -> bool {
        self.playing || self.job.is_some()
    }

    pub(super) fn playing(&self) -> bool {
        self.playing
    }

    /// Whether a long way is being worked through.
    pub(super) fn works(&self) -> bool {
        self.job.is_some()
    }

    pub(super) fn play(&mut self, play: bool) {
        self.playing = play;
        self.owed_us = 0.0;
    }

    pub(super) fn tell(&mut self, notice: Option<Notice>) {
        self.notice = notice;
    }

    /// What is told, in these words.
    pub(super) fn notice(&self, words: &Dictionary) -> Option<String> {
        self.notice.as_ref().map(|notice| notice.say(words))
    }

    /// The story of the branch that is looked at.
    pub(super) fn story(&self) -> String {
        self.history.story().print()
    }

    /// About how long that is, without printing it.
    pub(super) fn told_bytes(&self) -> usize {
        const LINE: usize = 24;
        2 * LINE * self.history.branch().log.len()
    }

    /// What the run was opened as.
    pub(super) fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    pub(super) fn is_about(&mut self, subject: Option<Subject>) {
        self.subject = subject;
    }

    /// Nothing of a story is left: the run began anew.
    pub(super) fn forget_story(&mut self) {
        self.subject
            .take_if(|subject| matches!(subject, Subject::Story(_)));
    }

    /// The run comes from a link that this version of the program wrote.
    pub(super) fn is_from(&mut self, version: Option<String>) {
        self.from_version = version;
    }

    /// The name of the branch that is looked at.
    pub(super) fn name_branch(&mut self, name: String) {
        let branch = self.history.branch_id();
        self.history.rename(branch, Some(name));
    }

    /// Lets time pass: so much of it as `dt_ms` on the wall is at this speed, or less where that
    /// is too much work for one frame.
    pub(super) fn advance(&mut self, dt_ms: f64, late: Late<'_>) {
        if self.job.is_some() {
            self.work(late);
            return;
        }
        if !self.playing {
            return;
        }
        if self.advance_lines(dt_ms, late) {
            self.look();
            return;
        }
        match self.speed {
            Speed::Scale(scale) if scale.is_finite() => self.flow(dt_ms, scale, late),
            Speed::Scale(_) => self.rush(late),
            Speed::Events(rate) => self.hop(dt_ms / 1000.0 * rate, late),
        }
        self.look();
    }

    /// Time passes evenly; in slow motion it hurries where nothing is under way.
    fn flow(&mut self, dt_ms: f64, scale: f64, late: Late<'_>) {
        let mut span_us = dt_ms * 1000.0 * scale;
        if let Some(due) = self.due_us().filter(|_| scale < 1.0 && self.is_quiet()) {
            let gap = due - self.history.run().world().record().time.0 as f64;
            let left = (due - self.clock_us).max(0.0);
            span_us = span_us.max((gap * dt_ms / QUIET_MS).min(left));
        }
        // Frames are long and short by turns; what a long one had no time for is made up for in the next.
        let target = self.clock_us + span_us + std::mem::take(&mut self.owed_us);
        let mut steps = 0;
        while self.due_us().is_some_and(|due| due <= target) {
            self.step();
            steps += 1;
            let breaks = self.breaks_here();
            if breaks || (steps % SLICE == 0 && late()) {
                self.settle();
                let owed_us = (target - self.clock_us).min(OWED_MS * 1000.0 * scale);
                self.owed_us = if breaks { 0.0 } else { owed_us };
                return;
            }
        }
        self.history.run_to(crate::engine::Time(target as u64));
        self.clock_us = target;
    }

    /// Whether no message is under way, and no write.
    fn is_quiet(&self) -> bool {
        let world = self.history.run().world();
        let mut nodes = world.ids();
        world.flights().next().is_none() && nodes.all(|node| world.cell(node).writes_pending() == 0)
    }

    /// As fast as it goes.
    fn rush(&mut self, late: Late<'_>) {
        while !late() {
            for _ in 0..SLICE {
                if !self.step() {
                    self.playing = false;
                }
                if !self.playing || self.breaks_here() {
                    break;
                }
            }
            if !self.playing {
                break;
            }
        }
        self.settle();
    }

    /// From one event to the next in the same time each, whatever lies between.
    fn hop(&mut self, events: f64, late: Late<'_>) {
        self.phase += events;
        while self.phase >= 1.0 {
            self.phase -= 1.0;
            if !self.step() {
                self.playing = false;
            }
            if self.breaks_here() || !self.playing || late() {
                self.phase = 0.0;
            }
        }
        let base = self.position().time.0 as f64;
        let last = self.history.run().world().record().time.0 as f64;
        let Some(due) = self.due_us() else {
            self.clock_us = base;
            return;
        };
        self.clock_us = base.max(last + (due - last) * self.phase);
        let time = crate::engine::Time(self.clock_us as u64);
        if self.clock_us < due {
            self.history.run_to(time);
        }
    }

    fn due_us(&self) -> Option<f64> {
        self.history.next_time().map(|time| time.0 as f64)
    }

    pub(super) fn position(&self) -> Position {
        self.history.position()
    }

    /// One step; false where nothing is due.
    fn step(&mut self) -> bool {
        self.generation += 1;
        let stepped = self.history.step();
        self.goals_here();
        stepped
    }

    /// After a jump: the playhead is where the world is.
    fn settle(&mut self) {
        self.clock_us = self.position().time.0 as f64;
        self.owed_us = 0.0;
        self.phase = 0.0;
        self.generation += 1;
        self.look_at_breaks();
        self.goals_again();
    }

    /// Looks at the verdicts. A guarantee that broke stops the play, so that it is seen; but not on the
    /// way to a goal of a lesson.
    fn look(&mut self) {
        if self.note_verdicts() && !self.seeks() {
            self.playing = false;
            self.settle();
        }
    }

    fn note_verdicts(&mut self) -> bool {
        let branch = self.history.branch_id();
        let mut broken: Option<Found> = None;
        let all: Vec<(usize, Verdict)> = self
            .history
            .run()
            .verdicts()
            .iter()
            .map(|(_, verdict)| verdict)
            .enumerate()
            .collect();
        for (check, verdict) in all {
            let Some(mut found) = self.found_by(branch, check, verdict) else {
                continue;
            };
            found.told = true;
            match self.found.iter_mut().find(|known| known.same(&found)) {
                Some(known) if known.told => continue,
                Some(known) => known.told = true,
                None => self.found.push(found.clone()),
            }
            // Of several that broke by now the first one is told.
            let first = broken.as_ref().is_none_or(|told| found.at < told.at);
            if found.violated && first {
                broken = Some(found);
            }
        }
        if let Some(found) = &broken {
            let id = self.plugin.info().checks[found.check].id;
            let name = Phrase::new(format!("check.{id}"));
            let told = Phrase::new(VIOLATED).with("step", found.at.step);
            self.notice = Some(Notice::about(told, "check", name));
        }
        broken.is_some()
    }
}
