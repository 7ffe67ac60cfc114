//! What is drawn by chance: placeholders here, the same in every run, and marked as unknown.

use super::{Call, Function, Parameter, check_bytes, fail};
use crate::execute::Outcome;
use crate::value::{Data, IntType, Value};

use Parameter::{Int, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::new("randAlphaNum", &[Int], |call| drawn(call, 'x')),
    Function::new("randAlpha", &[Int], |call| drawn(call, 'x')),
    Function::new("randAscii", &[Int], |call| drawn(call, 'x')),
    Function::new("randNumeric", &[Int], |call| drawn(call, '0')),
    Function::new("randBytes", &[Int], random_bytes),
    Function::new("randInt", &[Int, Int], |call| {
        if call.int(1) <= call.int(0) {
            return fail("invalid argument to Intn");
        }
        Ok(Value::unknown(Data::Int(call.int(0), IntType::Int), REASON))
    }),
    Function::new("shuffle", &[Str], |call| Ok(Value::unknown(Value::text(call.text(0)).data, REASON))),
    Function::new("uuidv4", &[], |_| {
        Ok(Value::unknown(Value::text("00000000-0000-4000-8000-000000000000").data, REASON))
    }),
    Function::new("bcrypt", &[Str], |_| Ok(Value::unknown(Value::text(BCRYPT).data, REASON))),
    Function::new("htpasswd", &[Str, Str], |call| {
        if call.text(0).contains(':') {
            return Ok(format!("invalid username: {}", call.text(0)).into());
        }
        Ok(Value::unknown(Value::text(format!("{}:{BCRYPT}", call.text(0))).data, REASON))
    }),
];

const REASON: &str = "drawn by chance when the chart is installed";

/// The shape of a bcrypt hash.
const BCRYPT: &str = "$2a$10$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

fn drawn(call: &Call<'_>, placeholder: char) -> Outcome<Value> {
    let count = usize::try_from(call.int(0)).unwrap_or(0);
    check_bytes(count)?;
    let text: String = std::iter::repeat_n(placeholder, count).collect();
    Ok(Value::unknown(Value::text(text).data, REASON))
}

fn random_bytes(call: &Call<'_>) -> Outcome<Value> {
    let count = usize::try_from(call.int(0)).unwrap_or(0);
    check_bytes(count.saturating_mul(2))?;
    let text = data_encoding::BASE64.encode(&vec![0; count]);
    Ok(Value::unknown(Value::text(text).data, REASON))
}
