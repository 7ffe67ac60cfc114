//! Git hooks, whoever manages them.
//!
//! A `git_hook` has `name` (`pre-commit`), `manager` and `commands`.

use crate::context::{Extent, FileContext, Placed};
use proofmark_model::{MapBuilder, Value};
use proofmark_shell::{Dialect, Settings, Shell, command_values, read_script as read_shell_script};
use proofmark_source::Span;
use proofmark_syntax::Node;

/// A hook of Husky: a shell script named after the hook.
pub fn read_script(context: &mut FileContext<'_>) {
    let name = context.path().rsplit('/').next().unwrap_or("").to_owned();
    let (extent, file) = (Extent { span: context.whole(), header: context.first_line() }, context.file);
    let locate = |range: std::ops::Range<usize>| Span::new(file, range.start, range.end);
    // Husky starts its hooks with `sh -e`.
    let shell = Shell::of_dialect(Dialect::Posix).with_errexit();
    let script = read_shell_script(context.text, &Settings::new(shell, &locate));
    let commands = command_values(context.text, &script, &locate);
    emit_hook(context, Hook { name: &name, manager: "husky", commands, extent });
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
        let name = hook.key.as_str().unwrap_or("");
        let header = hook.key.span;
        let extent = Extent { span: header.join(hook.value.span), header };
        emit_hook(context, Hook { name, manager: "lefthook", commands, extent });
    }
}

/// The commands of a script in a setting; each stands where the whole script stands.
pub fn line_commands(node: &Node) -> Vec<Value> {
    let text = node.as_str().unwrap_or("");
    let locate = |_: std::ops::Range<usize>| node.span;
    let script = read_shell_script(text, &Settings::new(Shell::of_dialect(Dialect::Posix), &locate));
    command_values(text, &script, &locate)
}

/// One hook.
struct Hook<'h> {
    name: &'h str,
    manager: &'h str,
    commands: Vec<Value>,
    extent: Extent,
}

fn emit_hook(context: &mut FileContext<'_>, hook: Hook<'_>) {
    let Extent { span, header } = hook.extent;
    let mut fields = MapBuilder::default();
    fields.set_text("name", hook.name, header);
    fields.set_text("manager", hook.manager, header);
    fields.set("commands", Value::list(hook.commands, span));
    context.emit_fields("git_hook", &format!("git_hook.{}", hook.name), hook.extent, fields);
}
