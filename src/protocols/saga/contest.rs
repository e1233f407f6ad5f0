//! How it is compared with others ([`Contest`]): an order is its unit of work, and finished when the customer is told that it
//! is done. There are three servers, whatever the others have.

use super::customer::Customer;
use super::notes::TOLD_DONE;
use super::order::ORDERS;
use crate::engine::engine_of;
use crate::lab::contest::{About, Case, Contest, Finished, Formula, Variant};
use crate::sim::World;

fn ask(_: &World, _: u64) -> Option<String> {
    Some("request c1 order 1".to_owned())
}

/// The customers were told how each order ended.
fn told(world: &World) -> bool {
    let customers = world
        .ids()
        .filter_map(|id| engine_of::<Customer>(world.cell(id).node()));
    customers.into_iter().all(Customer::knows_all)
}

const fn order(
    id: &'static str,
    params: &'static [(&'static str, &'static str)],
    formulas: &'static [Formula],
) -> Case {
    Case {
        id,
        params,
        begin: |world| ask(world, 0).into_iter().collect(),
        until: Some(told),
        formulas,
    }
}

const fn term(text: &'static str, of: fn(u64) -> u64, about: About) -> Formula {
    Formula {
        text,
        of,
        about,
        at_most: false,
    }
}

/// A question and an answer for each step and each compensation; the customer asks, is told that the order is taken, and how it ended. The
/// order service writes where it is, and each service what it has done.
const CASES: &[Case] = &[
    order(
        "a-done-order",
        &[],
        &[
            term("6 + 3", |_| 9, About::InAll),
            term("4 + 3", |_| 7, About::Writes),
        ],
    ),
    order(
        "a-compensated-order",
        &[("no_courier", "100%")],
        &[
            term("6 + 4 + 3", |_| 13, About::InAll),
            term("6 + 5", |_| 11, About::Writes),
        ],
    ),
];

/// What customers and the shop see; that memory is what the log says is how it is kept.
const JUDGED: &[&str] = &[
    "stock-plus-reserved-plus-sold-never-changes",
    "money-is-neither-made-nor-lost",
    "nothing-is-sent-that-is-not-paid",
    "money-is-held-only-with-goods",
    "a-compensated-order-holds-nothing",
    "a-done-order-is-sent-and-paid",
    "an-order-ends-once",
];

pub(super) static CONTEST: Contest = Contest {
    size: None,
    params: &[("customers", "1"), ("rate", "0"), ("no_courier", "0%")],
    variants: &[
        Variant {
            id: "backward",
            params: &[("recovery", "backward")],
            without: &[],
            judged: JUDGED,
            cases: CASES,
        },
        Variant {
            id: "forward",
            params: &[("recovery", "forward")],
            without: &[],
            judged: JUDGED,
            cases: CASES,
        },
    ],
    pulses: &[],
    in_charge: |_| Some(ORDERS),
    ask,
    finished: Finished::Noted(&[TOLD_DONE]),
    once: None,
    in_doubt: None,
};
