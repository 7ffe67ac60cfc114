//! The resources that can see each other: by kind, by address, and by who points at whom.

mod links;
mod names;

use links::LinkTable;
use proofmark_model::{Reference, Resource, SmolStr};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

pub(crate) use links::Linked;

/// The resources of one unit, or of all units for rules about the repository.
#[derive(Debug, Default)]
pub struct Index<'a> {
    resources: Vec<&'a Resource>,
    by_kind: HashMap<&'a str, Vec<usize>>,
    by_address: HashMap<&'a str, Vec<usize>>,
    /// By the address without instance keys.
    by_base: HashMap<String, Vec<usize>>,
    by_name: OnceLock<HashMap<&'a str, Vec<usize>>>,
    /// Made when a rule first asks. Units are judged by one thread each, so nobody waits here.
    tables: Mutex<HashMap<(SmolStr, SmolStr), Arc<LinkTable<'a>>>>,
    unread: OnceLock<links::Unread<'a>>,
}

/// What a value points at.
pub(crate) enum Target<'a> {
    One(&'a Resource),
    None,
    Unknown(SmolStr),
}

impl<'a> Index<'a> {
    /// An index over these resources.
    pub fn new(resources: impl IntoIterator<Item = &'a Resource>) -> Self {
        let mut index = Self::default();
        for (number, resource) in resources.into_iter().enumerate() {
            index.resources.push(resource);
            index.by_kind.entry(resource.kind.0.as_str()).or_default().push(number);
            index.by_address.entry(resource.address.0.as_str()).or_default().push(number);
            index.by_base.entry(names::without_keys(&resource.address.0)).or_default().push(number);
        }
        index
    }

    /// The resources of a kind, in order; `workload` stands for everything that has a pod.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<&'a Resource> {
        if kind == crate::evaluator::WORKLOAD {
            return self.resources.iter().copied().filter(|resource| resource.pod.is_some()).collect();
        }
        let numbers = self.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(|number| self.resources.get(*number).copied()).collect()
    }

    /// The resources that a reference means: one instance where it has a key, else all.
    fn referenced(&self, reference: &Reference) -> Vec<usize> {
        let address = reference.address.0.as_str();
        if let Some(exact) = self.by_address.get(address) {
            return exact.clone();
        }
        let same_base = self.by_base.get(&names::without_keys(address)).map_or(&[][..], Vec::as_slice);
        let fits = |number: &&usize| {
            self.resources.get(**number).is_some_and(|found| names::keys_agree(address, &found.address.0))
        };
        same_base.iter().filter(fits).copied().collect()
    }

    /// The resource that these references, nearest first, point at.
    pub(crate) fn target_of<'r>(
        &self,
        references: impl Iterator<Item = &'r Reference>,
    ) -> Option<Target<'a>> {
        let mut missing = None;
        for reference in references {
            match self.referenced(reference).as_slice() {
                [] => missing = missing.or(Some(reference)),
                [one] => return self.resources.get(*one).map(|resource| Target::One(resource)),
                several => {
                    let reason = smol_str::format_smolstr!(
                        "`{}` stands for {} instances, and nobody knows which is meant",
                        reference.address,
                        several.len()
                    );
                    return Some(Target::Unknown(reason));
                }
            }
        }
        missing.map(|reference| {
            Target::Unknown(smol_str::format_smolstr!("`{}` was not read", reference.address))
        })
    }

    /// The resource that has this literal name.
    pub(crate) fn named(&self, name: &str) -> Target<'a> {
        let by_name = self.by_name.get_or_init(|| {
            let mut by_name: HashMap<&'a str, Vec<usize>> = HashMap::new();
            for (number, resource) in self.resources.iter().enumerate() {
                for name in names::literal_names(resource) {
                    by_name.entry(name).or_default().push(number);
                }
            }
            by_name
        });
        match by_name.get(name).map(Vec::as_slice) {
            None | Some([]) => Target::None,
            Some([one]) => self.resources.get(*one).map_or(Target::None, |resource| Target::One(resource)),
            Some(_) => Target::Unknown(smol_str::format_smolstr!("several resources have the name `{name}`")),
        }
    }
}
