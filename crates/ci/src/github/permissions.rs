//! Token permissions.

use crate::context::FileContext;
use crate::places::{entry_header, place};
use proofmark_model::{MapBuilder, Value};
use proofmark_syntax::Entry;

/// Permissions in one form: `all` (`read`, `write`; absent where single scopes are named) and `scopes`, a list of
/// `name`, `access`, `comment`.
pub fn permissions_value(context: &FileContext<'_>, entry: &Entry) -> Value {
    let node = &entry.value;
    let span = place(node);
    let mut fields = MapBuilder::default();
    match node.as_str() {
        Some("read-all") => fields.set_text("all", "read", span),
        Some("write-all") => fields.set_text("all", "write", span),
        Some(_) => fields.set("all", context.value(node, span, &[])),
        None => {}
    }
    let scopes = node.entries().iter().map(|scope| {
        let place = scope.key.span.join(scope.value.span);
        let place = node.included_at.unwrap_or(place);
        let mut fields = MapBuilder::default();
        fields.set_text("name", scope.key.as_str().unwrap_or(""), place);
        fields.put("access", place, context.value(&scope.value, place, &[]));
        if let Some(comment) =
            context.comment_behind(scope.value.span).filter(|comment| !comment.text.is_empty())
        {
            fields.set_text("comment", &comment.text, comment.span);
        }
        fields.finish(place, place)
    });
    fields.set("scopes", Value::list(scopes.collect(), span));
    fields.finish(span, entry_header(entry))
}
