//! `aws_iam_policy_document`, computed as its provider does: a policy as a map that keeps where each part was written.
//!
//! Follows the provider's documentation of the data source and, where that is silent, what the provider prints: a list of
//! one element becomes the element, sets are in descending order, `&{` becomes `${`. The result is a map rather than JSON
//! text, so that a finding about a statement points at the statement, and what is not known leaves the rest known.

use crate::value::{reason_of, to_text, unknown_from};
use proofmark_model::{Attribute, Data, Map, SmolStr, Unknown, Value};
use proofmark_source::{FileId, Span};
use std::sync::Arc;

/// Arguments of a statement that hold sets of texts, and what they are called in a policy.
const SETS: [(&str, &str); 4] = [
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

/// The version that a document has unless it says otherwise.
const VERSION: &str = "2012-10-17";

/// A policy while documents are merged into it.
#[derive(Default)]
struct Policy {
    version: Option<Value>,
    id: Option<Value>,
    statements: Vec<Value>,
}

/// The policy that a document's arguments describe.
pub(crate) fn policy_of(document: &Map, span: Span) -> Value {
    let header = document.header.unwrap_or(span);
    let mut policy = Policy::default();
    for source in listed(document, &["source_json", "source_policy_documents"]) {
        policy.merge(&source);
    }
    let version = document.value("version").filter(|version| !version.is_null()).cloned();
    policy.upgrade(version.unwrap_or_else(|| Value::string(VERSION, header)));
    policy.adopt(document.value("policy_id"));
    for block in elements(document.value("statement")) {
        policy.put(statement_of(&block));
    }
    for change in listed(document, &["override_policy_documents", "override_json"]) {
        policy.merge(&change);
    }
    policy.finish(span, header)
}

impl Policy {
    /// Takes over what a whole policy says: its id, a later version, its statements.
    fn merge(&mut self, source: &Value) {
        match parsed(source) {
            Parsed::Policy(policy) => {
                self.adopt(policy.value("Id"));
                if let Some(version) = policy.value("Version") {
                    self.upgrade(Value::clone(version));
                }
                for statement in elements(policy.value("Statement")) {
                    self.put(statement);
                }
            }
            Parsed::Unknown => self.statements.push(Value::clone(source)),
            Parsed::Nothing => {}
        }
    }

    fn adopt(&mut self, id: Option<&Value>) {
        if let Some(id) = id.filter(|id| !is_blank(id)) {
            self.id = Some(Value::clone(id));
        }
    }

    fn upgrade(&mut self, version: Value) {
        let is_later = match (self.version.as_ref().map(Value::as_str), version.as_str()) {
            (Some(Some(own)), Some(other)) => other > own,
            (Some(own), None) => own.is_some(),
            (Some(None), Some(_)) => false,
            (None, _) => true,
        };
        if is_later {
            self.version = Some(version);
        }
    }

    /// Adds a statement; one with the same id is replaced.
    fn put(&mut self, statement: Value) {
        let existing = statement_id(&statement)
            .and_then(|id| self.statements.iter_mut().find(|other| statement_id(other) == Some(id)));
        match existing {
            Some(slot) => *slot = statement,
            None => self.statements.push(statement),
        }
    }

    fn finish(self, span: Span, header: Span) -> Value {
        let mut entries: Vec<Attribute> = Vec::new();
        entries.extend(self.version.map(|version| entry("Version", version)));
        entries.extend(self.id.map(|id| entry("Id", id)));
        if !self.statements.is_empty() {
            entries.push(entry("Statement", Value::list(self.statements, span)));
        }
        crate::value::as_encoded(&Value::map(Map::new(entries).with_header(header), span))
    }
}

fn entry(name: &'static str, value: Value) -> Attribute {
    Attribute { name: SmolStr::new_static(name), name_span: value.origin.span, value }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn statement_id(statement: &Value) -> Option<&str> {
    statement.as_map()?.value("Sid")?.as_str().filter(|id| !id.is_empty())
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

/// A policy that another document gives.
enum Parsed {
    Policy(Arc<Map>),
    Unknown,
    Nothing,
}

fn parsed(policy: &Value) -> Parsed {
    match &policy.data {
        Data::Map(map) => Parsed::Policy(Arc::clone(map)),
        Data::String(text) if !text.trim().is_empty() => {
            let parsed = proofmark_syntax::parse_json(FileId(u32::MAX), text);
            let Some(document) = parsed.documents.first() else { return Parsed::Nothing };
            match crate::functions::from_node(&document.root, policy.origin.span).data {
                Data::Map(map) => Parsed::Policy(map),
                _ => Parsed::Nothing,
            }
        }
        Data::Unknown(_) => Parsed::Unknown,
        _ => Parsed::Nothing,
    }
}

/// A statement as it stands in a policy, from its block.
fn statement_of(block: &Value) -> Value {
    let Some(map) = block.as_map() else { return Value::clone(block) };
    let span = block.origin.span;
    let effect = map.value("effect").filter(|effect| !effect.is_null()).cloned();
    let effect = effect.unwrap_or_else(|| Value::string("Allow", map.header.unwrap_or(span)));
    let mut entries = vec![entry("Effect", effect)];
    entries.extend(map.value("sid").filter(|sid| !is_blank(sid)).map(|sid| entry("Sid", Value::clone(sid))));
    for (argument, name) in SETS {
        entries.extend(map.value(argument).and_then(printed_set).map(|value| entry(name, value)));
    }
    for (argument, name) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        entries.extend(map.value(argument).and_then(principals_of).map(|value| entry(name, value)));
    }
    entries.extend(map.value("condition").and_then(conditions_of).map(|value| entry("Condition", value)));
    let header = map.header.unwrap_or(span);
    let mut made = Map::new(entries).with_header(header);
    made.unknown_rest.clone_from(&map.unknown_rest);
    block.with_data(Data::Map(Arc::new(made)))
}

/// A set of texts as the provider prints it; nothing where it is empty.
fn printed_set(value: &Value) -> Option<Value> {
    match &value.data {
        Data::Null => None,
        Data::List(elements) => printed(in_order(elements.iter().map(replaced).collect()), value),
        _ => Some(replaced(value)),
    }
}

/// One element alone, or the list; nothing where there is none.
fn printed(mut elements: Vec<Value>, whole: &Value) -> Option<Value> {
    match elements.len() {
        0 => None,
        // An unknown element may not be one text, so the list stays.
        1 if elements.iter().all(|element| element.as_str().is_some()) => elements.pop(),
        _ => Some(whole.with_data(Data::List(elements.into()))),
    }
}

/// In descending order, each text once; as they stand where something is not known.
fn in_order(mut elements: Vec<Value>) -> Vec<Value> {
    if elements.iter().all(|element| element.as_str().is_some()) {
        elements.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
        elements.dedup_by(|a, b| a.as_str() == b.as_str());
    }
    elements
}

/// A scalar as the text that the provider's type makes of it. Variables of IAM are written `&{…}`, since `${…}` is
/// Terraform's own.
fn replaced(value: &Value) -> Value {
    match to_text(value) {
        Some(text) if text.contains("&{") => value.with_data(Data::String(text.replace("&{", "${").into())),
        Some(text) => value.with_data(Data::String(text)),
        None => Value::clone(value),
    }
}

/// `{type: identifiers}`; the type `*` alone is `*`.
fn principals_of(blocks: &Value) -> Option<Value> {
    let mut kinds: Vec<(SmolStr, Vec<Value>, Span)> = Vec::new();
    let mut rest: Option<Arc<Unknown>> = None;
    for block in elements(Some(blocks)) {
        let Some(map) = block.as_map() else {
            rest = reason_of(&block);
            continue;
        };
        let identifiers = elements(map.value("identifiers"));
        match map.value("type").map(|kind| &kind.data) {
            Some(Data::String(kind)) => match kinds.iter_mut().find(|(known, ..)| known == kind) {
                Some((_, all, _)) => all.extend(identifiers),
                None => kinds.push((SmolStr::clone(kind), identifiers, block.origin.span)),
            },
            Some(Data::Unknown(unknown)) => rest = Some(Arc::clone(unknown)),
            _ => {}
        }
    }
    if let ([(kind, identifiers, _)], None) = (kinds.as_slice(), &rest)
        && kind == "*"
        && let [everyone] = identifiers.as_slice()
        && everyone.as_str() == Some("*")
    {
        return Some(Value::clone(everyone));
    }
    let entries = kinds.into_iter().filter_map(|(name, identifiers, span)| {
        let identifiers = in_order(identifiers.iter().map(replaced).collect());
        let value = printed(identifiers, &Value::list(Vec::new(), span))?;
        Some(Attribute { name, name_span: span, value })
    });
    let mut map = Map::new(entries.collect());
    map.unknown_rest = rest;
    let is_empty = map.entries().is_empty() && map.unknown_rest.is_none();
    (!is_empty).then(|| blocks.with_data(Data::Map(Arc::new(map))))
}

/// The conditions under one test, by variable.
struct Test {
    name: SmolStr,
    place: Span,
    variables: Vec<(SmolStr, Vec<Value>)>,
}

/// `{test: {variable: values}}`. Values of one variable under one test add up, in the order in which they are written.
fn conditions_of(blocks: &Value) -> Option<Value> {
    let mut tests: Vec<Test> = Vec::new();
    let mut rest = None;
    for block in elements(Some(blocks)) {
        if add_condition(&mut tests, &block).is_none() {
            rest = reason_of(&unknown_from(None, block.origin.span, &[&block]));
        }
    }
    let entries = tests.into_iter().map(|Test { name, place, variables }| {
        let variables = variables.into_iter().map(|(name, values)| {
            let whole = Value::list(Vec::new(), place);
            let value = printed(values, &whole).unwrap_or(whole);
            Attribute { name, name_span: place, value }
        });
        Attribute { name, name_span: place, value: Value::map(Map::new(variables.collect()), place) }
    });
    let mut map = Map::new(entries.collect());
    map.unknown_rest = rest;
    let is_empty = map.entries().is_empty() && map.unknown_rest.is_none();
    (!is_empty).then(|| blocks.with_data(Data::Map(Arc::new(map))))
}

/// Adds the condition of a block, if it is known what it tests.
fn add_condition(tests: &mut Vec<Test>, block: &Value) -> Option<()> {
    let map = block.as_map()?;
    let name = map.value("test")?.as_str()?;
    let variable = map.value("variable")?.as_str()?;
    let values = elements(map.value("values"));
    let values = values.iter().map(replaced);
    if !tests.iter().any(|test| test.name == name) {
        tests.push(Test { name: SmolStr::new(name), place: block.origin.span, variables: Vec::new() });
    }
    let test = tests.iter_mut().find(|test| test.name == name)?;
    match test.variables.iter_mut().find(|(known, _)| known == variable) {
        Some((_, all)) => all.extend(values),
        None => test.variables.push((SmolStr::new(variable), values.collect())),
    }
    Some(())
}
