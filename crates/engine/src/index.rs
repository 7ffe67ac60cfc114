//! The resources that can see each other: by kind, by address, and by who points at whom.

mod links;
mod names;
mod pointers;

use links::LinkTable;
use proofmark_model::{Known, Reference, Resource, SmolStr, Unknown};
use smol_str::format_smolstr;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

pub(crate) use links::Linked;

/// The resources of one unit, or of all units for rules about the repository.
#[derive(Debug, Default)]
pub struct Index<'a> {
    resources: Vec<&'a Resource>,
    by_kind: HashMap<&'a str, Vec<usize>>,
    by_address: HashMap<&'a str, Vec<usize>>,
    /// By the address without instance keys. Only references that leave keys out ask for it.
    by_base: OnceLock<HashMap<String, Vec<usize>>>,
    by_name: OnceLock<HashMap<&'a str, Vec<usize>>>,
    /// Made when a rule first asks. Units are judged by one thread each, so nobody waits here.
    tables: Mutex<HashMap<(SmolStr, SmolStr), Arc<LinkTable<'a>>>>,
    /// What the calls of modules that were not read receive.
    unread: OnceLock<LinkTable<'a>>,
}

/// The step with which the address of a look-up begins.
const LOOK_UP: &str = "data";

/// What a value points at.
pub(crate) enum Target<'a> {
    One(&'a Resource),
    None,
    Unknown(Arc<Unknown>),
}

impl<'a> Index<'a> {
    /// An index over these resources.
    pub fn new(resources: impl IntoIterator<Item = &'a Resource>) -> Self {
        let mut index = Self::default();
        for (number, resource) in resources.into_iter().enumerate() {
            index.resources.push(resource);
            index.by_kind.entry(resource.kind.0.as_str()).or_default().push(number);
            index.by_address.entry(resource.address.0.as_str()).or_default().push(number);
        }
        index
    }

    /// The resources of a kind, in order; `workload` stands for everything that has a pod.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<&'a Resource> {
        if kind == crate::evaluator::WORKLOAD {
            return self.resources.iter().copied().filter(|resource| resource.pod.is_some()).collect();
        }
        self.numbers_of_kind(kind).iter().filter_map(|number| self.resources.get(*number).copied()).collect()
    }

    fn numbers_of_kind(&self, kind: &str) -> &[usize] {
        self.by_kind.get(kind).map_or(&[][..], Vec::as_slice)
    }

    /// The resources that a reference means: one instance where it has a key, else all.
    fn referenced(&self, address: &str) -> Vec<usize> {
        if let Some(exact) = self.by_address.get(address) {
            return exact.clone();
        }
        let by_base = self.by_base.get_or_init(|| {
            let mut by_base: HashMap<String, Vec<usize>> = HashMap::new();
            for (number, resource) in self.resources.iter().enumerate() {
                by_base.entry(names::without_keys(&resource.address.0)).or_default().push(number);
            }
            by_base
        });
        let same_base = by_base.get(&names::without_keys(address)).map_or(&[][..], Vec::as_slice);
        let fits = |number: &&usize| {
            self.resources.get(**number).is_some_and(|found| names::keys_agree(address, &found.address.0))
        };
        same_base.iter().filter(fits).copied().collect()
    }

    /// The resource that one of these references, nearest first, points at.
    pub(crate) fn target_of(&self, references: &[&Reference]) -> Option<Target<'a>> {
        let chosen = self.chosen(references)?;
        Some(match self.referenced(&chosen.address.0).as_slice() {
            [] => named_but_open(format_smolstr!("`{}` was not read", chosen.address), &chosen.address.0),
            [one] => self.target_at(*one),
            several => named_but_open(several_instances(&chosen.address.0, several.len()), &chosen.address.0),
        })
    }

    /// The kind of what these references mean. Instances share it, and a look-up has one of its own where nobody
    /// knows what it finds.
    pub(crate) fn kind_of(&self, references: &[&Reference]) -> Option<&'a str> {
        let chosen = self.chosen(references)?;
        let number = *self.referenced(&chosen.address.0).first()?;
        let found = match self.target_at(number) {
            Target::One(found) => found,
            Target::None | Target::Unknown(_) => self.resources.get(number)?,
        };
        let kind = found.kind.0.as_str();
        (kind != links::MODULE_KIND).then_some(kind)
    }

    /// The address that these references mean where no file declares it. What a look-up or a module gives is not told by
    /// its own address.
    pub(crate) fn undeclared<'r>(&self, references: &'r [&'r Reference]) -> Option<&'r str> {
        let address = self.chosen(references)?.address.0.as_str();
        let is_resource = steps_inside(address).next().is_some_and(|step| step != LOOK_UP);
        (is_resource && self.referenced(address).is_empty()).then_some(address)
    }

    /// The reference that decides where a value points.
    fn chosen<'r>(&self, references: &'r [&'r Reference]) -> Option<&'r &'r Reference> {
        // A value that passed through an attribute of one resource may be the name of another.
        let naming = |reference: &&&Reference| {
            let found = self.referenced(&reference.address.0);
            let resource = found.first().and_then(|number| self.resources.get(*number));
            resource.is_some_and(|resource| names::is_identity(&resource.kind.0, &reference.attribute))
        };
        match references {
            [] => None,
            [only] => Some(only),
            several => several.iter().find(naming).or_else(|| self.first_read(several)),
        }
    }

    fn first_read<'r>(&self, references: &'r [&'r Reference]) -> Option<&'r &'r Reference> {
        let is_read = |reference: &&&Reference| !self.referenced(&reference.address.0).is_empty();
        references.iter().find(is_read).or(references.first())
    }

    /// The resource of that number, or what it looks up where that is read too.
    fn target_at(&self, number: usize) -> Target<'a> {
        let Some(resource) = self.resources.get(number) else { return Target::None };
        let Some(elsewhere) = &resource.elsewhere else { return Target::One(resource) };
        match self.looked_up(number).one.as_slice() {
            [one] => self.resources.get(*one).map_or(Target::None, |found| Target::One(found)),
            _ => {
                // Whatever it is, the value names something.
                let known = Known { is_set: resource.kind.0 != links::MODULE_KIND, ..Known::default() };
                Target::Unknown(Arc::new(Unknown { known, ..Unknown::clone(elsewhere) }))
            }
        }
    }

    /// The resource that has this literal name.
    pub(crate) fn named(&self, name: &str) -> Target<'a> {
        match self.numbers_named(name) {
            [] => Target::None,
            [one] => self.resources.get(*one).map_or(Target::None, |resource| Target::One(resource)),
            _ => open(format_smolstr!("several resources have the name `{name}`")),
        }
    }

    /// Whether a text that begins so may be the literal name of a resource.
    pub(crate) fn may_name(&self, prefix: &str) -> bool {
        self.names().keys().any(|name| name.starts_with(prefix))
    }

    fn numbers_named(&self, name: &str) -> &[usize] {
        self.names().get(name).map_or(&[][..], Vec::as_slice)
    }

    fn names(&self) -> &HashMap<&'a str, Vec<usize>> {
        self.by_name.get_or_init(|| {
            let mut by_name: HashMap<&'a str, Vec<usize>> = HashMap::new();
            for (number, resource) in self.resources.iter().enumerate() {
                for name in names::literal_names(resource) {
                    let numbers = by_name.entry(name).or_default();
                    if numbers.last() != Some(&number) {
                        numbers.push(number);
                    }
                }
            }
            by_name
        })
    }
}

fn open<'a>(reason: SmolStr) -> Target<'a> {
    Target::Unknown(Arc::new(Unknown::because(reason)))
}

/// What a value that names a resource points at, where that is not known: something, whatever it is. An output of a
/// module may be nothing.
fn named_but_open<'a>(reason: SmolStr, address: &str) -> Target<'a> {
    let known = Known { is_set: steps_inside(address).next().is_some(), ..Known::default() };
    Target::Unknown(Arc::new(Unknown { known, ..Unknown::because(reason) }))
}

/// The steps of an address behind the calls of modules that it begins with.
fn steps_inside(address: &str) -> impl Iterator<Item = &str> {
    let mut steps = address.split('.').peekable();
    while steps.next_if_eq(&links::MODULE_KIND).is_some() {
        steps.next();
    }
    steps
}

/// Why a reference to a resource of several instances points at none of them for certain.
fn several_instances(address: &str, count: usize) -> SmolStr {
    format_smolstr!("`{address}` stands for {count} instances, and nobody knows which is meant")
}
