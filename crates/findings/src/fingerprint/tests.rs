use super::*;
use crate::testing::{Scene, evaluation};

fn parts<'a>(rule: &'a RuleId, params: &'a Params, address: &'a Address) -> FingerprintParts<'a> {
    FingerprintParts { rule, params, address, element: None, path: "main.tf", number: 1 }
}

#[test]
fn every_part_counts_and_nothing_runs_together() {
    let (rule, other) = (RuleId("a/b".into()), RuleId("a/bm".into()));
    let (params, address) = (Params::new(), Address("x.y".into()));
    let base = parts(&rule, &params, &address);
    let mut prints = vec![
        fingerprint(&base),
        fingerprint(&FingerprintParts { rule: &other, ..base }),
        fingerprint(&FingerprintParts { element: Some(""), ..base }),
        fingerprint(&FingerprintParts { element: Some("web"), ..base }),
        fingerprint(&FingerprintParts { path: "other.tf", ..base }),
        fingerprint(&FingerprintParts { number: 2, ..base }),
        fingerprint(&FingerprintParts {
            params: &Params::from([("min".into(), ParamValue::Integer(1))]),
            ..base
        }),
        fingerprint(&FingerprintParts {
            params: &Params::from([("min".into(), ParamValue::String("1".into()))]),
            ..base
        }),
    ];
    assert!(prints.iter().all(|print| print.len() == 64));
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), 8);
}

#[test]
fn lines_and_environments_do_not_count_but_repetition_does() {
    let scene = Scene::new();
    let mut first = evaluation(0);
    first.environments = vec!["dev".into()];
    let mut elsewhere = evaluation(5);
    elsewhere.environments = vec!["prod".into()];
    let mut again = evaluation(9);
    again.environments = vec!["prod".into()];
    let mut evaluations = vec![first, elsewhere, again];
    assign_fingerprints(&mut evaluations, &scene.instances, &scene.rule_set, &scene.workspace);
    assert_eq!(evaluations[0].fingerprint, evaluations[1].fingerprint);
    assert_ne!(evaluations[1].fingerprint, evaluations[2].fingerprint);
}
