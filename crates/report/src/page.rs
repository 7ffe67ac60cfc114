//! A document of headings, paragraphs, lists and tables, before it becomes Markdown or HTML.

mod html;
mod markdown;

pub use html::render_html_page;
pub use markdown::render_markdown_page;

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// What stands below it.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading below the title: level 2 and deeper, with a name that links lead to.
    Heading {
        /// 2, 3 or 4.
        level: u8,
        /// The name that links lead to; empty where none does.
        anchor: String,
        /// The words.
        text: Phrase,
    },
    /// A paragraph.
    Paragraph(Phrase),
    /// A list.
    List(Vec<Phrase>),
    /// A table.
    Table(Table),
}

/// A table. Rows have as many cells as the head.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns: name, and whether they hold numbers.
    pub columns: Vec<(&'static str, Kind)>,
    /// The rows.
    pub rows: Vec<Vec<Phrase>>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words, set to the left.
    Words,
    /// Numbers, set to the right.
    Number,
}

/// Running text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(pub Vec<Run>);

/// A piece of running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Words.
    Plain(String),
    /// Words that matter.
    Strong(String),
    /// Something quoted from a file.
    Code(String),
    /// A link to a heading of the same document: words, anchor.
    Jump(String, String),
    /// A web address.
    Web(String),
    /// A new line within a cell or paragraph.
    Break,
}

impl Page {
    /// An empty document.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// Adds a heading that nothing links to.
    pub fn heading(&mut self, level: u8, text: impl Into<Phrase>) {
        self.blocks.push(Block::Heading { level, anchor: String::new(), text: text.into() });
    }

    /// Adds a heading that links lead to.
    pub fn anchor(&mut self, level: u8, anchor: String, text: impl Into<Phrase>) {
        self.blocks.push(Block::Heading { level, anchor, text: text.into() });
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: impl Into<Phrase>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    /// Adds a list, if it has elements.
    pub fn list(&mut self, elements: Vec<Phrase>) {
        if !elements.is_empty() {
            self.blocks.push(Block::List(elements));
        }
    }

    /// Adds a table, if it has rows.
    pub fn table(&mut self, columns: &[(&'static str, Kind)], rows: Vec<Vec<Phrase>>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Table(Table { columns: columns.to_vec(), rows }));
        }
    }
}

impl Phrase {
    /// Something quoted from a file.
    pub fn code(text: impl Into<String>) -> Self {
        Self(vec![Run::Code(text.into())])
    }

    /// Words that matter.
    pub fn strong(text: impl Into<String>) -> Self {
        Self(vec![Run::Strong(text.into())])
    }

    /// A link within the document.
    pub fn jump(text: impl Into<String>, anchor: impl Into<String>) -> Self {
        Self(vec![Run::Jump(text.into(), anchor.into())])
    }

    /// The address as a link where it is one, else as words.
    pub fn web(address: &str) -> Self {
        let is_link = address.starts_with("https://") && !address.contains(['<', '>', ' ', '"']);
        if is_link { Self(vec![Run::Web(address.to_owned())]) } else { Self::from(address) }
    }

    /// The same with more behind it.
    pub fn then(mut self, next: impl Into<Phrase>) -> Self {
        self.0.append(&mut next.into().0);
        self
    }

    /// Phrases one below the other.
    pub fn lines(phrases: impl IntoIterator<Item = Phrase>) -> Self {
        let mut joined = Self::default();
        for phrase in phrases {
            if !joined.0.is_empty() {
                joined.0.push(Run::Break);
            }
            joined = joined.then(phrase);
        }
        joined
    }
}

/// Words in which backticks mark what is quoted, as rules and messages write them.
impl From<&str> for Phrase {
    fn from(text: &str) -> Self {
        if !text.matches('`').count().is_multiple_of(2) {
            return Self(vec![Run::Plain(text.to_owned())]);
        }
        let runs = text.split('`').enumerate().filter(|(_, part)| !part.is_empty());
        let make = |(index, part): (usize, &str)| match index % 2 {
            0 => Run::Plain(part.to_owned()),
            _ => Run::Code(part.to_owned()),
        };
        Self(runs.map(make).collect())
    }
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<usize> for Phrase {
    fn from(number: usize) -> Self {
        Self(vec![Run::Plain(number.to_string())])
    }
}

/// A name for links, made of a text: letters, digits and hyphens.
pub fn anchor_of(prefix: &str, text: &str) -> String {
    let mut anchor = String::from(prefix);
    for character in text.chars() {
        anchor.push(if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' });
    }
    anchor
}

#[cfg(test)]
mod tests;
