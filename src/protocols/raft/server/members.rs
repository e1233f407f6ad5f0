//! Who the members are (section 6; dissertation, chapter 4): configurations are entries of the log, and
//! the last one in the log is in effect, committed or not. Changes go one server at a time, or by way of a
//! joint configuration.

use super::super::notes;
use super::super::types::{Index, Members, NodeSet, Payload};
use super::handover::Admin;
use super::{BOTH_MAJORITIES, Entry};
use super::{
    CATCH_UP_FIRST, Disk, Flow, HEARTBEAT, LEARNERS_DO_NOT_COUNT, ONE_CHANGE_AT_A_TIME,
    OWN_TERM_FIRST, Progress, Role, Server, ServerConfig, ServerOut, mistakes,
};
use crate::engine::{Log, NodeId};

/// The configurations in a log, each with its place.
fn in_log(log: &Log<Entry>, from: usize) -> impl Iterator<Item = (Index, Members)> {
    let from = from.max(log.begin());
    let entries = log.iter_from(from).zip(from as u32 + 1..);
    entries.filter_map(|(entry, at)| match entry.payload {
        Payload::Members(members) => Some((Index(at), members)),
        Payload::Noop | Payload::Client { .. } | Payload::Command(_) => None,
    })
}

/// What a server knows as it comes up: the configuration that its log begins with, and those in the log.
pub(super) fn on_disk(me: NodeId, config: &ServerConfig, disk: &Disk) -> Vec<(Index, Members)> {
    if config.options.members == NodeSet::NONE {
        return Vec::new();
    }
    let kept = disk.snapshot.as_ref().and_then(|kept| kept.members.0);
    // Who is no member at first is told of a configuration by its first leader.
    let first = config.servers.contains(&me).then(|| Members {
        old: NodeSet::NONE,
        new: NodeSet::of(config.servers.iter().copied()),
    });
    let begin = kept.unwrap_or((Index(0), first.unwrap_or_default()));
    std::iter::once(begin)
        .chain(in_log(&disk.log, begin.0.len()))
        .collect()
}

impl Server {
    fn configurations(&self) -> &[(Index, Members)] {
        self.more.as_ref().map_or(&[], |more| &more.configurations)
    }

    /// The configuration in effect; nothing where the members never change.
    #[must_use]
    pub fn members(&self) -> Option<Members> {
        Some(self.configurations().last()?.1)
    }

    /// Where that configuration stands in the log.
    #[must_use]
    pub fn members_since(&self) -> Index {
        self.configurations().last().map_or(Index(0), |last| last.0)
    }

    /// Where the configuration before that stands.
    #[must_use]
    pub fn members_before(&self) -> Index {
        let before = self.configurations().iter().rev().nth(1);
        before.map_or(Index(0), |before| before.0)
    }

    /// The configuration that is acted by.
    pub(super) fn acting(&self, out: &ServerOut<'_>) -> Option<Members> {
        let all = self.configurations();
        if out.rule(mistakes::TAKE_MEMBERS_FROM_THE_LOG) {
            return Some(all.last()?.1);
        }
        let known = all.iter().rev().find(|(at, _)| *at <= self.commit);
        Some(known.or(all.first())?.1)
    }

    /// Whether the members may change, and this is none of them.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        self.members()
            .is_some_and(|members| !members.all().has(self.me))
    }

    /// Whether a server has a vote, as far as this one knows.
    pub(super) fn has_a_vote(&self, node: NodeId) -> bool {
        self.members().is_none_or(|members| members.all().has(node))
    }

    /// Whether these are enough to elect a leader or to commit.
    pub(super) fn are_enough(&self, servers: &[NodeId], out: &ServerOut<'_>) -> bool {
        if self.more.is_some() && self.acting(out).is_some() {
            self.enough(NodeSet::of(servers.iter().copied()), out)
        } else {
            servers.len() >= self.majority(out)
        }
    }

    /// Whether these members are a majority; in a joint configuration one of the old and one of the new.
    #[cold]
    pub(super) fn enough(&self, servers: NodeSet, out: &ServerOut<'_>) -> bool {
        let Some(members) = self.acting(out) else {
            return false;
        };
        let joining = self.more.as_ref().and_then(|more| more.joining);
        let learners = joining.map_or(NodeSet::NONE, |joining| joining.learners);
        let most_of = |voters: NodeSet| {
            let counted = if out.rule(LEARNERS_DO_NOT_COUNT) {
                voters
            } else {
                voters.and(learners)
            };
            servers.within(counted).count() >= Self::majority_of(voters.count(), out)
        };
        let old = !members.joint() || !out.rule(BOTH_MAJORITIES) || most_of(members.old);
        members.new != NodeSet::NONE && most_of(members.new) && old
    }

    /// Whether this server needs nobody else.
    pub(super) fn is_enough_alone(&self, out: &ServerOut<'_>) -> bool {
        self.are_enough(&[self.me], out)
    }

    /// Figure 2, Leaders 4, with the members as they are.
    #[cold]
    pub(super) fn count_copies_of_members(&mut self, out: &mut ServerOut<'_>) {
        let (Role::Leader { followers }, Some(members)) = (&self.role, self.acting(out)) else {
            return;
        };
        let (me, durable) = (self.me, self.durable);
        let ends = followers
            .iter()
            .map(|known| (known.follower, known.matched));
        let ends = ends.chain([(me, durable)]);
        let copies = |index: Index| {
            let there = ends.clone().filter(|(_, end)| *end >= index);
            NodeSet::of(there.map(|(node, _)| node))
        };
        let reached = ends.clone().map(|(_, end)| end);
        let reached = reached.filter(|end| *end > self.commit && self.enough(copies(*end), out));
        let Some(index) = reached.max() else { return };
        let counted = copies(index).within(members.all()).count();
        self.commit_counted(index, (counted, members.all().count()), out);
    }

    /// The last round that enough members have answered.
    #[cold]
    pub(super) fn confirmed_by_members(&self, out: &ServerOut<'_>) -> u32 {
        let followers = self.followers().iter();
        let rounds = followers.map(|known| (known.follower, known.round));
        let rounds = rounds.chain([(self.me, self.round)]);
        let answered = |round: u32| {
            let there = rounds.clone().filter(|(_, other)| *other >= round);
            NodeSet::of(there.map(|(node, _)| node))
        };
        let rounds = rounds.clone().map(|(_, round)| round);
        let enough = rounds.filter(|round| self.enough(answered(*round), out));
        enough.max().unwrap_or(0)
    }

    /// Whether it may begin an election: it has a vote, or had one before a change that may not be committed
    /// (dissertation, section 4.2.2: it may still be needed).
    fn stands(&self) -> bool {
        match self.configurations() {
            [] => true,
            [all @ .., (at, members)] => {
                let before = all.last().is_some_and(|(_, old)| old.all().has(self.me));
                members.all().has(self.me) || (*at > self.commit && before)
            }
        }
    }

    /// A server starts; whether it waits for a leader. With leases it keeps its word from before a crash.
    pub(super) fn comes_up(&mut self, out: &mut ServerOut<'_>) -> bool {
        if self.config.options.lease.is_some()
            && let Some(more) = &mut self.more
        {
            more.heard = Some((self.term, out.now()));
        }
        self.stands()
    }

    /// The election timer of one without a vote ran out.
    pub(super) fn stands_aside(&self, out: &mut ServerOut<'_>) -> bool {
        let aside = !self.stands();
        if aside {
            out.note(notes::STANDS_ASIDE, [self.term.into()]);
        }
        aside
    }

    /// The log has changed behind its first `keep` entries, and with it who the members are.
    pub(super) fn follow_members(&mut self, keep: usize, out: &mut ServerOut<'_>) {
        let Some(more) = &mut self.more else { return };
        let (known, log) = (&mut more.configurations, &self.log);
        if known.is_empty() {
            return;
        }
        let before = known.len();
        let begin = known[0];
        known.retain(|(at, _)| at.len() <= keep || *at == begin.0);
        if known.len() < before {
            let back = known.last().map_or(Index(0), |last| last.0);
            out.note(notes::MEMBERS_BACK, [back.into()]);
        }
        let kept = known.len();
        known.extend(in_log(log, keep));
        for (at, members) in &known[kept..] {
            let (old, new) = (members.old.count().into(), members.new.count().into());
            if members.joint() {
                out.note(notes::MEMBERS_JOINT, [(*at).into(), old, new]);
            } else {
                out.note(notes::MEMBERS_IN_EFFECT, [(*at).into(), new]);
            }
        }
        if (kept, before) != (known.len(), known.len()) {
            self.look_after_members(out);
        }
    }

    /// A leader sends to the members and to those who catch up, and to nobody else.
    pub(super) fn look_after_members(&mut self, out: &ServerOut<'_>) {
        let joining = self.more.as_ref().and_then(|more| more.joining);
        let learners = joining.map_or(NodeSet::NONE, |joining| joining.learners);
        let Some(members) = self.acting(out) else {
            return;
        };
        let latest = self.members().unwrap_or(members);
        let wanted = members.all().and(latest.all()).and(learners);
        let next = Index(self.log.len() as u32).next();
        let Role::Leader { followers } = &mut self.role else {
            return;
        };
        followers.retain(|known| wanted.has(known.follower));
        for node in wanted.nodes().filter(|node| *node != self.me) {
            if let Err(at) = followers.binary_search_by_key(&node, |known| known.follower) {
                let fresh = Progress {
                    follower: node,
                    next,
                    matched: Index(0),
                    flow: Flow::Idle,
                    round: 0,
                };
                followers.insert(at, fresh);
            }
        }
    }

    /// A person wants other members.
    pub(super) fn change_members(&mut self, change: Admin, out: &mut ServerOut<'_>) {
        let (since, Some(members)) = (self.members_since(), self.members()) else {
            out.note(notes::CHANGE_FIXED, [self.me.into()]);
            return;
        };
        if !matches!(self.role, Role::Leader { .. }) {
            out.note(notes::CHANGE_NO_LEADER, [self.term.into()]);
            return;
        }
        let joining = self
            .more
            .as_ref()
            .is_some_and(|more| more.joining.is_some());
        if (since > self.commit || joining) && out.rule(ONE_CHANGE_AT_A_TIME) {
            out.note(notes::CHANGE_UNDER_WAY, [since.into()]);
            return;
        }
        if self.term_at(self.commit) != Some(self.term) && out.rule(OWN_TERM_FIRST) {
            out.note(notes::CHANGE_TOO_SOON, [self.term.into()]);
            return;
        }
        let new = self.wanted(change, members.new);
        if new == members.new || new == NodeSet::NONE {
            out.note(notes::CHANGE_NOTHING, [members.new.count().into()]);
            return;
        }
        let joint = matches!(change, Admin::Reconfigure(_));
        let target = Members {
            old: if joint { members.new } else { NodeSet::NONE },
            new,
        };
        let learners = new.without(members.all());
        if learners == NodeSet::NONE || !out.rule(CATCH_UP_FIRST) {
            self.append_members(target, out);
        } else {
            self.let_catch_up(target, learners, out);
        }
    }

    /// Who the members would be.
    fn wanted(&self, change: Admin, now: NodeSet) -> NodeSet {
        let all = self.config.options.members;
        match change {
            Admin::Add(who) => {
                let who = who.or_else(|| all.without(now).nodes().next());
                who.map_or(now, |node| now.with(node)).within(all)
            }
            Admin::Remove(who) => {
                let others = now.without(NodeSet::NONE.with(self.me));
                let who = who.or_else(|| others.nodes().last());
                who.map_or(now, |node| now.without(NodeSet::NONE.with(node)))
            }
            Admin::Reconfigure(members) => members.within(all),
            Admin::Transfer(_) => now,
        }
    }

    /// A configuration is in effect on this server as soon as it is in its log.
    pub(super) fn append_members(&mut self, members: Members, out: &mut ServerOut<'_>) {
        self.append_own(Payload::Members(members), out);
        self.replicate(out);
        if members.joint() && !out.rule(mistakes::WAIT_FOR_THE_JOINT_COMMIT) {
            let old = NodeSet::NONE;
            self.append_members(Members { old, ..members }, out);
        }
    }

    /// More is committed. If that is the configuration in effect, a joint one gives way to the new one, and
    /// a leader that is no member any more steps down (section 6; dissertation, section 4.2.2).
    pub(super) fn after_commit(&mut self, out: &mut ServerOut<'_>) {
        let (since, Some(members)) = (self.members_since(), self.members()) else {
            return;
        };
        if since > self.commit || !matches!(self.role, Role::Leader { .. }) {
            return;
        }
        self.look_after_members(out);
        if members.joint() {
            out.note(notes::JOINT_COMMITTED, [since.into()]);
            let old = NodeSet::NONE;
            self.append_members(Members { old, ..members }, out);
        } else if !members.new.has(self.me) {
            out.note(notes::LEADER_REMOVED, [since.into()]);
            self.become_follower();
            self.leader = None;
            out.stop_timer(HEARTBEAT);
        }
    }

    /// The configuration that stands in a snapshot of what is applied.
    pub(super) fn members_for_snapshot(&self, out: &ServerOut<'_>) -> Option<(Index, Members)> {
        let known = self.configurations().iter().rev();
        let mut known = known.filter(|(at, _)| *at <= self.applied);
        let last = known.next().copied();
        last.filter(|_| out.rule(mistakes::KEEP_MEMBERS_IN_THE_SNAPSHOT))
    }

    /// A snapshot has taken the place of the log up to its last entry, or of all of it.
    pub(super) fn members_of_snapshot(
        &mut self,
        begin: Option<(Index, Members)>,
        keep: bool,
        out: &mut ServerOut<'_>,
    ) {
        let Some(more) = &mut self.more else { return };
        let (known, log) = (&mut more.configurations, &self.log);
        let (Some(begin), false) = (begin, known.is_empty()) else {
            return;
        };
        let behind = in_log(log, log.begin()).filter(|_| keep);
        *known = std::iter::once(begin).chain(behind).collect();
        out.note(
            notes::MEMBERS_IN_SNAPSHOT,
            [begin.0.into(), begin.1.new.count().into()],
        );
    }
}
