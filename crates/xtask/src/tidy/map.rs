//! The map in `crates/README.md` against the manifests, and the fixed top level.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What stands at the root, dotfiles aside.
const TOP_LEVEL: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "action.yml",
    "benches",
    "crates",
    "fixtures",
    "rules",
    "schemas",
];

/// Rooms and the rooms they may use.
type Map = BTreeMap<String, BTreeSet<String>>;

/// Where the map and the manifests differ, and what does not belong at the root.
pub(super) fn check(root: &Path) -> Vec<String> {
    let mut problems = check_top_level(root);
    let map = read_map(&fs::read_to_string(root.join("crates/README.md")).unwrap_or_default());
    let manifests = read_manifests(root);
    for (room, uses) in &manifests {
        match map.get(room) {
            None => problems.push(format!("crates/README.md: the room `{room}` is missing")),
            Some(allowed) => problems.extend(uses.difference(allowed).map(|used| {
                format!("crates/{room}/Cargo.toml: uses `{used}`, which the map does not allow")
            })),
        }
    }
    let gone = map.keys().filter(|room| !manifests.contains_key(*room));
    problems.extend(gone.map(|room| format!("crates/README.md: there is no room `{room}`")));
    problems
}

fn check_top_level(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let foreign =
        names.filter(|name| !name.starts_with('.') && name != "target" && !TOP_LEVEL.contains(&&**name));
    foreign.map(|name| format!("{name}: does not belong at the root")).collect()
}

/// The rows of the table: room in the first column, what it may use in the last.
fn read_map(text: &str) -> Map {
    let mut map = Map::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, room, _, uses, _] = cells.as_slice() else { continue };
        if let Some(room) = room.strip_prefix('`').and_then(|room| room.strip_suffix('`')) {
            let uses = uses.split_whitespace().filter(|used| *used != "–").map(str::to_owned).collect();
            map.insert(room.to_owned(), uses);
        }
    }
    map
}

/// What each manifest under `[dependencies]` uses of ours. Development dependencies are free.
fn read_manifests(root: &Path) -> Map {
    let mut manifests = Map::new();
    for entry in fs::read_dir(root.join("crates")).into_iter().flatten().flatten() {
        let Ok(text) = fs::read_to_string(entry.path().join("Cargo.toml")) else { continue };
        let mut uses = BTreeSet::new();
        let mut is_dependency = false;
        for line in text.lines() {
            if line.starts_with('[') {
                is_dependency = line == "[dependencies]" || line == "[build-dependencies]";
            } else if let Some(name) = line.strip_prefix("proofmark-").filter(|_| is_dependency) {
                uses.insert(name.split(['.', ' ', '=']).next().unwrap_or("").to_owned());
            }
        }
        manifests.insert(entry.file_name().to_string_lossy().into_owned(), uses);
    }
    manifests
}
