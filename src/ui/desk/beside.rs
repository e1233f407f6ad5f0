//! A second run beside the first: another branch, or another lab under the same weather. The
//! clocks go in step.

use super::Desk;
use super::news::Second as News;
use super::pace::WORK_MS;
use crate::lab::{BranchId, Dictionary, Lab};
use crate::protocols;
use crate::ui::model::{Partner, ShotRef};
use crate::ui::page;
use crate::ui::player::{Mirrored, Player};
use crate::ui::settings::Settings;
use crate::ui::stage::Painter;
use std::cell::RefCell;
use std::rc::Rc;

/// See the module.
#[derive(Default)]
pub(super) struct Beside {
    run: RefCell<Option<Second>>,
    stage: RefCell<Option<Painter>>,
}

struct Second {
    player: Player,
    partner: Partner,
    /// The first one's branch; another one has another past.
    branch: BranchId,
    done: Mirrored,
}

/// How many slices of a frame a second run gets at its beginning.
const CATCH_UP: usize = 30;

impl Desk {
    /// Runs something beside, or nothing any more.
    pub(super) fn run_beside(self: &Rc<Self>, partner: Option<&Partner>) {
        let lab = match partner {
            Some(Partner::Lab(id)) => protocols::find(id),
            Some(Partner::Branch(_) | Partner::Otherwise(..)) | None => None,
        };
        let Some(lab) = lab else {
            return self.begin_beside(partner);
        };
        let partner = partner.cloned();
        self.when_words(self.lang(), Some(lab.card().id), move |desk| {
            desk.begin_beside(partner.as_ref());
            // What is shown at first is where the first run is, on a slow device, too; only a very long run is
            // still on its way then.
            let _ = (0..CATCH_UP).any(|_| desk.follow(page::now_ms()));
        });
    }

    /// There is only one run again.
    pub(super) fn end_beside(&self) {
        self.begin_beside(None);
    }

    /// The lab of the second run.
    pub(super) fn lab_beside(&self) -> Option<&'static str> {
        let second = self.beside.run.borrow();
        second
            .as_ref()
            .map(|second| second.player.plugin().card().id)
    }

    fn begin_beside(&self, partner: Option<&Partner>) {
        let second = partner.and_then(|partner| {
            let first = self.player.borrow();
            let first = first.as_ref()?;
            let player = match partner {
                Partner::Branch(branch) => first.apart(*branch)?,
                Partner::Lab(id) => first.under_same_weather(protocols::find(id)?),
                Partner::Otherwise(name, value) => first.otherwise(name, value)?,
            };
            Some(Second {
                player,
                partner: partner.clone(),
                branch: first.history().branch_id(),
                done: Mirrored::default(),
            })
        });
        *self.beside.run.borrow_mut() = second;
        self.restyle_beside();
    }

    /// The second stage has its canvases (or lost them).
    pub(in crate::ui) fn set_stage_beside(self: &Rc<Self>, painter: Option<Painter>) {
        *self.beside.stage.borrow_mut() = painter;
        self.restyle_beside();
        self.wake();
    }

    /// The layout of the second stage changed.
    pub(in crate::ui) fn resized_beside(self: &Rc<Self>) {
        if let Some(stage) = &mut *self.beside.stage.borrow_mut() {
            stage.resized();
        }
        self.redraw();
    }

    /// Colours or words changed.
    pub(super) fn restyle_beside(&self) {
        let words = self.words_beside();
        if let (Some(stage), Some(words)) = (&mut *self.beside.stage.borrow_mut(), words) {
            stage.restyle(words);
        }
        self.stale.set(true);
    }

    fn words_beside(&self) -> Option<Rc<Dictionary>> {
        let second = self.beside.run.borrow();
        let lab = second.as_ref()?.player.plugin() as &dyn Lab;
        Some(self.settings.borrow().of_lab(lab).words)
    }

    /// Lets the second run go where the first one is. False where it is still on its way.
    pub(super) fn follow(&self, began_ms: f64) -> bool {
        let (mut second, first) = (self.beside.run.borrow_mut(), self.player.borrow());
        let (Some(second), Some(first)) = (second.as_mut(), first.as_ref()) else {
            return true;
        };
        let late = || page::now_ms() - began_ms > 2.0 * WORK_MS;
        match second.partner {
            Partner::Branch(_) => second.player.follow(first.common_us(), &late),
            Partner::Lab(_) | Partner::Otherwise(..) => {
                let branch = first.history().branch_id();
                if branch != second.branch {
                    second.branch = branch;
                    second.done = Mirrored::default();
                    second.player.begin_again();
                }
                second.player.mirror(first, &mut second.done, &late)
            }
        }
    }

    pub(super) fn draw_beside(&self) {
        let (second, mut stage) = (self.beside.run.borrow(), self.beside.stage.borrow_mut());
        if let (Some(second), Some(stage)) = (second.as_ref(), stage.as_mut()) {
            stage.draw(&second.player);
        }
    }

    /// What the page shows of the second run.
    pub(super) fn news_beside(&self, revision: u64) -> Option<News> {
        let second = self.beside.run.borrow();
        let second = second.as_ref()?;
        let lab = second.player.plugin() as &dyn Lab;
        let settings: Settings = self.settings.borrow().of_lab(lab);
        Some(News {
            shot: ShotRef(Rc::new(second.player.shot(revision, &settings))),
            partner: second.partner.clone(),
            unknown: second.done.unknown,
        })
    }
}
