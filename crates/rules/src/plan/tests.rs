//! Selections in, instances out.

use crate::{Instance, Pack, PackId, ParamValue, Params, PlanError, RuleId, RuleSet, Selection, load_rule};
use proofmark_source::FileId;
use std::collections::BTreeMap;

/// Rules of three stages, and three packs of which one asks for more.
fn rule_set() -> RuleSet {
    let rule = |id: &str, lines: &str| {
        let text = format!(
            "title: T\nseverity: low\nresource: r\nwhy: W.\nfix: F.\nsources: [\"https://example.org\"]\n{lines}\n"
        );
        load_rule(RuleId(id.into()), FileId(0), &text).unwrap_or_else(|errors| panic!("{errors:?}"))
    };
    let backups = "require: self.d >= params.min_days\nparams: { min_days: { default: 30 } }\ncontrols: [soc2/A1.2, gdpr/32, hipaa/7]\n\
        aliases: [{ id: CKV_1, params: { min_days: 1 } }, { id: AVD_1, params: { min_days: 30 } }, seed/S]";
    let pack = |id: &str, controls: &[&str], params: BTreeMap<RuleId, Params>| Pack {
        id: PackId(id.into()),
        title: "T".into(),
        controls: controls.iter().map(|control| (*control).into()).collect(),
        params,
    };
    let days = |days: i64| Params::from([("min_days".into(), ParamValue::Integer(days))]);
    let strict = BTreeMap::from([(RuleId("a/backups".into()), days(90))]);
    RuleSet {
        rules: vec![
            rule("a/backups", backups),
            rule("a/old", "require: self.a\ncontrols: [soc2/A1.2]\nretired: It moved."),
            rule("a/preview", "require: self.a\ncontrols: [soc2/CC1]\nstage: preview"),
            rule("a/simple", "require: self.a\ncontrols: [soc2/CC1, gdpr/5]\naliases: [CKV_2, seed/S]"),
        ],
        frameworks: Vec::new(),
        packs: vec![
            pack("gdpr", &["gdpr"], strict),
            pack("hipaa", &["hipaa"], BTreeMap::new()),
            pack("narrow", &["soc2/CC1"], BTreeMap::new()),
            pack("soc2", &["soc2"], BTreeMap::new()),
        ],
        framework_params: BTreeMap::from([(
            "hipaa".into(),
            BTreeMap::from([(RuleId("a/backups".into()), days(60))]),
        )]),
        digest: String::new(),
    }
}

/// Each instance as `rule {params} aliases -> controls`.
fn plan(packs: &[&str], rules: &[&str]) -> Vec<String> {
    let selection = Selection {
        packs: packs.iter().map(|pack| (*pack).into()).collect(),
        rules: rules.iter().map(|rule| (*rule).into()).collect(),
        params: BTreeMap::new(),
    };
    show(&rule_set().plan(&selection).unwrap())
}

fn show(instances: &[Instance]) -> Vec<String> {
    let set = rule_set();
    instances
        .iter()
        .map(|instance| {
            let params: Vec<String> =
                instance.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let controls: Vec<&str> = instance.controls.iter().map(|control| control.0.as_str()).collect();
            let id = &set.rules[instance.rule].id;
            format!("{id} {{{}}} {} -> {}", params.join(","), instance.aliases.join(" "), controls.join(" "))
        })
        .collect()
}

#[test]
fn a_pack_turns_on_the_rules_of_its_controls() {
    assert_eq!(
        plan(&["soc2"], &[]),
        ["a/backups {min_days=30} AVD_1 seed/S -> soc2/A1.2", "a/simple {} CKV_2 seed/S -> soc2/CC1"]
    );
    assert_eq!(plan(&["narrow"], &[]), ["a/simple {} CKV_2 seed/S -> soc2/CC1"]);
    assert_eq!(plan(&[], &[]), Vec::<String>::new());
}

#[test]
fn distinct_values_are_instances_of_their_own() {
    assert_eq!(
        plan(&["soc2", "gdpr"], &[]),
        [
            "a/backups {min_days=30} AVD_1 seed/S -> soc2/A1.2",
            "a/backups {min_days=90}  -> gdpr/32",
            "a/simple {} CKV_2 seed/S -> gdpr/5 soc2/CC1"
        ]
    );
    // Alone, the stricter set speaks for the aliases without values of their own.
    assert_eq!(plan(&["gdpr"], &[])[0], "a/backups {min_days=90} seed/S -> gdpr/32");
}

#[test]
fn a_framework_may_ask_for_more_and_all_does_not_add_it() {
    assert_eq!(plan(&["hipaa"], &[]), ["a/backups {min_days=60} seed/S -> hipaa/7"]);
    assert!(plan(&["all"], &[]).iter().all(|line| !line.contains("min_days=60")));
    assert_eq!(plan(&["all", "hipaa"], &[]).len(), plan(&["all"], &[]).len() + 1);
}

#[test]
fn all_turns_on_everything_but_what_is_retired() {
    assert_eq!(
        plan(&["all"], &[]),
        [
            "a/backups {min_days=1} CKV_1 -> ",
            "a/backups {min_days=30} AVD_1 seed/S -> gdpr/32 hipaa/7 soc2/A1.2",
            "a/preview {}  -> soc2/CC1",
            "a/simple {} CKV_2 seed/S -> gdpr/5 soc2/CC1"
        ]
    );
}

#[test]
fn named_rules_stand_alone() {
    assert_eq!(plan(&["soc2"], &["a/backups"]), ["a/backups {min_days=30} AVD_1 seed/S -> soc2/A1.2"]);
    assert_eq!(
        plan(&[], &["a/backups"]),
        ["a/backups {min_days=30} AVD_1 seed/S -> gdpr/32 hipaa/7 soc2/A1.2"]
    );
    assert_eq!(plan(&["soc2"], &["a/preview"]), ["a/preview {}  -> soc2/CC1"]);
    assert_eq!(plan(&["soc2"], &["ckv_1"]), ["a/backups {min_days=1} CKV_1 -> "]);
    assert_eq!(plan(&["soc2"], &["seed/S"]).len(), 2);
}

#[test]
fn the_organization_has_the_last_word() {
    let mut selection = Selection { packs: vec!["soc2".into(), "gdpr".into()], ..Selection::default() };
    let own = Params::from([("min_days".into(), ParamValue::Integer(60))]);
    selection.params.insert(RuleId("a/backups".into()), own);
    let planned = show(&rule_set().plan(&selection).unwrap());
    assert_eq!(planned[0], "a/backups {min_days=60} seed/S -> gdpr/32 soc2/A1.2");
    assert_eq!(planned.len(), 2);
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    let refused = |packs: &[&str], rules: &[&str]| {
        let selection = Selection {
            packs: packs.iter().map(|pack| (*pack).into()).collect(),
            rules: rules.iter().map(|rule| (*rule).into()).collect(),
            params: BTreeMap::new(),
        };
        rule_set().plan(&selection).unwrap_err()
    };
    assert_eq!(
        refused(&["sco2"], &[]),
        PlanError::UnknownPack { pack: "sco2".into(), nearest: Some("soc2".into()) }
    );
    assert_eq!(
        refused(&[], &["CKV_3"]),
        PlanError::UnknownRule { rule: "CKV_3".into(), nearest: Some("CKV_1".into()) }
    );
    assert_eq!(
        refused(&[], &["simple"]),
        PlanError::UnknownRule { rule: "simple".into(), nearest: Some("a/simple".into()) }
    );
    assert!(matches!(refused(&[], &["a/old"]), PlanError::Retired { .. }));
}

#[test]
fn bad_parameters_are_refused() {
    let refused = |name: &str, value: ParamValue| {
        let mut selection = Selection::default();
        selection.params.insert(RuleId("a/backups".into()), Params::from([(name.into(), value)]));
        rule_set().plan(&selection).unwrap_err().to_string()
    };
    assert!(refused("min_day", ParamValue::Integer(1)).contains("did you mean `min_days`?"));
    assert!(refused("min_days", ParamValue::String("x".into())).contains("is not of type `integer`"));
}
