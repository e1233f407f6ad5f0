//! The words of what is to be shown, which may have to be fetched first.

use super::Desk;
use crate::lab::{Dictionary, Lab, Lang, Phrase};
use crate::protocols;
use crate::ui::assets;
use crate::ui::model::Subject;
use crate::ui::player::{Notice, Player};
use std::cell::Cell;
use std::rc::Rc;

/// Which words are being fetched: of two wishes the later counts.
#[derive(Default)]
pub(super) struct Fetching {
    wish: Cell<u32>,
    waits: Cell<bool>,
}

impl Fetching {
    /// Whether something waits for its words.
    pub(super) fn waits(&self) -> bool {
        self.waits.get()
    }

    /// What waits is wished no more.
    pub(super) fn forget(&self) {
        self.wish.set(self.wish.get() + 1);
        self.waits.set(false);
    }
}

/// The lab of a story or of a sheet, as far as that is told without reading it.
pub(in crate::ui) fn lab_of(text: &str) -> Option<&'static str> {
    let line = text.lines().find_map(|line| line.strip_prefix("lab "))?;
    let id = line.split_whitespace().next()?;
    protocols::find(id).map(|plugin| plugin.card().id)
}

impl Desk {
    pub(super) fn lang(&self) -> Lang {
        self.settings.borrow().lang
    }

    /// The words of the page as it is.
    pub(in crate::ui) fn words(&self) -> Rc<Dictionary> {
        Rc::clone(&self.settings.borrow().words)
    }

    /// Does what needs words, and the part of the program that is a lab's: at once where they are there, else
    /// when they were fetched.
    pub(super) fn when_words(
        self: &Rc<Self>,
        lang: Lang,
        lab: Option<&'static str>,
        then: impl FnOnce(&Rc<Self>) + 'static,
    ) {
        self.fetching.forget();
        let mut wanted = [None, lab].into_iter();
        let here = lab.is_none_or(assets::has_part);
        if here && wanted.all(|lab| assets::words(lang, lab).is_some()) {
            return then(self);
        }
        let fetched = async move { assets::fetch_words(lang, lab).await.then_some(()) };
        self.when_fetched(fetched, move |desk, ()| then(desk));
    }

    /// Does what reads a story, or a sheet, which needs the part of the program that is its lab's.
    pub(super) fn when_lab(self: &Rc<Self>, text: &str, then: impl FnOnce(&Rc<Self>) + 'static) {
        match lab_of(text) {
            Some(lab) if !assets::has_part(lab) => self.when_words(self.lang(), Some(lab), then),
            Some(_) | None => then(self),
        }
    }

    /// Does what needs these parts of the program.
    pub(super) fn when_parts(
        self: &Rc<Self>,
        parts: &'static [&'static str],
        then: impl FnOnce(&Rc<Self>) + 'static,
    ) {
        if parts.iter().all(|part| assets::has_part(part)) {
            return then(self);
        }
        let fetched = async move {
            for part in parts {
                assets::fetch_part(part).await.then_some(())?;
            }
            Some(())
        };
        self.when_fetched(fetched, move |desk, ()| then(desk));
    }

    /// Opens a story that ships with a lab, when it was fetched.
    pub(super) fn open_golden(self: &Rc<Self>, lab: &'static str, story: &str) {
        let story = story.to_owned();
        let fetched = {
            let story = story.clone();
            async move { assets::fetch_story(lab, &story).await }
        };
        self.when_fetched(fetched, move |desk, text| {
            desk.begin_story(&text, Some(Subject::Story(story)));
        });
    }

    /// Fetches something and goes on with it. Where it does not come all stays as it is, and the
    /// page says so.
    pub(super) fn when_fetched<T: 'static>(
        self: &Rc<Self>,
        fetched: impl Future<Output = Option<T>> + 'static,
        then: impl FnOnce(&Rc<Self>, T) + 'static,
    ) {
        self.fetching.forget();
        let (desk, wish) = (Rc::clone(self), self.fetching.wish.get());
        self.fetching.waits.set(true);
        wasm_bindgen_futures::spawn_local(async move {
            let came = fetched.await;
            if desk.fetching.wish.get() != wish {
                return;
            }
            desk.fetching.forget();
            match came {
                Some(came) => then(&desk, came),
                None => desk.note(Notice::plain(Phrase::new("app.no-words"))),
            }
            desk.publish();
            desk.redraw();
        });
    }

    /// Changes the language, as soon as its words are there: those of the lab beside, too.
    pub(super) fn set_lang(self: &Rc<Self>, lang: Lang) {
        let lab = self.with_player(Player::plugin);
        let lab = lab.or_else(|| self.place.borrow().lab());
        let id = lab.map(|plugin| plugin.card().id);
        let beside = self.lab_beside();
        self.when_words(lang, beside, move |desk| {
            desk.when_words(lang, id, move |desk| {
                let lab = lab.map(|plugin| plugin as &dyn Lab);
                desk.settings.borrow_mut().set_lang(lang, lab);
                desk.restyle();
                desk.translate_lesson(lang);
            });
        });
    }
}
