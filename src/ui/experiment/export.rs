//! What was measured as files: CSV, and the chart as SVG and PNG.

use crate::lab::Dictionary;
use crate::lab::experiment::{Plan, Table, csv_head, csv_line};
use crate::ui::page;
use crate::ui::stories::{download, save};
use crate::view::experiment::{Graph, Look, draw};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// How many points of a screen a PNG has for each unit of the drawing.
const DENSE: f64 = 2.0;

fn name(plan: &Plan) -> String {
    format!("{}-{}", plan.lab.card().id, plan.experiment.spec().id)
}

/// The runs that are made, as the command line writes them.
pub(super) fn csv(plan: &Plan, table: &Table) {
    let mut text = csv_head(plan);
    for run in 0..plan.runs() {
        if let Some(values) = table.get(run) {
            csv_line(plan, run, &values, &mut text);
        }
    }
    download(&format!("{}.csv", name(plan)), "text/csv", &text);
}

fn drawing(plan: &Plan, graph: &Graph, words: &Dictionary) -> String {
    draw(plan, graph, graph.whole, words, &Look::FILE)
}

/// The chart as it is drawn.
pub(super) fn svg(plan: &Plan, graph: &Graph, words: &Dictionary) {
    let text = drawing(plan, graph, words);
    download(&format!("{}.svg", name(plan)), "image/svg+xml", &text);
}

/// The chart as points: the browser draws the SVG into a canvas.
pub(super) fn png(plan: &Plan, graph: &Graph, words: &Dictionary) {
    let text = drawing(plan, graph, words);
    let image = page::document().create_element("img").ok();
    let Some(image) = image.and_then(|image| image.dyn_into::<HtmlImageElement>().ok()) else {
        return;
    };
    let name = format!("{}.png", name(plan));
    let drawn = image.clone();
    let ready = Closure::once_into_js(move || paint(&drawn, name));
    let _ = image.add_event_listener_with_callback("load", ready.unchecked_ref());
    let escaped: String = js_sys::encode_uri_component(&text).into();
    image.set_src(&format!("data:image/svg+xml,{escaped}"));
}

fn paint(image: &HtmlImageElement, name: String) {
    let (width, height) = Look::FILE.size;
    let canvas = page::document().create_element("canvas").ok();
    let Some(canvas) = canvas.and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok()) else {
        return;
    };
    canvas.set_width((width * DENSE) as u32);
    canvas.set_height((height * DENSE) as u32);
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok()) else {
        return;
    };
    let drawn = context.draw_image_with_html_image_element_and_dw_and_dh(
        image,
        0.0,
        0.0,
        width * DENSE,
        height * DENSE,
    );
    if drawn.is_err() {
        return;
    }
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            save(&name, &blob);
        }
    });
    // Only a canvas that showed something of another site would be refused.
    let _ = canvas.to_blob(done.unchecked_ref());
}
