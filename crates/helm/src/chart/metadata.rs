//! `Chart.yaml`.

use crate::values::{from_node, text_of};
use proofmark_gotemplate::{Data, Dict, Trace, Value};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What `Chart.yaml` says of a chart.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// Its name, or the alias that its parent gives it.
    pub name: SmolStr,
    /// Its version.
    pub version: SmolStr,
    /// `library` or `application`.
    pub kind: SmolStr,
    /// The range of Kubernetes' versions that it is for, with its place; empty where it is for all.
    pub kube_version: Value,
    /// The charts that it needs, in order.
    pub dependencies: Vec<Dependency>,
    /// Everything, as `.Chart` shows it.
    plain: BTreeMap<SmolStr, Value>,
}

/// A chart that another needs.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// Its name; once it is resolved, its alias.
    pub name: SmolStr,
    /// The range of versions that will do.
    pub version: SmolStr,
    /// Where it comes from; empty where it only lies under `charts/`.
    pub repository: SmolStr,
    /// The name that it gets in the chart that needs it.
    pub alias: SmolStr,
    /// Paths of values of which the first that is a truth value decides whether it is used.
    pub condition: SmolStr,
    /// Words of which one being true is enough.
    pub tags: Vec<SmolStr>,
    /// What its values hand to the parent: a name under `exports`, or a pair of paths.
    pub imports: Vec<Import>,
    /// Where it is named.
    pub span: Span,
}

/// Values that a chart hands to its parent.
#[derive(Clone, Debug)]
pub struct Import {
    /// The path in the child.
    pub child: SmolStr,
    /// The path in the parent; `.` is its top.
    pub parent: SmolStr,
}

/// The fields that `.Chart` has, with those that are lists.
const TEXT_FIELDS: [(&str, &str); 12] = [
    ("APIVersion", "apiVersion"),
    ("AppVersion", "appVersion"),
    ("Condition", "condition"),
    ("Description", "description"),
    ("Home", "home"),
    ("Icon", "icon"),
    ("KubeVersion", "kubeVersion"),
    ("Name", "name"),
    ("Tags", "tags"),
    ("Type", "type"),
    ("Version", "version"),
    ("Engine", "engine"),
];

impl Metadata {
    /// Reads a `Chart.yaml`; what is missing stays empty.
    pub(crate) fn read(root: &Node) -> Self {
        let text = |name: &str| root.get(name).map(text_of).unwrap_or_default();
        Self {
            name: text("name"),
            version: text("version"),
            kind: text("type"),
            kube_version: root.get("kubeVersion").map(from_node).unwrap_or_default(),
            dependencies: root.get("dependencies").map(dependencies).unwrap_or_default(),
            plain: plain(root),
        }
    }

    /// `.Chart`, as templates see it.
    pub(crate) fn value(&self, is_root: bool) -> Value {
        let mut entries = self.plain.clone();
        entries.insert("IsRoot".into(), is_root.into());
        if entries.get("Name").and_then(Value::as_str) != Some(self.name.as_str()) {
            entries.insert("Name".into(), Value::text(self.name.as_str()));
        }
        let listed = self.dependencies.iter().map(Dependency::value).collect();
        entries.insert("Dependencies".into(), Value::list(listed));
        Data::Dict(Dict::new(entries)).into()
    }
}

fn plain(root: &Node) -> BTreeMap<SmolStr, Value> {
    let mut entries = BTreeMap::new();
    for (field, key) in TEXT_FIELDS {
        let value = match root.get(key) {
            Some(node) => Value { data: Value::text(text_of(node).as_str()).data, ..from_node(node) },
            None => Value::text(""),
        };
        if field != "Engine" {
            entries.insert(SmolStr::new_static(field), value);
        }
    }
    let list = |key: &str| root.get(key).map_or_else(|| Value::list(Vec::new()), from_node);
    entries.insert("Keywords".into(), list("keywords"));
    entries.insert("Sources".into(), list("sources"));
    entries.insert("Maintainers".into(), maintainers(root));
    entries.insert("Deprecated".into(), root.get("deprecated").map_or_else(|| false.into(), from_node));
    entries.insert("Annotations".into(), root.get("annotations").map_or_else(Value::nil, from_node));
    entries
}

fn maintainers(root: &Node) -> Value {
    let person = |node: &Node| {
        let field = |name: &str, key: &str| {
            (SmolStr::new(name), node.get(key).map_or_else(|| Value::text(""), from_node))
        };
        Value::dict(BTreeMap::from([field("Name", "name"), field("Email", "email"), field("URL", "url")]))
    };
    Value::list(root.get("maintainers").map(Node::elements).unwrap_or(&[]).iter().map(person).collect())
}

/// The entries of a `dependencies` list.
pub(crate) fn dependencies(list: &Node) -> Vec<Dependency> {
    list.elements().iter().filter(|element| !element.entries().is_empty()).map(dependency).collect()
}

fn dependency(node: &Node) -> Dependency {
    let text = |name: &str| node.get(name).map(text_of).unwrap_or_default();
    let elements = |name: &str| node.get(name).map(Node::elements).unwrap_or(&[]);
    Dependency {
        name: text("name"),
        version: text("version"),
        repository: text("repository"),
        alias: text("alias"),
        condition: text("condition"),
        tags: elements("tags").iter().map(text_of).collect(),
        imports: elements("import-values").iter().map(import).collect(),
        span: node.span,
    }
}

fn import(node: &Node) -> Import {
    let text = |name: &str| node.get(name).map(text_of).unwrap_or_default();
    match &node.data {
        NodeData::Mapping(_) => Import { child: text("child"), parent: text("parent") },
        _ => Import { child: smol_str::format_smolstr!("exports.{}", text_of(node)), parent: ".".into() },
    }
}

impl Dependency {
    /// Whether it comes from no repository of charts: it lies in the chart, or in a folder beside it.
    pub(crate) fn is_local(&self) -> bool {
        self.repository.is_empty() || self.repository.starts_with("file://")
    }

    fn value(&self) -> Value {
        let text = |name: &str, text: &SmolStr| (SmolStr::new(name), Value::text(text.as_str()));
        let tags = self.tags.iter().map(|tag| Value::text(tag.as_str())).collect();
        Value::dict(BTreeMap::from([
            text("Name", &self.name),
            text("Version", &self.version),
            text("Alias", &self.alias),
            text("Condition", &self.condition),
            (SmolStr::new_static("Tags"), Value::list(tags)),
            (SmolStr::new_static("Enabled"), Value::new(Data::Bool(true), Trace::NONE)),
        ]))
    }
}
