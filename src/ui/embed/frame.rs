//! The frame: it owns the desk, hears the page around, and passes on what a person wants, as far as
//! the author lets it be wanted.

use super::call::{Ask, Call, Goal};
use super::said::{self, Refusal, Told};
use super::talk::Talk;
use super::view;
use crate::lab::Link;
use crate::ui::address::Address;
use crate::ui::app;
use crate::ui::desk::{Desk, News, View};
use crate::ui::keys::{self, Wish};
use crate::ui::model::{Intent, MarkKind, ShotRef};
use crate::ui::page;
use crate::ui::panels::no_panel;
use crate::ui::player::Notice;
use crate::ui::stage::Tool;
use crate::view::{Embed, PANELS};
use gloo::events::{EventListener, EventListenerOptions};
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, KeyboardEvent, MessageEvent};
use yew::{Component, Context, Html};

/// What watches whether the frame is on the screen, with what it calls.
type Watch = (IntersectionObserver, Closure<dyn FnMut(js_sys::Array)>);

/// See the module.
pub(super) struct Frame {
    pub(super) embed: Rc<Embed>,
    pub(super) desk: Rc<Desk>,
    pub(super) news: News,
    pub(super) tool: Tool,
    talk: Talk,
    told: Told,
    /// Whether the page around was told that the run is there.
    ready: bool,
    /// Whether anything of the frame is on the screen.
    seen: bool,
    /// It is to play as soon as it is there and seen.
    plays_later: bool,
    _listeners: Vec<EventListener>,
    _observer: Option<Watch>,
}

/// What happens to the frame.
pub(super) enum Message {
    News(News),
    Intent(Intent),
    Tool(Tool),
    Key(KeyboardEvent),
    Heard(MessageEvent),
    Seen(bool),
    /// The run is to begin again as the author has it.
    Restart,
    Theme,
}

impl Component for Frame {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let read = Embed::read(&Address::fragment());
        let embed = Rc::new(read.clone().unwrap_or_default());
        let desk = Desk::framed(&embed, ctx.link().callback(Message::News));
        app::place_desk(&desk);
        match read {
            Ok(_) => desk.open_framed(&embed),
            Err(phrase) => desk.tell(phrase),
        }
        Frame {
            news: desk.news(),
            talk: Talk::new(&embed),
            told: Told::default(),
            ready: false,
            seen: true,
            plays_later: embed.autoplay && !page::reduced_motion(),
            tool: Tool::Select,
            _listeners: listeners(ctx),
            _observer: observer(ctx),
            embed,
            desk,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::News(news) => {
                let new = self.news != news;
                self.news = news;
                self.look();
                return new;
            }
            Message::Intent(intent) => self.intend(&intent),
            Message::Tool(tool) => {
                self.tool = if self.embed.shows("tools") {
                    tool
                } else {
                    Tool::Select
                }
            }
            Message::Key(event) => {
                self.key(ctx, &event);
                return false;
            }
            Message::Heard(event) => {
                if self.talk.hear(&event, &self.embed, &self.news.words) {
                    self.work();
                }
                return false;
            }
            Message::Seen(seen) => {
                self.see(seen);
                return false;
            }
            Message::Restart => {
                self.plays_later = self.embed.autoplay && !page::reduced_motion();
                self.desk.open_framed(&self.embed);
            }
            Message::Theme => {
                self.desk.device_theme();
                return false;
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        view::frame(self, ctx.link())
    }
}

impl Frame {
    fn shot(&self) -> Option<ShotRef> {
        match &self.news.view {
            View::Lab(shot) => Some(shot.clone()),
            View::Front => None,
        }
    }

    fn intend(&self, intent: &Intent) {
        if may(&self.embed, intent) {
            self.desk.intend(intent);
        }
    }

    fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) {
        let Some(shot) = self.shot() else { return };
        let runs = shot.playing || self.news.works;
        match keys::read(event, &shot, self.tool, runs) {
            Some(Wish::Intent(intent)) => self.intend(&intent),
            Some(Wish::Tool(tool)) => ctx.link().send_message(Message::Tool(tool)),
            Some(Wish::Help) | None => {}
        }
    }

    /// Looks at what is new: the run is there, something happened in it, a call is done.
    fn look(&mut self) {
        let Some(shot) = self.shot() else {
            return self.look_at_mistake();
        };
        if self.news.works && !self.ready {
            return;
        }
        if !self.ready {
            self.begin(&shot);
        }
        if !self.news.works && self.plays_later && self.seen {
            self.plays_later = false;
            self.desk.intend(&Intent::Play);
        }
        if self.ready && self.embed.allows("events") {
            for (event, detail) in self.told.news(&shot, &self.state()) {
                self.talk.tell(event, detail);
            }
        }
        if !self.news.works {
            if let Some(id) = self.talk.done() {
                self.talk.answer(&id, self.state());
            }
            self.work();
        }
    }

    /// The run is there for the first time.
    fn begin(&mut self, shot: &ShotRef) {
        if let Some(id) = no_panel(shot, &self.embed.panels) {
            let panels = shot.plugin.panels(shot.run.world(), &shot.names);
            let mut known: Vec<&str> = panels.iter().map(|panel| panel.id()).collect();
            known.extend(PANELS.iter().chain(&["none"]));
            let unknown = crate::lab::Phrase::new("embed-wrong").with("name", "panels");
            let unknown = unknown.echo("value", &id).with("takes", known.join(", "));
            self.desk.refuse_framed(Notice::plain(unknown));
            self.desk.publish();
            return;
        }
        self.ready = true;
        self.told.news(shot, &JsValue::NULL);
        let detail = [
            ("version", Link::VERSION.into()),
            ("lab", shot.plugin.card().id.into()),
            ("nodes", said::nodes(shot)),
            ("allow", self.embed.allow.join(",").into()),
            ("state", self.state()),
        ];
        self.talk.tell("ready", said::object(&detail));
    }

    /// There is no run. Where there is a sentence instead, the page around is told.
    fn look_at_mistake(&mut self) {
        if let Some(notice) = self.news.notice.clone().filter(|_| !self.ready) {
            self.ready = true;
            let detail = said::object(&[("message", notice.into())]);
            self.talk.tell("error", detail);
        }
        while let Some(call) = self.talk.next() {
            self.talk
                .refuse(&call.id, &Refusal::new("no-run"), &self.news.words);
        }
    }

    fn state(&self) -> JsValue {
        let words = self.desk.words();
        let state = self
            .desk
            .with_player(|player| said::state(player, player.notice(&words)));
        state.unwrap_or(JsValue::NULL)
    }

    /// Carries out the calls that wait, until one of them goes on for a while.
    fn work(&mut self) {
        if !self.ready {
            return;
        }
        while let Some(call) = self.talk.next() {
            if let Err(refusal) = self.carry_out(&call) {
                self.talk.refuse(&call.id, &refusal, &self.news.words);
                continue;
            }
            if self.desk.with_player(crate::ui::player::Player::works) == Some(true) {
                self.talk.works_at(call.id);
                return;
            }
            if let Some(stopped) = self.talk.done() {
                self.talk.answer(&stopped, self.state());
            }
            self.talk.answer(&call.id, self.state());
        }
    }

    fn carry_out(&mut self, call: &Call) -> Result<(), Refusal> {
        let here = self.desk.with_player(|player| player.position().step);
        let here = here.ok_or_else(|| Refusal::new("no-run"))?;
        let intent = match &call.ask {
            Ask::State => return Ok(()),
            Ask::Play => Intent::Play,
            Ask::Pause => {
                self.plays_later = false;
                Intent::Pause
            }
            Ask::Step(1) => Intent::StepForward,
            Ask::Step(n) => Intent::SeekStep(here.saturating_add(*n)),
            Ask::Back(n) => Intent::SeekStep(here.saturating_sub(*n)),
            Ask::Seek(Goal::Step(step)) => Intent::SeekStep(*step),
            Ask::Seek(Goal::Moment(time)) => Intent::SeekTime(*time),
            Ask::Seek(Goal::Mark(name)) => self.mark(name)?,
            Ask::Run(line) => {
                let done = self.desk.obey_framed(line);
                return done.map_err(|(column, complaint)| Refusal::at(column, complaint));
            }
            Ask::Set(lang, theme) => {
                if let Some(lang) = lang {
                    self.desk.intend(&Intent::SetLang(*lang));
                }
                if let Some(theme) = theme {
                    self.desk.intend(&Intent::SetTheme(*theme));
                }
                return Ok(());
            }
        };
        self.desk.intend(&intent);
        Ok(())
    }

    fn mark(&self, name: &str) -> Result<Intent, Refusal> {
        let shot = self.shot().ok_or_else(|| Refusal::new("no-run"))?;
        let mut marks = shot.marks.iter();
        let found = marks.find(|mark| mark.kind == MarkKind::Named && mark.text == name);
        let found = found.ok_or_else(|| Refusal::new("place"))?;
        Ok(Intent::GoTo(found.at))
    }

    /// The frame came onto the screen, or left it: there nobody looks at what plays.
    fn see(&mut self, seen: bool) {
        self.seen = seen;
        let playing = self.shot().is_some_and(|shot| shot.playing);
        if !seen && playing && !self.news.works {
            self.plays_later = true;
            self.desk.intend(&Intent::Pause);
        } else if seen {
            self.look();
        }
    }
}

/// Whether the author lets a person want this.
fn may(embed: &Embed, intent: &Intent) -> bool {
    match intent {
        Intent::Play | Intent::Pause => embed.shows("play"),
        Intent::StepForward
        | Intent::StepBack
        | Intent::NextMark
        | Intent::PreviousMark
        | Intent::Turn(_) => embed.shows("step"),
        Intent::GoTo(_) | Intent::SeekStep(_) | Intent::SeekTime(_) => {
            embed.shows("scrub") || !embed.panels.is_empty()
        }
        Intent::SetSpeed(_) => embed.shows("speed"),
        Intent::Switch(_) => embed.shows("branches"),
        Intent::Give(_) => !embed.readonly,
        Intent::Type(_) => embed.shows("tools"),
        Intent::Select(_) | Intent::WhyValue(..) | Intent::Dismiss => true,
        _ => false,
    }
}

/// The events of the whole window that concern the frame.
fn listeners(ctx: &Context<Frame>) -> Vec<EventListener> {
    let window = page::window();
    let link = ctx.link().clone();
    let keys = {
        let link = link.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, "keydown", options, move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                link.send_message(Message::Key(event.clone()));
            }
        })
    };
    let heard = {
        let link = link.clone();
        EventListener::new(&window, "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                link.send_message(Message::Heard(event.clone()));
            }
        })
    };
    let point = EventListener::new(&window, "pointerdown", |_| keys::pointed());
    // The page around gave the frame other settings: it begins anew.
    let settings = EventListener::new(&window, "hashchange", |_| {
        let _ = page::window().location().reload();
    });
    let mut all = vec![keys, heard, point, settings];
    for query in [
        "(prefers-color-scheme: dark)",
        "(prefers-reduced-motion: reduce)",
    ] {
        if let Ok(Some(list)) = window.match_media(query) {
            let link = link.clone();
            all.push(EventListener::new(&list, "change", move |_| {
                link.send_message(Message::Theme);
            }));
        }
    }
    all
}

/// Watches whether the frame is on the screen, in whatever page it stands.
fn observer(ctx: &Context<Frame>) -> Option<Watch> {
    let link = ctx.link().clone();
    let told = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let last = entries.pop().unchecked_into::<IntersectionObserverEntry>();
        link.send_message(Message::Seen(last.is_intersecting()));
    });
    let observer = IntersectionObserver::new(told.as_ref().unchecked_ref()).ok()?;
    observer.observe(&page::root()?);
    Some((observer, told))
}
