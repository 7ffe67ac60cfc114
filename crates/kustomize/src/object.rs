//! Objects on their way through an overlay.

use crate::node::{scalar_at, transformed};
use crate::tables::is_cluster_kind;
use proofmark_model::Comment;
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use smol_str::{SmolStr, format_smolstr};
use std::fmt;

/// Group, version and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gvk {
    pub(crate) group: SmolStr,
    pub(crate) version: SmolStr,
    pub(crate) kind: SmolStr,
}

/// What tells an object from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Id {
    pub(crate) gvk: Gvk,
    pub(crate) name: SmolStr,
    pub(crate) namespace: SmolStr,
}

/// What a generator does with an object that exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Behavior {
    #[default]
    Create,
    Merge,
    Replace,
}

/// One Kubernetes object, as far as it has been transformed.
#[derive(Clone, Debug)]
pub struct Object {
    /// The manifest. Each node has the place where it was written; where a patch or a field of a kustomization changed it,
    /// [`Node::included_at`] is the place to show and `span` the place before.
    pub node: Node,
    /// Where the object begins its way: its document in a base, or what generates it.
    pub home: Span,
    /// The comments inside it and above it, in its own file.
    pub comments: Vec<Comment>,
    /// What it was called before each change of its name, oldest first.
    pub(crate) earlier: Vec<Id>,
    pub(crate) prefixes: Vec<SmolStr>,
    pub(crate) suffixes: Vec<SmolStr>,
    /// The generator whose entry wants a hash behind the name.
    pub(crate) hash_from: Option<Span>,
    pub(crate) behavior: Behavior,
    /// Whether a patch deleted it.
    pub(crate) is_deleted: bool,
}

impl Gvk {
    /// Group and version of an `apiVersion`, and a kind.
    pub(crate) fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    pub(crate) fn of(node: &Node) -> Self {
        let text = |key| scalar_at(node, &[key]).unwrap_or_default();
        Self::new(&text("apiVersion"), &text("kind"))
    }

    pub(crate) fn api_version(&self) -> SmolStr {
        if self.group.is_empty() {
            SmolStr::clone(&self.version)
        } else {
            format_smolstr!("{}/{}", self.group, self.version)
        }
    }

    pub(crate) fn is_cluster_scoped(&self) -> bool {
        is_cluster_kind(&self.api_version(), &self.kind)
    }
}

impl fmt::Display for Gvk {
    /// As kustomize prints it: `Deployment.v1.apps`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or =
            |text: &SmolStr, other: &str| if text.is_empty() { other.into() } else { SmolStr::clone(text) };
        let (kind, version) = (or(&self.kind, "[noKind]"), or(&self.version, "[noVer]"));
        write!(formatter, "{kind}.{version}.{}", or(&self.group, "[noGrp]"))
    }
}

impl Id {
    /// The namespace that the object really has.
    pub(crate) fn effective_namespace(&self) -> &str {
        if self.gvk.is_cluster_scoped() {
            "_non_namespaceable_"
        } else if self.namespace.is_empty() {
            "default"
        } else {
            &self.namespace
        }
    }

    /// A text that equal ids share.
    pub(crate) fn key(&self) -> String {
        format!("{}/{}/{}", self.gvk, self.effective_namespace(), self.name)
    }

    pub(crate) fn is_same(&self, other: &Id) -> bool {
        self.gvk == other.gvk
            && self.name == other.name
            && self.effective_namespace() == other.effective_namespace()
    }
}

impl fmt::Display for Id {
    /// As kustomize prints it: `Deployment.v1.apps/web.prod`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.name.is_empty() { "[noName]" } else { &self.name };
        let namespace = if self.namespace.is_empty() { "[noNs]" } else { &self.namespace };
        write!(formatter, "{}/{name}.{namespace}", self.gvk)
    }
}

impl Object {
    pub(crate) fn new(node: Node, home: Span) -> Self {
        Self {
            node,
            home,
            comments: Vec::new(),
            earlier: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            hash_from: None,
            behavior: Behavior::Create,
            is_deleted: false,
        }
    }

    /// The name it has now, or nothing.
    #[must_use]
    pub fn name(&self) -> SmolStr {
        scalar_at(&self.node, &["metadata", "name"]).unwrap_or_default()
    }

    /// The namespace it has now, or nothing.
    #[must_use]
    pub fn namespace(&self) -> SmolStr {
        scalar_at(&self.node, &["metadata", "namespace"]).unwrap_or_default()
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> SmolStr {
        scalar_at(&self.node, &["kind"]).unwrap_or_default()
    }

    pub(crate) fn gvk(&self) -> Gvk {
        Gvk::of(&self.node)
    }

    pub(crate) fn id(&self) -> Id {
        Id { gvk: self.gvk(), name: self.name(), namespace: self.namespace() }
    }

    /// What it was called in the beginning.
    pub(crate) fn first_id(&self) -> Id {
        self.earlier.first().cloned().unwrap_or_else(|| self.id())
    }

    /// Remembers what it is called, before that changes.
    pub(crate) fn remember(&mut self) {
        self.earlier.push(self.id());
    }

    /// Whether it is, or was, called so.
    pub(crate) fn is_any(&self, is_wanted: impl Fn(&Id) -> bool) -> bool {
        self.earlier.iter().any(&is_wanted) || is_wanted(&self.id())
    }

    /// Gives it another name, because of what stands at `by`.
    pub(crate) fn rename(&mut self, name: &str, by: Span) {
        if let Some(node) = self.node_at_mut(&["metadata", "name"]) {
            *node = transformed(node, NodeData::String(name.into()), by);
        }
    }

    pub(crate) fn node_at_mut(&mut self, path: &[&str]) -> Option<&mut Node> {
        path.iter().try_fold(&mut self.node, |node, key| crate::node::get_mut(node, key))
    }
}
