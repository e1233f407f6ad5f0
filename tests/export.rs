//! The exports: a ShiViz log whose clocks are exactly what happened before, a Mermaid diagram
//! that no name can break, counters that agree with the world's own, a picture that is XML.

mod support;

use serde_json::Value;
use splitbrain::lab::{Dictionary, Exporter, Format, History, Lang, Names, export, export_branch};
use splitbrain::protocols;
use splitbrain::sim::{Happened, MessageName, Record};
use splitbrain::view::{Picture, dictionary, picture_of_branch};
use std::collections::BTreeMap;
use support::{hash, parse, play};

/// A run with everything watched.
struct Played {
    history: History,
    records: Vec<Record>,
    /// Counters over time, written while it was played.
    counters: String,
    words: Dictionary,
}

fn played(text: &str) -> Played {
    let story = parse(text);
    let words = dictionary(story.names.lab, Lang::En);
    let mut records = Vec::new();
    let exporter = Exporter::new(Format::Csv, &story.names, &words);
    let mut exporter = exporter.of_worlds(&story.setup);
    let mut counters = String::new();
    let (history, _) = play(&story, &mut |run| {
        records.push(run.world().record().clone());
        exporter.step(run.world(), &mut counters).expect("no bound");
    });
    exporter.end(&mut counters);
    Played {
        history,
        records,
        counters,
        words,
    }
}

impl Played {
    fn names(&self) -> &Names {
        self.history.names()
    }

    fn export(&self, format: Format) -> String {
        export(&self.records, self.names(), &self.words, format).expect("a short run")
    }
}

/// Every story that ships, and a storm over each lab that ends in a calm.
fn runs() -> Vec<(String, Played)> {
    let mut runs = Vec::new();
    for lab in protocols::labs() {
        for story in lab.info().stories {
            runs.push((story.id.to_owned(), played(story.text)));
        }
        let id = lab.info().id;
        let storm =
            format!("lab {id} seed=11\nrun 500ms\nstorm every 60ms\nrun 2s\ncalm\nrun 300ms\n");
        runs.push((format!("a storm over {id}"), played(&storm)));
    }
    runs
}

/// One event of a log, as ShiViz reads it.
struct Logged {
    host: String,
    clock: BTreeMap<String, u64>,
}

impl Logged {
    /// The clock as a row of numbers, the hosts in this order.
    fn row(&self, hosts: &[String]) -> Vec<u64> {
        let count = |host| self.clock.get(host).copied().unwrap_or(0);
        hosts.iter().map(count).collect()
    }
}

/// Reads a log by the default regular expression of ShiViz, by hand:
/// `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`.
fn read_shiviz(log: &str) -> Vec<Logged> {
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len() % 2, 0, "an event is two lines");
    let read = |pair: &[&str]| {
        let (host, clock) = pair[1].split_once(' ').expect("a host and a clock");
        assert!(!pair[0].is_empty() && !host.is_empty(), "{pair:?}");
        assert!(!host.contains(char::is_whitespace), "{host}");
        assert!(clock.starts_with('{') && clock.ends_with('}'), "{clock}");
        Logged {
            host: host.to_owned(),
            clock: serde_json::from_str(clock).expect("a clock in JSON"),
        }
    };
    lines.chunks(2).map(read).collect()
}

/// What happened before what, from the records alone: each event by its host, with its direct
/// causes. Events of a record are in the order in which a log has them.
fn direct_causes(records: &[Record], names: &Names) -> Vec<(String, Vec<usize>)> {
    let mut events: Vec<(String, Vec<usize>)> = Vec::new();
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    let mut left: BTreeMap<MessageName, usize> = BTreeMap::new();
    for record in records {
        let heard = match &record.what {
            Happened::Nothing => continue,
            Happened::Delivered(letter) | Happened::Lost(letter, _) => Some(MessageName {
                copy: 0,
                ..letter.name
            }),
            _ => None,
        };
        let lost = matches!(record.what, Happened::Lost(..));
        let first = record.what.node().filter(|_| !lost);
        let mut hosts = vec![first.map_or("network".to_owned(), |n| names.node(n).to_owned())];
        for node in &record.touched {
            let host = names.node(*node).to_owned();
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        for (i, host) in hosts.into_iter().enumerate() {
            let before = last.insert(host.clone(), events.len());
            let sending = heard.filter(|_| i == 0).and_then(|name| left.get(&name));
            events.push((host, before.into_iter().chain(sending.copied()).collect()));
        }
        for sent in &record.sent {
            left.insert(sent.name, last[names.node(sent.name.from)]);
        }
    }
    events
}

/// For each event the set of those that happened before it, as bits.
fn pasts(events: &[(String, Vec<usize>)]) -> Vec<Vec<u64>> {
    let words = events.len().div_ceil(64);
    let mut pasts: Vec<Vec<u64>> = Vec::new();
    for (_, causes) in events {
        let mut past = vec![0u64; words];
        for cause in causes {
            for (mine, theirs) in past.iter_mut().zip(&pasts[*cause]) {
                *mine |= theirs;
            }
            past[cause / 64] |= 1 << (cause % 64);
        }
        pasts.push(past);
    }
    pasts
}

#[test]
fn the_clocks_of_a_shiviz_log_are_what_happened_before() {
    for (what, run) in runs() {
        let log = read_shiviz(&run.export(Format::Shiviz));
        let events = direct_causes(&run.records, run.names());
        assert_eq!(log.len(), events.len(), "{what}");
        let pasts = pasts(&events);
        let mut hosts: Vec<String> = log.iter().map(|event| event.host.clone()).collect();
        hosts.sort();
        hosts.dedup();
        let rows: Vec<Vec<u64>> = log.iter().map(|event| event.row(&hosts)).collect();
        let mut crossed = 0;
        for (b, past) in pasts.iter().enumerate() {
            let own = log[b].clock[&log[b].host];
            let earlier = log[..b].iter().filter(|e| e.host == log[b].host);
            assert_eq!(own, earlier.count() as u64 + 1, "{what}: event {b}");
            assert_eq!(log[b].host, events[b].0, "{what}: event {b}");
            for a in 0..pasts.len() {
                let before = past[a / 64] >> (a % 64) & 1 == 1;
                let less = a != b && rows[a].iter().zip(&rows[b]).all(|(x, y)| x <= y);
                assert_eq!(before, less, "{what}: events {a} and {b}");
                crossed += u32::from(before && log[a].host != log[b].host);
            }
        }
        let arrives = |record: &Record| matches!(record.what, Happened::Delivered(_));
        let heard = run.records.iter().any(arrives);
        assert_eq!(crossed > 0, heard, "{what}: what was heard");
    }
}

#[test]
fn a_mermaid_diagram_has_only_the_lines_it_should() {
    for (what, run) in runs() {
        let text = run.export(Format::Mermaid);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("sequenceDiagram"));
        let count = |with: &dyn Fn(&Happened) -> bool| {
            run.records
                .iter()
                .filter(|record| with(&record.what))
                .count()
        };
        let (mut arrived, mut lost, mut nodes) = (0, 0, 0);
        for line in lines {
            let line = line.strip_prefix("    ").expect("a statement");
            if line.starts_with("participant ") {
                nodes += 1;
                continue;
            }
            let (head, words) = line.split_once(": ").expect("words");
            arrived += usize::from(head.contains("->>"));
            lost += usize::from(head.contains("-x"));
            let note = head.starts_with("Note over ");
            assert!(
                note || head.contains("->>") || head.contains("-x"),
                "{line}"
            );
            // What is left beside entities is free of all that the language knows.
            let entities = words.split('#').skip(1);
            for entity in entities {
                let (number, _) = entity.split_once(';').expect("an entity ends");
                assert!(number.bytes().all(|b| b.is_ascii_digit()), "{line}");
            }
            let semicolons = words.matches(';').count();
            assert_eq!(semicolons, words.matches('#').count(), "{line}");
            assert!(!words.contains(['<', '>', '%', '{']), "{line}");
        }
        assert_eq!(nodes, run.names().nodes().count());
        assert_eq!(
            arrived,
            count(&|what| matches!(what, Happened::Delivered(_))),
            "{what}"
        );
        assert_eq!(
            lost,
            count(&|what| matches!(what, Happened::Lost(..))),
            "{what}"
        );
    }
}

#[test]
fn the_last_row_of_the_counters_is_what_the_world_counted() {
    for (what, run) in runs() {
        let text = &run.counters;
        let mut rows = text
            .split_terminator("\r\n")
            .map(|row| row.split(',').collect::<Vec<_>>());
        let head = rows.next().expect("a head");
        let rows: Vec<_> = rows.collect();
        let mut before = 0.0;
        for row in &rows {
            assert_eq!(row.len(), head.len(), "{what}");
            let time: f64 = row[0].parse().expect("a time");
            assert!(time > before, "{what}: {time} after {before}");
            before = time;
        }
        let last = rows.last().expect("a row");
        let value = |name: &str| {
            let at = head.iter().position(|column| *column == name);
            let at = at.unwrap_or_else(|| panic!("no column {name}"));
            last[at].parse::<u64>().expect("a whole number")
        };
        let world = run.history.run().world();
        assert_eq!(value("events_total"), world.steps(), "{what}");
        for (i, kind) in run.names().lab.info().message_kinds.iter().enumerate() {
            let counters = world.counters();
            assert_eq!(value(&format!("{kind}_sent_total")), counters.sent[i]);
            assert_eq!(
                value(&format!("{kind}_delivered_total")),
                counters.delivered[i]
            );
            assert_eq!(value(&format!("{kind}_dropped_total")), counters.dropped[i]);
        }
    }
}

#[test]
fn what_a_lab_draws_over_time_stands_in_the_counters() {
    let text = "lab load-balancer seed=7 servers=2 clients=1 rate=50\nrun 1s\nkill s2\nrun 1s\n";
    let run = played(text);
    let mut rows = run
        .counters
        .lines()
        .map(|row| row.split(',').collect::<Vec<_>>());
    let head = rows.next().expect("a head");
    let gauges = &head[head.len() - 6..];
    let names = ["queues", "use", "chosen"].map(|id| [1, 2].map(|n| format!("{id}_server_{n}")));
    assert_eq!(gauges, names.concat());
    let rows: Vec<_> = rows.collect();
    let cell = |row: &[&str], name: &str| {
        let at = head.iter().position(|column| *column == name);
        row[at.expect("a column")].parse::<f64>().ok()
    };
    let (first, last) = (&rows[5], &rows[rows.len() - 1]);
    let shares = |row: &[&str]| [1, 2].map(|n| cell(row, &format!("chosen_server_{n}")));
    let [Some(one), Some(other)] = shares(first) else {
        panic!("no shares: {first:?}");
    };
    assert!(
        (99.0..=100.0).contains(&(one + other)),
        "{one} % and {other} %"
    );
    assert!(cell(first, "use_server_2").is_some_and(|share| share > 0.0));
    assert_eq!(
        cell(last, "queues_server_2"),
        None,
        "who is dead has no queue"
    );
}

#[test]
fn requests_are_counted_with_their_latency() {
    let text = "lab raft rate=0\nrun until leader\nrequest c1 put x=1\nrun until answered\nrun 200ms\n\
                kill c1\n";
    let text = played(text).export(Format::Csv);
    let ends = |end: &str| text.lines().any(|row| row.ends_with(end));
    assert!(text.lines().any(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        let [open, done, unknown, mean, longest] = cells[cells.len() - 5..] else {
            return false;
        };
        (open, done, unknown) == ("0", "1", "0") && !mean.is_empty() && mean == longest
    }));
    assert!(ends(",0,1,0,,"), "later rows have no latency: {text}");
    let lost = "lab raft rate=0\nrun until leader\nrequest c1 put x=1\nrun 1ms\nkill c1\nrun 1s\n";
    let text = played(lost).export(Format::Csv);
    assert!(text.trim_end().ends_with(",0,0,1,,"), "{text}");
}

#[test]
fn json_lines_are_json_and_the_text_has_a_line_an_event() {
    for (what, run) in runs() {
        let text = run.export(Format::Jsonl);
        assert_eq!(text.lines().count(), run.records.len(), "{what}");
        for (line, record) in text.lines().zip(&run.records) {
            let step: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
            assert_eq!(step["step"], record.step);
        }
        let text = run.export(Format::Text);
        assert_eq!(text.lines().count(), run.records.len() + 1, "{what}");
    }
}

#[test]
fn the_branch_that_is_looked_at_exports_as_it_was_played() {
    for (what, run) in runs() {
        for format in Format::ALL {
            let whole = export_branch(&run.history, &run.words, format).expect("a short run");
            let played = match format {
                Format::Csv => run.counters.clone(),
                Format::Text | Format::Jsonl | Format::Shiviz | Format::Mermaid => {
                    run.export(format)
                }
            };
            assert_eq!(whole, played, "{what}: {}", format.id());
        }
        let plugin = protocols::find(run.names().lab.info().id).expect("a plugin");
        let mut picture = Picture::new(plugin, run.names());
        run.records.iter().for_each(|record| picture.event(record));
        let drawn = picture.draw(run.history.run(), &run.words).expect("short");
        let before = hash(&run.history);
        let again = picture_of_branch(&run.history, plugin, &run.words).expect("short");
        assert_eq!(drawn, again, "{what}");
        assert_eq!(hash(&run.history), before, "the history stays where it is");
        well_formed(&drawn);
    }
}

/// A picture opens and closes its tags, and has no stray signs.
fn well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a stray sign in {text:?}");
        for entity in text.split('&').skip(1) {
            let (name, _) = entity.split_once(';').expect("an entity ends");
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "{name}");
        }
        let (tag, after) = after.split_once('>').expect("a tag ends");
        let name = |tag: &str| tag.split([' ', '/']).next().unwrap_or_default().to_owned();
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        assert!(!tag.contains("NaN") && !tag.contains("inf"), "{tag}");
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "{tag}");
        } else if !tag.ends_with('/') {
            open.push(name(tag));
        }
        rest = after;
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

#[test]
fn a_run_that_is_too_long_is_answered_with_a_sentence() {
    let run = played("lab heartbeat\nrun 1s\n");
    for format in Format::ALL {
        let most = format.most_events();
        let many = most.map_or(1000, |most| most as usize + 1);
        let records = run.records.iter().cycle().take(many);
        let text = export(records, run.names(), &run.words, format);
        assert_eq!(text.is_err(), most.is_some(), "{}", format.id());
        if let Err(why) = text {
            for lang in Lang::ALL {
                let said = dictionary(run.names().lab, lang).say(&why);
                assert!(said.contains(&most.unwrap_or(0).to_string()), "{said}");
                assert!(!said.contains(['{', '\u{ab}']), "{said}");
            }
        }
    }
    let plugin = protocols::find("heartbeat").expect("a plugin");
    let mut picture = Picture::new(plugin, run.names());
    let many = Picture::MOST_EVENTS as usize + 1;
    let records = run.records.iter().cycle().take(many);
    records.for_each(|record| picture.event(record));
    assert!(picture.draw(run.history.run(), &run.words).is_err());
}

#[test]
fn every_form_has_a_name_in_both_languages() {
    for lang in Lang::ALL {
        let words = Dictionary::read(&[Dictionary::common(lang)]);
        for id in Format::ALL.map(Format::id).into_iter().chain(["svg"]) {
            assert!(words.get(&format!("export.{id}")).is_some(), "{id}");
        }
    }
}

#[test]
fn records_from_the_middle_of_a_run_are_fine() {
    let run = played("lab raft\nstorm\nrun 3s\n");
    let half = &run.records[run.records.len() / 2..];
    for format in Format::ALL {
        assert!(export(half, run.names(), &run.words, format).is_ok());
    }
    read_shiviz(&export(half, run.names(), &run.words, Format::Shiviz).expect("short"));
    let plugin = protocols::find("raft").expect("a plugin");
    let mut picture = Picture::new(plugin, run.names());
    half.iter().for_each(|record| picture.event(record));
    well_formed(&picture.draw(run.history.run(), &run.words).expect("short"));
}
