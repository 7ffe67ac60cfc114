//! What is wrong with the fields of a kustomization, in kustomize's words.

use crate::node::scalar_at;
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};

/// Fields whose value is a text.
const TEXTS: [&str; 3] = ["namePrefix", "nameSuffix", "namespace"];

/// Fields whose value is a map of texts.
const TEXT_MAPS: [&str; 2] = ["commonLabels", "commonAnnotations"];

/// Fields whose value is a list of texts.
const TEXT_LISTS: [&str; 10] = [
    "bases",
    "buildMetadata",
    "components",
    "configurations",
    "crds",
    "generators",
    "patchesStrategicMerge",
    "resources",
    "transformers",
    "validators",
];

/// Each mistake with its place.
pub(super) fn mistakes(root: &Node) -> Vec<(Span, String)> {
    let mut mistakes = Vec::new();
    check_version(root, &mut mistakes);
    for field in TEXTS {
        check_text(field, root.get(field), &mut mistakes);
    }
    for field in TEXT_MAPS {
        for entry in root.get(field).map_or(&[][..], Node::entries) {
            check_text(field, Some(&entry.value), &mut mistakes);
        }
    }
    for label in root.get("labels").map_or(&[][..], Node::elements) {
        for entry in label.get("pairs").map_or(&[][..], Node::entries) {
            check_named("Label.labels.pairs", &entry.value, &mut mistakes);
        }
    }
    for field in TEXT_LISTS {
        let Some(list) = root.get(field) else { continue };
        match &list.data {
            NodeData::Sequence(_) | NodeData::Null => {}
            data => {
                let message = format!(
                    "invalid Kustomization: json: cannot unmarshal {} into Go struct field Kustomization.{field} of type \
                     []string",
                    type_name(data)
                );
                mistakes.push((list.span, message));
            }
        }
    }
    mistakes
}

fn check_version(root: &Node, mistakes: &mut Vec<(Span, String)>) {
    let word = |key: &str| {
        root.entry(key).map(|entry| (scalar_at(root, &[key]).unwrap_or_default(), entry.value.span))
    };
    let kind = word("kind");
    if let Some((name, span)) = &kind
        && !matches!(name.as_str(), "" | "Kustomization" | "Component")
    {
        mistakes.push((*span, "kind should be Kustomization or Component".to_owned()));
    }
    let kind = kind.map_or_else(Default::default, |(name, _)| name);
    let (kind, wanted) = match kind.as_str() {
        "Component" => ("Component", "kustomize.config.k8s.io/v1alpha1"),
        _ => ("Kustomization", "kustomize.config.k8s.io/v1beta1"),
    };
    let version = word("apiVersion").filter(|(version, _)| !version.is_empty() && version != wanted);
    if let Some((_, span)) = version {
        mistakes.push((span, format!("apiVersion for {kind} should be {wanted}")));
    }
}

fn check_text(field: &str, value: Option<&Node>, mistakes: &mut Vec<(Span, String)>) {
    if let Some(value) = value {
        check_named(&format!("Kustomization.{field}"), value, mistakes);
    }
}

fn check_named(field: &str, value: &Node, mistakes: &mut Vec<(Span, String)>) {
    if !matches!(value.data, NodeData::String(_) | NodeData::Null | NodeData::Template(_)) {
        let message = format!(
            "invalid Kustomization: json: cannot unmarshal {} into Go struct field {field} of type string",
            type_name(&value.data)
        );
        mistakes.push((value.span, message));
    }
}

/// What Go's JSON calls a value.
fn type_name(data: &NodeData) -> &'static str {
    match data {
        NodeData::Bool(_) => "bool",
        NodeData::Integer(_) | NodeData::Float(_) => "number",
        NodeData::Sequence(_) => "array",
        NodeData::Mapping(_) => "object",
        NodeData::String(_) | NodeData::Template(_) | NodeData::Null => "string",
    }
}
