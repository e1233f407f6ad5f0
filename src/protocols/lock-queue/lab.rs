//! The lab: parameters, rules, verbs, and how the world is made.

use super::checks::{CHECKS, Watcher, clients};
use super::client::{Client, ClientConfig, TakeTurn};
use super::keeper::{Keeper, KeeperConfig};
use super::message::QueueMessage;
use super::notes;
use super::resource::Resource;
use super::rules::FIRST_MISTAKE;
use super::tree::BOTH;
use crate::engine::{AnyNode, Message, NodeId, NoteSpec, Runner, Span, engine_of};
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, Params, RuleSpec, Setup,
    VerbSpec,
};
use crate::protocols::raft;
use crate::sim::{NodeKind, NodeSpec, Ratio, Request, Status, World};
use std::rc::Rc;

/// The lab `lock-queue`.
#[derive(Copy, Clone, Debug)]
pub struct LockQueue;

const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("nodes", (3, 1, 7), ""),
    ParamSpec::integer("clients", (3, 0, 8), ""),
    ParamSpec::integer("locks", (1, 1, 2), ""),
    ParamSpec::duration("rest", (Span::ms(250), Span(0), Span::secs(60))),
    ParamSpec::duration("hold", (Span::ms(100), Span(0), Span::secs(1))),
    ParamSpec::duration(
        "session_timeout",
        (Span::ms(400), Span::ms(200), Span::secs(5)),
    ),
    ParamSpec::duration(
        "request_timeout",
        (Span::ms(100), Span::ms(20), Span::secs(2)),
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
    rule("confirm-before-answer", "one-grant-at-a-time"),
    rule("numbers-go-up", "first-come-first-served"),
    rule("look-when-unwatched", "no-waiter-is-forgotten"),
];

const _: () = assert!(RULES.len() == FIRST_MISTAKE as usize);

const OWN_NOTES: usize = notes::NOTES.len();

/// The own notes, and behind them those of the Raft inside.
const NOTES: &[NoteSpec] =
    &raft::with_server_notes::<{ OWN_NOTES + raft::SERVER_NOTES.len() }>(notes::NOTES);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "leader",
        holds: |world| leader(world).is_some(),
    },
    Moment {
        id: "connected",
        holds: |world| live(world).all(|client| client.session().is_some() && !client.cut_off()),
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
        holds: |world| live(world).any(|client| client.waits_for().is_some()),
    },
    Moment {
        id: "all-idle",
        holds: |world| live(world).all(Client::idle),
    },
];

const VERBS: &[VerbSpec] = &[VerbSpec {
    verb: "lock",
    form: "",
    example: "lock",
}];

/// The clients that are not down.
fn live(world: &World) -> impl Iterator<Item = &Client> {
    let up = clients(world).filter(|(id, _)| world.cell(*id).status() != Status::Down);
    up.map(|(_, client)| client)
}

/// How many believe to hold the same lock, at the most.
fn believers(world: &World) -> usize {
    let of = |lock| live(world).filter(|client| client.believes(lock)).count();
    BOTH.map(of).into_iter().max().unwrap_or(0)
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
    found_in: &[
        "ZooKeeper",
        "Curator",
        "etcd",
        "Consul",
        "HBase",
        "Kafka",
        "Hadoop",
    ],
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
    stories: crate::stories![
        "turns",
        "herd",
        "leader-crash",
        "minority-leader",
        "holder-crash",
        "holder-cut-off",
        "believes-on",
        "sleeping-holder",
        "late-write",
        "no-fencing",
        "woken-too-early",
        "article-acquire",
        "article-release",
        "deadlock",
        "lost-notification",
    ],
    lessons: crate::lessons!["herd": 13 min, "fencing": 14 min],
    lecture: crate::text_of_file!("README.md"),
};

/// The servers first, then the resource, then the clients. All of them are the lab's own nodes,
/// which storms strike: what a client believes is what the lab is about.
fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
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
            options: raft::Options::default(),
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
    let spec = |letter: char, n: u16| NodeSpec {
        name: format!("{letter}{n}"),
        kind: NodeKind::Server,
    };
    let mut nodes = Vec::new();
    for id in servers {
        nodes.push((spec('n', id.0 + 1), Runner::<Keeper>::node(id, &keeper)));
    }
    let store = Runner::<Resource>::node(resource, &Rc::new(()));
    nodes.push((spec('r', 1), store));
    for n in 1..=params.integer("clients") as u16 {
        let id = NodeId(resource.0 + n);
        nodes.push((spec('c', n), Runner::<Client>::node(id, &client)));
    }
    nodes
}

impl Lab for LockQueue {
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
        setup.world(nodes(params))
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        let keeper = engine_of::<Keeper>(world.cell(NodeId(0)).node());
        let timeout = keeper.map_or(Span(0), Keeper::timeout);
        Box::new(Watcher::new(world, timeout))
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        let client = engine_of::<Client>(world.cell(node).node()).is_some();
        (client && words == ["lock"]).then(|| Request {
            text: "lock".into(),
            value: Rc::new(TakeTurn),
        })
    }
}
