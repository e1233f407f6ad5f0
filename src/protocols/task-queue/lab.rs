//! The lab: its parameters, its world, its moments.

use super::broker::{Broker, BrokerConfig, Dispatch, mistakes};
use super::checks::{self, CHECKS, Watcher};
use super::ledger::Ledger;
use super::message::{Quality, QueueMessage};
use super::notes::NOTES;
use super::producer::{Producer, ProducerConfig, Wish};
use super::worker::{Worker, WorkerConfig};
use crate::engine::{AnyNode, Message, NodeId, RuleSet, Runner, Span, engine_of};
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec, Params, RuleSpec,
    Setup, VerbSpec,
};
use crate::sim::{NodeKind, NodeSpec, Policy, Ratio, Request, Setting, World};
use std::rc::Rc;

/// The lab `task-queue`.
#[derive(Copy, Clone, Debug)]
pub struct TaskQueue;

/// The broker is the first node, the ledger the second; then come the workers, and then the producers.
pub(super) const BROKER: NodeId = NodeId(0);
pub(super) const LEDGER: NodeId = NodeId(1);

const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("producers", (3, 1, 4), ""),
    ParamSpec::integer("workers", (3, 1, 6), ""),
    ParamSpec {
        name: "qos",
        kind: ParamKind::Choice("each", &["0", "1", "2", "each"]),
        unit: "",
    },
    ParamSpec {
        name: "dispatch",
        kind: ParamKind::Choice("load", &["round-robin", "load", "pull", "steal"]),
        unit: "",
    },
    ParamSpec::integer("rate", (3, 0, 20), "1/s"),
    ParamSpec::integer("poison_every", (6, 0, 100), ""),
    ParamSpec::integer("prefetch", (2, 1, 8), ""),
    ParamSpec::duration("work", (Span::ms(200), Span::ms(1), Span::ms(200))),
    ParamSpec::integer("slow", (1, 1, 4), ""),
    ParamSpec::duration("visibility", (Span::ms(800), Span::ms(50), Span::secs(2))),
    ParamSpec::integer("tries", (3, 1, 4), ""),
    ParamSpec::duration("timeout", (Span::ms(150), Span::ms(20), Span::secs(2))),
    ParamSpec::duration("poll", (Span::ms(250), Span::ms(20), Span::secs(1))),
    ParamSpec::duration("latency_min", (Span::ms(4), Span(0), Span::ms(50))),
    ParamSpec::duration("latency_max", (Span::ms(10), Span(0), Span::ms(50))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(10))),
];

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const NOT_LOST: &str = "no-accepted-task-is-lost";
const DONE_OR_DEAD: &str = "after-calm-every-accepted-task-is-done-or-dead";
const STORED_ONCE: &str = "a-task-sent-at-quality-2-is-stored-once";
const ONE_WORKER: &str = "a-task-is-handed-to-one-worker-at-a-time";

/// In the order of the rule constants in `broker`.
const RULES: &[RuleSpec] = &[
    rule("acknowledge-after-the-work", NOT_LOST),
    rule("durable-queue", NOT_LOST),
    rule("visibility-timeout", DONE_OR_DEAD),
    rule("dead-letters", DONE_OR_DEAD),
    rule("dedup-by-id", "no-task-takes-effect-twice"),
];

/// In the order of the constants in `broker::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("answer-what-is-on-disk", NOT_LOST),
    rule("look-at-the-packet", STORED_ONCE),
    rule("send-the-same-packet", STORED_ONCE),
    rule("hand-out-what-is-on-disk", ONE_WORKER),
    rule("look-at-the-delivery", ONE_WORKER),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "settled",
        holds: |world| checks::vault(world).is_some_and(|vault| vault.entries().is_empty()),
    },
    Moment {
        id: "in-hand",
        holds: |world| {
            let lent = |vault: &super::Vault| vault.entries().iter().any(|e| e.lent.is_some());
            checks::vault(world).is_some_and(lent)
        },
    },
    Moment {
        id: "dead-letter",
        holds: |world| checks::vault(world).is_some_and(|vault| !vault.dead().is_empty()),
    },
    Moment {
        id: "worked-on-twice",
        holds: |world| checks::book(world).rows().iter().any(|row| row.works > 1),
    },
    Moment {
        id: "counted-twice",
        holds: |world| checks::book(world).rows().iter().any(|row| row.effects > 1),
    },
    Moment {
        id: "accepted",
        holds: |world| {
            let mut all = producers(world);
            all.all(|(_, producer)| producer.session().pending.is_none())
        },
    },
];

/// The producers.
pub(super) fn producers(world: &World) -> impl Iterator<Item = (NodeId, &Producer)> {
    let of = |id: NodeId| Some((id, engine_of::<Producer>(world.cell(id).node())?));
    world.ids().filter_map(of)
}

/// The workers.
pub(super) fn workers(world: &World) -> impl Iterator<Item = (NodeId, &Worker)> {
    let of = |id: NodeId| Some((id, engine_of::<Worker>(world.cell(id).node())?));
    world.ids().filter_map(of)
}

static INFO: LabInfo = LabInfo {
    id: "task-queue",
    family: "spreading",
    found_in: &["RabbitMQ", "MQTT", "Redis", "Amazon SQS"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: QueueMessage::KINDS,
    roles: &["broker", "ledger", "idle", "working"],
    moments: MOMENTS,
    verbs: &[
        VerbSpec {
            verb: "send",
            form: "",
            example: "send",
        },
        VerbSpec {
            verb: "poison",
            form: "",
            example: "poison",
        },
    ],
    // A visibility timeout is a promise about time.
    asynchrony: Asynchrony::RestsOnTime,
    stories: crate::stories![
        "done-once",
        "a-worker-is-lost",
        "acknowledged-first",
        "nobody-gets-it-back",
        "done-twice",
        "counted-twice",
        "timeout-too-short",
        "a-dead-letter",
        "poison-for-ever",
        "three-qualities",
        "at-least-once-is-stored-twice",
        "exactly-once-is-stored-once",
        "late-after-pubcomp",
        "the-broker-crashes",
        "a-queue-in-memory",
        "behind-a-slow-worker",
        "stolen-from-a-slow-worker",
    ],
    lessons: crate::lessons!["at-least-once": 15 min],
    lecture: crate::text_of_file!("README.md"),
};

fn qualities(params: &Params) -> Vec<Quality> {
    use Quality::{AtLeastOnce, AtMostOnce, ExactlyOnce};
    match params.word("qos") {
        "0" => vec![AtMostOnce],
        "1" => vec![AtLeastOnce],
        "2" => vec![ExactlyOnce],
        _ => vec![AtMostOnce, AtLeastOnce, ExactlyOnce],
    }
}

fn dispatch(params: &Params) -> Dispatch {
    match params.word("dispatch") {
        "round-robin" => Dispatch::RoundRobin,
        "pull" => Dispatch::Pull,
        "steal" => Dispatch::Steal,
        _ => Dispatch::Load,
    }
}

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let count = params.integer("workers") as u16;
    let ids: Vec<NodeId> = (2..2 + count).map(NodeId).collect();
    let first = NodeId(2 + count);
    let broker = Rc::new(BrokerConfig {
        dispatch: dispatch(params),
        workers: ids.clone(),
        prefetch: params.integer("prefetch"),
        visibility: params.span("visibility"),
        tries: params.integer("tries") as u32,
    });
    let worker = Rc::new(WorkerConfig {
        dispatch: dispatch(params),
        broker: BROKER,
        ledger: LEDGER,
        workers: ids.clone(),
        work: params.span("work"),
        slow: params.integer("slow"),
        poll: params.span("poll"),
    });
    let producer = Rc::new(ProducerConfig {
        broker: BROKER,
        first,
        qualities: qualities(params),
        rate: params.integer("rate"),
        poison_every: params.integer("poison_every"),
        timeout: params.span("timeout"),
    });
    let spec = |name: String, kind| NodeSpec { name, kind };
    let server = |name: &str| spec(name.to_owned(), NodeKind::Server);
    let mut nodes = vec![
        (server("b1"), Runner::<Broker>::node(BROKER, &broker)),
        (server("l1"), Runner::<Ledger>::node(LEDGER, &Rc::new(()))),
    ];
    nodes.extend(ids.iter().zip(1..).map(|(id, n)| {
        let node = Runner::<Worker>::node(*id, &worker);
        (server(&format!("w{n}")), node)
    }));
    nodes.extend((0..params.integer("producers") as u16).map(|at| {
        let node = Runner::<Producer>::node(NodeId(first.0 + at), &producer);
        (spec(format!("p{}", at + 1), NodeKind::Client), node)
    }));
    nodes
}

impl Lab for TaskQueue {
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
        World::new(Setting {
            seed: setup.seed,
            nodes: nodes(&setup.params),
            // MQTT wants a transport that keeps the order.
            net: Policy {
                reorder: false,
                ..setup.net()
            },
            disk: (Span::ms(1), Span::ms(3)),
            rules: RuleSet::default(),
        })
    }

    fn checker(&self, _world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::default())
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        engine_of::<Producer>(world.cell(node).node())?;
        let wish = match words {
            ["send"] => Wish::Send,
            ["poison"] => Wish::Poison,
            _ => return None,
        };
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(wish),
        })
    }
}
