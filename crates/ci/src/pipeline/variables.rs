//! Variables that a pipeline sets for all of its jobs, and whether something reads them.

use super::job::{Job, get, list, text};
use super::truth::Truth;
use proofmark_model::{MapBuilder, Resource, SmolStr, Value};
use proofmark_source::Span;
use std::collections::BTreeSet;

/// A variable as it is declared.
struct Declared {
    name: SmolStr,
    place: Span,
}

/// The variables of a pipeline or workflow: `name`, and `is_read`. They are read where a file of the pipeline names them, and
/// surely not where no job gets them; else a program may read what no file shows.
pub fn variables_set(whole: &Resource, jobs: &[Job], texts: &[&str], unread: Option<&SmolStr>) -> Value {
    let declared = declared(whole);
    let names: BTreeSet<&str> = declared.iter().map(|variable| variable.name.as_str()).collect();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    texts.iter().for_each(|text| find_named(text, &names, &mut named));
    let value = |variable: &Declared| {
        let name = variable.name.as_str();
        let reaches_none = || unread.is_none() && !jobs.is_empty() && !jobs.iter().any(|job| gets(job, name));
        let is_read = match () {
            () if named.contains(name) => Truth::True,
            () if reaches_none() => Truth::False,
            () => Truth::Unknown,
        };
        let reason = "no file of the pipeline names it; a program may read it all the same";
        let mut fields = MapBuilder::default();
        fields.set_text("name", name, variable.place);
        fields.set("is_read", is_read.value(reason, variable.place));
        fields.finish(variable.place, variable.place)
    };
    Value::list(declared.iter().map(value).collect(), whole.header)
}

fn declared(whole: &Resource) -> Vec<Declared> {
    let joined = |name: Span, value: Span| if name.file == value.file { name.join(value) } else { name };
    if let Some(env) = get(&whole.attributes, "env").and_then(Value::as_map) {
        let declared = env.entries().iter().map(|entry| Declared {
            name: SmolStr::clone(&entry.name),
            place: joined(entry.name_span, entry.value.origin.span),
        });
        return declared.collect();
    }
    let declared = list(&whole.attributes, "declared_variables").iter().filter_map(|variable| {
        let header = variable.as_map().and_then(|map| map.header)?;
        let name = SmolStr::new(text(variable, "name")?);
        Some(Declared { name, place: joined(header, variable.origin.span) })
    });
    declared.collect()
}

/// Whether a job gets the value that the pipeline sets: it sets none of its own, and inherits it.
fn gets(job: &Job, name: &str) -> bool {
    if job.system == "github" {
        return get(&job.native, "env").is_none_or(|env| get(env, name).is_none());
    }
    let mut variables = list(&job.native, "declared_variables").iter();
    let is_inherited = |variable: &Value| Truth::of(get(variable, "is_own")) == Truth::False;
    variables.any(|variable| text(variable, "name") == Some(name) && is_inherited(variable))
}

/// Adds those of `names` that a text names other than as the key of an entry.
fn find_named<'n>(text: &str, names: &BTreeSet<&'n str>, found: &mut BTreeSet<&'n str>) {
    if names.is_empty() {
        return;
    }
    for line in text.lines() {
        let code = if line.trim_start().starts_with('#') { "" } else { line };
        let lead = code.len() - code.trim_start_matches([' ', '-', '"', '\'']).len();
        let mut begin = 0;
        for word in code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
            let end = begin + word.len();
            if let Some(name) = names.get(word) {
                let behind = code.get(end..).unwrap_or("").trim_start_matches(['"', '\'', ' ']);
                if begin > lead || !behind.starts_with(':') {
                    found.insert(name);
                }
            }
            begin = end + code.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        }
    }
}
