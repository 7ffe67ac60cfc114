//! Labels and annotations: `commonLabels`, `labels`, `commonAnnotations`.

use crate::field::{Missing, change_field};
use crate::node::{get_mut, is_set, put, replaced, scalar, scalar_at, text};
use crate::object::Object;
use crate::tables::{FieldSpec, Fields, add};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;

/// Puts the entries of `pairs` into every field that is for an object's kind.
pub(crate) fn set_pairs(objects: &mut [Object], pairs: &Node, fields: &[FieldSpec]) {
    if pairs.entries().is_empty() {
        return;
    }
    let missing = Missing { data: NodeData::Mapping(Vec::new()), span: pairs.span };
    for object in objects.iter_mut() {
        let gvk = object.gvk();
        for field in fields.iter().filter(|field| field.is_for(&gvk)) {
            change_field(&mut object.node, field, &missing, &mut |node| put_pairs(node, pairs));
        }
    }
}

/// Puts pairs into a mapping; what was there is a step on the way of what is there now.
pub(crate) fn put_pairs(node: &mut Node, pairs: &Node) {
    if !matches!(node.data, NodeData::Mapping(_) | NodeData::Null) {
        return;
    }
    for entry in pairs.entries() {
        let (Some(key), Some(value)) = (scalar(&entry.key), scalar(&entry.value)) else { continue };
        let value = text(value, entry.value.span);
        match get_mut(node, &key) {
            Some(old) => *old = replaced(value, old),
            None => put(node, &key, value),
        }
    }
}

/// Applies `labels`: each element has pairs, and says where they go beside the objects' own labels.
pub(crate) fn set_labels(objects: &mut [Object], labels: &Node, known: &Fields) {
    for label in labels.elements() {
        let mut fields: Vec<FieldSpec> =
            label.get("fields").map_or(&[][..], Node::elements).iter().map(read_field).collect();
        if is_set(label, "includeSelectors") {
            add(&mut fields, &known.labels);
        } else {
            if is_set(label, "includeTemplates") {
                add(&mut fields, &known.template_labels);
            }
            let own = FieldSpec { creates: true, ..FieldSpec::new("metadata/labels") };
            add(&mut fields, &[own]);
        }
        if let Some(pairs) = label.get("pairs") {
            set_pairs(objects, pairs, &fields);
        }
    }
}

/// Reads a field from a configuration: `path`, `kind`, `group`, `version`, `create`.
pub(crate) fn read_field(node: &Node) -> FieldSpec {
    let word = |key: &str| scalar_at(node, &[key]).unwrap_or_default();
    FieldSpec {
        kind: word("kind"),
        group: word("group"),
        version: word("version"),
        creates: is_set(node, "create"),
        ..FieldSpec::new(&word("path"))
    }
}

/// A mapping of one pair, for labels that the builder itself sets.
pub(crate) fn pair(key: &str, value: impl Into<SmolStr>, span: Span) -> Node {
    crate::node::mapping([(key, text(value, span))], span)
}
