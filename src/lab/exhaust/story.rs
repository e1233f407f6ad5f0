//! A path as a story: the same steps in a world with a clock, by commands. Messages and writes take
//! an hour there, so that nothing happens but what is commanded; no timer has run out when all is
//! over, because no time passes.

use super::super::command::{Command, Expect};
use super::super::names::Names;
use super::super::run::Run;
use super::super::spec::{Lab, Setup};
use super::super::story::{Line, Story};
use super::exploration::Plan;
use crate::engine::{Fingerprint, NodeId, Parcel};
use crate::sim::{Action, Choice, Latency, MailId, MessageName, Move, Scope, Still, World};
use std::rc::Rc;

/// How many seeds are tried, where what was drawn in the path has to be drawn in the run.
const SEEDS: u64 = 3000;

/// The story of a path that breaks a check, if some seed gives one.
pub(super) fn reproduce(
    lab: &'static dyn Lab,
    plan: &Plan,
    still: &Still,
    path: &[Move],
    check: usize,
) -> Option<Story> {
    (0..SEEDS).find_map(|n| {
        let setup = Setup {
            seed: plan.setup.seed.wrapping_add(n),
            ..plan.setup.clone()
        };
        let mut teller = Teller::new(lab, setup, plan);
        let told = path.iter().all(|step| teller.tell(still, *step).is_some());
        let broken = teller.run.verdicts().get(check).id() == "violated";
        (told && broken).then(|| teller.story(check))
    })
}

/// Plays a path, and notes the commands.
struct Teller {
    run: Run,
    setup: Setup,
    names: Names,
    commands: Vec<Command>,
}

fn print_of(parcel: &Parcel) -> u128 {
    let mut print = Fingerprint::default();
    parcel.print(&mut print);
    print.value()
}

impl Teller {
    fn new(lab: &'static dyn Lab, setup: Setup, plan: &Plan) -> Self {
        let run = Run::new(lab, &setup);
        let mut teller = Teller {
            names: Names::of(lab, run.world()),
            run,
            setup,
            commands: Vec::new(),
        };
        for rule in &plan.rules_off {
            teller.act(Action::Rule(*rule, false));
        }
        let latency = Latency::Uniform {
            min: Still::NEVER,
            max: Still::NEVER,
        };
        teller.act(Action::Latency(Scope::Net, latency));
        for node in teller.run.world().ids() {
            teller.act(Action::SlowDisk(node, Still::NEVER));
        }
        teller
    }

    /// Does something, and notes it; `None` where it missed.
    fn act(&mut self, action: Action) -> Option<()> {
        self.do_it(&Rc::new(action))
    }

    fn do_it(&mut self, action: &Rc<Action>) -> Option<()> {
        self.run.act(action).ok()?;
        self.commands.push(Command::Act(Rc::clone(action)));
        Some(())
    }

    /// One event; those that follow each other are one command.
    fn step(&mut self) -> Option<()> {
        self.run.step().then_some(())?;
        match self.commands.last_mut() {
            Some(Command::Step(count)) => *count += 1,
            _ => self.commands.push(Command::Step(1)),
        }
        Some(())
    }

    /// The name, in this run, of a message like that one: the oldest, where there are several.
    fn name_of(&self, still: &Still, mail: MailId) -> Option<MessageName> {
        let (from, to, parcel) = still.mail(mail);
        let print = print_of(parcel);
        let flights = self.run.world().flights().map(|flight| &flight.letter);
        let like = flights.filter(|letter| {
            (letter.name.from, letter.name.to) == (from, to) && print_of(&letter.parcel) == print
        });
        like.map(|letter| letter.name)
            .min_by_key(|name| name.ordinal)
    }

    /// One step of the path.
    fn tell(&mut self, still: &Still, step: Move) -> Option<()> {
        match step.choice {
            Choice::Start(_) => self.step(),
            Choice::Deliver(mail) => {
                let name = self.name_of(still, mail)?;
                self.act(Action::Deliver(name))?;
                self.step()
            }
            Choice::Drop(mail) => {
                let name = self.name_of(still, mail)?;
                self.act(Action::Drop(name))?;
                self.step()
            }
            Choice::Fire(node, timer) => self.act(Action::Fire(node, timer)),
            Choice::Finish(node) => self.act(Action::Finish(node)),
            Choice::Crash(node) => self.act(Action::Kill(node)),
            Choice::Restart(node) => self.act(Action::Restart(node)),
            Choice::Ask(place) => self.do_it(still.ask(place)),
        }
    }

    fn story(self, check: usize) -> Story {
        let end = Command::Expect(Expect::Check(check, "violated"));
        let commands = self.commands.into_iter().chain([end]);
        let line = |(i, command)| Line {
            number: i + 2,
            command,
        };
        Story {
            setup: self.setup,
            names: self.names,
            lines: commands.enumerate().map(line).collect(),
        }
    }
}

/// The steps of a path, as a person would say them. Messages have no numbers here.
pub(super) fn lines(
    lab: &'static dyn Lab,
    plan: &Plan,
    still: &Still,
    path: &[Move],
) -> Vec<String> {
    let world: World = lab.world(&plan.setup);
    let names = Names::of(lab, &world);
    let node = |id: NodeId| names.node(id).to_owned();
    let mail = |id: MailId| {
        let (from, to, parcel) = still.mail(id);
        let kind = names.message_kind(parcel.kind());
        format!("{kind} {}>{}", node(from), node(to))
    };
    let line = |step: &Move| match step.choice {
        Choice::Start(id) => format!("start {}", node(id)),
        Choice::Deliver(id) => format!("deliver {}", mail(id)),
        Choice::Drop(id) => format!("drop {}", mail(id)),
        Choice::Fire(id, timer) => format!("fire {} {}", node(id), names.timer(id, timer)),
        Choice::Finish(id) => format!("finish {}", node(id)),
        Choice::Crash(id) => format!("kill {}", node(id)),
        Choice::Restart(id) => format!("restart {}", node(id)),
        Choice::Ask(place) => Command::Act(Rc::clone(still.ask(place))).print(&names),
    };
    path.iter().map(line).collect()
}
