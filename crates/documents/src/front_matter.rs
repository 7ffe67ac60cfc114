//! The YAML block that opens a document.

use proofmark_source::{Code, Diagnostic, FileId, Impact};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};

/// The front matter is not a mapping.
pub const FRONT_MATTER: Code = Code("front-matter");

/// The front matter of a text.
pub(crate) struct FrontMatter {
    /// Its mapping, where it is one.
    pub(crate) root: Option<Node>,
    /// The first byte of the text behind it; 0 without front matter.
    pub(crate) body: usize,
    /// What was odd.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads the block between a first line `---` and the next line `---` or `...`.
///
/// Dates stay text, as every YAML schema but the oldest has them.
pub(crate) fn read_front_matter(file: FileId, text: &str) -> FrontMatter {
    let none = FrontMatter { root: None, body: 0, diagnostics: Vec::new() };
    let Some((end, body)) = find_end(text) else { return none };
    // The slice keeps its opening marker, so that spans count from the start of the file.
    let parsed = parse_yaml(file, text.get(..end).unwrap_or(""), YamlDialect::Core);
    let mut diagnostics = parsed.diagnostics;
    let root = parsed.documents.into_iter().next().map(|document| document.root);
    match root {
        Some(root) if matches!(root.data, NodeData::Mapping(_)) => {
            FrontMatter { root: Some(root), body, diagnostics }
        }
        // A rule of dashes around a line of prose is no front matter.
        Some(root) if diagnostics.is_empty() && matches!(root.data, NodeData::String(_)) => none,
        Some(root) if root.data != NodeData::Null => {
            let message = "the front matter is not a mapping of keys to values";
            diagnostics.push(Diagnostic::new(FRONT_MATTER, Impact::Partial, root.span, message));
            FrontMatter { root: None, body, diagnostics }
        }
        _ => FrontMatter { root: None, body, diagnostics },
    }
}

/// Where the closing marker begins, and where the line behind it begins.
fn find_end(text: &str) -> Option<(usize, usize)> {
    let first = text.split_inclusive('\n').next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let mut offset = first.len();
    for line in text.get(offset..)?.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((offset, offset + line.len()));
        }
        offset += line.len();
    }
    None
}
