//! The files of a disk as a workspace.

use crate::ignore_rules::IgnoreRules;
use crate::limit::{FILE_SIZE_LIMIT_BYTES, HEAD_BYTES, check_size};
use crate::link::follow_links;
use crate::text::decode;
use crate::walk::{Excluded, Folder, FoundFile, Walk};
use crate::{Patterns, Scope};
use proofmark_source::{FileEntry, FileId, LineIndex, LoadError, Workspace};
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::OnceLock;

/// The files below a root on the disk. Text is read when it is first asked for.
pub struct DiskWorkspace {
    scope: Scope,
    entries: Vec<FileEntry>,
    contents: Vec<Content>,
    excluded: Vec<Excluded>,
}

struct Content {
    location: Option<PathBuf>,
    problem: Option<LoadError>,
    text: OnceLock<Result<String, LoadError>>,
    lines: OnceLock<LineIndex>,
}

/// What, besides the scope, decides which files are seen.
#[derive(Clone, Debug, Default)]
pub struct WalkSettings {
    /// If not empty, only files that match are seen.
    pub include: Patterns,
    /// Files and folders that match are left out.
    pub exclude: Patterns,
    /// Paths, relative to the root, that are seen whatever hides them.
    pub named: Vec<String>,
    /// Who speaks through the patterns: the path of the configuration file.
    pub configuration: String,
    /// Whether nothing is seen beside what the scope and `named` name.
    pub only_named: bool,
}

impl DiskWorkspace {
    /// Walks the root of the scope.
    #[must_use]
    pub fn open(scope: Scope, settings: &WalkSettings) -> Self {
        let walk = Walk {
            scope: &scope,
            named: &settings.named,
            include: &settings.include,
            exclude: &settings.exclude,
            only_named: settings.only_named,
            configuration: settings.configuration.as_str().into(),
        };
        let mut found = walk.run(Folder {
            path: String::new(),
            location: scope.root.to_path_buf(),
            rules: IgnoreRules::default(),
            left_out_by: None,
        });
        follow_links(&walk, &mut found);
        let (mut files, mut excluded) = (found.files, found.excluded);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|later, kept| later.path == kept.path);
        excluded.sort_by(|a, b| a.path.cmp(&b.path));
        let mut workspace =
            Self { entries: Vec::with_capacity(files.len()), contents: Vec::new(), excluded, scope };
        for file in files {
            workspace.add(file);
        }
        workspace
    }

    /// The root and the named paths.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What was left out below the named paths, sorted by path.
    pub fn excluded(&self) -> impl Iterator<Item = &Excluded> {
        self.excluded.iter().filter(|excluded| self.scope.selects(&excluded.path))
    }

    /// Narrows the selection to these paths (relative to the root); of the files that were selected before, only those
    /// stay selected.
    pub fn select_only(&mut self, paths: &BTreeSet<String>) {
        for entry in &mut self.entries {
            entry.is_selected = entry.is_selected && paths.contains(&*entry.path);
        }
    }

    /// Puts these bytes in the place of a file's own, or adds the file. Ids of files behind it change, so this comes
    /// before anything is read.
    pub fn replace(&mut self, path: &str, bytes: Vec<u8>) {
        let size_bytes = bytes.len() as u64;
        let text = check_size(size_bytes, &bytes).and_then(|()| decode(bytes));
        let content =
            Content { location: None, problem: None, text: OnceLock::from(text), lines: OnceLock::new() };
        match self.entries.binary_search_by(|entry| (*entry.path).cmp(path)) {
            Ok(index) => {
                if let (Some(entry), Some(place)) =
                    (self.entries.get_mut(index), self.contents.get_mut(index))
                {
                    entry.size_bytes = size_bytes;
                    *place = content;
                }
            }
            Err(index) => {
                let is_selected = self.scope.selects(path);
                let entry = FileEntry { path: path.into(), size_bytes, is_executable: false, is_selected };
                self.entries.insert(index, entry);
                self.contents.insert(index, content);
            }
        }
    }

    fn add(&mut self, file: FoundFile) {
        // Installed modules are read for the sake of those who call them, and judged only where someone names them.
        let is_installed = file.path.starts_with(".terraform/") || file.path.contains("/.terraform/");
        let is_selected = match is_installed {
            true => self
                .scope
                .named
                .iter()
                .any(|named| named.contains(".terraform") && self.scope.selects(&file.path)),
            false => self.scope.selects(&file.path),
        };
        self.entries.push(FileEntry {
            path: file.path.into_boxed_str(),
            size_bytes: file.size_bytes,
            is_executable: file.is_executable,
            is_selected,
        });
        self.contents.push(Content {
            location: file.location,
            problem: file.problem,
            text: OnceLock::new(),
            lines: OnceLock::new(),
        });
    }

    fn location(&self, file: FileId) -> Option<PathBuf> {
        let content = self.contents.get(file.index())?;
        match (&content.problem, &content.location) {
            (Some(_), _) => None,
            (None, Some(location)) => Some(location.to_path_buf()),
            (None, None) => Some(self.scope.root.join(self.path(file))),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this crate is the door to the disk")]
    fn read(&self, file: FileId) -> Result<Vec<u8>, LoadError> {
        let size_bytes = self.entries.get(file.index()).map_or(0, |entry| entry.size_bytes);
        let location = self.location(file).ok_or_else(|| LoadError::System("it is not there".to_owned()))?;
        let failed = |error: std::io::Error| LoadError::System(error.to_string());
        if size_bytes > FILE_SIZE_LIMIT_BYTES {
            let mut head = Vec::with_capacity(HEAD_BYTES);
            let opened = std::fs::File::open(&location).map_err(failed)?;
            opened.take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(failed)?;
            check_size(size_bytes, &head)?;
        }
        std::fs::read(location).map_err(failed)
    }
}

/// What [`Workspace::load`] answers for an id of another workspace.
static FOREIGN: LoadError = LoadError::System(String::new());

impl Workspace for DiskWorkspace {
    fn files(&self) -> &[FileEntry] {
        &self.entries
    }

    fn load(&self, file: FileId) -> Result<&str, &LoadError> {
        let content = self.contents.get(file.index()).ok_or(&FOREIGN)?;
        if let Some(problem) = &content.problem {
            return Err(problem);
        }
        content.text.get_or_init(|| self.read(file).and_then(decode)).as_deref()
    }

    fn line_index(&self, file: FileId) -> &LineIndex {
        static EMPTY: OnceLock<LineIndex> = OnceLock::new();
        match self.contents.get(file.index()) {
            Some(content) => content.lines.get_or_init(|| LineIndex::new(self.load(file).unwrap_or(""))),
            None => EMPTY.get_or_init(|| LineIndex::new("")),
        }
    }

    fn load_bytes(&self, file: FileId) -> Option<Vec<u8>> {
        self.read(file).ok()
    }
}

impl std::fmt::Debug for DiskWorkspace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("DiskWorkspace");
        shown.field("scope", &self.scope).field("files", &self.entries.len()).finish_non_exhaustive()
    }
}
