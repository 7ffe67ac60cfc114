//! `values.schema.json`.

use crate::chart::Chart;
use crate::render::Problem;
use crate::values::table;
use proofmark_gotemplate::{Data, Dict, Trace, Value};
use serde_json::{Map, Number};

/// What a chart's schema, and those of its subcharts, find wrong with the values.
pub(crate) fn validate(chart: &Chart, values: &Dict) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(schema) = &chart.schema
        && let Some(message) = complaint(schema, values)
    {
        let message = format!(
            "values don't meet the specifications of the schema(s) in the following chart(s):\n{}:\n{message}",
            chart.metadata.name
        );
        let place = Trace::default();
        let template = smol_str::SmolStr::clone(&chart.metadata.name);
        problems.push(Problem { template, message, place, is_limit: false });
    }
    for child in &chart.dependencies {
        if let Some(inner) = table(values, &child.metadata.name) {
            problems.extend(validate(child, &inner));
        }
    }
    problems
}

fn complaint(schema: &str, values: &Dict) -> Option<String> {
    let schema: serde_json::Value = match serde_json::from_str(schema) {
        Ok(schema) => schema,
        Err(error) => return Some(format!("- the schema is no JSON: {error}\n")),
    };
    // A schema that needs another from somewhere cannot be used: nothing is fetched.
    let validator = jsonschema::validator_for(&schema).ok()?;
    let instance = json(&Data::Dict(values.clone()).into());
    let complaints: Vec<String> = validator
        .iter_errors(&instance)
        .map(|error| format!("- at '{}': {error}\n", error.instance_path()))
        .collect();
    (!complaints.is_empty()).then(|| complaints.concat())
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
