//! `$[[ inputs.x | truncate(0,8) ]]`.

use super::codes;
use super::source::Sources;
use super::tree::size;
use crate::places::{relocate, unknown_but_set};
use proofmark_model::{Attribute, Data, HOLE, Origin, SmolStr, Unknown, Value};
use proofmark_source::Span;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// GitLab's own limit on functions in one block.
const MAX_FUNCTIONS: usize = 3;

/// The functions that GitLab offers.
const FUNCTIONS: [&str; 3] = ["expand_vars", "truncate", "posix_escape"];

/// The values of inputs by name; unknown where no file says them.
pub type Inputs = BTreeMap<SmolStr, Value>;

/// The tree with every block replaced, in keys too. A text that is one block and nothing else becomes the input's value with its
/// type; a key whose input is not known stays as it is written.
pub fn interpolate(sources: &mut Sources<'_>, value: &Value, inputs: &Inputs) -> Value {
    match &value.data {
        Data::String(text) if text.contains("$[[") => interpolate_text(sources, value, text, inputs),
        Data::List(elements) => {
            let elements = elements.iter().map(|element| interpolate(sources, element, inputs));
            value.with_data(Data::List(elements.collect()))
        }
        Data::Map(map) => {
            let entries = map.entries().iter().map(|entry| {
                let replaced = entry.with_value(interpolate(sources, &entry.value, inputs));
                let key = Value::string(SmolStr::clone(&entry.name), entry.name_span);
                let name = match entry.name.contains("$[[") {
                    true => interpolate_text(sources, &key, &entry.name, inputs),
                    false => key,
                };
                Attribute { name: plain_text(&name).map_or(replaced.name, SmolStr::new), ..replaced }
            });
            value.with_data(Data::Map(map.with_entries(entries.collect()).into()))
        }
        _ => Value::clone(value),
    }
}

/// A piece of a text.
enum Piece<'t> {
    /// As it stands.
    Plain(&'t str),
    /// What stands between the marks of a block.
    Block(&'t str),
}

fn interpolate_text(sources: &mut Sources<'_>, value: &Value, text: &str, inputs: &Inputs) -> Value {
    let span = value.origin.span;
    let pieces = pieces(text);
    if let [Piece::Block(block)] = pieces.as_slice() {
        return match block_value(sources, block, inputs, span) {
            Some(found) if !sources.may_copy(weight(&found)) => too_much(&found, span),
            Some(found) => relocate(&found, span, access(block)),
            None => Value::clone(value),
        };
    }
    let mut filled = String::new();
    let mut reason = None;
    for piece in pieces {
        let block = match piece {
            Piece::Plain(plain) => {
                filled.push_str(plain);
                continue;
            }
            Piece::Block(block) => block,
        };
        match block_value(sources, block, inputs, span) {
            Some(found) if !sources.may_copy(weight(&found)) => return too_much(&found, span),
            Some(found) => match plain_text(&found) {
                Some(part) => filled.push_str(&part),
                None => {
                    filled.push(HOLE);
                    reason = found.as_unknown().map(|unknown| SmolStr::clone(&unknown.reason)).or(reason);
                }
            },
            None => filled.push_str(&format!("$[[{block}]]")),
        }
    }
    match reason {
        Some(reason) => partly_known(value, reason, &filled),
        None => value.with_data(Data::String(filled.into())),
    }
}

/// What a copy of a value costs, long texts by their length.
fn weight(value: &Value) -> usize {
    size(value) + value.as_str().map_or(0, |text| text.len() / 64)
}

fn too_much(value: &Value, span: Span) -> Value {
    let hidden = unknown_but_set("inputs copy too much in this pipeline", span);
    Value { origin: Origin::clone(&value.origin), ..hidden }
}

/// A text of which only some parts are known: those around the holes in `skeleton`.
pub fn partly_known(value: &Value, reason: SmolStr, skeleton: &str) -> Value {
    let mut unknown = Unknown::because(reason);
    unknown.known.is_set = true;
    unknown.known.prefix = skeleton.split(HOLE).next().filter(|prefix| !prefix.is_empty()).map(SmolStr::new);
    unknown.known.skeleton = Some(SmolStr::new(skeleton));
    value.with_data(Data::Unknown(unknown.into()))
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("$[[") {
        let Some((block, after)) = behind.split_once("]]") else { break };
        if !before.is_empty() {
            pieces.push(Piece::Plain(before));
        }
        pieces.push(Piece::Block(block));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest));
    }
    pieces
}

/// What a block reads, before its functions.
fn access(block: &str) -> &str {
    block.split('|').next().unwrap_or("").trim()
}

/// The value of a block; `None` where it is none of an input, so that it stays as it is.
fn block_value(sources: &mut Sources<'_>, block: &str, inputs: &Inputs, span: Span) -> Option<Value> {
    let access = access(block);
    // `matrix.X` is for a later stage of GitLab's own.
    if access.starts_with("matrix.") {
        return None;
    }
    let Some(name) = access.strip_prefix("inputs.") else {
        return Some(unknown_but_set(format!("only GitLab knows `{access}`"), span));
    };
    let Some(value) = inputs.get(name) else {
        let hint = sources.hint(name, inputs.keys().map(SmolStr::as_str));
        sources.tell_lost(codes::INPUT, span, format!("the input `{name}` is not declared in `spec`{hint}"));
        return Some(unknown_but_set(format!("the input `{name}` is not declared"), span));
    };
    let functions: Vec<&str> = block.split('|').skip(1).map(str::trim).collect();
    if functions.len() > MAX_FUNCTIONS {
        let message = format!("a block takes at most {MAX_FUNCTIONS} functions, not {}", functions.len());
        sources.tell_lost(codes::INPUT, span, message);
    }
    functions
        .iter()
        .try_fold(Value::clone(value), |value, function| Some(apply(sources, function, &value, span)))
}

fn apply(sources: &mut Sources<'_>, function: &str, value: &Value, span: Span) -> Value {
    let Some(text) = plain_text(value) else { return Value::clone(value) };
    let (name, arguments) = function.split_once('(').unwrap_or((function, ""));
    let with_text = |text: String| value.with_data(Data::String(text.into()));
    match name.trim() {
        "expand_vars" if text.contains('$') => {
            let reason = format!("`expand_vars` fills in variables that only GitLab knows in `{text}`");
            let skeleton = format!("{}{HOLE}", text.split('$').next().unwrap_or(""));
            partly_known(value, reason.into(), &skeleton)
        }
        "expand_vars" => Value::clone(value),
        "truncate" => {
            let numbers = arguments.trim_end_matches(')').split(',').map(|number| number.trim().parse());
            let numbers: Vec<usize> = numbers.flatten().collect();
            match numbers.as_slice() {
                [offset, length] => with_text(text.chars().skip(*offset).take(*length).collect()),
                _ => {
                    let message = "`truncate` takes an offset and a length, as in `truncate(0,8)`";
                    sources.tell_lost(codes::INPUT, span, message.to_owned());
                    unknown_but_set(message, span)
                }
            }
        }
        "posix_escape" => with_text(posix_escaped(&text)),
        other => {
            let hint = sources.hint(other, FUNCTIONS);
            sources.tell_lost(codes::INPUT, span, format!("there is no function `{other}` for inputs{hint}"));
            unknown_but_set(format!("there is no function `{other}` for inputs"), span)
        }
    }
}

/// The text as one word for a shell: a backslash before whatever a shell could read otherwise.
fn posix_escaped(text: &str) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-.,:+/@".contains(c) || !c.is_ascii();
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        match character {
            '\n' => escaped.push_str("'\n'"),
            plain if is_plain(plain) => escaped.push(plain),
            special => escaped.extend(['\\', special]),
        }
        escaped
    })
}

/// A known value as it looks inside a text.
fn plain_text(value: &Value) -> Option<Cow<'_, str>> {
    match &value.data {
        Data::String(text) => Some(Cow::Borrowed(text)),
        Data::Null => Some(Cow::Borrowed("")),
        Data::Unknown(_) => None,
        other => Some(Cow::Owned(other.to_string())),
    }
}
