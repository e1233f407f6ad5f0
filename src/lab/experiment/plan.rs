//! Which runs an experiment makes: points, each with every seed, all with a number of their own, so that
//! anybody can make any of them.

use super::range;
use super::{Experiment, ExperimentSpec};
use crate::lab::Lab;
use crate::lab::params::{ParamSpec, Params, Value};
use crate::lab::parse::Complaint;
use std::ops::Range;

/// The most points of one experiment.
pub const MOST_POINTS: u64 = 10_000;
/// The most runs of one experiment.
pub const MOST_RUNS: u64 = 10_000_000;

/// A parameter with the values that it takes.
#[derive(Clone, PartialEq, Debug)]
pub struct Axis {
    /// The parameter.
    pub spec: &'static ParamSpec,
    /// Its values; at least one.
    pub values: Vec<Value>,
    /// Whether it has a column of its own: it is varied, or always told.
    pub told: bool,
}

/// What is wrong with a plan, and where.
#[derive(Clone, PartialEq, Debug)]
pub struct Misfit {
    /// Which of the settings, from 0; `None` where it is about all of them together.
    pub set: Option<usize>,
    /// The column in that setting, from 1.
    pub column: usize,
    /// What is wrong.
    pub complaint: Complaint,
}

/// See the module.
#[derive(Clone)]
pub struct Plan {
    /// The lab.
    pub lab: &'static dyn Lab,
    /// The experiment.
    pub experiment: &'static dyn Experiment,
    /// Its parameters in the order in which they are declared. The points are the product of their
    /// values; the last one changes from point to point.
    pub axes: Vec<Axis>,
    /// The seeds of each point.
    pub seeds: Range<u64>,
    /// How it was asked for.
    sets: Vec<String>,
}

impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        self.print() == other.print()
    }
}

impl Plan {
    /// Reads settings, `NAME=VALUES` each; of two for one parameter the later counts. Without seeds it
    /// takes as many as the experiment declares.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn new(
        lab: &'static dyn Lab,
        experiment: &'static dyn Experiment,
        sets: &[String],
        seeds: Option<Range<u64>>,
    ) -> Result<Self, Misfit> {
        let spec = experiment.spec();
        let mut axes: Vec<Axis> = spec.params.iter().map(fixed).collect();
        let (mut named, mut varies) = (Vec::new(), false);
        for (i, set) in sets.iter().enumerate() {
            let at = |(column, complaint)| Misfit {
                set: Some(i),
                column,
                complaint,
            };
            let (place, values) = read_set(spec, set).map_err(at)?;
            let (name, text) = set.split_once('=').unwrap_or((set, ""));
            named.push(name);
            (axes[place].values, axes[place].told) = (values, range::is_range(text));
            varies |= axes[place].told;
        }
        let (name, text) = spec.varies;
        if !varies && !named.contains(&name) {
            let set = format!("{name}={text}");
            let (place, values) = read_set(spec, &set).map_err(|(_, wrong)| whole(wrong))?;
            (axes[place].values, axes[place].told) = (values, true);
        }
        for axis in &mut axes {
            axis.told |= experiment.always().contains(&axis.spec.name);
        }
        let plan = Plan {
            lab,
            experiment,
            axes,
            seeds: seeds.unwrap_or(1..spec.seeds.saturating_add(1)),
            sets: sets.to_vec(),
        };
        plan.check()?;
        Ok(plan)
    }

    /// Holds the bounds of all together.
    fn check(&self) -> Result<(), Misfit> {
        let counts = self.axes.iter().map(|axis| axis.values.len() as u64);
        let points = counts.fold(1, u64::saturating_mul);
        if points > MOST_POINTS {
            let many = Complaint::new("error-points-many");
            return Err(whole(many.with("points", points).with("most", MOST_POINTS)));
        }
        let runs = points.saturating_mul(self.seeds.end.saturating_sub(self.seeds.start));
        if runs > MOST_RUNS || runs == 0 {
            let many = Complaint::new("error-runs-many");
            return Err(whole(many.with("runs", runs).with("most", MOST_RUNS)));
        }
        for point in 0..points {
            let fits = self.experiment.check(&self.point(point));
            fits.map_err(|complaint| self.about(complaint))?;
        }
        Ok(())
    }

    /// Where the parameter was set that a complaint names.
    fn about(&self, complaint: Complaint) -> Misfit {
        let named = complaint.args.iter().find(|(name, _)| *name == "name");
        let set = named.and_then(|(_, name)| {
            let of = |set: &String| set.split_once('=').is_some_and(|(of, _)| of == name);
            Some((self.sets.iter().rposition(of)?, name.chars().count() + 2))
        });
        Misfit {
            set: set.map(|(set, _)| set),
            column: set.map_or(1, |(_, column)| column),
            complaint,
        }
    }

    /// How many points there are.
    #[must_use]
    pub fn points(&self) -> u64 {
        self.axes
            .iter()
            .map(|axis| axis.values.len() as u64)
            .product()
    }

    /// How many runs.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.points() * self.seeds_each()
    }

    /// How many runs each point has.
    #[must_use]
    pub fn seeds_each(&self) -> u64 {
        self.seeds.end - self.seeds.start
    }

    /// The parameters of a point.
    #[must_use]
    pub fn point(&self, mut number: u64) -> Params {
        let mut params = Params::defaults(self.experiment.spec().params);
        for (place, axis) in self.axes.iter().enumerate().rev() {
            let values = axis.values.len() as u64;
            params.put(place, axis.values[(number % values) as usize]);
            number /= values;
        }
        params
    }

    /// A point with one parameter between its values, as a curve goes: the number as [`super::number`] tells it,
    /// rounded to one that the parameter can have, and the parameters. `None` where it has none there, or does not
    /// go with the others.
    #[must_use]
    pub fn between(&self, point: u64, place: usize, number: f64) -> Option<(f64, Params)> {
        let spec = self.axes.get(place)?.spec;
        let value = super::table::value(spec, number)?;
        let mut params = self.point(point);
        params.put(place, value);
        self.experiment.check(&params).ok()?;
        Some((super::number(spec, value)?, params))
    }

    /// The point and the seed of a run.
    #[must_use]
    pub fn run(&self, number: u64) -> (u64, u64) {
        let each = self.seeds_each();
        (number / each, self.seeds.start + number % each)
    }

    /// The runs of the I-th of N parts, from 0. The parts, one behind the other, are the whole.
    #[must_use]
    pub fn shard(&self, (part, parts): (u64, u64)) -> Range<u64> {
        let cut = |part: u64| {
            let runs = u128::from(self.runs()) * u128::from(part);
            (runs / u128::from(parts.max(1))) as u64
        };
        cut(part)..cut(part + 1)
    }

    /// The parameters that have a column, with their places among all.
    pub fn told(&self) -> impl Iterator<Item = (usize, &Axis)> {
        self.axes.iter().enumerate().filter(|(_, axis)| axis.told)
    }

    /// What was set.
    #[must_use]
    pub fn sets(&self) -> &[String] {
        &self.sets
    }

    /// As one line, which reads back as the same plan: `raft split-vote 1..101 nodes=3`.
    #[must_use]
    pub fn print(&self) -> String {
        let (lab, id) = (self.lab.card().id, self.experiment.spec().id);
        let mut text = format!("{lab} {id} {}..{}", self.seeds.start, self.seeds.end);
        for set in &self.sets {
            text.push(' ');
            text.push_str(set);
        }
        text
    }

    /// The inverse of [`Plan::print`]; `None` where it is no plan of these labs.
    #[must_use]
    pub fn read(text: &str, labs: &[&'static dyn Lab]) -> Option<Self> {
        let mut words = text.split(' ');
        let id = words.next()?;
        let lab = *labs.iter().find(|lab| lab.card().id == id)?;
        let id = words.next()?;
        let all = lab.experiments().iter();
        let experiment = *all.clone().find(|one| one.spec().id == id)?;
        let (from, to) = words.next()?.split_once("..")?;
        let seeds = from.parse().ok()?..to.parse().ok()?;
        let sets: Vec<String> = words.map(str::to_owned).collect();
        Plan::new(lab, experiment, &sets, Some(seeds)).ok()
    }
}

fn whole(complaint: Complaint) -> Misfit {
    Misfit {
        set: None,
        column: 1,
        complaint,
    }
}

fn fixed(spec: &'static ParamSpec) -> Axis {
    Axis {
        spec,
        values: vec![spec.default_value()],
        told: false,
    }
}

fn read_set(spec: &ExperimentSpec, set: &str) -> Result<(usize, Vec<Value>), (usize, Complaint)> {
    let form = || (1, Complaint::new("error-param-form").echo("word", set));
    let (name, text) = set.split_once('=').ok_or_else(form)?;
    let place = spec.params.iter().position(|param| param.name == name);
    let place = place.ok_or_else(|| {
        let known: Vec<_> = spec.params.iter().map(|param| param.name).collect();
        let unknown = Complaint::new("error-param-unknown");
        (
            1,
            unknown.echo("name", name).with("known", known.join(", ")),
        )
    })?;
    let behind = name.chars().count() + 1;
    let values = range::read(&spec.params[place], text);
    let values = values.map_err(|(column, complaint)| (behind + column, complaint))?;
    Ok((place, values))
}
