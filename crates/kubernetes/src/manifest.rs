//! From a manifest to resources.

use proofmark_model::{
    Address, AsWritten, Attribute, Comment, Data, Kind, Provenance, Resource, SmolStr, UnitModel, Value,
    pod_view,
};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span};
use proofmark_syntax::{
    Document, Entry, Node, NodeData, Parsed, Style, YamlDialect, parse_json, parse_yaml, parse_yaml_template,
};
use std::ops::Range;

const NO_KIND: Code = Code("kubernetes-no-kind");

/// Reads the objects of one file into the unit. What a template language fills in is read around its expressions.
pub fn read_manifest(path: &str, file: FileId, text: &str, model: &mut UnitModel) {
    let parsed = parse(path, file, text);
    File { text, comments: &parsed.comments, provenance: &AsWritten, extent: None }.documents(&parsed, model);
    model.diagnostics.extend(parsed.diagnostics);
}

/// Reads the objects of a manifest that another reader rendered into the unit: `parsed` is the tree of `text`, `provenance`
/// knows where its bytes came from, and `extent` is the part of a file that stands for all of it.
pub fn read_rendered(
    parsed: &Parsed,
    text: &str,
    (provenance, extent): (&dyn Provenance, Span),
    model: &mut UnitModel,
) {
    File { text, comments: &parsed.comments, provenance, extent: Some(extent) }.documents(parsed, model);
}

/// The resource that an object is which another reader put together from nodes of several files; none for what has no
/// kind. `extent` is the part of a file that stands for all of it.
#[must_use]
pub fn read_object(root: &Node, comments: Vec<Comment>, extent: Span) -> Option<Resource> {
    let kind = root.get("kind").and_then(Node::as_str)?;
    let file = File { text: "", comments: &[], provenance: &AsWritten, extent: Some(extent) };
    Some(Resource { comments, ..file.resource(kind, root, 0..0) })
}

/// Parses a manifest; where it only makes sense as a template, around the template's actions.
fn parse(path: &str, file: FileId, text: &str) -> Parsed {
    if path.ends_with(".json") {
        return parse_json(file, text);
    }
    let mut parsed = parse_yaml(file, text, YamlDialect::Kubernetes);
    if !text.contains("{{") {
        return parsed;
    }
    let is_broken = parsed.documents.is_empty() || parsed.documents.iter().any(|one| one.broken_at.is_some());
    if is_broken || parsed.documents.iter().any(|one| has_action_key(&one.root, text)) {
        return parse_yaml_template(file, text, YamlDialect::Kubernetes);
    }
    for document in &mut parsed.documents {
        hide_actions(&mut document.root);
    }
    parsed
}

/// Whether YAML took an action for a mapping: `name: {{ .name }}` is one whose key is another.
fn has_action_key(node: &Node, text: &str) -> bool {
    let is_action =
        |key: &Node| matches!(key.data, NodeData::Mapping(_)) && key.span.slice(text).starts_with('{');
    node.elements().iter().any(|element| has_action_key(element, text))
        || node.entries().iter().any(|entry| is_action(&entry.key) || has_action_key(&entry.value, text))
}

/// Texts such as `"{{ inputs.parameters.image }}"` are filled in later; blocks of text may be templates of another
/// program and stay.
fn hide_actions(node: &mut Node) {
    match &mut node.data {
        NodeData::String(value) if node.style != Style::Block => {
            let is_action = value.split_once("{{").is_some_and(|(_, rest)| rest.contains("}}"));
            if is_action {
                node.data = NodeData::Template(SmolStr::clone(value));
            }
        }
        NodeData::Sequence(elements) => elements.iter_mut().for_each(hide_actions),
        NodeData::Mapping(entries) => entries.iter_mut().for_each(|entry| hide_actions(&mut entry.value)),
        _ => {}
    }
}

/// What the objects of one file share.
struct File<'t> {
    text: &'t str,
    comments: &'t [proofmark_syntax::Comment],
    provenance: &'t dyn Provenance,
    /// What stands for the whole text, where it was computed.
    extent: Option<Span>,
}

impl File<'_> {
    fn documents(&self, parsed: &Parsed, model: &mut UnitModel) {
        for (index, document) in parsed.documents.iter().enumerate() {
            let start = if index == 0 { 0 } else { document.span.start };
            let end = parsed.documents.get(index + 1).map_or(u32::MAX, |next| next.span.start);
            self.document(document, start..end, model);
        }
    }

    /// The place of a node in a file.
    fn place(&self, span: Span) -> Span {
        self.provenance.origin(span).span
    }

    /// Reads one document, whose comments lie in `region`.
    fn document(&self, document: &Document, region: Range<u32>, model: &mut UnitModel) {
        let root = &document.root;
        if root.data == NodeData::Null {
            return;
        }
        let kind = root.get("kind").and_then(Node::as_str);
        match (kind, root.get("items")) {
            (Some(kind), Some(items)) if kind.ends_with("List") => self.items(kind, items, region, model),
            (Some(kind), _) => model.resources.push(self.resource(kind, root, region)),
            (None, _) => {
                let message = "this document has no `kind`; it is not read";
                model.diagnostics.push(Diagnostic::new(
                    NO_KIND,
                    Impact::Partial,
                    self.place(document.span),
                    message,
                ));
            }
        }
    }

    /// Reads the objects of a list, such as `List` or `RoleList`.
    fn items(&self, list_kind: &str, items: &Node, region: Range<u32>, model: &mut UnitModel) {
        let mut start = region.start;
        let elements = items.elements();
        for (index, item) in elements.iter().enumerate() {
            let is_last = index + 1 == elements.len();
            let end = if is_last { region.end } else { self.line_end(item.span.end) };
            // The elements of a typed list need not repeat their kind.
            let of_list = list_kind.strip_suffix("List").filter(|kind| !kind.is_empty());
            match item.get("kind").and_then(Node::as_str).or(of_list).filter(|_| !item.entries().is_empty()) {
                Some(kind) => model.resources.push(self.resource(kind, item, start..end)),
                None => {
                    let message = "this element of a list has no `kind`; it is not read";
                    model.diagnostics.push(Diagnostic::new(
                        NO_KIND,
                        Impact::Partial,
                        self.place(item.span),
                        message,
                    ));
                }
            }
            start = end;
        }
    }

    fn line_end(&self, offset: u32) -> u32 {
        let rest = self.text.get(offset as usize..).unwrap_or("");
        let length = rest.find('\n').unwrap_or(rest.len());
        offset.saturating_add(u32::try_from(length).unwrap_or(u32::MAX))
    }

    fn resource(&self, kind: &str, root: &Node, region: Range<u32>) -> Resource {
        let entry = root.entry("kind").or_else(|| root.entries().first());
        let header = entry.map_or(root.span, |entry| entry.key.span.join(entry.value.span));
        let kind_name = kind;
        let kind = Kind(SmolStr::new(kind));
        let attributes = Value::from_rendered(root, header, self.provenance);
        let attributes = if kind_name == "Secret" { with_hidden_data(&attributes) } else { attributes };
        Resource {
            header: self.place(header),
            pod: pod_view(&kind, &attributes).cloned(),
            comments: self.comments_in(region),
            ..Resource::new(address(kind_name, root), kind, self.extent.unwrap_or(root.span), attributes)
        }
    }

    fn comments_in(&self, region: Range<u32>) -> Vec<Comment> {
        let first = self.comments.partition_point(|comment| comment.span.start < region.start);
        let rest = self.comments.get(first..).unwrap_or(&[]);
        rest.iter()
            .take_while(|comment| comment.span.start < region.end)
            .map(|comment| Comment { text: SmolStr::clone(&comment.text), span: self.place(comment.span) })
            .collect()
    }
}

/// `Kind.namespace.name`; a generated name is its prefix, and objects without any are told apart by their labels.
fn address(kind: &str, root: &Node) -> Address {
    let metadata =
        |key: &str| root.at_path(&["metadata", key]).and_then(scalar_text).filter(|text| !text.is_empty());
    let namespace = metadata("namespace").unwrap_or_else(|| SmolStr::new_static("default"));
    let name = metadata("name").or_else(|| metadata("generateName"));
    let name = name.or_else(|| label_text(root)).unwrap_or_else(|| SmolStr::new_static("(unnamed)"));
    Address(SmolStr::new(format!("{kind}.{namespace}.{name}")))
}

/// The labels of an object, sorted, such as `app-web.tier-front`.
fn label_text(root: &Node) -> Option<SmolStr> {
    let entries = root.at_path(&["metadata", "labels"])?.entries();
    let label = |entry: &Entry| Some(format!("{}-{}", scalar_text(&entry.key)?, scalar_text(&entry.value)?));
    let mut labels: Vec<String> = entries.iter().filter_map(label).collect();
    labels.sort();
    (!labels.is_empty()).then(|| SmolStr::new(labels.join(".")))
}

fn scalar_text(node: &Node) -> Option<SmolStr> {
    match &node.data {
        NodeData::String(text) | NodeData::Template(text) => Some(SmolStr::clone(text)),
        NodeData::Integer(value) => Some(SmolStr::new(value.to_string())),
        NodeData::Bool(value) => Some(SmolStr::new(value.to_string())),
        NodeData::Float(value) => Some(SmolStr::new(value.to_string())),
        NodeData::Null | NodeData::Sequence(_) | NodeData::Mapping(_) => None,
    }
}

/// A secret whose contents never show.
fn with_hidden_data(secret: &Value) -> Value {
    change_values(secret, |entry| match entry.name.as_str() {
        "data" | "stringData" => change_values(&entry.value, |inner| hidden(&inner.value)),
        _ => Value::clone(&entry.value),
    })
}

fn hidden(value: &Value) -> Value {
    Value { is_sensitive: true, ..Value::clone(value) }
}

/// A map with each value replaced; anything else as it is.
fn change_values(value: &Value, change: impl FnMut(&Attribute) -> Value) -> Value {
    match &value.data {
        Data::Map(map) => value.with_data(Data::Map(map.with_values(change).into())),
        _ => Value::clone(value),
    }
}
