//! What the page shows, place by place.

use super::{App, Message, presenting};
use crate::ui::assets;
use crate::ui::desk::{DeskRef, View};
use crate::ui::embed;
use crate::ui::experiment;
use crate::ui::front::Front;
use crate::ui::help::help;
use crate::ui::lesson::{self, LessonProps, Place};
use crate::ui::model::{Intent, ShotRef};
use crate::ui::panels::{PanelProps, side};
use crate::ui::seek::{self, SeekProps};
use crate::ui::stage::Stage;
use crate::ui::stories::{self, DrawerProps};
use crate::ui::study::{self, Beside, StudyProps};
use crate::ui::timeline::{TimelineProps, timeline};
use crate::view::caption::width;
use std::rc::Rc;
use web_sys::MouseEvent;
use yew::{Callback, Context, Html, classes, html};

/// A notice of fewer letters is a short one, in units of their size.
const SHORT: f64 = 60.0;

impl App {
    /// What lies over the page when it is asked for.
    pub(super) fn dialogs(&self, ctx: &Context<Self>) -> Html {
        let (link, words) = (ctx.link(), &self.news.words);
        html! {
            <div key="dialogs">
                { help(self.help, words, &link.callback(|()| Message::Help(false))) }
                <>{ for assets::has_part("story").then(|| stories::share(self.shared.as_deref(), words,
                    &link.callback(|()| Message::Share(false)), &link.callback(|()| Message::Embed(true)))) }</>
                <>{ for self.embedding(ctx) }</>
            </div>
        }
    }

    fn embedding(&self, ctx: &Context<Self>) -> Option<Html> {
        let View::Lab(shot) = &self.news.view else {
            return None;
        };
        let close = ctx.link().callback(|()| Message::Embed(false));
        assets::has_part("embed").then(|| embed::dialog(self.embedded.as_deref(), shot, &close))
    }

    pub(super) fn notice(&self, on: &Callback<Intent>) -> Html {
        let (text, answer) = match &self.news.view {
            View::Front => (self.news.notice.clone(), false),
            View::Lab(shot) => (shot.notice.clone(), shot.notice_answers),
        };
        let hidden = text.is_none();
        // A short one stands in the corner, so that no node is below it.
        let short = |text: &String| width(text, 1.0) <= SHORT;
        let brief = text.as_ref().is_some_and(short).then_some("brief");
        let onclick = on.reform(|_: MouseEvent| Intent::Dismiss);
        html! {
            <div key="notice" class={classes!("notice", answer.then_some("answer"), brief)} role="alert" {hidden}>
                <span>{ text }</span>
                <button type="button" class="tbtn plain" aria-label={self.news.words.text("app.dismiss")}
                    {onclick}>{ "\u{2715}" }</button>
            </div>
        }
    }

    pub(super) fn front(&self, ctx: &Context<Self>, on: &Callback<Intent>) -> Html {
        let words = &self.news.words;
        match &self.news.place {
            Place::Labs => {}
            Place::Lessons => {
                return lesson::lessons(words, on, &ctx.link().callback(Message::File));
            }
            Place::Articles => {
                if self.articles.is_none() {
                    let link = ctx.link().clone();
                    wasm_bindgen_futures::spawn_local(async move {
                        // Where it does not come the page has no paths, and asks no more.
                        let text = assets::fetch_articles().await;
                        link.send_message(Message::Articles(text.unwrap_or_default()));
                    });
                }
                return lesson::articles(words, self.news.lang, on, self.articles.as_deref());
            }
            Place::Compare => {
                if self.compared.is_none() {
                    let link = ctx.link().clone();
                    wasm_bindgen_futures::spawn_local(async move {
                        let text = assets::fetch_compare().await;
                        link.send_message(Message::Compared(text.unwrap_or_default()));
                    });
                }
                return lesson::compare(words, self.news.lang, on, self.compared.as_deref());
            }
            Place::Ask(address, page) => return lesson::ask(words, on, address, *page),
            Place::Experiment(_, asked) => return self.experiment(ctx, asked, on),
        }
        html! { <div key="front"><Front lang={self.news.lang} words={Rc::clone(&self.news.words)} on={on.clone()} /></div> }
    }

    fn experiment(&self, ctx: &Context<Self>, asked: &str, on: &Callback<Intent>) -> Html {
        let page = self.news.place.lab().map(|plugin| {
            experiment::page(&experiment::PageProps {
                plugin,
                asked,
                words: Rc::clone(&self.news.words),
                progress: self.news.experiment.clone(),
                point: self.point.0,
                on: on.clone(),
                on_point: ctx.link().callback(Message::Point),
                desk: DeskRef(Rc::clone(&self.desk)),
            })
        });
        html! { <div key="experiment">{ for page }</div> }
    }

    /// The right column: the panels, or a run beside this one.
    fn right(&self, column: &PanelProps, desk: &DeskRef) -> Html {
        match self.news.beside.clone() {
            Some(second) => {
                let (first, on) = (column.shot.clone(), column.on.clone());
                let lab = second.shot.plugin.card().id;
                let title = study::title(&first, &second.partner);
                html! {
                    <Beside key={lab} {first} second={second.shot} {title} unknown={second.unknown}
                        desk={desk.clone()} {on} />
                }
            }
            None => html! { <div key="panels" class="panels">{ side(column) }</div> },
        }
    }

    fn study(&self, ctx: &Context<Self>, shot: &ShotRef, on: &Callback<Intent>) -> Html {
        let drawer = self.study.filter(|_| !self.seek).map(|tab| {
            study::study(&StudyProps {
                shot,
                tab,
                on: on.clone(),
                on_tab: ctx.link().callback(Message::Study),
            })
        });
        html! { <>{ for drawer }</> }
    }

    /// The search, where its drawer is open.
    fn seeking(&self, shot: &ShotRef, on: &Callback<Intent>) -> Html {
        let progress = self.news.seek.as_deref().filter(|_| self.seek);
        let drawer = progress.map(|progress| {
            seek::drawer(&SeekProps {
                shot,
                progress,
                on: on.clone(),
            })
        });
        html! { <>{ for drawer }</> }
    }

    fn drawer(&self, ctx: &Context<Self>, shot: &ShotRef, on: &Callback<Intent>) -> Html {
        let uncovered = !self.seek && self.study.is_none();
        let drawer = self.drawer.as_ref().filter(|_| uncovered).map(|drawer| {
            stories::drawer(&DrawerProps {
                shot,
                desk: DeskRef(Rc::clone(&self.desk)),
                drawer,
                on: on.clone(),
                on_change: ctx.link().callback(Message::Drawer),
                on_file: ctx.link().callback(Message::File),
            })
        });
        html! { <>{ for drawer }</> }
    }

    fn lesson(&self, ctx: &Context<Self>, shot: &ShotRef, on: &Callback<Intent>) -> Option<Html> {
        let taught = self.news.lesson.as_ref()?;
        let panel = lesson::panel(&LessonProps {
            taught,
            shot,
            on: on.clone(),
            on_term: ctx.link().callback(Message::Term),
        });
        let card = lesson::glossary(self.term.as_ref(), &self.news.words, self.news.lang);
        Some(html! { <div key="lesson" class="lessonplace">{ panel }{ card }</div> })
    }

    pub(super) fn lab(&self, ctx: &Context<Self>, shot: &ShotRef, on: &Callback<Intent>) -> Html {
        let desk = DeskRef(Rc::clone(&self.desk));
        let column = PanelProps {
            shot: shot.clone(),
            on: on.clone(),
        };
        let below = TimelineProps {
            shot: shot.clone(),
            desk: desk.clone(),
            works: self.news.works,
            on: on.clone(),
        };
        let taught = self.news.lesson.as_ref();
        html! {
            <main key="lab" class={classes!("bench", self.news.beside.is_some().then_some("two"),
                taught.map(|_| "taught"), taught.filter(|taught| taught.tour.is_first_look()).map(|_| "first"))}>
                <Stage key="stage" shot={shot.clone()} desk={desk.clone()} tool={self.tool}
                    on={on.clone()} on_tool={ctx.link().callback(Message::Tool)} />
                <aside key="side">{ self.right(&column, &desk) }</aside>
                { timeline(&below) }
                { presenting::presenting(shot, on) }
                { self.study(ctx, shot, on) }
                { self.drawer(ctx, shot, on) }
                { self.seeking(shot, on) }
                { for self.lesson(ctx, shot, on) }
                <pre key="print" id="print-story" />
            </main>
        }
    }
}
