//! The talk with the page around: who is listened to, how much, and whom the answers go to.

use super::call::{self, Ask, Call, VERSION};
use super::said::{Refusal, object};
use crate::lab::Dictionary;
use crate::ui::page;
use crate::view::Embed;
use js_sys::Object;
use std::collections::VecDeque;
use wasm_bindgen::JsValue;
use web_sys::{MessageEvent, Window};

/// The most calls that wait.
const MOST_WAITING: usize = 64;
/// The most messages that are heard in a span of this many milliseconds. After more it has to be
/// quiet for as long.
const MOST_HEARD: u32 = 200;
const SPAN_MS: f64 = 1000.0;

/// See the module.
pub(super) struct Talk {
    /// The window around; none where there is no frame.
    around: Option<Window>,
    origin: Option<String>,
    waiting: VecDeque<Call>,
    /// The call that is being worked at.
    current: Option<JsValue>,
    since_ms: f64,
    heard: u32,
}

impl Talk {
    pub(super) fn new(embed: &Embed) -> Self {
        let window = page::window();
        let around = window.parent().ok().flatten();
        Talk {
            around: around.filter(|around| !Object::is(around, &window)),
            origin: embed.origin.clone(),
            waiting: VecDeque::new(),
            current: None,
            since_ms: page::now_ms(),
            heard: 0,
        }
    }

    /// Hears a message. True where a call waits because of it.
    pub(super) fn hear(&mut self, event: &MessageEvent, embed: &Embed, words: &Dictionary) -> bool {
        if !self.is_from_around(event) {
            return false;
        }
        let data = event.data();
        if !call::is_ours(&data) {
            return false;
        }
        match self.floods() {
            // Once it is said; then there is silence until the page around is quiet.
            Some(true) => self.refuse(&JsValue::NULL, &Refusal::new("flood"), words),
            Some(false) => {}
            None => match call::read(&data, embed) {
                Ok(call) => return self.take(call, words),
                Err((id, refusal)) => self.refuse(&id, &refusal, words),
            },
        }
        false
    }

    fn is_from_around(&self, event: &MessageEvent) -> bool {
        let source = event.source();
        let around = self.around.as_ref().zip(source);
        let known = around.is_some_and(|(around, source)| Object::is(around, &source));
        let allowed = |origin: &String| event.origin() == *origin;
        known && self.origin.as_ref().is_none_or(allowed)
    }

    /// Whether there are too many messages; true for the first of those.
    fn floods(&mut self) -> Option<bool> {
        let now = page::now_ms();
        if now - self.since_ms >= SPAN_MS {
            (self.since_ms, self.heard) = (now, 0);
        }
        self.heard = self.heard.saturating_add(1);
        let over = self.heard > MOST_HEARD;
        if over {
            self.since_ms = now;
        }
        over.then_some(self.heard == MOST_HEARD + 1)
    }

    fn take(&mut self, call: Call, words: &Dictionary) -> bool {
        // Who wants it to stop does not wait for the end, nor for what was to come after it.
        if matches!(call.ask, Ask::Pause) {
            for given_up in std::mem::take(&mut self.waiting) {
                self.refuse(&given_up.id, &Refusal::new("stopped"), words);
            }
        } else if self.waiting.len() >= MOST_WAITING {
            self.refuse(&call.id, &Refusal::new("busy"), words);
            return false;
        }
        self.waiting.push_back(call);
        true
    }

    /// The call that is next; none while one is being worked at, but for one that stops it.
    pub(super) fn next(&mut self) -> Option<Call> {
        let stops = |call: &Call| matches!(call.ask, Ask::Pause);
        let free = self.current.is_none() || self.waiting.front().is_some_and(stops);
        if free { self.waiting.pop_front() } else { None }
    }

    /// This call goes on for a while.
    pub(super) fn works_at(&mut self, id: JsValue) {
        self.current = Some(id);
    }

    /// The call that went on, if there is one, is done.
    pub(super) fn done(&mut self) -> Option<JsValue> {
        self.current.take()
    }

    /// Answers a call.
    pub(super) fn answer(&self, id: &JsValue, value: JsValue) {
        self.post(&[("id", id.clone()), ("ok", true.into()), ("value", value)]);
    }

    /// Answers a call that is not carried out.
    pub(super) fn refuse(&self, id: &JsValue, refusal: &Refusal, words: &Dictionary) {
        let error = refusal.object(words);
        self.post(&[("id", id.clone()), ("ok", false.into()), ("error", error)]);
    }

    /// Tells what happened.
    pub(super) fn tell(&self, event: &str, detail: JsValue) {
        self.post(&[("event", event.into()), ("detail", detail)]);
    }

    fn post(&self, fields: &[(&str, JsValue)]) {
        let Some(around) = &self.around else { return };
        let mut all = vec![("splitbrain", JsValue::from(VERSION))];
        all.extend_from_slice(fields);
        let to = self.origin.as_deref().unwrap_or("*");
        // Where the page around is another one by now, the browser drops it.
        let _ = around.post_message(&object(&all), to);
    }
}
