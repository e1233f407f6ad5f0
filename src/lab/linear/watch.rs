//! Linearizability judged while a run goes on, from what its clients report.
//!
//! For each key it keeps every state that the key may be in, with those open operations that
//! must have taken effect for that. When an operation ends, only the states remain in which it
//! could end so; when none remains, no order explains what clients saw. The work is bounded: where
//! too many operations of one key overlap, the key is judged again once none is open. So it may
//! miss something there, but never sees what is not.

use crate::engine::{Call, NodeId, Outcome, Report, Verb, Word};
use std::rc::Rc;

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

/// A client's operation that has not ended.
#[derive(Copy, Clone)]
struct Open {
    client: NodeId,
    op: u64,
    call: Call,
}

/// What a key may be like.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// Its value; what it was before judging began nobody knows.
    value: Option<Option<Word>>,
    /// Which of the open operations took effect.
    done: u64,
}

#[derive(Clone)]
struct Key {
    name: Word,
    /// The open operations; the place of each stays its own.
    open: Vec<Option<Open>>,
    /// In order; empty where too much overlapped to follow.
    states: Vec<State>,
}

/// The history of all keys so far, as far as it matters for what comes.
#[derive(Clone, Default)]
pub struct Watch {
    keys: Vec<Rc<Key>>,
}

impl Watch {
    /// Takes in a line of a client's history. Says what no order explains.
    pub fn note(&mut self, client: NodeId, report: &Report) -> Option<Broken> {
        match report {
            Report::Invoked { op, call } => {
                self.forget_name(client, *op);
                let open = Open {
                    client,
                    op: *op,
                    call: *call,
                };
                Rc::make_mut(self.key(call.key)).begin(open);
                None
            }
            Report::Returned { op, outcome } => {
                let (key, at) = self.find(client, *op)?;
                // What has no known outcome stays open to the end.
                let outcome = match outcome {
                    Outcome::Done(value) => Some(*value),
                    Outcome::Refused => None,
                    Outcome::Unknown => return None,
                };
                let key = Rc::make_mut(&mut self.keys[key]);
                let fits = key.end(at, outcome);
                (!fits).then_some(Broken {
                    key: key.name,
                    client,
                    op: *op,
                })
            }
        }
    }

    /// The key of an open operation, and its place there.
    fn find(&self, client: NodeId, op: u64) -> Option<(usize, usize)> {
        let is_it = |open: &Option<Open>| open.is_some_and(|o| (o.client, o.op) == (client, op));
        let mut keys = self.keys.iter().enumerate();
        keys.find_map(|(at, key)| Some((at, key.open.iter().position(is_it)?)))
    }

    /// A client that crashed may count anew. What it left open is nobody's then, and stays open.
    fn forget_name(&mut self, client: NodeId, op: u64) {
        if let Some((key, at)) = self.find(client, op)
            && let Some(open) = &mut Rc::make_mut(&mut self.keys[key]).open[at]
        {
            open.op = 0;
        }
    }

    fn key(&mut self, name: Word) -> &mut Rc<Key> {
        let at = self.keys.partition_point(|key| key.name < name);
        if self.keys.get(at).is_none_or(|key| key.name != name) {
            let at_first = State {
                value: Some(None),
                done: 0,
            };
            let key = Key {
                name,
                open: Vec::new(),
                states: vec![at_first],
            };
            self.keys.insert(at, Rc::new(key));
        }
        &mut self.keys[at]
    }
}

impl Key {
    fn begin(&mut self, open: Open) {
        if self.states.is_empty() && self.open.iter().all(Option::is_none) {
            self.states.push(State {
                value: None,
                done: 0,
            });
        }
        let at = self.open.iter().position(Option::is_none);
        let at = at.unwrap_or(self.open.len());
        if at == self.open.len() {
            self.open.push(None);
        }
        self.open[at] = Some(open);
        if at >= MOST_OPEN {
            self.states.clear();
        }
    }

    /// An operation ended: `None`, it was refused. Whether it could end so.
    fn end(&mut self, at: usize, outcome: Option<Option<Word>>) -> bool {
        let Some(open) = self.open[at].take() else {
            return true;
        };
        if self.states.is_empty() {
            return true;
        }
        let bit = 1u64 << at;
        let changes = open.call.verb != Verb::Get && outcome.is_some();
        let (mut kept, mut ways): (Vec<State>, Vec<State>) = (Vec::new(), Vec::new());
        for state in &self.states {
            if state.done & bit == 0 {
                ways.push(*state);
            } else if changes {
                kept.push(State {
                    done: state.done & !bit,
                    ..*state
                });
            }
        }
        let mut next = 0;
        while let Some(state) = ways.get(next).copied() {
            next += 1;
            kept.extend(ended(state, open.call, outcome));
            for (other, open) in self.open.iter().enumerate() {
                let Some(open) = open.filter(|_| state.done & 1 << other == 0) else {
                    continue;
                };
                if let Some(mut then) = took_effect(state, open.call) {
                    then.done |= 1 << other;
                    if !ways.contains(&then) {
                        ways.push(then);
                    }
                }
            }
            if ways.len() > MOST_STATES {
                self.states.clear();
                return true;
            }
        }
        kept.sort_unstable();
        kept.dedup();
        self.states = kept;
        !self.states.is_empty()
    }
}

/// The state after an operation that changes something; a swap only where it finds what it wants.
fn took_effect(state: State, call: Call) -> Option<State> {
    let value = Some(call.value);
    match call.verb {
        Verb::Get => None,
        Verb::Put => Some(State { value, ..state }),
        Verb::Cas => {
            let finds = state.value.is_none_or(|value| value == call.expected);
            finds.then_some(State { value, ..state })
        }
    }
}

/// The state after an operation that ended like this just now, where it could.
fn ended(state: State, call: Call, outcome: Option<Option<Word>>) -> Option<State> {
    match (call.verb, outcome) {
        (Verb::Get, Some(read)) => {
            let sees = state.value.is_none_or(|value| value == read);
            sees.then_some(State {
                value: Some(read),
                ..state
            })
        }
        (Verb::Put | Verb::Cas, Some(_)) => took_effect(state, call),
        // What is no swap is refused for reasons of its own: it did nothing.
        (Verb::Get | Verb::Put, None) => Some(state),
        (Verb::Cas, None) => (state.value != Some(call.expected)).then_some(state),
    }
}
