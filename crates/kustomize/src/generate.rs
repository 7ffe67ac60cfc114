//! `configMapGenerator` and `secretGenerator`.

mod source;

use crate::build::{Builder, Gathered, Layer};
use crate::label::put_pairs;
use crate::node::{entry_span, is_set, mapping, put, scalar_at, text};
use crate::object::{Behavior, Object};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use source::{Content, Source};

/// How many characters of base64 stand on a line.
const LINE_LENGTH: usize = 70;

/// What is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generated {
    ConfigMap,
    Secret,
}

impl Builder<'_> {
    pub(crate) fn generate(&mut self, layer: &Layer, gathered: &mut Gathered) {
        let options = layer.root.get("generatorOptions").cloned();
        for (list, kind) in
            [("configMapGenerator", Generated::ConfigMap), ("secretGenerator", Generated::Secret)]
        {
            for entry in layer.list(list) {
                if let Some(object) = self.generated(layer, &entry, kind, options.as_ref()) {
                    self.absorb(gathered, object, entry.span);
                }
            }
        }
        crate::chart::inflate(self, layer, gathered);
        crate::plugin::generators(self, layer, gathered);
    }

    /// The object that an element of a generator's list makes.
    pub(crate) fn generated(
        &mut self,
        layer: &Layer,
        entry: &Node,
        kind: Generated,
        global: Option<&Node>,
    ) -> Option<Object> {
        let Some(name) = entry.get("name").cloned() else {
            self.refuse(entry.span, "a generator needs a `name`");
            return None;
        };
        let span = entry.span;
        let mut metadata = mapping([("name", name)], span);
        if let Some(namespace) = entry.get("namespace") {
            put(&mut metadata, "namespace", Node::clone(namespace));
        }
        let own = entry.get("options");
        for (field, path) in [("labels", "labels"), ("annotations", "annotations")] {
            let mut pairs = Node::new(NodeData::Mapping(Vec::new()), span);
            for options in [global, own].into_iter().flatten() {
                if let Some(more) = options.get(field) {
                    put_pairs(&mut pairs, more);
                }
            }
            if !pairs.entries().is_empty() {
                put(&mut metadata, path, pairs);
            }
        }
        let word = if kind == Generated::Secret { "Secret" } else { "ConfigMap" };
        // What is missing in it is missing at its name.
        let named = entry.entry("name").map_or(span, entry_span);
        let header = [("apiVersion", text("v1", named)), ("kind", text(word, named)), ("metadata", metadata)];
        let mut node = mapping(header, span);
        self.put_data(layer, entry, kind, &mut node);
        let has = |field| [global, own].into_iter().flatten().any(|options| is_set(options, field));
        if has("immutable") {
            put(&mut node, "immutable", Node::new(NodeData::Bool(true), span));
        }
        let hash_from = (!has("disableNameSuffixHash")).then_some(span);
        Some(Object { hash_from, behavior: behavior(entry), ..Object::new(node, span) })
    }

    fn put_data(&mut self, layer: &Layer, entry: &Node, kind: Generated, node: &mut Node) {
        let mut data = Node::new(NodeData::Mapping(Vec::new()), entry.span);
        let mut binary = Node::new(NodeData::Mapping(Vec::new()), entry.span);
        for Source { key, content, span, from } in self.sources(layer, entry) {
            if data.get(&key).is_some() || binary.get(&key).is_some() {
                let message = format!("cannot add key '{key}', another key by that name already exists");
                self.refuse(span, message);
                continue;
            }
            let (map, value) = match (content, kind) {
                (Content::Text(value), Generated::ConfigMap) => (&mut data, NodeData::String(value.into())),
                (Content::Text(value), Generated::Secret) => {
                    (&mut data, NodeData::String(base64(value.as_bytes()).into()))
                }
                (Content::Binary(bytes), Generated::ConfigMap) => {
                    (&mut binary, NodeData::String(base64(&bytes).into()))
                }
                (Content::Binary(bytes), Generated::Secret) => {
                    (&mut data, NodeData::String(base64(&bytes).into()))
                }
                (Content::Unknown(what), _) => (&mut data, NodeData::Template(what.into())),
            };
            put(map, &key, from_file(Node { data: value, ..text("", span) }, span, from));
        }
        if kind == Generated::Secret {
            let secret_type = scalar_at(entry, &["type"]).filter(|word| !word.is_empty());
            let place = entry.get("type").map_or(entry.span, |node| node.span);
            put(node, "type", text(secret_type.unwrap_or_else(|| "Opaque".into()), place));
        }
        for (field, map) in [("data", data), ("binaryData", binary)] {
            if !map.entries().is_empty() {
                put(node, field, map);
            }
        }
    }
}

/// Bytes in base64, as kustomize writes them: longer ones in lines.
fn base64(bytes: &[u8]) -> String {
    let encoded = data_encoding::BASE64.encode(bytes);
    if encoded.len() < LINE_LENGTH {
        return encoded;
    }
    let mut lines = String::new();
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE_LENGTH));
        lines.push_str(line);
        lines.push('\n');
        rest = after;
    }
    lines
}

/// A value that a file holds is found where the kustomization names the file.
fn from_file(mut node: Node, span: Span, from: Option<Span>) -> Node {
    if let Some(from) = from {
        (node.span, node.included_at) = (from, Some(span));
    }
    node
}

fn behavior(entry: &Node) -> Behavior {
    match scalar_at(entry, &["behavior"]).as_deref() {
        Some("merge") => Behavior::Merge,
        Some("replace") => Behavior::Replace,
        _ => Behavior::Create,
    }
}
