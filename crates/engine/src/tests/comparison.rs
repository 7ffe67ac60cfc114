//! Comparisons with absent, unknown and other spellings.

use super::{check, lenient_outcome, verdict};

#[test]
fn absent_is_null_and_equal_to_nothing_else() {
    for tree in ["{}", "x: null"] {
        assert_eq!(verdict("self.x == null", tree), "pass");
        assert_eq!(verdict("self.x != null", tree), "fail");
        assert_eq!(verdict("self.x == 1", tree), "fail");
        assert_eq!(verdict("self.x != 1", tree), "pass");
        assert_eq!(verdict("has(self.x)", tree), "fail");
        assert_eq!(verdict("self.x == self.y", tree), "pass");
    }
    assert_eq!(verdict("self.x != null", "x: false"), "pass");
    assert_eq!(verdict("has(self.x)", "x: ''"), "pass");
}

#[test]
fn order_comparisons_with_absent_are_false() {
    for operator in ["<", "<=", ">", ">="] {
        assert_eq!(verdict(&format!("self.x {operator} 1"), "{}"), "fail", "{operator}");
        assert_eq!(verdict(&format!("1 {operator} self.x"), "{}"), "fail", "{operator}");
    }
}

#[test]
fn every_operator_hands_unknown_on() {
    for condition in
        ["self.x == 1", "self.x != 1", "self.x < 1", "self.x >= 1", "self.x in [1]", "self.x == null"]
    {
        assert_eq!(verdict(condition, "x: (unknown)"), "unknown", "{condition}");
    }
    check!("self.x + 1 > 2", "x: (unknown)", "unknown: x unknown");
    check!("self.m.deep.er == 1", "m: (unknown)", "unknown: m.deep.er unknown");
}

#[test]
fn numbers_compare_by_value() {
    for condition in
        ["self.i == 3.0", "self.i >= 3", "self.i < 3.5", "self.f == 1.5", "self.i + self.f == 4.5"]
    {
        assert_eq!(verdict(condition, "{i: 3, f: 1.5}"), "pass", "{condition}");
    }
}

#[test]
fn one_and_the_same_unknown_value_equals_itself() {
    for (condition, other, expected) in [
        ("self.x == self.y", "(same one)", "pass"),
        ("self.x != self.y", "(same one)", "fail"),
        ("self.x in [self.y]", "(same one)", "pass"),
        ("self.x.part == self.y.part", "(same one)", "unknown"),
        ("self.x == self.y", "(same other)", "unknown"),
        ("self.x == self.y", "(unknown)", "unknown"),
    ] {
        let tree = format!("{{x: (same one), y: {other}}}");
        assert_eq!(verdict(condition, &tree), expected, "{condition} {other}");
    }
    assert_eq!(verdict("self.x == self.y", "{x: (unknown), y: (unknown)}"), "unknown");
}

#[test]
fn what_is_known_of_an_unknown_value_decides() {
    assert_eq!(verdict("self.x != null", "x: (unknown set)"), "pass");
    assert_eq!(verdict("has(self.x)", "x: (unknown set)"), "pass");
    assert_eq!(verdict("self.x == null", "x: (unknown set)"), "fail");
    assert_eq!(verdict("self.x.arn != null", "x: (unknown set)"), "unknown");
    assert_eq!(verdict("self.x.startsWith('arn:')", "x: (prefix arn:aws)"), "pass");
    assert_eq!(verdict("self.x.startsWith('http')", "x: (prefix arn:aws)"), "fail");
    assert_eq!(verdict("self.x.startsWith('arn:aws:kms')", "x: (prefix arn:aws)"), "unknown");
    assert_eq!(verdict("self.x == 'alias/aws/s3'", "x: (prefix arn:aws)"), "fail");
    assert_eq!(verdict("self.x in ['a', 'b']", "x: (prefix arn:aws)"), "fail");
    assert_eq!(verdict("self.x != ''", "x: (prefix arn:aws)"), "pass");
    assert_eq!(verdict("size(self.x) > 0", "x: (length 1..5)"), "pass");
    assert_eq!(verdict("size(self.x) == 0", "x: (length 1..5)"), "fail");
    assert_eq!(verdict("size(self.x) <= 5", "x: (length 1..5)"), "pass");
    assert_eq!(verdict("size(self.x) > 3", "x: (length 1..5)"), "unknown");
    assert_eq!(verdict("self.x == 'toolong'", "x: (length 1..5)"), "fail");
}

#[test]
fn strict_formats_keep_texts_apart_from_scalars() {
    assert_eq!(verdict("self.x == true", "x: 'true'"), "fail");
    assert_eq!(verdict("self.x == 30", "x: '30'"), "fail");
    assert_eq!(verdict("self.x >= 30", "x: '30'"), "unknown");
}

#[test]
fn lenient_formats_do_not() {
    for condition in [
        "self.x == true",
        "self.x != false",
        "self.n == 30",
        "self.n >= 30",
        "self.n < 31",
        "self.x",
        "self.n in [30]",
        "self.i.matches('^[0-9]{2}$')",
        "self.i.startsWith('4') && self.i.endsWith('2') && !self.i.contains('3')",
    ] {
        let outcome = lenient_outcome(condition, "{x: 'true', n: '30', i: 42}");
        assert!(outcome.starts_with("pass"), "{condition}: {outcome}");
    }
    assert!(lenient_outcome("self.x == true", "x: 'yes'").starts_with("fail"));
    assert_eq!(verdict("self.i.matches('^[0-9]{2}$')", "i: 42"), "unknown");
}

#[test]
fn lists_and_maps_compare_element_by_element() {
    assert_eq!(verdict("self.l == [1, 2]", "l: [1, 2]"), "pass");
    assert_eq!(verdict("self.l == [1, 2]", "l: [1, 3]"), "fail");
    assert_eq!(verdict("self.l == [1]", "l: [1, 2]"), "fail");
    assert_eq!(verdict("self.l == [1, 2]", "l: [1, (unknown)]"), "unknown");
    assert_eq!(verdict("self.l == [9, 2]", "l: [1, (unknown)]"), "fail");
    assert_eq!(verdict("self.m == {'a': 1}", "m: {a: 1}"), "pass");
    assert_eq!(verdict("self.m == {'a': 1}", "m: {a: 1, (rest): x}"), "unknown");
    assert_eq!(verdict("self.m == {'a': 1}", "m: {b: 1}"), "fail");
}

#[test]
fn membership_follows_kleene() {
    assert_eq!(verdict("'a' in self.l", "l: [a, (unknown)]"), "pass");
    assert_eq!(verdict("'b' in self.l", "l: [a, (unknown)]"), "unknown");
    assert_eq!(verdict("'b' in self.l", "l: [a]"), "fail");
    assert_eq!(verdict("'b' in self.l", "{}"), "fail");
    assert_eq!(verdict("!('b' in self.l)", "{}"), "pass");
    assert_eq!(verdict("'k' in self.m", "m: {k: 1}"), "pass");
    assert_eq!(verdict("'k' in self.m", "m: {(rest): x}"), "unknown");
    assert_eq!(verdict("self.x in ['a', 'b']", "x: b"), "pass");
    assert_eq!(verdict("self.x in ['a', 'b']", "{}"), "fail");
    assert_eq!(verdict("'a' in self.l", "l: (unknown)"), "unknown");
}

#[test]
fn a_single_block_reads_like_its_only_element() {
    check!("self.v.enabled == true", "v: [{enabled: true}]", "pass: v.enabled = true");
    check!("self.v.enabled == true", "v: []", "fail: v.enabled absent");
    check!(
        "self.v.enabled == true",
        "v: [{enabled: 1}, {enabled: 2}]",
        r#"unknown: v = [{enabled = 1}, {enabled = 2}]"#
    );
    check!("self.v.w.x == 1", "v: [{w: [{x: 1}]}]", "pass: v.w.x = 1");
    check!("self.v.enabled == true", "v: [(unknown)]", "unknown: v.enabled unknown");
}

#[test]
fn an_open_map_does_not_know_what_it_lacks() {
    assert_eq!(verdict("self.m.a == 1", "m: {a: 1, (rest): x}"), "pass");
    assert_eq!(verdict("self.m.b == null", "m: {a: 1, (rest): x}"), "unknown");
}

#[test]
fn elements_are_read_by_number_and_name() {
    check!("self.l[1] == 'b'", "l: [a, b]", r#"pass: l[1] = "b""#);
    assert_eq!(verdict("self.l[5] == null", "l: [a, b]"), "pass");
    check!("self.m['a-b/c'] == 1", "m: {a-b/c: 2}", r#"fail: m["a-b/c"] = 2"#);
    check!("self.m.`a-b/c` == 1", "m: {a-b/c: 2}", r#"fail: m["a-b/c"] = 2"#);
    check!("self.l[0].x == 1", "l: [{x: 1}, {x: 2}]", "pass: l[0].x = 1");
}

#[test]
fn odd_types_are_unknown_and_blame_the_rule() {
    assert_eq!(verdict("self.x < 1", "x: [1]"), "unknown");
    assert_eq!(verdict("self.x + 1 == 2", "x: text"), "unknown");
    assert_eq!(verdict("1 / self.x == 1", "x: 0"), "unknown");
    assert_eq!(verdict("self.x.all(y, y == 1)", "x: text"), "unknown");
}

#[test]
fn a_scalar_has_no_attributes() {
    check!("self.x.y == 1", "x: text", "fail: x.y absent");
    check!("self.x.y.z != 1", "x: 3", "pass: x.y.z absent");
}

#[test]
fn arithmetic_with_absent_stays_absent() {
    assert_eq!(verdict("self.x + 1 == null", "{}"), "pass");
    assert_eq!(verdict("self.x * 2 > 1", "{}"), "fail");
    assert_eq!(verdict("-self.x < 0", "x: 1"), "pass");
    assert_eq!(verdict("7 % self.x == 1 && 7 / self.x == 3", "x: 2"), "pass");
}
