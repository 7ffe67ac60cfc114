//! The compiled form of conditions.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A CEL expression with its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The expression as written.
    pub text: SmolStr,
    /// Its compiled form.
    pub expr: Expr,
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
