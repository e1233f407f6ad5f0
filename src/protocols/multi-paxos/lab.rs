//! The lab: its parameters, its world, its moments. Servers, clients and what both share with Raft's lab
//! have the names that they have there, so that what is done to the one can be done to the other.

use super::Client;
use super::checks::{self, CHECKS, Watcher};
use super::contest::CONTEST;
use super::message::MultiMessage;
use super::notes::NOTES;
use super::rules::mistakes;
use super::server::{Server, ServerConfig};
use crate::engine::{AnyNode, Message, NodeId, Runner, Span};
use crate::lab::contest::Contest;
use crate::lab::store::{self, ClientConfig};
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, Params, RuleSpec, Setup,
    SmallWorld,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, World};
use std::rc::Rc;

/// The lab `multi-paxos`.
#[derive(Copy, Clone, Debug)]
pub struct MultiPaxos;

/// As Raft has them, and the window.
const PARAMS: &[ParamSpec] = &[
    ParamSpec::integer("nodes", (5, 1, 9), ""),
    ParamSpec::integer("clients", (1, 0, 64), ""),
    ParamSpec::integer("rate", (2, 0, 1000), "1/s"),
    ParamSpec::duration("timeout_min", (Span::ms(150), Span::ms(10), Span::secs(10))),
    ParamSpec::duration("timeout_max", (Span::ms(300), Span::ms(10), Span::secs(20))),
    ParamSpec::duration("heartbeat", (Span::ms(50), Span::ms(1), Span::secs(5))),
    ParamSpec::duration("latency_min", (Span::ms(8), Span(0), Span::secs(2))),
    ParamSpec::duration("latency_max", (Span::ms(14), Span(1), Span::secs(2))),
    ParamSpec::ratio("loss", (Ratio(0), Ratio(0), Ratio::percent(90))),
    ParamSpec::flag("reorder", true),
    ParamSpec::duration("disk_min", (Span::ms(1), Span(0), Span::secs(1))),
    ParamSpec::duration("disk_max", (Span::ms(3), Span(0), Span::secs(1))),
    ParamSpec::duration(
        "client_timeout",
        (Span::ms(400), Span::ms(10), Span::secs(10)),
    ),
    ParamSpec::integer("window", (16, 1, 1000), ""),
    ParamSpec::integer("batch", (16, 1, 1000), ""),
];

const ONE_VALUE: &str = "one-value-is-chosen-in-a-slot";
const ON_DISKS: &str = "what-is-chosen-is-on-a-majority-of-disks";
const LINEARIZABLE: &str = "clients-linearizable";

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `rules`.
const RULES: &[RuleSpec] = &[
    rule("remember-promises", "promises-are-kept"),
    rule("adopt-the-highest", ONE_VALUE),
    rule("more-than-half", ONE_VALUE),
    rule("unique-ballots", ONE_VALUE),
    rule("back-off", "after-calm-there-is-a-leader"),
    rule("confirm-leadership", LINEARIZABLE),
    rule("fill-gaps", "a-leader-leaves-no-gap"),
    rule("apply-in-order", "state-machine-safety"),
    rule("apply-once", "each-request-is-applied-once"),
];

/// In the order of the constants in `rules::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("answer-what-is-on-disk", ON_DISKS),
    rule("count-an-acceptor-once", ON_DISKS),
    rule("compare-before-accepting", ONE_VALUE),
    rule("tell-of-every-slot", ONE_VALUE),
    rule("chosen-in-this-ballot", ONE_VALUE),
    rule("fill-with-a-no-op", "what-is-chosen-was-proposed"),
    rule("read-after-recovery", LINEARIZABLE),
    rule("answer-when-applied", LINEARIZABLE),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "leader",
        holds: |world| checks::leader(world).is_some(),
    },
    Moment {
        id: "stable",
        holds: checks::stable,
    },
    Moment {
        id: "chosen",
        holds: checks::any_chosen,
    },
    Moment {
        id: "gap",
        holds: checks::gap,
    },
    Moment {
        id: "settled",
        holds: checks::settled,
    },
    Moment {
        id: "answered",
        holds: store::idle::<MultiMessage>,
    },
];

/// One phase 1, a crash of anyone at any moment, and one write.
const SMALL: SmallWorld = SmallWorld {
    params: &[("nodes", "3"), ("clients", "1"), ("rate", "0")],
    requests: &["c1 put x=1"],
    allowance: Allowance {
        drops: 0,
        crashes: 1,
        timeouts: 1,
    },
    alike: false,
};

static INFO: LabInfo = LabInfo {
    id: "multi-paxos",
    family: "agreement",
    found_in: &["Chubby", "Spanner", "MySQL Group Replication"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: MultiMessage::KINDS,
    roles: &["follower", "candidate", "leader"],
    moments: MOMENTS,
    verbs: store::VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "phase-one-once",
        "leader-crash",
        "minority-leader",
        "gap-filled",
        "catch-up",
        "window-of-one",
        "duelling-leaders",
        "without-remembered-promises",
        "without-adopting",
        "without-more-than-half",
        "without-unique-ballots",
        "without-confirmation",
        "without-fill-gaps",
        "without-apply-in-order",
        "without-apply-once",
        "disk-lost",
    ],
    lessons: crate::lessons!["one-round": 14 min],
    lecture: crate::text_of_file!("README.md"),
};

fn nodes(params: &Params) -> Vec<(NodeSpec, Box<dyn AnyNode>)> {
    let count = params.integer("nodes") as u16;
    let servers: Vec<NodeId> = (0..count).map(NodeId).collect();
    let config = Rc::new(ServerConfig {
        servers: servers.clone(),
        timeout_min: params.span("timeout_min"),
        timeout_max: params.span("timeout_max").max(params.span("timeout_min")),
        heartbeat: params.span("heartbeat"),
        window: params.integer("window") as usize,
        batch: params.integer("batch") as usize,
    });
    let client = Rc::new(ClientConfig {
        servers: servers.clone(),
        rate: params.integer("rate"),
        timeout: params.span("client_timeout"),
    });
    let server = |id: NodeId| {
        let (name, kind) = (format!("n{}", id.0 + 1), NodeKind::Server);
        (NodeSpec { name, kind }, Runner::<Server>::node(id, &config))
    };
    let guest = |at: u16| {
        let (name, kind) = (format!("c{}", at + 1), NodeKind::Client);
        let engine = Runner::<Client>::node(NodeId(count + at), &client);
        (NodeSpec { name, kind }, engine)
    };
    let clients = (0..params.integer("clients") as u16).map(guest);
    servers.into_iter().map(server).chain(clients).collect()
}

impl Lab for MultiPaxos {
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
        Box::new(Watcher::new(world))
    }

    /// Gaps need many slots open at once, and messages that are lost.
    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        &[&[
            ("nodes", "3"),
            ("clients", "6"),
            ("rate", "50"),
            ("loss", "40%"),
        ]]
    }

    fn agreed(&self, world: &World) -> Option<u64> {
        Some(checks::agreed(world))
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        store::request(world, node, words)
    }
}
