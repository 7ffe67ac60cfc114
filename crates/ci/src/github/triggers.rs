//! The three spellings of `on`.

use crate::context::FileContext;
use crate::places::{element_header, entry_header, place};
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};

/// Filters that are a text or a list of texts, with the name that rules see.
const FILTERS: [(&str, &str); 8] = [
    ("branches", "branches"),
    ("branches-ignore", "branches_ignore"),
    ("tags", "tags"),
    ("tags-ignore", "tags_ignore"),
    ("paths", "paths"),
    ("paths-ignore", "paths_ignore"),
    ("types", "types"),
    ("workflows", "workflows"),
];

/// Maps from a name to what is declared under it.
const DECLARATIONS: [&str; 3] = ["inputs", "secrets", "outputs"];

/// The names and settings of the triggers, in order of place.
pub fn events(node: &Node) -> Vec<(&Node, Option<&Node>)> {
    match &node.data {
        NodeData::String(_) => vec![(node, None)],
        NodeData::Sequence(elements) => elements.iter().map(|element| (element, None)).collect(),
        NodeData::Mapping(entries) => entries.iter().map(|entry| (&entry.key, Some(&entry.value))).collect(),
        _ => Vec::new(),
    }
}

/// A map from trigger to its settings, empty where it has none.
pub fn triggers_value(context: &FileContext<'_>, node: &Node, header: Span) -> Value {
    let mut fields = MapBuilder::default();
    for (name, settings) in events(node) {
        let Some(text) = name.as_str() else { continue };
        let span = place(name);
        let settings = settings.map(|settings| context.value(settings, span, &[]));
        // `schedule` is a list; every other trigger a map.
        let settings = settings.filter(|settings| !matches!(settings.data, Data::Null));
        fields.put(text, span, settings.unwrap_or_else(|| MapBuilder::default().finish(span, span)));
    }
    fields.finish(place(node), header)
}

/// The triggers in one form: a list of `event` with its filters as lists of texts, `crons`, and `inputs`, `secrets` and
/// `outputs` as lists with `name`.
pub fn triggers_list(context: &FileContext<'_>, node: &Node) -> Value {
    let triggers = events(node).into_iter().filter_map(|(name, settings)| {
        let span = place(name);
        let mut fields = MapBuilder::default();
        fields.set_text("event", name.as_str()?, span);
        if let Some(settings) = settings {
            put_settings(context, settings, span, &mut fields);
        }
        Some(fields.finish(span, span))
    });
    Value::list(triggers.collect(), place(node))
}

fn put_settings(context: &FileContext<'_>, settings: &Node, header: Span, fields: &mut MapBuilder) {
    for (written, name) in FILTERS {
        if let Some(entry) = settings.entry(written) {
            fields.put(name, entry.key.span, texts(context, &entry.value));
        }
    }
    for name in DECLARATIONS {
        if let Some(entry) = settings.entry(name) {
            let declared = entry.value.entries().iter().map(|entry| declaration(context, entry));
            fields.put(name, entry.key.span, Value::list(declared.collect(), place(&entry.value)));
        }
    }
    if !settings.elements().is_empty() {
        let crons = settings.elements().iter().filter_map(|element| {
            let cron = element.get("cron")?;
            Some(context.value(cron, element_header(element), &[]))
        });
        fields.put("crons", header, Value::list(crons.collect(), place(settings)));
    }
}

/// What is declared under a name, with that `name`.
pub fn declaration(context: &FileContext<'_>, entry: &Entry) -> Value {
    let mut fields = MapBuilder::of(&context.value(&entry.value, entry_header(entry), &["description"]));
    fields.set_text("name", entry.key.as_str().unwrap_or(""), entry.key.span);
    fields.finish(entry.key.span.join(place(&entry.value)), entry.key.span)
}

/// A text or a list of texts as a list.
fn texts(context: &FileContext<'_>, node: &Node) -> Value {
    match &node.data {
        NodeData::Sequence(_) => context.value(node, place(node), &[]),
        NodeData::Null => Value::list(Vec::new(), place(node)),
        _ => Value::list(vec![context.value(node, place(node), &[])], place(node)),
    }
}
