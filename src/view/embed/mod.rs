//! The settings of an embedded run, as they stand in the address of its frame:
//! `#/LAB?embed=1&story=…&panels=…`. `docs/embedding.md` describes them for people.
//!
//! They may come from anybody: every one is bounded, and what cannot be read is refused by a sentence
//! that names the attribute and what it takes.

mod snippet;

use crate::lab::{Lang, Link, Phrase};

pub use snippet::{Form, Snippet};

/// What stands in a frame, and what may be done to it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Embed {
    /// The run, as a link holds it.
    pub link: Link,
    /// A story that ships with the lab, by its id.
    pub shipped: Option<String>,
    /// The seed, where there is no story.
    pub seed: Option<u64>,
    /// Parameters as a story's first line has them, where there is no story.
    pub params: String,
    /// The ids of the panels that show.
    pub panels: Vec<String>,
    /// What a person can press; all of [`CONTROLS`] where nothing is said.
    pub controls: Vec<&'static str>,
    /// Whether a person can only look.
    pub readonly: bool,
    /// Whether it plays at once.
    pub autoplay: bool,
    /// The number key of the speed, 0 to 9.
    pub speed: Option<u32>,
    /// The language; that of the browser where nothing is said.
    pub lang: Option<Lang>,
    /// Dark or light; as the device has it where nothing is said.
    pub dark: Option<bool>,
    /// What the page around may ask by messages.
    pub allow: Vec<&'static str>,
    /// Who may speak, and whom the answers go to; anybody around the frame where nothing is said.
    pub origin: Option<String>,
}

/// What a person can press in a frame.
pub const CONTROLS: [&str; 9] = [
    "play", "step", "scrub", "speed", "restart", "branches", "act", "tools", "open",
];
/// Those that show where the author says nothing.
const PLAIN_CONTROLS: [&str; 7] = ["play", "step", "scrub", "speed", "restart", "act", "open"];
/// The panels that every lab has, besides its own.
pub const PANELS: [&str; 8] = [
    "diagram",
    "checks",
    "why",
    "state",
    "messages",
    "events",
    "operations",
    "rules",
];
/// What a page around can be allowed.
pub const ALLOWED: [&str; 6] = ["play", "step", "seek", "run", "set", "events"];

/// The attributes that are not parts of a link.
const KNOWN: [&str; 15] = [
    "embed", "story", "seed", "params", "panels", "controls", "readonly", "autoplay", "speed",
    "lang", "theme", "allow", "origin", "height", "ratio",
];
/// The lowest and the highest frame, in pixels.
const HEIGHTS: (u64, u64) = (120, 2000);
/// The most panels in a frame.
const MOST_PANELS: usize = 12;
/// The longest attribute but a story, in bytes.
const LONGEST: usize = 400;

/// Whether a fragment is that of a frame.
#[must_use]
pub fn is_embed(fragment: &str) -> bool {
    let query = fragment.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|part| part == "embed=1")
}

impl Embed {
    /// Reads the fragment of a frame.
    ///
    /// # Errors
    /// A sentence that names the attribute and what it takes.
    pub fn read(fragment: &str) -> Result<Self, Phrase> {
        if fragment.len() > Link::MAX_BYTES {
            return Err(Phrase::new("link-long").with("bound", Link::MAX_BYTES));
        }
        let (lab, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let mut read = Embed {
            controls: PLAIN_CONTROLS.to_vec(),
            ..Embed::default()
        };
        let (mut of_link, mut seen) = (Vec::new(), Vec::new());
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            if seen.contains(&name) {
                return Err(Phrase::new("embed-twice").echo("name", name));
            }
            seen.push(name);
            let own = KNOWN.contains(&name);
            let value =
                Link::unescape(value).filter(|value| value.len() <= LONGEST || name == "story");
            match (own, value) {
                (true, Some(value)) if name == "story" && !is_story_id(&value) => {
                    of_link.push(part);
                }
                (true, Some(value)) => read.attribute(name, &value)?,
                (true, None) => {
                    return Err(wrong(
                        name,
                        "\u{2026}",
                        &format!("\u{2264} {LONGEST} B, UTF-8"),
                    ));
                }
                (false, _) if Link::is_part(name) => of_link.push(part),
                (false, _) => {
                    let known = KNOWN[1..].join(", ");
                    let phrase = Phrase::new("embed-unknown").echo("name", name);
                    return Err(phrase.with("known", known));
                }
            }
        }
        read.link = Link::read(&format!("{lab}?{}", of_link.join("&")))?;
        read.whole()?;
        Ok(read)
    }

    fn attribute(&mut self, name: &str, value: &str) -> Result<(), Phrase> {
        let takes = |takes: &str| wrong(name, value, takes);
        match name {
            "story" => self.shipped = Some(value.to_owned()),
            "seed" => {
                let seed = value
                    .parse()
                    .map_err(|_| takes(&format!("0 \u{2026} {}", u64::MAX)))?;
                self.seed = Some(seed);
            }
            "params" => {
                // They stand in the first line of a story: there is only one such line.
                let fine = !value.chars().any(char::is_control) && !value.contains('#');
                fine.then_some(())
                    .ok_or_else(|| takes("nodes=3 \u{2026}"))?;
                value.clone_into(&mut self.params);
            }
            "panels" => {
                let known = || takes(&format!("{}, none", PANELS.join(", ")));
                self.panels = panels(value).ok_or_else(known)?;
            }
            "controls" => self.controls = listed(name, value, &CONTROLS)?,
            "readonly" => self.readonly = flag(name, value)?,
            "autoplay" => self.autoplay = flag(name, value)?,
            "speed" => {
                let digit = value.parse().ok().filter(|digit| *digit <= 9);
                self.speed = Some(digit.ok_or_else(|| takes("0 \u{2026} 9"))?);
            }
            "lang" => self.lang = Some(Lang::parse(value).ok_or_else(|| takes("en, zh-Hans"))?),
            "theme" => {
                self.dark = match value {
                    "light" => Some(false),
                    "dark" => Some(true),
                    "auto" => None,
                    _ => return Err(takes("light, dark, auto")),
                }
            }
            "allow" => self.allow = listed(name, value, &ALLOWED)?,
            "origin" => {
                let fine = is_origin(value).then(|| value.to_owned());
                self.origin = Some(fine.ok_or_else(|| takes("https://docs.example.org"))?);
            }
            "height" => {
                let (low, high) = HEIGHTS;
                let fits = value
                    .parse()
                    .is_ok_and(|height: u64| (low..=high).contains(&height));
                fits.then_some(())
                    .ok_or_else(|| takes(&format!("{low} \u{2026} {high}")))?;
            }
            "ratio" => {
                let fits = ratio(value).is_some_and(|ratio| (0.25..=4.0).contains(&ratio));
                fits.then_some(())
                    .ok_or_else(|| takes("1/4 \u{2026} 4/1"))?;
            }
            // `embed=1` is what brought us here.
            _ => {}
        }
        Ok(())
    }

    /// What holds between the attributes.
    fn whole(&self) -> Result<(), Phrase> {
        let link = &self.link;
        let told = link.story.is_some() || self.shipped.is_some();
        let clash = |first, second| {
            Err(Phrase::new("embed-clash")
                .with("first", first)
                .with("second", second))
        };
        if link.story.is_some() && self.shipped.is_some() {
            return clash("story", "z");
        }
        if told && self.seed.is_some() {
            return clash("story", "seed");
        }
        if told && !self.params.is_empty() {
            return clash("story", "params");
        }
        if link.kept.is_some() || link.lesson.is_some() || link.from.is_some() {
            return Err(Phrase::new("embed-only-runs"));
        }
        if link.lab.is_empty() && link.story.is_none() {
            return Err(Phrase::new("embed-no-lab"));
        }
        Ok(())
    }

    /// The story of a lab on its own.
    #[must_use]
    pub fn first_line(&self, seed: u64) -> String {
        let seed = self.seed.unwrap_or(seed);
        format!("lab {} seed={seed} {}\n", self.link.lab, self.params)
    }

    /// Whether this control shows.
    #[must_use]
    pub fn shows(&self, control: &str) -> bool {
        let acts = ["act", "tools"].contains(&control);
        self.controls.contains(&control) && !(self.readonly && acts)
    }

    /// Whether the page around may ask this.
    #[must_use]
    pub fn allows(&self, what: &str) -> bool {
        self.allow.contains(&what)
    }
}

/// What is wrong with an attribute, and what it takes.
pub(super) fn wrong(name: &str, value: &str, takes: &str) -> Phrase {
    Phrase::new("embed-wrong")
        .with("name", name)
        .echo("value", value)
        .with("takes", takes)
}

/// Whether a text is the id of a story, and no story: that has spaces in it.
#[must_use]
pub fn is_story_id(text: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&text.len()) && text.bytes().all(sign)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let split = text.split(|sign: char| sign == ',' || sign.is_whitespace());
    split.filter(|word| !word.is_empty() && *word != "none")
}

/// The ids of panels. Whether a lab has them is known when its run is there; so, too, who asks by `?` which there are.
fn panels(text: &str) -> Option<Vec<String>> {
    let all: Vec<String> = words(text).map(str::to_owned).collect();
    let fine = all.len() <= MOST_PANELS && all.iter().all(|id| is_story_id(id) || id == "?");
    fine.then_some(all)
}

fn listed(name: &str, text: &str, known: &[&'static str]) -> Result<Vec<&'static str>, Phrase> {
    let find = |word: &str| known.iter().copied().find(|known| *known == word);
    words(text)
        .map(|word| {
            find(word).ok_or_else(|| wrong(name, word, &format!("{}, none", known.join(", "))))
        })
        .collect()
}

fn flag(name: &str, text: &str) -> Result<bool, Phrase> {
    match text {
        "" | "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(wrong(name, text, "0, 1")),
    }
}

/// `https://host:8080`, without a path.
fn is_origin(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    host.is_some_and(|host| !host.is_empty() && host.bytes().all(sign))
}

/// `16/9` or `1.6`.
fn ratio(text: &str) -> Option<f64> {
    let (width, height) = text.split_once('/').unwrap_or((text, "1"));
    Some(decimal(width.trim())? / decimal(height.trim())?)
}

/// A number above zero, with or without a point. (The standard library's reader of numbers weighs 12 KB.)
fn decimal(text: &str) -> Option<f64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = [whole, part].concat();
    let is_short =
        (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits
        .parse::<u64>()
        .ok()
        .filter(|number| is_short && *number > 0)?;
    Some(number as f64 / 10_u64.pow(part.len() as u32) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(query: &str) -> String {
        Embed::read(&format!("#/raft?embed=1&{query}"))
            .expect_err(query)
            .key
    }

    #[test]
    fn what_an_author_may_say_is_read() {
        let all = "#/raft?embed=1&story=leader-crash&panels=log,why&controls=play+step&readonly=1&autoplay&speed=3\
                   &lang=zh-Hans&theme=dark&allow=play,events&origin=https://docs.example.org:8080&height=480&ratio=16/9";
        let read = Embed::read(all).expect("all of it");
        assert!(is_embed(all));
        assert_eq!(
            (read.link.lab.as_str(), read.shipped.as_deref()),
            ("raft", Some("leader-crash"))
        );
        assert_eq!(
            (read.panels, read.controls),
            (
                vec!["log".to_owned(), "why".to_owned()],
                vec!["play", "step"]
            )
        );
        assert!(read.readonly && read.autoplay);
        assert_eq!(
            (read.speed, read.lang, read.dark),
            (Some(3), Some(Lang::ZhHans), Some(true))
        );
        assert_eq!(read.allow, ["play", "events"]);
        assert_eq!(
            read.origin.as_deref(),
            Some("https://docs.example.org:8080")
        );
    }

    #[test]
    fn nothing_said_is_a_lab_that_hears_nobody() {
        let read = Embed::read("#/raft?embed=1").expect("a lab");
        assert_eq!(read.first_line(7), "lab raft seed=7 \n");
        assert!(read.allow.is_empty() && read.panels.is_empty() && !read.readonly);
        assert!(read.shows("play") && read.shows("act") && !read.shows("tools"));
        assert!(!is_embed("#/raft") && !is_embed("#/raft?story=embed%3D1"));
    }

    #[test]
    fn who_only_looks_cannot_act() {
        let read =
            Embed::read("#/raft?embed=1&readonly=1&controls=play,act,tools").expect("read only");
        assert!(read.shows("play") && !read.shows("act") && !read.shows("tools"));
    }

    #[test]
    fn a_story_stands_there_whole_or_as_a_moment() {
        let text = "#/raft?embed=1&story=lab+raft+seed=9%0Arun+1s&at=3.100";
        let read = Embed::read(text).expect("a story");
        assert_eq!(read.link.story.as_deref(), Some("lab raft seed=9\nrun 1s"));
        assert_eq!(read.link.at.map(|at| at.step), Some(3));
        assert_eq!(read.shipped, None);
    }

    #[test]
    fn nonsense_is_refused_by_a_sentence_that_names_the_attribute() {
        let refused = [
            ("colour=red", "embed-unknown"),
            ("seed=1&seed=2", "embed-twice"),
            ("seed=-1", "embed-wrong"),
            ("seed=18446744073709551616", "embed-wrong"),
            ("params=a%0Alab", "embed-wrong"),
            ("panels=%3Cscript%3E", "embed-wrong"),
            ("panels=a,b,c,d,e,f,g,h,i,j,k,l,m", "embed-wrong"),
            ("controls=play,explode", "embed-wrong"),
            ("readonly=perhaps", "embed-wrong"),
            ("speed=10", "embed-wrong"),
            ("lang=fr", "embed-wrong"),
            ("theme=pink", "embed-wrong"),
            ("allow=everything", "embed-wrong"),
            ("origin=*", "embed-wrong"),
            ("origin=https://a/b", "embed-wrong"),
            ("height=119", "embed-wrong"),
            ("height=2001", "embed-wrong"),
            ("ratio=5", "embed-wrong"),
            ("ratio=0/0", "embed-wrong"),
            ("story=%ff", "embed-wrong"),
            ("story=leader-crash&seed=3", "embed-clash"),
            ("story=lab+raft&params=nodes=3", "embed-clash"),
            ("story=leader-crash&z=AAAA", "link-packed"),
            ("at=1.2", "link-no-story"),
            ("lesson=elections", "embed-only-runs"),
            ("story=lab+heartbeat", "link-two-labs"),
        ];
        for (query, wanted) in refused {
            assert_eq!(key(query), wanted, "{query}");
        }
        assert_eq!(
            Embed::read("#/?embed=1").expect_err("no lab").key,
            "embed-no-lab"
        );
        let said = Embed::read("#/raft?embed=1&height=9")
            .expect_err("low")
            .args;
        assert_eq!(said[0], ("name", "height".to_owned()));
        assert_eq!(said[2], ("takes", "120 \u{2026} 2000".to_owned()));
        assert_eq!(
            key(&format!("params={}", "x".repeat(LONGEST + 1))),
            "embed-wrong"
        );
        assert_eq!(key(&"x".repeat(Link::MAX_BYTES)), "link-long");
    }

    #[test]
    fn which_panels_there_are_is_asked_of_the_lab() {
        let read = Embed::read("#/raft?embed=1&panels=?").expect("a question");
        assert_eq!(read.panels, ["?"]);
    }

    #[test]
    fn what_a_list_takes_is_told_whole() {
        for query in ["controls=explode", "panels=??", "allow=explode"] {
            let wrong = Embed::read(&format!("#/raft?embed=1&{query}")).expect_err(query);
            let takes = wrong.args.iter().find(|(name, _)| *name == "takes");
            let (_, takes) = takes.expect(query);
            assert!(takes.ends_with(", none"), "{query}: {takes}");
            for word in takes.split(", ") {
                let name = query.split('=').next().unwrap_or_default();
                let fine = Embed::read(&format!("#/raft?embed=1&{name}={word}"));
                assert!(fine.is_ok(), "{name}={word}");
            }
        }
    }
}
