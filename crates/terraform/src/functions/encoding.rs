//! Functions that encode and decode text.

use super::{Call, Function, LIST, STRING, encode_json, function, gzip};
use crate::value::is_wholly_known;
use proofmark_model::{Attribute, Data, Map, StepKind, Value};
use proofmark_source::{FileId, Span};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_json, parse_yaml};
use smol_str::{SmolStr, format_smolstr};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("base64encode", (1, 1), STRING, |call| call.string(encode_base64(call.text(0)?.as_bytes()))),
    function("base64decode", (1, 1), STRING, |call| text_of(call, &decode_base64(&call.text(0)?)?)),
    function("base64gzip", (1, 1), STRING, |call| {
        call.string(encode_base64(&gzip::compress(call.text(0)?.as_bytes())))
    }),
    function("base64gunzip", (1, 1), STRING, |call| {
        text_of(call, &gzip::decompress(&decode_base64(&call.text(0)?)?)?)
    }),
    function("textencodebase64", (2, 2), STRING, text_encode),
    function("textdecodebase64", (2, 2), STRING, text_decode),
    function("urlencode", (1, 1), STRING, |call| call.string(encode_url(&call.text(0)?))),
    function("urldecode", (1, 1), STRING, url_decode),
    function("jsonencode", (1, 1), STRING, json_encode).handles_unknown(),
    function("jsondecode", (1, 1), None, json_decode).handles_unknown(),
    function("yamlencode", (1, 1), STRING, |call| call.string(super::yaml::encode_yaml(call.argument(0)?))),
    function("yamldecode", (1, 1), None, yaml_decode).handles_unknown(),
    function("csvdecode", (1, 1), LIST, csv_decode),
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

pub(super) fn decode_base64(text: &str) -> Result<Vec<u8>, String> {
    let mut made = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut bits) = (0_u32, 0_u32);
    let digits = text.trim_end_matches('=');
    for letter in digits.bytes() {
        let digit = BASE64.iter().position(|known| *known == letter).ok_or("the text is no base64")?;
        group = (group << 6 | u32::try_from(digit).unwrap_or(0)) & 0x00ff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            made.push(u8::try_from((group >> bits) & 0xff).unwrap_or(0));
        }
    }
    if text.len().is_multiple_of(4) { Ok(made) } else { Err(String::from("the text is no base64")) }
}

fn text_of(call: &Call<'_>, bytes: &[u8]) -> Result<Value, String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => call.string(text),
        Err(_) => Err(String::from("the decoded bytes are no UTF-8")),
    }
}

fn text_encode(call: &Call<'_>) -> Result<Value, String> {
    let text = call.text(0)?;
    let encoding = call.text(1)?.to_uppercase();
    let units = text.encode_utf16();
    let bytes: Vec<u8> = match encoding.as_str() {
        "UTF-8" => text.bytes().collect(),
        "UTF-16LE" => units.flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" | "UTF-16" => units.flat_map(u16::to_be_bytes).collect(),
        "ISO-8859-1" | "US-ASCII" => narrow(&text)?,
        _ => return Err(format!("the encoding `{encoding}` is not supported here")),
    };
    call.string(encode_base64(&bytes))
}

fn narrow(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        bytes.push(
            u8::try_from(u32::from(character)).map_err(|_| format!("the encoding has no `{character}`"))?,
        );
    }
    Ok(bytes)
}

fn text_decode(call: &Call<'_>) -> Result<Value, String> {
    let bytes = decode_base64(&call.text(0)?)?;
    let encoding = call.text(1)?.to_uppercase();
    let units = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(read)).collect();
        String::from_utf16(&units).map_err(|_| String::from("the decoded bytes are no UTF-16"))
    };
    match encoding.as_str() {
        "UTF-8" => text_of(call, &bytes),
        "UTF-16LE" => call.string(units(u16::from_le_bytes)?),
        "UTF-16BE" | "UTF-16" => call.string(units(u16::from_be_bytes)?),
        "ISO-8859-1" | "US-ASCII" => {
            call.string(bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
        }
        _ => Err(format!("the encoding `{encoding}` is not supported here")),
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

fn url_decode(call: &Call<'_>) -> Result<Value, String> {
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
fn json_encode(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    if is_wholly_known(value) {
        return call.string(encode_json(value));
    }
    if value.as_unknown().is_some() {
        return Ok(crate::value::unknown_from(STRING, call.span, &[value]));
    }
    Ok(Value { origin: value.origin.used_at(call.span, StepKind::Operand), ..Value::clone(value) })
}

fn json_decode(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    match &value.data {
        Data::Map(_) | Data::List(_) => Ok(Value::clone(value)),
        Data::Unknown(_) => Ok(crate::value::unknown_from(None, call.span, &[value])),
        _ => {
            let text = call.text(0)?;
            let parsed = parse_json(FileId(u32::MAX), &text);
            let problem = parsed
                .diagnostics
                .iter()
                .find(|diagnostic| diagnostic.impact != proofmark_source::Impact::None);
            match (parsed.documents.first(), problem) {
                (Some(document), None) => Ok(from_node(&document.root, call.span)),
                (_, Some(problem)) => Err(format!("the text is no JSON: {}", problem.message)),
                (None, None) => Err(String::from("the text is no JSON")),
            }
        }
    }
}

fn yaml_decode(call: &Call<'_>) -> Result<Value, String> {
    let value = call.argument(0)?;
    if !is_wholly_known(value) {
        return Ok(crate::value::unknown_from(None, call.span, &[value]));
    }
    let text = call.text(0)?;
    let parsed = parse_yaml(FileId(u32::MAX), &text, YamlDialect::Core);
    let problem =
        parsed.diagnostics.iter().find(|diagnostic| diagnostic.impact != proofmark_source::Impact::None);
    match (parsed.documents.as_slice(), problem) {
        (_, Some(problem)) => Err(format!("the text is no YAML: {}", problem.message)),
        ([], None) => call.data(Data::Null),
        ([document], None) => Ok(from_node(&document.root, call.span)),
        _ => Err(String::from("the text holds more than one YAML document")),
    }
}

/// The value of a decoded node. It has no place of its own: the text was made here.
pub(crate) fn from_node(node: &Node, span: Span) -> Value {
    let data = match &node.data {
        NodeData::Null => Data::Null,
        NodeData::Bool(value) => Data::Bool(*value),
        NodeData::Integer(value) => Data::Integer(*value),
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

/// Rows of comma-separated values (RFC 4180), each a map by the names of the first row.
fn csv_decode(call: &Call<'_>) -> Result<Value, String> {
    let text = call.text(0)?;
    let mut rows = csv_rows(&text).into_iter();
    let names = rows.next().ok_or("the first row with the names is missing")?;
    let mut maps = Vec::new();
    for row in rows {
        if row.len() != names.len() {
            return Err(format!("a row has {} fields and the first has {}", row.len(), names.len()));
        }
        let entries = names.iter().zip(row).map(|(name, field)| Attribute {
            name: SmolStr::new(name),
            name_span: call.span,
            value: Value::string(field, call.span),
        });
        maps.push(Value::map(Map::new(entries.collect()), call.span));
    }
    call.values(maps)
}

fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut field = String::new();
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut field)),
            '\r' if !is_quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !is_quoted => {
                if !(row.is_empty() && field.is_empty()) {
                    row.push(std::mem::take(&mut field));
                    rows.push(std::mem::take(&mut row));
                }
            }
            other => field.push(other),
        }
    }
    if !(row.is_empty() && field.is_empty()) {
        row.push(field);
        rows.push(row);
    }
    rows
}
