//! One file for each command.

mod scan;
mod evidence;
mod verify;
mod rules;
mod new_rule;
mod explain;
mod baseline;
mod fix;
mod render;
mod init;

use crate::args::{Arguments, Command, RulesCommand};
use crate::failure::Failure;
use crate::output::{Colors, print};
use clap::CommandFactory as _;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nothing at or above the threshold.
    Clean,
    /// Findings.
    Findings,
    /// It could not complete. Outranks findings.
    Incomplete,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Clean => 0,
            Status::Findings => 1,
            Status::Incomplete => 2,
        })
    }
}

/// Does what the arguments say.
///
/// # Errors
/// What kept it from completing.
pub fn run(arguments: &Arguments, colors: &Colors) -> Result<Status, Failure> {
    match &arguments.command {
        Command::Scan(arguments) => scan::run(arguments, colors),
        Command::Evidence(arguments) => evidence::run(arguments, colors),
        Command::Verify(arguments) => verify::run(arguments),
        Command::Render(arguments) => render::run(arguments, colors),
        Command::Rules(RulesCommand::List { prefix, rules }) => rules::list(prefix.as_deref(), rules),
        Command::Rules(RulesCommand::Show { rule, rules }) | Command::Explain { rule, rules } => {
            explain::run(rule, rules)
        }
        Command::Rules(RulesCommand::New { id, dir }) => new_rule::run(id, dir),
        Command::Rules(RulesCommand::Test { dir, rule_names }) => rules::test(dir, rule_names),
        Command::Baseline(arguments) => baseline::run(arguments, colors),
        Command::Fix(arguments) => fix::run(arguments),
        Command::Init { folder } => init::run(folder),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "proofmark", &mut text);
            print(&String::from_utf8_lossy(&text)).map(|()| Status::Clean)
        }
    }
}
