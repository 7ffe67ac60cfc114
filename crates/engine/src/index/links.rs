//! Who points at whom.

use super::{Index, names};
use proofmark_model::{Data, Reference, Resource, SmolStr, Unknown, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A reference is followed through this many further resources; longer chains do not occur outside of circles.
const MAX_HOPS: usize = 6;

/// The kind of a call to a module; see [`Unread`].
const MODULE_KIND: &str = "module";

/// The resources of one kind, by what one of their attributes points at.
#[derive(Debug, Default)]
pub(super) struct LinkTable<'a> {
    /// By the address, without keys, of the resource that is pointed at: the candidate and the address as written.
    by_base: HashMap<String, Vec<(usize, SmolStr)>>,
    /// Candidates that point by a literal name.
    by_name: HashMap<&'a str, Vec<usize>>,
    /// Candidates of which nobody knows where they point.
    undecided: Vec<(usize, &'a Value)>,
}

/// Calls of modules that were not read: what is inside may point at what they were given.
#[derive(Debug, Default)]
pub(super) struct Unread<'a> {
    by_base: HashMap<String, Vec<&'a Resource>>,
}

/// The resources that point at one.
pub(crate) struct Linked<'a> {
    pub resources: Vec<&'a Resource>,
    /// Why there may be more.
    pub open: Option<Arc<Unknown>>,
}

impl<'a> Index<'a> {
    /// The resources of `kind` whose `attribute` (a path with dots) points at `subject`.
    pub(crate) fn linked(&self, subject: &'a Resource, kind: &SmolStr, attribute: &SmolStr) -> Linked<'a> {
        let table = self.table(kind, attribute);
        let mut found: BTreeSet<usize> = BTreeSet::new();
        if let Some(candidates) = table.by_base.get(&names::without_keys(&subject.address.0)) {
            let fitting =
                candidates.iter().filter(|(_, written)| names::keys_agree(written, &subject.address.0));
            found.extend(fitting.map(|(candidate, _)| *candidate));
        }
        for name in names::literal_names(subject) {
            let candidates = table.by_name.get(name).map_or(&[][..], Vec::as_slice);
            found.extend(candidates.iter().filter(|candidate| self.shares_namespace(subject, **candidate)));
        }
        let mut open = None;
        for (candidate, value) in &table.undecided {
            if names::name_values(subject).any(|name| is_same_source(name, value)) {
                found.insert(*candidate);
            } else if !found.contains(candidate) && open.is_none() {
                open = value.as_unknown().map(|unknown| Arc::new(unknown.clone()));
            }
        }
        let open = open.or_else(|| self.unread_reason(subject));
        let resources = found.into_iter().filter_map(|number| self.resources.get(number).copied()).collect();
        Linked { resources, open }
    }

    /// Names count within one namespace, where resources have such a thing.
    fn shares_namespace(&self, subject: &Resource, candidate: usize) -> bool {
        let namespace = |resource: &'a Resource| -> Option<&'a str> {
            resource.attributes.at_path(&["metadata", "namespace"]).and_then(Value::as_str)
        };
        let of_subject = subject.attributes.at_path(&["metadata", "namespace"]).and_then(Value::as_str);
        match (of_subject, self.resources.get(candidate).and_then(|candidate| namespace(candidate))) {
            (Some(left), Some(right)) => left == right,
            _ => true,
        }
    }

    fn table(&self, kind: &SmolStr, attribute: &SmolStr) -> Arc<LinkTable<'a>> {
        let key = (SmolStr::clone(kind), SmolStr::clone(attribute));
        // A thread that panicked while it held the lock cannot have left half a table.
        let mut tables = self.tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let table = tables.entry(key).or_insert_with(|| Arc::new(self.build_table(kind, attribute)));
        Arc::clone(table)
    }

    fn build_table(&self, kind: &str, attribute: &str) -> LinkTable<'a> {
        let mut table = LinkTable::default();
        let path: Vec<&str> = attribute.split('.').collect();
        let numbers = self.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        for &number in numbers {
            let Some(candidate) = self.resources.get(number) else { continue };
            let mut values = Vec::new();
            collect_at(&candidate.attributes, &path, &mut values);
            for value in values {
                self.add_links(&mut table, number, value);
            }
        }
        table
    }

    fn add_links(&self, table: &mut LinkTable<'a>, number: usize, value: &'a Value) {
        let mut references = Vec::new();
        self.follow(value, 0, &mut references);
        for reference in &references {
            let written = SmolStr::clone(&reference.address.0);
            table.by_base.entry(names::without_keys(&written)).or_default().push((number, written));
        }
        if references.is_empty() {
            match &value.data {
                Data::String(text) => table.by_name.entry(text.as_str()).or_default().push(number),
                Data::Unknown(_) => table.undecided.push((number, value)),
                Data::List(elements) => {
                    elements.iter().for_each(|element| self.add_links(table, number, element))
                }
                _ => {}
            }
        }
    }

    /// All references of a value, also those through the attributes that it is taken from.
    fn follow(&self, value: &'a Value, hops: usize, found: &mut Vec<Reference>) {
        for reference in value.references() {
            if found.contains(reference) {
                continue;
            }
            found.push(reference.clone());
            if hops >= MAX_HOPS || reference.attribute.is_empty() {
                continue;
            }
            let path: Vec<&str> = reference.attribute.split('.').collect();
            for number in self.referenced(reference) {
                let next = self.resources.get(number).and_then(|resource| resource.attributes.at_path(&path));
                if let Some(next) = next {
                    self.follow(next, hops + 1, found);
                }
            }
        }
        match &value.data {
            Data::List(elements) => elements.iter().for_each(|element| self.follow(element, hops, found)),
            Data::Map(map) => map.entries().iter().for_each(|entry| self.follow(&entry.value, hops, found)),
            _ => {}
        }
    }

    /// Why a module that was not read may hold something that points at `subject`.
    fn unread_reason(&self, subject: &Resource) -> Option<Arc<Unknown>> {
        let unread = self.unread.get_or_init(|| self.find_unread());
        let calls = unread.by_base.get(&names::without_keys(&subject.address.0))?;
        let call = calls.first()?;
        let reason = smol_str::format_smolstr!("`{}` receives this resource and was not read", call.address);
        Some(Arc::new(Unknown::because(reason)))
    }

    fn find_unread(&self) -> Unread<'a> {
        let mut unread = Unread::default();
        for call in self.of_kind(MODULE_KIND) {
            let base = names::without_keys(&call.address.0);
            let inside = format!("{base}.");
            if self.resources.iter().any(|other| names::without_keys(&other.address.0).starts_with(&inside)) {
                continue;
            }
            let mut references = Vec::new();
            self.follow(&call.attributes, 0, &mut references);
            for reference in references {
                unread.by_base.entry(names::without_keys(&reference.address.0)).or_default().push(call);
            }
        }
        unread
    }
}

/// The values at a path, through every element of lists on the way.
fn collect_at<'a>(value: &'a Value, path: &[&str], found: &mut Vec<&'a Value>) {
    let Some((name, rest)) = path.split_first() else {
        found.push(value);
        return;
    };
    match &value.data {
        Data::List(elements) => elements.iter().for_each(|element| collect_at(element, path, found)),
        Data::Map(map) => {
            if let Some(next) = map.value(name) {
                collect_at(next, rest, found);
            }
        }
        Data::Unknown(_) => found.push(value),
        _ => {}
    }
}

/// Whether two unknown values are one: both come from the same place for the same reason.
fn is_same_source(left: &Value, right: &Value) -> bool {
    let (Some(left_unknown), Some(right_unknown)) = (left.as_unknown(), right.as_unknown()) else {
        return false;
    };
    let source = |value: &Value| value.origin.steps().last().map(|step| step.span);
    left_unknown.reason == right_unknown.reason && source(left).is_some() && source(left) == source(right)
}
