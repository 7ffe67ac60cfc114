//! The shape of a rule file as JSON Schema, for editors.
//!
//! These types say nothing but the shape; `load` reads files and gives better errors than a schema could. A test keeps the
//! two together.

#![allow(dead_code, reason = "the types exist for their schema")]

use crate::{Confidence, ParamType, ParamValue, Severity, Stage};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use std::collections::BTreeMap;

/// The JSON Schema of a rule file (draft 2020-12).
#[must_use]
pub fn rule_schema() -> serde_json::Value {
    let generator: SchemaGenerator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<RuleFile>().to_value();
    refuse_null(&mut schema);
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), "Proofmark rule".into());
        root.insert("$id".to_owned(), "urn:proofmark:schema:rule".into());
    }
    schema
}

/// Takes `null` out of every type: a key that may be left out must still have a value where it stands.
fn refuse_null(schema: &mut serde_json::Value) {
    use serde_json::Value;
    match schema {
        Value::Array(elements) => elements.iter_mut().for_each(refuse_null),
        Value::Object(entries) => {
            if let Some(Value::Array(types)) = entries.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_mut_slice() {
                    let only = only.take();
                    entries.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = entries.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
                if let [Value::Object(only)] = choices.as_mut_slice() {
                    let only = std::mem::take(only);
                    entries.remove("anyOf");
                    entries.extend(only);
                }
            }
            entries.values_mut().for_each(refuse_null);
        }
        _ => {}
    }
}

/// One testable statement about a kind of resource, mapped to controls.
///
/// Its id is the path of the file below `rules/` without the extension, and states the requirement positively.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RuleFile {
    /// The requirement, stated positively, without a full stop: `RDS instance keeps automated backups long enough`.
    title: String,
    /// The harm if the requirement is not met.
    severity: Severity,
    /// How sure a finding is; `high` where nothing is said.
    confidence: Option<Confidence>,
    /// How far the rule has proved itself; `stable` where nothing is said. A rule that has not met real projects is a
    /// `preview` and off unless asked for.
    stage: Option<Stage>,
    /// Raised when a verdict changes on existing input; from 1.
    #[schemars(range(min = 1))]
    version: Option<u32>,
    /// The kind of resource, or several that share the attributes: `aws_db_instance`, `Deployment`, `github_workflow`.
    /// `workload` stands for everything that has a pod.
    resource: OneOrMore,
    /// Where the rule applies: a CEL condition. False makes the verdict not-applicable.
    when: Option<String>,
    /// A CEL expression that gives a list. Its elements are judged one by one, bound to `it`, and findings point at
    /// them.
    each: Option<String>,
    /// What must hold: a CEL condition, or several that must all hold.
    require: OneOrMore,
    /// Values that users may set, by name. Conditions read them as `params.name`.
    params: Option<BTreeMap<String, ParamFile>>,
    /// The controls that a pass gives evidence for: `soc2/CC6.1`, `hipaa/164.312(a)(2)(iv)`. Map to the narrowest.
    #[schemars(length(min = 1))]
    controls: Vec<String>,
    /// The same requirement in other tools and catalogs: `CKV_AWS_16`, `AVD-AWS-0080`, `zizmor/unpinned-uses`.
    #[schemars(length(min = 1))]
    aliases: Option<Vec<AliasFile>>,
    /// Why it matters: the harm that a failure leads to, in whole sentences.
    #[schemars(regex(pattern = r"\.\s*$"))]
    why: String,
    /// What to do about a failure, in whole sentences.
    #[schemars(regex(pattern = r"\.\s*$"))]
    fix: String,
    /// A mechanical change that makes the rule pass.
    edit: Option<EditFile>,
    /// Links to the documentation that the rule rests on.
    #[schemars(length(min = 1))]
    sources: Vec<Link>,
    /// Why the rule is no longer evaluated, and what replaces it. The file stays, because ids are never used again.
    retired: Option<String>,
}

/// One text, or a list of texts.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum OneOrMore {
    One(String),
    More(#[schemars(length(min = 1))] Vec<String>),
}

/// A link.
#[derive(JsonSchema)]
#[schemars(transparent)]
struct Link(#[schemars(url)] String);

/// A value that users may set.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ParamFile {
    /// The value where nobody sets one.
    #[schemars(with = "AnyValue")]
    default: ParamValue,
    /// Its type; that of the default where nothing is said.
    #[schemars(rename = "type")]
    kind: Option<ParamType>,
    /// Its unit: `days`, `seconds`.
    unit: Option<String>,
    /// Why the default is what it is.
    why: Option<String>,
}

/// A truth value, number, text, list or mapping.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum AnyValue {
    Boolean(bool),
    Integer(i64),
    Number(f64),
    String(String),
    List(Vec<AnyValue>),
    Map(BTreeMap<String, AnyValue>),
}

/// A name that the rule has elsewhere.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum AliasFile {
    /// The other tool asks for the same.
    Name(String),
    /// The other tool asks for something else.
    Fixed(FixedAlias),
}

/// An alias with the values under which the rule means the same as the other tool.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct FixedAlias {
    /// The rule of the other tool.
    id: String,
    /// Values of parameters, by name.
    params: BTreeMap<String, AnyValue>,
}

/// A mechanical change.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct EditFile {
    /// Attributes of the judged resource or element, by path, and the CEL expressions that give their values. A text
    /// is quoted twice: `'"Enabled"'`.
    set: Option<BTreeMap<String, Expression>>,
    /// The entry before which new ones are written, such as `jobs`; else they come last.
    before: Option<String>,
    /// The map beside the script that takes the judged expression, such as `env`; the script then reads the variable.
    /// Stands alone.
    extract: Option<String>,
}

/// A CEL expression; plain truth values and numbers may stand for themselves.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Expression {
    Text(String),
    Boolean(bool),
    Number(f64),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::RULE_KEYS;

    #[test]
    fn the_schema_knows_the_keys_that_the_loader_knows() {
        let schema = rule_schema();
        let mut keys: Vec<&str> =
            schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut known = RULE_KEYS;
        keys.sort_unstable();
        known.sort_unstable();
        assert_eq!(keys, known);
        assert_eq!(schema["additionalProperties"], false);
        let mut required: Vec<&str> =
            schema["required"].as_array().unwrap().iter().filter_map(|key| key.as_str()).collect();
        required.sort_unstable();
        assert_eq!(
            required,
            ["controls", "fix", "require", "resource", "severity", "sources", "title", "why"]
        );
    }

    #[test]
    fn every_key_is_described_for_editors() {
        let schema = rule_schema();
        for (key, property) in schema["properties"].as_object().unwrap() {
            assert!(property["description"].is_string(), "{key}");
        }
        assert!(!schema.to_string().contains("\"null\""), "a key without a value is refused");
    }
}
