//! Defaults that providers changed between their versions; see `defaults.yaml`.

use crate::config::ResourceConfig;
use crate::evaluator::{Evaluator, Instance};
use crate::version::{Version, Versions};
use proofmark_model::{Attribute, Data, Map, Origin, SmolStr, Step, StepKind, Value};
use proofmark_source::{FileId, Span};
use proofmark_syntax::{Node, YamlDialect, parse_yaml};
use smol_str::format_smolstr;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// The table, as it is written.
const TEXT: &str = include_str!("defaults.yaml");

/// A default that changed.
struct Changed {
    resource: SmolStr,
    /// The names of blocks that lead to it, and its own.
    path: Vec<SmolStr>,
    provider: SmolStr,
    values: Vec<Default>,
}

/// What a default is, or was.
struct Default {
    from: Option<Version>,
    before: Option<Version>,
    data: Data,
    /// What evidence calls it.
    name: SmolStr,
}

static CHANGED: LazyLock<Vec<Changed>> = LazyLock::new(|| {
    let parsed = parse_yaml(FileId(u32::MAX), TEXT, YamlDialect::Core);
    let rows = parsed.documents.first().map_or(&[][..], |document| document.root.elements());
    rows.iter().filter_map(Changed::read).collect()
});

impl Changed {
    fn read(row: &Node) -> Option<Self> {
        let text = |name: &str| row.get(name).and_then(Node::as_str);
        let provider = text("provider")?;
        let values = row.get("values")?.elements().iter();
        Some(Self {
            resource: SmolStr::new(text("resource")?),
            path: text("attribute")?.split('.').map(SmolStr::new).collect(),
            provider: SmolStr::new(provider),
            values: values.map(|node| Default::read(node, provider)).collect::<Option<_>>()?,
        })
    }
}

impl Default {
    fn read(node: &Node, provider: &str) -> Option<Self> {
        let bound = |name: &str| node.get(name).and_then(Node::as_str);
        let name = match (bound("from"), bound("before")) {
            (Some(from), _) => format_smolstr!("the provider `{provider}` from version {from}"),
            (None, Some(before)) => format_smolstr!("the provider `{provider}` before version {before}"),
            (None, None) => return None,
        };
        let data = Value::from_node(node.get("value")?, node.span).data;
        Some(Self {
            from: bound("from").and_then(Version::parse),
            before: bound("before").and_then(Version::parse),
            data,
            name,
        })
    }

    /// The value for a resource with that header, pointing at what says which version the provider has.
    fn value(&self, versions: &Versions, header: Span) -> Value {
        let step = Step { kind: StepKind::Default(SmolStr::clone(&self.name)), span: header, before: None };
        let origin = Origin { span: versions.place, trail: Some(Arc::new(step)) };
        Value { data: self.data.clone(), origin, is_sensitive: false }
    }
}

impl<'r> Evaluator<'r> {
    /// The attributes of a resource with the defaults that it leaves to its provider.
    pub fn with_defaults(
        &self,
        module: &Rc<Instance<'r>>,
        resource: &ResourceConfig<'r>,
        attributes: Map,
    ) -> Map {
        let mut filled = attributes;
        for changed in CHANGED.iter().filter(|changed| changed.resource == resource.kind) {
            let Some(versions) = self.provider_versions(module, &changed.provider) else { continue };
            let fitting = changed.values.iter().find(|value| versions.lie_within(value.from, value.before));
            if let Some(fitting) = fitting {
                let value = fitting.value(&versions, resource.block.header);
                filled = with_default(&filled, &changed.path, &value);
            }
        }
        filled
    }
}

/// A map with a value in the place of one that is absent; inside blocks, in each of them.
fn with_default(map: &Map, path: &[SmolStr], value: &Value) -> Map {
    let Some((name, rest)) = path.split_first() else { return map.clone() };
    if rest.is_empty() {
        let is_left_out = map.value(name).is_none_or(Value::is_null);
        if !is_left_out || map.unknown_rest.is_some() {
            return map.clone();
        }
        let entry = Attribute {
            name: SmolStr::clone(name),
            name_span: value.origin.span,
            value: Value::clone(value),
        };
        return map.with_entries(map.entries().iter().cloned().chain([entry]).collect());
    }
    map.with_values(|entry| match &entry.value.data {
        Data::List(blocks) if entry.name == *name => {
            let blocks = blocks.iter().map(|block| match &block.data {
                Data::Map(inner) => block.with_data(Data::Map(Arc::new(with_default(inner, rest, value)))),
                _ => Value::clone(block),
            });
            entry.value.with_data(Data::List(blocks.collect()))
        }
        _ => Value::clone(&entry.value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_whole() {
        let parsed = parse_yaml(FileId(0), TEXT, YamlDialect::Core);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let rows = parsed.documents[0].root.elements();
        assert_eq!(CHANGED.len(), rows.len());
        for (changed, row) in CHANGED.iter().zip(rows) {
            assert!(row.get("source").is_some(), "{}", changed.resource);
            let bounded = changed.values.iter().all(|value| value.from.is_some() != value.before.is_some());
            assert!(bounded, "{}: versions do not parse", changed.resource);
        }
    }
}
