use super::*;
use proofmark_model::{Attribute, Map, Unknown};
use proofmark_source::{FileId, Span};

fn here() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn map(entries: &[(&str, Value)]) -> Value {
    let entries = entries.iter().map(|(name, value)| Attribute {
        name: (*name).into(),
        name_span: here(),
        value: value.clone(),
    });
    Value::map(Map::new(entries.collect()), here())
}

fn json(name: &str, value: &Value) -> String {
    serde_json::to_string(&Shown::new(name, value, &new_budget())).unwrap()
}

#[test]
fn secrets_hide_by_the_name_beside_them() {
    let variable =
        map(&[("name", Value::string("DB_PASSWORD", here())), ("value", Value::string("hunter2", here()))]);
    assert_eq!(json("env[0]", &variable), r#"{"name":"DB_PASSWORD","value":"(sensitive)"}"#);
    assert_eq!(show_value("env[0]", &variable), r#"{name = "DB_PASSWORD", value = (sensitive)}"#);
    let mut marked = Value::string("x", here());
    marked.is_sensitive = true;
    assert_eq!(
        (json("x", &marked), show_value("x", &marked)),
        ("\"(sensitive)\"".to_owned(), SENSITIVE.to_owned())
    );
}

#[test]
fn unknown_values_say_why() {
    let unknown = Value::unknown(Unknown::because("nobody sets it"), here());
    assert_eq!(json("x", &unknown), r#"{"unknown":"nobody sets it"}"#);
    assert_eq!(show_value("x", &unknown), "(unknown: nobody sets it)");
}

#[test]
fn large_values_are_cut() {
    let many = Value::list(vec![Value::new(Data::Integer(1), here()); 500], here());
    assert!(json("x", &many).ends_with(r#"1,{"omitted":401}]"#));
    let long = Value::string("ä".repeat(1_000), here());
    assert!(json("x", &long).ends_with("ä… (1000 characters)\""));
    assert!(show_value("x", &many).chars().count() < 450);
}
