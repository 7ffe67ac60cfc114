//! A plan and its source: the plan says what is, the source where it stands.
//!
//! A plan stands for the root module that it was made from, so that nothing is judged twice: the module is no unit of its
//! own while a plan of it is there. It is evaluated with the plan's variables, and then each of its resources gets the
//! planned values. A value that the source has as well keeps its place and its way; one that only the plan has points into
//! the plan. What the source has and the plan's configuration does not was written after the plan, and is read as it is.

use super::changes::{Change, Changes};
use super::declared::Declared;
use super::value::after_apply;
use super::written::{PlanModule, without_keys};
use super::{PLAN, PlanFile};
use crate::config::ModuleConfig;
use crate::files::{FileCache, FileKind, file_kind};
use crate::pod::pod_of;
use crate::read::read_root;
use crate::value::is_wholly_known;
use proofmark_model::{
    Attribute, Data, Kind, Map, Origin, ReadSettings, Resource, SmolStr, Step, StepKind, Unit, UnitModel,
    Value,
};
use proofmark_source::{Diagnostic, FileId, Impact, Workspace, parent_path};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Blocks and attributes that are for Terraform and stand in no plan.
const OWN_BLOCKS: [&str; 6] =
    ["lifecycle", "provisioner", "connection", "depends_on", "provider", "timeouts"];

/// How the names of arguments end that Terraform hands to the provider and keeps nowhere.
const WRITE_ONLY: &str = "_wo";

/// The folder of the root module that a plan was made from: its own folder or the nearest above it where they fit, else the
/// one that fits best. A folder fits that declares more than half of what the plan's root module has.
pub(crate) fn joined_folder(
    workspace: &dyn Workspace,
    files: &FileCache,
    file: FileId,
    folders: &BTreeSet<String>,
) -> Option<String> {
    let plan = PlanFile::new(workspace, file)?;
    let module = PlanModule::new(plan.root_module()?);
    let wanted = module.resources.len() + module.calls.len();
    let declared = |folder: &str| {
        let config = ModuleConfig::load(workspace, files, folder);
        let resources =
            module.resources.keys().filter(|address| config.resource_index.contains_key(**address));
        let calls = module.calls.keys().filter(|name| config.calls.contains_key(**name));
        resources.count() + calls.count()
    };
    let mut own = parent_path(workspace.path(file));
    loop {
        if folders.contains(own) && declared(own) * 2 > wanted {
            return Some(own.to_owned());
        }
        if own.is_empty() {
            break;
        }
        own = parent_path(own);
    }
    let fits = |folder: &String| (declared(folder), folder.to_owned());
    let mut fitting: Vec<(usize, String)> =
        folders.iter().map(fits).filter(|(count, _)| count * 2 > wanted).collect();
    fitting.sort();
    let (best, folder) = fitting.pop()?;
    // Copies of one module: nobody knows of which the plan was made.
    fitting.last().is_none_or(|(count, _)| *count < best).then_some(folder)
}

/// The root module whose files stand beside the plan, evaluated with the plan's variables.
pub(super) fn read_source(
    workspace: &dyn Workspace,
    files: &FileCache,
    unit: &Unit,
    (settings, declared): (&ReadSettings, &Declared<'_, '_, '_>),
) -> Option<UnitModel> {
    let beside: Vec<FileId> =
        unit.files.iter().copied().filter(|file| file_kind(workspace.path(*file)).is_some()).collect();
    let is_configuration =
        |file: &&FileId| file_kind(workspace.path(**file)) == Some(FileKind::Configuration);
    let path = parent_path(workspace.path(*beside.iter().find(is_configuration)?)).to_owned();
    let unit = Unit { reader: unit.reader, path, files: beside };
    Some(read_root(workspace, files, &unit, (settings, declared.variables())))
}

/// Puts together what the plan and the source say.
pub(super) fn join(plan: &PlanFile<'_>, changes: &Changes, source: UnitModel, model: &mut UnitModel) {
    let by_address: BTreeMap<&str, &Resource> =
        source.resources.iter().map(|resource| (resource.address.0.as_str(), resource)).collect();
    let mut by_base: BTreeMap<String, &Resource> = BTreeMap::new();
    for resource in &source.resources {
        by_base.entry(without_keys(&resource.address.0)).or_insert(resource);
    }
    for change in &changes.planned {
        let exact = by_address.get(change.address.0.as_str());
        let Some(written) = exact.or_else(|| by_base.get(&without_keys(&change.address.0))) else {
            let message = format!("`{}` is planned and does not stand in the source", change.address);
            model.diagnostics.push(Diagnostic::new(PLAN, Impact::None, change.header, message));
            model.resources.push(copy(change).into_resource());
            continue;
        };
        model.resources.push(joined(change, written));
    }
    let newer = newer_than(plan, changes);
    model.resources.extend(source.resources.iter().filter(|resource| newer(resource)).cloned());
    model.diagnostics.extend(source.diagnostics);
    model.files.extend(source.files);
}

/// Whether a resource of the source is none that the plan speaks of.
fn newer_than(plan: &PlanFile<'_>, changes: &Changes) -> impl Fn(&Resource) -> bool {
    let planned = changes.planned.iter().map(|change| change.address.0.as_str());
    // A plan for chosen targets says nothing of other instances; any other plans none where it has none.
    let is_complete = plan.root.get("complete").is_none_or(|part| part.written() != "false");
    let name = move |address: &str| if is_complete { without_keys(address) } else { address.to_owned() };
    let mut known: BTreeSet<String> = planned.map(name).collect();
    if let Some(root) = plan.root_module().filter(|_| is_complete) {
        configured(&PlanModule::new(root), "", &mut known);
    }
    move |resource| !known.contains(&name(&resource.address.0))
}

fn configured(module: &PlanModule<'_>, prefix: &str, into: &mut BTreeSet<String>) {
    into.extend(module.resources.keys().map(|address| format!("{prefix}{address}")));
    for (name, call) in &module.calls {
        configured(&call.module, &format!("{prefix}module.{name}."), into);
    }
}

fn copy(change: &Change) -> Change {
    Change {
        address: change.address.clone(),
        kind: Kind::clone(&change.kind),
        module: SmolStr::clone(&change.module),
        attributes: Map::clone(&change.attributes),
        header: change.header,
        span: change.span,
    }
}

/// A resource with the places of the source and the values of the plan.
fn joined(change: &Change, written: &Resource) -> Resource {
    let own = Value::map(Map::clone(&change.attributes), change.span);
    let mut attributes = merged(Some(&written.attributes), &own);
    if let (Data::Map(map), Some(source)) = (&mut attributes.data, written.attributes.as_map()) {
        let is_own = |name: &str| OWN_BLOCKS.contains(&name) || name.ends_with(WRITE_ONLY);
        let missing =
            |entry: &&Attribute| is_own(&entry.name) && change.attributes.get(&entry.name).is_none();
        let kept = source.entries().iter().filter(missing).cloned();
        let entries: Vec<Attribute> = map.entries().iter().cloned().chain(kept).collect();
        *map = Arc::new(map.with_entries(entries));
    }
    let pod = attributes.as_map().and_then(|map| pod_of(&change.kind.0, map));
    // What is planned surely stands.
    let conditions = Vec::new();
    Resource {
        address: change.address.clone(),
        attributes,
        pod,
        conditions,
        elsewhere: None,
        parts: Vec::new(),
        ..written.clone()
    }
}

/// A planned value at the place of the written one.
fn merged(written: Option<&Value>, planned: &Value) -> Value {
    let Some(written) = written else { return Value::clone(planned) };
    let mut value = match (&planned.data, &written.data) {
        (Data::Map(planned), Data::Map(own)) => {
            written.with_data(Data::Map(Arc::new(merged_map(own, planned))))
        }
        (Data::List(elements), Data::List(own)) => {
            let element = |element: &Value| match own.iter().find(|own| may_be(own, element)) {
                Some(own) => merged(Some(own), element),
                None => at_source(written, element),
            };
            written.with_data(Data::List(elements.iter().map(element).collect()))
        }
        (Data::Unknown(_), Data::Unknown(own)) => {
            let mut unknown = (**own).clone();
            unknown.reason = after_apply(&own.references);
            written.with_data(Data::Unknown(Arc::new(unknown)))
        }
        // The provider may leave open what the source says; and a text that the source has as a value (a policy, say) points
        // closer there.
        (Data::Unknown(_), _) => Value::clone(written),
        (Data::String(_), Data::Map(_) | Data::List(_)) if is_wholly_known(written) => Value::clone(written),
        (own, data) if own == data => Value::clone(written),
        _ => at_source(written, planned),
    };
    value.is_sensitive |= planned.is_sensitive;
    value
}

fn merged_map(written: &Map, planned: &Map) -> Map {
    let entry = |entry: &Attribute| match written.get(&entry.name) {
        Some(own) => Some(own.with_value(merged(Some(&own.value), &entry.value))),
        // Nobody wrote it, and the provider has nothing to say yet.
        None if entry.value.as_unknown().is_some() && written.unknown_rest.is_none() => None,
        None => Some(entry.clone()),
    };
    let mut map = Map::new(planned.entries().iter().filter_map(entry).collect());
    map.header = written.header.or(planned.header);
    map
}

/// The planned value, seen where the source makes it.
fn at_source(written: &Value, planned: &Value) -> Value {
    let step = Step {
        kind: StepKind::Included(SmolStr::new_static("the plan")),
        span: planned.origin.span,
        before: written.origin.trail.as_ref().map(Arc::clone),
    };
    let origin = Origin { span: written.origin.span, trail: Some(Arc::new(step)) };
    Value { data: planned.data.clone(), origin, is_sensitive: planned.is_sensitive }
}

/// Whether a written value may be what the plan has: nothing that both know differs. Blocks come in an order of the
/// provider's own.
fn may_be(written: &Value, planned: &Value) -> bool {
    match (&written.data, &planned.data) {
        (Data::Unknown(_), _) | (_, Data::Unknown(_)) => true,
        (Data::Map(own), Data::Map(map)) => own.entries().iter().all(|entry| {
            let other = map.value(&entry.name);
            entry.value.is_null() || other.is_none_or(|other| may_be(&entry.value, other))
        }),
        (Data::List(own), Data::List(elements)) => {
            own.len() == elements.len() || own.iter().any(|value| value.as_unknown().is_some())
        }
        (own, other) => crate::value::to_text(written) == crate::value::to_text(planned) || own == other,
    }
}
