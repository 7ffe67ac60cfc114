//! The JSON Schema of a configuration file, for editors.

use serde_json::{Value, json};

/// The JSON Schema of `proofmark.yaml` (draft 2020-12). A test holds it against what the parser takes.
#[must_use]
pub fn configuration_schema() -> Value {
    let texts = |description: &str| {
        let mut schema = list_of_texts();
        if let Some(map) = schema.as_object_mut() {
            map.insert("description".to_owned(), json!(description));
        }
        schema
    };
    let params = json!({
        "type": "object",
        "description": "Values of parameters, by rule.",
        "additionalProperties": { "type": "object" },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of Proofmark for a repository",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": {
            "packs": texts("The packs of rules to evaluate; `all` is every rule."),
            "enable": texts("Rules, by id or alias, that are evaluated in addition to those of the packs."),
            "disable": texts("Rules, by id or alias, that are not evaluated."),
            "params": params,
            "include": texts("If not empty, only files that match are seen."),
            "exclude": texts("Files and folders that are left out."),
            "fail_on": {
                "description": "The least severity that makes a scan exit with 1.",
                "enum": ["info", "low", "medium", "high", "critical"],
            },
            "fail_on_unknown": { "description": "Whether an unknown verdict fails a scan.", "type": "boolean" },
            "waivers": { "description": "Accepted failures.", "type": "array", "items": waiver() },
            "environments": {
                "description": "Ways in which the same files are deployed, by name.",
                "type": "object",
                "additionalProperties": environment(&params),
            },
            "variable_files": variable_files(),
            "variables": variables(),
            "workspace": workspace(),
            "values_files": values_files(),
            "rules": { "description": "The folder of your own rules.", "type": "string" },
        },
    })
}

fn waiver() -> Value {
    let text = |description: &str| json!({ "description": description, "type": "string", "minLength": 1 });
    let day = |description: &str| json!({ "description": description, "type": "string", "format": "date" });
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["rule", "reason", "approver", "expires"],
        "oneOf": [{ "required": ["address"] }, { "required": ["path"] }],
        "properties": {
            "rule": text("The rule, by id or alias; `*` for every rule."),
            "address": text("Resources with an address that matches; `*` stands for any characters."),
            "path": text("Files with a path that matches."),
            "reason": text("Why the failure is accepted."),
            "alternative": text("What protects instead; HIPAA asks for it where a specification is addressable."),
            "approver": text("Who accepted it."),
            "approved": day("When."),
            "expires": day("The last day on which it holds."),
        },
    })
}

fn list_of_texts() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn environment(params: &Value) -> Value {
    json!({
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": {
            "paths": {
                "description": "The part of the repository that it is about, as patterns; all of it unless given.",
                "type": "array",
                "minItems": 1,
                "items": { "type": "string" },
            },
            "variable_files": variable_files(),
            "variables": variables(),
            "workspace": workspace(),
            "values_files": values_files(),
            "params": params,
        },
    })
}

fn variable_files() -> Value {
    json!({
        "description": "Variable files for Terraform root modules, by path or pattern, each overriding those before. One \
            in the folder of a root module belongs to it alone; one in none belongs to all.",
        "type": "array",
        "items": { "type": "string" },
    })
}

fn variables() -> Value {
    json!({
        "description": "Single variables for Terraform root modules, which override those of files.",
        "type": "object",
        "additionalProperties": { "type": ["string", "number", "boolean", "array", "object"] },
    })
}

fn values_files() -> Value {
    json!({
        "description": "Values files for Helm charts, by path or pattern, each overriding those before. One in the folder of a \
            chart belongs to it alone; one in none belongs to all.",
        "type": "array",
        "items": { "type": "string" },
    })
}

fn workspace() -> Value {
    json!({ "description": "What `terraform.workspace` is; unknown unless given.", "type": "string" })
}
