//! The table of `fixtures/readers/terraform-functions`: each line of its `.txt` files is a call, ` --> `, and what becomes
//! of it. `UPDATE_EXPECT=1 cargo test -p proofmark-terraform` writes what stands behind the arrows anew.

use crate::TerraformReader;
use proofmark_model::{Data, HOLE, Known, ListKind, MapKind, ReadSettings, Reader, Unknown, Value};
use proofmark_source::{FileId, MemoryWorkspace, Workspace};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const ARROW: &str = " --> ";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/readers/terraform-functions")
}

#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn files_below(folder: &Path, prefix: &str, into: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            files_below(&path, &format!("{name}/"), into);
        } else if !(prefix.is_empty() && name.ends_with(".txt")) {
            into.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The expressions of a table, each with what becomes of it.
fn answers(expressions: &[&str]) -> Vec<String> {
    let mut files = Vec::new();
    files_below(&folder(), "", &mut files);
    let mut rows = String::new();
    for (index, expression) in expressions.iter().enumerate() {
        writeln!(rows, "output \"row{index}\" {{ value = {expression} }}").unwrap();
    }
    files.push((String::from("rows.tf"), rows));
    let workspace = MemoryWorkspace::new(files);
    let reader = TerraformReader::new();
    let all = (0..workspace.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = all.filter(|file| reader.claim(&workspace, *file).is_some()).collect();
    let settings = ReadSettings::default();
    let units = reader.units(&workspace, &claimed, &settings);
    let model = reader.read(&workspace, &units[0], &settings);
    let mut problems: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for diagnostic in &model.diagnostics {
        assert_eq!(workspace.path(diagnostic.span.file), "rows.tf", "{}", diagnostic.message);
        let row = workspace.line_index(diagnostic.span.file).line_number(diagnostic.span.start);
        let kind = if diagnostic.code.0 == "terraform-limit" { "limit" } else { "error" };
        problems.entry(row).or_default().push(format!("{kind}: {}", diagnostic.message));
    }
    let values: BTreeMap<&str, &Value> =
        model.outputs.iter().map(|output| (output.name.as_str(), &output.value)).collect();
    let answer = |index: usize| match problems.get(&(u32::try_from(index).unwrap() + 1)) {
        None => values.get(format!("row{index}").as_str()).map_or_else(String::new, |value| shown(value)),
        Some(problems) => problems.join(" | "),
    };
    (0..expressions.len()).map(answer).collect()
}

/// A value on one line, in the words of `terraform console`.
fn shown(value: &Value) -> String {
    let mut text = String::new();
    show(value, &mut text);
    text
}

fn show(value: &Value, into: &mut String) {
    if value.is_sensitive {
        return into.push_str("(sensitive)");
    }
    match &value.data {
        Data::Unknown(unknown) => show_unknown(unknown, into),
        Data::List(elements) => {
            let (open, close) = match elements.kind() {
                ListKind::Tuple => ("[", "]"),
                ListKind::List => ("tolist([", "])"),
                ListKind::Set => ("toset([", "])"),
                ListKind::Encoded => ("jsonencode([", "])"),
            };
            into.push_str(open);
            for (index, element) in elements.iter().enumerate() {
                into.push_str(if index > 0 { ", " } else { "" });
                show(element, into);
            }
            into.push_str(close);
        }
        Data::Map(map) => {
            let (open, close) = match map.kind {
                MapKind::Object => ("{ ", " }"),
                MapKind::Map => ("tomap({ ", " })"),
                MapKind::Encoded => ("jsonencode({ ", " })"),
            };
            into.push_str(open);
            for (index, entry) in map.entries().iter().enumerate() {
                into.push_str(if index > 0 { ", " } else { "" });
                write!(into, "{} = ", entry.name).unwrap();
                show(&entry.value, into);
            }
            into.push_str(if map.unknown_rest.is_some() { ", (unknown)..." } else { "" });
            into.push_str(close);
        }
        data => write!(into, "{data}").unwrap(),
    }
}

/// `(unknown string "a-…")`, `(unknown list, 1 to 2)`.
fn show_unknown(unknown: &Unknown, into: &mut String) {
    let Known { shape, prefix, skeleton, min_length, max_length, .. } = &unknown.known;
    into.push_str("(unknown");
    if let Some(shape) = shape {
        write!(into, " {}", format!("{shape:?}").to_lowercase()).unwrap();
    }
    let begun = prefix.as_ref().map(|prefix| format!("{prefix}{HOLE}"));
    if let Some(text) = skeleton.as_ref().map(ToString::to_string).or(begun) {
        write!(into, " {:?}", text.replace(HOLE, "…")).unwrap();
    }
    match (min_length, max_length) {
        (None, None) => {}
        (Some(least), None) => write!(into, ", at least {least}").unwrap(),
        (None, Some(most)) => write!(into, ", at most {most}").unwrap(),
        (Some(least), Some(most)) => write!(into, ", {least} to {most}").unwrap(),
    }
    into.push(')');
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn every_call_becomes_what_the_table_says() {
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    let tables = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut wrong = String::new();
    for path in tables.filter(|path| path.extension().is_some_and(|extension| extension == "txt")) {
        let table = std::fs::read_to_string(&path).unwrap();
        let is_row = |line: &&str| !line.is_empty() && !line.starts_with("# ");
        let rows: Vec<(&str, &str)> =
            table.lines().filter(is_row).map(|line| line.split_once(ARROW).unwrap_or((line, ""))).collect();
        let expressions: Vec<&str> = rows.iter().map(|(expression, _)| *expression).collect();
        let mut answers = answers(&expressions).into_iter();
        let mut anew = String::new();
        for line in table.lines() {
            if !is_row(&line) {
                writeln!(anew, "{line}").unwrap();
                continue;
            }
            let (expression, expected) = line.split_once(ARROW).unwrap_or((line, ""));
            let answer = answers.next().unwrap();
            writeln!(anew, "{expression}{ARROW}{answer}").unwrap();
            if answer != expected {
                writeln!(wrong, "{}: {expression}\n  said {expected}\n  is   {answer}", path.display())
                    .unwrap();
            }
        }
        if is_update {
            std::fs::write(&path, anew).unwrap();
        }
    }
    assert!(is_update || wrong.is_empty(), "these calls became something else:\n{wrong}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn every_function_stands_in_the_table() {
    let mut tables = String::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            tables.push('\n');
            tables.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    let names = super::TABLES.iter().flat_map(|table| table.iter()).map(|function| function.name);
    let missing: Vec<&str> = names
        .chain(["try", "can", "convert"])
        .filter(|name| !tables.contains(&format!("\n{name}(")))
        .collect();
    assert!(missing.is_empty(), "no row calls {missing:?}");
}
