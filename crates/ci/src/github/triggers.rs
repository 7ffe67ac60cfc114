//! The three spellings of `on`.

use crate::context::FileContext;
use crate::places::{entry_header, place};
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};

/// A map from trigger to its settings, empty where it has none.
pub fn triggers_value(context: &FileContext<'_>, node: &Node, header: Span) -> Value {
    let mut fields = MapBuilder::default();
    let mut add = |name: &Node, settings: Option<Value>| {
        if let Some(text) = name.as_str() {
            let span = place(name);
            fields.put(text, span, settings.unwrap_or_else(|| MapBuilder::default().finish(span, span)));
        }
    };
    match &node.data {
        NodeData::String(_) => add(node, None),
        NodeData::Sequence(elements) => elements.iter().for_each(|element| add(element, None)),
        NodeData::Mapping(entries) => {
            for entry in entries {
                let settings = context.value(&entry.value, entry_header(entry), &[]);
                let is_empty = matches!(settings.data, Data::Null);
                // `schedule` is a list; every other trigger a map.
                add(&entry.key, (!is_empty).then_some(settings));
            }
        }
        _ => {}
    }
    fields.finish(place(node), header)
}
