//! What came of a search, as JSON that can be joined with others, or for people.

use super::Exit;
use super::args::{ExploreArgs, MergeArgs};
use super::complain::Bad;
use super::output::Output;
use super::run::{find_lab, read_text};
use crate::lab::search::{Goal, Shrunk, Tally};
use crate::lab::{Complaint, Lab};
use crate::sim::FaultKind;
use serde_json::{Map, Value, json};

/// The violation that was reported.
pub(super) struct Found {
    /// The seed of the search and the number of the run.
    place: (u64, u64),
    check: String,
    step: u64,
    time_us: u64,
    commands: u64,
    tried: u64,
    /// The shrunk story.
    pub(super) story: String,
}

impl Found {
    pub(super) fn new(lab: &dyn Lab, place: (u64, u64), shrunk: &Shrunk) -> Self {
        Found {
            place,
            check: lab.info().checks[shrunk.check].id.to_owned(),
            step: shrunk.step,
            time_us: shrunk.time.0,
            commands: shrunk.commands as u64,
            tried: shrunk.tried,
            story: shrunk.story.print(),
        }
    }

    fn json(&self) -> Value {
        json!({
            "seed": self.place.0,
            "run": self.place.1,
            "check": self.check,
            "step": self.step,
            "time_us": self.time_us,
            "commands": self.commands,
            "tried": self.tried,
            "story": self.story,
        })
    }

    fn read(value: &Value) -> Option<Self> {
        let number = |name: &str| value[name].as_u64();
        Some(Found {
            place: (number("seed")?, number("run")?),
            check: value["check"].as_str()?.to_owned(),
            step: number("step")?,
            time_us: number("time_us")?,
            commands: number("commands")?,
            tried: number("tried")?,
            story: value["story"].as_str()?.to_owned(),
        })
    }
}

/// How often a server became something else, for each pair of roles; 0 where it was not seen.
fn turns(
    lab: &dyn Lab,
    tally: &Tally,
) -> impl Iterator<Item = ((&'static str, &'static str), u64)> {
    let all = Tally::all_turns(lab.info()).into_iter();
    all.map(|turn| (turn, tally.turns.get(&turn).copied().unwrap_or(0)))
}

fn turn_id((from, to): (&str, &str)) -> String {
    format!("{from} > {to}")
}

/// All that a search did.
pub(super) struct Sum {
    lab: &'static dyn Lab,
    /// What the shards of one search have in common.
    what: Value,
    /// Which of how many parts, from 1.
    shards: Vec<Value>,
    pub(super) tally: Tally,
    pub(super) seconds: f64,
    pub(super) found: Option<Found>,
}

impl Sum {
    pub(super) fn new(goal: &Goal, lab: &'static dyn Lab, args: &ExploreArgs) -> Self {
        let info = lab.info();
        let rules = goal.rules_off.iter();
        let rules = rules.filter_map(|rule| Some(info.rule(*rule)?.id));
        let checks = goal.checks.iter().map(|check| info.checks[*check].id);
        let seeds = args.seeds.clone().unwrap_or(1..2);
        let shard = args.shard.unwrap_or((0, 1));
        Sum {
            lab,
            what: json!({
                "lab": info.id,
                "rules_off": rules.collect::<Vec<_>>(),
                "checks": checks.collect::<Vec<_>>(),
                "beyond": goal.beyond.iter().map(FaultKind::id).collect::<Vec<_>>(),
                "set": args.set,
                "seeds": [seeds.start, seeds.end],
                "runs": args.runs,
                "wall_us": args.wall.map(|wall| wall.as_micros() as u64),
                "of": shard.1,
            }),
            shards: vec![(shard.0 + 1).into()],
            tally: Tally::new(info),
            seconds: 0.0,
            found: None,
        }
    }

    fn json(&self) -> Value {
        let info = self.lab.info();
        let counts = |ids: &mut dyn Iterator<Item = &'static str>, counts: &[u64]| -> Value {
            let pairs = ids.zip(counts).map(|(id, n)| (id.to_owned(), (*n).into()));
            pairs.collect::<Map<String, Value>>().into()
        };
        let turns = turns(self.lab, &self.tally);
        let turns = turns.map(|(turn, count)| (turn_id(turn), count.into()));
        let turns: Map<String, Value> = turns.collect();
        let faults: Vec<_> = self.tally.faults.iter().map(FaultKind::id).collect();
        json!({
            "what": self.what,
            "shards": self.shards,
            "runs": self.tally.runs,
            "events": self.tally.events,
            "notes": counts(&mut info.notes.iter().map(|note| note.id), &self.tally.notes),
            "messages": counts(&mut info.message_kinds.iter().copied(), &self.tally.messages),
            "roles": self.tally.roles,
            "turns": turns,
            "faults": faults,
            "seconds": self.seconds,
            "found": self.found.as_ref().map(Found::json),
        })
    }

    /// The inverse of [`Sum::json`]; `None` where that is not what it is.
    fn read(value: &Value) -> Option<Self> {
        let lab = find_lab(value["what"]["lab"].as_str()?, "LAB").ok()?;
        let info = lab.info();
        let mut tally = Tally::new(info);
        (tally.runs, tally.events) = (value["runs"].as_u64()?, value["events"].as_u64()?);
        for (note, count) in info.notes.iter().zip(&mut tally.notes) {
            *count = value["notes"][note.id].as_u64()?;
        }
        for (kind, count) in info.message_kinds.iter().zip(&mut tally.messages) {
            *count = value["messages"][*kind].as_u64()?;
        }
        for turn in Tally::all_turns(info) {
            match value["turns"][turn_id(turn)].as_u64()? {
                0 => {}
                count => _ = tally.turns.insert(turn, count),
            }
        }
        for fault in value["faults"].as_array()? {
            tally.faults.insert(FaultKind::parse(fault.as_str()?)?);
        }
        for role in value["roles"].as_array()? {
            tally.add_role(role.as_str()?);
        }
        let found = match &value["found"] {
            Value::Null => None,
            found => Some(Found::read(found)?),
        };
        Some(Sum {
            lab,
            what: value["what"].clone(),
            shards: value["shards"].as_array()?.clone(),
            tally,
            seconds: value["seconds"].as_f64()?,
            found,
        })
    }

    /// Takes in another part of the same search; false where it is of another, or is in already.
    fn join(&mut self, other: Sum) -> bool {
        let twice = other.shards.iter().any(|shard| self.shards.contains(shard));
        if self.what != other.what || twice {
            return false;
        }
        self.shards.extend(other.shards);
        self.shards.sort_by_key(Value::as_u64);
        self.tally.add(&other.tally);
        self.seconds += other.seconds;
        let first = |found: &Option<Found>| found.as_ref().map(|found| found.place);
        let earlier = match (first(&self.found), first(&other.found)) {
            (Some(mine), Some(theirs)) => theirs < mine,
            (None, theirs) => theirs.is_some(),
            (Some(_), None) => false,
        };
        if earlier {
            self.found = other.found;
        }
        true
    }
}

/// Prints it; how that ends the program.
pub(super) fn print(sum: &Sum, as_json: bool) -> Result<Exit, Bad> {
    let mut output = Output::stdout();
    if as_json {
        output.with(|to| {
            serde_json::to_writer_pretty(&mut *to, &sum.json())?;
            writeln!(to)
        });
    } else if let Some(found) = &sum.found {
        output.with(|to| to.write_all(found.story.as_bytes()));
    }
    if as_json {
        output.end()?;
    } else {
        output.end()?;
        // A story on stdout is a document; how it was found is not.
        tell(sum);
    }
    Ok(if sum.found.is_some() {
        Exit::Failed
    } else {
        Exit::Fine
    })
}

fn tell(sum: &Sum) {
    let (tally, info) = (&sum.tally, sum.lab.info());
    let rate = tally.runs as f64 / sum.seconds.max(0.001);
    let mut text = format!(
        "{} runs, {} events in {:.1} s ({rate:.0} runs/s)\n\
         seen: {} of {} notes, {} of {} kinds of messages, {} roles, {} kinds of faults\n",
        tally.runs,
        tally.events,
        sum.seconds,
        tally.notes_seen(),
        info.notes.len(),
        tally.messages_seen(),
        info.message_kinds.len(),
        tally.roles.len(),
        tally.faults.iter().count(),
    );
    let unseen = info
        .notes
        .iter()
        .zip(&tally.notes)
        .filter(|(_, n)| **n == 0);
    let unseen: Vec<_> = unseen.map(|(note, _)| note.id).collect();
    if !unseen.is_empty() {
        text.push_str(&format!("not seen: {}\n", unseen.join(", ")));
    }
    let (seen, unseen): (Vec<_>, Vec<_>) = turns(sum.lab, tally).partition(|(_, n)| *n > 0);
    let ids = |turns: Vec<((_, _), u64)>| -> Vec<String> {
        turns.into_iter().map(|(turn, _)| turn_id(turn)).collect()
    };
    let (seen, unseen) = (ids(seen).join(", "), ids(unseen).join(", "));
    text.push_str(&format!("servers turned: {seen}; never: {unseen}\n"));
    match &sum.found {
        None => text.push_str("no check was violated\n"),
        Some(found) => text.push_str(&format!(
            "{} violated in run {} of seed {}; a story of {} commands after {} tries breaks it in step {}\n",
            found.check, found.place.1, found.place.0, found.commands, found.tried, found.step,
        )),
    }
    if sum.found.is_some() {
        eprint!("{text}");
    } else {
        // With no story, this is the document.
        let mut output = Output::stdout();
        output.with(|to| to.write_all(text.as_bytes()));
        let _ = output.end();
    }
}

/// `merge`: the parts of one search joined.
pub(super) fn merge(args: &MergeArgs) -> Result<Exit, Bad> {
    let mut whole: Option<Sum> = None;
    for file in &args.files {
        let bad = |key: &'static str| Bad::at(file, 1, 1, Complaint::new(key));
        let text = read_text(file, file)?;
        let value: Value = serde_json::from_str(&text).map_err(|_| bad("error-merge-form"))?;
        let part = Sum::read(&value).ok_or_else(|| bad("error-merge-form"))?;
        match &mut whole {
            None => whole = Some(part),
            Some(whole) => {
                if !whole.join(part) {
                    return Err(bad("error-merge-other"));
                }
            }
        }
    }
    whole.map_or(Ok(Exit::Fine), |whole| print(&whole, args.json))
}
