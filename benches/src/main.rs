//! Writes generated input to disk: `proofmark-benches generate FOLDER COUNT` a repository of so many files,
//! `proofmark-benches instances FOLDER COUNT` a Terraform root with so many resources.
#![expect(clippy::print_stderr, reason = "a tool for a terminal")]
#![expect(clippy::disallowed_methods, reason = "it writes what it was asked to write")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, folder, count] = arguments.as_slice() else { return usage() };
    let Ok(count) = count.parse() else { return usage() };
    let files = match command.as_str() {
        "generate" => proofmark_benches::repository(count),
        "instances" => proofmark_benches::instances(count),
        _ => return usage(),
    };
    for (path, text) in files {
        let path = Path::new(folder).join(path);
        let written =
            path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, text));
        if let Err(error) = written {
            eprintln!("{}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: proofmark-benches generate|instances FOLDER COUNT");
    ExitCode::FAILURE
}
