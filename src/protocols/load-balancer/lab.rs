//! The lab: its parameters, its world, its moments.

use super::balancer::{Balancer, BalancerConfig, Weigh, mistakes};
use super::checks::{CHECKS, Watcher};
use super::client::{Client, ClientConfig, Wish};
use super::experiments::{BallsIntoBins, Supermarket};
use super::gauges;
use super::layout::Layout;
use super::message::LoadMessage;
use super::notes::{self, NOTES};
use super::policy::{Policy, Ring};
use super::server::{Server, ServerConfig, Slow};
use super::times::{Arrivals, Demands};
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, engine_of};
use crate::lab::{
    Asynchrony, Card, Checker, Experiment, GaugeChart, Lab, LabInfo, Lang, Moment, ParamKind,
    ParamSpec, Params, Readings, RuleSpec, Setup, ShareChart, ShareLine, VerbSpec,
};
use crate::sim::{NodeKind, NodeSpec, Ratio, Request, Status, World};
use std::rc::Rc;

/// The lab `load-balancer`.
#[derive(Copy, Clone, Debug)]
pub struct LoadBalancer;

const fn choice(name: &'static str, words: &'static [&'static str]) -> ParamSpec {
    ParamSpec {
        name,
        kind: ParamKind::Choice(words[0], words),
        unit: "",
    }
}

const PARAMS: &[ParamSpec] = &[
    choice("policy", Policy::WORDS),
    ParamSpec::integer("servers", (4, 1, 1000), ""),
    ParamSpec::integer("balancers", (1, 1, 4), ""),
    ParamSpec::integer("clients", (1, 1, 8), ""),
    ParamSpec::integer("rate", (18, 0, 100_000), "1/s"),
    ParamSpec::integer("requests", (0, 0, 1_000_000), ""),
    choice("arrivals", Arrivals::WORDS),
    ParamSpec::integer("burst", (1, 1, 100), ""),
    ParamSpec::duration("service", (Span::ms(100), Span(10), Span::secs(60))),
    choice("service_times", Demands::WORDS),
    choice("weights", WEIGHTS),
    ParamSpec::integer("choices", (2, 1, 8), ""),
    ParamSpec::integer("keys", (100, 1, 1_000_000), "keys"),
    choice("view", &["own-count", "reports"]),
    ParamSpec::duration("probe", (Span::secs(1), Span::ms(10), Span::secs(60))),
    ParamSpec::integer("rise", (2, 1, 10), ""),
    ParamSpec::integer("fall", (3, 1, 10), ""),
    ParamSpec::duration("slow_start", (Span::secs(10), Span(0), Span::secs(60))),
    ParamSpec::duration("warm_up", (Span::secs(5), Span(0), Span::secs(60))),
    ParamSpec::integer("queue_limit", (50, 1, 1_000_000), "requests"),
    ParamSpec::duration("timeout", (Span::secs(1), Span::ms(10), Span::secs(10))),
    ParamSpec::integer("retries", (3, 0, 5), ""),
    ParamSpec::ratio(
        "retry_budget",
        (Ratio::percent(10), Ratio(0), Ratio::percent(100)),
    ),
    ParamSpec::duration("latency_min", (Span::ms(10), Span(0), Span::secs(1))),
    ParamSpec::duration("latency_max", (Span::ms(20), Span(0), Span::secs(1))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
];

/// All alike; the worked case of the article; one big server among small ones.
const WEIGHTS: &[&str] = &["equal", "40-30-30", "5-1-1"];

fn weights(params: &Params) -> Vec<u32> {
    let row: &[u32] = match params.word("weights") {
        "40-30-30" => &[40, 30, 30],
        "5-1-1" => &[5, 1, 1],
        _ => &[1],
    };
    let servers = params.integer("servers") as usize;
    row.iter().copied().cycle().take(servers).collect()
}

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const PASSED_OVER: &str = "a-healthy-idle-server-is-not-passed-over-for-ever";
const OUT: &str = "a-server-that-is-out-gets-no-request";

/// In the order of the rule constants in `balancer`.
const RULES: &[RuleSpec] = &[
    rule("choose-without-feedback", PASSED_OVER),
    rule("take-out-the-dead", "no-request-goes-to-a-server-long-dead"),
    rule("retry-budget", "retries-are-a-share-of-what-is-asked"),
    rule(
        "slow-start",
        "a-server-that-comes-back-gets-a-growing-share",
    ),
    rule("in-turn", "shares-come-out-as-the-weights-say"),
];

/// In the order of the constants in `balancer::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule(
        "finish-what-was-begun",
        "no-request-is-lost-while-its-server-lives",
    ),
    rule("take-one-answer", "a-request-is-answered-at-most-once"),
    rule(
        "time-every-attempt",
        "after-calm-every-request-comes-to-an-end",
    ),
    rule("walk-past-who-is-out", OUT),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

/// How many have to be in a server for its queue to be spoken of.
pub(super) const QUEUE: usize = 5;

const MOMENTS: &[Moment] = &[
    Moment {
        id: "queue",
        holds: |world| servers(world).any(|server| server.load() >= QUEUE),
    },
    Moment {
        id: "all-idle",
        holds: |world| servers(world).all(|server| server.load() == 0),
    },
    Moment {
        id: "one-has-all",
        holds: one_has_all,
    },
    Moment {
        id: "one-is-out",
        holds: |world| balancers(world).any(|one| one.ins().len() < one.peers().len()),
    },
    Moment {
        id: "all-in",
        holds: |world| balancers(world).all(|one| one.ins().len() == one.peers().len()),
    },
    Moment {
        id: "answered",
        holds: |world| clients(world).all(|client| client.open() == 0),
    },
];

/// The servers that are not down.
pub(super) fn servers(world: &World) -> impl Iterator<Item = &Server> {
    let up = world
        .ids()
        .map(|id| world.cell(id))
        .filter(|cell| cell.status() != Status::Down);
    up.filter_map(|cell| engine_of::<Server>(cell.node()))
}

/// The balancers that are not down. They stand behind the clients; the servers, which may be very many, are not
/// looked at.
pub(super) fn balancers(world: &World) -> impl Iterator<Item = &Balancer> {
    let cells = world.ids().map(|id| world.cell(id));
    let from = cells.skip_while(|cell| engine_of::<Balancer>(cell.node()).is_none());
    let all = from.map_while(|cell| {
        let balancer = engine_of::<Balancer>(cell.node())?;
        Some((cell.status(), balancer))
    });
    all.filter_map(|(status, balancer)| (status != Status::Down).then_some(balancer))
}

/// Who is what, as the balancers know it.
pub(super) fn layout_of(world: &World) -> Option<Layout> {
    let of = |id| engine_of::<Balancer>(world.cell(id).node());
    world.ids().find_map(of).map(|one| one.config().layout)
}

/// The clients that are not down. They stand first.
pub(super) fn clients(world: &World) -> impl Iterator<Item = &Client> {
    let cells = world.ids().map(|id| world.cell(id));
    let clients = cells.map_while(|cell| {
        let client = engine_of::<Client>(cell.node())?;
        Some((cell.status(), client))
    });
    clients.filter_map(|(status, client)| (status != Status::Down).then_some(client))
}

/// Whether one of several servers has all the work there is, and that is much.
fn one_has_all(world: &World) -> bool {
    let busy = servers(world).filter(|server| server.load() > 0);
    let loads: Vec<usize> = busy.map(Server::load).take(2).collect();
    matches!(loads[..], [load] if load >= QUEUE) && servers(world).nth(1).is_some()
}

const VERBS: &[VerbSpec] = &[
    VerbSpec {
        verb: "send",
        form: "COUNT",
        example: "send 10",
    },
    VerbSpec {
        verb: "rate",
        form: "REQUESTS",
        example: "rate 18",
    },
    VerbSpec {
        verb: "slow",
        form: "TIMES",
        example: "slow 10",
    },
    VerbSpec {
        verb: "weigh",
        form: "SERVER WEIGHT",
        example: "weigh s1 3",
    },
];

static INFO: LabInfo = LabInfo {
    id: "load-balancer",
    family: "spreading",
    found_in: &[
        "Kubernetes",
        "gRPC",
        "Consul",
        "Redis",
        "Memcached",
        "Cassandra",
        "RabbitMQ",
    ],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: LoadMessage::KINDS,
    roles: &["idle", "busy"],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "in-turn",
        "loads-40-30-30",
        "load-over-capacity",
        "round-robin-at-random",
        "random-is-uneven",
        "a-slow-server-in-turn",
        "a-slow-server-fewest",
        "a-dead-server",
        "the-dead-stays-in",
        "back-with-a-growing-share",
        "flooded-when-it-is-back",
        "retry-storm",
        "retries-with-a-budget",
        "stale-views",
        "two-choices-with-stale-views",
        "one-key-is-hot",
    ],
    lessons: crate::lessons!["two-choices": 15 min],
    lecture: crate::text_of_file!("README.md"),
};

/// Who is what.
fn layout(params: &Params) -> Layout {
    Layout {
        clients: params.integer("clients") as u16,
        balancers: params.integer("balancers") as u16,
        servers: params.integer("servers") as u16,
    }
}

fn client_config(params: &Params) -> Rc<ClientConfig> {
    Rc::new(ClientConfig {
        layout: layout(params),
        rate: params.integer("rate"),
        requests: params.integer("requests"),
        arrivals: Arrivals::of(params),
        burst: params.integer("burst"),
        demands: Demands::of(params),
        service: params.span("service"),
        keys: params.integer("keys"),
        timeout: params.span("timeout"),
        retries: params.integer("retries") as u8,
        retry_budget: params.ratio("retry_budget").0,
    })
}

fn balancer_config(params: &Params) -> Rc<BalancerConfig> {
    let layout = layout(params);
    Rc::new(BalancerConfig {
        layout,
        policy: Policy::of(params),
        choices: params.integer("choices") as u16,
        by_reports: params.word("view") == "reports",
        weights: weights(params),
        probe: params.span("probe"),
        rise: params.integer("rise") as u32,
        fall: params.integer("fall") as u32,
        slow_start: params.span("slow_start"),
        timeout: params.span("timeout"),
        ring: Ring::new(layout.servers),
    })
}

/// The clients, the balancers, the servers.
fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let layout = layout(params);
    let (client, balancer) = (client_config(params), balancer_config(params));
    let server = Rc::new(ServerConfig {
        queue_limit: params.integer("queue_limit") as usize,
        warm_up: params.span("warm_up"),
    });
    let mut nodes: Vec<(NodeSpec, Box<dyn AnyNode>)> = Vec::new();
    let mut add = |name: String, kind, node| nodes.push((NodeSpec { name, kind }, node));
    for at in 0..layout.clients {
        let node = Runner::<Client>::node(NodeId(at), &client);
        add(format!("c{}", at + 1), NodeKind::Client, node);
    }
    for (at, id) in layout.all_balancers().enumerate() {
        let node = Runner::<Balancer>::node(id, &balancer);
        add(format!("b{}", at + 1), NodeKind::Server, node);
    }
    for (at, id) in layout.all_servers().enumerate() {
        let node = Runner::<Server>::node(id, &server);
        add(format!("s{}", at + 1), NodeKind::Server, node);
    }
    nodes
}

/// A whole number within bounds.
fn number(word: &str, bounds: std::ops::RangeInclusive<u64>) -> Option<u64> {
    word.parse().ok().filter(|n| bounds.contains(n))
}

impl Lab for LoadBalancer {
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
        Box::new(Watcher::new(world))
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        let node = world.cell(node).node();
        let value: Rc<dyn std::any::Any> = if engine_of::<Client>(node).is_some() {
            Rc::new(match words {
                ["send", count] => Wish::Send(number(count, 1..=10_000)?),
                ["rate", rate] => Wish::Rate(number(rate, 0..=100_000)?),
                _ => return None,
            })
        } else if engine_of::<Server>(node).is_some() {
            let ["slow", times] = words else {
                return None;
            };
            Rc::new(Slow(number(times, 1..=1000)?))
        } else {
            let ["weigh", server, weight] = words else {
                return None;
            };
            let server = world.ids().find(|id| world.spec(*id).name == *server)?;
            engine_of::<Server>(world.cell(server).node())?;
            let weight = number(weight, 1..=1000)? as u32;
            Rc::new(Weigh { server, weight })
        };
        Some(Request {
            text: words.join(" ").into(),
            value,
        })
    }

    fn shares(&self, _params: &Params) -> Vec<ShareChart> {
        let line = |id, of: &[_]| ShareLine {
            id,
            of: of.to_vec(),
            among: vec![notes::ASKED],
        };
        vec![ShareChart {
            id: "ends",
            lines: vec![
                line("answered", &[notes::ANSWERED]),
                line("failed", &[notes::GAVE_UP, notes::REFUSED_FOR_GOOD]),
                line("retried", &[notes::RETRIED]),
            ],
            references: Vec::new(),
        }]
    }

    fn gauges(&self, params: &Params) -> Vec<GaugeChart> {
        gauges::charts(params.integer("servers") as u16)
    }

    fn read(&self, world: &World) -> Readings {
        gauges::read(world)
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        &[&Supermarket, &BallsIntoBins]
    }
}
