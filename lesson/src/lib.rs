//! A lesson is one Markdown file that a teacher writes without code. [`compile`] reads it into a
//! *sheet*: plain lines with the prose as HTML and the steps as they were written. The site's build
//! does that for the lessons that ship, so that a reader downloads no parser; the page fetches this
//! crate as a second Wasm module only where somebody opens a lesson of their own.
//!
//! It knows no lab. Whether a command or a check is there is for the reader of the sheet to say
//! (`splitbrain::lab::lesson`); each line of a step carries the place where it stands in the file.
//!
//! What a lesson from a stranger can do is what comes out here: text, headings, lists, tables, code,
//! formulas and links. Raw HTML is an error, and so are pictures from elsewhere and links that act.

mod blocks;
mod front;
mod join;
mod page;
mod place;

pub use place::{Place, Wrong};

use page::Pages;
use place::Text;

/// The longest lesson, in bytes.
pub const MAX_BYTES: usize = 128 * 1024;
/// The version of the sheet's form.
pub const VERSION: u32 = 1;

/// Reads a lesson into its sheet.
///
/// # Errors
/// What is wrong first, and where: a key of the common locale file (`error-lesson-…`) with its
/// arguments.
pub fn compile(markdown: &str) -> Result<String, Wrong> {
    read(markdown).map(|(sheet, _)| sheet)
}

/// The terms of the glossary that a lesson links to, each with its place: whoever knows the glossary can
/// say which of them are none.
///
/// # Errors
/// Those of [`compile`].
pub fn terms(markdown: &str) -> Result<Vec<(Place, String)>, Wrong> {
    read(markdown).map(|(_, terms)| terms)
}

fn read(markdown: &str) -> Result<(String, Vec<(Place, String)>), Wrong> {
    let start = Place { line: 1, column: 1 };
    if markdown.len() > MAX_BYTES {
        return Err(Wrong::new(start, "error-lesson-long").with("bound", MAX_BYTES.to_string()));
    }
    // One kind of line end, so that lines count alike everywhere.
    let markdown = markdown.replace("\r\n", "\n");
    let text = Text::new(&markdown);
    let mut sheet = format!("lesson {VERSION}\n");
    let body = front::read(&text, &mut sheet)?;
    let mut pages = Pages::new(&text, &mut sheet);
    pages.read(body)?;
    Ok((sheet, text.terms()))
}

/// Plain prose as HTML, with nothing in it that a lesson may not have: the lecture of a lab.
///
/// # Errors
/// What is wrong first, and where.
pub fn render(markdown: &str) -> Result<String, Wrong> {
    let text = Text::new(markdown);
    page::prose(&text, 0..markdown.len())
}

/// The same for the site's build: the HTML behind `+`, or what is wrong.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
#[must_use]
pub fn render_lecture(markdown: &str) -> String {
    match render(markdown) {
        Ok(html) => format!("+{html}"),
        Err(wrong) => wrong.to_string(),
    }
}

/// For the page: the sheet behind `+`, or what is wrong as `LINE:COLUMN KEY` with a line
/// `NAME VALUE` for each argument.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
#[must_use]
pub fn compile_lesson(markdown: &str) -> String {
    match compile(markdown) {
        Ok(sheet) => format!("+{sheet}"),
        Err(wrong) => wrong.to_string(),
    }
}

#[cfg(test)]
mod tests;
