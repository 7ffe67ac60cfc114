//! What a `uses` names.

use super::home::Home;
use super::lookalike::resembled;
use super::repository::is_local;
use crate::context::FileContext;
use crate::places::place;
use proofmark_model::{Address, MapBuilder, Origin, Reference, SmolStr, Step, StepKind, Value};
use proofmark_source::Span;
use proofmark_syntax::Node;
use std::sync::Arc;

/// The reference in `node`, taken apart: `kind` (`action`, `docker`, `local`), `owner`, `repo`, `name` (`owner/repo` in
/// lower case), `resembles` (a well-known action whose owner is one letter off), `path`, `ref`, `is_pinned`, `ref_type` (`sha`,
/// `version`, `branch`, …), `version`, `major`, and `is_odd` where the path goes around corners (`a/./b`, `a//b`).
///
/// `version` is the tag, or for a pinned action the version in the comment behind it.
pub fn uses_value(context: &FileContext<'_>, node: &Node, home: &Home<'_>) -> Option<Value> {
    let text = node.as_str()?.trim();
    let span = place(node);
    let mut fields = MapBuilder::default();
    fields.set_text("text", text, span);
    if let Some(image) = text.strip_prefix("docker://") {
        fields.set_text("kind", "docker", span);
        fields.set_text("image", image, span);
        fields.set_bool("is_pinned", image.contains("@sha256:"), span);
    } else if is_local(text) {
        fields.set_text("kind", "local", span);
        fields.set_text("path", text, span);
        fields.set_bool("is_pinned", true, span);
        if let Some(address) = home.address(text) {
            fields.set("target", reference_value(address.clone(), span));
        }
    } else {
        remote(context, text, span, &mut fields);
    }
    Some(fields.finish(span, span))
}

/// A text that points to another resource of the unit.
fn reference_value(address: Address, span: Span) -> Value {
    let text = SmolStr::clone(&address.0);
    let kind = StepKind::Resource(Reference { address, attribute: SmolStr::default() });
    let trail = Some(Arc::new(Step { kind, span, before: None }));
    Value { origin: Origin { span, trail }, ..Value::string(text, span) }
}

fn remote(context: &FileContext<'_>, text: &str, span: Span, fields: &mut MapBuilder) {
    let (place, reference) =
        text.rsplit_once('@').map_or((text, None), |(place, reference)| (place, Some(reference)));
    let mut parts = place.splitn(3, '/');
    let owner = parts.next().unwrap_or("");
    let repo = parts.next().unwrap_or("");
    fields.set_text("kind", "action", span);
    fields.set_text("owner", owner, span);
    fields.set_text("repo", repo, span);
    let name = format!("{owner}/{repo}").to_lowercase();
    fields.set_text("name", &name, span);
    if let Some(known) = resembled(&name) {
        fields.set_text("resembles", known, span);
    }
    fields.set_text("path", parts.next().unwrap_or(""), span);
    fields.set_bool("is_odd", place.split('/').any(|part| matches!(part, "" | "." | "..")), span);
    let Some(reference) = reference else {
        fields.set_bool("is_pinned", false, span);
        fields.set_text("ref_type", "none", span);
        return;
    };
    let is_pinned = reference.len() == 40 && reference.chars().all(|c| c.is_ascii_hexdigit());
    fields.set_text("ref", reference, span);
    fields.set_bool("is_pinned", is_pinned, span);
    let comment = context.comment_behind(span);
    let version =
        if is_pinned { comment.and_then(|comment| version_in(&comment.text)) } else { version_in(reference) };
    fields.set_text("ref_type", ref_type(reference, is_pinned, version.is_some()), span);
    if let Some(comment) = comment {
        fields.set_text("comment", &comment.text, comment.span);
    }
    if let Some(version) = version {
        fields.set_text("version", version, span);
        let major = version
            .trim_start_matches(['v', 'V'])
            .split('.')
            .next()
            .and_then(|major| major.parse::<i64>().ok());
        if let Some(major) = major {
            fields.set("major", Value::new(proofmark_model::Data::Integer(major), span));
        }
    }
}

/// What kind of reference it is, as far as its spelling tells: a name that is no version is taken for a branch.
fn ref_type(reference: &str, is_pinned: bool, is_version: bool) -> &'static str {
    let is_hex = reference.len() >= 7 && reference.chars().all(|c| c.is_ascii_hexdigit());
    match (is_pinned, is_version, is_hex) {
        (true, _, _) => "sha",
        (_, true, _) => "version",
        (_, _, true) => "short-sha",
        _ => "branch",
    }
}

/// The version that a text is, or that the first word of a comment is: `v4.2.2`, `4`, `tag=v1.0`.
fn version_in(text: &str) -> Option<&str> {
    let word = text.split_whitespace().next()?;
    let word = word.strip_prefix("tag=").or_else(|| word.strip_prefix("pin@")).unwrap_or(word);
    let number = word.strip_prefix(['v', 'V']).unwrap_or(word);
    let is_version = number.starts_with(|c: char| c.is_ascii_digit())
        && number
            .split(['.', '-', '+'])
            .next()
            .is_some_and(|major| major.len() <= 4 && major.parse::<u32>().is_ok());
    is_version.then_some(word)
}
