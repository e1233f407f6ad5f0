//! A run as a document for other tools: the trace in text and JSON lines, a ShiViz log, a
//! Mermaid sequence diagram, counters over time. Pure functions over the records of a run, so
//! that the page and the command line write the same bytes. `docs/trace.md` describes each.

mod csv;
mod json;
mod jsonl;
mod mermaid;
mod shiviz;

use super::history::{Entry, History};
use super::names::Names;
use super::run::Run;
use super::spec::Setup;
use super::trace::{event_line, trace_head};
use super::words::{Dictionary, Phrase};
use crate::sim::{Record, World};

pub use jsonl::miss_id;

/// The form of a document.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// One line an event; the column is the node.
    Text,
    /// One JSON object a line.
    Jsonl,
    /// A log with vector clocks, as ShiViz reads it.
    Shiviz,
    /// A sequence diagram in the language of Mermaid.
    Mermaid,
    /// Counters over time, a row for each tenth of a second.
    Csv,
}

impl Format {
    /// All of them, in the order of a menu.
    pub const ALL: [Format; 5] = [
        Format::Text,
        Format::Jsonl,
        Format::Shiviz,
        Format::Mermaid,
        Format::Csv,
    ];

    /// The stable id, as `--trace` takes it. Its name in a menu is `export.<id>`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Jsonl => "jsonl",
            Format::Shiviz => "shiviz",
            Format::Mermaid => "mermaid",
            Format::Csv => "csv",
        }
    }

    /// The ending of a file of this form, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Format::Text => "txt",
            Format::Jsonl => "jsonl",
            Format::Shiviz => "log",
            Format::Mermaid => "mmd",
            Format::Csv => "csv",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Text | Format::Shiviz | Format::Mermaid => "text/plain",
            Format::Jsonl => "application/jsonl",
            Format::Csv => "text/csv",
        }
    }

    /// The longest run, in events, of which there is such a document; the tools that read the
    /// others do not stand more.
    #[must_use]
    pub fn most_events(self) -> Option<u64> {
        match self {
            Format::Text | Format::Jsonl | Format::Csv => None,
            Format::Shiviz => Some(200_000),
            Format::Mermaid => Some(20_000),
        }
    }
}

/// What is said of a run that is too long for its document, or its picture.
#[must_use]
pub fn too_long(id: &str, most: u64) -> Phrase {
    Phrase::new("error-export-long")
        .with("format", id)
        .with("bound", most)
}

/// Writes one document, event by event.
pub struct Exporter<'a> {
    names: &'a Names,
    words: &'a Dictionary,
    form: Form,
    events: u64,
    begun: bool,
}

/// A form with what it has to remember from event to event.
enum Form {
    Text,
    Jsonl,
    Shiviz(shiviz::Clocks),
    Mermaid,
    Csv(Box<csv::Rows>),
}

impl Form {
    fn format(&self) -> Format {
        match self {
            Form::Text => Format::Text,
            Form::Jsonl => Format::Jsonl,
            Form::Shiviz(_) => Format::Shiviz,
            Form::Mermaid => Format::Mermaid,
            Form::Csv(_) => Format::Csv,
        }
    }
}

impl<'a> Exporter<'a> {
    /// A document without any event yet.
    #[must_use]
    pub fn new(format: Format, names: &'a Names, words: &'a Dictionary) -> Self {
        let form = match format {
            Format::Text => Form::Text,
            Format::Jsonl => Form::Jsonl,
            Format::Shiviz => Form::Shiviz(shiviz::Clocks::new(names)),
            Format::Mermaid => Form::Mermaid,
            Format::Csv => Form::Csv(Box::new(csv::Rows::new(names))),
        };
        Exporter {
            names,
            words,
            form,
            events: 0,
            begun: false,
        }
    }

    /// The same for worlds that are set up so, which [`Exporter::step`] shows: what the lab draws over time is written
    /// down, too, where the form has room for it.
    #[must_use]
    pub fn of_worlds(mut self, setup: &Setup) -> Self {
        if let Form::Csv(rows) = &mut self.form {
            rows.gauge(self.names.lab.gauges(&setup.params));
        }
        self
    }

    /// Adds the last event of a world to what was written.
    ///
    /// # Errors
    /// A sentence, where the run is longer than [`Format::most_events`].
    pub fn step(&mut self, world: &World, to: &mut String) -> Result<(), Phrase> {
        self.event(world.record(), to)?;
        if let Form::Csv(rows) = &mut self.form {
            rows.read(|| self.names.lab.read(world));
        }
        Ok(())
    }

    /// Adds one event to what was written.
    ///
    /// # Errors
    /// A sentence, where the run is longer than [`Format::most_events`].
    pub fn event(&mut self, record: &Record, to: &mut String) -> Result<(), Phrase> {
        let format = self.form.format();
        self.events += 1;
        if let Some(most) = format.most_events().filter(|most| self.events > *most) {
            return Err(too_long(format.id(), most));
        }
        self.begin(to);
        let (names, words) = (self.names, self.words);
        match &mut self.form {
            Form::Text => {
                to.push_str(&event_line(record, names, words));
                to.push('\n');
            }
            Form::Jsonl => jsonl::step(to, record, names, words),
            Form::Shiviz(clocks) => clocks.event(to, record, names, words),
            Form::Mermaid => mermaid::event(to, record, names, words),
            Form::Csv(counts) => counts.event(to, record),
        }
        Ok(())
    }

    /// Adds what comes after the last event.
    pub fn end(mut self, to: &mut String) {
        self.begin(to);
        if let Form::Csv(counts) = &mut self.form {
            counts.row(to);
        }
    }

    fn begin(&mut self, to: &mut String) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        match &self.form {
            Form::Text => {
                to.push_str(&trace_head(self.names, self.words));
                to.push('\n');
            }
            Form::Mermaid => mermaid::head(to, self.names),
            Form::Csv(rows) => csv::head(to, self.names, rows),
            Form::Jsonl | Form::Shiviz(_) => {}
        }
    }
}

/// The whole document of these records, in the order of their steps. Records that begin in the
/// middle of a run are fine: what was before them is not known to the document.
///
/// # Errors
/// A sentence, where there are more records than [`Format::most_events`].
pub fn export<'r>(
    records: impl IntoIterator<Item = &'r Record>,
    names: &Names,
    words: &Dictionary,
    format: Format,
) -> Result<String, Phrase> {
    let mut exporter = Exporter::new(format, names, words);
    let mut text = String::new();
    for record in records {
        exporter.event(record, &mut text)?;
    }
    exporter.end(&mut text);
    Ok(text)
}

/// Plays the branch that is looked at once more, from its beginning to its end, and shows every
/// step to `watch`, until that has seen enough. The history stays where it is.
pub fn retrace(history: &History, watch: &mut dyn FnMut(&Run) -> bool) {
    let branch = history.branch();
    let mut run = Run::new(history.names().lab, history.setup());
    let mut actions = branch.log.iter().filter_map(|logged| match &logged.entry {
        Entry::Act(action) => Some((logged.at, action)),
        Entry::Annotation(_) => None,
    });
    let mut next = actions.next();
    while run.world().steps() < branch.end.step {
        match next.filter(|(at, _)| at.step == run.world().steps()) {
            Some((at, action)) => {
                run.advance_to(at.time);
                // A miss was a miss before; it is in the record.
                let _ = run.act(action);
                next = actions.next();
            }
            None if run.step() => {}
            None => return,
        }
        if !watch(&run) {
            return;
        }
    }
}

/// The document of the whole branch that is looked at, from its first step to its last.
///
/// # Errors
/// A sentence, where the run is longer than [`Format::most_events`].
pub fn export_branch(
    history: &History,
    words: &Dictionary,
    format: Format,
) -> Result<String, Phrase> {
    let exporter = Exporter::new(format, history.names(), words);
    let mut exporter = exporter.of_worlds(history.setup());
    let (mut text, mut done) = (String::new(), Ok(()));
    retrace(history, &mut |run| {
        done = exporter.step(run.world(), &mut text);
        done.is_ok()
    });
    done?;
    exporter.end(&mut text);
    Ok(text)
}
