//! The lines between `---` at the head of a lesson.

use super::place::{Text, Wrong};

/// What the head must say, in the order in which the sheet has it.
const KEYS: [&str; 5] = ["id", "lab", "title", "minutes", "paper"];

/// Writes the head into the sheet; returns where the body begins.
pub(super) fn read(text: &Text<'_>, sheet: &mut String) -> Result<usize, Wrong> {
    let mut values: [Option<&str>; KEYS.len()] = [None; KEYS.len()];
    let mut at = 0;
    for (number, line) in text.all.split_inclusive('\n').enumerate() {
        let (start, line) = (at, line.trim_end());
        at += text.all[at..]
            .find('\n')
            .map_or(text.all.len() - at, |end| end + 1);
        if number == 0 {
            if line != "---" {
                return Err(text.wrong(0, "error-lesson-head"));
            }
            continue;
        }
        if line == "---" {
            return finish(text, start, values, sheet).map(|()| at);
        }
        if line.is_empty() {
            continue;
        }
        let (key, value) = line.split_once(':').unwrap_or((line, ""));
        let Some(place) = KEYS.iter().position(|known| *known == key.trim()) else {
            let wrong = text
                .wrong(start, "error-lesson-key")
                .with("word", key.trim());
            return Err(wrong.with("known", KEYS.join(", ")));
        };
        let value_at = start + line.len() - value.trim_start().len();
        check(KEYS[place], value.trim())
            .map_err(|key| text.wrong(value_at, key).with("word", value.trim()))?;
        if values[place].replace(value.trim()).is_some() {
            return Err(text
                .wrong(start, "error-lesson-twice")
                .with("word", KEYS[place]));
        }
    }
    Err(text.wrong(0, "error-lesson-head"))
}

/// What is wrong with a value, in words that say what can stand there.
fn check(key: &str, value: &str) -> Result<(), &'static str> {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let (right, wrong) = match key {
        "id" | "lab" => (
            value.chars().all(word) && value.len() <= 60,
            "error-lesson-value-id",
        ),
        "minutes" => (
            value.parse().is_ok_and(|n: u32| (1..=240).contains(&n)),
            "error-lesson-value-minutes",
        ),
        _ => (value.chars().count() <= 200, "error-lesson-value-text"),
    };
    if right && !value.is_empty() {
        Ok(())
    } else {
        Err(wrong)
    }
}

fn finish(
    text: &Text<'_>,
    end: usize,
    values: [Option<&str>; KEYS.len()],
    sheet: &mut String,
) -> Result<(), Wrong> {
    for (key, value) in KEYS.iter().zip(values) {
        let missing = || text.wrong(end, "error-lesson-missing").with("word", *key);
        let value = value.ok_or_else(missing)?;
        sheet.push_str(&format!("{key} {value}\n"));
    }
    Ok(())
}
