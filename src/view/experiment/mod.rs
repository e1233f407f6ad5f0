//! What a chart of an experiment shows: measured points with their spread, theory beside them, and where all
//! that stands in a window of the chart. Plain data; [`draw`] writes it as SVG.

mod scale;
mod svg;

pub use scale::{Scale, ticks};
pub use svg::{DASHES, Look, draw, frame, sign};

use crate::lab::experiment::{Plan, Shown, Table, number, stats::Interval};
use crate::lab::{Dictionary, Params, Phrase};

/// How much of the way from one thing to the next the rows of the one take.
const ASIDE: f64 = 0.6;
/// How many places of a curve are computed.
const FINE: u32 = 96;

/// The phrase that says what the spread of a point is.
#[must_use]
pub fn spread_key(shown: Shown) -> &'static str {
    match shown {
        Shown::Mean => "experiment.mean",
        Shown::Median => "experiment.median",
        Shown::Share => "experiment.share",
    }
}

/// A measured point.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// Its number in the plan.
    pub point: u64,
    /// What is varied.
    pub x: f64,
    /// What is shown of its runs; `None` where nothing was measured.
    pub y: Option<f64>,
    /// Its spread.
    pub spread: Option<Interval>,
    /// How many of its runs measured something, and how many did not.
    pub runs: (u64, u64),
}

/// A curve in pieces, each from point to point.
pub type Curve = Vec<Vec<(f64, f64)>>;

/// The points that differ only in what the chart has from left to right.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// What they have in common, where there are several rows: `nodes=5`.
    pub name: String,
    /// Of which column they are.
    pub column: usize,
    /// The points.
    pub marks: Vec<Mark>,
    /// What theory says: the place of the theory, and its curve in pieces.
    pub curves: Vec<(usize, Curve)>,
}

/// What stands on one chart: a column, or several that are drawn together.
#[derive(Clone, PartialEq, Debug)]
pub struct Graph {
    /// The columns, by their places. They are shown alike, and in one unit.
    pub columns: Vec<usize>,
    /// What is varied from left to right: the parameter's place; `None` where the points are only counted.
    pub across: Option<usize>,
    /// What its values are called, where they are things and not amounts: see [`Experiment::named`].
    ///
    /// [`Experiment::named`]: crate::lab::experiment::Experiment::named
    pub named: &'static [&'static str],
    /// The rows.
    pub rows: Vec<Row>,
    /// The theories of these columns: their ids, and formulas where they have one (see [`Theory::formula`]).
    ///
    /// [`Theory::formula`]: crate::lab::experiment::Theory::formula
    pub theories: Vec<(&'static str, Option<String>)>,
    /// The ends of all that is there.
    pub whole: Window,
}

/// What of the chart is looked at.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Window {
    /// From left to right.
    pub x: (f64, f64),
    /// From below to above.
    pub y: (f64, f64),
}

impl Window {
    /// The same around another place, so many times as wide: a place by shares of width and height, from the lower
    /// left.
    #[must_use]
    pub fn zoomed(self, (across, up): (f64, f64), times: f64) -> Self {
        let zoom = |(from, to): (f64, f64), at: f64| {
            let fixed = from + (to - from) * at;
            (fixed + (from - fixed) * times, fixed + (to - fixed) * times)
        };
        Window {
            x: zoom(self.x, across),
            y: zoom(self.y, up),
        }
    }

    /// Moved by shares of its width and height.
    #[must_use]
    pub fn moved(self, across: f64, up: f64) -> Self {
        let by = |(from, to): (f64, f64), share: f64| {
            (from + (to - from) * share, to + (to - from) * share)
        };
        Window {
            x: by(self.x, across),
            y: by(self.y, up),
        }
    }

    /// Where a place stands, by shares of width and height from the lower left.
    #[must_use]
    pub fn place(&self, x: f64, y: f64) -> (f64, f64) {
        let share = |value: f64, (from, to): (f64, f64)| {
            (value - from) / (to - from).max(f64::MIN_POSITIVE)
        };
        (share(x, self.x), share(y, self.y))
    }
}

impl Graph {
    /// The chart of a column, as far as its runs are made.
    #[must_use]
    pub fn new(plan: &Plan, table: &Table, column: usize) -> Self {
        let shown = plan.experiment.spec().columns[column].shown;
        let across = across(plan);
        let first = plan.experiment.theory(&plan.point(0));
        let ours = first
            .iter()
            .enumerate()
            .filter(|(_, line)| line.column == column);
        let places: Vec<usize> = ours.clone().map(|(at, _)| at).collect();
        let theories = ours
            .map(|(_, line)| (line.id, line.formula.clone()))
            .collect();
        let mut rows: Vec<Row> = Vec::new();
        for point in 0..plan.points() {
            let params = plan.point(point);
            let name = row_name(plan, &params, across);
            let summary = table.summary(plan, point, column);
            let (y, spread) = summary.shown(shown);
            let mark = Mark {
                point,
                x: place_across(&params, across, point),
                y,
                spread,
                runs: (summary.measured, summary.unmeasured),
            };
            match rows.iter_mut().find(|row| row.name == name) {
                Some(row) => row.marks.push(mark),
                None => rows.push(Row {
                    name,
                    column,
                    marks: vec![mark],
                    curves: Vec::new(),
                }),
            }
        }
        for row in &mut rows {
            row.marks.sort_by(|a, b| a.x.total_cmp(&b.x));
            row.curves = curves(plan, &row.marks, across, &places);
        }
        let mut graph = Graph {
            columns: vec![column],
            across,
            named: across.map_or(&[], |place| {
                plan.experiment.named(plan.axes[place].spec.name)
            }),
            rows,
            theories,
            whole: Window {
                x: (0.0, 1.0),
                y: (0.0, 1.0),
            },
        };
        graph.whole = graph.ends();
        graph
    }

    /// The charts of these graphs of all columns: those of columns that are drawn together become one, with one scale.
    #[must_use]
    pub fn charts(plan: &Plan, graphs: &[Graph]) -> Vec<Graph> {
        let together = plan.experiment.together();
        let mut charts: Vec<Graph> = Vec::new();
        for (column, graph) in graphs.iter().enumerate() {
            let joined = together.contains(&column);
            let first = charts.iter_mut().find(|chart| {
                let mine = chart.columns.first();
                joined && mine.is_some_and(|mine| together.contains(mine))
            });
            match first {
                Some(chart) => chart.take_in(graph),
                None => charts.push(graph.clone()),
            }
        }
        for chart in charts.iter_mut().filter(|chart| !chart.named.is_empty()) {
            chart.set_apart();
        }
        charts
    }

    fn take_in(&mut self, other: &Graph) {
        let before = self.theories.len();
        self.columns.extend(&other.columns);
        self.theories.extend(other.theories.iter().cloned());
        self.rows.extend(other.rows.iter().cloned().map(|mut row| {
            for (theory, _) in &mut row.curves {
                *theory += before;
            }
            row
        }));
        self.whole = self.ends();
    }

    /// Things have nothing between them: the rows stand side by side at each, with no line from one to the next.
    fn set_apart(&mut self) {
        let count = self.rows.len() as f64;
        for (i, row) in self.rows.iter_mut().enumerate() {
            let aside = (i as f64 - (count - 1.0) / 2.0) * ASIDE / count;
            let own: Vec<f64> = row.marks.iter().map(|mark| mark.x).collect();
            for mark in &mut row.marks {
                mark.x += aside;
            }
            for (_, pieces) in &mut row.curves {
                let there = pieces.iter().flatten().filter(|(x, _)| own.contains(x));
                let mut there: Vec<_> = there.map(|(x, y)| vec![(x + aside, *y)]).collect();
                there.dedup();
                *pieces = there;
            }
        }
        self.whole = self.ends();
    }

    /// Whether a theory is no formula, but what a paper measured.
    #[must_use]
    pub fn published(&self, theory: usize) -> bool {
        self.theories
            .get(theory)
            .is_some_and(|(_, formula)| formula.is_none())
    }

    /// The row in whose colour the legend has a theory: the first beside which it stands.
    #[must_use]
    pub fn row_of(&self, theory: usize) -> usize {
        let has = |row: &Row| row.curves.iter().any(|(at, _)| *at == theory);
        self.rows.iter().position(has).unwrap_or(0)
    }

    /// What is measured upward, with its unit.
    #[must_use]
    pub fn title(&self, plan: &Plan, words: &Dictionary) -> String {
        let spec = plan.experiment.spec();
        let column = &spec.columns[self.columns[0]];
        let key = match self.columns.len() {
            1 => column.name,
            _ => "together",
        };
        let name = words.text(&format!("experiment.{}.{key}", spec.id));
        with_unit(name, Scale::of(column).unit, words)
    }

    /// What is varied from left to right, in words, with its name and unit.
    #[must_use]
    pub fn across_title(&self, plan: &Plan, words: &Dictionary) -> Option<String> {
        let spec = plan.experiment.spec();
        let param = &spec.params[self.across?];
        let help = param_help(words, spec.id, param.name);
        let phrase = Phrase::new("experiment.axis").with("what", help);
        let name = words.say(&phrase.with("name", param.name));
        Some(with_unit(name, Scale::of_param(param).unit, words))
    }

    /// What the legend says of a row; nothing where there is one row only.
    #[must_use]
    pub fn row_name(&self, plan: &Plan, row: &Row, words: &Dictionary) -> String {
        if self.columns.len() < 2 {
            return row.name.clone();
        }
        let spec = plan.experiment.spec();
        let key = format!("experiment.{}.{}", spec.id, spec.columns[row.column].name);
        let short = words.get(&format!("{key}.short"));
        let own = short.map_or_else(|| words.text(&key), str::to_owned);
        if row.name.is_empty() {
            return own;
        }
        format!("{own}, {}", row.name)
    }

    /// Room for all that is there, from zero on where that is near.
    fn ends(&self) -> Window {
        let marks = || self.rows.iter().flat_map(|row| &row.marks);
        let lines = self.rows.iter().flat_map(|row| &row.curves);
        let lines = lines.flat_map(|(_, pieces)| pieces.iter().flatten());
        let spread = |mark: &Mark| mark.spread.map(|spread| [spread.low, spread.high]);
        let measured = marks().filter_map(|mark| mark.y);
        let spreads = marks().filter_map(spread).flatten();
        let ys = measured.chain(spreads).chain(lines.map(|(_, y)| *y));
        let (low, high) = range(ys).unwrap_or((0.0, 1.0));
        let (left, right) = range(marks().map(|mark| mark.x)).unwrap_or((0.0, 1.0));
        let low = if low >= 0.0 && low < high * 0.6 {
            0.0
        } else {
            low
        };
        let wide = |(from, to): (f64, f64), below: f64, above: f64| {
            let all = if to > from {
                to - from
            } else {
                from.abs().max(1.0)
            };
            (from - all * below, to + all * above)
        };
        let below = if low == 0.0 { 0.0 } else { 0.08 };
        Window {
            x: wide((left, right), 0.04, 0.04),
            y: wide((low, high), below, 0.08),
        }
    }

    /// The measured point that is nearest to a place of the window, by shares of width and height: its number.
    /// None where none is near.
    #[must_use]
    pub fn nearest(&self, window: &Window, (across, up): (f64, f64), ratio: f64) -> Option<u64> {
        let marks = self.rows.iter().flat_map(|row| &row.marks);
        let far = marks.filter_map(|mark| {
            let (x, y) = window.place(mark.x, mark.y?);
            let far = ((x - across) * ratio).powi(2) + (y - up).powi(2);
            Some((far, mark.point))
        });
        let (far, point) = far.min_by(|a, b| a.0.total_cmp(&b.0))?;
        (far < 0.01).then_some(point)
    }
}

/// A name with its unit behind it, where it has one.
fn with_unit(name: String, unit: &str, words: &Dictionary) -> String {
    let unit = unit.trim();
    if unit.is_empty() {
        return name;
    }
    let phrase = Phrase::new("experiment.in-unit").with("what", name);
    words.say(&phrase.with("unit", unit))
}

fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |range, value| {
        let (low, high) = range.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

/// What is varied from left to right: of those that are numbers the one with the most values.
fn across(plan: &Plan) -> Option<usize> {
    let numbers = plan
        .told()
        .filter(|(_, axis)| number(axis.spec, axis.values[0]).is_some());
    let most = numbers.max_by_key(|(place, axis)| (axis.values.len(), usize::MAX - place));
    most.map(|(place, _)| place)
}

fn place_across(params: &Params, across: Option<usize>, point: u64) -> f64 {
    let value = across.and_then(|place| params.iter().nth(place));
    value
        .and_then(|(spec, value)| number(spec, value))
        .unwrap_or(point as f64)
}

/// What a point has in common with those of its row.
fn row_name(plan: &Plan, params: &Params, across: Option<usize>) -> String {
    let own = plan
        .told()
        .filter(|(place, axis)| Some(*place) != across && axis.values.len() > 1);
    if across.is_none() {
        return String::new();
    }
    let own = own.filter_map(|(place, axis)| {
        let (_, value) = params.iter().nth(place)?;
        Some(format!("{}={value}", axis.spec.name))
    });
    own.collect::<Vec<_>>().join(" ")
}

/// The curves of theories beside a row: between its points, too, where the parameter has values there.
fn curves(
    plan: &Plan,
    marks: &[Mark],
    across: Option<usize>,
    places: &[usize],
) -> Vec<(usize, Curve)> {
    let (Some(first), Some(last)) = (marks.first(), marks.last()) else {
        return Vec::new();
    };
    let mut all: Vec<(f64, Params)> = marks
        .iter()
        .map(|mark| (mark.x, plan.point(mark.point)))
        .collect();
    if let Some(place) = across {
        let between = (0..=FINE).filter_map(|i| {
            let x = first.x + (last.x - first.x) * f64::from(i) / f64::from(FINE);
            plan.between(first.point, place, x)
        });
        all.extend(between);
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let said: Vec<(f64, Vec<_>)> = all
        .iter()
        .map(|(x, params)| (*x, plan.experiment.theory(params)))
        .collect();
    let curve = |(at, place): (usize, &usize)| {
        let mut pieces = vec![Vec::new()];
        for (x, lines) in &said {
            let value = lines.get(*place).and_then(|line| line.value);
            match (value.filter(|value| value.is_finite()), pieces.last_mut()) {
                (Some(y), Some(piece)) => piece.push((*x, y)),
                (None, Some(piece)) if !piece.is_empty() => pieces.push(Vec::new()),
                (_, _) => {}
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        (at, pieces)
    };
    places.iter().enumerate().map(curve).collect()
}

/// What a parameter means, in words: the experiment's own, or else the lab's.
#[must_use]
pub fn param_help(words: &Dictionary, experiment: &str, name: &str) -> String {
    let own = words.get(&format!("experiment.{experiment}.param.{name}"));
    own.map_or_else(|| words.text(&format!("param.{name}")), str::to_owned)
}
