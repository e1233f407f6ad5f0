//! Judges one input: whatever the text is, it is refused with a place and a sentence, or read,
//! printed, played within a budget, sought in, drawn and exported. Anything else is a panic. What
//! begins as the fragment of an address is judged as a link.
//!
//! `tests/fuzz_corpus.rs` shares this file.

use splitbrain::engine::{Digest, NodeId};
use splitbrain::lab::{
    Dictionary, Format, History, Lang, Link, Outcome, Phrase, Player, Story, StoryError, export,
    pack, unpack,
};
use splitbrain::protocols;
use splitbrain::sim::{Happened, Record, Scope};
use splitbrain::view::{
    Picture, dictionary, flight_controls, goals, link_controls, net_stops, node_controls,
    node_stops, request_controls, rule_controls, walls, weather_controls,
};

/// How many events an input is played for.
const BUDGET: u64 = 20_000;
/// Up to so many events a story is played a second time, from what the history says of it.
const REPLAYED: u64 = 4_000;
/// How many records are kept.
const KEEP: usize = 64;
/// The longest sentence, in characters: it has to fit a line or two of a screen.
const LONGEST_SENTENCE: usize = 2_000;

/// What an input was like.
pub(crate) struct Judged {
    /// Whether it is a story.
    pub(crate) story: bool,
    /// The same for inputs of one kind.
    pub(crate) mark: u64,
}

pub(crate) fn judge(text: &str) -> Judged {
    if text.starts_with("#/") {
        return link(text);
    }
    let read = read(text);
    Judged {
        story: read.is_ok(),
        mark: match read {
            Err(error) => refused(text, &error),
            Ok(story) => accepted(&story),
        },
    }
}

fn read(text: &str) -> Result<Story, StoryError> {
    Story::parse(text, &protocols::labs(), &mut |_| Ok(()))
}

/// A link is refused by a sentence, or holds what is written and read again. Few bytes never
/// unpack to more than a story.
fn link(text: &str) -> Judged {
    // Mostly the check sum refuses what was changed; here the bytes come to the model as they are.
    let mut bytes = text.as_bytes().to_vec();
    bytes[0] = 0;
    if let Ok(unpacked) = unpack(&bytes) {
        assert_eq!(unpack(&pack(&unpacked)), Ok(unpacked), "packed again");
    }
    let mut mark = Digest::default();
    let read = Link::read(text);
    match &read {
        Ok(link) => {
            assert_eq!(
                Link::read(&link.write()).as_ref(),
                Ok(link),
                "written and read"
            );
            let story = link.story.as_deref().unwrap_or_default();
            assert!(story.len() <= Story::MAX_BYTES, "{} bytes", story.len());
            mark.word(u64::from(judge(story).story));
            let parts = [&link.version, &link.selected, &link.branch, &link.kept];
            for part in parts {
                mark.word(u64::from(part.is_some()));
            }
        }
        Err(phrase) => {
            said(phrase);
            phrase
                .key
                .bytes()
                .for_each(|byte| mark.word(u64::from(byte)));
        }
    }
    Judged {
        story: read.is_ok(),
        mark: mark.value(),
    }
}

/// A sentence of either language, not too long.
fn said(phrase: &Phrase) {
    for lang in Lang::ALL {
        let words = Dictionary::read(&[Dictionary::common(lang)]);
        let key = &phrase.key;
        assert!(words.get(key).is_some(), "no words for {key}");
        let sentence = words.say(phrase);
        let length = sentence.chars().count();
        assert!(length <= LONGEST_SENTENCE, "a sentence of {length}: {key}");
    }
}

/// A refusal names a place inside the text, in a sentence of either language.
fn refused(text: &str, error: &StoryError) -> u64 {
    let lines = text.lines().count().max(1);
    assert!((1..=lines).contains(&error.line), "line {}", error.line);
    let line = text.lines().nth(error.line - 1).unwrap_or_default();
    let columns = line.chars().count() + 1;
    let column = error.column;
    assert!((1..=columns).contains(&column), "column {column}");
    said(&error.complaint);
    let mut mark = Digest::default();
    let word = line.split_whitespace().next().unwrap_or_default();
    let known = word.len() < 12 && word.bytes().all(|b| b.is_ascii_lowercase());
    for byte in error.complaint.key.bytes() {
        mark.word(u64::from(byte));
    }
    for byte in word.bytes().filter(|_| known) {
        mark.word(u64::from(byte));
    }
    mark.value()
}

fn accepted(story: &Story) -> u64 {
    let printed = story.print();
    let again = read(&printed);
    let again = again.unwrap_or_else(|error| panic!("printed, it is refused: {error:?}"));
    assert_eq!(again.setup, story.setup, "the setup, printed and read");
    let commands = |story: &Story| -> Vec<_> {
        let lines = story.lines.iter();
        lines.map(|line| line.command.clone()).collect()
    };
    assert_eq!(commands(&again), commands(story), "printed and read");
    assert_eq!(again.print(), printed, "printing what was printed");

    let mut history = History::new(story.names.lab, story.setup.clone(), KEEP);
    let (mut mark, mut ends) = (Mark::default(), Mark::default());
    let whole = Player::new(story).play(
        &mut history,
        BUDGET,
        &mut |run| mark.record(run.world().record()),
        &mut |_, outcome| ends.outcome(&outcome),
    );
    let steps = history.position().step;
    let most = BUDGET + story.lines.len() as u64;
    assert!(steps <= most, "{steps} steps, allowed were {most}");
    mark.0 |= ends.0 | u64::from(whole) << 60 | u64::from(steps.max(1).ilog2()) << 48;
    seek(&mut history);
    shown(&history);
    retold(&history);
    mark.0
}

/// Going back and forth leads to the same place.
fn seek(history: &mut History) {
    let end = history.position();
    let hash = history.run().world().trace_hash();
    history.seek(end.step / 2);
    assert_eq!(history.position().step, end.step / 2, "half-way back");
    history.seek_to(end);
    assert_eq!(history.position(), end, "forth again");
    assert_eq!(history.run().world().trace_hash(), hash, "forth again");
}

/// All that a screen asks for.
fn shown(history: &History) {
    let (names, run) = (history.names(), history.run());
    let (world, info) = (run.world(), names.lab.info());
    let plugin = protocols::find(info.id).expect("a plugin for every lab");
    let scene = plugin.scene(world);
    let _ = (walls(world, &scene), plugin.panels(world, names));
    let _ = (net_stops(world, Scope::Net), weather_controls(world));
    let _ = (rule_controls(world, names), goals(world, names));
    for (node, _) in names.nodes() {
        let _ = (node_controls(world, names, node), node_stops(world, node));
        let _ = request_controls(world, names, node);
        let _ = link_controls(world, node, NodeId(0));
    }
    for flight in world.flights().take(100) {
        let _ = flight_controls(flight);
        let _ = plugin.message_label(&*flight.letter.parcel, names);
    }
    for lang in Lang::ALL {
        let words = dictionary(names.lab, lang);
        for format in Format::ALL {
            let text = export(history.recent(), names, &words, format);
            assert!(text.is_ok(), "{} of a few records", format.id());
        }
        let mut picture = Picture::new(plugin, names);
        let records = history.recent().iter();
        records.for_each(|record| picture.event(record));
        let drawn = picture.draw(run, &words).expect("a few records");
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"));
    }
}

/// The story that the history tells of the run is read, and leads to the same run.
fn retold(history: &History) {
    let told = history.story().print();
    let too_long = told.len() > Story::MAX_BYTES || told.lines().count() > Story::MAX_LINES;
    let story = match read(&told) {
        Ok(story) => story,
        Err(_) if too_long => return,
        Err(error) => panic!("the story of the run is refused: {error:?}\n{told}"),
    };
    let end = history.position();
    if end.step > REPLAYED {
        return;
    }
    let mut again = History::onwards(story.names.lab, story.setup.clone());
    let mut player = Player::new(&story);
    let whole = player.play(&mut again, 2 * REPLAYED, &mut |_| {}, &mut |_, _| {});
    assert!(whole, "the story of the run plays to its end");
    assert_eq!(again.position(), end, "as retold:\n{told}");
    let hash = |history: &History| history.run().world().trace_hash();
    assert_eq!(hash(&again), hash(history), "as retold:\n{told}");
}

/// The kinds of things that a run had.
#[derive(Default)]
struct Mark(u64);

impl Mark {
    fn record(&mut self, record: &Record) {
        let bit = match &record.what {
            Happened::Nothing => 0,
            Happened::Started(_) => 1,
            Happened::Delivered(letter) => 2 + u32::from(letter.name.copy > 0),
            Happened::Lost(_, why) => 4 + *why as u32,
            Happened::TimerFired(..) => 8,
            Happened::Written(..) => 9,
            Happened::Commanded(_, None) => 10,
            Happened::Commanded(_, Some(miss)) => 16 + *miss as u32,
            Happened::Struck(_, None) => 11,
            Happened::Struck(_, Some(_)) => 12,
        };
        self.0 |= 1 << bit;
        for note in &record.notes {
            self.0 |= 1 << (26 + u32::from(note.key.0) % 20);
        }
    }

    fn outcome(&mut self, outcome: &Outcome) {
        let bit = match outcome {
            Outcome::Done => return,
            Outcome::Missed(_) => 24,
            Outcome::Unmet(_) => 25,
        };
        self.0 |= 1 << bit;
    }
}
