//! The JSON Schema of the report, from the very types that write it.

use super::entry::Document;
use schemars::generate::SchemaSettings;

/// The JSON Schema (draft 2020-12) of what [`render_json`](crate::render_json) writes:
/// `schemas/scan-result.schema.json`.
#[must_use]
pub fn scan_result_schema() -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Document<'static>>();
    schema.insert("title".to_owned(), "Proofmark scan result".into());
    schema.insert(
        "$id".to_owned(),
        "https://raw.githubusercontent.com/proofmark/proofmark/main/schemas/scan-result.schema.json".into(),
    );
    schema.to_value()
}
