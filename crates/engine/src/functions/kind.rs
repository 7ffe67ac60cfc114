//! What kind of resource a value points at.

use super::links::find_target;
use crate::condition::Run;
use crate::index::Target;
use crate::item::Item;

/// The kind of the resource that a value points at, which tells more than its attributes where these say little:
/// a look-up of the default account has none that differ from those of any other look-up.
pub(super) fn kind<'a>(run: &Run<'a>, item: &Item<'a>) -> Item<'a> {
    match find_target(run, item) {
        Target::One(resource) => Item::text(resource.kind.0.as_str()),
        Target::None => Item::Absent,
        Target::Unknown(unknown) => Item::Unknown(unknown),
    }
}
