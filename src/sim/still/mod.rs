//! A world in which time stands still: nothing says what comes next but a choice.
//!
//! A configuration is what the literature calls one: the state of every node and the messages
//! under way (Fischer, Lynch and Paterson 1985), with the writes under way, the timers that are set,
//! and how much misfortune is left. Nodes and messages are kept once, by number: many thousand
//! configurations are made of a few hundred of them. So is what a node does on an input, since an
//! engine is a function of it.

mod seat;
mod turn;

use super::action::{Action, Request};
use super::cell::{NodeKind, Status};
use super::fault::{FaultKind, FaultSet};
use super::record::{Happened, Letter, LossReason, Sent};
use super::table::Table;
use super::world::World;
use crate::engine::sorting::sort;
use crate::engine::{Fingerprint, NodeId, Parcel, RawOutbox, Renaming, Span, Time, Timer};
use seat::{Mail, Seat};
use std::rc::Rc;
use turn::{Input, Turn};

/// How often what happens of no necessity may happen.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Allowance {
    /// Messages lost.
    pub drops: u8,
    /// Servers that crash. Each may come up again.
    pub crashes: u8,
    /// Timers that run out.
    pub timeouts: u8,
}

impl Allowance {
    /// The kinds of faults that can come about. Messages may be as late, and timers as early, as
    /// they like.
    #[must_use]
    pub fn faults(self) -> FaultSet {
        let mut faults = FaultSet::of(&[FaultKind::LateMessage, FaultKind::ClockSkew]);
        if self.drops > 0 {
            faults.insert(FaultKind::Loss);
        }
        if self.crashes > 0 {
            faults.insert(FaultKind::Crash);
            faults.insert(FaultKind::Restart);
        }
        faults
    }
}

/// One thing that can happen next.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Choice {
    /// A node comes up for the first time; they do so in order.
    Start(NodeId),
    /// A message arrives.
    Deliver(MailId),
    /// A message is lost.
    Drop(MailId),
    /// A timer runs out.
    Fire(NodeId, Timer),
    /// The oldest write of a node is on its disk.
    Finish(NodeId),
    /// A node crashes.
    Crash(NodeId),
    /// It comes up again.
    Restart(NodeId),
    /// A node is asked for what stands at this place of the list.
    Ask(u8),
}

/// A message by its content, its sender and its receiver.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MailId(u32);

/// What happens next, and what is drawn in it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Move {
    /// What happens.
    pub choice: Choice,
    /// The draws: see [`crate::engine::Choices`].
    pub answers: u32,
}

impl From<Choice> for Move {
    fn from(choice: Choice) -> Self {
        Move { choice, answers: 0 }
    }
}

/// A state of the whole world.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The number of each node's state; then those of the messages under way, in order.
    all: Box<[u32]>,
    left: Allowance,
    /// Which requests of the list were made, a bit each.
    asked: u32,
    started: u16,
}

impl Configuration {
    /// The bytes that it takes.
    #[must_use]
    pub fn weight(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.all)
    }
}

/// A world in which time stands still.
pub struct Still {
    /// What checks look at: its nodes and its record. Nothing is in its queue or on its links.
    world: World,
    out: RawOutbox,
    nodes: usize,
    allowance: Allowance,
    requests: Vec<(NodeId, Request)>,
    /// The first one changes nothing.
    renamings: Vec<Renaming>,
    seats: Vec<Seat>,
    mails: Vec<Mail>,
    turns: Vec<Turn>,
    /// The hashes of all states of nodes and of all messages, one for each renaming.
    seat_prints: Vec<u128>,
    mail_prints: Vec<u128>,
    seat_of: Table<u32>,
    mail_of: Table<u32>,
    turn_of: Table<u32>,
    kills: Vec<(Rc<Action>, Rc<Action>)>,
    asks: Vec<Rc<Action>>,
    scratch: Vec<u32>,
    /// Whether a renaming was wanted of something that offers none.
    unnamed: bool,
}

impl Still {
    /// The most requests.
    pub const MOST_REQUESTS: usize = 32;

    /// The world, before any node came up. `renamings` are those under which it is the same, the
    /// one that changes nothing first.
    #[must_use]
    pub fn new(
        mut world: World,
        requests: Vec<(NodeId, Request)>,
        allowance: Allowance,
        renamings: Vec<Renaming>,
    ) -> Self {
        let nodes = world.cells.len();
        for kind in allowance.faults().iter() {
            world.faults.insert(kind);
        }
        let kills = world.ids().map(|node| {
            let (kill, restart) = (Action::Kill(node), Action::Restart(node));
            (Rc::new(kill), Rc::new(restart))
        });
        let asks = requests.iter();
        let asks = asks.map(|(node, request)| Rc::new(Action::Ask(*node, request.clone())));
        let mut still = Still {
            kills: kills.collect(),
            asks: asks.collect(),
            world,
            out: RawOutbox::default(),
            nodes,
            allowance,
            requests,
            renamings,
            seats: Vec::new(),
            mails: Vec::new(),
            turns: Vec::new(),
            seat_prints: Vec::new(),
            mail_prints: Vec::new(),
            seat_of: Table::default(),
            mail_of: Table::default(),
            turn_of: Table::default(),
            scratch: Vec::new(),
            unnamed: false,
        };
        for node in still.world.ids() {
            let cell = Rc::clone(&still.world.cells[node.index()]);
            still.sit(node, cell);
        }
        still
    }

    /// The configuration in which all begins.
    #[must_use]
    pub fn initial(&self) -> Configuration {
        Configuration {
            all: (0..self.nodes as u32).collect(),
            left: self.allowance,
            asked: 0,
            started: 0,
        }
    }

    /// All that can happen next. Of what would be ignored nothing is among it: a message to a
    /// node that is down may as well come later.
    pub fn choices(&self, at: &Configuration, into: &mut Vec<Move>) {
        if usize::from(at.started) < self.nodes {
            return into.push(Choice::Start(NodeId(at.started)).into());
        }
        let (seats, mails) = at.all.split_at(self.nodes);
        for (node, seat) in (0..).map(NodeId).zip(seats) {
            let seat = &self.seats[*seat as usize];
            if seat.status == Status::Down {
                into.push(Choice::Restart(node).into());
                continue;
            }
            if at.left.timeouts > 0 {
                let timers = seat.timers.iter();
                into.extend(timers.map(|timer| Move::from(Choice::Fire(node, *timer))));
            }
            if seat.writes {
                into.push(Choice::Finish(node).into());
            }
            if at.left.crashes > 0 && self.world.spec(node).kind == NodeKind::Server {
                into.push(Choice::Crash(node).into());
            }
        }
        let mut before = None;
        for mail in mails {
            // Two that are alike are one choice.
            if before.replace(mail) == Some(mail) {
                continue;
            }
            let to = self.mails[*mail as usize].to;
            if self.seats[seats[to.index()] as usize].status == Status::Up {
                into.push(Choice::Deliver(MailId(*mail)).into());
            }
            if at.left.drops > 0 {
                into.push(Choice::Drop(MailId(*mail)).into());
            }
        }
        for (place, (node, _)) in self.requests.iter().enumerate() {
            let open = |place: usize| at.asked >> place & 1 == 0;
            let mut earlier = self.requests[..place].iter().enumerate();
            let first = !earlier.any(|(place, (other, _))| other == node && open(place));
            if open(place) && first && self.seats[seats[node.index()] as usize].status == Status::Up
            {
                into.push(Choice::Ask(place as u8).into());
            }
        }
    }

    /// What comes of a choice. The world is then as it is after it, with its record. Where
    /// something was drawn, the other ways to draw are added to `more`.
    pub fn step(&mut self, at: &Configuration, step: Move, more: &mut Vec<Move>) -> Configuration {
        for (cell, seat) in self.world.cells.iter_mut().zip(&at.all) {
            let seat = &self.seats[*seat as usize].cell;
            if !Rc::ptr_eq(cell, seat) {
                *cell = Rc::clone(seat);
            }
        }
        let mut to = Configuration {
            all: Box::default(),
            ..*at
        };
        let mut all = std::mem::take(&mut self.scratch);
        all.clear();
        all.extend_from_slice(&at.all);
        let turn = match step.choice {
            Choice::Start(node) => {
                to.started += 1;
                Some((node, Input::Started, Happened::Started(node)))
            }
            Choice::Deliver(mail) => {
                self.take(mail, &mut all);
                let node = self.mails[mail.0 as usize].to;
                let what = Happened::Delivered(self.letter(mail));
                Some((node, Input::Received(mail.0), what))
            }
            Choice::Drop(mail) => {
                self.take(mail, &mut all);
                to.left.drops -= 1;
                let what = Happened::Lost(self.letter(mail), LossReason::Dropped);
                self.begin(what);
                None
            }
            Choice::Fire(node, timer) => {
                to.left.timeouts -= 1;
                let what = Happened::TimerFired(node, timer);
                Some((node, Input::Fired(timer), what))
            }
            Choice::Finish(node) => {
                let write = self.seats[at.all[node.index()] as usize]
                    .cell
                    .writes
                    .front();
                let id = write.map(|write| write.id).unwrap_or_default();
                Some((node, Input::Written, Happened::Written(node, id)))
            }
            Choice::Crash(node) => {
                to.left.crashes -= 1;
                let kill = Rc::clone(&self.kills[node.index()].0);
                Some((node, Input::Crashed, Happened::Commanded(kill, None)))
            }
            Choice::Restart(node) => {
                let restart = Rc::clone(&self.kills[node.index()].1);
                Some((node, Input::Restarted, Happened::Commanded(restart, None)))
            }
            Choice::Ask(place) => {
                to.asked |= 1 << place;
                let ask = Rc::clone(&self.asks[usize::from(place)]);
                let node = self.requests[usize::from(place)].0;
                Some((node, Input::Asked(place), Happened::Commanded(ask, None)))
            }
        };
        if let Some((node, input, what)) = turn {
            self.begin(what);
            let turn = self.turn(at.all[node.index()], node, input, step.answers);
            self.carry_out(node, turn, step, &mut all, more);
        }
        sort(&mut all[self.nodes..]);
        to.all = all.as_slice().into();
        self.scratch = all;
        to
    }

    fn take(&self, mail: MailId, all: &mut Vec<u32>) {
        let place = all[self.nodes..].iter().position(|other| *other == mail.0);
        if let Some(place) = place {
            all.swap_remove(self.nodes + place);
        }
    }

    fn begin(&mut self, what: Happened) {
        let record = &mut self.world.wire.record;
        record.what = what;
        record.begin(1, Time(0), 0);
    }

    /// The node is as it is after its turn, the messages that left are under way, and the record
    /// tells of it.
    fn carry_out(
        &mut self,
        node: NodeId,
        turn: u32,
        step: Move,
        all: &mut Vec<u32>,
        more: &mut Vec<Move>,
    ) {
        let turn = &self.turns[turn as usize];
        all[node.index()] = turn.seat;
        all.extend_from_slice(&turn.sent);
        more.extend(
            turn.choices
                .otherwise()
                .map(|answers| Move { answers, ..step }),
        );
        self.world.cells[node.index()] = Rc::clone(&self.seats[turn.seat as usize].cell);
        let record = &mut self.world.wire.record;
        record.touched.push(node);
        record.notes.extend_from_slice(&turn.notes);
        record.reports.extend_from_slice(&turn.reports);
        record.writes = turn.writes;
        for mail in &turn.sent {
            record.sent.push(Sent {
                name: self.mails[*mail as usize].name(),
                due: Time(0),
                lost: None,
            });
        }
    }

    fn letter(&self, mail: MailId) -> Letter {
        let mail = &self.mails[mail.0 as usize];
        Letter {
            name: mail.name(),
            parcel: Rc::clone(&mail.parcel),
            sent_at: Time(0),
            sent_step: 0,
            left_step: 0,
        }
    }

    /// The world, as it is after the last step that was taken.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The sender, the receiver and the content of a message.
    #[must_use]
    pub fn mail(&self, mail: MailId) -> (NodeId, NodeId, &Parcel) {
        let mail = &self.mails[mail.0 as usize];
        (mail.from, mail.to, &mail.parcel)
    }

    /// What is asked for at a place of the list.
    #[must_use]
    pub fn ask(&self, place: u8) -> &Rc<Action> {
        &self.asks[usize::from(place)]
    }

    /// Whether all that came up so far could be renamed as was wanted. Where not, nothing that was
    /// counted means anything.
    #[must_use]
    pub fn renames(&self) -> bool {
        !self.unnamed
    }

    /// The renamings under which configurations are one.
    #[must_use]
    pub fn renamings(&self) -> &[Renaming] {
        &self.renamings
    }

    /// The hash of a configuration, its nodes renamed by the renaming at this place.
    #[must_use]
    pub fn print(&self, at: &Configuration, renaming: usize) -> u128 {
        let (seats, mails) = at.all.split_at(self.nodes);
        let many = self.renamings.len();
        let of = |prints: &[u128], number: u32| prints[number as usize * many + renaming];
        let mut rest = Fingerprint::default();
        let left = [at.left.drops, at.left.crashes, at.left.timeouts];
        let left = left.iter().fold(0, |all, n| all << 8 | u64::from(*n));
        rest.word(left << 16 | u64::from(at.started));
        rest.word(u64::from(at.asked));
        let seats = seats.iter().map(|seat| of(&self.seat_prints, *seat));
        let mails = mails.iter().map(|mail| of(&self.mail_prints, *mail));
        // Who a node is stands in its hash, so that the order does not matter.
        seats.chain(mails).fold(rest.value(), u128::wrapping_add)
    }

    /// How many different states of nodes, messages, and inputs to nodes there were.
    #[must_use]
    pub fn parts(&self) -> [usize; 3] {
        [self.seats.len(), self.mails.len(), self.turns.len()]
    }

    /// The bytes that all these take, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let tables = [&self.seat_of, &self.mail_of, &self.turn_of];
        let tables: usize = tables.map(Table::bytes).iter().sum();
        let prints = (self.seat_prints.len() + self.mail_prints.len()) * size_of::<u128>();
        tables
            + prints
            + self.seats.len() * Seat::WEIGHT
            + self.mails.len() * Mail::WEIGHT
            + self.turns.len() * Turn::WEIGHT
    }

    /// How long a message that is not delivered by hand, and a write that is not finished by
    /// hand, take in a run that is to go as a path here: longer than any story.
    pub const NEVER: Span = Span::secs(3600);
}
