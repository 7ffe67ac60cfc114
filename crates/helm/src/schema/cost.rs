//! How much a schema asks of values, counted before it is asked: one that refers to itself twice may take centuries.

use crate::limits::MAX_SCHEMA_STEPS;
use serde_json::Value;

/// Why a schema is not asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It needs a schema that does not stand in it.
    Elsewhere(String),
    /// It refers to itself too often, or without an end.
    TooMuch,
}

/// How deep a schema may refer to itself: a validator recurses as deep.
const MAX_DEPTH: usize = 200;

/// Whether `schema` can be asked about `values`. Every alternative counts, as if none decided early.
pub(super) fn measure(schema: &Value, values: &Value) -> Result<(), Refusal> {
    let mut walk = Walk { left: MAX_SCHEMA_STEPS };
    walk.visit((schema, schema), values, 0)
}

struct Walk {
    left: usize,
}

impl Walk {
    /// Counts a schema that meets a value; `base` is the document that its references mean.
    fn visit(
        &mut self,
        (base, schema): (&Value, &Value),
        value: &Value,
        depth: usize,
    ) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(1).filter(|_| depth <= MAX_DEPTH).ok_or(Refusal::TooMuch)?;
        let Value::Object(keywords) = schema else { return Ok(()) };
        let base = if keywords.contains_key("$id") || keywords.contains_key("id") { schema } else { base };
        for (keyword, inner) in keywords {
            let mut visit = |schema: &Value, value: &Value| self.visit((base, schema), value, depth + 1);
            match keyword.as_str() {
                "$ref" | "$dynamicRef" | "$recursiveRef" => {
                    if let Some(name) = inner.as_str() {
                        visit(target(base, name)?, value)?;
                    }
                }
                "not" | "if" | "then" | "else" => visit(inner, value)?,
                "allOf" | "anyOf" | "oneOf" => {
                    inner.as_array().into_iter().flatten().try_for_each(|schema| visit(schema, value))?;
                }
                "dependentSchemas" | "dependencies" => {
                    let schemas = inner.as_object().into_iter().flatten();
                    schemas
                        .filter(|(_, schema)| schema.is_object())
                        .try_for_each(|(_, schema)| visit(schema, value))?;
                }
                _ => self.visit_inner((base, keyword, inner), value, depth)?,
            }
        }
        Ok(())
    }

    /// Counts the schemas of a keyword that meet what a value holds.
    fn visit_inner(
        &mut self,
        (base, keyword, inner): (&Value, &str, &Value),
        value: &Value,
        depth: usize,
    ) -> Result<(), Refusal> {
        let mut visit = |schema: &Value, value: &Value| self.visit((base, schema), value, depth + 1);
        let held = || value.as_object().into_iter().flat_map(|entries| entries.values());
        let items = || value.as_array().into_iter().flatten();
        match (keyword, inner) {
            ("properties", Value::Object(schemas)) => schemas
                .iter()
                .filter_map(|(name, schema)| Some((schema, value.get(name)?)))
                .try_for_each(|(schema, value)| visit(schema, value)),
            ("patternProperties", Value::Object(schemas)) => {
                schemas.values().try_for_each(|schema| held().try_for_each(|value| visit(schema, value)))
            }
            ("additionalProperties" | "unevaluatedProperties" | "propertyNames", schema) => {
                held().try_for_each(|value| visit(schema, value))
            }
            ("items" | "prefixItems", Value::Array(schemas)) => {
                schemas.iter().zip(items()).try_for_each(|(schema, value)| visit(schema, value))
            }
            ("items" | "additionalItems" | "unevaluatedItems" | "contains", schema) => {
                items().try_for_each(|value| visit(schema, value))
            }
            _ => Ok(()),
        }
    }
}

/// The schema that a reference means; only what a path within the document leads to is followed.
fn target<'s>(base: &'s Value, name: &str) -> Result<&'s Value, Refusal> {
    let own = base.get("$id").or_else(|| base.get("id")).and_then(Value::as_str).unwrap_or("");
    let local = name.strip_prefix(own.trim_end_matches('#')).unwrap_or(name);
    let found = local.strip_prefix('#').and_then(|pointer| base.pointer(&decoded(pointer)));
    found.ok_or_else(|| Refusal::Elsewhere(name.to_owned()))
}

/// A pointer without the escapes of URLs that names of keys may need.
fn decoded(pointer: &str) -> String {
    ["%24", "$", "%7B", "{", "%7D", "}", "%20", " ", "%25", "%"].chunks(2).fold(
        pointer.to_owned(),
        |text, pair| match pair {
            [from, to] => text.replace(from, to),
            _ => text,
        },
    )
}
