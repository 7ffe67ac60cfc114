//! Small settings.

use crate::context::{Extent, FileContext};
use proofmark_model::{MapBuilder, Value};
use proofmark_source::{Span, join_path, parent_path};

/// `.nvmrc`, `.node-version`, `.python-version`: one version in a line.
pub fn read_runtime_version(context: &mut FileContext<'_>) {
    let name = context.path().rsplit('/').next().unwrap_or("");
    let runtime = if name.contains("python") { "python" } else { "node" };
    let line = context.first_line();
    let version = line.slice(context.text).trim().trim_start_matches('v');
    let mut fields = MapBuilder::default();
    fields.set_text("runtime", runtime, line);
    fields.set_text("version", version, line);
    let extent = Extent { span: context.whole(), header: line };
    context.emit_fields("runtime_version", "runtime_version", extent, fields);
}

/// Adds `ignore_patterns` to a Dockerfile's attributes: the lines of the `.dockerignore` that applies, where there is one.
pub fn with_ignore_file(context: &FileContext<'_>, attributes: Value, header: Span) -> Value {
    let folder = parent_path(context.path());
    let beside = format!("{}.dockerignore", context.path());
    let candidates = [Some(beside), join_path(folder, ".dockerignore"), Some(".dockerignore".to_owned())];
    let found = candidates.into_iter().flatten().find_map(|path| context.workspace.find(&path));
    let Some(text) = found.and_then(|file| context.workspace.load(file).ok()) else { return attributes };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let patterns = lines.map(|line| Value::string(line, header)).collect();
    let mut fields = MapBuilder::of(&attributes);
    fields.set("ignore_patterns", Value::list(patterns, header));
    fields.finish(attributes.origin.span, header)
}
