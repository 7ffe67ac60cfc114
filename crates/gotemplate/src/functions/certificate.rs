//! Keys and certificates: placeholders of the right shape, marked as unknown.

use super::{Call, Function, Parameter};
use crate::execute::Outcome;
use crate::value::{Object, Value};
use std::rc::Rc;

use Parameter::{Any, Int, List, Text as Str};

pub(super) const TABLE: &[Function] = &[
    Function::new("genPrivateKey", &[Str], |_| Ok(pem("RSA PRIVATE KEY"))),
    Function::new("derivePassword", &[Int, Str, Str, Str, Str], |_| {
        Ok(Value::unknown(Value::text("xxxxxxxx").data, "derived from a master password"))
    }),
    Function::new("buildCustomCert", &[Str, Str], build),
    Function::new("genCA", &[Str, Int], |_| Ok(certificate())),
    Function::new("genCAWithKey", &[Str, Int, Str], |_| Ok(certificate())),
    Function::new("genSelfSignedCert", &[Str, Any, Any, Int], |_| Ok(certificate())),
    Function::new("genSelfSignedCertWithKey", &[Str, Any, Any, Int, Str], |_| Ok(certificate())),
    Function::new("genSignedCert", &[Str, List, List, Int, Any], |_| Ok(certificate())),
    Function::new("genSignedCertWithKey", &[Str, List, List, Int, Any, Str], |_| Ok(certificate())),
    Function::new("encryptAES", &[Str, Str], |_| {
        Ok(Value::unknown(Value::text("eHh4eHh4eHh4eHh4eHh4eA==").data, REASON))
    }),
    Function::new("decryptAES", &[Str, Str], |_| {
        Ok(Value::unknown(Value::text("").data, "encrypted in the chart"))
    }),
];

const REASON: &str = "generated when the chart is installed";

fn pem(kind: &str) -> Value {
    let text = format!("-----BEGIN {kind}-----\nMAA=\n-----END {kind}-----\n");
    Value::unknown(Value::text(text).data, REASON)
}

fn certificate() -> Value {
    let pair = Certificate { certificate: pem("CERTIFICATE"), key: pem("RSA PRIVATE KEY") };
    Value::unknown(crate::value::Data::Object(Rc::new(pair)), REASON)
}

/// A certificate that the chart brings, in base64.
fn build(call: &Call<'_>) -> Outcome<Value> {
    let decode = |index: usize, problem: &str| {
        let decoded = data_encoding::BASE64.decode(call.text(index).as_bytes()).ok();
        match decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(text) if !text.contains("-----BEGIN") => super::fail("unable to decode certificate"),
            Some(text) => Ok(Value::text(text).from_trace(&call.argument(index).trace)),
            None => super::fail(problem),
        }
    };
    let certificate = decode(0, "unable to decode base64 certificate")?;
    let key = decode(1, "unable to decode base64 private key")?;
    Ok(crate::value::Data::Object(Rc::new(Certificate { certificate, key })).into())
}

/// What the functions that make certificates give: `.Cert` and `.Key`.
#[derive(Debug)]
struct Certificate {
    certificate: Value,
    key: Value,
}

impl Object for Certificate {
    fn type_name(&self) -> &'static str {
        "sprig.certificate"
    }

    fn call(&self, name: &str, _arguments: &[Value]) -> Option<Result<Value, String>> {
        match name {
            "Cert" => Some(Ok(Value::clone(&self.certificate))),
            "Key" => Some(Ok(Value::clone(&self.key))),
            _ => None,
        }
    }

    fn print(&self) -> String {
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        format!("{{{} {}}}", text(&self.certificate), text(&self.key))
    }

    fn to_plain(&self) -> Value {
        let entries = [("Cert", &self.certificate), ("Key", &self.key)];
        Value::dict(entries.into_iter().map(|(name, value)| (name.into(), Value::clone(value))).collect())
    }
}
