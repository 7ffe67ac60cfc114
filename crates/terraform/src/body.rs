//! Bodies as maps: attributes, blocks as lists, `dynamic` blocks.

use crate::evaluator::{Evaluator, Fault};
use crate::expression::pairs_of;
use crate::limits::MAX_REPETITIONS;
use crate::scope::Scope;
use crate::value::{placed, shape_of};
use proofmark_hcl::{Attribute as HclAttribute, Block, Body, Expr, ExprKind, StepKind};
use proofmark_model::{Attribute, Data, Known, ListKind, Map, MapKind, Shape, SmolStr, Unknown, Value};
use proofmark_source::Span;
use smol_str::format_smolstr;
use std::sync::Arc;

/// Attributes that name other attributes rather than hold a value.
const NAME_LISTS: [&str; 3] = ["ignore_changes", "replace_triggered_by", "depends_on"];

/// Attributes whose value is a map in the providers' schemas, by their names or the last words of them. Only asked where
/// the JSON syntax leaves open whether an object is a map or a block; see [`is_map`].
const MAP_NAMES: [&str; 24] = [
    "annotations",
    "app_settings",
    "attributes",
    "environment_variables",
    "extra",
    "headers",
    "input",
    "inputs",
    "keepers",
    "labels",
    "match_labels",
    "metadata",
    "node_selector",
    "option_settings",
    "parameters",
    "properties",
    "selector",
    "settings",
    "string_data",
    "tags",
    "tags_all",
    "triggers",
    "triggers_replace",
    "variables",
];

/// The endings of names that are maps with any word before them.
const MAP_ENDINGS: [&str; 6] =
    ["_annotations", "_attributes", "_labels", "_parameters", "_tags", "_variables"];

impl<'r> Evaluator<'r> {
    /// The value of an attribute, seen where it is written.
    pub fn attribute_value(&self, attribute: &HclAttribute, scope: &Scope<'_, 'r>) -> Value {
        if NAME_LISTS.contains(&attribute.name.as_str()) {
            return names_in(&attribute.value);
        }
        let mut value = placed(self.value(&attribute.value, scope), attribute.value.span);
        if self.is_json(attribute.name_span) {
            value = object_as_block(value, &attribute.name, attribute.name_span);
        }
        set_header(&mut value, attribute.name_span);
        value
    }

    fn is_json(&self, span: Span) -> bool {
        self.workspace.path(span.file).ends_with(".json")
    }

    /// A block's body as a map, with the block's header as the place for what is missing.
    pub fn block_value(&self, block: &Block, scope: &Scope<'_, 'r>) -> Value {
        let mut entries: Vec<Attribute> = block
            .body
            .attributes
            .iter()
            .map(|attribute| Attribute {
                name: SmolStr::clone(&attribute.name),
                name_span: attribute.name_span,
                value: self.attribute_value(attribute, scope),
            })
            .collect();
        if let Some(label) = block.labels.first()
            && block.kind != "dynamic"
        {
            let value = Value::string(SmolStr::clone(&label.text), label.span);
            entries.push(Attribute { name: SmolStr::new_static("type"), name_span: label.span, value });
        }
        entries.extend(self.block_entries(&block.body, scope, &|_| true));
        Value::map(Map::new(entries).with_header(block.header), block.span)
    }

    /// The blocks of a body of the kinds that are wanted, one list for each kind.
    pub fn block_entries(
        &self,
        body: &Body,
        scope: &Scope<'_, 'r>,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Vec<Attribute> {
        let mut kinds: Vec<&SmolStr> = Vec::new();
        for block in &body.blocks {
            let kind = if block.kind == "dynamic" { block.label(0) } else { Some(&block.kind) };
            kinds.extend(kind.filter(|kind| is_wanted(kind) && !kinds.contains(kind)));
        }
        let entry = |kind: &SmolStr| {
            let value = self.blocks(body, kind, scope)?;
            Some(Attribute { name: SmolStr::clone(kind), name_span: first_header(body, kind)?, value })
        };
        kinds.into_iter().filter_map(entry).collect()
    }

    /// The blocks of one kind, `dynamic` ones expanded; `None` where there are none.
    pub fn blocks(&self, body: &Body, kind: &SmolStr, scope: &Scope<'_, 'r>) -> Option<Value> {
        let mut values = Vec::new();
        let mut unknown: Option<(Arc<Unknown>, Span)> = None;
        let mut place: Option<Span> = None;
        for block in &body.blocks {
            if block.kind == *kind {
                values.push(self.block_value(block, scope));
                place = place.or(Some(block.span));
            } else if block.kind == "dynamic" && block.label(0) == Some(kind) {
                place = place.or(Some(block.span));
                if let Some(reason) = self.dynamic(block, kind, scope, &mut values) {
                    unknown = Some((reason, block.span));
                }
            }
        }
        let place = place?;
        if let Some((reason, span)) = unknown {
            let mut rest = Unknown::because(SmolStr::clone(&reason.reason));
            rest.references.clone_from(&reason.references);
            if values.is_empty() {
                rest.known = Known { shape: Some(Shape::List), ..Known::default() };
                return Some(Value::unknown(rest, span));
            }
            values.push(Value::unknown(rest, span));
        }
        (!values.is_empty()).then(|| Value::list(values, place))
    }

    /// Expands a `dynamic` block; gives the reason where not all of its blocks are known.
    fn dynamic(
        &self,
        block: &Block,
        kind: &SmolStr,
        scope: &Scope<'_, 'r>,
        values: &mut Vec<Value>,
    ) -> Option<Arc<Unknown>> {
        let for_each = block.body.attribute("for_each")?;
        let content = block.body.blocks_of("content").next()?;
        let collection = self.value(&for_each.value, scope);
        let name = match block.body.attribute("iterator").map(|attribute| &attribute.value.kind) {
            Some(ExprKind::Variable(name) | ExprKind::String(name)) => name,
            _ => kind,
        };
        if let Data::Unknown(unknown) = &collection.data {
            return Some(Arc::clone(unknown));
        }
        if collection.is_null() {
            let message = "`for_each` must be a list, a set or a map, and this is null";
            return Some(Arc::new(self.report_unknown(*Fault::new(for_each.value.span, message).0)));
        }
        let is_set = matches!(&collection.data, Data::List(elements) if elements.kind() == ListKind::Set);
        let pairs = match pairs_of(&collection, for_each.value.span) {
            Ok(pairs) => pairs,
            Err(fault) => return Some(Arc::new(self.report_unknown(*fault.0))),
        };
        let mut rest = collection.as_map().and_then(|map| map.unknown_rest.as_ref().map(Arc::clone));
        self.limit_keys(pairs.len(), for_each.value.span);
        for (key, value) in pairs.into_iter().take(MAX_REPETITIONS) {
            if let (Data::Unknown(unknown), true) = (&value.data, is_set) {
                rest = Some(Arc::clone(unknown));
                continue;
            }
            let iterator = Map::new(vec![
                Attribute { name: SmolStr::new_static("key"), name_span: key.origin.span, value: key },
                Attribute { name: SmolStr::new_static("value"), name_span: value.origin.span, value },
            ]);
            let bindings = [(SmolStr::clone(name), Value::map(iterator, for_each.value.span))];
            let names = scope.names(&bindings);
            values.push(self.dynamic_block(block, content, &scope.with(&names)));
        }
        rest
    }

    /// One block of a `dynamic` one: its content, with the label that `labels` gives.
    fn dynamic_block(&self, block: &Block, content: &Block, scope: &Scope<'_, 'r>) -> Value {
        let mut made = self.block_value(content, scope);
        let label = block.body.attribute("labels").and_then(|labels| {
            let labels = self.value(&labels.value, scope);
            labels.as_list()?.first().cloned()
        });
        if let Data::Map(map) = &mut made.data {
            let labelled = label.map(|value| Attribute {
                name: SmolStr::new_static("type"),
                name_span: value.origin.span,
                value,
            });
            let entries = map.entries().iter().cloned().chain(labelled).collect();
            *map = Arc::new(map.with_entries(entries).with_header(block.header));
        }
        made
    }
}

fn first_header(body: &Body, kind: &SmolStr) -> Option<Span> {
    let is_of_kind =
        |block: &&Block| block.kind == *kind || (block.kind == "dynamic" && block.label(0) == Some(kind));
    body.blocks.iter().find(is_of_kind).map(|block| block.header)
}

/// The map of an attribute points at the attribute's name for what is missing in it.
fn set_header(value: &mut Value, header: Span) {
    if let Data::Map(map) = &mut value.data
        && map.header.is_none_or(|existing| existing.file != header.file)
    {
        Arc::make_mut(map).header = Some(header);
    }
}

/// Whether an object of the JSON syntax is a map rather than a block that stands once.
///
/// The providers' schemas say it, and they are not here; but much follows from what is written. The attributes of blocks
/// have names in lower case with underscores, so that `Name` or `app.kubernetes.io/name` is a key of a map. What maps hold
/// are scalars, so that an object or a list inside tells a block. Only what is left is told by its name.
fn is_map(name: &str, map: &Map) -> bool {
    let is_name = |key: &str| {
        key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            && key.starts_with(|first: char| first.is_ascii_lowercase())
    };
    let is_block_like = |entry: &&Attribute| matches!(shape_of(&entry.value), Some(Shape::List | Shape::Map));
    if map.entries().iter().any(|entry| !is_name(&entry.name) && entry.name != "//") {
        return true;
    }
    if map.entries().iter().find(is_block_like).is_some() {
        return false;
    }
    MAP_NAMES.contains(&name) || MAP_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// A value of the JSON syntax as the native syntax would have it: an object that is a block stands in a list.
fn object_as_block(value: Value, name: &str, header: Span) -> Value {
    match &value.data {
        Data::Map(map) if is_map(name, map) => value,
        Data::Map(map) if map.kind == MapKind::Object => {
            value.with_data(Data::List([as_block(&value, header)].into()))
        }
        Data::List(elements) if elements.iter().any(|element| shape_of(element) == Some(Shape::Map)) => {
            let blocks = elements.iter().map(|element| as_block(element, header));
            value.with_data(Data::List(blocks.collect()))
        }
        _ => value,
    }
}

fn as_block(value: &Value, header: Span) -> Value {
    let Data::Map(map) = &value.data else { return Value::clone(value) };
    let kept = map.entries().iter().filter(|entry| entry.name != "//").cloned().collect();
    let inner = map.with_entries(kept);
    let inner =
        inner.with_values(|entry| object_as_block(Value::clone(&entry.value), &entry.name, entry.name_span));
    value.with_data(Data::Map(Arc::new(inner.with_header(header))))
}

/// The names in a list of references, as text.
fn names_in(expr: &Expr) -> Value {
    let elements = match &expr.kind {
        ExprKind::Tuple(elements) => elements.iter().map(name_of).collect(),
        _ => return name_of(expr),
    };
    Value::list(elements, expr.span)
}

fn name_of(expr: &Expr) -> Value {
    let text = match &expr.kind {
        ExprKind::Variable(name) | ExprKind::String(name) => SmolStr::clone(name),
        ExprKind::Traversal(root, steps) => {
            let mut text = name_of(root).as_str().unwrap_or("").to_owned();
            for step in steps {
                match &step.kind {
                    StepKind::Attribute(name) => text.push_str(&format_smolstr!(".{name}")),
                    StepKind::Index(Expr { kind: ExprKind::Integer(index), .. }) => {
                        text.push_str(&format_smolstr!("[{index}]"));
                    }
                    StepKind::Index(Expr { kind: ExprKind::String(key), .. }) => {
                        text.push_str(&format_smolstr!("[{key:?}]"));
                    }
                    _ => text.push_str("[*]"),
                }
            }
            text.into()
        }
        _ => SmolStr::default(),
    };
    Value::string(text, expr.span)
}
