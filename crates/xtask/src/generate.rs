//! Files that are derived from others.

mod catalog;
mod codes;
mod counts;
mod coverage;

use proofmark_scan::{builtin_rules, configuration_schema, report, rule_schema};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A derived file: its path from the root, and what it should hold.
type Derived = (&'static str, String);

/// Writes every derived file. What it returns are problems.
///
/// The command's reference and the report in the front page are made by tests of the command itself, since only they
/// have it at hand.
pub(crate) fn write(root: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, text) in derived(root) {
        if let Err(error) = fs::write(root.join(path), text) {
            problems.push(format!("{path}: {error}"));
        }
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tests = ["test", "--quiet", "--package", "proofmark-cli", "--test", "documents"];
    match Command::new(cargo).args(tests).current_dir(root).env("UPDATE_EXPECT", "1").status() {
        Ok(status) if status.success() => {}
        _ => problems.push("the documents of the command could not be written".to_owned()),
    }
    problems
}

/// Says which derived files differ from what they should be.
pub(crate) fn check(root: &Path) -> Vec<String> {
    let stale = derived(root)
        .into_iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).map_or(true, |current| current != *text));
    let stale = stale.map(|(path, _)| format!("{path}: out of date, run `cargo xtask generate`"));
    stale.chain(codes::check(root)).collect()
}

fn derived(root: &Path) -> Vec<Derived> {
    let rules = builtin_rules();
    vec![
        ("schemas/rule.schema.json", pretty(&rule_schema())),
        ("schemas/scan-result.schema.json", pretty(&report::scan_result_schema())),
        ("schemas/configuration.schema.json", pretty(&configuration_schema())),
        ("rules/CATALOG.md", catalog::render(&rules)),
        ("rules/COVERAGE.md", coverage::render(&rules)),
        ("crates/cli/DIAGNOSTICS.md", codes::render()),
        (
            "README.md",
            with_block(
                &fs::read_to_string(root.join("README.md")).unwrap_or_default(),
                &counts::render(&rules),
            ),
        ),
    ]
}

fn pretty(schema: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}

/// `text` with what stands between `<!-- generated: counts -->` and `<!-- end -->` replaced.
fn with_block(text: &str, block: &str) -> String {
    const START: &str = "<!-- generated: counts -->\n";
    const END: &str = "<!-- end -->";
    let Some((before, rest)) = text.split_once(START) else { return text.to_owned() };
    let Some((_, after)) = rest.split_once(END) else { return text.to_owned() };
    format!("{before}{START}{block}{END}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_files_are_current() {
        let problems = check(&crate::root());
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}
