//! Waivers meet failures.

use crate::control::needs_alternative;
use crate::date::is_date;
use crate::{Evaluation, Target, Verdict, Waiver, WaiverSource, WaiverState};
use proofmark_rules::{Instance, RuleSet};
use proofmark_source::{Code, Diagnostic, Impact, Span, Workspace};
use std::collections::HashMap;

/// A waiver names a rule that does not exist.
pub const WAIVER_UNKNOWN_RULE: Code = Code("waiver-unknown-rule");
/// A waiver covers no failure.
pub const WAIVER_UNUSED: Code = Code("waiver-unused");
/// A waiver is over.
pub const WAIVER_EXPIRED: Code = Code("waiver-expired");
/// A waiver on an addressable specification does not say what protects instead.
pub const WAIVER_WITHOUT_ALTERNATIVE: Code = Code("waiver-without-alternative");

/// What applying waivers needs to know.
#[derive(Clone, Copy)]
pub struct WaiverContext<'a> {
    /// The files.
    pub workspace: &'a dyn Workspace,
    /// The rules.
    pub rule_set: &'a RuleSet,
    /// What was evaluated.
    pub instances: &'a [Instance],
    /// The day of the scan, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// Whether the whole repository was scanned. Where only some files were, a waiver in the configuration that covers
    /// nothing may well be needed.
    pub is_whole: bool,
}

/// Waivers with what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppliedWaivers {
    /// Those that concern our rules: of the configuration in their order, then inline ones by place.
    pub waivers: Vec<Waiver>,
    /// What is to be said about inline ones. Those of the configuration have no place in a scanned file; reports list
    /// them with their state.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is wrong with a waiver of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WaiverError {
    /// No rule has that id or alias.
    #[error("the waiver names the unknown rule `{0}`")]
    UnknownRule(String),
    /// Waivers need a reason.
    #[error("the waiver of `{0}` gives no reason")]
    NoReason(String),
    /// A date that is none.
    #[error("`{0}` is not a day such as `2027-01-31`")]
    BadDate(String),
    /// A path pattern that cannot be read.
    #[error("`{pattern}` is not a path pattern: {problem}")]
    BadPattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Checks a waiver that the configuration gives, before it is applied.
///
/// # Errors
/// Says what is wrong; such a waiver covers nothing.
pub fn check_waiver(waiver: &Waiver, rule_set: &RuleSet) -> Result<(), WaiverError> {
    if waiver.rule != "*" && !RuleNames::new(rule_set).contains(&waiver.rule) {
        return Err(WaiverError::UnknownRule(waiver.rule.to_string()));
    }
    if waiver.reason.trim().is_empty() {
        return Err(WaiverError::NoReason(waiver.rule.to_string()));
    }
    if let Some(day) = waiver.expires.iter().chain(&waiver.approved).find(|day| !is_date(day)) {
        return Err(WaiverError::BadDate(day.to_string()));
    }
    if let Target::Path(pattern) = &waiver.target {
        path_pattern(pattern).map_err(|error| WaiverError::BadPattern {
            pattern: pattern.to_string(),
            problem: error.kind().to_string(),
        })?;
    }
    Ok(())
}

/// Connects failures with the waivers that accept them, and says what became of each waiver.
///
/// An expired waiver covers nothing. Of several that cover a failure the first counts; all of them are used.
#[must_use]
pub fn apply_waivers(
    context: &WaiverContext<'_>,
    evaluations: &mut [Evaluation],
    waivers: Vec<Waiver>,
) -> AppliedWaivers {
    let names = RuleNames::new(context.rule_set);
    let (mut waivers, mut diagnostics) = keep_ours(&names, waivers);
    let matchers: Vec<Matcher> = waivers.iter().map(|waiver| Matcher::new(waiver, &names, context)).collect();
    let mut by_rule: Vec<Vec<usize>> = vec![Vec::new(); context.rule_set.rules.len()];
    for (index, matcher) in matchers.iter().enumerate() {
        for &rule in &matcher.rules {
            if let Some(list) = by_rule.get_mut(rule) {
                list.push(index);
            }
        }
    }
    let mut touched: Vec<Touched> = vec![Touched::default(); waivers.len()];
    for evaluation in evaluations {
        let Some(instance) = context.instances.get(evaluation.instance) else { continue };
        let path = context.workspace.path(evaluation.span.file);
        let candidates = by_rule.get(instance.rule).map_or(&[][..], Vec::as_slice);
        for &index in candidates {
            let (Some(matcher), Some(touched)) = (matchers.get(index), touched.get_mut(index)) else {
                continue;
            };
            touched.is_evaluated = true;
            if !matcher.covers(evaluation, path) {
                continue;
            }
            match evaluation.verdict {
                Verdict::Fail => touched.covers_failure = true,
                Verdict::Unknown => touched.covers_unknown = true,
                Verdict::Pass | Verdict::NotApplicable => continue,
            }
            if evaluation.verdict == Verdict::Fail && !matcher.is_expired && evaluation.waiver.is_none() {
                evaluation.waiver = Some(index);
                let lacks_alternative = matcher.lacks_alternative
                    && needs_alternative(&context.rule_set.frameworks, &instance.controls);
                touched.lacks_alternative_at =
                    touched.lacks_alternative_at.or(lacks_alternative.then_some(evaluation.span));
            }
        }
    }
    for ((waiver, matcher), touched) in waivers.iter_mut().zip(&matchers).zip(&touched) {
        waiver.state = touched.state(matcher, waiver, context.is_whole);
        diagnostics.extend(describe(waiver, touched));
    }
    diagnostics.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    AppliedWaivers { waivers, diagnostics }
}

/// What a waiver met.
#[derive(Clone, Copy, Debug, Default)]
struct Touched {
    is_evaluated: bool,
    covers_failure: bool,
    covers_unknown: bool,
    lacks_alternative_at: Option<Span>,
}

impl Touched {
    fn state(&self, matcher: &Matcher, waiver: &Waiver, is_whole: bool) -> WaiverState {
        let may_lie_elsewhere = waiver.source == WaiverSource::Configuration && !is_whole;
        if matcher.is_expired {
            WaiverState::Expired
        } else if self.covers_failure {
            WaiverState::Used
        } else if self.covers_unknown || !matcher.is_planned || may_lie_elsewhere {
            WaiverState::Idle
        } else {
            WaiverState::Unused
        }
    }
}

fn describe(waiver: &Waiver, touched: &Touched) -> Option<Diagnostic> {
    let rule = &waiver.rule;
    if let Some(failure) = touched.lacks_alternative_at {
        let span = source_span(&waiver.source).unwrap_or(failure);
        let message =
            format!("the waiver of `{rule}` touches an addressable specification, but names no alternative");
        let help = "say what protects instead: `alternative:` in the configuration, `instead:` in a comment";
        let code = WAIVER_WITHOUT_ALTERNATIVE;
        return Some(Diagnostic::new(code, Impact::None, span, message).with_help(help));
    }
    let span = source_span(&waiver.source)?;
    match waiver.state {
        WaiverState::Expired => {
            let day = waiver.expires.as_deref().unwrap_or("");
            let message = format!("the waiver of `{rule}` expired after {day}");
            let help = "repair what it accepts, or have it approved anew";
            Some(Diagnostic::new(WAIVER_EXPIRED, Impact::None, span, message).with_help(help))
        }
        WaiverState::Unused => {
            let message = format!("the waiver of `{rule}` covers no failure");
            Some(Diagnostic::new(WAIVER_UNUSED, Impact::None, span, message).with_help("remove it"))
        }
        WaiverState::Used | WaiverState::Idle => None,
    }
}

fn source_span(source: &WaiverSource) -> Option<Span> {
    match source {
        WaiverSource::Configuration => None,
        WaiverSource::Inline(span) | WaiverSource::Foreign(_, span) => Some(*span),
    }
}

/// Drops other tools' waivers of what we have no rule for, and all but the narrowest of those that one comment gave to
/// several resources around it. Ours that name no rule are told.
fn keep_ours(names: &RuleNames<'_>, waivers: Vec<Waiver>) -> (Vec<Waiver>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut kept: Vec<Waiver> = Vec::with_capacity(waivers.len());
    for waiver in waivers {
        if waiver.rule == "*" || names.contains(&waiver.rule) {
            kept.push(waiver);
        } else if let WaiverSource::Inline(span) = waiver.source {
            let message = format!("the waiver names the unknown rule `{}`", waiver.rule);
            diagnostics.push(Diagnostic::new(WAIVER_UNKNOWN_RULE, Impact::None, span, message));
        }
    }
    let key = |waiver: &Waiver| (source_span(&waiver.source), width(&waiver.target));
    // The sort is stable: those of the configuration, which have no place, keep their order in front.
    kept.sort_by(|a, b| match (key(a), key(b)) {
        ((None, _), (None, _)) => std::cmp::Ordering::Equal,
        (a_key, b_key) => (a_key.0, &a.rule, a_key.1).cmp(&(b_key.0, &b.rule, b_key.1)),
    });
    kept.dedup_by(|later, first| {
        source_span(&later.source).is_some() && later.source == first.source && later.rule == first.rule
    });
    diagnostics.dedup();
    (kept, diagnostics)
}

fn width(target: &Target) -> u32 {
    match target {
        Target::Span(span) => span.end - span.start,
        Target::Address(_) | Target::Path(_) => 0,
    }
}

/// The rules by every name that people use for them.
struct RuleNames<'r> {
    rules: HashMap<String, Vec<usize>>,
    rule_set: &'r RuleSet,
}

impl<'r> RuleNames<'r> {
    fn new(rule_set: &'r RuleSet) -> Self {
        let mut rules: HashMap<String, Vec<usize>> = HashMap::new();
        let mut add = |name: &str, index: usize| {
            let list = rules.entry(fold(name)).or_default();
            if list.last() != Some(&index) {
                list.push(index);
            }
        };
        for (index, rule) in rule_set.rules.iter().enumerate() {
            add(&rule.id.0, index);
            for alias in &rule.aliases {
                add(&alias.id, index);
                // `zizmor/unpinned-uses` is `unpinned-uses` in zizmor's own comments.
                if let Some((_, name)) = alias.id.split_once('/') {
                    add(name, index);
                }
            }
        }
        Self { rules, rule_set }
    }

    fn contains(&self, name: &str) -> bool {
        self.rules.contains_key(&fold(name))
    }

    fn resolve(&self, name: &str) -> Vec<usize> {
        if name == "*" {
            return (0..self.rule_set.rules.len()).collect();
        }
        self.rules.get(&fold(name)).map_or_else(Vec::new, |rules| rules.to_vec())
    }
}

/// Names compare without case; Trivy writes `AVD-AWS-0086` and `AWS-0086` for the same.
fn fold(name: &str) -> String {
    let lower = name.trim().to_ascii_lowercase();
    lower.strip_prefix("avd-").map(str::to_owned).unwrap_or(lower)
}

/// A waiver, ready to be compared.
struct Matcher {
    rules: Vec<usize>,
    target: MatchTarget,
    comment: Option<Span>,
    is_expired: bool,
    is_planned: bool,
    lacks_alternative: bool,
}

enum MatchTarget {
    Address(String),
    Path(globset::GlobSet),
    Span(Span),
}

impl Matcher {
    fn new(waiver: &Waiver, names: &RuleNames<'_>, context: &WaiverContext<'_>) -> Self {
        let rules = names.resolve(&waiver.rule);
        let target = match &waiver.target {
            Target::Address(pattern) => MatchTarget::Address(pattern.to_string()),
            Target::Path(pattern) => MatchTarget::Path(path_pattern(pattern).unwrap_or_default()),
            Target::Span(span) => MatchTarget::Span(*span),
        };
        let is_planned = context.instances.iter().any(|instance| rules.contains(&instance.rule));
        Self {
            rules,
            target,
            comment: source_span(&waiver.source),
            is_expired: waiver.expires.as_deref().is_some_and(|day| day < context.as_of),
            is_planned,
            lacks_alternative: waiver.alternative.is_none(),
        }
    }

    fn covers(&self, evaluation: &Evaluation, path: &str) -> bool {
        match &self.target {
            MatchTarget::Address(pattern) => matches_wildcards(pattern, &evaluation.subject.address.0),
            MatchTarget::Path(patterns) => patterns.is_match(path),
            MatchTarget::Span(span) => {
                let starts_inside = evaluation.span.file == span.file
                    && (span.start..span.end).contains(&evaluation.span.start);
                // A value over several lines may hold the comment.
                let holds_comment = evaluation.span != evaluation.subject.span
                    && self.comment.is_some_and(|comment| evaluation.span.contains(comment));
                starts_inside || holds_comment || span.contains(evaluation.subject.span)
            }
        }
    }
}

/// The pattern, and everything below the folder that it may name.
fn path_pattern(pattern: &str) -> Result<globset::GlobSet, globset::Error> {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    let below = format!("{pattern}/**");
    let glob = |text: &str| globset::GlobBuilder::new(text).literal_separator(true).build();
    globset::GlobSetBuilder::new().add(glob(pattern)?).add(glob(&below)?).build()
}

/// Whether `*` in the pattern can be filled so that it becomes the text.
fn matches_wildcards(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        // Of all places the leftmost leaves the most to the rest.
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    true
}

#[cfg(test)]
mod tests;
