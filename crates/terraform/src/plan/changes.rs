//! The resources of a plan: what each is going to be.

use super::part::Part;
use super::value::{Home, Planned};
use super::written::{Path, PlanModule, Written, segments};
use super::{PLAN, PlanFile};
use crate::limits::{MAX_INSTANCES, MAX_MODULE_DEPTH};
use crate::pod::pod_of;
use crate::policy::policy_of;
use proofmark_model::{Address, Attribute, Kind, Map, Resource, SmolStr, Value};
use proofmark_source::{Diagnostic, FileId, Impact, Span};
use smol_str::format_smolstr;
use std::collections::BTreeSet;

/// What a plan is going to do with its resources.
#[derive(Default)]
pub(super) struct Changes {
    /// Everything that will be there, in order of the file.
    pub planned: Vec<Change>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A resource instance that will be there.
pub(super) struct Change {
    pub address: Address,
    pub kind: Kind,
    /// The address of the module instance, empty for the root.
    pub module: SmolStr,
    pub attributes: Map,
    pub header: Span,
    pub span: Span,
}

impl Change {
    /// The resource at its place in the plan.
    pub fn into_resource(self) -> Resource {
        let pod = pod_of(&self.kind.0, &self.attributes);
        let attributes = Value::map(self.attributes, self.span);
        Resource {
            header: self.header,
            pod,
            is_lenient: true,
            ..Resource::new(self.address, self.kind, self.span, attributes)
        }
    }
}

/// The resources that a plan has, or a state.
pub(super) fn changes(plan: &PlanFile<'_>, module: Option<&PlanModule<'_>>, is_joined: bool) -> Changes {
    let mut reader =
        Reader { file: plan.file, module, is_joined, seen: BTreeSet::new(), made: Changes::default() };
    let deferred = plan.root.get("deferred_changes");
    let deferred =
        deferred.into_iter().flat_map(Part::elements).filter_map(|entry| entry.get("resource_change"));
    let listed = plan.root.get("resource_changes").into_iter().flat_map(Part::elements);
    for change in listed.chain(deferred) {
        reader.change(change);
    }
    // Data that was read while planning is no change; a state has values only.
    for path in [&["planned_values", "root_module"], &["values", "root_module"]] {
        if let Some(values) = plan.root.at_path(path) {
            reader.values(values, false, 0);
        }
    }
    if let Some(values) = plan.root.at_path(&["prior_state", "values", "root_module"]) {
        reader.values(values, true, 0);
    }
    reader.made
}

struct Reader<'a> {
    file: FileId,
    module: Option<&'a PlanModule<'a>>,
    /// Whether the source says what was written.
    is_joined: bool,
    /// Addresses that were read, or are not going to be there.
    seen: BTreeSet<SmolStr>,
    made: Changes,
}

/// What names a resource in a plan.
#[derive(Default)]
struct Named {
    address: SmolStr,
    header: Option<Span>,
    module: SmolStr,
    mode: SmolStr,
    kind: SmolStr,
}

impl<'a> Reader<'a> {
    fn named(&self, part: Part<'_>) -> Named {
        let mut named = Named::default();
        for (name, member) in part.members() {
            let text = || match member.node(self.file)?.data {
                proofmark_syntax::NodeData::String(text) => Some(text),
                _ => None,
            };
            match name {
                "address" => {
                    named.address = text().unwrap_or_default();
                    named.header = Some(member.span(self.file));
                }
                "module_address" => named.module = text().unwrap_or_default(),
                "mode" => named.mode = text().unwrap_or_default(),
                "type" => named.kind = text().unwrap_or_default(),
                _ => {}
            }
        }
        named
    }

    fn change(&mut self, part: Part<'_>) {
        // What was replaced earlier and not yet deleted is on its way out.
        if part.get("deposed").is_some() {
            return;
        }
        let named = self.named(part);
        let Some(change) = part.get("change") else { return };
        let stays = |action: Part<'_>| !matches!(action.written(), "\"delete\"" | "\"forget\"");
        if !change.get("actions").is_some_and(|actions| actions.elements().any(stays)) {
            self.seen.insert(named.address);
            return;
        }
        let node = |name: &str| change.get(name).and_then(|part| part.node(self.file));
        let (after, unknown, sensitive) = (node("after"), node("after_unknown"), node("after_sensitive"));
        let planned =
            Planned { after: after.as_ref(), unknown: unknown.as_ref(), sensitive: sensitive.as_ref() };
        self.add(named, planned, part.span(self.file));
    }

    /// The resources of `values`, or only the data among them.
    fn values(&mut self, part: Part<'_>, only_data: bool, depth: usize) {
        let module = part.get("address").and_then(|address| address.node(self.file));
        let module = module.and_then(|address| address.as_str().map(SmolStr::new)).unwrap_or_default();
        for resource in part.get("resources").into_iter().flat_map(Part::elements) {
            let named = Named { module: SmolStr::clone(&module), ..self.named(resource) };
            if self.seen.contains(&named.address) || (only_data && named.mode != "data") {
                continue;
            }
            let node = |name: &str| resource.get(name).and_then(|part| part.node(self.file));
            let (after, sensitive) = (node("values"), node("sensitive_values"));
            let planned = Planned { after: after.as_ref(), unknown: None, sensitive: sensitive.as_ref() };
            self.add(named, planned, resource.span(self.file));
        }
        for child in part.get("child_modules").into_iter().flat_map(Part::elements) {
            if depth < MAX_MODULE_DEPTH {
                self.values(child, only_data, depth + 1);
            }
        }
    }

    fn add(&mut self, named: Named, planned: Planned<'_>, span: Span) {
        let is_new = !named.address.is_empty() && self.seen.insert(SmolStr::clone(&named.address));
        if !is_new {
            return;
        }
        if self.made.planned.len() >= MAX_INSTANCES {
            if self.made.diagnostics.is_empty() {
                let message = format!("the plan has more than {MAX_INSTANCES} resources");
                self.made.diagnostics.push(Diagnostic::new(PLAN, Impact::Partial, span, message));
            }
            return;
        }
        let header = named.header.unwrap_or(span);
        let path = self.module.and_then(|module| Path::to(module, &named.module));
        let own = segments(&named.address).skip(segments(&named.module).count());
        let own: Vec<&str> = own.map(|(name, _)| name).collect();
        let configured = path.as_ref().and_then(|path| path.resource(&own.join(".")));
        let written = match configured.filter(|_| !self.is_joined) {
            Some(node) => Written::By(
                node.get("expressions").filter(|node| !node.entries().is_empty()).into_iter().collect(),
            ),
            None => Written::Open,
        };
        let each = configured.and_then(|node| node.get("for_each_expression"));
        let attributes = Home { path, each, header }.map(planned, &written, header);
        let is_data = named.mode == "data";
        let kind = Kind(if is_data { format_smolstr!("data.{}", named.kind) } else { named.kind });
        let attributes = with_policy(&kind, attributes, span);
        let address = Address(named.address);
        self.made.planned.push(Change { address, kind, module: named.module, attributes, header, span });
    }
}

/// A policy document whose text is not known yet, from its statements.
fn with_policy(kind: &Kind, attributes: Map, span: Span) -> Map {
    let is_known = attributes.value("json").is_some_and(|json| json.as_str().is_some());
    if kind.0 != "data.aws_iam_policy_document" || is_known {
        return attributes;
    }
    let value = policy_of(&attributes, span);
    let entry = Attribute { name: SmolStr::new_static("json"), name_span: span, value };
    attributes.with_entries(attributes.entries().iter().cloned().chain([entry]).collect())
}
