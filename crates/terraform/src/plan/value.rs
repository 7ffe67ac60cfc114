//! Planned values: what is known after the plan, what is known only after the apply, what is sensitive.

use super::written::{Path, Written};
use crate::value::used_at;
use proofmark_model::{Attribute, Data, Known, Map, Reference, Shape, SmolStr, StepKind, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use smol_str::format_smolstr;

/// One value of a plan: three trees of the same form.
#[derive(Clone, Copy)]
pub(super) struct Planned<'a> {
    /// What is known; what is not is left out of objects, and `null` in lists.
    pub after: Option<&'a Node>,
    /// `true` where the value is known only after the apply.
    pub unknown: Option<&'a Node>,
    /// `true` where the value is sensitive.
    pub sensitive: Option<&'a Node>,
}

/// Where the value of a plan belongs.
pub(super) struct Home<'a, 'n> {
    /// The module that holds it; none where the plan has no configuration.
    pub path: Option<Path<'a, 'n>>,
    /// What repeats the resource.
    pub each: Option<&'n Node>,
    /// Where something that stands nowhere in the plan is looked for.
    pub header: Span,
}

impl<'a> Planned<'a> {
    fn member(self, name: &str) -> Self {
        let get = |node: Option<&'a Node>| node.and_then(|node| node.get(name));
        Self { after: get(self.after), unknown: get(self.unknown), sensitive: get(self.sensitive) }
    }

    fn element(self, index: usize) -> Self {
        let get = |node: Option<&'a Node>| node.and_then(|node| node.elements().get(index));
        Self { after: get(self.after), unknown: get(self.unknown), sensitive: get(self.sensitive) }
    }

    fn is_unknown(self) -> bool {
        self.unknown.is_some_and(|node| node.data == NodeData::Bool(true))
    }

    /// Whether something inside is not known, or is.
    fn is_anything(self) -> bool {
        fn holds_true(node: &Node) -> bool {
            node.data == NodeData::Bool(true)
                || node.elements().iter().any(holds_true)
                || node.entries().iter().any(|entry| holds_true(&entry.value))
        }
        self.after.is_some_and(|node| node.data != NodeData::Null) || self.unknown.is_some_and(holds_true)
    }
}

impl Home<'_, '_> {
    /// The attributes of a resource, or of an object inside it.
    pub fn map(&self, planned: Planned<'_>, written: &Written<'_>, header: Span) -> Map {
        let mut names: Vec<(&SmolStr, Span)> = Vec::new();
        let own = planned.after.map_or(&[][..], Node::entries);
        let unknown = planned.unknown.map_or(&[][..], Node::entries);
        for (entry, is_own) in
            own.iter().map(|entry| (entry, true)).chain(unknown.iter().map(|entry| (entry, false)))
        {
            let NodeData::String(name) = &entry.key.data else { continue };
            if is_own || planned.after.and_then(|after| after.get(name)).is_none() {
                names.push((name, entry.key.span));
            }
        }
        let entries = names.into_iter().filter_map(|(name, name_span)| {
            let inner = planned.member(name);
            let value = self.value(inner, &written.member(name), name_span)?;
            Some(Attribute { name: SmolStr::clone(name), name_span, value })
        });
        Map::new(entries.collect()).with_header(header)
    }

    /// A value; `None` where it is absent: nothing is planned, or nobody wrote it and the provider has nothing to say yet.
    pub fn value(&self, planned: Planned<'_>, written: &Written<'_>, header: Span) -> Option<Value> {
        if !planned.is_anything() {
            return None;
        }
        let mut value = match planned.after.map(|node| (node, &node.data)) {
            _ if planned.is_unknown() => match written {
                Written::Nowhere => return None,
                _ => self.unknown(planned, written, header),
            },
            None | Some((_, NodeData::Null | NodeData::Mapping(_))) => {
                let span = planned.after.or(planned.unknown).map_or(header, |node| node.span);
                Value::map(self.map(planned, written, header), span)
            }
            Some((node, NodeData::Sequence(_))) => Value::list(self.elements(planned, written), node.span),
            Some((node, _)) => Value::from_node(node, header),
        };
        // What nobody wrote the provider keeps as an empty value of its type.
        if !matches!(written, Written::By(_)) && is_empty(&value) {
            return None;
        }
        if value.as_unknown().is_none() && is_leaf(&value) {
            value = self.with_origin(value, written);
        }
        if planned.sensitive.is_some_and(|node| node.data == NodeData::Bool(true)) {
            value.is_sensitive = true;
            // A report shows the text at a place: that of the name, not of the secret.
            value.origin.span = if header.contains(value.origin.span) { self.header } else { header };
        }
        Some(value)
    }

    fn elements(&self, planned: Planned<'_>, written: &Written<'_>) -> Vec<Value> {
        let count = planned.after.map_or(0, |node| node.elements().len());
        let element = |index: usize| {
            let inner = planned.element(index);
            let place = inner.after.or(inner.unknown).or(planned.after);
            let header = place
                .map_or(self.header, |node| node.entries().first().map_or(node.span, |first| first.key.span));
            let span = place.map_or(self.header, |node| node.span);
            let value = self.value(inner, &written.element(inner.after), header);
            value.unwrap_or_else(|| Value::new(Data::Null, span))
        };
        (0..count).map(element).collect()
    }

    fn unknown(&self, planned: Planned<'_>, written: &Written<'_>, header: Span) -> Value {
        let references = self.references(written);
        let reason = after_apply(&references);
        let shape = match planned.sensitive.map(|node| &node.data) {
            Some(NodeData::Sequence(_)) => Some(Shape::List),
            Some(NodeData::Mapping(_)) => Some(Shape::Map),
            _ => None,
        };
        let names_one = |reference: &Reference| matches!(reference.attribute.as_str(), "id" | "arn");
        let min_length = matches!(references.as_slice(), [only] if names_one(only)).then_some(1);
        let is_set = matches!(written, Written::By(_));
        let known = Known { shape, is_set, min_length, ..Known::default() };
        let span = planned.unknown.map_or(header, |node| node.span);
        Value::unknown(Unknown { reason, references, known }, span)
    }

    fn references(&self, written: &Written<'_>) -> Vec<Reference> {
        self.followed(written, self.each)
    }

    fn followed(&self, written: &Written<'_>, each: Option<&Node>) -> Vec<Reference> {
        let Some(path) = &self.path else { return Vec::new() };
        let mut found: Vec<Reference> = Vec::new();
        for expression in written.expressions() {
            for reference in path.references(expression, each) {
                if !found.contains(&reference) {
                    found.push(reference);
                }
            }
        }
        found
    }

    /// A known value, with the resource that its expression takes it from where that is one alone: which of several it was,
    /// or which element of a repetition, the plan does not say.
    fn with_origin(&self, mut value: Value, written: &Written<'_>) -> Value {
        let references = self.followed(written, None);
        let ([only], [expression]) = (references.as_slice(), written.expressions()) else { return value };
        let span = std::mem::replace(&mut value.origin.span, expression.span);
        used_at(value, span, StepKind::Resource(only.clone()))
    }
}

/// Why a value is not known that is made from these resources.
pub(super) fn after_apply(references: &[Reference]) -> SmolStr {
    match references {
        [only] => format_smolstr!("`{only}` is known after apply"),
        _ => SmolStr::new_static("it is known after apply"),
    }
}

fn is_leaf(value: &Value) -> bool {
    !matches!(value.data, Data::List(_) | Data::Map(_))
}

fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::String(text) => text.is_empty(),
        Data::List(elements) => elements.is_empty(),
        Data::Map(map) => map.entries().is_empty(),
        _ => false,
    }
}
