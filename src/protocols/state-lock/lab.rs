//! The lab: its parameters, its world, and the numbers that its chart sets beside a run.

use super::checks::{self, CHECKS, KEEPER, Watcher, takers};
use super::keeper::{Config, Keeper, mistakes};
use super::message::LockMessage;
use super::notes::{self, NOTES};
use super::taker::{Taker, Wish};
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, engine_of};
use crate::lab::experiment::Experiment;
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, Params, Reference, RuleSpec,
    Setup, ShareChart, ShareLine, SmallWorld, VerbSpec,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, World};
use std::rc::Rc;

/// The lab `state-lock`.
#[derive(Copy, Clone, Debug)]
pub struct StateLock;

const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("nodes", (3, 1, 9), ""),
    ParamSpec::integer("ask_one_in", (3, 1, 10), ""),
    ParamSpec::integer("release_one_in", (3, 1, 10), ""),
    ParamSpec::duration("step", (Span::ms(100), Span::ms(20), Span::ms(500))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::secs(2))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::secs(2))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::secs(1))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::secs(1))),
];

const ONE_GRANT: &str = "one-grant-at-a-time";

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the rule constants in `keeper`.
const RULES: &[RuleSpec] = &[
    rule("test-and-set-in-one-step", ONE_GRANT),
    rule("only-the-holder-releases", ONE_GRANT),
    rule("one-place", ONE_GRANT),
];

/// In the order of the constants in `keeper::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("grant-what-is-on-disk", ONE_GRANT),
    rule("look-at-the-number", ONE_GRANT),
    rule("tell-the-holder-again", "after-calm-the-lock-is-granted"),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "locked",
        holds: |world| checks::lock(world).holder.is_some(),
    },
    Moment {
        id: "free",
        holds: |world| checks::lock(world).holder.is_none(),
    },
    Moment {
        id: "two-hold",
        holds: |world| takers(world).filter(|(_, taker)| taker.holds()).count() > 1,
    },
];

const VERBS: &[VerbSpec] = &[
    VerbSpec {
        verb: "take",
        form: "",
        example: "take",
    },
    VerbSpec {
        verb: "release",
        form: "",
        example: "release",
    },
];

/// Two nodes that ask for the lock, one of which gives it back.
const SMALL: SmallWorld = SmallWorld {
    params: &[("nodes", "2")],
    requests: &["n1 take", "n1 release", "n2 take"],
    allowance: Allowance {
        drops: 0,
        crashes: 0,
        timeouts: 0,
    },
    alike: false,
};

static INFO: LabInfo = LabInfo {
    id: "state-lock",
    family: "locks",
    found_in: &["Memcached", "HBase"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: LockMessage::KINDS,
    roles: &[
        "free",
        "locked",
        "unlocked",
        "waiting",
        "holder",
        "releasing",
    ],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "one-after-the-other",
        "test-then-set",
        "somebody-else-releases",
        "each-its-own-state",
        "a-local-mutex",
        "a-waiter-is-overtaken",
        "the-holder-dies",
        "crash-in-mid-grant",
        "disk-lost",
    ],
    lessons: crate::lessons!["three-states": 12 min],
    lecture: crate::text_of_file!("README.md"),
};

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let config = Rc::new(Config {
        keeper: KEEPER,
        step: params.span("step"),
        ask_one_in: params.integer("ask_one_in"),
        release_one_in: params.integer("release_one_in"),
    });
    let spec = |name: String| NodeSpec {
        name,
        kind: NodeKind::Server,
    };
    let keeper = Runner::<Keeper>::node(KEEPER, &config);
    let mut nodes = vec![(spec("s1".to_owned()), keeper)];
    nodes.extend((1..=params.integer("nodes") as u16).map(|n| {
        let node = Runner::<Taker>::node(NodeId(n), &config);
        (spec(format!("n{n}")), node)
    }));
    nodes
}

/// The chance that the lock is taken in a step in which it is free, and the share of the steps in which
/// it is locked: README.md derives both.
pub(super) fn derived(params: &Params) -> (f64, f64) {
    let (ask, release) = (
        params.integer("ask_one_in"),
        params.integer("release_one_in"),
    );
    let silent = (ask - 1) as f64 / ask as f64;
    let all_silent = (0..params.integer("nodes")).fold(1.0, |all, _| all * silent);
    let taken = 1.0 - all_silent;
    (taken, taken / (taken + 1.0 / release as f64))
}

/// Two numbers over each other.
fn fraction(over: &str, under: &str) -> String {
    format!("<mfrac><mrow>{over}</mrow><mrow>{under}</mrow></mfrac>")
}

/// The formulas of both, with letters: `n` nodes, one in `a` asks, one in `r` releases.
pub(super) fn formulas() -> [String; 2] {
    let one_in = |letter: &str| fraction("<mn>1</mn>", &format!("<mi>{letter}</mi>"));
    let taken = format!(
        "<mi>p</mi><mo>=</mo><mn>1</mn><mo>−</mo><msup><mrow><mo>(</mo><mn>1</mn><mo>−</mo>{}<mo>)</mo></mrow>\
         <mi>n</mi></msup>",
        one_in("a"),
    );
    let under = format!("<mi>p</mi><mo>+</mo>{}", one_in("r"));
    [taken, fraction("<mi>p</mi>", &under)]
}

/// What the article says, and what follows from its own model.
fn references(params: &Params) -> Vec<Reference> {
    let (taken, locked) = derived(params);
    let one_in = |n: u64| fraction("<mn>1</mn>", &format!("<mn>{n}</mn>"));
    let (nodes, ask) = (params.integer("nodes"), params.integer("ask_one_in"));
    let p = format!(
        "<mi>p</mi><mo>=</mo><mn>1</mn><mo>−</mo><msup><mrow><mo>(</mo><mn>1</mn><mo>−</mo>{}<mo>)</mo></mrow>\
         <mn>{nodes}</mn></msup>",
        one_in(ask),
    );
    let share = fraction(
        "<mi>p</mi>",
        &format!(
            "<mi>p</mi><mo>+</mo>{}",
            one_in(params.integer("release_one_in"))
        ),
    );
    let small = |over: &str, under: &str| {
        fraction(&format!("<mn>{over}</mn>"), &format!("<mn>{under}</mn>"))
    };
    let line = |id, value, formula| Reference { id, value, formula };
    vec![
        line("taken", taken, p),
        line("locked", locked, share),
        line("article-two-thirds", 2.0 / 3.0, small("2", "3")),
        line("article-third", 1.0 / 3.0, small("1", "3")),
        line("article-ninth", 1.0 / 9.0, small("1", "9")),
    ]
}

impl Lab for StateLock {
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
        let params = &setup.params;
        setup.world(nodes(params))
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::new(world))
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        engine_of::<Taker>(world.cell(node).node())?;
        let wish = match words {
            ["take"] => Wish::Take,
            ["release"] => Wish::Release,
            _ => return None,
        };
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(wish),
        })
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        super::experiment::ALL
    }

    fn shares(&self, params: &Params) -> Vec<ShareChart> {
        let free = [notes::STAYED_FREE, notes::BECAME_LOCKED];
        let all = [
            notes::STAYED_FREE,
            notes::BECAME_LOCKED,
            notes::STAYED_LOCKED,
            notes::BECAME_FREE,
        ];
        let locked = [notes::BECAME_LOCKED, notes::STAYED_LOCKED];
        vec![ShareChart {
            id: "chances",
            lines: vec![
                ShareLine {
                    id: "taken",
                    of: vec![notes::BECAME_LOCKED],
                    among: free.to_vec(),
                },
                ShareLine {
                    id: "locked",
                    of: locked.to_vec(),
                    among: all.to_vec(),
                },
            ],
            references: references(params),
        }]
    }
}
