//! Rules and their fixtures: does each rule say what its examples promise?
//!
//! The fixtures of a rule lie in `<folder>/<rule id>/pass`, `fail` and `unknown`, each a small repository of its own. A
//! comment `expect: fail` (or `unknown`) on a line promises a finding of that verdict that starts there; promises and
//! findings match one to one. Formats without comments use `expected.yaml` beside the files: a list of
//! `{ path, line, verdict }`. `expect: pass` and `expect: not-applicable` may be added where they make an example clearer.

mod marks;

use crate::Settings;
use crate::fix::propose_edits;
use crate::pipeline::scan;
use marks::{Mark, read_expected, read_marks};
use proofmark_findings::{ScanResult, Verdict};
use proofmark_rules::{Rule, RuleId, RuleSet};
use proofmark_source::{FileId, Impact, MemoryWorkspace, Workspace};
use rayon::prelude::*;
use std::fmt;
use std::sync::Arc;

/// The day that ages are counted against in fixtures, so that they do not fail by growing old.
pub const FIXTURE_DAY: &str = "2026-11-22";

/// The file that makes promises for formats without comments.
const EXPECTED_FILE: &str = "expected.yaml";

/// What an example is an example of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseKind {
    /// The requirement is met.
    Pass,
    /// It is not met.
    Fail,
    /// A value that no file contains decides.
    Unknown,
}

impl CaseKind {
    /// The name of the folder.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }
}

/// An example, tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The rule.
    pub rule: RuleId,
    /// What it is an example of.
    pub kind: CaseKind,
    /// Its folder.
    pub path: String,
    /// What is not as promised; nothing where the rule keeps its word.
    pub problems: Vec<RuleTestError>,
}

/// What is not as promised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleTestError {
    /// Every rule needs an example on both sides.
    #[error("there is no example: `{path}` holds no file")]
    Missing {
        /// The empty or missing folder.
        path: String,
    },
    /// The example promises nothing of its own kind.
    #[error("no line is marked `expect: {verdict}`")]
    NoPromise {
        /// What should be promised.
        verdict: &'static str,
    },
    /// An example of a pass in which nothing passes.
    #[error("nothing passes: the rule gave no verdict `pass`")]
    NothingPasses,
    /// A promise that the rule does not keep.
    #[error("{place}: promised `{verdict}`, but the rule says {said}")]
    Unkept {
        /// Where.
        place: Place,
        /// What was promised.
        verdict: &'static str,
        /// What the rule says about that line.
        said: String,
    },
    /// A finding that nobody promised.
    #[error("{place}: `{verdict}` was not promised: {message}")]
    Unpromised {
        /// Where.
        place: Place,
        /// What the rule says.
        verdict: &'static str,
        /// The verdict in words.
        message: String,
    },
    /// The edit of the rule mends no finding of the example.
    #[error(
        "`edit` mends none of the findings: it asks for what the text does not take, or it does not help"
    )]
    EditMendsNothing,
    /// The example itself cannot be read.
    #[error("{place}: {message}")]
    Unreadable {
        /// Where.
        place: Place,
        /// Why.
        message: String,
    },
    /// The rule cannot be tried at all.
    #[error("{0}")]
    Rule(String),
}

/// A line in a file of an example.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, relative to the example's folder; `.` for the example as a whole.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.path, self.line)
    }
}

/// Tries the examples of these rules, or of all rules where none are given, below `folder` of the `fixtures`. Retired
/// rules need none. In order of rule and kind.
#[must_use]
pub fn test_rules(
    rule_set: &Arc<RuleSet>,
    rules: &[RuleId],
    fixtures: &dyn Workspace,
    folder: &str,
) -> Vec<Case> {
    let wanted: Vec<&Rule> = rule_set
        .rules
        .iter()
        .filter(|rule| rule.retired.is_none() && (rules.is_empty() || rules.contains(&rule.id)))
        .collect();
    wanted.par_iter().with_max_len(1).flat_map(|rule| test_rule(rule_set, rule, fixtures, folder)).collect()
}

fn test_rule(rule_set: &Arc<RuleSet>, rule: &Rule, fixtures: &dyn Workspace, folder: &str) -> Vec<Case> {
    let kinds = [CaseKind::Pass, CaseKind::Fail, CaseKind::Unknown];
    let cases = kinds.into_iter().map(|kind| {
        let path = join(folder, &format!("{}/{}", rule.id, kind.folder()));
        let example = Example::load(fixtures, &path);
        let problems = match example {
            None if kind == CaseKind::Unknown => return None,
            None => vec![RuleTestError::Missing { path: path.to_owned() }],
            Some(example) => example.try_rule(rule_set, rule, kind),
        };
        Some(Case { rule: RuleId(rule.id.0.clone()), kind, path, problems })
    });
    cases.flatten().collect()
}

fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// The files of an example with the promises made in them.
struct Example {
    files: MemoryWorkspace,
    marks: Vec<Mark>,
    problems: Vec<RuleTestError>,
}

impl Example {
    fn load(fixtures: &dyn Workspace, folder: &str) -> Option<Self> {
        let mut files: Vec<(String, String)> = Vec::new();
        let (mut marks, mut problems) = (Vec::new(), Vec::new());
        for index in fixtures.files_below(folder) {
            let Ok(id) = u32::try_from(index) else { break };
            let path = fixtures.path(FileId(id)).get(folder.len() + 1..).unwrap_or("").to_owned();
            match fixtures.load(FileId(id)) {
                Ok(text) if path == EXPECTED_FILE => read_expected(text, &mut marks, &mut problems),
                Ok(text) => {
                    marks.extend(read_marks(&path, text));
                    files.push((path, text.to_owned()));
                }
                Err(error) => problems.push(RuleTestError::Unreadable {
                    place: Place { path, line: 1 },
                    message: error.to_string(),
                }),
            }
        }
        let is_empty = files.is_empty() && problems.is_empty();
        (!is_empty).then(|| Self { files: MemoryWorkspace::new(files), marks, problems })
    }

    fn try_rule(mut self, rule_set: &Arc<RuleSet>, rule: &Rule, kind: CaseKind) -> Vec<RuleTestError> {
        let mut settings = Settings::new(Arc::clone(rule_set), FIXTURE_DAY);
        settings.rules = vec![rule.id.0.clone()];
        let result = match scan(&self.files, &settings) {
            Ok(result) => result,
            Err(error) => return vec![RuleTestError::Rule(error.to_string())],
        };
        if kind == CaseKind::Fail && rule.edit.is_some() {
            let edits = propose_edits(&self.files, &settings, &result);
            if edits.is_ok_and(|edits| edits.is_empty()) {
                self.problems.push(RuleTestError::EditMendsNothing);
            }
        }
        let mut said = verdicts(&result, rule, &self.files);
        if kind == CaseKind::Pass && !said.iter().any(|said| said.verdict == Verdict::Pass) {
            self.problems.push(RuleTestError::NothingPasses);
        }
        self.check_kind(kind);
        self.compare(&mut said);
        if !self.problems.is_empty() {
            self.explain(&result);
        }
        self.problems
    }

    fn check_kind(&mut self, kind: CaseKind) {
        let wanted = match kind {
            CaseKind::Pass => return,
            CaseKind::Fail => Verdict::Fail,
            CaseKind::Unknown => Verdict::Unknown,
        };
        if !self.marks.iter().any(|mark| mark.verdict == wanted) {
            self.problems.push(RuleTestError::NoPromise { verdict: name(wanted) });
        }
    }

    /// Strikes out each promise together with one verdict that keeps it; what is left on either side is a problem.
    fn compare(&mut self, said: &mut Vec<Said>) {
        for mark in &self.marks {
            let kept = said.iter().position(|said| said.verdict == mark.verdict && said.place == mark.place);
            if let Some(index) = kept {
                said.remove(index);
                continue;
            }
            let there: Vec<&str> =
                said.iter().filter(|said| said.place == mark.place).map(|said| name(said.verdict)).collect();
            let words = if there.is_empty() { "nothing there".to_owned() } else { there.join(", ") };
            let (place, verdict) = (mark.place.clone(), name(mark.verdict));
            self.problems.push(RuleTestError::Unkept { place, verdict, said: words });
        }
        for said in said.drain(..) {
            if matches!(said.verdict, Verdict::Fail | Verdict::Unknown) {
                let verdict = name(said.verdict);
                self.problems.push(RuleTestError::Unpromised {
                    place: said.place,
                    verdict,
                    message: said.message,
                });
            }
        }
    }

    /// Adds what could not be read of the example, which is often why the rule says something else.
    fn explain(&mut self, result: &ScanResult) {
        for diagnostic in result.diagnostics.iter().filter(|diagnostic| diagnostic.impact != Impact::None) {
            let place = place_of(&self.files, diagnostic.span.file, diagnostic.span.start);
            self.problems.push(RuleTestError::Unreadable { place, message: diagnostic.message.to_owned() });
        }
    }
}

/// A verdict of the rule under test.
struct Said {
    place: Place,
    verdict: Verdict,
    message: String,
}

/// What the rule says with the values that its own file gives to its parameters, once per finding.
fn verdicts(result: &ScanResult, rule: &Rule, files: &dyn Workspace) -> Vec<Said> {
    let is_default = |number: usize| {
        result.instances.get(number).is_some_and(|instance| {
            let is_rule = result.rule_set.rules.get(instance.rule).is_some_and(|known| known.id == rule.id);
            let mut params = rule.params.iter();
            is_rule && params.all(|(name, param)| instance.params.get(name) == Some(&param.default))
        })
    };
    let evaluations = result.evaluations.iter().filter(|evaluation| is_default(evaluation.instance));
    evaluations
        .map(|evaluation| Said {
            place: place_of(files, evaluation.span.file, evaluation.span.start),
            verdict: evaluation.verdict,
            message: evaluation.message.to_owned(),
        })
        .collect()
}

fn place_of(files: &dyn Workspace, file: FileId, offset: u32) -> Place {
    match files.path(file) {
        "" => Place { path: ".".to_owned(), line: 1 },
        path => Place { path: path.to_owned(), line: files.line_index(file).line_number(offset) },
    }
}

/// The verdict as marks and reports spell it.
pub(crate) fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Unknown => "unknown",
        Verdict::NotApplicable => "not-applicable",
    }
}

#[cfg(test)]
mod tests;
