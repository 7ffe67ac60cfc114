//! The scan result as JSON: the contract with other tools (`schemas/scan-result.schema.json`).
//!
//! Paths are relative to what was scanned. Lines and columns count from 1, columns in code points; ends are exclusive.

mod names;
mod entry;
mod document;
mod schema;

pub use schema::scan_result_schema;

use crate::layout::write_json_lines;
use crate::place::Places;
use proofmark_findings::ScanResult;
use proofmark_source::Workspace;
use std::io;

/// The whole result as JSON, an element a line.
#[must_use]
pub fn render_json(result: &ScanResult, workspace: &dyn Workspace) -> String {
    let mut bytes = Vec::new();
    // Writing to memory does not fail.
    let written = write_json(result, workspace, &mut bytes);
    debug_assert!(written.is_ok(), "a report serializes");
    String::from_utf8(bytes).unwrap_or_default()
}

/// The same into a writer, without ever holding the whole: a report of a large repository has hundreds of megabytes.
///
/// Runs on the threads of the surrounding rayon pool. Writes many small pieces, so hand in a buffered writer.
///
/// # Errors
/// Those of the writer.
pub fn write_json(
    result: &ScanResult,
    workspace: &dyn Workspace,
    writer: &mut dyn io::Write,
) -> io::Result<()> {
    let places = Places::new(workspace, &result.repository.scanned_path);
    write_json_lines(writer, &document::document(result, &places), 2)
}

/// A parameter's value as JSON.
pub(crate) fn plain_param(value: &proofmark_rules::ParamValue) -> String {
    serde_json::to_string(&document::PlainParam(value)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
