//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, Watcher};
use super::contest::CONTEST;
use super::member::{Bounds, Config, Member};
use super::message::PhaseMessage;
use super::notes::NOTES;
use super::rules::mistakes;
use super::view;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span};
use crate::lab::commit::{Order, Outcome, Pay};
use crate::lab::contest::Contest;
use crate::lab::{
    Asynchrony, Card, Checker, GaugeChart, Lab, LabInfo, Lang, Moment, ParamSpec, Params, Readings,
    RuleSpec, Setup, VerbSpec,
};
use crate::sim::{NodeKind, NodeSpec, Request, World};
use std::rc::Rc;

/// The lab `three-phase-commit`.
#[derive(Copy, Clone, Debug)]
pub struct ThreePhaseCommit;

/// Those of two-phase commit, but for its time-outs, which follow here from what links and disks take, and for lost
/// messages, which have no bound.
const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("members", (4, 2, 8), ""),
    ParamSpec::integer("coordinators", (1, 1, 8), ""),
    ParamSpec::integer("rate", (2, 0, 10), "1/s"),
    ParamSpec::integer("opening", (100, 0, 1000), ""),
    ParamSpec::duration("retry", (Span::ms(200), Span::ms(50), Span::secs(1))),
    ParamSpec::duration("send_gap", (Span::ms(1), Span(0), Span::ms(50))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::ms(100))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::ms(100))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(50))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(50))),
];

const ALIKE: &str = "all-decide-alike";
const STAYS: &str = "a-decision-stays";
const EVERY_YES: &str = "no-commit-without-every-yes";
const TOTAL: &str = "with-nobody-in-doubt-the-total-is-right";
const OVERDRAWN: &str = "no-account-is-overdrawn";
const CALM: &str = "after-calm-nobody-is-in-doubt";
const BLOCKS: &str = "who-stays-up-is-soon-out-of-doubt";

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("pre-commit-before-committing", ALIKE),
    rule("wait-as-long-as-it-may-take", ALIKE),
    rule("elect-a-backup", BLOCKS),
    rule("ask-for-states-first", ALIKE),
    rule("who-was-down-takes-no-part", ALIKE),
    rule("ask-after-a-restart", CALM),
    rule("force-before-voting", TOTAL),
    rule("every-vote-is-needed", EVERY_YES),
    rule("hold-locks", OVERDRAWN),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("wait-for-all-after-a-total-failure", ALIKE),
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
        id: "pre-committed",
        holds: checks::pre_committed,
    },
    Moment {
        id: "backup",
        holds: checks::backup,
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

/// Two that pay much of what they have, over slow links; and members that die between one message and the next.
const HAUNTS: &[&[(&str, &str)]] = &[
    &[
        ("members", "2"),
        ("coordinators", "2"),
        ("rate", "10"),
        ("opening", "30"),
        ("latency_min", "80ms"),
        ("latency_max", "100ms"),
    ],
    &[
        ("members", "3"),
        ("coordinators", "1"),
        ("rate", "2"),
        ("opening", "1000"),
        ("send_gap", "50ms"),
        ("latency_max", "14ms"),
        ("disk_max", "3ms"),
    ],
    &[("members", "2"), ("send_gap", "50ms"), ("opening", "1000")],
];

static INFO: LabInfo = LabInfo {
    id: "three-phase-commit",
    family: "commit",
    found_in: &["MySQL Cluster"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: PhaseMessage::KINDS,
    roles: &[
        "member",
        "coordinator",
        "collecting",
        "pre-committing",
        "telling",
        "backup",
        "prepared",
        "pre-committed",
        "recovering",
    ],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "all-commit",
        "no-means-no",
        "coordinator-down",
        "dies-between-two-messages",
        "backup-dies-too",
        "who-was-down-asks",
        "total-failure",
        "partition",
        "pause",
        "late-message",
        "slow-disk",
        "found-behind-a-wall",
        "found-asleep",
        "found-late",
        "a-phase-less",
        "impatient",
        "nobody-takes-over",
        "by-its-own-state",
        "as-if-nothing-had-been",
        "nobody-asks",
        "forgotten-yes",
        "most-is-not-all",
        "spent-twice",
    ],
    lessons: crate::lessons!["who-does-not-wait": 15 min],
    lecture: crate::text_of_file!("README.md"),
};

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let members = params.integer("members") as u16;
    let most = |a: &str, b: &str| params.span(a).max(params.span(b));
    let (latency, disk) = (
        most("latency_min", "latency_max"),
        most("disk_min", "disk_max"),
    );
    let send_gap = params.span("send_gap");
    let config = Rc::new(Config {
        members,
        coordinators: params.integer("coordinators") as u16,
        rate: params.integer("rate"),
        opening: params.integer("opening"),
        retry: params.span("retry"),
        send_gap,
        bounds: Bounds::new(latency, disk, members, send_gap),
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

impl Lab for ThreePhaseCommit {
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

    fn request(&self, world: &World, _node: NodeId, words: &[&str]) -> Option<Request> {
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(Pay(Order::parse(world, words)?)),
        })
    }

    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        HAUNTS
    }

    /// A slow disk is a delay without a bound.
    fn bears_slow_disks(&self) -> bool {
        false
    }

    fn gauges(&self, _params: &Params) -> Vec<GaugeChart> {
        crate::view::commit::doubt_charts()
    }

    fn read(&self, world: &World) -> Readings {
        view::read(world)
    }

    fn agreed(&self, world: &World) -> Option<u64> {
        Some(checks::decided(world))
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }
}
