//! The operations of clients in the picture: a bar on its client's lane from request to answer, a
//! numbered point where it may have taken effect, and what no order explains, marked and told.

use super::diagram::View;
use super::lanes::{LETTER, width};
use super::svg::{Font, Svg, num, palette};
use crate::engine::Time;
use crate::lab::linear::{Account, Judged, Opinion};
use crate::lab::{Dictionary, Names, Run};
use crate::view::operations::{Operation, operations, opinion_text};
use std::fmt::Write;

/// How often the judge may ask whether to go on: a second or two, at most.
const MOST_ASKED: u32 = 2000;
/// Of more operations no bar is drawn.
const MOST_BARS: usize = 3000;
/// How far an operation without an answer fades out, in pixels.
const FADES: f64 = 90.0;

/// What there is to draw.
pub(super) struct Bars {
    judged: Judged,
    bars: Vec<Operation>,
    /// What the judge says, where that is not that all is well.
    told: Option<String>,
}

impl Bars {
    pub(super) fn new(account: &Account, run: &Run, names: &Names, words: &Dictionary) -> Self {
        let (step, now) = (run.world().steps(), run.world().now());
        let mut asked = 0;
        let judged = account.judge(step, now, &mut || {
            asked += 1;
            asked < MOST_ASKED
        });
        let whole = (Time(0), Time(u64::MAX));
        let bars = operations(account, &judged, whole, step, words);
        let told = (!bars.is_empty() && judged.opinion != Opinion::Holds)
            .then(|| opinion_text(account, &judged, names, words));
        Bars { judged, bars, told }
    }

    /// What a screen reader is told of them.
    pub(super) fn about(&self, words: &Dictionary) -> Option<String> {
        let some = (!self.bars.is_empty()).then(|| words.text("picture.operations"))?;
        let fails = (self.judged.reason().is_some()).then(|| words.text("picture.fails"));
        Some(
            [Some(some), fails, self.told.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    /// What the judge says, in lines of so many pixels.
    fn lines(&self, wide: f64) -> Vec<String> {
        // Bold letters are wider than others.
        let wide = wide * 0.84;
        let mut lines = vec![String::new()];
        let mut room = wide;
        for word in self
            .told
            .iter()
            .flat_map(|text| text.split_inclusive(is_break))
        {
            let takes = width(word) - width("");
            if takes > room && room < wide {
                lines.push(String::new());
                room = wide;
            }
            room -= takes;
            if let Some(line) = lines.last_mut() {
                line.push_str(word);
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }

    /// How much room that takes below the lanes.
    pub(super) fn height(&self, wide: f64) -> f64 {
        match self.lines(wide).len() {
            0 => 0.0,
            n => 10.0 + 18.0 * n as f64,
        }
    }

    pub(super) fn draw(&self, svg: &mut Svg, view: &View) {
        if self.bars.len() <= MOST_BARS {
            self.bars(svg, view);
            self.points(svg, view);
        }
        let fails = self.judged.reason().is_some();
        let colour = if fails { palette::BAD } else { palette::SOFT };
        let top = view.bottom - self.height(view.right - view.left) + 8.0;
        for (i, line) in self.lines(view.right - view.left).iter().enumerate() {
            let at = (view.left, top + 18.0 * i as f64);
            svg.words(line, at, &Font::new(12.0).bold(), colour);
        }
    }

    fn bars(&self, svg: &mut Svg, view: &View) {
        let half = half(view);
        for (i, bar) in self.bars.iter().enumerate() {
            let y = view.y(bar.client);
            let from = view.x(bar.from);
            let to = match (bar.to, bar.fades) {
                (Some(to), _) => view.x(to),
                (None, Some(next)) => view.x(next).min(from + FADES),
                (None, None) => view.right,
            };
            let to = to.max(from + 2.0);
            let colour = if bar.marked {
                palette::BAD
            } else {
                palette::SOFT
            };
            let (thick, filled) = if bar.marked { (2.2, 0.16) } else { (1.0, 0.1) };
            let open = if bar.to.is_none() {
                " stroke-dasharray=\"4 3\""
            } else {
                ""
            };
            let style = format!(
                "rx=\"3\" fill=\"{colour}\" fill-opacity=\"{filled}\" stroke=\"{colour}\" stroke-width=\"{thick}\"{open}"
            );
            svg.rect((from, y - half), (to - from, 2.0 * half), &style);
            if bar.stuck {
                let style =
                    format!("rx=\"5\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.6\"");
                let size = (to - from + 7.0, 2.0 * half + 7.0);
                svg.rect((from - 3.5, y - half - 3.5), size, &style);
            }
            let sign = match (bar.marked, bar.stuck) {
                (_, true) => "\u{2717} ",
                (true, _) => "! ",
                _ => "",
            };
            let text = format!("{sign}{}", bar.text);
            let next = self.bars[i + 1..]
                .iter()
                .find(|next| next.client == bar.client);
            let free = next.map_or(view.right, |next| view.x(next.from));
            if view.lane >= 18.0 && from + width(&text) < free.max(to) {
                let size = (view.lane * 0.34).clamp(7.0, 11.0);
                let colour = if bar.marked {
                    palette::BAD
                } else {
                    palette::INK
                };
                svg.words(
                    &text,
                    (from + 4.0, y - half - 2.0),
                    &Font::new(size),
                    colour,
                );
            }
        }
    }

    /// Where each may have taken effect, numbered.
    fn points(&self, svg: &mut Svg, view: &View) {
        let half = half(view);
        let mut ticks = String::new();
        let mut free_from = f64::MIN;
        for bar in &self.bars {
            let Some((place, moment)) = bar.place else {
                continue;
            };
            let (x, y) = (view.x(moment), view.y(bar.client));
            let [left, top, bottom] = [x, y - half, y + half].map(num);
            let _ = write!(ticks, "M{left} {top}V{bottom}");
            let text = place.to_string();
            let wide = LETTER * text.len() as f64;
            if view.lane >= 18.0 && x > free_from {
                let font = Font::new(9.0).middle();
                svg.words(&text, (x, y + half + 9.0), &font, palette::ACCENT);
                free_from = x + wide * 0.6;
            }
        }
        let style = format!("stroke=\"{}\" stroke-width=\"2\"", palette::ACCENT);
        svg.path(&ticks, &style);
    }
}

/// Half of a bar's height.
fn half(view: &View) -> f64 {
    (view.lane * 0.16).clamp(1.5, 5.0)
}

/// Where a line may end: a space, or any Chinese character.
fn is_break(letter: char) -> bool {
    letter == ' ' || letter > '\u{2e80}'
}
