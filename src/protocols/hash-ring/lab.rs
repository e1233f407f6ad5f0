//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, Watcher};
use super::client::{Client, ClientConfig, Wish};
use super::experiments::ALL;
use super::hashes::HashKind;
use super::keeper::{Keeper, KeeperConfig};
use super::layout::{Layout, Member, Placement, Scheme};
use super::message::{Change, RingMessage};
use super::notes::NOTES;
use super::rules::mistakes;
use super::server::{Server, ServerConfig};
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, Word, engine_of};
use crate::lab::{
    Asynchrony, Card, Checker, Experiment, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec,
    Params, RuleSpec, Setup, SmallWorld, VerbSpec, linear,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, Status, World};
use std::rc::Rc;

/// The lab `hash-ring`.
#[derive(Copy, Clone, Debug)]
pub struct HashRing;

/// The greatest salt: each is another circle.
pub(super) const MOST_SALT: u64 = 999_999_999;
/// The most times the weight of 1.
const MOST_WEIGHT: u32 = 8;

const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "placement",
        kind: ParamKind::Choice("ring", Placement::WORDS),
        unit: "",
    },
    ParamSpec {
        name: "hash",
        kind: ParamKind::Choice("xxh3", HashKind::WORDS),
        unit: "",
    },
    ParamSpec::integer("nodes", (5, 1, 100), ""),
    ParamSpec::integer("spares", (1, 0, 5), ""),
    ParamSpec::integer("points", (8, 1, 200), ""),
    ParamSpec::integer("replicas", (3, 1, 5), ""),
    ParamSpec::integer("keys", (120, 0, 10_000), ""),
    ParamSpec::integer("clients", (2, 1, 8), ""),
    ParamSpec::integer("rate", (2, 0, 200), "1/s"),
    ParamSpec::ratio("hot", (Ratio(0), Ratio(0), Ratio::percent(100))),
    ParamSpec::duration("compare", (Span::secs(1), Span::ms(50), Span::secs(60))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::secs(2))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::secs(2))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::secs(1))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::secs(1))),
    ParamSpec::duration(
        "client_timeout",
        (Span::ms(250), Span::ms(10), Span::secs(10)),
    ),
    ParamSpec::integer("salt", (0, 0, MOST_SALT), ""),
];

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const OWNERS: &str = "each-key-has-its-owners";

/// In the order of the rule constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("points-by-name-and-number", OWNERS),
    rule("walk-to-distinct-nodes", OWNERS),
    rule("place-by-hash", "on-join-only-the-new-node-gains"),
    rule("stream-before-owning", linear::CHECK),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("answer-what-is-on-disk", linear::CHECK),
    rule("write-to-both", linear::CHECK),
    rule("repair-what-was-read", linear::CHECK),
    rule("drop-when-handed-over", linear::CHECK),
    rule(
        "compare-with-all",
        "after-calm-every-key-is-on-all-its-nodes",
    ),
    rule("ask-again", "after-calm-every-request-is-answered"),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "answered",
        holds: |world| {
            let up = world
                .ids()
                .filter(|id| world.cell(*id).status() != Status::Down);
            let mut clients = up.filter_map(|id| engine_of::<Client>(world.cell(id).node()));
            clients.all(|client| client.wish().is_none())
        },
    },
    Moment {
        id: "moving",
        holds: |world| checks::keeper(world).is_some_and(|k| k.members().next.is_some()),
    },
    Moment {
        id: "settled",
        holds: |world| {
            let number = checks::keeper(world).map(|keeper| keeper.members());
            number.is_some_and(|members| {
                let by = |server: &Server| server.members().number == members.number;
                members.next.is_none() && checks::servers(world).all(|(_, server)| by(server))
            })
        },
    },
    Moment {
        id: "even",
        holds: |world| checks::keys_of_each(world).is_some_and(|(most, mean)| 2 * most <= 3 * mean),
    },
    Moment {
        id: "hot-spot",
        holds: |world| checks::hot_spot(world).is_some(),
    },
];

const fn verb(verb: &'static str, form: &'static str, example: &'static str) -> VerbSpec {
    VerbSpec {
        verb,
        form,
        example,
    }
}

const VERBS: &[VerbSpec] = &[
    verb("put", "KEY=VALUE", "put k1=7"),
    verb("get", "KEY", "get k1"),
    verb("join", "", "join"),
    verb("leave", "", "leave"),
    verb("weight", "N", "weight 2"),
    verb("remove", "SERVER", "remove n1"),
];

/// Two servers of which one is a member, one write, and the other one comes.
const SMALL: SmallWorld = SmallWorld {
    params: &[
        ("nodes", "1"),
        ("spares", "1"),
        ("clients", "1"),
        ("replicas", "1"),
        ("keys", "0"),
        ("points", "1"),
        ("rate", "0"),
    ],
    requests: &["c1 put k1=1", "n2 join"],
    allowance: Allowance {
        drops: 0,
        crashes: 0,
        timeouts: 0,
    },
    alike: false,
};

static INFO: LabInfo = LabInfo {
    id: "hash-ring",
    family: "spreading",
    found_in: &[
        "Cassandra",
        "Dynamo",
        "Riak",
        "Memcached",
        "Redis",
        "Envoy",
        "Maglev",
    ],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: RingMessage::KINDS,
    roles: &["keeper", "member", "joining", "leaving", "outside"],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "a-node-joins",
        "a-node-leaves",
        "a-replica-serves",
        "the-articles-ring",
        "one-hot-key",
        "modulo-moves-nearly-all",
        "no-stream-no-data",
        "the-same-node-twice",
        "evenly-by-order",
        "one-copy-cannot-leave",
    ],
    lessons: crate::lessons!["walking-the-ring": 14 min, "what-moves": 12 min],
    lecture: crate::text_of_file!("README.md"),
};

/// The layout that a run begins with.
fn first_layout(params: &Params) -> Rc<Layout> {
    let member = |node| Member {
        node: NodeId(node),
        weight: 1,
    };
    let scheme = Scheme::new(
        (
            Placement::of(params.word("placement")),
            HashKind::of(params.word("hash")),
        ),
        (
            params.integer("points") as u32,
            params.integer("replicas") as usize,
        ),
        (params.integer("keys") as usize, params.integer("salt")),
    );
    let nodes = params.integer("nodes") as u16;
    Rc::new(Layout::new(
        &Rc::new(scheme),
        (0..nodes).map(member).collect(),
    ))
}

/// The servers, the keeper, and the clients.
fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let first = first_layout(params);
    let servers = (params.integer("nodes") + params.integer("spares")) as u16;
    let keeper = NodeId(servers);
    let timeout = params.span("client_timeout");
    let spec = |name: String, kind| NodeSpec { name, kind };
    let config = Rc::new(ServerConfig {
        first: Rc::clone(&first),
        keeper,
        compare: params.span("compare"),
        patience: timeout,
    });
    let mut nodes: Vec<(NodeSpec, Box<dyn AnyNode>)> = (0..servers)
        .map(|at| {
            let node = Runner::<Server>::node(NodeId(at), &config);
            (spec(format!("n{}", at + 1), NodeKind::Server), node)
        })
        .collect();
    let config = Rc::new(KeeperConfig {
        first,
        servers,
        patience: timeout,
    });
    let node = Runner::<Keeper>::node(keeper, &config);
    nodes.push((spec("m1".to_owned(), NodeKind::Server), node));
    let first = NodeId(servers + 1);
    let config = Rc::new(ClientConfig {
        servers,
        first,
        rate: params.integer("rate"),
        keys: params.integer("keys"),
        hot: params.ratio("hot"),
        timeout,
    });
    nodes.extend((0..params.integer("clients") as u16).map(|at| {
        let node = Runner::<Client>::node(NodeId(first.0 + at), &config);
        (spec(format!("c{}", at + 1), NodeKind::Client), node)
    }));
    nodes
}

/// What a server can be asked, or the keeper in its place.
fn change(world: &World, node: NodeId, words: &[&str]) -> Option<Change> {
    let is_server = |node: NodeId| engine_of::<Server>(world.cell(node).node()).is_some();
    if is_server(node) {
        return match words {
            ["join"] => Some(Change::Join(node)),
            ["leave"] => Some(Change::Leave(node)),
            ["weight", weight] => {
                let weight: u32 = weight.parse().ok()?;
                (1..=MOST_WEIGHT)
                    .contains(&weight)
                    .then_some(Change::Weight(node, weight))
            }
            _ => None,
        };
    }
    engine_of::<Keeper>(world.cell(node).node())?;
    match words {
        ["remove", name] => {
            let server = world.find(name).filter(|server| is_server(*server))?;
            Some(Change::Leave(server))
        }
        _ => None,
    }
}

/// What a client can be asked.
fn wish(words: &[&str]) -> Option<Wish> {
    match words {
        ["get", key] => Word::new(key).map(Wish::Get),
        ["put", pair] => {
            let (key, value) = pair.split_once('=')?;
            Some(Wish::Put(Word::new(key)?, Word::new(value)?))
        }
        _ => None,
    }
}

impl Lab for HashRing {
    fn info(&self) -> &'static LabInfo {
        &INFO
    }

    fn card(&self) -> &'static Card {
        static CARD: Card = Card::of(&INFO);
        &CARD
    }

    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        &[
            // One copy of each key, and nobody to mend it: who moves it has it, or nobody has.
            &[
                ("nodes", "3"),
                ("replicas", "1"),
                ("keys", "4"),
                ("clients", "3"),
                ("rate", "15"),
                ("compare", "10s"),
            ],
            // All read and write one key, and nothing but a read brings its copies together.
            &[
                ("nodes", "3"),
                ("spares", "0"),
                ("replicas", "3"),
                ("keys", "0"),
                ("clients", "3"),
                ("rate", "10"),
                ("compare", "10s"),
                ("client_timeout", "1s"),
                ("latency_min", "8ms"),
                ("latency_max", "14ms"),
                ("disk_max", "3ms"),
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
        setup.world(nodes(&setup.params))
    }

    fn checker(&self, _world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::default())
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        let text = words.join(" ").into();
        if world.spec(node).kind == NodeKind::Client {
            let value = Rc::new(wish(words)?);
            return Some(Request { text, value });
        }
        let value = Rc::new(change(world, node, words)?);
        Some(Request { text, value })
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        &ALL
    }
}
