//! The table of `tests/scalar/table.tsv`: what Helm 4.1.4, `kubectl kustomize` and PyYAML made of plain scalars, and
//! what YAML 1.2.2 says of the same texts.

use crate::{NodeData, YamlDialect, parse_yaml};
use proofmark_source::FileId;

const TABLE: &str = include_str!("scalar/table.tsv");

#[test]
fn plain_scalars_resolve_as_their_tools_resolve_them() {
    let mut wrong = Vec::new();
    for line in TABLE.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [text, kubernetes, go, python, core] = columns[..] else { panic!("five columns: {line}") };
        let dialects = [
            (YamlDialect::Kubernetes, kubernetes),
            (YamlDialect::Go, go),
            (YamlDialect::Python, python),
            (YamlDialect::Core, core),
        ];
        for (dialect, expected) in dialects {
            let document = format!("v: {text}\n");
            let parsed = parse_yaml(FileId(0), &document, dialect);
            let actual = parsed.documents[0].root.get("v").map(|node| print(&node.data)).unwrap_or_default();
            if actual != expected {
                wrong.push(format!("{dialect:?} `{text}`: {actual}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn print(data: &NodeData) -> String {
    match data {
        NodeData::Null => "null".to_owned(),
        NodeData::Bool(value) => value.to_string(),
        NodeData::Integer(value) => value.to_string(),
        NodeData::Float(value) => format!("{value:?}"),
        NodeData::String(text) => format!("{text:?}"),
        other => format!("{other:?}"),
    }
}
