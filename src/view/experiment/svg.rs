//! A chart of an experiment as SVG, for the page and for a file.

use super::{Curve, Graph, Scale, Window};
use crate::lab::Dictionary;
use crate::lab::experiment::Plan;
use crate::view::picture::svg::{Font, escaped, num};
use std::fmt::Write;

/// How it looks: its size, and its colours.
#[derive(Clone, PartialEq, Debug)]
pub struct Look {
    /// Width and height.
    pub size: (f64, f64),
    /// The ground.
    pub card: &'static str,
    /// Words.
    pub ink: &'static str,
    /// Words beside.
    pub soft: &'static str,
    /// Lines behind all.
    pub line: &'static str,
    /// The rows.
    pub hues: [&'static str; 6],
    /// Whether the names of rows and theories stand below: a page has them beside the chart.
    pub legend: bool,
}

impl Look {
    /// Of a file: the light colours of the page.
    pub const FILE: Look = Look {
        size: (960.0, 540.0),
        card: "#ffffff",
        ink: "#1b2330",
        soft: "#5b6675",
        line: "#dfe4ea",
        hues: [
            "#0072b2", "#c44601", "#00795a", "#97477b", "#b86e00", "#5b6675",
        ],
        legend: true,
    };

    /// Of the page, in whose colours it is.
    #[must_use]
    pub fn page(size: (f64, f64)) -> Look {
        Look {
            size,
            card: "none",
            ink: "var(--ink)",
            soft: "var(--soft)",
            line: "var(--line)",
            hues: [
                "var(--hue0)",
                "var(--hue1)",
                "var(--hue2)",
                "var(--hue3)",
                "var(--hue4)",
                "var(--hue5)",
            ],
            legend: false,
        }
    }

    /// Where the chart itself stands: left, top, width, height.
    #[must_use]
    pub fn field(&self) -> (f64, f64, f64, f64) {
        let (width, height) = self.size;
        let below = if self.legend { 132.0 } else { 62.0 };
        // Over the field of a page's chart stand its buttons, also where the drawing is made smaller.
        let above = if self.legend { 56.0 } else { 40.0 };
        (72.0, above, width - 92.0, height - above - below)
    }
}

/// Strokes of theories, so that colour is never alone.
pub const DASHES: [&str; 4] = ["", "7 4", "2 4", "9 3 2 3"];

/// The signs of the rows, around zero.
const SIGNS: [&str; 4] = [
    "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
    "m-4.5 -4.5h9v9h-9z",
    "m0 -5.5l5.5 9.5h-11z",
    "m0 -6l6 6l-6 6l-6 -6z",
];

/// What stands around a number that a paper measured: wide enough for a sign of ours in it, for the two are often near.
const FRAMES: [&str; 3] = [
    "m0 -10l10 10l-10 10l-10 -10z",
    "m-8 -8h16v16h-16z",
    "m0 -11l11 18h-22z",
];

/// The frame of a paper's number, around the end of the path so far, by the place of the theory.
#[must_use]
pub fn frame(theory: usize) -> &'static str {
    FRAMES[theory % FRAMES.len()]
}

/// The sign of a row, around the end of the path so far.
#[must_use]
pub fn sign(row: usize) -> &'static str {
    SIGNS[row % SIGNS.len()]
}

/// A drawing under way.
struct Drawing<'a> {
    graph: &'a Graph,
    window: Window,
    look: &'a Look,
    text: String,
}

/// The chart, as a whole document.
#[must_use]
pub fn draw(plan: &Plan, graph: &Graph, window: Window, words: &Dictionary, look: &Look) -> String {
    let (width, height) = look.size;
    let spec = plan.experiment.spec();
    let column = &spec.columns[graph.columns[0]];
    let title = words.text(&format!("experiment.{}", spec.id));
    let upward = graph.title(plan, words);
    let across = graph.across_title(plan, words);
    let mut drawing = Drawing {
        graph,
        window,
        look,
        text: format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
             role=\"img\" aria-label=\"{label}\" font-family=\"{font}\" font-size=\"13\">\n",
            w = num(width),
            h = num(height),
            label = escaped(&format!("{title}: {upward}")),
            font = Font::SANS,
        ),
    };
    let (w, h) = (num(width), num(height));
    drawing.push(&format!(
        "<rect width=\"{w}\" height=\"{h}\" fill=\"{}\"/>",
        look.card
    ));
    let (left, top, ..) = look.field();
    if look.legend {
        drawing.words(
            &title,
            (left, 26.0),
            "font-size=\"17\" font-weight=\"600\"",
            look.ink,
        );
    }
    // A page has it over the chart.
    if look.legend {
        drawing.words(&upward, (left, top - 12.0), "", look.ink);
    }
    drawing.axes(plan, across.as_deref(), &Scale::of(column));
    // A page may show several.
    drawing.push(&format!(
        "<g clip-path=\"url(#field{})\">",
        graph.columns[0]
    ));
    drawing.curves();
    drawing.push("</g>");
    drawing.published();
    drawing.marks();
    if look.legend {
        drawing.legend(plan, words, &words.text(super::spread_key(column.shown)));
    }
    drawing.text.push_str("</svg>\n");
    drawing.text
}

/// About how wide words are: nobody measures letters here.
fn wide(text: &str) -> f64 {
    text.chars()
        .map(|c| if c.is_ascii() { 7.2 } else { 13.5 })
        .sum()
}

/// A text in lines that are no longer than that, cut at spaces; one without spaces stays whole.
fn lines(text: &str, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if wide(line) + wide(word) + 7.2 <= most => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

impl Drawing<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn words(&mut self, text: &str, (x, y): (f64, f64), style: &str, colour: &str) {
        let (x, y, text) = (num(x), num(y), escaped(text));
        self.push(&format!(
            "<text x=\"{x}\" y=\"{y}\" {style} fill=\"{colour}\">{text}</text>"
        ));
    }

    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let (left, top, width, height) = self.look.field();
        let (across, up) = self.window.place(x, y);
        // What lies far outside is cut away; a number of a thousand digits would not be.
        let bound = |share: f64| share.clamp(-20.0, 20.0);
        (
            left + bound(across) * width,
            top + (1.0 - bound(up)) * height,
        )
    }

    /// Whether a point is in view. A sign is whole or not there: half a one would look like another.
    fn shows(&self, x: f64, y: f64) -> bool {
        let Window {
            x: (l, r),
            y: (b, t),
        } = self.window;
        (l..=r).contains(&x) && (b..=t).contains(&y)
    }

    /// Lines at round places, with their numbers.
    fn axes(&mut self, plan: &Plan, across: Option<&str>, scale: &Scale) {
        let (left, top, width, height) = self.look.field();
        let (line, soft, ink) = (self.look.line, self.look.soft, self.look.ink);
        self.push(&format!(
            "<clipPath id=\"field{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></clipPath>",
            self.graph.columns[0],
            num(left),
            num(top),
            num(width),
            num(height)
        ));
        let Window { x, y } = self.window;
        let ups = scale.ticks(y, 6);
        let step = ups.get(1).map_or(y.1 - y.0, |next| next - ups[0]);
        for tick in ups {
            let (_, at) = self.place(x.0, tick);
            let (l, r, y) = (num(left), num(left + width), num(at));
            self.push(&format!("<path d=\"M{l} {y}H{r}\" stroke=\"{line}\"/>"));
            self.words(
                &scale.tick(tick, step),
                (left - 8.0, at + 4.5),
                "text-anchor=\"end\"",
                soft,
            );
        }
        let scale = self
            .graph
            .across
            .map(|place| Scale::of_param(plan.axes[place].spec));
        let scale = scale.unwrap_or(Scale { one: 1.0, unit: "" });
        for (tick, text) in self.rights(&scale) {
            let (at, _) = self.place(tick, y.0);
            let (x, b, e) = (num(at), num(top + height), num(top + height + 5.0));
            self.push(&format!("<path d=\"M{x} {b}V{e}\" stroke=\"{soft}\"/>"));
            self.words(
                &text,
                (at, top + height + 20.0),
                "text-anchor=\"middle\"",
                soft,
            );
        }
        let (l, t, b, r) = (num(left), num(top), num(top + height), num(left + width));
        self.push(&format!(
            "<path d=\"M{l} {t}V{b}H{r}\" fill=\"none\" stroke=\"{soft}\"/>"
        ));
        let style = "text-anchor=\"end\" font-weight=\"600\"";
        for (i, line) in lines(across.unwrap_or_default(), width).iter().enumerate() {
            let y = top + height + 38.0 + 16.0 * i as f64;
            self.words(line, (left + width, y), style, ink);
        }
    }

    /// What stands below, from left to right: the names of things, or round numbers; nothing where points are only counted.
    fn rights(&self, scale: &Scale) -> Vec<(f64, String)> {
        let (x, graph) = (self.window.x, self.graph);
        if !graph.named.is_empty() {
            let names = (1..).zip(graph.named);
            let names = names.map(|(number, name)| (f64::from(number), (*name).to_owned()));
            return names.filter(|(at, _)| (x.0..=x.1).contains(at)).collect();
        }
        let (_, _, width, _) = self.look.field();
        let most = if width < 500.0 { 4 } else { 8 };
        let rights = graph.across.map(|_| scale.ticks(x, most));
        let rights = rights.unwrap_or_default();
        let step = rights.get(1).map_or(x.1 - x.0, |next| next - rights[0]);
        let text = |tick: f64| (tick, scale.tick(tick, step));
        rights.into_iter().map(text).collect()
    }

    fn curves(&mut self) {
        let graph = self.graph;
        for (i, row) in graph.rows.iter().enumerate() {
            let hue = self.look.hues[i % 6];
            let lines = row.curves.iter();
            for (theory, pieces) in lines.filter(|(theory, _)| !graph.published(*theory)) {
                let mut path = String::new();
                for piece in pieces {
                    for (at, (x, y)) in piece.iter().enumerate() {
                        let (x, y) = self.place(*x, *y);
                        // A text takes what is written to it.
                        let _ = write!(
                            path,
                            "{}{} {}",
                            if at == 0 { 'M' } else { 'L' },
                            num(x),
                            num(y)
                        );
                    }
                    if piece.len() == 1 {
                        path.push_str("m-12 0h24");
                    }
                }
                let dash = DASHES[theory % DASHES.len()];
                self.push(&format!(
                    "<path d=\"{path}\" fill=\"none\" stroke=\"{hue}\" stroke-opacity=\".75\" \
                     stroke-width=\"1.6\" stroke-dasharray=\"{dash}\"/>"
                ));
            }
        }
    }

    /// What papers measured.
    fn published(&mut self) {
        let graph = self.graph;
        for (i, row) in graph.rows.iter().enumerate() {
            let numbers = row.curves.iter();
            for (theory, pieces) in numbers.filter(|(theory, _)| graph.published(*theory)) {
                self.frames(*theory, self.look.hues[i % 6], pieces);
            }
        }
    }

    /// What a paper measured: nothing lies between two such numbers.
    fn frames(&mut self, theory: usize, hue: &str, pieces: &Curve) {
        let mut path = String::new();
        for (x, y) in pieces.iter().flatten() {
            if !self.shows(*x, *y) {
                continue;
            }
            let (x, y) = self.place(*x, *y);
            // A text takes what is written to it.
            let _ = write!(path, "M{} {}{}", num(x), num(y), frame(theory));
        }
        self.push(&format!(
            "<path class=\"published\" d=\"{path}\" fill=\"none\" stroke=\"{hue}\" stroke-width=\"1.6\"/>"
        ));
    }

    fn marks(&mut self) {
        let graph = self.graph;
        for (i, row) in graph.rows.iter().enumerate() {
            let (hue, sign) = (self.look.hues[i % 6], SIGNS[i % SIGNS.len()]);
            let (mut bars, mut signs) = (String::new(), String::new());
            for mark in &row.marks {
                let Some(value) = mark.y else { continue };
                if self.shows(mark.x, value) {
                    let (x, y) = self.place(mark.x, value);
                    let _ = write!(signs, "M{} {}{sign}", num(x), num(y));
                }
                if let Some(spread) = mark.spread {
                    bars.push_str(&self.bar(mark.x, (spread.low, spread.high)));
                }
            }
            self.push(&format!(
                "<path d=\"{bars}\" stroke=\"{hue}\" stroke-width=\"1.4\" fill=\"none\"/>"
            ));
            self.push(&format!(
                "<path class=\"marks\" d=\"{signs}\" fill=\"{hue}\"/>"
            ));
        }
    }

    /// How far the values of a point lie apart: what of it is in view, with a crossbar at each end that is.
    fn bar(&self, at: f64, (low, high): (f64, f64)) -> String {
        let (bottom, top) = self.window.y;
        if !self.shows(at, low.clamp(bottom, top)) || high < bottom || low > top {
            return String::new();
        }
        let (x, from) = self.place(at, low.max(bottom));
        let (_, to) = self.place(at, high.min(top));
        let mut path = format!("M{} {}V{}", num(x), num(from), num(to));
        for (end, y) in [(low, from), (high, to)] {
            if self.shows(at, end) {
                let _ = write!(path, "M{} {}H{}", num(x - 4.0), num(y), num(x + 4.0));
            }
        }
        path
    }

    /// The names of rows and theories, below.
    fn legend(&mut self, plan: &Plan, words: &Dictionary, spread: &str) {
        let id = plan.experiment.spec().id;
        let (left, top, _, height) = self.look.field();
        let (ink, soft) = (self.look.ink, self.look.soft);
        let (mut x, mut y) = (left, top + height + 66.0);
        let graph = self.graph;
        let rows = graph.rows.iter().enumerate().map(|(i, row)| {
            let (hue, sign) = (self.look.hues[i % 6], SIGNS[i % SIGNS.len()]);
            let mut name = graph.row_name(plan, row, words);
            if name.is_empty() {
                name = spread.to_owned();
            }
            (name, format!("m10 -4{sign}\" fill=\"{hue}"))
        });
        let theories = graph.theories.iter().enumerate().map(|(i, (theory, _))| {
            let name = words.text(&format!("experiment.{id}.theory.{theory}"));
            let (shape, dash) = if graph.published(i) {
                (format!("m10 -4{}", frame(i)), "")
            } else {
                ("m-2 -4h24".to_owned(), DASHES[i % DASHES.len()])
            };
            let style = format!(
                "{shape}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\" stroke-dasharray=\"{dash}",
                self.look.hues[graph.row_of(i) % 6]
            );
            (name, style)
        });
        let all: Vec<_> = rows.chain(theories).collect();
        for (name, path) in all {
            let wide = 48.0 + wide(&name);
            if x > left && x + wide > self.look.size.0 {
                (x, y) = (left, y + 20.0);
            }
            self.push(&format!("<path d=\"M{} {}{path}\"/>", num(x), num(y)));
            self.words(&name, (x + 28.0, y), "", ink);
            x += wide;
        }
        let named = |row| !graph.row_name(plan, row, words).is_empty();
        if graph.rows.iter().any(named) {
            self.words(spread, (left, y + 20.0), "", soft);
        }
    }
}
