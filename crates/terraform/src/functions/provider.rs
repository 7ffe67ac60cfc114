//! The functions of Terraform's own built-in provider: `provider::terraform::…`.

use super::known::with_holes;
use super::signature::{Function, any, function, string};
use super::{Call, MAP, Made, STRING, encode_json, wrong};
use crate::value::describe;
use proofmark_hcl::{Expr, ExprKind, ObjectItem, UnaryOperator, parse_body};
use proofmark_model::{Attribute, Data, HOLE, Known, Map, MapKind, SmolStr, Value};
use proofmark_source::{FileId, Impact};

pub(super) const FUNCTIONS: &[Function] = &[
    function("provider::terraform::encode_tfvars", &[any("value")], STRING, encode_tfvars).handles_unknown(),
    function("provider::terraform::decode_tfvars", &[string("src")], MAP, decode_tfvars),
    function("provider::terraform::encode_expr", &[any("value")], STRING, |call| {
        let mut text = String::new();
        write_expr(call.argument(0)?, 0, &mut text);
        with_holes(call, &text)
    })
    .handles_unknown(),
];

fn encode_tfvars(call: &Call<'_>) -> Made {
    let value = call.argument(0)?;
    let map = match &value.data {
        Data::Map(map) => map,
        Data::Unknown(_) => return call.unknown(Known { shape: STRING, ..Known::default() }, &[value]),
        _ => return wrong(format!("an object of variables is required, and this is {}", describe(value))),
    };
    if let Some(entry) = map.entries().iter().find(|entry| !is_identifier(&entry.name)) {
        return wrong(format!("`{}` is no name of a variable", entry.name));
    }
    let mut text = String::new();
    write_entries(map, 0, &mut text);
    with_holes(call, &text)
}

/// The entries of an object, a line for each. Between entries of several lines, the `=` of the others stand in a column.
fn write_entries(map: &Map, indent: usize, into: &mut String) {
    let pad = "  ".repeat(indent);
    let lines: Vec<(String, String)> = map.entries().iter().map(|entry| entry_line(entry, indent)).collect();
    let is_short = |line: &(String, String)| !line.1.contains('\n');
    for run in lines.chunk_by(|line, next| is_short(line) && is_short(next)) {
        let width = run.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, text) in run {
            into.push_str(&format!("{pad}{name:width$} = {text}\n"));
        }
    }
}

fn entry_line(entry: &Attribute, indent: usize) -> (String, String) {
    let name = if is_identifier(&entry.name) { entry.name.to_string() } else { quoted(&entry.name) };
    let mut text = String::new();
    write_expr(&entry.value, indent, &mut text);
    (name, text)
}

/// A value as HCL, with a hole for what is not known.
fn write_expr(value: &Value, indent: usize, into: &mut String) {
    match &value.data {
        Data::String(text) => into.push_str(&quoted(text)),
        Data::List(elements) => {
            into.push('[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    into.push_str(", ");
                }
                write_expr(element, indent, into);
            }
            into.push(']');
        }
        Data::Map(map) if map.entries().is_empty() => into.push_str("{}"),
        Data::Map(map) => {
            into.push_str("{\n");
            write_entries(map, indent + 1, into);
            into.push_str(&"  ".repeat(indent));
            into.push('}');
        }
        Data::Unknown(unknown) if unknown.known.skeleton.is_some() || unknown.known.prefix.is_some() => {
            into.push_str(&quoted(&super::known::skeleton(value).unwrap_or_default()));
        }
        Data::Unknown(_) => into.push(HOLE),
        _ => into.push_str(&encode_json(value)),
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
}

/// A text in quotes, in which nothing begins an interpolation.
fn quoted(text: &str) -> String {
    let mut made = String::from("\"");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => made.push_str("\\\""),
            '\\' => made.push_str("\\\\"),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => {
                made.push(letter);
                made.push(letter);
            }
            control if control < ' ' => made.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => made.push(other),
        }
    }
    made.push('"');
    made
}

/// The constants of a variable file; nothing in it may refer to anything or call a function.
fn decode_tfvars(call: &Call<'_>) -> Made {
    let parsed = parse_body(FileId(u32::MAX), &call.text(0)?);
    if let Some(problem) = parsed.diagnostics.iter().find(|diagnostic| diagnostic.impact != Impact::None) {
        return wrong(format!("the text is no variable file: {}", problem.message));
    }
    if let Some(block) = parsed.body.blocks.first() {
        return wrong(format!("the text is no variable file: it has a block `{}`", block.kind));
    }
    let mut entries = Vec::new();
    for attribute in &parsed.body.attributes {
        let value = constant(&attribute.value, call)
            .ok_or_else(|| format!("the value of `{}` is no constant", attribute.name))?;
        entries.push(Attribute { name: SmolStr::clone(&attribute.name), name_span: call.span, value });
    }
    call.object(MapKind::Object, entries)
}

fn constant(expr: &Expr, call: &Call<'_>) -> Option<Value> {
    let data = match &expr.kind {
        ExprKind::Null => Data::Null,
        ExprKind::Bool(value) => Data::Bool(*value),
        ExprKind::Integer(value) => Data::Integer(*value),
        ExprKind::Float(value) => crate::value::written_number(*value),
        ExprKind::String(text) => Data::String(SmolStr::clone(text)),
        ExprKind::Parenthesis(inner) => return constant(inner, call),
        ExprKind::Unary(UnaryOperator::Negate, inner) => {
            crate::value::number(-crate::value::to_number(&constant(inner, call)?)?)
        }
        ExprKind::Tuple(elements) => Data::List(
            elements.iter().map(|element| constant(element, call)).collect::<Option<Vec<_>>>()?.into(),
        ),
        ExprKind::Object(items) => {
            let entry = |item: &ObjectItem| {
                let name = SmolStr::new(item.key.as_str()?);
                Some(Attribute { name, name_span: call.span, value: constant(&item.value, call)? })
            };
            return call.object(MapKind::Object, items.iter().map(entry).collect::<Option<Vec<_>>>()?).ok();
        }
        _ => return None,
    };
    Some(Value::new(data, call.span))
}
