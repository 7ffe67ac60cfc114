//! Reading a mapping strictly: known keys only, each of the right kind.

use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;

/// What is wrong with a file, as it is found.
pub(crate) struct Problems {
    found: Vec<Diagnostic>,
}

impl Problems {
    pub(crate) fn new() -> Self {
        Self { found: Vec::new() }
    }

    pub(crate) fn add(&mut self, code: Code, span: Span, message: String, help: &str) {
        let diagnostic = Diagnostic::new(code, Impact::Unread, span, message);
        self.found.push(if help.is_empty() { diagnostic } else { diagnostic.with_help(help) });
    }

    /// `value`, unless anything was wrong; then all of it, in order of place.
    pub(crate) fn finish<T>(
        mut self,
        value: Option<T>,
        file: FileId,
        code: Code,
    ) -> Result<T, Vec<Diagnostic>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => {
                if self.found.is_empty() {
                    self.add(code, Span::file_start(file), "the file cannot be read".to_owned(), "");
                }
                self.found.sort_by_key(|diagnostic| diagnostic.span);
                Err(self.found)
            }
        }
    }
}

/// A mapping whose values are read one by one.
pub(crate) struct Fields<'n> {
    node: &'n Node,
    code: Code,
}

impl<'n> Fields<'n> {
    /// Opens `node`, which must be a mapping with no other keys than `known`.
    pub(crate) fn open(node: &'n Node, known: &[&str], code: Code, problems: &mut Problems) -> Option<Self> {
        if !matches!(node.data, NodeData::Mapping(_)) {
            problems.add(code, node.span, "this is not a mapping of keys to values".to_owned(), "");
            return None;
        }
        for entry in node.entries() {
            let name = entry.key.as_str().unwrap_or("");
            if !known.contains(&name) {
                let help = format!("known keys are `{}`", known.join("`, `"));
                problems.add(code, entry.key.span, format!("unknown key `{name}`"), &help);
            }
        }
        Some(Self { node, code })
    }

    /// The place for problems about something that is missing: the first key.
    fn header(&self) -> Span {
        self.node.entries().first().map_or(self.node.span, |entry| entry.key.span)
    }

    /// The value under `key`, if the key is there.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.node.get(key)
    }

    /// A text that must be there and must not be empty.
    pub(crate) fn required_text(&self, key: &str, help: &str, problems: &mut Problems) -> Option<SmolStr> {
        if self.get(key).is_none() {
            problems.add(self.code, self.header(), format!("`{key}` is missing"), help);
            return None;
        }
        let text = self.optional_text(key, problems)?;
        if text.is_empty() {
            let span = self.get(key).map_or(self.header(), |node| node.span);
            problems.add(self.code, span, format!("`{key}` is empty"), help);
            return None;
        }
        Some(text)
    }

    /// A text that may be missing.
    pub(crate) fn optional_text(&self, key: &str, problems: &mut Problems) -> Option<SmolStr> {
        let node = self.get(key)?;
        match node.as_str() {
            Some(text) => Some(SmolStr::new(text.trim())),
            None => {
                problems.add(self.code, node.span, format!("`{key}` is not a text"), "put it in quotes");
                None
            }
        }
    }

    /// The elements of a list that must be there and must not be empty.
    pub(crate) fn required_list(&self, key: &str, help: &str, problems: &mut Problems) -> &'n [Node] {
        let elements = self.get(key).map_or(&[][..], Node::elements);
        if elements.is_empty() {
            let span = self.get(key).map_or(self.header(), |node| node.span);
            problems.add(self.code, span, format!("`{key}` is not a list with at least one element"), help);
        }
        elements
    }

    /// A list of texts that must be there and must not be empty.
    pub(crate) fn required_texts(&self, key: &str, help: &str, problems: &mut Problems) -> Vec<SmolStr> {
        let mut texts = Vec::new();
        for element in self.required_list(key, help, problems) {
            match element.as_str() {
                Some(text) => texts.push(SmolStr::new(text)),
                None => problems.add(
                    self.code,
                    element.span,
                    format!("`{key}` holds something that is no text"),
                    help,
                ),
            }
        }
        texts
    }

    /// One of a few words, if the key is there.
    pub(crate) fn word<T: Copy>(&self, key: &str, words: &[(&str, T)], problems: &mut Problems) -> Option<T> {
        let node = self.get(key)?;
        let found = words.iter().find(|(word, _)| node.as_str() == Some(word)).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let help = format!("write one of `{}`", names.join("`, `"));
            problems.add(self.code, node.span, format!("`{key}` has an unknown value"), &help);
        }
        found
    }
}
