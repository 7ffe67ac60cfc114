//! `aws_iam_policy_document`, computed as its provider does: a policy as a map that keeps where each part was written.
//!
//! Follows the provider's documentation of the data source. The result is a map rather than JSON text, so that a finding
//! about a statement points at the statement.

use crate::evaluator::{Evaluator, Subject};
use crate::resource::ResourceInstance;
use crate::value::{reason_of, unknown_from};
use proofmark_model::{Attribute, Data, Map, SmolStr, Value};
use proofmark_source::{FileId, Span};
use std::sync::Arc;

/// Arguments of a statement that hold lists, and what they are called in a policy.
const LISTS: [(&str, &str); 4] = [
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

impl<'r> Evaluator<'r> {
    /// The attribute of a data source that can be computed without its provider.
    pub fn known_data(&self, instance: ResourceInstance<'_, 'r>, name: &str) -> Option<Value> {
        let ResourceInstance { module, resource, index, place } = instance;
        let is_document = resource.is_data && resource.kind == "aws_iam_policy_document";
        if !is_document || !matches!(name, "json" | "minified_json") {
            return None;
        }
        let key = (index, place, SmolStr::new_static("json"));
        let subject = Subject {
            what: format_args!("the policy of `{}`", resource.address),
            span: resource.block.header,
        };
        Some(self.slot(&module.attributes, key, subject, || {
            policy_of(&self.resource_attributes(instance), resource.block.span)
        }))
    }
}

/// The policy that a document's arguments describe.
pub(crate) fn policy_of(document: &Map, span: Span) -> Value {
    let header = document.header.unwrap_or(span);
    let mut statements: Vec<Value> = Vec::new();
    for source in listed(document, &["source_json", "source_policy_documents"]) {
        statements.extend(statements_of(&source));
    }
    for statement in elements(document.value("statement")) {
        put(&mut statements, statement_of(&statement));
    }
    for change in listed(document, &["override_json", "override_policy_documents"]) {
        for statement in statements_of(&change) {
            put(&mut statements, statement);
        }
    }
    let version = document.value("version").filter(|version| !version.is_null()).cloned();
    let version = version.unwrap_or_else(|| Value::string("2012-10-17", header));
    let mut entries = vec![entry("Version", version), entry("Statement", Value::list(statements, span))];
    entries.extend(document.value("policy_id").map(|id| entry("Id", Value::clone(id))));
    Value::map(Map::new(entries).with_header(header), span)
}

fn entry(name: &'static str, value: Value) -> Attribute {
    Attribute { name: SmolStr::new_static(name), name_span: value.origin.span, value }
}

/// The elements of a list, or the value itself where it is none: a list that is not known is one element that is not.
fn elements(value: Option<&Value>) -> Vec<Value> {
    match value.map(|value| &value.data) {
        Some(Data::List(elements)) => elements.to_vec(),
        Some(Data::Null) | None => Vec::new(),
        Some(_) => value.cloned().into_iter().collect(),
    }
}

fn listed(document: &Map, names: &[&str]) -> Vec<Value> {
    names.iter().flat_map(|name| elements(document.value(name))).collect()
}

/// Adds a statement; one with the same id is replaced.
fn put(statements: &mut Vec<Value>, statement: Value) {
    let id = statement
        .as_map()
        .and_then(|map| map.value("Sid"))
        .and_then(Value::as_str)
        .filter(|id| !id.is_empty());
    let existing = id.and_then(|id| {
        statements
            .iter_mut()
            .find(|other| other.as_map().and_then(|map| map.value("Sid")).and_then(Value::as_str) == Some(id))
    });
    match existing {
        Some(slot) => *slot = statement,
        None => statements.push(statement),
    }
}

/// The statements of a policy that is text or a map.
fn statements_of(policy: &Value) -> Vec<Value> {
    match &policy.data {
        Data::Map(map) => elements(map.value("Statement")),
        Data::String(text) if !text.trim().is_empty() => {
            let parsed = proofmark_syntax::parse_json(FileId(u32::MAX), text);
            let Some(document) = parsed.documents.first() else { return Vec::new() };
            let decoded = crate::functions::from_node(&document.root, policy.origin.span);
            elements(decoded.as_map().and_then(|map| map.value("Statement")))
        }
        Data::Unknown(_) => vec![Value::clone(policy)],
        _ => Vec::new(),
    }
}

/// A statement as it stands in a policy, from its block.
fn statement_of(block: &Value) -> Value {
    let Some(map) = block.as_map() else { return Value::clone(block) };
    let span = block.origin.span;
    let effect = map.value("effect").filter(|effect| !effect.is_null()).cloned();
    let effect = effect.unwrap_or_else(|| Value::string("Allow", map.header.unwrap_or(span)));
    let mut entries = vec![entry("Effect", effect)];
    entries.extend(map.value("sid").filter(|sid| !sid.is_null()).map(|sid| entry("Sid", Value::clone(sid))));
    for (argument, name) in LISTS {
        entries.extend(
            map.value(argument)
                .filter(|value| !value.is_null())
                .map(|value| entry(name, Value::clone(value))),
        );
    }
    for (argument, name) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        entries.extend(map.value(argument).map(|blocks| entry(name, principals_of(blocks))));
    }
    entries.extend(map.value("condition").map(|blocks| entry("Condition", conditions_of(blocks))));
    let header = map.header.unwrap_or(span);
    block.with_data(Data::Map(Arc::new(Map::new(entries).with_header(header))))
}

/// `{type: [identifiers]}`; the type `*` alone is `*`.
fn principals_of(blocks: &Value) -> Value {
    let mut kinds: Vec<(SmolStr, Vec<Value>, Span)> = Vec::new();
    let mut rest = None;
    for block in elements(Some(blocks)) {
        let Some(map) = block.as_map() else {
            rest = reason_of(&block);
            continue;
        };
        let identifiers = elements(map.value("identifiers"));
        match map.value("type").map(|kind| &kind.data) {
            Some(Data::String(kind)) if kind == "*" => {
                let everyone = identifiers.into_iter().next();
                return everyone.unwrap_or_else(|| Value::string("*", block.origin.span));
            }
            Some(Data::String(kind)) => match kinds.iter_mut().find(|(known, ..)| known == kind) {
                Some((_, all, _)) => all.extend(identifiers),
                None => kinds.push((SmolStr::clone(kind), identifiers, block.origin.span)),
            },
            Some(Data::Unknown(unknown)) => rest = Some(Arc::clone(unknown)),
            _ => {}
        }
    }
    let entries = kinds.into_iter().map(|(name, identifiers, span)| Attribute {
        name,
        name_span: span,
        value: Value::list(identifiers, span),
    });
    let mut map = Map::new(entries.collect());
    map.unknown_rest = rest;
    blocks.with_data(Data::Map(Arc::new(map)))
}

/// `{test: {variable: [values]}}`.
fn conditions_of(blocks: &Value) -> Value {
    let mut tests: Vec<(SmolStr, Vec<Attribute>, Span)> = Vec::new();
    let mut rest = None;
    for block in elements(Some(blocks)) {
        let known = block.as_map().and_then(|map| {
            let test = map.value("test")?.as_str()?;
            let variable = map.value("variable")?.as_str()?;
            Some((SmolStr::new(test), SmolStr::new(variable), Value::clone(map.value("values")?)))
        });
        let Some((test, variable, values)) = known else {
            rest = reason_of(&unknown_from(None, block.origin.span, &[&block]));
            continue;
        };
        let attribute = Attribute { name: variable, name_span: block.origin.span, value: values };
        match tests.iter_mut().find(|(name, ..)| *name == test) {
            Some((_, variables, _)) => variables.push(attribute),
            None => tests.push((test, vec![attribute], block.origin.span)),
        }
    }
    let entries = tests.into_iter().map(|(name, variables, span)| Attribute {
        name,
        name_span: span,
        value: Value::map(Map::new(variables), span),
    });
    let mut map = Map::new(entries.collect());
    map.unknown_rest = rest;
    blocks.with_data(Data::Map(Arc::new(map)))
}
