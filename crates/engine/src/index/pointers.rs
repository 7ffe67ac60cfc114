//! Which resources a value is the name of.

use super::{Index, names};
use proofmark_model::{Data, HOLE, Reference, Resource, SmolStr, Unknown, Value};
use std::collections::HashSet;

/// A reference is followed through this many further resources; longer chains do not occur outside of circles.
const MAX_HOPS: usize = 6;

/// What a value points at.
#[derive(Debug, Default)]
pub(super) struct Pointers<'a> {
    /// The numbers of resources that are surely meant.
    pub one: Vec<usize>,
    /// Addresses that leave open which of several instances is meant.
    pub several: Vec<SmolStr>,
    /// Values that decide and are not known.
    pub undecided: Vec<&'a Value>,
    /// Whether it refers to anything at all.
    pub refers: bool,
    seen: HashSet<&'a Reference>,
}

impl<'a> Index<'a> {
    /// What a value points at, also through the attributes that it is taken from.
    pub(super) fn pointers(&self, value: &'a Value) -> Pointers<'a> {
        let mut pointers = Pointers::default();
        self.follow(value, 0, &mut pointers);
        pointers
    }

    fn follow(&self, value: &'a Value, hops: usize, pointers: &mut Pointers<'a>) {
        let is_choice = is_choice(value);
        for reference in self.pointing(value) {
            pointers.refers = true;
            if !pointers.seen.insert(reference) {
                continue;
            }
            let numbers = self.referenced(&reference.address.0);
            match numbers.as_slice() {
                [one] if !is_choice => pointers.one.push(*one),
                [] => {}
                _ => pointers.several.push(SmolStr::clone(&reference.address.0)),
            }
            if hops >= MAX_HOPS {
                continue;
            }
            for number in numbers {
                self.follow_through(number, reference, hops, pointers);
            }
        }
        match &value.data {
            Data::List(elements) => elements.iter().for_each(|element| self.follow(element, hops, pointers)),
            Data::Map(map) => {
                map.entries().iter().for_each(|entry| self.follow(&entry.value, hops, pointers));
            }
            _ => {}
        }
    }

    /// Follows the attribute that a reference reads, and what the resource looks up.
    fn follow_through(&self, number: usize, reference: &Reference, hops: usize, pointers: &mut Pointers<'a>) {
        let Some(resource) = self.resources.get(number) else { return };
        if resource.elsewhere.is_some() {
            let found = self.looked_up(number);
            pointers.one.extend(found.one);
            pointers.undecided.extend(found.undecided);
        }
        if reference.attribute.is_empty() {
            return;
        }
        let path: Vec<&str> = reference.attribute.split('.').collect();
        if let Some(next) = resource.attributes.at_path(&path) {
            self.follow(next, hops + 1, pointers);
        }
    }

    /// The resources that a resource which only looks something up (a `data.aws_s3_bucket` finds an `aws_s3_bucket`)
    /// must find: those of its kind that have the name which it asks for.
    pub(super) fn looked_up(&self, number: usize) -> Pointers<'a> {
        let mut found = Pointers::default();
        let Some(resource) = self.resources.get(number) else { return found };
        let Some((_, kind)) = resource.kind.0.rsplit_once('.') else { return found };
        let is_of_kind =
            |number: &usize| self.resources.get(*number).is_some_and(|other| other.kind.0 == kind);
        for value in names::name_values(resource) {
            if let Some(name) = value.as_str() {
                found.one.extend(self.numbers_named(name).iter().copied().filter(is_of_kind));
            }
            for reference in self.pointing(value) {
                found.refers = true;
                let numbers = self.referenced(&reference.address.0);
                if let [one] = numbers.as_slice() {
                    found.one.extend(Some(*one).filter(is_of_kind));
                }
            }
            if value.as_unknown().is_some() && !found.refers {
                found.undecided.push(value);
            }
        }
        found.one.sort_unstable();
        found.one.dedup();
        found
    }

    /// The references of a value that it stands for, nearest first: not those that are only a part of its text.
    pub(crate) fn pointing<'r>(&self, value: &'r Value) -> Vec<&'r Reference> {
        match &value.data {
            Data::Unknown(unknown) => match unknown.known.skeleton.as_deref() {
                Some(skeleton) => in_segments(skeleton, unknown),
                None => value.references().collect(),
            },
            Data::String(text) => {
                value.origin.references().filter(|reference| self.spells(text, reference)).collect()
            }
            _ => value.references().collect(),
        }
    }

    /// Whether `text`, which was made with what a reference gives, is that or names it as a segment.
    fn spells(&self, text: &str, reference: &Reference) -> bool {
        let path: Vec<&str> = reference.attribute.split('.').collect();
        let given = |number: &usize| -> Option<&'a str> {
            let resource: &'a Resource = self.resources.get(*number)?;
            resource.attributes.at_path(&path)?.as_str()
        };
        let numbers = self.referenced(&reference.address.0);
        let mut texts = numbers.iter().filter_map(given).peekable();
        texts.peek().is_none() || texts.any(|part| has_segment(text, part))
    }
}

/// Whether a value is one of several things, or made from all of them. A list that is not known holds what it refers to.
fn is_choice(value: &Value) -> bool {
    use proofmark_model::Shape::{List, Map};
    value.as_unknown().is_some_and(|unknown| {
        unknown.references.len() > 1 && !matches!(unknown.known.shape, Some(List | Map))
    })
}

/// The references of a text that stand as whole segments of it: `arn:aws:s3:::${id}` and `${arn}/*` name the thing,
/// `${id}-logs` names another.
fn in_segments<'r>(skeleton: &str, unknown: &'r Unknown) -> Vec<&'r Reference> {
    let holes: Vec<bool> = skeleton
        .match_indices(HOLE)
        .map(|(start, hole)| is_segment(skeleton, start, start + hole.len()))
        .collect();
    if holes.len() != unknown.references.len() {
        let names_any = holes.contains(&true);
        return unknown.references.iter().filter(|_| names_any).collect();
    }
    unknown.references.iter().zip(holes).filter(|(_, is_whole)| *is_whole).map(|(found, _)| found).collect()
}

/// Whether a text that is not known may turn out to be the name of a resource. A text of which parts are known is none
/// that a provider made up.
pub(super) fn may_name(unknown: &Unknown, subject: &Resource) -> bool {
    let Some(skeleton) = unknown.known.skeleton.as_deref() else { return true };
    names::name_values(subject).any(|name| match &name.data {
        Data::String(text) => ends_agree(skeleton, text),
        Data::Unknown(own) => match own.known.skeleton.as_deref() {
            Some(own) => ends_agree(skeleton, own),
            None => !own.references.iter().any(|reference| reference.address == subject.address),
        },
        _ => false,
    })
}

/// Whether what is known at the ends of two texts, around what is not, does not contradict each other.
fn ends_agree(left: &str, right: &str) -> bool {
    let (left_start, left_end) = ends(left);
    let (right_start, right_end) = ends(right);
    (left_start.starts_with(right_start) || right_start.starts_with(left_start))
        && (left_end.ends_with(right_end) || right_end.ends_with(left_end))
}

/// What stands before the first part of a text that is not known, and behind the last.
fn ends(text: &str) -> (&str, &str) {
    let start = text.split(HOLE).next().unwrap_or(text);
    let end = text.rsplit(HOLE).next().unwrap_or(text);
    (start, end)
}

fn has_segment(text: &str, part: &str) -> bool {
    text.match_indices(part).any(|(start, found)| is_segment(text, start, start + found.len()))
}

/// Whether nothing or a separator stands on both sides.
fn is_segment(text: &str, start: usize, end: usize) -> bool {
    let is_border = |character: Option<char>| matches!(character, None | Some('/' | ':'));
    is_border(text.get(..start).and_then(|before| before.chars().next_back()))
        && is_border(text.get(end..).and_then(|after| after.chars().next()))
}
