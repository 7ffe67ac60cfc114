//! The files that a pipeline is made of.

use super::codes;
use super::tree::tree_of;
use crate::class::{Class, shapeless};
use crate::context::FileContext;
use proofmark_model::{FileUse, Map, Value};
use proofmark_source::{
    Code, Diagnostic, FileId, Impact, LineIndex, Span, Workspace, join_path, nearest, parent_path,
};
use proofmark_syntax::{Comment, Document, Node, YamlDialect, parse_yaml};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file that was opened.
pub struct SourceFile<'w> {
    /// The file.
    pub file: FileId,
    text: &'w str,
    lines: &'w LineIndex,
    comments: Vec<Comment>,
    /// What stands before the `---` that ends a header with `spec`.
    pub header: Option<Value>,
    /// The configuration: a map.
    pub content: Value,
}

impl SourceFile<'_> {
    /// What every part of the file needs at hand.
    pub fn context(&self) -> FileContext<'_> {
        FileContext { file: self.file, text: self.text, lines: self.lines, comments: &self.comments }
    }

    /// Its first line, which stands for a pipeline, since that has no name.
    pub fn first_line(&self) -> Span {
        let range = self.lines.line_range(1, self.text).unwrap_or(0..0);
        Span::new(self.file, range.start, range.end)
    }
}

/// The files that were opened for a unit, and what was odd about them.
pub struct Sources<'w> {
    /// The files that may be seen.
    pub workspace: &'w dyn Workspace,
    /// The folder that local paths start from.
    folder: &'w str,
    files: BTreeMap<FileId, Option<Arc<SourceFile<'w>>>>,
    diagnostics: Vec<Diagnostic>,
    /// How many values templates, references, inputs and defaults have copied.
    copied: usize,
}

/// More diagnostics than this help nobody; the rest of a unit's is dropped.
const MAX_DIAGNOSTICS: usize = 500;

/// How many values may be copied for one pipeline: more than a thousand jobs of templates take, few enough that a base for
/// every job, or an input for every line, ends before the memory does.
const MAX_COPIED: usize = 2_000_000;

/// How many names are compared for a hint on a name that does not exist.
const MAX_COMPARED: usize = 300;

impl<'w> Sources<'w> {
    /// None so far, of the pipeline in `entry`. Its local paths start from the folder of the nearest `.gitlab-ci.yml`.
    pub fn new(workspace: &'w dyn Workspace, entry: FileId) -> Self {
        let mut folder = parent_path(workspace.path(entry));
        while !folder.is_empty() && workspace.find(&format!("{folder}/.gitlab-ci.yml")).is_none() {
            folder = parent_path(folder);
        }
        Self { workspace, folder, files: BTreeMap::new(), diagnostics: Vec::new(), copied: 0 }
    }

    /// The folder that local paths start from.
    pub fn folder(&self) -> &'w str {
        self.folder
    }

    /// The file at a path of the project, with or without a slash before it.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let path = path.trim_start_matches('/');
        self.workspace.find(&join_path(self.folder, path)?)
    }

    /// Opens a file; `None` where it cannot be read, which is told once.
    pub fn load(&mut self, file: FileId) -> Option<Arc<SourceFile<'w>>> {
        if let Some(known) = self.files.get(&file) {
            return known.clone();
        }
        let source = self.open(file).map(Arc::new);
        self.files.insert(file, source.clone());
        source
    }

    /// A file that was opened before.
    pub fn opened(&self, file: FileId) -> Option<&SourceFile<'w>> {
        self.files.get(&file)?.as_deref()
    }

    /// The files that were opened, in order.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        self.files.keys().copied()
    }

    /// Counts values that are to be copied; whether that many may be.
    #[must_use]
    pub fn may_copy(&mut self, count: usize) -> bool {
        self.copied = self.copied.saturating_add(count);
        self.copied <= MAX_COPIED
    }

    /// A word on the nearest name that would be right.
    pub fn hint<'c>(&self, name: &str, known: impl IntoIterator<Item = &'c str>) -> String {
        if self.diagnostics.len() >= MAX_DIAGNOSTICS {
            return String::new();
        }
        let known = nearest(name, known.into_iter().take(MAX_COMPARED));
        known.map(|known| format!("; did you mean `{known}`")).unwrap_or_default()
    }

    /// Tells of something odd that cost nothing.
    pub fn tell(&mut self, code: Code, span: Span, message: String) {
        self.push(Diagnostic::new(code, Impact::None, span, message));
    }

    /// Tells of a part that could not be read.
    pub fn tell_lost(&mut self, code: Code, span: Span, message: String) {
        self.push(Diagnostic::new(code, Impact::Partial, span, message));
    }

    /// Adds a diagnostic; one that was told before counts once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS && !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// What was opened and what was odd, in order of place.
    pub fn finish(mut self) -> (Vec<FileUse>, Vec<Diagnostic>) {
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        let is_whole = |file: FileId| {
            let mut own = self.diagnostics.iter().filter(|diagnostic| diagnostic.span.file == file);
            own.all(|diagnostic| diagnostic.impact == Impact::None)
        };
        let uses = self
            .files
            .iter()
            .map(|(file, source)| FileUse { file: *file, is_whole: source.is_some() && is_whole(*file) });
        (uses.collect(), self.diagnostics)
    }

    fn open(&mut self, file: FileId) -> Option<SourceFile<'w>> {
        let text = self.workspace.load(file).ok()?;
        let parsed = parse_yaml(file, text, YamlDialect::Python);
        let (header, content) = split(file, &parsed.documents);
        if content.as_map().is_none_or(|map| map.entries().is_empty()) && parsed.diagnostics.is_empty() {
            self.push(shapeless(file, Class::GitLab));
        }
        if let Some(spec) = content.as_map().and_then(|map| map.get("spec")) {
            let message = "`spec` has no effect here: it stands in a header that ends with `---`";
            self.tell(codes::KEYWORD, spec.name_span, message.to_owned());
        }
        parsed.diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
        let lines = self.workspace.line_index(file);
        let content = if content.as_map().is_some() { content } else { empty_map(content.origin.span) };
        Some(SourceFile { file, text, lines, comments: parsed.comments, header, content })
    }
}

/// The header with `spec`, if there is one, and the configuration behind it.
fn split(file: FileId, documents: &[Document]) -> (Option<Value>, Value) {
    let value = |document: &Document| {
        let header = document.root.entries().first().map_or(document.root.span, |entry| entry.key.span);
        tree_of(&document.root, header)
    };
    match documents {
        [] => (None, empty_map(Span::file_start(file))),
        [first, rest @ ..] if is_header(&first.root, rest) => {
            let content = rest.first().map_or_else(|| empty_map(first.root.span), value);
            (Some(value(first)), content)
        }
        [first, ..] => (None, value(first)),
    }
}

/// Whether a document is a header: it has a `spec`, and the configuration stands behind it.
fn is_header(root: &Node, behind: &[Document]) -> bool {
    root.get("spec").is_some() && (!behind.is_empty() || root.entries().len() == 1)
}

/// A map without entries at `span`.
pub fn empty_map(span: Span) -> Value {
    Value::map(Map::default().with_header(span), span)
}
