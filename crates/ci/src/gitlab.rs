//! GitLab pipelines.
//!
//! Follows GitLab's "CI/CD YAML syntax reference": `extends` merges maps and replaces lists, `default` fills what a job
//! does not set, hidden jobs (`.name`) are templates only.

mod job;
mod merge;

use crate::context::FileContext;
use crate::places::entry_header;
use job::job_value;
use proofmark_model::{Address, Kind, MapBuilder, Resource, SmolStr, Value};
use proofmark_source::Span;
use proofmark_syntax::{Document, Entry, Node, NodeData};

/// Entries at the top that are no jobs.
const KEYWORDS: [&str; 11] = [
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "spec",
];

/// The pipeline in a document and its jobs.
pub fn read_pipeline(context: &FileContext<'_>, document: &Document) -> Vec<Resource> {
    let root = &document.root;
    let entries: Vec<&Entry> = root.entries().iter().filter(|entry| is_job(entry)).collect();
    let jobs: Vec<Value> = entries.iter().map(|entry| job_value(context, root, entry)).collect();
    // A pipeline has no name of its own: the first line of its file stands for it.
    let first_line = context.lines.line_range(1, context.text).unwrap_or(0..0);
    let header = Span::new(context.file, first_line.start, first_line.end);
    let whole = context.whole();
    let pipeline = Resource {
        address: Address("pipeline".into()),
        kind: Kind("gitlab_pipeline".into()),
        span: whole,
        header,
        attributes: pipeline_value(context, root, &jobs, header),
        pod: None,
        calls: Vec::new(),
        conditions: Vec::new(),
        elsewhere: None,
        parts: Vec::new(),
        comments: context.comments_of(whole),
        is_lenient: false,
    };
    let jobs = entries.into_iter().zip(jobs).map(|(entry, job)| {
        let span = entry.key.span.join(entry.value.span);
        let name = entry.key.as_str().unwrap_or("");
        Resource {
            address: Address(SmolStr::new(format!("pipeline/job.{name}"))),
            kind: Kind("gitlab_job".into()),
            span,
            header: entry.key.span,
            attributes: job,
            pod: None,
            calls: Vec::new(),
            conditions: Vec::new(),
            elsewhere: None,
            parts: Vec::new(),
            comments: context.comments_of(span),
            is_lenient: false,
        }
    });
    std::iter::once(pipeline).chain(jobs).collect()
}

/// Whether an entry at the top is a job that runs.
fn is_job(entry: &Entry) -> bool {
    let name = entry.key.as_str().unwrap_or(".");
    !name.starts_with('.') && !KEYWORDS.contains(&name) && matches!(entry.value.data, NodeData::Mapping(_))
}

fn pipeline_value(context: &FileContext<'_>, root: &Node, jobs: &[Value], header: Span) -> Value {
    let whole = context.whole();
    let mut fields = MapBuilder::default();
    for entry in root.entries() {
        let Some(name) = entry.key.as_str().filter(|name| KEYWORDS.contains(name)) else { continue };
        let value = match name {
            "include" => include_value(context, &entry.value),
            _ => context.raw_value(&entry.value, entry_header(entry)),
        };
        fields.put(name, entry.key.span, value);
    }
    fields.set("jobs", Value::list(jobs.to_vec(), whole));
    fields.finish(whole, header)
}

/// What is included, as a list of maps: a bare text is a local file or an address.
fn include_value(context: &FileContext<'_>, node: &Node) -> Value {
    let elements = match &node.data {
        NodeData::Sequence(elements) => elements.iter().collect(),
        _ => vec![node],
    };
    let read = |element: &Node| match element.as_str() {
        Some(text) => {
            let mut fields = MapBuilder::default();
            let kind =
                if text.starts_with("https://") || text.starts_with("http://") { "remote" } else { "local" };
            fields.set_text(kind, text, element.span);
            fields.finish(element.span, element.span)
        }
        None => context.raw_value(element, crate::places::element_header(element)),
    };
    Value::list(elements.into_iter().map(read).collect(), node.span)
}
