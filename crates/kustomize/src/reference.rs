//! Names inside objects that mean other objects, after those have got new names.

use crate::field::{Missing, change_field};
use crate::node::{get_mut, place, put, scalar, scalar_at, transformed};
use crate::object::{Gvk, Id, Object};
use crate::tables::{FieldSpec, Referred};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// What may be meant by a name: an object, as far as that counts.
struct Candidate {
    earlier: Vec<Id>,
    now: Id,
    prefixes: Vec<SmolStr>,
    suffixes: Vec<SmolStr>,
    /// What changed its name.
    by: Span,
}

/// The object that names others.
struct Referrer {
    now: Id,
    prefixes: Vec<SmolStr>,
    suffixes: Vec<SmolStr>,
    /// Namespaces of the subjects of a role binding.
    subject_namespaces: BTreeSet<SmolStr>,
    role: Option<Gvk>,
}

/// Changes names in the fields that mean other objects. Answers with what could not be decided.
pub(crate) fn fix_references(objects: &mut [Object], referred: &[Referred]) -> Vec<(Span, String)> {
    let candidates: Vec<Candidate> =
        objects.iter().filter(|object| !object.earlier.is_empty()).map(Candidate::of).collect();
    let mut by_name: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
    for candidate in &candidates {
        let names: BTreeSet<&str> = candidate.earlier.iter().map(|id| id.name.as_str()).collect();
        for name in names {
            by_name.entry(name).or_default().push(candidate);
        }
    }
    let mut undecided = Vec::new();
    for object in objects.iter_mut() {
        let referrer = Referrer::of(object);
        let first = object.first_id();
        for target in referred {
            for field in target.from.iter().filter(|field| field.is_for(&first.gvk)) {
                let mut search = Search { referrer: &referrer, target, field, by_name: &by_name };
                let missing = Missing { data: NodeData::Null, span: object.home };
                let field = field.without_creating();
                change_field(&mut object.node, &field, &missing, &mut |node| {
                    search.change(node, &mut undecided);
                });
            }
        }
    }
    undecided
}

impl Candidate {
    fn of(object: &Object) -> Self {
        let name = object.node.at_path(&["metadata", "name"]);
        Self {
            earlier: object.earlier.clone(),
            now: object.id(),
            prefixes: object.prefixes.clone(),
            suffixes: object.suffixes.clone(),
            by: name.map_or(object.home, |name| name.span),
        }
    }
}

impl Referrer {
    fn of(object: &Object) -> Self {
        let now = object.id();
        let mut subject_namespaces = BTreeSet::new();
        if now.gvk.kind == "RoleBinding" {
            let subjects = object.node.get("subjects").map_or(&[][..], Node::elements);
            subject_namespaces.extend(subjects.iter().filter_map(|one| scalar_at(one, &["namespace"])));
        }
        let role = object.node.get("roleRef").and_then(|role| {
            let (group, kind) = (scalar_at(role, &["apiGroup"])?, scalar_at(role, &["kind"])?);
            Some(Gvk { group, version: SmolStr::default(), kind })
        });
        Self {
            now,
            prefixes: object.prefixes.clone(),
            suffixes: object.suffixes.clone(),
            subject_namespaces,
            role,
        }
    }
}

/// One field of one object, and what it may mean.
struct Search<'s> {
    referrer: &'s Referrer,
    target: &'s Referred,
    field: &'s FieldSpec,
    by_name: &'s BTreeMap<&'s str, Vec<&'s Candidate>>,
}

impl Search<'_> {
    fn change(&mut self, node: &mut Node, undecided: &mut Vec<(Span, String)>) {
        match &mut node.data {
            NodeData::Sequence(elements) => {
                for element in elements {
                    self.change(element, undecided);
                }
            }
            NodeData::Mapping(_) => self.change_mapping(node, undecided),
            _ => {
                let Some(name) = scalar(node) else { return };
                let found = self.select(&name, None, place(node), undecided);
                if let Some(found) = found.filter(|found| found.now.name != name) {
                    *node = transformed(node, NodeData::String(SmolStr::clone(&found.now.name)), found.by);
                }
            }
        }
    }

    /// A mapping with a name, and perhaps a namespace.
    fn change_mapping(&mut self, node: &mut Node, undecided: &mut Vec<(Span, String)>) {
        let Some(name) = scalar_at(node, &["name"]) else { return };
        let namespace = scalar_at(node, &["namespace"]);
        let Some(found) = self.select(&name, namespace.as_deref(), place(node), undecided) else { return };
        let (new_name, new_namespace) = (&found.now.name, &found.now.namespace);
        if let Some(value) = get_mut(node, "name").filter(|_| *new_name != name) {
            *value = transformed(value, NodeData::String(SmolStr::clone(new_name)), found.by);
        }
        if new_namespace.is_empty() || namespace.as_ref() == Some(new_namespace) {
            return;
        }
        let data = NodeData::String(SmolStr::clone(new_namespace));
        match get_mut(node, "namespace") {
            Some(value) => *value = transformed(value, data, found.by),
            None => put(node, "namespace", Node::new(data, found.by)),
        }
    }

    /// The object that a name means.
    fn select(
        &self,
        name: &str,
        namespace: Option<&str>,
        span: Span,
        undecided: &mut Vec<(Span, String)>,
    ) -> Option<&Candidate> {
        let named = self.by_name.get(name)?;
        let reachable: Vec<&Candidate> =
            named.iter().copied().filter(|candidate| self.is_reachable(candidate)).collect();
        let mut fitting = in_namespace(reachable, namespace);
        fitting.retain(|candidate| self.is_meant(candidate, name));
        if let [only] = fitting.as_slice() {
            return Some(only);
        }
        fitting.retain(|candidate| {
            ends_alike(&candidate.prefixes, &self.referrer.prefixes)
                && ends_alike(&candidate.suffixes, &self.referrer.suffixes)
        });
        let first = *fitting.first()?;
        let is_same = |other: &&Candidate| other.now.name == first.now.name;
        if fitting.iter().all(is_same) {
            return Some(first);
        }
        let ids: Vec<String> = fitting.iter().map(|candidate| candidate.now.to_string()).collect();
        undecided.push((span, format!("found multiple possible referrals: {}", ids.join(", "))));
        None
    }

    /// Whether the two objects can have to do with each other at all.
    fn is_reachable(&self, candidate: &Candidate) -> bool {
        self.referrer.now.gvk.is_cluster_scoped()
            || candidate.now.gvk.is_cluster_scoped()
            || candidate.now.effective_namespace() == self.referrer.now.effective_namespace()
            || self.referrer.subject_namespaces.contains(&candidate.now.namespace)
    }

    fn is_meant(&self, candidate: &Candidate, name: &str) -> bool {
        let target = Gvk {
            group: SmolStr::clone(&self.target.group),
            version: SmolStr::clone(&self.target.version),
            kind: SmolStr::clone(&self.target.kind),
        };
        let was = |gvk: &Gvk| candidate.earlier.iter().any(|id| is_selected(&id.gvk, gvk));
        let is_role = self.field.path.ends_with(&["roleRef".into(), "name".into()]);
        let is_role_meant = !is_role || self.referrer.role.as_ref().is_none_or(was);
        let is_near = self.referrer.now.gvk.is_cluster_scoped()
            || candidate.now.gvk.is_cluster_scoped()
            || candidate.now.gvk.kind == "ServiceAccount"
            || candidate.now.effective_namespace() == self.referrer.now.effective_namespace();
        candidate.earlier.iter().any(|id| id.name == name) && was(&target) && is_role_meant && is_near
    }
}

/// Those in the namespace that stands beside a name, as it was at first or as it is now.
fn in_namespace<'c>(candidates: Vec<&'c Candidate>, namespace: Option<&str>) -> Vec<&'c Candidate> {
    let Some(namespace) = namespace else { return candidates };
    let was = |candidate: &&&Candidate| {
        let first = candidate.earlier.first().unwrap_or(&candidate.now);
        first.effective_namespace() == namespace
    };
    let first: Vec<&Candidate> = candidates.iter().filter(was).copied().collect();
    if !first.is_empty() {
        return first;
    }
    candidates.into_iter().filter(|candidate| candidate.now.effective_namespace() == namespace).collect()
}

/// Whether a kind is one of those that a pattern with empty places means.
fn is_selected(gvk: &Gvk, wanted: &Gvk) -> bool {
    let fits = |wanted: &SmolStr, actual: &SmolStr| wanted.is_empty() || wanted == actual;
    fits(&wanted.group, &gvk.group) && fits(&wanted.version, &gvk.version) && fits(&wanted.kind, &gvk.kind)
}

/// Whether the shorter list is the end of the longer one.
fn ends_alike(one: &[SmolStr], other: &[SmolStr]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.is_empty() { long.is_empty() } else { long.ends_with(short) }
}
