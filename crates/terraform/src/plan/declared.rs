//! What a plan says beside its resources: variables, outputs, providers, calls of modules.

use super::PlanFile;
use super::changes::Change;
use super::value::{Home, Planned};
use super::written::{Path, PlanCall, PlanModule, Written, segments};
use proofmark_model::{
    Address, Attribute, Data, Kind, Known, Map, MapBuilder, Resource, SmolStr, Unknown, Value,
};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};
use smol_str::format_smolstr;
use std::collections::BTreeSet;

/// Why an attribute is missing whose expression the plan does not evaluate.
const NOT_EVALUATED: &str = "the plan names what this refers to, and not its value";

/// The declarations of a plan.
pub(super) struct Declared<'p, 't, 'n> {
    pub plan: &'p PlanFile<'t>,
    pub module: Option<&'p PlanModule<'n>>,
}

impl Declared<'_, '_, '_> {
    /// The values of the root's variables.
    pub fn variables(&self) -> Vec<(SmolStr, Value)> {
        let Some(node) = self.plan.root.get("variables").and_then(|part| part.node(self.plan.file)) else {
            return Vec::new();
        };
        let declared = self.module.and_then(|module| module.variables);
        let variable = |entry: &Entry| {
            let name = entry.key.as_str()?;
            let mut value = Value::from_node(entry.value.get("value")?, entry.key.span);
            value.is_sensitive = is_true(declared.and_then(|all| all.at_path(&[name, "sensitive"])));
            Some((SmolStr::new(name), value))
        };
        node.entries().iter().filter_map(variable).collect()
    }

    /// The outputs of the root, in order of name.
    pub fn outputs(&self) -> Vec<Attribute> {
        let file = self.plan.file;
        let changes = self.plan.root.get("output_changes").and_then(|part| part.node(file));
        let values = [&["planned_values", "outputs"], &["values", "outputs"]];
        let values = values.into_iter().find_map(|path| self.plan.root.at_path(path));
        let Some(values) = values.and_then(|part| part.node(file)) else { return Vec::new() };
        let home = Home { path: self.root_path(), each: None, header: values.span };
        let output = |entry: &Entry| {
            let name = entry.key.as_str()?;
            let change = |part: &str| changes.as_ref().and_then(|changes| changes.at_path(&[name, part]));
            let planned = Planned {
                after: entry.value.get("value"),
                unknown: change("after_unknown"),
                sensitive: entry.value.get("sensitive"),
            };
            let expression = self.configured_outputs().and_then(|all| all.at_path(&[name, "expression"]));
            let written = expression.map_or(Written::Open, |node| Written::By(vec![node]));
            let value = home.value(planned, &written, entry.key.span);
            let value = value.unwrap_or_else(|| Value::new(Data::Null, entry.value.span));
            Some(Attribute { name: SmolStr::new(name), name_span: entry.key.span, value })
        };
        Map::new(values.entries().iter().filter_map(output).collect()).entries().to_vec()
    }

    fn root_path(&self) -> Option<Path<'_, '_>> {
        self.module.and_then(|module| Path::to(module, ""))
    }

    fn configured_outputs(&self) -> Option<&Node> {
        self.plan.root_module()?.get("outputs")
    }

    /// Adds the declarations as resources, as reading the source does; module calls for the instances that hold `planned`.
    pub fn emit(&self, planned: &[Change], into: &mut Vec<Resource>) {
        let variables = self.module.and_then(|module| module.variables).map_or(&[][..], Node::entries);
        into.extend(variables.iter().filter_map(variable));
        let values = self.outputs();
        let outputs = self.configured_outputs().map_or(&[][..], Node::entries);
        into.extend(outputs.iter().filter_map(|entry| output(entry, &values)));
        self.emit_providers(into);
        self.emit_calls(planned, into);
    }

    fn emit_providers(&self, into: &mut Vec<Resource>) {
        let providers = self.plan.configuration.as_ref().and_then(|node| node.get("provider_config"));
        for entry in providers.map_or(&[][..], Node::entries) {
            let text = |name: &str| entry.value.get(name).and_then(Node::as_str);
            let Some(name) = text("name") else { continue };
            let path = self.root_path();
            let mut map = constants(entry.value.get("expressions"), entry.key.span, path.as_ref());
            let named = [
                ("name", "name"),
                ("alias", "alias"),
                ("version", "version_constraint"),
                ("source", "full_name"),
            ];
            let entries = named.into_iter().filter_map(|(own, member)| {
                let node = entry.value.get(member)?;
                let value = Value::from_node(node, node.span);
                Some(Attribute { name: SmolStr::new_static(own), name_span: node.span, value })
            });
            map = map.with_entries(map.entries().iter().cloned().chain(entries).collect());
            let dot = text("alias").map_or_else(SmolStr::default, |alias| format_smolstr!(".{alias}"));
            let module =
                text("module_address").map_or_else(SmolStr::default, |module| format_smolstr!("{module}."));
            let places = (entry.key.span.join(entry.value.span), entry.key.span);
            let address = format_smolstr!("{module}provider.{name}{dot}");
            into.push(resource("provider", address, places, map));
        }
    }

    /// One resource for each instance of a module call that holds something.
    fn emit_calls(&self, planned: &[Change], into: &mut Vec<Resource>) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for change in planned {
            let mut end = 0;
            let parts: Vec<(&str, &str)> = segments(&change.module).collect();
            for pair in parts.chunks(2) {
                let length: usize = pair.iter().map(|(name, key)| name.len() + key.len()).sum();
                end += length + usize::from(end > 0) + 1;
                let Some(address) = change.module.get(..end) else { continue };
                if seen.insert(address)
                    && let Some(call) = self.call(address)
                {
                    into.push(self.module_call(address, call));
                }
            }
        }
    }

    fn call(&self, address: &str) -> Option<&PlanCall<'_>> {
        let mut module = self.module?;
        let mut found = None;
        for (name, _) in segments(address).skip(1).step_by(2) {
            let call = module.calls.get(name)?;
            module = &call.module;
            found = Some(call);
        }
        found
    }

    fn module_call(&self, address: &str, call: &PlanCall<'_>) -> Resource {
        let span = call.node.span;
        let header = call.node.entry("source").map_or(span, |entry| entry.key.span.join(entry.value.span));
        let caller = address.rsplit_once("module.").map_or("", |(before, _)| before.trim_end_matches('.'));
        let path = self.module.and_then(|module| Path::to(module, caller));
        let map = constants(call.node.get("expressions"), header, path.as_ref());
        let named = [("source", "source"), ("version", "version_constraint")];
        let entries = named.into_iter().filter_map(|(own, member)| {
            let entry = call.node.entry(member)?;
            let value = Value::from_node(&entry.value, entry.key.span);
            Some(Attribute { name: SmolStr::new_static(own), name_span: entry.key.span, value })
        });
        let map =
            map.with_entries(map.entries().iter().cloned().chain(entries).collect()).with_header(header);
        resource("module", SmolStr::new(address), (span, header), map)
    }
}

/// A variable as it is declared.
fn variable(entry: &Entry) -> Option<Resource> {
    let name = entry.key.as_str()?;
    let is_sensitive = is_true(entry.value.get("sensitive"));
    let members = entry.value.entries().iter().map(|member| {
        let mut value = Value::from_node(&member.value, member.key.span);
        if is_sensitive && member.key.as_str() == Some("default") {
            value = Value { is_sensitive, ..Value::new(value.data, member.key.span) };
        }
        (member, value)
    });
    let mut builder = MapBuilder::default();
    members.for_each(|(member, value)| {
        builder.put(member.key.as_str().unwrap_or(""), member.key.span, value);
    });
    let unheld = Unknown::because("a plan does not hold the types of variables");
    builder.put("type", entry.key.span, Value::unknown(unheld, entry.key.span));
    Some(declaration("variable", format_smolstr!("var.{name}"), entry, builder))
}

/// An output as it is declared, with its value.
fn output(entry: &Entry, values: &[Attribute]) -> Option<Resource> {
    let name = entry.key.as_str()?;
    let mut builder = MapBuilder::default();
    for member in entry.value.entries().iter().filter(|member| member.key.as_str() != Some("expression")) {
        let value = Value::from_node(&member.value, member.key.span);
        builder.put(member.key.as_str().unwrap_or(""), member.key.span, value);
    }
    if let Some(output) = values.iter().find(|output| output.name == name) {
        builder.put("value", output.name_span, Value::clone(&output.value));
    }
    Some(declaration("output", format_smolstr!("output.{name}"), entry, builder))
}

/// The members of a block of expressions: constants as they are, the rest not known.
fn constants(block: Option<&Node>, header: Span, path: Option<&Path<'_, '_>>) -> Map {
    let entries = block.map_or(&[][..], Node::entries).iter().filter_map(|entry| {
        let value = constant(&entry.value, entry.key.span, path);
        Some(Attribute { name: SmolStr::new(entry.key.as_str()?), name_span: entry.key.span, value })
    });
    Map::new(entries.collect()).with_header(header)
}

fn constant(node: &Node, header: Span, path: Option<&Path<'_, '_>>) -> Value {
    if let Some(constant) = node.get("constant_value") {
        return Value::from_node(constant, header);
    }
    match &node.data {
        NodeData::Sequence(blocks) => {
            Value::list(blocks.iter().map(|block| constant(block, block.span, path)).collect(), node.span)
        }
        NodeData::Mapping(entries) if !entries.is_empty() && node.get("references").is_none() => {
            Value::map(constants(Some(node), header, path), node.span)
        }
        _ => {
            let references = path.map(|path| path.references(node, None)).unwrap_or_default();
            let known = Known { is_set: true, ..Known::default() };
            Value::unknown(Unknown { references, known, ..Unknown::because(NOT_EVALUATED) }, node.span)
        }
    }
}

fn is_true(node: Option<&Node>) -> bool {
    node.is_some_and(|node| node.data == NodeData::Bool(true))
}

fn declaration(kind: &'static str, address: SmolStr, entry: &Entry, builder: MapBuilder) -> Resource {
    let (span, header) = (entry.key.span.join(entry.value.span), entry.key.span);
    let map = builder.finish(span, header).as_map().cloned().unwrap_or_default();
    resource(kind, address, (span, header), map)
}

fn resource(kind: &'static str, address: SmolStr, (span, header): (Span, Span), map: Map) -> Resource {
    let kind = Kind(SmolStr::new_static(kind));
    let resource = Resource::new(Address(address), kind, span, Value::map(map, span));
    Resource { header, is_lenient: true, ..resource }
}
