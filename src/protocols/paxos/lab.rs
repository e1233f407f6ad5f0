//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, Watcher};
use super::contest::CONTEST;
use super::message::PaxosMessage;
use super::notes::NOTES;
use super::peer::{Config, Peer, Propose};
use super::rules::mistakes;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, Word, engine_of};
use crate::lab::contest::Contest;
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec, Params, RuleSpec,
    Setup, SmallWorld, VerbSpec,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, World};
use std::rc::Rc;

/// The lab `paxos`.
#[derive(Copy, Clone, Debug)]
pub struct Paxos;

const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "roles",
        kind: ParamKind::Choice("apart", &["apart", "together"]),
        unit: "",
    },
    ParamSpec::integer("proposers", (2, 2, 4), ""),
    ParamSpec::integer("acceptors", (5, 1, 9), ""),
    ParamSpec::integer("learners", (1, 1, 3), ""),
    ParamSpec::integer("prepare_quorum", (0, 0, 9), ""),
    ParamSpec::integer("accept_quorum", (0, 0, 9), ""),
    ParamSpec::flag("by_themselves", true),
    ParamSpec::duration("start", (Span::ms(20), Span::ms(1), Span::secs(1))),
    ParamSpec::duration("retry", (Span::ms(200), Span::ms(20), Span::secs(1))),
    ParamSpec::duration("back_off", (Span::ms(50), Span::ms(10), Span::ms(200))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::ms(100))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::ms(100))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(50))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(50))),
];

const ONE_VALUE: &str = "one-value-is-chosen";
const LEARNED: &str = "what-is-learned-is-chosen";
const SOON: &str = "after-calm-a-value-is-chosen";

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("remember-promises", ONE_VALUE),
    rule("adopt-the-highest", ONE_VALUE),
    rule("prepare-before-accept", ONE_VALUE),
    rule("more-than-half", ONE_VALUE),
    rule("quorums-overlap", ONE_VALUE),
    rule("unique-ballots", ONE_VALUE),
    rule("back-off", SOON),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("answer-what-is-on-disk", ONE_VALUE),
    rule("count-an-acceptor-once", ONE_VALUE),
    rule("compare-what-is-heard", ONE_VALUE),
    rule("compare-before-accepting", ONE_VALUE),
    rule("count-this-ballot", ONE_VALUE),
    rule("count-ballots-apart", LEARNED),
    rule("nothing-is-no-value", "the-chosen-value-was-proposed"),
    rule("send-again", SOON),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "chosen",
        holds: |world| !checks::chosen_on_disk(world).is_empty(),
    },
    Moment {
        id: "learned",
        holds: checks::all_learned,
    },
    Moment {
        id: "duel",
        holds: checks::duel,
    },
    Moment {
        id: "two-chosen",
        holds: checks::two_chosen,
    },
];

const VERBS: &[VerbSpec] = &[VerbSpec {
    verb: "propose",
    form: "VALUE",
    example: "propose x1",
}];

/// Two proposers that want different values, and three acceptors, two of which are these.
const SMALL: SmallWorld = SmallWorld {
    params: &[
        ("roles", "together"),
        ("acceptors", "3"),
        ("by_themselves", "off"),
    ],
    requests: &["n1 propose x", "n2 propose y"],
    allowance: Allowance {
        drops: 0,
        crashes: 0,
        timeouts: 0,
    },
    alike: false,
};

static INFO: LabInfo = LabInfo {
    id: "paxos",
    family: "agreement",
    found_in: &["Chubby", "Cassandra", "Spanner"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: PaxosMessage::KINDS,
    roles: &[
        "idle",
        "preparing",
        "accepting",
        "backing-off",
        "decided",
        "acceptor",
        "promised",
        "accepted",
        "learner",
        "learned",
    ],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "one-value",
        "duel",
        "live-lock",
        "one-round",
        "at-least-half",
        "forgotten-promise",
        "its-own-value",
        "shared-ballot",
        "small-quorums",
        "flexible-quorums",
        "value-of-the-dead",
        "crash-in-mid-promise",
        "minority-left",
        "the-learner-asks",
        "disk-lost",
    ],
    lessons: crate::lessons!["two-majorities": 14 min, "duels": 13 min],
    lecture: crate::text_of_file!("README.md"),
};

/// The nodes of each role, and all their names.
fn cast(params: &Params) -> ([Vec<NodeId>; 3], Vec<String>) {
    let counts = ["proposers", "acceptors", "learners"].map(|name| params.integer(name) as u16);
    let nodes = |from: u16, count: u16| (from..from + count).map(NodeId).collect::<Vec<_>>();
    if params.word("roles") == "together" {
        let all = counts.into_iter().max().unwrap_or(0);
        let names = (1..=all).map(|n| format!("n{n}")).collect();
        return (counts.map(|count| nodes(0, count)), names);
    }
    let [p, a, l] = counts;
    let named = |letter: char, count: u16| (1..=count).map(move |n| format!("{letter}{n}"));
    let names = named('p', p).chain(named('a', a)).chain(named('l', l));
    ([nodes(0, p), nodes(p, a), nodes(p + a, l)], names.collect())
}

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let ([proposers, acceptors, learners], names) = cast(params);
    let quorum = |name| params.integer(name) as usize;
    let config = Rc::new(Config {
        proposers,
        acceptors,
        learners,
        quorums: [quorum("prepare_quorum"), quorum("accept_quorum")],
        retry: params.span("retry"),
        back_off: params.span("back_off"),
        start: params.flag("by_themselves").then(|| params.span("start")),
    });
    let node = |(at, name): (usize, String)| {
        let kind = NodeKind::Server;
        let engine = Runner::<Peer>::node(NodeId(at as u16), &config);
        (NodeSpec { name, kind }, engine)
    };
    names.into_iter().enumerate().map(node).collect()
}

impl Lab for Paxos {
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
        Box::new(Watcher::new(world))
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        engine_of::<Peer>(world.cell(node).node())?
            .proposer
            .as_ref()?;
        let ["propose", value] = words else {
            return None;
        };
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(Propose(Word::new(value)?)),
        })
    }
}
