//! The scan result as JSON: the contract with other tools (`schemas/scan-result.schema.json`).
//!
//! Paths are relative to what was scanned. Lines and columns count from 1, columns in code points; ends are exclusive.

mod names;
mod entry;
mod document;
mod schema;

pub use schema::scan_result_schema;

use crate::layout::render_json_lines_into;
use crate::place::Places;
use proofmark_findings::ScanResult;
use proofmark_source::Workspace;

/// What an evaluation takes, generously. Memory that is asked for and not written costs nothing; growing step by step
/// writes everything twice.
const EVALUATION_BYTES: usize = 1_600;

/// The same of the rules and controls.
const FURTHER_BYTES: usize = 2 << 20;

/// The whole result as JSON, an element a line.
#[must_use]
pub fn render_json(result: &ScanResult, workspace: &dyn Workspace) -> String {
    let places = Places::new(workspace, &result.repository.scanned_path);
    let bytes = Vec::with_capacity(result.evaluations.len() * EVALUATION_BYTES + FURTHER_BYTES);
    render_json_lines_into(bytes, &document::document(result, &places), 2)
}

/// A parameter's value as JSON.
pub(crate) fn plain_param(value: &proofmark_rules::ParamValue) -> String {
    serde_json::to_string(&document::PlainParam(value)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
