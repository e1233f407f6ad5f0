//! Golden tests: the stories beside the protocols.
//!
//! Each story plays with all its expectations met, and ends with `expect trace HASH`. Where a
//! file `NAME.trace` stands beside it, that is its whole trace, byte for byte. With
//! `SPLITBRAIN_BLESS=1` (`cargo xtask bless`) hashes and traces are written down anew.

mod support;

use splitbrain::lab::{
    Command, Dictionary, Expect, Lang, Line, Outcome, Story, Verdict, event_line, trace_head,
};
use splitbrain::protocols;
use splitbrain::view::dictionary;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use support::{hash, parse, play};

const BLESS: &str = "SPLITBRAIN_BLESS";

fn blessing() -> bool {
    std::env::var_os(BLESS).is_some_and(|value| value == "1")
}

fn folder(lab: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("src/protocols").join(lab).join("stories")
}

/// The files of a folder with this ending, in order.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder entry").path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    paths.sort();
    paths
}

/// Every story file: the id of its lab, and its path.
fn stories() -> Vec<(&'static str, PathBuf)> {
    let labs = protocols::labs();
    assert!(!labs.is_empty(), "the catalogue is empty");
    let of_lab = |id: &'static str| {
        files(&folder(id), "story")
            .into_iter()
            .map(move |path| (id, path))
    };
    labs.iter().flat_map(|lab| of_lab(lab.info().id)).collect()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().expect("a file has a name");
    stem.to_string_lossy().into_owned()
}

#[test]
fn every_story_file_is_registered_and_every_registered_story_is_a_file() {
    for lab in protocols::labs() {
        let info = lab.info();
        let found: BTreeSet<String> = files(&folder(info.id), "story")
            .iter()
            .map(|path| stem(path))
            .collect();
        let registered: BTreeSet<String> = info.stories.iter().map(|s| s.id.to_owned()).collect();
        assert_eq!(
            registered.len(),
            info.stories.len(),
            "{}: one id twice",
            info.id
        );
        assert_eq!(found, registered, "{}: files and LabInfo::stories", info.id);
        for trace in files(&folder(info.id), "trace") {
            let story = stem(&trace);
            assert!(
                found.contains(&story),
                "{}: no story for this",
                trace.display()
            );
        }
        for story in info.stories.iter().filter(|_| !blessing()) {
            let path = folder(info.id).join(story.id).with_extension("story");
            assert_eq!(
                text(&path),
                story.text,
                "{} is another story",
                path.display()
            );
        }
    }
}

#[test]
fn every_story_plays_as_it_is_written() {
    let mut wrong = Vec::new();
    for (lab, path) in stories() {
        let name = format!("{lab}/{}", stem(&path));
        if let Err(complaints) = golden(lab, &path) {
            wrong.extend(complaints.into_iter().map(|what| format!("{name}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// One golden story: plays it, and compares (or writes down) what it did.
fn golden(lab: &str, path: &Path) -> Result<(), Vec<String>> {
    let mut story = support::read(&text(path)).map_err(|complaint| vec![complaint])?;
    if story.names.lab.info().id != lab {
        return Err(vec!["it stands in the folder of another lab".to_owned()]);
    }
    if blessing() {
        bless_hash(path, &story);
        story = parse(&text(path));
    }
    let words = dictionary(story.names.lab, Lang::En);
    let mut trace = trace_head(&story.names, &words) + "\n";
    let (history, outcomes) = play(&story, &mut |run| {
        trace.push_str(&event_line(run.world().record(), &story.names, &words));
        trace.push('\n');
    });
    let mut wrong = complaints(&story, &outcomes, &words);
    for (check, (spec, verdict)) in history.run().verdicts().iter().enumerate() {
        if let Verdict::Violated { step, .. } = verdict
            && !story.expects_violated(check)
        {
            wrong.push(format!("{} was violated in step {step}", spec.id));
        }
    }
    let last = story.lines.last().map(|line| &line.command);
    if !matches!(last, Some(Command::Expect(Expect::Trace(_)))) {
        wrong.push("its last line is not `expect trace HASH`; run cargo xtask bless".to_owned());
    }
    wrong.extend(compare_trace(&path.with_extension("trace"), &trace));
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// What did not go as the story says. A command without a target is a mistake in a golden story.
fn complaints(story: &Story, outcomes: &[(Line, Outcome)], words: &Dictionary) -> Vec<String> {
    let complaint = |(line, outcome): &(Line, Outcome)| {
        let why = match outcome {
            Outcome::Done => return None,
            Outcome::Missed(miss) => format!("{miss:?}"),
            Outcome::Unmet(got) => words.say(got),
        };
        let command = line.command.print(&story.names);
        Some(format!("line {}: {command}: {why}", line.number))
    };
    outcomes.iter().filter_map(complaint).collect()
}

/// Compares with the trace that was written down, if one was; says where they part.
fn compare_trace(golden: &Path, trace: &str) -> Option<String> {
    if !golden.exists() {
        return None;
    }
    if blessing() {
        replace(golden, trace);
        return None;
    }
    let before = text(golden);
    if before == trace {
        return None;
    }
    let pairs = before.lines().zip(trace.lines());
    let same = pairs.take_while(|(before, now)| before == now).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    Some(format!(
        "the trace changed in line {}:\n  was {}\n  is  {}",
        same + 1,
        line(&before),
        line(trace)
    ))
}

/// Puts a new text in the place of a file at one blow: another test may be reading it.
fn replace(path: &Path, text: &str) {
    let fresh = path.with_extension("new");
    let done = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, path));
    done.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
}

/// Writes the hash of the trace at the end of the story down as its last line.
fn bless_hash(path: &Path, story: &Story) {
    let mut told = story.clone();
    let is_hash = |command: &Command| matches!(command, Command::Expect(Expect::Trace(_)));
    let last = told.lines.pop_if(|line| is_hash(&line.command));
    let (history, _) = play(&told, &mut |_| {});
    let before = text(path);
    let kept = match last {
        Some(line) => before.lines().take(line.number - 1).collect::<Vec<_>>(),
        None => before.trim_end().lines().collect(),
    };
    let hash = hash(&history);
    let blessed = format!("{}\nexpect trace {hash:016x}\n", kept.join("\n"));
    replace(path, &blessed);
}

#[test]
fn a_story_is_the_same_after_seeking_stepping_back_and_replaying() {
    for (lab, path) in stories() {
        let name = format!("{lab}/{}", stem(&path));
        let story = parse(&text(&path));
        let mut hashes = vec![];
        let (mut history, _) = play(&story, &mut |run| hashes.push(run.world().trace_hash()));
        let (end, whole) = (history.position(), hash(&history));
        history.seek(0);
        assert_eq!(history.position().step, 0, "{name}");
        history.seek_to(end);
        assert_eq!(hash(&history), whole, "{name}: from the beginning");
        for back in [1, 2, 3, 50, 2000].into_iter().filter(|n| *n < end.step) {
            let step = end.step - back;
            history.seek(step);
            let here = hashes[step as usize - 1];
            assert_eq!(hash(&history), here, "{name}: {back} steps back");
            assert_eq!(history.run().world().record().step, step, "{name}");
            history.step();
            assert_eq!(hash(&history), hashes[step as usize], "{name}: and on");
        }
        history.seek_time(splitbrain::engine::Time(end.time.0 / 2));
        history.seek_to(end);
        assert_eq!(hash(&history), whole, "{name}: from the middle");
    }
}

fn unmet(outcomes: &[(Line, Outcome)]) -> Vec<Command> {
    let unmet = outcomes
        .iter()
        .filter(|(_, outcome)| matches!(outcome, Outcome::Unmet(_)));
    unmet.map(|(line, _)| line.command.clone()).collect()
}

#[test]
fn the_story_of_a_history_reads_back_and_plays_the_same() {
    for (lab, path) in stories() {
        let name = format!("{lab}/{}", stem(&path));
        let (history, before) = play(&parse(&text(&path)), &mut |_| {});
        let printed = history.story().print();
        let (again, outcomes) = play(&parse(&printed), &mut |_| {});
        assert_eq!(hash(&again), hash(&history), "{name}:\n{printed}");
        assert_eq!(again.position(), history.position(), "{name}:\n{printed}");
        assert_eq!(unmet(&outcomes), unmet(&before), "{name}:\n{printed}");
    }
}

/// The stories in the documents, each with the line on which it begins.
fn documented() -> Vec<(usize, String)> {
    let docs = include_str!("../docs/stories.md");
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut inside = false;
    for (number, line) in docs.lines().enumerate() {
        match line {
            "```story" => {
                inside = true;
                found.push((number + 1, String::new()));
            }
            "```" => inside = false,
            _ if inside => {
                let (_, story) = found.last_mut().expect("inside a story");
                story.push_str(line);
                story.push('\n');
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_story_in_the_documents_plays_as_it_says() {
    let stories = documented();
    assert!(stories.len() > 5, "docs/stories.md shows stories");
    for (line, text) in &stories {
        let story = parse(text);
        let words = dictionary(story.names.lab, Lang::En);
        let (_, outcomes) = play(&story, &mut |_| {});
        let wrong = complaints(&story, &outcomes, &words);
        assert_eq!(
            wrong,
            Vec::<String>::new(),
            "docs/stories.md:{line}\n{text}"
        );
    }
}

#[test]
fn the_documents_show_every_command() {
    let shown: BTreeSet<String> = documented()
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    let unknown = support::read("lab raft\nnonsense\n")
        .err()
        .expect("no command");
    let (_, known) = unknown
        .split_once("known are: ")
        .expect("a list of commands");
    for verb in known.split(", ") {
        assert!(shown.contains(verb), "docs/stories.md shows no {verb}");
    }
}
