//! The lab: parameters, rules, verbs, and how the world is made.

use super::Client;
use super::checks::{CHECKS, RaftChecker, agreed, committed, leader, settled_logs};
use super::contest::CONTEST;
use super::message::RaftMessage;
use super::notes::NOTES;
use super::server::{Admin, FIRST_MISTAKE, Options, Server, ServerConfig};
use super::types::NodeSet;
use crate::engine::{Message, NodeId, Runner, Span, engine_of};
use crate::lab::contest::Contest;
use crate::lab::experiment::Experiment;
use crate::lab::store::{self, ClientConfig};
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamSpec, RuleSpec, Setup, SmallWorld,
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
    ParamSpec::flag("pre_vote", false),
    ParamSpec::flag("check_quorum", false),
    ParamSpec::integer("compact", (0, 0, 10_000), ""),
    ParamSpec::integer("chunk", (2, 1, 100), ""),
    ParamSpec::integer("spare", (0, 0, 4), ""),
    ParamSpec::flag("lease", false),
    ParamSpec::ratio("drift", (Ratio::percent(10), Ratio(0), Ratio::percent(100))),
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
    RuleSpec {
        id: "keep-sessions",
        guards: "each-request-is-applied-once",
    },
    RuleSpec {
        id: "wait-for-silence",
        guards: "a-pre-vote-waits-for-silence",
    },
    RuleSpec {
        id: "own-term-first",
        guards: "a-change-waits-for-the-one-before",
    },
    RuleSpec {
        id: "one-change-at-a-time",
        guards: "a-change-waits-for-the-one-before",
    },
    RuleSpec {
        id: "learners-do-not-count",
        guards: "a-commit-has-its-majorities",
    },
    RuleSpec {
        id: "catch-up-first",
        guards: "a-new-member-has-caught-up",
    },
    RuleSpec {
        id: "both-majorities",
        guards: "a-commit-has-its-majorities",
    },
    RuleSpec {
        id: "lease-ends-first",
        guards: "a-lease-read-sees-the-latest-write",
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
    hidden("take-members-from-the-log", "a-commit-has-its-majorities"),
    hidden("keep-members-in-the-snapshot", "a-server-knows-the-members"),
    hidden("count-what-a-learner-has", "a-new-member-has-caught-up"),
    hidden(
        "wait-for-the-joint-commit",
        "a-change-waits-for-the-one-before",
    ),
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
        holds: store::idle::<RaftMessage>,
    },
];

const VERBS: &[VerbSpec] = &[
    store::VERBS[0],
    store::VERBS[1],
    store::VERBS[2],
    VerbSpec {
        verb: "transfer",
        form: "[to SERVER]",
        example: "transfer",
    },
    VerbSpec {
        verb: "add",
        form: "[SERVER] [to SERVER]",
        example: "add",
    },
    VerbSpec {
        verb: "remove",
        form: "[SERVER] [to SERVER]",
        example: "remove",
    },
    VerbSpec {
        verb: "reconfigure",
        form: "SERVER ... [to SERVER]",
        example: "reconfigure n1",
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
    roles: &["follower", "candidate", "leader", "pre-candidate", "spare"],
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
        "wiped-follower",
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
        "snapshot-catches-up",
        "without-sessions-in-the-snapshot",
        "returning-server",
        "pre-vote",
        "without-silence",
        "check-quorum",
        "transfer",
        "transfer-to-who-is-gone",
        "single-add",
        "single-remove-leader",
        "learner-gone",
        "own-term-first",
        "without-own-term-first",
        "without-one-change",
        "without-learners-apart",
        "without-catch-up",
        "removed-disturbs",
        "removed-pre-vote",
        "joint",
        "joint-leader-crash",
        "without-both-majorities",
        "snapshot-members",
        "lease-read",
        "lease-drift",
        "without-lease-end",
        "lease-transfer",
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
        let (nodes, clients) = (params.integer("nodes"), params.integer("clients"));
        let spare = params.integer("spare");
        let servers: Vec<NodeId> = (0..(nodes + spare) as u16).map(NodeId).collect();
        let members = &servers[..nodes as usize];
        let everyone = NodeSet::of(servers.iter().copied().filter(|_| spare > 0));
        let lease = params.flag("lease").then(|| params.ratio("drift").0);
        let config = Rc::new(ServerConfig {
            servers: members.to_vec(),
            timeout_min: params.span("timeout_min"),
            timeout_max: params.span("timeout_max").max(params.span("timeout_min")),
            heartbeat: params.span("heartbeat"),
            noop: params.flag("noop"),
            batch: params.integer("batch") as usize,
            options: Options {
                pre_vote: params.flag("pre_vote"),
                check_quorum: params.flag("check_quorum"),
                compact: params.integer("compact") as usize,
                chunk: params.integer("chunk") as usize,
                members: everyone,
                lease,
            },
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
                Runner::<Client>::node(NodeId((nodes + spare) as u16 + i), &client),
            ));
        }
        setup.world(all)
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        Box::new(RaftChecker::new(world))
    }

    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        super::haunts::ALL
    }

    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        super::experiments::ALL
    }

    fn agreed(&self, world: &World) -> Option<u64> {
        Some(agreed(world))
    }

    fn contest(&self) -> Option<&'static Contest> {
        Some(&CONTEST)
    }

    fn offers(&self, world: &World, verb: &VerbSpec) -> bool {
        // Without spares the members never change.
        let changes = ["add", "remove", "reconfigure"].contains(&verb.verb);
        let server = |id| engine_of::<Server>(world.cell(id).node());
        let mut servers = world.ids().filter_map(server);
        !changes || servers.any(|server| server.members().is_some())
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        if world.spec(node).kind == NodeKind::Client {
            return store::request(world, node, words);
        }
        let server = |name: &&str| store::find_server(world, name);
        // A change may name the server that it is for, as a client's request may.
        let words = match words {
            ["add" | "remove" | "reconfigure", .., "to", asked] => {
                server(asked).filter(|asked| *asked == node)?;
                &words[..words.len() - 2]
            }
            all => all,
        };
        let admin = match words {
            ["transfer"] => Admin::Transfer(None),
            ["transfer", "to", to] => Admin::Transfer(Some(server(to)?)),
            ["add"] => Admin::Add(None),
            ["add", who] => Admin::Add(Some(server(who)?)),
            ["remove"] => Admin::Remove(None),
            ["remove", who] => Admin::Remove(Some(server(who)?)),
            ["reconfigure", all @ ..] if !all.is_empty() => {
                let all: Option<Vec<NodeId>> = all.iter().map(server).collect();
                Admin::Reconfigure(NodeSet::of(all?))
            }
            _ => return None,
        };
        Some(Request {
            text: words.join(" ").into(),
            value: Rc::new(admin),
        })
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
            let to = run.world().spec(lead.expect("a leader")).name.clone();
            let request = lab.request(run.world(), client, &["get", "x", "to", &to]);
            let ask = Action::Ask(client, request.expect("a request"));
            run.act(&Rc::new(ask)).expect("the client is up");
        }
        let mut rounds = Vec::new();
        while !store::idle::<RaftMessage>(run.world()) && run.step() {
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
