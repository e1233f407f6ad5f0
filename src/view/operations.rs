//! The operations of clients as a person reads them: what each was and saw, the order that explains
//! all, or the smallest set that no order explains and a sentence why.

use crate::engine::sorting::sort_by_key;
use crate::engine::{NodeId, Outcome, Time, Verb, Word};
use crate::lab::linear::{Account, Asked, Judged, Opinion, Reason};
use crate::lab::{Dictionary, Names, Phrase};

/// So many facts of a reason are told one by one.
const MOST_TOLD: usize = 4;

/// One operation, ready to be shown.
pub struct Operation {
    /// Its place in the account.
    pub at: usize,
    /// Its client.
    pub client: NodeId,
    /// From when on it was open.
    pub from: Time,
    /// When it was answered; `None` where its outcome is not known.
    pub to: Option<Time>,
    /// Until when nothing more can be said of one that was not answered: its client began another.
    pub fades: Option<Time>,
    /// The step that shows it: its end, or its beginning where it has none.
    pub step: u64,
    /// What it was, and what it saw: `put x=1`, `get x → 1`.
    pub text: String,
    /// Its place in the order that explains all, and a moment that agrees with it.
    pub place: Option<(u32, Time)>,
    /// Whether it is one of those that no order explains.
    pub marked: bool,
    /// Whether it is the one of these that fits nowhere.
    pub stuck: bool,
}

/// The operations that reach into a stretch of time, as they stood at a step.
#[must_use]
pub fn operations(
    account: &Account,
    judged: &Judged,
    (from, to): (Time, Time),
    step: u64,
    words: &Dictionary,
) -> Vec<Operation> {
    let mut next: Vec<(NodeId, Time)> = Vec::new();
    let mut shown = Vec::new();
    // Backwards, so that what a client asked next is known.
    for (at, asked) in account.until(step).iter().enumerate().rev() {
        let known = next.iter_mut().find(|(client, _)| *client == asked.client);
        let then = known.as_ref().map(|(_, time)| *time);
        match known {
            Some((_, time)) => *time = asked.since,
            None => next.push((asked.client, asked.since)),
        }
        let end = asked.ended(step);
        let last = end.map(|(_, time, _)| time).or(then);
        if asked.since > to || last.is_some_and(|last| last < from) {
            continue;
        }
        let stuck = judged.reason().and_then(|reason| reason.stuck);
        shown.push(Operation {
            at,
            client: asked.client,
            from: asked.since,
            to: end.map(|(_, time, _)| time),
            fades: then.filter(|_| end.is_none()),
            step: end.map_or(asked.step, |(step, ..)| step),
            text: operation_text(asked, step, words),
            place: judged.order.get(at).copied().flatten(),
            marked: judged.is_marked(at),
            stuck: stuck == Some(at),
        });
    }
    shown.reverse();
    shown
}

/// What was asked for: `put x=1`, `cas x=1:2`, `get x`; or in the lab's own words, where it has such.
fn asked_text(asked: &Asked, words: &Dictionary) -> String {
    let call = &asked.call;
    let (key, value) = (call.key, word(call.value, words));
    let own = match call.verb {
        Verb::Put => "operation.put",
        Verb::Get => "operation.get",
        Verb::Cas => "operation.cas",
        Verb::Add => "operation.add",
    };
    if words.get(own).is_some() {
        return words.say(&Phrase::new(own).with("value", value));
    }
    match call.verb {
        Verb::Put => format!("put {key}={value}"),
        Verb::Get => format!("get {key}"),
        Verb::Cas => format!("cas {key}={}:{value}", word(call.expected, words)),
        Verb::Add => format!("add {value} to {key}"),
    }
}

/// The same with what it saw.
#[must_use]
pub fn operation_text(asked: &Asked, step: u64, words: &Dictionary) -> String {
    let text = asked_text(asked, words);
    let end = asked.ended(step).map(|(_, _, outcome)| outcome);
    match (asked.call.verb, end) {
        (Verb::Get, Some(Outcome::Done(value))) => format!("{text} → {}", word(value, words)),
        (_, Some(Outcome::Refused)) => format!("{text} → {}", words.text("operation.refused")),
        (_, Some(Outcome::Done(_))) => text,
        (_, None | Some(Outcome::Unknown)) => format!("{text} → ?"),
    }
}

/// A value, absent or not.
fn word(value: Option<Word>, words: &Dictionary) -> String {
    value.map_or_else(|| words.text("operation.absent"), |value| value.to_string())
}

/// What the judge says, in a sentence or a few.
#[must_use]
pub fn opinion_text(
    account: &Account,
    judged: &Judged,
    names: &Names,
    words: &Dictionary,
) -> String {
    match &judged.opinion {
        Opinion::Holds => words.text("order.holds"),
        Opinion::Undecided => words.text("order.undecided"),
        Opinion::TooMany => {
            let most = Phrase::new("order.too-many").with("most", Account::MOST_JUDGED);
            words.say(&most)
        }
        Opinion::Fails(reason) => reason_text(account, reason, names, words),
    }
}

/// Why no order explains these operations: what the one that fits nowhere saw; which of them was
/// over before which began; and what is left to be seen then.
#[must_use]
pub fn reason_text(
    account: &Account,
    reason: &Reason,
    names: &Names,
    words: &Dictionary,
) -> String {
    let asked = |at: usize| account.operations().get(at);
    let whose = |at: usize| {
        let text = asked(at).map(|asked| {
            let text = if reason.stuck == Some(at) {
                asked_text(asked, words)
            } else {
                operation_text(asked, u64::MAX, words)
            };
            let phrase = Phrase::new("order.whose")
                .with("operation", text)
                .with("client", names.node(asked.client));
            words.say(&phrase)
        });
        text.unwrap_or_default()
    };
    let Some((at, stuck)) = reason.stuck.and_then(|at| Some((at, asked(at)?))) else {
        let count = Phrase::new("order.none").with("n", reason.operations.len());
        return words.say(&count);
    };
    let seen = Seen::of(stuck);
    let say = |phrase: Phrase| {
        let phrase = phrase
            .with("operation", whose(at))
            .with("key", stuck.call.key)
            .with("value", word(seen.value(), words));
        words.say(&phrase)
    };
    let mut sentences = vec![say(Phrase::new(seen.key("order.saw")))];
    if reason.operations.len() == 1 {
        sentences.push(say(Phrase::new(seen.key("order.never"))));
        return joined(sentences, "order.join", words);
    }
    // What is nearest to the one that fits nowhere is told first.
    let mut before = reason.before.clone();
    sort_by_key(&mut before, |(a, b)| {
        (*b != at, std::cmp::Reverse(*b), std::cmp::Reverse(*a))
    });
    for (i, (a, b)) in before.iter().take(MOST_TOLD).enumerate() {
        let key = match (i, *b == at) {
            (0, true) => "order.before-it",
            (_, true) => "order.before-it-too",
            (_, false) => "order.before",
        };
        sentences.push(say(Phrase::new(key)
            .with("a", whose(*a))
            .with("b", whose(*b))));
    }
    if before.len() > MOST_TOLD {
        let more = Phrase::new("order.more").with("n", reason.operations.len());
        sentences.push(words.say(&more));
    }
    let values: Vec<String> = reason.values.iter().map(|v| word(*v, words)).collect();
    if !values.is_empty() {
        let so = if reason.overlap {
            "order.so-whatever"
        } else {
            "order.so"
        };
        let was = Phrase::new(seen.key("order.was"))
            .with("so", words.text(so))
            .with("values", joined(values, "order.or", words));
        sentences.push(say(was));
    }
    joined(sentences, "order.join", words)
}

/// Texts in a row, as a language puts them.
fn joined(texts: Vec<String>, key: &str, words: &Dictionary) -> String {
    let join = |a: String, b: String| words.say(&Phrase::new(key).with("a", a).with("b", b));
    texts.into_iter().reduce(join).unwrap_or_default()
}

/// What the operation that fits nowhere says its key was.
#[derive(Copy, Clone)]
enum Seen {
    /// It read this.
    Read(Option<Word>),
    /// It found what it expected.
    Found(Option<Word>),
    /// It did not find it.
    Missed(Option<Word>),
    /// It says nothing of that.
    Nothing,
}

impl Seen {
    fn of(asked: &Asked) -> Self {
        let outcome = asked.end.map(|(_, _, outcome)| outcome);
        match (asked.call.verb, outcome) {
            (Verb::Get, Some(Outcome::Done(value))) => Seen::Read(value),
            (Verb::Cas, Some(Outcome::Done(_))) => Seen::Found(asked.call.expected),
            (Verb::Cas, Some(Outcome::Refused)) => Seen::Missed(asked.call.expected),
            (Verb::Put | Verb::Get | Verb::Cas | Verb::Add, _) => Seen::Nothing,
        }
    }

    fn value(self) -> Option<Word> {
        match self {
            Seen::Read(value) | Seen::Found(value) | Seen::Missed(value) => value,
            Seen::Nothing => None,
        }
    }

    /// The key of a sentence that has a form for each.
    fn key(self, sentence: &str) -> String {
        let form = match self {
            Seen::Read(_) => "read",
            Seen::Found(_) => "found",
            Seen::Missed(_) => "missed",
            Seen::Nothing => "nothing",
        };
        format!("{sentence}-{form}")
    }
}
