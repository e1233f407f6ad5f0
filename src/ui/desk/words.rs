//! The words of what is to be shown, which may have to be fetched first.

use super::Desk;
use crate::lab::{Dictionary, Lab, Lang, Phrase};
use crate::ui::assets;
use crate::ui::player::Notice;
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

    /// Whether the words are there. If not they are fetched, and `again` is done then; where they do not
    /// come all stays as it is, and the page says so.
    pub(super) fn has_words(
        self: &Rc<Self>,
        lang: Lang,
        lab: Option<&'static str>,
        again: impl FnOnce(&Rc<Self>) + 'static,
    ) -> bool {
        self.fetching.forget();
        let mut wanted = [None, lab].into_iter();
        if wanted.all(|lab| assets::words(lang, lab).is_some()) {
            return true;
        }
        let (desk, wish) = (Rc::clone(self), self.fetching.wish.get());
        self.fetching.waits.set(true);
        wasm_bindgen_futures::spawn_local(async move {
            let came = assets::fetch_words(lang, lab).await;
            if desk.fetching.wish.get() != wish {
                return;
            }
            desk.fetching.forget();
            if came {
                again(&desk);
            } else {
                desk.say(Notice::plain(Phrase::new("app.no-words")));
            }
            desk.publish();
            desk.redraw();
        });
        false
    }

    /// Changes the language, as soon as its words are there.
    pub(super) fn set_lang(self: &Rc<Self>, lang: Lang) {
        let lab = self.with_player(|player| player.plugin().info().id);
        if !self.has_words(lang, lab, move |desk| desk.set_lang(lang)) {
            return;
        }
        let player = self.player.borrow();
        let lab = player.as_ref().map(|player| player.plugin() as &dyn Lab);
        self.settings.borrow_mut().set_lang(lang, lab);
        drop(player);
        self.restyle();
    }
}
