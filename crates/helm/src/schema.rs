//! `values.schema.json`.

mod cost;
mod words;

use crate::chart::Chart;
use crate::limits::{self, MAX_COMPLAINTS, MAX_SCHEMA_STEPS};
use crate::render::Problem;
use crate::values::table;
use cost::Refusal;
use proofmark_gotemplate::{Data, Dict, Trace, Value};
use proofmark_source::Code;
use serde_json::{Map, Number};
use smol_str::{SmolStr, format_smolstr};

/// Values that a schema refuses.
const SCHEMA: Code = Code("helm-schema");
/// A schema that cannot be asked.
pub(crate) const UNREAD: Code = Code("helm-schema-unread");

/// What is wrong, and where the value stands that is wrong.
struct Complaint {
    code: Code,
    message: String,
    place: Trace,
}

/// What a chart's schema, and those of its subcharts, find wrong with the values.
pub(crate) fn validate(chart: &Chart, values: &Dict) -> Vec<Problem> {
    let mut problems = Vec::new();
    let name = &chart.metadata.name;
    let opening = "values don't meet the specifications of the schema(s) in the following chart(s)";
    for complaint in chart.schema.iter().flat_map(|schema| complaints(schema, values)) {
        let Complaint { code, message, place } = complaint;
        let message = if code == SCHEMA { format!("{opening}:\n{name}:\n{message}") } else { message };
        problems.push(Problem { template: SmolStr::clone(name), message, place, code, file: None });
    }
    for child in &chart.dependencies {
        if let Some(inner) = table(values, &child.metadata.name) {
            problems.extend(validate(child, &inner));
        }
    }
    problems
}

fn complaints(schema: &str, values: &Dict) -> Vec<Complaint> {
    let whole = |code, message: String| vec![Complaint { code, message, place: Trace::NONE }];
    let schema: serde_json::Value = match serde_json::from_str(schema) {
        Ok(schema) => schema,
        Err(error) => return whole(SCHEMA, format!("- the schema is no JSON: {error}\n")),
    };
    let root = Data::Dict(Dict::clone(values)).into();
    let instance = json(&root);
    match cost::measure(&schema, &instance) {
        Ok(()) => {}
        Err(Refusal::Elsewhere(name)) => {
            let message =
                format!("the values are not checked: their schema needs `{name}`, and nothing is fetched");
            return whole(UNREAD, message);
        }
        Err(Refusal::TooMuch) => {
            let message =
                format!("the values are not checked: that takes more than {MAX_SCHEMA_STEPS} steps");
            return whole(limits::SCHEMA, message);
        }
    }
    let validator = match jsonschema::validator_for(&schema) {
        Ok(validator) => validator,
        Err(error) => {
            return whole(UNREAD, format!("the values are not checked: their schema is wrong: {error}"));
        }
    };
    let complaint = |error: jsonschema::ValidationError<'_>| Complaint {
        code: SCHEMA,
        message: words::lines(&error, 0),
        place: place(&root, error.instance_path().as_str()),
    };
    validator.iter_errors(&instance).take(MAX_COMPLAINTS).map(complaint).collect()
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
