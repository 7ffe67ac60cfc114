//! Values of descriptors as Terraform has them: references resolved, blocks in lists.

use super::Mapping;
use crate::facts::Facts;
use proofmark_model::{Address, Attribute, Data, Reference, SmolStr, Unknown, Value};
use proofmark_syntax::Entry;

/// The value of an entry, with the mapping's replacements made and references to resources resolved.
pub(super) fn resolve(entry: &Entry, mapping: &Mapping) -> Value {
    adapt(&Value::from_node(&entry.value, entry.key.span), super::key_text(entry), mapping)
}

fn adapt(value: &Value, key: &str, mapping: &Mapping) -> Value {
    let data = match &value.data {
        Data::String(text) => return adapt_text(value, text, key, mapping),
        Data::List(elements) => {
            Data::List(elements.iter().map(|element| adapt(element, key, mapping)).collect())
        }
        Data::Map(map) => {
            Data::Map(map.with_values(|entry| adapt(&entry.value, &entry.name, mapping)).into())
        }
        _ => return Value::clone(value),
    };
    value.with_data(data)
}

fn adapt_text(value: &Value, text: &SmolStr, key: &str, mapping: &Mapping) -> Value {
    if let Some(replacement) = mapping.replace.get(key).and_then(|words| words.get(text.as_str())) {
        return value.with_data(Data::String(SmolStr::new(replacement)));
    }
    match reference(text) {
        Some(reference) => value.with_data(Data::Unknown(Unknown::computed(reference).into())),
        None => Value::clone(value),
    }
}

/// The resource that a text like `${aws_security_group.web.id}` means.
fn reference(text: &str) -> Option<Reference> {
    let inside = text.strip_prefix("${")?.strip_suffix('}')?.trim();
    let mut parts = inside.splitn(3, '.');
    let (kind, name, attribute) = (parts.next()?, parts.next()?, parts.next().unwrap_or(""));
    let is_word = |text: &str| {
        !text.is_empty()
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
    };
    if !is_word(kind) || !is_word(name) || !kind.contains('_') {
        return None;
    }
    let address = Address(smol_str::format_smolstr!("{kind}.{name}"));
    Some(Reference { address, attribute: SmolStr::new(attribute) })
}

/// Puts `value` under an attribute path such as `scaling_config[].min_size`.
pub(super) fn place(facts: &mut Facts, path: &str, entry: &Entry, value: Value) {
    match path.split_once('.') {
        None => facts.set_named(SmolStr::new(path), entry.key.span, value),
        Some((first, rest)) => {
            let (name, is_list) = match first.strip_suffix("[]") {
                Some(name) => (name, true),
                None => (first, false),
            };
            let header = entry.key.span;
            let mut entries = existing(facts, name);
            let mut inner = Facts::new(header);
            for entry in entries.drain(..) {
                inner.set_named(entry.name, entry.name_span, entry.value);
            }
            place(&mut inner, rest, entry, value);
            let map = inner.finish(header);
            let placed = if is_list { Value::list(vec![map], header) } else { map };
            facts.replace(name, header, placed);
        }
    }
}

/// What an attribute path has put there before.
fn existing(facts: &Facts, name: &str) -> Vec<Attribute> {
    let Some(value) = facts.get(name) else { return Vec::new() };
    let inner = value.as_list().and_then(<[Value]>::first).unwrap_or(value);
    inner.as_map().map_or_else(Vec::new, |map| map.entries().to_vec())
}
