//! Each folder of `fixtures/readers/{toolconfig,dockerfile}` holds files and, in `expected.txt`, the resources that they must
//! become. Set `UPDATE_EXPECTED=1` to write the files anew, then read the difference.

use crate::ToolConfigReader;
use proofmark_model::{Data, ReadSettings, Reader, Value};
use proofmark_source::{FileId, MemoryWorkspace, Span, Workspace};
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[test]
fn fixtures_become_the_expected_resources() {
    for reader in ["toolconfig", "dockerfile"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/readers").join(reader);
        for case in folders(&root) {
            let workspace = MemoryWorkspace::new(files_below(&case, &case));
            check(&case.join("expected.txt"), &describe(&workspace));
        }
    }
}

#[test]
fn odd_files_neither_fail_nor_hide_the_others() {
    let texts = [
        "",
        "[]",
        "{",
        "from",
        "FROM",
        "FROM a\nRUN <<EOF\nx",
        "FROM a\nCOPY [\"a\", \"b",
        "FROM a AS\nENV",
        "a = [",
        "\\\n\\",
    ];
    let names = [
        "Dockerfile",
        "package.json",
        "tsconfig.json",
        ".eslintrc",
        "pyproject.toml",
        "setup.cfg",
        "compose.yml",
        ".nvmrc",
    ];
    for text in texts {
        let workspace = MemoryWorkspace::new(names.map(|name| (name, text)));
        let _ = describe(&workspace);
    }
}

#[test]
fn broken_files_are_read_as_far_as_they_go() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/broken");
    for path in folders(&root) {
        #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let names = [
            "Dockerfile",
            "package.json",
            "tsconfig.json",
            ".eslintrc",
            "pyproject.toml",
            "setup.cfg",
            "compose.yml",
            "codecov.yml",
        ];
        let workspace = MemoryWorkspace::new(names.map(|name| (name, text.as_str())));
        let _ = describe(&workspace);
    }
}

fn describe(workspace: &MemoryWorkspace) -> String {
    let reader = ToolConfigReader;
    let settings = ReadSettings::default();
    let ids = (0..workspace.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = ids.filter(|file| reader.claim(workspace, *file).is_some()).collect();
    let mut text = String::new();
    for unit in reader.units(workspace, &claimed, &settings) {
        writeln!(text, "unit {:?}", unit.path).unwrap();
        let model = reader.read(workspace, &unit, &settings);
        for resource in &model.resources {
            let (address, kind) = (&resource.address, &resource.kind);
            writeln!(
                text,
                "{address} [{kind}] {} header {}",
                at(workspace, resource.span),
                at(workspace, resource.header)
            )
            .unwrap();
            for comment in &resource.comments {
                writeln!(text, "  # {}", comment.text).unwrap();
            }
            dump(workspace, &resource.attributes, resource.span, 1, &mut text);
        }
        for diagnostic in &model.diagnostics {
            writeln!(text, "{} {} {}", diagnostic.code, at(workspace, diagnostic.span), diagnostic.message)
                .unwrap();
        }
    }
    text
}

/// What a Dockerfile's stages repeat is left out.
const REPEATED: [&str; 3] = ["final_stage", "health_check", "instructions"];

fn dump(workspace: &MemoryWorkspace, value: &Value, around: Span, depth: usize, text: &mut String) {
    let Data::Map(map) = &value.data else { return };
    for entry in map.entries() {
        let is_shown =
            !REPEATED.contains(&entry.name.as_str()) || (depth == 1 && entry.name == "instructions");
        if is_shown {
            write!(text, "{:depth$}{}", "", entry.name, depth = depth * 2).unwrap();
            dump_value(workspace, &entry.value, around, depth, text);
        }
    }
}

fn dump_value(workspace: &MemoryWorkspace, value: &Value, around: Span, depth: usize, text: &mut String) {
    let span = value.origin.span;
    let place = if span == around { String::new() } else { format!(" @{}", at(workspace, span)) };
    match &value.data {
        Data::Map(map) if !map.entries().is_empty() => {
            writeln!(text, ":{place}").unwrap();
            dump(workspace, value, span, depth + 1, text);
        }
        Data::List(elements) if elements.iter().any(|element| element.as_map().is_some()) => {
            writeln!(text, ":").unwrap();
            for element in elements.iter() {
                write!(text, "{:depth$}-", "", depth = depth * 2 + 2).unwrap();
                dump_value(workspace, element, span, depth + 1, text);
            }
        }
        _ => writeln!(text, " = {value}{place}").unwrap(),
    }
}

fn at(workspace: &MemoryWorkspace, span: Span) -> String {
    let source = workspace.load(span.file).unwrap_or("");
    let lines = workspace.line_index(span.file);
    let (start, end) = (lines.line_column(span.start, source), lines.line_column(span.end, source));
    format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column)
}

fn check(expected: &Path, actual: &str) {
    #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
    if std::env::var("UPDATE_EXPECTED").is_ok() {
        std::fs::write(expected, actual).unwrap();
    }
    #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
    let wanted = std::fs::read_to_string(expected).unwrap_or_default();
    assert!(wanted == actual, "{} differs; got\n{actual}", expected.display());
}

#[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
fn folders(root: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn files_below(root: &Path, folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for path in folders(folder) {
        if path.is_dir() {
            files.extend(files_below(root, &path));
        } else if !path.ends_with("expected.txt") {
            #[expect(clippy::disallowed_methods, reason = "tests read their fixtures")]
            let text = std::fs::read_to_string(&path).unwrap();
            files.push((path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"), text));
        }
    }
    files
}
