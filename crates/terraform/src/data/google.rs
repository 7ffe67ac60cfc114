//! `google_iam_policy`, computed as its provider does: the policy of Google's IAM as a map that keeps where each part was
//! written. Members, bindings and audit settings are sorted, since their blocks are sets to the provider.

use crate::value::to_text;
use proofmark_model::{Attribute, Data, Map, SmolStr, Value};
use proofmark_source::Span;
use std::sync::Arc;

/// How a block becomes an object of the policy.
struct Form {
    /// The arguments, and what the policy calls them.
    names: &'static [(&'static str, &'static str)],
    /// Blocks inside, and what the policy calls the list of them.
    lists: &'static [(&'static str, &'static str, &'static Form)],
    /// Blocks inside that are one object.
    objects: &'static [(&'static str, &'static Form)],
    /// What objects of this form are sorted by.
    key: &'static str,
}

const CONDITION: Form = Form {
    names: &[("title", "title"), ("description", "description"), ("expression", "expression")],
    lists: &[],
    objects: &[],
    key: "title",
};

const BINDING: Form = Form {
    names: &[("role", "role"), ("members", "members")],
    lists: &[],
    objects: &[("condition", &CONDITION)],
    key: "role",
};

const LOG: Form = Form {
    names: &[("log_type", "logType"), ("exempted_members", "exemptedMembers")],
    lists: &[],
    objects: &[],
    key: "logType",
};

const AUDIT: Form = Form {
    names: &[("service", "service")],
    lists: &[("audit_log_configs", "auditLogConfigs", &LOG)],
    objects: &[],
    key: "service",
};

/// The policy that the blocks of a document describe.
pub(super) fn policy_of(document: &Map, span: Span) -> Value {
    let header = document.header.unwrap_or(span);
    let lists = [("binding", "bindings", &BINDING), ("audit_config", "auditConfigs", &AUDIT)];
    let entries = lists.into_iter().filter_map(|(block, name, form)| list_entry(document, block, name, form));
    crate::value::as_encoded(&Value::map(Map::new(entries.collect()).with_header(header), span))
}

fn list_entry(map: &Map, block: &str, name: &'static str, form: &Form) -> Option<Attribute> {
    let entry = map.get(block).filter(|entry| !is_left_out(&entry.value))?;
    let value = match &entry.value.data {
        Data::List(elements) => {
            let objects = elements.iter().map(|element| object(element, form)).collect();
            entry.value.with_data(Data::List(sorted(objects, Some(form.key)).into()))
        }
        _ => Value::clone(&entry.value),
    };
    Some(Attribute { name: SmolStr::new_static(name), name_span: entry.name_span, value })
}

fn object(block: &Value, form: &Form) -> Value {
    let Some(map) = block.as_map() else { return Value::clone(block) };
    let written = |argument: &str| map.get(argument).filter(|entry| !is_left_out(&entry.value));
    let mut entries: Vec<Attribute> = Vec::new();
    for (argument, name) in form.names {
        let Some(entry) = written(argument) else { continue };
        let value = match &entry.value.data {
            Data::List(members) => entry.value.with_data(Data::List(sorted(members.to_vec(), None).into())),
            _ => Value::clone(&entry.value),
        };
        entries.push(Attribute { name: SmolStr::new_static(name), name_span: entry.name_span, value });
    }
    for (argument, name, inner) in form.lists {
        entries.extend(list_entry(map, argument, name, inner));
    }
    for (argument, inner) in form.objects {
        let Some(entry) = written(argument) else { continue };
        let value = match &entry.value.data {
            Data::List(elements) => elements.first().map(|element| object(element, inner)),
            _ => Some(Value::clone(&entry.value)),
        };
        entries.extend(value.map(|value| entry.with_value(value)));
    }
    let mut made = Map::new(entries).with_header(map.header.unwrap_or(block.origin.span));
    made.unknown_rest.clone_from(&map.unknown_rest);
    block.with_data(Data::Map(Arc::new(made)))
}

/// The policy has no empty texts and lists.
fn is_left_out(value: &Value) -> bool {
    match &value.data {
        Data::Null => true,
        Data::String(text) => text.is_empty(),
        Data::List(elements) => elements.is_empty(),
        _ => false,
    }
}

/// In order of the text, or of the entry of that name; as they stand where one is not known.
fn sorted(mut values: Vec<Value>, key: Option<&str>) -> Vec<Value> {
    let text = |value: &Value| match key {
        Some(key) => value.as_map().and_then(|map| to_text(map.value(key)?)),
        None => to_text(value),
    };
    if values.iter().all(|value| text(value).is_some()) {
        values.sort_by_key(text);
    }
    values
}
