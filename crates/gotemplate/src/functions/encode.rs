//! Encodings and checksums.

use super::{Call, Function, Parameter};
use crate::value::Value;
use data_encoding::{BASE32, BASE64, Encoding, HEXLOWER};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use Parameter::Text as Str;

pub(super) const TABLE: &[Function] = &[
    Function::new("b64enc", &[Str], |call| Ok(BASE64.encode(bytes(call)).into())),
    Function::new("b64dec", &[Str], |call| Ok(decode(call, &BASE64, "base64"))),
    Function::new("b32enc", &[Str], |call| Ok(BASE32.encode(bytes(call)).into())),
    Function::new("b32dec", &[Str], |call| Ok(decode(call, &BASE32, "base32"))),
    Function::new("sha1sum", &[Str], |call| Ok(HEXLOWER.encode(&Sha1::digest(bytes(call))).into())),
    Function::new("sha256sum", &[Str], |call| Ok(HEXLOWER.encode(&Sha256::digest(bytes(call))).into())),
    Function::new("sha512sum", &[Str], |call| Ok(HEXLOWER.encode(&Sha512::digest(bytes(call))).into())),
    Function::new("adler32sum", &[Str], |call| Ok(adler32(bytes(call)).to_string().into())),
];

fn bytes<'c>(call: &'c Call<'_>) -> &'c [u8] {
    call.text(0).as_bytes()
}

/// What cannot be decoded becomes the text of Go's error, as in Sprig. Line breaks are skipped.
fn decode(call: &Call<'_>, encoding: &Encoding, name: &str) -> Value {
    let text: String = call.text(0).chars().filter(|character| !matches!(character, '\r' | '\n')).collect();
    match encoding.decode(text.as_bytes()) {
        Ok(decoded) => String::from_utf8_lossy(&decoded).into_owned().into(),
        Err(error) => format!("illegal {name} data at input byte {}", error.position).into(),
    }
}

/// RFC 1950, section 9.
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (low, high) = bytes.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % MODULUS;
        (low, (high + low) % MODULUS)
    });
    (high << 16) | low
}
