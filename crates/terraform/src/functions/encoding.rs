//! Functions that encode and decode text.

use super::json::{EXACT_BELOW, decode_json};
use super::known::with_holes;
use super::signature::{Function, any, function, string};
use super::{Call, LIST, Made, Refusal, STRING, encode_json, gzip, tabular, wrong};
use crate::value::{as_encoded, is_wholly_known};
use proofmark_model::{Attribute, Data, Known, ListKind, Map, MapKind, StepKind, Unknown, Value};
use proofmark_source::{FileId, Impact, Span};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};
use smol_str::{SmolStr, format_smolstr};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("base64encode", &[string("str")], STRING, |call| {
        call.string(encode_base64(call.text(0)?.as_bytes()))
    }),
    function("base64decode", &[string("str")], STRING, |call| text_of(call, &decode_base64(&call.text(0)?)?)),
    function("base64gzip", &[string("str")], STRING, |call| {
        call.string(encode_base64(&gzip::compress(call.text(0)?.as_bytes())))
    }),
    function("base64gunzip", &[string("str")], STRING, |call| {
        text_of(call, &gzip::decompress(&decode_base64(&call.text(0)?)?)?)
    }),
    function("textencodebase64", &[string("string"), string("encoding")], STRING, text_encode),
    function("textdecodebase64", &[string("source"), string("encoding")], STRING, text_decode),
    function("urlencode", &[string("str")], STRING, |call| call.string(encode_url(&call.text(0)?))),
    function("urldecode", &[string("str")], STRING, url_decode),
    function("jsonencode", &[any("val").or_null()], STRING, json_encode).handles_unknown(),
    function("jsondecode", &[string("str")], None, json_decode).handles_unknown(),
    function("yamlencode", &[any("value").or_null()], STRING, |call| {
        with_holes(call, &super::yaml::encode_yaml(call.argument(0)?))
    })
    .handles_unknown(),
    function("yamldecode", &[string("src")], None, yaml_decode).handles_unknown(),
    function("csvdecode", &[string("str")], LIST, tabular::decode),
];

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Standard base64 with padding (RFC 4648, section 4).
pub(super) fn encode_base64(bytes: &[u8]) -> String {
    let mut made = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let digit = (group >> (18 - 6 * position)) & 63;
            let is_padding = position > chunk.len();
            let letter = BASE64.get(digit as usize).copied().unwrap_or(b'=');
            made.push(if is_padding { '=' } else { char::from(letter) });
        }
    }
    made
}

/// The bytes that a text in base64 stands for. Line breaks mean nothing, as in Go.
pub(super) fn decode_base64(text: &str) -> Result<Vec<u8>, String> {
    let letters: Vec<u8> = text.bytes().filter(|letter| !matches!(letter, b'\r' | b'\n')).collect();
    let padding = letters.iter().rev().take_while(|letter| **letter == b'=').count();
    let digits = letters.get(..letters.len() - padding).unwrap_or(&[]);
    let mut made = Vec::with_capacity(digits.len() / 4 * 3);
    let (mut group, mut bits) = (0_u32, 0_u32);
    for letter in digits {
        let digit = BASE64.iter().position(|known| known == letter).ok_or("the text is no base64")?;
        group = (group << 6 | u32::try_from(digit).unwrap_or(0)) & 0x00ff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            made.push(u8::try_from((group >> bits) & 0xff).unwrap_or(0));
        }
    }
    let is_whole = letters.len().is_multiple_of(4) && padding <= 2;
    if is_whole { Ok(made) } else { Err(String::from("the text is no base64")) }
}

fn text_of(call: &Call<'_>, bytes: &[u8]) -> Made {
    match std::str::from_utf8(bytes) {
        Ok(text) => call.string(text),
        Err(_) => wrong("the decoded bytes are no UTF-8"),
    }
}

/// Beginnings of the names of encodings that Terraform knows and that nothing here needs.
const OTHER_ENCODINGS: [&str; 12] =
    ["BIG5", "CP", "EUC-", "GB", "HZ-", "IBM", "ISO-", "ISO_", "KOI8", "MACINTOSH", "SHIFT_JIS", "WINDOWS-"];

/// What becomes of a text in an encoding that is not known here.
fn other_encoding(call: &Call<'_>, encoding: &str) -> Made {
    if OTHER_ENCODINGS.iter().any(|known| encoding.starts_with(known)) {
        let known = Known { shape: STRING, is_set: true, ..Known::default() };
        return call.because(format_smolstr!("the encoding `{encoding}` is not known here"), known);
    }
    wrong(format!("there is no encoding `{encoding}`"))
}

fn text_encode(call: &Call<'_>) -> Made {
    let text = call.text(0)?;
    let encoding = call.text(1)?.to_uppercase();
    let units = text.encode_utf16();
    let bytes: Vec<u8> = match encoding.as_str() {
        "UTF-8" => text.bytes().collect(),
        "UTF-16LE" => units.flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => units.flat_map(u16::to_be_bytes).collect(),
        "UTF-16" => std::iter::once(BYTE_ORDER_MARK).chain(units).flat_map(u16::to_be_bytes).collect(),
        "ISO-8859-1" | "LATIN1" => narrow(&text, 0xff)?,
        "US-ASCII" => narrow(&text, 0x7f)?,
        _ => return other_encoding(call, &encoding),
    };
    call.string(encode_base64(&bytes))
}

const BYTE_ORDER_MARK: u16 = 0xfeff;

/// A byte for each letter.
fn narrow(text: &str, most: u32) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.chars() {
        let byte = u8::try_from(u32::from(letter)).ok().filter(|byte| u32::from(*byte) <= most);
        bytes.push(byte.ok_or_else(|| format!("the encoding has no `{letter}`"))?);
    }
    Ok(bytes)
}

fn text_decode(call: &Call<'_>) -> Made {
    let bytes = decode_base64(&call.text(0)?)?;
    let encoding = call.text(1)?.to_uppercase();
    let units = |read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(read));
        let units: Vec<u16> =
            units.skip_while(|unit| encoding == "UTF-16" && *unit == BYTE_ORDER_MARK).collect();
        String::from_utf16(&units).map_err(|_| "the decoded bytes are no UTF-16")
    };
    match encoding.as_str() {
        "UTF-8" => text_of(call, &bytes),
        "UTF-16LE" => call.string(units(u16::from_le_bytes)?),
        "UTF-16BE" | "UTF-16" => call.string(units(u16::from_be_bytes)?),
        "US-ASCII" if !bytes.is_ascii() => wrong("the decoded bytes are no US-ASCII"),
        "ISO-8859-1" | "LATIN1" | "US-ASCII" => {
            call.string(bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
        }
        _ => other_encoding(call, &encoding),
    }
}

/// Escapes as in a query: space is `+`.
fn encode_url(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                made.push(char::from(byte))
            }
            b' ' => made.push('+'),
            _ => made.push_str(&format_smolstr!("%{byte:02X}")),
        }
    }
    made
}

fn url_decode(call: &Call<'_>) -> Made {
    let text = call.text(0)?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let pair = std::str::from_utf8(&digits).ok().filter(|pair| pair.len() == 2);
                let value = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
                bytes.push(value.ok_or("a `%` is not followed by two hexadecimal digits")?);
            }
            _ => bytes.push(byte),
        }
    }
    text_of(call, &bytes)
}

/// A text where everything is known; else the structure itself, so that rules can still read what is known of it.
fn json_encode(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    if is_wholly_known(value) {
        return call.string(encode_json(value));
    }
    if value.as_unknown().is_some() {
        return call.unknown_shape(STRING);
    }
    Ok(Value { origin: value.origin.used_at(call.span, StepKind::Operand), ..as_encoded(value) })
}

fn json_decode(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    match &value.data {
        // The structure in the place of a text is what the text says.
        Data::Map(map) => {
            let mut map = Map::clone(map);
            map.kind = MapKind::Object;
            return Ok(value.with_data(Data::Map(Arc::new(map))));
        }
        Data::List(elements) => return call.elements(ListKind::Tuple, elements.to_vec()),
        Data::Unknown(_) => return call.unknown_shape(None),
        _ => {}
    }
    decode_json(&call.text(0)?, call.span)
}

fn yaml_decode(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    if !is_wholly_known(value) {
        return call.unknown_shape(None);
    }
    let parsed = parse_yaml(FileId(u32::MAX), &call.text(0)?, YamlDialect::Terraform);
    let problem = parsed.diagnostics.iter().find(|diagnostic| diagnostic.impact != Impact::None);
    match (parsed.documents.as_slice(), problem) {
        (_, Some(problem)) if problem.code.0.ends_with("limit") => {
            Err(Refusal::Limit(problem.message.clone()))
        }
        (_, Some(problem)) => wrong(format!("the text is no YAML: {}", problem.message)),
        ([], None) => wrong("the text holds no YAML document"),
        ([document], None) if has_odd_key(&document.root) => {
            wrong("a key is neither a string nor a number or bool")
        }
        ([document], None) => Ok(from_node(&document.root, call.span)),
        _ => wrong("the text holds more than one YAML document"),
    }
}

/// Whether a mapping has a key that Terraform's objects cannot have.
fn has_odd_key(node: &Node) -> bool {
    match &node.data {
        NodeData::Sequence(elements) => elements.iter().any(has_odd_key),
        NodeData::Mapping(entries) => entries.iter().any(|entry| {
            let is_odd =
                matches!(entry.key.data, NodeData::Null | NodeData::Sequence(_) | NodeData::Mapping(_));
            is_odd || has_odd_key(&entry.value)
        }),
        _ => false,
    }
}

/// The value of a decoded node. It has no place of its own: the text was made here.
pub(crate) fn from_node(node: &Node, span: Span) -> Value {
    let data = match &node.data {
        NodeData::Null => Data::Null,
        NodeData::Bool(value) => Data::Bool(*value),
        NodeData::Integer(value) => Data::Integer(*value),
        NodeData::Float(value) if value.abs() >= EXACT_BELOW => {
            return Value::unknown(Unknown::because("the number is beyond 64 bits"), span);
        }
        NodeData::Float(value) => crate::value::number(*value),
        NodeData::String(text) | NodeData::Template(text) => Data::String(SmolStr::clone(text)),
        NodeData::Sequence(elements) => {
            Data::List(elements.iter().map(|element| from_node(element, span)).collect())
        }
        NodeData::Mapping(entries) => {
            let entries = entries.iter().map(|entry| {
                let key = from_node(&entry.key, span);
                let name = crate::value::to_text(&key).unwrap_or_else(|| SmolStr::new_static("null"));
                Attribute { name, name_span: span, value: from_node(&entry.value, span) }
            });
            Data::Map(Arc::new(Map::new(entries.collect())))
        }
    };
    Value::new(data, span)
}
