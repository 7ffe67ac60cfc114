//! HCL as a tree in which every node knows its bytes.
//!
//! [`parse_body`] reads a file and never fails: what cannot be read becomes a located diagnostic, and every block beside
//! it is still there. The grammar is `hcl-edit`'s. Around it stand a scanner, which finds comments and the borders of
//! top-level items without a parser, and a conversion into our own tree, which is smaller and has spans everywhere.
//!
//! The cast: [`Body`], [`Attribute`], [`Block`] are the structure; [`Expr`] with [`ExprKind`] the expressions;
//! [`TemplatePart`] the pieces of a text with interpolations, trim markers already applied. Deliberately absent:
//! evaluation, schemas, and writing HCL.
//!
//! Start at [`tree`](Body), then [`parse_body`].

mod convert;
mod parse;
mod scan;
mod template;
mod tree;

#[cfg(test)]
mod tests;

pub use parse::{
    DUPLICATE_ATTRIBUTE, NESTING_LIMIT, SYNTAX, SpanMap, parse_body, parse_expression, parse_template,
};
pub use tree::{
    Attribute, BinaryOperator, Block, Body, Comment, Expr, ExprKind, ForExpr, Label, ObjectItem, Parsed,
    Step, StepKind, TemplatePart, UnaryOperator,
};
