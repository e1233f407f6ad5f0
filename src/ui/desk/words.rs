//! The words of what is to be shown, which may have to be fetched first.

use super::Desk;
use crate::lab::{Dictionary, Lab, Lang, Phrase};
use crate::ui::assets;
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

impl Desk {
    pub(super) fn lang(&self) -> Lang {
        self.settings.borrow().lang
    }

    /// The words of the page as it is.
    pub(in crate::ui) fn words(&self) -> Rc<Dictionary> {
        Rc::clone(&self.settings.borrow().words)
    }

    /// Does what needs words: at once where they are there, else when they were fetched.
    pub(super) fn when_words(
        self: &Rc<Self>,
        lang: Lang,
        lab: Option<&'static str>,
        then: impl FnOnce(&Rc<Self>) + 'static,
    ) {
        self.fetching.forget();
        let mut wanted = [None, lab].into_iter();
        if wanted.all(|lab| assets::words(lang, lab).is_some()) {
            return then(self);
        }
        let fetched = async move { assets::fetch_words(lang, lab).await.then_some(()) };
        self.when_fetched(fetched, move |desk, ()| then(desk));
    }

    /// Opens a story that ships with a lab, when it was fetched.
    pub(super) fn open_golden(self: &Rc<Self>, lab: &'static str, story: &'static str) {
        let fetched = assets::fetch_story(lab, story);
        self.when_fetched(fetched, |desk, text| desk.begin_story(&text));
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
        let id = lab.map(|plugin| plugin.info().id);
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
