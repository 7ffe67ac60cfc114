//! Where the entries of generated objects come from: literals, files, files of variables.

use crate::build::{Builder, Layer};
use crate::node::scalar;
use proofmark_source::{FileId, LoadError, Span};
use proofmark_syntax::Node;

/// One entry.
pub(super) struct Source {
    pub(super) key: String,
    pub(super) content: Content,
    /// Where the kustomization says so.
    pub(super) span: Span,
    /// Where it stands in a file, if it does.
    pub(super) from: Option<Span>,
}

pub(super) enum Content {
    Text(String),
    Binary(Vec<u8>),
    /// Taken from the environment of whoever builds; its name.
    Unknown(String),
}

impl Builder<'_> {
    /// The entries that an element of a generator's list asks for.
    pub(super) fn sources(&mut self, layer: &Layer, entry: &Node) -> Vec<Source> {
        let list = |field: &str| entry.get(field).map_or(&[][..], Node::elements).to_vec();
        let mut sources = Vec::new();
        for node in list("literals") {
            self.literal(&node, &mut sources);
        }
        for node in list("files") {
            self.file(layer, &node, &mut sources);
        }
        for node in list("envs").iter().chain(entry.get("env")) {
            self.variables(layer, node, &mut sources);
        }
        sources
    }

    fn literal(&mut self, node: &Node, sources: &mut Vec<Source>) {
        let text = scalar(node).unwrap_or_default();
        match text.split_once('=').filter(|(key, _)| !key.is_empty()) {
            Some((key, value)) => sources.push(Source {
                key: key.to_owned(),
                content: Content::Text(without_quotes(value).to_owned()),
                span: node.span,
                from: None,
            }),
            None => {
                self.refuse(node.span, format!("invalid literal source {text}, expected key=value"));
            }
        }
    }

    fn file(&mut self, layer: &Layer, node: &Node, sources: &mut Vec<Source>) {
        let text = scalar(node).unwrap_or_default();
        let (key, path) = match text.split_once('=') {
            Some((key, path)) => (key, path),
            None => (text.rsplit('/').next().unwrap_or(&text), text.as_str()),
        };
        if key.is_empty() || path.is_empty() || path.contains('=') {
            let message = format!("invalid file source '{text}': it takes a path or one key and a path");
            self.refuse(node.span, message);
            return;
        }
        let Some(file) = self.find_file(layer, path, node.span) else { return };
        if let Some(content) = self.content(file) {
            let from = Some(Span::file_start(file));
            sources.push(Source { key: key.to_owned(), content, span: node.span, from });
        }
    }

    fn content(&mut self, file: FileId) -> Option<Content> {
        let workspace = self.workspace;
        match workspace.load(file) {
            Err(LoadError::Binary | LoadError::NotUtf8 { .. } | LoadError::Utf16) => {
                self.built.files.entry(file).or_insert(true);
                workspace.load_bytes(file).map(Content::Binary)
            }
            _ => self.load_text(file).map(|text| Content::Text(text.to_owned())),
        }
    }

    /// Reads a file of lines `NAME=value`.
    fn variables(&mut self, layer: &Layer, node: &Node, sources: &mut Vec<Source>) {
        let Some(path) = scalar(node).filter(|path| !path.is_empty()) else { return };
        let Some(file) = self.find_file(layer, &path, node.span) else { return };
        let Some(text) = self.load_text(file).map(str::to_owned) else { return };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']).trim_start();
            let from = Some(Span::new(file, start, start + line.trim_end().len()));
            start += line.len();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let (key, content) = match content.split_once('=') {
                Some((key, value)) => (key, Content::Text(value.to_owned())),
                None => (content, Content::Unknown(format!("${content}"))),
            };
            sources.push(Source { key: key.trim().to_owned(), content, span: node.span, from });
        }
    }
}

/// The text without the quotes around it.
fn without_quotes(text: &str) -> &str {
    ['"', '\''].iter().find_map(|&quote| text.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(text)
}
