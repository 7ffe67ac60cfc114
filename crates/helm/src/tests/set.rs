//! `--set` and its siblings: rows whose results were taken from Helm.

use crate::{SetKind, apply_set, parse_values};
use proofmark_gotemplate::{Data, Value};
use proofmark_source::FileId;

const ROWS: &str = include_str!("../../../../fixtures/readers/helm/set.tsv");

/// The values that the rows are laid over.
const VALUES: &str = "a: {b: 1, c: [x, y]}\nd: [{e: f}]\ng: text\n";

/// The values as JSON, in order of their names.
fn json(value: &Value) -> serde_json::Value {
    match &value.data {
        Data::Bool(flag) => (*flag).into(),
        Data::Int(number, _) => (*number).into(),
        Data::Float(number) if number.fract() == 0.0 => (*number as i64).into(),
        Data::Float(number) => (*number).into(),
        Data::Text(text) => text.as_str().into(),
        Data::List(list) => list.items.iter().map(json).collect(),
        Data::Dict(dict) => {
            let entries = dict.entries();
            serde_json::Value::Object(
                entries.iter().map(|(key, value)| (key.to_string(), json(value))).collect(),
            )
        }
        _ => serde_json::Value::Null,
    }
}

/// What a row gives: the values, or `refused`.
fn result(kind: &str, assignment: &str) -> String {
    let kind = match kind {
        "set" => SetKind::Typed,
        "set-string" => SetKind::Text,
        _ => SetKind::Json,
    };
    let given = crate::values::empty();
    if apply_set(&given, assignment, kind).is_err() {
        return "refused".to_owned();
    }
    let own = parse_values(FileId(0), VALUES).0;
    crate::coalesce_tables(&given, &own, false);
    json(&Data::Dict(given).into()).to_string()
}

#[test]
fn assignments_give_what_helm_gives() {
    let mut wrong = Vec::new();
    for row in ROWS.lines().filter(|row| !row.starts_with('#')) {
        let [kind, assignment, expected] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("no row of three: {row}");
        };
        let found = result(kind, assignment);
        let wanted = serde_json::from_str::<serde_json::Value>(expected)
            .map_or(expected.to_owned(), |tree| tree.to_string());
        if found != wanted {
            wrong.push(format!("--{kind} {assignment}: {found}, in Helm {wanted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
