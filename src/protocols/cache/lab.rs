//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, cache, clients};
use super::client::{Client, ClientConfig, MOST_WISHES, Wish};
use super::experiments::HitRatio;
use super::message::{CacheMessage, Key};
use super::node::{Cache, CacheConfig, Mode, mistakes};
use super::notes::{self, NOTES};
use super::popularity::Popularity;
use super::shelf::Eviction;
use super::store::{Store, StoreConfig};
use super::theory;
use super::watcher::Watcher;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, Word, engine_of};
use crate::lab::{
    Asynchrony, Card, Checker, Experiment, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec,
    Params, Reference, RuleSpec, Setup, ShareChart, ShareLine, VerbSpec,
};
use crate::sim::{NodeKind, NodeSpec, Ratio, Request, Status, World};
use std::rc::Rc;

/// The lab `cache`.
#[derive(Copy, Clone, Debug)]
pub struct CacheLab;

/// The store is the first node, the cache the second; then come the clients.
pub(super) const STORE: NodeId = NodeId(0);
pub(super) const CACHE: NodeId = NodeId(1);
const FIRST_CLIENT: NodeId = NodeId(2);

/// Keys beyond this have no word that is short enough.
const MOST_KEYS: u64 = 1000;

const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "mode",
        kind: ParamKind::Choice("look-aside", &["look-aside", "write-through", "write-back"]),
        unit: "",
    },
    ParamSpec {
        name: "eviction",
        kind: ParamKind::Choice("lru", &["lru", "fifo", "lfu"]),
        unit: "",
    },
    ParamSpec::integer("capacity", (5, 1, 500), ""),
    ParamSpec::integer("keys", (12, 1, MOST_KEYS), ""),
    ParamSpec::integer("zipf", (100, 0, 200), "%"),
    ParamSpec::integer("clients", (3, 1, 8), ""),
    ParamSpec::integer("rate", (4, 0, 10_000), "1/s"),
    ParamSpec::ratio("reads", (Ratio::percent(80), Ratio(0), Ratio::percent(100))),
    ParamSpec::duration("ttl", (Span::secs(4), Span(0), Span::secs(60))),
    ParamSpec::duration("lease", (Span::secs(1), Span::ms(10), Span::secs(10))),
    ParamSpec::duration("wait", (Span::ms(30), Span::ms(1), Span::secs(1))),
    ParamSpec::duration("flush", (Span::ms(150), Span::ms(10), Span::secs(10))),
    ParamSpec::duration("store_read", (Span::ms(20), Span(0), Span::ms(200))),
    ParamSpec::duration("timeout", (Span::ms(300), Span::ms(20), Span::secs(5))),
    ParamSpec::duration("latency_min", (Span::ms(4), Span(0), Span::secs(1))),
    ParamSpec::duration("latency_max", (Span::ms(10), Span(0), Span::secs(1))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
    ParamSpec::duration("disk_min", (Span::ms(2), Span(0), Span::secs(1))),
    ParamSpec::duration("disk_max", (Span::ms(6), Span(0), Span::secs(1))),
];

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const KEPT: &str = "the-cache-keeps-nothing-older-than-an-acknowledged-write";
const NOT_LOST: &str = "no-acknowledged-write-is-lost";

/// In the order of the rule constants in `node`.
const RULES: &[RuleSpec] = &[
    rule("lease-on-a-miss", KEPT),
    rule("invalidate-after-the-write", KEPT),
    rule("one-fill-at-a-time", "one-at-a-time-fetches-a-key"),
    rule("expire-by-ttl", "no-hit-is-older-than-the-time-to-live"),
    rule("dirty-on-disk", NOT_LOST),
    rule("flush-before-eviction", NOT_LOST),
];

/// In the order of the constants in `node::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("a-fill-times-out", "after-calm-every-request-is-answered"),
    rule("answer-what-is-on-disk", NOT_LOST),
    rule("know-a-retry", "clients-linearizable"),
    rule("fetch-again-what-changed", KEPT),
    rule(
        "repeat-a-flush",
        "after-calm-the-store-has-what-was-acknowledged",
    ),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

/// From so many on, those who wait at the store are a herd.
const HERD: usize = 3;

const MOMENTS: &[Moment] = &[
    Moment {
        id: "answered",
        holds: |world| {
            let up = |id: NodeId| world.cell(id).status() != Status::Down;
            let mut running = clients(world).filter(|(id, _)| up(*id));
            running.all(|(_, one)| one.pending().is_none())
        },
    },
    Moment {
        id: "full",
        holds: |world| {
            cache(world).is_some_and(|one| one.shelf().slots().len() == one.shelf().capacity())
        },
    },
    Moment {
        id: "behind",
        holds: checks::behind,
    },
    Moment {
        id: "dirty",
        holds: |world| cache(world).is_some_and(|one| !one.book().dirty().is_empty()),
    },
    Moment {
        id: "herd",
        holds: |world| {
            let store = engine_of::<Store>(world.cell(STORE).node());
            store.is_some_and(|store| store.queue().count() >= HERD)
        },
    },
];

const fn verb(verb: &'static str, form: &'static str, example: &'static str) -> VerbSpec {
    VerbSpec {
        verb,
        form,
        example,
    }
}

static INFO: LabInfo = LabInfo {
    id: "cache",
    family: "spreading",
    found_in: &["Memcached", "Redis"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: CacheMessage::KINDS,
    roles: &["store", "cache"],
    moments: MOMENTS,
    verbs: &[
        verb("get", "KEY", "get k1"),
        verb("put", "KEY=VALUE", "put k1=7"),
        verb("scan", "KEY KEY", "scan k1 k9"),
    ],
    // Leases and times to live are promises about time.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "a-miss-and-a-hit",
        "stale-set-without-a-lease",
        "stale-set-with-a-lease",
        "deleted-before-the-write",
        "dead-between-write-and-delete",
        "never-too-old-to-tell",
        "a-later-read-is-older",
        "a-stampede",
        "one-fetches-the-others-wait",
        "the-one-who-fetches-dies",
        "a-write-through",
        "a-write-comes-back",
        "dirty-in-memory",
        "a-crash-before-the-flush",
        "thrown-away-unwritten",
        "written-back-when-it-has-to-go",
        "a-scan-through-lru",
        "a-scan-through-lfu",
        "yesterdays-favourites",
    ],
    lessons: crate::lessons!["stale-news": 15 min],
    lecture: crate::text_of_file!("README.md"),
};

fn mode(params: &Params) -> Mode {
    match params.word("mode") {
        "write-through" => Mode::WriteThrough,
        "write-back" => Mode::WriteBack,
        _ => Mode::LookAside,
    }
}

fn eviction(params: &Params) -> Eviction {
    match params.word("eviction") {
        "fifo" => Eviction::Fifo,
        "lfu" => Eviction::Lfu,
        _ => Eviction::Lru,
    }
}

pub(super) fn popularity(params: &Params) -> Popularity {
    Popularity::zipf(params.integer("keys"), params.integer("zipf"))
}

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let store = Rc::new(StoreConfig {
        read: params.span("store_read"),
    });
    let cache = Rc::new(CacheConfig {
        mode: mode(params),
        eviction: eviction(params),
        capacity: params.integer("capacity") as usize,
        ttl: params.span("ttl"),
        lease: params.span("lease"),
        timeout: params.span("timeout"),
        flush: params.span("flush"),
        store: STORE,
    });
    let client = Rc::new(ClientConfig {
        mode: mode(params),
        store: STORE,
        cache: CACHE,
        first: FIRST_CLIENT,
        popularity: Rc::new(popularity(params)),
        rate: params.integer("rate"),
        reads: params.ratio("reads"),
        timeout: params.span("timeout"),
        wait: params.span("wait"),
    });
    let spec = |name: String, kind| NodeSpec { name, kind };
    let server = |name: &str| spec(name.to_owned(), NodeKind::Server);
    let mut nodes = vec![
        (server("s1"), Runner::<Store>::node(STORE, &store)),
        (server("m1"), Runner::<Cache>::node(CACHE, &cache)),
    ];
    nodes.extend((0..params.integer("clients") as u16).map(|at| {
        let node = Runner::<Client>::node(NodeId(FIRST_CLIENT.0 + at), &client);
        (spec(format!("c{}", at + 1), NodeKind::Client), node)
    }));
    nodes
}

/// What a client is asked for, by the words of a story.
fn wish(words: &[&str]) -> Option<Wish> {
    match words {
        ["get", key] => Some(Wish::Get(Key::parse(key)?)),
        ["put", pair] => {
            let (key, value) = pair.split_once('=')?;
            Some(Wish::Put(Key::parse(key)?, Word::new(value)?))
        }
        ["scan", from, to] => {
            let (from, to) = (Key::parse(from)?, Key::parse(to)?);
            let count = to.0.checked_sub(from.0)?;
            (usize::from(count) < MOST_WISHES).then_some(Wish::Scan(from, to))
        }
        _ => None,
    }
}

impl Lab for CacheLab {
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

    fn checker(&self, _world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::default())
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        engine_of::<Client>(world.cell(node).node())?;
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(wish(words)?),
        })
    }

    /// The hit ratio beside what theory says of reads alone.
    fn shares(&self, params: &Params) -> Vec<ShareChart> {
        let shares = popularity(params).shares();
        let eviction = eviction(params);
        let capacity = params.integer("capacity") as usize;
        let id = match eviction {
            Eviction::Lru => "lru",
            Eviction::Fifo => "fifo",
            Eviction::Lfu => "lfu",
        };
        vec![ShareChart {
            id: "hits",
            lines: vec![ShareLine {
                id: "hits",
                of: vec![notes::HIT],
                among: vec![notes::HIT, notes::LEASED, notes::MISSED],
            }],
            references: vec![Reference {
                id,
                value: theory::hit_ratio(eviction, &shares, capacity).clamp(0.0, 1.0),
                formula: theory::formula(eviction),
            }],
        }]
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        &[&HitRatio]
    }
}
