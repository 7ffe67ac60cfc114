//! The files that a scan may see.

use crate::{FileId, LineIndex};
use std::sync::OnceLock;

/// What is known of a file before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// The path relative to the root of the workspace, with `/`, without `./`.
    pub path: Box<str>,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Whether the file may be run, where the system knows such a thing.
    pub is_executable: bool,
    /// Whether the user named the file, or a folder that holds it: such files select the units that are judged. The
    /// others are there so that references resolve.
    pub is_selected: bool,
}

/// Why the text of a file is not to be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file is larger than the limit.
    #[error("the file has {size_bytes} bytes, more than the limit of {limit_bytes}")]
    TooLarge {
        /// The size in bytes.
        size_bytes: u64,
        /// The limit in bytes.
        limit_bytes: u64,
    },
    /// The file holds something that is no text.
    #[error("the file is binary")]
    Binary,
    /// The file is text, but not UTF-8.
    #[error("the file is not UTF-8 (the first bad byte is number {offset}, from 0)")]
    NotUtf8 {
        /// The first bad byte, from 0.
        offset: usize,
    },
    /// The file is UTF-16.
    #[error("the file is UTF-16")]
    Utf16,
    /// The link leads out of the root, or in a circle.
    #[error("the symbolic link leads {0}")]
    Link(&'static str),
    /// The system would not read it.
    #[error("the file cannot be read: {0}")]
    System(String),
}

/// The files that a scan may see: all below one root, by id and by path.
///
/// Text is read at most once and lives as long as the workspace, so that readers borrow from it. A byte order mark is
/// not part of the text.
pub trait Workspace: Sync {
    /// All files, sorted by path; a file's id is its place here.
    fn files(&self) -> &[FileEntry];

    /// The text of a file.
    ///
    /// # Errors
    /// Says why the file cannot be read as text; the answer stays the same.
    fn load(&self, file: FileId) -> Result<&str, &LoadError>;

    /// The line table of a file's text; that of the empty text where there is none.
    fn line_index(&self, file: FileId) -> &LineIndex;

    /// The raw bytes of a file, for archives and hashes; `None` where they cannot be read.
    fn load_bytes(&self, file: FileId) -> Option<Vec<u8>>;

    /// The file at exactly `path` (relative to the root, normalized).
    fn find(&self, path: &str) -> Option<FileId> {
        let index = self.files().binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        u32::try_from(index).ok().map(FileId)
    }

    /// The path of a file, or `""` for an id of another workspace.
    fn path(&self, file: FileId) -> &str {
        self.files().get(file.index()).map_or("", |entry| &entry.path)
    }

    /// The files whose path begins with `folder/`, in order of path; all files for the empty folder.
    fn files_below(&self, folder: &str) -> std::ops::Range<usize> {
        let files = self.files();
        if folder.is_empty() {
            return 0..files.len();
        }
        let prefix = format!("{folder}/");
        let start = files.partition_point(|entry| *entry.path < *prefix);
        let end = start
            + files.get(start..).unwrap_or(&[]).partition_point(|entry| entry.path.starts_with(&prefix));
        start..end
    }
}

/// The folder that holds `path`, or `""` at the root.
#[must_use]
pub fn parent_path(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` as written inside `folder`, normalized; `None` where it leaves the root.
#[must_use]
pub fn join_path(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    if folder.is_empty() { normalize_path(path) } else { normalize_path(&format!("{folder}/{path}")) }
}

/// Resolves `.` and `..` in a relative path; `None` where it leaves the root or is absolute.
#[must_use]
pub fn normalize_path(path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// A workspace of texts in memory: for tests, and for tools that hold the files already.
#[derive(Debug, Default)]
pub struct MemoryWorkspace {
    entries: Vec<FileEntry>,
    texts: Vec<Result<String, LoadError>>,
    lines: Vec<OnceLock<LineIndex>>,
}

impl MemoryWorkspace {
    /// A workspace of these paths and texts, all selected. Paths are normalized; of equal paths the last one counts,
    /// and paths that leave the root are left out.
    pub fn new<P: AsRef<str>, T: Into<String>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let mut sorted = std::collections::BTreeMap::new();
        for (path, text) in files {
            if let Some(path) = normalize_path(path.as_ref()) {
                sorted.insert(path, text.into());
            }
        }
        let mut workspace = Self::default();
        for (path, text) in sorted {
            workspace.entries.push(FileEntry {
                path: path.into_boxed_str(),
                size_bytes: text.len() as u64,
                is_executable: false,
                is_selected: true,
            });
            workspace.texts.push(Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)));
            workspace.lines.push(OnceLock::new());
        }
        workspace
    }
}

/// What [`Workspace::load`] answers for an id of another workspace.
static FOREIGN: LoadError = LoadError::System(String::new());

impl Workspace for MemoryWorkspace {
    fn files(&self) -> &[FileEntry] {
        &self.entries
    }

    fn load(&self, file: FileId) -> Result<&str, &LoadError> {
        self.texts.get(file.index()).map_or(Err(&FOREIGN), |text| text.as_deref())
    }

    fn line_index(&self, file: FileId) -> &LineIndex {
        static EMPTY: OnceLock<LineIndex> = OnceLock::new();
        match self.lines.get(file.index()) {
            Some(index) => index.get_or_init(|| LineIndex::new(self.load(file).unwrap_or(""))),
            None => EMPTY.get_or_init(|| LineIndex::new("")),
        }
    }

    fn load_bytes(&self, file: FileId) -> Option<Vec<u8>> {
        self.load(file).ok().map(|text| text.as_bytes().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_root() {
        assert_eq!(join_path("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(join_path("a", "../../x"), None);
        assert_eq!(join_path("a", "/etc/passwd"), None);
    }

    #[test]
    fn files_below_a_folder_do_not_include_its_namesakes() {
        let workspace = MemoryWorkspace::new([("a/x", ""), ("a-b/x", ""), ("a/c/y", ""), ("b", "")]);
        let below: Vec<&str> =
            workspace.files()[workspace.files_below("a")].iter().map(|f| &*f.path).collect();
        assert_eq!(below, ["a/c/y", "a/x"]);
        assert_eq!(workspace.find("b"), Some(FileId(3)));
    }
}
