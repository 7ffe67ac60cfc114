//! Jobs of a GitLab pipeline.

use super::merge::{inherited_node, merged_job, script_nodes};
use crate::context::FileContext;
use crate::places::{relocate, unknown_but_set};
use proofmark_model::{Data, MapBuilder, Origin, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, Style};

/// The sections of a job that hold commands, in the order in which they run.
const SECTIONS: [&str; 3] = ["before_script", "script", "after_script"];

/// The attributes of a job: everything merged, with `name`, `scripts`, `commands`, `images` (its own
/// and those of its services), and `image`, `services` and
/// `environment` in their longest spelling.
pub fn job_value(context: &FileContext<'_>, root: &Node, entry: &Entry) -> Value {
    let merged = merged_job(context, root, entry);
    let mut fields = MapBuilder::of(&merged);
    let header = entry.key.span;
    fields.set_text("name", entry.key.as_str().unwrap_or(""), header);
    let variables = merged.as_map().and_then(|map| map.value("variables")).cloned();
    let get = |name: &str| merged.as_map().and_then(|map| map.get(name));
    if let Some(image) = get("image") {
        fields.put("image", image.name_span, image_value(&image.value, variables.as_ref()));
    }
    let mut images: Vec<Value> =
        get("image").map(|image| image_value(&image.value, variables.as_ref())).into_iter().collect();
    if let Some(services) = get("services") {
        let list = services.value.as_list().unwrap_or(&[]);
        let list: Vec<Value> = list.iter().map(|service| image_value(service, variables.as_ref())).collect();
        images.extend(list.iter().map(Value::clone));
        fields.put("services", services.name_span, services.value.with_data(Data::List(list.into())));
    }
    fields.set("images", Value::list(images, header));
    if let Some(environment) = get("environment").filter(|entry| entry.value.as_str().is_some()) {
        let span = environment.value.origin.span;
        let mut map = MapBuilder::default();
        map.set("name", Value::clone(&environment.value));
        fields.put("environment", environment.name_span, map.finish(span, environment.name_span.join(span)));
    }
    let (scripts, commands) = scripts(context, root, entry);
    fields.set("scripts", Value::list(scripts, header));
    fields.set("commands", Value::list(commands, header));
    fields.finish(entry.value.span, header)
}

/// An image in its long form, with pipeline variables filled in where the file says what they are.
fn image_value(value: &Value, variables: Option<&Value>) -> Value {
    let span = value.origin.span;
    if value.as_str().is_some() {
        let mut fields = MapBuilder::default();
        fields.set("name", filled_in(value, variables));
        let mut map = fields.finish(span, span);
        map.origin = Origin::clone(&value.origin);
        return map;
    }
    let Some(map) = value.as_map() else { return Value::clone(value) };
    let mut fields = MapBuilder::of(value);
    if let Some(name) = map.get("name") {
        fields.put("name", name.name_span, filled_in(&name.value, variables));
    }
    fields.finish(span, map.header.unwrap_or(span))
}

/// A text with `$NAME` and `${NAME}` replaced; unknown where one of them is set elsewhere.
fn filled_in(value: &Value, variables: Option<&Value>) -> Value {
    let Some(text) = value.as_str().filter(|text| text.contains('$')) else {
        return Value::clone(value);
    };
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        filled.push_str(rest.get(..at).unwrap_or(""));
        let behind = rest.get(at + 1..).unwrap_or("");
        let inner = behind.strip_prefix('{').unwrap_or(behind);
        let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
        let name = inner.get(..end).unwrap_or("");
        let known = variables.and_then(|variables| variables.as_map()?.value(name)?.as_str());
        let Some(known) = known.filter(|known| !known.contains('$')) else {
            let reason = format!("`${name}` is set outside the file");
            return Value {
                origin: Origin::clone(&value.origin),
                ..unknown_but_set(reason, value.origin.span)
            };
        };
        filled.push_str(known);
        let tail = inner.get(end..).unwrap_or("");
        rest = if behind.starts_with('{') { tail.strip_prefix('}').unwrap_or(tail) } else { tail };
    }
    filled.push_str(rest);
    value.with_data(Data::String(filled.into()))
}

/// The script lines (`text`, `section`, `is_folded`) and their commands (with `section`).
fn scripts(context: &FileContext<'_>, root: &Node, entry: &Entry) -> (Vec<Value>, Vec<Value>) {
    let mut scripts = Vec::new();
    let mut commands = Vec::new();
    for section in SECTIONS {
        let own = inherited_node(root, &entry.value, section, 0);
        let shared = || {
            let node = root.at_path(&["default", section]).or_else(|| root.get(section))?;
            (section != "script").then_some((node, Some(entry.key.span)))
        };
        let Some((node, moved)) = own.or_else(shared) else { continue };
        let mut nodes = Vec::new();
        script_nodes(root, node, 0, &mut nodes);
        for node in nodes {
            // Of a line that a reference brought, the job's own header is the only place inside the job.
            let is_inside = entry.value.span.contains(node.span);
            let moved = moved.or((!is_inside).then_some(entry.key.span));
            scripts.push(line_value(context, node, section, moved));
            commands.extend(commands_of(context, node, section, moved));
        }
    }
    (scripts, commands)
}

fn line_value(context: &FileContext<'_>, node: &Node, section: &str, moved: Option<Span>) -> Value {
    let span = node.included_at.unwrap_or(node.span);
    let mut fields = MapBuilder::default();
    fields.set_text("text", node.as_str().unwrap_or(""), span);
    fields.set_text("section", section, span);
    let is_folded = node.style == Style::Plain && node.span.slice(context.text).contains('\n');
    fields.set_bool("is_folded", is_folded, span);
    settle(fields.finish(span, span), moved)
}

fn commands_of(context: &FileContext<'_>, node: &Node, section: &str, moved: Option<Span>) -> Vec<Value> {
    let commands = context.commands(node);
    let with_section = |command: &Value| {
        let span = command.origin.span;
        let mut fields = MapBuilder::of(command);
        fields.set_text("section", section, span);
        settle(fields.finish(span, span), moved)
    };
    commands.iter().map(with_section).collect()
}

fn settle(value: Value, moved: Option<Span>) -> Value {
    match moved {
        Some(place) => relocate(&value, place, "a template"),
        None => value,
    }
}
