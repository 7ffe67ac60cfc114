//! Which folders are root modules.

use std::collections::{BTreeMap, BTreeSet};

/// The folders that each folder's module calls by relative paths.
pub(crate) type Calls = BTreeMap<String, BTreeSet<String>>;

/// The folders with configuration that nobody calls, and of those that are called only in a circle the first.
pub(crate) fn root_folders(folders: &BTreeSet<String>, calls: &Calls) -> BTreeSet<String> {
    let called: BTreeSet<&String> = calls.values().flatten().collect();
    let mut roots: BTreeSet<String> =
        folders.iter().filter(|folder| !called.contains(folder)).cloned().collect();
    let uncalled = folders.iter().filter(|folder| !called.contains(folder));
    let mut judged = reached(uncalled.map(String::as_str), calls);
    for folder in folders {
        if !judged.contains(folder.as_str()) {
            roots.insert(folder.clone());
            judged.extend(reached(std::iter::once(folder.as_str()), calls));
        }
    }
    roots
}

/// These folders, and all that they call.
fn reached<'a>(folders: impl Iterator<Item = &'a str>, calls: &'a Calls) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&str> = folders.collect();
    while let Some(folder) = waiting.pop() {
        if reached.insert(folder) {
            waiting.extend(calls.get(folder).into_iter().flatten().map(String::as_str));
        }
    }
    reached
}

#[cfg(test)]
mod tests;
