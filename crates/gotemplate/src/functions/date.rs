//! Dates and durations. What asks for the present gets a placeholder that is marked as unknown.

mod duration;
mod layout;

pub(crate) use layout::layout_time;

use super::{Call, Function, Parameter, fail};
use crate::execute::Outcome;
use crate::number::parse_int;
use crate::value::{Data, IntType, Time, Value};
use duration::{format_duration, parse_duration, round_duration};

use Parameter::{Any, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::new("now", &[], |_| Ok(now())),
    Function::new("date", &[Str, Any], |call| shown(call, call.text(0), "Local")),
    Function::new("dateInZone", &[Str, Any, Str], |call| shown(call, call.text(0), call.text(2))),
    Function::new("date_in_zone", &[Str, Any, Str], |call| shown(call, call.text(0), call.text(2))),
    Function::new("htmlDate", &[Any], |call| shown_at(call.argument(0), "2006-01-02", "Local")),
    Function::new("htmlDateInZone", &[Any, Str], |call| {
        shown_at(call.argument(0), "2006-01-02", call.text(1))
    }),
    Function::new("dateModify", &[Str, Any], |call| modify(call, false)),
    Function::new("date_modify", &[Str, Any], |call| modify(call, false)),
    Function::new("mustDateModify", &[Str, Any], |call| modify(call, true)),
    Function::new("must_date_modify", &[Str, Any], |call| modify(call, true)),
    Function::new("toDate", &[Str, Str], |call| {
        Ok(Data::Time(layout::parse_time(call.text(0), call.text(1)).unwrap_or(ZERO)).into())
    }),
    Function::new("mustToDate", &[Str, Str], |call| match layout::parse_time(call.text(0), call.text(1)) {
        Some(time) => Ok(Data::Time(time).into()),
        None => fail(format!("parsing time {0:?} as {1:?}: cannot parse {0:?}", call.text(1), call.text(0))),
    }),
    Function::new("unixEpoch", &[Any], |call| Ok(time_of(call.argument(0)).seconds.to_string().into())),
    Function::new("ago", &[Any], |_| Ok(Value::unknown(Value::text("0s").data, REASON))),
    Function::new("duration", &[Any], |call| {
        // Numbers of any other type count as none.
        let seconds = match &call.argument(0).data {
            Data::Text(text) => parse_int(text.as_str(), 10).unwrap_or(0),
            Data::Int(number, IntType::Int64) => *number,
            _ => 0,
        };
        Ok(format_duration(i128::from(seconds) * duration::SECOND).into())
    }),
    Function::new("durationRound", &[Any], |call| {
        let value = call.argument(0);
        Ok(match &value.data {
            Data::Text(text) => round_duration(parse_duration(text.as_str()).unwrap_or(0)),
            Data::Int(number, _) => round_duration(i128::from(*number)),
            Data::Time(_) => return Ok(Value::unknown(Value::text("0s").data, REASON)),
            _ => round_duration(0),
        }
        .into())
    }),
];

const REASON: &str = "the time at which the chart is rendered";

/// Go's zero time: the first moment of the year 1.
const ZERO: Time = Time { seconds: -62_135_596_800, offset: 0 };

fn now() -> Value {
    Value::unknown(Data::Time(Time { seconds: 0, offset: 0 }), REASON)
}

/// The moment that a value means; whatever is none means now.
fn moment(value: &Value) -> Value {
    match &value.data {
        Data::Time(_) => Value::clone(value),
        Data::Int(seconds, _) => {
            Value::new(Data::Time(Time { seconds: *seconds, offset: 0 }), value.trace.clone())
        }
        _ => now(),
    }
}

fn time_of(value: &Value) -> Time {
    match value.data {
        Data::Time(time) => time,
        _ => ZERO,
    }
}

fn shown(call: &Call<'_>, layout: &str, zone: &str) -> Outcome<Value> {
    shown_at(call.argument(1), layout, zone)
}

/// A moment in a layout. Zones other than UTC are not known here; like Go for unknown names, UTC is taken.
fn shown_at(value: &Value, layout: &str, zone: &str) -> Outcome<Value> {
    let moment = moment(value);
    let time = time_of(&moment);
    let text = Value::text(layout_time(Time { offset: 0, ..time }, layout));
    let is_local = !matches!(zone, "UTC" | "" | "Local");
    if is_local && moment.trace.unknown().is_none() {
        return Ok(Value::unknown(text.data, "shown in a time zone that is not known here"));
    }
    Ok(text.from_trace(&moment.trace))
}

fn modify(call: &Call<'_>, must: bool) -> Outcome<Value> {
    let value = call.argument(1);
    let Some(duration) = parse_duration(call.text(0)) else {
        if must {
            return fail(format!("time: invalid duration {}", crate::unicode::quote(call.text(0))));
        }
        return Ok(Value::clone(value));
    };
    let time = time_of(value);
    let shift = i64::try_from(duration / duration::SECOND).unwrap_or(0);
    let moved = Time { seconds: time.seconds.saturating_add(shift), ..time };
    Ok(Value::new(Data::Time(moved), value.trace.clone()))
}
