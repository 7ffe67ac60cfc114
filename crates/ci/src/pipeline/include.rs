//! What the templates and components of GitLab do that a pipeline includes.

use super::activity::{Activity, Outcome};
use super::event::NO_SCHEDULES_HERE;
use super::job::{DELIVERIES, get, list, text};
use super::step::{Parts, Surroundings};
use super::table::{Row, TEMPLATES};
use super::truth::Truth;
use proofmark_model::{MapBuilder, SmolStr, Unknown, Value};
use proofmark_source::Span;

/// What the templates and components do that a pipeline includes, and why it may do more: an include that nobody here knows.
pub fn included_activities(pipeline: &Value) -> (Vec<Activity>, Option<SmolStr>) {
    let mut found = Vec::new();
    for include in list(pipeline, "include") {
        let place = include.as_map().and_then(|map| map.header).unwrap_or(include.origin.span);
        let named = ["template", "component"].iter().find_map(|kind| Some((*kind, text(include, kind)?)));
        let row = named.and_then(|(kind, name)| template_row(kind, name));
        let (Some((_, name)), Some(row)) = (named, row) else { continue };
        for does in row.activities() {
            let host = row.fact("fails") == Some("host");
            let reason = "rules of the project decide what its findings stop";
            let is_hidden = if host { Truth::Unknown } else { Truth::False };
            let parts = Parts {
                does,
                tool: SmolStr::new(name),
                text: Value::string(name, place),
                outcome: Outcome::blocking(place).hidden(is_hidden, "job", reason, place),
                place,
                fields: on_branches(place),
            };
            let whole = Some(include.origin.span);
            let around = Surroundings { whole, is_sure: Truth::Unknown, ..Surroundings::of_job() };
            found.push(around.activity(parts));
        }
    }
    (found, unread_include(pipeline))
}

/// Why a pipeline may hold further jobs: something was not read, and no row says what it does.
fn unread_include(pipeline: &Value) -> Option<SmolStr> {
    let missing = list(pipeline, "unread").iter().find(|missing| {
        let (kind, name) = (text(missing, "kind").unwrap_or(""), text(missing, "name").unwrap_or(""));
        Truth::of(get(missing, "may_hold_jobs")) != Truth::False && template_row(kind, name).is_none()
    })?;
    Some(SmolStr::new(text(missing, "reason").unwrap_or("a file of the pipeline was not read")))
}

/// GitLab's templates run for every branch that is pushed, and so for every change, if nobody says otherwise; for schedules
/// too, where the project has some.
fn on_branches(place: Span) -> MapBuilder {
    let unknown = || Value::unknown(Unknown::because(NO_SCHEDULES_HERE), place);
    let mut fields = MapBuilder::default();
    fields.set_bool("on_changes", true, place);
    fields.set("on_schedule", unknown());
    fields.set("crons", Value::list(vec![unknown()], place));
    fields
}

/// Whether the jobs of a template or component only look at what is there: they scan it, and deliver nothing.
pub fn only_scans(kind: &str, name: &str) -> bool {
    let row = template_row(kind, name).filter(|row| row.fact("fails") == Some("host"));
    row.is_some_and(|row| row.activities().all(|(does, _)| !DELIVERIES.contains(&does)))
}

/// The row of a template or component.
fn template_row(kind: &str, name: &str) -> Option<&'static Row> {
    let name = name.split('@').next()?;
    let stem = name.strip_suffix(".gitlab-ci.yml").unwrap_or(name);
    let stem = stem.strip_suffix(".latest").unwrap_or(stem);
    let is_named = |row: &&Row| {
        row.words().next().is_some_and(|own| {
            stem == own || stem.strip_suffix(own).is_some_and(|before| before.ends_with('/'))
        })
    };
    TEMPLATES.rows(kind).iter().filter(is_named).max_by_key(|row| row.pattern.len())
}
