//! `replacements`: values of one object in fields of others.

use crate::build::{Builder, LIMIT, Layer};
use crate::node::{entry_span, is_set, place, scalar, scalar_at, with_data};
use crate::object::Object;
use crate::path;
use crate::selector::{Exact, matches_labels};
use proofmark_source::{Impact, Span};
use proofmark_syntax::{Node, NodeData, YamlDialect};
use smol_str::SmolStr;

/// How long a text may become: joining a text with itself doubles it.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// How a part of a text is meant.
struct Part<'n> {
    delimiter: &'n str,
    index: i64,
    creates: bool,
}

impl<'n> Part<'n> {
    fn read(options: Option<&'n Node>) -> Self {
        let word = |key: &str| options.and_then(|options| options.get(key));
        let index = match word("index").map(|node| &node.data) {
            Some(NodeData::Integer(index)) => *index,
            _ => 0,
        };
        let creates = options.is_some_and(|options| is_set(options, "create"));
        Self { delimiter: word("delimiter").and_then(Node::as_str).unwrap_or(""), index, creates }
    }
}

/// Applies an element of `replacements`: in place, or the ones in a file.
pub(crate) fn apply_entry(builder: &mut Builder<'_>, layer: &Layer, entry: &Node, objects: &mut [Object]) {
    let Some(path) = entry.get("path").and_then(Node::as_str).map(str::to_owned) else {
        apply(builder, entry, objects);
        return;
    };
    let Some(file) = builder.find_file(layer, &path, entry.span) else { return };
    let Some(parsed) = builder.parse_file(file, YamlDialect::Kubernetes) else { return };
    for document in parsed.documents {
        match &document.root.data {
            NodeData::Sequence(elements) => {
                elements.iter().for_each(|element| apply(builder, element, objects));
            }
            _ => apply(builder, &document.root, objects),
        }
    }
}

pub(crate) fn apply(builder: &mut Builder<'_>, replacement: &Node, objects: &mut [Object]) {
    let (source, targets) = (replacement.get("source"), replacement.get("targets"));
    let has_value = replacement.get("sourceValue");
    let Some(targets) = targets.filter(|_| source.is_some() || has_value.is_some()) else {
        builder.refuse(replacement.span, "replacements must specify a source and at least one target");
        return;
    };
    let value = match (source, has_value) {
        (Some(source), _) => source_value(source, objects),
        (None, value) => Ok(Node::clone(value.unwrap_or(replacement))),
    };
    let value = match value {
        Ok(value) => value,
        Err(message) => {
            builder.refuse(source.map_or(replacement.span, |source| source.span), message);
            return;
        }
    };
    for target in targets.elements() {
        apply_to(builder, target, &value, objects);
    }
}

/// The value that a `source` means, or what is wrong with it.
fn source_value(source: &Node, objects: &[Object]) -> Result<Node, String> {
    let wanted = Exact::read(source);
    let mut found = objects.iter().filter(|object| wanted.is_for_object(object));
    let name = || wanted.id().to_string();
    let Some(object) = found.next() else { return Err(format!("nothing selected by {}", name())) };
    if found.next().is_some() {
        return Err(format!("multiple matches for selector {}", name()));
    }
    let path = scalar_at(source, &["fieldPath"]).unwrap_or_else(|| "metadata.name".into());
    let value = path::find(&object.node, &path::split(&path))
        .filter(|value| value.data != NodeData::Null)
        .ok_or_else(|| format!("fieldPath `{path}` is missing for replacement source {}", name()))?;
    let part = Part::read(source.get("options"));
    if part.delimiter.is_empty() {
        return Ok(Node::clone(value));
    }
    let text = scalar(value).ok_or("delimiter option can only be used with scalar nodes")?;
    let index = usize::try_from(part.index).ok();
    let picked = index.and_then(|index| text.split(part.delimiter).nth(index));
    let picked =
        picked.ok_or_else(|| format!("options.index {} is out of bounds for value {text}", part.index))?;
    Ok(with_data(value, NodeData::String(picked.into())))
}

/// Puts a value where a target says. It is then found at the path that the target names.
fn apply_to(builder: &mut Builder<'_>, target: &Node, value: &Node, objects: &mut [Object]) {
    let Some(select) = target.get("select") else {
        builder.refuse(target.span, "target must specify resources to select");
        return;
    };
    let wanted = Exact::read(select);
    let rejects = target.get("reject").map_or(&[][..], Node::elements);
    let paths: Vec<(SmolStr, Span)> = match target.get("fieldPaths").map(Node::elements) {
        Some(paths) if !paths.is_empty() => {
            paths.iter().filter_map(|path| Some((scalar(path)?, path.span))).collect()
        }
        _ => vec![(
            SmolStr::new_static("metadata.name"),
            target.entries().first().map_or(target.span, entry_span),
        )],
    };
    let part = Part::read(target.get("options"));
    for object in objects.iter_mut() {
        let is_rejected = rejects.iter().any(|reject| is_rejected(reject, object));
        if !wanted.is_for_object(object) || !has_labels(select, object) || is_rejected {
            continue;
        }
        for (path, by) in &paths {
            let by = *by;
            let create = part.creates.then_some(by);
            let mut errors = Vec::new();
            let mut set = |node: &mut Node| errors.extend(set_value(node, value, &part, by).err());
            if path::change(&mut object.node, &path::split(path), create, &mut set) == 0 {
                builder.refuse(target.span, format!("unable to find field \"{path}\" in replacement target"));
            }
            for (is_limit, message) in errors {
                if is_limit {
                    builder.tell(LIMIT, Impact::Partial, target.span, message);
                } else {
                    builder.refuse(target.span, message);
                }
            }
        }
    }
}

fn has_labels(selector: &Node, object: &Object) -> bool {
    let fits = |key: &str, field: &str| {
        let selector = scalar_at(selector, &[key]).unwrap_or_default();
        matches_labels(&selector, object.node.at_path(&["metadata", field]))
    };
    fits("labelSelector", "labels") && fits("annotationSelector", "annotations")
}

fn is_rejected(reject: &Node, object: &Object) -> bool {
    let wanted = Exact::read(reject);
    let has_selector = ["labelSelector", "annotationSelector"].iter().any(|key| reject.get(key).is_some());
    !wanted.is_empty() && wanted.is_for_object(object) || has_selector && has_labels(reject, object)
}

/// Puts a value into a field, or into a part of its text. Scalars keep the type that the field has. The error tells
/// whether it is a limit of ours.
fn set_value(node: &mut Node, value: &Node, part: &Part<'_>, by: Span) -> Result<(), (bool, String)> {
    let is_collection = |node: &Node| matches!(node.data, NodeData::Sequence(_) | NodeData::Mapping(_));
    let refused = || (false, "delimiter option can only be used with scalar nodes".to_owned());
    if part.delimiter.is_empty() && (is_collection(value) || is_collection(node)) {
        *node = crate::node::moved_to(Node::clone(value), by);
        return Ok(());
    }
    let mut new = scalar(value).ok_or_else(refused)?.to_string();
    if !part.delimiter.is_empty() {
        let old = if node.data == NodeData::Null { "".into() } else { scalar(node).ok_or_else(refused)? };
        let mut pieces: Vec<&str> = old.split(part.delimiter).collect();
        match usize::try_from(part.index) {
            Err(_) => pieces.insert(0, &new),
            Ok(index) => match pieces.get_mut(index) {
                Some(piece) => *piece = &new,
                None => pieces.push(&new),
            },
        }
        new = pieces.join(part.delimiter);
    }
    if new.len() > MAX_TEXT_BYTES {
        return Err((true, format!("a replacement makes a text longer than {MAX_TEXT_BYTES} bytes")));
    }
    let data = match &node.data {
        NodeData::String(_) => NodeData::String(new.into()),
        _ => YamlDialect::Kubernetes.resolve(&new),
    };
    *node = Node { included_at: Some(by), ..Node::new(data, place(value)) };
    Ok(())
}
