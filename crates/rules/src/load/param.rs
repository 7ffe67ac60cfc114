//! Parameters and their values.

use super::fields::{Errors, check_keys, optional, required, text, word};
use crate::{Param, ParamType, ParamValue, Params};
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;
use std::collections::BTreeMap;

pub(super) const PARAM_KEYS: [&str; 4] = ["default", "type", "unit", "why"];

const TYPES: [(&str, ParamType); 6] = [
    ("integer", ParamType::Integer),
    ("number", ParamType::Number),
    ("boolean", ParamType::Boolean),
    ("string", ParamType::String),
    ("list", ParamType::List),
    ("map", ParamType::Map),
];

/// Reads the `params` of a rule.
pub(super) fn read_params(node: &Node, errors: &mut Errors) -> BTreeMap<SmolStr, Param> {
    let mut params = BTreeMap::new();
    if !matches!(node.data, NodeData::Mapping(_)) {
        errors.key(node.span, "`params` is not a mapping", "write `name: { default: 30, type: integer }`");
    }
    for entry in node.entries() {
        let Some(name) = entry.key.as_str() else {
            errors.key(entry.key.span, "the parameter's name is not a text", "put it in quotes");
            continue;
        };
        if let Some(param) = read_param(&entry.value, errors) {
            params.insert(SmolStr::new(name), param);
        }
    }
    params
}

fn read_param(node: &Node, errors: &mut Errors) -> Option<Param> {
    if !matches!(node.data, NodeData::Mapping(_)) {
        errors.key(node.span, "the parameter is not a mapping", "write `{ default: 30, type: integer }`");
        return None;
    }
    check_keys(node, &PARAM_KEYS, errors);
    let default_node = required(node, "default", "give the value that holds where nobody sets one", errors)?;
    let default = param_value(default_node, errors)?;
    let kind = match optional(node, "type", errors) {
        Some(kind) => word(kind, "type", &TYPES, errors)?,
        None => default.kind(),
    };
    let Some(default) = default.fit(kind) else {
        let help = format!("write a value of type `{kind}`, or change `type`");
        errors.key(default_node.span, format!("the default is not of type `{kind}`"), &help);
        return None;
    };
    let unit = optional(node, "unit", errors).and_then(|unit| text(unit, "unit", errors));
    let why = optional(node, "why", errors).and_then(|why| text(why, "why", errors));
    Some(Param { default, kind, unit, why })
}

/// Reads values of parameters: `{ min_days: 90 }`.
pub(super) fn read_values(node: &Node, errors: &mut Errors) -> Params {
    if !matches!(node.data, NodeData::Mapping(_)) {
        errors.key(
            node.span,
            "`params` is not a mapping of parameters to values",
            "write `{ min_days: 90 }`",
        );
    }
    let mut values = Params::new();
    for entry in node.entries() {
        if let (Some(name), Some(value)) = (entry.key.as_str(), param_value(&entry.value, errors)) {
            values.insert(SmolStr::new(name), value);
        }
    }
    values
}

/// The value of a parameter.
pub(super) fn param_value(node: &Node, errors: &mut Errors) -> Option<ParamValue> {
    Some(match &node.data {
        NodeData::Bool(value) => ParamValue::Boolean(*value),
        NodeData::Integer(value) => ParamValue::Integer(*value),
        NodeData::Float(value) => ParamValue::Number(*value),
        NodeData::String(value) => ParamValue::String(SmolStr::clone(value)),
        NodeData::Sequence(elements) => {
            let values: Option<Vec<ParamValue>> =
                elements.iter().map(|element| param_value(element, errors)).collect();
            ParamValue::List(values?)
        }
        NodeData::Mapping(entries) => {
            let mut map = BTreeMap::new();
            for entry in entries {
                let key = entry.key.as_str()?.to_owned();
                map.insert(key, param_value(&entry.value, errors)?);
            }
            ParamValue::Map(map)
        }
        NodeData::Null | NodeData::Template(_) => {
            errors.key(
                node.span,
                "a parameter needs a value",
                "write a number, text, truth value, list or mapping",
            );
            return None;
        }
    })
}
