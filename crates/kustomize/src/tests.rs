//! `fixtures/readers/kustomize`: each case beside what kustomize itself makes of it, and `fixtures/broken`.

#![expect(clippy::disallowed_methods, reason = "the tests read the fixtures from the disk")]

use crate::{Built, build, print_yaml};
use proofmark_source::{FileId, MemoryWorkspace, Workspace};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(folder)
}

/// The overlay of each case is its folder `overlay`, where it has one.
fn overlay(files: &BTreeMap<String, String>) -> &'static str {
    if files.keys().any(|path| path.starts_with("overlay/")) { "overlay" } else { "" }
}

#[test]
fn every_overlay_becomes_what_kustomize_makes_of_it() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (case, files) in cases() {
        let Some(expected) = files.get("expected.yaml").cloned() else { continue };
        let folder = overlay(&files);
        let workspace = MemoryWorkspace::new(files);
        let built = build(&workspace, folder);
        let printed = print_yaml(&built.objects);
        let (actual, wanted) = (objects(&printed), objects(&expected));
        for (name, value) in &wanted {
            match actual.get(name) {
                Some(other) if other == value => {}
                other => wrong.push(format!(
                    "{case}: {name}\n  wanted {value}\n  made   {}",
                    other.map_or("nothing", String::as_str)
                )),
            }
        }
        let more = actual.keys().filter(|name| !wanted.contains_key(*name));
        wrong.extend(more.map(|name| format!("{case}: {name} should not be there")));
        let told = told(&workspace, &built);
        wrong.extend(told.into_iter().filter(|line| !line.contains(" None ")).map(|line| format!("{case}: {line}")));
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 40, "only {count} cases");
}

/// Every case: its name, and its files by path.
fn cases() -> Vec<(String, BTreeMap<String, String>)> {
    let mut cases = Vec::new();
    for case in std::fs::read_dir(fixtures("readers/kustomize")).unwrap() {
        let path = case.unwrap().path();
        let mut files = BTreeMap::new();
        collect(&path, &path, &mut files);
        cases.push((path.file_name().unwrap().to_string_lossy().into_owned(), files));
    }
    cases.sort();
    cases
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// The objects of a stream: by version, kind, namespace and name, the whole with its keys sorted.
fn objects(text: &str) -> BTreeMap<String, String> {
    let parsed = parse_yaml(FileId(0), text, YamlDialect::Kubernetes);
    assert!(parsed.diagnostics.is_empty(), "{:?} in\n{text}", parsed.diagnostics);
    let roots = parsed.documents.iter().map(|document| &document.root);
    roots.filter(|root| root.data != NodeData::Null).map(|root| (name(root), leaf(root))).collect()
}

fn name(root: &Node) -> String {
    let word = |path: &[&str]| root.at_path(path).and_then(Node::as_str).unwrap_or("").to_owned();
    let parts = [&["apiVersion"][..], &["kind"], &["metadata", "namespace"], &["metadata", "name"]];
    parts.map(word).join(" ")
}

fn leaf(node: &Node) -> String {
    match &node.data {
        NodeData::Mapping(entries) => {
            let mut parts: Vec<String> =
                entries.iter().map(|entry| format!("{}: {}", leaf(&entry.key), leaf(&entry.value))).collect();
            parts.sort();
            format!("{{{}}}", parts.join(", "))
        }
        NodeData::Sequence(elements) => {
            format!("[{}]", elements.iter().map(leaf).collect::<Vec<_>>().join(", "))
        }
        data => format!("{data:?}"),
    }
}

/// What was odd, one line each.
fn told(workspace: &dyn Workspace, built: &Built) -> Vec<String> {
    let line = |one: &proofmark_source::Diagnostic| {
        let line = workspace.line_index(one.span.file).line_number(one.span.start);
        format!("{} {:?} {}:{line}: {}", one.code, one.impact, workspace.path(one.span.file), one.message)
    };
    built.diagnostics.iter().map(line).collect()
}
