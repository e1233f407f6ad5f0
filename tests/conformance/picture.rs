//! What a screen shows of a lab, at its defaults and at the bounds of its parameters.

use super::{each, play, read, storm_story};
use splitbrain::lab::{Command, Lab, Lang, Names, ParamKind, Phrase, Run};
use splitbrain::sim::{Action, NodeKind, World};
use splitbrain::view::{Panel, Plugin, Queue, Scene, dictionary, rule_controls};
use std::rc::Rc;

#[test]
fn parameters_work_at_their_bounds() {
    each(|plugin, info| {
        for param in info.params {
            let bounds: Vec<String> = match param.kind {
                ParamKind::Integer(_, min, max) => vec![min.to_string(), max.to_string()],
                ParamKind::Duration(_, min, max) => vec![min.to_string(), max.to_string()],
                ParamKind::Ratio(_, min, max) => vec![min.to_string(), max.to_string()],
                ParamKind::Choice(_, words) => words.iter().map(|w| (*w).to_owned()).collect(),
                ParamKind::Flag(_) => vec!["on".to_owned(), "off".to_owned()],
            };
            for value in bounds {
                let mut setup = (plugin as &dyn Lab).setup(1);
                let set = setup.params.set(param.name, &value);
                assert!(
                    set.is_ok(),
                    "{}: {}={value} is refused",
                    info.id,
                    param.name
                );
                let mut run = Run::new(plugin, &setup);
                for _ in 0..3000 {
                    run.step();
                }
                let broken = run.verdicts().any_violated();
                assert!(
                    !broken,
                    "{}: broken by {}={value} alone",
                    info.id, param.name
                );
                look(plugin, &run);
            }
        }
    });
}

#[test]
fn the_picture_has_its_words() {
    each(|plugin, info| {
        let text = storm_story(info, 2);
        let mut shown = 0;
        play(&read(&text), &mut |run| {
            // A world that comes to rest has few steps, which are looked at more often.
            let every = if run.world().steps() < 200 { 5 } else { 37 };
            if run.world().steps().is_multiple_of(every) {
                look(plugin, run);
                shown += 1;
            }
        });
        assert!(shown > 20, "{}: a storm without a picture", info.id);
    });
}

/// Holds one picture against what a screen relies on.
fn look(plugin: &'static dyn Plugin, run: &Run) {
    let (world, id) = (run.world(), plugin.info().id);
    let names = Names::of(plugin, world);
    let words = Lang::ALL.map(|lang| dictionary(plugin, lang));
    let know = |key: &str| {
        for words in &words {
            assert!(words.get(key).is_some(), "{id}: no text for {key}");
        }
    };
    let scene = plugin.scene(world);
    assert!(
        scene.nodes.iter().map(|card| card.id).eq(world.ids()),
        "{id}: one card a node"
    );
    for card in &scene.nodes {
        know(&format!("role.{}", card.role.key));
        let (x, y) = card.at;
        let width = match card.kind {
            NodeKind::Server => 1.0,
            NodeKind::Client => 1.5,
        };
        assert!(
            x.abs() <= width && y.abs() <= 1.0,
            "{id}: {} is off the stage",
            card.name
        );
        assert_eq!(card.name, names.node(card.id), "{id}: a card's name");
        assert_eq!(
            card.status,
            world.cell(card.id).status(),
            "{id}: a card's status"
        );
        assert!(
            card.arc.is_none_or(|arc| arc.from <= arc.to),
            "{id}: an arc that runs back"
        );
    }
    assert_apart(id, &scene);
    for panel in plugin.panels(world, &names) {
        know(&format!("panel.{}", panel.id()));
        for phrase in phrases(&panel) {
            know(&phrase.key);
            for words in &words {
                let text = words.say(&phrase);
                assert!(
                    !text.contains('{'),
                    "{id}: an argument is missing in {text:?}"
                );
            }
        }
        if let Panel::Table(table) = &panel {
            let even = table
                .rows
                .iter()
                .all(|(_, row)| row.len() == table.columns.len());
            assert!(even, "{id}: the table {} is ragged", table.id);
        }
        if let Panel::Queue(queue) = &panel {
            let mut names: Vec<_> = queue.lines.iter().flat_map(|(_, line)| line).collect();
            names.sort_by(|a, b| a.name.cmp(&b.name));
            let twice = names.windows(2).any(|pair| pair[0].name == pair[1].name);
            assert!(!twice, "{id}: two entries of one name");
        }
        if let Panel::Graph(graph) = &panel {
            let mut ends = graph.arrows.iter().flat_map(|arrow| [arrow.from, arrow.to]);
            let there = ends.all(|end| end < graph.points.len());
            assert!(there, "{id}: an arrow that points nowhere");
        }
        if let Panel::Strips(strips) = &panel {
            let strips_of = strips.groups.iter().flat_map(|(_, all)| all);
            let mut pieces = strips_of.flat_map(|strip| &strip.pieces);
            let within = pieces.all(|piece| {
                piece.from < piece.to
                    && piece.to <= strips.scale
                    && piece.level <= 100
                    && piece.share <= 100
            });
            assert!(within, "{id}: a piece beside its strip");
        }
        if let Panel::Ring(ring) = &panel {
            let dial = &ring.dial;
            let known = |at: &u16| usize::from(*at) < ring.nodes.len();
            let arcs = dial.arcs.iter().chain(&dial.before);
            let owners = dial
                .keys
                .iter()
                .flat_map(|key| key.owners.iter().chain(&key.was));
            let mut named = arcs.map(|arc| &arc.owner).chain(owners);
            assert!(named.all(known), "{id}: an arc or a key of nobody");
            let ends = dial.arcs.is_sorted_by_key(|arc| arc.end);
            assert!(ends, "{id}: arcs that are not in order");
        }
        if let Panel::Spans { rows, .. } = &panel {
            let forth = rows
                .iter()
                .all(|row| row.to.is_none_or(|to| row.from <= to));
            assert!(forth, "{id}: a span that runs back");
        }
    }
    for flight in world.flights() {
        let label = plugin.message_label(&*flight.letter.parcel, &names);
        assert!(!label.is_empty(), "{id}: a message without a label");
        let _ = plugin.message_tone(flight.letter.name.kind);
    }
}

fn assert_apart(id: &str, scene: &Scene) {
    for (i, a) in scene.nodes.iter().enumerate() {
        for b in &scene.nodes[..i] {
            let apart = (a.at.0 - b.at.0).hypot(a.at.1 - b.at.1);
            assert!(apart > 0.05, "{id}: {} stands on {}", a.name, b.name);
        }
    }
}

/// All that a panel says.
fn phrases(panel: &Panel) -> Vec<Phrase> {
    match panel {
        Panel::Grid { rows, caption, .. } => {
            let cells = rows.iter().flat_map(|row| &row.cells);
            let titles = cells
                .map(|cell| &cell.title)
                .filter(|title| !title.key.is_empty());
            titles.chain([caption]).cloned().collect()
        }
        Panel::Tally { rows, caption, .. } => rows
            .iter()
            .map(|row| &row.what)
            .chain([caption])
            .cloned()
            .collect(),
        Panel::Bars(bars) => bars
            .rows
            .iter()
            .map(|row| &row.what)
            .chain([&bars.caption])
            .cloned()
            .collect(),
        Panel::Table(table) => table
            .columns
            .iter()
            .chain([&table.caption])
            .cloned()
            .collect(),
        Panel::Spans { rows, caption, .. } => rows
            .iter()
            .map(|row| &row.what)
            .chain([caption])
            .cloned()
            .collect(),
        Panel::Gauge(gauge) => vec![gauge.caption.clone()],
        Panel::Queue(queue) => {
            let entries = queue.lines.iter().flat_map(|(_, entries)| entries);
            let states = entries.map(|entry| entry.state.clone());
            let (count, nobody) = queue.words;
            let mut said: Vec<Phrase> = states.chain([queue.caption.clone()]).collect();
            // Those of who waits are the page's.
            if queue.words != Queue::IN_LINE {
                said.extend([Phrase::new(count).with("n", 1u32), Phrase::new(nobody)]);
            }
            said
        }
        Panel::Graph(graph) => {
            let says = graph.arrows.iter().map(|arrow| &arrow.says);
            says.chain([&graph.caption]).cloned().collect()
        }
        Panel::Strips(strips) => {
            let groups = strips.groups.iter();
            let titles = groups.flat_map(|(title, all)| {
                let pieces = all.iter().flat_map(|strip| &strip.pieces);
                pieces.map(|piece| &piece.title).chain([title])
            });
            let legend = strips.legend.iter().map(|(_, phrase)| phrase);
            titles
                .chain(legend)
                .chain([&strips.caption])
                .cloned()
                .collect()
        }
        Panel::Ring(ring) => {
            let labels = ring.nodes.iter().flat_map(|node| {
                let more = node.more.iter().map(|(label, _)| label);
                more.chain([&node.state])
            });
            labels.chain([&ring.caption]).cloned().collect()
        }
    }
}

/// The ids of the rules that a page would offer, with what they are now.
fn offered(world: &World, names: &Names) -> Vec<(&'static str, bool)> {
    let all = rule_controls(world, names).into_iter();
    all.map(|(id, on, _)| (id, on)).collect()
}

#[test]
fn a_hidden_rule_is_shown_only_while_it_is_off() {
    each(|plugin, info| {
        let lab: &'static dyn Lab = plugin;
        let mut world = lab.world(&lab.setup(1));
        let names = Names::of(lab, &world);
        let rules: Vec<_> = info.rules.iter().map(|rule| (rule.id, true)).collect();
        assert_eq!(offered(&world, &names), rules);
        let mistake = info.mistakes[1].id;
        let off = Action::Rule(lab.rule(mistake).expect("it has an id"), false);
        world.act(&Rc::new(off)).expect("a rule can be switched");
        let more = [rules.clone(), vec![(mistake, false)]].concat();
        assert_eq!(offered(&world, &names), more);
        // Its control switches it on again, and then it is gone.
        let (.., control) = rule_controls(&world, &names).pop().expect("it is shown");
        for command in &control.commands {
            let Command::Act(action) = command else {
                panic!("{command:?} is no action");
            };
            world.act(action).expect("a rule can be switched");
        }
        assert_eq!(offered(&world, &names), rules);
    });
}
