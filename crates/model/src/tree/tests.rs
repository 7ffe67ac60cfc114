//! Values made from text, as rules will read them.

use crate::Value;
use proofmark_source::FileId;
use proofmark_syntax::{YamlDialect, parse_yaml};

const ANCHORED: &str = "base: &base\n  cpu: 1\napp:\n  <<: *base\n  image: web\nlist:\n  - name: a\n    port: 80\n";

fn value(text: &str) -> Value {
    let parsed = parse_yaml(FileId(0), text, YamlDialect::Core);
    Value::from_node(&parsed.documents[0].root, parsed.documents[0].span)
}

#[test]
fn what_an_anchor_supplied_points_at_the_alias_and_remembers_the_anchor() {
    let value = value(ANCHORED);
    let cpu = value.at_path(&["app", "cpu"]).unwrap();
    assert_eq!(cpu.origin.steps().count(), 1);
    assert_eq!(cpu.origin.steps().next().unwrap().span.slice(ANCHORED), "1");
    assert!(cpu.origin.span.start > ANCHORED.find("app:").unwrap() as u32);
}

#[test]
fn the_header_of_a_map_is_its_key_and_of_an_element_its_first_entry() {
    let value = value(ANCHORED);
    let header = |value: &Value| value.as_map().unwrap().header.unwrap().slice(ANCHORED).to_owned();
    assert_eq!(header(value.at_path(&["app"]).unwrap()), "app");
    assert_eq!(header(&value.at_path(&["list"]).unwrap().as_list().unwrap()[0]), "name: a");
}
