//! Who measures what: it shares runs out and puts answers together.

use crate::lab::experiment::{Measurer, Plan, Table, read_answer, write_order};
use crate::lab::search::{Batch, Ledger};
use crate::protocols;
use crate::ui::page::now_ms;
use crate::ui::seek::{Crew, Heard};
use crate::view::experiment::Graph;
use std::rc::Rc;

/// How many runs are handed out at once; it is the time that ends most batches.
const BATCH: u64 = 500;
/// How often all workers together answer, so that the page has little to do with it.
const ANSWER_MS: usize = 100;
/// How much of a frame a slice on the main thread takes.
const SLICE_MS: f64 = 5.0;
/// When so many workers died over their work, it is not they.
const MOST_DEATHS: u32 = 12;
/// The least time between two drawings, and how many times as long as one drawing took.
const DRAW_MS: f64 = 250.0;
const DRAW_TIMES: f64 = 12.0;

/// How far it is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) enum Phase {
    /// Runs are made.
    Measuring,
    /// All are made.
    Done,
    /// A person stopped it.
    Stopped,
    /// Workers die over it again and again.
    Failed,
}

/// What the page shows.
#[derive(Clone)]
pub(in crate::ui) struct Progress {
    pub(in crate::ui) plan: Rc<Plan>,
    pub(in crate::ui) phase: Phase,
    pub(in crate::ui) made: u64,
    pub(in crate::ui) ms: f64,
    /// None: it goes on in slices on the main thread.
    pub(in crate::ui) workers: usize,
    /// One for each column, as far as the runs were made when they were drawn.
    pub(in crate::ui) graphs: Rc<Vec<Graph>>,
    /// The same, with those in one that are drawn together.
    pub(in crate::ui) charts: Rc<Vec<Graph>>,
}

/// See the module.
pub(in crate::ui) struct Laboratory {
    plan: Rc<Plan>,
    phase: Phase,
    table: Table,
    ledger: Ledger,
    crew: Crew,
    /// Who makes what.
    tasks: Vec<(u32, Batch)>,
    /// Makes the runs where there are no workers.
    own: Measurer,
    since_ms: f64,
    before_ms: f64,
    deaths: u32,
    graphs: Rc<Vec<Graph>>,
    charts: Rc<Vec<Graph>>,
    /// When the next drawing is due.
    draw_ms: f64,
    /// How many runs the last one showed.
    drawn: u64,
}

impl Laboratory {
    /// Begins.
    pub(in crate::ui) fn new(plan: Plan) -> Self {
        let plan = Rc::new(plan);
        let mut crew = Crew::default();
        crew.gather();
        Laboratory {
            phase: Phase::Measuring,
            table: Table::new(&plan, 0..plan.runs()),
            ledger: Ledger::new(plan.runs()),
            crew,
            tasks: Vec::new(),
            own: Measurer::default(),
            since_ms: now_ms(),
            before_ms: 0.0,
            deaths: 0,
            graphs: Rc::default(),
            charts: Rc::default(),
            draw_ms: 0.0,
            drawn: u64::MAX,
            plan,
        }
    }

    pub(in crate::ui) fn plan(&self) -> &Rc<Plan> {
        &self.plan
    }

    pub(in crate::ui) fn table(&self) -> &Table {
        &self.table
    }

    pub(in crate::ui) fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether the page itself has to make the runs.
    pub(in crate::ui) fn in_slices(&self) -> bool {
        self.phase == Phase::Measuring && self.crew.count() == 0
    }

    /// What the page is to show. It is drawn anew when that is due.
    pub(in crate::ui) fn progress(&mut self) -> Progress {
        let (now, made) = (now_ms(), self.table.made());
        let due = now >= self.draw_ms || self.phase != Phase::Measuring;
        if due && self.drawn != made {
            let columns = self.plan.experiment.spec().columns.len();
            let graph = |column| Graph::new(&self.plan, &self.table, column);
            self.graphs = Rc::new((0..columns).map(graph).collect());
            self.charts = Rc::new(Graph::charts(&self.plan, &self.graphs));
            let took = now_ms() - now;
            self.draw_ms = now + took + (took * DRAW_TIMES).max(DRAW_MS);
            self.drawn = made;
        }
        Progress {
            plan: Rc::clone(&self.plan),
            phase: self.phase,
            made,
            ms: self.spent_ms(),
            workers: self.crew.count(),
            graphs: Rc::clone(&self.graphs),
            charts: Rc::clone(&self.charts),
        }
    }

    fn spent_ms(&self) -> f64 {
        let works = self.phase == Phase::Measuring;
        self.before_ms + if works { now_ms() - self.since_ms } else { 0.0 }
    }

    /// Stops. What was measured stays.
    pub(in crate::ui) fn stop(&mut self) {
        if self.phase == Phase::Measuring {
            self.end(Phase::Stopped);
        }
    }

    fn end(&mut self, phase: Phase) {
        self.before_ms = self.spent_ms();
        self.phase = phase;
        self.crew.dismiss(0);
        for (_, batch) in std::mem::take(&mut self.tasks) {
            self.ledger.give_back(batch, batch.from, false);
        }
    }

    /// Goes on where it stopped.
    pub(in crate::ui) fn go_on(&mut self) {
        if matches!(self.phase, Phase::Stopped | Phase::Failed) {
            self.phase = Phase::Measuring;
            self.since_ms = now_ms();
            self.deaths = 0;
            self.crew.gather();
        }
    }

    /// A worker said something, or died, where there is no text.
    pub(in crate::ui) fn heard(&mut self, number: u32, text: Option<String>) {
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
    pub(in crate::ui) fn look(&mut self) {
        for number in self.crew.look() {
            self.lost(number);
        }
    }

    /// A worker is gone. What it had is made by another one.
    fn lost(&mut self, number: u32) {
        if !self.crew.lose(number) {
            return;
        }
        if let Some(at) = self.tasks.iter().position(|(of, _)| *of == number) {
            let (_, batch) = self.tasks.remove(at);
            self.ledger.give_back(batch, batch.from, false);
        }
        self.deaths += 1;
        if !self.crew.began() {
            // They are not to be had here, whatever the reason.
            self.crew.dismiss(0);
        } else if self.deaths >= MOST_DEATHS {
            self.end(Phase::Failed);
        } else {
            // Without a single one it goes on in slices.
            let _ = self.crew.add();
        }
    }

    /// Takes an answer in; false where it is none.
    fn answered(&mut self, number: u32, text: &str) -> bool {
        let Some(at) = self.tasks.iter().position(|(of, _)| *of == number) else {
            return true;
        };
        let (_, batch) = self.tasks.remove(at);
        let Some((to, values)) = read_answer(text, &self.plan, batch) else {
            self.ledger.give_back(batch, batch.from, false);
            return false;
        };
        for (run, values) in (batch.from..).zip(&values) {
            self.table.put(run, values);
        }
        self.ledger.give_back(batch, to, false);
        if self.ledger.over() {
            self.end(Phase::Done);
        }
        true
    }

    /// Gives everyone who rests something to do.
    fn feed(&mut self) {
        let ms = ANSWER_MS * self.crew.count().max(1);
        while self.phase == Phase::Measuring
            && let Some(number) = self.crew.idle()
        {
            let Some(batch) = self.ledger.take(BATCH) else {
                return;
            };
            self.tasks.push((number, batch));
            let order = write_order(&self.plan, batch);
            if !self.crew.order(number, &format!("{ms} {order}")) {
                self.lost(number);
            }
        }
    }

    /// A slice of it on the main thread.
    pub(in crate::ui) fn slice(&mut self) {
        let Some(batch) = self
            .ledger
            .take(BATCH)
            .filter(|_| self.phase == Phase::Measuring)
        else {
            return;
        };
        self.tasks.push((u32::MAX, batch));
        let began = now_ms();
        let order = write_order(&self.plan, batch);
        let late = || now_ms() - began > SLICE_MS;
        let answer = self.own.obey(&order, &protocols::labs(), &late);
        if !answer.is_some_and(|answer| self.answered(u32::MAX, &answer)) {
            self.end(Phase::Failed);
        }
    }
}
