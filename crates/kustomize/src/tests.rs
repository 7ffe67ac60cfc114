//! `fixtures/readers/kustomize`: each case beside what kustomize itself makes of it, and `fixtures/broken`.

#![expect(clippy::disallowed_methods, reason = "the tests read the fixtures from the disk")]

use crate::{Built, Kustomize, build, print_yaml};
use proofmark_model::{Data, ReadSettings, Reader, Value};
use proofmark_source::{FileId, MemoryWorkspace, Span, Workspace};
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
        if order(&printed) != order(&expected) {
            wrong.push(format!("{case}: the order is {:?}", order(&printed)));
        }
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
        wrong.extend(
            told.into_iter().filter(|line| !line.contains(" None ")).map(|line| format!("{case}: {line}")),
        );
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

/// The names of the objects of a stream, in its order.
fn order(text: &str) -> Vec<String> {
    let parsed = parse_yaml(FileId(0), text, YamlDialect::Kubernetes);
    let roots = parsed.documents.iter().map(|document| &document.root);
    roots.filter(|root| root.data != NodeData::Null).map(name).collect()
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

/// `expected.txt` beside some cases: what is told, and the resources with the way of every value.
#[test]
fn values_know_the_base_and_what_changed_them() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (case, mut files) in cases() {
        let Some(expected) = files.remove("expected.txt") else { continue };
        let actual = print_units(&MemoryWorkspace::new(files));
        if actual.trim() != expected.trim() {
            if std::env::var_os("UPDATE_EXPECT").is_some() {
                std::fs::write(fixtures("readers/kustomize").join(&case).join("expected.txt"), &actual)
                    .unwrap();
            }
            wrong.push(format!("{case} is now:\n{actual}"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(count > 0, "no cases");
}

#[test]
fn broken_input_never_panics_and_is_told() {
    for entry in std::fs::read_dir(fixtures("broken")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        // The file as an overlay, as a manifest, and as a patch.
        let uses = "resources: [it]\npatches: [{path: it}]\nconfigMapGenerator: [{name: a, envs: [it], files: [it]}]\n";
        for files in
            [vec![("kustomization.yaml", text.as_str())], vec![("kustomization.yaml", uses), ("it", &text)]]
        {
            let workspace = MemoryWorkspace::new(files);
            let printed: usize = print_units(&workspace).len();
            assert!(printed < 50_000_000, "{name} became {printed} bytes");
        }
    }
}

#[test]
fn growth_is_bounded() {
    // Each operation doubles the object, each base uses the next one twice, and each replacement doubles a text.
    let double =
        "- {op: copy, from: /data, path: /data/a}\n- {op: copy, from: /data, path: /data/b}\n".repeat(200);
    let object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: y}\n";
    let copies = "resources: [o.yaml]\npatches: [{path: p.yaml, target: {kind: ConfigMap}}]\n";
    let built = build(
        &MemoryWorkspace::new([("kustomization.yaml", copies), ("o.yaml", object), ("p.yaml", &double)]),
        "",
    );
    assert!(
        built.diagnostics.iter().any(|one| one.message.contains("grows beyond")),
        "{:?}",
        built.diagnostics
    );

    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for level in 0..20 {
        for side in ["l", "r"] {
            let next = level + 1;
            let text = format!("resources: [../l{next}, ../r{next}]\nnamePrefix: {side}-\n");
            files.insert(format!("{side}{level}/kustomization.yaml"), text);
        }
    }
    let built = build(&MemoryWorkspace::new(files), "l0");
    assert!(
        built.diagnostics.iter().any(|one| one.code == crate::build::LIMIT),
        "{:?}",
        built.diagnostics.len()
    );

    let one = "  - source: {kind: ConfigMap, fieldPath: data.x}\n    targets:\n      - select: {kind: ConfigMap}\n        \
               fieldPaths: [data.x]\n        options: {delimiter: \"-\", index: 9999999}\n";
    let text = format!("resources: [o.yaml]\nreplacements:\n{}", one.repeat(100));
    let built = build(&MemoryWorkspace::new([("kustomization.yaml", text.as_str()), ("o.yaml", object)]), "");
    assert!(built.diagnostics.iter().any(|one| one.code == crate::build::LIMIT));
}

/// Every unit: what is told, its resources, and where each of their values came from.
fn print_units(workspace: &dyn Workspace) -> String {
    let ids = (0..workspace.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = ids.filter(|&file| Kustomize.claim(workspace, file).is_some()).collect();
    let settings = ReadSettings::default();
    let mut out = String::new();
    for unit in Kustomize.units(workspace, &claimed, &settings) {
        out.push_str(&format!("unit `{}`\n", unit.path));
        let model = Kustomize.read(workspace, &unit, &settings);
        for one in &model.files {
            let whole = if one.is_whole { "" } else { ", in part" };
            out.push_str(&format!("  file {}{whole}\n", workspace.path(one.file)));
        }
        for one in &model.diagnostics {
            out.push_str(&format!(
                "  {} {:?} {}: {}\n",
                one.code,
                one.impact,
                place(workspace, one.span),
                one.message
            ));
        }
        for resource in &model.resources {
            let at = place(workspace, resource.span);
            let parts: Vec<String> = resource.parts.iter().map(|&part| place(workspace, part)).collect();
            let parts = if parts.is_empty() { String::new() } else { format!(", and {}", parts.join(", ")) };
            out.push_str(&format!("  {} at {at}{parts}\n", resource.address));
            print_value(workspace, &resource.attributes, "", &mut out);
        }
    }
    out
}

fn place(workspace: &dyn Workspace, span: Span) -> String {
    let line = workspace.line_index(span.file).line_number(span.start);
    format!("{}:{line}", workspace.path(span.file))
}

fn print_value(workspace: &dyn Workspace, value: &Value, path: &str, out: &mut String) {
    match &value.data {
        Data::Map(map) if !map.entries().is_empty() => {
            for entry in map.entries() {
                print_value(workspace, &entry.value, &format!("{path}.{}", entry.name), out);
            }
        }
        Data::List(elements) if !elements.is_empty() => {
            for (index, element) in elements.iter().enumerate() {
                print_value(workspace, element, &format!("{path}[{index}]"), out);
            }
        }
        _ => {
            let steps =
                value.origin.steps().map(|step| format!(" <- {} {}", step.kind, place(workspace, step.span)));
            let steps: String = steps.collect();
            out.push_str(&format!("    {path} = {value} ({}{steps})\n", place(workspace, value.origin.span)));
        }
    }
}
