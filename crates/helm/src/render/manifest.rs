//! Rendered texts, cut into manifests.

use super::{Output, Problem, RENDER, order};
use proofmark_gotemplate::{Text, TextBuilder, Trace};
use proofmark_source::FileId;
use proofmark_syntax::{Node, Parsed, YamlDialect, parse_yaml};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::ops::Range;

/// A manifest that a template wrote.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The template, by the name that Helm gives it.
    pub template: SmolStr,
    /// The file of the template, where it is one of its own.
    pub file: Option<FileId>,
    /// Its text; every byte of it knows where it came from.
    pub text: Text,
    /// Where the text as a whole came from.
    pub trace: Trace,
    /// Its `kind`.
    pub kind: SmolStr,
    /// When it runs, where it is a hook: `pre-install`, `test`.
    pub hooks: Vec<SmolStr>,
    /// The tree of its text; spans are places in it.
    pub parsed: Parsed,
}

impl Manifest {
    /// Whether it runs beside the release instead of being part of it.
    #[must_use]
    pub fn is_hook(&self) -> bool {
        !self.hooks.is_empty()
    }
}

/// The manifests of all outputs, in Helm's order.
pub(super) fn split_all(outputs: BTreeMap<SmolStr, Output>) -> (Vec<Manifest>, Vec<Problem>) {
    let mut manifests = Vec::new();
    let mut problems = Vec::new();
    for (template, Output { file, text, trace }) in outputs {
        for range in parts(text.as_str()) {
            let mut builder = TextBuilder::default();
            builder.push_part(&text, range, &trace);
            let (part, part_trace) = builder.finish();
            match read((&template, file), part, part_trace) {
                Ok(Some(manifest)) => manifests.push(manifest),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
    }
    order::for_installation(&mut manifests);
    (manifests, problems)
}

/// The texts between lines that begin with `---`, without space around them.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            parts.push(start..at);
            start = at + line.len() - line.trim_start_matches('-').trim_start().len();
        }
        at += line.len();
    }
    parts.push(start..text.len());
    let trimmed = |range: Range<usize>| {
        let part = text.get(range.clone()).unwrap_or("");
        let start = range.start + (part.len() - part.trim_start().len());
        start..start.max(range.start + part.trim_end().len())
    };
    parts.into_iter().map(trimmed).filter(|range| !range.is_empty()).collect()
}

fn read(
    (template, file): (&SmolStr, Option<FileId>),
    text: Text,
    trace: Trace,
) -> Result<Option<Manifest>, Problem> {
    // The text stands in no file: the spans of its tree are places in it.
    let parsed = parse_yaml(FileId(0), text.as_str(), YamlDialect::Kubernetes);
    let problem =
        parsed.diagnostics.iter().find(|diagnostic| diagnostic.impact != proofmark_source::Impact::None);
    if let Some(problem) = problem {
        let at = problem.span.start as usize;
        let place = text.stretch_at(at, &trace).map(|(_, trace, _)| Trace::clone(trace));
        let line = text.as_str().get(..at).unwrap_or("").matches('\n').count() + 1;
        let message = format!(
            "YAML parse error on {template}: error converting YAML to JSON: yaml: line {line}: {}",
            problem.message
        );
        return Err(Problem {
            template: SmolStr::clone(template),
            message,
            place: place.unwrap_or_default(),
            code: RENDER,
            file,
        });
    }
    let Some(document) = parsed.documents.first() else { return Ok(None) };
    let kind = document.root.get("kind").and_then(Node::as_str).map(SmolStr::new).unwrap_or_default();
    if document.root.entries().is_empty() {
        return Ok(None);
    }
    let hooks = document.root.at_path(&["metadata", "annotations", "helm.sh/hook"]).and_then(Node::as_str);
    let hooks = hooks
        .map(|hooks| hooks.split(',').map(|hook| SmolStr::new(hook.trim())).collect())
        .unwrap_or_default();
    Ok(Some(Manifest { template: SmolStr::clone(template), file, text, trace, kind, hooks, parsed }))
}
