//! What every experiment of the catalogue has to be.

use super::{each, play, read};
use splitbrain::lab::Lab;
use splitbrain::lab::experiment::{Experiment, Plan, Table, csv_head, csv_line};
use splitbrain::lab::{Lang, Params};
use splitbrain::protocols::labs;
use splitbrain::view::dictionary;
use splitbrain::view::experiment::{Graph, Look, draw};
use std::collections::{BTreeMap, BTreeSet};

/// Holds every experiment against something, each with its lab.
fn each_experiment(check: impl Fn(&'static dyn Lab, &'static dyn Experiment)) {
    each(|plugin, _| {
        let lab: &'static dyn Lab = plugin;
        for experiment in lab.experiments() {
            check(lab, *experiment);
        }
    });
}

/// Its default plan, with so many seeds.
fn plan(lab: &'static dyn Lab, experiment: &'static dyn Experiment, seeds: u64) -> Plan {
    Plan::new(lab, experiment, &[], Some(1..seeds + 1))
        .unwrap_or_else(|misfit| panic!("{}: {misfit:?}", experiment.spec().id))
}

#[test]
fn ids_are_unique_and_names_are_written_as_all_are() {
    each(|plugin, info| {
        let ids: Vec<_> = plugin
            .experiments()
            .iter()
            .map(|one| one.spec().id)
            .collect();
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            ids.len(),
            "{}: {ids:?}",
            info.id
        );
        let kebab = |id: &&str| {
            id.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        assert!(ids.iter().all(kebab), "{ids:?}");
    });
    each_experiment(|_, experiment| {
        let spec = experiment.spec();
        let params = spec.params.iter().map(|param| param.name);
        let columns = spec.columns.iter().map(|column| column.name);
        let names: Vec<_> = ["point", "seed"]
            .into_iter()
            .chain(params)
            .chain(columns)
            .collect();
        let snake = |id: &&str| {
            id.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        assert!(names.iter().all(snake), "{}: {names:?}", spec.id);
        // They are the columns of one table.
        assert_eq!(
            names.iter().collect::<BTreeSet<_>>().len(),
            names.len(),
            "{}: {names:?}",
            spec.id
        );
        assert!(!spec.columns.is_empty() && spec.seeds > 0);
    });
}

/// At its defaults, and at every point of what it varies by itself, it measures all its columns; most runs come
/// to an end, each is the same when it is made again, and the table says what theory says.
#[test]
fn it_measures_at_its_default() {
    each_experiment(|lab, experiment| {
        let (spec, plan) = (experiment.spec(), plan(lab, experiment, 2));
        let defaults = Params::defaults(spec.params);
        assert_eq!(experiment.check(&defaults), Ok(()), "{}", spec.id);
        assert!(plan.points() > 1, "{}: nothing is varied", spec.id);
        let mut table = Table::new(&plan, 0..plan.runs());
        for run in 0..plan.runs() {
            let (point, seed) = plan.run(run);
            let params = plan.point(point);
            let values = experiment.measure(&params, seed);
            assert_eq!(values.len(), spec.columns.len(), "{}", spec.id);
            assert_eq!(
                values,
                experiment.measure(&params, seed),
                "{}: another run",
                spec.id
            );
            table.put(run, &values);
        }
        for column in 0..spec.columns.len() {
            let summaries = (0..plan.points()).map(|point| table.summary(&plan, point, column));
            let measured: u64 = summaries.map(|summary| summary.measured).sum();
            assert!(
                measured * 2 > plan.runs(),
                "{}: column {column} is mostly empty",
                spec.id
            );
        }
        let mut published = BTreeMap::new();
        for point in 0..plan.points() {
            for line in experiment.theory(&plan.point(point)) {
                assert!(line.column < spec.columns.len(), "{}: {}", spec.id, line.id);
                assert!(
                    line.value.is_none_or(f64::is_finite),
                    "{}: {}",
                    spec.id,
                    line.id
                );
                // What a paper measured has none.
                let Some(formula) = line.formula else {
                    *published.entry(line.id).or_insert(false) |= line.value.is_some();
                    continue;
                };
                assert!(
                    formula.starts_with('<'),
                    "{}: no formula of {}",
                    spec.id,
                    line.id
                );
                let opened = formula.matches("<m").count();
                assert_eq!(opened, formula.matches("</m").count(), "{formula}");
            }
        }
        for (id, shown) in published {
            assert!(shown, "{}: nobody sees {id} without asking", spec.id);
        }
        let ids = |point: u64| {
            let lines = experiment.theory(&plan.point(point));
            lines
                .into_iter()
                .map(|line| (line.id, line.column, line.formula))
                .collect::<Vec<_>>()
        };
        assert!(
            (1..plan.points()).all(|point| ids(point) == ids(0)),
            "{}: its theories change",
            spec.id
        );
    });
}

/// A run opens as a story of its lab that plays, with all that it expects.
#[test]
fn a_run_opens_as_a_story_that_plays() {
    each_experiment(|lab, experiment| {
        let plan = plan(lab, experiment, 1);
        for point in [0, plan.points() - 1] {
            let params = plan.point(point);
            let columns = experiment.spec().columns.len();
            for (seed, column) in (1..3).flat_map(|seed| (0..columns).map(move |at| (seed, at))) {
                let Some(text) = experiment.story(&params, seed, column) else {
                    continue;
                };
                let first = experiment.story(&params, seed, 0);
                assert_eq!(
                    experiment.apart() && column > 0,
                    first.as_ref().is_some_and(|first| *first != text),
                    "{}: column {column} opens another run where it has one of its own",
                    experiment.spec().id
                );
                if column > 0 && !experiment.apart() {
                    continue;
                }
                let story = read(&text);
                assert_eq!(story.names.lab.info().id, lab.info().id);
                let (history, failed) = play(&story, &mut |_| {});
                assert!(failed.is_empty(), "{failed:?}\n{text}");
                assert!(
                    history.run().world().steps() > 0,
                    "nothing happens:\n{text}"
                );
            }
        }
    });
}

/// What is drawn: a document that is well formed, with a mark for each point.
#[test]
fn its_chart_is_drawn_in_both_languages() {
    each_experiment(|lab, experiment| {
        let plan = plan(lab, experiment, 1);
        let mut table = Table::new(&plan, 0..plan.runs());
        for run in 0..plan.runs() {
            let (point, seed) = plan.run(run);
            table.put(run, &experiment.measure(&plan.point(point), seed));
        }
        let columns = experiment.spec().columns.len();
        let graphs = (0..columns).map(|column| Graph::new(&plan, &table, column));
        let graphs: Vec<Graph> = graphs.collect();
        let charts = Graph::charts(&plan, &graphs);
        let shown: usize = charts.iter().map(|chart| chart.columns.len()).sum();
        assert_eq!(shown, columns, "each column is on one chart");
        for graph in graphs.iter().chain(&charts) {
            let marks: usize = graph.rows.iter().map(|row| row.marks.len()).sum();
            assert_eq!(marks as u64, plan.points() * graph.columns.len() as u64);
            let of_theory = |at| graph.rows.get(graph.row_of(at));
            for (at, (id, _)) in graph.theories.iter().enumerate() {
                let said = experiment.theory(&plan.point(0));
                let column = said
                    .iter()
                    .find(|line| line.id == *id)
                    .map(|line| line.column);
                assert_eq!(of_theory(at).map(|row| row.column), column, "{id}");
            }
            for lang in Lang::ALL {
                let words = dictionary(lab, lang);
                let text = draw(&plan, graph, graph.whole, &words, &Look::FILE);
                assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
                let mut tokens = text.split(|c: char| !c.is_ascii_alphanumeric());
                assert!(
                    tokens.all(|token| !["NaN", "inf"].contains(&token)),
                    "{text}"
                );
                assert!(!text.contains('\u{ab}'), "a word is missing: {text}");
            }
        }
    });
}

/// Columns that are drawn together have one scale, on which all of them are, and are shown alike.
#[test]
fn columns_that_are_drawn_together_fit_on_one_scale() {
    each_experiment(|lab, experiment| {
        let columns = experiment.spec().columns;
        let together: Vec<_> = experiment
            .together()
            .iter()
            .map(|at| columns[*at])
            .collect();
        assert!(
            together
                .iter()
                .all(|column| column.shown == together[0].shown)
        );
        assert_ne!(together.len(), 1, "one column is together with nothing");
        let plan = plan(lab, experiment, 1);
        let mut table = Table::new(&plan, 0..plan.runs());
        for run in 0..plan.runs() {
            let values: Vec<_> = (1..=columns.len()).map(|at| Some(at as f64)).collect();
            table.put(run, &values);
        }
        let graphs: Vec<Graph> = (0..columns.len())
            .map(|column| Graph::new(&plan, &table, column))
            .collect();
        let charts = Graph::charts(&plan, &graphs);
        let alone = columns.len() - together.len();
        assert_eq!(charts.len(), alone + usize::from(!together.is_empty()));
        for chart in &charts {
            for row in &chart.rows {
                for y in row.marks.iter().filter_map(|mark| mark.y) {
                    let (_, up) = chart.whole.place(0.0, y);
                    assert!((0.0..=1.0).contains(&up), "{y} is off the scale");
                }
            }
        }
    });
}

/// Things are no amounts: each has its name below, its rows stand beside each other, and nothing joins it to the next.
#[test]
fn things_are_not_joined_by_lines() {
    let plan = Plan::read("priority-vote four-forms 1..2 node=1,2,3", &labs()).expect("a plan");
    let mut table = Table::new(&plan, 0..plan.runs());
    for run in 0..plan.runs() {
        table.put(run, &[Some(1.0); 4]);
    }
    let graphs = (0..4).map(|column| Graph::new(&plan, &table, column));
    let charts = Graph::charts(&plan, &graphs.collect::<Vec<_>>());
    let mut places: Vec<i64> = Vec::new();
    for row in &charts[0].rows {
        places.extend(row.marks.iter().map(|mark| (mark.x * 1000.0) as i64));
        let pieces = row.curves.iter().flat_map(|(_, pieces)| pieces);
        let lengths: Vec<usize> = pieces.map(Vec::len).collect();
        assert_eq!(lengths, [1, 1, 1]);
    }
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 12, "equal shares lie on each other");
    let plugin = splitbrain::protocols::find("priority-vote").expect("in the catalogue");
    let words = dictionary(plugin, Lang::En);
    let svg = draw(&plan, &charts[0], charts[0].whole, &words, &Look::FILE);
    for name in [">A<", ">B<", ">C<"] {
        assert!(svg.contains(name), "{name}");
    }
    assert!(!svg.contains(">1.5<"));
}

/// Of a part of a chart only that is drawn: curves end at the rim of the field, and a sign is whole or not there.
#[test]
fn a_part_of_a_chart_keeps_to_its_field() {
    let plan = Plan::read("raft split-vote 1..2 nodes=9 alive=5,6,7,8", &labs()).expect("a plan");
    let columns = plan.experiment.spec().columns.len();
    let mut table = Table::new(&plan, 0..plan.runs());
    for run in 0..plan.runs() {
        table.put(run, &vec![Some(0.5); columns]);
    }
    let graph = Graph::new(&plan, &table, 0);
    let look = Look::page((760.0, 400.0));
    let (left, top, width, height) = look.field();
    let plugin = splitbrain::protocols::find("raft").expect("in the catalogue");
    let words = dictionary(plugin, Lang::En);
    let signs = |window| {
        let svg = draw(&plan, &graph, window, &words, &look);
        let field = format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/></clipPath>"
        );
        assert!(svg.contains(&field), "the clip is the field: {svg}");
        let path = svg.split("class=\"marks\" d=\"").nth(1).expect("marks");
        let path = path.split('"').next().unwrap_or_default();
        path.matches('M').count()
    };
    assert_eq!(signs(graph.whole), 4);
    // Beside one of the signs, so that it would be cut in half.
    let at: Vec<f64> = graph.rows[0].marks.iter().map(|mark| mark.x).collect();
    let beside = |from: f64| splitbrain::view::experiment::Window {
        x: (from, at[3] + 1.0),
        ..graph.whole
    };
    assert_eq!(signs(beside(at[1] + 1e-3)), 2);
    assert_eq!(signs(beside(at[1] - 1e-3)), 3);
}

/// What the browser test holds against what the page measures, in WebAssembly: SPLITBRAIN_BLESS=1 writes it.
#[test]
fn what_is_measured_here_is_what_the_page_measures() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/experiment.csv");
    let text =
        "raft election-time 1..9 nodes=3 alive=3 latency_ms_max=40 timeout_ms_max=200..300/3";
    let plan = Plan::read(text, &labs()).expect("a plan");
    let mut csv = csv_head(&plan);
    for run in 0..plan.runs() {
        let (point, seed) = plan.run(run);
        let values = plan.experiment.measure(&plan.point(point), seed);
        csv_line(&plan, run, &values, &mut csv);
    }
    if std::env::var_os("SPLITBRAIN_BLESS").is_some() {
        std::fs::write(file, &csv).expect("the file of the browser test");
    }
    let kept = std::fs::read_to_string(file).expect("the file of the browser test");
    assert_eq!(kept, csv);
}
