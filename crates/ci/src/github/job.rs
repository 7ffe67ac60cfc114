//! Jobs.

use super::permissions::permissions_value;
use super::step::{Steps, TEXTS, read_steps};
use super::uses::{ResolveLocal, uses_value};
use crate::context::FileContext;
use crate::expression::{Expressions, Leaf, Scope, is_dynamic, matrix_values, possible_leaves};
use crate::places::{element_header, entry_header, place};
use proofmark_model::{MapBuilder, StepKind, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};

/// The workflow around a job.
pub struct Surroundings<'a> {
    /// The workflow's attributes without its jobs.
    pub workflow: Value,
    /// The workflow's `env`.
    pub environment: Option<&'a Node>,
    /// The workflow's `permissions` in one form.
    pub permissions: Option<Value>,
    /// Finds local workflows and actions.
    pub resolve: &'a ResolveLocal<'a>,
}

/// The attributes of the job in `entry`, without `workflow`.
pub fn job_value(context: &FileContext<'_>, entry: &Entry, around: &Surroundings<'_>) -> Value {
    let node = &entry.value;
    let header = entry.key.span;
    let span = place(node);
    let mut fields = MapBuilder::of(&context.value(node, header, &TEXTS));
    fields.set_text("id", entry.key.as_str().unwrap_or(""), header);
    let scope = Scope {
        environments: node.get("env").into_iter().chain(around.environment).collect(),
        matrix: node.at_path(&["strategy", "matrix"]),
    };
    let mut steps =
        node.get("steps").map(|steps| read_steps(context, steps, &scope, around.resolve)).unwrap_or_default();
    if let Some(uses) = node.get("uses").and_then(|uses| uses_value(context, uses, around.resolve)) {
        steps.actions.push(Value::clone(&uses));
        fields.set("uses_action", uses);
    }
    steps.expressions.splice(0..0, job_expressions(context, node, &scope));
    put_steps(node, steps, &mut fields);
    put_lists(context, node, &scope, &mut fields);
    let own = node.entry("permissions").map(|permissions| permissions_value(context, permissions));
    if let Some(own) = &own {
        fields.set("own_permissions", Value::clone(own));
    }
    if let Some(effective) = own.or_else(|| around.permissions.clone()) {
        fields.put("effective_permissions", header, effective);
    }
    fields.finish(span, header)
}

fn put_steps(node: &Node, steps: Steps, fields: &mut MapBuilder) {
    let span = node.get("steps").map_or(place(node), place);
    if node.get("steps").is_some() {
        fields.set("steps", Value::list(steps.steps, span));
    }
    fields.set("expressions", Value::list(steps.expressions, span));
    fields.set("commands", Value::list(steps.commands, span));
    fields.set("actions", Value::list(steps.actions, span));
}

fn job_expressions(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let mut expressions = Expressions::new(context.text, scope);
    let entries = node.entries().iter().filter(|entry| entry.key.as_str() != Some("steps"));
    entries.for_each(|entry| expressions.add_entry(entry));
    expressions.finish()
}

/// The entries that have several spellings, each in its longest.
fn put_lists(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>, fields: &mut MapBuilder) {
    if let Some(needs) = node.get("needs") {
        fields.set("needs", text_list(context, needs));
    }
    if let Some(runner) = node.get("runs-on") {
        fields.set("runner_labels", runner_labels(context, runner, scope));
    }
    if let Some(entry) = node.entry("environment").filter(|entry| entry.value.entries().is_empty()) {
        let span = place(&entry.value);
        let mut environment = MapBuilder::default();
        environment.put("name", entry.key.span, context.value(&entry.value, span, &[]));
        fields.put("environment", entry.key.span, environment.finish(span, entry_header(entry)));
    }
    if let Some(entry) = node.entry("container").filter(|entry| entry.value.as_str().is_some()) {
        let span = place(&entry.value);
        let mut container = MapBuilder::default();
        container.put("image", entry.key.span, context.value(&entry.value, span, &[]));
        fields.put("container", entry.key.span, container.finish(span, entry_header(entry)));
    }
    fields.set("images", Value::list(images(context, node, scope), place(node)));
}

fn text_list(context: &FileContext<'_>, node: &Node) -> Value {
    let elements = match &node.data {
        NodeData::Sequence(elements) => {
            elements.iter().map(|element| context.value(element, element_header(element), &[])).collect()
        }
        NodeData::Null => Vec::new(),
        _ => vec![context.value(node, place(node), &[])],
    };
    Value::list(elements, place(node))
}

/// The labels that a job asks for, with the values of a matrix that the file lists; unknown where a run decides.
fn runner_labels(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Value {
    let labels = match &node.data {
        NodeData::Mapping(_) => node.get("labels"),
        _ => Some(node),
    };
    let nodes: Vec<&Node> = match labels.map(|labels| (&labels.data, labels)) {
        Some((NodeData::Sequence(elements), _)) => elements.iter().collect(),
        Some((_, label)) => vec![label],
        None => Vec::new(),
    };
    let values = nodes.iter().flat_map(|label| possible_values(context, label, scope));
    Value::list(values.collect(), place(node))
}

/// The values that a text can have: itself, or what the expression in it can come out as. They stand where the text
/// stands.
fn possible_values(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let leaves = node.as_str().filter(|text| is_dynamic(text)).and_then(possible_leaves);
    let values: Option<Vec<Vec<Value>>> = leaves
        .map(|leaves| leaves.iter().map(|leaf| leaf_values(context, node, scope, leaf)).collect())
        .unwrap_or(None);
    let values: Vec<Value> = values.into_iter().flatten().flatten().collect();
    if values.is_empty() { vec![context.value(node, place(node), &[])] } else { values }
}

/// The values of one possible result; `None` where the matrix is computed or has no such name.
fn leaf_values(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>, leaf: &Leaf) -> Option<Vec<Value>> {
    let name = match leaf {
        Leaf::Text(text) => return Some(vec![Value::string(text.as_str(), place(node))]),
        Leaf::Matrix(name) => name,
    };
    let values = matrix_values(scope.matrix?, name).filter(|values| !values.is_empty())?;
    let single = values.into_iter().flat_map(|value| match &value.data {
        NodeData::Sequence(elements) => elements.iter().collect(),
        _ => vec![value],
    });
    let moved = |value: &Node| {
        let read = context.value(value, value.span, &[]);
        let origin = read.origin.used_at(place(node), StepKind::Included("matrix".into()));
        Value { origin, ..read }
    };
    Some(single.map(moved).collect())
}

/// The images that a job runs in and beside: `name` (`container`, or the service), `image`, `is_service`.
fn images(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let container = node.entry("container").map(|entry| (entry, false));
    let services = node.get("services").map(Node::entries).unwrap_or_default();
    let services = services.iter().filter(|entry| entry.key.as_str().is_some()).map(|entry| (entry, true));
    let mut images = Vec::new();
    for (entry, is_service) in container.into_iter().chain(services) {
        let (image, place) = match entry.value.entry("image") {
            Some(image) => (&image.value, entry_header(image)),
            None if entry.value.as_str().is_some() => (&entry.value, entry_header(entry)),
            None => continue,
        };
        for value in possible_values(context, image, scope) {
            images.push(image_value(entry, is_service, value, place));
        }
    }
    images
}

fn image_value(entry: &Entry, is_service: bool, image: Value, span: Span) -> Value {
    let mut fields = MapBuilder::default();
    fields.set_text("name", entry.key.as_str().unwrap_or(""), entry.key.span);
    fields.set_bool("is_service", is_service, entry.key.span);
    fields.put("image", span, image);
    fields.finish(span, span)
}
