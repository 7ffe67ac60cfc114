//! The walk over the root.

use crate::Patterns;
use crate::ignore_rules::IgnoreRules;
use crate::scope::{Scope, is_at_or_below};
use proofmark_source::LoadError;
use rayon::prelude::*;
use std::fs::{DirEntry, FileType, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folders that tools fill with fetched copies of other people's files. They are left out unless they are named.
const FETCHED_FOLDERS: [&str; 6] =
    ["node_modules", ".terraform", ".terragrunt-cache", ".venv", "__pycache__", ".tox"];

/// An ignore file above this size is no ignore file; it is passed over.
const IGNORE_FILE_LIMIT_BYTES: u64 = 1 << 20;

/// Fewer folders than this are read sooner than threads are started for them.
const FEW_FOLDERS: usize = 8;

/// A file or folder that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// Its path relative to the root. Nothing below a left-out folder is listed.
    pub path: String,
    /// Who left it out: the path of an ignore file, of the configuration file, or `proofmark`.
    pub by: Arc<str>,
}

/// A file that was found.
pub(crate) struct FoundFile {
    pub(crate) path: String,
    /// Where its bytes are, if that is not `path` below the root.
    pub(crate) location: Option<PathBuf>,
    pub(crate) size_bytes: u64,
    pub(crate) is_executable: bool,
    /// Why it is certain that it cannot be read.
    pub(crate) problem: Option<LoadError>,
}

/// What a walk gives.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) files: Vec<FoundFile>,
    pub(crate) excluded: Vec<Excluded>,
    /// Links, by path, with where they stand.
    pub(crate) links: Vec<(String, PathBuf)>,
    folders: Vec<Folder>,
}

/// A folder to walk.
pub(crate) struct Folder {
    /// Its path relative to the root.
    pub(crate) path: String,
    /// Where it stands on the disk.
    pub(crate) location: PathBuf,
    /// The ignore files above it.
    pub(crate) rules: IgnoreRules,
    /// Who left the folder out, if it is only opened because something named lies below it.
    pub(crate) left_out_by: Option<Arc<str>>,
}

/// An entry of a folder.
struct Seen {
    /// Its path relative to the root.
    path: String,
    kind: FileType,
    entry: DirEntry,
}

/// What decides about each entry.
pub(crate) struct Walk<'w> {
    pub(crate) scope: &'w Scope,
    /// Paths named in the configuration, relative to the root.
    pub(crate) named: &'w [String],
    pub(crate) include: &'w Patterns,
    pub(crate) exclude: &'w Patterns,
    /// Whether nothing is seen beside what is named.
    pub(crate) only_named: bool,
    /// The path of the configuration file, which speaks for `include` and `exclude`.
    pub(crate) configuration: Arc<str>,
}

impl Found {
    /// Keeps an entry that is not left out, for what it is.
    fn take(&mut self, seen: Seen, rules: IgnoreRules) {
        let Seen { path, kind, entry } = seen;
        if kind.is_symlink() {
            self.links.push((path, entry.path()));
        } else if kind.is_dir() {
            self.folders.push(Folder { path, location: entry.path(), rules, left_out_by: None });
        } else {
            self.files.push(match entry.metadata() {
                Ok(metadata) => file(path, &entry, &metadata),
                Err(error) => unreadable(&path, &error),
            });
        }
    }
}

impl Walk<'_> {
    /// Everything at and below `folder`. Links are listed, not followed.
    ///
    /// Level by level, so that a deep tree costs no stack; each level in parallel and in order.
    pub(crate) fn run(&self, folder: Folder) -> Found {
        let mut found = Found::default();
        let mut level = vec![folder];
        while !level.is_empty() {
            let parts: Vec<Found> = match level.len() {
                0..FEW_FOLDERS => level.iter().map(|folder| self.read_folder(folder)).collect(),
                _ => level.par_iter().map(|folder| self.read_folder(folder)).collect(),
            };
            level = Vec::new();
            for part in parts {
                found.files.extend(part.files);
                found.excluded.extend(part.excluded);
                found.links.extend(part.links);
                level.extend(part.folders);
            }
        }
        found
    }

    #[expect(clippy::disallowed_methods, reason = "this crate is the door to the disk")]
    fn read_folder(&self, folder: &Folder) -> Found {
        let mut found = Found::default();
        let entries = std::fs::read_dir(&folder.location).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                found.files.push(unreadable(&folder.path, &error));
                return found;
            }
        };
        let rules = self.rules_of(folder, &entries);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == ".git" {
                continue;
            }
            let path = if folder.path.is_empty() { name } else { format!("{}/{name}", folder.path) };
            match entry.file_type() {
                Ok(kind) => self.sort_in(&mut found, folder, &rules, Seen { path, kind, entry }),
                Err(error) => found.files.push(unreadable(&path, &error)),
            }
        }
        found
    }

    /// The ignore rules that count for the entries of a folder.
    fn rules_of(&self, folder: &Folder, entries: &[DirEntry]) -> IgnoreRules {
        let mut rules = IgnoreRules::clone(&folder.rules);
        if folder.path.is_empty() {
            let exclude = folder.location.join(".git/info/exclude");
            if let Some(text) = read_ignore_file(&exclude) {
                rules = rules.with_file("", ".git/info/exclude".to_owned(), &text);
            }
        }
        let own = entries.iter().find(|entry| entry.file_name() == ".gitignore");
        if let Some(text) = own.and_then(|entry| read_ignore_file(&entry.path())) {
            let source = if folder.path.is_empty() { String::new() } else { format!("{}/", folder.path) };
            rules = rules.with_file(&folder.path, source + ".gitignore", &text);
        }
        rules
    }

    fn sort_in(&self, found: &mut Found, folder: &Folder, rules: &IgnoreRules, seen: Seen) {
        if self.only_named && !self.is_of_named(&seen.path) {
            return;
        }
        let left_out_by = match self.is_named(&seen.path) {
            true => None,
            false => self.left_out_by(folder, rules, &seen.path, seen.kind),
        };
        let Some(by) = left_out_by else {
            // What is named is read whatever hides it, and the files above it say nothing about what it holds.
            let is_hidden = folder.left_out_by.is_some();
            let rules = if is_hidden { IgnoreRules::default() } else { IgnoreRules::clone(rules) };
            return found.take(seen, rules);
        };
        let Seen { path, kind, entry } = seen;
        if kind.is_dir() && self.leads_to_named(&path) {
            let rules = IgnoreRules::default();
            found.folders.push(Folder { path, location: entry.path(), rules, left_out_by: Some(by) });
        } else {
            found.excluded.push(Excluded { path, by });
        }
    }

    /// Who leaves an entry out that nobody named.
    fn left_out_by(
        &self,
        folder: &Folder,
        rules: &IgnoreRules,
        path: &str,
        kind: FileType,
    ) -> Option<Arc<str>> {
        if let Some(by) = &folder.left_out_by {
            return Some(Arc::clone(by));
        }
        if self.exclude.matches(path) {
            return Some(Arc::clone(&self.configuration));
        }
        if let Some(by) = rules.hidden_by(path, kind.is_dir()) {
            return Some(by.into());
        }
        if kind.is_dir() {
            let name = path.rsplit('/').next().unwrap_or(path);
            return FETCHED_FOLDERS.contains(&name).then(|| "proofmark".into());
        }
        let is_left = !self.include.is_empty() && !self.include.matches(path);
        is_left.then(|| Arc::clone(&self.configuration))
    }

    /// Whether exactly this path is named, or is a folder of installed Terraform modules, which are the source of what
    /// a configuration calls.
    fn is_named(&self, path: &str) -> bool {
        let mut named = self.scope.named.iter().chain(self.named);
        named.any(|named| named == path)
            || path == ".terraform/modules"
            || path.ends_with("/.terraform/modules")
    }

    /// Whether a path is named, or lies above or below what is.
    fn is_of_named(&self, path: &str) -> bool {
        let mut named = self.scope.named.iter().chain(self.named);
        named.any(|named| is_at_or_below(named, path) || is_at_or_below(path, named))
    }

    /// Whether something named lies below the folder.
    fn leads_to_named(&self, path: &str) -> bool {
        let mut named = self.scope.named.iter().chain(self.named);
        named.any(|named| is_at_or_below(named, path))
            || path == ".terraform"
            || path.ends_with("/.terraform")
    }
}

/// A path that the system will not let us look at.
pub(crate) fn unreadable(path: &str, error: &std::io::Error) -> FoundFile {
    FoundFile { problem: Some(LoadError::System(error.to_string())), ..without_bytes(path.to_owned()) }
}

/// A file of which nothing is known but its path.
pub(crate) fn without_bytes(path: String) -> FoundFile {
    FoundFile { path, location: None, size_bytes: 0, is_executable: false, problem: None }
}

fn file(path: String, entry: &DirEntry, metadata: &Metadata) -> FoundFile {
    // A name that is not UTF-8 is shown with replacement marks, so its own path would not find it again.
    let location = entry.file_name().to_str().is_none().then(|| entry.path());
    FoundFile { location, ..described(path, metadata) }
}

/// A file with what the system knows of it. What is no regular file (a pipe, a device) is never opened.
pub(crate) fn described(path: String, metadata: &Metadata) -> FoundFile {
    let problem = (!metadata.is_file()).then(|| LoadError::System("it is not a regular file".to_owned()));
    FoundFile {
        path,
        location: None,
        size_bytes: metadata.len(),
        is_executable: is_executable(metadata),
        problem,
    }
}

#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    false
}

/// The text of an ignore file; `None` where it is missing, a link, or too large to be one.
#[expect(clippy::disallowed_methods, reason = "this crate is the door to the disk")]
fn read_ignore_file(path: &Path) -> Option<String> {
    let metadata = std::fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > IGNORE_FILE_LIMIT_BYTES {
        return None;
    }
    std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
