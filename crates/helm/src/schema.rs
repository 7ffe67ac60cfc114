//! `values.schema.json`.

mod words;

use crate::chart::Chart;
use crate::render::Problem;
use crate::values::table;
use proofmark_gotemplate::{Data, Dict, Trace, Value};
use serde_json::{Map, Number};
use smol_str::{SmolStr, format_smolstr};

/// What a chart's schema, and those of its subcharts, find wrong with the values.
pub(crate) fn validate(chart: &Chart, values: &Dict) -> Vec<Problem> {
    let mut problems = Vec::new();
    let name = &chart.metadata.name;
    for (complaint, place) in chart.schema.iter().flat_map(|schema| complaints(schema, values)) {
        let opening = "values don't meet the specifications of the schema(s) in the following chart(s)";
        let message = format!("{opening}:\n{name}:\n{complaint}");
        problems.push(Problem { template: SmolStr::clone(name), message, place, is_limit: false });
    }
    for child in &chart.dependencies {
        if let Some(inner) = table(values, &child.metadata.name) {
            problems.extend(validate(child, &inner));
        }
    }
    problems
}

/// What is wrong, and where the value stands that is wrong.
fn complaints(schema: &str, values: &Dict) -> Vec<(String, Trace)> {
    let schema: serde_json::Value = match serde_json::from_str(schema) {
        Ok(schema) => schema,
        Err(error) => return vec![(format!("- the schema is no JSON: {error}\n"), Trace::NONE)],
    };
    // A schema that needs another from somewhere cannot be used: nothing is fetched.
    let Ok(validator) = jsonschema::validator_for(&schema) else { return Vec::new() };
    let root = Data::Dict(Dict::clone(values)).into();
    let instance = json(&root);
    let errors = validator.iter_errors(&instance);
    errors.map(|error| (words::lines(&error, 0), place(&root, error.instance_path().as_str()))).collect()
}

/// Where the value stands that a JSON pointer leads to, or the innermost on the way that stands anywhere.
fn place(root: &Value, pointer: &str) -> Trace {
    let mut value = Value::clone(root);
    let mut place = Trace::NONE;
    for step in pointer.split('/').skip(1) {
        let name = format_smolstr!("{}", step.replace("~1", "/").replace("~0", "~"));
        let next = match &value.data {
            Data::Dict(dict) => dict.get(&name),
            Data::List(list) => name.parse().ok().and_then(|index: usize| list.items.get(index).cloned()),
            _ => None,
        };
        let Some(next) = next else { break };
        value = next;
        if !value.trace.is_empty() {
            place = value.trace.clone();
        }
    }
    place
}

fn json(value: &Value) -> serde_json::Value {
    match &value.data {
        Data::Bool(flag) => (*flag).into(),
        Data::Int(number, _) => (*number).into(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => (*number as i64).into(),
        Data::Float(number) => Number::from_f64(*number).map_or(serde_json::Value::Null, Into::into),
        Data::Text(text) => text.as_str().into(),
        Data::List(list) => list.items.iter().map(json).collect(),
        Data::Dict(dict) => {
            let entries: Map<String, serde_json::Value> =
                dict.entries().into_iter().map(|(key, value)| (key.to_string(), json(&value))).collect();
            entries.into()
        }
        _ => serde_json::Value::Null,
    }
}
