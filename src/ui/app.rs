//! The page as a whole: it hands news down and intents up.

mod arriving;
mod listeners;
mod presenting;
mod shown;
mod waiting;

pub(super) use arriving::wish_lessons;

use super::assets;
use super::desk::{Desk, News, Taught, View};
use super::embed;
use super::experiment;
use super::guard;
use super::header::{self, HeaderProps, header};
use super::keys::{self, Wish};
use super::lesson::{self, Wish as Learn};
use super::model::{Intent, Seek};
use super::page;
use super::panels;
use super::rest::{self, Rest};
use super::settings;
use super::stage::Tool;
use super::stories::{self, Change, Drawer, Read};
use super::study;
use super::subject::subject;
use gloo::events::EventListener;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::KeyboardEvent;
use yew::{Component, Context, Html, html};

thread_local! {
    /// The one desk of the page, for the exports.
    static DESK: RefCell<Option<Rc<Desk>>> = const { RefCell::new(None) };
}

/// The page's desk, once it is mounted.
pub(super) fn desk() -> Option<Rc<Desk>> {
    DESK.with_borrow(Clone::clone)
}

/// From now on this is the page's desk.
pub(super) fn place_desk(desk: &Rc<Desk>) {
    DESK.set(Some(Rc::clone(desk)));
}

/// Mounts the page on the element `#app`, as soon as it can show the lab that its address names.
///
/// # Panics
/// Where `index.html` has no such element.
pub(super) async fn mount(words: String) {
    guard::install();
    let lang = settings::first_lang();
    assets::keep(lang, None, words);
    if embed::wanted() {
        return embed::mount();
    }
    // Where they do not come the desk asks once more, and says so.
    let _ = assets::fetch_words(lang, Desk::first_lab()).await;
    let host = page::document().get_element_by_id("app");
    yew::Renderer::<App>::with_root(host.expect("index.html has #app")).render();
}

/// See the module.
struct App {
    desk: Rc<Desk>,
    news: News,
    tool: Tool,
    help: bool,
    /// The open tab of the drawer with branches and charts, while that is open.
    study: Option<&'static str>,
    /// The link in the share dialog, while that is open.
    shared: Option<String>,
    /// The same in the dialog that gives the lines to embed it.
    embedded: Option<String>,
    drawer: Option<Drawer>,
    /// Whether the drawer of the search is open. It lies over the others.
    seek: bool,
    /// The term of the glossary that is looked at.
    term: Option<lesson::Shown>,
    /// The title of the document, and how often somebody had come somewhere when it was shown last.
    titled: (String, u32),
    /// How far the lesson was when it was shown last: its name, the page, the steps.
    came: Option<(String, usize, usize)>,
    /// What stands on the page of the articles, once it has come.
    articles: Option<String>,
    /// What stands on the page that sets protocols side by side, once it has come.
    compared: Option<String>,
    /// The point of the experiment whose runs are listed, and whether it was just chosen.
    point: (Option<u64>, bool),
    /// What waits for a part of the program.
    rest: Rest<Message>,
    _listeners: Vec<EventListener>,
}

enum Message {
    News(News),
    Intent(Intent),
    Tool(Tool),
    Help(bool),
    Study(Option<&'static str>),
    Share(bool),
    Embed(bool),
    Drawer(Change),
    /// A file was chosen or dropped.
    File(Read),
    /// A term of the glossary is looked at, or none any more.
    Term(Option<web_sys::Event>),
    /// The glossary has come.
    Came,
    /// The page of the articles has come.
    Articles(String),
    /// What was measured of protocols has come.
    Compared(String),
    /// A point of the experiment is chosen.
    Point(u64),
    /// A part of the program has come, or has not.
    Rest(bool),
    /// It is to be fetched once more, or it is wanted no more.
    Again(bool),
    /// The browser prints the page, or has printed it.
    Print(bool),
    Key(KeyboardEvent),
    Travelled,
    Theme,
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let desk = Desk::new(ctx.link().callback(Message::News));
        place_desk(&desk);
        desk.open_first();
        let news = desk.news();
        App {
            desk,
            news,
            tool: Tool::Select,
            help: false,
            study: None,
            shared: None,
            embedded: None,
            drawer: None,
            seek: false,
            term: None,
            titled: (String::new(), 0),
            came: None,
            articles: None,
            compared: None,
            point: (None, false),
            rest: Rest::default(),
            _listeners: listeners::all(ctx),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        if let Some(part) = waiting::missing(&message) {
            self.rest.want(message, part);
            self.fetch(ctx, part);
            return true;
        }
        match message {
            Message::News(news) => {
                // Who went elsewhere has no search any more.
                let ended = self.seek && !self.desk.seeks();
                self.seek &= !ended;
                let new = self.news != news || ended;
                self.news = news;
                return new;
            }
            Message::Intent(intent) => return self.intend(&intent),
            Message::Tool(tool) => self.tool = tool,
            Message::Help(open) => self.help = open,
            Message::Study(tab) => {
                self.leave_seek();
                self.study = tab;
            }
            Message::Share(open) => self.shared = self.desk.link().filter(|_| open),
            Message::Embed(open) => {
                self.shared = None;
                self.embedded = self.desk.link().filter(|_| open);
            }
            Message::Drawer(change) => {
                // Both drawers have one place; this one keeps a draft while the other is open over it.
                let covered = self.study.take().is_some() && self.drawer.is_some();
                self.leave_seek();
                if !(covered && matches!(change, Change::Toggle)) {
                    stories::change(&mut self.drawer, change);
                }
            }
            Message::File(read) => self.file(read),
            Message::Term(event) => {
                let then = ctx.link().callback(|()| Message::Came);
                let shown = event.and_then(|event| lesson::shown(&event, self.news.lang, &then));
                let new = self.term != shown;
                self.term = shown;
                return new;
            }
            Message::Came => {}
            Message::Articles(text) => self.articles = Some(text),
            Message::Compared(text) => self.compared = Some(text),
            Message::Point(point) => self.point = (Some(point), true),
            Message::Rest(came) => {
                if let Some(wanted) = self.rest.came(came) {
                    let _ = self.update(ctx, wanted);
                }
            }
            Message::Again(again) => {
                if let Some(part) = self.rest.again(again) {
                    self.fetch(ctx, part);
                }
            }
            Message::Print(begins) => {
                self.desk.print(begins);
                return false;
            }
            Message::Key(event) => return self.key(ctx, &event),
            Message::Travelled => {
                self.desk.travelled();
                return false;
            }
            Message::Theme => {
                self.desk.device_theme();
                return false;
            }
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        self.desk.shown();
        let behind = waiting::behind(&self.news.view);
        if !assets::has_part(behind) && self.rest.behind(behind) {
            self.fetch(ctx, behind);
        }
        self.tell_where();
        if std::mem::take(&mut self.point.1) {
            panels::focus("try-runs");
        }
        let taught = self.news.lesson.as_ref();
        let came = taught.map(|Taught { tour, .. }| (tour.lesson.name(), tour.page, tour.reached));
        let before = std::mem::replace(&mut self.came, came);
        match (&self.came, before) {
            (Some((name, page, step)), Some((lesson, old, was)))
                if (name, *page) == (&lesson, old) =>
            {
                // What was just told stands below what was asked.
                if *step > was {
                    lesson::show_told();
                }
            }
            (Some(_), _) => lesson::focus_title(),
            (None, _) => {}
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (link, words) = (ctx.link(), &self.news.words);
        let on = link.callback(Message::Intent);
        // The drawer that is to be seen, and whether it shows the lessons.
        let drawer = self
            .drawer
            .as_ref()
            .filter(|_| !self.seek && self.study.is_none());
        let drawn = drawer.map(Drawer::teaches);
        let head = HeaderProps {
            news: self.news.clone(),
            on: on.clone(),
            on_help: link.callback(|()| Message::Help(true)),
            study_open: self.study.is_some(),
            on_study: {
                let next = self.study.is_none().then_some(study::FIRST);
                link.callback(move |()| Message::Study(next))
            },
            story_open: drawn == Some(false),
            on_story: link.callback(move |()| match drawn {
                Some(true) => Message::Drawer(Change::story()),
                _ => Message::Drawer(Change::Toggle),
            }),
            learn_open: drawn == Some(true),
            on_learn: link.callback(move |()| match drawn {
                Some(true) => Message::Drawer(Change::Toggle),
                _ => Message::Drawer(Change::learn()),
            }),
            on_share: link.callback(|()| Message::Share(true)),
        };
        html! {
            <div class={match self.news.view { View::Front => "page front-page", View::Lab(_) => "page lab-page" }}>
                { header(&head) }
                { subject(&self.news, &on) }
                { self.notice(&on) }
                { match &self.news.view {
                    View::Front => self.front(ctx, &on),
                    View::Lab(shot) => self.lab(ctx, shot, &on),
                } }
                { for assets::has_part("rest").then(|| self.dialogs(ctx)) }
                { rest::notice(&self.rest, words, &link.callback(Message::Again)) }
                <div key="spoken" class="hidden" role="status">{ self.news.spoken.clone() }</div>
            </div>
        }
    }
}

impl App {
    /// Passes on what a person wants. True where no news will tell that the page is to be shown anew.
    fn intend(&mut self, intent: &Intent) -> bool {
        match intent {
            Intent::Seek(Seek::Begin) => (self.seek, self.study) = (true, None),
            Intent::Seek(Seek::Close) => self.seek = false,
            Intent::Experiment(experiment::Try::Begin(_)) => self.point = (None, false),
            // What was chosen is to be looked at: no list lies over it any longer, unless somebody writes there.
            Intent::OpenGolden(..)
            | Intent::OpenRun(_)
            | Intent::Lesson(Learn::Open(..))
            | Intent::Beside(Some(_)) => {
                self.drawer.take_if(|drawer| !drawer.edited());
            }
            _ => {}
        }
        self.desk.intend(intent);
        // The list of the last runs stands in no news.
        matches!(
            intent,
            Intent::ForgetRun(_) | Intent::ForgetRuns | Intent::Seek(_) | Intent::Lesson(_)
        )
    }

    /// The tab says where one is; and who came here within the page is told.
    fn tell_where(&mut self) {
        let title = arriving::title(&self.news);
        if title != self.titled.0 {
            page::document().set_title(&title);
            self.titled.0 = title;
        }
        let before = std::mem::replace(&mut self.titled.1, self.news.visits);
        // The first time the page was loaded here, and the browser says so by itself.
        if before > 0 && before < self.news.visits {
            arriving::arrived(&self.news.place);
        }
    }

    /// Another drawer takes the place of the search, which would go on unseen.
    fn leave_seek(&mut self) {
        if self.seek {
            self.intend(&Intent::Seek(Seek::Close));
        }
    }

    /// Fetches a part of the program, where none is under way.
    fn fetch(&mut self, ctx: &Context<Self>, part: &'static str) {
        if !self.rest.ask() {
            return;
        }
        let link = ctx.link().clone();
        wasm_bindgen_futures::spawn_local(async move {
            link.send_message(Message::Rest(assets::fetch_part(part).await));
        });
    }

    fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        if event.key() == "Escape" && self.rest.leave() {
            return true;
        }
        if event.key() == "Escape" && header::close_setup(true) {
            return false;
        }
        let View::Lab(shot) = &self.news.view else {
            return false;
        };
        let open = self.seek || self.study.is_some() || self.drawer.is_some();
        if open && keys::puts_away(event, shot, self.tool) {
            return self.put_away();
        }
        let runs = shot.playing || self.news.works;
        match keys::read(event, shot, self.tool, runs) {
            Some(Wish::Intent(intent)) => self.desk.intend(&intent),
            Some(Wish::Tool(tool)) => ctx.link().send_message(Message::Tool(tool)),
            Some(Wish::Help) => ctx.link().send_message(Message::Help(true)),
            None => {}
        }
        false
    }

    /// Closes what lies uppermost beside the stage.
    fn put_away(&mut self) -> bool {
        if self.seek {
            self.leave_seek();
        } else if self.study.take().is_none() {
            stories::change(&mut self.drawer, Change::Toggle);
        }
        true
    }

    /// A file is opened; one that cannot be is shown in the drawer, with its mistake marked.
    fn file(&mut self, read: Read) {
        let text = match read {
            Ok(text) => text,
            Err(phrase) => return self.desk.tell(phrase),
        };
        // A lesson begins with its head, and progress is a table.
        let lesson = text.starts_with("---");
        if lesson
            || text
                .lines()
                .next()
                .is_some_and(|line| line.split('\t').count() == 3)
        {
            let wish = if lesson {
                Learn::Read(text)
            } else {
                Learn::Import(text)
            };
            return self.desk.intend(&Intent::Lesson(wish));
        }
        let fine = stories::wrong(&text).is_none();
        self.desk.intend(&Intent::OpenStory(text.clone()));
        if !fine && matches!(self.news.view, View::Lab(_)) {
            stories::change(&mut self.drawer, Change::Offer(text));
        }
    }
}
