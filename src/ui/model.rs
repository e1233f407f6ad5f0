//! What the page's parts share: a shot of the run, and what a person wants.
//!
//! Data flows down as a [`Shot`], wishes flow up as [`Intent`]s, and only the player changes
//! anything. No component builds a command; it hands back one that a control gave it.

use super::experiment::Try;
use super::lesson::{Place, Wish};
use super::player::{Told, allows_all, names_rules};
use crate::engine::{NodeId, Time};
use crate::lab::{
    BranchId, Command, Dictionary, Lang, Names, Parting, Phrase, Position, Run, Series, Setup,
    Until,
};
use crate::sim::{MessageName, Record};
use crate::view::Plugin;
use std::rc::Rc;

/// What is selected, and stays so while the run goes on.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Selection {
    /// Nothing.
    #[default]
    Nothing,
    /// A node.
    Node(NodeId),
    /// A message under way.
    Flight(MessageName),
    /// A link.
    Link(NodeId, NodeId),
    /// A step of the past.
    Event(u64),
}

/// How fast virtual time passes.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Speed {
    /// So much virtual time in one second.
    Scale(f64),
    /// From one event to the next, whatever lies between: so many events in one second.
    Events(f64),
}

/// Light or dark.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Device,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What the run is compared with.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Against {
    /// The selected node with another one.
    Node(NodeId),
    /// This branch with another one at the same time.
    Branch(BranchId),
    /// Now with a moment that was pinned.
    Moment(BranchId, Position),
}

/// What runs beside the run, with its clock in step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Partner {
    /// Another branch.
    Branch(BranchId),
    /// Another lab, with the same seed and under the same commands.
    Lab(String),
    /// The same lab, seed and commands with another value of a parameter: two policies on one stream of requests.
    Otherwise(&'static str, &'static str),
}

/// The other side of a comparison.
#[derive(Clone)]
pub struct Other {
    /// What it is.
    pub against: Against,
    /// The run there.
    pub run: Rc<Run>,
    /// Where the two branches part, if they do.
    pub parting: Option<Rc<Parting>>,
}

/// For the projector: all large, little beside the run; and verdicts and reasons only when they
/// are asked for, so that a room can guess first.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Presenting {
    /// The page as it is on a desk.
    #[default]
    Not,
    /// Verdicts and reasons wait.
    Asking,
    /// Verdicts and reasons are shown.
    Telling,
}

/// One branch, for the list.
#[derive(Clone, PartialEq, Debug)]
pub struct BranchView {
    /// Its number.
    pub id: BranchId,
    /// From which branch it forked, and where.
    pub parent: Option<(BranchId, Position)>,
    /// Its name, where a person gave one.
    pub name: Option<String>,
    /// How far it was run.
    pub end: Position,
}

/// What a mark on the scrub bar is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum MarkKind {
    /// A command that was given.
    Command,
    /// A command that hurts.
    Fault,
    /// A check went red here.
    Violated,
    /// A *sometimes* was seen first here.
    Seen,
    /// A name that a person gave to the moment.
    Named,
}

/// A mark on the scrub bar.
#[derive(Clone, PartialEq, Debug)]
pub struct Mark {
    /// Where.
    pub at: Position,
    /// What.
    pub kind: MarkKind,
    /// Its text in the language of the page.
    pub text: String,
}

/// The state of the page at one moment: all that a component may show. Made anew a few times
/// a second while the run plays, and at once when something is done.
pub struct Shot {
    /// Grows with every shot; two of the same number are the same.
    pub revision: u64,
    /// The lab.
    pub plugin: &'static dyn Plugin,
    /// Its names as it is set up.
    pub names: Rc<Names>,
    /// What the run started from: seed and parameters.
    pub setup: Setup,
    /// What it was opened as, where it was not only its lab.
    pub subject: Option<Subject>,
    /// The run at the playhead (a snapshot; cheap).
    pub run: Run,
    /// The clock of the playhead, which may stand between two events.
    pub clock: Time,
    /// The last records up to the playhead, oldest first.
    pub recent: Vec<Record>,
    /// Of what is selected and is over (a step, a message that came or was lost): the step.
    pub over: Option<u64>,
    /// The records that lead to that step; the last ones up to the playhead where there is none.
    pub leading: Rc<Vec<Record>>,
    /// What the clients asked for, where anybody shows it.
    pub told: Option<Told>,
    /// Where the playhead is.
    pub position: Position,
    /// How far this branch was run.
    pub end: Position,
    /// All branches.
    pub branches: Vec<BranchView>,
    /// The branch that is looked at.
    pub branch: BranchId,
    /// Marks of this branch.
    pub marks: Vec<Mark>,
    /// Whether it plays.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// What is selected.
    pub selection: Selection,
    /// What the play stops at.
    pub breaks: Vec<Until>,
    /// The moment that was pinned.
    pub pinned: Option<(BranchId, Position)>,
    /// What the run is compared with.
    pub other: Option<Other>,
    /// The counters of this branch.
    pub series: Rc<Series>,
    /// The language.
    pub lang: Lang,
    /// The texts: common, of the lab, and of the page.
    pub words: Rc<Dictionary>,
    /// Light or dark.
    pub theme: Theme,
    /// Whether it is shown to a room.
    pub presenting: Presenting,
    /// The first words of the commands that a lesson lets be given, while one does.
    pub open: Option<Rc<[String]>>,
    /// The panel that a lesson opens.
    pub panel: Option<Rc<str>>,
    /// What the page has to say (a command without effect, a bad input), in the page's language.
    pub notice: Option<String>,
    /// Whether that tells an answer, which waits while a room is asked.
    pub notice_answers: bool,
}

impl Shot {
    /// Whether a lesson keeps the rules as they are, and so the search for what breaks without them.
    #[must_use]
    pub fn locks_rules(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !names_rules(open))
    }

    /// Whether these may be given: a lesson that is open lets only some be.
    #[must_use]
    pub fn opens(&self, commands: &[Command]) -> bool {
        let open = |only: &Rc<[String]>| {
            let names = &self.names;
            allows_all(only, commands, names)
        };
        self.open.as_ref().is_none_or(open)
    }

    /// Why these may not be given, where they may not: a lesson lets other things be done now.
    #[must_use]
    pub fn why_closed(&self, commands: &[Command]) -> Option<String> {
        let only = self.open.as_ref().filter(|_| !self.opens(commands))?;
        Some(self.words.say(&refused(only)))
    }
}

/// What a lesson lets be done now, as it is told to who wants something else.
pub(super) fn refused(only: &[String]) -> Phrase {
    if only.is_empty() {
        Phrase::new("learn.refused-all")
    } else {
        Phrase::new("learn.refused").with("open", only.join(", "))
    }
}

/// A shot as a property of a component: equal if it is the same one.
#[derive(Clone)]
pub struct ShotRef(pub Rc<Shot>);

impl PartialEq for ShotRef {
    fn eq(&self, other: &Self) -> bool {
        self.0.revision == other.0.revision
    }
}

impl std::ops::Deref for ShotRef {
    type Target = Shot;
    fn deref(&self) -> &Shot {
        &self.0
    }
}

/// What a run was opened as, beside its lab.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A story of the lab, by its id.
    Story(String),
    /// A run of an experiment: whose, at which of its points, and what its page was asked for.
    Sample(&'static str, String, String),
}

/// What a person wants of the search.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Seek {
    /// Look for a run that breaks it, with the rules as they are: the search that there was of these
    /// goes on, or is shown again.
    Begin,
    /// Begin with the next seed.
    Again,
    /// Go on, beyond the bound.
    GoOn,
    /// Stop.
    Stop,
    /// Stop, and put the drawer away.
    Close,
    /// Open the story that was found, as far as it is shrunk.
    Open,
    /// Back to the lesson that was left for the story.
    Return,
}

/// What a person wants.
#[derive(Clone, PartialEq, Debug)]
pub enum Intent {
    /// Something of the search.
    Seek(Seek),
    /// Something of an experiment.
    Experiment(Try),
    /// Give the commands that a control carries, one after the other.
    Give(Vec<Command>),
    /// Give a command as it was typed, in the words of a story.
    Type(String),
    /// Play.
    Play,
    /// Pause.
    Pause,
    /// One event forward.
    StepForward,
    /// One event back.
    StepBack,
    /// To the next mark.
    NextMark,
    /// To the mark before.
    PreviousMark,
    /// As a clicker has it: to the next mark that has a name (or the one before), by single events
    /// where there is none.
    Turn(bool),
    /// To a place of this branch.
    GoTo(Position),
    /// To a step of this branch.
    SeekStep(u64),
    /// To a moment of this branch.
    SeekTime(Time),
    /// Change the speed.
    SetSpeed(Speed),
    /// Select something.
    Select(Selection),
    /// Stop whenever this comes about while the run plays, or do so no more.
    Break(Until, bool),
    /// Select the step in which a value of a node's state became what it is: the node, and the
    /// value's place in the tree.
    WhyValue(NodeId, String),
    /// Keep this moment, to compare another one with it.
    Pin,
    /// Compare with this, or with nothing any more.
    Compare(Option<Against>),
    /// Run this beside, or nothing any more.
    Beside(Option<Partner>),
    /// Look at another branch.
    Switch(BranchId),
    /// Name a branch.
    Rename(BranchId, String),
    /// Delete a branch.
    Delete(BranchId),
    /// Back to time zero, with everything forgotten.
    Reset,
    /// The same with another seed.
    NewSeed,
    /// The same with another value of a parameter, as typed.
    SetParam(&'static str, String),
    /// Open a lab.
    OpenLab(String),
    /// Open a story, as text.
    OpenStory(String),
    /// Open a story that ships with a lab, by the ids of both.
    OpenGolden(&'static str, String),
    /// Open a run that this device keeps.
    OpenRun(String),
    /// Forget a run that this device keeps.
    ForgetRun(String),
    /// Forget all of them.
    ForgetRuns,
    /// Back to the front page.
    Home,
    /// Change the language.
    SetLang(Lang),
    /// Change light and dark.
    SetTheme(Theme),
    /// Begin or end to present; show or hide the answers.
    Present(Presenting),
    /// Fill the screen, or do so no more.
    FullScreen,
    /// The notice was read.
    Dismiss,
    /// To a page that is not about a run.
    Visit(Place),
    /// Something about lessons.
    Lesson(Wish),
}
