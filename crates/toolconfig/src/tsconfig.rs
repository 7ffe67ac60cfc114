//! TypeScript.
//!
//! Follows the TSConfig reference on `extends`: later files win over earlier ones, the file itself over all of them, option
//! by option inside `compilerOptions`; `files`, `include`, `exclude` replace; `references` are never inherited.

use crate::context::{FileContext, Placed, with_unknown_rest};
use proofmark_model::{Data, FileUse, MapBuilder, StepKind, Value};
use proofmark_source::{FileId, Span, join_path, parent_path};
use proofmark_syntax::{Node, parse_json};

/// How many files an `extends` leads through; a circle ends here.
const MAX_EXTENDS: usize = 10;

/// Packages of the TypeScript team whose settings are published: what they say about type checking.
const BASES: &[(&str, &[(&str, bool)])] = &[
    (
        "@tsconfig/strictest",
        &[("strict", true), ("noUncheckedIndexedAccess", true), ("exactOptionalPropertyTypes", true)],
    ),
    ("@tsconfig/recommended", &[("strict", true)]),
    ("@tsconfig/next", &[("strict", true)]),
    ("@tsconfig/vite-react", &[("strict", true)]),
    ("@tsconfig/create-react-app", &[("strict", true)]),
];

/// `tsconfig`: the file's entries with the `compilerOptions` of everything it extends merged in.
pub fn read(context: &mut FileContext<'_>, place: &Placed<'_>) {
    let mut found = Found::default();
    let visit = Visit { file: context.file, used_at: None, depth: 0 };
    add_file(context, visit, place.node, &mut found);
    let raw = Value::from_node(place.node, place.header);
    let mut fields = MapBuilder::of(&raw);
    for (name, value) in found.lists {
        if raw.at_path(&[name]).is_none() {
            fields.set(name, value);
        }
    }
    let own = place.node.entry("compilerOptions");
    let header = own.map_or(place.header, |entry| entry.key.span);
    let mut options = found.options.finish(own.map_or(place.span, |entry| entry.value.span), header);
    if let Some(missing) = found.missing {
        options = with_unknown_rest(options, &format!("`{missing}` is not in the repository"));
    }
    fields.put("compilerOptions", header, options);
    let stem = context
        .path()
        .rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".json"))
        .unwrap_or("tsconfig")
        .to_owned();
    context.emit_fields("tsconfig", &stem, place.extent(), fields);
}

/// What a file and those it extends say together.
#[derive(Default)]
struct Found {
    options: MapBuilder,
    lists: Vec<(&'static str, Value)>,
    missing: Option<String>,
}

/// A file on the way through `extends`.
#[derive(Clone, Copy)]
struct Visit<'v> {
    file: FileId,
    /// The place in the first file that led here, and the name it gives; behind the first step.
    used_at: Option<(Span, &'v str)>,
    /// How many files lie before it.
    depth: usize,
}

fn add_file(context: &mut FileContext<'_>, visit: Visit<'_>, root: &Node, found: &mut Found) {
    if let Some(extends) = root.get("extends") {
        let nodes: Vec<&Node> =
            if extends.as_str().is_some() { vec![extends] } else { extends.elements().iter().collect() };
        for node in nodes {
            if visit.depth >= MAX_EXTENDS || !add_base(context, visit, node, found) {
                found.missing = Some(node.as_str().unwrap_or("").to_owned());
            }
        }
    }
    let moved = |value: Value| match visit.used_at {
        Some((span, name)) => {
            Value { origin: value.origin.used_at(span, StepKind::Included(name.into())), ..value }
        }
        None => value,
    };
    for option in root.get("compilerOptions").map(Node::entries).unwrap_or_default() {
        let value = moved(Value::from_node(&option.value, option.key.span));
        let place = visit.used_at.map_or(option.key.span, |(span, _)| span);
        found.options.put(option.key.as_str().unwrap_or(""), place, value);
    }
    for name in ["files", "include", "exclude"] {
        if let Some(entry) = root.entry(name) {
            found.lists.retain(|(known, _)| *known != name);
            found.lists.push((name, moved(Value::from_node(&entry.value, entry.key.span))));
        }
    }
}

/// Adds what `extends` names in `node`; false where it is not to be had.
fn add_base(context: &mut FileContext<'_>, visit: Visit<'_>, node: &Node, found: &mut Found) -> bool {
    let name = node.as_str().unwrap_or("");
    let place = visit.used_at.map_or(node.span, |(span, _)| span);
    let package = name.strip_suffix("/tsconfig.json").unwrap_or(name);
    if let Some((_, options)) = BASES.iter().find(|(known, _)| *known == package) {
        put_published(package, options, place, &mut found.options);
        return true;
    }
    let folder = parent_path(context.workspace.path(visit.file)).to_owned();
    let path = if name.starts_with('.') { join_path(&folder, name) } else { join_path("node_modules", name) };
    let Some(path) = path else { return false };
    let ends = ["", ".json", "/tsconfig.json"];
    let base = ends.iter().find_map(|end| context.workspace.find(&format!("{path}{end}")));
    let Some((file, text)) = base.and_then(|base| Some((base, context.workspace.load(base).ok()?))) else {
        return false;
    };
    let parsed = parse_json(file, text);
    let Some(document) = parsed.documents.first() else { return false };
    context.model.files.push(FileUse { file, is_whole: parsed.diagnostics.is_empty() });
    let inner = Visit { file, used_at: Some((place, name)), depth: visit.depth + 1 };
    add_file(context, inner, &document.root, found);
    true
}

/// Adds what a published base sets.
fn put_published(package: &str, options: &[(&str, bool)], place: Span, fields: &mut MapBuilder) {
    for (option, value) in options {
        let value = Value::new(Data::Bool(*value), place);
        let origin = value.origin.used_at(place, StepKind::Default(package.into()));
        fields.put(option, place, Value { origin, ..value });
    }
}
