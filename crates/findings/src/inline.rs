//! Waivers in comments.
//!
//! Our own form is one line:
//!
//! ```text
//! proofmark:ignore=RULE[,RULE…] [until YYYY-MM-DD] [by NAME]: REASON[; instead: ALTERNATIVE]
//! ```
//!
//! `RULE` is an id or an alias. The clauses may come in any order; without them the colon may be left out. The reason is
//! mandatory. Comments of other tools count too, by the ids that our rules bear as aliases.
//!
//! What a comment covers follows from its place. Above a resource or on its first line: all of it. At the end of another
//! line, or on a line of its own inside the resource: the statement on that or the next line, with the block it opens.

mod directive;
mod place;

use crate::{Target, Waiver, WaiverSource, WaiverState};
use directive::{Directive, Reach, parse_directives};
use proofmark_model::{Comment, Resource, SmolStr, Value};
use proofmark_source::{Code, Diagnostic, Impact, Span, Workspace};

/// A waiver cannot be understood, and covers nothing.
pub const WAIVER_INVALID: Code = Code("waiver-invalid");

/// What the comments of resources say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InlineWaivers {
    /// Waivers, not yet applied.
    pub waivers: Vec<Waiver>,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the waivers in the comments of a resource, and in the annotations that Checkov reads on manifests.
#[must_use]
pub fn read_inline_waivers(workspace: &dyn Workspace, resource: &Resource) -> InlineWaivers {
    let mut found = InlineWaivers::default();
    for comment in &resource.comments {
        for directive in parse_directives(&comment.text) {
            match directive {
                Ok(directive) => {
                    let covered = covered(workspace, resource, comment, directive.reach);
                    found.waivers.extend(waivers(&directive, comment.span, covered));
                }
                Err(problem) => {
                    let diagnostic =
                        Diagnostic::new(WAIVER_INVALID, Impact::None, comment.span, problem.to_string());
                    found.diagnostics.push(diagnostic.with_help(OWN_FORM));
                }
            }
        }
    }
    add_annotations(&mut found, resource);
    found
}

const OWN_FORM: &str = "write `proofmark:ignore=RULE until YYYY-MM-DD by NAME: reason`";

fn covered(workspace: &dyn Workspace, resource: &Resource, comment: &Comment, reach: Reach) -> Span {
    let text = workspace.load(comment.span.file).unwrap_or("");
    match reach {
        Reach::Resource => resource.span,
        Reach::Place => place::covered(text, comment.span, resource.span, resource.header),
    }
}

/// One waiver for each rule that a directive names.
fn waivers(directive: &Directive<'_>, comment: Span, covered: Span) -> impl Iterator<Item = Waiver> {
    directive.rules.iter().map(move |rule| Waiver {
        rule: SmolStr::new(rule),
        target: Target::Span(covered),
        reason: directive.reason.to_owned(),
        alternative: directive.alternative.map(str::to_owned),
        approver: directive.approver.map(str::to_owned),
        approved: None,
        expires: directive.expires.map(SmolStr::new),
        source: match directive.tool {
            Some(tool) => WaiverSource::Foreign(tool, comment),
            None => WaiverSource::Inline(comment),
        },
        state: WaiverState::Unused,
    })
}

/// `checkov.io/skip1: CKV_K8S_20=reason` among a manifest's annotations.
fn add_annotations(found: &mut InlineWaivers, resource: &Resource) {
    let annotations = resource.attributes.at_path(&["metadata", "annotations"]);
    let entries = annotations.and_then(Value::as_map).map_or(&[][..], |map| map.entries());
    for entry in entries.iter().filter(|entry| entry.name.starts_with("checkov.io/skip")) {
        let Some(text) = entry.value.as_str() else { continue };
        let (rule, reason) = text.split_once('=').unwrap_or((text, ""));
        found.waivers.push(Waiver {
            rule: SmolStr::new(rule.trim()),
            target: Target::Span(resource.span),
            reason: reason.trim().to_owned(),
            alternative: None,
            approver: None,
            approved: None,
            expires: None,
            source: WaiverSource::Foreign("checkov", entry.value.origin.span),
            state: WaiverState::Unused,
        });
    }
}

#[cfg(test)]
mod tests;
