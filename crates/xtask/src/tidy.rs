//! What the house style asks of files, as far as a machine can tell.

mod code;
mod documents;
mod map;

use std::fs;
use std::path::{Path, PathBuf};

/// Every breach, in words.
pub(crate) fn check(root: &Path) -> Vec<String> {
    let sources = files_below(&root.join("crates"), "rs");
    let mut problems = code::check(root, &sources);
    problems.extend(map::check(root));
    problems.extend(documents::check(root));
    problems
}

/// All files below a folder with that extension, sorted, build output and links left out.
pub(crate) fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            if is_link || path.file_name().is_some_and(|name| name == "target" || name == ".git") {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A path as people write it, relative to the root.
pub(crate) fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let problems = check(&crate::root());
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
