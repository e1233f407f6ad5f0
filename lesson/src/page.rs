//! The body of a lesson: pages of prose with steps between.

use super::place::{Text, Wrong};
use super::{blocks, join};
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html,
};
use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser as MathParser, Storage, push_mathml};
use std::ops::Range;

/// Fenced blocks of prose with a use of their own: notes that only a presenter sees, and what was
/// learned, on the last page.
const PROSE_BLOCKS: [&str; 2] = ["presenter", "learned"];

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_MATH | Options::ENABLE_STRIKETHROUGH
}

/// Writes pages into a sheet.
pub(super) struct Pages<'a, 's> {
    text: &'a Text<'a>,
    sheet: &'s mut String,
    /// What was read of the prose since the last step.
    prose: Vec<Event<'a>>,
    pages: usize,
    learned: bool,
    /// Whether the prose is in an indented block of code.
    code: bool,
}

impl<'a, 's> Pages<'a, 's> {
    pub(super) fn new(text: &'a Text<'a>, sheet: &'s mut String) -> Self {
        Pages {
            text,
            sheet,
            prose: Vec::new(),
            pages: 0,
            learned: false,
            code: false,
        }
    }

    /// Reads the body, which begins at this byte.
    pub(super) fn read(&mut self, body: usize) -> Result<(), Wrong> {
        let events = Parser::new_ext(&self.text.all[body..], options()).into_offset_iter();
        let moved = |range: Range<usize>| range.start + body..range.end + body;
        let mut events = events.map(|(event, range)| (event, moved(range)));
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(Tag::Heading { level, .. }) if level <= HeadingLevel::H2 => {
                    let title = heading(self.text, &mut events)?;
                    self.turn(&title, range.start);
                }
                _ if self.pages == 0 => {
                    return Err(self.text.wrong(range.start, "error-lesson-heading"));
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let body = code(&mut events);
                    closed(self.text, range.clone())?;
                    self.block(&info, range.start, body)?;
                }
                event => {
                    let event = safe(self.text, event, range, &mut self.code)?;
                    self.prose.push(event);
                }
            }
        }
        self.flush();
        let end = self.text.all.len();
        if self.pages == 0 {
            return Err(self.text.wrong(end, "error-lesson-heading"));
        }
        if !self.learned {
            return Err(self.text.wrong(end, "error-lesson-learned"));
        }
        Ok(())
    }

    fn turn(&mut self, title: &str, at: usize) {
        self.flush();
        self.pages += 1;
        let line = self.text.place(at).line;
        self.sheet.push_str(&format!("page {line} {title}\n"));
    }

    /// Writes the prose that was read so far.
    fn flush(&mut self) {
        if !self.prose.is_empty() {
            let html = render(self.prose.drain(..));
            self.sheet.push_str(&format!("html {html}\n"));
        }
    }

    fn block(&mut self, info: &str, at: usize, body: Option<Range<usize>>) -> Result<(), Wrong> {
        let word = info.split_whitespace().next().unwrap_or("");
        let body = body.unwrap_or(at..at);
        if blocks::is_step(word) {
            self.flush();
            return blocks::write(self.text, word, at, body, self.sheet);
        }
        if PROSE_BLOCKS.contains(&word) {
            self.flush();
            let html = prose(self.text, body)?;
            self.learned |= word == "learned";
            self.sheet.push_str(&format!("{word} {html}\n"));
            return Ok(());
        }
        if !word.is_empty() && word != "text" && word != "story" {
            let known = format!(
                "{}, {}, story, text",
                blocks::words(),
                PROSE_BLOCKS.join(", ")
            );
            let wrong = self.text.wrong(at, "error-lesson-block").with("word", word);
            return Err(wrong.with("known", known));
        }
        let code = self.text.all[body].to_owned();
        self.prose
            .push(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
        self.prose.push(Event::Text(code.into()));
        self.prose.push(Event::End(TagEnd::CodeBlock));
        Ok(())
    }
}

/// The text of a heading; formulas and marks have no place there.
fn heading<'a>(
    text: &Text<'_>,
    events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> Result<String, Wrong> {
    let mut title = String::new();
    for (event, range) in events {
        match event {
            Event::End(TagEnd::Heading(_)) => break,
            Event::Text(words) => {
                no_formula_left(text, range)?;
                title.push_str(&words);
            }
            Event::Code(words) => title.push_str(&words),
            _ => return Err(text.wrong(range.start, "error-lesson-plain")),
        }
    }
    Ok(title)
}

/// Where the lines of a code block are; nowhere in an empty one.
fn code<'a>(events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) -> Option<Range<usize>> {
    let mut body: Option<Range<usize>> = None;
    for (event, range) in events {
        if matches!(event, Event::End(TagEnd::CodeBlock)) {
            break;
        }
        let start = body.map_or(range.start, |body| body.start);
        body = Some(start..range.end);
    }
    body
}

/// The prose of one line: what a paragraph would hold.
pub(super) fn inline(text: &Text<'_>, at: Range<usize>) -> Result<String, Wrong> {
    let html = prose(text, at)?;
    let inner = html
        .strip_prefix("<p>")
        .and_then(|html| html.strip_suffix("</p>"));
    Ok(inner.unwrap_or(&html).to_owned())
}

/// A piece of prose with no steps inside.
pub(super) fn prose(text: &Text<'_>, at: Range<usize>) -> Result<String, Wrong> {
    let start = at.start;
    let events = Parser::new_ext(&text.all[at], options()).into_offset_iter();
    let mut code = false;
    let events = events.map(|(event, range)| {
        let range = start + range.start..start + range.end;
        if matches!(
            event,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))
        ) {
            closed(text, range.clone())?;
        }
        safe(text, event, range, &mut code)
    });
    let events: Vec<_> = events.collect::<Result<_, _>>()?;
    Ok(render(events.into_iter()))
}

/// HTML on one line: the line ends of code are written as references, those of prose are spaces
/// where its writing has spaces.
fn render<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let mut out = String::new();
    html::push_html(&mut out, events);
    let mut inside = false;
    let mut before = "";
    let lines = out.trim_end().split('\n').map(|line| {
        let joined = if inside {
            "&#10;"
        } else {
            join::between(before, line)
        };
        before = line;
        if let Some(at) = line.rfind("<pre>") {
            inside = !line[at..].contains("</pre>");
        } else if line.contains("</pre>") {
            inside = false;
        }
        (joined, line)
    });
    let mut html = String::with_capacity(out.len());
    for (joined, line) in lines {
        if !html.is_empty() {
            html.push_str(joined);
        }
        html.push_str(line);
    }
    html
}

/// Whether a fenced block has its end. Without one it takes in what comes after it, and what is wrong would be
/// told of that: a block inside a block, or the end of the file.
fn closed(text: &Text<'_>, at: Range<usize>) -> Result<(), Wrong> {
    let line = text.place(at.start).line.to_string();
    let open = |at: usize| {
        text.wrong(at, "error-lesson-open")
            .with("line", line.clone())
    };
    let block = &text.all[at.clone()];
    let block = &block[block.len() - block.trim_start().len()..];
    let sign = if block.starts_with('~') { '~' } else { '`' };
    let fence = block.len() - block.trim_start_matches(sign).len();
    let mut lines = block.split_inclusive('\n').skip(1);
    let mut here = at.end - block.len() + block.find('\n').map_or(block.len(), |end| end + 1);
    let last = block.trim_end().rsplit('\n').next().unwrap_or_default();
    // In a list or a quotation other signs stand before it.
    let last = last.trim_start_matches([' ', '\t', '>']);
    let ends = last.len() >= fence && last.chars().all(|c| c == sign);
    let inner = lines.find_map(|line| {
        let begins = here + line.len() - line.trim_start().len();
        here += line.len();
        // As long a fence, with a word behind it, that ends nothing: another block was to begin.
        let rest = line.trim().strip_prefix(&block[..fence])?;
        (!rest.trim_start_matches(sign).is_empty()).then_some(begins)
    });
    match inner {
        Some(at) => Err(open(at)),
        None if !ends || !block.trim_end().contains('\n') => Err(open(at.start)),
        None => Ok(()),
    }
}

/// A `$` that stands in the prose as a sign of its own: a formula without an end, or one whose braces do not match.
/// `\$` is a dollar.
fn no_formula_left(text: &Text<'_>, at: Range<usize>) -> Result<(), Wrong> {
    let Some(dollar) = text.all[at.clone()].find('$').map(|found| at.start + found) else {
        return Ok(());
    };
    let before = &text.all[..dollar];
    let escapes = before.len() - before.trim_end_matches('\\').len();
    if escapes % 2 == 1 {
        return no_formula_left(text, dollar + 1..at.end);
    }
    let line = text.all[dollar..].lines().next().unwrap_or_default();
    Err(text.wrong(dollar, "error-lesson-dollar").with("word", line))
}

/// One event, if it may be in a lesson; formulas as MathML. `code` says whether it stands in a block of code.
fn safe<'a>(
    text: &Text<'_>,
    event: Event<'a>,
    range: Range<usize>,
    code: &mut bool,
) -> Result<Event<'a>, Wrong> {
    let at = range.start;
    match event {
        Event::Html(_) | Event::InlineHtml(_) => Err(text.wrong(at, "error-lesson-html")),
        Event::Start(Tag::Image { .. }) => Err(text.wrong(at, "error-lesson-image")),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            ..
        }) if !may_follow(link_type, &dest_url) => Err(text
            .wrong(at, "error-lesson-link")
            .with("word", dest_url.as_ref())),
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            if let Some(term) = dest_url.strip_prefix("term:") {
                let place = text.all[range].find("term:").unwrap_or(0);
                text.used(at + place, term);
            }
            Ok(event)
        }
        Event::InlineMath(formula) => math(text, &formula, DisplayMode::Inline, at),
        Event::DisplayMath(formula) => math(text, &formula, DisplayMode::Block, at),
        Event::Text(words) => {
            if !*code {
                no_formula_left(text, range)?;
            }
            Ok(Event::Text(words))
        }
        Event::Start(Tag::CodeBlock(kind)) => {
            *code = true;
            Ok(Event::Start(Tag::CodeBlock(kind)))
        }
        Event::End(TagEnd::CodeBlock) => {
            *code = false;
            Ok(event)
        }
        Event::Start(_)
        | Event::End(_)
        | Event::Code(_)
        | Event::FootnoteReference(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::Rule
        | Event::TaskListMarker(_) => Ok(event),
    }
}

/// A link leads to a page of the web, to a lab or lesson of the playground, or to a glossary term.
fn may_follow(link: LinkType, address: &CowStr<'_>) -> bool {
    let starts = ["https://", "http://", "#/", "term:"];
    link != LinkType::Email && starts.iter().any(|start| address.starts_with(start))
}

fn math<'a>(
    text: &Text<'_>,
    formula: &str,
    display_mode: DisplayMode,
    at: usize,
) -> Result<Event<'a>, Wrong> {
    let storage = Storage::new();
    let events: Vec<_> = MathParser::new(formula, &storage).collect();
    let config = RenderConfig {
        display_mode,
        xml: true,
        ..RenderConfig::default()
    };
    let wrong = || text.wrong(at, "error-lesson-math").with("word", formula);
    if events.iter().any(Result::is_err) {
        return Err(wrong());
    }
    let mut mathml = String::new();
    push_mathml(&mut mathml, events.into_iter(), config).map_err(|_| wrong())?;
    Ok(Event::InlineHtml(mathml.into()))
}
