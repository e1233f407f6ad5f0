//! What a message needs of the program that may not have come yet (`build/split.mjs`).

use super::Message;
use crate::ui::assets;
use crate::ui::desk::View;
use crate::ui::model::Intent;

/// The first part of the program that this message needs and that is not there.
pub(super) fn missing(message: &Message) -> Option<&'static str> {
    let common: &[&'static str] = match message {
        _ if !waits(message) => &[],
        // A lab's first picture needs no more.
        Message::Intent(Intent::OpenLab(_)) => &["rest"],
        _ => &["rest", "later"],
    };
    let mut parts = common.iter().chain(own(message)).copied();
    parts.find(|part| !assets::has_part(part))
}

/// The part that comes behind what is to be seen, before anybody wants it.
pub(super) fn behind(view: &View) -> &'static str {
    match view {
        View::Front => "rest",
        View::Lab(_) => "later",
    }
}

/// The parts besides the rest.
fn own(message: &Message) -> &'static [&'static str] {
    match message {
        Message::Study(Some(_)) => &["study"],
        Message::Drawer(_) | Message::Share(true) => &["story"],
        Message::Embed(true) => &["embed"],
        Message::File(_) => &["story", "lesson"],
        Message::Intent(intent) => match intent {
            Intent::Seek(_) => &["search"],
            Intent::Experiment(_) => &["experiment"],
            Intent::Lesson(_) => &["lesson"],
            Intent::Beside(_) => &["study"],
            Intent::Visit(place) => place.parts(),
            _ => &[],
        },
        _ => &[],
    }
}

/// Whether a message needs the rest; the front page itself does with its first part.
fn waits(message: &Message) -> bool {
    match message {
        Message::File(_) | Message::Travelled => true,
        Message::Intent(intent) => !matches!(
            intent,
            Intent::SetLang(_) | Intent::SetTheme(_) | Intent::Home | Intent::Dismiss
        ),
        _ => false,
    }
}
