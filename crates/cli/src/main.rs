//! The `proofmark` command: arguments in, a report and an exit status out.
//!
//! Everything that is worth testing without a process lives in `scan`; here are arguments ([`args`]), what opens a scan
//! ([`session`]), one file for each command (`commands/`), the text report (`text/`), and how things reach people: reports
//! whole or not at all ([`output`]), what went wrong with its place ([`failure`]), progress on a terminal ([`progress`]).
//!
//! Deliberately absent: rules, formats, verdicts.
//!
//! Start at [`args`], then `commands/scan.rs`.

mod args;
mod session;
mod commands;
mod text;
mod output;
mod failure;
mod progress;
mod words;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    failure::quiet_panics();
    let colors = output::Colors::decide(arguments.color);
    let outcome = std::panic::catch_unwind(|| commands::run(&arguments, &colors));
    let outcome = outcome.unwrap_or_else(|payload| Err(failure::Failure::bug(payload.as_ref())));
    match outcome {
        Ok(status) => status.into(),
        Err(failure) => {
            failure.print(&colors);
            commands::Status::Incomplete.into()
        }
    }
}
