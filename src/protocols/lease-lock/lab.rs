//! The lab: its parameters, its world, its moments.

use super::checks::{CHECKS, Watcher};
use super::client::{Ask, Client, ClientConfig};
use super::message::LockMessage;
use super::notes::NOTES;
use super::resource::Guarded;
use super::store::{Store, StoreConfig, TakeOver};
use crate::engine::{Message, NodeId, RuleId, RuleSet, Runner, Span, engine_of};
use crate::lab::locks::members;
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, RuleSpec, Setup, VerbSpec,
};
use crate::sim::{Latency, NodeKind, NodeSpec, Policy, Ratio, Request, Setting, World};
use std::rc::Rc;

/// The lab `lease-lock`.
#[derive(Copy, Clone, Debug)]
pub struct LeaseLock;

/// The store is the first node, the resource the second; then come the clients, and the replica is
/// the last.
pub(super) const STORE: NodeId = NodeId(0);
pub(super) const RESOURCE: NodeId = NodeId(1);

const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("clients", (3, 1, 9), ""),
    ParamSpec::integer("rate", (3, 0, 100), "1/s"),
    ParamSpec::duration("ttl", (Span::ms(300), Span::ms(20), Span::secs(60))),
    ParamSpec::duration("work", (Span::ms(80), Span::ms(1), Span::secs(10))),
    ParamSpec::integer("writes", (2, 1, 9), ""),
    ParamSpec::duration("retry", (Span::ms(60), Span::ms(5), Span::secs(10))),
    ParamSpec::duration("timeout", (Span::ms(120), Span::ms(10), Span::secs(10))),
    ParamSpec::duration("latency_min", (Span::ms(4), Span(0), Span::secs(2))),
    ParamSpec::duration("latency_max", (Span::ms(10), Span(0), Span::secs(2))),
    ParamSpec::flag("replica", false),
    ParamSpec::flag("fencing", false),
];

/// The rule "a lock has a time to live".
pub(super) const TIME_TO_LIVE: RuleId = RuleId(0);
/// The rule "release compares the token".
pub(super) const COMPARE: RuleId = RuleId(1);
/// The rule "all clients use one key".
pub(super) const ONE_KEY: RuleId = RuleId(2);
/// The rule "the store counts the lease by its own clock".
pub(super) const OWN_CLOCK: RuleId = RuleId(3);
/// The rule "answer when the replica has it".
pub(super) const WAIT_FOR_THE_REPLICA: RuleId = RuleId(4);
/// The rule "the resource checks the fencing number".
pub(super) const CHECK_THE_NUMBER: RuleId = RuleId(5);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{CHECK_THE_NUMBER, RuleId};

    const FIRST: u8 = CHECK_THE_NUMBER.0 + 1;
    /// A lease counts from when it was asked for.
    pub(in super::super) const COUNT_FROM_THE_REQUEST: RuleId = RuleId(FIRST);
    /// A client believes no longer than its lease lasts.
    pub(in super::super) const STOP_WITH_THE_LEASE: RuleId = RuleId(FIRST + 1);
    /// The store answers when the lock is on its disk.
    pub(in super::super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST + 2);
    /// Each question has a token of its own.
    pub(in super::super) const ASK_WITH_A_NEW_TOKEN: RuleId = RuleId(FIRST + 3);
}

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const RULES: &[RuleSpec] = &[
    rule("time-to-live", "after-calm-the-lock-is-granted-again"),
    rule("compare-the-token", "one-grant-at-a-time"),
    rule("one-key", "one-grant-at-a-time"),
    rule("own-clock", "one-grant-at-a-time"),
    rule("wait-for-the-replica", "one-grant-at-a-time"),
    rule("check-the-number", "no-older-write-is-accepted"),
];

/// In the order of the constants in `mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("count-from-the-request", "one-believer-at-a-time"),
    rule("stop-with-the-lease", "one-believer-at-a-time"),
    rule("answer-what-is-on-disk", "one-grant-at-a-time"),
    rule("ask-with-a-new-token", "one-believer-at-a-time"),
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
        id: "contended",
        holds: |world| {
            believers(world) > 0 && clients(world).any(|(_, c)| c.is_some_and(Client::wants))
        },
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

/// The replica, where there is one.
pub(super) fn replica(world: &World) -> Option<NodeId> {
    let last = world.ids().last()?;
    let is_store = engine_of::<Store>(world.cell(last).node()).is_some();
    (is_store && last != STORE).then_some(last)
}

static INFO: LabInfo = LabInfo {
    id: "lease-lock",
    family: "locks",
    found_in: &["Redis"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: LockMessage::KINDS,
    roles: &[
        "primary", "replica", "resource", "idle", "waiting", "holder",
    ],
    moments: MOMENTS,
    verbs: &[
        VerbSpec {
            verb: "acquire",
            form: "",
            example: "acquire",
        },
        VerbSpec {
            verb: "take-over",
            form: "",
            example: "take-over",
        },
    ],
    // A lease is a promise about time.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "holder-crash",
        "without-time-to-live",
        "unsafe-delete",
        "token-compared",
        "a-key-of-its-own",
        "deadline-by-the-clients-clock",
        "fail-over",
        "fail-over-with-a-copy",
        "paused-holder",
        "fenced-off",
        "unchecked-number",
        "late-write",
        "slow-clock",
        "clock-of-the-store-jumps",
    ],
    lessons: crate::lessons!["leases": 14 min],
    lecture: crate::text_of_file!("README.md"),
};

impl Lab for LeaseLock {
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
        let count = params.integer("clients") as u16;
        let replica = params.flag("replica").then_some(NodeId(2 + count));
        let store = Rc::new(StoreConfig {
            primary: STORE,
            replica,
        });
        let client = Rc::new(ClientConfig {
            stores: [Some(STORE), replica].into_iter().flatten().collect(),
            resource: RESOURCE,
            rate: params.integer("rate"),
            ttl: params.span("ttl"),
            work: params.span("work"),
            writes: params.integer("writes"),
            retry: params.span("retry"),
            timeout: params.span("timeout"),
            fencing: params.flag("fencing"),
        });
        // Clients are struck by storms, too: a lock is for those who may die while they hold it.
        let spec = |name: String| NodeSpec {
            name,
            kind: NodeKind::Server,
        };
        let mut nodes = vec![
            (spec("s1".to_owned()), Runner::<Store>::node(STORE, &store)),
            (
                spec("r1".to_owned()),
                Runner::<Guarded>::node(RESOURCE, &Rc::new(true)),
            ),
        ];
        nodes.extend((1..=count).map(|n| {
            let node = Runner::<Client>::node(NodeId(n + 1), &client);
            (spec(format!("c{n}")), node)
        }));
        nodes.extend(replica.map(|id| (spec("s2".to_owned()), Runner::<Store>::node(id, &store))));
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
                reorder: true,
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
            ["acquire"] => engine_of::<Client>(cell).map(|_| request(Rc::new(Ask::Acquire))),
            ["take-over"] => {
                // A store without a replica says that there is nobody who could.
                let asked = replica(world).unwrap_or(STORE);
                (node == asked).then(|| request(Rc::new(TakeOver)))
            }
            _ => None,
        }
    }
}
