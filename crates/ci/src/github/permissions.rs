//! Token permissions.

use crate::context::FileContext;
use crate::places::{entry_header, place};
use proofmark_model::{MapBuilder, StepKind, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::Entry;

/// Permissions in one form: `source` (`job`, `workflow`, `caller`, `default`), `all` (`read`, `write`; absent where single scopes
/// are named), `is_none` (`{}`: no scope at all) and `scopes`, a list of `name`, `access`, `comment`.
pub fn permissions_value(context: &FileContext<'_>, entry: &Entry, source: &str) -> Value {
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
    fields.set_text("source", source, span);
    fields.set_bool("is_none", node.as_str().is_none() && node.entries().is_empty(), span);
    fields.finish(span, entry_header(entry))
}

/// The permissions where no file says anything: a setting of the repository decides between reading a little and writing
/// nearly everything.
pub fn default_permissions(span: Span) -> Value {
    let reason = "neither the job nor the workflow says; a setting of the repository decides";
    unsaid(reason, "default", span)
}

/// The permissions of a workflow that only others call, where it says nothing itself.
pub fn callers_permissions(span: Span) -> Value {
    unsaid("the workflow that calls this one decides", "caller", span)
}

fn unsaid(reason: &str, source: &str, span: Span) -> Value {
    let mut fields = MapBuilder::default();
    fields.set("all", Value::unknown(Unknown::because(reason), span));
    fields.set("scopes", Value::unknown(Unknown::because(reason), span));
    fields.set_text("source", source, span);
    fields.finish(span, span)
}

/// What is left of `asked` where the caller itself has only `limit`: a called workflow can reduce what its caller has, never
/// add to it.
pub fn narrowed(asked: &Value, limit: &Value) -> Value {
    if is_unsaid(limit) {
        return Value::clone(asked);
    }
    if is_unsaid(asked) {
        let mut fields = MapBuilder::of(limit);
        fields.set_text("source", "caller", limit.origin.span);
        let moved = fields.finish(limit.origin.span, limit.origin.span);
        let origin = moved.origin.used_at(asked.origin.span, StepKind::Included("the call".into()));
        return Value { origin, ..moved };
    }
    let span = asked.origin.span;
    let mut fields = MapBuilder::of(asked);
    let names: Vec<Value> = match all(asked) {
        Some(access) if all(limit).is_some() => {
            let least = least(access, all(limit).unwrap_or("none"));
            fields.set_text("all", least, span);
            Vec::new()
        }
        Some(_) => {
            fields.set("all", Value::new(proofmark_model::Data::Null, span));
            scopes(limit).to_vec()
        }
        None => scopes(asked).to_vec(),
    };
    let scopes = names.iter().map(|scope| {
        let name = scope.at_path(&["name"]).and_then(Value::as_str).unwrap_or("");
        let mut fields = MapBuilder::of(scope);
        if let (Some(asked), Some(limit)) = (access(asked, name), access(limit, name)) {
            fields.set_text("access", least(asked, limit), span);
        }
        fields.finish(scope.origin.span, scope.origin.span)
    });
    fields.set("scopes", Value::list(scopes.collect(), span));
    fields.finish(span, span)
}

fn is_unsaid(permissions: &Value) -> bool {
    permissions.at_path(&["scopes"]).is_some_and(|scopes| scopes.as_unknown().is_some())
}

fn all(permissions: &Value) -> Option<&str> {
    permissions.at_path(&["all"])?.as_str()
}

fn scopes(permissions: &Value) -> &[Value] {
    permissions.at_path(&["scopes"]).and_then(Value::as_list).unwrap_or(&[])
}

/// The access that permissions give to a scope; `None` where nobody knows.
fn access<'p>(permissions: &'p Value, name: &str) -> Option<&'p str> {
    if let Some(all) = all(permissions) {
        return Some(all);
    }
    let has_name =
        |scope: &&Value| scope.at_path(&["name"]).and_then(Value::as_str).is_some_and(|own| own == name);
    match scopes(permissions).iter().find(has_name) {
        Some(scope) => scope.at_path(&["access"])?.as_str(),
        None => Some("none"),
    }
}

fn least<'a>(one: &'a str, other: &'a str) -> &'a str {
    let rank = |access: &str| match access {
        "none" => 0,
        "read" => 1,
        _ => 2,
    };
    if rank(one) <= rank(other) { one } else { other }
}
