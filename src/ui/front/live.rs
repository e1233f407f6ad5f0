//! The hero of the front page: a real cluster at work, whose leader can be killed right there.

use super::picture::{node, num};
use crate::engine::{Facts, NodeId, Time};
use crate::lab::{Command, Dictionary, Lab, Names, Phrase, fact_text};
use crate::sim::{Status, World};
use crate::ui::lesson::{Wish, link_to};
use crate::ui::model::Intent;
use crate::ui::page;
use crate::view::{NodeCard, Plugin, Tone, node_controls};
use gloo::render::{AnimationFrame, request_animation_frame};
use std::rc::Rc;
use yew::{Callback, Component, Context, Html, Properties, html};

/// What the hero is given.
#[derive(Properties)]
pub(super) struct LiveProps {
    pub(super) plugin: &'static dyn Plugin,
    pub(super) words: Rc<Dictionary>,
    pub(super) on: Callback<Intent>,
}

impl PartialEq for LiveProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.words, &other.words) && self.on == other.on
    }
}

/// How fast its time passes.
const SPEED: f64 = 0.06;
/// A picture is drawn so often at most, in milliseconds.
const EVERY_MS: f64 = 33.0;
/// The most events until somebody leads.
const MOST_EVENTS: usize = 600;
/// How far a message is drawn that will be lost.
const LOST_AT: f64 = 0.5;

/// See the module.
pub(super) struct Live {
    /// Nothing is judged here, so the checks can come with the rest of the program.
    world: World,
    names: Names,
    clock_us: f64,
    last_ms: f64,
    /// Who was killed, and when.
    killed: Option<(NodeId, Time)>,
    /// How long it took until another one led.
    gap: Option<Time>,
    frame: Option<AnimationFrame>,
}

pub(super) enum Message {
    Frame(f64),
    Kill(NodeId),
}

impl Component for Live {
    type Message = Message;
    type Properties = LiveProps;

    fn create(ctx: &Context<Self>) -> Self {
        let lab: &'static dyn Lab = ctx.props().plugin;
        let setup = lab.setup(7);
        let world = lab.world(&setup);
        let names = Names::of(lab, &world);
        let mut live = Live {
            world,
            names,
            clock_us: 0.0,
            last_ms: 0.0,
            killed: None,
            gap: None,
            frame: None,
        };
        live.until_led(ctx);
        if !page::reduced_motion() {
            live.wake(ctx);
        }
        live
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Frame(now_ms) => {
                self.wake(ctx);
                let since = now_ms - self.last_ms;
                if since < EVERY_MS {
                    return false;
                }
                self.last_ms = now_ms;
                self.clock_us += since.min(100.0) * 1000.0 * SPEED;
                let target = Time(self.clock_us as u64);
                let due = |world: &World| world.next_time().is_some_and(|due| due <= target);
                while due(&self.world) && self.world.step() {}
                self.world.advance_to(target);
                self.look(ctx);
            }
            Message::Kill(node) => {
                let controls = node_controls(&self.world, &self.names, node);
                let kill = controls
                    .iter()
                    .find(|control| control.label.key == "control.kill");
                if let Some(Command::Act(action)) = kill.and_then(|kill| kill.commands.first()) {
                    // A node that died meanwhile is dead.
                    let _ = self.world.act(action);
                    self.killed = Some((node, self.world.now()));
                    self.gap = None;
                }
                if page::reduced_motion() {
                    self.until_led(ctx);
                    self.look(ctx);
                }
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        html! {
            <div class="card see live">
                { self.picture(ctx) }
                { self.caption(ctx) }
            </div>
        }
    }
}

impl Live {
    fn wake(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        let next = request_animation_frame(move |ms| link.send_message(Message::Frame(ms)));
        self.frame = Some(next);
    }

    /// Who leads, as the stage shows it.
    fn leader(&self, ctx: &Context<Self>) -> Option<NodeCard> {
        let scene = ctx.props().plugin.scene(&self.world);
        let mut cards = scene.nodes.into_iter();
        cards.find(|card| card.role.tone == Tone::Lead && card.status == Status::Up)
    }

    /// Its term, where it has such.
    fn term(&self, node: NodeId) -> Option<String> {
        let mut facts = Facts::default();
        self.world.cell(node).node().facts(&mut facts);
        let term = facts.0.iter().find(|(name, _)| *name == "term");
        term.map(|(_, term)| fact_text(term, &self.names))
    }

    fn until_led(&mut self, ctx: &Context<Self>) {
        for _ in 0..MOST_EVENTS {
            if self.leader(ctx).is_some() || !self.world.step() {
                break;
            }
        }
        self.clock_us = self.world.now().0 as f64;
    }

    fn look(&mut self, ctx: &Context<Self>) {
        if let (Some((_, at)), None) = (self.killed, self.gap)
            && self.leader(ctx).is_some()
        {
            let now = self.world.now();
            self.gap = Some(Time(now.0 - at.0));
        }
    }

    fn picture(&self, ctx: &Context<Self>) -> Html {
        let world = &self.world;
        let scene = ctx.props().plugin.scene(world);
        let line = |(a, b): &(NodeId, NodeId)| {
            let ((x1, y1), (x2, y2)) = (scene.place(*a), scene.place(*b));
            html! {
                <line key={format!("{}-{}", a.0, b.0)} x1={num(x1)} y1={num(y1)} x2={num(x2)} y2={num(y2)} />
            }
        };
        let flights = world.flights().filter(|flight| !flight.held).map(|flight| {
            let (from, to) = (flight.letter.sent_at.0 as f64, flight.due.0 as f64);
            let share = ((self.clock_us - from) / (to - from).max(1.0)).clamp(0.0, 1.0);
            let share = if flight.fate.is_some() { share * LOST_AT } else { share };
            let name = flight.letter.name;
            let ((x1, y1), (x2, y2)) = (scene.place(name.from), scene.place(name.to));
            let (x, y) = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share);
            html! { <circle key={self.names.message(name)} class="flying" cx={num(x)} cy={num(y)} r="0.032" /> }
        });
        let nodes = scene.nodes.iter().map(|card| node(card, 0.19));
        html! {
            <svg class="picture large" viewBox="-1.75 -1.15 3.5 2.3" aria-hidden="true">
                <g key="lines" class="lines">{ for scene.links.iter().map(line) }</g>
                <g key="flights">{ for flights }</g>
                <g key="nodes" class="nodes">{ for nodes }</g>
            </svg>
        }
    }

    fn caption(&self, ctx: &Context<Self>) -> Html {
        let words = &ctx.props().words;
        let card = ctx.props().plugin.card();
        let leader = self.leader(ctx);
        let name = |node: NodeId| self.names.node(node).to_owned();
        let (said, asked, kill) = match (&leader, self.killed, self.gap) {
            (Some(card), None, _) => {
                let term = self.term(card.id);
                let leads = Phrase::new(if term.is_some() {
                    "live.leads-term"
                } else {
                    "live.leads"
                });
                let leads = leads.with("node", &card.name);
                (
                    leads.with("term", term.unwrap_or_default()),
                    Some("live.what-if"),
                    Some(card.id),
                )
            }
            (Some(card), Some((dead, _)), Some(gap)) => {
                let led = Phrase::new("live.led")
                    .with("node", &card.name)
                    .with("dead", name(dead));
                (led.with("ms", gap.0 / 1000), None, None)
            }
            (_, Some((dead, _)), _) => (
                Phrase::new("live.dead").with("dead", name(dead)),
                None,
                None,
            ),
            (None, None, _) => (Phrase::new("live.nobody"), None, None),
        };
        let button = kill.map(|node| {
            let onclick = ctx.link().callback(move |_: web_sys::MouseEvent| Message::Kill(node));
            let label = Phrase::new("live.kill").with("node", name(node));
            html! { <button key="kill" type="button" class="pbtn harmful" {onclick}>{ words.say(&label) }</button> }
        });
        let more = self.gap.filter(|_| kill.is_none()).and_then(|_| {
            let lesson = card.lessons.first()?;
            let open = Intent::Lesson(Wish::Open(card.id, lesson.id.to_owned(), 0));
            Some(html! {
                <a key="more" class="pbtn" href={format!("#/{}?lesson={}", card.id, lesson.id)}
                    onclick={link_to(&ctx.props().on, open)}>{ words.text("live.more") }</a>
            })
        });
        html! {
            <div class="caption">
                <span role="status"><b>{ words.say(&said) }</b>{ " " }{ for asked.map(|key| words.text(key)) }</span>
                { for button }
                { for more }
            </div>
        }
    }
}
