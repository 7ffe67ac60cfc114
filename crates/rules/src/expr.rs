//! The compiled form of conditions.

use serde::de::{self, Deserializer};
use serde::ser::{Error, Serializer};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::fmt;
use std::sync::OnceLock;

/// A CEL expression with its text. Its compiled form is unpacked when it is first asked for, since a scan meets resources
/// of few kinds and there are many rules.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The expression as written.
    pub text: SmolStr,
    packed: Box<[u8]>,
    expr: OnceLock<Expr>,
}

impl Condition {
    /// An expression, compiled from its text.
    #[must_use]
    pub fn new(text: SmolStr, expr: Expr) -> Self {
        Self { text, packed: Box::default(), expr: OnceLock::from(expr) }
    }

    /// The compiled form.
    pub fn expr(&self) -> &Expr {
        self.expr.get_or_init(|| {
            let unpacked = postcard::from_bytes(&self.packed);
            debug_assert!(unpacked.is_ok(), "only what this crate packed is unpacked");
            unpacked.unwrap_or(Expr { kind: ExprKind::Literal(Literal::Null), range: (0, 0) })
        })
    }
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.expr() == other.expr()
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let packed = postcard::to_stdvec(self.expr()).map_err(S::Error::custom)?;
        (&self.text, Packed(packed.into())).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (text, Packed(packed)) = Deserialize::deserialize(deserializer)?;
        Ok(Self { text, packed, expr: OnceLock::new() })
    }
}

/// Bytes that are copied as a whole.
struct Packed(Box<[u8]>);

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl de::Visitor<'_> for Bytes {
            type Value = Packed;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Packed, E> {
                Ok(Packed(bytes.into()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// A node of a compiled expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// Its bytes in [`Condition::text`], half open.
    pub range: (u32, u32),
}

/// What a node computes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A bound name: `self`, `it`, `params`, `pod`, `resource`, `repo`, `environment`, or a macro's variable.
    Name(SmolStr),
    /// An attribute of a value: `self.storage_encrypted`.
    Member(Box<Expr>, SmolStr),
    /// An element of a list or map: `list[0]`, `map["key"]`.
    Index(Box<Expr>, Box<Expr>),
    /// `has(a.b)`.
    Has(Box<Expr>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{"a": b}`.
    Map(Vec<(Expr, Expr)>),
    /// `!a`, `-a`.
    Unary(UnaryOperator, Box<Expr>),
    /// `a && b` and every other operator with two sides.
    Binary(BinaryOperator, Box<Expr>, Box<Expr>),
    /// `a ? b : c`.
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A macro over a list or map: `list.all(x, p)`. The last expression is the body; for `map` with a filter, the
    /// filter comes first.
    Macro(Macro, Box<Expr>, SmolStr, Vec<Expr>),
    /// A function with its arguments; the receiver of a method comes first.
    Call(SmolStr, Vec<Expr>),
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Literal {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    String(SmolStr),
}

/// An operator with one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum UnaryOperator {
    Not,
    Negate,
}

/// An operator with two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOperator {
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A macro of CEL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Macro {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}
