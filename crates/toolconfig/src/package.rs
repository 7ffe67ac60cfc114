//! `package.json`.

use crate::context::{FileContext, Placed, entry_place};
use crate::{coverage, eslint, renovate};
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_syntax::{Entry, Node, NodeData};

/// The lock files of npm, Yarn, pnpm and Bun.
const LOCK_FILES: [&str; 6] =
    ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"];

/// The groups of dependencies.
const GROUPS: [&str; 4] = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/// `npm_package`: the file's entries with `dependency_list` (`name`, `version`, `group`, `is_exact`), `script_list`
/// (`name`, `text`, `commands`), `lock_files` (beside it or above it) and the settings of other tools as resources.
pub fn read(context: &mut FileContext<'_>, place: &Placed<'_>) {
    let raw = Value::from_node(place.node, place.header);
    let mut fields = MapBuilder::of(&raw);
    let dependencies = GROUPS.iter().flat_map(|group| dependencies(place.node, group)).collect();
    fields.set("dependency_list", Value::list(dependencies, place.header));
    let scripts = place.node.get("scripts").map(Node::entries).unwrap_or_default();
    fields.set("script_list", Value::list(scripts.iter().map(script_value).collect(), place.header));
    let locks = context.find_upwards(&LOCK_FILES);
    let locks = locks.into_iter().map(|(_, file)| Value::string(context.workspace.path(file), place.header));
    fields.set("lock_files", Value::list(locks.collect(), place.header));
    context.emit_fields("npm_package", "npm_package", place.extent(), fields);
    read_embedded(context, place.node);
}

fn dependencies(root: &Node, group: &str) -> Vec<Value> {
    let entries = root.get(group).map(Node::entries).unwrap_or_default();
    let dependency = |entry: &Entry| {
        let at = entry_place(entry);
        let version = entry.value.as_str().unwrap_or("");
        let mut fields = MapBuilder::default();
        fields.set_text("name", entry.key.as_str().unwrap_or(""), at);
        fields.set_text("version", version, at);
        fields.set_text("group", group, at);
        fields.set_bool("is_exact", is_exact(version), at);
        fields.finish(at, at)
    };
    entries.iter().map(dependency).collect()
}

/// Whether a version leaves nothing to choose: one version, a commit, or a place in the repository.
fn is_exact(version: &str) -> bool {
    let version = version
        .strip_prefix("npm:")
        .and_then(|alias| alias.rsplit_once('@'))
        .map_or(version, |(_, version)| version);
    if ["file:", "link:", "workspace:", "portal:"].iter().any(|local| version.starts_with(local)) {
        return true;
    }
    if let Some((_, commit)) = version.split_once('#') {
        return commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
    }
    let number = version.strip_prefix('=').unwrap_or(version).trim_start_matches('v');
    let core = number.split(['-', '+']).next().unwrap_or("");
    core.split('.').count() == 3 && core.split('.').all(|part| part.parse::<u64>().is_ok())
}

fn script_value(entry: &Entry) -> Value {
    let at = entry_place(entry);
    let mut fields = MapBuilder::default();
    fields.set_text("name", entry.key.as_str().unwrap_or(""), at);
    fields.set_text("text", entry.value.as_str().unwrap_or(""), at);
    fields.set("commands", Value::list(crate::hooks::line_commands(&entry.value), at));
    fields.finish(at, at)
}

/// The settings of other tools inside the manifest.
fn read_embedded(context: &mut FileContext<'_>, root: &Node) {
    for entry in root.entries().iter().filter(|entry| matches!(entry.value.data, NodeData::Mapping(_))) {
        let place = Placed::entry(entry);
        match entry.key.as_str() {
            Some("eslintConfig") => eslint::read(context, &place),
            Some("prettier") => context.emit_node("prettier_config", &place),
            Some("jest") => coverage::read_jest(context, &place),
            Some("nyc" | "c8") => coverage::read_nyc(context, &place),
            Some("lint-staged") => context.emit_node("lint_staged_config", &place),
            Some("commitlint") => context.emit_node("commitlint_config", &place),
            Some("renovate") => renovate::read(context, &place),
            _ => {}
        }
    }
    // `"prettier": "@company/prettier-config"` is a configuration too.
    if let Some(entry) = root.entry("prettier").filter(|entry| entry.value.as_str().is_some()) {
        let place = Placed::entry(entry);
        let mut fields = MapBuilder::default();
        fields.set(
            "extends",
            Value::new(Data::String(entry.value.as_str().unwrap_or("").into()), entry.value.span),
        );
        context.emit_fields("prettier_config", "prettier_config", place.extent(), fields);
    }
}
