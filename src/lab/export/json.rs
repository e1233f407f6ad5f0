//! Writes JSON into a text. The page has no use for a whole JSON library in its download.

use std::fmt::Write;

/// A text in quotation marks.
pub(super) fn text(to: &mut String, text: &str) {
    to.push('"');
    for c in text.chars() {
        match c {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(to, "\\u{:04x}", u32::from(c));
            }
            c => to.push(c),
        }
    }
    to.push('"');
}

/// Several values in brackets, each written by `write`.
pub(super) fn list<T>(
    to: &mut String,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    to.push('[');
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            to.push(',');
        }
        write(to, item);
    }
    to.push(']');
}

/// An object under way; it closes where it goes out of scope.
pub(super) struct Object<'a> {
    to: &'a mut String,
    empty: bool,
}

impl<'a> Object<'a> {
    pub(super) fn new(to: &'a mut String) -> Self {
        to.push('{');
        Object { to, empty: true }
    }

    /// Begins a field; its value is to be written next.
    pub(super) fn field(&mut self, name: &str) -> &mut String {
        if !std::mem::replace(&mut self.empty, false) {
            self.to.push(',');
        }
        text(self.to, name);
        self.to.push(':');
        self.to
    }

    pub(super) fn number(&mut self, name: &str, value: impl Into<u64>) {
        let value: u64 = value.into();
        let _ = write!(self.field(name), "{value}");
    }

    pub(super) fn text(&mut self, name: &str, value: &str) {
        text(self.field(name), value);
    }

    /// A text, or `null` where there is none.
    pub(super) fn maybe(&mut self, name: &str, value: Option<&str>) {
        let to = self.field(name);
        match value {
            Some(value) => text(to, value),
            None => to.push_str("null"),
        }
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        self.to.push('}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back_as_it_was() {
        let odd: String = (0..0x180).filter_map(char::from_u32).collect();
        let mut written = String::new();
        text(&mut written, &odd);
        assert!(written.starts_with("\"\\u0000\\u0001"));
        assert!(written.contains("\\t\\n\\u000b"));
        assert!(written.contains("!\\\"#"));
    }

    #[test]
    fn objects_and_lists_have_commas_between() {
        let mut written = String::new();
        let mut object = Object::new(&mut written);
        object.number("a", 1u64);
        object.maybe("b", None);
        list(object.field("c"), ["x", "y"], text);
        drop(object);
        assert_eq!(written, r#"{"a":1,"b":null,"c":["x","y"]}"#);
    }
}
