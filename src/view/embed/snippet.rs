//! The lines that an author puts into a page, for what builds that page.

/// What builds the page around.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// A page of HTML.
    Html,
    /// A page that takes no script of ours.
    Frame,
    /// A chapter of mdBook.
    MdBook,
    /// A page of MkDocs.
    MkDocs,
    /// Slides of reveal.js.
    Reveal,
    /// A page of Docusaurus.
    Docusaurus,
    /// A page of VitePress.
    VitePress,
}

impl Form {
    /// All of them, with their names.
    pub const ALL: [(Form, &'static str); 7] = [
        (Form::Html, "HTML"),
        (Form::Frame, "iframe"),
        (Form::MdBook, "mdBook"),
        (Form::MkDocs, "MkDocs"),
        (Form::Reveal, "reveal.js"),
        (Form::Docusaurus, "Docusaurus"),
        (Form::VitePress, "VitePress"),
    ];
}

/// What an author chose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snippet {
    /// The folder of the playground, with its last slash.
    pub base: String,
    /// The lab.
    pub lab: String,
    /// Its name, for who has no script.
    pub title: String,
    /// The part of a link after the `#`, where the run is not the lab on its own.
    pub moment: Option<String>,
    /// The height in pixels.
    pub height: u32,
    /// The other attributes; one without a value stands alone.
    pub attributes: Vec<(&'static str, String)>,
}

impl Snippet {
    /// The lines.
    #[must_use]
    pub fn write(&self, form: Form) -> String {
        let script = format!(
            "<script type=\"module\" src=\"{}split-brain.js\"></script>",
            attr(&self.base)
        );
        match form {
            Form::Frame => self.frame(),
            // Markdown ends a block of HTML at an empty line; there is none in these.
            Form::Html | Form::MdBook | Form::MkDocs => {
                format!("{}\n{script}\n", self.element(&self.css()))
            }
            Form::Reveal => format!(
                "<section>\n{}\n</section>\n\n<!-- once, before </body> -->\n{script}\n",
                self.element(&self.css())
            ),
            // There a style is an object, and the head belongs to the builder.
            Form::Docusaurus => format!(
                "import Head from '@docusaurus/Head';\n\n<Head>{script}</Head>\n\n{}\n",
                self.element(&format!(
                    "style={{{{display: 'block', height: {}}}}}",
                    self.height
                ))
            ),
            Form::VitePress => format!(
                "---\nhead:\n  - [script, {{ type: module, src: '{}split-brain.js' }}]\n---\n\n{}\n\n\
                 <!-- .vitepress/config: vue.template.compilerOptions.isCustomElement = (tag) => tag === 'split-brain' -->\n",
                self.base,
                self.element(&self.css())
            ),
        }
    }

    fn css(&self) -> String {
        format!("style=\"display:block;height:{}px\"", self.height)
    }

    /// The element, with what stands there without script.
    fn element(&self, style: &str) -> String {
        let mut text = format!(
            "<split-brain lab=\"{}\" height=\"{}\"",
            attr(&self.lab),
            self.height
        );
        if let Some(moment) = &self.moment {
            text.push_str(&format!(" moment=\"{}\"", attr(moment)));
        }
        for (name, value) in &self.attributes {
            text.push_str(&format!(" {name}"));
            if !value.is_empty() {
                text.push_str(&format!("=\"{}\"", attr(value)));
            }
        }
        format!(
            "{text} {style}>\n  <a href=\"{}\">{}</a>\n</split-brain>",
            attr(&format!("{}#{}", self.base, self.plain())),
            attr(&self.title)
        )
    }

    /// The link to the same run in the playground, after its `#`.
    fn plain(&self) -> String {
        self.moment
            .clone()
            .unwrap_or_else(|| format!("/{}", self.lab))
    }

    fn frame(&self) -> String {
        let run = self.plain();
        let sign = if run.contains('?') { '&' } else { '?' };
        let mut address = format!("{}#{run}{sign}embed=1", self.base);
        for (name, value) in &self.attributes {
            let value = if value.is_empty() { "1" } else { value };
            address.push_str(&format!("&{name}={value}"));
        }
        format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"100%\" height=\"{}\" loading=\"lazy\"\n  \
             sandbox=\"allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox\"></iframe>\n",
            attr(&address),
            attr(&self.title),
            self.height
        )
    }
}

/// A text as the value of an attribute, or between tags. Braces are code to some builders.
fn attr(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '{' => safe.push_str("&#123;"),
            '}' => safe.push_str("&#125;"),
            _ => safe.push(sign),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::Embed;
    use super::*;

    fn snippet() -> Snippet {
        Snippet {
            base: "https://play.example/".to_owned(),
            lab: "raft".to_owned(),
            title: "Raft \"<&>\"".to_owned(),
            moment: None,
            height: 480,
            attributes: vec![
                ("panels", "log,why".to_owned()),
                ("readonly", String::new()),
            ],
        }
    }

    #[test]
    fn the_element_says_it_all_in_a_few_lines() {
        let text = snippet().write(Form::Html);
        assert_eq!(
            text,
            "<split-brain lab=\"raft\" height=\"480\" panels=\"log,why\" readonly style=\"display:block;height:480px\">\n  \
             <a href=\"https://play.example/#/raft\">Raft &quot;&lt;&amp;&gt;&quot;</a>\n</split-brain>\n\
             <script type=\"module\" src=\"https://play.example/split-brain.js\"></script>\n"
        );
        for (form, name) in Form::ALL {
            assert!(snippet().write(form).contains("play.example"), "{name}");
        }
    }

    #[test]
    fn the_address_of_the_frame_is_read_again() {
        let mut snippet = snippet();
        let address = |text: &str| {
            let from = text.split_once("src=\"").expect("an address").1;
            let whole = from
                .split_once('"')
                .expect("its end")
                .0
                .replace("&amp;", "&");
            whole.split_once('#').expect("a fragment").1.to_owned()
        };
        let read = Embed::read(&address(&snippet.write(Form::Frame))).expect("a lab");
        assert!(read.readonly && read.panels == ["log", "why"]);
        snippet.moment = Some("/raft?at=3.12&story=lab+raft+seed=7%0Arun+1s".to_owned());
        let read = Embed::read(&address(&snippet.write(Form::Frame))).expect("a moment");
        assert_eq!(read.link.at.map(|at| at.step), Some(3));
        assert!(read.readonly);
    }
}
