//! Writes SVG: a few shapes, text that cannot be read as anything else, numbers of one decimal.

use crate::view::Tone;
use std::fmt::Write;

/// The light palette of the page.
pub(super) mod palette {
    pub(in crate::view::picture) const PAGE: &str = "#f6f7f9";
    pub(in crate::view::picture) const CARD: &str = "#ffffff";
    pub(in crate::view::picture) const INK: &str = "#1b2330";
    pub(in crate::view::picture) const SOFT: &str = "#5b6675";
    pub(in crate::view::picture) const LINE: &str = "#dfe4ea";
    pub(in crate::view::picture) const LINE2: &str = "#c3ccd6";
    pub(in crate::view::picture) const ACCENT: &str = "#0072b2";
    pub(in crate::view::picture) const BAD: &str = "#c44601";
    /// Colours by number: terms, epochs.
    pub(in crate::view::picture) const HUES: [&str; 4] =
        ["#d7dde5", "#f3d9a4", "#b5d8ee", "#bfe3d3"];
}

/// The colour of a meaning.
pub(super) fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "#5b6675",
        Tone::Lead => "#0072b2",
        Tone::Try => "#b86e00",
        Tone::Good => "#00795a",
        Tone::Bad => "#c44601",
        Tone::Guest => "#97477b",
    }
}

/// A place in the picture.
pub(super) type Point = (f64, f64);

/// A drawing under way.
pub(super) struct Svg {
    text: String,
}

/// What a picture is written in.
const SANS: &str = "system-ui,-apple-system,'Segoe UI','Noto Sans','Noto Sans CJK SC',sans-serif";

impl Svg {
    pub(super) fn new(width: f64, height: f64) -> Self {
        let (width, height) = (num(width), num(height));
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{SANS}\">\n"
        );
        let _ = writeln!(
            text,
            "<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>",
            palette::PAGE
        );
        Svg { text }
    }

    pub(super) fn end(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }

    /// What the picture is, seen and for a screen reader.
    pub(super) fn about(&mut self, title: &str, about: &str) {
        let (shown, about) = (escaped(title), escaped(about));
        let _ = writeln!(self.text, "<title>{shown}</title>\n<desc>{about}</desc>");
        self.words(title, (24.0, 36.0), &Font::new(18.0).bold(), palette::INK);
    }

    /// A white card with a thin edge.
    pub(super) fn card(&mut self, x: f64, y: f64, width: f64, height: f64) {
        let style = format!(
            "rx=\"10\" fill=\"{}\" stroke=\"{}\"",
            palette::CARD,
            palette::LINE
        );
        self.rect((x, y), (width, height), &style);
    }

    pub(super) fn rect(&mut self, (x, y): Point, (width, height): Point, style: &str) {
        let [x, y, width, height] = [x, y, width, height].map(num);
        let _ = writeln!(
            self.text,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {style}/>"
        );
    }

    pub(super) fn circle(&mut self, (x, y): Point, radius: f64, style: &str) {
        let [x, y, radius] = [x, y, radius].map(num);
        let _ = writeln!(
            self.text,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {style}/>"
        );
    }

    /// Marks with one style; `path` is in the language of paths.
    pub(super) fn path(&mut self, path: &str, style: &str) {
        if !path.is_empty() {
            let _ = writeln!(self.text, "<path d=\"{path}\" {style}/>");
        }
    }

    pub(super) fn words(&mut self, text: &str, (x, y): Point, font: &Font, colour: &str) {
        let (x, y, size) = (num(x), num(y), num(font.size));
        let weight = if font.bold {
            " font-weight=\"600\""
        } else {
            ""
        };
        let anchor = if font.middle {
            " text-anchor=\"middle\""
        } else {
            ""
        };
        let _ = writeln!(
            self.text,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight}{anchor} fill=\"{colour}\">{}</text>",
            escaped(text)
        );
    }
}

/// How words look.
pub(in crate::view) struct Font {
    size: f64,
    bold: bool,
    middle: bool,
}

impl Font {
    /// Its family.
    pub(in crate::view) const SANS: &str = SANS;

    pub(super) fn new(size: f64) -> Self {
        Font {
            size,
            bold: false,
            middle: false,
        }
    }

    pub(super) fn bold(self) -> Self {
        Font { bold: true, ..self }
    }

    /// Its place is its middle, not its left end.
    pub(super) fn middle(self) -> Self {
        Font {
            middle: true,
            ..self
        }
    }
}

/// A number with one decimal at the most. By whole tenths: a picture has many numbers, and to
/// print a float takes ten times as long.
pub(in crate::view) fn num(n: f64) -> String {
    let tenths = (n * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    match (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

/// Adds a line to a path.
pub(super) fn line(path: &mut String, from: Point, to: Point) {
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(num);
    let _ = write!(path, "M{x1} {y1}L{x2} {y2}");
}

/// Adds a cross to a path.
pub(super) fn cross(path: &mut String, (x, y): Point, arm: f64) {
    line(path, (x - arm, y - arm), (x + arm, y + arm));
    line(path, (x - arm, y + arm), (x + arm, y - arm));
}

/// Adds a diamond to a path.
pub(super) fn diamond(path: &mut String, (x, y): Point, arm: f64) {
    let [left, right, top, bottom] = [x - arm, x + arm, y - arm, y + arm].map(num);
    let [x, y] = [x, y].map(num);
    let _ = write!(path, "M{x} {top}L{right} {y}L{x} {bottom}L{left} {y}Z");
}

/// Adds a ring to a path.
pub(super) fn ring(path: &mut String, (x, y): Point, radius: f64) {
    let [left, y, r, across] = [x - radius, y, radius, 2.0 * radius].map(num);
    let _ = write!(
        path,
        "M{left} {y}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 -{across} 0Z"
    );
}

/// A text as it stands between tags. What XML cannot hold at all is a blank.
pub(in crate::view) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_have_one_form() {
        let shown = [1.0, 0.25, -0.01, 12.349, -3.96].map(num);
        assert_eq!(shown, ["1", "0.3", "0", "12.3", "-4"]);
    }

    #[test]
    fn no_text_is_read_as_a_tag() {
        assert_eq!(
            escaped("<a b='c' d=\"e\">&\0\u{ffff}"),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;  "
        );
    }
}
