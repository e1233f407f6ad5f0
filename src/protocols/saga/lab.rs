//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS};
use super::contest::CONTEST;
use super::customer::{Customer, Wish};
use super::judge::Judge;
use super::ledger::{Ledger, Trade};
use super::message::SagaMessage;
use super::notes::NOTES;
use super::order::{FIRST_CUSTOMER, ORDERS, Order, Outcome, PAYMENT, STOCK};
use super::orders::Orders;
use super::rules::mistakes;
use super::service::Service;
use super::view;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span};
use crate::lab::contest::Contest;
use crate::lab::{
    Asynchrony, Card, Checker, GaugeChart, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec,
    Params, Readings, RuleSpec, Setup, SmallWorld, VerbSpec,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, World};
use std::rc::Rc;

/// The lab `saga`.
#[derive(Copy, Clone, Debug)]
pub struct SagaLab;

/// What is fixed for a run, for all nodes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Config {
    /// How many customers there are.
    pub customers: u16,
    /// How many orders each of them places a second; 0: none by itself.
    pub rate: u64,
    /// How many pieces are in stock in the beginning.
    pub stock: u64,
    /// What each customer has in the beginning.
    pub money: u64,
    /// Whether a step is asked for until it is answered, instead of being given up.
    pub forward: bool,
    /// After so many times an unanswered step is given up.
    pub tries: u64,
    /// How often whoever has not answered is asked again.
    pub retry: Span,
    /// In how many of a million cases no courier takes the goods.
    pub no_courier: u64,
    /// How often the bank does not do a refund before it does.
    pub failed_refunds: u64,
}

impl Config {
    /// A service's state before its first event.
    #[must_use]
    pub fn ledger(&self, trade: Trade) -> Ledger {
        let opening = match trade {
            Trade::Goods => self.stock,
            Trade::Money => self.money,
        };
        Ledger::new(trade, opening, self.customers)
    }
}

const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "recovery",
        kind: ParamKind::Choice("backward", &["backward", "forward"]),
        unit: "",
    },
    ParamSpec::integer("customers", (3, 1, 6), ""),
    ParamSpec::integer("rate", (1, 0, 10), "1/s"),
    ParamSpec::integer("stock", (200, 0, 5000), ""),
    ParamSpec::integer("money", (600, 0, 5000), ""),
    ParamSpec::ratio(
        "no_courier",
        (Ratio::percent(10), Ratio(0), Ratio::percent(100)),
    ),
    ParamSpec::integer("failed_refunds", (0, 0, 4), ""),
    ParamSpec::integer("tries", (3, 1, 5), ""),
    ParamSpec::duration("retry", (Span::ms(150), Span::ms(50), Span::ms(500))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::ms(100))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::ms(100))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(50))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(50))),
];

const fn rule(id: &'static str, check: usize) -> RuleSpec {
    let guards = CHECKS[check].id;
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("record-before-acting", checks::CALM),
    rule("record-before-answering", checks::ALWAYS_SENT_PAID),
    rule("steps-are-idempotent", checks::ALWAYS_STOCK),
    rule("compensate-in-reverse", checks::ALWAYS_WITH_GOODS),
    rule("retry-compensations", checks::CALM),
    rule(
        "bar-what-was-compensated-first",
        checks::ALWAYS_HOLDS_NOTHING,
    ),
    rule("compensate-what-may-be-done", checks::ALWAYS_HOLDS_NOTHING),
    rule("no-way-back-from-the-last-step", checks::ALWAYS_SENT_PAID),
    rule("resume-after-a-restart", checks::CALM),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("give-back-what-was-taken", checks::ALWAYS_MONEY),
    rule("an-answer-to-its-step", checks::ALWAYS_WHOLE),
    rule("replay-every-event", checks::ALWAYS_REPLAY),
    rule("remember-refusals", checks::ALWAYS_HOLDS_NOTHING),
    rule("know-an-order", checks::ALWAYS_ONCE),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "halfway",
        holds: checks::halfway,
    },
    Moment {
        id: "turning-back",
        holds: checks::turning,
    },
    Moment {
        id: "done",
        holds: |world| checks::ended(world, Outcome::Done),
    },
    Moment {
        id: "compensated",
        holds: |world| checks::ended(world, Outcome::Compensated),
    },
];

const VERBS: &[VerbSpec] = &[VerbSpec {
    verb: "order",
    form: "PIECES",
    example: "order 2",
}];

/// One customer, and one order that may be given up.
const SMALL: SmallWorld = SmallWorld {
    params: &[
        ("customers", "1"),
        ("rate", "0"),
        ("tries", "1"),
        ("no_courier", "0%"),
    ],
    requests: &["c1 order 1"],
    allowance: Allowance {
        drops: 0,
        crashes: 1,
        timeouts: 2,
    },
    alike: false,
};

/// Little of everything, and no patience: orders are refused, given up and asked for twice; and slow disks.
const HAUNTS: &[&[(&str, &str)]] = &[
    &[
        ("rate", "10"),
        ("stock", "6"),
        ("money", "40"),
        ("tries", "1"),
        ("retry", "50ms"),
        ("no_courier", "50%"),
    ],
    &[("disk_min", "20ms"), ("disk_max", "50ms")],
];

static INFO: LabInfo = LabInfo {
    id: "saga",
    family: "commit",
    found_in: &[
        "Temporal",
        "AWS Step Functions",
        "Seata",
        "Axon",
        "MassTransit",
        "Camunda",
    ],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: SagaMessage::KINDS,
    roles: &["orders", "working", "compensating", "stock", "payment"],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "all-steps",
        "no-courier",
        "seen-in-between",
        "crash-in-the-middle",
        "stock-reads-its-log",
        "lost-answer",
        "given-up-and-done",
        "compensation-first",
        "failing-refund",
        "no-way-back",
        "forward-recovery",
        "act-then-record",
        "answer-then-record",
        "done-twice",
        "in-the-wrong-order",
        "refund-asked-once",
        "nobody-resumes",
        "late-step",
        "maybe-is-not-no",
        "sent-and-refunded",
        "disk-lost",
    ],
    lessons: crate::lessons!["there-and-back": 15 min],
    lecture: crate::text_of_file!("README.md"),
};

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let customers = params.integer("customers") as u16;
    let config = Rc::new(Config {
        customers,
        rate: params.integer("rate"),
        stock: params.integer("stock"),
        money: params.integer("money"),
        forward: params.word("recovery") == "forward",
        tries: params.integer("tries"),
        retry: params.span("retry"),
        no_courier: u64::from(params.ratio("no_courier").0),
        failed_refunds: params.integer("failed_refunds"),
    });
    let spec = |name: &str, kind: NodeKind| NodeSpec {
        name: name.to_owned(),
        kind,
    };
    let mut nodes = vec![
        (
            spec("shop", NodeKind::Server),
            Runner::<Orders>::node(ORDERS, &config),
        ),
        (
            spec("stock", NodeKind::Server),
            Runner::<Service>::node(STOCK, &config),
        ),
        (
            spec("bank", NodeKind::Server),
            Runner::<Service>::node(PAYMENT, &config),
        ),
    ];
    for at in 0..customers {
        let name = format!("c{}", at + 1);
        let node = NodeId(FIRST_CUSTOMER.0 + at);
        nodes.push((
            spec(&name, NodeKind::Client),
            Runner::<Customer>::node(node, &config),
        ));
    }
    nodes
}

impl Lab for SagaLab {
    fn info(&self) -> &'static LabInfo {
        &INFO
    }

    fn card(&self) -> &'static Card {
        static CARD: Card = Card::of(&INFO);
        &CARD
    }

    fn locale(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => crate::text_of_file!("locale/en.txt"),
            Lang::ZhHans => crate::text_of_file!("locale/zh-Hans.txt"),
        }
    }

    fn world(&self, setup: &Setup) -> World {
        setup.world(nodes(&setup.params))
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        Box::new(Judge::new(world))
    }

    /// Customers alone are asked.
    fn request(&self, _world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        let ["order", pieces] = words else {
            return None;
        };
        let pieces: u32 = pieces.parse().ok()?;
        ((1..=1000).contains(&pieces) && node >= FIRST_CUSTOMER).then(|| Request {
            text: words.join(" ").into(),
            value: Rc::new(Wish(Order { pieces })),
        })
    }

    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        HAUNTS
    }

    fn gauges(&self, _params: &Params) -> Vec<GaugeChart> {
        view::charts()
    }

    fn read(&self, world: &World) -> Readings {
        view::read(world)
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }
}
