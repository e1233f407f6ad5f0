//! Elections: section 5.2, and the vote's comparison of logs in section 5.4.1.

use super::super::message::RaftMessage;
use super::super::notes;
use super::super::types::{Index, Payload, Term};
use super::{
    COMPARE_LOGS, Flow, HEARTBEAT, PERSIST_VOTE, Progress, Role, Server, ServerOut, Write, mistakes,
};
use crate::engine::{Arg, NodeId};

pub(super) fn place((term, index): (Term, Index)) -> Arg {
    Arg::Place(term.0, index.0)
}

impl Server {
    /// Figure 2, Candidates 1: a new term, a vote for oneself, a question to all others.
    pub(super) fn start_election(&mut self, out: &mut ServerOut<'_>) {
        self.begin_election(false, out);
    }

    /// The same; with the leave of the leader, which no lease of its own forbids (section 3.10 of the
    /// dissertation, section 4.2.3).
    pub(super) fn begin_election(&mut self, told: bool, out: &mut ServerOut<'_>) {
        self.term = Term(self.term.0 + 1);
        self.voted_for = Some(self.me);
        self.leader = None;
        self.reads.clear();
        self.role = Role::Candidate {
            granted: vec![self.me],
            refused: Vec::new(),
        };
        out.note(
            notes::ELECTION_STARTED,
            [self.term.into(), self.patience.into()],
        );
        self.set_election_timer(out);
        let vote = out.persist(Write::Vote(self.term, self.voted_for));
        let (term, last) = (self.term, self.last());
        let request = if told && self.config.options.lease.is_some() {
            RaftMessage::VoteRequestAsTold { term, last }
        } else {
            RaftMessage::VoteRequest { term, last }
        };
        for peer in self.peers(out) {
            // One's own vote is a vote: it is on disk before others are asked for theirs.
            if out.rule(PERSIST_VOTE) {
                out.send_when_durable(peer, request.clone());
            } else {
                out.send(peer, request.clone());
            }
        }
        if out.rule(PERSIST_VOTE) && self.are_enough(&[self.me], out) {
            // No answer comes after the write, so the victory itself waits for it: a term that is
            // led and forgotten in a crash would be led again, with other entries.
            let durable = self.writes.back().map_or(self.durable, |(_, end)| *end);
            self.writes.push_back((vote, durable));
        } else {
            self.win_if_enough(out);
        }
    }

    /// Figure 2, RequestVote, receiver.
    pub(super) fn vote(
        &mut self,
        from: NodeId,
        (term, last): (Term, (Term, Index)),
        raised: bool,
        out: &mut ServerOut<'_>,
    ) {
        let up_to_date = last >= self.last() || !out.rule(COMPARE_LOGS);
        let granted = if term < self.term {
            let args = [from.into(), term.into(), self.term.into()];
            out.note(notes::VOTE_REFUSED_TERM, args);
            false
        } else if let Some(voted) = self.voted_for.filter(|voted| *voted != from) {
            out.note(
                notes::VOTE_REFUSED_VOTED,
                [from.into(), term.into(), voted.into()],
            );
            false
        } else if !up_to_date {
            out.note(
                notes::VOTE_REFUSED_LOG,
                [from.into(), place(last), place(self.last())],
            );
            false
        } else {
            out.note(notes::VOTE_GRANTED, [from.into(), term.into()]);
            true
        };
        if granted {
            self.voted_for = Some(from);
            self.set_election_timer(out);
        }
        if granted || raised {
            out.persist(Write::Vote(self.term, self.voted_for));
        }
        let reply = RaftMessage::VoteReply {
            term: self.term,
            granted,
        };
        if out.rule(PERSIST_VOTE) {
            out.send_when_durable(from, reply);
        } else {
            out.send(from, reply);
        }
    }

    /// A voter answered.
    pub(super) fn count_vote(
        &mut self,
        from: NodeId,
        term: Term,
        yes: bool,
        out: &mut ServerOut<'_>,
    ) {
        let needed = self.majority(out);
        let mine = self.term;
        let Role::Candidate { granted, refused } = &mut self.role else {
            if term == mine {
                out.note(notes::VOTE_SURPLUS, [from.into()]);
            } else {
                out.note(notes::VOTE_IGNORED, [from.into(), term.into(), mine.into()]);
            }
            return;
        };
        if term < mine {
            out.note(notes::VOTE_IGNORED, [from.into(), term.into(), mine.into()]);
            return;
        }
        let voters = if yes { granted } else { refused };
        // A vote counts once, however often its message arrives.
        match voters.binary_search(&from) {
            Ok(_) if out.rule(mistakes::COUNT_A_VOTER_ONCE) => {}
            Ok(place) | Err(place) => voters.insert(place, from),
        }
        if yes {
            out.note(
                notes::VOTE_COUNTED,
                [from.into(), voters.len().into(), needed.into()],
            );
            self.win_if_enough(out);
        } else {
            out.note(notes::VOTE_DENIED, [from.into(), term.into()]);
        }
    }

    /// Figure 2, Candidates 2, and Leaders 1: heartbeats at once, so that nobody else starts.
    pub(super) fn win_if_enough(&mut self, out: &mut ServerOut<'_>) {
        let Role::Candidate { granted, .. } = &self.role else {
            return;
        };
        let votes = granted.len();
        if !self.are_enough(granted, out) {
            return;
        }
        out.note(
            notes::WON,
            [self.term.into(), votes.into(), self.voters(out).into()],
        );
        let next = Index(self.log.len() as u32).next();
        let followers = self.peers(out).into_iter().map(|follower| Progress {
            follower,
            next,
            matched: Index(0),
            flow: Flow::Idle,
            round: 0,
        });
        self.role = Role::Leader {
            followers: followers.collect(),
        };
        self.leader = Some(self.me);
        self.round = 0;
        self.take_office(out);
        out.set_timer(HEARTBEAT, self.config.heartbeat);
        if self.config.noop {
            self.append_own(Payload::Noop, out);
        }
        self.broadcast(out);
    }
}
