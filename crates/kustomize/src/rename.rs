//! Names and namespaces: `namePrefix`, `nameSuffix`, `namespace`.

use crate::field::{Missing, change_field};
use crate::node::{elements_mut, put, replaced, scalar, scalar_at, text, transformed};
use crate::object::{Gvk, Object};
use crate::tables::FieldSpec;
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;

/// Which end of a name changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Prefix,
    Suffix,
}

/// What is added to an end of names.
pub(crate) struct Affix<'n> {
    pub(crate) end: End,
    pub(crate) text: &'n str,
    /// Where that stands.
    pub(crate) by: Span,
}

/// Which subjects of role bindings a namespace is set on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subjects {
    /// Those called `default`.
    #[default]
    Default,
    /// All service accounts.
    ServiceAccounts,
    None,
}

/// What `namespace` asks for.
pub(crate) struct NamespaceChange<'n> {
    pub(crate) name: &'n str,
    /// Where that stands, with its key.
    pub(crate) by: Span,
    pub(crate) fields: &'n [FieldSpec],
    pub(crate) subjects: Subjects,
    /// Whether namespaces that are set already stay.
    pub(crate) unset_only: bool,
}

/// Adds a text to names.
pub(crate) fn affix(objects: &mut [Object], affix: &Affix<'_>, fields: &[FieldSpec]) {
    let Affix { end, text: affix, by } = *affix;
    for object in objects.iter_mut() {
        let gvk = object.first_id().gvk;
        if keeps_name(&gvk) {
            continue;
        }
        for field in fields.iter().filter(|field| field.is_for(&gvk)) {
            if field.path == ["metadata", "name"] {
                let known = match end {
                    End::Prefix => &mut object.prefixes,
                    End::Suffix => &mut object.suffixes,
                };
                known.push(affix.into());
                if affix.is_empty() {
                    continue;
                }
                object.remember();
            }
            let missing = Missing { data: NodeData::String(SmolStr::default()), span: by };
            change_field(&mut object.node, field, &missing, &mut |node| {
                let Some(name) = scalar(node) else { return };
                let name = match end {
                    End::Prefix => format!("{affix}{name}"),
                    End::Suffix => format!("{name}{affix}"),
                };
                *node = transformed(node, NodeData::String(name.into()), by);
            });
        }
    }
}

/// Kinds whose names are not theirs to change.
fn keeps_name(gvk: &Gvk) -> bool {
    match gvk.kind.as_str() {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => gvk.group == "apiregistration.k8s.io",
        _ => false,
    }
}

/// Sets the namespace of objects, and where else it belongs.
pub(crate) fn set_namespace(objects: &mut [Object], change: &NamespaceChange<'_>) {
    for object in objects.iter_mut() {
        object.remember();
        let gvk = object.gvk();
        if !gvk.is_cluster_scoped() {
            let field = FieldSpec { creates: true, ..FieldSpec::new("metadata/namespace") };
            set_in(&mut object.node, &field, change);
        }
        let is_binding = matches!(gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if is_binding {
            set_in_subjects(&mut object.node, change);
        }
        for field in change.fields.iter().filter(|field| field.is_for(&gvk)) {
            let is_done = field.path == ["metadata", "namespace"] || is_binding && field.path == ["subjects"];
            if !is_done {
                set_in(&mut object.node, field, change);
            }
        }
    }
}

fn set_in(node: &mut Node, field: &FieldSpec, change: &NamespaceChange<'_>) {
    let missing = Missing { data: NodeData::String(SmolStr::default()), span: change.by };
    change_field(node, field, &missing, &mut |node| set_one(node, change));
}

fn set_one(node: &mut Node, change: &NamespaceChange<'_>) {
    let old = scalar(node).unwrap_or_default();
    if old == change.name || change.unset_only && !old.is_empty() {
        return;
    }
    *node = match old.is_empty() {
        true => text(change.name, change.by),
        false => replaced(Node::new(NodeData::String(change.name.into()), change.by), node),
    };
}

fn set_in_subjects(node: &mut Node, change: &NamespaceChange<'_>) {
    let Some(subjects) = crate::node::get_mut(node, "subjects").and_then(elements_mut) else { return };
    for subject in subjects {
        let is_meant = match change.subjects {
            Subjects::Default => scalar_at(subject, &["name"]).is_some_and(|name| name == "default"),
            Subjects::ServiceAccounts => {
                scalar_at(subject, &["kind"]).is_some_and(|kind| kind == "ServiceAccount")
            }
            Subjects::None => false,
        };
        if is_meant {
            match crate::node::get_mut(subject, "namespace") {
                Some(namespace) => set_one(namespace, change),
                None => put(subject, "namespace", text(change.name, change.by)),
            }
        }
    }
}
