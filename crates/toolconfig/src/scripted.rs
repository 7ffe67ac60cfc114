//! Settings that are programs.

use crate::context::{Extent, FileContext, empty_map, with_unknown_rest};
use proofmark_model::{MapBuilder, Unknown, Value};

/// A resource of the kind that the program configures, with everything in it unknown.
pub fn read(context: &mut FileContext<'_>, kind: &str) {
    let name = context.path().rsplit('/').next().unwrap_or("").to_owned();
    let reason = format!("`{name}` is a program, and programs are not run");
    let extent = Extent { span: context.whole(), header: context.first_line() };
    let Extent { span: whole, header } = extent;
    let mut fields = MapBuilder::default();
    if kind == "eslint_config" {
        let format = if name.starts_with("eslint.config") { "flat" } else { "legacy" };
        fields.set_text("format", format, header);
        fields.set("rule_levels", with_unknown_rest(empty_map(header), &reason));
    }
    let attributes = with_unknown_rest(fields.finish(whole, header), &reason);
    context.emit(kind, kind, extent, attributes);
    if matches!(kind, "jest_config" | "vitest_config") {
        let tool = kind.trim_end_matches("_config");
        let mut fields = MapBuilder::default();
        fields.set_text("tool", tool, header);
        fields.set_text("scope", "global", header);
        for name in ["metric", "minimum"] {
            fields.set(name, Value::unknown(Unknown::because(reason.as_str()), header));
        }
        context.emit_fields("coverage_threshold", &format!("coverage_threshold.{tool}"), extent, fields);
    }
}
