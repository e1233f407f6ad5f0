//! The counters of a run as lines over time, in plain numbers: a page draws them, and lists them
//! in a table.

use crate::engine::Time;
use crate::lab::{Bucket, Names, Phrase, Series};

/// One picture of lines over time.
#[derive(Clone, PartialEq, Debug)]
pub struct Chart {
    /// Stable id; its title is the page's phrase `chart.<id>`.
    pub id: &'static str,
    /// What a number is: the page's phrase `chart.<unit>`.
    pub unit: &'static str,
    /// The lines.
    pub lines: Vec<ChartLine>,
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
pub fn charts(series: &Series, names: &Names, until: Time) -> Charts {
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
    let mut charts = vec![Chart {
        id: "messages",
        unit: "a-second",
        lines: sent.chain([line("lost", rate(&lost))]).collect(),
    }];
    if known
        .iter()
        .any(|bucket| bucket.counts.answered + bucket.open as u64 > 0)
    {
        charts.extend(request_charts(&buckets, &rate));
    }
    let times = (0..rows).map(|row| Time(row * width)).collect();
    Charts { times, charts }
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
        Chart {
            id: "latency",
            unit: "ms",
            lines: vec![
                line("mean", each(&|bucket| bucket.counts.mean().map(ms))),
                line("longest", each(&longest)),
            ],
        },
        Chart {
            id: "answered",
            unit: "a-second",
            lines: vec![line("answered", rate(&|bucket| bucket.counts.answered))],
        },
        Chart {
            id: "waiting",
            unit: "requests",
            lines: vec![line("open", waiting)],
        },
        Chart {
            id: "availability",
            unit: "percent",
            lines: vec![line("served", served)],
        },
    ]
}
