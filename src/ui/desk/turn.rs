//! The pages of a lesson are turned: on the stage is always what the words of the page speak of.

use super::Desk;
use super::school::keep;
use crate::lab::{Lab, Phrase};
use crate::protocols;
use crate::ui::lesson::{Left, Stage};
use crate::ui::player::{Notice, Player};
use std::rc::Rc;

impl Desk {
    /// Turns to a page; what was skipped on the way is done for the learner, and who turns back finds the
    /// run as that page was left.
    pub(super) fn turn_to(self: &Rc<Self>, page: usize, push: bool) {
        let standing = self.with_player(Player::standing).flatten();
        let left = standing.map(|story| (self.run.borrow().clone(), story));
        let (turned, beyond);
        let stage = {
            let mut tour = self.tour.borrow_mut();
            let Some(tour) = &mut *tour else { return };
            let pages = tour.lesson.pages.len();
            beyond = (page >= pages).then_some(pages);
            let page = page.min(pages.saturating_sub(1));
            turned = page != tour.page;
            let stage = tour.turn(page, left);
            if tour.page_done() {
                tour.mark_done();
                keep(tour);
            }
            stage
        };
        if turned {
            self.end_seek();
        }
        if let Some(player) = &mut *self.player.borrow_mut() {
            player.untaught();
            player.open_only(Some(&[]));
            player.play(false);
        }
        match stage {
            Stage::Own => {}
            Stage::Left(left) => self.return_run(left),
            Stage::At(step) => self.lead_to(step),
        }
        self.write_page(push);
        self.teach();
        if let Some(pages) = beyond {
            let phrase = Phrase::new("learn.no-page").with("page", page + 1);
            self.note(Notice::plain(phrase.with("of", pages)));
        }
    }

    /// The address says which page is open.
    fn write_page(&self, push: bool) {
        let Some(fragment) = self.lesson_fragment() else {
            return;
        };
        let run = self.run.borrow().clone();
        let mut address = self.address.borrow_mut();
        if push {
            address.push(&fragment, &run);
        } else {
            address.replace(&fragment, &run);
        }
    }

    /// The run of a page is as that was left; what began in it began in this one.
    fn return_run(self: &Rc<Self>, left: Left) {
        let lab = left.story.names.lab.card().id;
        let Some(plugin) = protocols::find(lab) else {
            return;
        };
        let player = self.told(plugin, &left.story);
        let (branch, _) = player.whereabouts();
        self.with_tour(|tour| {
            for begun in tour
                .states
                .iter_mut()
                .filter_map(|state| state.begun.as_mut())
            {
                if begun.run == left.run {
                    begun.at.0 = branch;
                }
            }
        });
        self.put_run(player, left.run);
    }

    /// A run that has come to where a step begins, as the lesson's author would have done it.
    pub(super) fn lead_to(self: &Rc<Self>, step: usize) {
        let (lab, way) = {
            let mut tour = self.tour.borrow_mut();
            let Some(tour) = &mut *tour else { return };
            tour.reached = step;
            (tour.lesson.lab.card().id, tour.way_to(step))
        };
        let Some(plugin) = protocols::find(lab) else {
            return;
        };
        let player = match way {
            Some((mut story, lines)) => {
                story.lines.extend(lines);
                self.told(plugin, &story)
            }
            None => {
                let lab: &'static dyn Lab = plugin;
                Player::new(plugin, lab.setup(lab.first_seed()))
            }
        };
        self.put_player(player);
    }
}
