//! Which values a schema speaks of.

use proofmark_model::SmolStr;
use serde_json::Value;

/// How many references are followed for one path: those of a schema may lead in circles.
const MAX_REFERENCES: usize = 32;

/// Words by which a schema may say more than its `properties` do.
const FURTHER: [&str; 8] = [
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "$dynamicRef",
    "$recursiveRef",
    "dependentSchemas",
    "unevaluatedProperties",
];

/// Whether a schema speaks of the value at a path: by a property, or by saying nothing of what a map on the way holds.
pub(super) fn covers(schema: &Value, path: &[SmolStr]) -> bool {
    let (mut place, mut names, mut followed) = (schema, path, 0);
    loop {
        if let Some(reference) = place.get("$ref").and_then(Value::as_str) {
            followed += 1;
            let inside = reference.strip_prefix('#').and_then(|pointer| schema.pointer(pointer));
            match inside.filter(|_| followed < MAX_REFERENCES) {
                Some(inside) => place = inside,
                None => return true,
            }
            continue;
        }
        let Some((name, rest)) = names.split_first() else { return true };
        if FURTHER.iter().any(|word| place.get(word).is_some()) {
            return true;
        }
        let properties = place.get("properties").and_then(Value::as_object);
        let own = properties.and_then(|properties| properties.get(name.as_str()));
        let further = place.get("additionalProperties").filter(|further| further.is_object());
        match own.or(further) {
            Some(inner) => (place, names) = (inner, rest),
            None => return properties.is_none() || place.get("patternProperties").is_some(),
        }
    }
}
