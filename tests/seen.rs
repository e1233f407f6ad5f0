//! What labs show at the moments that their stories are told for: the number that a check names, what a
//! panel says beside it, and who believes what on the stage.

mod support;

use splitbrain::lab::{Dictionary, Lang, Run, Verdict, note_text};
use splitbrain::protocols;
use splitbrain::sim::Status;
use splitbrain::view::{
    Bars, GridCell, NodeCard, Panel, Plugin, Scene, SpanRow, Table, TallyRow, Tone, dictionary,
};

/// A picture of a lab at one moment.
struct Seen {
    scene: Scene,
    panels: Vec<Panel>,
    /// What the checks that are red say, in English.
    red: Vec<(&'static str, String)>,
    words: Dictionary,
}

fn plugin(lab: &str) -> &'static dyn Plugin {
    protocols::find(lab).unwrap_or_else(|| panic!("no lab {lab}"))
}

/// Plays a story, and looks when for the first time something is so.
fn seen(lab: &str, story: &str, mut when: impl FnMut(&Run) -> bool) -> Seen {
    let plugin = plugin(lab);
    let spec = plugin.info().stories.iter().find(|spec| spec.id == story);
    let text = spec.expect("a story of the lab").text;
    let story = support::parse(text);
    let words = dictionary(plugin, Lang::En);
    let mut found = None;
    let mut watch = |run: &Run| {
        if found.is_none() && when(run) {
            let told = |verdict| match verdict {
                Verdict::Violated { note, .. } => note,
                Verdict::Holds | Verdict::Seen { .. } | Verdict::NotSeen | Verdict::Pending => None,
            };
            let red = run.verdicts().iter().filter_map(|(spec, verdict)| {
                Some((spec.id, note_text(&told(verdict)?, &story.names, &words)))
            });
            found = Some(Seen {
                scene: plugin.scene(run.world()),
                panels: plugin.panels(run.world(), &story.names),
                red: red.collect(),
                words: words.clone(),
            });
        }
    };
    // To look changes nothing: the story ends as it is told.
    let (history, _) = support::play(&story, &mut watch);
    let end = format!("{:016x}", support::hash(&history));
    assert!(text.trim_end().ends_with(&end), "{end}");
    found.expect("it comes to that")
}

/// What a lab shows at the end of a story that is told here.
fn shown(text: &str) -> Seen {
    let story = support::parse(text);
    let lab = text.split(' ').nth(1).expect("a lab");
    let plugin = plugin(lab);
    let (history, _) = support::play(&story, &mut |_| {});
    let world = history.run().world();
    Seen {
        scene: plugin.scene(world),
        panels: plugin.panels(world, &story.names),
        red: Vec::new(),
        words: dictionary(plugin, Lang::En),
    }
}

/// Whether a check is red.
fn red(run: &Run, check: &str) -> bool {
    let mut all = run.verdicts().iter();
    all.any(|(spec, verdict)| spec.id == check && verdict.id() == "violated")
}

/// A moment that the lab knows.
fn moment(lab: &str, id: &str) -> fn(&splitbrain::sim::World) -> bool {
    let mut all = plugin(lab).info().moments.iter();
    let found = all.find(|moment| moment.id == id);
    found.expect("a moment of the lab").holds
}

impl Seen {
    fn card(&self, name: &str) -> &NodeCard {
        let found = self.scene.nodes.iter().find(|card| card.name == name);
        found.unwrap_or_else(|| panic!("no node {name}"))
    }

    fn panel(&self, id: &str) -> &Panel {
        let found = self.panels.iter().find(|panel| panel.id() == id);
        found.unwrap_or_else(|| panic!("no panel {id}"))
    }

    fn bars(&self, id: &str) -> &Bars {
        match self.panel(id) {
            Panel::Bars(bars) => bars,
            other => panic!("{other:?}"),
        }
    }

    fn table(&self, id: &str) -> &Table {
        match self.panel(id) {
            Panel::Table(table) => table,
            other => panic!("{other:?}"),
        }
    }

    fn spans(&self, id: &str) -> &[SpanRow] {
        match self.panel(id) {
            Panel::Spans { rows, .. } => rows,
            other => panic!("{other:?}"),
        }
    }

    /// The cells of a node in a grid, and whether what the grid says is an alarm.
    fn cells(&self, grid: &str, node: &str) -> (&[GridCell], bool) {
        let id = self.card(node).id;
        match self.panel(grid) {
            Panel::Grid { rows, alarm, .. } => {
                let row = rows.iter().find(|row| row.node == id);
                (row.map_or(&[][..], |row| &row.cells), *alarm)
            }
            other => panic!("{other:?}"),
        }
    }

    fn tally(&self, id: &str) -> &[TallyRow] {
        match self.panel(id) {
            Panel::Tally { rows, .. } => rows,
            other => panic!("{other:?}"),
        }
    }

    /// What the rows of a panel of spans say, those of one node.
    fn said_of(&self, panel: &str, node: &str) -> Vec<String> {
        let id = self.card(node).id;
        let rows = self.spans(panel).iter().filter(|row| row.node == id);
        rows.map(|row| self.words.say(&row.what)).collect()
    }
}

fn values(bars: &Bars) -> Vec<i64> {
    bars.rows.iter().map(|row| row.value).collect()
}

#[test]
fn the_whole_herd_is_named_and_counted() {
    let at_once = seen("lock-queue", "herd", |run| {
        red(run, "one-event-wakes-at-most-one-client")
    });
    let said = &at_once.red;
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].1.contains("3 clients were woken"), "{said:?}");
    assert_eq!(values(at_once.bars("wakes")), [3, 1]);
    assert_eq!(at_once.bars("wakes").rows[0].tone, Tone::Bad);
    let idle = moment("lock-queue", "all-idle");
    let after = seen("lock-queue", "herd", |run| {
        red(run, "one-event-wakes-at-most-one-client") && idle(run.world())
    });
    // Four in line: 4 times 3 by 2, against 3.
    assert_eq!(values(after.bars("wakes")), [6, 3]);
    let caption = after.words.say(&after.bars("wakes").caption);
    assert!(
        caption.contains("All 4 in line, releasing in turn: 3 in all"),
        "{caption}"
    );
    assert!(caption.ends_with("watches the first, 6."), "{caption}");
}

/// With the rule on, nobody is woken in vain at any moment.
#[test]
fn a_queue_wakes_no_more_than_it_has_to() {
    let lab = plugin("lock-queue");
    for (id, at_least) in [("turns", 2), ("leader-crash", 1), ("holder-crash", 1)] {
        let spec = lab.info().stories.iter().find(|spec| spec.id == id);
        let story = support::parse(spec.expect("a story of the lab").text);
        let mut woken = 0;
        let mut watch = |run: &Run| {
            for panel in lab.panels(run.world(), &story.names) {
                if let Panel::Bars(bars) = panel {
                    let bars = values(&bars);
                    assert!(bars[0] <= bars[1], "{id}: {bars:?}");
                    woken = woken.max(bars[0]);
                }
            }
        };
        support::play(&story, &mut watch);
        assert!(woken >= at_least, "{id}: {woken}");
    }
}

#[test]
fn time_that_is_not_counted_stands_in_brackets_and_the_sum_is_right() {
    let step = seen("redlock", "without-counting-the-time", |run| {
        red(run, "one-believer-at-a-time")
    });
    let table = step.table("reckoning");
    assert_eq!(
        table.rows[0].1,
        ["c1", "400ms", "(200ms)", "− 6ms", "= 394ms"]
    );
    assert_eq!(
        step.words.say(&table.columns[2]),
        "(spent asking: not counted)"
    );
    // Counted, it is taken off.
    let held = moment("redlock", "held");
    let counted = seen("redlock", "a-majority-is-enough", |run| held(run.world()));
    let table = counted.table("reckoning");
    assert!(
        table
            .rows
            .iter()
            .any(|(_, cells)| cells[2].starts_with("− ")),
        "{table:?}"
    );
    assert_eq!(counted.words.say(&table.columns[2]), "spent asking");
    // The lease of c1 is over: its five yeses are no majority any more.
    let rows = step.tally("votes");
    let over = |row: &TallyRow| row.over.as_ref().map(|over| step.words.say(over));
    assert!(
        over(&rows[0]).is_some_and(|text| text.starts_with("expired")),
        "{rows:?}"
    );
    assert_eq!(over(&rows[1]), None);
    assert_eq!(step.card("c1").role.key, "mistaken");
}

#[test]
fn a_key_stands_before_its_answer_is_there() {
    let step = seen("redlock", "clock-jump", |run| {
        red(run, "one-grant-at-a-time")
    });
    let rows = step.tally("votes");
    let c2 = rows
        .iter()
        .find(|row| step.words.say(&row.what).starts_with("c2"));
    let beside = c2
        .and_then(|row| row.beside.as_ref())
        .map(|beside| step.words.say(beside));
    assert_eq!(
        beside.as_deref(),
        Some("its key is there: i3 i4 i5 (3 of 5)")
    );
}

#[test]
fn a_lock_that_was_deleted_is_not_said_to_last() {
    let step = seen("lease-lock", "unsafe-delete", |run| {
        red(run, "one-grant-at-a-time")
    });
    assert_eq!(
        step.said_of("leases", "c2"),
        ["believes in grant 2, deleted at the store"]
    );
    let c2 = step.card("c2").id;
    assert!(
        step.spans("leases")
            .iter()
            .any(|row| row.node == c2 && row.faint)
    );
}

#[test]
fn a_master_shows_the_calls_that_it_keeps() {
    let waiting = moment("chubby", "waiting");
    let step = seen("chubby", "turns", |run| waiting(run.world()));
    let said = step.said_of("leases", "n1");
    assert!(
        said.contains(&"session of c2; keeps its KeepAlive".to_owned()),
        "{said:?}"
    );
    assert_eq!(step.card("n1").caption, "e1 keep×3");
}

/// Two believe, one of them asleep: it has its role, and the colour of one that is wrong.
#[test]
fn a_sleeper_that_believes_is_seen_to() {
    for (lab, story) in [
        ("lock-queue", "sleeping-holder"),
        ("chubby", "sleeping-holder"),
        ("lease-lock", "paused-holder"),
        ("redlock", "paused-holder"),
    ] {
        let step = seen(lab, story, |run| red(run, "one-believer-at-a-time"));
        let card = step.card("c1");
        assert_eq!(
            (card.status, card.role.key),
            (Status::Paused, "mistaken"),
            "{lab}"
        );
        assert!(card.sleeps_in_charge(), "{lab}");
        assert_eq!(step.card("c2").role.key, "holder", "{lab}");
        let wrong = step
            .scene
            .nodes
            .iter()
            .filter(|card| card.role.key == "mistaken");
        assert_eq!(wrong.count(), 1, "{lab}");
    }
}

#[test]
fn a_session_that_the_service_ended_is_still_counted_by_its_sleeper() {
    let step = seen("lock-queue", "sleeping-holder", |run| {
        red(run, "one-believer-at-a-time")
    });
    let said = step.said_of("sessions", "c1");
    assert_eq!(said, ["as the client counts; the service has ended it"]);
    assert_eq!(step.said_of("sessions", "c2").len(), 2);
}

/// In alarm is only who has lost a session.
#[test]
fn who_has_no_session_yet_is_no_alarm() {
    for (lab, story) in [("lock-queue", "turns"), ("chubby", "turns")] {
        let first = seen(lab, story, |_| true);
        for name in ["c1", "c2", "c3"] {
            let role = first.card(name).role;
            assert_eq!((role.key, role.tone), ("newcomer", Tone::Guest), "{lab}");
        }
    }
}

/// Between the vote that makes it and the disk a decision is none: a crash would undo it.
#[test]
fn a_commit_is_not_shown_before_its_record_is_written() {
    for lab in ["two-phase-commit", "three-phase-commit"] {
        let begin = format!(
            "lab {lab} seed=1 rate=0\nrequest n1 pay n2 20\nrun until note commits within 1s\n"
        );
        let before = shown(&begin);
        let n1 = before.card("n1");
        assert_eq!(
            (n1.role.key, n1.role.tone, n1.caption.as_str()),
            ("deciding", Tone::Lead, "1.1 …"),
            "{lab}"
        );
        assert_eq!(before.cells("states", "n1").0[0].text, "…", "{lab}");
        assert_eq!(before.table("accounts").rows[0].1[1], "100", "{lab}");
        let after = shown(&format!("{begin}run 8ms\n"));
        let n1 = after.card("n1");
        assert_eq!(
            (n1.role.key, n1.role.tone, n1.caption.as_str()),
            ("telling", Tone::Good, "✓ 320"),
            "{lab}"
        );
        assert_eq!(after.cells("states", "n1").0[0].text, "✓", "{lab}");
        assert_eq!(after.table("accounts").rows[0].1[1], "120", "{lab}");
    }
}

/// Two members that ended differently are not alike on the stage, and the panel says it over its rows.
#[test]
fn a_split_is_seen_on_the_stage() {
    let story = "lab two-phase-commit seed=1 rate=0\nrule do-not-decide-alone off\nrequest n1 pay n2 20\n\
        run until note commits within 1s\ncut n1 n4\n";
    let whole = shown(story);
    assert!(!whole.cells("states", "n1").1);
    let split = shown(&format!("{story}run 500ms\n"));
    assert!(split.cells("states", "n1").1);
    for (name, caption) in [("n2", "1.1 ✓"), ("n3", "1.1 ✓"), ("n4", "1.1 ✗")] {
        let card = split.card(name);
        assert_eq!(
            (card.role.tone, card.caption.as_str()),
            (Tone::Bad, caption)
        );
    }
}

/// Without the rule that remembers promises a promise is never on the disk. What was accepted is.
#[test]
fn a_value_on_the_disk_is_shown_there_though_its_promise_is_not() {
    let plain = "lab paxos seed=1 acceptors=3 by_themselves=off\nrule remember-promises off\n\
        request p1 propose x\n";
    let promised = shown(&format!("{plain}run until note free-choice within 1s\n"));
    assert!(!promised.cells("ballots", "a1").0[0].durable);
    let chosen = shown(&format!("{plain}run 200ms\n"));
    for name in ["a1", "a2", "a3"] {
        let cell = &chosen.cells("ballots", name).0[0];
        assert_eq!((cell.solid, cell.durable), (true, true), "{name}");
        assert!(chosen.card(name).chips.iter().all(|chip| chip.durable));
    }
}
