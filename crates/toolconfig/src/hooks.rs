//! Git hooks, whoever manages them.
//!
//! A `git_hook` has `name` (`pre-commit`), `manager` and `commands`.

use crate::context::{FileContext, Placed};
use proofmark_model::{MapBuilder, Value};
use proofmark_shell::{command_values, parse_commands};
use proofmark_source::Span;
use proofmark_syntax::Node;

/// A hook of Husky: a shell script named after the hook.
pub fn read_script(context: &mut FileContext<'_>) {
    let name = context.path().rsplit('/').next().unwrap_or("").to_owned();
    let (whole, header, file) = (context.whole(), context.first_line(), context.file);
    let commands = parse_commands(context.text);
    let commands = command_values(context.text, &commands, &|range| Span::new(file, range.start, range.end));
    emit_hook(context, &name, "husky", commands, whole, header);
}

/// The hooks of Lefthook: `commands` and `scripts` below the name of each hook.
pub fn read_lefthook(context: &mut FileContext<'_>, place: &Placed<'_>) {
    context.emit_node("lefthook_config", place);
    for hook in place.node.entries() {
        let commands = hook.value.get("commands").map(Node::entries).unwrap_or_default().iter();
        let jobs = hook.value.get("jobs").map(Node::elements).unwrap_or_default().iter();
        let scripts: Vec<&Node> =
            commands.map(|entry| &entry.value).chain(jobs).filter_map(|node| node.get("run")).collect();
        if scripts.is_empty() {
            continue;
        }
        let commands = scripts.into_iter().flat_map(line_commands).collect();
        let name = hook.key.as_str().unwrap_or("").to_owned();
        let span = hook.key.span.join(hook.value.span);
        emit_hook(context, &name, "lefthook", commands, span, hook.key.span);
    }
}

/// The commands of a script in a setting; each stands where the whole script stands.
pub fn line_commands(node: &Node) -> Vec<Value> {
    let text = node.as_str().unwrap_or("");
    command_values(text, &parse_commands(text), &|_| node.span)
}

fn emit_hook(
    context: &mut FileContext<'_>,
    name: &str,
    manager: &str,
    commands: Vec<Value>,
    span: Span,
    header: Span,
) {
    let mut fields = MapBuilder::default();
    fields.set_text("name", name, header);
    fields.set_text("manager", manager, header);
    fields.set("commands", Value::list(commands, span));
    let attributes = fields.finish(span, header);
    context.emit("git_hook", &format!("git_hook.{name}"), span, header, attributes);
}
