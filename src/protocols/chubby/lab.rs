//! The lab: parameters, rules, verbs, and how the world is made.

use super::checks::{CHECKS, Watcher};
use super::client::{Ask, Client, ClientConfig};
use super::message::ChubbyMessage;
use super::notes;
use super::replica::{Replica, ReplicaConfig};
use super::resource::Guarded;
use super::rules::FIRST_MISTAKE;
use crate::engine::{AnyNode, Message, NodeId, NoteSpec, RuleSet, Runner, Span, engine_of};
use crate::lab::locks::members;
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec, Params, RuleSpec,
    Setup, VerbSpec,
};
use crate::protocols::raft;
use crate::sim::{Latency, NodeKind, NodeSpec, Policy, Ratio, Request, Setting, Status, World};
use std::rc::Rc;

/// The lab `chubby`.
#[derive(Copy, Clone, Debug)]
pub struct Chubby;

/// The resource that looks at sequencers.
const LOOKS: &str = "sequencers";

const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("replicas", (5, 1, 7), ""),
    ParamSpec::integer("clients", (3, 0, 6), ""),
    ParamSpec {
        name: "resource",
        kind: ParamKind::Choice(LOOKS, &[LOOKS, "plain"]),
        unit: "",
    },
    ParamSpec::duration("rest", (Span::ms(100), Span(0), Span::secs(60))),
    ParamSpec::duration("hold", (Span::ms(50), Span(0), Span::ms(600))),
    ParamSpec::integer("writes", (2, 1, 4), ""),
    ParamSpec::duration("read", (Span::ms(250), Span(0), Span::secs(10))),
    ParamSpec::duration("lease", (Span::ms(300), Span::ms(200), Span::secs(5))),
    ParamSpec::duration("grace", (Span::ms(1200), Span(0), Span::secs(60))),
    ParamSpec::duration("lock_delay", (Span::ms(400), Span(0), Span::secs(6))),
    ParamSpec::duration("master_lease", (Span::ms(200), Span::ms(60), Span::secs(2))),
    ParamSpec::duration("heartbeat", (Span::ms(50), Span::ms(5), Span::ms(500))),
    ParamSpec::duration(
        "request_timeout",
        (Span::ms(100), Span::ms(20), Span::secs(2)),
    ),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::secs(1))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::secs(1))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(30))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(200))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(200))),
];

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const HARM: &str = "a-write-late-by-less-than-the-delay-does-no-harm";
const KEPT: &str = "a-session-within-its-lease-or-grace-keeps-its-lock";

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("check-the-sequencer", "no-older-write-is-accepted"),
    rule("lock-delay", HARM),
    rule("honour-old-sessions", KEPT),
    rule("invalidate-first", "no-cache-is-read-stale"),
];

const MISTAKES: &[RuleSpec] = &[
    rule("keep-the-promise", "one-master-at-a-time"),
    rule("stop-in-jeopardy", "one-believer-at-a-time"),
    rule("count-from-the-call", "no-cache-is-read-stale"),
    rule("flush-on-fail-over", "no-cache-is-read-stale"),
    rule("wait-for-every-session", "no-cache-is-read-stale"),
    rule("ask-again", "after-calm-a-waiter-gets-the-lock"),
];

const _: () = assert!(RULES.len() == FIRST_MISTAKE as usize);

const OWN_NOTES: usize = notes::NOTES.len();

/// The own notes, and behind them those of the Raft inside.
const NOTES: &[NoteSpec] =
    &raft::with_server_notes::<{ OWN_NOTES + raft::SERVER_NOTES.len() }>(notes::NOTES);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "master",
        holds: |world| master(world).is_some(),
    },
    Moment {
        id: "connected",
        holds: |world| {
            live(world).all(|client| client.session().is_some() && client.jeopardy().is_none())
        },
    },
    Moment {
        id: "held",
        holds: |world| believers(world) > 0,
    },
    Moment {
        id: "two-believe",
        holds: |world| believers(world) > 1,
    },
    Moment {
        id: "waiting",
        holds: |world| {
            let waiting = |replica: &Replica| {
                let office = replica.office();
                office.is_some_and(|office| office.waiters().next().is_some())
            };
            replicas(world).any(|(_, replica)| replica.is_some_and(waiting))
        },
    },
    Moment {
        id: "jeopardy",
        holds: |world| live(world).any(|client| client.jeopardy().is_some()),
    },
    Moment {
        id: "all-cached",
        holds: |world| live(world).all(|client| client.cache().is_some()),
    },
    Moment {
        id: "all-idle",
        holds: |world| live(world).all(Client::idle),
    },
];

const VERBS: &[VerbSpec] = &[
    VerbSpec {
        verb: "lock",
        form: "",
        example: "lock",
    },
    VerbSpec {
        verb: "read",
        form: "",
        example: "read",
    },
];

/// The replicas; one that is down has nothing in mind.
pub(super) fn replicas(world: &World) -> impl Iterator<Item = (NodeId, Option<&Replica>)> {
    members::<Replica>(world)
}

/// The clients; one that is down has nothing in mind.
pub(super) fn clients(world: &World) -> impl Iterator<Item = (NodeId, Option<&Client>)> {
    members::<Client>(world)
}

/// What the lock protects: it stands behind the replicas.
pub(super) fn resource(world: &World) -> NodeId {
    NodeId(replicas(world).count() as u16)
}

fn live(world: &World) -> impl Iterator<Item = &Client> {
    clients(world).filter_map(|(_, client)| client)
}

fn believers(world: &World) -> usize {
    live(world).filter(|client| client.believes()).count()
}

/// The live master of the highest epoch, if there is one that serves.
pub(super) fn master(world: &World) -> Option<NodeId> {
    let up = replicas(world).filter(|(id, _)| world.cell(*id).status() == Status::Up);
    let epoch = |(id, replica): (NodeId, Option<&Replica>)| {
        let replica = replica?;
        let office = replica.office()?;
        let serves = world.local(id) < replica.lease_until();
        serves.then(|| (office.epoch(), id))
    };
    up.filter_map(epoch).max().map(|(_, id)| id)
}

static INFO: LabInfo = LabInfo {
    id: "chubby",
    family: "locks",
    found_in: &["Chubby", "Bigtable", "GFS", "ZooKeeper", "etcd", "Consul"],
    built_on: &["raft"],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: ChubbyMessage::KINDS,
    roles: &[
        "follower",
        "candidate",
        "leader",
        "master",
        "resource",
        "away",
        "jeopardy",
        "idle",
        "waiter",
        "holder",
        "releasing",
    ],
    moments: MOMENTS,
    verbs: VERBS,
    // A lease is a promise about time.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "turns",
        "fail-over",
        "forgotten-sessions",
        "long-fail-over",
        "late-write",
        "no-sequencers",
        "plain-resource",
        "no-lock-delay",
        "invalidation",
        "stale-cache",
        "abandoned-write",
        "sleeping-holder",
        "split-master",
    ],
    lessons: crate::lessons!["jeopardy": 14 min],
    lecture: crate::text_of_file!("README.md"),
};

fn net(params: &Params) -> Policy {
    let (min, max) = (params.span("latency_min"), params.span("latency_max"));
    Policy {
        latency: Latency::Uniform {
            min,
            max: max.max(min),
        },
        loss: params.ratio("loss"),
        duplication: Ratio(0),
        reorder: true,
    }
}

/// The replicas first, then the resource, then the clients. All of them are the lab's own nodes,
/// which storms strike: what a client believes is what the lab is about.
fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let replicas: Vec<NodeId> = (0..params.integer("replicas") as u16).map(NodeId).collect();
    let resource = NodeId(replicas.len() as u16);
    let (lease, master_lease) = (params.span("lease"), params.span("master_lease"));
    let replica = Rc::new(ReplicaConfig {
        raft: Rc::new(raft::ServerConfig {
            servers: replicas.clone(),
            // Later than the last promise is over, of those who heard the master at all.
            timeout_min: Span(master_lease.0 / 2 * 3),
            timeout_max: Span(master_lease.0 / 2 * 6),
            heartbeat: params.span("heartbeat"),
            noop: true,
            batch: 16,
            options: raft::Options::default(),
        }),
        lease,
        lock_delay: params.span("lock_delay"),
        master_lease,
    });
    let client = Rc::new(ClientConfig {
        replicas: replicas.clone(),
        resource,
        hold: params.span("hold"),
        writes: params.integer("writes"),
        rest: params.span("rest"),
        read: params.span("read"),
        lease,
        grace: params.span("grace"),
        request_timeout: params.span("request_timeout"),
    });
    let spec = |letter: char, n: u16| NodeSpec {
        name: format!("{letter}{n}"),
        kind: NodeKind::Server,
    };
    let mut nodes = Vec::new();
    for id in replicas {
        nodes.push((spec('n', id.0 + 1), Runner::<Replica>::node(id, &replica)));
    }
    let looks = Rc::new(params.word("resource") == LOOKS);
    nodes.push((spec('r', 1), Runner::<Guarded>::node(resource, &looks)));
    for n in 1..=params.integer("clients") as u16 {
        let id = NodeId(resource.0 + n);
        nodes.push((spec('c', n), Runner::<Client>::node(id, &client)));
    }
    nodes
}

impl Lab for Chubby {
    fn info(&self) -> &'static LabInfo {
        &INFO
    }

    fn card(&self) -> &'static Card {
        static CARD: Card = Card::of(&INFO);
        &CARD
    }

    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        &[
            // A lease outlasts a fail-over, as in the paper; with the defaults it is over when a new master comes.
            &[("lease", "1.2s"), ("read", "20ms"), ("replicas", "3")],
            // The lock of one who sleeps in the middle of its work is soon another's, in due form.
            &[
                ("resource", "sequencers"),
                ("replicas", "1"),
                ("clients", "2"),
                ("hold", "100ms"),
                ("rest", "50ms"),
                ("lease", "200ms"),
                ("lock_delay", "0ms"),
            ],
            // And where the delay would have covered its sleep.
            &[
                ("resource", "plain"),
                ("replicas", "1"),
                ("clients", "2"),
                ("hold", "100ms"),
                ("rest", "50ms"),
                ("lease", "200ms"),
                ("lock_delay", "1s"),
            ],
        ]
    }

    fn locale(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => crate::text_of_file!("locale/en.txt"),
            Lang::ZhHans => crate::text_of_file!("locale/zh-Hans.txt"),
        }
    }

    fn world(&self, setup: &Setup) -> World {
        let params = &setup.params;
        World::new(Setting {
            seed: setup.seed,
            nodes: nodes(params),
            net: net(params),
            disk: (params.span("disk_min"), params.span("disk_max")),
            rules: RuleSet::default(),
        })
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::new(world))
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        engine_of::<Client>(world.cell(node).node())?;
        let ask = match words {
            ["lock"] => Ask::Lock,
            ["read"] => Ask::Read,
            _ => return None,
        };
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(ask),
        })
    }
}
