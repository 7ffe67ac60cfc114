//! Which versions of which runtimes a job works with.

use super::action::text_of;
use super::job::{Job, get, list, text};
use super::truth::Truth;
use proofmark_model::{Data, MapBuilder, SmolStr, Value};

/// Names of images that hold a runtime, and the runtime.
const IMAGES: [(&str, &str); 6] = [
    ("dotnet/sdk", "dotnet"),
    ("golang", "go"),
    ("node", "node"),
    ("php", "php"),
    ("python", "python"),
    ("ruby", "ruby"),
];

/// The runtimes of a job that name a version, each where that is written: those that a step sets up, and that of its own image.
/// `has_choices` tells that it runs once for each of several versions.
pub fn runtimes(job: &Job, settings: &Value) -> Value {
    let has_choices = get(&job.native, "strategy").is_some_and(|strategy| get(strategy, "matrix").is_some())
        || get(&job.native, "parallel").is_some_and(|parallel| get(parallel, "matrix").is_some());
    let entry = |runtime: &str, version: Value| {
        let span = version.origin.span;
        let mut fields = MapBuilder::default();
        fields.set_text("runtime", runtime, span);
        fields.set("version", version);
        fields.set_bool("has_choices", has_choices, span);
        fields.finish(span, span)
    };
    let mut found = Vec::new();
    for value in job.values.iter().filter(|value| text(value, "does") == Some("setup")) {
        let (Some(runtime), Some(version)) = (text(value, "kind"), get(value, "version")) else { continue };
        match text_of(version) {
            // Some actions take several, line by line.
            Some(lines) => found.extend(lines.lines().map(|line| {
                let line = line.trim().trim_start_matches('v');
                entry(runtime, version.with_data(Data::String(line.into())))
            })),
            None => found.push(entry(runtime, Value::clone(version))),
        }
    }
    let images = list(settings, "container_images").iter().filter_map(|image| {
        let name = get(image, "image").filter(|_| Truth::of(get(image, "is_service")) == Truth::False)?;
        let (runtime, version) = held_by(name.as_str()?)?;
        Some(entry(runtime, name.with_data(Data::String(version))))
    });
    found.extend(images);
    Value::list(found, job.header)
}

/// The runtime that an image holds, with the version at the beginning of its tag.
fn held_by(image: &str) -> Option<(&'static str, SmolStr)> {
    let (name, tag) = image.split('@').next()?.rsplit_once(':')?;
    let is_held =
        |own: &str| name == own || name.strip_suffix(own).is_some_and(|before| before.ends_with('/'));
    let (_, runtime) = IMAGES.iter().find(|(own, _)| is_held(own))?;
    let end = tag.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(tag.len());
    let version = tag.get(..end).filter(|version| !version.is_empty())?;
    Some((runtime, SmolStr::new(version.trim_end_matches('.'))))
}
