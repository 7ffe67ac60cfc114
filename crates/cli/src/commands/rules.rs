//! `proofmark rules list` and `rules test`.

use super::Status;
use crate::args::RulesArguments;
use crate::failure::Failure;
use crate::output::print;
use crate::session::{load_rules_from, open_folder, rule_named, rules_of};
use crate::words::{count, severity_name};
use proofmark_scan::{Case, RuleId, builtin_rules, test_rules};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Prints one line for each rule: severity, id, title.
///
/// # Errors
/// When the rules cannot be loaded.
pub fn list(prefix: Option<&str>, arguments: &RulesArguments) -> Result<Status, Failure> {
    let rule_set = rules_of(arguments)?;
    let prefix = prefix.unwrap_or("");
    let listed: Vec<_> = rule_set.rules.iter().filter(|rule| rule.id.0.starts_with(prefix)).collect();
    if listed.is_empty() {
        return Err(Failure::new(format!("no rule's id begins with `{prefix}`")));
    }
    let width = listed.iter().map(|rule| rule.id.0.len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in listed {
        let mark = match rule.stage {
            proofmark_scan::Stage::Stable => "",
            proofmark_scan::Stage::Preview => " (preview)",
            proofmark_scan::Stage::Retired => " (retired)",
        };
        let severity = severity_name(rule.severity);
        let _ = writeln!(text, "{severity:<8}  {:<width$}  {}{mark}", rule.id.0, rule.title);
    }
    print(&text).map(|()| Status::Clean)
}

/// Tries rules on their examples.
///
/// The folder holds the rules. Their examples lie in `../fixtures/rules/<id>` beside it, or in `fixtures/<id>` inside it.
///
/// # Errors
/// When rules or examples cannot be loaded.
pub fn test(folder: &Path, names: &[String]) -> Result<Status, Failure> {
    let rule_set = load_rules_from(folder, builtin_rules())?;
    let own = open_folder(folder)?;
    let named: Result<Vec<RuleId>, Failure> =
        names.iter().map(|name| rule_named(&rule_set, name).map(|rule| RuleId(rule.id.0.clone()))).collect();
    let mut rules = named?;
    if rules.is_empty() {
        let is_here = |id: &RuleId| proofmark_scan::Workspace::find(&own, &format!("{id}.yaml")).is_some();
        rules = rule_set.rules.iter().map(|rule| RuleId(rule.id.0.clone())).filter(is_here).collect();
    }
    if rules.is_empty() {
        return Err(Failure::new(format!("`{}` holds no rule", folder.display())));
    }
    let fixtures = fixtures_of(folder)?;
    let cases = test_rules(&rule_set, &rules, &open_folder(&fixtures)?, "");
    print(&describe(&cases, rules.len()))?;
    let is_clean = cases.iter().all(|case| case.problems.is_empty());
    Ok(if is_clean { Status::Clean } else { Status::Findings })
}

fn fixtures_of(folder: &Path) -> Result<PathBuf, Failure> {
    let beside = folder.join("../fixtures/rules");
    let inside = folder.join("fixtures");
    match (beside.is_dir(), inside.is_dir()) {
        (true, _) => Ok(beside),
        (false, true) => Ok(inside),
        (false, false) => Err(Failure::new(format!("`{}` has no examples", folder.display()))
            .with_help(format!("put them into `{}/<rule>/pass` and `fail`", beside.display()))),
    }
}

/// Every example that breaks its promise, then the count.
fn describe(cases: &[Case], rules: usize) -> String {
    let mut text = String::new();
    let mut broken = 0;
    for case in cases.iter().filter(|case| !case.problems.is_empty()) {
        broken += 1;
        let _ = writeln!(text, "{} ({})", case.rule, case.kind.folder());
        for problem in &case.problems {
            let _ = writeln!(text, "  {problem}");
        }
    }
    let (rules, examples) = (count(rules, "rule"), count(cases.len(), "example"));
    let _ = writeln!(text, "{rules}, {examples}, {broken} not as promised");
    text
}
