//! The lab: parameters, rules, verbs, and how the world is made.

use super::checks::{CHECKS, Watcher, clients};
use super::client::{Client, ClientConfig, TakeTurn};
use super::keeper::{Keeper, KeeperConfig};
use super::message::QueueMessage;
use super::notes;
use super::resource::Resource;
use super::rules::FIRST_MISTAKE;
use super::tree::Lock;
use crate::engine::{Message, NodeId, NoteSpec, RuleSet, Runner, Span, engine_of};
use crate::lab::{
    Asynchrony, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, Params, RuleSpec, Setup, VerbSpec,
};
use crate::protocols::raft;
use crate::sim::{Latency, NodeKind, NodeSpec, Policy, Ratio, Request, Setting, Status, World};
use std::rc::Rc;

/// The lab `lock-queue`.
#[derive(Copy, Clone, Debug)]
pub struct LockQueue;

const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("nodes", (3, 1, 7), ""),
    ParamSpec::integer("clients", (3, 0, 8), ""),
    ParamSpec::integer("locks", (1, 1, 2), ""),
    ParamSpec::duration("rest", (Span::secs(1), Span(0), Span::secs(60))),
    ParamSpec::duration("hold", (Span::ms(300), Span(0), Span::secs(1))),
    ParamSpec::duration(
        "session_timeout",
        (Span::ms(1200), Span::ms(200), Span::secs(5)),
    ),
    ParamSpec::duration(
        "request_timeout",
        (Span::ms(300), Span::ms(20), Span::secs(2)),
    ),
    ParamSpec::duration("timeout_min", (Span::ms(150), Span::ms(20), Span::secs(1))),
    ParamSpec::duration("timeout_max", (Span::ms(300), Span::ms(20), Span::secs(2))),
    ParamSpec::duration("heartbeat", (Span::ms(50), Span::ms(5), Span::ms(500))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::secs(1))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::secs(1))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(30))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::ms(200))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::ms(200))),
];

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("only-the-lowest-holds", "one-believer-at-a-time"),
    rule("look-again", "one-believer-at-a-time"),
    rule("delete-what-you-made", "no-waiter-is-forgotten"),
    rule(
        "watch-the-predecessor",
        "one-event-wakes-at-most-one-client",
    ),
    rule("check-the-number", "no-older-write-is-accepted"),
    rule("one-order", "nobody-waits-in-a-circle"),
    rule("stop-when-cut-off", "one-believer-at-a-time"),
];

const MISTAKES: &[RuleSpec] = &[
    rule("renew-on-heartbeat", "one-grant-at-a-time"),
    rule("renew-on-election", "one-grant-at-a-time"),
    rule("confirm-before-answer", "one-believer-at-a-time"),
    rule("count-from-sending", "one-believer-at-a-time"),
    rule("numbers-go-up", "first-come-first-served"),
    rule("look-when-unwatched", "no-waiter-is-forgotten"),
];

const _: () = assert!(RULES.len() == FIRST_MISTAKE as usize);

/// The own notes, and behind them those of the Raft inside.
const NOTES: &[NoteSpec] = &{
    const OWN: usize = notes::NOTES.len();
    let mut all = [notes::NOTES[0]; OWN + raft::NOTES.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < OWN {
            notes::NOTES[at]
        } else {
            raft::NOTES[at - OWN]
        };
        at += 1;
    }
    all
};

const MOMENTS: &[Moment] = &[
    Moment {
        id: "leader",
        holds: |world| leader(world).is_some(),
    },
    Moment {
        id: "connected",
        holds: |world| {
            let mut all = live(world);
            all.all(|(_, client)| client.session().is_some() && !client.cut_off())
        },
    },
    Moment {
        id: "held",
        holds: |world| believers(world) > 0,
    },
    Moment {
        id: "two-believe",
        holds: |world| {
            [Lock(0), Lock(1)]
                .into_iter()
                .any(|lock| live(world).filter(|(_, client)| client.believes(lock)).count() > 1)
        },
    },
    Moment {
        id: "waiting",
        holds: |world| live(world).any(|(_, client)| client.waits_for().is_some()),
    },
    Moment {
        id: "all-idle",
        holds: |world| live(world).all(|(_, client)| client.idle()),
    },
];

const VERBS: &[VerbSpec] = &[VerbSpec {
    verb: "lock",
    form: "",
    example: "lock",
}];

/// The clients that are not down.
fn live(world: &World) -> impl Iterator<Item = (NodeId, &Client)> {
    let up = clients(world).filter(|id| world.cell(*id).status() != Status::Down);
    up.filter_map(|id| Some((id, engine_of::<Client>(world.cell(id).node())?)))
}

fn believers(world: &World) -> usize {
    let holds = |client: &Client| client.believes(Lock(0)) || client.believes(Lock(1));
    live(world).filter(|(_, client)| holds(client)).count()
}

/// The live leader of the highest term, if there is one.
pub(super) fn leader(world: &World) -> Option<NodeId> {
    let up = world
        .ids()
        .filter(|id| world.cell(*id).status() == Status::Up);
    let keepers = up.filter_map(|id| Some((id, engine_of::<Keeper>(world.cell(id).node())?)));
    let leaders = keepers.filter(|(_, keeper)| keeper.raft().leads());
    leaders
        .max_by_key(|(_, keeper)| keeper.raft().term())
        .map(|(id, _)| id)
}

static INFO: LabInfo = LabInfo {
    id: "lock-queue",
    family: "locks",
    found_in: &["ZooKeeper", "etcd", "Consul", "HBase", "Kafka", "Hadoop"],
    built_on: &["raft"],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: QueueMessage::KINDS,
    roles: &[
        "follower",
        "candidate",
        "leader",
        "resource",
        "away",
        "cut-off",
        "idle",
        "waiter",
        "holder",
        "releasing",
    ],
    moments: MOMENTS,
    verbs: VERBS,
    // What a session is worth rests on how long a silence lasts.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![],
    lessons: crate::lessons![],
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

impl Lab for LockQueue {
    fn info(&self) -> &'static LabInfo {
        &INFO
    }

    fn locale(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => crate::text_of_file!("locale/en.txt"),
            Lang::ZhHans => crate::text_of_file!("locale/zh-Hans.txt"),
        }
    }

    /// The servers first, then the resource, then the clients.
    fn world(&self, setup: &Setup) -> World {
        let params = &setup.params;
        let servers: Vec<NodeId> = (0..params.integer("nodes") as u16).map(NodeId).collect();
        let resource = NodeId(servers.len() as u16);
        let session_timeout = params.span("session_timeout");
        let keeper = Rc::new(KeeperConfig {
            raft: Rc::new(raft::ServerConfig {
                servers: servers.clone(),
                timeout_min: params.span("timeout_min"),
                timeout_max: params.span("timeout_max").max(params.span("timeout_min")),
                heartbeat: params.span("heartbeat"),
                noop: true,
                batch: 16,
            }),
            session_timeout,
        });
        let client = Rc::new(ClientConfig {
            servers: servers.clone(),
            resource,
            locks: params.integer("locks") as u8,
            hold: params.span("hold"),
            rest: params.span("rest"),
            session_timeout,
            request_timeout: params.span("request_timeout"),
        });
        let spec = |kind, letter: char, n: u16| NodeSpec {
            name: format!("{letter}{n}"),
            kind,
        };
        let mut nodes = Vec::new();
        for id in servers {
            let spec = spec(NodeKind::Server, 'n', id.0 + 1);
            nodes.push((spec, Runner::<Keeper>::node(id, &keeper)));
        }
        nodes.push((
            spec(NodeKind::Server, 'r', 1),
            Runner::<Resource>::node(resource, &Rc::new(())),
        ));
        for n in 1..=params.integer("clients") as u16 {
            let id = NodeId(resource.0 + n);
            let spec = spec(NodeKind::Client, 'c', n);
            nodes.push((spec, Runner::<Client>::node(id, &client)));
        }
        World::new(Setting {
            seed: setup.seed,
            nodes,
            net: net(params),
            disk: (params.span("disk_min"), params.span("disk_max")),
            rules: RuleSet::default(),
        })
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        let keeper = engine_of::<Keeper>(world.cell(NodeId(0)).node());
        let timeout = keeper.map_or(Span(0), Keeper::timeout);
        Box::new(Watcher::new(world, timeout))
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        let asks = world.spec(node).kind == NodeKind::Client && words == ["lock"];
        asks.then(|| Request {
            text: "lock".into(),
            value: Rc::new(TakeTurn),
        })
    }
}
