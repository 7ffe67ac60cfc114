//! Who points at whom.

use super::{Index, names, pointers, several_instances};
use proofmark_model::{Data, Known, Resource, SmolStr, Unknown, Value};
use proofmark_source::Span;
use smol_str::format_smolstr;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The kind of a call to a module.
pub(super) const MODULE_KIND: &str = "module";

/// The resources of one kind, by what one of their attributes points at.
#[derive(Debug, Default)]
pub(super) struct LinkTable<'a> {
    /// By the address of the resource that is pointed at.
    by_target: HashMap<&'a str, Vec<usize>>,
    /// By the address without keys: candidates that point at one of several instances, with the address as written.
    by_base: HashMap<String, Vec<(usize, SmolStr)>>,
    /// Candidates that point by a literal name.
    by_name: HashMap<&'a str, Vec<usize>>,
    /// Candidates of which nobody knows where they point.
    undecided: Vec<(usize, &'a Unknown)>,
    /// The same, by where their value comes from.
    by_source: HashMap<Source<'a>, Vec<usize>>,
}

/// What makes two values that are not known one: they come from the same place for the same reason, and what is known
/// of them is the same.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Source<'a> {
    place: Span,
    reason: &'a str,
    skeleton: Option<&'a str>,
    prefix: Option<&'a str>,
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
        found.extend(table.by_target.get(subject.address.0.as_str()).into_iter().flatten());
        for name in names::literal_names(subject) {
            let candidates = table.by_name.get(name).map_or(&[][..], Vec::as_slice);
            found.extend(candidates.iter().filter(|candidate| self.shares_namespace(subject, **candidate)));
        }
        for source in names::name_values(subject).filter_map(Source::of) {
            found.extend(table.by_source.get(&source).into_iter().flatten());
        }
        // A text that is made with the name of a resource and more is no name of that resource.
        let is_open = |(candidate, unknown): &&(usize, &'a Unknown)| {
            !found.contains(candidate)
                && unknown.references.iter().all(|reference| reference.address != subject.address)
                && pointers::may_name(unknown, subject)
        };
        let undecided = table.undecided.iter().find(is_open);
        let open = undecided
            .map(|(_, unknown)| Arc::new(Unknown::clone(unknown)))
            .or_else(|| self.instance_reason(&table, subject, &found))
            .or_else(|| self.unread_reason(subject));
        let numbers = found.into_iter();
        self.standing(subject, numbers.filter_map(|number| self.resources.get(number).copied()), open)
    }

    /// The resources of a kind, as far as they surely stand.
    pub(crate) fn of_kind_beside(&self, subject: &'a Resource, kind: &str) -> Linked<'a> {
        self.standing(subject, self.of_kind(kind).into_iter(), None)
    }

    /// Keeps the resources that stand wherever `subject` stands; those that may not stand leave it open.
    fn standing(
        &self,
        subject: &Resource,
        candidates: impl Iterator<Item = &'a Resource>,
        mut open: Option<Arc<Unknown>>,
    ) -> Linked<'a> {
        let mut resources = Vec::new();
        for candidate in candidates {
            match doubt(candidate, subject) {
                None => resources.push(candidate),
                Some(reason) => open = open.or(Some(Arc::new(Unknown::because(reason)))),
            }
        }
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
        for &number in self.numbers_of_kind(kind) {
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
        if let Data::List(elements) = &value.data
            && !elements.is_empty()
        {
            elements.iter().for_each(|element| self.add_links(table, number, element));
            return;
        }
        if !self.add_references(table, number, value) {
            match &value.data {
                Data::String(text) => table.by_name.entry(text.as_str()).or_default().push(number),
                Data::Unknown(unknown) => table.add_undecided(number, value, unknown),
                _ => {}
            }
        }
    }

    /// Adds what a value refers to; gives whether it refers to anything.
    fn add_references(&self, table: &mut LinkTable<'a>, number: usize, value: &'a Value) -> bool {
        let pointers = self.pointers(value);
        for target in pointers.one {
            let Some(target) = self.resources.get(target) else { continue };
            table.by_target.entry(target.address.0.as_str()).or_default().push(number);
        }
        for written in pointers.several {
            table.by_base.entry(names::without_keys(&written)).or_default().push((number, written));
        }
        for value in pointers.undecided {
            if let Some(unknown) = value.as_unknown() {
                table.add_undecided(number, value, unknown);
            }
        }
        pointers.refers
    }

    /// Why a candidate that points at one of several instances may point at `subject`.
    fn instance_reason(
        &self,
        table: &LinkTable<'a>,
        subject: &Resource,
        found: &BTreeSet<usize>,
    ) -> Option<Arc<Unknown>> {
        let (_, written) = table.first_of_instances(subject, found)?;
        let reason = several_instances(written, self.referenced(written).len());
        Some(Arc::new(Unknown::because(reason)))
    }

    /// Why a module that was not read may hold something that points at `subject`.
    fn unread_reason(&self, subject: &Resource) -> Option<Arc<Unknown>> {
        let unread = self.unread.get_or_init(|| self.find_unread());
        let exact = unread.by_target.get(subject.address.0.as_str()).and_then(|calls| calls.first());
        let number = exact.or_else(|| Some(&unread.first_of_instances(subject, &BTreeSet::new())?.0))?;
        let call = self.resources.get(*number)?;
        let reason = format_smolstr!("`{}` receives this resource and was not read", call.address);
        Some(Arc::new(Unknown::because(reason)))
    }

    fn find_unread(&self) -> LinkTable<'a> {
        let mut unread = LinkTable::default();
        for &number in self.numbers_of_kind(MODULE_KIND) {
            if let Some(call) = self.resources.get(number).filter(|call| call.elsewhere.is_some()) {
                self.add_references(&mut unread, number, &call.attributes);
            }
        }
        unread
    }
}

impl<'a> LinkTable<'a> {
    fn add_undecided(&mut self, number: usize, value: &'a Value, unknown: &'a Unknown) {
        self.undecided.push((number, unknown));
        if let Some(source) = Source::of(value) {
            self.by_source.entry(source).or_default().push(number);
        }
    }

    /// The first candidate that may point at `subject` as one of several instances, with the address as written.
    fn first_of_instances(&self, subject: &Resource, found: &BTreeSet<usize>) -> Option<&(usize, SmolStr)> {
        if self.by_base.is_empty() {
            return None;
        }
        let candidates = self.by_base.get(&names::without_keys(&subject.address.0))?;
        let fits = |(candidate, written): &&(usize, SmolStr)| {
            !found.contains(candidate) && names::keys_agree(written, &subject.address.0)
        };
        candidates.iter().find(fits)
    }
}

impl<'a> Source<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let unknown = value.as_unknown()?;
        let Known { skeleton, prefix, .. } = &unknown.known;
        let place = value.origin.steps().last()?.span;
        let reason = unknown.reason.as_str();
        Some(Self { place, reason, skeleton: skeleton.as_deref(), prefix: prefix.as_deref() })
    }
}

/// Why `candidate` may not stand where `subject` stands.
fn doubt(candidate: &Resource, subject: &Resource) -> Option<SmolStr> {
    let condition = candidate.conditions.iter().find(|condition| {
        let is_shared = subject.conditions.iter().any(|own| {
            own.scope == condition.scope
                && own.text == condition.text
                && own.unknown.reason == condition.unknown.reason
        });
        // `for_each = aws_s3_bucket.b` makes one for each bucket, however many there are.
        let is_for_subject =
            || subject.address.0.strip_prefix(condition.scope.as_str()) == Some(condition.text.as_str());
        !is_shared && !is_for_subject()
    })?;
    Some(format_smolstr!("`{}` may not stand: {}", candidate.address, condition.unknown.reason))
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
