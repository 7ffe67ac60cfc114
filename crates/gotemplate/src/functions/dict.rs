//! Sprig's functions over maps. `set`, `unset` and the merges change the map that they are given, for everybody.

use super::{Call, Function, Parameter, fail};
use crate::execute::{Outcome, Run};
use crate::value::{Data, Dict, List, TEXT_MAP_TYPE, Value};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::rc::Rc;

use Parameter::{Any, Dict as Map, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::variadic("dict", &[], Any, make),
    Function::new("get", &[Map, Str], |call| Ok(map(call, 0).get(call.text(1)).unwrap_or_else(|| "".into()))),
    Function::new("set", &[Map, Str, Any], |call| {
        map(call, 0).set(SmolStr::new(call.text(1)), Value::clone(call.argument(2)));
        Ok(Value::clone(call.argument(0)))
    }),
    Function::new("unset", &[Map, Str], |call| {
        map(call, 0).remove(call.text(1));
        Ok(Value::clone(call.argument(0)))
    }),
    Function::new("hasKey", &[Map, Str], |call| Ok(map(call, 0).has(call.text(1)).into())),
    Function::variadic("pluck", &[Str], Map, |call| {
        let maps = call.arguments.iter().skip(1).filter_map(Value::as_dict);
        Ok(Value::list(maps.filter_map(|map| map.get(call.text(0))).collect()))
    }),
    Function::variadic("keys", &[], Map, |call| {
        let maps = call.arguments.iter().filter_map(Value::as_dict);
        let keys = maps
            .flat_map(Dict::entries)
            .map(|(key, value)| Value::text(key.as_str()).from_trace(&value.trace));
        Ok(Value::typed_list(keys.collect(), "string"))
    }),
    Function::new("values", &[Map], |call| {
        Ok(Value::list(map(call, 0).entries().into_iter().map(|(_, value)| value).collect()))
    }),
    Function::variadic("pick", &[Map], Str, |call| Ok(filtered(call, true))),
    Function::variadic("omit", &[Map], Str, |call| Ok(filtered(call, false))),
    Function::variadic("merge", &[Map], Map, |call| merge_all(call, false)),
    Function::variadic("mustMerge", &[Map], Map, |call| merge_all(call, false)),
    Function::variadic("mergeOverwrite", &[Map], Map, |call| merge_all(call, true)),
    Function::variadic("mustMergeOverwrite", &[Map], Map, |call| merge_all(call, true)),
    Function::variadic("dig", &[], Any, dig),
    Function::new("deepCopy", &[Any], |call| copy(call.run, call.argument(0), 0)),
    Function::new("mustDeepCopy", &[Any], |call| copy(call.run, call.argument(0), 0)),
];

/// How deep maps may hold each other when they are copied or merged.
const MAX_DEPTH: usize = 200;

/// A map argument; `nil` is an empty map that nobody else holds.
fn map(call: &Call<'_>, index: usize) -> Dict {
    call.argument(index).as_dict().cloned().unwrap_or_else(|| Dict::new(BTreeMap::new()))
}

fn make(call: &Call<'_>) -> Outcome<Value> {
    let mut entries = BTreeMap::new();
    for pair in call.arguments.chunks(2) {
        let Some(key) = pair.first() else { continue };
        let (key, _) = super::convert::text_of(key);
        let value = pair.get(1).cloned().unwrap_or_else(|| "".into());
        entries.insert(SmolStr::new(key.as_str()), value);
    }
    Ok(Value::dict(entries))
}

fn filtered(call: &Call<'_>, keeps: bool) -> Value {
    let named = call.arguments.get(1..).unwrap_or(&[]);
    let is_named = |key: &SmolStr| named.iter().any(|name| name.as_str() == Some(key.as_str()));
    let entries = map(call, 0).entries().into_iter();
    Value::dict(entries.filter(|(key, _)| is_named(key) == keeps).collect())
}

fn dig(call: &Call<'_>) -> Outcome<Value> {
    let [keys @ .., otherwise, whole] = call.arguments.as_slice() else {
        return fail("dig needs at least three arguments");
    };
    if keys.is_empty() {
        return fail("dig needs at least three arguments");
    }
    let mut value = whole.clone();
    for key in keys {
        let Some(name) = key.as_str() else {
            return fail(format!("interface conversion: interface {{}} is {}, not string", shown_type(key)));
        };
        let Data::Dict(dict) = &value.data else {
            let found = shown_type(&value);
            return fail(format!(
                "interface conversion: interface {{}} is {found}, not map[string]interface {{}}"
            ));
        };
        match dict.get(name) {
            Some(found) => value = found,
            None => return Ok(otherwise.clone()),
        }
    }
    Ok(value)
}

fn shown_type(value: &Value) -> SmolStr {
    if value.is_nil() { SmolStr::new_static("nil") } else { value.type_name() }
}

/// A copy that shares no map with the original.
fn copy(run: &Run, value: &Value, depth: usize) -> Outcome<Value> {
    run.work(value.price() + 1)?;
    if depth > MAX_DEPTH {
        return fail("maps hold each other too deeply");
    }
    let data = match &value.data {
        Data::Dict(dict) => {
            let mut entries = BTreeMap::new();
            for (key, value) in dict.entries() {
                entries.insert(key, copy(run, &value, depth + 1)?);
            }
            Data::Dict(Dict::typed(entries, dict.type_name()))
        }
        Data::List(list) => {
            let items: Outcome<Vec<Value>> =
                list.items.iter().map(|item| copy(run, item, depth + 1)).collect();
            Data::List(Rc::new(List { items: items?, element: list.element }))
        }
        other => other.clone(),
    };
    Ok(Value { data, trace: value.trace.clone() })
}

fn merge_all(call: &Call<'_>, overwrites: bool) -> Outcome<Value> {
    let target = map(call, 0);
    for source in call.arguments.iter().skip(1).filter_map(Value::as_dict) {
        merge(call, (&target, source), overwrites, 0)?;
    }
    Ok(match call.argument(0).data {
        Data::Dict(_) => Value::clone(call.argument(0)),
        _ => Data::Dict(target).into(),
    })
}

/// `mergo.Merge`: what `source` has and `target` has not, or has empty; with `overwrites` what both have, too.
fn merge(call: &Call<'_>, maps: (&Dict, &Dict), overwrites: bool, depth: usize) -> Outcome<()> {
    let (target, source) = maps;
    if depth > MAX_DEPTH {
        return fail("maps hold each other too deeply");
    }
    if target.is(source) {
        return Ok(());
    }
    for (key, value) in source.entries() {
        call.run.step()?;
        if value.is_nil() {
            if overwrites {
                target.set(key, value);
            }
            continue;
        }
        let existing = target.get(&key);
        if let (Data::Dict(inner), Some(Data::Dict(own))) =
            (&value.data, existing.as_ref().map(|own| &own.data))
            && own.type_name() != TEXT_MAP_TYPE
        {
            merge(call, (own, inner), overwrites, depth + 1)?;
            if !own.is_empty() {
                continue;
            }
        }
        if overwrites || existing.is_none_or(|existing| !existing.is_true()) {
            target.set(key, value);
        }
    }
    Ok(())
}
