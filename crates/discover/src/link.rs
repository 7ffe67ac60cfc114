//! Symbolic links: followed inside the root, refused where they lead out of it or in a circle.

use crate::ignore_rules::IgnoreRules;
use crate::scope::relative_path;
use crate::walk::{Folder, Found, FoundFile, Walk, described, unreadable, without_bytes};
use proofmark_source::LoadError;
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

/// How many files may be reached through links to folders. Links between folders can multiply a small tree without end;
/// honest repositories stay far below this.
const LINKED_FILES_LIMIT: usize = 20_000;

/// A link to be followed.
struct Pending {
    path: String,
    location: PathBuf,
    /// The folders that were entered by links on the way here.
    entered: Vec<PathBuf>,
}

/// Follows the links of a walk, and those found behind them, and adds what they lead to under the links' own paths.
pub(crate) fn follow_links(walk: &Walk, found: &mut Found) {
    let mut pending: VecDeque<Pending> = VecDeque::new();
    enqueue(&mut pending, std::mem::take(&mut found.links), &[]);
    let mut linked_files = 0;
    while let Some(link) = pending.pop_front() {
        match resolve(&link, &walk.scope.root) {
            Target::File(file) => found.files.push(*file),
            Target::Folder(target) if linked_files < LINKED_FILES_LIMIT => {
                let behind = walk.run(folder_behind(&link, &target));
                linked_files += behind.files.len() + 1;
                add_files(found, &link, &target, behind.files);
                found.excluded.extend(behind.excluded);
                let entered: Vec<PathBuf> = link.entered.iter().chain([&target]).map(PathBuf::from).collect();
                enqueue(&mut pending, behind.links, &entered);
            }
            Target::Folder(_) => refuse(found, link.path, "to more files than links may add"),
            Target::Refused(reason) => refuse(found, link.path, reason),
        }
    }
}

enum Target {
    File(Box<FoundFile>),
    Folder(PathBuf),
    Refused(&'static str),
}

fn resolve(link: &Pending, root: &Path) -> Target {
    let target = match link.location.canonicalize() {
        Ok(target) => target,
        // The system reports a link to itself as one link too many, and a dangling one as not found.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Target::Refused("nowhere"),
        Err(_) => return Target::Refused("in a circle"),
    };
    let Some(relative) = relative_path(&target, root) else { return Target::Refused("out of the root") };
    if relative.split('/').any(|name| name == ".git") {
        return Target::Refused("into Git's own folder");
    }
    match target.metadata() {
        Err(error) => Target::File(Box::new(unreadable(&link.path, &error))),
        Ok(metadata) if metadata.is_dir() => {
            let is_above = link.location.parent().and_then(|parent| parent.canonicalize().ok());
            let is_circle = is_above.is_none_or(|above| above.starts_with(&target));
            if is_circle || link.entered.contains(&target) {
                return Target::Refused("in a circle");
            }
            Target::Folder(target)
        }
        Ok(metadata) => {
            let file = described(link.path.to_owned(), &metadata);
            Target::File(Box::new(FoundFile { location: Some(target), ..file }))
        }
    }
}

fn folder_behind(link: &Pending, target: &Path) -> Folder {
    Folder {
        path: link.path.to_owned(),
        location: target.to_path_buf(),
        rules: IgnoreRules::default(),
        left_out_by: None,
    }
}

/// Files behind a link to a folder: their bytes are at the target, their path leads through the link.
fn add_files(found: &mut Found, link: &Pending, target: &Path, files: Vec<FoundFile>) {
    for file in files {
        let below = file.path.get(link.path.len()..).unwrap_or("").trim_start_matches('/');
        let location = file.location.or_else(|| Some(target.join(below)));
        found.files.push(FoundFile { location, ..file });
    }
}

fn enqueue(pending: &mut VecDeque<Pending>, links: Vec<(String, PathBuf)>, entered: &[PathBuf]) {
    // In order of path, so that the budget is spent in the same way every time.
    let sorted: BTreeMap<String, PathBuf> = links.into_iter().collect();
    for (path, location) in sorted {
        pending.push_back(Pending { path, location, entered: entered.to_vec() });
    }
}

fn refuse(found: &mut Found, path: String, reason: &'static str) {
    found.files.push(FoundFile { problem: Some(LoadError::Link(reason)), ..without_bytes(path) });
}
