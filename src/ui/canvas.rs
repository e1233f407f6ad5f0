//! What both canvases need: the sheet they are drawn on, and the colours of the style sheet.

use super::page;
use crate::view::Tone;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// How many colours chips and cells have; the page cycles through them.
pub(super) const HUES: usize = 4;

/// The colours of the theme, read from the style sheet so that they are written down once.
#[derive(Clone, Default)]
pub(super) struct Palette {
    pub(super) card: String,
    pub(super) ink: String,
    pub(super) soft: String,
    pub(super) line: String,
    pub(super) line2: String,
    pub(super) accent: String,
    pub(super) bad: String,
    pub(super) focus: String,
    pub(super) sans: String,
    pub(super) mono: String,
    tones: [String; 6],
    pub(super) hues: [String; HUES],
}

impl Palette {
    /// The colours that the style sheet has now.
    pub(super) fn read() -> Self {
        let style = page::root().and_then(|root| page::window().get_computed_style(&root).ok());
        let style = style.flatten();
        let value = |name: &str| {
            let value = style.as_ref().map(|style| style.get_property_value(name));
            value
                .and_then(Result::ok)
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        Palette {
            card: value("--card"),
            ink: value("--ink"),
            soft: value("--soft"),
            line: value("--line"),
            line2: value("--line2"),
            accent: value("--accent"),
            bad: value("--bad"),
            focus: value("--focus"),
            sans: value("--sans"),
            mono: value("--mono"),
            tones: TONES.map(|tone| value(tone_variable(tone))),
            hues: std::array::from_fn(|i| value(&format!("--t{}", i + 1))),
        }
    }

    /// The colour of a meaning.
    pub(super) fn tone(&self, tone: Tone) -> &str {
        &self.tones[tone_index(tone)]
    }
}

/// All tones, in the order in which they are drawn.
pub(super) const TONES: [Tone; 6] = [
    Tone::Neutral,
    Tone::Guest,
    Tone::Good,
    Tone::Try,
    Tone::Lead,
    Tone::Bad,
];

/// The place of a tone in [`TONES`].
pub(super) fn tone_index(tone: Tone) -> usize {
    TONES.iter().position(|known| *known == tone).unwrap_or(0)
}

/// The colour of a tone in the style sheet.
fn tone_variable(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "--foll",
        Tone::Lead => "--leader",
        Tone::Try => "--cand",
        Tone::Good => "--ok",
        Tone::Bad => "--bad",
        Tone::Guest => "--guest",
    }
}

/// A canvas that is as sharp as the screen.
pub(super) struct Sheet {
    canvas: HtmlCanvasElement,
    pub(super) ctx: CanvasRenderingContext2d,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Sheet {
    /// A sheet on this canvas; `None` where the browser has no 2D drawing.
    pub(super) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let ctx = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Sheet {
            canvas,
            ctx,
            width: 0.0,
            height: 0.0,
        })
    }

    /// Takes the size that the layout gave it. True where that changed.
    pub(super) fn fit(&mut self) -> bool {
        let ratio = page::window().device_pixel_ratio().clamp(1.0, 3.0);
        let (width, height) = (self.canvas.client_width(), self.canvas.client_height());
        let pixels = |length: i32| (f64::from(length) * ratio).round() as u32;
        let (wide, high) = (pixels(width), pixels(height));
        if (wide, high) == (self.canvas.width(), self.canvas.height()) && self.width > 0.0 {
            return false;
        }
        self.canvas.set_width(wide);
        self.canvas.set_height(high);
        (self.width, self.height) = (f64::from(width), f64::from(height));
        let _ = self.ctx.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        true
    }

    /// The size that the layout gave it, for one that is not drawn on.
    pub(super) fn shown(&self) -> (f64, f64) {
        let (width, height) = (self.canvas.client_width(), self.canvas.client_height());
        (f64::from(width), f64::from(height))
    }

    /// The nearest element round the canvas that the selector names.
    pub(super) fn closest(&self, selector: &str) -> Option<web_sys::Element> {
        self.canvas.closest(selector).ok().flatten()
    }

    /// An empty sheet.
    pub(super) fn clear(&self) {
        self.ctx.clear_rect(0.0, 0.0, self.width, self.height);
    }

    /// Lines are dashed from now on; with no lengths they are whole.
    pub(super) fn dash(&self, lengths: &[f64]) {
        let array = js_sys::Array::new();
        for length in lengths {
            array.push(&JsValue::from_f64(*length));
        }
        let _ = self.ctx.set_line_dash(&array);
    }

    /// Begins a circle of its own.
    pub(super) fn circle(&self, (x, y): (f64, f64), radius: f64) {
        self.ctx.begin_path();
        let _ = self
            .ctx
            .arc(x, y, radius.max(0.0), 0.0, std::f64::consts::TAU);
    }

    /// Draws one line. Many such are cheaper than one path with as many lines in it, which the
    /// browser fills as a whole.
    pub(super) fn stroke_line(&self, from: (f64, f64), to: (f64, f64)) {
        self.ctx.begin_path();
        self.line(from, to);
        self.ctx.stroke();
    }

    /// A line into the path.
    pub(super) fn line(&self, (ax, ay): (f64, f64), (bx, by): (f64, f64)) {
        self.ctx.move_to(ax, ay);
        self.ctx.line_to(bx, by);
    }

    /// A cross into the path.
    pub(super) fn cross(&self, (x, y): (f64, f64), arm: f64) {
        self.line((x - arm, y - arm), (x + arm, y + arm));
        self.line((x + arm, y - arm), (x - arm, y + arm));
    }

    /// Text that stays legible over lines.
    pub(super) fn halo_text(&self, text: &str, (x, y): (f64, f64), halo: &str) {
        self.ctx.set_stroke_style_str(halo);
        self.ctx.set_line_width(4.0);
        self.ctx.set_line_join("round");
        let _ = self.ctx.stroke_text(text, x, y);
        let _ = self.ctx.fill_text(text, x, y);
    }
}
