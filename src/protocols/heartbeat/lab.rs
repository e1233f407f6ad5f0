//! The lab: its parameters, its world, its moments.

use super::checks::{CHECKS, Watcher};
use super::engine::{Config, Heartbeat, MONITOR, Monitor, Watched};
use super::notes::NOTES;
use crate::engine::{AnyNode, Message, NodeId, Runner, Span, engine_of};
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, Params, RuleSpec, Setup,
};
use crate::sim::{NodeKind, NodeSpec, Ratio, Request, Status, World};
use std::rc::Rc;

/// The lab `heartbeat`.
#[derive(Copy, Clone, Debug)]
pub struct HeartbeatLab;

const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("nodes", (5, 1, 99), ""),
    ParamSpec::duration("interval", (Span::ms(100), Span::ms(10), Span::secs(2))),
    ParamSpec::duration("timeout", (Span::ms(350), Span::ms(10), Span::secs(60))),
    ParamSpec::duration("latency_min", (Span::ms(5), Span(0), Span::secs(2))),
    ParamSpec::duration("latency_max", (Span::ms(20), Span(0), Span::secs(2))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(30))),
];

const RULES: &[RuleSpec] = &[RuleSpec {
    id: "restart-on-arrival",
    guards: "a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat",
}];

/// In the order of the constants in `engine::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    RuleSpec {
        id: "take-a-suspicion-back",
        guards: "a-live-node-is-trusted-again",
    },
    RuleSpec {
        id: "time-a-node-again",
        guards: "a-dead-node-is-suspected",
    },
    RuleSpec {
        id: "wait-the-whole-timeout",
        guards: "a-node-is-suspected-only-after-a-full-timeout-without-a-heartbeat",
    },
];

const MOMENTS: &[Moment] = &[
    Moment {
        id: "suspected",
        holds: |world| opinions(world, |_, suspected, _| suspected).any(|yes| yes),
    },
    Moment {
        id: "all-trusted",
        holds: |world| {
            world.cell(MONITOR).status() != Status::Down
                && opinions(world, |_, suspected, heard| heard && !suspected).all(|yes| yes)
        },
    },
    Moment {
        id: "falsely-suspected",
        holds: |world| {
            let alive = |node| world.cell(node).status() != Status::Down;
            opinions(world, |node, suspected, _| suspected && alive(node)).any(|yes| yes)
        },
    },
];

/// Asks of each watched node: is it suspected, was it heard? A monitor that is down has no
/// opinion of anybody.
fn opinions<'a>(
    world: &'a World,
    ask: impl Fn(NodeId, bool, bool) -> bool + 'a,
) -> impl Iterator<Item = bool> + 'a {
    let cell = world.cell(MONITOR);
    let monitor = cell.running::<Monitor>();
    let watches = monitor.into_iter().flat_map(Monitor::watches);
    watches.map(move |(node, watch)| ask(node, watch.suspected, watch.last.is_some()))
}

static INFO: LabInfo = LabInfo {
    id: "heartbeat",
    family: "failure",
    found_in: &[
        "HDFS",
        "Hadoop",
        "Kubernetes",
        "ZooKeeper",
        "Consul",
        "Kafka",
        "Spark",
        "Flink",
        "MongoDB",
        "RabbitMQ",
        "MQTT",
    ],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: Heartbeat::KINDS,
    roles: &["trustful", "suspicious"],
    moments: MOMENTS,
    // Nobody asks a detector for anything: it listens.
    verbs: &[],
    // What it promises is about how long a silence is.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "crash-noticed",
        "false-alarm-by-loss",
        "false-alarm-by-pause",
        "partition-looks-like-death",
        "message-from-the-dead",
        "restart-unnoticed",
        "rule-off",
        "fast-clock",
        "slow-clock",
    ],
    lessons: crate::lessons!["detector": 13 min],
    lecture: crate::text_of_file!("README.md"),
};

/// The monitor, and the nodes that it watches.
pub(super) fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let config = Rc::new(Config {
        nodes: params.integer("nodes") as u16,
        interval: params.span("interval"),
        timeout: params.span("timeout"),
    });
    let spec = |name| NodeSpec {
        name,
        kind: NodeKind::Server,
    };
    let monitor = Runner::<Monitor>::node(MONITOR, &config);
    let mut nodes = vec![(spec("m1".to_owned()), monitor)];
    nodes.extend((1..=config.nodes).map(|n| {
        let node = Runner::<Watched>::node(NodeId(n), &config);
        (spec(format!("n{n}")), node)
    }));
    nodes
}

impl Lab for HeartbeatLab {
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
        // The promise is about the timeout that the monitor was given.
        let monitor = engine_of::<Monitor>(world.cell(MONITOR).node());
        let timeout = monitor.map_or(Span(0), Monitor::timeout);
        Box::new(Watcher::new(world, timeout))
    }

    fn request(&self, _world: &World, _node: NodeId, _words: &[&str]) -> Option<Request> {
        None
    }
}
