//! `lesson`: plays lessons against the engine, and what learners handed in.

use super::Exit;
use super::args::LessonChore;
use super::complain::{Bad, words};
use crate::lab::lesson::{Answers, Judged, Lesson, Trial};
use crate::lab::{Lang, LessonFile, Phrase};
use crate::protocols;
use splitbrain_lesson::{MAX_BYTES, Wrong, compile, terms};
use std::io::Read;

/// The terms that a lesson may link to; both languages have the same.
const GLOSSARY: &str = include_str!("../ui/glossary/en.txt");

pub(super) fn lesson(chore: &LessonChore) -> Result<Exit, Bad> {
    match chore {
        LessonChore::Check { files } => check(files),
        LessonChore::Verify { code, lesson } => verify(code, lesson.as_deref()),
    }
}

/// The lessons that ship, with the names of their files.
fn shipped() -> impl Iterator<Item = (String, &'static LessonFile, Lang)> {
    let labs = protocols::CATALOGUE.iter().map(|plugin| plugin.info());
    let all = labs.flat_map(|info| info.lessons.iter().map(move |lesson| (info.id, lesson)));
    all.flat_map(|(lab, lesson)| {
        Lang::ALL.map(|lang| (format!("{lab}/{}.{}", lesson.id, lang.tag()), lesson, lang))
    })
}

fn check(files: &[String]) -> Result<Exit, Bad> {
    let mut exit = Exit::Fine;
    let mut one = |name: &str, text: &str| {
        exit = exit.worse(check_one(name, text));
    };
    if files.is_empty() {
        for (name, lesson, lang) in shipped() {
            one(&name, lesson.text(lang));
        }
    }
    for file in files {
        one(file, &read(file)?);
    }
    Ok(exit)
}

/// Checks one lesson, and says on stderr what is wrong with it.
fn check_one(name: &str, text: &str) -> Exit {
    let lesson = match lesson_of(name, text) {
        Ok(lesson) => lesson,
        Err(bad) => {
            bad.tell();
            return Exit::BadInput;
        }
    };
    let unknown = unknown_terms(name, text);
    unknown.iter().for_each(Bad::tell);
    if !unknown.is_empty() {
        return Exit::BadInput;
    }
    let faults = Trial::of(&lesson);
    for fault in &faults {
        let (line, column) = (fault.line, fault.column);
        eprintln!("{name}:{line}:{column}: {}", words().say(&fault.phrase));
    }
    if faults.is_empty() {
        println!(
            "{name}: fine; pages: {}, steps: {}",
            lesson.pages.len(),
            lesson.steps().count()
        );
        Exit::Fine
    } else {
        Exit::Failed
    }
}

/// The terms of a lesson that the glossary does not have, and what they may have been meant to be.
fn unknown_terms(name: &str, text: &str) -> Vec<Bad> {
    let known = GLOSSARY.lines().filter(|line| !line.starts_with('#'));
    let known: Vec<&str> = known
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .collect();
    let used = terms(text).unwrap_or_default().into_iter();
    let unknown = used.filter(|(_, term)| !known.contains(&term.as_str()));
    unknown
        .map(|(place, term)| {
            let near = |id: &&&str| edits(id, &term) <= 1 + term.chars().count() / 4;
            let near: Vec<&str> = known.iter().filter(near).copied().collect();
            let complaint = if near.is_empty() {
                Phrase::new("error-lesson-term")
            } else {
                Phrase::new("error-lesson-term-near").with("near", near.join(", "))
            };
            let complaint = complaint.echo("word", &term);
            Bad::at(name, place.line, place.column, complaint)
        })
        .collect()
}

/// How many letters have to be put in, taken out or changed to make one word of another.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for letter in one.chars() {
        let mut corner = row[0];
        row[0] += 1;
        for (at, same) in other.iter().map(|c| *c == letter).enumerate() {
            let changed = corner + usize::from(!same);
            corner = row[at + 1];
            row[at + 1] = changed.min(row[at] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}

/// Reads a lesson from its Markdown.
fn lesson_of(name: &str, text: &str) -> Result<Lesson, Bad> {
    let sheet = compile(text).map_err(|wrong| bad(name, wrong))?;
    Lesson::read(&sheet, &protocols::labs())
        .map_err(|wrong| Bad::at(name, wrong.line, wrong.column, wrong.complaint))
}

fn bad(name: &str, wrong: Wrong) -> Bad {
    let phrase = Phrase {
        key: wrong.key.to_owned(),
        args: wrong.args,
    };
    Bad::at(name, wrong.place.line, wrong.place.column, phrase)
}

fn read(file: &str) -> Result<String, Bad> {
    let failed = |error| Bad::io(file, "error-file", &error);
    let mut text = String::new();
    // A byte more than is allowed is enough to tell.
    let most = MAX_BYTES as u64 + 1;
    if file == "-" {
        let read = std::io::stdin().take(most).read_to_string(&mut text);
        read.map_err(failed)?;
    } else {
        let opened = std::fs::File::open(file).map_err(failed)?;
        opened
            .take(most)
            .read_to_string(&mut text)
            .map_err(failed)?;
    }
    Ok(text)
}

fn verify(code: &str, file: Option<&str>) -> Result<Exit, Bad> {
    let code = if code == "-" {
        read("-")?
    } else {
        code.to_owned()
    };
    let answers = Answers::read(&code).map_err(|wrong| Bad::at("CODE", 1, 1, wrong))?;
    let lesson = match file {
        Some(file) => lesson_of(file, &read(file)?)?,
        None => find(&answers.lesson)?,
    };
    if lesson.name() != answers.lesson {
        let other = Phrase::new("code-other").echo("lesson", &answers.lesson);
        return Err(Bad::at("CODE", 1, 1, other));
    }
    let judged = answers.judge(&lesson, &protocols::labs());
    println!("{} ({}): {}", lesson.title, lesson.name(), answers.name);
    for (step, verdict) in &judged {
        println!("  step {}: {}", step + 1, words().text(verdict.key()));
    }
    let right = judged
        .iter()
        .filter(|(_, judged)| *judged == Judged::Right)
        .count();
    println!("{right} of {} right", judged.len());
    let all = right == judged.len();
    Ok(if all { Exit::Fine } else { Exit::Failed })
}

/// The lesson of this name (`raft/elections`) among those that ship. Its two languages ask the same.
fn find(name: &str) -> Result<Lesson, Bad> {
    let file = format!("{name}.{}", Lang::En.tag());
    match shipped().find(|(known, ..)| *known == file) {
        Some((_, lesson, lang)) => lesson_of(&file, lesson.text(lang)),
        None => {
            let unknown = Phrase::new("code-lesson").echo("lesson", name);
            Err(Bad::at("CODE", 1, 1, unknown))
        }
    }
}
