//! What a run can be saved as: the library writes it, the browser saves it.

use super::DrawerProps;
use super::files::{download, save};
use crate::lab::{Dictionary, Format, Phrase, export_branch, too_long};
use crate::ui::desk::DeskRef;
use crate::ui::page;
use crate::view::picture_of_branch;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};
use yew::{Callback, Html, MouseEvent, html};

/// The longest run that the page writes down, in events: some 30 MB of text. The command line has
/// no such bound.
const MOST_EVENTS: u64 = 200_000;

/// One thing to save.
#[derive(Copy, Clone)]
enum What {
    Story,
    Document(Format),
    Svg,
    /// What a canvas of the page shows, by the class of its place.
    Png(&'static str),
}

impl What {
    fn id(self) -> &'static str {
        match self {
            What::Story => "story",
            What::Document(format) => format.id(),
            What::Svg => "svg",
            What::Png("sheet") => "png-diagram",
            What::Png(_) => "png-stage",
        }
    }

    fn all() -> impl Iterator<Item = What> {
        let documents = Format::ALL.into_iter().map(What::Document);
        let pictures = [What::Svg, What::Png("field"), What::Png("sheet")];
        std::iter::once(What::Story)
            .chain(documents)
            .chain(pictures)
    }
}

/// The list.
pub(super) fn exports(props: &DrawerProps<'_>) -> Html {
    let words = &props.shot.words;
    let name = format!("{}-{}", props.shot.plugin.card().id, props.shot.setup.seed);
    let row = |what: What| {
        let onclick = {
            let (desk, words, name) = (props.desk.clone(), Rc::clone(words), name.clone());
            Callback::from(move |_: MouseEvent| {
                if let Err(phrase) = write(what, &desk, &words, &name) {
                    desk.0.tell(phrase);
                }
            })
        };
        let key = format!("export.{}", what.id());
        html! {
            <li key={what.id()}>
                <button type="button" class="row" {onclick}>{ words.text(&key) }</button>
            </li>
        }
    };
    let print = Callback::from(|_: MouseEvent| drop(page::window().print()));
    html! {
        <div key="export">
            <p class="state">{ words.text("export.hint") }</p>
            <ul class="rows">
                { for What::all().map(row) }
                <li key="print"><button type="button" class="row" onclick={print}>{ words.text("export.print") }</button></li>
            </ul>
        </div>
    }
}

fn write(what: What, desk: &DeskRef, words: &Dictionary, name: &str) -> Result<(), Phrase> {
    let asked = desk.0.with_player(|player| {
        let history = player.history();
        let long = history.branch().end.step > MOST_EVENTS;
        if long && !matches!(what, What::Story | What::Png(_)) {
            return Err(too_long(what.id(), MOST_EVENTS));
        }
        Ok(match what {
            What::Story => Some(("story", "text/plain", player.story())),
            What::Document(format) => {
                let text = export_branch(history, words, format)?;
                Some((format.ending(), format.media_type(), text))
            }
            What::Svg => {
                let text = picture_of_branch(history, player.plugin(), words)?;
                Some(("svg", "image/svg+xml", text))
            }
            What::Png(_) => None,
        })
    });
    match (what, asked.transpose()?.flatten()) {
        (_, Some((ending, media_type, text))) => {
            download(&format!("{name}.{ending}"), media_type, &text);
        }
        (What::Png(place), None) => picture(place, &format!("{name}-{}", what.id())),
        (What::Story | What::Document(_) | What::Svg, None) => {}
    }
    Ok(())
}

/// Saves what the canvases of one place show, on the ground of the page's cards.
fn picture(place: &str, name: &str) {
    let document = page::document();
    let canvases = document.query_selector_all(&format!(".{place} canvas"));
    let Ok(canvases) = canvases else { return };
    let canvas = |element: web_sys::Node| element.dyn_into::<HtmlCanvasElement>().ok();
    let canvases: Vec<HtmlCanvasElement> = (0..canvases.length())
        .filter_map(|i| canvases.get(i).and_then(canvas))
        .collect();
    let whole = document.create_element("canvas").ok();
    let whole = whole.and_then(|whole| whole.dyn_into::<HtmlCanvasElement>().ok());
    let (Some(first), Some(whole)) = (canvases.first(), whole) else {
        return;
    };
    whole.set_width(first.width());
    whole.set_height(first.height());
    let context = whole.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok()) else {
        return;
    };
    let style = page::root().and_then(|root| page::window().get_computed_style(&root).ok()?);
    let ground = style.and_then(|style| style.get_property_value("--card").ok());
    context.set_fill_style_str(ground.as_deref().map_or("#fff", str::trim));
    context.fill_rect(
        0.0,
        0.0,
        f64::from(whole.width()),
        f64::from(whole.height()),
    );
    for canvas in &canvases {
        // One without a size has nothing to show.
        let _ = context.draw_image_with_html_canvas_element(canvas, 0.0, 0.0);
    }
    let name = format!("{name}.png");
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            save(&name, &blob);
        }
    });
    // Only a canvas that showed something of another site would be refused.
    let _ = whole.to_blob(done.unchecked_ref());
}
