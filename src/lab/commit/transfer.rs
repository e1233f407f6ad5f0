//! What is to be done alike everywhere: transfers between accounts, and the accounts.

use crate::engine::{Arg, Engine, Fact, Facts, NodeId, Out, Word};
use crate::sim::World;
use std::fmt;

/// How many accounts a member keeps: `a`, `b`, `c`.
pub const ACCOUNTS: usize = 3;

/// The name of a transaction: who coordinates it, and a number that this member never uses again.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TxnId {
    /// Its coordinator.
    pub coordinator: NodeId,
    /// From 1.
    pub number: u32,
}

/// `1.3`: the third one of n1.
impl fmt::Display for TxnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.coordinator.0 + 1, self.number)
    }
}

impl From<TxnId> for Arg {
    fn from(txn: TxnId) -> Self {
        Arg::Place(u32::from(txn.coordinator.0) + 1, txn.number)
    }
}

impl From<TxnId> for Fact {
    fn from(txn: TxnId) -> Self {
        Fact::Place(u64::from(txn.coordinator.0) + 1, u64::from(txn.number))
    }
}

/// One of a member's accounts.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AccountId(u8);

impl AccountId {
    /// All of them.
    pub fn all() -> impl Iterator<Item = AccountId> {
        (0..ACCOUNTS as u8).map(AccountId)
    }

    /// The account at this place.
    #[must_use]
    pub fn at(place: u64) -> Self {
        AccountId((place % ACCOUNTS as u64) as u8)
    }

    /// The account of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|account| account.to_string() == name)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", char::from(b'a' + self.0))
    }
}

/// One member pays each of the others the same amount.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Order {
    /// Who pays.
    pub payer: NodeId,
    /// From which of its accounts; the others get it on theirs of this name.
    pub account: AccountId,
    /// What each of the others gets.
    pub amount: u32,
}

impl Order {
    /// What this comes to for one of `members`.
    #[must_use]
    pub fn change(&self, member: NodeId, members: u16) -> i64 {
        let amount = i64::from(self.amount);
        if member == self.payer {
            -amount * (i64::from(members) - 1)
        } else {
            amount
        }
    }
}

impl Order {
    /// A transfer of somebody's own invention; `purposes` are those of the three draws.
    pub fn draw<E: Engine>(members: u16, purposes: [u8; 3], out: &mut Out<'_, E>) -> Self {
        let [payer, account, amount] = purposes;
        Order {
            payer: NodeId(out.draw(payer, 0..=u64::from(members) - 1) as u16),
            account: AccountId::at(out.draw(account, 0..=2)),
            amount: 10 * out.draw(amount, 1..=3) as u32,
        }
    }

    /// Reads `pay n2 20 a`.
    #[must_use]
    pub fn parse(world: &World, words: &[&str]) -> Option<Self> {
        let (payer, amount, account) = match words {
            ["pay", payer, amount] => (payer, amount, "a"),
            ["pay", payer, amount, account] => (payer, amount, *account),
            _ => return None,
        };
        Some(Order {
            payer: world.find(payer)?,
            account: AccountId::parse(account)?,
            amount: amount
                .parse()
                .ok()
                .filter(|amount| (1..=1000).contains(amount))?,
        })
    }

    /// What it says of itself.
    pub fn facts(&self, facts: &mut Facts) {
        facts.say("payer", self.payer);
        let account = Word::new(&self.account.to_string());
        facts.say("account", account.map_or(Fact::Nothing, Fact::Word));
        facts.say("amount", self.amount);
    }
}

/// What a person asks of a member: coordinate this.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pay(pub Order);

/// `n2 a 20`: n2 pays from its account a 20 to each of the others.
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{} {} {}", self.payer.0 + 1, self.account, self.amount)
    }
}

/// What is decided on a transaction.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// It is done.
    Commit,
    /// It is as if it had never been.
    Abort,
}

impl Outcome {
    /// Its key in the locale files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Commit => "commit",
            Outcome::Abort => "abort",
        }
    }
}

/// An account: what is on it, and for which transaction it is locked.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Account {
    /// What is on it.
    pub balance: i64,
    /// Who has it locked.
    pub lock: Option<TxnId>,
}

/// The accounts of one member, as they are in its memory.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Vault {
    member: NodeId,
    members: u16,
    accounts: [Account; ACCOUNTS],
}

/// Why a member does not agree.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Objection {
    /// Another transaction has the account locked.
    Locked(TxnId),
    /// There is not so much on it.
    TooLittle(i64),
}

impl Vault {
    /// Nothing paid yet: `opening` on each account.
    #[must_use]
    pub fn new(member: NodeId, members: u16, opening: u64) -> Self {
        let account = Account {
            balance: opening as i64,
            lock: None,
        };
        Vault {
            member,
            members,
            accounts: [account; ACCOUNTS],
        }
    }

    /// Each account with its name.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, Account)> {
        AccountId::all().zip(self.accounts)
    }

    /// All that is on the accounts.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.accounts.iter().map(|account| account.balance).sum()
    }

    fn account(&mut self, order: &Order) -> &mut Account {
        &mut self.accounts[usize::from(order.account.0)]
    }

    /// What stands against it.
    pub fn objection(&mut self, order: &Order) -> Option<Objection> {
        let change = order.change(self.member, self.members);
        let account = *self.account(order);
        if let Some(txn) = account.lock {
            return Some(Objection::Locked(txn));
        }
        (account.balance + change < 0).then_some(Objection::TooLittle(account.balance))
    }

    /// Nobody else may touch the account from now on.
    pub fn lock(&mut self, txn: TxnId, order: &Order) {
        self.account(order).lock = Some(txn);
    }

    /// Gives back what this transaction has locked.
    pub fn unlock(&mut self, txn: TxnId) {
        for account in &mut self.accounts {
            if account.lock == Some(txn) {
                account.lock = None;
            }
        }
    }

    /// Does it.
    pub fn apply(&mut self, order: &Order) {
        let change = order.change(self.member, self.members);
        self.account(order).balance += change;
    }

    /// As if it had not been done: how a decision is shown that a crash would undo.
    pub fn take_back(&mut self, order: &Order) {
        let change = order.change(self.member, self.members);
        self.account(order).balance -= change;
    }
}
