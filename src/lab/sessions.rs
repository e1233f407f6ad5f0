//! Sessions on a replicated service: what every server keeps of them, by which a repeated request
//! changes nothing, and what a client remembers of the calls that keep its own. Plain data: a lab says
//! what is asked, how long a session lasts, and who ends it.

use crate::engine::{NodeId, Time};

/// A session: the number of the entry that opened it.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct SessionId(pub u32);

crate::shown_as_numbers!(SessionId);

/// An open session, with what requests come to.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Session<D> {
    /// Its number.
    pub id: SessionId,
    /// Whose.
    pub client: NodeId,
    /// Which attempt of that client it comes from, so that a repeated request opens no second one.
    pub attempt: u32,
    /// The last request that changed something, and what came of it: a repeated one changes nothing.
    pub last: (u32, D),
}

/// Who is answered, with the number of its request and what came of it.
pub type Answered<D> = (Session<D>, u32, D);

/// The open sessions, the oldest first.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Sessions<D>(Vec<Session<D>>);

/// By hand, as a derived one would ask it of what requests come to.
impl<D> Default for Sessions<D> {
    fn default() -> Self {
        Sessions(Vec::new())
    }
}

impl<D: Copy> Sessions<D> {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Session<D>] {
        &self.0
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: SessionId) -> Option<&Session<D>> {
        self.0.iter().find(|session| session.id == id)
    }

    /// The one that an attempt of a client opened.
    #[must_use]
    pub fn opened(&self, client: NodeId, attempt: u32) -> Option<&Session<D>> {
        let mut all = self.0.iter();
        all.find(|session| (session.client, session.attempt) == (client, attempt))
    }

    /// Opens one by the entry `at`, unless that attempt did. The answer is `opened`.
    pub fn open(&mut self, at: u32, (client, attempt): (NodeId, u32), opened: D) -> Answered<D> {
        let known = self.opened(client, attempt).copied();
        let session = known.unwrap_or(Session {
            id: SessionId(at),
            client,
            attempt,
            last: (0, opened),
        });
        if known.is_none() {
            self.0.push(session);
        }
        (session, attempt, opened)
    }

    /// The session, if this request of it was not done yet. A change that a session asks for is made once,
    /// however often it stands in the log; one whose session is over is not made.
    #[must_use]
    pub fn asks(&self, id: SessionId, number: u32) -> Option<Session<D>> {
        let session = self.get(id).filter(|session| number > session.last.0);
        session.copied()
    }

    /// Its request was done.
    pub fn did(&mut self, id: SessionId, number: u32, done: D) {
        let mut all = self.0.iter_mut();
        if let Some(session) = all.find(|session| session.id == id) {
            session.last = (number, done);
        }
    }

    /// What its request came to, if that was its last one.
    #[must_use]
    pub fn answer(&self, id: SessionId, number: u32) -> Option<Answered<D>> {
        let session = self.get(id).filter(|session| session.last.0 == number)?;
        Some((*session, number, session.last.1))
    }

    /// Ends one.
    pub fn end(&mut self, id: SessionId) -> Option<Session<D>> {
        let at = self.0.iter().position(|session| session.id == id)?;
        Some(self.0.remove(at))
    }
}

/// The calls of a client that were not answered yet, and when each was sent.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Calls(Vec<(u32, Time)>);

impl Calls {
    /// So many are remembered.
    const MOST: usize = 16;

    /// One is sent.
    pub fn sent(&mut self, number: u32, now: Time) {
        if self.0.len() == Self::MOST {
            self.0.remove(0);
        }
        self.0.push((number, now));
    }

    /// Whether this one was not answered yet.
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.0.iter().any(|(call, _)| *call == number)
    }

    /// Whether all were answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One is answered, and those before it are not waited for any longer: when it was sent.
    pub fn answered(&mut self, number: u32) -> Option<Time> {
        let at = self.0.iter().position(|(call, _)| *call == number)?;
        let (_, sent) = self.0[at];
        self.0.drain(..=at);
        Some(sent)
    }

    /// None is waited for any longer.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// The server behind this one, in a circle.
#[must_use]
pub fn next_server(servers: &[NodeId], server: NodeId) -> NodeId {
    let at = servers.iter().position(|other| *other == server);
    let next = at.map_or(0, |at| (at + 1) % servers.len().max(1));
    servers.get(next).copied().unwrap_or(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(7);

    #[test]
    fn an_attempt_opens_one_session_and_a_request_is_done_once() {
        let mut sessions: Sessions<char> = Sessions::default();
        let (session, attempt, done) = sessions.open(3, (A, 1), 'o');
        assert_eq!((session.id, attempt, done), (SessionId(3), 1, 'o'));
        assert_eq!(sessions.open(4, (A, 1), 'o').0, session, "a retry");
        assert_ne!(sessions.open(5, (A, 2), 'o').0, session, "another attempt");
        let id = session.id;
        assert_eq!(sessions.asks(id, 1), Some(session));
        assert_eq!(sessions.answer(id, 1), None);
        sessions.did(id, 1, 'x');
        assert_eq!(sessions.asks(id, 1), None, "it was done");
        assert_eq!(sessions.answer(id, 1).map(|told| told.2), Some('x'));
        sessions.did(id, 2, 'y');
        assert_eq!(sessions.answer(id, 1), None, "an older one is forgotten");
        assert_eq!(sessions.end(id).map(|session| session.id), Some(id));
        assert_eq!((sessions.end(id), sessions.asks(id, 3)), (None, None));
        assert_eq!(sessions.all().len(), 1);
    }

    #[test]
    fn an_answer_settles_the_calls_before_it() {
        let mut calls = Calls::default();
        for number in 1..=20 {
            calls.sent(number, Time(u64::from(number)));
        }
        assert!(!calls.has(4) && calls.has(5), "so many are remembered");
        assert_eq!(calls.answered(18), Some(Time(18)));
        assert_eq!(calls.answered(17), None);
        assert!(calls.has(19) && !calls.is_empty());
        calls.clear();
        assert!(calls.is_empty());
    }

    #[test]
    fn servers_stand_in_a_circle() {
        let servers = [NodeId(1), NodeId(4)];
        assert_eq!(next_server(&servers, NodeId(1)), NodeId(4));
        assert_eq!(next_server(&servers, NodeId(4)), NodeId(1));
        assert_eq!(next_server(&servers, NodeId(9)), NodeId(1));
        assert_eq!(next_server(&[], NodeId(9)), NodeId(9));
    }
}
