//! `--set`, `--set-string` and `--set-json`: values on the command line (Helm, `strvals`).

use super::{NOWHERE, empty};
use crate::limits::MAX_SET_INDEX;
use proofmark_gotemplate::{Data, Dict, IntType, Place, Trace, Value};
use smol_str::SmolStr;

/// How the text of a value is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetKind {
    /// `--set`: truth values, numbers and `null` are what they look like.
    Typed,
    /// `--set-string`: everything is text.
    Text,
    /// `--set-json`: the rest is JSON.
    Json,
}

/// Why an assignment cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetError {
    /// What is wrong.
    pub message: String,
}

fn fail<T>(message: impl Into<String>) -> Result<T, SetError> {
    Err(SetError { message: message.into() })
}

/// Applies assignments such as `a.b[0].c=x,d={1,2}` to `values`.
///
/// # Errors
///
/// Where a part is no assignment; those before it have been applied.
pub fn apply_set(values: &Dict, text: &str, kind: SetKind) -> Result<(), SetError> {
    if kind == SetKind::Json && text.trim_start().starts_with('{') {
        return apply_object(values, text);
    }
    let mut rest = text;
    while !rest.is_empty() {
        // As in Helm, a path that is cut short ends everything without a word.
        let Some((path, behind)) = path_of(rest)? else { break };
        let (value, behind) = match kind {
            SetKind::Json => json_value(behind)?,
            _ => value_of(behind, kind)?,
        };
        assign(values, &path, value)?;
        rest = behind;
    }
    Ok(())
}

/// Lays a whole object over `values`.
fn apply_object(values: &Dict, text: &str) -> Result<(), SetError> {
    let (object, _) = json_value(text)?;
    let Some(object) = object.as_dict() else { return fail("no JSON object stands here") };
    super::coalesce_tables(object, values, true);
    object.entries().into_iter().for_each(|(key, value)| values.set(key, value));
    Ok(())
}

/// A step of a path.
#[derive(Debug)]
enum Step {
    Key(SmolStr),
    Index(usize),
}

/// The path in front of `=`, and what stands behind it.
fn path_of(text: &str) -> Result<Option<(Vec<Step>, &str)>, SetError> {
    let mut path = Vec::new();
    let mut name = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => name.extend(characters.next().map(|(_, next)| next)),
            '.' if text.get(at + 1..).is_some_and(|rest| rest.starts_with('.')) => {
                return fail(format!("key `{name}` has no value"));
            }
            '=' if name.is_empty() && text.get(..at).is_some_and(|before| before.ends_with('.')) => {
                return fail(format!("key map `{}` has no value", text.get(..at - 1).unwrap_or("")));
            }
            '.' | '=' | '[' => {
                if !name.is_empty() || path.is_empty() {
                    path.push(Step::Key(SmolStr::new(std::mem::take(&mut name))));
                }
                match character {
                    '=' => return Ok(Some((path, text.get(at + 1..).unwrap_or("")))),
                    '[' => {
                        let inner = text.get(at + 1..).and_then(|rest| rest.split_once(']'));
                        let Some((digits, _)) = inner else { return Ok(None) };
                        let index = digits.trim().parse().ok().filter(|index| *index <= MAX_SET_INDEX);
                        let Some(index) = index else {
                            return fail(format!("`{digits}` is no index from 0 to {MAX_SET_INDEX}"));
                        };
                        path.push(Step::Index(index));
                        for _ in 0..=digits.chars().count() {
                            characters.next();
                        }
                    }
                    _ => {}
                }
            }
            ',' => return fail(format!("key `{name}` has no value")),
            _ => name.push(character),
        }
    }
    fail(format!("key `{name}` has no value"))
}

/// The value in front of the next comma, and what stands behind that.
fn value_of(text: &str, kind: SetKind) -> Result<(Value, &str), SetError> {
    if let Some(inner) = text.strip_prefix('{') {
        return list_of(inner, kind);
    }
    let (word, rest, _) = word_of(text, &[',']);
    Ok((typed(&word, kind), rest))
}

fn list_of(text: &str, kind: SetKind) -> Result<(Value, &str), SetError> {
    let mut items = Vec::new();
    let mut rest = text;
    loop {
        let (word, behind, end) = word_of(rest, &[',', '}']);
        let is_last = end == Some('}');
        items.push(typed(&word, kind));
        rest = behind;
        if is_last {
            let rest = rest.strip_prefix(',').unwrap_or(rest);
            return Ok((placed(Value::list(items)), rest));
        }
        if end.is_none() {
            return fail("list must terminate with `}`");
        }
    }
}

/// The characters up to one of `ends`, what stands behind it, and which it was.
fn word_of<'t>(text: &'t str, ends: &[char]) -> (String, &'t str, Option<char>) {
    let mut word = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => word.extend(characters.next().map(|(_, next)| next)),
            _ if ends.contains(&character) => {
                return (word, text.get(at + 1..).unwrap_or(""), Some(character));
            }
            _ => word.push(character),
        }
    }
    (word, "", None)
}

fn typed(word: &str, kind: SetKind) -> Value {
    let data = match word {
        _ if kind == SetKind::Text => Value::text(word).data,
        _ if word.eq_ignore_ascii_case("true") => Data::Bool(true),
        _ if word.eq_ignore_ascii_case("false") => Data::Bool(false),
        _ if word.eq_ignore_ascii_case("null") => Data::Nil,
        "0" => Data::Int(0, IntType::Int64),
        _ => match word.parse::<i64>() {
            Ok(number) if !word.starts_with('0') => Data::Int(number, IntType::Int64),
            _ => Value::text(word).data,
        },
    };
    placed(data.into())
}

fn placed(value: Value) -> Value {
    value.from_trace(&Trace::of(Place::Value(NOWHERE)))
}

fn json_value(text: &str) -> Result<(Value, &str), SetError> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    match stream.next() {
        Some(Ok(value)) => {
            let rest = text.get(stream.byte_offset()..).unwrap_or("").trim_start();
            Ok((from_json(value), rest.strip_prefix(',').unwrap_or(rest)))
        }
        Some(Err(error)) => fail(format!("no JSON stands behind `=`: {error}")),
        None => Ok((placed(Value::nil()), "")),
    }
}

fn from_json(tree: serde_json::Value) -> Value {
    let data = match tree {
        serde_json::Value::Null => Data::Nil,
        serde_json::Value::Bool(flag) => Data::Bool(flag),
        serde_json::Value::Number(number) => Data::Float(number.as_f64().unwrap_or(0.0)),
        serde_json::Value::String(text) => Value::text(text).data,
        serde_json::Value::Array(items) => Value::list(items.into_iter().map(from_json).collect()).data,
        serde_json::Value::Object(entries) => {
            let entries = entries.into_iter().map(|(key, value)| (SmolStr::new(key), from_json(value)));
            Data::Dict(Dict::new(entries.collect()))
        }
    };
    placed(data.into())
}

fn assign(values: &Dict, path: &[Step], value: Value) -> Result<(), SetError> {
    let Some((Step::Key(name), rest)) = path.split_first() else { return fail("a path begins with a key") };
    // As in Helm, what has no name is set nowhere.
    if name.is_empty() {
        return Ok(());
    }
    let existing = values.get(name);
    values.set(SmolStr::clone(name), assigned(existing, rest, value)?);
    Ok(())
}

/// What stands at a path's first step once the value stands at its end.
fn assigned(existing: Option<Value>, path: &[Step], value: Value) -> Result<Value, SetError> {
    match path.split_first() {
        None => Ok(value),
        Some((Step::Key(_), _)) => {
            let dict = existing.and_then(|existing| existing.as_dict().cloned()).unwrap_or_else(empty);
            assign(&dict, path, value)?;
            Ok(placed(Data::Dict(dict).into()))
        }
        Some((Step::Index(index), rest)) => {
            let mut items =
                existing.and_then(|existing| existing.as_list().map(<[Value]>::to_vec)).unwrap_or_default();
            while items.len() <= *index {
                items.push(Value::nil());
            }
            if let Some(slot) = items.get_mut(*index) {
                let old = std::mem::take(slot);
                *slot = assigned((!old.is_nil()).then_some(old), rest, value)?;
            }
            Ok(placed(Value::list(items)))
        }
    }
}
