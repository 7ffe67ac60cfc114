//! The table of `mapping.yaml`.

use proofmark_source::FileId;
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How one kind of block becomes resources. The keys are explained in `mapping.yaml`.
#[derive(Debug, Default)]
pub(crate) struct Mapping {
    pub(crate) at: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) kind: String,
    marks: Vec<String>,
    least: usize,
    /// Attribute paths and the keys that may hold their values, in order.
    pub(crate) attributes: Vec<(String, Vec<String>)>,
    pub(crate) absent: Vec<String>,
    pub(crate) replace: BTreeMap<String, BTreeMap<String, String>>,
}

/// Every mapping. A mistake in the table shows in the tests, which read it whole.
pub(crate) fn mappings() -> &'static [Mapping] {
    static MAPPINGS: OnceLock<Vec<Mapping>> = OnceLock::new();
    MAPPINGS.get_or_init(|| {
        let parsed = parse_yaml(FileId(0), include_str!("mapping.yaml"), YamlDialect::Core);
        let root = parsed.documents.into_iter().next().map(|document| document.root);
        root.as_ref().map_or(&[][..], Node::elements).iter().map(read).collect()
    })
}

impl Mapping {
    /// Whether `block` is what the mapping speaks about, and not just something of the same name.
    pub(crate) fn fits(&self, block: &Node) -> bool {
        self.marks.iter().filter(|mark| block.get(mark).is_some()).count() >= self.least
    }
}

fn read(node: &Node) -> Mapping {
    let least = match node.get("least").map(|node| &node.data) {
        Some(NodeData::Integer(least)) => usize::try_from(*least).unwrap_or(1),
        _ => 1,
    };
    let attributes = node.get("attributes").map_or(&[][..], Node::entries);
    let replace = node.get("replace").map_or(&[][..], Node::entries);
    Mapping {
        at: texts(node.get("at")),
        names: texts(node.get("names")),
        kind: text(node.get("kind")),
        marks: texts(node.get("marks")),
        least,
        attributes: attributes
            .iter()
            .map(|entry| (text(Some(&entry.key)), texts(Some(&entry.value))))
            .collect(),
        absent: texts(node.get("absent")),
        replace: replace.iter().map(|entry| (text(Some(&entry.key)), words(&entry.value))).collect(),
    }
}

fn words(node: &Node) -> BTreeMap<String, String> {
    node.entries().iter().map(|entry| (text(Some(&entry.key)), text(Some(&entry.value)))).collect()
}

fn texts(node: Option<&Node>) -> Vec<String> {
    node.map_or(&[][..], Node::elements).iter().map(|element| text(Some(element))).collect()
}

fn text(node: Option<&Node>) -> String {
    node.and_then(Node::as_str).unwrap_or("").to_owned()
}
