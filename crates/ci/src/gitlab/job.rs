//! The attributes of a job.

use super::defaults::Variables;
use super::images::{as_list, filled_in, image_value};
use super::keywords::DEFAULT_STAGE;
use super::rules::{filter_value, needs_value, rules_value};
use super::scripts::Scripts;
use super::secrets::secret_names;
use super::tree::{flat, texts};
use proofmark_model::{Data, Map, MapBuilder, Origin, SmolStr, StepKind, Value};
use proofmark_source::Span;

/// A job that runs, with everything merged into it.
pub struct Job {
    /// Its name, with the values of its matrix.
    pub name: SmolStr,
    /// Its name as the files write it.
    pub base_name: SmolStr,
    /// Where its name stands.
    pub header: Span,
    /// Its keywords, with what it extends and inherits.
    pub value: Value,
    /// Its variables.
    pub variables: Variables,
    /// The variables that the matrix sets for this one.
    pub matrix: Option<Map>,
}

impl Job {
    /// The whole of it: from the name to the end of its last value.
    pub fn span(&self) -> Span {
        self.header.join(self.value.origin.span)
    }
}

/// Keywords that take a list and may be written as a single value.
const LISTS: [&str; 4] = ["cache", "dependencies", "extends", "tags"];

/// Keywords that take a map and may be written as a single value, with the key that the value then stands for.
const SHORT: [(&str, &str); 4] =
    [("environment", "name"), ("parallel", "total"), ("retry", "max"), ("trigger", "project")];

/// The attributes of a job: its keywords in their longest spelling, with `name`, `base_name`, `matrix`, `scripts`,
/// `commands`, `images` (its own and those of its services), `declared_variables` and `secret_names`.
pub fn job_value(job: &Job, scripts: Scripts) -> Value {
    let header = job.header;
    let mut fields = MapBuilder::of(&job.value);
    fields.set_text("name", &job.name, header);
    fields.set_text("base_name", &job.base_name, header);
    if let Some(matrix) = &job.matrix {
        fields.set("matrix", Value::map(Map::clone(matrix), header));
    }
    let variables = job.variables.values(header, header);
    put_stage(job, &mut fields);
    put_images(job, &variables, &mut fields);
    put_lists(job, &mut fields);
    put_maps(job, &variables, &mut fields);
    put_conditions(job, &mut fields);
    let declared = job.variables.declared(header);
    fields.set("secret_names", secret_names(&scripts.commands, &declared, header));
    if !job.variables.is_empty() {
        fields.set("declared_variables", declared);
        fields.set("variables", variables);
    }
    fields.set("scripts", Value::list(scripts.lines, header));
    fields.set("commands", Value::list(scripts.commands, header));
    let unknown_rest = job.value.as_map().and_then(|map| map.unknown_rest.clone());
    let value = fields.finish(job.value.origin.span, header);
    let Data::Map(map) = &value.data else { return value };
    let mut map = Map::clone(map);
    map.unknown_rest = unknown_rest;
    value.with_data(Data::Map(map.into()))
}

fn put_stage(job: &Job, fields: &mut MapBuilder) {
    let map = job.value.as_map();
    let is_open = map.is_some_and(|map| map.unknown_rest.is_some());
    let is_unset = map.and_then(|map| map.value("stage")).is_none_or(Value::is_null);
    if is_unset && !is_open {
        let origin = Origin::at(job.header).used_at(job.header, StepKind::Default("GitLab".into()));
        fields.set("stage", Value { origin, ..Value::string(DEFAULT_STAGE, job.header) });
    }
}

fn put_images(job: &Job, variables: &Value, fields: &mut MapBuilder) {
    let mut images = Vec::new();
    let map = job.value.as_map();
    if let Some(image) = map.and_then(|map| map.get("image")).filter(|image| !image.value.is_null()) {
        let value = image_value(&image.value, variables);
        images.push(Value::clone(&value));
        fields.put("image", image.name_span, value);
    }
    if let Some(services) = map.and_then(|map| map.get("services")) {
        let values = flat(&services.value).into_iter().map(|service| image_value(service, variables));
        let values: Vec<Value> = values.collect();
        let is_known = services.value.as_unknown().is_none();
        if is_known {
            images.extend(values.iter().map(Value::clone));
            fields.put("services", services.name_span, services.value.with_data(Data::List(values.into())));
        }
    }
    fields.set("images", Value::list(images, job.header));
}

fn put_lists(job: &Job, fields: &mut MapBuilder) {
    let Some(map) = job.value.as_map() else { return };
    for name in LISTS {
        if let Some(entry) = map.get(name) {
            fields.put(name, entry.name_span, as_list(&entry.value));
        }
    }
    for name in ["before_script", "script", "after_script"] {
        if let Some(entry) = map.get(name).filter(|entry| entry.value.as_unknown().is_none()) {
            let lines: Vec<Value> = match flat(&entry.value).iter().any(|line| line.as_unknown().is_some()) {
                true => flat(&entry.value).into_iter().cloned().collect(),
                false => texts(&entry.value).into_iter().cloned().collect(),
            };
            fields.put(name, entry.name_span, entry.value.with_data(Data::List(lines.into())));
        }
    }
}

fn put_maps(job: &Job, variables: &Value, fields: &mut MapBuilder) {
    let Some(map) = job.value.as_map() else { return };
    for (name, key) in SHORT {
        let Some(entry) = map.get(name) else { continue };
        let span = entry.value.origin.span;
        let value = match &entry.value.data {
            Data::String(_) | Data::Integer(_) => {
                let mut long = MapBuilder::default();
                long.set(key, Value::clone(&entry.value));
                let mut value = long.finish(span, entry.name_span.join(span));
                value.origin = Origin::clone(&entry.value.origin);
                value
            }
            _ => Value::clone(&entry.value),
        };
        let value = if name == "environment" { environment_value(&value, variables) } else { value };
        fields.put(name, entry.name_span, value);
    }
}

/// The environment with variables filled in where its name and address hold some.
fn environment_value(value: &Value, variables: &Value) -> Value {
    let Data::Map(map) = &value.data else { return Value::clone(value) };
    let filled = map.with_values(|entry| match entry.name.as_str() {
        "name" | "url" => filled_in(&entry.value, variables),
        _ => Value::clone(&entry.value),
    });
    value.with_data(Data::Map(filled.into()))
}

fn put_conditions(job: &Job, fields: &mut MapBuilder) {
    let Some(map) = job.value.as_map() else { return };
    if let Some(rules) = map.get("rules") {
        fields.put("rules", rules.name_span, rules_value(&rules.value));
    }
    if let Some(needs) = map.get("needs") {
        fields.put("needs", needs.name_span, needs_value(&needs.value));
    }
    for name in ["only", "except"] {
        if let Some(filter) = map.get(name) {
            fields.put(name, filter.name_span, filter_value(&filter.value, filter.name_span));
        }
    }
}
