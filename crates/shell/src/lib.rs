//! Shell scripts as commands with facts, and the bytes of every word.
//!
//! Rules ask whether a step *runs* a program with an option, and whether its failure counts, which no text search answers:
//! quotes, continued lines, comments, here-documents, `|| true`, functions and `set +e` come between. [`parse_script`]
//! reads the POSIX shell grammar (IEEE Std 1003.1, "Shell Command Language") and that of Bash into a [`tree::Tree`];
//! [`read_script`] follows the tree as a shell would and says of each [`Command`] what holds where it stands
//! ([`Facts`]): what its failure does, which constants its arguments hold, what it prints, writes and fetches.
//! Neither ever fails. Scripts of PowerShell and the Windows command prompt get a light reading.
//!
//! Deliberately absent: any execution, and what the options of programs mean.
//!
//! Start at [`read_script`].

mod builder;
mod command;
mod cursor;
mod download;
mod effects;
mod facts;
mod grammar;
mod invocation;
mod light;
mod options;
mod places;
mod powershell;
mod prompt;
mod script;
mod standing;
mod survey;
pub mod tree;
mod values;
mod variables;
mod walk;
mod word;

pub use command::{Command, Join, Redirect};
pub use download::{Download, Execution};
pub use effects::{Effects, Names, Url, Write};
pub use facts::{Facts, Fate, Feed, Field, IgnoredBy, Nesting, OnFailure};
pub use grammar::parse_script;
pub use invocation::Invocation;
pub use options::{Dialect, Options, Shell};
pub use script::{Script, Settings, read_script, read_script_in, read_words};
pub use standing::{Standing, standing_at};
pub use values::{argument_values, command_values};
pub use variables::Environment;
pub use walk::State;
pub use word::{Form, Parameter, Part, PartKind, Quotes, Word};
#[cfg(test)]
mod tests;
