//! What the clients asked for, and the judge's opinion of it at the playhead. Nothing is judged
//! before somebody wants to see it, and while the run plays no more often than it pays.

use super::Player;
use crate::lab::linear::{Account, CHECK, Judged};
use crate::lab::{BranchId, Chronicle};
use crate::ui::page;
use std::cell::RefCell;
use std::rc::Rc;

/// The longest that the judge thinks.
const THINKS_MS: f64 = 60.0;
/// While the run plays, a verdict stays for so many times as long as it took.
const RESTS: f64 = 20.0;

/// A verdict, and what it was about.
struct Known {
    judged: Rc<Judged>,
    told: usize,
    at_ms: f64,
    took_ms: f64,
}

/// See the module.
#[derive(Default)]
pub(super) struct Clients {
    account: Rc<RefCell<Account>>,
    /// The branch that it is about, and how far it was told.
    branch: BranchId,
    last: u64,
    known: Option<Known>,
    /// Whether anybody shows it.
    shown: bool,
}

impl Clients {
    /// Takes in what was told since.
    fn catch_up(&mut self, branch: BranchId, chronicle: &Chronicle) {
        if branch != self.branch || chronicle.last() < self.last {
            *self = Clients {
                branch,
                shown: self.shown,
                ..Clients::default()
            };
        }
        if self.last == chronicle.last() {
            return;
        }
        let mut account = self.account.borrow_mut();
        for told in chronicle.told_after(self.last) {
            match told {
                Some(told) => told.iter().for_each(|told| account.note(told)),
                None => account.miss(),
            }
        }
        self.last = chronicle.last();
    }
}

/// What the clients asked for, and what is said of it up to some step. The account goes on
/// growing, and says what it was like at any step.
#[derive(Clone)]
pub struct Told {
    /// All operations of the branch.
    pub account: Rc<RefCell<Account>>,
    /// The opinion.
    pub judged: Rc<Judged>,
}

impl Player {
    /// Somebody shows what the clients asked for, or nobody does any more.
    pub(in crate::ui) fn watch_clients(&self, shown: bool) {
        self.clients.borrow_mut().shown = shown;
    }

    /// The operations up to the playhead, judged; `None` while nobody shows them, and in a
    /// lab that promises nothing of them.
    pub(in crate::ui) fn told(&self) -> Option<Told> {
        let mut clients = self.clients.borrow_mut();
        // Where nothing is promised of them there is nothing to judge.
        let promised = self.plugin().info().checks;
        if !clients.shown || promised.iter().all(|check| check.id != CHECK) {
            return None;
        }
        clients.catch_up(self.history.branch_id(), self.history.chronicle());
        let here = self.position().step;
        let account = Rc::clone(&clients.account);
        let told = account.borrow().told(here);
        let began = page::now_ms();
        let stays = |known: &&Known| {
            let rests = self.playing && began - known.at_ms < known.took_ms * RESTS;
            known.told == told || (rests && known.judged.step <= here)
        };
        if let Some(known) = clients.known.as_ref().filter(stays) {
            let judged = Rc::clone(&known.judged);
            return Some(Told { account, judged });
        }
        let now = self.history.run().world().now();
        let mut go_on = || page::now_ms() - began < THINKS_MS;
        let judged = Rc::new(account.borrow().judge(here, now, &mut go_on));
        let at_ms = page::now_ms();
        clients.known = Some(Known {
            judged: Rc::clone(&judged),
            told,
            at_ms,
            took_ms: at_ms - began,
        });
        Some(Told { account, judged })
    }
}
