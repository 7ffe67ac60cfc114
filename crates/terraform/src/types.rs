//! Type constraints of variables, and conversion to them.

use crate::value::{describe, to_bool, to_number, to_text};
use proofmark_hcl::{Expr, ExprKind};
use proofmark_model::{Attribute, Data, Shape, Value};
use smol_str::{SmolStr, format_smolstr};
use std::cmp::Ordering;
use std::sync::Arc;

/// A type constraint, as in <https://developer.hashicorp.com/terraform/language/expressions/type-constraints>.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Any,
    Bool,
    Number,
    String,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(Vec<Member>),
}

/// An attribute of an object type.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub name: SmolStr,
    pub kind: Type,
    pub is_optional: bool,
    /// The default of `optional(type, default)`, which only literals can be.
    pub default: Option<Expr>,
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind && self.is_optional == other.is_optional
    }
}

impl Type {
    /// Reads a type constraint; what is no type counts as `any`.
    pub fn parse(expr: &Expr) -> Type {
        match &expr.kind {
            ExprKind::Variable(name) => match name.as_str() {
                "string" => Type::String,
                "number" => Type::Number,
                "bool" => Type::Bool,
                "list" => Type::List(Box::new(Type::Any)),
                "set" => Type::Set(Box::new(Type::Any)),
                "map" => Type::Map(Box::new(Type::Any)),
                _ => Type::Any,
            },
            // Quoted types are Terraform 0.11's, and those of the JSON syntax.
            ExprKind::String(_) => {
                crate::json::expression_in_text(expr).map_or(Type::Any, |inner| Type::parse(&inner))
            }
            ExprKind::Parenthesis(inner) => Type::parse(inner),
            ExprKind::Call { name, arguments, .. } => parse_call(name, arguments),
            _ => Type::Any,
        }
    }

    /// What is known of the shape of any value of this type.
    pub fn shape(&self) -> Option<Shape> {
        match self {
            Type::Any => None,
            Type::Bool => Some(Shape::Bool),
            Type::Number => Some(Shape::Number),
            Type::String => Some(Shape::String),
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => Some(Shape::List),
            Type::Map(_) | Type::Object(_) => Some(Shape::Map),
        }
    }
}

fn parse_call(name: &str, arguments: &[Expr]) -> Type {
    let inner = || Box::new(arguments.first().map_or(Type::Any, Type::parse));
    match (name, arguments.first().map(|argument| &argument.kind)) {
        ("list", _) => Type::List(inner()),
        ("set", _) => Type::Set(inner()),
        ("map", _) => Type::Map(inner()),
        ("optional", _) => *inner(),
        ("tuple", Some(ExprKind::Tuple(elements))) => Type::Tuple(elements.iter().map(Type::parse).collect()),
        ("object", Some(ExprKind::Object(items))) => {
            let members = items.iter().filter_map(|item| {
                let name = SmolStr::new(item.key.as_str()?);
                Some(match &item.value.kind {
                    ExprKind::Call { name: call, arguments, .. } if call == "optional" => Member {
                        name,
                        kind: arguments.first().map_or(Type::Any, Type::parse),
                        is_optional: true,
                        default: arguments.get(1).cloned(),
                    },
                    _ => Member { name, kind: Type::parse(&item.value), is_optional: false, default: None },
                })
            });
            Type::Object(members.collect())
        }
        _ => Type::Any,
    }
}

/// Converts `value` to `kind`, as Terraform does for variables and arguments. `default` evaluates the default of an
/// optional attribute.
///
/// # Errors
/// Says what is required.
pub(crate) fn convert(
    value: Value,
    kind: &Type,
    default: &mut dyn FnMut(&Expr) -> Value,
) -> Result<Value, String> {
    if value.is_null() || *kind == Type::Any || value.as_unknown().is_some() {
        return Ok(with_shape(value, kind));
    }
    match kind {
        Type::Any => Ok(value),
        Type::Bool => scalar(value, "bool", |value| to_bool(value).map(Data::Bool)),
        Type::Number => scalar(value, "number", |value| to_number(value).map(|n| keep_number(value, n))),
        Type::String => {
            // A partly unknown `jsonencode` is kept as its structure; see the crate's README.
            if value.as_map().is_some() || value.as_list().is_some() {
                return structure_as_text(value);
            }
            scalar(value, "string", |value| to_text(value).map(Data::String))
        }
        Type::List(inner) => {
            let (elements, origin) = elements(value, "list")?;
            collect(elements, inner, default).map(|data| Value { data: Data::List(data.into()), ..origin })
        }
        Type::Set(inner) => {
            let (elements, origin) = elements(value, "set")?;
            collect(elements, inner, default)
                .map(|data| Value { data: Data::List(set_of(data).into()), ..origin })
        }
        Type::Tuple(kinds) => tuple(value, kinds, default),
        Type::Map(inner) => map_values(value, |_| Some((&**inner, None)), default),
        Type::Object(members) => object(value, members, default),
    }
}

fn structure_as_text(value: Value) -> Result<Value, String> {
    let is_partial = !crate::value::is_wholly_known(&value);
    if is_partial || value.origin.trail.is_some() {
        return Ok(value);
    }
    Err(format!("a string is required, and this is {}", describe(&value)))
}

fn with_shape(value: Value, kind: &Type) -> Value {
    let (Data::Unknown(unknown), Some(shape)) = (&value.data, kind.shape()) else { return value };
    if unknown.known.shape.is_some() {
        return value;
    }
    let mut unknown = (**unknown).clone();
    unknown.known.shape = Some(shape);
    Value { data: Data::Unknown(Arc::new(unknown)), ..value }
}

fn scalar(value: Value, wanted: &str, convert: impl Fn(&Value) -> Option<Data>) -> Result<Value, String> {
    match convert(&value) {
        Some(data) => Ok(Value { data, ..value }),
        None => Err(format!("a {wanted} is required, and this is {}", describe(&value))),
    }
}

fn keep_number(value: &Value, number: f64) -> Data {
    match &value.data {
        data @ (Data::Integer(_) | Data::Float(_)) => Data::clone(data),
        Data::String(text) => text.parse().map_or_else(|_| crate::value::number(number), Data::Integer),
        _ => crate::value::number(number),
    }
}

fn elements(value: Value, wanted: &str) -> Result<(Vec<Value>, Value), String> {
    match &value.data {
        Data::List(elements) => Ok((elements.to_vec(), value.with_data(Data::Null))),
        _ => Err(format!("a {wanted} is required, and this is {}", describe(&value))),
    }
}

fn collect(
    elements: Vec<Value>,
    kind: &Type,
    default: &mut dyn FnMut(&Expr) -> Value,
) -> Result<Vec<Value>, String> {
    let mut converted = Vec::with_capacity(elements.len());
    for element in elements {
        converted.push(convert(element, kind, default)?);
    }
    Ok(converted)
}

fn tuple(value: Value, kinds: &[Type], default: &mut dyn FnMut(&Expr) -> Value) -> Result<Value, String> {
    let (elements, origin) = elements(value, "tuple")?;
    if elements.len() != kinds.len() {
        return Err(format!(
            "a tuple of {} elements is required, and this has {}",
            kinds.len(),
            elements.len()
        ));
    }
    let mut converted = Vec::with_capacity(elements.len());
    for (element, kind) in elements.into_iter().zip(kinds) {
        converted.push(convert(element, kind, default)?);
    }
    Ok(Value { data: Data::List(converted.into()), ..origin })
}

fn map_values<'t>(
    value: Value,
    kind_of: impl Fn(&str) -> Option<(&'t Type, Option<&'t Expr>)>,
    default: &mut dyn FnMut(&Expr) -> Value,
) -> Result<Value, String> {
    let Data::Map(map) = &value.data else {
        return Err(format!("a map is required, and this is {}", describe(&value)));
    };
    let mut entries = Vec::with_capacity(map.entries().len());
    for entry in map.entries() {
        let Some((kind, fallback)) = kind_of(&entry.name) else { continue };
        let converted = match fallback {
            Some(expr) if entry.value.is_null() => convert(default(expr), kind, default)?,
            _ => convert(Value::clone(&entry.value), kind, default)
                .map_err(|message| format!("`{}`: {message}", entry.name))?,
        };
        entries.push(entry.with_value(converted));
    }
    Ok(value.with_data(Data::Map(Arc::new(map.with_entries(entries)))))
}

fn object(
    value: Value,
    members: &[Member],
    default: &mut dyn FnMut(&Expr) -> Value,
) -> Result<Value, String> {
    let find = |name: &str| members.iter().find(|member| member.name == name);
    let converted =
        map_values(value, |name| find(name).map(|member| (&member.kind, member.default.as_ref())), default)?;
    let Data::Map(map) = &converted.data else { return Ok(converted) };
    let mut entries = map.entries().to_vec();
    for member in members.iter().filter(|member| map.get(&member.name).is_none()) {
        if map.unknown_rest.is_some() {
            continue;
        }
        if !member.is_optional {
            return Err(format!("the attribute `{}` is required", member.name));
        }
        let value = match &member.default {
            Some(expr) => {
                let value = default(expr);
                convert(value, &member.kind, default)?
            }
            None => converted.with_data(Data::Null),
        };
        entries.push(Attribute { name: SmolStr::clone(&member.name), name_span: value.origin.span, value });
    }
    Ok(converted.with_data(Data::Map(Arc::new(map.with_entries(entries)))))
}

/// The elements of a set: each once, in the order in which Terraform walks them (texts by their bytes, numbers by
/// size).
pub(crate) fn set_of(elements: Vec<Value>) -> Vec<Value> {
    let mut sorted = elements;
    sorted.sort_by(order);
    sorted.dedup_by(|a, b| a.data == b.data && a.as_unknown().is_none());
    sorted
}

fn order(a: &Value, b: &Value) -> Ordering {
    match (&a.data, &b.data) {
        (Data::String(a), Data::String(b)) => a.cmp(b),
        (Data::Integer(_) | Data::Float(_), Data::Integer(_) | Data::Float(_)) => {
            to_number(a).partial_cmp(&to_number(b)).unwrap_or(Ordering::Equal)
        }
        (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
        (Data::Map(_) | Data::List(_), Data::Map(_) | Data::List(_)) => {
            format_smolstr!("{}", a.data).cmp(&format_smolstr!("{}", b.data))
        }
        _ => Ordering::Equal,
    }
}
