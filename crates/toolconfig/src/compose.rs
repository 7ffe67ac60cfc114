//! Compose files.
//!
//! Follows the Compose Specification: short spellings of `environment`, `ports`, `volumes` and `env_file` become long ones.

use crate::context::{Extent, FileContext, Placed, entry_place};
use proofmark_model::{Data, MapBuilder, SmolStr, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node};

/// A `compose_service` for each service: its entries with `name`, `variables` (`name`, `value`), `published_ports`
/// (`host_ip`, `published`, `target`, `text`) and `mounts` (`source`, `target`, `is_read_only`).
pub fn read(context: &mut FileContext<'_>, place: &Placed<'_>) {
    for service in place.node.get("services").map(Node::entries).unwrap_or_default() {
        let name = service.key.as_str().unwrap_or("").to_owned();
        let header = service.key.span;
        let span = header.join(service.value.span);
        let mut fields = MapBuilder::of(&interpolated(&Value::from_node(&service.value, header)));
        fields.set_text("name", &name, header);
        fields.set("variables", Value::list(variables(&service.value), header));
        let ports = service.value.get("ports").map(Node::elements).unwrap_or_default();
        fields.set("published_ports", Value::list(ports.iter().map(port_value).collect(), header));
        let volumes = service.value.get("volumes").map(Node::elements).unwrap_or_default();
        fields.set("mounts", Value::list(volumes.iter().map(mount_value).collect(), header));
        let extent = Extent { span, header };
        context.emit_fields("compose_service", &format!("service.{name}"), extent, fields);
    }
}

/// The environment as a list: `A=b` in a list and `A: b` in a map are the same.
fn variables(service: &Node) -> Vec<Value> {
    let Some(environment) = service.get("environment") else { return Vec::new() };
    let pair = |name: &str, value: Option<Value>, at: Span| {
        let mut fields = MapBuilder::default();
        fields.set_text("name", name, at);
        if let Some(value) = value {
            fields.set("value", interpolated(&value));
        }
        fields.finish(at, at)
    };
    let from_entry = |entry: &Entry| {
        let value = Value::from_node(&entry.value, entry.key.span);
        pair(entry.key.as_str().unwrap_or(""), (!value.is_null()).then_some(value), entry_place(entry))
    };
    let from_text = |node: &Node| {
        let text = node.as_str().unwrap_or("");
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        pair(name, value.map(|value| Value::string(value, node.span)), node.span)
    };
    let entries = environment.entries().iter().map(from_entry);
    entries.chain(environment.elements().iter().map(from_text)).collect()
}

/// `[host_ip:][published:]target[/protocol]`, or a map of the same names.
fn port_value(node: &Node) -> Value {
    let at = node.span;
    let raw = interpolated(&Value::from_node(node, at));
    let text = match &raw.data {
        Data::Integer(port) => SmolStr::new(port.to_string()),
        Data::String(text) => SmolStr::clone(text),
        _ => return raw,
    };
    let bare = text.split('/').next().unwrap_or("");
    let (host_ip, ports) = match bare.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
        Some((host_ip, ports)) => (host_ip, ports),
        None if bare.matches(':').count() == 2 => bare.split_once(':').unwrap_or(("", bare)),
        None => ("", bare),
    };
    let (published, target) = ports.rsplit_once(':').unwrap_or(("", ports));
    let mut fields = MapBuilder::default();
    fields.set_text("text", &text, at);
    for (name, value) in [("host_ip", host_ip), ("published", published), ("target", target)] {
        if value.is_empty() {
            continue;
        }
        let data = value.parse().map_or_else(|_| Data::String(value.into()), Data::Integer);
        fields.set(name, Value::new(data, at));
    }
    fields.finish(at, at)
}

/// `[source:]target[:mode]`, or a map of the same names.
fn mount_value(node: &Node) -> Value {
    let at = node.span;
    let raw = interpolated(&Value::from_node(node, at));
    let mut fields = MapBuilder::of(&raw);
    if let Some(text) = raw.as_str() {
        let mut parts = text.split(':');
        let first = parts.next().unwrap_or("");
        match parts.next() {
            Some(target) => {
                fields.set_text("source", first, at);
                fields.set_text("target", target, at);
            }
            None => fields.set_text("target", first, at),
        }
        let is_read_only = parts.next().is_some_and(|mode| mode.split(',').any(|option| option == "ro"));
        fields.set_bool("is_read_only", is_read_only, at);
    } else if let Some(value) = raw.at_path(&["read_only"]) {
        fields.set("is_read_only", Value::clone(value));
    }
    fields.finish(at, at)
}

/// Texts with `${NAME}` are unknown; a default inside them is what the file says.
fn interpolated(value: &Value) -> Value {
    let data = match &value.data {
        Data::String(text) if text.contains('$') => match fill_defaults(text) {
            Some(filled) => Data::String(filled.into()),
            None => {
                let mut unknown = Unknown::because(format!("`{text}` is filled in from the environment"));
                unknown.known.is_set = true;
                Data::Unknown(unknown.into())
            }
        },
        Data::List(elements) => Data::List(elements.iter().map(interpolated).collect()),
        Data::Map(map) => {
            let filled = map.with_values(|entry| interpolated(&entry.value));
            Data::Map(filled.into())
        }
        other => Data::clone(other),
    };
    value.with_data(data)
}

/// The text with `${NAME:-default}` and `$$` replaced; `None` where a variable has no default.
fn fill_defaults(text: &str) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        filled.push_str(rest.get(..at)?);
        let behind = rest.get(at + 1..)?;
        if let Some(escaped) = behind.strip_prefix('$') {
            filled.push('$');
            rest = escaped;
            continue;
        }
        let (content, tail) = behind.strip_prefix('{')?.split_once('}')?;
        let (_, default) = content.split_once('-')?;
        filled.push_str(default);
        rest = tail;
    }
    filled.push_str(rest);
    Some(filled)
}
