//! From the text of a condition to its compiled form.
//!
//! The grammar is that of the CEL language definition, section "Syntax". Macros are kept as macros instead of being
//! unfolded, because the evaluator reports which element decided. Left out on purpose, each with an error that says so:
//! bytes, optional syntax (reading what is absent is no error here), and message literals.

mod lexer;
mod parser;
#[cfg(test)]
mod tests;

use crate::{Condition, Expr};
use smol_str::SmolStr;

/// Longer conditions are refused: nobody reads them, and a rule file may come from a stranger.
pub const MAX_CONDITION_BYTES: usize = 16 * 1024;

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConditionError {
    /// What is wrong, in lower case without a full stop.
    pub message: String,
    /// What would be right, where that can be said.
    pub help: Option<String>,
    /// The bytes of the condition's text that are wrong, half open.
    pub range: (u32, u32),
}

impl ConditionError {
    pub(crate) fn new(range: (u32, u32), message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, range }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Parses a CEL expression.
///
/// # Errors
/// The first syntax error, with its place. Names and functions are not looked at here.
pub fn parse_condition(text: &str) -> Result<Condition, ConditionError> {
    if text.len() > MAX_CONDITION_BYTES {
        let message =
            format!("the condition has {} bytes, more than the limit of {MAX_CONDITION_BYTES}", text.len());
        return Err(ConditionError::new((0, 0), message));
    }
    let tokens = lexer::tokens(text)?;
    let expr: Expr = parser::parse(text, &tokens)?;
    Ok(Condition::new(SmolStr::new(text), expr))
}
