//! SARIF 2.1.0 (OASIS standard) for code scanning and other viewers.
//!
//! One run. Paths are relative to the root of the repository; columns count UTF-16 code units; ends are exclusive. Two
//! profiles: [`SarifProfile::Github`] holds what GitHub code scanning shows well, and stays within its limits;
//! [`SarifProfile::Full`] holds everything, by `kind`.

mod log;
mod line_hash;
mod uri;
mod rules;
mod results;
mod invocation;
mod assemble;
mod check;

pub use check::SarifError;

use crate::layout::render_json_lines;
use crate::place::Places;
use proofmark_findings::ScanResult;
use proofmark_source::{TextEdit, Workspace};
use std::collections::BTreeMap;

/// What a SARIF report holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SarifProfile {
    /// Failures without a waiver, and what GitHub code scanning makes of them. GitHub opens alerts for suppressed
    /// results too, so waived ones are left out.
    #[default]
    Github,
    /// Every evaluation by `kind`, waivers as suppressions, all rules, files with their hashes.
    Full,
}

/// How a SARIF report is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct SarifOptions<'a> {
    /// What it holds.
    pub profile: SarifProfile,
    /// Tells this analysis from others of the same commit (a matrix, a part of a monorepo). Where it is not given, none is
    /// written, and the upload derives one from the workflow.
    pub category: Option<&'a str>,
    /// The changes that repair failures, by place of the evaluation in the result.
    pub fixes: Option<&'a BTreeMap<usize, Vec<TextEdit>>>,
}

/// The most bytes before compression. GitHub takes 10 MB compressed, and these reports shrink at least tenfold.
const MAX_BYTES: usize = 90_000_000;

/// The result as SARIF.
///
/// # Errors
/// Where the report would break the rules of SARIF or of code scanning, which is a bug of ours, it is not given out.
pub fn render_sarif(
    result: &ScanResult,
    workspace: &dyn Workspace,
    options: &SarifOptions<'_>,
) -> Result<String, SarifError> {
    let places = Places::new(workspace, "");
    let mut limit = match options.profile {
        SarifProfile::Github => check::MAX_RESULTS,
        SarifProfile::Full => usize::MAX,
    };
    loop {
        let log = assemble::build_log(result, &places, options, limit);
        check::check(&log, options.profile)?;
        let text = render_json_lines(&log, 4);
        let count = log.result_count();
        if options.profile == SarifProfile::Full || text.len() <= MAX_BYTES || count <= 1 {
            return Ok(text);
        }
        limit = count / 2;
    }
}

#[cfg(test)]
mod tests;
