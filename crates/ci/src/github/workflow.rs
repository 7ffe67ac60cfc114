//! Workflow files.

use super::home::Home;
use super::job::{Surroundings, is_called_only, is_short, job_value, long_form};
use super::permissions::permissions_value;
use super::repository::SourceFile;
use super::step::TEXTS;
use super::triggers::{triggers_list, triggers_value};
use crate::context::FileContext;
use crate::expression::{Expressions, Scope};
use crate::places::{entry_header, place};
use proofmark_model::{Address, Kind, MapBuilder, Resource, SmolStr, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node};

/// The workflow in a file and its jobs.
pub fn read_workflow(home: &Home<'_>, source: &SourceFile<'_>, root: &Node) -> Vec<Resource> {
    let context = &source.context;
    let header = workflow_header(root);
    let attributes = workflow_fields(home, source, root, header);
    let around = Surroundings::of(home, source, root);
    let jobs_node = root.get("jobs");
    let entries = jobs_node.map(Node::entries).unwrap_or_default();
    let jobs: Vec<Value> = entries.iter().map(|entry| job_value(context, entry, &around)).collect();
    let mut all = MapBuilder::of(&attributes);
    let jobs_span = jobs_node.map_or(header, |node| node.span);
    all.put("jobs", jobs_span, Value::list(jobs.iter().map(Value::clone).collect(), jobs_span));
    let kind = Kind("github_workflow".into());
    let workflow = Resource {
        comments: context.comments_of(context.whole()),
        ..Resource::new(source.address.clone(), kind, root.span, all.finish(root.span, header))
    };
    let jobs = entries.iter().zip(&jobs).map(|(entry, job)| {
        let id = entry.key.as_str().unwrap_or("");
        let span = entry.key.span.join(place(&entry.value));
        let mut fields = MapBuilder::of(job);
        fields.put("workflow", entry.key.span, Value::clone(&attributes));
        let address = Address(SmolStr::new(format!("{}/job.{id}", source.address)));
        let attributes = fields.finish(span, entry.key.span);
        let resource = Resource::new(address, Kind("github_job".into()), span, attributes);
        Resource { comments: context.comments_of(span), ..resource }
    });
    std::iter::once(workflow).chain(jobs).collect()
}

/// Where a finding about something that a workflow lacks points: its first entry, which names it as a rule.
fn workflow_header(root: &Node) -> Span {
    root.entries().first().map_or(root.span, entry_header)
}

/// The workflow's attributes without its jobs.
fn workflow_fields(home: &Home<'_>, source: &SourceFile<'_>, root: &Node, header: Span) -> Value {
    let context = &source.context;
    let mut fields = MapBuilder::default();
    let scope = Scope { inputs: Some(home.inputs()), ..Scope::default() };
    let mut expressions = Expressions::new(context.text, &scope);
    for entry in root.entries() {
        let Some(name) = entry.key.as_str().filter(|name| *name != "jobs") else { continue };
        put_entry(context, (name, entry), &scope, &mut fields);
        expressions.add_part(name, &entry.value);
    }
    fields.set("workflow_expressions", Value::list(expressions.finish(), root.span));
    fields.set_text("path", source.path, header);
    fields.set_bool("is_called_only", is_called_only(root), header);
    fields.set("called_by", callers(home, header));
    fields.finish(root.span, header)
}

fn put_entry(
    context: &FileContext<'_>,
    (name, entry): (&str, &Entry),
    scope: &Scope<'_>,
    fields: &mut MapBuilder,
) {
    let header = entry_header(entry);
    let value = match name {
        "on" => triggers_value(context, &entry.value, header),
        "concurrency" if is_short(&entry.value) => long_form(context, entry, "group", scope),
        name if TEXTS.contains(&name) => context.raw_value(&entry.value, header),
        _ => context.value_in(&entry.value, header, &TEXTS, scope),
    };
    if name == "permissions" {
        fields.put("own_permissions", entry.key.span, permissions_value(context, entry, "workflow"));
    }
    if name == "on" {
        fields.put("triggers", entry.key.span, triggers_list(context, &entry.value));
    }
    fields.put(name, entry.key.span, value);
}

/// The jobs and actions of the repository that call a file, each once.
pub fn callers(home: &Home<'_>, span: Span) -> Value {
    let mut addresses: Vec<&Address> =
        home.repository.calls.of(home.file).map(|(_, call)| &call.caller).collect();
    addresses.sort();
    addresses.dedup();
    let texts = addresses.into_iter().map(|address| Value::string(SmolStr::clone(&address.0), span));
    Value::list(texts.collect(), span)
}
