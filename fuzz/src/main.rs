//! A mutating fuzzer for all that reads text from outside, on stable Rust.
//!
//! `cargo run -p fuzz --profile fuzz -- --seconds 600` makes inputs of the stories that ship and
//! of `fuzz/corpus`, and stops at the first that breaks something: it is written to
//! `fuzz/found`, with the command that plays it again. Once it is mended, it moves to
//! `fuzz/corpus`, which every test run replays. The profile `fuzz` is the release build with
//! overflow checks; `--release` works, too, and is what ships.

mod judge;
mod mutate;
mod words;

use judge::Judged;
use mutate::Mutator;
use splitbrain::lab::{Lab, Link, Position, StoryFile};
use splitbrain::protocols;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const HELP: &str = "usage: fuzz [--seconds N] [--seed N] [FILE …]
With files, judges each of them once. Without, makes inputs for so many seconds (60).";

/// No input may take longer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most inputs that are kept to make others of, and the longest of them in bytes.
const POOL: usize = 5000;
const LONGEST: usize = 6000;

/// The input under judgement, and since when; for the hook and the watchdog.
static CURRENT: Mutex<Option<(Instant, String)>> = Mutex::new(None);

fn main() -> ExitCode {
    let (mut seconds, mut seed, mut files) = (60, 1, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = |into: &mut u64| {
            let number = args.next().and_then(|text| text.parse().ok());
            number.map(|n| *into = n).is_some()
        };
        let fine = match arg.as_str() {
            "--seconds" => number(&mut seconds),
            "--seed" => number(&mut seed),
            flag if flag.starts_with('-') => false,
            file => {
                files.push(PathBuf::from(file));
                true
            }
        };
        if !fine {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    }
    watch();
    for file in &files {
        match std::fs::read(file) {
            Ok(bytes) => drop(judged(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) => {
                eprintln!("{}: {error}", file.display());
                return ExitCode::from(2);
            }
        }
    }
    if files.is_empty() {
        fuzz(Duration::from_secs(seconds), seed);
    }
    ExitCode::SUCCESS
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A panic, or an input that takes too long, ends the program with the input on disk.
fn watch() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        told(panic);
        keep("it panics");
    }));
    std::thread::spawn(|| {
        loop {
            std::thread::sleep(Duration::from_millis(200));
            let current = CURRENT.lock().ok();
            let since = current.and_then(|current| current.as_ref().map(|(since, _)| *since));
            if since.is_some_and(|since| since.elapsed() > PATIENCE) {
                keep("it takes too long");
            }
        }
    });
}

/// Writes the input down, says how to judge it again, and ends the program.
fn keep(why: &str) -> ! {
    let text = CURRENT.lock().ok().and_then(|mut current| current.take());
    let text = text.map(|(_, text)| text).unwrap_or_default();
    let sum = text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let folder = root().join("found");
    let ending = if text.starts_with("#/") {
        "link"
    } else {
        "story"
    };
    let file = folder.join(format!("{sum:016x}.{ending}"));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, &text));
    if let Err(error) = written {
        eprintln!("{}: {error}\n{text}", file.display());
    }
    let file = file.display();
    eprintln!("\n{why}. To see it again:\ncargo run -p fuzz --profile fuzz -- {file}");
    std::process::exit(1);
}

/// Judges one input; what it was like, and how long that took.
fn judged(text: String) -> (Judged, Duration, String) {
    let begin = Instant::now();
    let lock = || {
        CURRENT
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    };
    *lock() = Some((begin, text.clone()));
    let judged = judge::judge(&text);
    *lock() = None;
    (judged, begin.elapsed(), text)
}

/// The stories that ship, and those that once broke something.
fn corpus() -> Vec<String> {
    let labs = protocols::labs();
    let shipped = labs.iter().flat_map(|lab| lab.info().stories);
    let mut texts: Vec<String> = shipped.map(|story| story.text.to_owned()).collect();
    texts.extend(links(&labs));
    let folder = std::fs::read_dir(root().join("corpus"))
        .into_iter()
        .flatten();
    let mut files: Vec<PathBuf> = folder.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for bytes in files.iter().flat_map(std::fs::read) {
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    texts
}

/// Links to the stories that ship.
fn links(labs: &[&dyn Lab]) -> Vec<String> {
    let link = |lab: &str, story: &StoryFile| Link {
        lab: lab.to_owned(),
        story: Some(story.text.to_owned()),
        at: Some(Position::default()),
        version: Some(Link::VERSION.to_owned()),
        ..Link::default()
    };
    let of = |lab: &&dyn Lab| {
        let info = lab.info();
        let stories = info.stories.iter();
        stories.map(move |story| link(info.id, story).write())
    };
    labs.iter().flat_map(of).collect()
}

fn fuzz(how_long: Duration, seed: u64) {
    let (begin, mut told) = (Instant::now(), Instant::now());
    let mut mutator = Mutator::new(seed);
    // What is a story, and what is not; others are made mostly of the former.
    let (mut pools, mut marks) = ([Vec::new(), Vec::new()], BTreeSet::new());
    let mut slowest = (Duration::ZERO, String::new());
    let (mut count, mut stories) = (0u64, 0u64);
    for text in corpus() {
        let (Judged { story, mark }, _, text) = judged(text);
        marks.insert(mark);
        pools[usize::from(!story)].push(text);
    }
    while begin.elapsed() < how_long {
        let (Judged { story, mark }, took, text) = judged(mutator.make(&pools[0], &pools[1]));
        count += 1;
        stories += u64::from(story);
        if took > slowest.0 {
            slowest = (took, text.clone());
        }
        if marks.insert(mark) && text.len() <= LONGEST {
            let pool = &mut pools[usize::from(!story)];
            if pool.len() < POOL {
                pool.push(text);
            } else {
                pool[count as usize % POOL] = text;
            }
        }
        if told.elapsed() > Duration::from_secs(10) {
            told = Instant::now();
            let seconds = begin.elapsed().as_secs();
            let (kinds, worst) = (marks.len(), slowest.0.as_millis());
            println!(
                "{seconds} s: {count} inputs, {stories} of them stories, of {kinds} kinds; the slowest took {worst} ms"
            );
        }
    }
    println!(
        "{count} inputs, {stories} of them stories, of {} kinds, in {} s with seed {seed}: nothing broke; the slowest took {} ms",
        marks.len(),
        begin.elapsed().as_secs(),
        slowest.0.as_millis(),
    );
    let file = root().join("found").join("slowest.story");
    let written = std::fs::create_dir_all(root().join("found"))
        .and_then(|()| std::fs::write(&file, &slowest.1));
    match written {
        Ok(()) => println!("{}", file.display()),
        Err(error) => eprintln!("{}: {error}", file.display()),
    }
}
