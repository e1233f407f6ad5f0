//! What is kept of the run: the address, the list of the last runs, and the mirror that outlives
//! a fault of ours.

use super::Desk;
use crate::lab::{Command, Dictionary, Entry, Link, Phrase};
use crate::ui::link;
use crate::ui::model::Subject;
use crate::ui::page;
use crate::ui::player::{Notice, Player};
use crate::ui::runs::{self, Kept};
use crate::ui::{guard, settings::Settings};

/// From here on an address names a run that the device keeps, instead of holding its story.
const LONGEST_ADDRESS: usize = 8000;
/// A story of more bytes is not packed while the run plays: that would be seen.
const QUICK: usize = 16 * 1024;

impl Desk {
    /// What a link to the run holds as it stands.
    fn link_parts(&self) -> Option<Link> {
        self.with_player(|player| {
            let history = player.history();
            Link {
                lab: player.plugin().card().id.to_owned(),
                story: Some(player.story()),
                at: Some(player.position()),
                hash: Some(history.run().world().trace_hash()),
                version: Some(Link::VERSION.to_owned()),
                selected: link::name_of(player.selection(), player.names()),
                branch: history.branch().name.clone(),
                off: rules_off(player),
                opened: match player.subject() {
                    Some(Subject::Story(id)) => Some(id.clone()),
                    Some(Subject::Sample(..)) | None => None,
                },
                ..Link::default()
            }
        })
    }

    /// The whole link to the run as it stands.
    pub(in crate::ui) fn link(&self) -> Option<String> {
        let href = page::window().location().href().ok()?;
        let base = href.split('#').next().unwrap_or_default();
        let parts = self.link_parts()?;
        Some(format!("{base}{}", parts.write()))
    }

    /// The number of this branch of this run on this device.
    fn kept_id(&self) -> String {
        let run = self.run.borrow().clone();
        match self.with_player(|player| player.history().branch_id()) {
            None | Some(0) => run,
            Some(branch) => format!("{run}-{branch}"),
        }
    }

    /// Writes the run into the address bar when it is time to.
    pub(super) fn write_address(&self, still: bool) {
        let due = {
            let address = self.address.borrow();
            address.waits() && address.due()
        };
        if due && self.framed {
            return self.address.borrow_mut().rest();
        }
        let long = self.with_player(|player| player.told_bytes() > QUICK);
        if due && (still || long != Some(true)) {
            self.write_down(still);
            if still {
                self.mirror();
            }
        }
    }

    /// Writes the run into the address bar; and into the list of the last runs, if so wanted.
    pub(super) fn write_down(&self, keep: bool) {
        // While a story is being loaded the address is still that of the story, and while words are
        // being fetched it may be that of the lab which waits for them.
        let loads = self.player.borrow().as_ref().is_some_and(Player::works);
        if loads || self.fetching.waits() || self.framed {
            return;
        }
        let Some(parts) = self.link_parts() else {
            return;
        };
        let (id, mut fragment) = (self.kept_id(), parts.write());
        if let Some(lesson) = self.lesson_fragment() {
            if keep {
                self.keep_as(&id, &fragment);
            }
            return self.address.borrow_mut().replace(&lesson, &id);
        }
        let long = fragment.len() > LONGEST_ADDRESS;
        let kept = (keep || long) && self.keep_as(&id, &fragment);
        if kept && long {
            let kept = Some(id.clone());
            let short = Link {
                story: None,
                kept,
                ..parts
            };
            fragment = short.write();
        }
        self.address.borrow_mut().replace(&fragment, &id);
    }

    /// The run was left for a new one: that has a number of its own, and it is said where the old
    /// one is.
    pub(super) fn began_anew(&self, kept: bool) {
        let fresh = |player: &Player| player.history().branch().log.is_empty();
        if self.with_player(fresh) != Some(true) {
            return;
        }
        *self.run.borrow_mut() = page::new_id();
        if let Some(player) = &mut *self.player.borrow_mut() {
            player.forget_story();
        }
        if let Some(player) = self.player.borrow_mut().as_mut().filter(|_| kept) {
            player.tell(Some(Notice::plain(Phrase::new("app.kept"))));
        }
    }

    /// Keeps the run on the device, if a person did anything in it. True where it is kept.
    pub(super) fn keep(&self) -> bool {
        let parts = self.link_parts();
        parts.is_some_and(|parts| self.keep_as(&self.kept_id(), &parts.write()))
    }

    fn keep_as(&self, id: &str, fragment: &str) -> bool {
        if self.framed {
            return false;
        }
        let settings = self.settings.borrow();
        let title = self
            .with_player(|player| title(player, &settings))
            .flatten();
        title.is_some_and(|title| {
            runs::keep(Kept {
                id: id.to_owned(),
                when_ms: js_sys::Date::now() as u64,
                title,
                fragment: fragment.to_owned(),
            })
        })
    }

    /// On paper the page is light, and has the story.
    pub(in crate::ui) fn print(&self, begins: bool) {
        if begins && let Some(root) = page::root() {
            // What was dark stays so on a page that cannot be changed.
            let _ = root.set_attribute("data-theme", "light");
        } else {
            self.settings.borrow().show();
        }
        self.restyle();
        self.draw();
        let place = page::document().get_element_by_id("print-story");
        if let Some(place) = place {
            let words = self.words();
            let text = self.with_player(|player| on_paper(player, &words));
            place.set_text_content(text.filter(|_| begins).as_deref());
        }
    }

    /// Keeps the story where a fault of ours cannot reach it.
    pub(super) fn mirror(&self) {
        if let Some(player) = &*self.player.borrow() {
            guard::mirror(&player.story());
        }
    }
}

/// The ids of the rules that are off; their number where that would be too long.
fn rules_off(player: &Player) -> Option<String> {
    let rules = player.history().run().world().rules();
    let off = player.names().lab.rules_off(rules);
    let ids = off.join(" ");
    let short = if ids.len() > Link::MAX_NAME {
        off.len().to_string()
    } else {
        ids
    };
    (!off.is_empty()).then_some(short)
}

/// What stands below the pictures: every check with its verdict, and the story.
fn on_paper(player: &Player, words: &Dictionary) -> String {
    let mut text = String::new();
    for (check, verdict) in player.history().run().verdicts().iter() {
        let sentence = words.text(&format!("check.{}", check.id));
        let verdict = words.text(&format!("verdict.{}", verdict.id()));
        text.push_str(&format!("{sentence}: {verdict}\n"));
    }
    text.push('\n');
    text.push_str(&player.story());
    text
}

/// What a run is called in the list; `None` for one in which nobody did anything, which its lab
/// and seed bring back.
fn title(player: &Player, settings: &Settings) -> Option<String> {
    let log = &player.history().branch().log;
    let first_mark = log.iter().find_map(|logged| match &logged.entry {
        Entry::Annotation(Command::Mark(name)) => Some(name.clone()),
        Entry::Annotation(_) | Entry::Act(_) => None,
    });
    let words = &settings.words;
    let what = first_mark.unwrap_or_else(|| {
        let seed = player.history().setup().seed;
        let count = Phrase::new("runs.commands").with("seed", seed);
        let count = count.with("n", log.len());
        words.say(&count)
    });
    (!log.is_empty()).then(|| format!("{}: {what}", words.text("lab.title")))
}
