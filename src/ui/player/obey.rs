//! Intents: the player's only input.

use super::{Notice, Player};
use crate::lab::{BranchId, Command, Phrase, Setup, Story};
use crate::ui::model::{Intent, Selection};

/// What came of an intent.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(in crate::ui) enum Done {
    /// The picture changed, or what is chosen.
    Seen,
    /// The run itself changed, or the place in it: the address is out of date.
    Moved,
    /// It is about the page, not about this run.
    NotMine,
}

impl Player {
    /// Does what a person wants, or begins to.
    pub(in crate::ui) fn obey(&mut self, intent: &Intent) -> Done {
        if self.shows_lines() && disturbs(intent) {
            // What a lesson shows is shown to its end; it may be halted, and hurried.
            self.tell_refused();
            return Done::Seen;
        }
        match intent {
            Intent::Select(selection) => self.selection = *selection,
            Intent::Dismiss => self.notice = None,
            Intent::SetSpeed(speed) => {
                self.own_speed();
                self.speed = *speed;
                self.phase = 0.0;
            }
            Intent::Play => {
                self.notice = None;
                self.playing = true;
            }
            Intent::Rename(branch, name) => self.rename(*branch, name),
            Intent::Delete(branch) => self.delete(*branch),
            Intent::Seek(_)
            | Intent::Experiment(_)
            | Intent::OpenLab(_)
            | Intent::OpenStory(_)
            | Intent::Beside(_)
            | Intent::OpenGolden(..)
            | Intent::OpenRun(_)
            | Intent::ForgetRun(_)
            | Intent::ForgetRuns
            | Intent::Home
            | Intent::SetLang(_)
            | Intent::SetTheme(_)
            | Intent::Present(_)
            | Intent::Lesson(_)
            | Intent::Visit(_)
            | Intent::FullScreen => return Done::NotMine,
            Intent::Give(commands) => self.change(|player| player.give(commands.clone())),
            Intent::Break(until, stop) => self.set_break(until, *stop),
            Intent::WhyValue(node, path) => self.why_value(*node, path),
            Intent::Pin => self.study.pinned = Some((self.history.branch_id(), self.position())),
            Intent::Compare(against) => self.study.against = *against,
            Intent::Type(text) => self.change(|player| player.typed(text)),
            Intent::Reset | Intent::NewSeed | Intent::SetParam(..) if self.taught() => {
                self.tell_refused();
            }
            Intent::Reset => self.change(|player| player.restart(player.history.setup().clone())),
            Intent::NewSeed => self.change(Self::reseed),
            Intent::SetParam(name, value) => self.change(|player| player.set_param(name, value)),
            Intent::Pause => {
                self.playing = false;
                self.notice = None;
                self.cancel();
            }
            Intent::StepForward => self.go(Self::step_forward),
            Intent::StepBack => self.go(Self::step_back),
            Intent::NextMark => self.go(|player| player.go_to_place(player.mark_beside(true))),
            Intent::PreviousMark => self.go(|player| player.go_to_place(player.mark_beside(false))),
            Intent::Turn(forward) => self.turn(*forward),
            Intent::GoTo(place) => self.go(|player| player.go_to_place(*place)),
            Intent::SeekStep(step) => self.go(|player| player.go_to_step(*step)),
            Intent::SeekTime(time) => self.go(|player| player.go_to_moment(*time)),
            Intent::Switch(branch) => self.go(|player| {
                player.history.switch(*branch);
                player.settle();
            }),
        }
        if moves(intent) {
            Done::Moved
        } else {
            Done::Seen
        }
    }

    /// Changes the run; what is being worked through ends here, and what was told is old.
    fn change(&mut self, change: impl FnOnce(&mut Self)) {
        self.cancel();
        self.give_lines_up();
        self.notice = None;
        change(self);
    }

    /// Stops the play, then goes somewhere.
    fn go(&mut self, go: impl FnOnce(&mut Self)) {
        self.playing = false;
        self.change(go);
    }

    fn turn(&mut self, forward: bool) {
        if self.has_named_marks() {
            self.go(|player| player.go_to_place(player.named_beside(forward)));
        } else if forward {
            self.go(Self::step_forward);
        } else {
            self.go(Self::step_back);
        }
    }

    fn step_back(&mut self) {
        self.go_to_step(self.position().step.saturating_sub(1));
    }

    fn step_forward(&mut self) {
        if !self.step() {
            self.notice = Some(Notice::plain(Phrase::new("app.nothing-due")));
        }
        self.note_verdicts();
        self.settle();
    }

    fn reseed(&mut self) {
        let mut setup = self.history.setup().clone();
        setup.seed = another_seed(setup.seed);
        self.restart(setup);
    }

    fn set_param(&mut self, name: &str, value: &str) {
        let mut setup = self.history.setup().clone();
        match setup.params.set(name, value) {
            Ok(()) => self.restart(setup),
            Err(complaint) => self.notice = Some(Notice::plain(complaint)),
        }
    }

    /// The commands of a control or of the keyboard. Acting goes on while the run plays.
    fn give(&mut self, commands: Vec<Command>) {
        if self.refuses(&commands) {
            self.tell_refused();
            return;
        }
        if let [Command::RunUntil(until, within), _, ..] = commands.as_slice()
            && !self.history.foresees(until, *within)
        {
            // What waits for a moment before it acts does not wait for one that does not come.
            self.notice = Some(Notice::plain(Phrase::new("app.not-reached-ahead")));
            return;
        }
        let acts = |command: &Command| matches!(command, Command::Act(_));
        let playing = self.playing && commands.iter().all(acts);
        self.run_commands(commands);
        self.work(&|| true);
        self.playing = playing && !self.at_goal();
    }

    fn typed(&mut self, text: &str) {
        let world = self.history.run().world();
        match Story::parse_command(text, &self.names, world) {
            Ok(command) => self.give(vec![command]),
            Err(complaint) => self.notice = Some(Notice::plain(complaint)),
        }
    }

    /// The past was touched: a branch began here.
    pub(super) fn forked(&mut self, from: BranchId) {
        self.inherit(from);
        if self.notice.is_none() {
            let number = self.history.branch_id() + 1;
            let phrase = Phrase::new("app.forked").with("branch", number);
            self.notice = Some(Notice::plain(phrase));
        }
    }

    fn rename(&mut self, branch: BranchId, name: &str) {
        let name = name.trim();
        let name = (!name.is_empty()).then(|| name.chars().take(60).collect());
        self.history.rename(branch, name);
    }

    /// Everything anew, but for what a person chose for the page.
    fn restart(&mut self, setup: Setup) {
        let (speed, playing) = (self.speed, self.playing);
        let (selection, generation) = (self.selection, self.generation);
        let breaks = std::mem::take(&mut self.breaks);
        *self = Player::new(self.plugin, setup);
        self.breaks = breaks;
        (self.speed, self.playing) = (speed, playing);
        self.generation = generation + 1;
        // A node that is still there stays selected; messages and links are of the old run.
        if let Selection::Node(node) = selection
            && node.index() < self.names.nodes().count()
        {
            self.selection = selection;
        }
    }
}

/// Whether an intent changes the run or the place in it.
fn moves(intent: &Intent) -> bool {
    !matches!(
        intent,
        Intent::Select(_)
            | Intent::Dismiss
            | Intent::SetSpeed(_)
            | Intent::Play
            | Intent::Break(..)
            | Intent::WhyValue(..)
            | Intent::Pin
            | Intent::Compare(_)
    )
}

/// Whether an intent would take the run elsewhere than where a lesson shows that it goes.
fn disturbs(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::Give(_)
            | Intent::Type(_)
            | Intent::Reset
            | Intent::NewSeed
            | Intent::SetParam(..)
            | Intent::StepForward
            | Intent::StepBack
            | Intent::NextMark
            | Intent::PreviousMark
            | Intent::Turn(_)
            | Intent::GoTo(_)
            | Intent::SeekStep(_)
            | Intent::SeekTime(_)
            | Intent::Switch(_)
            | Intent::Delete(_)
    )
}

/// A seed that a person can read aloud.
fn another_seed(seed: u64) -> u64 {
    let drawn = (js_sys::Math::random() * 9999.0) as u64 + 1;
    if drawn == seed { drawn + 1 } else { drawn }
}
