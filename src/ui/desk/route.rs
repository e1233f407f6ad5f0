//! From place to place: the front page, a lab, a story; by a click, a link, or the Back button.

use super::Desk;
use super::words::lab_of;
use crate::lab::{Lab, Link, Phrase, Story, StoryError};
use crate::protocols;
use crate::ui::address::Address;
use crate::ui::assets;
use crate::ui::guard;
use crate::ui::lesson::Place;
use crate::ui::link::selection_of;
use crate::ui::model::{Intent, Subject};
use crate::ui::page;
use crate::ui::player::{Notice, Player, Then};
use crate::ui::runs;
use crate::view::{Plugin, is_story_id};
use std::rc::Rc;

impl Desk {
    /// The lab that the address names, as far as that is told without reading a story.
    pub(in crate::ui) fn first_lab() -> Option<&'static str> {
        let link = Address::link(&Address::fragment()).ok()?;
        if link.lab.is_empty() {
            return lab_of(&link.story?);
        }
        protocols::find(&link.lab).map(|plugin| plugin.card().id)
    }

    /// Opens what the page was loaded with: a run saved from a fault, or else the address.
    pub(in crate::ui) fn open_first(self: &Rc<Self>) {
        match guard::handover() {
            Some(story) => {
                let text = story.clone();
                self.when_lab(&text, move |desk| {
                    match desk.player_of(&story, Then::Stay) {
                        Ok(player) => desk.show(player, page::new_id(), false),
                        Err(notice) => desk.note(notice),
                    }
                    desk.address.borrow_mut().changed();
                });
            }
            None => self.route(),
        }
        self.publish();
        self.wake();
    }

    /// Goes where the address says. The browser is there already.
    pub(in crate::ui) fn route(self: &Rc<Self>) {
        let fragment = Address::fragment();
        self.keep();
        self.address.borrow_mut().adopt(&fragment);
        let read = Address::link(&fragment);
        let told = |wrong| Notice::plain(of_parameter(&fragment, wrong));
        let opened = read.map_err(told).and_then(|link| {
            let run = Address::run().unwrap_or_else(page::new_id);
            self.open_link(link, run, false)
        });
        if let Err(notice) = opened {
            self.refuse(notice);
        }
        self.teach();
    }

    /// The page stays where it is; and the address says again where that is.
    pub(super) fn refuse(self: &Rc<Self>, notice: Notice) {
        self.note(notice);
        if self.player.borrow().is_some() {
            self.write_down(false);
        } else {
            let fragment = self.place.borrow().address();
            self.address.borrow_mut().replace(&fragment, "");
        }
    }

    fn open_link(self: &Rc<Self>, link: Link, run: String, push: bool) -> Result<(), Notice> {
        if let Some(own) = link.kept.as_ref().filter(|_| link.lab == "lesson") {
            let page = link.page.map_or(0, |page| page as usize - 1);
            self.open_own(own, page, push);
            return Ok(());
        }
        if link.kept.is_some() && link.story.is_none() {
            return self.open_kept(link, push);
        }
        if self.open_shipped(&link, &run, push) {
            return Ok(());
        }
        let Some(text) = &link.story else {
            let place = match (link.lab.as_str(), link.from) {
                ("", _) => Place::Labs,
                ("lessons", _) => Place::Lessons,
                ("articles", _) => Place::Articles,
                ("compare", _) => Place::Compare,
                ("lesson", Some(address)) => {
                    let page = link.page.map_or(0, |page| page as usize - 1);
                    self.open_from(address, page, push);
                    return Ok(());
                }
                _ => {
                    if let Some(lesson) = &link.lesson {
                        let page = link.page.map_or(0, |page| page as usize - 1);
                        self.open_lesson(&link.lab, lesson, page, push);
                        return Ok(());
                    }
                    if let Some(asked) = link.experiment {
                        return self.open_experiment(&link.lab, asked, push);
                    }
                    return self.open_lab(&link.lab, push);
                }
            };
            self.when_parts(place.parts(), move |desk| desk.go_to(place, push));
            return Ok(());
        };
        let known = lab_of(text).filter(|lab| !assets::has_part(lab));
        let Some(lab) = known else {
            let player = self.linked_player(&link, text)?;
            self.show(player, run, push);
            return Ok(());
        };
        self.when_words(self.lang(), Some(lab), move |desk| {
            if let Err(notice) = desk.open_link(link, run, push) {
                desk.refuse(notice);
            }
        });
        Ok(())
    }

    /// Opens a story that ships with the lab, where a link has its id in place of a text. False where it has none.
    fn open_shipped(self: &Rc<Self>, link: &Link, run: &str, push: bool) -> bool {
        let named = link.story.as_deref().filter(|text| is_story_id(text));
        let (Some(id), Some(plugin)) = (named, protocols::find(&link.lab)) else {
            return false;
        };
        let (id, lab, run) = (id.to_owned(), plugin.card().id, run.to_owned());
        let mut link = link.clone();
        self.when_words(self.lang(), Some(lab), move |desk| {
            if !has_story(plugin, &id) {
                let unknown = Phrase::new("app.no-story").with("lab", lab);
                return desk.refuse(Notice::plain(unknown.echo("story", &id)));
            }
            let fetched = {
                let id = id.clone();
                async move { assets::fetch_story(lab, &id).await }
            };
            desk.when_fetched(fetched, move |desk, text| {
                (link.story, link.opened) = (Some(text), Some(id));
                if let Err(notice) = desk.open_link(link, run, push) {
                    desk.refuse(notice);
                }
            });
        });
        true
    }

    /// A player that works through a story, to where a link says.
    pub(super) fn linked_player(&self, link: &Link, text: &str) -> Result<Player, Notice> {
        let then = link.at.map_or(Then::Begin, |at| Then::Go(at, link.hash));
        let mut player = self.player_of(text, then)?;
        player.is_from(link.version.clone());
        // Who wrote the link may have written anything there.
        let opened = link.opened.as_ref();
        let opened = opened.filter(|id| has_story(player.plugin(), id));
        player.is_about(opened.map(|id| Subject::Story(id.clone())));
        if let Some(name) = &link.branch {
            player.name_branch(name.clone());
        }
        if let Some(name) = &link.selected {
            match selection_of(name, player.names()) {
                Some(selection) => drop(player.obey(&Intent::Select(selection))),
                None => player.tell(Some(Notice::plain(
                    Phrase::new("app.link-selected").echo("name", name),
                ))),
            }
        }
        Ok(player)
    }

    /// The address names a run that is on this device, or was.
    fn open_kept(self: &Rc<Self>, link: Link, push: bool) -> Result<(), Notice> {
        let id = link.kept.unwrap_or_default();
        let gone = || Notice::plain(Phrase::new("app.kept-gone").echo("id", &id));
        let kept = runs::find(&id).ok_or_else(gone)?;
        let mut whole = Link::read(&kept.fragment).map_err(Notice::plain)?;
        whole.story.as_ref().ok_or_else(gone)?;
        (whole.at, whole.hash) = (link.at.or(whole.at), link.hash.or(whole.hash));
        self.open_link(whole, id, push)
    }

    /// Opens a run that this device keeps.
    pub(super) fn open_run(self: &Rc<Self>, id: &str, push: bool) {
        let link = Link {
            kept: Some(id.to_owned()),
            ..Link::default()
        };
        if let Err(notice) = self.open_kept(link, push) {
            self.note(notice);
        }
    }

    /// The Back or Forward button was pressed, or somebody typed an address.
    pub(in crate::ui) fn travelled(self: &Rc<Self>) {
        self.route();
        self.publish();
        self.redraw();
    }

    /// Opens a lab at its beginning.
    ///
    /// # Errors
    /// A notice, where there is no such lab.
    pub(super) fn open_lab(self: &Rc<Self>, id: &str, push: bool) -> Result<(), Notice> {
        let unknown = || Notice::plain(Phrase::new("app.no-lab").echo("lab", id));
        let plugin = protocols::find(id).ok_or_else(unknown)?;
        let id = plugin.card().id;
        self.when_words(self.lang(), Some(id), move |desk| {
            let lab: &'static dyn Lab = plugin;
            desk.end_seek();
            let mut player = Player::new(plugin, lab.setup(lab.first_seed()));
            // A lab that is opened anew is alive, unless the person wants no motion.
            player.play(!page::reduced_motion());
            desk.set_player(Some(player), &format!("#/{id}"), page::new_id(), push);
        });
        Ok(())
    }

    /// Opens a story at its beginning, as a person asked for it.
    pub(super) fn begin_story(self: &Rc<Self>, text: &str, subject: Option<Subject>) {
        self.open_at(text, Then::Begin, page::new_id(), subject);
    }

    /// Opens a story, as the run of this number; what it is about stands over the stage.
    pub(super) fn open_at(
        self: &Rc<Self>,
        text: &str,
        then: Then,
        run: String,
        subject: Option<Subject>,
    ) {
        let story = text.to_owned();
        self.when_lab(text, move |desk| match desk.player_of(&story, then) {
            Ok(mut player) => {
                player.is_about(subject);
                desk.show(player, run, true);
            }
            Err(notice) => desk.note(notice),
        });
    }

    /// A player that works through a story.
    pub(super) fn player_of(&self, text: &str, then: Then) -> Result<Player, Notice> {
        let story = Story::parse(text, &protocols::labs(), &mut |_| Ok(()));
        let story = story.map_err(|error| complaint(&error))?;
        let id = story.names.lab.card().id;
        let unknown = || Notice::plain(Phrase::new("app.no-lab").echo("lab", id));
        let plugin = protocols::find(id).ok_or_else(unknown)?;
        let mut player = self.make_player(plugin, &story);
        player.run_story(&story, then);
        Ok(player)
    }

    /// Shows a run, as soon as the words of its lab are there.
    pub(super) fn show(self: &Rc<Self>, mut player: Player, run: String, push: bool) {
        let id = player.plugin().card().id;
        self.when_words(self.lang(), Some(id), move |desk| {
            // What is quick is done before anything is drawn, so that there is no flicker.
            let began = page::now_ms();
            player.work(&|| page::now_ms() - began > 40.0);
            desk.set_player(Some(player), &format!("#/{id}"), run, push);
            if push {
                desk.address.borrow_mut().changed();
            }
        });
    }

    pub(super) fn make_player(&self, plugin: &'static dyn Plugin, story: &Story) -> Player {
        let mut player = Player::new(plugin, story.setup.clone());
        if let Some(speed) = self.with_player(|player| player.usual_speed()) {
            let _ = player.obey(&Intent::SetSpeed(speed));
        }
        player
    }

    pub(super) fn go_home(self: &Rc<Self>, push: bool) {
        self.go_to(Place::Labs, push);
    }

    /// A page that is not about a run.
    pub(super) fn go_to(self: &Rc<Self>, place: Place, push: bool) {
        self.fetching.forget();
        let fragment = place.address();
        *self.place.borrow_mut() = place;
        self.set_player(None, &fragment, page::new_id(), push);
    }

    fn set_player(
        self: &Rc<Self>,
        player: Option<Player>,
        fragment: &str,
        run: String,
        push: bool,
    ) {
        if push {
            // The entry that Back returns to holds the very last state.
            self.write_down(true);
            self.address.borrow_mut().push(fragment, &run);
        }
        // A lesson ends where the learner goes elsewhere, and with it what was searched in it.
        let taught = self.tour.borrow_mut().take().is_some();
        if taught && !self.opens_found(&run) {
            self.end_seek();
        }
        self.place_player(player, run);
        self.visits.set(self.visits.get() + 1);
    }

    /// What is looked at from now on.
    pub(super) fn place_player(self: &Rc<Self>, mut player: Option<Player>, run: String) {
        if let Some(player) = &mut player {
            // Who comes back to a run still knows what it was opened as.
            let mut known = self.subjects.borrow_mut();
            match player.subject() {
                Some(subject) => known.push((run.clone(), subject.clone())),
                None => {
                    let subject = known.iter().find(|(of, _)| *of == run);
                    player.is_about(subject.map(|(_, subject)| subject.clone()));
                }
            }
        }
        let lab = player.as_ref().map(Player::plugin);
        let lab = lab.or_else(|| self.place.borrow().lab());
        self.settings
            .borrow_mut()
            .load(lab.map(|plugin| plugin as &dyn Lab));
        self.leave_experiment();
        self.end_beside();
        self.leave_seek(player.as_ref().map(|player| player.plugin().card().id));
        *self.run.borrow_mut() = run;
        *self.player.borrow_mut() = player;
        *self.notice.borrow_mut() = None;
        *self.spoken.borrow_mut() = None;
        self.restyle();
        self.mirror();
    }
}

/// Whether a story of this id ships with a lab, whose part of the program is there.
fn has_story(plugin: &dyn Plugin, id: &str) -> bool {
    plugin.info().stories.iter().any(|story| story.id == id)
}

/// What is wrong with a story, and where.
fn complaint(error: &StoryError) -> Notice {
    let phrase = Phrase::new("app.story-wrong")
        .with("line", error.line)
        .with("column", error.column);
    Notice::about(phrase, "complaint", error.complaint.clone())
}

/// What is wrong with an address. Who writes a parameter of the lab into it is told where parameters stand.
fn of_parameter(fragment: &str, wrong: Phrase) -> Phrase {
    let lab = fragment.trim_start_matches(['#', '/']).split('?').next();
    let plugin = lab.and_then(protocols::find);
    let part = wrong.args.iter().find(|(name, _)| *name == "part");
    match (plugin, part) {
        (Some(plugin), Some((_, part))) if wrong.key == "link-unknown" => {
            // Without the lab nobody knows its parameters.
            let id = plugin.card().id;
            let has = |part: &str| plugin.info().params.iter().any(|param| param.name == part);
            if !assets::has_part(id) || !has(part) {
                return wrong;
            }
            let phrase = Phrase::new("app.link-param").with("lab", id);
            phrase.echo("name", part)
        }
        _ => wrong,
    }
}
