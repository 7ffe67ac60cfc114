//! HCL as a tree in which every node knows its bytes.
//!
//! [`parse_body`] reads a file and never fails: what cannot be read becomes a located diagnostic, and everything
//! beside it, in the same block too, is still there. The parser descends recursively through the text itself, because in
//! HCL what a byte means depends on what stands around it: newlines count or do not, quotes hold templates, templates hold
//! expressions.
//!
//! The cast: [`Body`], [`Attribute`], [`Block`] are the structure; [`Expr`] with [`ExprKind`] the expressions;
//! [`TemplatePart`] the pieces of a text with interpolations, trim markers already applied. Deliberately absent:
//! evaluation, schemas, and writing HCL.
//!
//! Start at [`tree`](Body), then [`parse_body`].

mod body;
mod cursor;
mod expression;
mod parse;
mod skip;
mod template;
mod tree;

#[cfg(test)]
mod tests;

pub use parse::{
    DUPLICATE_ATTRIBUTE, NESTING_LIMIT, SYNTAX, SpanMap, parse_body, parse_expression, parse_template,
};
pub use template::normalized;
pub use tree::{
    Attribute, BinaryOperator, Block, Body, Comment, Expr, ExprKind, ForExpr, Label, ObjectItem, Parsed,
    Step, StepKind, TemplatePart, UnaryOperator,
};
