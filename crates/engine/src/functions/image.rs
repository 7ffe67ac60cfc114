//! Names of container images.

use crate::item::Item;
use proofmark_model::SmolStr;

/// The registry that a name without one means (Docker's reference grammar, `distribution/reference`).
const DEFAULT_REGISTRY: &str = "docker.io";

/// Takes an image name apart: `registry/repository:tag@digest`. What is not there is absent, but for the registry.
pub(super) fn parse<'a>(text: &str) -> Item<'a> {
    let text = text.trim();
    if text.is_empty() {
        return Item::Absent;
    }
    let (name, digest) = match text.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (text, None),
    };
    // A colon behind the last slash begins the tag; one before it belongs to the registry's port.
    let last_slash = name.rfind('/').map_or(0, |index| index + 1);
    let (path, tag) = match name.get(last_slash..).and_then(|last| last.rfind(':')) {
        Some(colon) => (name.get(..last_slash + colon).unwrap_or(""), name.get(last_slash + colon + 1..)),
        None => (name, None),
    };
    let (registry, repository) = match path.split_once('/') {
        Some((first, rest)) if is_registry(first) => (first, SmolStr::new(rest)),
        Some(_) => (DEFAULT_REGISTRY, SmolStr::new(path)),
        None => (DEFAULT_REGISTRY, smol_str::format_smolstr!("library/{path}")),
    };
    let optional = |part: Option<&str>| match part {
        Some(part) if !part.is_empty() => Item::text(part),
        _ => Item::Absent,
    };
    Item::record(vec![
        (SmolStr::new_static("registry"), Item::text(registry)),
        (SmolStr::new_static("repository"), Item::Text(repository)),
        (SmolStr::new_static("tag"), optional(tag)),
        (SmolStr::new_static("digest"), optional(digest)),
    ])
}

/// Whether the first part of a name is a host: it has a dot or a port, or is `localhost`.
fn is_registry(part: &str) -> bool {
    part.contains(['.', ':']) || part == "localhost"
}
