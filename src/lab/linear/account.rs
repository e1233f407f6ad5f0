//! The operations of a run's clients, from what they reported, and what the judge says of them up
//! to a moment: for whoever draws them.

use super::{Act, Condition, Failure, Model, Operation, Val, Verdict, judge};
use crate::engine::sorting::sort;
use crate::engine::{Call, NodeId, Outcome, Report, Time, Verb, Word};
use crate::lab::Told;

/// One operation of a client.
#[derive(Copy, Clone, Debug)]
pub struct Asked {
    /// Whose it is.
    pub client: NodeId,
    /// Its number at its client.
    pub number: u64,
    /// What was asked for.
    pub call: Call,
    /// The step in which it began.
    pub step: u64,
    /// When that was.
    pub since: Time,
    /// The step in which it ended, when that was, and how.
    pub end: Option<(u64, Time, Outcome)>,
    /// The places of both in the order of all that was reported.
    places: (u32, Option<u32>),
}

impl Asked {
    /// How it had ended by a step, and when; `None` where it was open then. What has no known
    /// outcome is open for good.
    #[must_use]
    pub fn ended(&self, step: u64) -> Option<(u64, Time, Outcome)> {
        self.end
            .filter(|(end, _, outcome)| *end <= step && *outcome != Outcome::Unknown)
    }

    /// For the judge, as it stood at a step. What was refused without having looked is nothing.
    fn operation(
        &self,
        step: u64,
        key: u32,
        number: impl Fn(Option<Word>) -> Val,
    ) -> Option<Operation> {
        let outcome = self.ended(step).map(|(_, _, outcome)| outcome);
        let act = match (self.call.verb, outcome) {
            (Verb::Get, Some(Outcome::Done(value))) => Act::Read(number(value)),
            (Verb::Get, None | Some(Outcome::Unknown)) => Act::Read(Val::NULL),
            (Verb::Get | Verb::Put | Verb::Add, Some(Outcome::Refused)) => return None,
            (Verb::Add, _) => Act::Add(self.call.value.and_then(Word::as_signed).unwrap_or(0)),
            (Verb::Put, _) => Act::Write(number(self.call.value)),
            (Verb::Cas, outcome) => Act::Cas {
                expected: number(self.call.expected),
                new: number(self.call.value),
                done: outcome != Some(Outcome::Refused),
            },
        };
        Some(Operation {
            process: u32::from(self.client.0),
            key,
            act,
            begin: self.places.0,
            end: self.places.1.filter(|_| outcome.is_some()),
        })
    }
}

/// All operations of a run, in the order in which they began.
#[derive(Clone, Default)]
pub struct Account {
    operations: Vec<Asked>,
    /// Those that have not ended.
    open: Vec<usize>,
    /// The step of every report.
    steps: Vec<u64>,
    /// Every word that was met, in order.
    words: Vec<Word>,
    /// Whether some of the beginning is missing.
    partial: bool,
}

/// What the judge says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Opinion {
    /// There is an order that explains all.
    Holds,
    /// There is none.
    Fails(Reason),
    /// It was not found out in the time given.
    Undecided,
    /// There are too many operations to be judged, or the first of them are not kept.
    TooMany,
}

/// Operations that no order explains, and why. They are named by their places in the account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// All of them, in the order in which they began.
    pub operations: Vec<usize>,
    /// The one that fits nowhere.
    pub stuck: Option<usize>,
    /// Which ended before which began; what follows from others is left out.
    pub before: Vec<(usize, usize)>,
    /// Whether some of the others overlap, so that there is more than one order of them.
    pub overlap: bool,
    /// What the key may have been when the last of them was to take effect.
    pub values: Vec<Option<Word>>,
}

/// What the judge says of the operations up to a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// The step.
    pub step: u64,
    /// What it says.
    pub opinion: Opinion,
    /// Where it holds, of each operation its place in the order, from 1, and a moment between its
    /// beginning and its end at which it may have taken effect; these respect the order.
    pub order: Vec<Option<(u32, Time)>>,
}

impl Judged {
    /// Whether an operation is one of those that no order explains.
    #[must_use]
    pub fn is_marked(&self, operation: usize) -> bool {
        self.reason()
            .is_some_and(|reason| reason.operations.contains(&operation))
    }

    /// Why no order explains the operations, where none does.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match &self.opinion {
            Opinion::Fails(reason) => Some(reason),
            Opinion::Holds | Opinion::Undecided | Opinion::TooMany => None,
        }
    }
}

impl Account {
    /// The most operations that are kept; of more, the first ones go.
    pub const MOST: usize = 50_000;
    /// The most that are judged.
    pub const MOST_JUDGED: usize = 20_000;

    /// Takes in what a client told, in its order.
    pub fn note(&mut self, told: &Told) {
        let place = self.steps.len() as u32;
        self.steps.push(told.step);
        match told.report {
            Report::Invoked { op, call } => self.begin(told, op, call, place),
            Report::Returned { op, outcome } => {
                let of = |at: &usize| {
                    let asked = &self.operations[*at];
                    (asked.client, asked.number) == (told.client, op)
                };
                if let Some(at) = self.open.iter().position(of) {
                    let asked = &mut self.operations[self.open.swap_remove(at)];
                    asked.end = Some((told.step, told.time, outcome));
                    asked.places.1 = Some(place);
                    self.learn([outcome_value(outcome), None, None]);
                }
            }
        }
    }

    fn begin(&mut self, told: &Told, number: u64, call: Call, place: u32) {
        if self.operations.len() == Self::MOST {
            let gone = Self::MOST / 4;
            self.operations.drain(..gone);
            self.open.retain(|at| *at >= gone);
            self.open.iter_mut().for_each(|at| *at -= gone);
            self.partial = true;
        }
        // A client has one at a time: what it left open when it crashed stays open.
        let operations = &self.operations;
        self.open.retain(|at| operations[*at].client != told.client);
        self.open.push(self.operations.len());
        self.learn([Some(call.key), call.value, call.expected]);
        self.operations.push(Asked {
            client: told.client,
            number,
            call,
            step: told.step,
            since: told.time,
            end: None,
            places: (place, None),
        });
    }

    fn learn(&mut self, words: [Option<Word>; 3]) {
        for word in words.into_iter().flatten() {
            if let Err(at) = self.words.binary_search(&word) {
                self.words.insert(at, word);
            }
        }
    }

    /// Something of what was told is not kept.
    pub fn miss(&mut self) {
        self.partial = true;
    }

    /// All operations.
    #[must_use]
    pub fn operations(&self) -> &[Asked] {
        &self.operations
    }

    /// Those that had begun by a step.
    #[must_use]
    pub fn until(&self, step: u64) -> &[Asked] {
        let count = self.operations.partition_point(|asked| asked.step <= step);
        &self.operations[..count]
    }

    /// How much had been told by a step.
    #[must_use]
    pub fn told(&self, step: u64) -> usize {
        self.steps.partition_point(|told| *told <= step)
    }

    /// Judges the operations as they stood at a step, at `now`. `go_on` is asked every now and then.
    #[must_use]
    pub fn judge(&self, step: u64, now: Time, go_on: &mut dyn FnMut() -> bool) -> Judged {
        let asked = self.until(step);
        let mut judged = Judged {
            step,
            opinion: Opinion::TooMany,
            order: vec![None; asked.len()],
        };
        if self.partial || asked.len() > Self::MOST_JUDGED {
            return judged;
        }
        let place = |word: Option<Word>| {
            let at = word.and_then(|word| self.words.binary_search(&word).ok());
            at.map_or(0, |at| at as u64 + 1)
        };
        // What is added to is a counter, and its values are what they say.
        let counts = asked.iter().any(|one| one.call.verb == Verb::Add);
        let model = if counts {
            Model::Counter
        } else {
            Model::Register
        };
        let number = |word: Option<Word>| match word.and_then(Word::as_signed) {
            count if counts => Val(count.unwrap_or(0).cast_unsigned()),
            _ => Val(place(word)),
        };
        let operation = |one: &Asked| one.operation(step, place(Some(one.call.key)) as u32, number);
        let (names, history): (Vec<usize>, Vec<Operation>) = asked
            .iter()
            .enumerate()
            .filter_map(|(at, one)| Some((at, operation(one)?)))
            .unzip();
        judged.opinion = match judge(&history, model, Condition::Linearizable, go_on) {
            Verdict::Holds(order) => {
                let order: Vec<usize> = order.into_iter().map(|at| names[at]).collect();
                set_moments(&mut judged.order, asked, &order, (step, now));
                Opinion::Holds
            }
            Verdict::Fails(failure) => {
                let word = |value: u64| match counts {
                    true => Some(Word::signed(value.cast_signed())),
                    false => self.word(value),
                };
                Opinion::Fails(reason(&history, &names, &failure, word))
            }
            Verdict::Undecided => Opinion::Undecided,
        };
        judged
    }

    /// The word that stands for this number.
    fn word(&self, number: u64) -> Option<Word> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.words.get(at).copied()
    }
}

fn reason(
    history: &[Operation],
    names: &[usize],
    failure: &Failure,
    word: impl Fn(u64) -> Option<Word>,
) -> Reason {
    let all = &failure.operations;
    let before = |a: usize, b: usize| history[a].end.is_some_and(|end| end < history[b].begin);
    let mut edges = Vec::new();
    let mut overlap = false;
    for (i, a) in all.iter().copied().enumerate() {
        for b in all[i + 1..].iter().copied() {
            let between = || all.iter().any(|c| before(a, *c) && before(*c, b));
            if before(a, b) && !between() {
                edges.push((names[a], names[b]));
            }
            overlap |= !before(a, b) && Some(a) != failure.stuck && Some(b) != failure.stuck;
        }
    }
    let mut values: Vec<Option<Word>> = failure
        .states
        .iter()
        .filter_map(|state| state.first())
        .map(|value| word(*value))
        .collect();
    sort(&mut values);
    Reason {
        operations: all.iter().map(|at| names[*at]).collect(),
        stuck: failure.stuck.map(|at| names[at]),
        before: edges,
        overlap,
        values,
    }
}

fn outcome_value(outcome: Outcome) -> Option<Word> {
    match outcome {
        Outcome::Done(value) => value,
        Outcome::Refused | Outcome::Unknown => None,
    }
}

/// Gives each operation its place and a moment: half-way between the earliest that those before it
/// allow and the latest that those behind it do.
fn set_moments(
    places: &mut [Option<(u32, Time)>],
    asked: &[Asked],
    order: &[usize],
    (step, now): (u64, Time),
) {
    let mut latest = vec![now; order.len()];
    let mut last = now;
    for (moment, at) in latest.iter_mut().zip(order).rev() {
        let end = asked[*at].ended(step).map_or(now, |(_, time, _)| time);
        last = last.min(end);
        *moment = last;
    }
    let mut earliest = Time(0);
    for ((place, at), latest) in (1..).zip(order).zip(latest) {
        earliest = earliest.max(asked[*at].since);
        let half = earliest.0 + latest.0.saturating_sub(earliest.0) / 2;
        places[*at] = Some((place, Time(half)));
    }
}
