//! What labs of atomic commitment have in common: the transfers that are to be done alike everywhere, the accounts
//! that they change, a member's write-ahead log with what it knows of each transaction, and the judge of it all.
//! Side by side they are asked for the same, and their logs are read alike.

pub mod contest;
mod journal;
mod judge;
mod transfer;

pub use journal::{Books, Disk, Entry, Record, Stamp, Standing, Write};
pub use judge::{ALIKE, CALM, Judge, Lens, Member, Reasons, whole};
pub use transfer::{ACCOUNTS, AccountId, Objection, Order, Outcome, Pay, TxnId, Vault};
