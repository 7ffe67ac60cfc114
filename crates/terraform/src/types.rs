//! Types: constraints as they are written, the types of values, and the one type that several can become.

use proofmark_hcl::{Expr, ExprKind};
use proofmark_model::{Data, ListKind, MapKind, Shape, Value};
use smol_str::SmolStr;

pub(crate) use crate::conversion::convert;

/// How many values inside a value are looked at for its type; a type with more is left open.
const MAX_TYPED_VALUES: usize = 5_000;

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

impl Member {
    fn required(name: &SmolStr, kind: Type) -> Self {
        Self { name: SmolStr::clone(name), kind, is_optional: false, default: None }
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

    /// The type of a value; open where the value is null or not known.
    pub fn of(value: &Value) -> Type {
        type_of(value, &mut MAX_TYPED_VALUES.clone())
    }

    /// Whether a part of the type is open.
    pub fn is_open(&self) -> bool {
        match self {
            Type::Any => true,
            Type::Bool | Type::Number | Type::String => false,
            Type::List(inner) | Type::Set(inner) | Type::Map(inner) => inner.is_open(),
            Type::Tuple(kinds) => kinds.iter().any(Type::is_open),
            Type::Object(members) => members.iter().any(|member| member.kind.is_open()),
        }
    }

    fn is_scalar(&self) -> bool {
        matches!(self, Type::Bool | Type::Number | Type::String)
    }

    /// Whether there are values of this type that can become values of the other.
    fn converts_to(&self, wanted: &Type) -> bool {
        match (self, wanted) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::String, other) | (other, Type::String) => other.is_scalar(),
            (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to))
            | (Type::Map(from), Type::Map(to)) => from.converts_to(to),
            (Type::Tuple(kinds), Type::List(to) | Type::Set(to)) => {
                kinds.iter().all(|kind| kind.converts_to(to)) && (**to != Type::Any || unify(kinds).is_some())
            }
            (Type::Tuple(from), Type::Tuple(to)) => {
                from.len() == to.len() && from.iter().zip(to).all(|(from, to)| from.converts_to(to))
            }
            (Type::Object(members), Type::Map(to)) => {
                members.iter().all(|member| member.kind.converts_to(to))
            }
            (Type::Map(from), Type::Object(members)) => {
                members.iter().all(|member| from.converts_to(&member.kind))
            }
            (Type::Object(from), Type::Object(to)) => to.iter().all(|wanted| {
                let found = from.iter().find(|member| member.name == wanted.name);
                found.map_or(wanted.is_optional, |member| member.kind.converts_to(&wanted.kind))
            }),
            (from, to) => from == to,
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
            let mut members: Vec<Member> = members.collect();
            members.sort_by(|a, b| a.name.cmp(&b.name));
            Type::Object(members)
        }
        _ => Type::Any,
    }
}

fn type_of(value: &Value, budget: &mut usize) -> Type {
    let Some(rest) = budget.checked_sub(1) else { return Type::Any };
    *budget = rest;
    match &value.data {
        Data::Null => Type::Any,
        Data::Bool(_) => Type::Bool,
        Data::Integer(_) | Data::Float(_) => Type::Number,
        Data::String(_) => Type::String,
        _ if crate::value::is_encoded(value) => Type::String,
        Data::List(elements) => match elements.kind() {
            ListKind::Tuple | ListKind::Encoded => {
                Type::Tuple(elements.iter().map(|element| type_of(element, budget)).collect())
            }
            ListKind::List => Type::List(Box::new(type_of_all(elements.iter(), budget))),
            ListKind::Set => Type::Set(Box::new(type_of_all(elements.iter(), budget))),
        },
        Data::Map(map) if map.kind == MapKind::Map => {
            Type::Map(Box::new(type_of_all(map.entries().iter().map(|entry| &entry.value), budget)))
        }
        Data::Map(map) => {
            let member = |entry: &proofmark_model::Attribute| {
                Member::required(&entry.name, type_of(&entry.value, budget))
            };
            Type::Object(map.entries().iter().map(member).collect())
        }
        Data::Unknown(unknown) => match unknown.known.shape {
            Some(Shape::Bool) => Type::Bool,
            Some(Shape::Number) => Type::Number,
            Some(Shape::String) => Type::String,
            _ => Type::Any,
        },
    }
}

/// The type of elements that have one type: that of the first which tells all of it.
fn type_of_all<'v>(values: impl Iterator<Item = &'v Value>, budget: &mut usize) -> Type {
    let mut best = Type::Any;
    for value in values {
        let kind = type_of(value, budget);
        if !kind.is_open() {
            return kind;
        }
        if best == Type::Any {
            best = kind;
        }
    }
    best
}

/// The type that values of all these types can become, as conditionals and collections need one.
///
/// Follows `unify` of cty's conversions, unsafe ones included: what Terraform prefers is preferred here.
pub(crate) fn unify(types: &[Type]) -> Option<Type> {
    let count = |is_kind: fn(&Type) -> bool| types.iter().filter(|kind| is_kind(kind)).count();
    let maps = count(|kind| matches!(kind, Type::Map(_)));
    let lists = count(|kind| matches!(kind, Type::List(_)));
    let sets = count(|kind| matches!(kind, Type::Set(_)));
    let objects = count(|kind| matches!(kind, Type::Object(_)));
    let tuples = count(|kind| matches!(kind, Type::Tuple(_)));
    let open = count(|kind| *kind == Type::Any);
    let all = types.len();
    if open == all || (open > 0 && maps.max(lists).max(sets).max(objects).max(tuples) + open == all) {
        return Some(Type::Any);
    }
    let boxed = |inner: Option<Type>, make: fn(Box<Type>) -> Type| Some(make(Box::new(inner?)));
    if all == maps {
        return boxed(unify(&inner_types(types)), Type::Map);
    }
    if all == lists {
        return boxed(unify(&inner_types(types)), Type::List);
    }
    if all == sets {
        return boxed(unify(&inner_types(types)), Type::Set);
    }
    if all == objects {
        return unify_objects(types);
    }
    if all == tuples {
        return unify_tuples(types);
    }
    if (maps > 0 && maps + objects == all) || (lists > 0 && lists + tuples == all) {
        let make = if maps > 0 { Type::Map } else { Type::List };
        if let Some(unified) = boxed(unify(&inner_types(types)), make) {
            return Some(unified);
        }
    }
    preferred(types)
}

/// The first of the types, in order of preference, that all others can become.
fn preferred(types: &[Type]) -> Option<Type> {
    let mut ordered: Vec<&Type> = types.iter().collect();
    ordered.sort_by_key(|kind| match kind {
        Type::String | Type::List(_) | Type::Map(_) => 0,
        Type::Bool | Type::Number | Type::Set(_) | Type::Object(_) => 1,
        Type::Tuple(_) => 2,
        Type::Any => 3,
    });
    ordered.into_iter().find(|wanted| types.iter().all(|kind| kind.converts_to(wanted))).cloned()
}

/// What stands inside these types, all together.
fn inner_types(types: &[Type]) -> Vec<Type> {
    let mut inner = Vec::new();
    for kind in types {
        match kind {
            Type::List(kind) | Type::Set(kind) | Type::Map(kind) => inner.push(Type::clone(kind)),
            Type::Tuple(kinds) => inner.extend(kinds.iter().cloned()),
            Type::Object(members) => inner.extend(members.iter().map(|member| Type::clone(&member.kind))),
            _ => {}
        }
    }
    inner
}

/// Objects with the same names keep them; others become a map.
fn unify_objects(types: &[Type]) -> Option<Type> {
    let members: Vec<&[Member]> = types
        .iter()
        .filter_map(|kind| match kind {
            Type::Object(members) => Some(members.as_slice()),
            _ => None,
        })
        .collect();
    let (first, others) = members.split_first()?;
    let has_names = |other: &&[Member]| {
        other.len() == first.len() && other.iter().zip(*first).all(|(a, b)| a.name == b.name)
    };
    if !others.iter().all(has_names) {
        return Some(Type::Map(Box::new(unify(&inner_types(types))?)));
    }
    let unified = first.iter().enumerate().map(|(index, member)| {
        let kinds: Vec<Type> = members
            .iter()
            .filter_map(|list| list.get(index))
            .map(|member| Type::clone(&member.kind))
            .collect();
        Some(Member::required(&member.name, unify(&kinds)?))
    });
    unified.collect::<Option<Vec<Member>>>().map(Type::Object)
}

/// Tuples of one length keep it; others become a list.
fn unify_tuples(types: &[Type]) -> Option<Type> {
    let tuples: Vec<&[Type]> = types
        .iter()
        .filter_map(|kind| match kind {
            Type::Tuple(kinds) => Some(kinds.as_slice()),
            _ => None,
        })
        .collect();
    let length = tuples.first()?.len();
    if tuples.iter().any(|kinds| kinds.len() != length) {
        return Some(Type::List(Box::new(unify(&inner_types(types))?)));
    }
    let unified = (0..length).map(|index| {
        let kinds: Vec<Type> = tuples.iter().filter_map(|kinds| kinds.get(index)).cloned().collect();
        unify(&kinds)
    });
    unified.collect::<Option<Vec<Type>>>().map(Type::Tuple)
}
