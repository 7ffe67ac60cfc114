//! Sprig's functions over lists.

use super::convert::{is_deeply_equal, list_argument, strings, text_value, to_int};
use super::{Call, Function, Parameter, check_items, fail};
use crate::execute::Outcome;
use crate::value::{Data, Value};

use Parameter::{Any, Int};

pub(super) const TABLE: &[Function] = &[
    Function::variadic("list", &[], Any, |call| Ok(Value::list(call.arguments.clone()))),
    Function::variadic("tuple", &[], Any, |call| Ok(Value::list(call.arguments.clone()))),
    Function::new("append", &[Any, Any], push),
    Function::new("mustAppend", &[Any, Any], push),
    Function::new("push", &[Any, Any], push),
    Function::new("mustPush", &[Any, Any], push),
    Function::new("prepend", &[Any, Any], prepend),
    Function::new("mustPrepend", &[Any, Any], prepend),
    Function::new("first", &[Any], first),
    Function::new("mustFirst", &[Any], first),
    Function::new("last", &[Any], last),
    Function::new("mustLast", &[Any], last),
    Function::new("rest", &[Any], rest),
    Function::new("mustRest", &[Any], rest),
    Function::new("initial", &[Any], initial),
    Function::new("mustInitial", &[Any], initial),
    Function::new("reverse", &[Any], reverse),
    Function::new("mustReverse", &[Any], reverse),
    Function::new("uniq", &[Any], unique),
    Function::new("mustUniq", &[Any], unique),
    Function::new("compact", &[Any], compact),
    Function::new("mustCompact", &[Any], compact),
    Function::variadic("without", &[Any], Any, without),
    Function::variadic("mustWithout", &[Any], Any, without),
    Function::new("has", &[Any, Any], has),
    Function::new("mustHas", &[Any, Any], has),
    Function::variadic("slice", &[Any], Any, slice),
    Function::variadic("mustSlice", &[Any], Any, slice),
    Function::variadic("concat", &[], Any, concatenate),
    Function::new("chunk", &[Int, Any], chunk),
    Function::new("mustChunk", &[Int, Any], chunk),
    Function::new("sortAlpha", &[Any], sort),
    Function::new("until", &[Int], |call| {
        let end = call.int(0);
        range(0, end, if end < 0 { -1 } else { 1 })
    }),
    Function::new("untilStep", &[Int, Int, Int], |call| range(call.int(0), call.int(1), call.int(2))),
    Function::variadic("seq", &[], Int, sequence),
];

fn push(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot push on type {}")?;
    Ok(Value::list(items.iter().chain([call.argument(1)]).cloned().collect()))
}

fn prepend(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot prepend on type {}")?;
    Ok(Value::list([call.argument(1)].into_iter().chain(items).cloned().collect()))
}

fn first(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot find first on type {}")?;
    Ok(items.first().cloned().unwrap_or_else(Value::nil))
}

fn last(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot find last on type {}")?;
    Ok(items.last().cloned().unwrap_or_else(Value::nil))
}

fn rest(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot find rest on type {}")?;
    Ok(Value::list(items.iter().skip(1).cloned().collect()))
}

fn initial(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot find initial on type {}")?;
    Ok(Value::list(items.iter().take(items.len().saturating_sub(1)).cloned().collect()))
}

fn reverse(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot find reverse on type {}")?;
    Ok(Value::list(items.iter().rev().cloned().collect()))
}

fn unique(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot find uniq on type {}")?;
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if !holds(call, &kept, item)? {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

fn compact(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot compact on type {}")?;
    Ok(Value::list(items.iter().filter(|item| item.is_true()).cloned().collect()))
}

fn without(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "Cannot find without on type {}")?;
    let dropped = call.arguments.get(1..).unwrap_or(&[]);
    let mut kept = Vec::new();
    for item in items {
        if !holds(call, dropped, item)? {
            kept.push(item.clone());
        }
    }
    Ok(Value::list(kept))
}

/// Whether one of `items` is equal to another value.
fn holds(call: &Call<'_>, items: &[Value], wanted: &Value) -> Outcome<bool> {
    for item in items {
        if is_deeply_equal(call.run, (item, wanted))? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has(call: &Call<'_>) -> Outcome<Value> {
    if call.argument(1).is_nil() {
        return Ok(false.into());
    }
    let items = list_argument(call.argument(1), "Cannot find has on type {}")?;
    Ok(holds(call, items, call.argument(0))?.into())
}

/// A part of a list; of a text too, as text/template's own function has it.
pub(super) fn slice(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(0), "list should be type of slice or array but {}")?;
    if items.is_empty() {
        return Ok(Value::nil());
    }
    let place = |index: usize, otherwise: usize| match call.arguments.get(index) {
        Some(value) => usize::try_from(to_int(value)).ok(),
        None => Some(otherwise),
    };
    let range = place(1, 0).zip(place(2, items.len()));
    match range.and_then(|(start, end)| items.get(start..end)) {
        Some(part) => Ok(Value::list(part.to_vec())),
        None => fail("reflect.Value.Slice: slice index out of bounds"),
    }
}

fn concatenate(call: &Call<'_>) -> Outcome<Value> {
    let mut joined = Vec::new();
    for list in &call.arguments {
        joined.extend(list_argument(list, "Cannot concat type {} as list")?.iter().cloned());
        check_items(joined.len())?;
    }
    Ok(Value::list(joined))
}

fn chunk(call: &Call<'_>) -> Outcome<Value> {
    let items = list_argument(call.argument(1), "Cannot chunk type {}")?;
    let Some(size) = usize::try_from(call.int(0)).ok().filter(|size| *size > 0) else {
        return fail("runtime error: integer divide by zero");
    };
    let parts = items.chunks(size).map(|part| Value::list(part.to_vec()));
    Ok(Value::typed_list(parts.collect(), "[]interface {}"))
}

fn sort(call: &Call<'_>) -> Outcome<Value> {
    let value = call.argument(0);
    let mut texts = match &value.data {
        Data::List(_) => strings(value),
        _ => vec![text_value(value)],
    };
    texts.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
    Ok(Value::typed_list(texts, "string"))
}

/// The numbers from `start` to before `stop` (Sprig, `untilStep`).
fn numbers(start: i64, stop: i64, step: i64) -> Outcome<Vec<i64>> {
    let is_falling = stop < start;
    if step == 0 || is_falling != (step < 0) {
        return Ok(Vec::new());
    }
    let distance = stop.abs_diff(start);
    let count = usize::try_from(distance.div_ceil(step.unsigned_abs())).unwrap_or(usize::MAX);
    check_items(count)?;
    Ok((0..count).map(|index| start + step * i64::try_from(index).unwrap_or(0)).collect())
}

fn range(start: i64, stop: i64, step: i64) -> Outcome<Value> {
    let numbers = numbers(start, stop, step)?;
    Ok(Value::typed_list(numbers.into_iter().map(Value::int).collect(), "int"))
}

/// Sprig's `seq`: the numbers as one text, the end included.
fn sequence(call: &Call<'_>) -> Outcome<Value> {
    let toward = |start: i64, end: i64| if end < start { -1 } else { 1 };
    let (start, end, step) = match call.arguments.len() {
        1 => (1, call.int(0), toward(1, call.int(0))),
        2 => (call.int(0), call.int(1), toward(call.int(0), call.int(1))),
        3 => (call.int(0), call.int(2), call.int(1)),
        _ => return Ok("".into()),
    };
    if end < start && step > 0 {
        return Ok("".into());
    }
    let numbers = numbers(start, end.saturating_add(toward(start, end)), step)?;
    let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
    Ok(texts.join(" ").into())
}
