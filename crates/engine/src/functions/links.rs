//! Functions that look at other resources.

use super::not_text;
use crate::condition::Run;
use crate::index::{Linked, Target};
use crate::item::{Item, List, View};
use proofmark_model::{Data, Known, POD_CONTAINER_LISTS, Reference, Resource, SmolStr, Unknown};
use smol_str::format_smolstr;
use std::sync::Arc;

/// The resources of a kind whose attribute points at `self`.
pub(super) fn linked<'a>(run: &mut Run<'a>, kind: &Item<'a>, attribute: &Item<'a>) -> Item<'a> {
    let (kind, attribute) = match (kind.view(), attribute.view()) {
        (View::Text(kind), View::Text(attribute)) => (SmolStr::new(kind), SmolStr::new(attribute)),
        (View::Text(_), other) | (other, _) => return not_text(other),
    };
    let Linked { resources, open } = run.world.index.linked(run.world.resource, &kind, &attribute);
    run.record_resources(kind, attribute, resources.len());
    trees(run, resources, open)
}

/// All resources of a kind.
pub(super) fn resources<'a>(run: &mut Run<'a>, kind: &Item<'a>) -> Item<'a> {
    let View::Text(kind) = kind.view() else { return not_text(kind.view()) };
    let kind = SmolStr::new(kind);
    let Linked { resources, open } = run.world.index.of_kind_beside(run.world.resource, &kind);
    run.record_resources(kind, SmolStr::default(), resources.len());
    trees(run, resources, open)
}

fn trees<'a>(run: &mut Run<'a>, resources: Vec<&'a Resource>, open: Option<Arc<Unknown>>) -> Item<'a> {
    let elements = resources.into_iter().map(|resource| tree(run, resource)).collect();
    Item::List(Arc::new(List { elements, open }))
}

/// The attributes of another resource, with paths that begin with its address.
fn tree<'a>(run: &mut Run<'a>, resource: &'a Resource) -> Item<'a> {
    Item::Place(run.root(&resource.attributes, SmolStr::clone(&resource.address.0), resource.header))
}

/// The resource that a value points at.
pub(super) fn target<'a>(run: &mut Run<'a>, item: &Item<'a>) -> Item<'a> {
    match find_target(run, item) {
        Target::One(resource) => tree(run, resource),
        Target::None => Item::Absent,
        Target::Unknown(unknown) => Item::Unknown(unknown),
    }
}

/// The kind of the resource that a value points at. It tells more than attributes where these say little: a look-up of
/// the default account is as empty as one of the project.
pub(super) fn kind<'a>(run: &Run<'a>, item: &Item<'a>) -> Item<'a> {
    match find_target(run, item) {
        Target::One(resource) => Item::text(resource.kind.0.as_str()),
        Target::None => Item::Absent,
        Target::Unknown(unknown) => {
            let kind = run.world.index.kind_of(&references(run, item));
            kind.map_or(Item::Unknown(unknown), Item::text)
        }
    }
}

/// The address of the resource that a value points at. Resources of one name have addresses of their own, and that of a
/// resource which stands in no file is written in the reference.
pub(super) fn address<'a>(run: &Run<'a>, item: &Item<'a>) -> Item<'a> {
    match find_target(run, item) {
        Target::One(resource) => Item::text(resource.address.0.as_str()),
        Target::None => Item::Absent,
        Target::Unknown(unknown) => {
            let address = run.world.index.undeclared(&references(run, item)).map(Item::text);
            address.unwrap_or(Item::Unknown(unknown))
        }
    }
}

/// The references of a value that say where it points, nearest first.
fn references<'r>(run: &Run<'_>, item: &'r Item<'_>) -> Vec<&'r Reference> {
    let index = run.world.index;
    match item {
        Item::Place(place) => {
            let elements = match &place.value.data {
                Data::List(elements) => elements,
                _ => &[][..],
            };
            let own = index.pointing(place.value).into_iter();
            own.chain(elements.iter().flat_map(|element| index.pointing(element))).collect()
        }
        Item::Unknown(unknown) => unknown.references.iter().collect(),
        _ => Vec::new(),
    }
}

/// The resource that a value points at, by its references, else by its text.
pub(super) fn find_target<'a>(run: &Run<'a>, item: &Item<'a>) -> Target<'a> {
    let index = run.world.index;
    if let Some(target) = index.target_of(&references(run, item)) {
        return target;
    }
    match item.view() {
        View::Text(name) => index.named(name),
        // A text such as JSON with holes is the name of nothing, whatever stands in the holes.
        View::Unknown(unknown)
            if unknown.known.prefix.as_ref().is_some_and(|begin| !index.may_name(begin)) =>
        {
            Target::None
        }
        // That the text is set, or how it begins, does not tell that it names anything.
        View::Unknown(unknown) => {
            Target::Unknown(Arc::new(Unknown { known: Known::default(), ..Unknown::clone(unknown) }))
        }
        _ => Target::None,
    }
}

/// Containers, init containers and ephemeral containers of a pod.
pub(super) fn containers<'a>(run: &mut Run<'a>, pod: &Item<'a>) -> Item<'a> {
    let mut list = List::default();
    match pod.view() {
        View::Absent => return Item::Absent,
        View::Unknown(unknown) => return Item::Unknown(Arc::clone(unknown)),
        _ => {}
    }
    let Item::Place(place) = pod else { return Item::Absent };
    for name in POD_CONTAINER_LISTS {
        let containers = run.attribute_item(*place, &SmolStr::new_static(name));
        match containers.view() {
            View::List(found) => {
                for number in 0..found.len() {
                    list.elements.push(run.element(&containers, number));
                }
            }
            View::Unknown(unknown) => list.open = list.open.or_else(|| Some(Arc::clone(unknown))),
            View::Absent => {}
            other => {
                let reason = format_smolstr!("`{name}` is {} where a list belongs", other.type_name());
                list.open = list.open.or_else(|| Some(Arc::new(Unknown::because(reason))));
            }
        }
    }
    Item::List(Arc::new(list))
}
