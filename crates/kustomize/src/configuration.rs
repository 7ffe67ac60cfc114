//! `configurations` and `crds`: further fields that transformers change.

use crate::build::{Builder, Layer};
use crate::label::read_field;
use crate::node::{scalar, scalar_at};
use crate::tables::{FieldSpec, Fields, Referred};
use proofmark_syntax::{Node, YamlDialect};
use smol_str::SmolStr;

/// What a layer's own configuration files say.
pub(crate) fn read(builder: &mut Builder<'_>, layer: &Layer) -> Fields {
    let mut fields = Fields::default();
    for (list, read) in [
        ("configurations", read_configuration as fn(&Node) -> Fields),
        ("crds", read_definitions as fn(&Node) -> Fields),
    ] {
        for node in layer.list(list) {
            let Some(path) = scalar(&node) else { continue };
            let Some(file) = builder.find_file(layer, &path, node.span) else { continue };
            let parsed = builder.parse_file(file, YamlDialect::Kubernetes);
            for document in parsed.into_iter().flat_map(|parsed| parsed.documents) {
                fields.merge(&read(&document.root));
            }
        }
    }
    fields
}

fn read_configuration(root: &Node) -> Fields {
    let list = |key: &str| -> Vec<FieldSpec> {
        root.get(key).map_or(&[][..], Node::elements).iter().map(read_field).collect()
    };
    let referred = root.get("nameReference").map_or(&[][..], Node::elements).iter().map(read_referred);
    Fields {
        namespace: list("namespace"),
        replicas: list("replicas"),
        images: list("images"),
        annotations: list("commonAnnotations"),
        labels: list("commonLabels"),
        template_labels: list("templateLabels"),
        vars: list("varReference"),
        name_prefix: list("namePrefix"),
        name_suffix: list("nameSuffix"),
        referred: referred.collect(),
    }
}

fn read_referred(node: &Node) -> Referred {
    let word = |key: &str| scalar_at(node, &[key]).unwrap_or_default();
    let from = node.get("fieldSpecs").map_or(&[][..], Node::elements).iter().map(read_field).collect();
    Referred { kind: word("kind"), group: word("group"), version: word("version"), from }
}

/// Reads definitions of an OpenAPI document, which mark fields that name other objects.
fn read_definitions(root: &Node) -> Fields {
    let mut fields = Fields::default();
    for entry in root.entries() {
        let schema = entry.value.get("Schema").or_else(|| entry.value.get("schema")).unwrap_or(&entry.value);
        let has_header = ["apiVersion", "kind", "metadata"]
            .iter()
            .all(|key| schema.at_path(&["properties", key]).is_some());
        let kind = entry.key.as_str().and_then(|name| name.rsplit('.').next()).filter(|_| has_header);
        if let Some(kind) = kind {
            let mut walk = Walk { root, kind, fields: &mut fields };
            walk.properties(schema, "", 0);
        }
    }
    fields
}

/// How deep definitions are followed; they may refer to one another in a circle.
const MAX_DEPTH: usize = 12;

struct Walk<'d> {
    root: &'d Node,
    kind: &'d str,
    fields: &'d mut Fields,
}

impl Walk<'_> {
    fn properties(&mut self, schema: &Node, path: &str, depth: usize) {
        let properties = schema.get("properties").map_or(&[][..], Node::entries);
        for property in properties.iter().filter(|_| depth < MAX_DEPTH) {
            let Some(name) = property.key.as_str() else { continue };
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            self.marks(&property.value, &path);
            let own = property.value.get("items").unwrap_or(&property.value);
            let reference =
                own.get("$ref").and_then(Node::as_str).and_then(|path| path.rsplit("definitions/").next());
            let next = reference.and_then(|name| self.root.get(name)).unwrap_or(own);
            let next = next.get("Schema").or_else(|| next.get("schema")).unwrap_or(next);
            self.properties(next, &path, depth + 1);
        }
    }

    /// What the extensions of a property say about it.
    fn marks(&mut self, property: &Node, path: &str) {
        let field = FieldSpec { kind: self.kind.into(), ..FieldSpec::new(path) };
        let has = |key: &str| property.get(key).is_some();
        if has("x-kubernetes-annotation") {
            self.fields.annotations.push(field.clone());
        }
        if has("x-kubernetes-label-selector") {
            self.fields.labels.push(field.clone());
        }
        if has("x-kubernetes-identity") {
            self.fields.name_prefix.push(field);
        }
        let version = scalar_at(property, &["x-kubernetes-object-ref-api-version"]);
        let kind = scalar_at(property, &["x-kubernetes-object-ref-kind"]);
        if let (Some(version), Some(kind)) = (version, kind) {
            let key = scalar_at(property, &["x-kubernetes-object-ref-name-key"]);
            let key = key.unwrap_or_else(|| SmolStr::new_static("name"));
            let (group, version) = version.split_once('/').unwrap_or(("", &version));
            let from = vec![FieldSpec { kind: self.kind.into(), ..FieldSpec::new(&format!("{path}/{key}")) }];
            let other = Referred { kind, group: group.into(), version: version.into(), from };
            self.fields.merge(&Fields { referred: vec![other], ..Fields::default() });
        }
    }
}
