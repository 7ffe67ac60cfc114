//! Conditions in, what is wrong with them out.

use super::{Scope, Wanted, check_condition};
use crate::{Param, ParamType, ParamValue, parse_condition};
use std::collections::{BTreeMap, BTreeSet};

/// The problems of a condition, with the text each points at.
fn problems(text: &str) -> Vec<String> {
    problems_of(text, Wanted::Truth, false)
}

fn problems_of(text: &str, wanted: Wanted, has_element: bool) -> Vec<String> {
    let min_days = Param { default: ParamValue::Integer(1), kind: ParamType::Integer, unit: None, why: None };
    let params = BTreeMap::from([("min_days".into(), min_days)]);
    let scope = Scope { params: &params, has_element };
    let condition = parse_condition(text).unwrap();
    let errors = check_condition(&condition, wanted, &scope, &mut BTreeSet::new());
    errors
        .into_iter()
        .map(|error| {
            let at = &text[error.range.0 as usize..error.range.1 as usize];
            let help = error.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{at}: {}{help}", error.message)
        })
        .collect()
}

fn is_fine(text: &str) {
    assert_eq!(problems(text), Vec::<String>::new(), "{text}");
}

#[test]
fn good_conditions_are_fine() {
    is_fine(
        "self.a >= params.min_days && resource.kind == 'x' && pod.hostNetwork != true && repo.files.exists(f, f == 'x')",
    );
    is_fine("self.a.all(x, x.b.exists(y, y == x.c)) && environment != 'dev'");
    is_fine("size(self.a) == 0 ? true : linked('k', 'a').exists(b, b.on)");
    is_fine("params['min_days'] > 1");
}

#[test]
fn names_must_exist() {
    assert_eq!(problems("slef.a == 1"), ["slef: unknown name `slef` (did you mean `self`?)"]);
    assert_eq!(
        problems("encrypted == true"),
        ["encrypted: unknown name `encrypted` (attributes are read as `self.encrypted`)"]
    );
    assert_eq!(problems("self.a.all(x, y == 1)"), ["y: unknown name `y` (attributes are read as `self.y`)"]);
    assert_eq!(problems("it.a == 1").len(), 1);
    assert_eq!(problems_of("it.a == 1", Wanted::Truth, true).len(), 0);
    assert!(problems("resource.name == 'x'")[0].contains("its attributes are under `self`"));
    assert_eq!(problems("resource == 1").len(), 1);
}

#[test]
fn functions_must_exist_and_get_what_they_need() {
    assert_eq!(
        problems("self.a.startWith('x')"),
        ["self.a.startWith('x'): unknown function `startWith` (did you mean `startsWith`?)"]
    );
    assert_eq!(
        problems("linked('x').exists(a, true)"),
        ["linked('x'): `linked` cannot take 1 arguments (it is written `linked(kind, attribute)`)"]
    );
}

#[test]
fn parameters_must_be_declared() {
    assert_eq!(
        problems("self.a > params.min_day"),
        ["params.min_day: the rule has no parameter `min_day` (did you mean `min_days`?)"]
    );
    assert_eq!(problems("params == 1").len(), 1);
}

#[test]
fn variables_may_not_hide_others() {
    assert_eq!(problems("self.a.all(x, x.b.all(x, true))").len(), 1);
    assert_eq!(problems("self.a.all(self, true)").len(), 1);
    is_fine("self.a.all(x, true) && self.b.all(x, true)");
}

#[test]
fn patterns_must_compile() {
    assert!(problems("self.a.matches('[')")[0].contains("regular expression does not compile"));
    assert!(problems("glob('[', self.a)")[0].contains("pattern cannot be read"));
    assert_eq!(problems("self.a.matches('(?=x)')").len(), 1);
}

#[test]
fn the_result_must_be_of_use() {
    assert_eq!(problems("'text'"), ["'text': this is a value, not a condition"]);
    assert_eq!(problems("self.a + 1").len(), 1);
    assert_eq!(problems("self.a.filter(x, x)").len(), 1);
    assert_eq!(problems("self.a ? 1 : true").len(), 1);
    assert_eq!(problems_of("self.a == 1", Wanted::List, false).len(), 1);
    assert_eq!(problems_of("self.a", Wanted::List, false).len(), 0);
}

#[test]
fn an_order_comparison_under_a_negation_needs_a_guard() {
    for text in [
        "!(self.days < 30)",
        "!(self.a == 1 && self.days > 30)",
        "(self.days < 30) == false",
        "true != (self.days < 30)",
        "!self.rules.exists(r, r.port > 1024)",
        "!(int(self.days) < 30)",
        "has(self.other) && !(self.days < 30)",
        "!(self.a.b < self.c)",
    ] {
        assert!(!problems(text).is_empty(), "{text}");
    }
    for text in [
        "has(self.days) && !(self.days < 30)",
        "!(has(self.days) && self.days < 30)",
        "self.days != null && !(self.days < 30)",
        "!has(self.days) || !(self.days < 30)",
        "self.days == null || !(self.days < 30)",
        "!(size(self.a) > 3)",
        "!!(self.days < 30)",
        "!self.rules.exists(r, has(r.port) && r.port > 1024)",
        "has(self.a.b) ? !(self.a.b < 1) : false",
        "!(params.min_days > 3)",
        "self.days >= 30",
        "!self.rules.all(r, has(r.port) && r.port < 3)",
    ] {
        is_fine(text);
    }
}
