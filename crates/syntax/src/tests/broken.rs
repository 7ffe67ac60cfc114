//! `fixtures/broken` and worse: nothing panics, everything is told, and trees stay shallow.

#![expect(clippy::disallowed_methods, reason = "the tests read the fixtures from the disk")]

use super::{assert_nested, print};
use crate::tree::MAX_DEPTH;
use crate::{Node, Parsed, YamlDialect, parse_ini, parse_json, parse_toml, parse_yaml, parse_yaml_template};
use proofmark_source::FileId;
use std::path::Path;

const FILE: FileId = FileId(0);

/// Parses `text` as everything, and looks at every node of the outcome.
fn parse_as_everything(text: &str) {
    for dialect in [YamlDialect::Core, YamlDialect::Kubernetes, YamlDialect::Go, YamlDialect::Python] {
        look_at(&parse_yaml(FILE, text, dialect), text);
    }
    look_at(&parse_yaml_template(FILE, text, YamlDialect::Kubernetes), text);
    look_at(&parse_json(FILE, text), text);
    look_at(&parse_toml(FILE, text), text);
    look_at(&parse_ini(FILE, text), text);
}

fn look_at(parsed: &Parsed, text: &str) {
    for document in &parsed.documents {
        assert!(depth(&document.root) <= 2 * MAX_DEPTH, "too deep");
        assert!(text.get(document.span.start as usize..document.span.end as usize).is_some());
    }
    for diagnostic in &parsed.diagnostics {
        let range = diagnostic.span.start as usize..diagnostic.span.end as usize;
        assert!(text.get(range).is_some(), "{diagnostic:?} is outside the text");
    }
}

fn depth(node: &Node) -> usize {
    let pairs = node.entries().iter().flat_map(|entry| [&entry.key, &entry.value]);
    node.elements().iter().chain(pairs).map(|child| depth(child) + 1).max().unwrap_or(0)
}

#[test]
fn every_broken_file_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/broken");
    let mut silent = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // Folders hold what is broken for one reader only; its syntax may be sound.
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        parse_as_everything(&text);
        let parsed = match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml") => parse_yaml(FILE, &text, YamlDialect::Kubernetes),
            Some("json") => parse_json(FILE, &text),
            Some("toml") => parse_toml(FILE, &text),
            Some("ini") => parse_ini(FILE, &text),
            _ => continue,
        };
        // Text that is not UTF-8 is told where files are read.
        if parsed.diagnostics.is_empty() && std::str::from_utf8(&bytes).is_ok() {
            silent.push(path);
        }
    }
    assert!(silent.is_empty(), "no diagnostic: {silent:?}");
}

#[test]
fn every_prefix_and_every_gap_is_survived() {
    let texts = [
        "# c\na: &x {b: [1, 'é', \"\\u00e9\"], <<: {z: 1}}\nd: |-\n  t {{ .x }}\n  𝄞\ne:\n- *x\n- ? k\n  : !t v\n---\n{{ if }}\nf: >+\n\n g\n...\n",
        "// c\n{\"a\": [1, -2.5e3, tru, 'é\\n'], /* x */ b: {\"c\": null,}, \"d\": 0x1F}",
        "# c\n[a.b]\nc = [1, {d = 'é', e.f = \"\\u00e9\"}] # x\n[[g]]\nh = \"\"\"\n𝄞\n\"\"\"\ni = 2020-01-01T00:00:00Z\n",
        "k = v\n[s é]\na: b\n  c\n; d\ne =\n\tf\n",
    ];
    for text in texts {
        for (at, character) in text.char_indices() {
            let (before, rest) = text.split_at(at);
            parse_as_everything(before);
            let behind = &rest[character.len_utf8()..];
            parse_as_everything(&format!("{before}{behind}"));
            parse_as_everything(&format!("{before}{{{{{behind}"));
        }
    }
}

#[test]
fn readable_texts_nest_their_spans() {
    let text = "a: &x {b: [1, 'é']}\nd: |-\n  t\ne:\n- *x\n- ? k\n  : !t v\n";
    let parsed = parse_yaml(FILE, text, YamlDialect::Core);
    parsed.documents.iter().for_each(|document| assert_nested(&document.root, text));
}

#[test]
fn huge_and_hostile_texts_are_bounded() {
    let texts = [
        "[".repeat(25_000),
        "{".repeat(25_000),
        "{\"a\":".repeat(12_000),
        "- ".repeat(25_000),
        "? ".repeat(12_000),
        "a:\n- ".repeat(5_000),
        "a = {b = ".repeat(5_000),
        "[a]\n".repeat(5_000),
        "[[a]]\nx = 1\n".repeat(5_000),
        "a: 1\n".repeat(12_000),
        "---\n[\n".repeat(5_000),
        "'".repeat(25_001),
        "{{".repeat(12_000),
        "{{ x }}".repeat(5_000),
        "{{ if }}\n".repeat(5_000),
        ",".repeat(25_000),
        "# c\n".repeat(25_000),
        "\u{feff}".repeat(1000),
        (0..5_000).map(|n| format!("k{n}: &a{n} v\n")).collect(),
        (0..5_000).map(|n| format!("[t{n}.u]\nk = 1\n")).collect(),
    ];
    for text in &texts {
        parse_as_everything(text);
    }
}

#[test]
fn an_alias_bomb_is_cut_off() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/broken");
    let text = std::fs::read_to_string(folder.join("alias-bomb.yaml")).unwrap();
    let parsed = parse_yaml(FILE, &text, YamlDialect::Kubernetes);
    let told = print(&Parsed { documents: Vec::new(), ..parsed }, &text);
    let first = told.lines().next().unwrap_or_default();
    insta::assert_snapshot!(first, @r#"yaml-alias-limit Partial line 11 `*e`: the alias `*e` is not followed: aliases copy too much in this file"#);
}
