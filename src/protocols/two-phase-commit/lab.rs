//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS};
use super::contest::CONTEST;
use super::member::{Config, Member};
use super::message::CommitMessage;
use super::notes::NOTES;
use super::rules::mistakes;
use super::view;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span};
use crate::lab::commit::{Order, Outcome, Pay};
use crate::lab::contest::Contest;
use crate::lab::{
    Asynchrony, Card, Checker, GaugeChart, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec,
    Params, Readings, RuleSpec, Setup, SmallWorld, VerbSpec,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, World};
use std::rc::Rc;

/// The lab `two-phase-commit`.
#[derive(Copy, Clone, Debug)]
pub struct TwoPhaseCommit;

const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "variant",
        kind: ParamKind::Choice("basic", &["basic", "presumed-abort"]),
        unit: "",
    },
    ParamSpec {
        name: "termination",
        kind: ParamKind::Choice("coordinator", &["coordinator", "cooperative"]),
        unit: "",
    },
    ParamSpec::integer("members", (4, 2, 8), ""),
    ParamSpec::integer("coordinators", (1, 1, 8), ""),
    ParamSpec::integer("rate", (2, 0, 10), "1/s"),
    ParamSpec::integer("opening", (100, 0, 1000), ""),
    ParamSpec::duration("vote_timeout", (Span::ms(200), Span::ms(50), Span::secs(1))),
    ParamSpec::duration("ask_timeout", (Span::ms(150), Span::ms(20), Span::secs(1))),
    ParamSpec::duration("retry", (Span::ms(200), Span::ms(50), Span::secs(1))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::ms(100))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::ms(100))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(50))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(50))),
];

const ALIKE: &str = "all-decide-alike";
const STAYS: &str = "a-decision-stays";
const EVERY_YES: &str = "no-commit-without-every-yes";
const TOTAL: &str = "with-nobody-in-doubt-the-total-is-right";
const OVERDRAWN: &str = "no-account-is-overdrawn";
const CALM: &str = "after-calm-nobody-is-in-doubt";

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("force-before-voting", TOTAL),
    rule("do-not-decide-alone", ALIKE),
    rule("apply-after-decision", ALIKE),
    rule("every-vote-is-needed", EVERY_YES),
    rule("force-the-decision", ALIKE),
    rule("remember-until-acknowledged", ALIKE),
    rule("hold-locks", OVERDRAWN),
    rule("ask-when-in-doubt", CALM),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("acknowledge-what-is-on-disk", ALIKE),
    rule("count-a-voter-once", EVERY_YES),
    rule("apply-once", TOTAL),
    rule("know-a-transaction", TOTAL),
    rule("new-numbers", STAYS),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "prepared",
        holds: checks::prepared,
    },
    Moment {
        id: "in-doubt",
        holds: checks::in_doubt,
    },
    Moment {
        id: "committed",
        holds: |world| checks::everywhere(world, Outcome::Commit),
    },
    Moment {
        id: "aborted",
        holds: |world| checks::everywhere(world, Outcome::Abort),
    },
];

const VERBS: &[VerbSpec] = &[VerbSpec {
    verb: "pay",
    form: "MEMBER AMOUNT [ACCOUNT]",
    example: "pay n2 20",
}];

/// Three members, and one transfer.
const SMALL: SmallWorld = SmallWorld {
    params: &[("members", "3"), ("rate", "0")],
    requests: &["n1 pay n2 20"],
    allowance: Allowance {
        drops: 0,
        crashes: 1,
        timeouts: 1,
    },
    alike: false,
};

/// Two that pay much of what they have, over slow links; and disks that take their time.
const HAUNTS: &[&[(&str, &str)]] = &[
    &[
        ("members", "2"),
        ("coordinators", "2"),
        ("rate", "10"),
        ("opening", "30"),
        ("latency_min", "80ms"),
        ("latency_max", "100ms"),
        ("vote_timeout", "1s"),
    ],
    &[("disk_min", "20ms"), ("disk_max", "50ms")],
];

static INFO: LabInfo = LabInfo {
    id: "two-phase-commit",
    family: "commit",
    found_in: &[
        "MySQL",
        "PostgreSQL",
        "MongoDB",
        "Kafka",
        "Flink",
        "Spanner",
    ],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: CommitMessage::KINDS,
    roles: &[
        "member",
        "coordinator",
        "collecting",
        "telling",
        "prepared",
        "in-doubt",
    ],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "all-commit",
        "no-means-no",
        "coordinator-down",
        "decision-on-disk",
        "dies-prepared",
        "lost-decision",
        "presumed-abort",
        "they-ask-each-other",
        "all-in-doubt",
        "who-has-not-voted",
        "the-articles-commit",
        "forgotten-yes",
        "alone",
        "most-is-not-all",
        "decision-in-memory",
        "forgotten-too-early",
        "spent-twice",
        "nobody-asks",
        "disk-lost",
    ],
    lessons: crate::lessons!["all-or-nobody": 13 min, "in-doubt": 13 min],
    lecture: crate::text_of_file!("README.md"),
};

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let members = params.integer("members") as u16;
    let config = Rc::new(Config {
        members,
        coordinators: params.integer("coordinators") as u16,
        rate: params.integer("rate"),
        opening: params.integer("opening"),
        presumed_abort: params.word("variant") == "presumed-abort",
        cooperative: params.word("termination") == "cooperative",
        vote_timeout: params.span("vote_timeout"),
        ask_timeout: params.span("ask_timeout"),
        retry: params.span("retry"),
    });
    let node = |at: u16| {
        let spec = NodeSpec {
            name: format!("n{}", at + 1),
            kind: NodeKind::Server,
        };
        (spec, Runner::<Member>::node(NodeId(at), &config))
    };
    (0..members).map(node).collect()
}

impl Lab for TwoPhaseCommit {
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
        Box::new(checks::judge(world))
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }

    fn request(&self, world: &World, _node: NodeId, words: &[&str]) -> Option<Request> {
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(Pay(Order::parse(world, words)?)),
        })
    }

    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        HAUNTS
    }

    fn agreed(&self, world: &World) -> Option<u64> {
        Some(checks::decided(world))
    }

    fn gauges(&self, _params: &Params) -> Vec<GaugeChart> {
        crate::view::commit::doubt_charts()
    }

    fn read(&self, world: &World) -> Readings {
        view::read(world)
    }
}
