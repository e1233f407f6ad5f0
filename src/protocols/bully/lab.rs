//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, Watcher};
use super::contest::CONTEST;
use super::experiments;
use super::message::BullyMessage;
use super::notes::NOTES;
use super::peer::{Config, Elect, Peer};
use super::rules::mistakes;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, engine_of};
use crate::lab::contest::Contest;
use crate::lab::{
    Asynchrony, Card, Checker, Experiment, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec,
    Params, RuleSpec, Setup, VerbSpec,
};
use crate::sim::{NodeKind, NodeSpec, Request, World};
use std::rc::Rc;

/// The lab `bully`.
#[derive(Copy, Clone, Debug)]
pub struct Bully;

/// A wait is longer than the way there and back, whatever is set; a leader's silence longer than the gap
/// between two of its signs of life and a message's time.
const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "variant",
        kind: ParamKind::Choice("plain", &["plain", "terms"]),
        unit: "",
    },
    ParamSpec::integer("nodes", (5, 2, 12), ""),
    ParamSpec::duration("answer_wait", (Span::ms(50), Span::ms(45), Span::ms(500))),
    ParamSpec::duration("heartbeat", (Span::ms(50), Span::ms(10), Span::ms(100))),
    ParamSpec::duration(
        "leader_timeout",
        (Span::ms(200), Span::ms(150), Span::secs(2)),
    ),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::ms(20))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::ms(20))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(20))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(20))),
];

const ONE_A_TERM: &str = "one-leader-a-term";

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule(
        "wait-for-the-answer",
        "nobody-takes-the-lead-over-a-higher-live-node",
    ),
    rule("a-higher-node-takes-over", "after-calm-the-highest-leads"),
    rule("ask-again", "a-wait-for-a-coordinator-ends"),
    rule("a-majority-assents", ONE_A_TERM),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule(
        "step-down-for-a-higher-node",
        "two-lead-only-while-an-announcement-travels",
    ),
    rule(
        "answer-while-electing",
        "nobody-takes-the-lead-over-a-higher-live-node",
    ),
    rule("assent-once-a-term", ONE_A_TERM),
    rule("assent-when-on-disk", ONE_A_TERM),
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
        id: "electing",
        holds: |world| {
            let mut live = world.ids().filter_map(|id| checks::live(world, id));
            live.any(|peer| peer.phase == super::Phase::Electing)
        },
    },
    Moment {
        id: "waits-for-the-dead",
        holds: checks::waits_for_the_dead,
    },
];

const VERBS: &[VerbSpec] = &[VerbSpec {
    verb: "elect",
    form: "",
    example: "elect",
}];

static INFO: LabInfo = LabInfo {
    id: "bully",
    family: "elections",
    found_in: &["MongoDB", "Elasticsearch"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: BullyMessage::KINDS,
    roles: &[
        "lost",
        "follower",
        "electing",
        "waiting",
        "proposing",
        "leader",
    ],
    moments: MOMENTS,
    verbs: VERBS,
    // Who does not answer in time is taken for dead.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "the-leader-crashes",
        "the-old-leader-comes-back",
        "lost-in-the-middle",
        "partition",
        "terms-under-a-partition",
        "a-pause",
        "a-late-answer",
        "the-lowest-notices",
        "without-waiting",
        "without-taking-over",
        "without-asking-again",
        "without-a-majority",
    ],
    lessons: crate::lessons!["the-highest-leads": 14 min],
    lecture: crate::text_of_file!("README.md"),
};

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let config = Rc::new(Config {
        nodes: params.integer("nodes") as u16,
        terms: params.word("variant") == "terms",
        answer_wait: params.span("answer_wait"),
        heartbeat: params.span("heartbeat"),
        leader_timeout: params.span("leader_timeout"),
    });
    let node = |id: NodeId| {
        let spec = NodeSpec {
            name: format!("n{}", id.0 + 1),
            kind: NodeKind::Server,
        };
        (spec, Runner::<Peer>::node(id, &config))
    };
    config.all().map(node).collect()
}

impl Lab for Bully {
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
        engine_of::<Peer>(world.cell(node).node())?;
        (words == ["elect"]).then(|| Request {
            text: "elect".into(),
            value: Rc::new(Elect),
        })
    }

    /// Votes and terms are looked at in the variant that has them, where writes take their time.
    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        &[
            &[
                ("variant", "terms"),
                ("nodes", "3"),
                ("disk_min", "10ms"),
                ("disk_max", "20ms"),
            ],
            // A long wait: who has answered has the time to die before it leads.
            &[
                ("nodes", "3"),
                ("answer_wait", "120ms"),
                ("leader_timeout", "150ms"),
            ],
        ]
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        &experiments::ALL
    }
}
