//! The four forms: what a list of candidates weighs in each. A form is nothing but that; who is asked, who votes and how
//! many votes it takes are the same for all.

use crate::engine::NodeId;

/// What a node says of itself when it is asked.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct State {
    /// Whose it is.
    pub node: NodeId,
    /// Its priority: fixed.
    pub priority: u64,
    /// Its load in percent, at the moment at which it was asked.
    pub load: u64,
    /// Whether it was sick then.
    pub sick: bool,
}

impl State {
    /// Whether it may lead in the form that looks: healthy, and not above the limit of the load.
    #[must_use]
    pub fn fit(&self, load_max: u64) -> bool {
        !self.sick && self.load <= load_max
    }
}

/// How one of several candidates is chosen.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Form {
    /// The highest priority among those whose load and health are acceptable.
    Acceptance,
    /// A draw; each weighs the product of all priorities, which is the same for each.
    Product,
    /// A draw; each weighs its priority.
    Draw,
    /// A draw; each weighs one.
    Uniform,
}

impl Form {
    /// All four, in the order of their words.
    pub const ALL: [Form; 4] = [Form::Acceptance, Form::Product, Form::Draw, Form::Uniform];
    /// Their words.
    pub const WORDS: &'static [&'static str] = &["acceptance", "product", "draw", "uniform"];

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Form::Acceptance => "acceptance",
            Form::Product => "product",
            Form::Draw => "draw",
            Form::Uniform => "uniform",
        }
    }

    /// The form of this word; no other than those of `WORDS` come.
    #[must_use]
    pub fn of(word: &str) -> Form {
        let known = Form::ALL.into_iter().find(|form| form.word() == word);
        known.unwrap_or(Form::Acceptance)
    }

    /// What each of the slate weighs. A draw takes one with its weight over the sum of all.
    #[must_use]
    pub fn weights(self, slate: &[State], load_max: u64) -> Vec<u64> {
        match self {
            Form::Acceptance => {
                let best = best(slate, load_max).map(|state| state.node);
                let weight = |state: &State| u64::from(Some(state.node) == best);
                slate.iter().map(weight).collect()
            }
            // A product over all of them says nothing of any of them.
            Form::Product => {
                let all = slate.iter().map(|state| state.priority).product();
                vec![all; slate.len()]
            }
            Form::Draw => slate.iter().map(|state| state.priority).collect(),
            Form::Uniform => vec![1; slate.len()],
        }
    }
}

/// In how many elections of this slate each is the highest that is fit, if each draws a load of 1 to 100 % anew, and an
/// election in which nobody is fit is held again. Who is sick is so then, too.
#[must_use]
pub(super) fn accepted(slate: &[State], load_max: u64) -> Vec<f64> {
    let fit = load_max as f64 / 100.0;
    let unfit = |count: usize| (0..count).fold(1.0, |all, _| all * (1.0 - fit));
    let well = slate.iter().filter(|state| !state.sick).count();
    let share = |(at, state): (usize, &State)| {
        let before = slate.iter().enumerate().filter(|(other_at, other)| {
            let equal = other.priority == state.priority && *other_at < at;
            !other.sick && (other.priority > state.priority || equal)
        });
        if state.sick {
            return 0.0;
        }
        fit * unfit(before.count()) / (1.0 - unfit(well))
    };
    slate.iter().enumerate().map(share).collect()
}

/// The one with the highest priority among those that are fit; of equal ones the first.
pub(super) fn best(slate: &[State], load_max: u64) -> Option<&State> {
    let fit = slate.iter().filter(|state| state.fit(load_max));
    fit.reduce(|best, state| {
        if state.priority > best.priority {
            state
        } else {
            best
        }
    })
}

/// The place at which a number below the sum of the weights falls.
pub(super) fn falls_on(weights: &[u64], mut number: u64) -> Option<usize> {
    weights.iter().position(|weight| {
        let here = number < *weight;
        number = number.saturating_sub(*weight);
        here
    })
}
