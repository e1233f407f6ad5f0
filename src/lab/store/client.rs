//! A client of a replicated store: one request at a time, tried again until it is answered.

use super::{Answer, Op};
use crate::engine::{
    Arg, Engine, Fact, Facts, Input, Message, NodeId, NoteKey, Out, Outcome, Renaming, Report,
    Span, Time, Timer, Word,
};
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::rc::Rc;

/// What a client says and hears, in the words of its lab.
pub trait StoreMessage: Message + Clone {
    /// What a client notes, in the order of [`Told`].
    const CLIENT_NOTES: [NoteKey; 6];

    /// A request, with its number at the client; it is the same in a retry.
    fn request(sequence: u32, op: Op) -> Self;

    /// The reply to one, if this is one.
    fn reply(&self) -> Option<Reply>;
}

/// The reply to a client: which request, and how it ended.
pub type Reply = (u32, Answer);

/// What a client notes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// `client-sent`: to which server, and the number of the request.
    Sent,
    /// `client-retried`: the same.
    Retried,
    /// `client-redirected`: by whom, and to whom.
    Redirected,
    /// `client-done`: the number, and how long it took.
    Done,
    /// `client-refused`: the same.
    Refused,
    /// `client-ignored`: whose answer, and to which request.
    Ignored,
}

const THINK: Timer = Timer(0);
const RETRY: Timer = Timer(1);
const DRAW_THINK: u8 = 0;
const DRAW_OP: u8 = 1;
const DRAW_SERVER: u8 = 2;

/// What is fixed for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ClientConfig {
    /// All servers.
    pub servers: Vec<NodeId>,
    /// Requests of its own accord in a second; 0 for none.
    pub rate: u64,
    /// How long it waits for an answer.
    pub timeout: Span,
}

/// What a person asks of a client.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ask {
    /// What it is to do.
    pub op: Op,
    /// Which server it is to ask; the one that it believes leads where none is named.
    pub to: Option<NodeId>,
}

impl Ask {
    fn under(self, names: &Renaming) -> Self {
        Ask {
            to: self.to.map(|node| names.of(node)),
            ..self
        }
    }
}

/// The request that waits for its answer.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
struct Pending {
    op: Op,
    began: Time,
}

/// One client. It forgets all in a crash: a client is not part of the cluster.
#[derive(Clone, Hash)]
pub struct Client<M> {
    config: Rc<ClientConfig>,
    sequence: u32,
    pending: Option<Pending>,
    queue: VecDeque<Ask>,
    target: NodeId,
    last: Option<Op>,
    done: u64,
    message: PhantomData<M>,
}

fn note<M: StoreMessage, const N: usize>(out: &mut Out<'_, Client<M>>, told: Told, args: [Arg; N]) {
    out.note(M::CLIENT_NOTES[told as usize], args);
}

impl<M: StoreMessage> Engine for Client<M> {
    type Message = M;
    /// The number of its last request, so that a session outlives a crash.
    type Disk = u32;
    type Write = u32;
    type Request = Ask;
    type Config = ClientConfig;

    const TIMERS: &'static [&'static str] = &["think", "retry"];

    fn boot(_: NodeId, config: &Rc<ClientConfig>, disk: &u32) -> Self {
        let target = config.servers.first().copied().unwrap_or(NodeId(0));
        Client {
            config: Rc::clone(config),
            sequence: *disk,
            pending: None,
            queue: VecDeque::new(),
            target,
            last: None,
            done: 0,
            message: PhantomData,
        }
    }

    fn write(disk: &mut u32, write: &u32) {
        *disk = *write;
    }

    fn handle(&mut self, input: Input<'_, Self>, out: &mut Out<'_, Self>) {
        match input {
            Input::Started => self.think(out),
            Input::TimerFired(THINK) => {
                self.think(out);
                // One that waits for an answer asks nothing new of its own accord.
                if self.pending.is_none() && self.queue.is_empty() {
                    let op = self.draw_op(out);
                    self.begin(Ask { op, to: None }, out);
                }
            }
            Input::TimerFired(_) => self.retry(out),
            Input::Asked(ask) => {
                if self.pending.is_some() {
                    self.queue.push_back(*ask);
                } else {
                    self.begin(*ask, out);
                }
            }
            Input::Received { from, message } => {
                if let Some(reply) = message.reply() {
                    self.answered(from, reply, out);
                }
            }
            Input::Written(_) => {}
        }
    }

    fn facts(&self, facts: &mut Facts) {
        facts.say("sequence", self.sequence);
        let text = self.pending.and_then(|pending| op_fact(pending.op));
        facts.say("pending", text.unwrap_or(Fact::Nothing));
        facts.say("queued", self.queue.len());
        facts.say("server", self.target);
        facts.say("done", self.done);
    }

    fn renamed(&self, disk: &u32, names: &Renaming) -> Option<(Self, u32)> {
        let renamed = Client {
            target: names.of(self.target),
            queue: self.queue.iter().map(|ask| ask.under(names)).collect(),
            ..self.clone()
        };
        Some((renamed, *disk))
    }

    fn write_renamed(write: &u32, _names: &Renaming) -> Option<u32> {
        Some(*write)
    }

    fn disk_facts(disk: &u32, facts: &mut Facts) {
        facts.say("sequence", *disk);
    }
}

fn op_fact(op: Op) -> Option<Fact> {
    let (verb, words) = match op {
        Op::Put { key, value } => ("put", vec![key, value]),
        Op::Cas {
            key,
            expected,
            value,
        } => ("cas", vec![key, expected, value]),
        Op::Get { key } => ("get", vec![key]),
    };
    let mut list = vec![Fact::Key(verb)];
    list.extend(words.into_iter().map(Fact::Word));
    Some(Fact::List(list))
}

impl<M: StoreMessage> Client<M> {
    /// What it waits for.
    #[must_use]
    pub fn pending(&self) -> Option<Op> {
        self.pending.map(|pending| pending.op)
    }

    fn think(&mut self, out: &mut Out<'_, Self>) {
        if self.config.rate == 0 {
            return;
        }
        let mean = 1_000_000 / self.config.rate;
        let gap = out.draw(DRAW_THINK, mean / 2..=mean + mean / 2);
        out.set_timer(THINK, Span(gap.max(1)));
    }

    /// Half writes, some reads, some swaps, over three keys.
    fn draw_op(&self, out: &mut Out<'_, Self>) -> Op {
        let drawn = out.draw(DRAW_OP, 0..=29);
        let keys = ["x", "y", "z"];
        let key = Word::new(keys[(drawn % 3) as usize]).unwrap_or_default();
        let value = Word::number(u64::from(self.sequence) + 1);
        match drawn / 3 {
            0..=5 => Op::Put { key, value },
            6 | 7 => Op::Get { key },
            _ => Op::Cas {
                key,
                expected: Word::number(u64::from(self.sequence)),
                value,
            },
        }
    }

    fn begin(&mut self, Ask { op, to }: Ask, out: &mut Out<'_, Self>) {
        self.target = to.unwrap_or(self.target);
        self.sequence += 1;
        out.persist(self.sequence);
        self.pending = Some(Pending {
            op,
            began: out.now(),
        });
        self.last = Some(op);
        out.report(Report::Invoked {
            op: u64::from(self.sequence),
            call: op.call(),
        });
        note(
            out,
            Told::Sent,
            [self.target.into(), u64::from(self.sequence).into()],
        );
        self.send(op, out);
    }

    /// A request leaves when its number is on the disk. One that left before could be followed,
    /// after a crash, by another with the same number: the servers would take that for the first
    /// once more, and would not apply it.
    fn send(&mut self, op: Op, out: &mut Out<'_, Self>) {
        out.send_when_durable(self.target, M::request(self.sequence, op));
        out.set_timer(RETRY, self.config.timeout);
    }

    fn retry(&mut self, out: &mut Out<'_, Self>) {
        let Some(pending) = self.pending else { return };
        let n = self.config.servers.len() as u64;
        let at = out.draw(DRAW_SERVER, 0..=n.max(1) - 1) as usize;
        self.target = self.config.servers.get(at).copied().unwrap_or(self.target);
        note(
            out,
            Told::Retried,
            [self.target.into(), u64::from(self.sequence).into()],
        );
        self.send(pending.op, out);
    }

    fn answered(&mut self, from: NodeId, (sequence, answer): Reply, out: &mut Out<'_, Self>) {
        let Some(pending) = self.pending.filter(|_| sequence == self.sequence) else {
            note(
                out,
                Told::Ignored,
                [from.into(), u64::from(sequence).into()],
            );
            return;
        };
        let took = out.now() - pending.began;
        let (told, outcome) = match answer {
            Answer::NotLeader(Some(leader)) => {
                note(out, Told::Redirected, [from.into(), leader.into()]);
                self.target = leader;
                self.send(pending.op, out);
                return;
            }
            // Nobody is known to lead: ask again after the timeout.
            Answer::NotLeader(None) => return,
            Answer::Done(value) => (Told::Done, Outcome::Done(value)),
            Answer::Refused => (Told::Refused, Outcome::Refused),
        };
        note(out, told, [u64::from(sequence).into(), took.into()]);
        out.report(Report::Returned {
            op: u64::from(sequence),
            outcome,
        });
        out.stop_timer(RETRY);
        self.pending = None;
        self.done += 1;
        if let Some(ask) = self.queue.pop_front() {
            self.begin(ask, out);
        }
    }
}
