//! Who makes the runs of a search or of an experiment: workers, as many as the machine has room for. One that dies is
//! replaced. Where there are none, whoever asked makes them itself, in slices.

use crate::ui::page;
use std::cell::Cell;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// A worker; `static/loader.js` knows its script.
    type Worker;
    #[wasm_bindgen(js_namespace = window, js_name = splitbrainWorker, catch)]
    fn js_worker(number: u32, wasm: &JsValue) -> Result<Worker, JsValue>;
    #[wasm_bindgen(method, js_name = postMessage, catch)]
    fn post(this: &Worker, text: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn terminate(this: &Worker);
}

/// More workers than this bring little, and each has a memory of its own.
const MOST: usize = 8;
/// A worker that says nothing for so many looks at it, a second each, is dead. It answers many times
/// a second; but a machine may be busy.
const SILENT: u32 = 6;
/// To begin may take longer.
const SILENT_AT_FIRST: u32 = 30;

thread_local! {
    /// The number of the next worker. None is given twice, so that who is given up is not heard.
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// What a worker does.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Doing {
    /// It begins.
    Begins,
    /// It has nothing to do.
    Rests,
    /// It does what it was ordered.
    Works,
}

/// One worker. It is ended when it is dropped.
struct Hand {
    number: u32,
    worker: Worker,
    doing: Doing,
    /// How often it was looked at since it was last heard of.
    silent: u32,
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// See the module.
#[derive(Default)]
pub(in crate::ui) struct Crew {
    hands: Vec<Hand>,
    /// Whether any worker ever began.
    began: bool,
}

/// What came of a message.
pub(in crate::ui) enum Heard {
    /// It is nobody's who is still there, or says nothing.
    Nothing,
    /// An answer.
    Answer(String),
}

impl Crew {
    /// As many workers as there is room for beside the page. Fewer, or none, where they are denied.
    pub(in crate::ui) fn gather(&mut self) {
        let cores = page::window().navigator().hardware_concurrency() as usize;
        self.gather_to(cores.saturating_sub(1).clamp(1, MOST));
    }

    /// So many workers; fewer, or none, where they are denied.
    pub(in crate::ui) fn gather_to(&mut self, wanted: usize) {
        while self.hands.len() < wanted && self.add() {}
    }

    /// One more; false where it is denied.
    pub(in crate::ui) fn add(&mut self) -> bool {
        let number = NEXT.replace(NEXT.get() + 1);
        let Ok(worker) = js_worker(number, &wasm_bindgen::module()) else {
            return false;
        };
        self.hands.push(Hand {
            number,
            worker,
            doing: Doing::Begins,
            silent: 0,
        });
        true
    }

    /// Sends all home, but for so many of those that rest.
    pub(in crate::ui) fn dismiss(&mut self, mut keep: usize) {
        self.hands.retain(|hand| {
            let kept = keep > 0 && hand.doing == Doing::Rests;
            keep -= usize::from(kept);
            kept
        });
    }

    pub(in crate::ui) fn count(&self) -> usize {
        self.hands.len()
    }

    /// Whether any worker ever began to work.
    pub(in crate::ui) fn began(&self) -> bool {
        self.began
    }

    /// A message of a worker.
    pub(in crate::ui) fn hear(&mut self, number: u32, text: String) -> Heard {
        let Some(hand) = self.hands.iter_mut().find(|hand| hand.number == number) else {
            return Heard::Nothing;
        };
        hand.silent = 0;
        self.began = true;
        match std::mem::replace(&mut hand.doing, Doing::Rests) {
            Doing::Works => Heard::Answer(text),
            Doing::Begins | Doing::Rests => Heard::Nothing,
        }
    }

    /// One who has nothing to do.
    pub(in crate::ui) fn idle(&self) -> Option<u32> {
        let idle = self.hands.iter().find(|hand| hand.doing == Doing::Rests);
        idle.map(|hand| hand.number)
    }

    /// Gives an order; false where it could not be given.
    pub(in crate::ui) fn order(&mut self, number: u32, text: &str) -> bool {
        let Some(hand) = self.hands.iter_mut().find(|hand| hand.number == number) else {
            return false;
        };
        hand.doing = Doing::Works;
        hand.silent = 0;
        hand.worker.post(text).is_ok()
    }

    /// A worker died, or is given up. False where there was none of this number.
    pub(in crate::ui) fn lose(&mut self, number: u32) -> bool {
        let before = self.hands.len();
        self.hands.retain(|hand| hand.number != number);
        self.hands.len() < before
    }

    /// A second has passed: those of whom too little was heard.
    pub(in crate::ui) fn look(&mut self) -> Vec<u32> {
        let mut dead = Vec::new();
        for hand in &mut self.hands {
            hand.silent += 1;
            let most = match hand.doing {
                Doing::Begins => SILENT_AT_FIRST,
                Doing::Works => SILENT,
                Doing::Rests => u32::MAX,
            };
            if hand.silent > most {
                dead.push(hand.number);
            }
        }
        dead
    }
}
