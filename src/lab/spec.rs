//! What a lab declares of itself: everything but its picture.

use super::check::{CheckSpec, Checker};
use super::contest::Contest;
use super::experiment::Experiment;
use super::gauge::{GaugeChart, Readings};
use super::params::{ParamSpec, Params};
use super::share::ShareChart;
use super::words::Lang;
use crate::engine::{AnyNode, NodeId, NoteSpec, RuleId, RuleSet};
use crate::sim::{Allowance, Latency, NodeSpec, Policy, Ratio, Request, Setting, World};

/// The stable facts about a lab.
#[derive(Copy, Clone, Debug)]
pub struct LabInfo {
    /// Its id in stories and links: `raft`.
    pub id: &'static str,
    /// Its family: `agreement`; the word stands in the locale files under `family.<id>`.
    pub family: &'static str,
    /// The systems that it stands for.
    pub found_in: &'static [&'static str],
    /// The labs on whose engines it is built.
    pub built_on: &'static [&'static str],
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// Its safety rules; a [`crate::engine::RuleId`] is a place in this list, or behind it.
    pub rules: &'static [RuleSpec],
    /// Planted mistakes: hidden rules, each of which is what a careless programmer leaves out. They
    /// stand behind the rules and are switched off as these are, but no list and no control offers
    /// them: they are there to see whether the checks and the search notice.
    pub mistakes: &'static [RuleSpec],
    /// Its checks.
    pub checks: &'static [CheckSpec],
    /// Its notes; a [`crate::engine::NoteKey`] is a place in this list.
    pub notes: &'static [NoteSpec],
    /// The kinds of its messages.
    pub message_kinds: &'static [&'static str],
    /// What its nodes can be ([`crate::engine::Engine::role`]).
    pub roles: &'static [&'static str],
    /// Moments that a run can be run until, and that can be expected.
    pub moments: &'static [Moment],
    /// What nodes can be asked for.
    pub verbs: &'static [VerbSpec],
    /// Whether every order of its events can be explored.
    pub asynchrony: Asynchrony,
    /// Its stories.
    pub stories: &'static [StoryFile],
    /// Its lessons, in the order in which they build on each other.
    pub lessons: &'static [LessonFile],
    /// Its lecture: the README of its folder. Empty in the page.
    pub lecture: &'static str,
}

/// What lists show of a lab. It is at hand before the lab is, of which the page has all else only when it is opened.
#[derive(Copy, Clone, Debug)]
pub struct Card {
    /// See [`LabInfo::id`].
    pub id: &'static str,
    /// See [`LabInfo::family`].
    pub family: &'static str,
    /// See [`LabInfo::found_in`].
    pub found_in: &'static [&'static str],
    /// See [`LabInfo::lessons`].
    pub lessons: &'static [LessonFile],
}

impl Card {
    /// That of a lab.
    #[must_use]
    pub const fn of(info: &LabInfo) -> Self {
        Card {
            id: info.id,
            family: info.family,
            found_in: info.found_in,
            lessons: info.lessons,
        }
    }
}

impl LabInfo {
    /// The rules and, behind them, the hidden ones, in the order of their
    /// [`crate::engine::RuleId`]s.
    pub fn all_rules(&self) -> impl Iterator<Item = &'static RuleSpec> + use<> {
        self.rules.iter().chain(self.mistakes)
    }

    /// The rule of this id, hidden or not.
    #[must_use]
    pub fn rule(&self, rule: RuleId) -> Option<&'static RuleSpec> {
        self.all_rules().nth(usize::from(rule.0))
    }
}

/// Whether a lab's promises stand where messages may take any time, and timers run out at any.
#[derive(Copy, Clone, Debug)]
pub enum Asynchrony {
    /// They do not: its safety rests on time.
    RestsOnTime,
    /// They do, and this is where to begin.
    Any(SmallWorld),
}

/// A world that is small enough for every order of its events to be looked at.
#[derive(Copy, Clone, Debug)]
pub struct SmallWorld {
    /// Parameters, by name.
    pub params: &'static [(&'static str, &'static str)],
    /// What nodes are asked for, each at any time, those of one node in this order: `c1 get x`.
    pub requests: &'static [&'static str],
    /// How much misfortune there is.
    pub allowance: Allowance,
    /// Whether its servers are alike but for their names: see [`crate::engine::Engine::renamed`].
    pub alike: bool,
}

/// A safety rule that can be switched off. Its name stands in the locale files as `rule.<id>`.
#[derive(Copy, Clone, Debug)]
pub struct RuleSpec {
    /// Stable id.
    pub id: &'static str,
    /// The check that breaks without it.
    pub guards: &'static str,
}

/// A moment of a run. Its name stands in the locale files as `moment.<id>`.
#[derive(Copy, Clone)]
pub struct Moment {
    /// Stable id: `leader`.
    pub id: &'static str,
    /// Whether it is now. Pure, and cheap enough to be asked after every step.
    pub holds: fn(&World) -> bool,
}

impl std::fmt::Debug for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Moment({})", self.id)
    }
}

/// Something that a node can be asked for: `request c1 put x=1`.
#[derive(Copy, Clone, Debug)]
pub struct VerbSpec {
    /// The verb: `put`.
    pub verb: &'static str,
    /// What follows it, as a person would write it: `KEY=VALUE`.
    pub form: &'static str,
    /// A working example of the words after the node: `put x=1`.
    pub example: &'static str,
}

/// A story that ships with a lab. Its title stands in the locale files as `story.<id>`.
#[derive(Copy, Clone, Debug)]
pub struct StoryFile {
    /// Stable id, the name of its file without the ending.
    pub id: &'static str,
    /// The text. Empty in the page, which fetches it.
    pub text: &'static str,
}

/// A lesson that ships with a lab. Its title stands in the locale files as `lesson.<id>`.
#[derive(Copy, Clone, Debug)]
pub struct LessonFile {
    /// Stable id, the name of its files without language and ending.
    pub id: &'static str,
    /// How long it takes.
    pub minutes: u32,
    /// The text, by language: Markdown. Empty in the page, which fetches sheets.
    pub texts: [&'static str; 2],
}

impl LessonFile {
    /// The text in a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.texts[0],
            Lang::ZhHans => self.texts[1],
        }
    }
}

/// The lessons of a lab by their ids, each with its minutes, from the folder `lessons` beside the
/// source that says so.
#[macro_export]
macro_rules! lessons {
    ($($id:literal: $minutes:literal min),* $(,)?) => {
        &[$($crate::lab::LessonFile {
            id: $id,
            minutes: $minutes,
            texts: [
                $crate::text_of_file!(concat!("lessons/", $id, ".en.md")),
                $crate::text_of_file!(concat!("lessons/", $id, ".zh-Hans.md")),
            ],
        }),*]
    };
}

/// The stories of a lab by their ids, from the folder `stories` beside the source that says so.
#[macro_export]
macro_rules! stories {
    ($($id:literal),* $(,)?) => {
        &[$($crate::lab::StoryFile {
            id: $id,
            text: $crate::text_of_file!(concat!("stories/", $id, ".story")),
        }),*]
    };
}

/// What a run starts from.
#[derive(Clone, PartialEq, Debug)]
pub struct Setup {
    /// The seed of every draw.
    pub seed: u64,
    /// The parameters.
    pub params: Params,
}

impl Setup {
    /// A world of these nodes, all rules on, with a network and disks by the parameters that labs have in
    /// common: `latency_min`, `latency_max`, `loss`, `reorder`, `disk_min`, `disk_max`. What is not declared
    /// takes no time and loses nothing; messages overtake each other.
    #[must_use]
    pub fn world(&self, nodes: Vec<(NodeSpec, Box<dyn AnyNode>)>) -> World {
        World::new(Setting {
            seed: self.seed,
            nodes,
            net: self.net(),
            disk: (self.params.span("disk_min"), self.params.span("disk_max")),
            rules: RuleSet::default(),
        })
    }

    /// What every link does, by the same parameters.
    #[must_use]
    pub fn net(&self) -> Policy {
        let (min, max) = (
            self.params.span("latency_min"),
            self.params.span("latency_max"),
        );
        let ordered = self.params.iter().any(|(spec, _)| spec.name == "reorder");
        Policy {
            latency: Latency::Uniform {
                min,
                max: max.max(min),
            },
            loss: self.params.ratio("loss"),
            duplication: Ratio(0),
            reorder: !ordered || self.params.flag("reorder"),
        }
    }
}

/// A lab, as the layers below the screen know it.
pub trait Lab: Sync {
    /// The stable facts.
    fn info(&self) -> &'static LabInfo;

    /// What lists show of it.
    fn card(&self) -> &'static Card;

    /// Its locale file. Empty in the page, which fetches it.
    fn locale(&self, lang: Lang) -> &'static str;

    /// A world at time zero, with all rules on.
    fn world(&self, setup: &Setup) -> World;

    /// The checks over one run of that world.
    fn checker(&self, world: &World) -> Box<dyn Checker>;

    /// Reads what a node is asked for: the words after its name. `None` where they are not of
    /// the verb's form, or that node does not take such; the caller names the forms.
    fn request(&self, world: &World, node: NodeId, words: &[&str]) -> Option<Request>;

    /// The seed with which it opens where nobody names one, and of which its poster is: a run that shows what most do.
    fn first_seed(&self) -> u64 {
        7
    }

    /// Whether it is worth offering to ask a node for this, as the world is set up. Who writes it in a story asks all
    /// the same.
    fn offers(&self, _world: &World, _verb: &VerbSpec) -> bool {
        true
    }

    /// Settings in which mistakes show that its defaults hide, by the names of parameters. The search makes every other
    /// run in one of them.
    fn haunts(&self) -> &'static [&'static [(&'static str, &'static str)]] {
        &[]
    }

    /// Whether its promises stand where a disk takes longer than it was set up with. The search slows down no disk of a
    /// lab that rests on a bound for that.
    fn bears_slow_disks(&self) -> bool {
        true
    }

    /// What it counts in a run and sets beside formulas, with these parameters.
    fn shares(&self, _params: &Params) -> Vec<ShareChart> {
        Vec::new()
    }

    /// What is read off a world with these parameters, and drawn over time.
    fn gauges(&self, _params: &Params) -> Vec<GaugeChart> {
        Vec::new()
    }

    /// Reads it: a number for each line of each chart.
    fn read(&self, _world: &World) -> Readings {
        Readings::new()
    }

    /// How many commands its servers have agreed on, where that is what they do: what stands beside the
    /// same of another lab under the same commands.
    fn agreed(&self, _world: &World) -> Option<u64> {
        None
    }

    /// How it is compared with other labs, where it is.
    fn contest(&self) -> Option<&'static Contest> {
        None
    }

    /// What can be measured over many runs of it.
    fn experiments(&self) -> &'static [&'static dyn Experiment] {
        &[]
    }
}

impl dyn Lab + '_ {
    /// All defaults, with the seed.
    #[must_use]
    pub fn setup(&self, seed: u64) -> Setup {
        Setup {
            seed,
            params: Params::defaults(self.info().params),
        }
    }

    /// The rule with this name, hidden or not.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<RuleId> {
        let at = self.info().all_rules().position(|rule| rule.id == id)?;
        Some(RuleId(at as u8))
    }

    /// The place of a check in the lab's list. A sentence is as good as the id.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<usize> {
        let id = id.to_ascii_lowercase().replace(' ', "-");
        self.info().checks.iter().position(|check| check.id == id)
    }

    /// The ids of the rules that are off.
    #[must_use]
    pub fn rules_off(&self, rules: RuleSet) -> Vec<&'static str> {
        let off = rules.off().filter_map(|rule| self.info().rule(rule));
        off.map(|rule| rule.id).collect()
    }
}
