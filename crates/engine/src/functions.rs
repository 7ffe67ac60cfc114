//! The functions that conditions may call. Their names and shapes are in [`proofmark_rules::FUNCTIONS`].
//!
//! Absent arguments give absent, unknown ones unknown, unless the function says otherwise.

mod base64;
mod date;
mod flags;
mod image;
mod json;
mod links;
mod network;
mod policy;
mod quantity;
mod text;

use crate::compare::rule_problem;
use crate::condition::Run;
use crate::item::{Item, View};
use std::sync::Arc;

/// Calls a function. Missing arguments are absent; the loader has checked their number.
pub(crate) fn call<'a>(run: &mut Run<'a>, name: &str, arguments: [Item<'a>; 3], count: usize) -> Item<'a> {
    let [first, second, third] = arguments;
    match name {
        "linked" => links::linked(run, &first, &second),
        "target" => links::target(run, &first),
        "kind" => links::kind(run, &first),
        "address" => links::address(run, &first),
        "resources" => links::resources(run, &first),
        "containers" => links::containers(run, &first),
        "policy" => policy::policy(run, &first),
        "size" => text::size(&first),
        "contains" => text::contains(&first, &second, run.is_lenient()),
        "startsWith" => text::starts_with(&first, &second, run.is_lenient()),
        "endsWith" => text::ends_with(&first, &second, run.is_lenient()),
        "matches" => text::matches(run, &first, &second),
        "glob" => text::glob(run, &first, &second),
        "split" => text::split(&first, &second),
        "join" => text::join(&first, if count > 1 { Some(&second) } else { None }),
        "replace" => text::replace(&first, &second, &third),
        "flatten" => text::flatten(run, &first),
        "flags" => flags::flags(run, &first),
        "string" => text::string(&first),
        "int" => text::int(&first),
        "double" => text::double(&first),
        "trim" => on_text(&first, |text| Item::text(text.trim())),
        "lower" => on_text(&first, |text| Item::text(text.to_lowercase())),
        "upper" => on_text(&first, |text| Item::text(text.to_uppercase())),
        "lowerAscii" => on_text(&first, |text| Item::text(text.to_ascii_lowercase())),
        "upperAscii" => on_text(&first, |text| Item::text(text.to_ascii_uppercase())),
        "json" => json::json(&first),
        "base64" => base64::base64(&first),
        "image" => on_text(&first, image::parse),
        "semver" => text::semver(&first),
        "quantity" => quantity::quantity(&first),
        "duration" => quantity::duration(&first),
        "cron_interval" => on_text(&first, date::cron_interval),
        "date" => on_text(&first, date::date),
        "age_days" => date::age_days(&first, run.world.context.as_of),
        "cidr" => on_text(&first, network::cidr),
        "is_public" => on_text(&first, network::is_public),
        "within" => on_text(&first, |inner| on_text(&second, |outer| network::within(inner, outer))),
        // The loader knows no other names.
        other => Item::unknown(rule_problem(&format!("there is no function `{other}`"))),
    }
}

/// A function of one text.
fn on_text<'a>(item: &Item<'a>, function: impl FnOnce(&str) -> Item<'a>) -> Item<'a> {
    match item.view() {
        View::Text(text) => function(text),
        other => not_text(other),
    }
}

/// What a function of a text makes of something else.
fn not_text<'a>(view: View<'_, 'a>) -> Item<'a> {
    match view {
        View::Absent => Item::Absent,
        View::Unknown(unknown) | View::Between(.., unknown) => Item::Unknown(Arc::clone(unknown)),
        other => Item::unknown(rule_problem(&format!("{} is no text", other.type_name()))),
    }
}
