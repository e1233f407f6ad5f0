//! A member's write-ahead log, and what it knows of each transaction.
//!
//! A record is *forced* where the member goes on only when it is on the disk. The others wait in memory, and reach
//! the disk with the next one that is forced; a crash before loses them.

use super::transfer::{Order, Outcome, TxnId, Vault};
use crate::engine::{Engine, Fact, Facts, Log, NodeId, Out, Time, Word};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

/// A moment that is only shown: two ways to the same state are one state.
#[derive(Copy, Clone, Debug, Default)]
pub struct Stamp(pub Time);

impl Hash for Stamp {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

impl PartialEq for Stamp {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Stamp {}

/// What a record says of its transaction.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Entry {
    /// This member is able to commit, and to abort, whatever happens: it votes yes.
    Prepared(Order, Stamp),
    /// This member votes no.
    Refused,
    /// It is committed.
    Commit(Order),
    /// It is aborted.
    Abort,
    /// Its coordinator need not remember it any more.
    End,
    /// All have voted yes, and this member knows; in three phases alone.
    PreCommitted(Order, Stamp),
}

/// One record.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Record {
    /// Of which transaction.
    pub txn: TxnId,
    /// What it says.
    pub entry: Entry,
    /// Whether the member waited for it.
    pub forced: bool,
}

/// What survives a crash.
#[derive(Clone, Default)]
pub struct Disk {
    /// The log.
    pub log: Log<Record>,
    /// Transactions of this member's own have numbers up to this one.
    pub reserved: u32,
    /// How many writes were waited for. Shown only.
    pub forced: u32,
}

impl Hash for Disk {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.log.end(), self.reserved).hash(state);
    }
}

/// One change to it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Write {
    /// Records, the last of which somebody waits for.
    Append(Vec<Record>),
    /// Numbers up to this one may be used.
    Reserve(u32),
}

impl Disk {
    /// Carries a write out.
    pub fn write(&mut self, write: &Write) {
        match write {
            Write::Append(records) => {
                self.forced += 1;
                records.iter().for_each(|record| self.log.push(*record));
            }
            Write::Reserve(most) => self.reserved = *most,
        }
    }
}

/// What a member knows of a transaction.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Standing {
    /// It has voted yes, and does not know what comes of it: it is in doubt.
    Prepared(Order, Stamp),
    /// It has voted no.
    Refused,
    /// It is committed, and this is done.
    Committed(Order),
    /// It is aborted.
    Aborted,
    /// It has voted yes and knows that all have, and not yet what is decided; in three phases alone.
    PreCommitted(Order, Stamp),
}

impl Standing {
    /// What it would do and since when it waits to know, where it waits.
    #[must_use]
    pub fn open(self) -> Option<(Order, Time)> {
        match self {
            Standing::Prepared(order, since) | Standing::PreCommitted(order, since) => {
                Some((order, since.0))
            }
            Standing::Refused | Standing::Committed(_) | Standing::Aborted => None,
        }
    }

    /// What is decided, as far as it knows.
    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Standing::Committed(_) => Some(Outcome::Commit),
            Standing::Aborted => Some(Outcome::Abort),
            Standing::Prepared(..) | Standing::PreCommitted(..) | Standing::Refused => None,
        }
    }
}

/// So many numbers are reserved at once.
const BLOCK: u32 = 20;

/// The books of a member: accounts, what it knows of each transaction, and the end of its log that is not written yet.
#[derive(Clone, Hash)]
pub struct Books {
    /// Its accounts.
    pub vault: Vault,
    /// What it knows of transactions.
    pub standings: BTreeMap<TxnId, Standing>,
    /// Records that nobody waits for: in memory until the next one that is forced.
    pub buffer: Vec<Record>,
    /// The number of its own next transaction.
    pub next: u32,
    /// It may use numbers up to this one.
    pub reserved: u32,
}

impl Books {
    /// Reads the log from its beginning.
    #[must_use]
    pub fn replay(member: NodeId, members: u16, opening: u64, disk: &Disk) -> Self {
        let mut books = Books {
            vault: Vault::new(member, members, opening),
            standings: BTreeMap::new(),
            buffer: Vec::new(),
            next: disk.reserved + 1,
            reserved: disk.reserved,
        };
        for record in disk.log.iter() {
            let standing = match record.entry {
                Entry::Prepared(order, since) => Standing::Prepared(order, since),
                Entry::PreCommitted(order, since) => Standing::PreCommitted(order, since),
                Entry::Refused => Standing::Refused,
                Entry::Commit(order) => {
                    books.vault.apply(&order);
                    Standing::Committed(order)
                }
                Entry::Abort => Standing::Aborted,
                Entry::End => continue,
            };
            books.standings.insert(record.txn, standing);
        }
        books
    }

    /// Locks again what the transactions in doubt had locked.
    pub fn lock_again(&mut self) {
        for (txn, standing) in &self.standings {
            if let Some((order, _)) = standing.open() {
                self.vault.lock(*txn, &order);
            }
        }
    }

    /// The transactions in doubt.
    pub fn in_doubt(&self) -> impl Iterator<Item = (TxnId, Order, Time)> {
        let open = |(txn, standing): (&TxnId, &Standing)| {
            let (order, since) = standing.open()?;
            Some((*txn, order, since))
        };
        self.standings.iter().filter_map(open)
    }

    /// A record that the next message has to wait for.
    pub fn force<E: Engine<Write = Write>>(
        &mut self,
        txn: TxnId,
        entry: Entry,
        out: &mut Out<'_, E>,
    ) {
        let forced = true;
        self.buffer.push(Record { txn, entry, forced });
        self.flush(out);
    }

    /// A record that nobody waits for.
    pub fn note_down(&mut self, txn: TxnId, entry: Entry) {
        let forced = false;
        self.buffer.push(Record { txn, entry, forced });
    }

    /// Writes what is in memory alone.
    pub fn flush<E: Engine<Write = Write>>(&mut self, out: &mut Out<'_, E>) {
        if !self.buffer.is_empty() {
            out.persist(Write::Append(std::mem::take(&mut self.buffer)));
        }
    }

    /// What it uses without having reserved it.
    pub fn use_unreserved(&mut self) {
        self.reserved += BLOCK;
    }

    /// Reserves more numbers, so that none is used twice, whatever is forgotten.
    pub fn reserve<E: Engine<Write = Write>>(&mut self, out: &mut Out<'_, E>) {
        self.reserved += BLOCK;
        out.persist(Write::Reserve(self.reserved));
    }

    /// The name of its next transaction.
    pub fn new_id<E: Engine<Write = Write>>(
        &mut self,
        coordinator: NodeId,
        out: &mut Out<'_, E>,
    ) -> TxnId {
        let number = self.next;
        self.next += 1;
        if self.next > self.reserved {
            self.reserve(out);
        }
        TxnId {
            coordinator,
            number,
        }
    }

    /// A decision is made, or heard of: accounts and standings follow it.
    pub fn decide(&mut self, txn: TxnId, order: &Order, outcome: Outcome) {
        let standing = match outcome {
            Outcome::Commit => {
                self.vault.apply(order);
                Standing::Committed(*order)
            }
            Outcome::Abort => Standing::Aborted,
        };
        self.vault.unlock(txn);
        self.standings.insert(txn, standing);
    }
    /// What is on the accounts.
    pub fn account_facts(&self, facts: &mut Facts) {
        for (account, state) in self.vault.iter() {
            let name = match account.to_string().as_str() {
                "a" => "a",
                "b" => "b",
                _ => "c",
            };
            facts.say(name, Fact::Word(Word::signed(state.balance)));
        }
        let locked = self.vault.iter().filter_map(|(_, state)| state.lock);
        facts.say("locked", locked.map(Fact::from).collect::<Vec<Fact>>());
    }

    /// What it knows of transactions.
    pub fn standing_facts(&self, facts: &mut Facts) {
        let doubted: Vec<Fact> = self.in_doubt().map(|(txn, ..)| txn.into()).collect();
        facts.say("in-doubt", Fact::List(doubted));
        facts.say("committed", self.count(Outcome::Commit));
        facts.say("aborted", self.count(Outcome::Abort));
    }

    /// How many transactions it knows the outcome of.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.count(Outcome::Commit) + self.count(Outcome::Abort)
    }

    /// How many transactions have this outcome, as far as it knows.
    #[must_use]
    pub fn count(&self, wanted: Outcome) -> usize {
        let outcomes = self.standings.values().map(|standing| standing.outcome());
        outcomes.filter(|outcome| *outcome == Some(wanted)).count()
    }
}
