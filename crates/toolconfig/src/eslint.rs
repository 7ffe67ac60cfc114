//! ESLint.
//!
//! Follows ESLint's documentation "Configuration Files (Deprecated)". What a shared configuration sets is known for those
//! in `presets.rs`; after any other, a rule that the file itself does not name is unknown.

mod presets;

use crate::context::{FileContext, Placed, text_list, with_unknown_rest};
use presets::preset_levels;
use proofmark_model::{Data, MapBuilder, StepKind, Unknown, Value};
use proofmark_source::{Span, join_path, parent_path};
use proofmark_syntax::{Entry, Node, YamlDialect, parse_json, parse_yaml};

/// How many files an `extends` leads through; a circle ends here.
const MAX_EXTENDS: usize = 10;

/// `eslint_config`: the file's entries with `format`, `extends` and `plugins` as lists, `rule_levels` (`off`, `warn`,
/// `error` by rule, with what it extends merged in) and `overrides` with `rule_levels` of their
/// own; `eslint_version` as the nearest manifest has it.
pub fn read(context: &mut FileContext<'_>, place: &Placed<'_>) {
    let raw = Value::from_node(place.node, place.header);
    let mut fields = MapBuilder::of(&raw);
    fields.set_text("format", "legacy", place.header);
    for name in ["extends", "plugins"] {
        if let Some(entry) = raw.as_map().and_then(|map| map.get(name)) {
            fields.put(name, entry.name_span, text_list(&entry.value));
        }
    }
    fields.set("eslint_version", installed_version(context));
    fields.set("rule_levels", effective_levels(context, place.node, place.header));
    if let Some(entry) = place.node.entry("overrides") {
        let overrides = entry.value.elements().iter().map(|element| {
            let header = element.entries().first().map_or(element.span, |entry| entry.key.span);
            let mut fields = MapBuilder::of(&Value::from_node(element, header));
            let mut levels = MapBuilder::default();
            put_levels(element.entry("rules"), &mut levels);
            fields.set("rule_levels", levels.finish(element.span, header));
            fields.finish(element.span, header)
        });
        fields.put("overrides", entry.key.span, Value::list(overrides.collect(), entry.value.span));
    }
    let attributes = fields.finish(place.span, place.header);
    context.emit("eslint_config", "eslint_config", place.span, place.header, attributes);
}

/// The version of ESLint that the nearest manifest asks for; unknown where none does.
fn installed_version(context: &FileContext<'_>) -> Value {
    let line = context.first_line();
    for (_, file) in context.find_upwards(&["package.json"]) {
        let Ok(text) = context.workspace.load(file) else { continue };
        let parsed = parse_json(file, text);
        let root = parsed.documents.first().map(|document| &document.root);
        let groups = ["devDependencies", "dependencies"];
        let found = root.and_then(|root| groups.iter().find_map(|group| root.at_path(&[group, "eslint"])));
        if let Some(node) = found {
            let value = Value::from_node(node, line);
            let origin = value.origin.used_at(line, StepKind::Included("package.json".into()));
            return Value { origin, ..value };
        }
    }
    Value::unknown(Unknown::because("no `package.json` names the version of ESLint"), line)
}

/// The level of every rule that the file or what it extends sets.
fn effective_levels(context: &FileContext<'_>, root: &Node, header: Span) -> Value {
    let mut levels = MapBuilder::default();
    let mut unknown = None;
    let folder = parent_path(context.path()).to_owned();
    add_extended(context, &folder, root, None, 0, &mut levels, &mut unknown);
    let own = root.entry("rules");
    put_levels(own, &mut levels);
    let place = own.map_or(header, |entry| entry.key.span);
    let map = levels.finish(own.map_or(header, |entry| entry.value.span), place);
    match unknown {
        Some(name) => with_unknown_rest(map, &format!("`{name}` is not in the repository")),
        None => map,
    }
}

/// Adds the levels of everything in `extends`, in order, each over the one before.
fn add_extended(
    context: &FileContext<'_>,
    folder: &str,
    root: &Node,
    seen_at: Option<Span>,
    depth: usize,
    levels: &mut MapBuilder,
    unknown: &mut Option<String>,
) {
    let Some(extends) = root.get("extends") else { return };
    let names: Vec<&Node> =
        if extends.as_str().is_some() { vec![extends] } else { extends.elements().iter().collect() };
    for node in names {
        let Some(name) = node.as_str() else { continue };
        let span = seen_at.unwrap_or(node.span);
        if name.starts_with('.') {
            if depth >= MAX_EXTENDS || !add_file(context, folder, name, span, depth, levels, unknown) {
                *unknown = Some(name.to_owned());
            }
            continue;
        }
        match preset_levels(name) {
            Some(known) => {
                for (rule, level) in known {
                    let value = Value::string(*level, span);
                    let origin = value.origin.used_at(span, StepKind::Default(name.into()));
                    levels.put(rule, span, Value { origin, ..value });
                }
            }
            None => *unknown = Some(name.to_owned()),
        }
    }
}

/// Adds the levels of another file; false where it is not there.
fn add_file(
    context: &FileContext<'_>,
    folder: &str,
    name: &str,
    span: Span,
    depth: usize,
    levels: &mut MapBuilder,
    unknown: &mut Option<String>,
) -> bool {
    let Some(path) = join_path(folder, name) else { return false };
    let found =
        ["", ".json", ".yml", ".yaml"].iter().find_map(|end| context.workspace.find(&format!("{path}{end}")));
    let Some((file, text)) = found.and_then(|file| Some((file, context.workspace.load(file).ok()?))) else {
        return false;
    };
    let path = context.workspace.path(file);
    let parsed = match text.trim_start().starts_with('{') {
        true => parse_json(file, text),
        false if path.ends_with("js") || path.ends_with("ts") => return false,
        false => parse_yaml(file, text, YamlDialect::Core),
    };
    let Some(document) = parsed.documents.first() else { return false };
    add_extended(context, parent_path(path), &document.root, Some(span), depth + 1, levels, unknown);
    let mut inner = MapBuilder::default();
    put_levels(document.root.entry("rules"), &mut inner);
    let inner = inner.finish(span, span);
    for entry in inner.as_map().map(|map| map.entries()).unwrap_or_default() {
        let origin = entry.value.origin.used_at(span, StepKind::Included(name.into()));
        levels.put(&entry.name, span, Value { origin, ..entry.value.clone() });
    }
    true
}

/// Adds the levels under `rules`: `2`, `"error"`, `["error", …]` are the same.
fn put_levels(rules: Option<&Entry>, levels: &mut MapBuilder) {
    for rule in rules.map(|entry| entry.value.entries()).unwrap_or_default() {
        let value = Value::from_node(&rule.value, rule.key.span);
        let first = value.as_list().and_then(|list| list.first()).unwrap_or(&value);
        let level = match &first.data {
            Data::Integer(0) => "off",
            Data::Integer(1) => "warn",
            Data::Integer(2) => "error",
            Data::String(text) => text.as_str(),
            _ => continue,
        };
        let name = rule.key.as_str().unwrap_or("");
        levels.put(name, rule.key.span, Value { data: Data::String(level.into()), ..first.clone() });
    }
}
