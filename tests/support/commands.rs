//! Commands made of numbers: any list of numbers is a story of any lab.

use splitbrain::engine::{NodeId, RuleId, Span, Time, Timer};
use splitbrain::lab::{Command, Expect, Names, Until, Verdict};
use splitbrain::sim::{
    Action, FaultKind, FaultSet, Latency, MessageName, Ratio, Scope, StormPlan, World,
};
use std::rc::Rc;

/// Picks things by number, each from what the lab has.
pub(crate) struct Picker<'a> {
    pub(crate) names: &'a Names,
    pub(crate) world: &'a World,
    numbers: u64,
}

impl<'a> Picker<'a> {
    pub(crate) fn new(names: &'a Names, world: &'a World, numbers: u64) -> Self {
        Picker {
            names,
            world,
            numbers,
        }
    }

    /// A number below `n`, which is not 0.
    fn below(&mut self, n: usize) -> usize {
        let picked = self.numbers % n as u64;
        self.numbers = (self.numbers / n as u64) ^ (self.numbers << 47);
        picked as usize
    }

    fn node(&mut self) -> NodeId {
        NodeId(self.below(self.names.nodes().count()) as u16)
    }

    fn two_nodes(&mut self) -> (NodeId, NodeId) {
        let count = self.names.nodes().count();
        let from = self.below(count);
        let to = (from + 1 + self.below(count - 1)) % count;
        (NodeId(from as u16), NodeId(to as u16))
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    /// Up to 300 ms, in odd microseconds, too.
    fn span(&mut self) -> Span {
        let scale = [1, 1000, 1500][self.below(3)];
        Span(scale * self.below(200) as u64)
    }

    fn share(&mut self) -> Ratio {
        Ratio(self.below(10_000) as u32 * 100)
    }

    fn scope(&mut self) -> Scope {
        if self.flag() {
            return Scope::Net;
        }
        let ((from, to), both) = (self.two_nodes(), self.flag());
        Scope::Link { from, to, both }
    }

    /// A message that may be under way, or may not.
    fn message(&mut self) -> MessageName {
        let (from, to) = self.two_nodes();
        MessageName {
            kind: self.below(self.names.lab.info().message_kinds.len()) as u8,
            from,
            to,
            ordinal: 1 + self.below(6) as u32,
            copy: self.below(3) as u8 / 2,
        }
    }

    fn groups(&mut self) -> Vec<Vec<NodeId>> {
        let nodes: Vec<_> = self.names.nodes().map(|(id, _)| id).collect();
        let cut = 1 + self.below(nodes.len() - 1);
        let (left, right) = nodes.split_at(cut);
        vec![left.to_vec(), right.to_vec()]
    }

    fn latency(&mut self) -> Latency {
        let (min, more) = (self.span(), self.span());
        if self.flag() {
            let max = Span(min.0 + more.0);
            Latency::Uniform { min, max }
        } else {
            let typical = more;
            Latency::LongTail { min, typical }
        }
    }

    fn storm(&mut self) -> StormPlan {
        let mut kinds = FaultSet::NONE;
        for (kind, _) in FaultKind::ALL {
            if self.flag() {
                kinds.insert(kind);
            }
        }
        if kinds == FaultSet::NONE {
            kinds.insert(FaultKind::Loss);
        }
        let every = Span::ms(20 + self.below(200) as u64);
        StormPlan { every, kinds }
    }

    /// A timer of a node that has any.
    fn timer(&mut self) -> Action {
        let first = self.below(self.names.nodes().count());
        let nodes = (0..self.names.nodes().count() as u16).cycle().map(NodeId);
        let mut with_timers = nodes
            .skip(first)
            .filter(|id| !self.names.timer_kinds(*id).is_empty());
        let node = with_timers.next().expect("some node has a timer");
        let kinds = self.names.timer_kinds(node).len() as u16;
        let kind = self.below(usize::from(kinds)) as u16;
        let timer = if self.flag() {
            Timer(kind)
        } else {
            Timer::about(kind, kinds, self.node())
        };
        Action::Fire(node, timer)
    }

    /// A request of the lab at a node that takes it, if there is one.
    fn request(&mut self) -> Option<Action> {
        let verbs = self.names.lab.info().verbs;
        let verb = verbs.get(self.below(verbs.len().max(1)))?;
        let words: Vec<&str> = verb.example.split(' ').collect();
        let asked = |id| {
            Some(Action::Ask(
                id,
                self.names.lab.request(self.world, id, &words)?,
            ))
        };
        self.names.nodes().find_map(|(id, _)| asked(id))
    }

    /// One thing done to the world.
    pub(crate) fn action(&mut self) -> Action {
        let rules = self.names.lab.info().rules.len();
        match self.below(27) {
            0 => Action::Kill(self.node()),
            1 => Action::Restart(self.node()),
            2 => Action::Wipe(self.node()),
            3 => Action::Pause(self.node()),
            4 => Action::Resume(self.node()),
            5 => Action::Partition(self.groups()),
            6 => {
                let ((from, to), both) = (self.two_nodes(), self.flag());
                Action::Cut { from, to, both }
            }
            7 => Action::Heal(self.flag().then(|| self.two_nodes())),
            8 => Action::Latency(self.scope(), self.latency()),
            9 => Action::Loss(self.scope(), self.share()),
            10 => Action::Duplication(self.scope(), self.share()),
            11 => Action::Reorder(self.scope(), self.flag()),
            12 => Action::Drop(self.message()),
            13 => Action::Deliver(self.message()),
            14 => Action::Delay(self.message(), self.span()),
            15 => Action::Hold(self.message()),
            16 => Action::Release(self.message()),
            17 => Action::Duplicate(self.message()),
            18 => self.timer(),
            19 => Action::Skew(self.node(), self.below(400_000) as i64 - 200_000),
            20 => Action::Drift(self.node(), self.below(400_000) as i32 - 200_000),
            21 => Action::SlowDisk(self.node(), self.span()),
            22 if rules > 0 => Action::Rule(RuleId(self.below(rules) as u8), self.flag()),
            23 => Action::Storm(self.storm()),
            24 => self.request().unwrap_or(Action::Calm),
            25 => Action::Finish(self.node()),
            _ => Action::Calm,
        }
    }

    /// One line of a story.
    pub(crate) fn command(&mut self) -> Command {
        let info = self.names.lab.info();
        match self.below(9) {
            0 | 1 => Command::RunFor(self.span()),
            2 => Command::Step(1 + self.below(30) as u64),
            3 if self.flag() => {
                let time = Time(self.below(3_000_000) as u64);
                Command::RunUntil(Until::Time(time), Until::WITHIN)
            }
            3 => Command::RunUntil(self.until(), Span::ms(1 + self.below(300) as u64)),
            4 => match self.below(3) {
                0 => {
                    let check = self.below(info.checks.len());
                    let verdict = Verdict::IDS[self.below(Verdict::IDS.len())];
                    Command::Expect(Expect::Check(check, verdict))
                }
                1 => {
                    let moment = self.below(info.moments.len());
                    Command::Expect(Expect::Moment(moment, self.flag()))
                }
                _ => Command::Expect(Expect::Fact {
                    node: self.node(),
                    disk: self.flag(),
                    fact: ["term", "disk", "a > b", "#", ""][self.below(5)].to_owned(),
                    text: ["", "1", "n1  n2", "leader"][self.below(4)].to_owned(),
                }),
            },
            5 => Command::Mark(["", "here", "before the # crash"][self.below(3)].to_owned()),
            _ => Command::Act(Rc::new(self.action())),
        }
    }

    fn until(&mut self) -> Until {
        let info = self.names.lab.info();
        match self.below(5) {
            0 => Until::Moment(self.below(info.moments.len())),
            1 => Until::Note(self.below(info.notes.len())),
            2 => Until::Message(self.below(info.message_kinds.len()) as u8),
            3 => Until::Writing(self.node()),
            _ => Until::Violated(self.below(info.checks.len())),
        }
    }
}
