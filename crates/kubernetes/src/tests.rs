//! `fixtures/readers/kubernetes`: what each case must become, and `fixtures/broken`: what must not break us.

#![expect(clippy::disallowed_methods, reason = "the tests read the fixtures from the disk")]

use crate::Kubernetes;
use proofmark_model::{Data, FileUse, ReadSettings, Reader, Resource, UnitModel, Value};
use proofmark_source::{FileId, MemoryWorkspace, Workspace};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(folder)
}

#[test]
fn every_case_becomes_what_it_must() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in std::fs::read_dir(fixtures("readers/kubernetes")).unwrap() {
        let case = case.unwrap().path();
        let mut files = BTreeMap::new();
        collect(&case, &case, &mut files);
        let expected = files.remove("expected.txt").unwrap_or_default();
        let actual = print(&MemoryWorkspace::new(files));
        if actual.trim() != expected.trim() {
            wrong.push(format!("{} is now:\n{actual}", case.display()));
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
        // Folders hold what only other readers take.
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let workspace = MemoryWorkspace::new([(name.clone(), text.clone())]);
        let Some(model) = read(&workspace).into_iter().next() else { continue };
        let is_told = !model.1.diagnostics.is_empty();
        assert!(is_told || name.starts_with("fine-"), "{name} passes without a word");
        // Values are walked by every rule: printing them walks them all.
        let printed: usize = model.1.resources.iter().map(|one| format!("{:?}", one.attributes).len()).sum();
        assert!(printed < 50_000_000, "{name} became {printed} bytes");
    }
}

/// Every text file below a folder, by its path from `root`.
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

fn read(workspace: &dyn Workspace) -> Vec<(String, UnitModel)> {
    let ids = (0..workspace.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = ids.filter(|&file| Kubernetes.claim(workspace, file).is_some()).collect();
    let settings = ReadSettings::default();
    let units = Kubernetes.units(workspace, &claimed, &settings);
    units.iter().map(|unit| (unit.path.clone(), Kubernetes.read(workspace, unit, &settings))).collect()
}

/// Units, resources and everything in them, one line each.
fn print(workspace: &dyn Workspace) -> String {
    let mut out = String::new();
    for (path, model) in read(workspace) {
        out.push_str(&format!("unit `{path}`\n"));
        for FileUse { file, is_whole } in &model.files {
            let whole = if *is_whole { "" } else { ", in part" };
            out.push_str(&format!("  file {}{whole}\n", workspace.path(*file)));
        }
        for resource in &model.resources {
            print_resource(workspace, resource, &mut out);
        }
        for one in &model.diagnostics {
            let line = workspace.line_index(one.span.file).line_number(one.span.start);
            let path = workspace.path(one.span.file);
            out.push_str(&format!("  {} {:?} {path}:{line}: {}\n", one.code, one.impact, one.message));
        }
    }
    out
}

fn print_resource(workspace: &dyn Workspace, resource: &Resource, out: &mut String) {
    let file = resource.span.file;
    let lines = workspace.line_index(file);
    let text = workspace.load(file).unwrap();
    let pod = if resource.pod.is_some() { ", with a pod" } else { "" };
    out.push_str(&format!(
        "  {} at {}:{}-{}, named at line {} `{}`{pod}\n",
        resource.address,
        workspace.path(file),
        lines.line_number(resource.span.start),
        lines.line_number(resource.span.end),
        lines.line_number(resource.header.start),
        resource.header.slice(text),
    ));
    for comment in &resource.comments {
        out.push_str(&format!("    # {} (line {})\n", comment.text, lines.line_number(comment.span.start)));
    }
    print_value(workspace, &resource.attributes, "", out);
    let pod = resource.pod.as_ref().map(|pod| pod.origin.span);
    assert!(pod.is_none_or(|pod| resource.span.start <= pod.start && pod.end <= resource.span.end));
}

fn print_value(workspace: &dyn Workspace, value: &Value, path: &str, out: &mut String) {
    match &value.data {
        Data::Map(map)
            if !value.is_sensitive && (!map.entries().is_empty() || map.unknown_rest.is_some()) =>
        {
            for entry in map.entries() {
                print_value(workspace, &entry.value, &format!("{path}.{}", entry.name), out);
            }
            if let Some(unknown) = &map.unknown_rest {
                out.push_str(&format!("    {path}.* (unknown: {})\n", unknown.reason));
            }
        }
        Data::List(elements) if !value.is_sensitive && !elements.is_empty() => {
            for (index, element) in elements.iter().enumerate() {
                print_value(workspace, element, &format!("{path}[{index}]"), out);
            }
        }
        _ => {
            let span = value.origin.span;
            let line = workspace.line_index(span.file).line_number(span.start);
            out.push_str(&format!("    {path} = {value} (line {line})\n"));
        }
    }
}
