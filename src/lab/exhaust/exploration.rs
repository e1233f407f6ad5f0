//! The exploration of a lab's small world: set up, driven, and told of.

use super::super::check::{Mode, Verdict};
use super::super::parse::Complaint;
use super::super::spec::{Asynchrony, Lab, Setup, SmallWorld};
use super::super::story::Story;
use super::asynchronous::{Asynchronous, is_judged};
use super::story::reproduce;
use super::{End, Explorer, Limits, Violation};
use crate::engine::{NodeId, Renaming, RuleId};
use crate::sim::{Action, Allowance, NodeKind, Request, Still, World};
use std::rc::Rc;

/// What is explored, and how far.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the world is made of.
    pub setup: Setup,
    /// The rules that are off.
    pub rules_off: Vec<RuleId>,
    /// What nodes are asked for: `c1 put x=1`.
    pub requests: Vec<String>,
    /// How much misfortune there is.
    pub allowance: Allowance,
    /// Whether states that differ by the names of servers only are one.
    pub symmetry: bool,
    /// How far it goes.
    pub limits: Limits,
}

impl Plan {
    /// More servers have too many renamings.
    const MOST_ALIKE: usize = 5;

    /// What the lab says is small enough.
    ///
    /// # Errors
    /// Where the lab's safety rests on time.
    pub fn of(lab: &dyn Lab) -> Result<Plan, Complaint> {
        let small = small_world(lab)?;
        let mut setup = lab.setup(1);
        for (name, value) in small.params {
            setup.params.set(name, value)?;
        }
        Ok(Plan {
            setup,
            rules_off: Vec::new(),
            requests: small
                .requests
                .iter()
                .map(|words| (*words).to_owned())
                .collect(),
            allowance: small.allowance,
            symmetry: false,
            limits: Limits::default(),
        })
    }

    /// The requests of those nodes only that there are.
    pub fn keep_known_requests(&mut self, lab: &dyn Lab) {
        let world = lab.world(&self.setup);
        let known = |words: &String| {
            let node = words.split(' ').next().unwrap_or_default();
            world.find(node).is_some()
        };
        self.requests.retain(known);
    }
}

fn small_world(lab: &dyn Lab) -> Result<SmallWorld, Complaint> {
    match lab.info().asynchrony {
        Asynchrony::Any(small) => Ok(small),
        Asynchrony::RestsOnTime => {
            Err(Complaint::new("error-rests-on-time").with("lab", lab.card().id))
        }
    }
}

fn read_request(lab: &dyn Lab, world: &World, text: &str) -> Result<(NodeId, Request), Complaint> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if let Some(name) = words.first().filter(|name| world.find(name).is_none()) {
        let known: Vec<&str> = world.ids().map(|id| &*world.spec(id).name).collect();
        return Err(Complaint::new("error-word")
            .echo("word", name)
            .with("kind", "node")
            .with("known", known.join(", ")));
    }
    let read = || {
        let (node, words) = words.split_first()?;
        let node = world.find(node)?;
        Some((node, lab.request(world, node, words)?))
    };
    read().ok_or_else(|| {
        let verbs = lab.info().verbs.iter();
        let forms: Vec<_> = verbs
            .map(|verb| format!("NODE {} {}", verb.verb, verb.form))
            .collect();
        Complaint::new("error-request")
            .echo("words", text)
            .with("forms", forms.join(", "))
    })
}

/// The renamings under which the world stays the same, the one that changes nothing first.
fn renamings(lab: &dyn Lab, plan: &Plan, world: &World) -> Result<Vec<Renaming>, Complaint> {
    let nodes = world.ids().count();
    if !plan.symmetry {
        return Ok(vec![Renaming::none(nodes)]);
    }
    let servers = world.ids();
    let servers = servers.filter(|id| world.spec(*id).kind == NodeKind::Server);
    let servers: Vec<NodeId> = servers.collect();
    if !small_world(lab)?.alike {
        return Err(Complaint::new("error-not-alike").with("lab", lab.card().id));
    }
    if servers.len() > Plan::MOST_ALIKE {
        return Err(Complaint::new("error-too-many-alike").with("bound", Plan::MOST_ALIKE));
    }
    let names_one = |text: &&String| {
        let mut words = text.split(' ').skip(1);
        words.any(|word| servers.iter().any(|id| world.spec(*id).name == word))
    };
    if let Some(words) = plan.requests.iter().find(names_one) {
        return Err(Complaint::new("error-request-names").echo("words", words));
    }
    Ok(Renaming::all(nodes, &servers))
}

/// An exploration of a lab.
pub struct Exploration {
    lab: &'static dyn Lab,
    plan: Plan,
    explorer: Explorer<Asynchronous>,
}

impl Exploration {
    /// An exploration that has found the first state only.
    ///
    /// # Errors
    /// Where the lab cannot be explored so.
    pub fn new(lab: &'static dyn Lab, plan: Plan) -> Result<Self, Complaint> {
        Ok(Exploration {
            lab,
            explorer: Explorer::new(Self::model(lab, &plan)?, plan.limits),
            plan,
        })
    }

    /// The model of a lab.
    ///
    /// # Errors
    /// Where the lab cannot be explored so.
    pub fn model(lab: &'static dyn Lab, plan: &Plan) -> Result<Asynchronous, Complaint> {
        small_world(lab)?;
        let mut world = lab.world(&plan.setup);
        if plan.requests.len() > Still::MOST_REQUESTS {
            return Err(Complaint::new("error-many-requests").with("bound", Still::MOST_REQUESTS));
        }
        let requests = plan.requests.iter();
        let requests = requests.map(|text| read_request(lab, &world, text));
        let requests: Vec<_> = requests.collect::<Result<_, _>>()?;
        let renamings = renamings(lab, plan, &world)?;
        for rule in &plan.rules_off {
            // Switching a rule never misses.
            let _ = world.act(&Rc::new(Action::Rule(*rule, false)));
        }
        let still = Still::new(world, requests, plan.allowance, renamings);
        Ok(Asynchronous::new(lab, still, plan.allowance))
    }

    /// Looks at no more than so many states. False where it has ended.
    pub fn advance(&mut self, budget: u64) -> bool {
        self.explorer.advance(budget)
    }

    /// What was explored so far, in numbers.
    #[must_use]
    pub fn explorer(&self) -> &Explorer<Asynchronous> {
        &self.explorer
    }

    /// Whether it saw every state, and none was broken.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.explorer.ended() == Some(End::Complete)
    }

    /// What is explored.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The checks that are judged, by their places, and those that are not: promised for after
    /// calm, or not under all that can happen here.
    #[must_use]
    pub fn judged(&self) -> (Vec<usize>, Vec<usize>) {
        let specs = self.lab.info().checks.iter().enumerate();
        let specs = specs.filter(|(_, spec)| spec.mode != Mode::Sometimes);
        let (judged, left_out): (Vec<_>, Vec<_>) =
            specs.partition(|(_, spec)| is_judged(spec, self.plan.allowance));
        let places = |all: Vec<(usize, _)>| all.into_iter().map(|(at, _)| at).collect();
        (places(judged), places(left_out))
    }

    /// What is to be seen sometimes, by its place, and whether it was.
    #[must_use]
    pub fn seen(&self) -> Vec<(usize, bool)> {
        let verdicts = self.explorer.model().verdicts().iter().enumerate();
        let sometimes = verdicts.filter(|(_, (spec, _))| spec.mode == Mode::Sometimes);
        sometimes
            .map(|(at, (_, verdict))| (at, matches!(verdict, Verdict::Seen { .. })))
            .collect()
    }

    /// Whether what was counted means anything: the lab says that its servers are alike, and all
    /// that came up could be renamed. Where not, that is a fault of ours.
    #[must_use]
    pub fn sound(&self) -> bool {
        self.explorer.model().still().renames()
    }

    /// A violation as a story that breaks the check in a world with a clock, by commands alone.
    /// `None` where no run came out that way.
    #[must_use]
    pub fn story(&self, violation: Violation) -> Option<Story> {
        let path = self.explorer.path(violation);
        let still = self.explorer.model().still();
        reproduce(self.lab, &self.plan, still, &path, violation.check)
    }

    /// The steps that lead to a violation, a line each.
    #[must_use]
    pub fn lines(&self, violation: Violation) -> Vec<String> {
        let path = self.explorer.path(violation);
        let still = self.explorer.model().still();
        super::story::lines(self.lab, &self.plan, still, &path)
    }
}
