//! References between descriptors.

use crate::facts::Facts;
use crate::record::Record;
use proofmark_model::{Attribute, Data, Resource, SmolStr, Value};
use std::collections::BTreeSet;

const KIND: &str = "descriptor_file";

/// A file of descriptors that refer to resources: its `path`, and its `references` as `kind.name.attribute`.
pub(super) fn describe(record: &Record<'_>, found: &[Resource]) -> Option<Resource> {
    let mut references = Vec::new();
    for resource in found {
        collect(&resource.attributes, &mut references);
    }
    references.sort_by_key(|reference| reference.origin.span);
    if references.is_empty() {
        return None;
    }
    let mut facts = Facts::new(record.header());
    facts.text("path", record.path);
    facts.list("references", references);
    Some(record.resource(KIND, facts.finish(record.header())))
}

fn collect(value: &Value, into: &mut Vec<Value>) {
    match &value.data {
        Data::Unknown(unknown) => into.extend(unknown.references.iter().map(|reference| {
            let text = smol_str::format_smolstr!("{}.{}", reference.address.0, reference.attribute);
            Value::string(text, value.origin.span)
        })),
        Data::List(elements) => elements.iter().for_each(|element| collect(element, into)),
        Data::Map(map) => map.entries().iter().for_each(|entry| collect(&entry.value, into)),
        _ => {}
    }
}

/// Adds to each such file the references that lead nowhere, as `undeclared`. A resource of a kind that no descriptor of
/// the folder describes may be described elsewhere.
pub(crate) fn find_undeclared(resources: &mut [Resource]) {
    let addresses: BTreeSet<SmolStr> =
        resources.iter().map(|resource| SmolStr::clone(&resource.address.0)).collect();
    let kinds: BTreeSet<SmolStr> =
        resources.iter().map(|resource| SmolStr::clone(&resource.kind.0)).collect();
    let leads_nowhere = |reference: &&Value| {
        let text = reference.as_str().unwrap_or("");
        let address = text.rsplit_once('.').map_or(text, |(address, _)| address);
        let kind = address.split('.').next().unwrap_or(address);
        kinds.contains(kind) && !addresses.contains(address)
    };
    for file in resources.iter_mut().filter(|resource| resource.kind.0 == KIND) {
        let Data::Map(map) = &file.attributes.data else { continue };
        let references = map.value("references").and_then(Value::as_list).unwrap_or(&[]);
        let undeclared: Vec<Value> = references.iter().filter(leads_nowhere).cloned().collect();
        let value = Value::list(undeclared, file.header);
        let added = Attribute { name: SmolStr::new_static("undeclared"), name_span: file.header, value };
        let entries = map.entries().iter().cloned().chain([added]).collect();
        file.attributes = file.attributes.with_data(Data::Map(map.with_entries(entries).into()));
    }
}
