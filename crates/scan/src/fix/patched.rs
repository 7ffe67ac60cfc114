//! Files as they would be.

use proofmark_source::{FileEntry, FileId, LineIndex, LoadError, TextEdit, Workspace, apply_edits};
use std::collections::BTreeMap;

/// A workspace in which some files have another text.
pub(super) struct Patched<'w> {
    inner: &'w dyn Workspace,
    texts: BTreeMap<FileId, (&'w str, LineIndex)>,
}

impl<'w> Patched<'w> {
    /// `inner` with these texts instead of its own.
    pub fn new(inner: &'w dyn Workspace, texts: &'w BTreeMap<FileId, String>) -> Self {
        let indexed = texts.iter().map(|(file, text)| (*file, (text.as_str(), LineIndex::new(text))));
        Self { inner, texts: indexed.collect() }
    }

    /// The files that the edits change, with their new texts. A file whose edits do not fit together stays as it is.
    pub fn edited<'e>(&self, edits: impl Iterator<Item = &'e TextEdit>) -> BTreeMap<FileId, String> {
        let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
        for edit in edits {
            let edits = by_file.entry(edit.span.file).or_default();
            // Two findings may ask for one and the same change.
            if !edits.contains(edit) {
                edits.push(edit.clone());
            }
        }
        let edited = by_file.into_iter().filter_map(|(file, edits)| {
            let text = self.load(file).ok()?;
            apply_edits(text, &edits).ok().map(|edited| (file, edited))
        });
        edited.collect()
    }
}

impl Workspace for Patched<'_> {
    fn files(&self) -> &[FileEntry] {
        self.inner.files()
    }

    fn load(&self, file: FileId) -> Result<&str, &LoadError> {
        match self.texts.get(&file) {
            Some((text, _)) => Ok(text),
            None => self.inner.load(file),
        }
    }

    fn line_index(&self, file: FileId) -> &LineIndex {
        match self.texts.get(&file) {
            Some((_, lines)) => lines,
            None => self.inner.line_index(file),
        }
    }

    fn load_bytes(&self, file: FileId) -> Option<Vec<u8>> {
        match self.texts.get(&file) {
            Some((text, _)) => Some(text.as_bytes().to_vec()),
            None => self.inner.load_bytes(file),
        }
    }
}
