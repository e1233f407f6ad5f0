//! The lab: its parameters, its world, and the numbers that its chart sets beside a run.

use super::checks::{self, CHECKS, Watcher};
use super::contest::CONTEST;
use super::experiments::{self, Case, fraction};
use super::forms::Form;
use super::message::VoteMessage;
use super::notes::{self, NOTES};
use super::peer::{Config, Peer, Wish};
use super::rules::mistakes;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, engine_of};
use crate::lab::contest::Contest;
use crate::lab::{
    Asynchrony, Card, Checker, Experiment, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec,
    Params, Reference, RuleSpec, Setup, ShareChart, ShareLine, SmallWorld, VerbSpec,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Request, World};
use std::rc::Rc;

/// The lab `priority-vote`.
#[derive(Copy, Clone, Debug)]
pub struct PriorityVote;

const PRIORITY: (u64, u64) = (1, 20);

/// A wait is longer than the way there and back, whatever is set; a leader's silence longer than the gap
/// between two of its signs of life and a message's time.
const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "form",
        kind: ParamKind::Choice("acceptance", Form::WORDS),
        unit: "",
    },
    ParamSpec {
        name: "decides",
        kind: ParamKind::Choice("caller", &["caller", "voters"]),
        unit: "",
    },
    ParamSpec::integer("nodes", (3, 3, 5), ""),
    ParamSpec::integer("priority_a", (10, PRIORITY.0, PRIORITY.1), ""),
    ParamSpec::integer("priority_b", (8, PRIORITY.0, PRIORITY.1), ""),
    ParamSpec::integer("priority_c", (9, PRIORITY.0, PRIORITY.1), ""),
    ParamSpec::integer("load_max", (80, 50, 100), ""),
    ParamSpec::duration("sick_for", (Span::secs(2), Span::ms(500), Span::secs(3))),
    ParamSpec::duration("reign", (Span(0), Span(0), Span::secs(10))),
    ParamSpec::duration("answer_wait", (Span::ms(50), Span::ms(45), Span::ms(60))),
    ParamSpec::duration("heartbeat", (Span::ms(50), Span::ms(10), Span::ms(100))),
    ParamSpec::duration(
        "leader_timeout",
        (Span::ms(200), Span::ms(150), Span::secs(1)),
    ),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::ms(20))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::ms(20))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(20))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(20))),
];

/// The names of the nodes, as in the article, and what those have that it does not name.
pub(super) const NAMES: [&str; 5] = ["A", "B", "C", "D", "E"];
const PRIORITIES_OF_OTHERS: [u64; 2] = [7, 6];

const ONE_A_TERM: &str = "one-leader-a-term";
const HAS_THE_VOTES: &str = "a-leader-has-the-votes-of-more-than-half";

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("one-vote-a-term", ONE_A_TERM),
    rule("more-than-half", ONE_A_TERM),
    rule("persist-the-vote", ONE_A_TERM),
    rule(
        "look-at-yourself-again",
        "whoever-is-accepted-is-fit-when-it-takes-the-lead",
    ),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("vote-when-on-disk", ONE_A_TERM),
    rule("count-each-voter-once", HAS_THE_VOTES),
    rule("votes-of-this-term", HAS_THE_VOTES),
    rule(
        "step-down-for-a-newer-term",
        "after-calm-all-follow-one-leader",
    ),
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
        id: "a-higher-one-follows",
        holds: checks::not_the_highest,
    },
];

const fn verb(verb: &'static str) -> VerbSpec {
    VerbSpec {
        verb,
        form: "",
        example: verb,
    }
}

const VERBS: &[VerbSpec] = &[verb("call"), verb("sick"), verb("resign")];

/// Three nodes, two of which call at any time, and draw one of three at random; one may crash, and come back. No timer
/// runs out: with a single one there are too many states to look at all of them.
const SMALL: SmallWorld = SmallWorld {
    params: &[("form", "uniform")],
    requests: &["A call", "B call"],
    allowance: Allowance {
        drops: 0,
        crashes: 1,
        timeouts: 0,
    },
    alike: false,
};

static INFO: LabInfo = LabInfo {
    id: "priority-vote",
    family: "elections",
    found_in: &["MongoDB", "Redis Sentinel"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: VoteMessage::KINDS,
    roles: &[
        "lost",
        "follower",
        "polling",
        "voting",
        "leader",
        "sick-leader",
    ],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "priorities-10-8-9",
        "the-highest-is-busy",
        "the-leader-falls-sick",
        "the-product-says-nothing",
        "a-draw-10-8-9",
        "the-articles-class",
        "every-voter-draws",
        "the-old-leader-comes-back",
        "lost-in-the-middle",
        "partition",
        "two-votes-a-term",
        "at-least-half",
        "a-vote-forgotten",
        "elected-sick",
    ],
    lessons: crate::lessons!["four-ways": 14 min],
    lecture: crate::text_of_file!("README.md"),
};

/// A shorter reign would be over before all have heard of it.
const SHORTEST_REIGN: Span = Span::ms(100);

fn config(params: &Params) -> Config {
    let reign = params.span("reign");
    let own = ["priority_a", "priority_b", "priority_c"].map(|name| params.integer(name));
    let all = own.into_iter().chain(PRIORITIES_OF_OTHERS);
    Config {
        priorities: all.take(params.integer("nodes") as usize).collect(),
        form: Form::of(params.word("form")),
        voters_decide: params.word("decides") == "voters",
        load_max: params.integer("load_max"),
        sick_for: params.span("sick_for"),
        reign: if reign > Span(0) {
            reign.max(SHORTEST_REIGN)
        } else {
            reign
        },
        answer_wait: params.span("answer_wait"),
        heartbeat: params.span("heartbeat"),
        leader_timeout: params.span("leader_timeout"),
    }
}

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let config = Rc::new(config(params));
    let node = |id: NodeId| {
        let spec = NodeSpec {
            name: NAMES[id.index()].to_owned(),
            kind: NodeKind::Server,
        };
        (spec, Runner::<Peer>::node(id, &config))
    };
    config.all().map(node).collect()
}

/// What the run is set beside: the shares of A, B and C in this form; and, whatever the form, what the article gives A in
/// its worked case, and what its formula comes to for every node alike.
fn references(params: &Params) -> Vec<Reference> {
    if params.integer("nodes") != 3 {
        return Vec::new();
    }
    let (case, form) = (Case::of(params), Form::of(params.word("form")));
    let line = |id, value, formula| Reference { id, value, formula };
    let names = ["a", "b", "c"].into_iter().enumerate();
    let mut lines: Vec<Reference> = names
        .map(|(node, id)| line(id, case.share(form, node), case.formula(form, node)))
        .collect();
    let part = |node| fraction(case.priority(node), case.sum());
    let parts: Vec<String> = (0..3).map(part).collect();
    let product = (0..3).map(|node| case.part(node)).product();
    lines.push(line("article-draw", case.part(0), parts[0].clone()));
    lines.push(line("article-product", product, parts.join("<mo>·</mo>")));
    lines
}

impl Lab for PriorityVote {
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
        engine_of::<Peer>(world.cell(node).node())?;
        let wish = match words {
            ["call"] => Wish::Call,
            ["sick"] => Wish::Sick,
            ["resign"] => Wish::Resign,
            _ => return None,
        };
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(wish),
        })
    }

    /// The highest is elected, as in most runs. With seed 7 its load is too high, which is as it should be, and puzzles
    /// whoever comes for the first time.
    fn first_seed(&self) -> u64 {
        1
    }

    /// Two that call at once are what one vote a term is for: short reigns make them frequent, and draws let them
    /// choose different ones. Half of four is two; where disks are slow, a crash comes before a write; and who leads for
    /// ever and looks at itself shows what the others do not.
    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        &[
            &[
                ("form", "uniform"),
                ("nodes", "4"),
                ("reign", "100ms"),
                ("disk_min", "18ms"),
                ("disk_max", "20ms"),
            ],
            &[
                ("form", "uniform"),
                ("nodes", "3"),
                ("reign", "100ms"),
                ("disk_min", "18ms"),
                ("disk_max", "20ms"),
            ],
            &[
                ("form", "uniform"),
                ("decides", "voters"),
                ("nodes", "3"),
                ("reign", "100ms"),
                ("disk_min", "18ms"),
                ("disk_max", "20ms"),
            ],
            &[
                ("form", "acceptance"),
                ("reign", "0s"),
                ("heartbeat", "60ms"),
            ],
        ]
    }

    fn shares(&self, params: &Params) -> Vec<ShareChart> {
        let all = vec![
            notes::A_LEADS,
            notes::B_LEADS,
            notes::C_LEADS,
            notes::OTHER_LEADS,
        ];
        let line = |(id, key)| ShareLine {
            id,
            of: vec![key],
            among: all.clone(),
        };
        let keys = [
            ("a", notes::A_LEADS),
            ("b", notes::B_LEADS),
            ("c", notes::C_LEADS),
        ];
        vec![ShareChart {
            id: "elected",
            lines: keys.into_iter().map(line).collect(),
            references: references(params),
        }]
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        experiments::ALL
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }
}
