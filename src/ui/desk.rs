//! The desk: everything that outlives a render. It owns the player, lends it time frame by
//! frame, draws both canvases, and tells the page when there is a new shot.

mod beside;
mod embed;
mod experiment;
mod keep;
mod lectern;
mod news;
mod pace;
mod route;
mod school;
mod seek;
mod turn;
pub(super) mod words;

use super::address::Address;
use super::lesson::{Place, Tour};
use super::model::{Intent, ShotRef, Speed, Subject};
use super::page;
use super::player::{Done, Notice, Player};
use super::runs;
use super::settings::Settings;
use super::stage::Painter;
use super::timeline::{self, Diagram};
use crate::lab::Phrase;
use gloo::render::{AnimationFrame, request_animation_frame};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::Callback;

pub(super) use news::{DeskRef, Measure, News, Taught, View};

/// How much of a frame a long way may take, while nobody watches anything move.
const JOB_MS: f64 = 14.0;
/// The time between two shots while time passes.
const SHOT_MS: f64 = 125.0;
/// The time between two shots at least, beside what it takes to show one; and at the most.
const SHOTS_REST: f64 = 12.0;
const LONGEST_SHOT_MS: f64 = 1000.0;
/// The most that the playhead moves in one frame: a tab that was hidden does not catch up.
const LONGEST_FRAME_MS: f64 = 100.0;

/// See the module.
pub(super) struct Desk {
    player: RefCell<Option<Player>>,
    settings: RefCell<Settings>,
    /// Whether this is the desk of an embedded run, which writes nothing down.
    framed: bool,
    address: RefCell<Address>,
    stage: RefCell<Option<Painter>>,
    beside: beside::Beside,
    seek: seek::Seeking,
    trying: experiment::Trying,
    diagram: RefCell<Option<Diagram>>,
    /// The lesson that is open.
    tour: RefCell<Option<Tour>>,
    /// Which of the pages is looked at that are not about a run.
    place: RefCell<Place>,
    /// How often another run or page was opened.
    visits: Cell<u32>,
    /// The number of the run on this device.
    run: RefCell<String>,
    /// What runs of this visit were opened as, by their numbers.
    subjects: RefCell<Vec<(String, Subject)>>,
    /// A notice on the front page, where there is no player to keep it.
    notice: RefCell<Option<Notice>>,
    spoken: RefCell<Option<String>>,
    /// The words that are being fetched.
    fetching: words::Fetching,
    tell: Callback<News>,
    frame: RefCell<Option<AnimationFrame>>,
    last_frame_ms: Cell<f64>,
    last_shot_ms: Cell<f64>,
    /// Whether the page has been told, and has not shown it yet; and how long that took the last time.
    told: Cell<bool>,
    showing_ms: Cell<f64>,
    pace: pace::Pace,
    revision: Cell<u64>,
    /// Something must be drawn although time stands still.
    stale: Cell<bool>,
    pub(super) measure: Cell<Measure>,
}

impl Desk {
    pub(super) fn new(tell: Callback<News>) -> Rc<Self> {
        Self::with(Settings::recalled(), false, tell)
    }

    fn with(settings: Settings, framed: bool, tell: Callback<News>) -> Rc<Self> {
        Rc::new(Desk {
            player: RefCell::new(None),
            settings: RefCell::new(settings),
            framed,
            address: RefCell::default(),
            stage: RefCell::new(None),
            beside: beside::Beside::default(),
            seek: seek::Seeking::default(),
            trying: experiment::Trying::default(),
            diagram: RefCell::new(None),
            tour: RefCell::new(None),
            place: RefCell::default(),
            visits: Cell::new(0),
            run: RefCell::new(page::new_id()),
            subjects: RefCell::default(),
            notice: RefCell::new(None),
            spoken: RefCell::new(None),
            fetching: words::Fetching::default(),
            tell,
            frame: RefCell::new(None),
            last_frame_ms: Cell::new(0.0),
            last_shot_ms: Cell::new(0.0),
            told: Cell::new(false),
            showing_ms: Cell::new(0.0),
            pace: pace::Pace::default(),
            revision: Cell::new(0),
            stale: Cell::new(true),
            measure: Cell::default(),
        })
    }

    /// What the page is to show now.
    pub(super) fn news(&self) -> News {
        let revision = self.revision.get() + 1;
        self.revision.set(revision);
        let settings = self.settings.borrow();
        let player = self.player.borrow();
        let view = player.as_ref().map_or(View::Front, |player| {
            player.watch_clients(self.diagram.borrow().is_some());
            View::Lab(ShotRef(Rc::new(player.shot(revision, &settings))))
        });
        let notice = self.notice.borrow();
        News {
            view,
            lang: settings.lang,
            theme: settings.theme,
            words: Rc::clone(&settings.words),
            notice: notice.as_ref().map(|notice| notice.say(&settings.words)),
            spoken: self.spoken.borrow().clone(),
            place: self.place.borrow().clone(),
            lesson: self.tour.borrow().clone().map(|tour| Taught {
                revision,
                ticks: player.as_ref().map(Player::ticks).unwrap_or_default(),
                tour,
            }),
            visits: self.visits.get(),
            works: player.as_ref().is_some_and(Player::works),
            beside: self.news_beside(revision),
            seek: self.news_seek(),
            experiment: self.news_experiment(),
        }
    }

    /// Tells the page.
    pub(super) fn publish(&self) {
        self.last_shot_ms.set(page::now_ms());
        self.told.set(true);
        self.tell.emit(self.news());
    }

    /// Does what a person wants.
    pub(super) fn intend(self: &Rc<Self>, intent: &Intent) {
        let anew = matches!(
            intent,
            Intent::Reset | Intent::NewSeed | Intent::SetParam(..)
        );
        let kept = anew && self.keep();
        let done = self
            .player
            .borrow_mut()
            .as_mut()
            .map_or(Done::NotMine, |player| player.obey(intent));
        if anew && done == Done::Moved {
            self.began_anew(kept);
        }
        if done != Done::NotMine {
            self.make_room(intent);
        }
        match done {
            Done::NotMine => self.turn_page(intent),
            Done::Seen => self.address.borrow_mut().changed(),
            Done::Moved => {
                self.speak(intent);
                self.changed(intent);
            }
        }
        self.teach();
        self.stale.set(true);
        // What is behind still after this follows frame by frame.
        let _ = self.follow(page::now_ms());
        self.publish();
        self.wake();
    }

    /// The run, or the place in it, is another one. What a person did to it is written down at
    /// once; where the playhead went, when it rests.
    fn changed(&self, intent: &Intent) {
        self.address.borrow_mut().changed();
        let acts = matches!(
            intent,
            Intent::Give(_)
                | Intent::Type(_)
                | Intent::Reset
                | Intent::NewSeed
                | Intent::SetParam(..)
                | Intent::Switch(_)
                | Intent::Rename(..)
        );
        if acts {
            self.mirror();
            self.write_down(true);
            // What is still being worked through is written down when it is done.
            if self.with_player(Player::works) == Some(true) {
                self.address.borrow_mut().changed();
            }
        }
    }

    /// Says something, wherever the page is.
    pub(super) fn tell(self: &Rc<Self>, phrase: Phrase) {
        self.note(Notice::plain(phrase));
        self.publish();
    }

    fn note(&self, notice: Notice) {
        match &mut *self.player.borrow_mut() {
            Some(player) => player.tell(Some(notice)),
            None => *self.notice.borrow_mut() = Some(notice),
        }
    }

    /// What a step did, in words, for who does not see the stage.
    fn speak(&self, intent: &Intent) {
        let tells = matches!(
            intent,
            Intent::StepForward | Intent::StepBack | Intent::Give(_)
        );
        let said = tells.then(|| {
            let player = self.player.borrow();
            let settings = self.settings.borrow();
            player
                .as_ref()
                .map(|player| player.last_words(&settings.words))
        });
        *self.spoken.borrow_mut() = said.flatten();
    }

    /// Shows another page, or the page otherwise.
    fn turn_page(self: &Rc<Self>, intent: &Intent) {
        match intent {
            Intent::SetLang(lang) => self.set_lang(*lang),
            Intent::SetTheme(theme) => {
                self.settings.borrow_mut().set_theme(*theme);
                self.restyle();
            }
            Intent::Home => self.go_home(true),
            Intent::Dismiss => *self.notice.borrow_mut() = None,
            _ => self.leave_front(intent),
        }
    }

    /// Does what the front page does not do by itself, so that it can come with the rest of the program.
    #[inline(never)]
    fn leave_front(self: &Rc<Self>, intent: &Intent) {
        match intent {
            Intent::OpenLab(id) => {
                if let Err(notice) = self.open_lab(id, true) {
                    self.note(notice);
                }
            }
            Intent::OpenStory(text) => self.begin_story(text, None),
            Intent::OpenGolden(lab, story) => self.open_golden(lab, story),
            Intent::OpenRun(id) => self.open_run(id, true),
            Intent::ForgetRun(id) => runs::forget(id),
            Intent::ForgetRuns => runs::clear(),
            Intent::Present(presenting) => {
                self.settings.borrow_mut().present(*presenting);
                self.restyle();
            }
            Intent::FullScreen => page::full_screen(),
            Intent::Beside(partner) => self.run_beside(partner.as_ref()),
            Intent::Seek(wish) => self.seek(*wish),
            Intent::Experiment(wish) => self.experiment(wish),
            Intent::Visit(place) => self.go_to(place.clone(), true),
            Intent::Lesson(wish) => self.learn(wish),
            // These are done, or there is no run on the front page to which they could apply.
            Intent::SetLang(_)
            | Intent::SetTheme(_)
            | Intent::Home
            | Intent::Dismiss
            | Intent::Give(_)
            | Intent::Type(_)
            | Intent::Play
            | Intent::Pause
            | Intent::StepForward
            | Intent::StepBack
            | Intent::NextMark
            | Intent::PreviousMark
            | Intent::Turn(_)
            | Intent::GoTo(_)
            | Intent::SeekStep(_)
            | Intent::SeekTime(_)
            | Intent::SetSpeed(_)
            | Intent::Select(_)
            | Intent::Break(..)
            | Intent::WhyValue(..)
            | Intent::Pin
            | Intent::Compare(_)
            | Intent::Switch(_)
            | Intent::Rename(..)
            | Intent::Delete(_)
            | Intent::Reset
            | Intent::NewSeed
            | Intent::SetParam(..) => {}
        }
    }

    /// The device changed between light and dark.
    pub(super) fn device_theme(self: &Rc<Self>) {
        self.settings.borrow().show();
        self.restyle();
        self.publish();
        self.wake();
    }

    /// Colours or words changed: both canvases take the new ones.
    fn restyle(&self) {
        let words = Rc::clone(&self.settings.borrow().words);
        if let Some(stage) = &mut *self.stage.borrow_mut() {
            stage.restyle(Rc::clone(&words));
        }
        if let Some(diagram) = &mut *self.diagram.borrow_mut() {
            diagram.restyle();
        }
        self.restyle_beside();
    }

    /// The stage has its canvases (or lost them).
    pub(super) fn set_stage(self: &Rc<Self>, painter: Option<Painter>) {
        *self.stage.borrow_mut() = painter;
        self.restyle();
        self.wake();
    }

    /// The timeline has its canvas (or lost it).
    pub(super) fn set_diagram(self: &Rc<Self>, diagram: Option<Diagram>) {
        let shown = diagram.is_some();
        *self.diagram.borrow_mut() = diagram;
        self.restyle();
        self.wake();
        if shown {
            // Now what the clients asked for is judged, too.
            self.publish();
        }
    }

    /// Asks the stage, where there is one, together with the player.
    pub(super) fn with_stage<T>(&self, ask: impl FnOnce(&mut Painter, &Player) -> T) -> Option<T> {
        let (player, mut stage) = (self.player.borrow(), self.stage.borrow_mut());
        Some(ask(stage.as_mut()?, player.as_ref()?))
    }

    /// Asks the diagram, where there is one, together with the player.
    pub(super) fn with_diagram<T>(
        &self,
        ask: impl FnOnce(&mut Diagram, &Player) -> T,
    ) -> Option<T> {
        let (player, mut diagram) = (self.player.borrow(), self.diagram.borrow_mut());
        Some(ask(diagram.as_mut()?, player.as_ref()?))
    }

    /// Asks the player, where there is one.
    pub(super) fn with_player<T>(&self, ask: impl FnOnce(&Player) -> T) -> Option<T> {
        self.player.borrow().as_ref().map(ask)
    }

    /// Something is to be drawn: the next frame comes.
    pub(super) fn redraw(self: &Rc<Self>) {
        self.stale.set(true);
        self.wake();
    }

    /// Sees to it that a frame comes.
    pub(super) fn wake(self: &Rc<Self>) {
        let mut frame = self.frame.borrow_mut();
        if frame.is_none() {
            let desk = Rc::clone(self);
            *frame = Some(request_animation_frame(move |ms| desk.on_frame(ms)));
        }
    }

    fn on_frame(self: &Rc<Self>, frame_ms: f64) {
        *self.frame.borrow_mut() = None;
        let since = frame_ms - self.last_frame_ms.replace(frame_ms);
        let since = since.clamp(0.0, LONGEST_FRAME_MS);
        self.pace.frame(since);
        let began = page::now_ms();
        let moved = self.advance(since, began);
        let taught = moved && self.teach();
        let behind = !self.follow(began);
        let drawing = page::now_ms();
        if moved || behind || self.stale.replace(false) {
            self.draw();
        }
        let ended = page::now_ms();
        if moved {
            let mut measure = self.measure.get();
            measure.frames += 1;
            measure.work_ms += ended - began;
            measure.draw_ms += ended - drawing;
            measure.worst_ms = measure.worst_ms.max(ended - began);
            self.measure.set(measure);
        }
        let still = self
            .player
            .borrow()
            .as_ref()
            .is_none_or(|player| !player.moves());
        if moved && (still || taught || ended - self.last_shot_ms.get() >= self.shot_ms()) {
            self.publish();
        }
        self.write_address(still);
        if behind {
            self.publish();
        }
        if !still || behind || self.stale.get() || self.address.borrow().waits() {
            self.wake();
        }
    }

    /// Lets virtual time pass. True where anything moved.
    fn advance(&self, dt_ms: f64, began_ms: f64) -> bool {
        let mut player = self.player.borrow_mut();
        let Some(player) = player.as_mut().filter(|player| player.moves()) else {
            return false;
        };
        let worked = player.works();
        let share_ms = if worked { JOB_MS } else { self.pace.share_ms() };
        let late = Cell::new(false);
        player.advance(dt_ms, &|| {
            late.set(page::now_ms() - began_ms > share_ms);
            late.get()
        });
        if !worked {
            let hurries = player.speed() == Speed::Scale(f64::INFINITY);
            self.pace.worked(late.get(), hurries);
        }
        if player.playing() || worked {
            self.address.borrow_mut().changed();
        }
        true
    }

    /// The time between two shots; longer where the frames come slowly, because what a shot
    /// changes in the page has to be laid out and painted, too.
    fn shot_ms(&self) -> f64 {
        let least_ms = if self.pace.is_slow() {
            3.0 * SHOT_MS
        } else {
            SHOT_MS
        };
        least_ms
            .max(self.showing_ms.get() * SHOTS_REST)
            .min(LONGEST_SHOT_MS)
    }

    /// The page shows what it was told last.
    pub(super) fn shown(&self) {
        if self.told.replace(false) {
            let took_ms = page::now_ms() - self.last_shot_ms.get();
            self.showing_ms.set(took_ms);
        }
    }

    fn draw(&self) {
        self.with_stage(|stage, player| stage.draw(player));
        self.with_player(|player| timeline::follow(player.clock_us()));
        let missing = self.with_diagram(|diagram, player| {
            diagram.draw(player);
            diagram.take_missing()
        });
        if let (Some(chunk), Some(player)) = (missing.flatten(), self.player.borrow_mut().as_mut())
        {
            // One a frame: to replay it takes as long as a seek.
            player.recall(chunk);
            self.stale.set(true);
        }
        self.draw_beside();
    }
}
