//! Images, and variables in texts.

use super::interpolation::partly_known;
use super::tree::flat;
use proofmark_model::{Data, HOLE, Map, MapBuilder, Origin, SmolStr, Value};

/// How many steps variables in variables are followed; a circle ends here.
const MAX_STEPS: usize = 8;

/// How many variables one text may lead to: no name of an image takes more than a few.
const MAX_LOOKED_UP: usize = 200;

/// An image or service in its long spelling, with the variables filled in that the files set.
pub fn image_value(value: &Value, variables: &Value) -> Value {
    let span = value.origin.span;
    let mut fields = MapBuilder::of(value);
    let header = match value.as_map() {
        Some(map) => {
            if let Some(name) = map.get("name") {
                fields.put("name", name.name_span, filled_in(&name.value, variables));
            }
            for key in ["entrypoint", "command", "pull_policy"] {
                if let Some(entry) = map.get(key) {
                    fields.put(key, entry.name_span, as_list(&entry.value));
                }
            }
            map.header.unwrap_or(span)
        }
        None if value.as_str().is_some() => {
            fields.set("name", filled_in(value, variables));
            span
        }
        None => return Value::clone(value),
    };
    let mut image = fields.finish(span, header);
    image.origin = Origin::clone(&value.origin);
    image
}

/// A list, also where a single value stands for it.
pub fn as_list(value: &Value) -> Value {
    match &value.data {
        Data::Unknown(_) | Data::Null => Value::clone(value),
        _ => value.with_data(Data::List(flat(value).into_iter().cloned().collect())),
    }
}

/// A text with `$NAME` and `${NAME}` replaced; known in part where one of them is set elsewhere.
pub fn filled_in(value: &Value, variables: &Value) -> Value {
    let Some(text) = value.as_str().filter(|text| text.contains('$')) else { return Value::clone(value) };
    let Some(variables) = variables.as_map() else { return Value::clone(value) };
    let mut filling = Filling { variables, filled: String::new(), missing: None, looked_up: 0 };
    filling.add(text, 0);
    match filling.missing {
        Some(name) => {
            partly_known(value, format!("`${name}` is set outside the file").into(), &filling.filled)
        }
        None => value.with_data(Data::String(filling.filled.into())),
    }
}

struct Filling<'v> {
    variables: &'v Map,
    filled: String,
    /// The first variable that no file sets.
    missing: Option<SmolStr>,
    looked_up: usize,
}

impl Filling<'_> {
    fn add(&mut self, text: &str, steps: usize) {
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            self.filled.push_str(before);
            if let Some(escaped) = behind.strip_prefix('$') {
                self.filled.push('$');
                rest = escaped;
                continue;
            }
            let (name, after) = variable_name(behind);
            if name.is_empty() {
                self.filled.push('$');
            } else {
                self.variable(name, steps);
            }
            rest = after;
        }
        self.filled.push_str(rest);
    }

    fn variable(&mut self, name: &str, steps: usize) {
        self.looked_up += 1;
        let may_follow = steps < MAX_STEPS && self.looked_up <= MAX_LOOKED_UP;
        let known = self.variables.value(name).filter(|_| may_follow);
        match known.map(|value| &value.data) {
            Some(Data::String(text)) => self.add(text, steps + 1),
            Some(data @ (Data::Bool(_) | Data::Integer(_) | Data::Float(_))) => {
                self.filled.push_str(&data.to_string());
            }
            Some(Data::Null) => {}
            _ => {
                self.filled.push(HOLE);
                self.missing.get_or_insert_with(|| SmolStr::new(name));
            }
        }
    }
}

/// The name at the start of what stands behind a `$`, and the rest.
fn variable_name(behind: &str) -> (&str, &str) {
    let inner = behind.strip_prefix('{').unwrap_or(behind);
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
    let (name, tail) = inner.split_at(end);
    let is_braced = behind.starts_with('{');
    (name, if is_braced { tail.strip_prefix('}').unwrap_or(tail) } else { tail })
}
