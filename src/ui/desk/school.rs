//! Lessons at the desk: one is opened, its pages are turned, its steps begin and are judged.

use super::Desk;
use crate::lab::lesson::{Given, Task};
use crate::lab::{Link, Phrase, Story};
use crate::protocols;
use crate::ui::assets;
use crate::ui::lesson::{self, Begun, Phase, Place, Source, Tour, Wish, own};
use crate::ui::model::Intent;
use crate::ui::page;
use crate::ui::player::{Notice, Player, Then};
use crate::view::Plugin;
use std::rc::Rc;

/// Where the words of a lesson lie over the rest of the page (`lesson.css`).
const COVERED: &str = "(max-width: 760px) and (min-height: 481px)";

impl Desk {
    /// Does what a person wants of a lesson.
    pub(super) fn learn(self: &Rc<Self>, wish: &Wish) {
        match wish {
            Wish::Open(lab, id, page) => self.open_lesson(lab, id, *page, true),
            Wish::Page(page) => self.turn_to(*page, true),
            Wish::Begin(step) => self.begin_step(*step),
            Wish::Choose(step, option) => self.with_tour(|tour| {
                if let Some(state) = tour.states.get_mut(*step) {
                    state.chosen = Some(*option);
                }
            }),
            Wish::Hint(step) => self.with_tour(|tour| {
                if let Some(state) = tour.states.get_mut(*step) {
                    state.hints += 1;
                }
            }),
            Wish::Cannot(step) => self.give_up(*step),
            Wish::Again(step) => self.again(*step),
            Wish::Finish => {
                if let Some(player) = &mut *self.player.borrow_mut() {
                    player.hurry();
                }
            }
            Wish::Code(name) => self.with_tour(|tour| tour.code = Some(tour.answers(name).write())),
            Wish::Name(name) => self.with_tour(|tour| tour.name.clone_from(name)),
            Wish::Fold => self.with_tour(|tour| tour.folded = !tour.folded),
            Wish::Leave => self.leave_lesson(),
            Wish::Read(text) => self.read_own(text.clone()),
            Wish::Fetch(address, page) => self.fetch_lesson(address, *page),
            Wish::Import(text) => {
                let taken = lesson::take_progress(text);
                let key = if taken {
                    "learn.imported"
                } else {
                    "learn.not-imported"
                };
                self.note(Notice::plain(Phrase::new(key)));
            }
            Wish::Forget => lesson::forget_progress(),
        }
        self.teach();
    }

    /// Who acts on the stage wants to see it: on a phone the words are folded to the line with the task. They come back
    /// when that is done.
    #[inline(never)]
    pub(super) fn make_room(&self, intent: &Intent) {
        let acts = matches!(
            intent,
            Intent::Select(_) | Intent::Give(_) | Intent::Type(_)
        );
        if acts && page::matches(COVERED) {
            self.with_tour(|tour| tour.folded |= tour.acts_on_stage());
        }
    }

    pub(super) fn with_tour(&self, change: impl FnOnce(&mut Tour)) {
        if let Some(tour) = &mut *self.tour.borrow_mut() {
            change(tour);
        }
    }

    /// The address of the lesson that is open.
    pub(super) fn lesson_fragment(&self) -> Option<String> {
        let tour = self.tour.borrow();
        let tour = tour.as_ref()?;
        let mut link = Link {
            lab: "lesson".to_owned(),
            page: Some(tour.page as u64 + 1),
            ..Link::default()
        };
        match &tour.source {
            Source::Shipped(_) => {
                tour.lesson.lab.card().id.clone_into(&mut link.lab);
                link.lesson = Some(tour.lesson.id.clone());
            }
            Source::Address(address) => link.from = Some(address.clone()),
            Source::File(id) => link.kept = Some(id.clone()),
        }
        Some(link.write())
    }

    /// Opens a lesson that ships with a lab.
    pub(super) fn open_lesson(self: &Rc<Self>, lab: &str, id: &str, page: usize, push: bool) {
        let lang = self.lang();
        let open = self.tour.borrow().as_ref().is_some_and(|tour| {
            tour.source == Source::Shipped(lang)
                && (tour.lesson.lab.card().id, tour.lesson.id.as_str()) == (lab, id)
        });
        if open {
            return self.turn_to(page, push);
        }
        let known = protocols::find(lab).and_then(|plugin| {
            let card = plugin.card();
            let file = card.lessons.iter().find(|file| file.id == id)?;
            Some((card.id, file.id))
        });
        let Some((lab, id)) = known else {
            let unknown = Phrase::new("learn.unknown").echo("lesson", &format!("{lab}/{id}"));
            return self.refuse(Notice::plain(unknown));
        };
        self.when_fetched(assets::fetch_lesson(lab, id, lang), move |desk, sheet| {
            let text = sheet.clone();
            desk.when_lab(&text, move |desk| {
                desk.when_parts(Place::Lessons.parts(), move |desk| {
                    desk.begin_lesson(&sheet, Source::Shipped(lang), page, push);
                });
            });
        });
    }

    pub(super) fn told(&self, plugin: &'static dyn Plugin, story: &Story) -> Player {
        let mut player = self.make_player(plugin, story);
        player.run_story(story, Then::Stay);
        // What is quick is done before anything is drawn, so that there is no flicker.
        let began = page::now_ms();
        player.work(&|| page::now_ms() - began > 40.0);
        player
    }

    /// The lesson's run takes the place of the one before, which is kept.
    pub(super) fn put_player(self: &Rc<Self>, player: Player) {
        self.put_run(player, page::new_id());
    }

    /// The same of a run that has its number already.
    pub(super) fn put_run(self: &Rc<Self>, mut player: Player, run: String) {
        self.keep();
        player.open_only(Some(&[]));
        self.place_player(Some(player), run);
    }

    /// Begins a step, as the learner asked.
    fn begin_step(self: &Rc<Self>, step: usize) {
        let skipped = self
            .tour
            .borrow()
            .as_ref()
            .is_some_and(|tour| step < tour.reached);
        if skipped {
            return self.again(step);
        }
        let run = self.run.borrow().clone();
        let (mut tour, mut player) = (self.tour.borrow_mut(), self.player.borrow_mut());
        let (Some(tour), Some(player)) = (&mut *tour, &mut *player) else {
            return;
        };
        let lesson = Rc::clone(&tour.lesson);
        let Some(task) = lesson.steps().nth(step).map(|step| &step.task) else {
            return;
        };
        let lines = match task {
            Task::Run { lines, .. } => lines,
            Task::Predict(predict) if tour.states[step].chosen.is_some() => &predict.then,
            Task::Predict(_) | Task::Act(_) | Task::Setup(_) => return,
        };
        // Who looked back goes on from where the run is.
        player.go_to_branch_end();
        tour.states[step].begun = Some(begun(&run, player));
        if let Task::Predict(predict) = task {
            let options = predict.options.iter();
            let all: Vec<_> = options.flat_map(|option| option.when.clone()).collect();
            player.pursue(&all, false);
        }
        player.show_lines(lines);
        if page::reduced_motion() {
            player.hurry();
        }
        tour.states[step].phase = Phase::Going;
    }

    /// A step once more, from its beginning.
    fn again(self: &Rc<Self>, step: usize) {
        let (begun, sets_up) = {
            let mut tour = self.tour.borrow_mut();
            let Some(tour) = &mut *tour else { return };
            if step >= tour.states.len() {
                return;
            }
            tour.forget(step..tour.steps_of(tour.page).end.max(step + 1));
            tour.reached = step;
            let task = tour.step(step).map(|step| &step.task);
            let sets_up = matches!(task, Some(Task::Setup(_)));
            (tour.states[step].begun.take(), sets_up)
        };
        if sets_up {
            return;
        }
        let same = begun.filter(|begun| begun.run == *self.run.borrow());
        self.keep();
        let so_far = same.and_then(|begun| {
            let mut player = self.player.borrow_mut();
            let player = player.as_mut()?;
            player.return_to(begun.at);
            Some((player.plugin(), player.history().story_so_far()))
        });
        match so_far {
            // A run of its own: what was done in this step before is not to come about again.
            Some((plugin, story)) => {
                let player = self.told(plugin, &story);
                self.put_player(player);
            }
            None => self.lead_to(step),
        }
    }

    /// The learner says that it cannot be done.
    fn give_up(&self, step: usize) {
        let (mut tour, mut player) = (self.tour.borrow_mut(), self.player.borrow_mut());
        let (Some(tour), Some(player)) = (&mut *tour, &mut *player) else {
            return;
        };
        let task = tour.step(step).map(|step| &step.task);
        let impossible = matches!(task, Some(Task::Act(act)) if act.impossible);
        if impossible && tour.states[step].phase == Phase::Going && tour.states[step].tried {
            hand_in(tour, step, player);
        }
    }

    fn leave_lesson(self: &Rc<Self>) {
        *self.tour.borrow_mut() = None;
        if let Some(player) = &mut *self.player.borrow_mut() {
            player.untaught();
        }
        self.address.borrow_mut().changed();
    }

    /// Goes on with the lesson: begins what begins by itself, judges what has come to its end.
    pub(super) fn teach(self: &Rc<Self>) -> bool {
        let mut any = false;
        // Each round ends a step or begins one.
        while self.tour.borrow().is_some() && self.teach_once() {
            any = true;
        }
        any
    }

    fn teach_once(self: &Rc<Self>) -> bool {
        if self.fetching.waits() {
            return false;
        }
        let going = self.tour.borrow().as_ref().and_then(Tour::going);
        match going {
            Some(step) => self.go_on(step),
            None => self.enter(),
        }
    }

    /// The step that is to be done next begins, where it does so by itself.
    fn enter(self: &Rc<Self>) -> bool {
        let (lesson, step) = {
            let tour = self.tour.borrow();
            let Some(tour) = &*tour else { return false };
            let Some(step) = tour.current() else {
                return false;
            };
            (Rc::clone(&tour.lesson), step)
        };
        let Some(task) = lesson.steps().nth(step).map(|step| &step.task) else {
            return false;
        };
        match task {
            Task::Setup(story) => {
                let Some(plugin) = protocols::find(lesson.lab.card().id) else {
                    return false;
                };
                let player = self.told(plugin, story);
                self.put_player(player);
            }
            Task::Act(act) => {
                let mut player = self.player.borrow_mut();
                let Some(player) = player.as_mut().filter(|player| !player.works()) else {
                    return false;
                };
                player.act(act);
            }
            Task::Run { .. } | Task::Predict(_) => return false,
        }
        let run = self.run.borrow().clone();
        let begun = self.with_player(|player| begun(&run, player));
        self.with_tour(|tour| {
            tour.states[step].phase = Phase::Going;
            tour.states[step].begun = begun;
        });
        true
    }

    /// Looks how far a step is that is under way. True where that is its end.
    fn go_on(&self, step: usize) -> bool {
        let (mut tour, mut player) = (self.tour.borrow_mut(), self.player.borrow_mut());
        let (Some(tour), Some(player)) = (&mut *tour, &mut *player) else {
            return false;
        };
        let lesson = Rc::clone(&tour.lesson);
        let Some(task) = lesson.steps().nth(step).map(|step| &step.task) else {
            return false;
        };
        match task {
            Task::Setup(_) if player.works() => return false,
            Task::Setup(_) => tour.finish(step),
            Task::Run { .. } | Task::Predict(_) => {
                if player.lines_over() {
                    if let (Task::Predict(predict), Some(watch)) = (task, player.watch()) {
                        let (run, names) = (player.history().run(), player.names());
                        tour.states[step].right = predict.right(watch, run, names);
                        hand_in(tour, step, player);
                    } else {
                        tour.finish(step);
                    }
                } else if player.shows_lines() {
                    return false;
                } else {
                    // Somebody went elsewhere.
                    player.rest();
                    tour.states[step].phase = Phase::Waiting;
                    return false;
                }
            }
            Task::Act(act) => {
                let before = tour.states[step]
                    .begun
                    .as_ref()
                    .map_or(0, |begun| begun.deeds);
                let tries = !tour.states[step].tried && player.deeds() > before;
                tour.states[step].tried |= tries;
                // Now it can be said that it cannot be done.
                tour.folded &= !(tries && act.impossible);
                if act.impossible || !player.reached() {
                    return false;
                }
                hand_in(tour, step, player);
            }
        }
        tour.mark_done();
        keep(tour);
        true
    }
}

fn begun(run: &str, player: &Player) -> Begun {
    Begun {
        run: run.to_owned(),
        at: player.whereabouts(),
        deeds: player.deeds(),
    }
}

/// Keeps how far a lesson is. One that does not ship may have any name, that of another one, too.
pub(super) fn keep(tour: &Tour) {
    match tour.source.own_id() {
        None => lesson::keep(tour),
        Some(id) => own::keep_progress(&id, tour),
    }
}

/// What was done is kept for the completion code, and the step is at its end.
fn hand_in(tour: &mut Tour, step: usize, player: &mut Player) {
    tour.states[step].given = Some(Given {
        step,
        option: tour.states[step].chosen,
        story: player.story_so_far(),
    });
    tour.code = None;
    // What comes of it is to be read.
    tour.folded = false;
    tour.finish(step);
    tour.mark_done();
    keep(tour);
    player.rest();
    player.open_only(Some(&[]));
}
