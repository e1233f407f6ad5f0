//! Who wins how often, in each of the four forms, beside what can be derived. One node calls an election, all three
//! answer, and nobody else calls for a second: so all that decides is the form.
//!
//! Let p be a priority over the sum of all three.
//!
//! - *Acceptance*: a node is fit with probability q, the limit of the load. The highest wins if it is fit; one with r
//!   higher ones wins if these r are not, and it is; and if none is fit all is done again: q(1-q)^r / (1-(1-q)^3).
//! - *Product* and *uniform*: all weigh the same, 1/3.
//! - *Draw*, by the caller: p. By each voter for itself: two of three votes or three, p²(3-2p), over the sum of that for
//!   all three, since a split vote is held again.

use super::checks::leaders;
use super::forms::Form;
use super::lab::{NAMES, PriorityVote};
use super::peer::Wish;
use crate::engine::{NodeId, Span, Time};
use crate::lab::experiment::{Column, Experiment, ExperimentSpec, Shown, Theory};
use crate::lab::{Complaint, Lab, ParamKind, ParamSpec, Params, Setup};
use crate::sim::{Action, Request, World};
use std::fmt::Write;
use std::rc::Rc;

/// What the lab offers: the same runs, over the nodes and over the priority of one of them.
pub(super) const ALL: &[&dyn Experiment] = &[&Wins(&FOUR_FORMS), &Wins(&BY_PRIORITY)];

struct Wins(&'static ExperimentSpec);

const SPECS: &[ParamSpec] = &[
    ParamSpec::integer("node", (1, 1, 3), ""),
    ParamSpec::integer("priority_a", (10, 1, 20), ""),
    ParamSpec::integer("priority_b", (8, 1, 20), ""),
    ParamSpec::integer("priority_c", (9, 1, 20), ""),
    ParamSpec::integer("load_max", (80, 50, 100), ""),
    ParamSpec {
        name: "decides",
        kind: ParamKind::Choice("caller", &["caller", "voters"]),
        unit: "",
    },
];

const fn column(name: &'static str) -> Column {
    Column {
        name,
        shown: Shown::Share,
    }
}

const COLUMNS: &[Column] = &[
    column("acceptance"),
    column("product"),
    column("draw"),
    column("uniform"),
];

static FOUR_FORMS: ExperimentSpec = ExperimentSpec {
    id: "four-forms",
    params: SPECS,
    varies: ("node", "1,2,3"),
    columns: COLUMNS,
    seeds: 1000,
};

static BY_PRIORITY: ExperimentSpec = ExperimentSpec {
    id: "by-priority",
    params: SPECS,
    varies: ("priority_a", "2,4,6,8,10,12,14,16,18,20"),
    columns: COLUMNS,
    seeds: 400,
};

/// What the theory needs of the parameters.
pub(super) struct Case {
    priorities: [u64; 3],
    load_max: u64,
    voters_decide: bool,
}

impl Case {
    /// By the names that the lab and its experiments have in common.
    pub(super) fn of(params: &Params) -> Self {
        Case {
            priorities: ["priority_a", "priority_b", "priority_c"].map(|name| params.integer(name)),
            load_max: params.integer("load_max"),
            voters_decide: params.word("decides") == "voters",
        }
    }

    /// A node's priority over the sum of all: what the article's worked case gives it.
    pub(super) fn part(&self, node: usize) -> f64 {
        self.priorities[node] as f64 / self.sum() as f64
    }

    pub(super) fn sum(&self) -> u64 {
        self.priorities.iter().sum()
    }

    pub(super) fn priority(&self, node: usize) -> u64 {
        self.priorities[node]
    }

    /// How many are taken before it, where the highest that is fit is taken.
    fn before(&self, node: usize) -> usize {
        let own = self.priorities[node];
        let others = self.priorities.iter().enumerate();
        others
            .filter(|(other, priority)| **priority > own || (**priority == own && *other < node))
            .count()
    }

    /// In how many elections this one wins.
    pub(super) fn share(&self, form: Form, node: usize) -> f64 {
        match form {
            Form::Acceptance => {
                let fit = self.load_max as f64 / 100.0;
                let unfit = 1.0 - fit;
                let before = (0..self.before(node)).fold(1.0, |all, _| all * unfit);
                fit * before / (1.0 - unfit * unfit * unfit)
            }
            Form::Product | Form::Uniform => 1.0 / 3.0,
            Form::Draw if self.voters_decide => {
                let two_of_three = |node| {
                    let p = self.part(node);
                    p * p * (3.0 - 2.0 * p)
                };
                two_of_three(node) / (0..3).map(two_of_three).sum::<f64>()
            }
            Form::Draw => self.part(node),
        }
    }

    /// The same with letters.
    fn letters(&self, form: Form) -> String {
        let formula = match form {
            Form::Acceptance => ACCEPTANCE,
            Form::Product | Form::Uniform => THIRD,
            Form::Draw if self.voters_decide => VOTED,
            Form::Draw => DRAWN,
        };
        formula.to_owned()
    }

    /// And with numbers, where it is short.
    pub(super) fn formula(&self, form: Form, node: usize) -> String {
        match form {
            Form::Draw if !self.voters_decide => fraction(self.priorities[node], self.sum()),
            Form::Acceptance | Form::Product | Form::Draw | Form::Uniform => self.letters(form),
        }
    }
}

/// Two numbers over each other.
pub(super) fn fraction(over: u64, under: u64) -> String {
    format!("<mfrac><mn>{over}</mn><mn>{under}</mn></mfrac>")
}

const ACCEPTANCE: &str = "<mfrac><mrow><mi>q</mi><msup><mrow><mo>(</mo><mn>1</mn><mo>−</mo><mi>q</mi><mo>)</mo></mrow><mi>r</mi></msup></mrow>\
     <mrow><mn>1</mn><mo>−</mo><msup><mrow><mo>(</mo><mn>1</mn><mo>−</mo><mi>q</mi><mo>)</mo></mrow><mn>3</mn></msup></mrow></mfrac>";
const THIRD: &str = "<mfrac><mn>1</mn><mn>3</mn></mfrac>";
const DRAWN: &str = "<mi>p</mi>";
const VOTED: &str = "<mfrac><mrow><msup><mi>p</mi><mn>2</mn></msup><mo>(</mo><mn>3</mn><mo>−</mo><mn>2</mn><mi>p</mi><mo>)</mo></mrow>\
     <mrow><mo>∑</mo><msup><mi>p</mi><mn>2</mn></msup><mo>(</mo><mn>3</mn><mo>−</mo><mn>2</mn><mi>p</mi><mo>)</mo></mrow></mfrac>";

/// Nothing is under way then, and nobody would call by itself for a second.
const BEGUN: Span = Span::ms(20);
/// Elections enough, should one after the other elect nobody.
const OVER: Span = Span::secs(20);

/// The parameters of the lab, by text as in a story.
fn values(params: &Params, form: Form) -> Vec<(&'static str, String)> {
    let mut values = vec![("form", form.word().to_owned())];
    for name in ["priority_a", "priority_b", "priority_c", "load_max"] {
        values.push((name, params.integer(name).to_string()));
    }
    values.push(("decides", params.word("decides").to_owned()));
    values.push(("leader_timeout", "1s".to_owned()));
    values
}

fn setup(params: &Params, form: Form, seed: u64) -> Setup {
    let lab: &dyn Lab = &PriorityVote;
    let mut setup = lab.setup(seed);
    for (name, value) in values(params, form) {
        let set = setup.params.set(name, &value);
        debug_assert!(set.is_ok(), "the bounds are those of the lab");
    }
    setup
}

/// Who calls.
fn caller(seed: u64) -> NodeId {
    NodeId((seed % 3) as u16)
}

/// Who was the first to lead, and the world at that moment.
pub(super) fn elected(params: &Params, form: Form, seed: u64) -> (Option<NodeId>, World) {
    let mut world = PriorityVote.world(&setup(params, form, seed));
    let begun = Time(0) + BEGUN;
    while world.next_time().is_some_and(|next| next <= begun) && world.step() {}
    world.advance_to(begun);
    let call = Request {
        text: "call".into(),
        value: Rc::new(Wish::Call),
    };
    let end = begun + OVER;
    if world.act(&Rc::new(Action::Ask(caller(seed), call))).is_ok() {
        while leaders(&world).next().is_none()
            && world.next_time().is_some_and(|next| next <= end)
            && world.step()
        {}
    }
    let leader = leaders(&world).next().map(|(id, _)| id);
    (leader, world)
}

impl Experiment for Wins {
    fn spec(&self) -> &'static ExperimentSpec {
        self.0
    }

    fn together(&self) -> &'static [usize] {
        &[0, 1, 2, 3]
    }

    fn named(&self, param: &str) -> &'static [&'static str] {
        if param == "node" {
            &["A", "B", "C"]
        } else {
            &[]
        }
    }

    fn check(&self, _: &Params) -> Result<(), Complaint> {
        Ok(())
    }

    fn measure(&self, params: &Params, seed: u64) -> Vec<Option<f64>> {
        let node = NodeId(params.integer("node") as u16 - 1);
        let won = |form| {
            let (leader, _) = elected(params, form, seed);
            leader.map(|leader| f64::from(u8::from(leader == node)))
        };
        Form::ALL.into_iter().map(won).collect()
    }

    /// A run for each form; they differ in that word alone.
    fn apart(&self) -> bool {
        true
    }

    fn story(&self, params: &Params, seed: u64, column: usize) -> Option<String> {
        let form = *Form::ALL.get(column)?;
        let mut text = format!("lab priority-vote seed={seed}");
        let setup = setup(params, form, seed);
        for (spec, value) in setup.params.changed() {
            // A text takes what is written to it.
            let _ = write!(text, " {}={value}", spec.name);
        }
        let (leader, world) = elected(params, form, seed);
        leader?;
        let (who, hash) = (NAMES[caller(seed).index()], world.trace_hash());
        let _ = writeln!(
            text,
            "\nrun {BEGUN}\nrequest {who} call\nrun until leader within {OVER}\nexpect trace {hash:016x}"
        );
        Some(text)
    }

    fn theory(&self, params: &Params) -> Vec<Theory> {
        let case = Case::of(params);
        let node = params.integer("node") as usize - 1;
        let line = |(column, form): (usize, Form)| Theory {
            id: match form {
                Form::Acceptance => "highest-fit",
                Form::Product => "equal-products",
                Form::Draw => "by-priority",
                Form::Uniform => "one-third",
            },
            column,
            value: Some(case.share(form, node)),
            formula: Some(case.letters(form)),
        };
        Form::ALL.into_iter().enumerate().map(line).collect()
    }
}
