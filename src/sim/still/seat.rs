//! The states of single nodes, and the messages: each kept once, with its hashes.

use super::super::cell::{Cell, Held, Pending, Status};
use super::super::record::MessageName;
use super::{Choice, Configuration, MailId, Still};
use crate::engine::sorting::sort;
use crate::engine::{Fingerprint, NodeId, Parcel, Renaming, Timer};
use std::rc::Rc;

/// A state of a node: engine, disk, timers, writes under way, messages that wait for them.
pub(super) struct Seat {
    pub(super) cell: Rc<Cell>,
    pub(super) status: Status,
    pub(super) timers: Box<[Timer]>,
    /// Whether a write is under way.
    pub(super) writes: bool,
}

impl Seat {
    /// The bytes of one, about: what an engine allocates is not known here.
    pub(super) const WEIGHT: usize = size_of::<Seat>() + size_of::<Cell>() + 600;
}

/// A message.
pub(super) struct Mail {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) parcel: Parcel,
}

impl Mail {
    /// The bytes of one, about.
    pub(super) const WEIGHT: usize = size_of::<Mail>() + 80;

    /// Its name but for the number: which of its kind it is depends on the way that led here.
    pub(super) fn name(&self) -> MessageName {
        MessageName {
            kind: self.parcel.kind(),
            from: self.from,
            to: self.to,
            ordinal: 0,
            copy: 0,
        }
    }
}

impl Still {
    /// The number of a node's state.
    pub(super) fn sit(&mut self, node: NodeId, cell: Rc<Cell>) -> u32 {
        let print = print_of(&cell, node);
        if let Some(seat) = self.seat_of.get(print) {
            return seat;
        }
        self.seat_prints.push(print);
        for names in &self.renamings[1..] {
            let other = renamed(&cell, node, names);
            self.unnamed |= other.is_none();
            let print = other.map_or(print, |(node, cell)| print_of(&cell, node));
            self.seat_prints.push(print);
        }
        let seat = self.seats.len() as u32;
        self.seats.push(Seat {
            status: cell.status,
            timers: cell.timers().map(|view| view.timer).collect(),
            writes: !cell.writes.is_empty(),
            cell,
        });
        self.seat_of.insert(print, seat);
        seat
    }

    /// The number of a message.
    pub(super) fn post(&mut self, from: NodeId, to: NodeId, parcel: Parcel) -> u32 {
        let print = mail_print(from, to, &parcel);
        if let Some(mail) = self.mail_of.get(print) {
            return mail;
        }
        self.mail_prints.push(print);
        for names in &self.renamings[1..] {
            let other = parcel.renamed(names);
            self.unnamed |= other.is_none();
            let (from, to) = (names.of(from), names.of(to));
            let print = other.map_or(print, |parcel| mail_print(from, to, &parcel));
            self.mail_prints.push(print);
        }
        let mail = self.mails.len() as u32;
        self.mails.push(Mail { from, to, parcel });
        self.mail_of.insert(print, mail);
        mail
    }

    /// A configuration, its nodes renamed by the renaming at this place.
    pub fn renamed(&mut self, at: &Configuration, renaming: usize) -> Option<Configuration> {
        let names = self.renamings[renaming].clone();
        let mut to = at.clone();
        for node in self.world.ids() {
            let cell = &self.seats[at.all[node.index()] as usize].cell;
            let (node, cell) = renamed(cell, node, &names)?;
            to.all[node.index()] = self.sit(node, Rc::new(cell));
        }
        for place in self.nodes..at.all.len() {
            to.all[place] = self.renamed_mail(MailId(at.all[place]), &names)?.0;
        }
        sort(&mut to.all[self.nodes..]);
        Some(to)
    }

    fn renamed_mail(&mut self, mail: MailId, names: &Renaming) -> Option<MailId> {
        let Mail { from, to, parcel } = &self.mails[mail.0 as usize];
        let (from, to, parcel) = (names.of(*from), names.of(*to), parcel.renamed(names)?);
        Some(MailId(self.post(from, to, parcel)))
    }

    /// The same choice in a configuration whose nodes are renamed so.
    pub fn renamed_choice(&mut self, choice: Choice, renaming: usize) -> Option<Choice> {
        let names = self.renamings[renaming].clone();
        Some(match choice {
            Choice::Start(node) => Choice::Start(names.of(node)),
            Choice::Deliver(mail) => Choice::Deliver(self.renamed_mail(mail, &names)?),
            Choice::Drop(mail) => Choice::Drop(self.renamed_mail(mail, &names)?),
            Choice::Fire(node, timer) => {
                let kinds = self.world.cells[node.index()].node.timers().len();
                Choice::Fire(names.of(node), timer_renamed(timer, kinds as u16, &names))
            }
            Choice::Finish(node) => Choice::Finish(names.of(node)),
            Choice::Crash(node) => Choice::Crash(names.of(node)),
            Choice::Restart(node) => Choice::Restart(names.of(node)),
            Choice::Ask(place) => Choice::Ask(place),
        })
    }
}

fn mail_print(from: NodeId, to: NodeId, parcel: &Parcel) -> u128 {
    let mut print = Fingerprint::default();
    print.word(u64::from(from.0) << 16 | u64::from(to.0));
    parcel.print(&mut print);
    print.value()
}

/// The hash of a node's state, with who it is.
fn print_of(cell: &Cell, node: NodeId) -> u128 {
    let mut print = Fingerprint::default();
    let status = match cell.status {
        Status::Up => 0,
        Status::Paused => 1,
        Status::Down => 2,
    };
    print.word(u64::from(node.0) << 2 | status);
    cell.node.print(&mut print);
    for view in cell.timers() {
        print.word(u64::from(view.timer.0) + 1);
    }
    print.word(u64::from(cell.last_write.0) << 32 | cell.writes.len() as u64);
    for pending in &cell.writes {
        print.word(u64::from(pending.id.0));
        cell.node.print_write(&*pending.write, &mut print);
    }
    // All that wait for one write leave at once, so their order means nothing.
    let mut held = 0u128;
    for Held { after, message } in &cell.held {
        let mut print = Fingerprint::default();
        print.word(u64::from(after.0) << 16 | u64::from(message.to.0));
        message.parcel.print(&mut print);
        held = held.wrapping_add(print.value());
    }
    print.word(held as u64);
    print.word((held >> 64) as u64);
    print.value()
}

fn timer_renamed(timer: Timer, kinds: u16, names: &Renaming) -> Timer {
    match timer.split(kinds.max(1)) {
        (_, None) => timer,
        (kind, Some(about)) => Timer::about(kind, kinds.max(1), names.of(about)),
    }
}

/// A node's state in a world whose nodes have other names, and which node's it is there.
fn renamed(cell: &Cell, node: NodeId, names: &Renaming) -> Option<(NodeId, Cell)> {
    let mut to = Cell {
        node: cell.node.renamed(names)?,
        timers: Vec::new(),
        ..Cell::clone(cell)
    };
    let kinds = cell.node.timers().len() as u16;
    for view in cell.timers() {
        to.slot(timer_renamed(view.timer, kinds, names)).armed = true;
    }
    for Pending { write, .. } in &mut to.writes {
        *write = cell.node.write_renamed(&**write, names)?;
    }
    for Held { message, .. } in &mut to.held {
        (message.to, message.parcel) = (names.of(message.to), message.parcel.renamed(names)?);
    }
    Some((names.of(node), to))
}
