//! `exhaust`: every order of what can happen in a small world without a clock.

use super::Exit;
use super::args::ExhaustArgs;
use super::complain::Bad;
use super::output::Output;
use super::progress::Progress;
use super::run::{find_lab, read_switch, set_params};
use crate::lab::exhaust::{End, Exploration, Plan, Violation};
use crate::lab::{Lab, LabInfo};
use serde_json::{Map, Value, json};
use std::time::Instant;

/// How many states are looked at between two looks at the clock.
const SLICE: u64 = 2000;

fn read(args: &ExhaustArgs) -> Result<(&'static dyn Lab, Plan), Bad> {
    let lab = find_lab(&args.lab, "LAB")?;
    let mut plan = Plan::of(lab).map_err(|wrong| Bad::at("LAB", 1, 1, wrong))?;
    set_params(&mut plan.setup.params, &args.set)?;
    for (i, text) in args.rule.iter().enumerate() {
        let (rule, on) = read_switch(lab, i, text)?;
        plan.rules_off.retain(|other| *other != rule);
        if !on {
            plan.rules_off.push(rule);
        }
    }
    plan.rules_off.sort_unstable();
    if args.request.is_empty() {
        plan.keep_known_requests(lab);
    } else {
        plan.requests.clone_from(&args.request);
    }
    let allowance = &mut plan.allowance;
    allowance.drops = args.drops.unwrap_or(allowance.drops);
    allowance.crashes = args.crashes.unwrap_or(allowance.crashes);
    allowance.timeouts = args.timeouts.unwrap_or(allowance.timeouts);
    plan.symmetry = args.symmetry;
    plan.limits.depth = args.depth.unwrap_or(plan.limits.depth);
    plan.limits.unique = args.states.unwrap_or(plan.limits.unique);
    Ok((lab, plan))
}

pub(super) fn exhaust(args: &ExhaustArgs) -> Result<Exit, Bad> {
    let began = Instant::now();
    let (lab, plan) = read(args)?;
    // What is wrong with the lab was told before, so here it is a request or the symmetry.
    let flag = if args.request.is_empty() {
        "--symmetry"
    } else {
        "--request"
    };
    let mut exploration =
        Exploration::new(lab, plan).map_err(|wrong| Bad::at(flag, 1, 1, wrong))?;
    let mut progress = Progress::new();
    while exploration.advance(SLICE) {
        progress.say(|| {
            let explorer = exploration.explorer();
            let (unique, depth) = (explorer.unique(), explorer.depth());
            let waiting = explorer.waiting();
            format!("{unique} states, {waiting} of them waiting, {depth} steps deep")
        });
    }
    progress.done();
    // A lab that says what is not so is a fault of ours, like any other that is noticed.
    assert!(
        exploration.sound(),
        "{} says that its servers are alike, and cannot rename them",
        args.lab
    );
    let outcome = Outcome::new(lab, &exploration, began.elapsed().as_secs_f64());
    outcome.write_story(args.out.as_deref())?;
    outcome.print(args.json)?;
    Ok(if outcome.found.is_empty() {
        Exit::Fine
    } else {
        Exit::Failed
    })
}

/// A violation with the fewest steps of a check.
struct Found {
    check: &'static str,
    /// How many states break it after as many steps.
    states: u64,
    path: Vec<String>,
    /// In a world with a clock, where it came out there.
    story: Option<String>,
}

/// What came of it.
struct Outcome<'a> {
    lab: &'static LabInfo,
    exploration: &'a Exploration,
    found: Vec<Found>,
    seconds: f64,
}

impl<'a> Outcome<'a> {
    fn new(lab: &'static dyn Lab, exploration: &'a Exploration, seconds: f64) -> Self {
        let info = lab.info();
        let found = |(violation, states): &(Violation, u64)| Found {
            check: info.checks[violation.check].id,
            states: *states,
            path: exploration.lines(*violation),
            story: exploration.story(*violation).map(|story| story.print()),
        };
        Outcome {
            lab: info,
            found: exploration
                .explorer()
                .violations()
                .iter()
                .map(found)
                .collect(),
            exploration,
            seconds,
        }
    }

    /// The first story that there is.
    fn story(&self) -> Option<&str> {
        self.found.iter().find_map(|found| found.story.as_deref())
    }

    fn write_story(&self, out: Option<&str>) -> Result<(), Bad> {
        if let (Some(out), Some(story)) = (out, self.story()) {
            let mut output = Output::file(out)?;
            output.with(|to| to.write_all(story.as_bytes()));
            output.end()?;
        }
        Ok(())
    }

    fn ended(&self) -> &'static str {
        match self.exploration.explorer().ended() {
            Some(End::Complete) => "complete",
            Some(End::Broken) => "violation",
            Some(End::Depth) => "depth",
            Some(End::Full) | None => "states",
        }
    }

    fn ids(&self, checks: &[usize]) -> Vec<&'static str> {
        checks.iter().map(|at| self.lab.checks[*at].id).collect()
    }

    fn json(&self) -> Value {
        let (plan, explorer) = (self.exploration.plan(), self.exploration.explorer());
        let rules = plan.rules_off.iter();
        let rules = rules.map(|rule| self.lab.rules[usize::from(rule.0)].id);
        let params = plan.setup.params.iter();
        let params = params.map(|(spec, value)| (spec.name.to_owned(), value.to_string().into()));
        let (judged, left_out) = self.exploration.judged();
        let seen = self.exploration.seen().into_iter();
        let seen = seen.map(|(at, seen)| (self.lab.checks[at].id.to_owned(), seen.into()));
        let found = self.found.iter().map(|found| {
            json!({
                "check": found.check,
                "steps": found.path.len(),
                "states": found.states,
                "path": found.path,
                "story": found.story,
            })
        });
        json!({
            "lab": self.lab.id,
            "params": params.collect::<Map<String, Value>>(),
            "rules_off": rules.collect::<Vec<_>>(),
            "requests": plan.requests,
            "drops": plan.allowance.drops,
            "crashes": plan.allowance.crashes,
            "timeouts": plan.allowance.timeouts,
            "symmetry": plan.symmetry,
            "states": explorer.generated(),
            "unique": explorer.unique(),
            "depth": explorer.depth(),
            "complete": self.exploration.complete(),
            "ended": self.ended(),
            "violations": found.collect::<Vec<_>>(),
            "judged": self.ids(&judged),
            "not_judged": self.ids(&left_out),
            "seen": seen.collect::<Map<String, Value>>(),
            "bytes": explorer.most_bytes(),
            "seconds": self.seconds,
        })
    }

    /// What was counted, for people.
    fn text(&self) -> String {
        let explorer = self.exploration.explorer();
        let rate = explorer.generated() as f64 / self.seconds.max(0.001);
        let mut text = format!(
            "{} states, {} of them different, {} steps deep, in {:.1} s ({rate:.0} states/s), about {:.0} MB\n",
            explorer.generated(),
            explorer.unique(),
            explorer.depth(),
            self.seconds,
            explorer.most_bytes() as f64 / 1e6,
        );
        let (judged, left_out) = self.exploration.judged();
        text.push_str(&format!("judged: {}\n", self.ids(&judged).join(", ")));
        if !left_out.is_empty() {
            text.push_str(&format!(
                "not judged, because promised for after calm or not under all that can happen here: {}\n",
                self.ids(&left_out).join(", ")
            ));
        }
        for (at, seen) in self.exploration.seen() {
            let what = if seen { "seen" } else { "never seen" };
            text.push_str(&format!("{what}: {}\n", self.lab.checks[at].id));
        }
        text.push_str(match self.ended() {
            "complete" => "complete: these are all states, and no check was violated\n",
            "violation" => "stopped at the violations with the fewest steps\n",
            "depth" => "not complete: --depth was reached; no check was violated so far\n",
            _ => "not complete: --states was reached; no check was violated so far\n",
        });
        for found in &self.found {
            let story = match found.story {
                Some(_) => "the story plays it with a clock",
                None => "no run with a clock came out that way, so there is no story",
            };
            text.push_str(&format!(
                "{} violated after {} steps, in {} states; {story}\n",
                found.check,
                found.path.len(),
                found.states
            ));
        }
        text
    }

    fn print(&self, as_json: bool) -> Result<(), Bad> {
        let mut output = Output::stdout();
        if as_json {
            output.with(|to| {
                serde_json::to_writer_pretty(&mut *to, &self.json())?;
                writeln!(to)
            });
        } else if let Some(found) = self.found.first() {
            // A story, or else the path, is the document; how it was found is not.
            eprint!("{}", self.text());
            let path = || found.path.iter().map(|line| format!("{line}\n")).collect();
            let document = self.story().map_or_else(path, str::to_owned);
            output.with(|to| to.write_all(document.as_bytes()));
        } else {
            output.with(|to| to.write_all(self.text().as_bytes()));
        }
        output.end().map(|_| ())
    }
}
