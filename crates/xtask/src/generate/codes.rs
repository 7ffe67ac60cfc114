//! `crates/cli/DIAGNOSTICS.md`: every code of a diagnostic, what it means and what to do.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A code, what it means and what to do, with tabs between them.
const TABLE: &str = include_str!("codes.tsv");

const INTRODUCTION: &str = "# Diagnostics

What the tool may say about its input, by code. A diagnostic is never a finding: it tells what could not be read, or what was
odd about it. Where a part could not be read, rules are not judged on it, and the run is incomplete with `--strict`.

This page is generated: `cargo xtask generate`.

| code | meaning | what to do |
|---|---|---|
";

/// The page.
pub(super) fn render() -> String {
    let mut page = INTRODUCTION.to_owned();
    for row in TABLE.lines() {
        let row = row.replace('|', "\\|");
        let mut cells = row.split('\t');
        let mut cell = || cells.next().unwrap_or("");
        let _ = writeln!(page, "| `{}` | {} | {} |", cell(), cell(), cell());
    }
    page
}

/// Codes without a row, rows without a code, and rows that are out of order.
pub(super) fn check(root: &Path) -> Vec<String> {
    let mut used = BTreeSet::new();
    add_codes(&root.join("crates"), &mut used);
    let rows: Vec<&str> = TABLE.lines().map(|row| row.split('\t').next().unwrap_or("")).collect();
    let told: BTreeSet<String> = rows.iter().map(|code| (*code).to_owned()).collect();
    let missing = used.difference(&told).map(|code| format!("diagnostic `{code}` has no row in codes.tsv"));
    let unused =
        told.difference(&used).map(|code| format!("codes.tsv explains `{code}`, which no crate has"));
    let odd = TABLE.lines().filter(|row| row.split('\t').filter(|cell| !cell.is_empty()).count() != 3);
    let odd = odd.map(|row| format!("codes.tsv: not three cells: {row}"));
    let unsorted = (!rows.is_sorted()).then(|| "codes.tsv is not in order".to_owned());
    missing.chain(unused).chain(odd).chain(unsorted).collect()
}

/// The codes that sources below a folder define. Those of tests are made up.
fn add_codes(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if path.is_dir() && !matches!(&*name, "tests" | "target" | "xtask" | "testkit") {
            add_codes(&path, codes);
        } else if name.ends_with(".rs") && !matches!(&*name, "tests.rs" | "testing.rs") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let found = text.split("Code(\"").skip(1).filter_map(|rest| rest.split_once("\")"));
            codes.extend(found.map(|(code, _)| code.to_owned()));
        }
    }
}
