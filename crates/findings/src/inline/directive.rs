//! The words of a comment.

use crate::date::is_date;

/// What a comment asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive<'t> {
    /// The tool whose form it is; `None` for our own.
    pub tool: Option<&'static str>,
    /// Rules by id or alias; `*` for all.
    pub rules: Vec<&'t str>,
    /// Why; may be empty in other tools' forms.
    pub reason: &'t str,
    /// What protects instead.
    pub alternative: Option<&'t str>,
    /// Who accepted it.
    pub approver: Option<&'t str>,
    /// The last day on which it holds.
    pub expires: Option<&'t str>,
    /// What it covers.
    pub reach: Reach,
}

/// What a directive covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The resource that holds the comment, wherever it stands.
    Resource,
    /// What its place says.
    Place,
}

/// What is wrong with a directive of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectiveError {
    /// No rule.
    #[error("the waiver names no rule")]
    NoRule,
    /// No reason.
    #[error("the waiver gives no reason")]
    NoReason,
    /// A day that the calendar does not have.
    #[error("the waiver's `until` is not followed by a day such as `2027-01-31`")]
    BadDate,
}

/// The directives in a comment's text, ours and other tools'.
pub fn parse_directives(text: &str) -> Vec<Result<Directive<'_>, DirectiveError>> {
    text.lines().flat_map(parse_line).collect()
}

fn parse_line(line: &str) -> Vec<Result<Directive<'_>, DirectiveError>> {
    if let Some((_, rest)) = line.split_once("proofmark:ignore") {
        return vec![parse_own(rest)];
    }
    let mut found = parse_checkov(line);
    found.extend(parse_trivy(line, "trivy", "trivy:ignore:"));
    found.extend(parse_trivy(line, "tfsec", "tfsec:ignore:"));
    found.extend(parse_zizmor(line));
    found.extend(parse_kics(line));
    found.into_iter().map(Ok).collect()
}

/// `=RULES clauses: reason`, behind the keyword.
fn parse_own(rest: &str) -> Result<Directive<'_>, DirectiveError> {
    let rest = rest.strip_prefix('=').ok_or(DirectiveError::NoRule)?;
    let rules_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (rules, rest) = rest.split_at(rules_end);
    let (rules, has_colon) = match rules.strip_suffix(':') {
        Some(rules) => (rules, true),
        None => (rules, false),
    };
    let rules = names(rules);
    if rules.is_empty() {
        return Err(DirectiveError::NoRule);
    }
    let clauses = if has_colon { Clauses::reason_only(rest) } else { parse_clauses(rest)? };
    let (reason, alternative) = split_alternative(clauses.reason);
    if reason.is_empty() {
        return Err(DirectiveError::NoReason);
    }
    Ok(Directive {
        tool: None,
        rules,
        reason,
        alternative,
        approver: clauses.approver,
        expires: clauses.expires,
        reach: Reach::Place,
    })
}

#[derive(Clone, Copy, Debug, Default)]
struct Clauses<'t> {
    approver: Option<&'t str>,
    expires: Option<&'t str>,
    reason: &'t str,
}

impl<'t> Clauses<'t> {
    fn reason_only(text: &'t str) -> Self {
        Self { reason: text.trim(), ..Self::default() }
    }
}

/// `until` is a clause wherever it stands first; `by NAME` only in front of a colon, so that a reason may begin with
/// "by design".
fn parse_clauses(text: &str) -> Result<Clauses<'_>, DirectiveError> {
    let mut clauses = Clauses::default();
    let mut rest = text.trim_start();
    loop {
        let (word, after) = next_word(rest);
        let (value, after_value) = next_word(after);
        let (value, ends) = match value.strip_suffix(':') {
            Some(value) => (value, true),
            None => (value, false),
        };
        match word {
            "until" if is_date(value) => clauses.expires = Some(value),
            "until" => return Err(DirectiveError::BadDate),
            "by" if ends || is_clause_before_colon(after_value) => clauses.approver = Some(value),
            _ => break,
        }
        rest = after_value;
        if ends {
            break;
        }
    }
    let rest = rest.trim_start();
    clauses.reason = rest.strip_prefix(':').or_else(|| rest.strip_prefix("--")).unwrap_or(rest).trim();
    Ok(clauses)
}

/// Whether what follows is `until DATE`, or the colon itself.
fn is_clause_before_colon(text: &str) -> bool {
    let (word, after) = next_word(text);
    word == ":" || (word == "until" && is_date(next_word(after).0.trim_end_matches(':')))
}

fn next_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// The reason, and what protects instead where it says so.
fn split_alternative(text: &str) -> (&str, Option<&str>) {
    match text.split_once("instead:") {
        Some((reason, alternative)) => {
            let alternative = alternative.trim();
            (
                reason.trim().trim_end_matches([';', ',', '.']).trim_end(),
                Some(alternative).filter(|a| !a.is_empty()),
            )
        }
        None => (text.trim(), None),
    }
}

fn names(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
}

fn foreign<'t>(tool: &'static str, rules: Vec<&'t str>, reason: &'t str) -> Directive<'t> {
    let (reason, alternative) = split_alternative(reason);
    Directive {
        tool: Some(tool),
        rules,
        reason,
        alternative,
        approver: None,
        expires: None,
        reach: Reach::Place,
    }
}

/// `checkov:skip=ID[,ID]:reason` (Checkov's documentation, "Suppressing and Skipping Policies"); it covers the resource
/// that holds it. `bridgecrew:skip=` is the older name.
fn parse_checkov(line: &str) -> Vec<Directive<'_>> {
    let rest = ["checkov:skip=", "bridgecrew:skip="].iter().find_map(|mark| line.split_once(mark));
    let Some((_, rest)) = rest else { return Vec::new() };
    let rest = rest.trim_start();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ',');
    let (rules, reason) = rest.split_at(rest.find(|c| !is_name(c)).unwrap_or(rest.len()));
    let mut directive = foreign("checkov", names(rules), reason.trim_start_matches(':').trim());
    directive.reach = Reach::Resource;
    Vec::from_iter(Some(directive).filter(|directive| !directive.rules.is_empty()))
}

/// `trivy:ignore:ID[:exp:YYYY-MM-DD][:ws:NAME]`, several on a line (Trivy's documentation, "Filtering", inline comments);
/// tfsec's form is the same. A directive for one workspace says nothing about the others, and is left out.
fn parse_trivy<'t>(line: &'t str, tool: &'static str, mark: &str) -> Vec<Directive<'t>> {
    let mut found = Vec::new();
    for part in line.split(mark).skip(1) {
        let end = part.find(|c: char| c.is_whitespace() || matches!(c, '[' | '#')).unwrap_or(part.len());
        let (words, rest) = part.split_at(end);
        let mut fields = words.split(':');
        let Some(rule) = fields.next().filter(|rule| !rule.is_empty()) else { continue };
        // `[attribute=value]` narrows to instances that we cannot tell apart here.
        let mut is_narrowed = rest.starts_with('[');
        let mut directive = foreign(tool, vec![rule], "");
        while let Some(field) = fields.next() {
            match field {
                "exp" => directive.expires = fields.next().filter(|day| is_date(day)),
                "ws" => is_narrowed = true,
                _ => {}
            }
        }
        if !is_narrowed {
            found.push(directive);
        }
    }
    found
}

/// `zizmor: ignore[rule,rule] reason` (zizmor's documentation, "Ignoring results", with comments).
fn parse_zizmor(line: &str) -> Option<Directive<'_>> {
    let (_, rest) = line.split_once("zizmor:")?;
    let rest = rest.trim_start().strip_prefix("ignore[")?;
    let (rules, reason) = rest.split_once(']')?;
    Some(foreign("zizmor", names(rules), reason.trim()))
}

/// `kics-scan ignore-line` and `kics-scan ignore-block` (the documentation of KICS, "Running KICS", comment commands):
/// every rule, for what stands on the next line.
fn parse_kics(line: &str) -> Option<Directive<'_>> {
    let (_, rest) = line.split_once("kics-scan")?;
    let (word, reason) = next_word(rest);
    matches!(word, "ignore-line" | "ignore-block").then(|| foreign("kics", vec!["*"], reason.trim()))
}
