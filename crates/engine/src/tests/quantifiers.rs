//! Macros, with absent and unknown lists and elements.

use super::{check, verdict};

const PORTS: &str = "r: [{port: 22}, {port: 80}, {port: 443}]";

#[test]
fn over_what_is_absent_all_holds_and_exists_does_not() {
    check!("self.r.all(x, x.port == 1)", "{}", "pass: r absent");
    check!("self.r.exists(x, x.port == 1)", "{}", "fail: r absent");
    check!("self.r.exists_one(x, x.port == 1)", "{}", "fail: r absent");
    check!("size(self.r) == 0", "{}", "pass: r absent");
    check!("size(self.r.filter(x, true)) == 0", "{}", "pass: r absent");
    check!("self.r.map(x, x.port).all(p, p == 1)", "{}", "pass: r absent");
}

#[test]
fn over_an_empty_list_the_list_is_what_was_read() {
    check!("self.r.all(x, x.port == 1)", "r: []", "pass: r = []");
    check!("self.r.exists(x, x.port == 1)", "r: []", "fail: r = []");
}

#[test]
fn over_an_unknown_list_nothing_is_known() {
    check!("self.r.all(x, x.port == 1)", "r: (unknown)", "unknown: r unknown");
    check!("self.r.exists(x, x.port == 1)", "r: (unknown)", "unknown: r unknown");
    check!("size(self.r) > 0", "r: (unknown)", "unknown: r unknown");
}

#[test]
fn of_a_failed_all_only_the_failing_element_is_kept() {
    check!("self.r.all(x, x.port != 80)", PORTS, "fail: r[1].port = 80");
    check!("!self.r.exists(x, x.port == 80)", PORTS, "fail: r[1].port = 80");
}

#[test]
fn of_a_true_exists_only_the_found_element_is_kept() {
    check!("self.r.exists(x, x.port == 443)", PORTS, "pass: r[2].port = 443");
}

#[test]
fn where_no_element_settles_it_all_are_kept() {
    check!("self.r.all(x, x.port > 0)", PORTS, "pass: r[0].port = 22; r[1].port = 80; r[2].port = 443");
    check!("self.r.exists(x, x.port == 1)", PORTS, "fail: r[0].port = 22; r[1].port = 80; r[2].port = 443");
}

#[test]
fn unknown_elements_decide_only_where_the_others_do_not() {
    let tree = "r: [{port: 22}, {port: (unknown)}, {port: 80}]";
    check!("self.r.all(x, x.port < 1000)", tree, "unknown: r[1].port unknown");
    check!("self.r.all(x, x.port != 80)", tree, "fail: r[2].port = 80");
    check!("self.r.exists(x, x.port == 80)", tree, "pass: r[2].port = 80");
    check!("self.r.exists(x, x.port == 1)", tree, "unknown: r[1].port unknown");
    check!("self.r.all(x, x.port != 22)", "r: [(unknown), {port: 22}]", "fail: r[1].port = 22");
    check!("self.r.all(x, x.port != 23)", "r: [(unknown), {port: 22}]", "unknown: r[0].port unknown");
}

#[test]
fn absent_attributes_of_elements_are_absent() {
    check!("self.r.all(x, x.port == 22)", "r: [{port: 22}, {}]", "fail: r[1].port absent");
    check!("self.r.exists(x, !has(x.port))", "r: [{port: 22}, {}]", "pass: r[1].port absent");
}

#[test]
fn exists_one_counts() {
    check!(
        "self.r.exists_one(x, x.port == 22)",
        "r: [{port: 22}, {port: 1}]",
        "pass: r[0].port = 22; r[1].port = 1"
    );
    assert_eq!(verdict("self.r.exists_one(x, x.port == 22)", "r: [{port: 22}, {port: 22}]"), "fail");
    assert_eq!(
        verdict("self.r.exists_one(x, x.port == 22)", "r: [{port: 22}, {port: (unknown)}]"),
        "unknown"
    );
    assert_eq!(
        verdict("self.r.exists_one(x, x.port == 22)", "r: [{port: 22}, {port: 22}, {port: (unknown)}]"),
        "fail"
    );
}

#[test]
fn scalars_in_a_list_are_read_themselves() {
    check!("self.c.all(x, x != '0.0.0.0/0')", "c: [10.0.0.0/8, 0.0.0.0/0]", r#"fail: c[1] = "0.0.0.0/0""#);
    check!("self.c.all(x, x.startsWith('10.'))", "c: [10.0.0.0/8]", r#"pass: c[0] = "10.0.0.0/8""#);
}

#[test]
fn filters_keep_the_places_of_their_elements() {
    check!(
        "self.r.filter(x, x.port > 50).all(x, x.ok == true)",
        "r: [{port: 22}, {port: 80, ok: false}]",
        "fail: r[1].ok = false"
    );
    check!(
        "size(self.r.filter(x, x.port == 22)) == 0",
        "r: [{port: 22}, {port: 80}]",
        "fail: r[0].port = 22"
    );
    check!("size(self.r.filter(x, x.port == 1)) > 0", "r: [{port: 22}]", "fail: r[0].port = 22");
}

#[test]
fn a_filter_that_is_not_decided_leaves_the_list_open() {
    let tree = "r: [{port: (unknown), ok: true}, {port: 80, ok: true}]";
    check!("size(self.r.filter(x, x.port == 80)) >= 1", tree, "pass: r[0].port unknown; r[1].port = 80");
    assert_eq!(verdict("size(self.r.filter(x, x.port == 80)) == 1", tree), "unknown");
    assert_eq!(verdict("self.r.filter(x, x.port == 80).exists(x, x.ok)", tree), "pass");
    assert_eq!(verdict("self.r.filter(x, x.port == 80).all(x, x.ok)", tree), "unknown");
}

#[test]
fn an_unknown_value_behind_blocks_stands_for_any_number() {
    let tree = "r: [{port: 22}, (unknown)]";
    check!("size(self.r) == 2", tree, "unknown: r = [{port = 22}, (unknown: nobody set it)]");
    assert_eq!(verdict("size(self.r) >= 1", tree), "pass");
    check!("self.r.port == 22", tree, "unknown: r = [{port = 22}, (unknown: nobody set it)]");
    assert_eq!(verdict("self.r.exists(x, true)", tree), "pass");
    assert_eq!(verdict("self.r.exists(x, x.port == 80)", tree), "unknown");
    assert_eq!(verdict("self.r.all(x, x.port != 22)", tree), "fail");
    assert_eq!(verdict("self.r.all(x, x.port == 22)", tree), "unknown");
}

#[test]
fn map_makes_a_list_and_may_filter() {
    assert_eq!(verdict("self.r.map(x, x.port) == [22, 80, 443]", PORTS), "pass");
    assert_eq!(verdict("self.r.map(x, x.port > 50, x.port * 2) == [160, 886]", PORTS), "pass");
    assert_eq!(
        verdict("self.r.map(x, x.l).flatten() == [1, 2, 3]", "r: [{l: [1, 2]}, {l: [3]}, {}]"),
        "pass"
    );
}

#[test]
fn over_a_map_macros_see_the_keys() {
    assert_eq!(verdict("self.m.all(k, k.startsWith('a'))", "m: {a1: 1, a2: 2}"), "pass");
    check!("self.m.all(k, self.m[k] < 2)", "m: {a1: 1, a2: 2}", "fail: m.a2 = 2");
    check!("self.m.exists(k, k == 'b')", "m: {a1: 1}", "fail: m = {a1 = 1}");
    assert_eq!(verdict("self.m.exists(k, k == 'b')", "m: {a1: 1, (rest): x}"), "unknown");
}

#[test]
fn macros_nest() {
    let tree = "r: [{c: [a, b]}, {c: [a, x]}]";
    check!("self.r.all(i, i.c.all(j, j != 'x'))", tree, r#"fail: r[1].c[1] = "x""#);
    check!("self.r.exists(i, i.c.exists(j, j == 'b'))", tree, r#"pass: r[0].c[1] = "b""#);
}

#[test]
fn each_judges_the_elements_one_by_one() {
    let rule = super::rule("each: self.c\nrequire: it.image != 'x'");
    let judge =
        |tree: &str| super::describe(&super::evaluate(&rule, &[super::resource("test.it", tree, 0, false)]));
    assert_eq!(
        judge("c: [{name: web, image: x}, {image: y}]"),
        "fail [web]: c[0].image = \"x\"\npass [1]: c[1].image = \"y\""
    );
    assert_eq!(judge("{}"), "n/a: c absent");
    assert_eq!(judge("c: []"), "n/a: c = []");
    assert_eq!(judge("c: (unknown)"), "unknown: c unknown");
    assert_eq!(judge("c: [{name: a, image: y}, (unknown), (unknown)]").lines().count(), 2);
    assert_eq!(judge("c: {k: {image: x}}"), "fail [k]: c.k.image = \"x\"");
    assert_eq!(
        judge("c: [{name: a, image: y}, {name: a, image: x}]").lines().nth(1),
        Some("fail [a#2]: c[1].image = \"x\"")
    );
}

#[test]
fn an_element_known_in_part_is_judged_by_what_is_known() {
    let tree = "a: '(text arn:_:policy/Reader)'";
    let outcome = |require: &str| {
        let rule = super::rule(&format!("each: '[self.a]'\nrequire: {require}"));
        let evaluations = super::evaluate(&rule, &[super::resource("test.it", tree, 0, false)]);
        evaluations.iter().map(|evaluation| evaluation.message.to_owned()).collect::<Vec<_>>().join("; ")
    };
    let met = outcome("'!it.endsWith(\"policy/Admin\")'");
    assert!(
        met.starts_with("met") && met.contains("is \"arn:…:policy/Reader\" as far as it is known"),
        "{met}"
    );
    assert!(outcome("it == \"arn:aws:policy/Reader\"").starts_with("not known"));
}
