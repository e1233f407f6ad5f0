//! Why something happened: a key plus typed arguments; the words stand in the locale files.

use super::digest::Digest;
use super::ids::{NodeId, Span, Word};

/// A note's place in its lab's table of [`NoteSpec`]s.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NoteKey(pub u16);

/// One argument of a note.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Arg {
    /// No argument in this place.
    None,
    /// A node, shown by its name.
    Node(NodeId),
    /// A term, an index, a count.
    Int(u64),
    /// A length of time.
    Span(Span),
    /// A client's key or value.
    Word(Word),
    /// A place written `a.b`, such as term.index of a log entry.
    Place(u32, u32),
}

impl Arg {
    #[inline]
    fn pack(self) -> (u32, u64) {
        match self {
            Arg::None => (0, 0),
            Arg::Node(node) => (1, u64::from(node.0)),
            Arg::Int(n) => (2, n),
            Arg::Span(span) => (3, span.0),
            Arg::Word(word) => (4, word.bits()),
            Arg::Place(a, b) => (5, u64::from(a) << 32 | u64::from(b)),
        }
    }

    fn unpack(kind: u8, word: u64) -> Self {
        match kind {
            1 => Arg::Node(NodeId(word as u16)),
            2 => Arg::Int(word),
            3 => Arg::Span(Span(word)),
            4 => Arg::Word(Word::from_bits(word)),
            5 => Arg::Place((word >> 32) as u32, word as u32),
            _ => Arg::None,
        }
    }
}

impl From<NodeId> for Arg {
    fn from(node: NodeId) -> Self {
        Arg::Node(node)
    }
}

impl From<u64> for Arg {
    fn from(n: u64) -> Self {
        Arg::Int(n)
    }
}

impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Arg::Int(n as u64)
    }
}

impl From<Span> for Arg {
    fn from(span: Span) -> Self {
        Arg::Span(span)
    }
}

impl From<Word> for Arg {
    fn from(word: Word) -> Self {
        Arg::Word(word)
    }
}

/// The reason that an engine gives while it handles an input. Packed, because nearly every step
/// has one, and takes it into the trace hash.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Note {
    /// Which note.
    pub key: NoteKey,
    /// The kinds of its arguments, by [`Arg::pack`]; a byte each, the first one lowest.
    kinds: u32,
    /// Their values.
    words: [u64; Note::MAX_ARGS],
}

impl Note {
    /// The most arguments a note can have.
    pub const MAX_ARGS: usize = 4;

    /// A note with its arguments, in the order of [`NoteSpec::args`].
    #[inline]
    #[must_use]
    pub fn new<const N: usize>(key: NoteKey, args: [Arg; N]) -> Self {
        const { assert!(N <= Note::MAX_ARGS) };
        let (mut kinds, mut words) = (0, [0; Note::MAX_ARGS]);
        for (i, arg) in args.into_iter().enumerate() {
            let (kind, word) = arg.pack();
            kinds |= kind << (8 * i);
            words[i] = word;
        }
        Note { key, kinds, words }
    }

    /// Its arguments, in the order of [`NoteSpec::args`].
    pub fn args(&self) -> impl Iterator<Item = Arg> {
        let kinds = self.kinds.to_le_bytes();
        kinds
            .into_iter()
            .zip(self.words)
            .map(|(kind, word)| Arg::unpack(kind, word))
    }

    /// Takes it into a hash: key and kinds in one word, and a word for each argument.
    #[inline]
    pub fn digest(&self, digest: &mut Digest) {
        digest.word(u64::from(self.key.0) << 32 | u64::from(self.kinds));
        let mut kinds = self.kinds;
        for word in self.words {
            if kinds == 0 {
                break;
            }
            digest.word(word);
            kinds >>= 8;
        }
    }
}

/// What a lab declares of one note.
#[derive(Copy, Clone, Debug)]
pub struct NoteSpec {
    /// Stable id, `vote-refused-log`; also its key in the locale files.
    pub id: &'static str,
    /// The names of its arguments, as the locale text uses them in braces.
    pub args: &'static [&'static str],
    /// The rule of the paper that was applied, `figure 2, RequestVote, receiver 2`; may be empty.
    pub cites: &'static str,
    /// Whether it is of an engine inside the lab's own one.
    pub inner: bool,
}

impl NoteSpec {
    /// Whether it tells that a rule was not kept because it is switched off.
    #[must_use]
    pub fn lapse(&self) -> bool {
        let named = self.cites.strip_prefix("the rule ");
        self.cites.starts_with("rule off") || named.is_some_and(|rest| rest.contains(" is off"))
    }
}

/// Declares a lab's notes: one constant a note, and the table `NOTES` that the lab hands out.
#[macro_export]
macro_rules! notes {
    ($( $name:ident = $id:literal [$($arg:literal),*] $cites:literal; )*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($name),* }
        $(
            #[doc = concat!("`", $id, "`: ", $cites)]
            pub(super) const $name: $crate::engine::NoteKey = $crate::engine::NoteKey(Place::$name as u16);
        )*
        /// Every note of this lab, in the order of its keys.
        pub(super) const NOTES: &[$crate::engine::NoteSpec] = &[
            $($crate::engine::NoteSpec { id: $id, args: &[$($arg),*], cites: $cites, inner: false }),*
        ];
    };
}

/// Makes wrapped whole numbers usable as arguments of notes and as facts.
#[macro_export]
macro_rules! shown_as_numbers {
    ($($name:ident),*) => { $(
        impl From<$name> for $crate::engine::Arg {
            fn from(value: $name) -> Self {
                $crate::engine::Arg::Int(u64::from(value.0))
            }
        }
        impl From<$name> for $crate::engine::Fact {
            fn from(value: $name) -> Self {
                $crate::engine::Fact::Int(u64::from(value.0))
            }
        }
    )* };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_come_out_as_they_went_in() {
        let args = [
            Arg::Node(NodeId(7)),
            Arg::Place(2, u32::MAX),
            Arg::Word(Word::number(12)),
            Arg::Span(Span::ms(3)),
        ];
        assert!(Note::new(NoteKey(1), args).args().eq(args));
        let short = Note::new(NoteKey(1), [Arg::Int(u64::MAX)]);
        let none = [Arg::None; 3];
        assert!(
            short
                .args()
                .eq([Arg::Int(u64::MAX)].into_iter().chain(none))
        );
    }
}
