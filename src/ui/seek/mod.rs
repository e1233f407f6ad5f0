//! The search for a run that breaks a check, as the page drives it: it shares the runs out, puts the
//! answers together, and shrinks what was found. What is searched is `lab::search`'s.

mod crew;
mod drawer;
mod progress;
mod serve;

use crate::engine::RuleId;
use crate::lab::search::{Answer, Goal, Ledger, Order, Quest, Servant, Tally};
use crate::lab::{Lab, Params};
use crate::view::Plugin;
pub(super) use crew::{Crew, Heard};
use progress::reason;

pub(super) use drawer::{SeekProps, drawer};
pub(super) use progress::{Phase, Progress, step_before};
pub(super) use serve::serve_page;
use serve::{now_ms, serve};

/// The bound of a search, which a person may go beyond: as many runs as the command line makes, and
/// a minute.
pub(super) const RUNS: u64 = 20_000;
const MOST_MS: f64 = 60_000.0;
/// How many runs are handed out at once; it is the time that ends most batches.
const BATCH: u64 = 1000;
/// How often all workers together answer, so that the page has little to do with it.
const ANSWER_MS: usize = 100;
/// How much of a frame a slice on the main thread takes.
const SLICE_MS: usize = 5;
/// When so many workers died over their work, it is not they.
const MOST_DEATHS: u32 = 12;

/// See the module.
pub(super) struct Seeker {
    state: Progress,
    plugin: &'static dyn Plugin,
    ledger: Ledger,
    crew: Crew,
    /// Who does what.
    tasks: Vec<(u32, Order)>,
    /// Makes the runs where there are no workers.
    own: Servant,
    /// When it began, or went on.
    since_ms: f64,
    /// How long it had been searching before that.
    before_ms: f64,
    /// The bound of that.
    most_ms: f64,
    /// How many workers died since it began, or went on.
    deaths: u32,
}

/// The task of the page itself.
const OWN: u32 = u32::MAX;

impl Seeker {
    /// Begins a search, for a person who has these parameters.
    pub(super) fn new(
        plugin: &'static dyn Plugin,
        rules_off: &[RuleId],
        had: Params,
        seed: u64,
    ) -> Self {
        let lab: &'static dyn Lab = plugin;
        let goal = Goal::without(lab, rules_off);
        let mut seeker = Seeker {
            state: Progress {
                quest: Quest { lab, goal, seed },
                had,
                phase: Phase::Searching,
                tally: Tally::new(lab.info()),
                runs: RUNS,
                ms: 0.0,
                workers: 0,
                denied: false,
                replaced: 0,
                run: None,
                found: None,
                reason: None,
                open: false,
                taught: false,
                left: None,
            },
            plugin,
            ledger: Ledger::new(RUNS),
            crew: Crew::default(),
            tasks: Vec::new(),
            own: Servant::default(),
            since_ms: now_ms(),
            before_ms: 0.0,
            most_ms: MOST_MS,
            deaths: 0,
        };
        seeker.gather();
        seeker
    }

    pub(super) fn plugin(&self) -> &'static dyn Plugin {
        self.plugin
    }

    pub(super) fn quest(&self) -> &Quest {
        &self.state.quest
    }

    pub(super) fn phase(&self) -> Phase {
        self.state.phase
    }

    /// What the drawer is to show.
    pub(super) fn progress(&self) -> Progress {
        Progress {
            ms: self.spent_ms(),
            workers: self.crew.count(),
            ..self.state.clone()
        }
    }

    /// Whether the page itself has to make the runs.
    pub(super) fn in_slices(&self) -> bool {
        self.state.phase.works() && self.crew.count() == 0
    }

    fn spent_ms(&self) -> f64 {
        let now = if self.state.phase.works() {
            now_ms() - self.since_ms
        } else {
            0.0
        };
        self.before_ms + now
    }

    fn gather(&mut self) {
        self.crew.gather();
        self.state.denied = self.crew.count() == 0;
    }

    /// Stops. What has come so far stays.
    pub(super) fn stop(&mut self) {
        if self.state.phase.works() {
            self.end(Phase::Stopped);
        }
    }

    fn end(&mut self, phase: Phase) {
        self.before_ms = self.spent_ms();
        self.state.phase = phase;
        self.crew.dismiss(0);
        for (_, order) in std::mem::take(&mut self.tasks) {
            self.undone(order);
        }
        if let Some(found) = &self.state.found {
            self.state.reason = reason(found);
        }
    }

    /// Goes on where it stopped, or beyond its bound.
    pub(super) fn go_on(&mut self) {
        if self.state.phase.works() || self.state.phase == Phase::Found {
            return;
        }
        if self.ledger.over() {
            self.ledger.extend(RUNS);
        }
        self.most_ms = self.before_ms + MOST_MS;
        self.since_ms = now_ms();
        self.deaths = 0;
        (self.state.runs, self.state.reason) = (self.ledger.runs(), None);
        self.state.phase = match self.state.run {
            None => Phase::Searching,
            Some(_) => Phase::Shrinking,
        };
        if self.state.phase == Phase::Searching {
            self.gather();
        } else {
            self.crew.gather_to(1);
            self.state.denied = self.crew.count() == 0;
        }
    }

    /// A worker said something, or died, where there is no text.
    pub(super) fn heard(&mut self, number: u32, text: Option<String>) {
        match text {
            None => self.lost(number),
            Some(text) => {
                if let Heard::Answer(text) = self.crew.hear(number, text)
                    && !self.answered(number, &text)
                {
                    self.lost(number);
                }
                self.feed();
            }
        }
    }

    /// A second has passed: who says nothing any more is given up.
    pub(super) fn look(&mut self) {
        for number in self.crew.look() {
            self.lost(number);
        }
    }

    /// A worker is gone. What it had is made by another one.
    fn lost(&mut self, number: u32) {
        if !self.crew.lose(number) {
            return;
        }
        let at = self.tasks.iter().position(|(of, _)| *of == number);
        if let Some(at) = at {
            let (_, order) = self.tasks.remove(at);
            self.undone(order);
        }
        if !self.crew.began() {
            // They are not to be had here, whatever the reason.
            self.state.denied = true;
            self.crew.dismiss(0);
            return;
        }
        self.state.replaced += 1;
        self.deaths += 1;
        if self.deaths >= MOST_DEATHS {
            self.end(Phase::Failed);
        } else {
            // Without a single one it goes on in slices.
            let _ = self.crew.add();
        }
    }

    /// What was ordered and not done is done by somebody else.
    fn undone(&mut self, order: Order) {
        match order {
            Order::Runs(batch) => self.ledger.give_back(batch, batch.from, false),
            Order::Shrink(_) => {}
        }
    }

    /// Takes an answer in; false where it is none.
    fn answered(&mut self, number: u32, text: &str) -> bool {
        let Some(at) = self.tasks.iter().position(|(of, _)| *of == number) else {
            // It was ordered before the search took another turn.
            return true;
        };
        let (_, order) = self.tasks.remove(at);
        match (order, Answer::read(text, self.state.quest.lab)) {
            (Order::Runs(batch), Some(Answer::Ran { to, found, tally })) => {
                self.ledger.give_back(batch, to, found);
                self.state.tally.add(&tally);
            }
            (Order::Shrink(_), Some(Answer::Shrunk(found))) => {
                let shortest = found.shortest;
                self.state.found = Some(found);
                if shortest {
                    self.end(Phase::Found);
                }
            }
            (Order::Shrink(_), Some(Answer::Gone)) => self.end(Phase::Failed),
            (order, _) => {
                self.undone(order);
                return false;
            }
        }
        true
    }

    /// Gives everyone who rests something to do, and ends what is at its end.
    pub(super) fn feed(&mut self) {
        self.turn();
        let ms = ANSWER_MS * self.crew.count().max(1);
        while let Some(number) = self.crew.idle() {
            let Some(order) = self.next_order(number) else {
                return;
            };
            if !self.crew.order(number, &format!("{ms} {order}")) {
                self.lost(number);
            }
        }
    }

    /// A slice of it on the main thread.
    pub(super) fn slice(&mut self) {
        if let Some(order) = self.next_order(OWN) {
            let answer = serve(&mut self.own, &format!("{SLICE_MS} {order}"));
            let good = answer.is_some_and(|answer| self.answered(OWN, &answer));
            if !good {
                self.end(Phase::Failed);
            }
        }
        self.turn();
    }

    fn next_order(&mut self, number: u32) -> Option<String> {
        let order = match self.state.phase {
            Phase::Searching => {
                // A violation has to become certain, however long that takes.
                if self.late() && !self.ledger.any() {
                    return None;
                }
                Order::Runs(self.ledger.take(BATCH)?)
            }
            // One is enough for that.
            Phase::Shrinking if self.tasks.is_empty() => Order::Shrink(self.state.run?),
            Phase::Shrinking | Phase::Found | Phase::Nothing | Phase::Stopped | Phase::Failed => {
                return None;
            }
        };
        self.tasks.push((number, order));
        Some(order.print(&self.state.quest))
    }

    fn late(&self) -> bool {
        self.spent_ms() >= self.most_ms
    }

    fn turn(&mut self) {
        if self.state.phase != Phase::Searching {
            return;
        }
        if let Some(run) = self.ledger.found() {
            self.state.run = Some(run);
            self.state.phase = Phase::Shrinking;
            // What they still make lies behind it.
            self.tasks.clear();
            self.crew.dismiss(1);
        } else if self.ledger.over() || (self.late() && !self.ledger.any() && self.ledger.rests()) {
            self.end(Phase::Nothing);
        }
    }
}
