//! The counters of a run as lines over time, in plain numbers: a page draws them, and lists them
//! in a table.

use crate::engine::Time;
use crate::lab::{
    Bucket, GaugeChart, Names, Params, Phrase, Reference, Series, ShareChart, ShareLine,
};

/// One picture of lines over time.
#[derive(Clone, PartialEq, Debug)]
pub struct Chart {
    /// Stable id.
    pub id: &'static str,
    /// Its title.
    pub title: Phrase,
    /// What a number is.
    pub unit: Phrase,
    /// The lines.
    pub lines: Vec<ChartLine>,
    /// Numbers that do not come from the run, as level lines.
    pub references: Vec<Level>,
    /// The end of the scale; where it is not given, what the lines need.
    pub most: Option<f64>,
    /// How many digits behind the point are worth reading.
    pub digits: u32,
}

impl Chart {
    /// A chart of what the page counts of every lab: its words are `chart.<id>` and `chart.<unit>`.
    fn of(id: &'static str, unit: &str, lines: Vec<ChartLine>) -> Self {
        Chart {
            id,
            title: Phrase::new(format!("chart.{id}")),
            unit: Phrase::new(format!("chart.{unit}")),
            lines,
            references: Vec::new(),
            most: None,
            digits: 1,
        }
    }
}

/// A number to hold the lines against.
#[derive(Clone, PartialEq, Debug)]
pub struct Level {
    /// Whose it is, or what it is.
    pub name: Phrase,
    /// The number.
    pub value: f64,
    /// How it is come by: what stands inside a `math` element of MathML.
    pub formula: String,
}

/// One line.
#[derive(Clone, PartialEq, Debug)]
pub struct ChartLine {
    /// What it counts.
    pub name: Phrase,
    /// A number for each time of the chart; `None` where there is nothing to tell.
    pub values: Vec<Option<f64>>,
}

/// All charts of a run, over the same times.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Charts {
    /// When each stretch of time begins. All are equally long; those in which nothing happened
    /// are there, too.
    pub times: Vec<Time>,
    /// The charts.
    pub charts: Vec<Chart>,
}

/// The charts of what happened up to a time.
#[must_use]
pub fn charts(series: &Series, names: &Names, params: &Params, until: Time) -> Charts {
    let width = series.width().0;
    let known = series.buckets();
    let known = &known[..known.partition_point(|bucket| bucket.from <= until)];
    let Some(last) = known.last() else {
        return Charts::default();
    };
    let rows = last.from.0 / width + 1;
    let mut buckets: Vec<Option<&Bucket>> = vec![None; rows as usize];
    for bucket in known {
        buckets[(bucket.from.0 / width) as usize] = Some(bucket);
    }
    let a_second = 1e6 / width as f64;
    let rate = |count: &dyn Fn(&Bucket) -> u64| -> Vec<Option<f64>> {
        let value = |bucket: &Option<&Bucket>| {
            let counted = bucket.map_or(0, count);
            Some(counted as f64 * a_second)
        };
        buckets.iter().map(value).collect()
    };
    let message = |kind: usize, what: usize| {
        move |bucket: &Bucket| {
            bucket
                .counts
                .messages
                .get(kind)
                .map_or(0, |counts| counts[what])
        }
    };
    let kinds = names.lab.info().message_kinds;
    let sent = kinds.iter().enumerate().map(|(kind, name)| ChartLine {
        name: Phrase::new("chart.kind").with("kind", name),
        values: rate(&message(kind, 0)),
    });
    let lost = |bucket: &Bucket| bucket.counts.messages.iter().map(|counts| counts[2]).sum();
    let line = |key: &str, values| ChartLine {
        name: Phrase::new(format!("chart.{key}")),
        values,
    };
    // What a lab counts of its own comes first: it is there for that.
    let mut charts = gauges_of(names.lab.gauges(params), &buckets);
    let shares = names.lab.shares(params).into_iter();
    charts.extend(shares.map(|chart| shares_of(&chart, &buckets)));
    let sent = sent.chain([line("lost", rate(&lost))]).collect();
    charts.push(Chart::of("messages", "a-second", sent));
    if known
        .iter()
        .any(|bucket| bucket.counts.answered + bucket.open as u64 > 0)
    {
        charts.extend(request_charts(&buckets, &rate));
    }
    let times = (0..rows).map(|row| Time(row * width)).collect();
    Charts { times, charts }
}

/// What the lab read at the beginning of each stretch; where nothing happened in one, that is as it was.
fn gauges_of(gauges: Vec<GaugeChart>, buckets: &[Option<&Bucket>]) -> Vec<Chart> {
    let mut first = 0;
    let chart = |gauge: GaugeChart| {
        let parts = f64::from(gauge.parts);
        let lines = gauge.lines.into_iter().enumerate().map(|(line, name)| {
            let mut known = None;
            let value = |bucket: &Option<&Bucket>| {
                if let Some(read) = bucket.and_then(|bucket| bucket.readings.get(first + line)) {
                    known = read.map(|read| f64::from(read) / parts);
                }
                known
            };
            ChartLine {
                name,
                values: buckets.iter().map(value).collect(),
            }
        });
        let lines: Vec<ChartLine> = lines.collect();
        first += lines.len();
        Chart {
            id: gauge.id,
            title: Phrase::new(format!("gauge.{}", gauge.id)),
            unit: Phrase::new(format!("gauge.{}.unit", gauge.id)),
            lines,
            references: Vec::new(),
            most: gauge.most.map(f64::from),
            digits: 1,
        }
    };
    gauges.into_iter().map(chart).collect()
}

/// A lab's own chart: of each line, the share that was met from the beginning of the run to the end of
/// each stretch.
fn shares_of(chart: &ShareChart, buckets: &[Option<&Bucket>]) -> Chart {
    let name = |id: &str| Phrase::new(format!("share.{}.{id}", chart.id));
    let line = |line: &ShareLine| {
        let (mut of, mut among) = (0, 0);
        let value = |bucket: &Option<&Bucket>| {
            if let Some(bucket) = bucket {
                of += bucket.counts.reasons(&line.of);
                among += bucket.counts.reasons(&line.among);
            }
            (among > 0).then(|| of as f64 / among as f64)
        };
        ChartLine {
            name: name(line.id),
            values: buckets.iter().map(value).collect(),
        }
    };
    let level = |reference: &Reference| Level {
        name: Phrase::new(format!("reference.{}.{}", chart.id, reference.id)),
        value: reference.value,
        formula: reference.formula.clone(),
    };
    Chart {
        id: chart.id,
        title: Phrase::new(format!("share.{}", chart.id)),
        unit: name("unit"),
        lines: chart.lines.iter().map(line).collect(),
        references: chart.references.iter().map(level).collect(),
        most: Some(1.0),
        digits: 3,
    }
}

type Rate<'a> = dyn Fn(&dyn Fn(&Bucket) -> u64) -> Vec<Option<f64>> + 'a;

fn request_charts(buckets: &[Option<&Bucket>], rate: &Rate<'_>) -> [Chart; 4] {
    let line = |key: &str, values| ChartLine {
        name: Phrase::new(format!("chart.{key}")),
        values,
    };
    let each = |value: &dyn Fn(&Bucket) -> Option<f64>| -> Vec<Option<f64>> {
        buckets
            .iter()
            .map(|bucket| bucket.and_then(value))
            .collect()
    };
    let ms = |span: crate::engine::Span| span.0 as f64 / 1000.0;
    let longest = |bucket: &Bucket| (bucket.counts.answered > 0).then(|| ms(bucket.counts.longest));
    // In a stretch in which nothing happened, as many are open as in the one before.
    let mut open = 0;
    let waiting: Vec<Option<f64>> = buckets
        .iter()
        .map(|bucket| {
            open = bucket.map_or(open, |bucket| bucket.open);
            Some(open as f64)
        })
        .collect();
    let share = |(bucket, open): (&Option<&Bucket>, &Option<f64>)| {
        let answered = bucket.map_or(0, |bucket| bucket.counts.answered) as f64;
        let all = answered + open.unwrap_or(0.0);
        (all > 0.0).then(|| answered / all * 100.0)
    };
    let served = buckets.iter().zip(&waiting).map(share).collect();
    [
        Chart::of(
            "latency",
            "ms",
            vec![
                line("mean", each(&|bucket| bucket.counts.mean().map(ms))),
                line(
                    "median",
                    each(&|bucket| bucket.counts.times.quantile(500).map(ms)),
                ),
                line(
                    "nearly-all",
                    each(&|bucket| bucket.counts.times.quantile(990).map(ms)),
                ),
                line("longest", each(&longest)),
            ],
        ),
        Chart::of(
            "answered",
            "a-second",
            vec![line("answered", rate(&|bucket| bucket.counts.answered))],
        ),
        Chart::of("waiting", "requests", vec![line("open", waiting)]),
        Chart::of("availability", "percent", vec![line("served", served)]),
    ]
}
