//! The lab: its parameters, its world, its moments.

use super::checks::{CHECKS, Watcher};
use super::client::{Acquire, Client, ClientConfig};
use super::instance::{Instance, InstanceConfig, SetAhead};
use super::message::RedlockMessage;
use super::notes::NOTES;
use super::resource::Guarded;
use crate::engine::{Message, NodeId, RuleId, RuleSet, Runner, Span, engine_of};
use crate::lab::locks::members;
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, RuleSpec, Setup, VerbSpec,
};
use crate::sim::{Latency, NodeKind, NodeSpec, Policy, Ratio, Request, Setting, World};
use std::rc::Rc;

/// The lab `redlock`.
#[derive(Copy, Clone, Debug)]
pub struct Redlock;

/// The instances come first, then the resource, then the clients.
const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("instances", (5, 1, 9), ""),
    ParamSpec::integer("clients", (3, 1, 7), ""),
    ParamSpec::integer("rate", (2, 0, 50), "1/s"),
    ParamSpec::duration("ttl", (Span::ms(400), Span::ms(20), Span::secs(60))),
    ParamSpec::duration("drift", (Span::ms(6), Span(0), Span::secs(1))),
    ParamSpec::duration("timeout", (Span::ms(120), Span::ms(5), Span::secs(10))),
    ParamSpec::duration("retry", (Span::ms(120), Span::ms(5), Span::secs(10))),
    ParamSpec::duration("work", (Span::ms(140), Span::ms(1), Span::secs(10))),
    ParamSpec::integer("writes", (2, 1, 9), ""),
    ParamSpec::duration("jump", (Span::ms(500), Span::ms(1), Span::secs(60))),
    ParamSpec::duration("latency_min", (Span::ms(4), Span(0), Span::secs(2))),
    ParamSpec::duration("latency_max", (Span::ms(30), Span(0), Span::secs(2))),
    ParamSpec::flag("fencing", false),
];

/// The rule "release on all".
pub(super) const RELEASE_ON_ALL: RuleId = RuleId(0);
/// The rule "count the time spent acquiring".
pub(super) const COUNT_THE_TIME: RuleId = RuleId(1);
/// The rule "delayed restart".
pub(super) const DELAYED_RESTART: RuleId = RuleId(2);
/// The rule "no clock jumps".
pub(super) const NO_CLOCK_JUMPS: RuleId = RuleId(3);

/// The rule "the resource checks the fencing number".
pub(super) const CHECK_THE_NUMBER: RuleId = RuleId(4);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{CHECK_THE_NUMBER, RuleId};

    const FIRST: u8 = CHECK_THE_NUMBER.0 + 1;
    /// A majority is more than half.
    pub(in super::super) const MORE_THAN_HALF: RuleId = RuleId(FIRST);
    /// An instance that answers twice is one instance.
    pub(in super::super) const COUNT_EACH_ONCE: RuleId = RuleId(FIRST + 1);
    /// A client believes no longer than its lock is valid.
    pub(in super::super) const STOP_WITH_THE_VALIDITY: RuleId = RuleId(FIRST + 2);
}

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const RULES: &[RuleSpec] = &[
    rule("release-on-all", "no-key-is-left-behind"),
    rule("count-the-time-spent", "one-believer-at-a-time"),
    rule("delayed-restart", "one-grant-at-a-time"),
    rule("no-clock-jumps", "one-grant-at-a-time"),
    rule("check-the-number", "no-older-write-is-accepted"),
];

/// In the order of the constants in `mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("more-than-half", "one-believer-at-a-time"),
    rule("count-each-once", "one-believer-at-a-time"),
    rule("stop-with-the-validity", "one-believer-at-a-time"),
];

const MOMENTS: &[Moment] = &[
    Moment {
        id: "held",
        holds: |world| believers(world) > 0,
    },
    Moment {
        id: "free",
        holds: |world| believers(world) == 0,
    },
    Moment {
        id: "two-believers",
        holds: |world| believers(world) > 1,
    },
];

fn believers(world: &World) -> usize {
    let holds = |(_, client): &(NodeId, Option<&Client>)| {
        client.is_some_and(|client| client.holding().is_some())
    };
    clients(world).filter(holds).count()
}

/// The clients; one that is down has nothing in mind.
pub(super) fn clients(world: &World) -> impl Iterator<Item = (NodeId, Option<&Client>)> {
    members::<Client>(world)
}

/// The instances.
pub(super) fn instances(world: &World) -> impl Iterator<Item = NodeId> {
    let is_instance = |id: &NodeId| engine_of::<Instance>(world.cell(*id).node()).is_some();
    world.ids().filter(is_instance)
}

static INFO: LabInfo = LabInfo {
    id: "redlock",
    family: "locks",
    found_in: &["Redis"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: RedlockMessage::KINDS,
    roles: &["instance", "resource", "idle", "waiting", "holder"],
    moments: MOMENTS,
    verbs: &[
        VerbSpec {
            verb: "acquire",
            form: "",
            example: "acquire",
        },
        VerbSpec {
            verb: "set-ahead",
            form: "",
            example: "set-ahead",
        },
    ],
    // A lease is a promise about time.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "a-majority-is-enough",
        "clock-jump",
        "clock-nobody-sets",
        "skewed-clock",
        "paused-holder",
        "restart-at-once",
        "delayed-restart",
        "without-counting-the-time",
        "release-only-where-it-is-known",
        "divided",
        "fenced-off",
        "unchecked-number",
    ],
    lessons: crate::lessons!["five-stores": 12 min],
    lecture: crate::text_of_file!("README.md"),
};

impl Lab for Redlock {
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
        let count = params.integer("instances") as u16;
        let resource = NodeId(count);
        let instance = Rc::new(InstanceConfig {
            ttl: params.span("ttl"),
            jump: params.span("jump"),
            fencing: params.flag("fencing"),
        });
        let client = Rc::new(ClientConfig {
            instances: (0..count).map(NodeId).collect(),
            resource,
            rate: params.integer("rate"),
            ttl: params.span("ttl"),
            drift: params.span("drift"),
            timeout: params.span("timeout"),
            retry: params.span("retry"),
            work: params.span("work"),
            writes: params.integer("writes"),
            fencing: params.flag("fencing"),
        });
        // Clients are struck by storms, too: a lock is for those who may die while they hold it.
        let spec = |name: String| NodeSpec {
            name,
            kind: NodeKind::Server,
        };
        let mut nodes: Vec<_> = (0..count)
            .map(|n| {
                let node = Runner::<Instance>::node(NodeId(n), &instance);
                (spec(format!("i{}", n + 1)), node)
            })
            .collect();
        let shared = Runner::<Guarded>::node(resource, &Rc::new(true));
        nodes.push((spec("r1".to_owned()), shared));
        nodes.extend((1..=params.integer("clients") as u16).map(|n| {
            let node = Runner::<Client>::node(NodeId(count + n), &client);
            (spec(format!("c{n}")), node)
        }));
        let (min, max) = (params.span("latency_min"), params.span("latency_max"));
        World::new(Setting {
            seed: setup.seed,
            nodes,
            net: Policy {
                latency: Latency::Uniform {
                    min,
                    max: max.max(min),
                },
                loss: Ratio(0),
                duplication: Ratio(0),
                // As on a connection.
                reorder: false,
            },
            disk: (Span::ms(1), Span::ms(2)),
            rules: RuleSet::default(),
        })
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::new(world))
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        let cell = world.cell(node).node();
        let request = |value: Rc<dyn std::any::Any>| Request {
            text: words.join(" ").into(),
            value,
        };
        match words {
            ["acquire"] => engine_of::<Client>(cell).map(|_| request(Rc::new(Acquire))),
            ["set-ahead"] => engine_of::<Instance>(cell).map(|_| request(Rc::new(SetAhead))),
            _ => None,
        }
    }
}
