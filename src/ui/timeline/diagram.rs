//! The space-time diagram: a lane for each node, an arrow for each message. Drawn from the last
//! records; only what is visible, and only when the picture moved by a pixel.

mod draw;

use crate::engine::{NodeId, Time};
use crate::sim::{MessageName, Record};
use crate::ui::canvas::{Palette, Sheet};
use crate::ui::model::{Intent, Selection};
use crate::ui::page;
use crate::ui::player::Player;
use web_sys::HtmlCanvasElement;

/// How much time is shown at first.
const SPAN_US: f64 = 800_000.0;
/// Where the playhead stands when the run is longer than the sheet.
const HEAD: f64 = 0.82;
/// Where the lanes begin.
const LEFT: f64 = 58.0;
/// What is left free on the right.
const RIGHT: f64 = 14.0;
/// Above this many lanes only some have a name.
const MANY: usize = 14;

/// From so many records in view on, the diagram is drawn at intervals.
const FULL: usize = 300;
/// How long these are.
const RESTS_MS: f64 = 150.0;

/// Draws the diagram.
pub(in crate::ui) struct Diagram {
    sheet: Sheet,
    palette: Palette,
    span_us: f64,
    drawn: (u64, i64, Selection),
    drawn_ms: f64,
    stale: bool,
}

/// What lies where, for one drawing.
#[derive(Copy, Clone)]
struct View {
    from_us: f64,
    pixel_us: f64,
    top: f64,
    lane: f64,
}

impl View {
    fn x(&self, time_us: f64) -> f64 {
        LEFT + (time_us - self.from_us) / self.pixel_us
    }

    fn y(&self, node: NodeId) -> f64 {
        self.top + self.lane * node.index() as f64
    }
}

impl Diagram {
    /// On this canvas; `None` where the browser cannot draw.
    pub(in crate::ui) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        Some(Diagram {
            sheet: Sheet::new(canvas)?,
            palette: Palette::read(),
            span_us: SPAN_US,
            drawn: (0, 0, Selection::Nothing),
            drawn_ms: 0.0,
            stale: true,
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

    /// Shows more time, or less.
    pub(in crate::ui) fn zoom(&mut self, factor: f64) {
        self.span_us = (self.span_us * factor).clamp(5_000.0, 60_000_000.0);
        self.stale = true;
    }

    fn view(&self, player: &Player) -> View {
        let lanes = player.names().nodes().count().max(1) as f64;
        let (width, height) = (self.sheet.width, self.sheet.height);
        let room = (width - LEFT - RIGHT).max(10.0);
        let pixel_us = self.span_us / room;
        let head = player.clock_us() - self.span_us * HEAD;
        let (above, below) = (14.0, 12.0);
        View {
            from_us: head.max(0.0),
            pixel_us,
            top: above + ((height - above - below) / lanes).min(40.0) * 0.2,
            lane: (height - above - below) / lanes.max(2.0),
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
        let view = self.view(player);
        let pixel = (player.clock_us() / view.pixel_us) as i64;
        let now = (player.generation(), pixel, player.selection());
        // What is full is drawn less often: there nobody follows a single arrow.
        let full = visible(player, &view).nth(FULL).is_some();
        let clock = page::now_ms();
        let rests = full && player.playing() && clock - self.drawn_ms < RESTS_MS;
        if self.stale || (now != self.drawn && !rests) {
            self.paint(&view, player);
            self.drawn = now;
            self.drawn_ms = clock;
            self.stale = false;
        }
    }

    /// What a click means: a message that is under way is selected, any other place is a moment.
    pub(in crate::ui) fn pick(&self, at: (f64, f64), player: &Player) -> Option<Intent> {
        let view = self.view(player);
        if let Some(name) = self.flight_at(&view, at, player) {
            return Some(Intent::Select(Selection::Flight(name)));
        }
        if at.0 < LEFT {
            let lane = ((at.1 - view.top) / view.lane).round().max(0.0) as usize;
            let (node, _) = player.names().nodes().nth(lane)?;
            return Some(Intent::Select(Selection::Node(node)));
        }
        let time = view.from_us + (at.0 - LEFT) * view.pixel_us;
        Some(Intent::SeekTime(Time(time.max(0.0) as u64)))
    }

    fn flight_at(&self, view: &View, at: (f64, f64), player: &Player) -> Option<MessageName> {
        let world = player.history().run().world();
        let distance = |name: MessageName, sent: Time, due: f64| {
            let from = (view.x(sent.0 as f64), view.y(name.from));
            let to = (view.x(due), view.y(name.to));
            crate::ui::stage::distance_to_line(at, from, to)
        };
        let flights = world.flights().map(|flight| {
            let name = flight.letter.name;
            let due = if flight.held {
                player.clock_us()
            } else {
                flight.due.0 as f64
            };
            (distance(name, flight.letter.sent_at, due), name)
        });
        let nearest = flights.min_by(|a, b| a.0.total_cmp(&b.0));
        nearest
            .filter(|(away, _)| *away < 7.0)
            .map(|(_, name)| name)
    }
}

/// The records that reach into the view.
fn visible<'a>(player: &'a Player, view: &View) -> impl Iterator<Item = &'a Record> + use<'a> {
    let recent = player.history().recent();
    let from = Time(view.from_us as u64);
    let first = recent.partition_point(|record| record.time < from);
    recent.range(first..)
}
