//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, Watcher};
use super::contest::CONTEST;
use super::experiments;
use super::message::RingMessage;
use super::notes::NOTES;
use super::orders::ids;
use super::peer::{Config, Elect, Peer};
use super::rules::mistakes;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, engine_of};
use crate::lab::contest::Contest;
use crate::lab::{
    Asynchrony, Card, Checker, Experiment, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec,
    RuleSpec, Setup, VerbSpec,
};
use crate::sim::{NodeKind, NodeSpec, Request, World};
use std::rc::Rc;

/// The lab `ring-election`.
#[derive(Copy, Clone, Debug)]
pub struct RingElection;

/// The orders in which ids may stand on the ring.
pub(super) const ORDERS: &[&str] = &["random", "best", "worst"];
/// The two algorithms.
pub(super) const VARIANTS: &[&str] = &["one-way", "both-ways"];

/// A wait for an acknowledgement is longer than the way there and back, whatever is set.
const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "variant",
        kind: ParamKind::Choice("one-way", VARIANTS),
        unit: "",
    },
    ParamSpec::integer("nodes", (6, 2, 16), ""),
    ParamSpec {
        name: "order",
        kind: ParamKind::Choice("random", ORDERS),
        unit: "",
    },
    ParamSpec::duration("start", (Span::ms(20), Span::ms(1), Span::ms(200))),
    ParamSpec::duration("hop_wait", (Span::ms(50), Span::ms(45), Span::ms(100))),
    ParamSpec::duration("heartbeat", (Span::ms(100), Span::ms(50), Span::ms(500))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::ms(20))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::ms(20))),
];

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const ONE_LEADER: &str = "one-leader";
const IN_TIME: &str = "the-largest-live-id-leads-in-time";

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("swallow-smaller-ids", ONE_LEADER),
    rule("pass-by-the-dead", IN_TIME),
    rule("once-round", "no-id-goes-round-twice"),
    rule("a-larger-id-takes-over", "after-calm-the-largest-id-leads"),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("begin-again", IN_TIME),
    rule("stand-back", ONE_LEADER),
    rule("step-down-for-a-larger-id", ONE_LEADER),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "leader",
        holds: |world| checks::leaders(world).next().is_some(),
    },
    Moment {
        id: "agreed",
        holds: checks::agreed,
    },
    Moment {
        id: "two-leaders",
        holds: |world| checks::leaders(world).count() > 1,
    },
    Moment {
        id: "id-of-the-dead",
        holds: checks::outlived,
    },
];

const VERBS: &[VerbSpec] = &[VerbSpec {
    verb: "elect",
    form: "",
    example: "elect",
}];

static INFO: LabInfo = LabInfo {
    id: "ring-election",
    family: "elections",
    found_in: &["Token Ring"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: RingMessage::KINDS,
    roles: &["idle", "running", "relaying", "follower", "leader"],
    moments: MOMENTS,
    verbs: VERBS,
    // Who does not acknowledge in time is taken for dead.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "all-at-once",
        "best-order",
        "worst-order",
        "both-ways",
        "the-leader-crashes",
        "the-old-leader-comes-back",
        "an-id-outlives-its-node",
        "lost-with-its-bearer",
        "partition",
        "every-id-comes-home",
        "stopped-by-the-dead",
        "round-and-round",
        "it-bows",
    ],
    lessons: crate::lessons!["ids-on-a-ring": 14 min],
    lecture: crate::text_of_file!("README.md"),
};

fn nodes(setup: &Setup) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let params = &setup.params;
    let n = params.integer("nodes") as u16;
    let both_ways = params.word("variant") == "both-ways";
    let config = Rc::new(Config {
        ids: ids(params.word("order"), both_ways, n, setup.seed),
        both_ways,
        start: params.span("start"),
        hop_wait: params.span("hop_wait"),
        heartbeat: params.span("heartbeat"),
    });
    let node = |at: u16| {
        let spec = NodeSpec {
            name: format!("n{}", at + 1),
            kind: NodeKind::Server,
        };
        (spec, Runner::<Peer>::node(NodeId(at), &config))
    };
    (0..n).map(node).collect()
}

impl Lab for RingElection {
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
        setup.world(nodes(setup))
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::new(world))
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        engine_of::<Peer>(world.cell(node).node())?;
        (words == ["elect"]).then(|| Request {
            text: "elect".into(),
            value: Rc::new(Elect),
        })
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        &experiments::ALL
    }
}
