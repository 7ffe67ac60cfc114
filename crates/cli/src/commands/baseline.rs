//! `proofmark baseline`.

use super::{Status, scan};
use crate::args::BaselineArguments;
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Colors, print, write_file};
use crate::session::{Extent, Session};
use crate::words::count;
use proofmark_scan::Baseline;

/// Records today's findings.
///
/// # Errors
/// When the scan cannot begin, or the file cannot be written.
pub fn run(arguments: &BaselineArguments, colors: &Colors) -> Result<Status, Failure> {
    let mut session = Session::open(&arguments.session, Extent::Whole)?;
    let result = scan::scan(&mut session, false)?;
    print_diagnostics(&session.workspace, &result.diagnostics, &session.prefix, colors);
    let baseline = Baseline::record(&result, &session.workspace);
    write_file(&arguments.out, &baseline.render())?;
    let findings = count(baseline.findings.len(), "finding");
    print(&format!("{findings} recorded in {}\n", arguments.out.display()))?;
    Ok(Status::Clean)
}
