//! From place to place: the front page, a lab, a story; by a click, a link, or the Back button.

use super::Desk;
use crate::lab::{Lab, Phrase, Story, StoryError};
use crate::protocols;
use crate::ui::address::Address;
use crate::ui::guard;
use crate::ui::link::{self, Place};
use crate::ui::model::Intent;
use crate::ui::page;
use crate::ui::player::{Notice, Player, Then};
use crate::view::Plugin;
use std::rc::Rc;

/// The seed with which a lab opens.
const FIRST_SEED: u64 = 7;

impl Desk {
    /// The lab that the address names, as far as that is told without reading a story.
    pub(in crate::ui) fn first_lab() -> Option<&'static str> {
        let id = match link::read(&Address::fragment()) {
            Place::Lab(id) => id,
            Place::Story { text, .. } => {
                let line = text.lines().find_map(|line| line.strip_prefix("lab "))?;
                line.split_whitespace().next()?.to_owned()
            }
            Place::Front | Place::Bad(_) => return None,
        };
        protocols::find(&id).map(|plugin| plugin.info().id)
    }

    /// Opens what the page was loaded with: a run saved from a fault, or else the address.
    pub(in crate::ui) fn open_first(self: &Rc<Self>) {
        match guard::handover() {
            Some(story) => {
                self.open_story(&story, Then::Stay, false);
                self.address.borrow_mut().changed();
            }
            None => self.route(),
        }
        self.publish();
        self.wake();
    }

    /// Goes where the address says. The browser is there already.
    pub(in crate::ui) fn route(self: &Rc<Self>) {
        let fragment = Address::fragment();
        self.address.borrow_mut().adopt(&fragment);
        match link::read(&fragment) {
            Place::Front => self.go_home(false),
            Place::Lab(id) => self.open_lab(&id, false),
            Place::Story { text, at, hash } => {
                let then = at.map_or(Then::Begin, |at| Then::Go(at, hash));
                self.open_story(&text, then, false);
            }
            Place::Bad(phrase) => {
                self.go_home(false);
                *self.notice.borrow_mut() = Some(Notice::plain(phrase));
            }
        }
    }

    /// The Back or Forward button was pressed, or somebody typed an address.
    pub(in crate::ui) fn travelled(self: &Rc<Self>) {
        self.route();
        self.publish();
        self.redraw();
    }

    pub(super) fn open_lab(self: &Rc<Self>, id: &str, push: bool) {
        let Some(plugin) = protocols::find(id) else {
            self.go_home(push);
            let unknown = Phrase::new("app.no-lab").with("lab", id);
            *self.notice.borrow_mut() = Some(Notice::plain(unknown));
            return;
        };
        let id = plugin.info().id;
        if !self.has_words(self.lang(), Some(id), move |desk| desk.open_lab(id, push)) {
            return;
        }
        let lab: &'static dyn Lab = plugin;
        let mut player = Player::new(plugin, lab.setup(FIRST_SEED));
        // A lab that is opened anew is alive, unless the person wants no motion.
        player.play(!page::reduced_motion());
        self.set_player(Some(player), &format!("#/{id}"), push);
    }

    pub(super) fn open_story(self: &Rc<Self>, text: &str, then: Then, push: bool) {
        let story = Story::parse(text, &protocols::labs(), &mut |_| Ok(()));
        let story = match story {
            Ok(story) => story,
            Err(error) => {
                self.complain(&error);
                return;
            }
        };
        let id = story.names.lab.info().id;
        let Some(plugin) = protocols::find(id) else {
            return;
        };
        let again = {
            let text = text.to_owned();
            move |desk: &Rc<Self>| desk.open_story(&text, then, push)
        };
        if !self.has_words(self.lang(), Some(id), again) {
            return;
        }
        let mut player = self.make_player(plugin, &story);
        player.run_story(&story, then);
        // What is quick is done before anything is drawn, so that there is no flicker.
        let began = page::now_ms();
        player.work(&|| page::now_ms() - began > 40.0);
        self.set_player(Some(player), &format!("#/{id}"), push);
    }

    fn make_player(&self, plugin: &'static dyn Plugin, story: &Story) -> Player {
        let mut player = Player::new(plugin, story.setup.clone());
        if let Some(speed) = self.with_player(Player::speed) {
            let _ = player.obey(&Intent::SetSpeed(speed));
        }
        player
    }

    /// A story that cannot be read: the page stays where it is, and says what is wrong.
    fn complain(&self, error: &StoryError) {
        let phrase = Phrase::new("app.story-wrong")
            .with("line", error.line)
            .with("column", error.column);
        self.say(Notice::about(phrase, "complaint", error.complaint.clone()));
    }

    /// Says something, wherever the page is.
    pub(super) fn say(&self, notice: Notice) {
        match &mut *self.player.borrow_mut() {
            Some(player) => player.tell(Some(notice)),
            None => *self.notice.borrow_mut() = Some(notice),
        }
    }

    pub(super) fn go_home(self: &Rc<Self>, push: bool) {
        self.fetching.forget();
        self.set_player(None, "#/", push);
    }

    fn set_player(self: &Rc<Self>, player: Option<Player>, fragment: &str, push: bool) {
        if push {
            // The entry that Back returns to holds the very last state.
            self.write_address_now();
            self.address.borrow_mut().push(fragment);
        }
        let lab = player.as_ref().map(|player| player.plugin() as &dyn Lab);
        self.settings.borrow_mut().load(lab);
        *self.player.borrow_mut() = player;
        *self.notice.borrow_mut() = None;
        *self.spoken.borrow_mut() = None;
        self.restyle();
        self.mirror();
    }
}
