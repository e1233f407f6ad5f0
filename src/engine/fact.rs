//! What a state or a message says of itself, as plain data: for trees, tables and traces.

use super::ids::{NodeId, Span, Time, Word};

/// One value of a state or a message.
#[derive(Clone, PartialEq, Debug)]
pub enum Fact {
    /// Nothing there (no leader known, no vote cast).
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A count, a term, an index.
    Int(u64),
    /// A node, shown by its name.
    Node(NodeId),
    /// A length of time.
    Span(Span),
    /// A moment.
    Time(Time),
    /// A client's key or value.
    Word(Word),
    /// A place written `a.b`, such as term.index of a log entry.
    Place(u64, u64),
    /// A word of the protocol, by its key in the locale files.
    Key(&'static str),
    /// Several of a kind.
    List(Vec<Fact>),
    /// Named facts inside this one.
    Group(Facts),
}

/// Named facts, in the order of the paper.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Facts(pub Vec<(&'static str, Fact)>);

impl Facts {
    /// Adds one named fact.
    pub fn say(&mut self, name: &'static str, fact: impl Into<Fact>) {
        self.0.push((name, fact.into()));
    }
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Self {
        Fact::Flag(flag)
    }
}

impl From<u64> for Fact {
    fn from(n: u64) -> Self {
        Fact::Int(n)
    }
}

impl From<u32> for Fact {
    fn from(n: u32) -> Self {
        Fact::Int(u64::from(n))
    }
}

impl From<usize> for Fact {
    fn from(n: usize) -> Self {
        Fact::Int(n as u64)
    }
}

impl From<NodeId> for Fact {
    fn from(node: NodeId) -> Self {
        Fact::Node(node)
    }
}

impl From<Word> for Fact {
    fn from(word: Word) -> Self {
        Fact::Word(word)
    }
}

impl From<Span> for Fact {
    fn from(span: Span) -> Self {
        Fact::Span(span)
    }
}

impl From<Time> for Fact {
    fn from(time: Time) -> Self {
        Fact::Time(time)
    }
}

impl<T: Into<Fact>> From<Option<T>> for Fact {
    fn from(fact: Option<T>) -> Self {
        fact.map_or(Fact::Nothing, Into::into)
    }
}

impl<T: Into<Fact>> From<Vec<T>> for Fact {
    fn from(facts: Vec<T>) -> Self {
        Fact::List(facts.into_iter().map(Into::into).collect())
    }
}

impl From<Facts> for Fact {
    fn from(facts: Facts) -> Self {
        Fact::Group(facts)
    }
}
