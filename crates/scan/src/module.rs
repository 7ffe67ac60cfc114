//! What a Terraform module is evaluated to, as JSON.

use crate::readers::readers;
use proofmark_model::{Data, ReadSettings, Resource, SmolStr, UnitModel, Value};
use proofmark_source::{Diagnostic, FileId, Workspace};
use serde_json::{Map, Value as Json, json};

/// The reader of Terraform modules.
const READER: &str = "terraform";

/// A module, evaluated.
#[derive(Clone, Debug)]
pub struct RenderedModule {
    /// `{"resources": […], "outputs": {…}}`, pretty, with a line break at the end. What is not known is
    /// `{"unknown": reason}`, what must not be shown `"(sensitive)"`.
    pub text: String,
    /// What was odd.
    pub diagnostics: Vec<Diagnostic>,
}

/// Evaluates the Terraform module in `folder` (relative to the root) as a root module; `None` where there is none.
#[must_use]
pub fn render_module(
    workspace: &dyn Workspace,
    folder: &str,
    variable_files: &[String],
    as_of: &str,
) -> Option<RenderedModule> {
    let reader = readers().into_iter().find(|registered| registered.reader.name() == READER)?.reader;
    let settings = ReadSettings {
        variable_files: variable_files.to_vec(),
        as_of: SmolStr::from(as_of),
        ..ReadSettings::default()
    };
    let files = (0..workspace.files().len()).filter_map(|index| u32::try_from(index).ok()).map(FileId);
    let claimed: Vec<FileId> = files.filter(|file| reader.claim(workspace, *file).is_some()).collect();
    let units = reader.units(workspace, &claimed, &settings);
    let called = || units.iter().find(|unit| unit.path == folder).cloned();
    let unit = called().or_else(|| {
        // A module that another one calls is no unit of its own, but may be looked at as one.
        let files: Vec<FileId> = claimed
            .iter()
            .copied()
            .filter(|file| proofmark_source::parent_path(workspace.path(*file)) == folder)
            .collect();
        (!files.is_empty()).then(|| proofmark_model::Unit { reader: READER, path: folder.to_owned(), files })
    })?;
    let model = reader.read(workspace, &unit, &settings);
    let mut text = serde_json::to_string_pretty(&describe(workspace, &model)).unwrap_or_default();
    text.push('\n');
    Some(RenderedModule { text, diagnostics: model.diagnostics })
}

fn describe(workspace: &dyn Workspace, model: &UnitModel) -> Json {
    let resources: Vec<Json> =
        model.resources.iter().map(|resource| describe_resource(workspace, resource)).collect();
    let outputs = model.outputs.iter().map(|output| (output.name.to_string(), describe_value(&output.value)));
    json!({ "resources": resources, "outputs": outputs.collect::<Map<_, _>>() })
}

fn describe_resource(workspace: &dyn Workspace, resource: &Resource) -> Json {
    let file = resource.span.file;
    json!({
        "address": resource.address.0.as_str(),
        "kind": resource.kind.0.as_str(),
        "path": workspace.path(file),
        "line": workspace.line_index(file).line_number(resource.span.start),
        "attributes": describe_value(&resource.attributes),
    })
}

fn describe_value(value: &Value) -> Json {
    if value.is_sensitive {
        return json!("(sensitive)");
    }
    match &value.data {
        Data::Null => Json::Null,
        Data::Bool(value) => json!(value),
        Data::Integer(value) => json!(value),
        Data::Float(value) => json!(value),
        Data::String(text) => json!(text.as_str()),
        Data::Unknown(unknown) => json!({ "unknown": unknown.reason.as_str() }),
        Data::List(elements) => elements.iter().map(describe_value).collect(),
        Data::Map(map) => {
            let entries =
                map.entries().iter().map(|entry| (entry.name.to_string(), describe_value(&entry.value)));
            Json::Object(entries.collect())
        }
    }
}
