//! Watches one run from outside: by what clients were told, by what the cache says to whom, and by what
//! stands on its shelf and on the disks.

use super::checks::{
    self, ALL_ANSWERED, ALL_STORED, ANSWERED_AT_ONCE, BEHIND, EVICTED, IN_TIME, KEPT, LINEARIZABLE,
    NOT_LOST, OLDER_LATER, ONE_FILL, REFUSED, cache, held, stored,
};
use super::lab::{CACHE, STORE};
use super::message::{CacheMessage, HIT, Key, Ticket, Version};
use super::node::Mode;
use super::notes;
use crate::engine::{Arg, Fingerprint, NodeId, Note, Renaming, Report, Time, typed};
use crate::lab::linear::Watch;
use crate::lab::{Checker, Verdicts};
use crate::sim::{Happened, Letter, Sent, World};
use std::hash::Hash;

/// What names a fill from outside: beside the store the client that is sent to fetch, in front of it the
/// cache's own question.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Fetcher {
    Client(NodeId, u32),
    Cache(Ticket),
}

/// A key that is being fetched.
#[derive(Copy, Clone, Hash)]
struct Fetch {
    key: Key,
    by: Fetcher,
    /// Until when nobody else may fetch it, by the clock of the cache; `None`: until it is there.
    until: Option<Time>,
}

/// A request that is not answered.
#[derive(Copy, Clone, Hash)]
struct Open {
    client: NodeId,
    since: Time,
    step: u64,
}

/// What clients were told of a key.
#[derive(Copy, Clone, Hash)]
struct Told {
    key: Key,
    /// The latest write that was acknowledged.
    acknowledged: Version,
    /// The latest version that was read, and the step in which that was first known.
    read: (Version, u64),
}

/// Since when a value on the shelf is fresh, by the clock of the cache.
#[derive(Copy, Clone, Hash)]
struct Fresh {
    key: Key,
    serial: u32,
    since: Time,
}

/// Watches one run.
#[derive(Clone, Default, Hash)]
pub(super) struct Watcher {
    told: Vec<Told>,
    open: Vec<Open>,
    fetches: Vec<Fetch>,
    fresh: Vec<Fresh>,
    clients: Watch,
    calm_at: Option<Time>,
    /// What was acknowledged when it became calm.
    due: Vec<(Key, Version)>,
}

impl Watcher {
    fn told(&mut self, key: Key) -> &mut Told {
        let at = match self.told.binary_search_by_key(&key, |told| told.key) {
            Ok(at) => at,
            Err(at) => {
                let told = Told {
                    key,
                    acknowledged: Version(0),
                    read: (Version(0), 0),
                };
                self.told.insert(at, told);
                at
            }
        };
        &mut self.told[at]
    }

    /// What a client says of its operations.
    fn hear(&mut self, client: NodeId, note: &Note, world: &World, verdicts: &mut Verdicts) {
        let mut args = note.args();
        let key = match args.next() {
            Some(Arg::Word(word)) => Key::parse(&word.to_string()),
            Some(_) | None => None,
        };
        let version = match args.next() {
            Some(Arg::Int(version)) => Version(version as u32),
            Some(_) | None => Version(0),
        };
        let Some(key) = key else { return };
        if note.key == notes::ASKS || note.key == notes::WANTS_TO_WRITE {
            self.open.push(Open {
                client,
                since: world.now(),
                step: world.steps(),
            });
        } else if note.key == notes::HAS_READ {
            let began = self.close(client);
            let (read, step) = self.told(key).read;
            if version < read && step < began {
                verdicts.see(OLDER_LATER);
            } else if version > read {
                self.told(key).read = (version, world.steps());
            }
        } else if note.key == notes::ACKNOWLEDGED {
            self.close(client);
            let told = self.told(key);
            told.acknowledged = told.acknowledged.max(version);
            self.look_at(key, world, verdicts);
            self.look_for(world, verdicts);
        }
    }

    /// The request of a client is answered, or nobody waits for it any more. In which step it was asked.
    fn close(&mut self, client: NodeId) -> u64 {
        let at = self.open.iter().position(|open| open.client == client);
        at.map_or(0, |at| self.open.swap_remove(at).step)
    }

    /// Is what the cache has of a key older than what was acknowledged?
    fn look_at(&self, key: Key, world: &World, verdicts: &mut Verdicts) {
        let Ok(at) = self.told.binary_search_by_key(&key, |told| told.key) else {
            return;
        };
        let acknowledged = self.told[at].acknowledged;
        let slot = cache(world).and_then(|cache| cache.shelf().slot(key));
        if let Some(slot) = slot.filter(|slot| slot.row.version < acknowledged) {
            let args = [key.into(), slot.row.version.into(), acknowledged.into()];
            verdicts.violate(KEPT, Some(Note::new(notes::KEPT_TOO_OLD, args)));
        }
    }

    /// Is all that was acknowledged somewhere?
    fn look_for(&self, world: &World, verdicts: &mut Verdicts) {
        for told in &self.told {
            let found = held(world, told.key);
            if found < told.acknowledged {
                let args = [told.key.into(), told.acknowledged.into(), found.into()];
                verdicts.violate(NOT_LOST, Some(Note::new(notes::LOST, args)));
            }
        }
    }

    /// A message came to the cache.
    fn came(&mut self, letter: &Letter, world: &World, verdicts: &mut Verdicts) {
        let Some(message) = typed::<CacheMessage>(&*letter.parcel) else {
            return;
        };
        let from = letter.name.from;
        match message {
            CacheMessage::Get { key, .. } => {
                let hit = |sent: &Sent| sent.name.to == from && sent.name.kind == HIT;
                if world.record().sent.iter().any(hit) {
                    verdicts.see(ANSWERED_AT_ONCE);
                    self.served(*key, world, verdicts);
                }
            }
            CacheMessage::Set { op, key, .. } => {
                let by = Fetcher::Client(from, *op);
                self.fetches.retain(|fetch| fetch.by != by);
                self.changed(*key, world, verdicts);
            }
            CacheMessage::Delete { key, .. } => self.fetches.retain(|fetch| fetch.key != *key),
            CacheMessage::Value { ticket, key, .. } => {
                let by = Fetcher::Cache(*ticket);
                self.fetches.retain(|fetch| fetch.by != by);
                self.changed(*key, world, verdicts);
            }
            CacheMessage::Put { key, .. } | CacheMessage::Written { key, .. } => {
                self.changed(*key, world, verdicts);
            }
            // Not for a cache.
            CacheMessage::Hit { .. }
            | CacheMessage::Miss { .. }
            | CacheMessage::Wait { .. }
            | CacheMessage::Stored { .. }
            | CacheMessage::Deleted { .. }
            | CacheMessage::Read { .. }
            | CacheMessage::Write { .. } => {}
        }
    }

    /// What the cache has of this key may be another value now.
    fn changed(&mut self, key: Key, world: &World, verdicts: &mut Verdicts) {
        self.look_at(key, world, verdicts);
        let Some(slot) = cache(world).and_then(|cache| cache.shelf().slot(key)) else {
            return;
        };
        let fresh = Fresh {
            key,
            serial: slot.serial,
            since: world.local(CACHE),
        };
        match self.fresh.binary_search_by_key(&key, |fresh| fresh.key) {
            Ok(at) if self.fresh[at].serial == slot.serial => {}
            Ok(at) => self.fresh[at] = fresh,
            Err(at) => self.fresh.insert(at, fresh),
        }
    }

    /// A question was answered from the shelf.
    fn served(&mut self, key: Key, world: &World, verdicts: &mut Verdicts) {
        let Some(cache) = cache(world) else { return };
        let (Some(slot), Some(ttl)) = (cache.shelf().slot(key), cache.shelf().ttl()) else {
            return;
        };
        // What the store does not know yet is nowhere else, however old it is.
        if cache.book().row(key).is_some() {
            return;
        }
        let known = self.fresh.binary_search_by_key(&key, |fresh| fresh.key);
        let known = known.ok().map(|at| self.fresh[at]);
        let age = known
            .filter(|fresh| fresh.serial == slot.serial)
            .map(|fresh| world.local(CACHE) - fresh.since);
        if let Some(age) = age.filter(|age| *age >= ttl) {
            let args = [key.into(), age.into(), ttl.into()];
            verdicts.violate(IN_TIME, Some(Note::new(notes::SERVED_TOO_OLD, args)));
        }
    }

    /// What the cache says in this step: does it send two for the same key?
    fn said(&mut self, world: &World, verdicts: &mut Verdicts) {
        let Some(cache) = cache(world) else { return };
        let now = world.local(CACHE);
        let over = |fetch: &Fetch| fetch.until.is_some_and(|until| until <= now);
        self.fetches.retain(|fetch| !over(fetch));
        let sent = world.record().sent.iter();
        for sent in sent.filter(|sent| sent.name.from == CACHE && sent.name.copy == 0) {
            let flight = world.flights().find(|one| one.letter.name == sent.name);
            let message = flight.and_then(|one| typed::<CacheMessage>(&*one.letter.parcel));
            let new = match message {
                Some(CacheMessage::Miss { op, key, .. }) => Fetch {
                    key: *key,
                    by: Fetcher::Client(sent.name.to, *op),
                    until: Some(now + cache.lease()),
                },
                Some(CacheMessage::Read { ticket, key }) => Fetch {
                    key: *key,
                    by: Fetcher::Cache(*ticket),
                    until: None,
                },
                Some(_) | None => continue,
            };
            self.sent_for(new, verdicts);
        }
    }

    fn sent_for(&mut self, new: Fetch, verdicts: &mut Verdicts) {
        if self.fetches.iter().any(|fetch| fetch.by == new.by) {
            return;
        }
        if let Some(old) = self.fetches.iter().find(|fetch| fetch.key == new.key) {
            let who = |by: Fetcher| match by {
                Fetcher::Client(client, _) => client,
                Fetcher::Cache(_) => CACHE,
            };
            let args = [new.key.into(), who(old.by).into(), who(new.by).into()];
            verdicts.violate(ONE_FILL, Some(Note::new(notes::TWO_FILLS, args)));
        }
        self.fetches.push(new);
    }

    fn report(&mut self, client: NodeId, report: &Report, verdicts: &mut Verdicts) {
        if let Some(broken) = self.clients.note(client, report) {
            let args = [broken.client.into(), broken.op.into(), broken.key.into()];
            verdicts.violate(LINEARIZABLE, Some(Note::new(notes::NO_ORDER, args)));
        }
    }

    /// Somebody or the storm acted: whoever is down forgets.
    fn acted(&mut self, world: &World, verdicts: &mut Verdicts) {
        let down = |node: NodeId| world.cell(node).status() == crate::sim::Status::Down;
        self.open.retain(|open| !down(open.client));
        if down(CACHE) {
            self.fetches.clear();
            self.fresh.clear();
        }
        self.look_for(world, verdicts);
    }

    fn sometimes(&self, world: &World, verdicts: &mut Verdicts) {
        for note in &world.record().notes {
            if note.key == notes::EVICTED {
                verdicts.see(EVICTED);
            } else if note.key == notes::REFUSED || note.key == notes::CHANGED_MEANWHILE {
                verdicts.see(REFUSED);
            }
        }
        let back = cache(world).is_some_and(|cache| cache.mode() == Mode::WriteBack);
        if !verdicts.seen(BEHIND) && !back && checks::behind(world) {
            verdicts.see(BEHIND);
        }
    }
}

impl Checker for Watcher {
    fn observe(&mut self, world: &World, verdicts: &mut Verdicts) {
        let record = world.record();
        if self.calm_at != world.calm_at() {
            self.calm_at = world.calm_at();
            let told = self.told.iter();
            self.due = told.map(|told| (told.key, told.acknowledged)).collect();
        }
        match &record.what {
            Happened::Delivered(letter) if letter.name.to == CACHE => {
                self.came(letter, world, verdicts);
            }
            Happened::Commanded(..) | Happened::Struck(..) => self.acted(world, verdicts),
            Happened::Nothing
            | Happened::Started(_)
            | Happened::Delivered(_)
            | Happened::Lost(..)
            | Happened::TimerFired(..)
            | Happened::Written(..) => {}
        }
        if let Some(node) = record.what.node().or(record.touched.first().copied()) {
            for report in &record.reports {
                self.report(node, report, verdicts);
            }
            if node > CACHE {
                for note in &record.notes {
                    self.hear(node, note, world, verdicts);
                }
            }
        }
        let touched = |node| record.touched.contains(&node);
        if touched(CACHE) || touched(STORE) {
            if !record.sent.is_empty() {
                self.said(world, verdicts);
            }
            self.look_for(world, verdicts);
            self.sometimes(world, verdicts);
        }
    }

    fn settled(&self, check: usize, world: &World) -> bool {
        let Some(calm) = world.calm_at() else {
            return false;
        };
        match check {
            ALL_ANSWERED => self.open.iter().all(|open| open.since > calm),
            ALL_STORED => {
                let mut due = self.due.iter();
                due.all(|(key, version)| stored(world, *key).version >= *version)
            }
            _ => false,
        }
    }

    fn dup(&self) -> Box<dyn Checker> {
        Box::new(self.clone())
    }

    fn print(&self, _names: &Renaming, print: &mut Fingerprint) {
        self.hash(print);
    }
}
