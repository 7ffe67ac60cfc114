//! What is wrong with a value, in the words of the validator that Helm uses.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;
use std::fmt::Write as _;

/// A line for an error, and lines for those within it.
pub(super) fn lines(error: &ValidationError<'_>, depth: usize) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{}- at '{}': {}", "  ".repeat(depth), error.instance_path(), words(error));
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            text.extend(context.iter().flatten().map(|inner| lines(inner, depth + 1)));
        }
        ValidationErrorKind::PropertyNames { error: inner } => {
            let _ = writeln!(
                text,
                "{}- at '{}': {}",
                "  ".repeat(depth + 1),
                error.instance_path(),
                words(inner)
            );
        }
        _ => {}
    }
    text
}

fn words(error: &ValidationError<'_>) -> String {
    use ValidationErrorKind as Kind;
    let instance = error.instance();
    let size =
        || instance.as_array().map(Vec::len).or(instance.as_object().map(serde_json::Map::len)).unwrap_or(0);
    let bounded = |name: &str, limit: &dyn std::fmt::Display| format!("{name}: got {instance}, want {limit}");
    match error.kind() {
        Kind::Required { property } => format!("missing property {}", quoted(property)),
        Kind::Type { kind } => format!("got {}, want {}", type_of(instance), types(kind)),
        Kind::Enum { options } => {
            let options: Vec<String> =
                options.as_array().map_or(&[][..], Vec::as_slice).iter().map(quoted).collect();
            format!("value must be one of {}", options.join(", "))
        }
        Kind::Constant { expected_value } => format!("value must be {}", quoted(expected_value)),
        Kind::Pattern { pattern } => format!("{} does not match pattern '{pattern}'", quoted(instance)),
        Kind::Minimum { limit } => bounded("minimum", limit),
        Kind::Maximum { limit } => bounded("maximum", limit),
        Kind::ExclusiveMinimum { limit } => bounded("exclusiveMinimum", limit),
        Kind::ExclusiveMaximum { limit } => bounded("exclusiveMaximum", limit),
        Kind::MultipleOf { multiple_of } => bounded("multipleOf", multiple_of),
        Kind::MinLength { limit } => format!("minLength: got {}, want {limit}", length(instance)),
        Kind::MaxLength { limit } => format!("maxLength: got {}, want {limit}", length(instance)),
        Kind::MinItems { limit } => format!("minItems: got {}, want {limit}", size()),
        Kind::MaxItems { limit } => format!("maxItems: got {}, want {limit}", size()),
        Kind::MinProperties { limit } => format!("minProperties: got {}, want {limit}", size()),
        Kind::MaxProperties { limit } => format!("maxProperties: got {}, want {limit}", size()),
        Kind::AdditionalProperties { unexpected } => {
            let unexpected: Vec<String> = unexpected.iter().map(|name| format!("'{name}'")).collect();
            format!("additional properties {} not allowed", unexpected.join(", "))
        }
        Kind::AnyOf { .. } => "'anyOf' failed".to_owned(),
        Kind::OneOfNotValid { .. } => "'oneOf' failed, none matched".to_owned(),
        Kind::Not { .. } => "'not' failed".to_owned(),
        Kind::PropertyNames { error } => format!("invalid propertyName {}", quoted(error.instance())),
        _ => error.to_string(),
    }
}

/// A value in single quotes where it is text.
fn quoted(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("'{text}'"))
}

fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

fn types(kind: &TypeKind) -> String {
    let name = |kind: JsonType| kind.to_string();
    match kind {
        TypeKind::Single(kind) => name(*kind),
        TypeKind::Multiple(kinds) => kinds.iter().map(name).collect::<Vec<_>>().join(" or "),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
