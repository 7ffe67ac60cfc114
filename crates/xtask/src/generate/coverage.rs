//! `rules/COVERAGE.md`: every control, with the rules that reach it. Gaps stay visible.

use proofmark_scan::{Control, Framework, Reach, Rule, RuleSet, Stage};
use std::fmt::Write;

const INTRODUCTION: &str = "# Controls and the rules that reach them

Every control of every framework, also those that no rule reaches. *Files show* says how far the files of a repository can
show the control at all; what they cannot show needs other evidence, and a control that no file shows can be attested by a
record in the repository.

This page is generated: `cargo xtask generate`.
";

/// The page.
pub(super) fn render(rules: &RuleSet) -> String {
    let mut page = INTRODUCTION.to_owned();
    for framework in &rules.frameworks {
        render_framework(&mut page, framework, rules);
    }
    page
}

fn render_framework(page: &mut String, framework: &Framework, rules: &RuleSet) {
    let reached = framework.controls.iter().filter(|control| count(control, rules) > 0).count();
    let showable = framework.controls.iter().filter(|control| control.reach != Reach::None).count();
    let _ = write!(
        page,
        "\n## {}\n\n{}. {} controls; files can show {showable} of them, rules reach {reached}.\n\n",
        framework.title,
        framework.edition,
        framework.controls.len(),
    );
    page.push_str("| control | asks for | files show | rules |\n|---|---|---|---|\n");
    for control in &framework.controls {
        let reach = match control.reach {
            Reach::Full => "all of it",
            Reach::Partial => "a part",
            Reach::None => "nothing",
        };
        let rules = match (count(control, rules), control.reach) {
            (0, Reach::None) => "–".to_owned(),
            (0, _) => "**none yet**".to_owned(),
            (count, _) => count.to_string(),
        };
        let title = control.title.replace('|', "\\|");
        let _ = writeln!(page, "| {} | {title} | {reach} | {rules} |", control.id.number());
    }
}

fn count(control: &Control, rules: &RuleSet) -> usize {
    let reaches = |rule: &&Rule| rule.stage != Stage::Retired && rule.controls.contains(&control.id);
    rules.rules.iter().filter(reaches).count()
}
