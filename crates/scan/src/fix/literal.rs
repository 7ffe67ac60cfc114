//! Values as their formats write them.

use proofmark_model::{Data, Map, Value};

/// Words that YAML 1.1 or 1.2 takes for something else than text.
const YAML_WORDS: [&str; 10] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"];

/// A value behind its key, on a line of its own in a block; `None` where it is not known. An expression of a template language
/// is written plain there, as people do.
pub(super) fn yaml_line(value: &Value) -> Option<String> {
    match &value.data {
        Data::String(text) if is_plain_expression(text) => Some(text.to_string()),
        _ => yaml_inline(value),
    }
}

/// Whether a text is one expression in which nothing needs quotes.
fn is_plain_expression(text: &str) -> bool {
    let is_whole = text.starts_with("${{") && text.find("}}") == text.len().checked_sub(2);
    is_whole && !text.contains([':', '#', '\'', '"', '\\', '\n'])
}

/// A value on one line of YAML, also within braces; `None` where it is not known.
pub(super) fn yaml_inline(value: &Value) -> Option<String> {
    Some(match &value.data {
        Data::String(text) => yaml_text(text),
        Data::List(elements) => {
            let elements: Option<Vec<String>> = elements.iter().map(yaml_inline).collect();
            format!("[{}]", elements?.join(", "))
        }
        Data::Map(map) if map.entries().is_empty() => "{}".to_owned(),
        Data::Map(map) => format!("{{ {} }}", yaml_entries(map)?.join(", ")),
        Data::Unknown(_) => return None,
        other => other.to_string(),
    })
}

fn yaml_entries(map: &Map) -> Option<Vec<String>> {
    let entry = |entry: &proofmark_model::Attribute| {
        Some(format!("{}: {}", yaml_text(&entry.name), yaml_inline(&entry.value)?))
    };
    map.entries().iter().map(entry).collect()
}

/// A text as YAML writes it: plain where nothing can take it for something else.
pub(super) fn yaml_text(text: &str) -> String {
    let is_wordy = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(is_wordy)
        && !YAML_WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A value as HCL writes it; `None` where it is not known.
pub(super) fn hcl(value: &Value) -> Option<String> {
    Some(match &value.data {
        Data::String(text) => quoted(text).replace("${", "$${").replace("%{", "%%{"),
        Data::List(elements) => {
            let elements: Option<Vec<String>> = elements.iter().map(hcl).collect();
            format!("[{}]", elements?.join(", "))
        }
        Data::Map(map) => {
            let entry = |entry: &proofmark_model::Attribute| {
                Some(format!("{} = {}", quoted(&entry.name), hcl(&entry.value)?))
            };
            let entries: Option<Vec<String>> = map.entries().iter().map(entry).collect();
            format!("{{ {} }}", entries?.join(", "))
        }
        Data::Unknown(_) => return None,
        other => other.to_string(),
    })
}

/// A text in double quotes, with the escapes that JSON, YAML and HCL share.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
