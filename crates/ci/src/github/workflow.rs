//! Workflow files.

use super::job::{Surroundings, job_value};
use super::permissions::permissions_value;
use super::step::TEXTS;
use super::triggers::triggers_value;
use super::uses::ResolveLocal;
use crate::context::FileContext;
use crate::expression::{Expressions, Scope};
use crate::places::entry_header;
use proofmark_model::{Address, Kind, MapBuilder, Resource, SmolStr, Value};
use proofmark_source::Span;
use proofmark_syntax::{Document, Node};

/// The workflow in a document and its jobs, with `stem` as the name of its file without the extension.
pub fn read_workflow(
    context: &FileContext<'_>,
    document: &Document,
    stem: &str,
    resolve: &ResolveLocal<'_>,
) -> Vec<Resource> {
    let root = &document.root;
    let header = workflow_header(root);
    let attributes = workflow_fields(context, root, header);
    let around = Surroundings {
        workflow: attributes,
        environment: root.get("env"),
        permissions: root.entry("permissions").map(|entry| permissions_value(context, entry)),
        resolve,
    };
    let jobs_node = root.get("jobs");
    let entries = jobs_node.map(Node::entries).unwrap_or_default();
    let jobs: Vec<Value> = entries.iter().map(|entry| job_value(context, entry, &around)).collect();
    let mut all = MapBuilder::of(&around.workflow);
    let jobs_span = jobs_node.map_or(header, |node| node.span);
    all.put("jobs", jobs_span, Value::list(jobs.iter().map(Value::clone).collect(), jobs_span));
    let workflow = Resource {
        address: Address(SmolStr::new(format!("workflow.{stem}"))),
        kind: Kind("github_workflow".into()),
        span: root.span,
        header,
        attributes: all.finish(root.span, header),
        pod: None,
        calls: Vec::new(),
        conditions: Vec::new(),
        elsewhere: None,
        parts: Vec::new(),
        comments: context.comments_of(context.whole()),
        is_lenient: false,
    };
    let jobs = entries.iter().zip(&jobs).map(|(entry, job)| {
        let id = entry.key.as_str().unwrap_or("");
        let span = entry.key.span.join(entry.value.span);
        let mut fields = MapBuilder::of(job);
        fields.put("workflow", entry.key.span, Value::clone(&around.workflow));
        Resource {
            address: Address(SmolStr::new(format!("workflow.{stem}/job.{id}"))),
            kind: Kind("github_job".into()),
            span,
            header: entry.key.span,
            attributes: fields.finish(span, entry.key.span),
            pod: None,
            calls: Vec::new(),
            conditions: Vec::new(),
            elsewhere: None,
            parts: Vec::new(),
            comments: context.comments_of(span),
            is_lenient: false,
        }
    });
    std::iter::once(workflow).chain(jobs).collect()
}

/// Where a finding about something that a workflow lacks points: its first entry, which names it as a rule.
fn workflow_header(root: &Node) -> Span {
    root.entries().first().map_or(root.span, entry_header)
}

/// The workflow's attributes without its jobs.
fn workflow_fields(context: &FileContext<'_>, root: &Node, header: Span) -> Value {
    let mut fields = MapBuilder::default();
    let scope = Scope::default();
    let mut expressions = Expressions::new(context.text, &scope);
    for entry in root.entries() {
        let Some(name) = entry.key.as_str() else { continue };
        let value = match name {
            "jobs" => continue,
            "on" => triggers_value(context, &entry.value, entry_header(entry)),
            name if TEXTS.contains(&name) => context.raw_value(&entry.value, entry_header(entry)),
            _ => context.value(&entry.value, entry_header(entry), &TEXTS),
        };
        if name == "permissions" {
            fields.put("own_permissions", entry.key.span, permissions_value(context, entry));
        }
        expressions.add_part(name, &entry.value);
        fields.put(name, entry.key.span, value);
    }
    fields.set("workflow_expressions", Value::list(expressions.finish(), root.span));
    fields.finish(root.span, header)
}
