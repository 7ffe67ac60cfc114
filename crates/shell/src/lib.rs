//! Shell scripts as a list of simple commands, with the bytes of every word.
//!
//! Rules ask whether a step *runs* a program with an option, which no text search answers: quotes, continued lines,
//! comments, here-documents and `$(…)` come between. [`parse_commands`] reads the POSIX shell grammar (IEEE Std 1003.1,
//! "Shell Command Language") and the common additions of Bash as far as that question needs, and never fails.
//!
//! The cast: [`Command`] with its [`Word`]s, [`Join`] for how it follows the one before, [`command_values`] for rules.
//! Deliberately absent: expansion of variables (a word with `$` in it keeps its text), and any execution.
//!
//! Start at [`parse_commands`].

mod command;
mod parser;
mod scanner;
mod values;

pub use command::{Command, Join, Redirect, Word};
pub use parser::parse_commands;
pub use values::{argument_values, command_values};
#[cfg(test)]
mod tests;
