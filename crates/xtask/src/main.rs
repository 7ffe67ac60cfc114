//! The house's own tools: `generate` what is derived, scaffold a `new-rule`, keep everything `tidy`.
//!
//! Run as `cargo xtask …`. The same checks run as tests, so that `cargo test` is the one gate.
#![expect(clippy::print_stderr, reason = "a tool for a terminal")]
#![expect(clippy::disallowed_methods, reason = "it reads and writes the checkout it stands in")]

mod generate;
mod new_rule;
mod tidy;

use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The house's own tools.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write schemas, catalogs and the marked blocks of documents.
    Generate {
        /// Change nothing; say what is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Write the skeleton of a rule with its fixtures, such as `aws/s3-bucket-versioned`.
    NewRule {
        /// The rule's id.
        id: String,
    },
    /// Say what breaks the house style: long functions, long files, dead paths, a map that lies.
    Tidy,
}

fn main() -> ExitCode {
    let root = root();
    let problems = match Arguments::parse().task {
        Task::Generate { check: true } => generate::check(&root),
        Task::Generate { check: false } => generate::write(&root),
        Task::NewRule { id } => new_rule::write(&root, &id),
        Task::Tidy => tidy::check(&root),
    };
    for problem in &problems {
        eprintln!("{problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The root of the checkout.
fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.ancestors().nth(2).unwrap_or(crate_folder).to_path_buf()
}
