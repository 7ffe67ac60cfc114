//! Door plates, and paths named in them.

use super::{files_below, shown};
use std::fs;
use std::path::Path;

/// Rooms without a door plate, and paths in any `README.md` that do not exist.
pub(super) fn check(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for entry in fs::read_dir(root.join("crates")).into_iter().flatten().flatten() {
        if entry.path().is_dir() && !entry.path().join("README.md").exists() {
            problems.push(format!("{}: has no README.md", shown(root, &entry.path())));
        }
    }
    for path in files_below(root, "md") {
        let is_plate = path.file_name().is_some_and(|name| name == "README.md");
        if is_plate && !path.starts_with(root.join("fixtures").join("projects")) {
            problems.extend(check_paths(root, &path));
        }
    }
    problems.sort();
    problems
}

fn check_paths(root: &Path, readme: &Path) -> Vec<String> {
    let text = fs::read_to_string(readme).unwrap_or_default();
    let folder = readme.parent().unwrap_or(root);
    let named = text.split('`').skip(1).step_by(2).filter(|token| is_path(root, token));
    let missing = named.filter(|path| !root.join(path).exists() && !folder.join(path).exists());
    missing.map(|path| format!("{}: `{path}` does not exist", shown(root, readme))).collect()
}

/// Whether a quoted word is a path of this house: it has a slash, no placeholder, and begins with a folder of the root or
/// ends in an extension of ours.
fn is_path(root: &Path, token: &str) -> bool {
    let is_plain = token.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let first = token.split('/').next().unwrap_or("");
    is_plain && token.contains('/') && !first.is_empty() && first != "." && root.join(first).is_dir()
}
