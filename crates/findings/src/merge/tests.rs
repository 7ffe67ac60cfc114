use super::*;
use crate::Verdict;
use crate::testing::evaluation;

fn in_environment(name: &str, verdict: Verdict) -> Evaluation {
    let mut made = evaluation(3);
    made.verdict = verdict;
    made.environments = vec![name.into()];
    made
}

/// Merges what a unit of three environments came to.
fn merge(evaluations: Vec<Evaluation>) -> Vec<Evaluation> {
    merge_environments(evaluations, &[], &[3])
}

#[test]
fn equal_verdicts_become_one_with_all_names() {
    let merged = merge(vec![
        in_environment("prod", Verdict::Fail),
        in_environment("dev", Verdict::Pass),
        in_environment("staging", Verdict::Fail),
    ]);
    let names: Vec<_> = merged.iter().map(|e| (e.verdict, e.environments.join(" "))).collect();
    assert_eq!(names, [(Verdict::Fail, "prod staging".to_owned()), (Verdict::Pass, "dev".to_owned())]);
}

#[test]
fn equal_verdicts_of_one_environment_stay_apart() {
    assert_eq!(merge(vec![evaluation(3), evaluation(3)]).len(), 2);
    let twice = vec![in_environment("prod", Verdict::Fail), in_environment("prod", Verdict::Fail)];
    assert_eq!(merge(twice).len(), 2);
}

#[test]
fn each_says_how_its_environments_stand_to_the_others() {
    let mut elsewhere = in_environment("staging", Verdict::Fail);
    elsewhere.message = "fails for another value".to_owned();
    let fails = |name| in_environment(name, Verdict::Fail);
    let told = |evaluations| -> Vec<String> {
        merge(evaluations).iter().map(|e| e.where_it_holds().unwrap_or_default()).collect()
    };
    assert_eq!(told(vec![fails("dev"), fails("prod"), fails("staging")]), [""]);
    assert_eq!(told(vec![fails("dev"), fails("prod")]), ["only in dev, prod"]);
    assert_eq!(
        told(vec![fails("dev"), in_environment("prod", Verdict::Pass)]),
        ["only in dev", "only in prod"]
    );
    let everywhere = told(vec![fails("dev"), fails("prod"), elsewhere]);
    assert_eq!(everywhere, ["in dev, prod", "in staging"]);
}
