//! Words in both languages. The texts stand in locale files, one `key = text` a line, with
//! arguments in braces; a test holds that both languages have every key.

/// The text of a file beside the source that says so. The page does not carry its texts but fetches
/// them (`ui/assets.rs`): there it is empty.
#[macro_export]
macro_rules! text_of_file {
    ($($path:tt)+) => {
        if cfg!(target_arch = "wasm32") {
            ""
        } else {
            include_str!($($path)+)
        }
    };
}

/// A language of the page.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    ZhHans,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::ZhHans];

    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::ZhHans => "zh-Hans",
        }
    }

    /// The language with this tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.tag() == tag)
    }
}

/// A sentence by its key, with its arguments, before it is put into a language.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Phrase {
    /// The key in the locale files.
    pub key: String,
    /// The arguments by the names in braces, already as text.
    pub args: Vec<(&'static str, String)>,
}

impl Phrase {
    /// A phrase without arguments.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Phrase {
            key: key.into(),
            args: Vec::new(),
        }
    }

    /// Adds an argument.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "values are written where they are used"
    )]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// How much of what a person wrote a sentence says again, in characters.
const ECHOED: usize = 60;

impl Phrase {
    /// Adds an argument that somebody wrote, who may have written anything: as much of it as a
    /// sentence can hold.
    #[must_use]
    pub fn echo(self, name: &'static str, written: &str) -> Self {
        match written.char_indices().nth(ECHOED) {
            Some((end, _)) => self.with(name, format!("{}…", &written[..end])),
            None => self.with(name, written),
        }
    }
}

/// The texts of one language.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    /// By their keys, in order. Not a tree, whose code would be kilobytes of the download.
    texts: Vec<(&'static str, &'static str)>,
}

impl Dictionary {
    /// Reads locale files; of two texts for one key the later counts.
    #[must_use]
    pub fn read(files: &[&'static str]) -> Self {
        let lines = files.iter().flat_map(|file| file.lines());
        let mut read = Dictionary::default();
        let lines = lines.filter(|line| !line.starts_with('#'));
        for (key, text) in lines.filter_map(|line| line.split_once(" = ")) {
            let entry = (key.trim(), text.trim());
            match read.place(entry.0) {
                Ok(at) => read.texts[at] = entry,
                Err(at) => read.texts.insert(at, entry),
            }
        }
        read
    }

    /// The words shared by all labs: events, story errors, faults. Empty in the page, which fetches
    /// them.
    #[must_use]
    pub fn common(lang: Lang) -> &'static str {
        match lang {
            Lang::En => crate::text_of_file!("locale/en.txt"),
            Lang::ZhHans => crate::text_of_file!("locale/zh-Hans.txt"),
        }
    }

    /// Every key, in order.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.texts.iter().map(|(key, _)| *key)
    }

    /// The text of a key, without arguments filled in.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'static str> {
        self.place(key).ok().map(|at| self.texts[at].1)
    }

    /// Where a key is, or else where it would be.
    fn place(&self, key: &str) -> Result<usize, usize> {
        self.texts.binary_search_by(|(known, _)| (*known).cmp(key))
    }

    /// The text of a key; a missing one shows as its key in double angle brackets.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.get(key)
            .map_or_else(|| format!("\u{ab}{key}\u{bb}"), str::to_owned)
    }

    /// A timer by its word, and the node that it is about: `silence n3`.
    #[must_use]
    pub fn timer(&self, name: &str) -> String {
        let (kind, about) = name.split_once(' ').unwrap_or((name, ""));
        let said = self.get(&format!("timer.{kind}")).unwrap_or(kind);
        format!("{said} {about}").trim_end().to_owned()
    }

    /// A phrase in this language. What kind of word was expected (`kind`) is said in it, too, where it
    /// is no literal; a timer is called by its word, and so is a value that has one.
    #[must_use]
    pub fn say(&self, phrase: &Phrase) -> String {
        let mut text = self.text(&phrase.key);
        for (name, value) in &phrase.args {
            let said = match *name {
                "kind" => self
                    .get(&format!("kind.{}", value.replace(' ', "-")))
                    .map(str::to_owned),
                "timer" => Some(self.timer(value)),
                // The names of a lab's own things: `value.step.Charge`.
                _ => self
                    .get(&format!("value.{name}.{value}"))
                    .map(str::to_owned),
            };
            text = text.replace(&format!("{{{name}}}"), said.as_ref().unwrap_or(value));
        }
        text
    }
}
