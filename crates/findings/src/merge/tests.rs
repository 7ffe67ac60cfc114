use super::*;
use crate::Verdict;
use crate::testing::evaluation;

fn in_environment(name: &str, verdict: Verdict) -> Evaluation {
    let mut made = evaluation(3);
    made.verdict = verdict;
    made.environments = vec![name.into()];
    made
}

#[test]
fn equal_verdicts_become_one_with_all_names() {
    let merged = merge_environments(vec![
        in_environment("prod", Verdict::Fail),
        in_environment("dev", Verdict::Pass),
        in_environment("staging", Verdict::Fail),
    ]);
    let names: Vec<_> = merged.iter().map(|e| (e.verdict, e.environments.join(" "))).collect();
    assert_eq!(names, [(Verdict::Fail, "prod staging".to_owned()), (Verdict::Pass, "dev".to_owned())]);
}

#[test]
fn equal_verdicts_of_one_environment_stay_apart() {
    assert_eq!(merge_environments(vec![evaluation(3), evaluation(3)]).len(), 2);
    let twice = vec![in_environment("prod", Verdict::Fail), in_environment("prod", Verdict::Fail)];
    assert_eq!(merge_environments(twice).len(), 2);
}
