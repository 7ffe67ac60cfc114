//! `proofmark fix`.

use super::Status;
use crate::args::FixArguments;
use crate::failure::Failure;
use crate::output::{print, write_file};
use crate::session::{Extent, Session};
use crate::words::count;
use proofmark_scan::{Repairs, Workspace, repair};
use similar::TextDiff;
use std::fmt::Write as _;

/// How many unchanged lines stand around a change, as `diff -u` has it.
const CONTEXT_LINES: usize = 3;

/// Repairs what rules know how to repair, or shows how.
///
/// # Errors
/// When the scan cannot begin, or a file cannot be written.
pub fn run(arguments: &FixArguments) -> Result<Status, Failure> {
    if arguments.session.staged {
        let help = "run it without `--staged`, then stage what it wrote";
        return Err(Failure::new("`fix` changes files as they lie on the disk").with_help(help));
    }
    let session = Session::open(&arguments.session, Extent::Whole)?;
    let repairs = repair(&session.workspace, &session.settings).map_err(|error| session.refuse(&error))?;
    let shown = match arguments.diff {
        true => diff(&session, &repairs),
        false => summary(&session, &repairs),
    };
    if !arguments.diff {
        write(&session, &repairs)?;
    }
    print(&shown)?;
    let is_pending = arguments.diff && !repairs.texts.is_empty();
    Ok(if is_pending { Status::Findings } else { Status::Clean })
}

fn write(session: &Session, repairs: &Repairs) -> Result<(), Failure> {
    let root = &session.workspace.scope().root;
    for (file, text) in &repairs.texts {
        // The workspace hands out texts without a byte order mark; it goes back where it was.
        let bytes = session.workspace.load_bytes(*file).unwrap_or_default();
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { "\u{feff}" } else { "" };
        // Of a link, what it leads to is written.
        let path = root.join(session.workspace.path(*file));
        write_file(&path.canonicalize().unwrap_or(path), &format!("{mark}{text}"))?;
    }
    Ok(())
}

fn summary(session: &Session, repairs: &Repairs) -> String {
    let mut text = String::new();
    for repaired in &repairs.repaired {
        let path = session.workspace.path(repaired.file);
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "{}{path}:{}  {}  {}",
            session.prefix, repaired.line_number, repaired.rule.0, repaired.message
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = match repairs.repaired.len() {
        0 => writeln!(text, "nothing repaired"),
        number => {
            writeln!(text, "{} repaired in {}", count(number, "finding"), count(repairs.texts.len(), "file"))
        }
    };
    if repairs.left > 0 {
        let _ = writeln!(
            text,
            "{} left that no edit mends: see `proofmark scan`",
            count(repairs.left, "finding")
        );
    }
    text
}

fn diff(session: &Session, repairs: &Repairs) -> String {
    let mut text = String::new();
    for (file, after) in &repairs.texts {
        let path = session.workspace.path(*file);
        let before = session.workspace.load(*file).unwrap_or("");
        let diff = TextDiff::from_lines(before, after.as_str());
        let mut unified = diff.unified_diff();
        let unified =
            unified.context_radius(CONTEXT_LINES).header(&format!("a/{path}"), &format!("b/{path}"));
        let _ = write!(text, "{unified}");
    }
    text
}
