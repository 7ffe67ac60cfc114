//! What a Terraform module is evaluated to, as JSON.

use crate::plan::{Ground, Passes, Root, check_arguments};
use crate::readers::{Inventory, Registered, readers, take_inventory};
use crate::{Rendered, ScanError, Settings};
use proofmark_model::{Data, ReadSettings, Resource, SmolStr, Unit, UnitModel, Value};
use proofmark_source::{FileId, Workspace, parent_path};
use serde_json::{Map, Value as Json, json};

/// The reader of Terraform modules.
const READER: &str = "terraform";

/// Evaluates the Terraform module in `folder` (relative to the root) as a root module; `None` where there is none. Of the
/// settings, what they give to root modules counts, in the environment asked for if there is one.
///
/// # Errors
/// When the settings name what is not there.
pub fn render_module(
    workspace: &dyn Workspace,
    folder: &str,
    settings: &Settings,
) -> Result<Option<Rendered>, ScanError> {
    let readers = readers();
    let inventory = take_inventory(workspace, &readers, &ReadSettings::default());
    let Some(registered) = readers.iter().find(|registered| registered.reader.name() == READER) else {
        return Ok(None);
    };
    let Some(unit) = unit_in(workspace, folder, registered, &inventory) else { return Ok(None) };
    let ground =
        Ground { workspace, settings, readers: &readers, inventory: &inventory, has_arguments: true };
    let read = read_settings(&ground, registered, &unit)?;
    let model = registered.reader.read(workspace, &unit, &read);
    let mut text = serde_json::to_string_pretty(&describe(workspace, &model)).unwrap_or_default();
    text.push('\n');
    Ok(Some(Rendered { text, diagnostics: model.diagnostics }))
}

fn unit_in(
    workspace: &dyn Workspace,
    folder: &str,
    registered: &Registered,
    inventory: &Inventory,
) -> Option<Unit> {
    let root = inventory.units.iter().find(|(_, unit)| unit.reader == READER && unit.path == folder);
    if let Some((_, unit)) = root {
        return Some(unit.to_owned());
    }
    // A module that another one calls is no unit of its own, but may be looked at as one.
    let files = workspace.files_below(folder).filter_map(|index| u32::try_from(index).ok()).map(FileId);
    let own = files.filter(|file| parent_path(workspace.path(*file)) == folder);
    let files: Vec<FileId> = own.filter(|file| registered.reader.claim(workspace, *file).is_some()).collect();
    (!files.is_empty()).then(|| Unit { reader: READER, path: folder.to_owned(), files })
}

/// What the module is given: what its environment says, then what the command line says, wherever its files lie.
fn read_settings(
    ground: &Ground<'_>,
    registered: &Registered,
    unit: &Unit,
) -> Result<ReadSettings, ScanError> {
    let passes = Passes::new(&Ground { has_arguments: false, ..*ground })?;
    let asked = ground.settings.environments.first();
    let pass = passes.list.iter().find(|pass| pass.environment.as_ref() == asked);
    let mut inputs = pass.map(|pass| pass.inputs_of(&unit.path)).unwrap_or_default();
    check_arguments(ground, &[Root { registered, unit }])?;
    inputs.extend(ground.arguments(&[]).into_iter().map(|given| given.input));
    Ok(ReadSettings {
        inputs,
        workspace: pass.and_then(|pass| pass.workspace.clone()),
        as_of: SmolStr::clone(&ground.settings.as_of),
        ..ReadSettings::default()
    })
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
