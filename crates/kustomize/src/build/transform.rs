//! What a kustomization changes, in kustomize's order.

use super::{Builder, Gathered, Layer};
use crate::node::{scalar, scalar_at};
use crate::rename::{Affix, End, NamespaceChange, Subjects, affix, set_namespace};
use crate::{image, label, patch, replacement};
use proofmark_source::Span;
use proofmark_syntax::Node;

impl Builder<'_> {
    pub(super) fn transform(&mut self, layer: &Layer, gathered: &mut Gathered) {
        let fields = gathered.fields.with_built_in();
        let objects = &mut gathered.objects;
        patch::apply_legacy_merges(self, layer, objects);
        for one in layer.list("patches") {
            patch::apply(self, layer, &one, objects);
        }
        objects.retain(|object| !object.is_deleted);
        if let Some((name, by)) = text_field(layer, "namespace").filter(|(name, _)| !name.is_empty()) {
            let subjects = Subjects::Default;
            let change =
                NamespaceChange { name: &name, by, fields: &fields.namespace, subjects, unset_only: false };
            set_namespace(objects, &change);
            self.tell_conflicts(objects, by);
        }
        let whole = layer.root.span;
        let (prefix, by) = text_field(layer, "namePrefix").unwrap_or((String::new(), whole));
        affix(objects, &Affix { end: End::Prefix, text: &prefix, by }, &fields.name_prefix);
        let (suffix, by) = text_field(layer, "nameSuffix").unwrap_or((String::new(), whole));
        affix(objects, &Affix { end: End::Suffix, text: &suffix, by }, &fields.name_suffix);
        if let Some(labels) = layer.root.get("labels") {
            label::set_labels(objects, labels, &fields);
        }
        if let Some(pairs) = layer.root.get("commonLabels") {
            label::set_pairs(objects, pairs, &fields.labels);
        }
        if let Some(pairs) = layer.root.get("commonAnnotations") {
            label::set_pairs(objects, pairs, &fields.annotations);
        }
        for one in layer.list("patchesJson6902") {
            patch::apply(self, layer, &one, objects);
        }
        for replica in layer.list("replicas") {
            self.replicas(objects, &replica, &fields.replicas);
        }
        for list in ["images", "imageTags"] {
            for one in layer.list(list) {
                self.images(objects, &one, &fields.images);
            }
        }
        for one in layer.list("replacements") {
            replacement::apply_entry(self, layer, &one, objects);
        }
        for field in ["transformers", "validators"] {
            crate::plugin::transformers(self, layer, field, gathered);
        }
    }

    pub(crate) fn replicas(
        &mut self,
        objects: &mut [crate::Object],
        replica: &Node,
        fields: &[crate::tables::FieldSpec],
    ) {
        if !image::set_replicas(objects, replica, fields) {
            let name = scalar_at(replica, &["name"]).unwrap_or_default();
            let kinds: Vec<String> = fields.iter().map(|field| field.kind.to_string()).collect();
            let message = format!(
                "resource with name {name} does not match a config with the following GVK [{}]",
                kinds.join(" ")
            );
            self.refuse(replica.span, message);
        }
    }

    pub(crate) fn images(
        &mut self,
        objects: &mut [crate::Object],
        one: &Node,
        fields: &[crate::tables::FieldSpec],
    ) {
        match image::ImageChange::read(one) {
            Ok(change) => image::set_images(objects, &change, fields),
            Err(_) => self.refuse(one.span, "the name of an image is no regular expression"),
        }
    }

    /// Tells objects that one namespace made the same.
    pub(crate) fn tell_conflicts(&mut self, objects: &[crate::Object], by: Span) {
        let ids: Vec<_> = objects.iter().map(crate::Object::id).collect();
        let mut seen = std::collections::BTreeSet::new();
        for id in ids.iter().filter(|id| !id.name.is_empty()) {
            if !seen.insert(id.key()) {
                self.refuse(by, format!("namespace transformation produces ID conflict: {id}"));
            }
        }
    }
}

/// The text of a field, and the field's place.
fn text_field(layer: &Layer, field: &str) -> Option<(String, Span)> {
    let entry = layer.root.entry(field)?;
    Some((scalar(&entry.value)?.to_string(), entry.key.span.join(entry.value.span)))
}
