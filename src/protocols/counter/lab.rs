//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, Watcher};
use super::client::{Client, ClientConfig, Wish};
use super::message::CounterMessage;
use super::notes::NOTES;
use super::replica::{Replica, ReplicaConfig};
use super::store::{Store, StoreConfig, mistakes};
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, engine_of};
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec, Params, RuleSpec,
    Setup, SmallWorld, VerbSpec,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, Status, World};
use std::rc::Rc;

/// The lab `counter`.
#[derive(Copy, Clone, Debug)]
pub struct Counter;

/// How clients add.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Way {
    /// The store adds, in one step.
    Add,
    /// The client reads, and sets the sum if nothing has changed.
    CompareAndSwap,
    /// The client reads and sets while nobody else may.
    Lock,
    /// Replicas count, each for itself.
    GCounter,
    /// The same, up and down.
    PnCounter,
}

impl Way {
    const WORDS: &'static [&'static str] = &["add", "cas", "lock", "g-counter", "pn-counter"];

    fn of(params: &Params) -> Way {
        match params.word("way") {
            "cas" => Way::CompareAndSwap,
            "lock" => Way::Lock,
            "g-counter" => Way::GCounter,
            "pn-counter" => Way::PnCounter,
            _ => Way::Add,
        }
    }

    /// Whether there are replicas in the place of a store.
    #[must_use]
    pub fn is_replicated(self) -> bool {
        matches!(self, Way::GCounter | Way::PnCounter)
    }
}

const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "way",
        kind: ParamKind::Choice("add", Way::WORDS),
        unit: "",
    },
    ParamSpec::integer("clients", (3, 1, 8), ""),
    ParamSpec::integer("replicas", (3, 1, 7), ""),
    ParamSpec::integer("rate", (2, 0, 100), "1/s"),
    ParamSpec::duration("gossip", (Span::ms(200), Span::ms(10), Span::secs(10))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::secs(2))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::secs(2))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::secs(1))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::secs(1))),
    ParamSpec::duration(
        "client_timeout",
        (Span::ms(150), Span::ms(10), Span::secs(10)),
    ),
    ParamSpec::duration(
        "time_to_live",
        (Span::secs(2), Span::ms(10), Span::secs(60)),
    ),
];

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const LOST: &str = "no-acknowledged-add-is-lost";
const TWICE: &str = "no-add-is-counted-twice";

/// In the order of the rule constants in `store`.
const RULES: &[RuleSpec] = &[
    rule("one-atomic-step", LOST),
    rule("retries-carry-an-id", TWICE),
    rule("one-shared-key", LOST),
    rule("no-expiry", LOST),
];

/// In the order of the constants in `store::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("answer-what-is-on-disk", LOST),
    rule("take-the-answer-to-this", LOST),
    rule("hand-the-lock-on", "after-calm-every-add-is-answered"),
    rule("merge-by-the-greater", TWICE),
    rule("tell-every-replica", "after-calm-the-replicas-agree"),
    rule("retry-at-the-same-replica", TWICE),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "answered",
        holds: answered,
    },
    Moment {
        id: "exact",
        holds: |world| {
            let told = checks::told(world);
            let count = checks::count(world);
            (told.least(), told.most()) == (count, count)
        },
    },
    Moment {
        id: "too-few",
        holds: |world| checks::count(world) < checks::told(world).least(),
    },
    Moment {
        id: "agreed",
        holds: |world| !checks::differ(world),
    },
];

/// Whether no client that runs waits for an answer.
fn answered(world: &World) -> bool {
    let up = world
        .ids()
        .filter(|id| world.cell(*id).status() != Status::Down);
    let mut clients = up.filter_map(|id| engine_of::<Client>(world.cell(id).node()));
    clients.all(|client| client.query().is_none())
}

const VERBS: &[VerbSpec] = &[
    VerbSpec {
        verb: "add",
        form: "",
        example: "add",
    },
    VerbSpec {
        verb: "subtract",
        form: "",
        example: "subtract",
    },
    VerbSpec {
        verb: "read",
        form: "",
        example: "read",
    },
];

/// Two clients that add once each: the smallest world in which an update can be lost.
const SMALL: SmallWorld = SmallWorld {
    params: &[("clients", "2"), ("rate", "0")],
    requests: &["c1 add", "c2 add"],
    allowance: Allowance {
        drops: 0,
        crashes: 0,
        timeouts: 0,
    },
    alike: false,
};

static INFO: LabInfo = LabInfo {
    id: "counter",
    family: "locks",
    found_in: &[
        "Redis",
        "Memcached",
        "Cassandra",
        "MongoDB",
        "HBase",
        "ZooKeeper",
        "etcd",
    ],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: CounterMessage::KINDS,
    roles: &["store", "replica"],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "lost-update",
        "counted-twice",
        "each-its-own-key",
        "the-count-expires",
        "compare-and-swap",
        "under-a-lock",
        "the-holder-crashes",
        "crash-in-mid-write",
        "nobody-knows",
        "g-counter-partition",
        "pn-counter-partition",
        "a-replica-is-behind",
        "disk-lost",
    ],
    lessons: crate::lessons!["adding-one": 14 min],
    lecture: crate::text_of_file!("README.md"),
};

/// The store, or the replicas; then the clients.
fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let way = Way::of(params);
    let replicas = params.integer("replicas") as u16;
    let servers: Vec<NodeId> = (0..if way.is_replicated() { replicas } else { 1 })
        .map(NodeId)
        .collect();
    let spec = |name: String, kind| NodeSpec { name, kind };
    let mut nodes = Vec::new();
    if way.is_replicated() {
        let config = Rc::new(ReplicaConfig {
            replicas,
            gossip: params.span("gossip"),
        });
        nodes.extend(servers.iter().map(|id| {
            let node = Runner::<Replica>::node(*id, &config);
            (spec(format!("r{}", id.0 + 1), NodeKind::Server), node)
        }));
    } else {
        let config = Rc::new(StoreConfig {
            time_to_live: params.span("time_to_live"),
        });
        let node = Runner::<Store>::node(NodeId(0), &config);
        nodes.push((spec("s1".to_owned(), NodeKind::Server), node));
    }
    let first = NodeId(servers.len() as u16);
    let config = Rc::new(ClientConfig {
        way,
        servers,
        first,
        rate: params.integer("rate"),
        timeout: params.span("client_timeout"),
    });
    nodes.extend((0..params.integer("clients") as u16).map(|at| {
        let node = Runner::<Client>::node(NodeId(first.0 + at), &config);
        (spec(format!("c{}", at + 1), NodeKind::Client), node)
    }));
    nodes
}

impl Lab for Counter {
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

    fn checker(&self, _world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::new())
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        if world.spec(node).kind != NodeKind::Client {
            return None;
        }
        let wish = match words {
            ["add"] => Wish::Add,
            ["subtract"] => Wish::Subtract,
            ["read"] => Wish::Read,
            _ => return None,
        };
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(wish),
        })
    }
}
