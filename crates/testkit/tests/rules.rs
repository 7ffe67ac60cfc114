//! Each rule with its examples, as a test of its own: `cargo test --package testkit --test rules aws/`.

use libtest_mimic::{Arguments, Failed, Trial};
use proofmark_scan::{DiskWorkspace, RuleId, Stage, test_rules};
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let fixtures = Arc::new(testkit::open("fixtures/rules"));
    let rules = testkit::rules();
    let tried = rules.rules.iter().filter(|rule| rule.stage != Stage::Retired);
    let trials = tried.map(|rule| {
        let (id, fixtures) = (rule.id.clone(), Arc::clone(&fixtures));
        Trial::test(rule.id.to_string(), move || try_rule(&id, &fixtures))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn try_rule(id: &RuleId, fixtures: &DiskWorkspace) -> Result<(), Failed> {
    let cases = test_rules(&testkit::rules(), std::slice::from_ref(id), fixtures, "");
    let problems = cases.iter().flat_map(|case| case.problems.iter().map(move |problem| (case, problem)));
    let told: Vec<String> = problems.map(|(case, problem)| format!("{}: {problem}", case.path)).collect();
    if told.is_empty() { Ok(()) } else { Err(told.join("\n").into()) }
}
