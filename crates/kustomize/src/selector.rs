//! Which objects a patch, a replacement or a configuration means.

mod label;

use crate::node::scalar_at;
use crate::object::{Gvk, Id, Object};
pub(crate) use label::matches_labels;
use proofmark_syntax::Node;
use regex::Regex;
use smol_str::SmolStr;

/// The target of a patch: regular expressions for all of a text, and selectors of labels. What is empty fits all.
pub(crate) struct Selector {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    labels: SmolStr,
    annotations: SmolStr,
}

/// A selector of a replacement: equal texts. What is empty fits all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exact {
    pub(crate) gvk: Gvk,
    pub(crate) name: SmolStr,
    pub(crate) namespace: SmolStr,
}

impl Selector {
    /// Reads a `target`.
    ///
    /// # Errors
    /// The expression that does not compile, with what is wrong.
    pub(crate) fn read(node: &Node) -> Result<Self, regex::Error> {
        let pattern = |key: &str| -> Result<Option<Regex>, regex::Error> {
            match scalar_at(node, &[key]).filter(|text| !text.is_empty()) {
                Some(text) => Regex::new(&format!("^(?:{text})$")).map(Some),
                None => Ok(None),
            }
        };
        Ok(Self {
            group: pattern("group")?,
            version: pattern("version")?,
            kind: pattern("kind")?,
            name: pattern("name")?,
            namespace: pattern("namespace")?,
            labels: scalar_at(node, &["labelSelector"]).unwrap_or_default(),
            annotations: scalar_at(node, &["annotationSelector"]).unwrap_or_default(),
        })
    }

    pub(crate) fn is_for(&self, object: &Object) -> bool {
        let fits = |pattern: &Option<Regex>, text: &str| {
            pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
        };
        let (first, now, gvk) = (object.first_id(), object.id(), object.gvk());
        (fits(&self.namespace, first.effective_namespace())
            || fits(&self.namespace, now.effective_namespace()))
            && (fits(&self.name, &first.name) || fits(&self.name, &now.name))
            && fits(&self.group, &gvk.group)
            && fits(&self.version, &gvk.version)
            && fits(&self.kind, &gvk.kind)
            && matches_labels(&self.labels, object.node.at_path(&["metadata", "labels"]))
            && matches_labels(&self.annotations, object.node.at_path(&["metadata", "annotations"]))
    }
}

impl Exact {
    pub(crate) fn read(node: &Node) -> Self {
        let text = |key: &str| scalar_at(node, &[key]).unwrap_or_default();
        let gvk = Gvk { group: text("group"), version: text("version"), kind: text("kind") };
        Self { gvk, name: text("name"), namespace: text("namespace") }
    }

    /// What is wanted, as an id with nothing where anything fits.
    pub(crate) fn id(&self) -> Id {
        Id {
            gvk: self.gvk.clone(),
            name: SmolStr::clone(&self.name),
            namespace: SmolStr::clone(&self.namespace),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        let Gvk { group, version, kind } = &self.gvk;
        [group, version, kind, &self.name, &self.namespace].iter().all(|text| text.is_empty())
    }

    pub(crate) fn is_for(&self, id: &Id) -> bool {
        let fits = |wanted: &SmolStr, actual: &str| wanted.is_empty() || wanted == actual;
        let namespace_fits = self.namespace.is_empty()
            || self.namespace == id.effective_namespace()
            || self.namespace == id.namespace;
        fits(&self.gvk.group, &id.gvk.group)
            && fits(&self.gvk.version, &id.gvk.version)
            && fits(&self.gvk.kind, &id.gvk.kind)
            && fits(&self.name, &id.name)
            && namespace_fits
    }

    /// Whether it means the object, by any of its names.
    pub(crate) fn is_for_object(&self, object: &Object) -> bool {
        object.is_any(|id| self.is_for(id))
    }
}
