//! Values made from text, as rules will read them.

use crate::Value;
use proofmark_source::FileId;
use proofmark_syntax::{YamlDialect, parse_yaml};

const ANCHORED: &str =
    "base: &base\n  cpu: 1\napp:\n  <<: *base\n  image: web\nlist:\n  - name: a\n    port: 80\n";

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

#[test]
fn what_a_template_or_an_error_hides_makes_the_rest_of_the_map_unknown() {
    let broken = value("app:\n  cpu: 1\n  list: [a, }\n");
    let app = broken.at_path(&["app"]).unwrap().as_map().unwrap();
    assert_eq!(app.entries().len(), 2);
    assert_eq!(app.unknown_rest.as_ref().unwrap().reason, "an error in the file hides what stands here");
    assert_eq!(app.value("list").unwrap().as_list().unwrap().len(), 2);
    let whole = value("app:\n  cpu: 1\n");
    assert!(whole.at_path(&["app"]).unwrap().as_map().unwrap().unknown_rest.is_none());
}
