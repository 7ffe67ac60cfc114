//! Kleene's tables, and which reads they keep.

use super::{check, verdict};

/// `t` true, `f` false, `u` unknown, `a` absent.
const TREE: &str = "{t: true, f: false, u: (unknown)}";

fn table(operator: &str) -> String {
    let names = ["t", "f", "u", "a"];
    let mut cells = String::new();
    for left in names {
        for right in names {
            let verdict = verdict(&format!("self.{left} {operator} self.{right}"), TREE);
            cells.push(verdict.chars().next().unwrap());
        }
        cells.push(' ');
    }
    cells.trim_end().to_owned()
}

#[test]
fn and_is_kleenes_with_absent_as_false() {
    // Rows: left is true, false, unknown, absent; columns the same for the right.
    assert_eq!(table("&&"), "pfuf ffff ufuf ffff");
}

#[test]
fn or_is_kleenes_with_absent_as_false() {
    assert_eq!(table("||"), "pppp pfuf puuu pfuf");
}

#[test]
fn not_turns_what_is_known() {
    assert_eq!(
        ["t", "f", "u", "a"].map(|name| verdict(&format!("!self.{name}"), TREE)),
        ["fail", "pass", "unknown", "pass"]
    );
}

#[test]
fn a_choice_that_is_not_known_matters_only_where_its_branches_differ() {
    assert_eq!(verdict("self.u ? true : true", TREE), "pass");
    assert_eq!(verdict("self.u ? false : false", TREE), "fail");
    assert_eq!(verdict("self.u ? true : false", TREE), "unknown");
    assert_eq!(verdict("self.a ? true : false", TREE), "fail");
    assert_eq!(verdict("self.t ? self.t : self.u", TREE), "pass");
    assert_eq!(verdict("self.f ? self.t : self.u", TREE), "unknown");
}

#[test]
fn of_a_false_and_only_the_failing_side_is_kept() {
    check!("self.t && self.f", TREE, "fail: f = false");
    check!("self.f && self.t", TREE, "fail: f = false");
    check!("self.u && self.f", TREE, "fail: f = false");
    check!("self.a && self.f", TREE, "fail: a absent");
}

#[test]
fn of_a_true_and_both_sides_are_kept() {
    check!("self.t && self.f == false", TREE, "pass: t = true; f = false");
}

#[test]
fn of_a_false_or_both_sides_are_kept_in_order() {
    check!("self.a || self.f", TREE, "fail: a absent; f = false");
    check!("self.f || self.a == 3", TREE, "fail: f = false; a absent");
}

#[test]
fn of_a_true_or_only_the_true_side_is_kept() {
    check!("self.f || self.t", TREE, "pass: t = true");
    check!("self.u || self.t", TREE, "pass: t = true");
}

#[test]
fn of_an_unknown_result_the_unknown_sides_are_kept() {
    check!("self.t && self.u", TREE, "unknown: u unknown");
    check!("self.u && self.t", TREE, "unknown: u unknown");
    check!("self.f || self.u", TREE, "unknown: u unknown");
    check!("self.u || self.f", TREE, "unknown: u unknown");
}

#[test]
fn negation_keeps_what_decided_inside() {
    check!("!(self.f || self.t)", TREE, "fail: t = true");
    check!("!(self.t && self.f)", TREE, "pass: f = false");
}

#[test]
fn a_value_that_is_no_truth_asks_for_a_better_rule() {
    let evaluations =
        super::evaluate(&super::rule("require: self.n"), &[super::resource("test.it", "n: 3", 0, false)]);
    let message = &evaluations[0].message;
    assert!(
        message.contains("a number is no truth value") && message.contains("please report this rule"),
        "{message}"
    );
}

#[test]
fn of_several_requirements_the_first_that_fails_decides() {
    let rule = super::rule("require: [self.t == true, self.u == true, self.a == 1, self.f == true]");
    let evaluations = super::evaluate(&rule, &[super::resource("test.it", TREE, 0, false)]);
    assert_eq!(super::describe(&evaluations), "fail: a absent");
}

#[test]
fn requirements_that_all_hold_give_all_their_evidence() {
    let rule = super::rule("require: [self.t == true, self.f != true]");
    let evaluations = super::evaluate(&rule, &[super::resource("test.it", TREE, 0, false)]);
    assert_eq!(super::describe(&evaluations), "pass: t = true; f = false");
}

#[test]
fn when_decides_whether_the_rule_applies() {
    let judge = |when: &str| {
        let rule = super::rule(&format!("when: {when}\nrequire: self.f == true"));
        super::describe(&super::evaluate(&rule, &[super::resource("test.it", TREE, 0, false)]))
    };
    assert_eq!(judge("self.t == true"), "fail: f = false");
    assert_eq!(judge("self.a == 1"), "n/a: a absent");
    assert_eq!(judge("self.u == 1"), "unknown: u unknown");
}
