//! Writes a generated repository to disk: `proofmark-benches generate FOLDER COUNT`.
#![expect(clippy::print_stderr, reason = "a tool for a terminal")]
#![expect(clippy::disallowed_methods, reason = "it writes what it was asked to write")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, folder, count] = arguments.as_slice() else { return usage() };
    let (true, Ok(count)) = (command == "generate", count.parse()) else { return usage() };
    for (path, text) in proofmark_benches::repository(count) {
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
    eprintln!("usage: proofmark-benches generate FOLDER COUNT");
    ExitCode::FAILURE
}
