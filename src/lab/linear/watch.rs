//! Linearizability judged while a run goes on, from what its clients report.
//!
//! For each key it keeps every state that the key may be in, with those open operations that
//! must have taken effect for that. When an operation ends, only the states remain in which it
//! could end so; when none remains, no order explains what clients saw. The work is bounded: where
//! too many operations of one key overlap, the key is judged again once none is open. So it may
//! miss something there, but never sees what is not.

use crate::engine::sorting::sort;
use crate::engine::{Call, NodeId, Outcome, Report, Verb, Word};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The id of the check of every lab that watches its clients: what the judge finds in their
/// operations stands beside it.
pub const CHECK: &str = "clients-linearizable";

/// The most states that a key is followed through at once.
const MOST_STATES: usize = 256;
/// The most operations that may be open on a key.
const MOST_OPEN: usize = 64;

/// An operation that ended as no order allows.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The key.
    pub key: Word,
    /// Whose operation it was.
    pub client: NodeId,
    /// Its number at its client.
    pub op: u64,
}

/// A client's operation that has not ended: where it is.
#[derive(Copy, Clone, Hash)]
struct Open {
    /// The client, and its number there.
    name: (NodeId, u64),
    key: Word,
    /// Its place among the open ones of its key.
    place: usize,
}

/// A value, absent or not; `None` where nobody knows, because judging began anew.
type Value = Option<Option<Word>>;

/// What a key may be like.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct State {
    value: Value,
    /// Which of the open operations took effect.
    done: u64,
    /// What the other open ones may have come upon since they began, by their places, in order: a
    /// read each value, a swap that there was not the one that it wants.
    seen: Vec<(u8, Value)>,
}

#[derive(Clone, Hash)]
struct Key {
    name: Word,
    /// The open operations; the place of each stays its own.
    open: Vec<Option<Call>>,
    /// Which of the first places are taken.
    taken: u64,
    /// In order; empty where too much overlapped to follow.
    states: Vec<State>,
}

/// The history of all keys so far, as far as it matters for what comes.
#[derive(Clone, Hash, Default)]
pub struct Watch {
    keys: Vec<Rc<Key>>,
    open: Opens,
}

/// The open operations. In a crowd nobody is looked for among all.
#[derive(Clone, Default)]
struct Opens {
    /// One of each client, by its number; nearly all have one or none.
    firsts: Vec<Option<Open>>,
    /// What clients have open besides.
    more: Vec<Open>,
}

impl Opens {
    fn find(&mut self, (client, op): (NodeId, u64)) -> Option<&mut Option<Open>> {
        let first = self.firsts.get_mut(client.index())?;
        first.is_some_and(|open| open.name.1 == op).then_some(first)
    }

    /// A client that crashed may count anew. What it left open by the same number is nobody's
    /// then.
    fn put(&mut self, open: Open) {
        let at = open.name.0.index();
        if self.firsts.len() <= at {
            self.firsts.resize(at + 1, None);
        }
        let other = self.more.iter().position(|more| more.name == open.name);
        match (&mut self.firsts[at], other) {
            (_, Some(other)) => self.more[other] = open,
            (Some(first), None) if first.name != open.name => self.more.push(open),
            (first, None) => *first = Some(open),
        }
    }

    fn take(&mut self, name: (NodeId, u64)) -> Option<Open> {
        if let Some(first) = self.find(name) {
            return first.take();
        }
        let other = self.more.iter().position(|more| more.name == name)?;
        Some(self.more.swap_remove(other))
    }
}

/// Whatever the way to it: as a list by their names.
impl Hash for Opens {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let all = || self.firsts.iter().flatten().chain(&self.more);
        state.write_usize(all().count());
        let mut last = None;
        let next = |last| all().filter(move |open| Some(open.name) > last);
        while let Some(open) = next(last).min_by_key(|open| open.name) {
            open.hash(state);
            last = Some(open.name);
        }
    }
}

impl Watch {
    /// Takes in a line of a client's history. Says what no order explains.
    pub fn note(&mut self, client: NodeId, report: &Report) -> Option<Broken> {
        match report {
            Report::Invoked { op, call } => {
                let place = Rc::make_mut(self.key(call.key)).begin(*call);
                let open = Open {
                    name: (client, *op),
                    key: call.key,
                    place,
                };
                self.open.put(open);
                None
            }
            Report::Returned { op, outcome } => {
                // What has no known outcome stays open to the end.
                let outcome = match outcome {
                    Outcome::Done(value) => Some(*value),
                    Outcome::Refused => None,
                    Outcome::Unknown => return None,
                };
                let Open { key, place, .. } = self.open.take((client, *op))?;
                let fits = Rc::make_mut(self.key(key)).end(place, outcome);
                (!fits).then_some(Broken {
                    key,
                    client,
                    op: *op,
                })
            }
        }
    }

    fn key(&mut self, name: Word) -> &mut Rc<Key> {
        let at = self.keys.partition_point(|key| key.name < name);
        if self.keys.get(at).is_none_or(|key| key.name != name) {
            let key = Key {
                name,
                open: Vec::new(),
                taken: 0,
                states: vec![State::of(Some(None))],
            };
            self.keys.insert(at, Rc::new(key));
        }
        &mut self.keys[at]
    }
}

/// The sum. A counter that stands at 0 and one that is not there are one.
fn added(value: Option<Word>, by: Option<Word>) -> Option<Word> {
    let number = |word: Option<Word>| word.and_then(Word::as_signed).unwrap_or(0);
    let sum = number(value) + number(by);
    (sum != 0).then(|| Word::signed(sum))
}

impl State {
    fn of(value: Value) -> Self {
        State {
            value,
            done: 0,
            seen: Vec::new(),
        }
    }

    /// The open operation at this place may have come upon the value that there is now.
    fn show(&mut self, place: usize, call: Call) {
        let entry = match call.verb {
            Verb::Get => (place as u8, self.value),
            Verb::Cas if self.value != Some(call.expected) => (place as u8, None),
            Verb::Cas | Verb::Put | Verb::Add => return,
        };
        if let Err(at) = self.seen.binary_search(&entry) {
            self.seen.insert(at, entry);
        }
    }

    /// The operation at this place took effect now, where it could; the others see what it did.
    fn after(&self, place: usize, call: Call, open: &[Option<Call>]) -> Option<State> {
        let finds = self.value.is_none_or(|value| value == call.expected);
        if call.verb == Verb::Get || (call.verb == Verb::Cas && !finds) {
            return None;
        }
        let value = match call.verb {
            Verb::Add => self.value.map(|value| added(value, call.value)),
            Verb::Put | Verb::Cas | Verb::Get => Some(call.value),
        };
        let mut then = self.clone();
        (then.value, then.done) = (value, then.done | 1 << place);
        then.seen.retain(|(other, _)| usize::from(*other) != place);
        for (other, open) in open.iter().enumerate() {
            if let Some(open) = open.filter(|_| then.done & 1 << other == 0) {
                then.show(other, open);
            }
        }
        Some(then)
    }

    /// The state, if the operation at this place changed nothing and came upon what it says.
    fn came_upon(&self, place: usize, call: Call, outcome: Option<Option<Word>>) -> Option<State> {
        let mut seen = self.seen.iter().filter(|(at, _)| usize::from(*at) == place);
        let fits = match (call.verb, outcome) {
            (Verb::Get, Some(read)) => {
                seen.any(|(_, value)| value.is_none_or(|value| value == read))
            }
            (Verb::Cas, None) => seen.next().is_some(),
            // What is no swap is refused for reasons of its own: it did nothing.
            (Verb::Get | Verb::Put | Verb::Add, None) => true,
            (Verb::Put | Verb::Cas | Verb::Add, Some(_)) => false,
        };
        let mut then = self.clone();
        if let (None, Verb::Get) = (self.value, call.verb) {
            then.value = outcome;
        }
        fits.then_some(then)
    }

    /// Whether all that can come of the other can come of this one.
    fn covers(&self, other: &State) -> bool {
        (self.value, self.done) == (other.value, other.done)
            && other
                .seen
                .iter()
                .all(|entry| self.seen.binary_search(entry).is_ok())
    }
}

impl Key {
    /// An operation begins; its place.
    fn begin(&mut self, call: Call) -> usize {
        if self.states.is_empty() && self.open.iter().all(Option::is_none) {
            self.states.push(State::of(None));
        }
        let mut place = self.taken.trailing_ones() as usize;
        if place == MOST_OPEN {
            let mut later = self.open.iter().skip(MOST_OPEN);
            let free = later.position(Option::is_none);
            place = free.map_or(self.open.len(), |at| MOST_OPEN + at);
        }
        if place >= self.open.len() {
            self.open.push(None);
        }
        self.open[place] = Some(call);
        if place < MOST_OPEN {
            self.taken |= 1 << place;
        } else {
            self.states.clear();
        }
        for state in &mut self.states {
            state.show(place, call);
        }
        place
    }

    /// An operation ended: `None`, it was refused. Whether it could end so.
    fn end(&mut self, place: usize, outcome: Option<Option<Word>>) -> bool {
        let Some(call) = self.open[place] else {
            return true;
        };
        let fits = self.states.is_empty() || self.narrow(place, call, outcome);
        self.open[place] = None;
        if place < MOST_OPEN {
            self.taken &= !(1 << place);
        }
        fits
    }

    /// Only states are left in which the operation could end like this. Whether there are any.
    fn narrow(&mut self, place: usize, call: Call, outcome: Option<Option<Word>>) -> bool {
        let bit = 1u64 << place;
        let changes = call.verb != Verb::Get && outcome.is_some();
        // Those in which it took effect before, and those from which it has to be reached: by
        // way of other open operations, if need be, but of no more than that.
        let all = std::mem::take(&mut self.states);
        let (mut kept, mut ways): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|s| s.done & bit != 0);
        kept.retain(|_| changes);
        let mut next = 0;
        while let Some(state) = ways.get(next).cloned() {
            next += 1;
            if changes {
                kept.extend(state.after(place, call, &self.open));
            } else if let Some(then) = state.came_upon(place, call, outcome) {
                kept.push(then);
                continue;
            }
            for (other, open) in self.open.iter().enumerate() {
                let Some(open) = open.filter(|_| other != place && state.done & 1 << other == 0)
                else {
                    continue;
                };
                let then = state.after(other, open, &self.open);
                ways.extend(then.filter(|then| !ways.iter().any(|way| way.covers(then))));
            }
            if ways.len() > MOST_STATES {
                return true;
            }
        }
        for state in &mut kept {
            state.done &= !bit;
            state.seen.retain(|(at, _)| usize::from(*at) != place);
        }
        sort(&mut kept);
        kept.dedup();
        if kept.len() > MOST_STATES {
            return true;
        }
        self.states = kept;
        !self.states.is_empty()
    }
}
