//! Secrets inside of texts that are JSON, as policies and task definitions are written.

use super::{NAMING, SENSITIVE, is_secret_word, masked};
use serde_json::Value;

/// The text without its secrets; `None` where it is no JSON, or holds none.
pub(super) fn json_without_secrets(name: &str, text: &str) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut value: Value = serde_json::from_str(text).ok()?;
    hide(name, &mut value).then(|| value.to_string())
}

/// Hides what must not be shown; whether there was anything. The parser has bounded the depth.
fn hide(name: &str, value: &mut Value) -> bool {
    match value {
        Value::String(text) => {
            let shown = masked(name, text);
            let is_secret = shown != text.as_str();
            if is_secret {
                *text = shown.into_owned();
            }
            is_secret
        }
        Value::Array(elements) => {
            let is_secret = |index| is_secret_word(elements, index, Value::as_str);
            let secrets: Vec<bool> = (0..elements.len()).map(is_secret).collect();
            let hidden = elements.iter_mut().zip(secrets).map(|(element, is_secret)| {
                if is_secret {
                    *element = Value::from(SENSITIVE);
                }
                is_secret || hide(name, element)
            });
            hidden.fold(false, |any, hidden| any | hidden)
        }
        Value::Object(entries) => {
            let naming = NAMING.iter().find_map(|key| entries.get(*key)?.as_str().map(str::to_owned));
            let hidden = entries.iter_mut().map(|(key, value)| match &naming {
                Some(naming) if key == "value" => hide(naming, value),
                _ => hide(key, value),
            });
            hidden.fold(false, |any, hidden| any | hidden)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
