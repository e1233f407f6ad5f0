//! The address of a run, as the fragment of a page's URL: a lab, the story of the run, a place in
//! it, what was selected there. `docs/links.md` describes it for people.
//!
//! What stands there may come from anybody. Every part is bounded, and what cannot be read is
//! refused by a sentence that names the place: characters count from 1, from the `#` on.

mod letters;

use super::pack::{PackError, pack, unpack};
use super::run::Position;
use super::story::Story;
use super::token::tokens;
use super::words::Phrase;
use crate::engine::Time;
pub(super) use letters::{decode, encode};
use letters::{escape, unescape};

/// What a link holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Link {
    /// The lab; empty for the front page.
    pub lab: String,
    /// The story of the branch that is looked at.
    pub story: Option<String>,
    /// Where in it.
    pub at: Option<Position>,
    /// The trace hash there.
    pub hash: Option<u64>,
    /// The version of the program that wrote the link.
    pub version: Option<String>,
    /// What is selected, by the name that it has in stories.
    pub selected: Option<String>,
    /// The name that a person gave to the branch.
    pub branch: Option<String>,
    /// The rules that are off at that place, for whoever reads the address. What counts is the story.
    pub off: Option<String>,
    /// The story of the lab that the run was opened as, by its id: for its title alone.
    pub opened: Option<String>,
    /// The number under which this device keeps the run, where its story is too long for an
    /// address. Another device has no such run. With the lab `lesson`: the number under which this tab keeps a
    /// lesson from a file.
    pub kept: Option<String>,
    /// The lesson that is open, by its id among those of the lab.
    pub lesson: Option<String>,
    /// The page of the lesson, from 1.
    pub page: Option<u64>,
    /// The address of a lesson that somebody wrote.
    pub from: Option<String>,
    /// An experiment of the lab, and what is asked of it: `split-vote 1..101 nodes=3`.
    pub experiment: Option<String>,
}

/// The parts after the `?`, in the order in which they are written.
const KNOWN: [&str; 14] = [
    "at",
    "hash",
    "v",
    "selected",
    "branch",
    "off",
    "opened",
    "kept",
    "lesson",
    "page",
    "from",
    "experiment",
    "story",
    "z",
];
/// Those that are about a lesson or an experiment, which needs no run.
const WITHOUT_RUN: [&str; 4] = ["lesson", "page", "from", "experiment"];

impl Link {
    /// The version of this program.
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    /// The longest fragment that is read, in bytes: a story of which each byte is escaped.
    pub const MAX_BYTES: usize = 3 * Story::MAX_BYTES + 1000;
    /// The longest name of a lab, a version, a branch, in bytes.
    pub const MAX_NAME: usize = 200;
    /// The longest address of a lesson, and the longest experiment, in bytes.
    pub const MAX_ADDRESS: usize = 2000;

    /// Whether a link has a part of this name.
    #[must_use]
    pub fn is_part(name: &str) -> bool {
        KNOWN.contains(&name)
    }

    /// What an escaped value says.
    #[must_use]
    pub fn unescape(value: &str) -> Option<String> {
        unescape(value)
    }

    /// Reads a fragment, with or without its `#`.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and at which character.
    pub fn read(fragment: &str) -> Result<Link, Phrase> {
        if fragment.len() > Self::MAX_BYTES {
            return Err(Phrase::new("link-long").with("bound", Self::MAX_BYTES));
        }
        let text = fragment.strip_prefix('#').unwrap_or(fragment);
        let text = text.strip_prefix('/').unwrap_or(text);
        let (lab, query) = text.split_once('?').unwrap_or((text, ""));
        let mut reader = Reader {
            fragment,
            link: Link::default(),
            seen: Vec::new(),
        };
        reader.link.lab = reader.name(lab)?;
        for part in query.split('&').filter(|part| !part.is_empty()) {
            reader.part(part)?;
        }
        reader.whole()?;
        Ok(reader.link)
    }

    /// The fragment, with its `#`: the shorter of the plain and the packed form.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = format!("#/{}", escape(&self.lab));
        let mut sign = '?';
        let mut part = |name: &str, value: &str| {
            text.push(sign);
            text.push_str(name);
            text.push('=');
            text.push_str(value);
            sign = '&';
        };
        if let Some(at) = self.at {
            part("at", &format!("{}.{}", at.step, at.time.0));
        }
        if let Some(hash) = self.hash {
            part("hash", &format!("{hash:016x}"));
        }
        let names = [
            ("v", &self.version),
            ("selected", &self.selected),
            ("branch", &self.branch),
            ("off", &self.off),
            ("opened", &self.opened),
            ("kept", &self.kept),
            ("lesson", &self.lesson),
            ("from", &self.from),
            ("experiment", &self.experiment),
        ];
        for (name, value) in names {
            if let Some(value) = value {
                part(name, &escape(value));
            }
        }
        if let Some(page) = self.page {
            part("page", &page.to_string());
        }
        if let Some(story) = &self.story {
            let plain = escape(story);
            let packed = encode(&pack(story));
            if packed.len() + 1 < plain.len() + "story".len() {
                part("z", &packed);
            } else {
                part("story", &plain);
            }
        }
        text
    }
}

/// Reads the parts of one fragment.
struct Reader<'a> {
    fragment: &'a str,
    link: Link,
    seen: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// The character at which a part of the fragment begins, from 1.
    fn place(&self, part: &str) -> usize {
        let from = part.as_ptr() as usize - self.fragment.as_ptr() as usize;
        self.fragment[..from].chars().count() + 1
    }

    fn wrong(&self, key: &str, part: &str) -> Phrase {
        Phrase::new(key)
            .with("at", self.place(part))
            .echo("part", part)
    }

    fn part(&mut self, part: &'a str) -> Result<(), Phrase> {
        // What is missing is missing at the end of the part.
        let nothing = part.split_at(part.len());
        let (name, value) = part.split_once('=').unwrap_or(nothing);
        let Some(known) = KNOWN.iter().find(|known| **known == name) else {
            return Err(self
                .wrong("link-unknown", name)
                .with("known", KNOWN.join(", ")));
        };
        if self.seen.contains(known) {
            return Err(self.wrong("link-twice", name));
        }
        self.seen.push(known);
        let link = &self.link;
        if link.story.is_some() && matches!(name, "story" | "z") {
            return Err(self.wrong("link-both", name));
        }
        match name {
            "at" => {
                let at = position(value).ok_or_else(|| self.wrong("link-at", value))?;
                self.link.at = Some(at);
            }
            "hash" => {
                let hash = hash(value).ok_or_else(|| self.wrong("link-hash", value))?;
                self.link.hash = Some(hash);
            }
            "v" => self.link.version = Some(self.name(value)?),
            "selected" => self.link.selected = Some(self.name(value)?),
            "branch" => self.link.branch = Some(self.name(value)?),
            "off" => self.link.off = Some(self.name(value)?),
            "opened" => self.link.opened = Some(self.name(value)?),
            "kept" => self.link.kept = Some(self.name(value)?),
            "lesson" => self.link.lesson = Some(self.name(value)?),
            "page" => {
                let page = whole_number(value).filter(|page| *page > 0);
                self.link.page = Some(page.ok_or_else(|| self.wrong("link-page", value))?);
            }
            "from" => self.link.from = Some(self.address(value)?),
            "experiment" => self.link.experiment = Some(self.address(value)?),
            "story" => self.link.story = Some(self.plain(value)?),
            _ => self.link.story = Some(self.packed(value)?),
        }
        Ok(())
    }

    /// What holds between the parts.
    fn whole(&self) -> Result<(), Phrase> {
        let link = &self.link;
        if link.hash.is_some() && link.at.is_none() {
            return Err(Phrase::new("link-hash-alone"));
        }
        let alone = link.story.is_none() && link.kept.is_none();
        let mut of_runs = self.seen.iter().filter(|name| !WITHOUT_RUN.contains(name));
        if alone && let Some(name) = of_runs.next() {
            return Err(Phrase::new("link-no-story").with("part", name));
        }
        let own = link.lab == "lesson" && link.kept.is_some();
        let taught = link.lesson.is_some() || link.from.is_some() || own;
        if link.page.is_some() && !taught {
            return Err(Phrase::new("link-page-alone"));
        }
        if let Some(told) = link.story.as_deref().and_then(lab_of)
            && told != link.lab
            && !link.lab.is_empty()
        {
            return Err(Phrase::new("link-two-labs")
                .echo("address", &link.lab)
                .echo("story", &told));
        }
        Ok(())
    }

    fn name(&self, value: &str) -> Result<String, Phrase> {
        let name = unescape(value).ok_or_else(|| self.wrong("link-escape", value))?;
        if name.len() > Link::MAX_NAME {
            return Err(self
                .wrong("link-name-long", value)
                .with("bound", Link::MAX_NAME));
        }
        Ok(name)
    }

    fn address(&self, value: &str) -> Result<String, Phrase> {
        let address = unescape(value).ok_or_else(|| self.wrong("link-escape", value))?;
        if address.len() > Link::MAX_ADDRESS {
            let long = self.wrong("link-name-long", value);
            return Err(long.with("bound", Link::MAX_ADDRESS));
        }
        Ok(address)
    }

    fn plain(&self, value: &str) -> Result<String, Phrase> {
        let story = unescape(value).ok_or_else(|| self.wrong("link-escape", value))?;
        if story.len() > Story::MAX_BYTES {
            return Err(Phrase::new("error-story-long").with("bound", Story::MAX_BYTES));
        }
        Ok(story)
    }

    fn packed(&self, value: &str) -> Result<String, Phrase> {
        let bytes = decode(value).map_err(|at| {
            let sign = self.place(value) + at;
            Phrase::new("link-packed").with("at", sign)
        })?;
        unpack(&bytes).map_err(|error| match error {
            PackError::Garbled => Phrase::new("link-packed").with("at", self.place(value)),
            PackError::TooLong => Phrase::new("error-story-long").with("bound", Story::MAX_BYTES),
        })
    }
}

/// The lab that a story names in its first line, if that can be read so far.
fn lab_of(story: &str) -> Option<String> {
    let read = |line| tokens(line).ok().filter(|words| !words.is_empty());
    let mut words = story.lines().find_map(read)?.into_iter();
    let lab = words.next().filter(|word| word.text == "lab");
    lab.and(words.next()).map(|word| word.text)
}

/// `STEP.MICROSECONDS`.
fn position(text: &str) -> Option<Position> {
    let (step, time) = text.split_once('.')?;
    Some(Position {
        step: whole_number(step)?,
        time: Time(whole_number(time)?),
    })
}

fn whole_number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

fn hash(text: &str) -> Option<u64> {
    let digits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then(|| u64::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests;
