//! Names, attributes and elements: the way to a value.

use super::{Read, Run, Seen, part_of};
use crate::compare::rule_problem;
use crate::item::{Item, ListView, MapView, PathId, Place, View, rest_of};
use proofmark_findings::{is_secret_argument, is_secret_entry};
use proofmark_model::{Data, SmolStr, Unknown, Value};
use proofmark_rules::{Expr, ExprKind};
use proofmark_source::Span;
use std::fmt::Write;
use std::sync::Arc;

/// A step of a path, with the place of the step before it.
#[derive(Clone, Debug)]
pub(super) struct PathNode {
    parent: Option<PathId>,
    step: Step,
}

#[derive(Clone, Debug)]
enum Step {
    /// Where the path begins: nothing for `self`, else a name or an address.
    Root(SmolStr),
    Name(SmolStr),
    Index(usize),
}

/// Where a path of names led, before that counts as a read.
#[derive(Clone, Debug)]
pub(super) enum Reach<'a> {
    Found(Place<'a>),
    /// The path ends where nothing is; `home` is the header of the deepest block that is there.
    Missing {
        path: PathId,
        home: Span,
    },
    /// A value on the way is not known.
    Unknown {
        unknown: Arc<Unknown>,
        at: Place<'a>,
    },
    /// A value that was made on the way, and has no place.
    Made(Item<'a>),
}

impl<'a> Run<'a> {
    /// Follows names, attributes and elements, without recording a read.
    pub(super) fn reach(&mut self, expr: &'a Expr) -> Reach<'a> {
        match &expr.kind {
            ExprKind::Name(name) => self.reach_name(name),
            ExprKind::Member(base, name) => match &base.kind {
                ExprKind::Name(root) if root == "params" => Reach::Made(self.param(name)),
                ExprKind::Name(root) if root == "resource" => Reach::Made(self.resource_fact(name)),
                _ => {
                    let base = self.reach(base);
                    self.attribute(base, name)
                }
            },
            ExprKind::Index(base, index) => self.reach_index(base, index),
            _ => made(self.evaluate(expr)),
        }
    }

    fn reach_name(&mut self, name: &'a SmolStr) -> Reach<'a> {
        if let Some((_, item)) = self.variables.iter().rev().find(|(variable, _)| *variable == name.as_str())
        {
            return made(Item::clone(item));
        }
        let world = self.world;
        let header = world.resource.header;
        match name.as_str() {
            "self" => Reach::Found(self.root(&world.resource.attributes, SmolStr::default(), header)),
            "it" => made(self.element.as_ref().map_or(Item::Absent, Item::clone)),
            "pod" => self.reach_optional(world.resource.pod.as_ref(), "pod"),
            "repo" => self.reach_optional(world.context.repository, "repo"),
            "environment" => match &world.context.environment {
                Some(name) => Reach::Made(Item::Text(SmolStr::clone(name))),
                None => Reach::Made(Item::Absent),
            },
            // The loader knows no other names.
            other => Reach::Made(Item::unknown(rule_problem(&format!("the name `{other}` means nothing")))),
        }
    }

    fn reach_optional(&mut self, value: Option<&'a Value>, name: &'static str) -> Reach<'a> {
        let home = self.world.resource.header;
        match value {
            Some(value) => Reach::Found(self.root(value, SmolStr::new_static(name), home)),
            None => Reach::Missing { path: self.add_path(None, Step::Root(SmolStr::new_static(name))), home },
        }
    }

    /// The place at the beginning of a path.
    pub(crate) fn root(&mut self, value: &'a Value, name: SmolStr, header: Span) -> Place<'a> {
        let path = self.add_path(None, Step::Root(name));
        let home = value.as_map().and_then(|map| map.header).unwrap_or(header);
        Place { value, attribute: None, path, home, is_sensitive: value.is_sensitive }
    }

    fn param(&self, name: &str) -> Item<'a> {
        self.params.get(name).cloned().unwrap_or(Item::Absent)
    }

    fn resource_fact(&self, name: &str) -> Item<'a> {
        let resource = self.world.resource;
        match name {
            "address" => Item::Text(SmolStr::clone(&resource.address.0)),
            "kind" => Item::Text(SmolStr::clone(&resource.kind.0)),
            _ => Item::text(self.world.context.workspace.path(resource.span.file)),
        }
    }

    fn reach_index(&mut self, base: &'a Expr, index: &'a Expr) -> Reach<'a> {
        let mark = self.reads.len();
        let index = self.evaluate(index);
        match index.view() {
            View::Text(name) => {
                // `params["x"]` is refused by the loader unless it is a constant.
                if matches!(&base.kind, ExprKind::Name(root) if root == "params") {
                    return Reach::Made(self.param(name));
                }
                let name = SmolStr::new(name);
                let base = self.reach(base);
                self.attribute(base, &name)
            }
            View::Integer(position) => {
                let base = self.reach(base);
                self.element_at(base, position)
            }
            View::Absent => Reach::Made(Item::Absent),
            View::Unknown(unknown) => Reach::Made(Item::Unknown(Arc::clone(unknown))),
            other => {
                self.reads.truncate(mark);
                let problem = format!("{} is neither a name nor a number of an element", other.type_name());
                Reach::Made(Item::unknown(rule_problem(&problem)))
            }
        }
    }

    /// Reads an attribute: of a map; of the only element of a list; of what is absent or not known.
    pub(super) fn attribute(&mut self, base: Reach<'a>, name: &SmolStr) -> Reach<'a> {
        match base {
            Reach::Found(place) => self.attribute_of(place, name),
            Reach::Missing { path, home } => Reach::Missing { path: self.add_name(path, name), home },
            Reach::Unknown { unknown, at } => {
                let path = self.add_name(at.path, name);
                Reach::Unknown { unknown, at: Place { path, ..at } }
            }
            Reach::Made(item) => made(attribute_of_made(&item, name)),
        }
    }

    fn attribute_of(&mut self, place: Place<'a>, name: &SmolStr) -> Reach<'a> {
        match &place.value.data {
            Data::Map(map) => {
                let home = map.header.unwrap_or(place.home);
                let path = self.add_name(place.path, name);
                match (map.get(name), &map.unknown_rest) {
                    (Some(attribute), _) => {
                        let value = &attribute.value;
                        let is_sensitive =
                            place.is_sensitive || value.is_sensitive || is_secret_entry(map, name, value);
                        Reach::Found(Place { value, attribute: Some(attribute), path, home, is_sensitive })
                    }
                    (None, Some(rest)) => Reach::Unknown {
                        unknown: part_of(rest),
                        at: Place { path, attribute: None, home, ..place },
                    },
                    (None, None) => Reach::Missing { path, home },
                }
            }
            Data::List(elements) => match &**elements {
                [] => {
                    let path = self.add_name(place.path, name);
                    Reach::Missing { path, home: place.home }
                }
                [only] => {
                    let home = only.as_map().and_then(|map| map.header).unwrap_or(place.home);
                    let is_sensitive = place.is_sensitive || only.is_sensitive;
                    self.attribute_of(Place { value: only, home, is_sensitive, ..place }, name)
                }
                several if rest_of(several).is_some_and(|_| several.len() == 2) => {
                    let reason =
                        rest_of(several).map_or_else(SmolStr::default, |rest| SmolStr::clone(&rest.reason));
                    Reach::Unknown { unknown: Arc::new(Unknown::because(reason)), at: place }
                }
                several => {
                    let path = self.path_text(place.path);
                    let count = several.len();
                    let reason =
                        rule_problem(&format!("`{path}` has {count} elements where the rule reads one"));
                    Reach::Unknown { unknown: Arc::new(Unknown::because(reason)), at: place }
                }
            },
            Data::Unknown(unknown) => {
                let path = self.add_name(place.path, name);
                Reach::Unknown { unknown: part_of(unknown), at: Place { path, ..place } }
            }
            Data::Null => {
                let path = self.add_name(place.path, name);
                Reach::Missing { path, home: place.home }
            }
            // Many formats write the simple form of a setting as a scalar: `container: node:22`.
            Data::Bool(_) | Data::Integer(_) | Data::Float(_) | Data::String(_) => {
                let path = self.add_name(place.path, name);
                Reach::Missing { path, home: place.value.origin.span }
            }
        }
    }

    /// Reads an attribute of a place for a function, without recording it.
    pub(crate) fn attribute_item(&mut self, place: Place<'a>, name: &SmolStr) -> Item<'a> {
        match self.attribute_of(place, name) {
            Reach::Found(place) if !place.value.is_null() => Item::Place(place),
            Reach::Found(_) | Reach::Missing { .. } => Item::Absent,
            Reach::Unknown { unknown, .. } => Item::Unknown(unknown),
            Reach::Made(item) => item,
        }
    }

    fn element_at(&mut self, base: Reach<'a>, position: i64) -> Reach<'a> {
        let item = match base {
            Reach::Found(place) => match &place.value.data {
                Data::Unknown(unknown) => return Reach::Unknown { unknown: part_of(unknown), at: place },
                Data::Null => return Reach::Made(Item::Absent),
                _ => Item::Place(place),
            },
            Reach::Made(item) => item,
            other => return other,
        };
        let View::List(list) = item.view() else {
            return match item.view() {
                View::Absent => Reach::Made(Item::Absent),
                View::Unknown(unknown) => Reach::Made(Item::Unknown(part_of(unknown))),
                other => {
                    let problem = format!("{} has no elements by number", other.type_name());
                    Reach::Made(Item::unknown(rule_problem(&problem)))
                }
            };
        };
        match usize::try_from(position).ok().filter(|index| *index < list.len()) {
            Some(index) => made(self.element(&item, index)),
            None => match list.open() {
                Some(open) => Reach::Made(Item::Unknown(Arc::clone(open))),
                None => Reach::Made(Item::Absent),
            },
        }
    }

    /// An element of a list, or a value of a map, by number from 0. Absent where there is none.
    pub(crate) fn element(&mut self, item: &Item<'a>, index: usize) -> Item<'a> {
        match item {
            Item::List(list) => list.elements.get(index).cloned().unwrap_or(Item::Absent),
            Item::Map(record) => {
                record.entries().get(index).map_or(Item::Absent, |(_, item)| Item::clone(item))
            }
            Item::Place(place) => match &place.value.data {
                Data::List(elements) => match elements.get(index) {
                    Some(value) => {
                        let path = self.add_path(Some(place.path), Step::Index(index));
                        let home = value.as_map().and_then(|map| map.header).unwrap_or(place.home);
                        let is_sensitive =
                            place.is_sensitive || value.is_sensitive || is_secret_argument(elements, index);
                        Item::Place(Place { value, attribute: None, path, home, is_sensitive })
                    }
                    None => Item::Absent,
                },
                Data::Map(map) => match map.entries().get(index) {
                    Some(entry) => match self.attribute_of(*place, &entry.name) {
                        Reach::Found(place) => Item::Place(place),
                        _ => Item::Absent,
                    },
                    None => Item::Absent,
                },
                _ => Item::Absent,
            },
            _ => Item::Absent,
        }
    }

    /// Records that what was reached is used.
    pub(super) fn read(&mut self, reach: Reach<'a>) -> Item<'a> {
        match reach {
            Reach::Made(item) => item,
            Reach::Found(place) => {
                self.record(&place);
                match place.value.data {
                    Data::Null => Item::Absent,
                    _ => Item::Place(place),
                }
            }
            Reach::Missing { path, home } => {
                self.reads.push(Read {
                    path,
                    seen: Seen::Absent,
                    attribute: None,
                    home,
                    is_sensitive: false,
                });
                Item::Absent
            }
            Reach::Unknown { unknown, at } => {
                self.record(&at);
                Item::Unknown(unknown)
            }
        }
    }

    /// Records that a place was read.
    pub(crate) fn record(&mut self, place: &Place<'a>) {
        let Place { value, attribute, path, home, is_sensitive } = *place;
        let seen = if value.is_null() { Seen::Absent } else { Seen::Value(value) };
        self.reads.push(Read { path, seen, attribute, home, is_sensitive });
    }

    /// Records that resources were looked up.
    pub(crate) fn record_resources(&mut self, kind: SmolStr, attribute: SmolStr, count: usize) {
        let path = self.add_path(None, Step::Root(SmolStr::clone(&kind)));
        let home = self.world.resource.header;
        let seen = Seen::Resources { kind, attribute, count };
        self.reads.push(Read { path, seen, attribute: None, home, is_sensitive: false });
    }

    fn add_name(&mut self, parent: PathId, name: &SmolStr) -> PathId {
        self.add_path(Some(parent), Step::Name(SmolStr::clone(name)))
    }

    fn add_path(&mut self, parent: Option<PathId>, step: Step) -> PathId {
        let id = PathId(u32::try_from(self.paths.len()).unwrap_or(u32::MAX));
        self.paths.push(PathNode { parent, step });
        id
    }

    /// The number of the element in its list, where the path ends with one.
    pub(crate) fn last_index(&self, path: PathId) -> Option<usize> {
        match self.paths.get(path.0 as usize)?.step {
            Step::Index(index) => Some(index),
            _ => None,
        }
    }

    /// Whether a path leads through another, or is it.
    pub(crate) fn is_below(&self, path: PathId, above: PathId) -> bool {
        let parent = |id: &PathId| self.paths.get(id.0 as usize)?.parent;
        std::iter::successors(Some(path), parent).any(|id| id == above)
    }

    /// The path as people write it: `ingress[0].cidr_blocks`.
    pub(crate) fn path_text(&self, path: PathId) -> String {
        let mut text = String::new();
        self.write_path(&mut text, path);
        if text.is_empty() { "self".to_owned() } else { text }
    }

    /// A path is as deep as the condition that makes it.
    fn write_path(&self, text: &mut String, path: PathId) {
        let Some(node) = self.paths.get(path.0 as usize) else { return };
        if let Some(parent) = node.parent {
            self.write_path(text, parent);
        }
        // Writing to a `String` cannot fail.
        let _ = match &node.step {
            Step::Index(index) => write!(text, "[{index}]"),
            Step::Name(name) if !is_plain(name) => write!(text, "[{name:?}]"),
            Step::Root(name) | Step::Name(name) => {
                text.push_str(if text.is_empty() { "" } else { "." });
                text.push_str(name);
                Ok(())
            }
        };
    }
}

/// Whether a name needs no quotes in a path.
fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// An item as a reach: a place keeps being one.
fn made(item: Item<'_>) -> Reach<'_> {
    match item {
        Item::Place(place) => Reach::Found(place),
        other => Reach::Made(other),
    }
}

/// An attribute of a value that was made on the way, by the same rules.
fn attribute_of_made<'a>(item: &Item<'a>, name: &str) -> Item<'a> {
    match item.view() {
        View::Absent => Item::Absent,
        View::Unknown(unknown) => Item::Unknown(part_of(unknown)),
        View::Map(MapView::Made(record)) => match (record.get(name), &record.open) {
            (Some(item), _) => Item::clone(item),
            (None, Some(open)) => Item::Unknown(Arc::clone(open)),
            (None, None) => Item::Absent,
        },
        View::List(ListView::Made(list)) => match (&*list.elements, &list.open) {
            (_, Some(open)) => Item::Unknown(Arc::clone(open)),
            ([], None) => Item::Absent,
            ([only], None) => attribute_of_made(only, name),
            (several, None) => {
                let problem =
                    format!("a list has {} elements where the rule reads `{name}` of one", several.len());
                Item::unknown(rule_problem(&problem))
            }
        },
        // A scalar, or a value of the model, which `made` never lets come here.
        _ => Item::Absent,
    }
}
