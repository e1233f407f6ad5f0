//! What a person chose for the page itself: the language, light and dark. Remembered where the
//! browser allows it.

use super::model::{Presenting, Theme};
use super::{assets, page};
use crate::lab::{Dictionary, Lab, Lang};
use std::rc::Rc;

/// `static/loader.js` reads it.
const LANG: &str = "splitbrain.lang";
const THEME: &str = "splitbrain.theme";
/// Where the style sheet looks.
const PRESENTING: &str = "data-presenting";

/// Language, theme and the texts that go with them.
pub(super) struct Settings {
    pub(super) lang: Lang,
    pub(super) theme: Theme,
    /// Not remembered: a lesson ends.
    pub(super) presenting: Presenting,
    pub(super) words: Rc<Dictionary>,
    /// Whether the browser is to remember them: not in a frame, where the page around chooses.
    remembered: bool,
}

impl Settings {
    /// As remembered, or else as the browser says.
    pub(super) fn recalled() -> Self {
        let lang = first_lang();
        let theme = match page::recall(THEME).as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::Device,
        };
        let words = Rc::new(words(lang, None));
        let settings = Settings {
            lang,
            theme,
            presenting: Presenting::Not,
            words,
            remembered: true,
        };
        settings.show();
        settings
    }

    /// As the page around a frame wants them.
    pub(super) fn framed(theme: Theme) -> Self {
        let lang = first_lang();
        let settings = Settings {
            lang,
            theme,
            presenting: Presenting::Not,
            words: Rc::new(words(lang, None)),
            remembered: false,
        };
        settings.show();
        settings
    }

    fn remember(&self, key: &str, value: &str) {
        if self.remembered {
            page::remember(key, value);
        }
    }

    /// Changes the language.
    pub(super) fn set_lang(&mut self, lang: Lang, lab: Option<&dyn Lab>) {
        self.lang = lang;
        self.remember(LANG, lang.tag());
        self.load(lab);
        self.show();
    }

    /// Takes the words of a lab in, or out where there is none.
    pub(super) fn load(&mut self, lab: Option<&dyn Lab>) {
        self.words = Rc::new(words(self.lang, lab));
    }

    /// The same with the words of another lab.
    pub(super) fn of_lab(&self, lab: &dyn Lab) -> Settings {
        Settings {
            lang: self.lang,
            theme: self.theme,
            presenting: self.presenting,
            words: Rc::new(words(self.lang, Some(lab))),
            remembered: self.remembered,
        }
    }

    /// Changes light and dark.
    pub(super) fn set_theme(&mut self, theme: Theme) {
        self.theme = theme;
        let name = match theme {
            Theme::Device => "device",
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        self.remember(THEME, name);
        self.show();
    }

    /// Begins or ends to present.
    pub(super) fn present(&mut self, presenting: Presenting) {
        self.presenting = presenting;
        self.show();
    }

    /// Writes all on `<html>`, where the style sheets and the screen reader look.
    pub(super) fn show(&self) {
        let dark = match self.theme {
            Theme::Device => page::matches("(prefers-color-scheme: dark)"),
            Theme::Light => false,
            Theme::Dark => true,
        };
        if let Some(root) = page::root() {
            let _ = root.set_attribute("lang", self.lang.tag());
            let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
            let _ = match self.presenting {
                Presenting::Not => root.remove_attribute(PRESENTING),
                Presenting::Asking => root.set_attribute(PRESENTING, "asking"),
                Presenting::Telling => root.set_attribute(PRESENTING, "telling"),
            };
        }
    }
}

/// The language that the page begins with: `static/loader.js` chose it, fetched its words, and wrote
/// it on `<html>`.
pub(super) fn first_lang() -> Lang {
    let tag = page::root().and_then(|root| root.get_attribute("lang"));
    tag.and_then(|tag| Lang::parse(&tag)).unwrap_or_default()
}

/// The texts of the page and, of two for one key, those of the lab.
fn words(lang: Lang, lab: Option<&dyn Lab>) -> Dictionary {
    let own = lab.and_then(|lab| assets::words(lang, Some(lab.card().id)));
    let files = [assets::words(lang, None), own];
    Dictionary::read(&files.map(Option::unwrap_or_default))
}
