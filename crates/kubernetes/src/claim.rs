//! Which files are manifests.

use crate::overlay::is_kustomization;
use proofmark_source::{FileId, Workspace, join_path, parent_path};

/// Whether a file holds Kubernetes objects: `apiVersion` and `kind` at the root of a document, and neither a chart's
/// template nor an overlay's own machinery.
pub(crate) fn is_manifest(workspace: &dyn Workspace, file: FileId) -> bool {
    let path = workspace.path(file);
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_json = name.ends_with(".json");
    if !(is_json || name.ends_with(".yaml") || name.ends_with(".yml")) || is_kustomization(path) {
        return false;
    }
    let Ok(text) = workspace.load(file) else { return false };
    // Most files end here, at the price of one search.
    if !text.contains("apiVersion") || !text.contains("kind") {
        return false;
    }
    let has_root_keys = if text.trim_start().starts_with('{') && !text.trim_start().starts_with("{{") {
        has_json_keys(text)
    } else {
        !is_json && has_yaml_keys(text)
    };
    has_root_keys && !text.contains("kustomize.config.k8s.io/") && !is_chart_template(workspace, path)
}

/// Whether a document of the text has both keys at its root. Lines of templates and comments count for nothing.
fn has_yaml_keys(text: &str) -> bool {
    let (mut has_version, mut has_kind, mut root_indent) = (false, false, None);
    for line in text.lines() {
        if line.starts_with("---") {
            (has_version, has_kind, root_indent) = (false, false, None);
            continue;
        }
        let content = line.trim_start();
        if content.is_empty() || content.starts_with(['#', '%']) || content.starts_with("{{") {
            continue;
        }
        let indent = line.len() - content.len();
        if *root_indent.get_or_insert(indent) != indent {
            continue;
        }
        has_version |= is_key(content, "apiVersion");
        has_kind |= is_key(content, "kind");
        if has_version && has_kind {
            return true;
        }
    }
    false
}

/// Whether the line begins with that key, quoted or not.
pub(crate) fn is_key(content: &str, key: &str) -> bool {
    let (quote, content) = match content.as_bytes().first() {
        Some(b'"') => ("\"", content.get(1..).unwrap_or("")),
        Some(b'\'') => ("'", content.get(1..).unwrap_or("")),
        _ => ("", content),
    };
    let rest = content.strip_prefix(key).and_then(|rest| rest.strip_prefix(quote));
    rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
}

/// Whether the object that the text begins with has both keys itself.
fn has_json_keys(text: &str) -> bool {
    let (mut has_version, mut has_kind) = (false, false);
    let mut depth = 0_usize;
    let mut start = None;
    let mut is_escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match (start, byte) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), b'\\') => is_escaped = true,
            (Some(begin), b'"') => {
                let is_own_key = depth == 1
                    && text.get(index + 1..).is_some_and(|rest| rest.trim_start().starts_with(':'));
                let word = if is_own_key { text.get(begin..index) } else { None };
                has_version |= word == Some("apiVersion");
                has_kind |= word == Some("kind");
                start = None;
            }
            (Some(_), _) => {}
            (None, b'"') => start = Some(index + 1),
            (None, b'{' | b'[') => depth += 1,
            (None, b'}' | b']') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        if has_version && has_kind {
            return true;
        }
    }
    false
}

/// Whether the file lies in the `templates` folder of a chart.
fn is_chart_template(workspace: &dyn Workspace, path: &str) -> bool {
    folders(path).any(|folder| {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        name == "templates" && is_chart(workspace, parent_path(folder))
    })
}

/// Whether a folder is a chart.
pub(crate) fn is_chart(workspace: &dyn Workspace, folder: &str) -> bool {
    join_path(folder, "Chart.yaml").is_some_and(|path| workspace.find(&path).is_some())
}

/// The folders around a file, innermost first; the root last.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    around(parent_path(path))
}

/// A folder and those around it, up to the root.
pub(crate) fn around(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |&folder| (!folder.is_empty()).then(|| parent_path(folder)))
}
