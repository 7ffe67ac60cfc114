//! The tree that every format becomes.

use proofmark_source::{Diagnostic, Span};
use smol_str::SmolStr;

/// How deep collections may nest, in every format. Far above what people write (the deepest resource definitions reach about 80), and
/// low enough that walking a tree recursively is safe on any thread.
pub(crate) const MAX_DEPTH: usize = 150;

/// How many diagnostics one text may give: enough to see what is wrong, too few to drown those of other files.
pub(crate) const MAX_DIAGNOSTICS: usize = 100;

/// A text, parsed.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Its documents: several in YAML, one elsewhere, none where nothing could be read or nothing stands.
    pub documents: Vec<Document>,
    /// Its comments, in order of place.
    pub comments: Vec<Comment>,
    /// What was odd.
    pub diagnostics: Vec<Diagnostic>,
}

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its root.
    pub root: Node,
    /// All of its bytes, from a marker that opens it to the end of its last value.
    pub span: Span,
    /// Where the first error stands: what could be read around it is in the tree, and collections that it cut short hold
    /// an empty [`NodeData::Template`].
    pub broken_at: Option<Span>,
}

/// A comment, without its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its text, trimmed.
    pub text: SmolStr,
    /// The comment with its marks.
    pub span: Span,
}

/// A value in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub data: NodeData,
    /// Its bytes: of a mapping, from its first key to the end of its last value.
    pub span: Span,
    /// Its explicit tag as written, such as `!reference`.
    pub tag: Option<SmolStr>,
    /// How a scalar was written.
    pub style: Style,
    /// Where an alias or a merge key stands that brought the node here; `span` is then where the anchor stands.
    pub included_at: Option<Span>,
}

/// What a node is. Scalars are resolved by the rules of their format or dialect.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeData {
    /// Nothing, `~`, `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text, decoded.
    String(SmolStr),
    /// A list.
    Sequence(Vec<Node>),
    /// Entries in order of place. Merge keys are already merged in; duplicate keys are kept, with a diagnostic.
    Mapping(Vec<Entry>),
    /// An expression of a template language that stands where a value would, with its text: nobody knows its value
    /// here. The text is empty where an error hides what stands there. As the key of a mapping it means that the mapping
    /// may hold further entries.
    Template(SmolStr),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key; usually a text.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Without marks; also for everything that is no scalar.
    #[default]
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block (`|`, `>`), a heredoc, or several quoted lines.
    Block,
}

impl Entry {
    /// What an error hides at `span`: there may be further entries.
    pub(crate) fn unread(span: Span) -> Self {
        Self { key: Node::unread(span), value: Node::unread(span) }
    }
}

impl Node {
    /// `data` at `span`, plain and without a tag.
    #[must_use]
    pub fn new(data: NodeData, span: Span) -> Self {
        Self { data, span, tag: None, style: Style::Plain, included_at: None }
    }

    /// What an error hides at `span`.
    pub(crate) fn unread(span: Span) -> Self {
        Self::new(NodeData::Template(SmolStr::default()), span)
    }

    /// Whether the node and everything in it is hidden by an error.
    pub(crate) fn is_unread(&self) -> bool {
        match &self.data {
            NodeData::Template(text) => text.is_empty(),
            NodeData::Sequence(elements) => elements.iter().all(Self::is_unread),
            NodeData::Mapping(entries) => entries.iter().all(|entry| entry.key.is_unread()),
            _ => false,
        }
    }

    /// The entry with that key, if this is a mapping. Of equal keys the last one counts.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| entry.key.as_str() == Some(key))
    }

    /// The value under that key, if this is a mapping.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value under a path of keys.
    #[must_use]
    pub fn at_path(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The entries, if this is a mapping; else none.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.data {
            NodeData::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The elements, if this is a sequence; else none.
    #[must_use]
    pub fn elements(&self) -> &[Node] {
        match &self.data {
            NodeData::Sequence(elements) => elements,
            _ => &[],
        }
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            NodeData::String(text) => Some(text),
            _ => None,
        }
    }
}
