//! How each [`Action`] is carried out.

use super::action::{Action, Miss, Request, Scope};
use super::cell::{Status, own};
use super::fault::FaultKind;
use super::net::{Net, Policy};
use super::queue::Due;
use super::record::{Flight, LossReason, MessageName};
use super::world::World;
use crate::engine::{NodeId, RawInput, RawOutbox, Span, Timer};
use std::rc::Rc;

/// The outbox that is used anew for every input. A snapshot has no use for it.
#[derive(Default)]
pub(super) struct Scratch(pub(super) RawOutbox);

impl Clone for Scratch {
    fn clone(&self) -> Self {
        Scratch::default()
    }
}

impl World {
    /// Carries an action out, and remembers which kind of fault it was.
    pub(super) fn apply(&mut self, action: &Action) -> Result<(), Miss> {
        self.carry_out(action)?;
        let bound = self.calm_policy().latency.bound();
        let harmless = matches!(action, Action::Latency(_, latency) if latency.bound() <= bound);
        if let Some(kind) = action.fault().filter(|_| !harmless) {
            self.faults.insert(kind);
            // After a restart by hand the calm goes on: nothing new was broken.
            if kind != FaultKind::Restart {
                self.calm_at = None;
            }
        }
        Ok(())
    }

    fn carry_out(&mut self, action: &Action) -> Result<(), Miss> {
        match action {
            Action::Kill(node) => self.kill(*node),
            Action::Restart(node) => self.restart(*node),
            Action::Wipe(node) => self.wipe(*node),
            Action::Pause(node) => self.pause(*node),
            Action::Resume(node) => self.resume(*node),
            Action::Partition(groups) => self.partition(groups),
            Action::Cut { from, to, both } => self.change_net(|net| {
                net.set_cut(*from, *to, true);
                if *both {
                    net.set_cut(*to, *from, true);
                }
            }),
            Action::Heal(None) => self.change_net(Net::heal),
            Action::Heal(Some((a, b))) => self.change_net(|net| {
                net.set_cut(*a, *b, false);
                net.set_cut(*b, *a, false);
            }),
            Action::Latency(scope, latency) => self.policy(*scope, |p| p.latency = *latency),
            Action::Loss(scope, share) => self.policy(*scope, |p| p.loss = *share),
            Action::Duplication(scope, share) => self.policy(*scope, |p| p.duplication = *share),
            Action::Reorder(scope, on) => self.policy(*scope, |p| p.reorder = *on),
            Action::Drop(name) => self.with_flight(*name, |flight, _| {
                flight.fate = Some(LossReason::Dropped);
                Span(0)
            }),
            Action::Deliver(name) => self.with_flight(*name, |_, _| Span(0)),
            Action::Delay(name, span) => {
                self.with_flight(*name, |_, left| Span(left.0.saturating_add(span.0)))
            }
            Action::Hold(name) => self.hold(*name, true),
            Action::Release(name) => self.hold(*name, false),
            Action::Duplicate(name) => self.duplicate(*name),
            Action::Fire(node, timer) => self.fire_now(*node, *timer),
            Action::Skew(node, skew_us) => self.clock(*node, |clock| (*skew_us, clock.drift_ppm)),
            Action::Drift(node, ppm) => {
                let now = self.wire.now;
                self.clock(*node, |clock| (clock.ahead_us(now), *ppm))
            }
            Action::SlowDisk(node, span) => {
                own(&mut self.cells[node.index()]).disk_slowdown = *span;
                Ok(())
            }
            Action::Finish(node) => self.finish(*node),
            Action::Ask(node, request) => self.ask(*node, request),
            Action::Rule(rule, on) => {
                self.rules.set(*rule, *on);
                Ok(())
            }
            Action::Storm(plan) => {
                self.calm_at = None;
                self.begin_storm(*plan);
                Ok(())
            }
            Action::Calm => self.calm(),
        }
    }

    fn kill(&mut self, node: NodeId) -> Result<(), Miss> {
        if self.cells[node.index()].status == Status::Down {
            return Err(Miss::NodeDown);
        }
        self.crash(node);
        Ok(())
    }

    fn wipe(&mut self, node: NodeId) -> Result<(), Miss> {
        self.crash(node);
        own(&mut self.cells[node.index()]).node.wipe();
        Ok(())
    }

    /// All that is in memory is lost, and what waited for the node finds it down.
    fn crash(&mut self, node: NodeId) {
        self.put_back_parked(node);
        let step = self.steps();
        let cell = own(&mut self.cells[node.index()]);
        cell.crash();
        cell.touched = step;
        self.wire.record.touched.push(node);
    }

    /// What waited for a paused node arrives now, in the order in which it came. The next one to
    /// come was put aside, too, and is not due yet. A message that a person moved, dropped or
    /// holds meanwhile has a place in the queue of its own, or none.
    fn put_back_parked(&mut self, node: NodeId) {
        let now = self.wire.now;
        let parked = std::mem::take(&mut own(&mut self.cells[node.index()]).parked);
        for (slot, came) in parked {
            let Some(flight) = self.wire.flights[slot as usize].as_mut() else {
                continue;
            };
            if flight.seq == came && !flight.held {
                let seq = self.wire.queue.ticket();
                (flight.seq, flight.due) = (seq, flight.due.max(now));
                self.wire.queue.push(flight.due, seq, Due::Arrive(slot));
            }
        }
    }

    fn restart(&mut self, node: NodeId) -> Result<(), Miss> {
        if self.cells[node.index()].status != Status::Down {
            return Err(Miss::NodeNotDown);
        }
        let cell = own(&mut self.cells[node.index()]);
        cell.status = Status::Up;
        cell.node.boot();
        self.run(node, RawInput::Started);
        Ok(())
    }

    fn pause(&mut self, node: NodeId) -> Result<(), Miss> {
        if self.cells[node.index()].status != Status::Up {
            return Err(Miss::NodeNotUp);
        }
        own(&mut self.cells[node.index()]).status = Status::Paused;
        Ok(())
    }

    /// What waited comes now, in the order in which it came; then the timers that ran out.
    fn resume(&mut self, node: NodeId) -> Result<(), Miss> {
        if self.cells[node.index()].status != Status::Paused {
            return Err(Miss::NodeNotPaused);
        }
        let now = self.wire.now;
        self.put_back_parked(node);
        let cell = own(&mut self.cells[node.index()]);
        cell.status = Status::Up;
        for write in &mut cell.writes {
            (write.seq, write.done_at) = (self.wire.queue.ticket(), write.done_at.max(now));
            self.wire
                .queue
                .push(write.done_at, write.seq, Due::Write(node.0));
        }
        for (at, slot) in cell.timers.iter_mut().enumerate() {
            if slot.armed && slot.queued.is_none() {
                slot.deadline = slot.deadline.max(now);
                slot.seq = self.wire.queue.ticket();
                slot.queued = Some((slot.deadline, slot.seq));
                self.wire
                    .queue
                    .push(slot.deadline, slot.seq, Due::Timer(node.0, at as u16));
            }
        }
        Ok(())
    }

    fn partition(&mut self, groups: &[Vec<NodeId>]) -> Result<(), Miss> {
        self.change_net(|net| {
            for (i, a) in groups.iter().enumerate() {
                for (j, b) in groups.iter().enumerate() {
                    for (from, to) in a.iter().flat_map(|from| b.iter().map(move |to| (from, to))) {
                        net.set_cut(*from, *to, i != j);
                    }
                }
            }
        })
    }

    fn change_net(&mut self, change: impl FnOnce(&mut Net)) -> Result<(), Miss> {
        change(Rc::make_mut(&mut self.wire.net));
        Ok(())
    }

    fn policy(&mut self, scope: Scope, change: impl Fn(&mut Policy)) -> Result<(), Miss> {
        self.change_net(|net| match scope {
            Scope::Net => net.set_base(change),
            Scope::Link { from, to, both } => {
                net.set_policy(from, to, &change);
                if both {
                    net.set_policy(to, from, &change);
                }
            }
        })
    }

    fn flight_slot(&self, name: MessageName) -> Result<usize, Miss> {
        let same = |flight: &Option<Flight>| flight.as_ref().is_some_and(|f| f.letter.name == name);
        self.wire
            .flights
            .iter()
            .position(same)
            .ok_or(Miss::NoSuchMessage)
    }

    /// Changes a message under way; `change` gets the time it has left, and gives it anew.
    fn with_flight(
        &mut self,
        name: MessageName,
        change: impl FnOnce(&mut Flight, Span) -> Span,
    ) -> Result<(), Miss> {
        let slot = self.flight_slot(name)?;
        let (now, seq) = (self.wire.now, self.wire.queue.ticket());
        let flight = self.wire.flights[slot]
            .as_mut()
            .ok_or(Miss::NoSuchMessage)?;
        let left = flight.due - now;
        flight.due = now + change(flight, left);
        flight.held = false;
        flight.seq = seq;
        self.wire
            .queue
            .push(flight.due, seq, Due::Arrive(slot as u32));
        Ok(())
    }

    fn hold(&mut self, name: MessageName, hold: bool) -> Result<(), Miss> {
        let slot = self.flight_slot(name)?;
        let now = self.wire.now;
        let flight = self.wire.flights[slot]
            .as_mut()
            .ok_or(Miss::NoSuchMessage)?;
        if flight.held == hold {
            return Err(Miss::NothingToDo);
        }
        if hold {
            // Until it is released, `due` keeps the time it had left.
            flight.due = crate::engine::Time((flight.due - now).0);
            flight.held = true;
            return Ok(());
        }
        let left = flight.due.0;
        self.with_flight(name, |_, _| Span(left))
    }

    fn duplicate(&mut self, name: MessageName) -> Result<(), Miss> {
        let slot = self.flight_slot(name)?;
        let flight = self.wire.flights[slot]
            .as_ref()
            .ok_or(Miss::NoSuchMessage)?;
        let copies = self.flights().filter(|other| {
            MessageName {
                copy: 0,
                ..other.letter.name
            } == MessageName { copy: 0, ..name }
        });
        let copy = copies
            .map(|other| other.letter.name.copy)
            .max()
            .unwrap_or(0)
            .checked_add(1)
            // No two messages under way may have one name.
            .ok_or(Miss::NothingToDo)?;
        let (mut letter, left) = (flight.letter.clone(), flight.due - self.wire.now);
        letter.name.copy = copy;
        let due = self.wire.now + Span(left.0 + left.0 / 4 + 1);
        self.wire.launch(letter, due, None);
        Ok(())
    }

    fn fire_now(&mut self, node: NodeId, timer: Timer) -> Result<(), Miss> {
        let cell = &self.cells[node.index()];
        if cell.status != Status::Up {
            return Err(Miss::NodeNotUp);
        }
        if !cell
            .timers
            .get(usize::from(timer.0))
            .is_some_and(|slot| slot.armed)
        {
            return Err(Miss::TimerNotSet);
        }
        let cell = own(&mut self.cells[node.index()]);
        cell.slot(timer).armed = false;
        self.run(node, RawInput::TimerFired(timer));
        Ok(())
    }

    /// What the disk does in its own time, now. The entry in the queue finds another write, or
    /// none, and is taken away.
    fn finish(&mut self, node: NodeId) -> Result<(), Miss> {
        if self.cells[node.index()].status != Status::Up {
            return Err(Miss::NodeNotUp);
        }
        let done = self.take_write(node).ok_or(Miss::NothingToDo)?;
        self.after_write(node, done.id);
        Ok(())
    }

    fn clock(
        &mut self,
        node: NodeId,
        change: impl FnOnce(super::Clock) -> (i64, i32),
    ) -> Result<(), Miss> {
        let now = self.wire.now;
        let cell = own(&mut self.cells[node.index()]);
        let (skew_us, drift_ppm) = change(cell.clock);
        cell.clock.change(now, skew_us, drift_ppm);
        Ok(())
    }

    fn ask(&mut self, node: NodeId, request: &Request) -> Result<(), Miss> {
        if self.cells[node.index()].status != Status::Up {
            return Err(Miss::NodeNotUp);
        }
        self.run(node, RawInput::Asked(&*request.value));
        Ok(())
    }

    fn calm(&mut self) -> Result<(), Miss> {
        self.storm.end();
        let base = self.calm_policy();
        self.change_net(|net| {
            net.heal();
            net.forget_links();
            net.base = base;
        })?;
        for node in self.ids() {
            let cell = &self.cells[node.index()];
            if cell.clock != super::Clock::default() || cell.disk_slowdown.0 > 0 {
                let cell = own(&mut self.cells[node.index()]);
                (cell.clock, cell.disk_slowdown) = (super::Clock::default(), Span(0));
            }
            match self.cells[node.index()].status {
                Status::Up => {}
                Status::Paused => self.resume(node)?,
                Status::Down => self.restart(node)?,
            }
        }
        self.calm_at = Some(self.wire.now);
        Ok(())
    }
}
