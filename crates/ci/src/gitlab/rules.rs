//! `rules`, `needs`, `only` and `except` in their longest spelling.

use super::images::as_list;
use super::tree::flat;
use proofmark_model::{Data, MapBuilder, Origin, Value};
use proofmark_source::Span;

/// Rules as a flat list of maps, with `changes` and `exists` as maps of `paths`.
pub fn rules_value(value: &Value) -> Value {
    if value.as_unknown().is_some() {
        return Value::clone(value);
    }
    let rules = flat(value).into_iter().map(|rule| {
        let Data::Map(map) = &rule.data else { return Value::clone(rule) };
        let spelled = map.with_values(|entry| match entry.name.as_str() {
            "changes" | "exists" => with_key(&entry.value, "paths", entry.name_span),
            "needs" => needs_value(&entry.value),
            _ => Value::clone(&entry.value),
        });
        rule.with_data(Data::Map(spelled.into()))
    });
    value.with_data(Data::List(rules.collect()))
}

/// What a job needs, as a list of maps: a bare name is a `job`.
pub fn needs_value(value: &Value) -> Value {
    if value.as_unknown().is_some() {
        return Value::clone(value);
    }
    let needs = flat(value).into_iter().map(|need| match need.as_str() {
        Some(_) => {
            let span = need.origin.span;
            let mut fields = MapBuilder::default();
            fields.set("job", Value::clone(need));
            let mut value = fields.finish(span, span);
            value.origin = Origin::clone(&need.origin);
            value
        }
        None => Value::clone(need),
    });
    value.with_data(Data::List(needs.collect()))
}

/// An `only` or `except` as a map: a list of names is its `refs`.
pub fn filter_value(value: &Value, header: Span) -> Value {
    let value = with_key(value, "refs", header);
    let Data::Map(map) = &value.data else { return value };
    let spelled = map.with_values(|entry| match entry.name.as_str() {
        "refs" | "variables" | "changes" => as_list(&entry.value),
        _ => Value::clone(&entry.value),
    });
    value.with_data(Data::Map(spelled.into()))
}

/// A map as it is; a list or a single value as a map that holds it under `key`.
fn with_key(value: &Value, key: &str, header: Span) -> Value {
    if matches!(value.data, Data::Map(_) | Data::Unknown(_) | Data::Null) {
        return Value::clone(value);
    }
    let mut fields = MapBuilder::default();
    fields.set(key, as_list(value));
    let mut long = fields.finish(value.origin.span, header);
    long.origin = Origin::clone(&value.origin);
    long
}
