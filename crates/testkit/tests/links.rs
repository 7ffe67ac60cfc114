//! Which resources name which, in every shape that Terraform has for it: `fixtures/links`.

use proofmark_scan::{RuleId, load_own_rules, test_rules};
use std::sync::Arc;

#[test]
fn links_are_found_in_every_shape() {
    let rules = Arc::new(load_own_rules(&testkit::open("fixtures/links/rules"), &testkit::rules()).unwrap());
    let examples = testkit::open("fixtures/links/examples");
    let own = ["links/linked", "links/target"].map(|id| RuleId(id.into()));
    let cases = test_rules(&rules, &own, &examples, "");
    assert_eq!(cases.len(), 6);
    let problems = cases.iter().flat_map(|case| case.problems.iter().map(move |problem| (case, problem)));
    let told: Vec<String> = problems.map(|(case, problem)| format!("{}: {problem}", case.path)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}
