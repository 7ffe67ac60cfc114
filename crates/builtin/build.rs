//! Compiles `rules/` into one blob. A rule that does not load fails the build, with file, line and what would be right.
#![expect(clippy::disallowed_methods, reason = "a build script reads its inputs from the disk")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is how a build script speaks to cargo")]

use proofmark_rules::load_rule_set;
use proofmark_source::{Diagnostic, MemoryWorkspace, Workspace};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if let Err(error) = read_folder(&folder, "", &mut files) {
        eprintln!("{}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    let workspace = MemoryWorkspace::new(files);
    match load_rule_set(&workspace) {
        Ok(rule_set) => write_blob(&rule_set.to_bytes().unwrap_or_default()),
        Err(problems) => {
            for problem in &problems {
                eprintln!("{}", described(&workspace, problem));
            }
            ExitCode::FAILURE
        }
    }
}

/// All rule files below a folder, with paths relative to `rules/`.
fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            read_folder(&entry.path(), &path, files)?;
        } else if path.ends_with(".yaml") {
            files.push((path, fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}

/// `rules/aws/x.yaml:3:7: what is wrong; what would be right`.
fn described(workspace: &MemoryWorkspace, problem: &Diagnostic) -> String {
    let text = workspace.load(problem.span.file).unwrap_or("");
    let at = workspace.line_index(problem.span.file).line_column(problem.span.start, text);
    let help = problem.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!(
        "rules/{}:{}:{}: {}{help}",
        workspace.path(problem.span.file),
        at.line,
        at.column,
        problem.message
    )
}

fn write_blob(bytes: &[u8]) -> ExitCode {
    let Some(folder) = env::var_os("OUT_DIR").map(PathBuf::from) else { return ExitCode::FAILURE };
    match fs::write(folder.join("rules.bin"), bytes) {
        Ok(()) if !bytes.is_empty() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
