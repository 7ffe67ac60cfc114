//! Action files: composite, JavaScript and Docker actions.

use super::home::Home;
use super::repository::SourceFile;
use super::step::{StepList, TEXTS};
use super::triggers::declaration;
use super::workflow::callers;
use crate::context::FileContext;
use crate::expression::{Expressions, Scope};
use crate::places::{entry_header, place};
use proofmark_model::{Kind, MapBuilder, Resource, Value};
use proofmark_source::Span;
use proofmark_syntax::Node;

/// Runtimes that the runner no longer has ("Metadata syntax": `node20` and later are left).
pub const RETIRED_RUNTIMES: [&str; 2] = ["node12", "node16"];

/// The action in a file.
pub fn read_action(home: &Home<'_>, source: &SourceFile<'_>, root: &Node) -> Resource {
    let context = &source.context;
    let header = root.entry("name").or(root.entries().first()).map_or(root.span, entry_header);
    let mut fields = MapBuilder::of(&context.value(root, header, &TEXTS));
    let scope =
        Scope { steps: root.at_path(&["runs", "steps"]), inputs: Some(home.inputs()), ..Scope::default() };
    let mut expressions = Expressions::new(context.text, &scope);
    for entry in root.entries().iter().filter(|entry| entry.key.as_str() != Some("runs")) {
        expressions.add_part(entry.key.as_str().unwrap_or(""), &entry.value);
    }
    let mut expressions = expressions.finish();
    if let Some(node) = scope.steps {
        let steps = StepList { home, scope: &scope, shell: None, directory: None, is_windows: false }.read();
        expressions.extend(steps.expressions);
        fields.set("steps", Value::list(steps.steps, node.span));
        fields.set("commands", Value::list(steps.commands, node.span));
        fields.set("actions", Value::list(steps.actions, node.span));
    }
    fields.set("expressions", Value::list(expressions, root.span));
    for (name, declared) in [("inputs", "declared_inputs"), ("outputs", "declared_outputs")] {
        let entries = root.get(name).map(Node::entries).unwrap_or_default();
        let declarations = entries.iter().map(|entry| declaration(context, entry)).collect();
        fields.set(declared, Value::list(declarations, root.get(name).map_or(header, place)));
    }
    if let Some(runs) = root.get("runs") {
        put_runtime(context, runs, &mut fields);
    }
    fields.set("called_by", callers(home, header));
    let kind = Kind("github_action".into());
    Resource {
        comments: context.comments_of(context.whole()),
        ..Resource::new(source.address.clone(), kind, root.span, fields.finish(root.span, header))
    }
}

/// `using`, `is_retired`, and what it runs: `main`, `pre`, `post`, `image`, `images`.
fn put_runtime(context: &FileContext<'_>, runs: &Node, fields: &mut MapBuilder) {
    for name in ["using", "main", "pre", "post"] {
        if let Some(entry) = runs.entry(name) {
            fields.put(name, entry.key.span, context.value(&entry.value, place(&entry.value), &[]));
        }
    }
    if let Some(using) = runs.get("using") {
        let is_retired = using.as_str().is_some_and(|using| RETIRED_RUNTIMES.contains(&using));
        fields.set_bool("is_retired", is_retired, place(using));
    }
    let Some(entry) = runs.entry("image") else { return };
    let span = entry_header(entry);
    let image = context.value(&entry.value, span, &[]);
    fields.put("image", entry.key.span, Value::clone(&image));
    if let Some(name) = image.as_str().and_then(|image| image.strip_prefix("docker://")) {
        fields.set("images", Value::list(vec![image_value(name, &image, span)], span));
    }
}

/// An image as those of jobs: `name`, `image`, `is_service`.
fn image_value(name: &str, written: &Value, span: Span) -> Value {
    let mut fields = MapBuilder::default();
    fields.set_text("name", "image", span);
    fields.set_bool("is_service", false, span);
    fields.set("image", Value { origin: written.origin.clone(), ..Value::string(name, span) });
    fields.finish(span, span)
}
