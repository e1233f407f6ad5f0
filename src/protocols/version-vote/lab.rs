//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, Watcher};
use super::client::Client;
use super::contest::CONTEST;
use super::message::VersionMessage;
use super::notes::{self, NOTES};
use super::order::{Config, Op};
use super::replica::Replica;
use super::rules::mistakes;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, Word, engine_of};
use crate::lab::contest::Contest;
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, Params, Reference, RuleSpec,
    Setup, ShareChart, ShareLine, SmallWorld, VerbSpec, linear,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, World};
use std::rc::Rc;

/// The lab `version-vote`.
#[derive(Copy, Clone, Debug)]
pub struct VersionVote;

const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("nodes", (5, 1, 9), ""),
    ParamSpec::integer("clients", (3, 1, 5), ""),
    ParamSpec::integer("rate", (2, 0, 50), "1/s"),
    ParamSpec::duration("retry", (Span::ms(200), Span::ms(20), Span::secs(1))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::ms(100))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::ms(100))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(50))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(50))),
];

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("ask-a-majority-first", linear::CHECK),
    rule("break-ties-by-writer", linear::CHECK),
    rule("write-back-what-was-read", linear::CHECK),
    rule("version-apart-from-value", "what-is-read-was-written"),
    rule("wait-for-a-majority", linear::CHECK),
    rule("answer-what-is-on-disk", linear::CHECK),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("keep-the-newer", "versions-never-go-back"),
    rule("take-the-highest", linear::CHECK),
    rule("count-a-replica-once", linear::CHECK),
    rule("count-this-request", linear::CHECK),
    rule("retry-under-its-version", linear::CHECK),
    rule("write-back-under-its-version", linear::CHECK),
    rule("send-again", "after-calm-everybody-is-answered"),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "answered",
        holds: checks::idle,
    },
    Moment {
        id: "alike",
        holds: checks::alike,
    },
    Moment {
        id: "apart",
        holds: |world| !checks::alike(world),
    },
    Moment {
        id: "split",
        holds: checks::split,
    },
];

const VERBS: &[VerbSpec] = &[
    VerbSpec {
        verb: "write",
        form: "VALUE",
        example: "write 1",
    },
    VerbSpec {
        verb: "read",
        form: "",
        example: "read",
    },
];

/// A write while another client reads, at three replicas.
const SMALL: SmallWorld = SmallWorld {
    params: &[("nodes", "3"), ("clients", "2"), ("rate", "0")],
    requests: &["c1 write 1", "c2 read"],
    allowance: Allowance {
        drops: 0,
        crashes: 0,
        timeouts: 0,
    },
    alike: false,
};

static INFO: LabInfo = LabInfo {
    id: "version-vote",
    family: "agreement",
    found_in: &["Cassandra", "Riak"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: VersionMessage::KINDS,
    roles: &["replica"],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "write-then-read",
        "global-version-5",
        "value-plus-one",
        "two-thirds-and-a-third",
        "the-articles-register",
        "a-write-is-lost",
        "one-version-two-values",
        "back-in-time",
        "one-is-enough",
        "before-the-disk",
        "a-minority-is-down",
        "a-writer-dies",
        "too-few-are-left",
        "disk-lost",
    ],
    lessons: crate::lessons!["versions": 15 min],
    lecture: crate::text_of_file!("README.md"),
};

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let counts = ["nodes", "clients"].map(|name| params.integer(name) as u16);
    let [replicas, clients] = counts;
    let config = Rc::new(Config {
        replicas: (0..replicas).map(NodeId).collect(),
        clients: (replicas..replicas + clients).map(NodeId).collect(),
        rate: params.integer("rate"),
        retry: params.span("retry"),
    });
    let spec = |letter: char, n: u16, kind| NodeSpec {
        name: format!("{letter}{n}"),
        kind,
    };
    let replica = |n: u16| {
        let engine = Runner::<Replica>::node(NodeId(n - 1), &config);
        (spec('n', n, NodeKind::Server), engine)
    };
    let client = |n: u16| {
        let engine = Runner::<Client>::node(NodeId(replicas + n - 1), &config);
        (spec('c', n, NodeKind::Client), engine)
    };
    let replicas = (1..=replicas).map(replica);
    replicas.chain((1..=clients).map(client)).collect()
}

/// What the article says of replicas at 3, 4 and 4, and what its own formula says: votes over all votes.
fn references() -> Vec<Reference> {
    let number = |text: &str| format!("<mn>{text}</mn>");
    let share = |votes: &str| format!("<mfrac><mn>{votes}</mn><mn>3</mn></mfrac>");
    let line = |id, value, formula| Reference { id, value, formula };
    vec![
        line("behind", 1.0 / 3.0, share("1")),
        line("current", 2.0 / 3.0, share("2")),
        line("article-six-tenths", 0.6, number("0.6")),
        line("article-four-tenths", 0.4, number("0.4")),
    ]
}

impl Lab for VersionVote {
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

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        engine_of::<Client>(world.cell(node).node())?;
        let op = match words {
            ["write", value] => Op::Write(Word::new(value)?),
            ["read"] => Op::Read,
            _ => return None,
        };
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(op),
        })
    }

    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        &[
            // Half a write is there for long, and many look.
            &[
                ("nodes", "3"),
                ("rate", "20"),
                ("latency_min", "1ms"),
                ("latency_max", "60ms"),
            ],
            // What is not on the disk yet is most of what there is.
            &[
                ("nodes", "3"),
                ("rate", "20"),
                ("disk_min", "30ms"),
                ("disk_max", "50ms"),
            ],
        ]
    }

    fn shares(&self, _: &Params) -> Vec<ShareChart> {
        let among = vec![notes::HEARD_BEHIND, notes::HEARD_CURRENT];
        let line = |id, of| ShareLine {
            id,
            of: vec![of],
            among: among.clone(),
        };
        vec![ShareChart {
            id: "votes",
            lines: vec![
                line("behind", notes::HEARD_BEHIND),
                line("current", notes::HEARD_CURRENT),
            ],
            references: references(),
        }]
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }
}
