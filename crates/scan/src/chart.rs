//! What a Helm chart is rendered to, as Helm itself prints it.

use crate::Rendered;
use proofmark_helm::{
    Capabilities, Manifest, Place, Release, SetKind, Trace, apply_set, lay_values, load_chart, render,
    render_text,
};
use proofmark_model::SmolStr;
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};
use std::fmt::Write as _;

const SET: Code = Code("helm-set");

/// How a chart is rendered.
#[derive(Clone, Debug, Default)]
pub struct ChartOptions {
    /// The name of the release; `release-name` unless given.
    pub name: Option<SmolStr>,
    /// Its namespace; `default` unless given.
    pub namespace: Option<SmolStr>,
    /// The version of Kubernetes, with or without a `v`.
    pub kube_version: Option<SmolStr>,
    /// API versions that the cluster has beside the usual ones.
    pub api_versions: Vec<SmolStr>,
    /// Values files, each overriding those before.
    pub values_files: Vec<FileId>,
    /// Single values, which override those of files, in order.
    pub assignments: Vec<(SetKind, String)>,
    /// Whether each line tells where it came from.
    pub is_traced: bool,
}

/// Renders the chart in `folder` (relative to the root); `None` where there is none.
pub fn render_chart(workspace: &dyn Workspace, folder: &str, options: &ChartOptions) -> Option<Rendered> {
    let mut diagnostics = Vec::new();
    let chart = load_chart(workspace, folder, &mut Vec::new(), &mut diagnostics)?;
    let given = lay_values(workspace, &options.values_files, &mut diagnostics);
    let place = Span::file_start(chart.file);
    for (kind, text) in &options.assignments {
        if let Err(problem) = apply_set(&given, text, *kind) {
            let message = format!("`{text}` cannot be set: {}", problem.message);
            diagnostics.push(Diagnostic::new(SET, Impact::Partial, place, message));
        }
    }
    let release = release(options);
    let again = || load_chart(workspace, folder, &mut Vec::new(), &mut Vec::new());
    let rendered = match options.is_traced {
        true => render(&chart, &given, &release),
        false => render_text(chart, again, &given, &release),
    };
    for problem in rendered.problems {
        let span = problem.span().unwrap_or(place);
        diagnostics.push(Diagnostic::new(problem.code, problem.impact(), span, problem.message));
    }
    let mut text = String::new();
    for manifest in &rendered.manifests {
        let body =
            if options.is_traced { traced(workspace, manifest) } else { manifest.text.as_str().to_owned() };
        // Writing to a text cannot fail.
        let _ = writeln!(text, "---\n# Source: {}\n{body}", manifest.template);
    }
    Some(Rendered { text, diagnostics })
}

fn release(options: &ChartOptions) -> Release {
    let standard = Release::default();
    let versioned = |version: &SmolStr| SmolStr::new(format!("v{}", version.trim_start_matches('v')));
    Release {
        name: options.name.clone().unwrap_or(standard.name),
        namespace: options.namespace.clone().unwrap_or(standard.namespace),
        is_namespace_assumed: false,
        capabilities: Capabilities {
            kube_version: options.kube_version.as_ref().map_or(standard.capabilities.kube_version, versioned),
            api_versions: options.api_versions.clone(),
        },
    }
}

/// The places of a trace that stand in files, outermost first.
fn written(trace: &Trace) -> impl Iterator<Item = Span> {
    trace.places().filter_map(Place::span)
}

/// The lines of a manifest behind where each came from: the line of the template, and of the value that it shows.
fn traced(workspace: &dyn Workspace, manifest: &Manifest) -> String {
    let text = manifest.text.as_str();
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        lines.push((origin(workspace, manifest, start..end), line.trim_end_matches('\n')));
        start = end;
    }
    let width = lines.iter().map(|(origin, _)| origin.chars().count()).max().unwrap_or(0);
    let row = |(origin, line): &(String, &str)| format!("{origin:width$} | {line}");
    lines.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// Where a line came from: of its last stretch that a value supplied, else of its first that is not space alone.
fn origin(workspace: &dyn Workspace, manifest: &Manifest, line: std::ops::Range<usize>) -> String {
    let text = manifest.text.as_str();
    let in_line = |range: &std::ops::Range<usize>| {
        let part = text.get(range.start.max(line.start)..range.end.min(line.end)).unwrap_or("");
        !part.trim().is_empty()
    };
    let stretches: Vec<(Span, Option<Span>)> = manifest
        .text
        .stretches_in(std::ops::Range::clone(&line), &manifest.trace)
        .filter(|(range, ..)| in_line(range))
        .filter_map(|(range, trace, skip)| ends(trace, skip + line.start.saturating_sub(range.start)))
        .collect();
    let supplied = stretches.iter().rev().find(|(_, value)| value.is_some());
    let Some((first, value)) = supplied.or(stretches.first()) else { return String::new() };
    let place = |span: Span| {
        format!("{}:{}", workspace.path(span.file), workspace.line_index(span.file).line_number(span.start))
    };
    match value {
        Some(value) => format!("{} <- {}", place(*first), place(*value)),
        None => place(*first),
    }
}

/// The place in the template, and that of the value which it shows.
fn ends(trace: &Trace, skip: usize) -> Option<(Span, Option<Span>)> {
    let mut places = written(trace);
    let first = places.next()?;
    let last = places.last();
    let is_text = matches!(trace.places().next(), Some(Place::Text(_)));
    let offset = if is_text { u32::try_from(skip).unwrap_or(0) } else { 0 };
    let start = first.start.saturating_add(offset).min(first.end);
    Some((Span { start, ..first }, last))
}
