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
    context.emit_fields("eslint_config", "eslint_config", place.extent(), fields);
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

/// What has been gathered from a file and those it extends.
#[derive(Default)]
struct Gathered {
    levels: MapBuilder,
    /// A shared configuration that nobody here knows.
    missing: Option<String>,
}

/// Where an `extends` stands.
#[derive(Clone, Copy)]
struct Visit<'v> {
    /// The folder of its file.
    folder: &'v str,
    /// The place in the first file that led here, behind the first step.
    used_at: Option<Span>,
    /// How many files lie before it.
    depth: usize,
}

/// The level of every rule that the file or what it extends sets.
fn effective_levels(context: &FileContext<'_>, root: &Node, header: Span) -> Value {
    let mut gathered = Gathered::default();
    let visit = Visit { folder: parent_path(context.path()), used_at: None, depth: 0 };
    add_extended(context, visit, root, &mut gathered);
    let own = root.entry("rules");
    put_levels(own, &mut gathered.levels);
    let place = own.map_or(header, |entry| entry.key.span);
    let map = gathered.levels.finish(own.map_or(header, |entry| entry.value.span), place);
    match gathered.missing {
        Some(name) => with_unknown_rest(map, &format!("`{name}` is not in the repository")),
        None => map,
    }
}

/// Adds the levels of everything in `extends`, in order, each over the one before.
fn add_extended(context: &FileContext<'_>, visit: Visit<'_>, root: &Node, gathered: &mut Gathered) {
    let Some(extends) = root.get("extends") else { return };
    let names: Vec<&Node> =
        if extends.as_str().is_some() { vec![extends] } else { extends.elements().iter().collect() };
    for node in names {
        let Some(name) = node.as_str() else { continue };
        let span = visit.used_at.unwrap_or(node.span);
        if name.starts_with('.') {
            let visit = Visit { used_at: Some(span), ..visit };
            if visit.depth >= MAX_EXTENDS || !add_file(context, visit, name, gathered) {
                gathered.missing = Some(name.to_owned());
            }
            continue;
        }
        match preset_levels(name) {
            Some(known) => put_preset(name, known, span, &mut gathered.levels),
            None => gathered.missing = Some(name.to_owned()),
        }
    }
}

/// Adds what a well-known shared configuration sets.
fn put_preset(name: &str, known: presets::Levels, span: Span, levels: &mut MapBuilder) {
    for (rule, level) in known {
        let value = Value::string(*level, span);
        let origin = value.origin.used_at(span, StepKind::Default(name.into()));
        levels.put(rule, span, Value { origin, ..value });
    }
}

/// Adds the levels of another file; false where it is not there.
fn add_file(context: &FileContext<'_>, visit: Visit<'_>, name: &str, gathered: &mut Gathered) -> bool {
    let Some(path) = join_path(visit.folder, name) else { return false };
    let ends = ["", ".json", ".yml", ".yaml"];
    let found = ends.iter().find_map(|end| context.workspace.find(&format!("{path}{end}")));
    let Some((file, text)) = found.and_then(|file| Some((file, context.workspace.load(file).ok()?))) else {
        return false;
    };
    let path = context.workspace.path(file);
    let parsed = match text.trim_start().starts_with('{') {
        true => parse_json(file, text),
        false if path.ends_with("js") || path.ends_with("ts") => return false,
        false => parse_yaml(file, text, YamlDialect::Core),
    };
    let (Some(document), Some(span)) = (parsed.documents.first(), visit.used_at) else { return false };
    let inner = Visit { folder: parent_path(path), used_at: Some(span), depth: visit.depth + 1 };
    add_extended(context, inner, &document.root, gathered);
    let mut levels = MapBuilder::default();
    put_levels(document.root.entry("rules"), &mut levels);
    let levels = levels.finish(span, span);
    for entry in levels.as_map().map(|map| map.entries()).unwrap_or_default() {
        let origin = entry.value.origin.used_at(span, StepKind::Included(name.into()));
        gathered.levels.put(&entry.name, span, Value { origin, ..Value::clone(&entry.value) });
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
        levels.put(name, rule.key.span, first.with_data(Data::String(level.into())));
    }
}
