//! The space-time diagram: a lane for each node, an arrow for each message. It covers the whole
//! run up to the playhead; what is not in view is not drawn, and what is too dense for arrows is
//! drawn as density.

mod bars;
mod density;
mod draw;
mod pick;
mod scale;

use super::scrub::{be_wide, whole};
use crate::engine::{NodeId, Time};
use crate::lab::{BranchId, Chronicle, Cone, Dictionary};
use crate::ui::canvas::{Palette, Sheet};
use crate::ui::model::Selection;
use crate::ui::number::fixed;
use crate::ui::page;
use crate::ui::player::{Player, Told};
use crate::view::Spans;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement};

pub(in crate::ui) use pick::Found;

/// A run that is no longer than this is shown whole, on the scale of the scrub bar above it, and a longer one
/// while it has no more steps than this; of any other a part, with about as many steps, but no shorter than this.
const SHORT_US: f64 = 2_000_000.0;
const FEW: u64 = 400;
const PART_US: f64 = 800_000.0;
/// The least and the most time that is shown.
const SPANS_US: (f64, f64) = (2_000.0, 7_200_000_000.0);
/// Where the playhead stands when the run is longer than the sheet.
const HEAD: f64 = 0.82;
/// What is left free where the lanes begin.
const LEFT: f64 = 58.0;
/// What is left free where they end.
const RIGHT: f64 = 14.0;
/// What is left free beside the first lane, for the scale.
const ABOVE: f64 = 20.0;
/// And for words over the first lane.
const WORDS: f64 = 11.0;
/// What is left free beside the last lane.
const BELOW: f64 = 10.0;
/// Above this many lanes only some have a name.
const MANY: usize = 14;
/// From so many steps in view on, the diagram is drawn at intervals.
const FULL: usize = 300;
/// How long these are at least, and beside the time that a drawing takes.
const RESTS_MS: f64 = 150.0;
const RESTS: f64 = 25.0;

/// Draws the diagram.
pub(in crate::ui) struct Diagram {
    sheet: Sheet,
    palette: Palette,
    extent: Extent,
    /// Where the view begins, once a person has moved it; until then it follows the playhead.
    from_us: Option<f64>,
    /// Time runs downwards, and lanes stand side by side.
    columns: bool,
    was_playing: bool,
    drawn: (u64, i64, Selection),
    drawn_ms: f64,
    /// How long the last drawing took.
    took_ms: f64,
    stale: bool,
    /// What lasts, as far as so many deeds of this branch tell.
    spans: (BranchId, usize, Spans),
    /// The past and the future of the selected step, up to the playhead.
    cone: Option<(BranchId, u64, Cone)>,
    /// What the clients asked for.
    told: Option<Told>,
    /// Whether the order that explains it is shown.
    ordered: bool,
    words: Rc<Dictionary>,
    /// A chunk of the chronicle that is in view and is not kept.
    missing: Option<u64>,
}

/// How much time is shown.
#[derive(Copy, Clone, PartialEq)]
enum Extent {
    /// All of the run while that can be read, else a part of it.
    Fitting,
    /// All of the run.
    Whole,
    /// So many microseconds: a person chose them.
    Chosen(f64),
}

/// What lies where, for one drawing.
#[derive(Copy, Clone)]
struct View {
    from_us: f64,
    pixel_us: f64,
    /// Where the first lane lies.
    top: f64,
    /// How far lanes are apart.
    lane: f64,
    columns: bool,
    /// The sheet's extent along time.
    long: f64,
}

impl View {
    /// The place along time.
    fn x(&self, time_us: f64) -> f64 {
        LEFT + (time_us - self.from_us) / self.pixel_us
    }

    /// The place across the lanes.
    fn y(&self, node: NodeId) -> f64 {
        self.top + self.lane * node.index() as f64
    }

    /// The pixel of a place along time and across the lanes.
    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        if self.columns { (y, x) } else { (x, y) }
    }

    /// The pixel of a node at a time.
    fn point(&self, time: Time, node: NodeId) -> (f64, f64) {
        self.at((self.x(time.0 as f64), self.y(node)))
    }

    /// Until when the view goes.
    fn until_us(&self) -> f64 {
        self.from_us + (self.long - LEFT - RIGHT) * self.pixel_us
    }

    fn time(&self, x: f64) -> f64 {
        self.from_us + (x - LEFT) * self.pixel_us
    }

    fn window(&self) -> (Time, Time) {
        let time = |us: f64| Time(us.max(0.0) as u64);
        (time(self.from_us), time(self.until_us()))
    }
}

impl Diagram {
    /// On this canvas; `None` where the browser cannot draw.
    pub(in crate::ui) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        Some(Diagram {
            sheet: Sheet::new(canvas)?,
            palette: Palette::read(),
            extent: Extent::Fitting,
            from_us: None,
            columns: false,
            was_playing: false,
            drawn: (0, 0, Selection::Nothing),
            drawn_ms: 0.0,
            took_ms: 0.0,
            stale: true,
            spans: (0, usize::MAX, Spans::default()),
            cone: None,
            told: None,
            ordered: true,
            words: Rc::default(),
            missing: None,
        })
    }

    /// The theme changed.
    pub(in crate::ui) fn restyle(&mut self) {
        self.palette = Palette::read();
        self.stale = true;
    }

    /// The layout changed.
    pub(in crate::ui) fn resized(&mut self) {
        self.stale = true;
    }

    /// The words of the page.
    pub(in crate::ui) fn speak(&mut self, words: &Rc<Dictionary>) {
        if !Rc::ptr_eq(&self.words, words) {
            self.words = Rc::clone(words);
            self.stale = true;
        }
    }

    /// Shows the order of the clients' operations, or does so no more.
    pub(in crate::ui) fn number(&mut self, ordered: bool) {
        self.ordered = ordered;
        self.stale = true;
    }

    /// Lanes as columns, or as rows again.
    pub(in crate::ui) fn turn(&mut self, columns: bool) {
        self.columns = columns;
        self.stale = true;
    }

    /// Whether the view goes with the playhead.
    pub(in crate::ui) fn follows(&self) -> bool {
        self.from_us.is_none()
    }

    /// The view goes with the playhead again.
    pub(in crate::ui) fn follow(&mut self) {
        self.from_us = None;
        self.stale = true;
    }

    /// Shows more time, or less. The time under a pixel stays there; without one, that of the
    /// playhead does.
    pub(in crate::ui) fn zoom(&mut self, factor: f64, at: Option<(f64, f64)>, player: &Player) {
        let view = self.view(player);
        let along = at.map(|(x, y)| if self.columns { y } else { x });
        let fixed_us = along.map(|x| view.time(x));
        let span_us = (self.span_us(player) * factor).clamp(SPANS_US.0, SPANS_US.1);
        self.extent = Extent::Chosen(span_us);
        if let (Some(x), Some(time)) = (along, fixed_us) {
            let room = (view.long - LEFT - RIGHT).max(10.0);
            self.from_us = Some((time - (x - LEFT) * span_us / room).max(0.0));
        }
        self.stale = true;
    }

    /// Shows the whole run.
    pub(in crate::ui) fn fit(&mut self, _: &Player) {
        self.extent = Extent::Whole;
        self.follow();
    }

    /// Whether the whole run is shown, or would be if nobody had moved it aside.
    fn is_whole(&self, player: &Player) -> bool {
        match self.extent {
            Extent::Whole => true,
            Extent::Chosen(_) => false,
            Extent::Fitting => {
                let end = player.history().branch().end;
                whole(end.time) <= SHORT_US || end.step <= FEW
            }
        }
    }

    /// How much time is shown, in microseconds.
    fn span_us(&self, player: &Player) -> f64 {
        if let Extent::Chosen(span_us) = self.extent {
            return span_us;
        }
        let end = player.history().branch().end;
        if self.is_whole(player) {
            return whole(end.time);
        }
        // A round number: it rests while the run grows.
        let part = end.time.0 as f64 * FEW as f64 / end.step.max(1) as f64;
        let mut span_us = PART_US;
        for times in [1.25, 2.0, 2.0, 2.0, 2.5].into_iter().cycle() {
            if span_us * times > part {
                break;
            }
            span_us *= times;
        }
        span_us
    }

    /// Moves the view by so many pixels along time.
    pub(in crate::ui) fn pan(&mut self, pixels: f64, player: &Player) {
        let view = self.view(player);
        let to = (view.from_us - pixels * view.pixel_us).max(0.0);
        self.from_us = Some(to.min(player.clock_us()));
        self.stale = true;
    }

    /// The extent of a sheet along time, in pixels: what a person moves by a page.
    pub(in crate::ui) fn page(&self) -> f64 {
        if self.columns {
            self.sheet.height
        } else {
            self.sheet.width
        }
    }

    fn view(&self, player: &Player) -> View {
        let lanes = player.names().nodes().count().max(1) as f64;
        let (long, broad) = if self.columns {
            (self.sheet.height, self.sheet.width)
        } else {
            (self.sheet.width, self.sheet.height)
        };
        let room = (long - LEFT - RIGHT).max(10.0);
        let span_us = self.span_us(player);
        let begin = if self.is_whole(player) {
            0.0
        } else {
            player.clock_us() - span_us * HEAD
        };
        // The buttons stand beside the last lane, where there is room for both.
        let below = if broad > 150.0 && !self.columns {
            34.0
        } else {
            BELOW
        };
        // What the clients asked for is written over their lanes, and not over the scale.
        let above = if self.told.is_some() && !self.columns {
            ABOVE + WORDS
        } else {
            ABOVE
        };
        let lane = (broad - above - below) / lanes.max(2.0);
        View {
            from_us: self.from_us.unwrap_or(begin).max(0.0),
            pixel_us: span_us / room,
            top: above + lane.min(40.0) * if self.columns { 0.5 } else { 0.2 },
            lane,
            columns: self.columns,
            long,
        }
    }

    /// Draws it, where it is not as it was.
    pub(in crate::ui) fn draw(&mut self, player: &Player) {
        if self.stale {
            self.sheet.fit();
        }
        if self.sheet.width < 1.0 {
            return;
        }
        if player.playing() && !self.was_playing && self.from_us.is_some() {
            self.follow();
        }
        self.was_playing = player.playing();
        let view = self.view(player);
        let pixel = (player.clock_us() / view.pixel_us) as i64;
        let now = (player.generation(), pixel, player.selection());
        // What is full is drawn less often: there nobody follows a single arrow.
        let (from, to) = view.window();
        let here = player.position().step;
        let chronicle = player.history().chronicle();
        let full = chronicle.between(from, to, here).nth(FULL).is_some();
        let clock = page::now_ms();
        let rest_ms = RESTS_MS.max(self.took_ms * RESTS);
        let rests = full && player.playing() && clock - self.drawn_ms < rest_ms;
        if self.stale || (now != self.drawn && !rests) {
            self.look(player);
            let (chunks, gone) = chronicle.missing(from, to, here);
            self.missing = gone.filter(|_| chunks < Chronicle::MOST_CHUNKS);
            self.paint(&view, player);
            self.bracket(&view, player);
            self.drawn = now;
            self.drawn_ms = clock;
            self.took_ms = page::now_ms() - clock;
            self.stale = false;
        }
    }

    /// A chunk that was in view and was not kept. Who brings it back has it drawn.
    pub(in crate::ui) fn take_missing(&mut self) -> Option<u64> {
        let missing = self.missing.take();
        self.stale |= missing.is_some();
        missing
    }

    /// Makes anew what depends on the deeds and on the selected step.
    fn look(&mut self, player: &Player) {
        let history = player.history();
        let (branch, here) = (history.branch_id(), player.position().step);
        let deeds = history.chronicle().deeds();
        let deeds = &deeds[..deeds.partition_point(|deed| deed.step <= here)];
        if (self.spans.0, self.spans.1) != (branch, deeds.len()) {
            let mut spans = Spans::default();
            for deed in deeds {
                spans.deed(&deed.action, deed.time, player.names());
            }
            self.spans = (branch, deeds.len(), spans);
        }
        self.told = player.told();
        self.cone = match player.selection() {
            Selection::Event(step) if step <= here => {
                let known = self.cone.take();
                let known = known
                    .filter(|(of, until, cone)| (*of, *until, cone.step) == (branch, here, step));
                let nodes = player.names().nodes().count();
                let new = || history.chronicle().cone(step, nodes, here);
                known.or_else(|| new().map(|cone| (branch, here, cone)))
            }
            Selection::Event(_)
            | Selection::Nothing
            | Selection::Node(_)
            | Selection::Flight(_)
            | Selection::Link(..) => None,
        };
    }

    /// How many steps are lit as the past and the future of the selected one, for the tests.
    pub(in crate::ui) fn lit(&self) -> Option<(u64, u64)> {
        let (_, until, cone) = self.cone.as_ref()?;
        let before = cone.before.iter().copied().max().unwrap_or(0);
        let after = cone.after.iter().copied().filter(|step| step <= until);
        Some((before.min(cone.step), after.max().unwrap_or(0)))
    }

    /// Tells the scrub bar, which covers the whole run, what part of it is in view here.
    fn bracket(&self, view: &View, player: &Player) {
        let Some(card) = self.sheet.closest(".timeline") else {
            return;
        };
        let Ok(card) = card.dyn_into::<HtmlElement>() else {
            return;
        };
        if !view.columns {
            be_wide(view.long - LEFT - RIGHT);
        }
        let all = whole(player.history().branch().end.time);
        // With one scale for both there is nothing to be told.
        let same = view.from_us == 0.0 && (view.until_us() / all - 1.0).abs() < 0.01;
        let _ = card.set_attribute("data-shown", if same { "whole" } else { "part" });
        let share = |us: f64| format!("{}%", fixed((us / all * 100.0).clamp(0.0, 100.0), 2));
        let style = card.style();
        // A browser without variables shows no bracket.
        let _ = style.set_property("--win-from", &share(view.from_us));
        let _ = style.set_property("--win-to", &share(view.until_us()));
    }
}
