//! What may be read, and what is judged.

use std::path::{Component, Path, PathBuf};

/// The root that bounds all reading, and the paths that the user named below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The root, absolute and without links.
    pub root: PathBuf,
    /// The named paths, relative to the root, with `/`, sorted; `""` is the root itself.
    pub named: Vec<String>,
    /// The folder that paths in reports may be relative to: the named folder where it is the only one, else the root.
    pub scanned_path: String,
}

/// Why there is nothing to walk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScopeError {
    /// A named path does not exist, or cannot be looked at.
    #[error("`{}` cannot be opened", path.display())]
    Unreachable {
        /// The path as named.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// A named path lies outside the root.
    #[error("`{}` is not below the root `{}`", path.display(), root.display())]
    Outside {
        /// The path as named.
        path: PathBuf,
        /// The root.
        root: PathBuf,
    },
}

impl Scope {
    /// The scope of a scan of `paths` (at least one): the root is `root`, else the Git root above the first path, else
    /// that path, or the folder that holds it.
    ///
    /// # Errors
    /// When a path does not exist, or does not lie below the root.
    pub fn find(paths: &[PathBuf], root: Option<&Path>) -> Result<Self, ScopeError> {
        let canonical = paths.iter().map(|path| canonicalize(path)).collect::<Result<Vec<_>, _>>()?;
        let root = match (root, canonical.first()) {
            (Some(root), _) => canonicalize(root)?,
            (None, Some(first)) => git_root(first).unwrap_or_else(|| folder_of(first)),
            (None, None) => canonicalize(Path::new("."))?,
        };
        let mut named = Vec::with_capacity(paths.len());
        for (path, canonical) in paths.iter().zip(&canonical) {
            let relative = relative_path(canonical, &root);
            let outside = || ScopeError::Outside { path: path.to_path_buf(), root: root.to_path_buf() };
            named.push(relative.ok_or_else(outside)?);
        }
        if named.is_empty() {
            named.push(String::new());
        }
        named.sort();
        named.dedup();
        let scanned_path = match (named.as_slice(), canonical.as_slice()) {
            ([only], [path]) if path.is_dir() => only.to_owned(),
            _ => String::new(),
        };
        Ok(Self { root, named, scanned_path })
    }

    /// Whether the whole root was named.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.named.iter().any(String::is_empty)
    }

    /// Whether `path` was named, or lies below a named folder.
    #[must_use]
    pub fn selects(&self, path: &str) -> bool {
        self.named.iter().any(|named| is_at_or_below(path, named))
    }
}

/// `path` relative to `root` with `/`; `None` where it lies elsewhere.
#[must_use]
pub(crate) fn relative_path(path: &Path, root: &Path) -> Option<String> {
    let mut relative = String::new();
    for component in path.strip_prefix(root).ok()?.components() {
        let Component::Normal(name) = component else { return None };
        if !relative.is_empty() {
            relative.push('/');
        }
        relative.push_str(&name.to_string_lossy());
    }
    Some(relative)
}

/// Whether `path` is `folder` or lies below it; everything lies below `""`.
#[must_use]
pub(crate) fn is_at_or_below(path: &str, folder: &str) -> bool {
    match path.strip_prefix(folder) {
        Some(rest) => folder.is_empty() || rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

fn canonicalize(path: &Path) -> Result<PathBuf, ScopeError> {
    path.canonicalize().map_err(|source| ScopeError::Unreachable { path: path.to_path_buf(), source })
}

fn folder_of(path: &Path) -> PathBuf {
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    folder.unwrap_or(path).to_path_buf()
}

/// The nearest folder at or above `path` that holds a `.git` (a folder, or the file that a worktree has).
fn git_root(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf)
}
