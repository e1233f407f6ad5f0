//! The lab: its parameters, its world, its moments.

use super::checks::{self, CHECKS, DOUBLED, LOST, OWNER, SERVES, Watcher};
use super::client::{Client, ClientConfig, Operation, Wish};
use super::keeper::{Keeper, KeeperConfig, Order};
use super::message::ShardingMessage;
use super::notes::NOTES;
use super::shard::{Shard, ShardConfig};
use super::space::{Layout, Space};
use crate::engine::{AnyNode, Message, NodeId, RuleId, Runner, Span, engine_of};
use crate::lab::{
    Asynchrony, Card, Checker, Lab, LabInfo, Lang, Moment, ParamKind, ParamSpec, RuleSpec, Setup,
    SmallWorld, VerbSpec,
};
use crate::sim::{Allowance, NodeKind, NodeSpec, Ratio, Request, Status, World};
use std::rc::Rc;

/// The lab `sharding`.
#[derive(Copy, Clone, Debug)]
pub struct Sharding;

/// The keeper of the map is the first node; then come the shards, then the clients.
pub(super) const KEEPER: NodeId = NodeId(0);

const PARAMS: &[ParamSpec] = &[
    ParamSpec {
        name: "layout",
        kind: ParamKind::Choice("ranges", &["ranges", "slots"]),
        unit: "",
    },
    ParamSpec::integer("shards", (3, 2, 6), ""),
    ParamSpec::integer("keys", (24, 2, 64), ""),
    ParamSpec::integer("slots", (16, 2, 64), ""),
    ParamSpec::integer("clients", (4, 1, 9), ""),
    ParamSpec::integer("rate", (10, 0, 200), "1/s"),
    ParamSpec::ratio("hot", (Ratio::percent(60), Ratio(0), Ratio::percent(100))),
    ParamSpec::flag("balance", true),
    ParamSpec::duration("look", (Span::ms(300), Span::ms(20), Span::secs(5))),
    ParamSpec::duration("report", (Span::ms(150), Span::ms(20), Span::secs(5))),
    ParamSpec::integer("chunk", (2, 1, 16), ""),
    ParamSpec::duration("pace", (Span::ms(20), Span::ms(1), Span::ms(200))),
    ParamSpec::duration("timeout", (Span::ms(120), Span::ms(25), Span::secs(2))),
    ParamSpec::duration("latency_min", (Span::ms(4), Span(0), Span::ms(500))),
    ParamSpec::duration("latency_max", (Span::ms(10), Span(0), Span::ms(500))),
    ParamSpec::duration("disk_min", (Span::ms(2), Span(0), Span::ms(500))),
    ParamSpec::duration("disk_max", (Span::ms(5), Span(0), Span::ms(500))),
];

/// The rule "the hand-over stops the writes first".
pub(super) const STOP_FIRST: RuleId = RuleId(0);
/// The rule "the target takes over only what is whole".
pub(super) const WHOLE: RuleId = RuleId(1);
/// The rule "an older epoch is refused".
pub(super) const OLDER_EPOCH: RuleId = RuleId(2);
/// The rule "what was applied moves with the data".
pub(super) const ONCE: RuleId = RuleId(3);
/// The rule "a redirect mends the table".
pub(super) const MEND: RuleId = RuleId(4);

/// Planted mistakes: hidden rules, for the tests (`LabInfo::mistakes`).
pub(super) mod mistakes {
    use super::{MEND, RuleId};

    pub(in super::super) const FIRST: u8 = MEND.0 + 1;
    /// A key that is written after it was copied is copied again.
    pub(in super::super) const SEND_AGAIN_WHAT_CHANGED: RuleId = RuleId(FIRST);
    /// A client is answered when its write is on the disk.
    pub(in super::super) const ANSWER_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST + 1);
    /// The source hands over when its release is on the disk.
    pub(in super::super) const RELEASE_ON_DISK_FIRST: RuleId = RuleId(FIRST + 2);
    /// The target acknowledges the hand-over when it is on the disk.
    pub(in super::super) const ACKNOWLEDGE_WHAT_IS_ON_DISK: RuleId = RuleId(FIRST + 3);
}

const fn rule(id: &'static str, guards: &'static str) -> RuleSpec {
    RuleSpec { id, guards }
}

const RULES: &[RuleSpec] = &[
    rule("stop-writes-first", LOST),
    rule("take-over-only-what-is-whole", LOST),
    rule("an-older-epoch-is-refused", OWNER),
    rule("what-was-applied-moves-along", DOUBLED),
    rule("a-redirect-mends-the-table", SERVES),
];

/// In the order of the constants in `mistakes`.
const MISTAKES: &[RuleSpec] = &[
    rule("send-again-what-changed", LOST),
    rule("answer-what-is-on-disk", LOST),
    rule("release-on-disk-first", OWNER),
    rule("acknowledge-what-is-on-disk", SERVES),
];

const _: () = assert!(RULES.len() == mistakes::FIRST as usize);

const MOMENTS: &[Moment] = &[
    Moment {
        id: "moving",
        holds: |world| {
            running(world).any(|(_, shard)| {
                let mut leaving = shard.book().leaving.iter();
                leaving.any(|all| all.released.is_none())
            })
        },
    },
    Moment {
        id: "stopped",
        holds: |world| {
            running(world).any(|(_, shard)| {
                let copying = shard.copying();
                copying.is_some_and(|copying| copying.stopped().is_some())
            })
        },
    },
    Moment {
        id: "between-owners",
        holds: |world| {
            let served = running(world).fold(0, |all, (_, shard)| all | shard.serving());
            let keeper = engine_of::<Keeper>(world.cell(KEEPER).node());
            let places = keeper.map_or(0, |keeper| keeper.space().len());
            served.count_ones() < u32::from(places)
        },
    },
    Moment {
        id: "at-rest",
        holds: |world| {
            let keeper = engine_of::<Keeper>(world.cell(KEEPER).node());
            let plan = keeper.and_then(|keeper| keeper.map().plan);
            plan.is_none() && running(world).all(|(_, shard)| shard.book().leaving.is_empty())
        },
    },
    Moment {
        id: "stale",
        holds: stale,
    },
    Moment {
        id: "answered",
        holds: checks::answered,
    },
    Moment {
        id: "writing",
        holds: checks::writes,
    },
];

/// Whether the table of a client names somebody who does not own what it says.
fn stale(world: &World) -> bool {
    let owner = |place: u8| {
        let mut all = running(world);
        all.find(|(_, shard)| shard.serves(place)).map(|(id, _)| id)
    };
    clients(world).any(|(_, client)| {
        client.is_some_and(|client| {
            let mut pieces = client.table().pieces();
            pieces.any(|piece| {
                (piece.lo..piece.hi)
                    .any(|place| owner(place).is_some_and(|owner| owner != piece.owner))
            })
        })
    })
}

/// The shards, whether or not they run.
pub(super) fn shards(world: &World) -> impl Iterator<Item = NodeId> {
    let is_shard = |id: &NodeId| engine_of::<Shard>(world.cell(*id).node()).is_some();
    world.ids().filter(is_shard)
}

/// The shards that run.
pub(super) fn running(world: &World) -> impl Iterator<Item = (NodeId, &Shard)> {
    let up = world
        .ids()
        .filter(|id| world.cell(*id).status() != Status::Down);
    up.filter_map(|id| Some((id, engine_of::<Shard>(world.cell(id).node())?)))
}

/// The clients; one that is down has nothing in mind.
pub(super) fn clients(world: &World) -> impl Iterator<Item = (NodeId, Option<&Client>)> {
    world.ids().filter_map(|id| {
        let cell = world.cell(id);
        let client = engine_of::<Client>(cell.node())?;
        Some((id, (cell.status() != Status::Down).then_some(client)))
    })
}

/// Two keys at two shards, one of which moves while a client adds to it.
const SMALL: SmallWorld = SmallWorld {
    params: &[
        ("shards", "2"),
        ("keys", "2"),
        ("clients", "1"),
        ("rate", "0"),
        ("balance", "off"),
    ],
    requests: &["m1 move k00 to s2", "c1 add k00"],
    allowance: Allowance {
        drops: 0,
        crashes: 1,
        timeouts: 1,
    },
    alike: false,
};

static INFO: LabInfo = LabInfo {
    id: "sharding",
    family: "spreading",
    found_in: &["HBase", "MongoDB", "Redis"],
    built_on: &[],
    params: PARAMS,
    rules: RULES,
    mistakes: MISTAKES,
    checks: CHECKS,
    notes: NOTES,
    message_kinds: ShardingMessage::KINDS,
    roles: &["keeper", "ordering", "shard", "source", "target"],
    moments: MOMENTS,
    verbs: &[
        VerbSpec {
            verb: "add",
            form: "KEY[=NUMBER]",
            example: "add k00",
        },
        VerbSpec {
            verb: "get",
            form: "KEY",
            example: "get k00",
        },
        VerbSpec {
            verb: "move",
            form: "KEY to SHARD",
            example: "move k00 to s2",
        },
        VerbSpec {
            verb: "split",
            form: "KEY",
            example: "split k01",
        },
    ],
    asynchrony: Asynchrony::Any(SMALL),
    stories: crate::stories![
        "stale-table",
        "moved-and-ask",
        "hot-range",
        "one-hot-key",
        "split-while-writing",
        "source-crashes",
        "target-crashes",
        "keeper-crashes",
        "without-stopping",
        "not-whole",
        "older-map",
        "applied-twice",
        "never-mended",
        "disk-lost",
    ],
    lessons: crate::lessons!["moves": 15 min],
    lecture: crate::text_of_file!("README.md"),
};

fn space_of(setup: &Setup) -> Space {
    let params = &setup.params;
    let layout = match params.word("layout") {
        "slots" => Layout::Slots,
        _ => Layout::Ranges,
    };
    let keys = params.integer("keys") as u8;
    // No shard begins without a place.
    let shards = params.integer("shards") as u16;
    let slots = params.integer("slots") as u8;
    let all = (1..=shards).map(NodeId).collect();
    Space::new(layout, (keys, slots), KEEPER, all)
}

impl Lab for Sharding {
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
        let space = Rc::new(space_of(setup));
        let keeper = Rc::new(KeeperConfig {
            space: Rc::clone(&space),
            balance: params.flag("balance"),
            look: params.span("look"),
        });
        let shard = Rc::new(ShardConfig {
            space: Rc::clone(&space),
            chunk: params.integer("chunk") as usize,
            pace: params.span("pace"),
            report: params.span("report"),
            timeout: params.span("timeout"),
        });
        let client = Rc::new(ClientConfig {
            space: Rc::clone(&space),
            rate: params.integer("rate"),
            hot: u64::from(params.ratio("hot").0),
            timeout: params.span("timeout"),
        });
        let named =
            |name: String, kind: NodeKind, node: Box<dyn AnyNode>| (NodeSpec { name, kind }, node);
        let first = Runner::<Keeper>::node(KEEPER, &keeper);
        let mut nodes = vec![named("m1".to_owned(), NodeKind::Server, first)];
        for id in &space.shards {
            let node = Runner::<Shard>::node(*id, &shard);
            nodes.push(named(format!("s{}", id.0), NodeKind::Server, node));
        }
        let before = nodes.len() as u16;
        for n in 0..params.integer("clients") as u16 {
            let node = Runner::<Client>::node(NodeId(before + n), &client);
            nodes.push(named(format!("c{}", n + 1), NodeKind::Client, node));
        }
        setup.world(nodes)
    }

    fn checker(&self, world: &World) -> Box<dyn Checker> {
        Box::new(Watcher::new(world))
    }

    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request> {
        let keeper = engine_of::<Keeper>(world.cell(KEEPER).node())?;
        let space = keeper.space();
        let value: Rc<dyn std::any::Any> = if node == KEEPER {
            Rc::new(order(world, space, words)?)
        } else {
            engine_of::<Client>(world.cell(node).node())?;
            Rc::new(wish(space, words)?)
        };
        Some(Request {
            text: words.join(" ").into(),
            value,
        })
    }
}

fn order(world: &World, space: &Space, words: &[&str]) -> Option<Order> {
    let place = |key: &str| Some(space.place(space.read(key)?).0);
    match words {
        ["move", key, "to", shard] => {
            let to = world.find(shard)?;
            let known = space.shards.contains(&to);
            Some(Order::Move(place(key)?, to)).filter(|_| known)
        }
        ["split", key] => Some(Order::Split(place(key)?)),
        _ => None,
    }
}

fn wish(space: &Space, words: &[&str]) -> Option<Wish> {
    let (key, operation) = match words {
        ["get", key] => (*key, Operation::Get),
        ["add", pair] => match pair.split_once('=') {
            Some((key, by)) => (key, Operation::Add(by.parse().ok().filter(|by| *by > 0)?)),
            None => (*pair, Operation::Add(1)),
        },
        _ => return None,
    };
    let key = space.read(key)?;
    Some(Wish { key, operation })
}
