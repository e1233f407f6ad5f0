//! The desk of an embedded run: it opens what the address of the frame says, writes nothing down, and
//! carries out what the page around asks.

use super::Desk;
use super::news::News;
use crate::lab::{Phrase, Story};
use crate::protocols;
use crate::ui::assets;
use crate::ui::guard;
use crate::ui::model::{Intent, Theme};
use crate::ui::page;
use crate::ui::player::{Notice, Player, Then};
use crate::ui::settings::Settings;
use crate::ui::timeline::speed_of;
use crate::view::Embed;
use std::rc::Rc;
use yew::Callback;

impl Desk {
    /// A desk without a run yet.
    pub(in crate::ui) fn framed(embed: &Embed, tell: Callback<News>) -> Rc<Self> {
        let theme = match embed.dark {
            None => Theme::Device,
            Some(false) => Theme::Light,
            Some(true) => Theme::Dark,
        };
        Self::with(Settings::framed(theme), true, tell)
    }

    /// Opens what the frame is about; what was there before is over. What is wrong becomes the notice.
    pub(in crate::ui) fn open_framed(self: &Rc<Self>, embed: &Rc<Embed>) {
        let own = Rc::clone(embed);
        let text = match &embed.link.story {
            Some(story) => story.clone(),
            None => format!("lab {}", embed.link.lab),
        };
        self.when_lab(&text, move |desk| {
            if let Err(notice) = desk.find_framed(&own) {
                desk.refuse_framed(notice);
            }
        });
        self.publish();
        self.wake();
    }

    fn find_framed(self: &Rc<Self>, embed: &Rc<Embed>) -> Result<(), Notice> {
        let (lab, link) = (embed.link.lab.as_str(), &embed.link);
        let known = protocols::find(lab).map(|plugin| plugin.card().id);
        if known.is_none() && link.story.is_none() {
            let labs = protocols::labs();
            let labs: Vec<&str> = labs.iter().map(|lab| lab.card().id).collect();
            let unknown = Phrase::new("embed-wrong")
                .with("name", "lab")
                .echo("value", lab);
            return Err(Notice::plain(unknown.with("takes", labs.join(", "))));
        }
        // What a fault of ours interrupted goes on.
        if let Some(story) = guard::handover() {
            let player = self.player_of(&story, Then::Stay)?;
            self.show_framed(embed, player);
        } else if let (Some(id), Some(lab)) = (embed.shipped.clone(), known) {
            self.fetch_framed(Rc::clone(embed), lab, id);
        } else if let Some(story) = &link.story {
            self.show_framed(embed, self.linked_player(link, story)?);
        } else {
            let seed = protocols::find(lab).map_or(1, |plugin| plugin.first_seed());
            let line = embed.first_line(seed);
            let read = Story::parse(&line, &protocols::labs(), &mut |_| Ok(()));
            read.map_err(|error| {
                let about = Phrase::new("embed-params").echo("value", &embed.params);
                Notice::about(about, "complaint", error.complaint)
            })?;
            self.show_framed(embed, self.player_of(&line, Then::Begin)?);
        }
        Ok(())
    }

    fn fetch_framed(self: &Rc<Self>, embed: Rc<Embed>, lab: &'static str, id: String) {
        let desk = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            let unknown = || {
                let phrase = Phrase::new("embed-no-story").with("lab", lab);
                Notice::plain(phrase.echo("story", &id))
            };
            let text = assets::fetch_story(lab, &id).await.ok_or_else(unknown);
            let player = text.and_then(|text| desk.linked_player(&embed.link, &text));
            match player {
                Ok(player) => desk.show_framed(&embed, player),
                Err(notice) => desk.refuse_framed(notice),
            }
            desk.publish();
            desk.redraw();
        });
    }

    fn show_framed(self: &Rc<Self>, embed: &Embed, mut player: Player) {
        if let Some(speed) = embed.speed.and_then(speed_of) {
            let _ = player.obey(&Intent::SetSpeed(speed));
        }
        if embed.readonly {
            player.open_only(Some(&[]));
        }
        self.show(player, page::new_id(), false);
    }

    /// There is nothing to be shown but this sentence.
    pub(in crate::ui) fn refuse_framed(self: &Rc<Self>, notice: Notice) {
        *self.player.borrow_mut() = None;
        self.note(notice);
    }

    /// Carries out a line of a story that the author of the page around wrote. He may do so in a run at
    /// which a reader can only look.
    ///
    /// # Errors
    /// What is wrong with the line, and at which column.
    pub(in crate::ui) fn obey_framed(self: &Rc<Self>, line: &str) -> Result<(), (usize, String)> {
        let words = self.words();
        let read = self.with_player(|player| {
            Story::place_command(line, player.names(), player.history().run().world())
        });
        let Some(read) = read else { return Ok(()) };
        let command = read.map_err(|error| (error.column, words.say(&error.complaint)))?;
        let open = self.with_player(Player::open_verbs).flatten();
        self.open_verbs(None);
        self.intend(&Intent::Give(vec![command]));
        self.open_verbs(open.as_deref());
        Ok(())
    }

    fn open_verbs(&self, verbs: Option<&[String]>) {
        if let Some(player) = &mut *self.player.borrow_mut() {
            player.open_only(verbs);
        }
    }
}
