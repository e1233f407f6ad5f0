//! The lab: parameters, rules, verbs, and how the world is made.

use super::checks::{CHECKS, RaftChecker, committed, idle, leader, settled_logs};
use super::client::{Ask, Client, ClientConfig};
use super::message::RaftMessage;
use super::notes::NOTES;
use super::server::{FIRST_MISTAKE, Server, ServerConfig};
use super::types::Op;
use crate::engine::{Message, NodeId, Runner, Span, Word};
use crate::lab::experiment::Experiment;
use crate::lab::{
    Asynchrony, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, RuleSpec, Setup, SmallWorld,
    VerbSpec,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, World};
use std::rc::Rc;

/// Raft.
pub struct Raft;

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
    ParamSpec::flag("noop", true),
    ParamSpec::integer("batch", (16, 1, 1000), ""),
];

/// In the order of the rule constants in `server`.
const RULES: &[RuleSpec] = &[
    RuleSpec {
        id: "compare-logs",
        guards: "leader-completeness",
    },
    RuleSpec {
        id: "commit-own-term",
        guards: "leader-completeness",
    },
    RuleSpec {
        id: "persist-vote",
        guards: "one-leader-per-term",
    },
    RuleSpec {
        id: "randomise-timeout",
        guards: "after-calm-there-is-a-leader",
    },
    RuleSpec {
        id: "confirm-leadership",
        guards: "a-read-sees-the-latest-write",
    },
    RuleSpec {
        id: "more-than-half",
        guards: "one-leader-per-term",
    },
    RuleSpec {
        id: "apply-once",
        guards: "each-request-is-applied-once",
    },
    RuleSpec {
        id: "check-previous",
        guards: "log-matching",
    },
    RuleSpec {
        id: "back-up",
        guards: "after-calm-all-live-logs-are-alike",
    },
];

const fn hidden(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

/// In the order of the constants in `server::mistakes`.
const MISTAKES: &[RuleSpec] = &[
    hidden("count-a-voter-once", "one-leader-per-term"),
    hidden("step-down-for-a-higher-term", "one-leader-per-term"),
    hidden(
        "forget-the-vote-in-a-new-term",
        "after-calm-there-is-a-leader",
    ),
    hidden("commit-no-further-than-counted", "leader-completeness"),
    hidden("match-only-what-was-answered", "leader-completeness"),
    hidden("answer-what-is-on-disk", "leader-completeness"),
    hidden("follow-no-further-than-agreed", "state-machine-safety"),
    hidden("remove-what-conflicts", "log-matching"),
    hidden("keep-what-agrees", "committed-entries-stay"),
    hidden("answer-when-committed", "clients-linearizable"),
    hidden("answer-each-request-once", "clients-linearizable"),
    hidden("read-after-an-own-commit", "a-read-sees-the-latest-write"),
];

const _: () = assert!(RULES.len() == FIRST_MISTAKE as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "leader",
        holds: |world| leader(world).is_some(),
    },
    Moment {
        id: "commit",
        holds: committed,
    },
    Moment {
        id: "settled",
        holds: settled_logs,
    },
    Moment {
        id: "answered",
        holds: idle,
    },
];

const VERBS: &[VerbSpec] = &[
    VerbSpec {
        verb: "put",
        form: "KEY=VALUE [to SERVER]",
        example: "put x=1",
    },
    VerbSpec {
        verb: "get",
        form: "KEY [to SERVER]",
        example: "get x",
    },
    VerbSpec {
        verb: "cas",
        form: "KEY=OLD:NEW [to SERVER]",
        example: "cas x=1:2",
    },
];

/// One election, a crash of anyone at any moment, and one write to commit.
const SMALL: SmallWorld = SmallWorld {
    params: &[("nodes", "3"), ("clients", "1"), ("rate", "0")],
    requests: &["c1 put x=1"],
    allowance: Allowance {
        drops: 0,
        crashes: 1,
        timeouts: 1,
    },
    alike: true,
};

static INFO: LabInfo = LabInfo {
    id: "raft",
    family: "agreement",
    found_in: &["etcd", "Consul", "Kafka", "MongoDB", "RabbitMQ"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: RaftMessage::KINDS,
    roles: &["follower", "candidate", "leader"],
    moments: MOMENTS,
    verbs: VERBS,
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "leader-crash",
        "figure-7",
        "figure-8",
        "figure-8-rule-off",
        "older-leader",
        "minority-partition",
        "split-vote",
        "restart-with-disk",
        "restart-without-disk",
        "crash-in-mid-write",
        "client-crash",
        "paused-leader",
        "one-way-cut",
        "without-compare-logs",
        "without-persist-vote",
        "without-random-timeouts",
        "without-confirmation",
        "without-more-than-half",
        "without-apply-once",
        "without-apply-once-seen",
        "without-the-entry-before",
        "without-back-up",
    ],
    lessons: crate::lessons![
        "start": 1 min,
        "elections": 10 min,
        "replication": 14 min,
        "majority": 13 min,
        "figure-8": 15 min,
        "partitions": 14 min,
        "reads": 14 min,
    ],
    lecture: crate::text_of_file!("README.md"),
};

impl Lab for Raft {
    fn info(&self) -> &'static LabInfo {
        &INFO
    }

    fn locale(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => crate::text_of_file!("locale/en.txt"),
            Lang::ZhHans => crate::text_of_file!("locale/zh-Hans.txt"),
        }
    }

    fn world(&self, setup: &Setup) -> World {
        let params = &setup.params;
        let (nodes, clients) = (params.integer("nodes"), params.integer("clients"));
        let servers: Vec<NodeId> = (0..nodes as u16).map(NodeId).collect();
        let config = Rc::new(ServerConfig {
            servers: servers.clone(),
            timeout_min: params.span("timeout_min"),
            timeout_max: params.span("timeout_max").max(params.span("timeout_min")),
            heartbeat: params.span("heartbeat"),
            noop: params.flag("noop"),
            batch: params.integer("batch") as usize,
        });
        let client = Rc::new(ClientConfig {
            servers: servers.clone(),
            rate: params.integer("rate"),
            timeout: params.span("client_timeout"),
        });
        let mut all = Vec::new();
        for id in servers {
            let spec = NodeSpec {
                name: format!("n{}", id.0 + 1),
                kind: NodeKind::Server,
            };
            all.push((spec, Runner::<Server>::node(id, &config)));
        }
        for i in 0..clients as u16 {
            let spec = NodeSpec {
                name: format!("c{}", i + 1),
                kind: NodeKind::Client,
            };
            all.push((
                spec,
                Runner::<Client>::node(NodeId(nodes as u16 + i), &client),
            ));
        }
        setup.world(all)
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        Box::new(RaftChecker::new(world))
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        super::experiments::ALL
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        if world.spec(node).kind != NodeKind::Client {
            return None;
        }
        let (words, to) = match words {
            [op @ .., "to", server] => (op, Some(find_server(world, server)?)),
            all => (all, None),
        };
        let text = match to {
            Some(to) => format!("{} to {}", words.join(" "), world.spec(to).name),
            None => words.join(" "),
        };
        let op = parse_op(words)?;
        Some(Request {
            text: text.into(),
            value: Rc::new(Ask { op, to }),
        })
    }
}

fn find_server(world: &World, name: &str) -> Option<NodeId> {
    world
        .find(name)
        .filter(|id| world.spec(*id).kind == NodeKind::Server)
}

fn parse_op(words: &[&str]) -> Option<Op> {
    match words {
        ["put", pair] => {
            let (key, value) = pair.split_once('=')?;
            Some(Op::Put {
                key: Word::new(key)?,
                value: Word::new(value)?,
            })
        }
        ["get", key] => Some(Op::Get {
            key: Word::new(key)?,
        }),
        ["cas", pair] => {
            let (key, values) = pair.split_once('=')?;
            let (expected, value) = values.split_once(':')?;
            let (expected, value) = (Word::new(expected)?, Word::new(value)?);
            Some(Op::Cas {
                key: Word::new(key)?,
                expected,
                value,
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::notes::READ_WAITS;
    use super::*;
    use crate::engine::Arg;
    use crate::lab::Run;
    use crate::sim::Action;

    /// Reads send heartbeats while entries are under way; their answers once sent the entries
    /// again, each time, until nothing else was on the links.
    #[test]
    fn entries_under_way_are_not_sent_again_with_every_answer() {
        let lab: &dyn Lab = &Raft;
        let mut setup = lab.setup(3);
        for (name, value) in [("clients", "32"), ("rate", "20")] {
            setup.params.set(name, value).expect("within its bounds");
        }
        let mut run = Run::new(lab, &setup);
        while run.world().now() < crate::engine::Time(3_000_000) && run.step() {}
        let under_way = run.world().flights().count();
        assert!(under_way < 100, "{under_way} messages are under way");
    }

    /// The rounds that a leader begins for four reads, the last three of which come while the
    /// first round is under way; and how the run ends.
    fn rounds_of_four_reads(nodes: &str) -> (Vec<Arg>, Run) {
        let lab: &dyn Lab = &Raft;
        let mut setup = lab.setup(3);
        for (name, value) in [("nodes", nodes), ("clients", "4"), ("rate", "0")] {
            setup.params.set(name, value).expect("within its bounds");
        }
        let mut run = Run::new(lab, &setup);
        while !committed(run.world()) && run.step() {}
        let lead = leader(run.world());
        for client in ["c1", "c2", "c3", "c4"] {
            let client = run.world().find(client).expect("a client");
            let op = parse_op(&["get", "x"]).expect("a request");
            let (text, value) = ("get x".into(), Rc::new(Ask { op, to: lead }));
            let ask = Action::Ask(client, Request { text, value });
            run.act(&Rc::new(ask)).expect("the client is up");
        }
        let mut rounds = Vec::new();
        while !idle(run.world()) && run.step() {
            let notes = run.world().record().notes.iter();
            let begun = notes.filter(|note| note.key == READ_WAITS);
            rounds.extend(begun.filter_map(|note| note.args().nth(2)));
        }
        (rounds, run)
    }

    #[test]
    fn reads_that_come_during_a_round_share_the_next_one() {
        let (rounds, run) = rounds_of_four_reads("5");
        let first = Arg::Int(1);
        let shared = Arg::Int(2);
        assert_eq!(rounds, [first, shared, shared, shared]);
        assert!(!run.verdicts().any_violated());
    }

    #[test]
    fn a_cluster_of_one_reads_at_once() {
        let (rounds, _) = rounds_of_four_reads("1");
        assert_eq!(rounds, [1, 2, 3, 4].map(Arg::Int));
    }
}
