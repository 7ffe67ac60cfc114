//! The tree.

use proofmark_source::{Diagnostic, Span};
use smol_str::SmolStr;

/// A file, parsed.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What stands in it.
    pub body: Body,
    /// Its comments, in order of place.
    pub comments: Vec<Comment>,
    /// What was odd.
    pub diagnostics: Vec<Diagnostic>,
}

/// A comment, without its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its text, trimmed.
    pub text: SmolStr,
    /// The comment with its marks.
    pub span: Span,
}

/// What stands in a file or between the braces of a block. Each kind is in order of place.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// Its attributes, each name once.
    pub attributes: Vec<Attribute>,
    /// Its blocks.
    pub blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: SmolStr,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value.
    pub value: Expr,
    /// All of it.
    pub span: Span,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its kind, such as `resource`.
    pub kind: SmolStr,
    /// Its labels, decoded.
    pub labels: Vec<Label>,
    /// From the kind to the last label.
    pub header: Span,
    /// What stands between its braces.
    pub body: Body,
    /// All of it.
    pub span: Span,
}

/// A label of a block.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its text.
    pub text: SmolStr,
    /// Where it stands, with its quotes.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text without interpolations, decoded.
    String(SmolStr),
    /// Text with interpolations or directives. A single interpolation alone hands its value on unchanged.
    Template(Vec<TemplatePart>),
    /// `[a, b]`.
    Tuple(Vec<Expr>),
    /// `{ a = b }`.
    Object(Vec<ObjectItem>),
    /// A name that is no function's, such as `var`.
    Variable(SmolStr),
    /// Steps into the value of an expression, such as `var.a[0].b`.
    Traversal(Box<Expr>, Vec<Step>),
    /// A function call.
    Call {
        /// The function, with its namespaces (`provider::aws::arn_parse`).
        name: SmolStr,
        /// The arguments.
        arguments: Vec<Expr>,
        /// Whether the last argument is a list that gives the remaining arguments (`...`).
        expands_last: bool,
    },
    /// `condition ? then : otherwise`, in this order.
    Conditional(Box<[Expr; 3]>),
    /// `[for …]` or `{for …}`.
    For(Box<ForExpr>),
    /// An operator before an operand.
    Unary(UnaryOperator, Box<Expr>),
    /// An operator between two operands.
    Binary(BinaryOperator, Box<[Expr; 2]>),
    /// `( … )`.
    Parenthesis(Box<Expr>),
    /// What cannot be read: something is there, and a diagnostic says what is wrong with it.
    Unreadable,
}

/// An entry of an object.
#[derive(Clone, Debug)]
pub struct ObjectItem {
    /// Its key: a bare name is a [`ExprKind::String`] with the name's span.
    pub key: Expr,
    /// Its value.
    pub value: Expr,
}

/// A step of a traversal.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// Where it stands.
    pub span: Span,
}

/// What a step of a traversal does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// `.name`.
    Attribute(SmolStr),
    /// `[index]`; also the legacy `.0`.
    Index(Expr),
    /// `.*`: of each element, the attributes that follow.
    AttributeSplat,
    /// `[*]`: of each element, all steps that follow.
    FullSplat,
}

/// A `for` expression.
#[derive(Clone, Debug)]
pub struct ForExpr {
    /// The name for the key, if there is one.
    pub key_name: Option<SmolStr>,
    /// The name for the value.
    pub value_name: SmolStr,
    /// What is walked.
    pub collection: Expr,
    /// The key of each entry; `None` makes a list.
    pub key: Option<Expr>,
    /// The value of each element or entry.
    pub value: Expr,
    /// Whether equal keys are grouped into lists (`...`).
    pub is_grouping: bool,
    /// Which elements count.
    pub condition: Option<Expr>,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text, decoded.
    Literal(SmolStr, Span),
    /// `${ … }`.
    Interpolation(Expr),
    /// `%{ if … }`.
    If {
        /// The condition.
        condition: Expr,
        /// What stands there if it holds.
        then: Vec<TemplatePart>,
        /// What stands there otherwise.
        otherwise: Vec<TemplatePart>,
    },
    /// `%{ for … }`.
    For {
        /// The name for the key, if there is one.
        key_name: Option<SmolStr>,
        /// The name for the value.
        value_name: SmolStr,
        /// What is walked.
        collection: Expr,
        /// What stands there for each element.
        body: Vec<TemplatePart>,
    },
}

/// An operator before an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum UnaryOperator {
    Negate,
    Not,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOperator {
    Equal,
    NotEqual,
    LessEqual,
    GreaterEqual,
    Less,
    Greater,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
    And,
    Or,
}

impl TemplatePart {
    /// Where it stands; of a directive, where its expression stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Literal(_, span) => *span,
            Self::Interpolation(expr)
            | Self::If { condition: expr, .. }
            | Self::For { collection: expr, .. } => expr.span,
        }
    }
}

impl Body {
    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The blocks of that kind.
    pub fn blocks_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

impl Block {
    /// The text of the label at `index`, from 0.
    #[must_use]
    pub fn label(&self, index: usize) -> Option<&SmolStr> {
        self.labels.get(index).map(|label| &label.text)
    }
}

impl Expr {
    /// The text, if this is one without interpolations.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            ExprKind::String(text) => Some(text),
            ExprKind::Parenthesis(inner) => inner.as_str(),
            _ => None,
        }
    }
}
