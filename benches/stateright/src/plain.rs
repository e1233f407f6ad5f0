//! The same model without packing: lists and sets, as it would be written first.

use stateright::{Model, Property};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Manager {
    Working,
    Prepared,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    Open,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    Prepared(usize),
    Commit,
    Abort,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    managers: Vec<Manager>,
    decision: Decision,
    known: Vec<bool>,
    messages: BTreeSet<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    TakePrepared(usize),
    Commit,
    Abort,
    Prepare(usize),
    ChooseAbort(usize),
    Hear(usize, Manager),
}

#[derive(Clone)]
pub struct Plain {
    pub managers: u8,
}

impl Model for Plain {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let many = usize::from(self.managers);
        vec![State {
            managers: vec![Manager::Working; many],
            decision: Decision::Open,
            known: vec![false; many],
            messages: BTreeSet::new(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let open = state.decision == Decision::Open;
        if open {
            actions.push(Action::Abort);
            if state.known.iter().all(|known| *known) {
                actions.push(Action::Commit);
            }
        }
        for (at, manager) in state.managers.iter().enumerate() {
            if open && state.messages.contains(&Message::Prepared(at)) {
                actions.push(Action::TakePrepared(at));
            }
            if *manager == Manager::Working {
                actions.push(Action::Prepare(at));
                actions.push(Action::ChooseAbort(at));
            }
            if state.messages.contains(&Message::Commit) {
                actions.push(Action::Hear(at, Manager::Committed));
            }
            if state.messages.contains(&Message::Abort) {
                actions.push(Action::Hear(at, Manager::Aborted));
            }
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::TakePrepared(at) => next.known[at] = true,
            Action::Commit => {
                next.decision = Decision::Committed;
                next.messages.insert(Message::Commit);
            }
            Action::Abort => {
                next.decision = Decision::Aborted;
                next.messages.insert(Message::Abort);
            }
            Action::Prepare(at) => {
                next.managers[at] = Manager::Prepared;
                next.messages.insert(Message::Prepared(at));
            }
            Action::ChooseAbort(at) => next.managers[at] = Manager::Aborted,
            Action::Hear(at, what) => next.managers[at] = what,
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("consistent", |_, state: &State| {
            let any = |what| state.managers.contains(&what);
            !(any(Manager::Committed) && any(Manager::Aborted))
        })]
    }
}
