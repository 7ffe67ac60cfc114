//! The tree of a template. `Display` writes it as Go does, for messages.

use crate::functions::Function;
use crate::number::Number;
use smol_str::SmolStr;
use std::fmt;

/// A list of nodes.
pub(crate) type Nodes = Vec<Node>;

/// A piece of a template; bytes are those of its text.
#[derive(Debug)]
pub(crate) struct Node {
    pub start: usize,
    pub end: usize,
    pub kind: NodeKind,
}

#[derive(Debug)]
pub(crate) enum NodeKind {
    Text,
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    /// What is called, and where its name stands.
    Template {
        name: SmolStr,
        name_at: usize,
        pipe: Option<Pipe>,
    },
    Break,
    Continue,
}

#[derive(Debug)]
pub(crate) struct Branch {
    pub pipe: Pipe,
    pub body: Nodes,
    pub otherwise: Nodes,
}

/// `$a, $b := x | f`
#[derive(Debug)]
pub(crate) struct Pipe {
    pub is_assignment: bool,
    pub variables: Vec<SmolStr>,
    pub commands: Vec<Command>,
}

/// An operand, or a function with its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub operands: Vec<Operand>,
}

#[derive(Debug)]
pub(crate) struct Operand {
    pub start: usize,
    pub end: usize,
    /// Where messages say it stands; of `.a.b` Go means the second dot.
    pub at: usize,
    pub kind: OperandKind,
}

#[derive(Debug)]
pub(crate) enum OperandKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Number),
    /// The literal as written, and its characters.
    Text {
        literal: SmolStr,
        text: SmolStr,
    },
    /// `.a.b`
    Field(Vec<SmolStr>),
    /// `$a.b`: the variable, then fields.
    Variable(Vec<SmolStr>),
    Function(&'static Function),
    /// `(x).a.b`
    Chain(Box<Operand>, Vec<SmolStr>),
    Pipe(Box<Pipe>),
}

impl fmt::Display for Pipe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            let mark = if self.is_assignment { "=" } else { ":=" };
            write!(formatter, "{} {mark} ", self.variables.join(", "))?;
        }
        for (index, command) in self.commands.iter().enumerate() {
            let separator = if index == 0 { "" } else { " | " };
            write!(formatter, "{separator}{command}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, operand) in self.operands.iter().enumerate() {
            let separator = if index == 0 { "" } else { " " };
            write!(formatter, "{separator}{operand}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            OperandKind::Dot => formatter.write_str("."),
            OperandKind::Nil => formatter.write_str("nil"),
            OperandKind::Bool(value) => write!(formatter, "{value}"),
            OperandKind::Number(number) => formatter.write_str(&number.written),
            OperandKind::Text { literal, .. } => formatter.write_str(literal),
            OperandKind::Field(names) => write_fields(names, formatter),
            OperandKind::Variable(names) => formatter.write_str(&names.join(".")),
            OperandKind::Function(function) => formatter.write_str(function.name),
            OperandKind::Chain(inner, names) => {
                write!(formatter, "{inner}")?;
                write_fields(names, formatter)
            }
            OperandKind::Pipe(pipe) => write!(formatter, "({pipe})"),
        }
    }
}

fn write_fields(names: &[SmolStr], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    names.iter().try_for_each(|name| write!(formatter, ".{name}"))
}
