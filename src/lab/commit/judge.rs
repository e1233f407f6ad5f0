//! What atomic commitment promises (Bernstein, Hadzilacos & Goodman 1987, section 7.3), judged from outside: by what
//! members have in their logs and on their accounts, and by the votes that arrived.

use super::journal::{Books, Disk, Entry};
use super::transfer::{ACCOUNTS, Outcome, TxnId};
use crate::engine::{Fingerprint, NodeId, Note, NoteKey, Renaming, Word};
use crate::lab::{Checker, Verdicts};
use crate::sim::{Happened, Letter, Status, World};
use std::collections::BTreeMap;
use std::hash::Hash;

/// The places of the checks in the list of a lab.
pub const ALIKE: usize = 0;
/// A decision stays.
const STAYS: usize = 1;
/// No commit without every yes.
const EVERY_YES: usize = 2;
/// The total.
const TOTAL: usize = 3;
/// No account below zero.
const OVERDRAWN: usize = 4;
/// Something commits.
const COMMITTED: usize = 5;
/// Something aborts.
const ABORTED: usize = 6;
/// Somebody in doubt asks.
const ASKED: usize = 7;
/// After calm nobody is in doubt.
pub const CALM: usize = 8;

/// The notes that a lab gives as reasons.
#[derive(Copy, Clone, Debug)]
pub struct Reasons {
    /// Transaction, member, other member.
    pub not_alike: NoteKey,
    /// Transaction, member.
    pub reversed: NoteKey,
    /// Transaction, member.
    pub without_a_yes: NoteKey,
    /// What it is, what it should be.
    pub total_wrong: NoteKey,
    /// Member, account, balance.
    pub overdrawn: NoteKey,
}

/// What is looked at of a member.
pub struct Member<'a> {
    /// Its books, where it runs.
    pub books: &'a Books,
    /// What is on its disk.
    pub disk: &'a Disk,
    /// Whether it has asked about a transaction that it is in doubt of.
    pub asks: bool,
    /// What was on every account in the beginning.
    pub opening: u64,
}

/// How a lab lends its members and its votes to the judge.
#[derive(Copy, Clone)]
pub struct Lens {
    /// The member at this node.
    pub member: for<'a> fn(&'a World, NodeId) -> Option<Member<'a>>,
    /// The transaction that this message votes yes to.
    pub vote: fn(&Letter) -> Option<TxnId>,
    /// The notes that are given as reasons.
    pub reasons: Reasons,
}

/// What is left of a member's accounts, and whether it is in doubt.
#[derive(Copy, Clone, Hash)]
struct Account {
    total: i64,
    open: bool,
    /// How much of its log was read.
    read: usize,
}

/// Watches one run.
#[derive(Clone)]
pub struct Judge {
    lens: Lens,
    /// Who decided first on each transaction, and what.
    first: BTreeMap<TxnId, (NodeId, Outcome)>,
    /// What each member decided.
    each: BTreeMap<(TxnId, NodeId), Outcome>,
    /// Whose yes arrived, in order.
    yes: BTreeMap<TxnId, Vec<NodeId>>,
    accounts: Vec<Account>,
    /// What all accounts together hold.
    should: i64,
}

impl Judge {
    /// At the beginning of a run.
    #[must_use]
    pub fn new(world: &World, lens: Lens) -> Self {
        let account = |node: NodeId| {
            let member = (lens.member)(world, node);
            Account {
                total: member.map_or(0, |member| member.books.vault.total()),
                open: false,
                read: 0,
            }
        };
        let accounts: Vec<Account> = world.ids().map(account).collect();
        Judge {
            lens,
            first: BTreeMap::new(),
            each: BTreeMap::new(),
            yes: BTreeMap::new(),
            should: accounts.iter().map(|account| account.total).sum(),
            accounts,
        }
    }

    fn vote(&mut self, letter: &Letter) {
        let Some(txn) = (self.lens.vote)(letter) else {
            return;
        };
        let voters = self.yes.entry(txn).or_default();
        if let Err(place) = voters.binary_search(&letter.name.from) {
            voters.insert(place, letter.name.from);
        }
    }

    fn look_at(&mut self, node: NodeId, world: &World, verdicts: &mut Verdicts) {
        let Some(member) = (self.lens.member)(world, node) else {
            return;
        };
        let (log, down) = (&member.disk.log, world.cell(node).status() == Status::Down);
        // Who has lost its disk begins anew.
        let read = self.accounts[node.index()].read.min(log.len());
        for record in log.iter_from(read) {
            self.decided(node, record.txn, record.entry, verdicts);
        }
        if !down {
            for record in &member.books.buffer {
                if record.entry == Entry::Abort {
                    self.decided(node, record.txn, record.entry, verdicts);
                }
            }
            if member.asks {
                verdicts.see(ASKED);
            }
            self.overdrawn(node, member.books, verdicts);
        }
        let replayed = down.then(|| {
            let members = self.accounts.len() as u16;
            Books::replay(node, members, member.opening, member.disk)
        });
        let books = replayed.as_ref().unwrap_or(member.books);
        self.accounts[node.index()] = Account {
            total: books.vault.total(),
            open: books.in_doubt().next().is_some(),
            read: log.len(),
        };
    }

    fn decided(&mut self, node: NodeId, txn: TxnId, entry: Entry, verdicts: &mut Verdicts) {
        let outcome = match entry {
            Entry::Commit(_) => Outcome::Commit,
            Entry::Abort => Outcome::Abort,
            Entry::Prepared(..) | Entry::PreCommitted(..) | Entry::Refused | Entry::End => return,
        };
        let reasons = self.lens.reasons;
        let (first, of_first) = *self.first.entry(txn).or_insert((node, outcome));
        if of_first != outcome {
            let args = [txn.into(), node.into(), first.into()];
            verdicts.violate(ALIKE, Some(Note::new(reasons.not_alike, args)));
        }
        if *self.each.entry((txn, node)).or_insert(outcome) != outcome {
            let args = [txn.into(), node.into()];
            verdicts.violate(STAYS, Some(Note::new(reasons.reversed, args)));
        }
        if outcome == Outcome::Abort {
            return verdicts.see(ABORTED);
        }
        verdicts.see(COMMITTED);
        let votes = self.yes.get(&txn).map_or(0, Vec::len);
        if votes + 1 < self.accounts.len() {
            let args = [txn.into(), node.into()];
            verdicts.violate(EVERY_YES, Some(Note::new(reasons.without_a_yes, args)));
        }
    }

    fn overdrawn(&self, node: NodeId, books: &Books, verdicts: &mut Verdicts) {
        let mut all = books.vault.iter();
        if let Some((account, state)) = all.find(|(_, state)| state.balance < 0) {
            let name = Word::new(&account.to_string()).unwrap_or_default();
            let args = [node.into(), name.into(), Word::signed(state.balance).into()];
            verdicts.violate(
                OVERDRAWN,
                Some(Note::new(self.lens.reasons.overdrawn, args)),
            );
        }
    }

    /// Where nobody is in doubt the total is what it was.
    fn add_up(&self, verdicts: &mut Verdicts) {
        let total: i64 = self.accounts.iter().map(|account| account.total).sum();
        if total != self.should && self.accounts.iter().all(|account| !account.open) {
            let args = [Word::signed(total).into(), Word::signed(self.should).into()];
            verdicts.violate(TOTAL, Some(Note::new(self.lens.reasons.total_wrong, args)));
        }
    }
}

impl Checker for Judge {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        if let Happened::Delivered(letter) = &record.what {
            self.vote(letter);
        }
        for node in record.touched.iter() {
            self.look_at(*node, world, verdicts);
        }
        self.add_up(verdicts);
    }

    fn settled(&self, check: usize, _world: &World) -> bool {
        check == CALM && self.accounts.iter().all(|account| !account.open)
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        (&self.first, &self.each, &self.yes, &self.accounts).hash(print);
    }
}

/// What all accounts of a bank hold.
#[must_use]
pub fn whole(members: u16, opening: u64) -> i64 {
    i64::from(members) * ACCOUNTS as i64 * opening as i64
}
