//! `openapi`: merge keys of the overlay's own.

use super::{Builder, Layer};
use crate::node::{scalar, scalar_at};
use crate::tables::{MergeField, Schema};
use proofmark_syntax::{Node, YamlDialect};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::BTreeMap;

impl Builder<'_> {
    /// Takes the schema that a layer names in the place of the one that kustomize has.
    pub(super) fn use_schema(&mut self, layer: &Layer) {
        let Some(path) = layer.root.at_path(&["openapi", "path"]) else { return };
        let Some(file) = scalar(path).and_then(|text| self.find_file(layer, &text, path.span)) else {
            return;
        };
        let Some(parsed) = self.parse_file(file, YamlDialect::Kubernetes) else { return };
        if let Some(document) = parsed.documents.first() {
            self.schema = Cow::Owned(read_schema(&document.root));
        }
    }
}

/// The merge keys of an OpenAPI document.
fn read_schema(root: &Node) -> Schema {
    let mut schema = Schema::default();
    for definition in root.get("definitions").map_or(&[][..], Node::entries) {
        let Some(name) = definition.key.as_str() else { continue };
        let marks = definition.value.get("x-kubernetes-group-version-kind");
        for mark in marks.map_or(&[][..], Node::elements) {
            let word = |key: &str| scalar_at(mark, &[key]).unwrap_or_default();
            let (group, version) = (word("group"), word("version"));
            let version = if group.is_empty() { version } else { format!("{group}/{version}").into() };
            schema.kinds.insert((version, word("kind")), name.into());
        }
        let properties = definition.value.get("properties").map_or(&[][..], Node::entries);
        let fields: BTreeMap<SmolStr, MergeField> = properties
            .iter()
            .filter_map(|property| Some((SmolStr::new(property.key.as_str()?), read_field(&property.value))))
            .collect();
        schema.types.insert(name.into(), fields);
    }
    schema
}

fn read_field(property: &Node) -> MergeField {
    let reference = |node: &Node| -> Option<SmolStr> {
        node.get("$ref")?.as_str()?.rsplit('/').next().map(SmolStr::from)
    };
    let inner = reference(property).or_else(|| reference(property.get("items")?)).unwrap_or_default();
    let strategy = scalar_at(property, &["x-kubernetes-patch-strategy"]).unwrap_or_default();
    if !strategy.split(',').any(|word| word == "merge") {
        return MergeField { inner, keys: None };
    }
    let listed = property.get("x-kubernetes-list-map-keys").map_or(&[][..], Node::elements);
    let mut keys: Vec<SmolStr> = listed.iter().filter_map(scalar).collect();
    if keys.is_empty() {
        keys.extend(scalar_at(property, &["x-kubernetes-patch-merge-key"]));
    }
    MergeField { inner, keys: Some(keys) }
}
