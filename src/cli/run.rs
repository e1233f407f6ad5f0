//! `run`: a story from a file, or a lab on its own.

use super::Exit;
use super::args::{RunArgs, TraceForm};
use super::complain::Bad;
use super::output::Output;
use super::play::{Played, Trace, Watchers, play};
use super::summary::{self, Source};
use crate::engine::RuleId;
use crate::lab::{
    Command, Complaint, Dictionary, Lab, Lang, Line, Mode, Names, Outcome, Params, Phrase, Setup,
    Story, Verdict, miss_phrase, note_text, parse_duration,
};
use crate::protocols;
use crate::sim::Action;
use crate::view::{Picture, dictionary, poster};
use clap::CommandFactory;
use clap::error::ErrorKind;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

pub(super) fn run(args: &RunArgs) -> Result<Exit, Bad> {
    refuse_two_documents(args);
    let (source, mut story) = match &args.file {
        Some(file) => read_story(file, args)?,
        None => (Source::none(), free_run(args)?),
    };
    switch_rules(&mut story, &args.rule)?;
    let words = dictionary(story.names.lab, Lang::En);
    let file = args.file.as_deref();
    let trace = args.trace.map(|form| open(file, args.out.as_deref(), form));
    let picture = args
        .picture
        .map(|_| open(file, args.picture_out.as_deref(), ()));
    let played = watched(story, trace.transpose()?, picture.transpose()?, &words)?;
    let Some(played) = played else {
        // Nobody read to the end, so nobody asks how it ended.
        return Ok(Exit::Fine);
    };
    if let Some(poster) = &args.poster {
        write_poster(&played, file, poster, &words)?;
    }
    if args.summary.is_some() {
        summary::print_json(&played, &source, &words)?;
    } else if args.trace_hash == Some(None) {
        let mut output = Output::stdout();
        output.with(|to| writeln!(to, "{:016x}", trace_hash(&played)));
        output.end()?;
    } else if documents(args) == 0 && args.trace_hash.is_none() {
        summary::print_text(&played, &words)?;
    }
    let exit = judge(&played, &source, args.strict, &words);
    let same = compare_hash(&played, &source, args.trace_hash.flatten());
    Ok(if same || exit != Exit::Fine {
        exit
    } else {
        Exit::Failed
    })
}

fn trace_hash(played: &Played) -> u64 {
    played.history.run().world().trace_hash()
}

/// Whether the trace has the hash that was expected, where one was; tells on stderr where it has not.
fn compare_hash(played: &Played, source: &Source, expected: Option<u64>) -> bool {
    let found = trace_hash(played);
    let same = expected.is_none_or(|expected| expected == found);
    if let Some(expected) = expected.filter(|_| !same) {
        eprintln!(
            "{}: the trace has the hash {found:016x}, and {expected:016x} was expected: this version plays it otherwise",
            source.name
        );
    }
    same
}

/// How many documents go to stdout, by the flags.
fn documents(args: &RunArgs) -> usize {
    let trace = args.trace.is_some() && args.out.is_none();
    let picture = args.picture.is_some() && args.picture_out.is_none();
    let hash = args.trace_hash == Some(None);
    usize::from(trace)
        + usize::from(picture)
        + usize::from(args.summary.is_some())
        + usize::from(hash)
}

fn refuse_two_documents(args: &RunArgs) {
    let files = [&args.out, &args.picture_out, &args.poster];
    let mut files: Vec<_> = files.into_iter().flatten().collect();
    let all = files.len();
    files.sort();
    files.dedup();
    if documents(args) > 1 || files.len() < all {
        let several = "a trace, its hash, a picture and a summary are a document each: give --out \
                       FILE for the trace, --picture-out FILE for the picture";
        super::Args::command()
            .error(ErrorKind::MissingRequiredArgument, several)
            .exit();
    }
}

/// Where a document of some form goes.
fn open<F>(story: Option<&str>, out: Option<&str>, form: F) -> Result<(F, Output), Bad> {
    let output = match out {
        None => Output::stdout(),
        Some(out) => {
            refuse_overwriting(story, out)?;
            Output::file(out)?
        }
    };
    Ok((form, output))
}

/// Plays the story, and writes what was asked for; `None` where the reader of it went away.
fn watched(
    story: Story,
    trace: Option<(TraceForm, Output)>,
    picture: Option<((), Output)>,
    words: &Dictionary,
) -> Result<Option<Played>, Bad> {
    let (names, setup) = (story.names.clone(), story.setup.clone());
    let plugin = protocols::find(names.lab.card().id);
    let begin = |(form, output): (TraceForm, _)| {
        Trace::begin(form.format(), output, (&names, &setup), words)
    };
    let mut watchers = Watchers {
        trace: trace.map(begin),
        picture: picture
            .is_some()
            .then(|| plugin.map(|plugin| Picture::new(plugin, &names)))
            .flatten(),
    };
    let played = play(story, &mut watchers);
    let mut whole = true;
    if let Some(trace) = watchers.trace {
        let output = trace
            .output()
            .map_err(|why| Bad::at("--trace", 1, 1, why))?;
        whole &= output.end()?;
    }
    if let (Some(drawn), Some((_, mut output))) = (watchers.picture, picture) {
        let svg = drawn.draw(played.history.run(), words);
        let svg = svg.map_err(|why| Bad::at("--picture", 1, 1, why))?;
        output.with(|to| to.write_all(svg.as_bytes()));
        whole &= output.end()?;
    }
    Ok(whole.then_some(played))
}

/// Writes the stage at the end of the run.
fn write_poster(
    played: &Played,
    story: Option<&str>,
    file: &str,
    words: &Dictionary,
) -> Result<(), Bad> {
    let names = played.history.names();
    let Some(plugin) = protocols::find(names.lab.card().id) else {
        return Ok(());
    };
    let ((), mut output) = open(story, Some(file), ())?;
    let svg = poster(plugin, played.history.run(), names, words);
    output.with(|to| to.write_all(svg.as_bytes()));
    output.end()?;
    Ok(())
}

/// Tells on stderr what failed, and how that ends the program.
fn judge(played: &Played, source: &Source, strict: bool, words: &Dictionary) -> Exit {
    let names = played.history.names();
    let mut exit = Exit::Fine;
    for (check, (spec, verdict)) in played.history.run().verdicts().iter().enumerate() {
        let Verdict::Violated { step, time, note } = verdict else {
            continue;
        };
        let counts = source.is_story() || spec.mode == Mode::Always;
        if !counts || played.story.expects_violated(check) {
            continue;
        }
        exit = Exit::Failed;
        let key = if note.is_some() {
            "violated-because"
        } else {
            "violated"
        };
        let why = note.map(|note| note_text(&note, names, words));
        let phrase = Phrase::new(key)
            .with("check", words.text(&format!("check.{}", spec.id)))
            .with("step", step)
            .with("time", time)
            .with("why", why.unwrap_or_default());
        eprintln!("{}: {}", source.name, words.say(&phrase));
    }
    for (line, outcome) in played.unmet() {
        exit = Exit::Failed;
        source
            .complaint(line, sentence(line, outcome, names, words))
            .tell();
    }
    if strict {
        for (line, outcome) in played.missed() {
            exit = Exit::BadInput;
            source
                .complaint(line, sentence(line, outcome, names, words))
                .tell();
        }
    }
    exit
}

/// What is to be said of a line that did not go as its author thought.
pub(super) fn sentence(
    line: &Line,
    outcome: &Outcome,
    names: &Names,
    words: &Dictionary,
) -> Complaint {
    let command = line.command.print(names);
    match outcome {
        Outcome::Done => Phrase::default(),
        Outcome::Missed(miss) => Phrase::new("missed")
            .echo("command", &command)
            .with("why", words.say(&miss_phrase(*miss))),
        Outcome::Unmet(got) => Phrase::new("unmet")
            .echo("command", &command)
            .with("got", words.say(got)),
    }
}

fn read_story(file: &str, args: &RunArgs) -> Result<(Source, Story), Bad> {
    let name = if file == "-" { "<stdin>" } else { file };
    let text = read_text(file, name)?;
    // A complaint about a flag has the place of the flag, not of the line that it changes.
    let mut flag = None;
    let mut change = |setup: &mut Setup| {
        setup.seed = args.seed.unwrap_or(setup.seed);
        set_params(&mut setup.params, &args.set).map_err(|bad| {
            flag = Some(bad);
            Complaint::default()
        })
    };
    let read = Story::parse(&text, &protocols::labs(), &mut change);
    let story = read.map_err(|wrong| {
        flag.unwrap_or_else(|| Bad::at(name, wrong.line, wrong.column, wrong.complaint))
    })?;
    Ok((Source::story(name, &text), story))
}

/// A text, or a complaint. Reads no more than a story may have, however long the input is.
pub(super) fn read_text(file: &str, name: &str) -> Result<String, Bad> {
    let unreadable = |error: std::io::Error| Bad::io(name, "error-file", &error);
    let most = Story::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    if file == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        let file = std::fs::File::open(file).map_err(unreadable)?;
        file.take(most).read_to_end(&mut bytes)
    }
    .map_err(unreadable)?;
    if bytes.len() > Story::MAX_BYTES {
        let bound = Phrase::new("error-story-long").with("bound", Story::MAX_BYTES);
        return Err(Bad::at(name, 1, 1, bound));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Bad::at(name, line, column, Phrase::new("error-utf8"))
    })
}

/// A story of one line: the lab runs for a while.
fn free_run(args: &RunArgs) -> Result<Story, Bad> {
    let lab = find_lab(args.lab.as_deref().unwrap_or_default(), "--lab")?;
    let mut setup = lab.setup(args.seed.unwrap_or(1));
    set_params(&mut setup.params, &args.set)?;
    let text = args.run_for.as_deref().unwrap_or("10s");
    let names = Names::for_setup(lab, &setup);
    let command = parse_duration(text).map(Command::RunFor);
    let command = command.ok_or_else(|| {
        let complaint = Complaint::new("error-duration-free").echo("word", text);
        Bad::at("--for", 1, 1, complaint)
    })?;
    let lines = vec![Line { number: 1, command }];
    Ok(Story {
        setup,
        names,
        lines,
    })
}

/// The lab of this id, as the flag of this name gave it.
pub(super) fn find_lab(id: &str, flag: &str) -> Result<&'static dyn Lab, Bad> {
    let labs = protocols::labs();
    let lab = labs.iter().find(|lab| lab.card().id == id).copied();
    lab.ok_or_else(|| {
        let known: Vec<_> = labs.iter().map(|lab| lab.card().id).collect();
        Bad::at(flag, 1, 1, unknown(id, "lab", &known))
    })
}

pub(super) fn set_params(params: &mut Params, sets: &[String]) -> Result<(), Bad> {
    for (i, set) in sets.iter().enumerate() {
        let (name, value) = set.split_once('=').ok_or_else(|| {
            let form = Complaint::new("error-param-form").echo("word", set);
            Bad::at("--set", i + 1, 1, form)
        })?;
        params.set(name, value).map_err(|complaint| {
            // The value is at fault where the name is known.
            let unknown = complaint.key == "error-param-unknown";
            let column = if unknown { 1 } else { name.chars().count() + 2 };
            Bad::at("--set", i + 1, column, complaint)
        })?;
    }
    Ok(())
}

/// The rules that the flags switch are switched before the story's first line.
fn switch_rules(story: &mut Story, rules: &[String]) -> Result<(), Bad> {
    let lab = story.names.lab;
    let mut switches = Vec::new();
    for (i, text) in rules.iter().enumerate() {
        let (rule, on) = read_switch(lab, i, text)?;
        let command = Command::Act(Rc::new(Action::Rule(rule, on)));
        switches.push(Line { number: 1, command });
    }
    story.lines.splice(0..0, switches);
    Ok(())
}

/// What the use of `--rule` at this place says.
pub(super) fn read_switch(lab: &dyn Lab, i: usize, text: &str) -> Result<(RuleId, bool), Bad> {
    let switch = match text.split_once('=') {
        Some((id, "on")) => Some((id, true)),
        Some((id, "off")) => Some((id, false)),
        Some(_) | None => None,
    };
    let (id, on) = switch.ok_or_else(|| {
        let form = Complaint::new("error-rule-form").echo("word", text);
        Bad::at("--rule", i + 1, 1, form)
    })?;
    let rule = lab.rule(id).ok_or_else(|| {
        let known: Vec<_> = lab.info().rules.iter().map(|rule| rule.id).collect();
        Bad::at("--rule", i + 1, 1, unknown(id, "rule", &known))
    })?;
    Ok((rule, on))
}

pub(super) fn unknown(word: &str, what: &str, known: &[&str]) -> Complaint {
    Complaint::new("error-word")
        .echo("word", word)
        .with("kind", what)
        .with("known", known.join(", "))
}

/// A trace written over the story would lose it.
fn refuse_overwriting(file: Option<&str>, out: &str) -> Result<(), Bad> {
    let path = |name: &str| Path::new(name).canonicalize().ok();
    match (file.and_then(path), path(out)) {
        (Some(story), Some(out_path)) if story == out_path => {
            Err(Bad::at(out, 1, 1, Phrase::new("error-out-story")))
        }
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}
