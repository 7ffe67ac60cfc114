//! Where evaluations point, and what they say.

use super::{evaluate, resource, rule};
use proofmark_model::{Origin, StepKind};
use proofmark_source::{FileId, Span};

/// The text under the place of the only evaluation, and its message.
fn pointed(require: &str, tree: &str) -> (String, String) {
    let evaluations =
        evaluate(&rule(&format!("require: {require:?}")), &[resource("test.it", tree, 0, false)]);
    (evaluations[0].span.slice(tree).to_owned(), evaluations[0].message.clone())
}

#[test]
fn a_value_is_pointed_at_with_its_name() {
    let (text, message) = pointed("self.b.c == 1", "a: 1\nb:\n  c: 2\n");
    assert_eq!(text, "c: 2");
    assert_eq!(message, "not met: It holds (`b.c` is 2)");
}

#[test]
fn what_is_missing_is_pointed_at_by_the_block_that_lacks_it() {
    let (text, message) = pointed("self.b.c.d == 1", "a: 1\nb:\n  x: 2\n");
    assert_eq!(text, "b");
    assert_eq!(message, "not met: It holds (`b.c.d` is not set)");
    assert_eq!(pointed("self.z == 1", "a: 1\n").0, "");
}

#[test]
fn the_first_decisive_value_counts() {
    assert_eq!(pointed("self.a == 2 || self.b == 2", "b: 1\na: 1\n").0, "a: 1");
    assert_eq!(pointed("self.b == 2 || self.a == 2", "b: 1\na: 1\n").0, "b: 1");
}

#[test]
fn an_element_is_pointed_at_inside_of_it() {
    let tree = "x: 1\nl:\n  - name: a\n    v: 1\n  - name: b\n";
    let judged = evaluate(&rule("each: self.l\nrequire: it.v == 2"), &[resource("test.it", tree, 0, false)]);
    let texts: Vec<&str> = judged.iter().map(|evaluation| evaluation.span.slice(tree)).collect();
    assert_eq!(texts, ["v: 1", "name: b"]);
    let judged =
        evaluate(&rule("each: self.l\nrequire: self.x == 2"), &[resource("test.it", tree, 0, false)]);
    assert_eq!(judged[0].span.slice(tree), "name: a");
}

#[test]
fn a_pass_points_at_its_evidence() {
    let (text, message) = pointed("self.a == 1", "a: 1\n");
    assert_eq!((text.as_str(), message.as_str()), ("a: 1", "met: It holds (`a` is 1)"));
}

#[test]
fn unknown_says_why() {
    let (text, message) = pointed("self.a == 1", "a: (unknown)\n");
    assert_eq!(
        (text.as_str(), message.as_str()),
        ("a: (unknown)", "not known: It holds (`a`: nobody set it)")
    );
}

#[test]
fn sensitive_values_are_never_shown() {
    let tree = "a: (sensitive hunter2)\n";
    let evaluations = evaluate(&rule("require: self.a == 'x'"), &[resource("test.it", tree, 0, false)]);
    let shown = format!("{:?}", evaluations);
    assert!(!shown.contains("hunter2") && shown.contains("(sensitive)"), "{shown}");
}

#[test]
fn what_lies_inside_a_sensitive_value_is_sensitive() {
    let mut judged = resource("test.it", "a: {b: hunter2}\n", 0, false);
    if let proofmark_model::Data::Map(map) = &judged.attributes.data {
        let mut entries = map.entries().to_vec();
        entries[0].value.is_sensitive = true;
        judged.attributes.data = proofmark_model::Data::Map(proofmark_model::Map::new(entries).into());
    }
    let shown = format!("{:?}", evaluate(&rule("require: self.a.b == 'x'"), &[judged]));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn long_values_are_cut() {
    let (_, message) = pointed("self.a == 1", &format!("a: {}\n", "x".repeat(500)));
    assert!(message.len() < 200 && message.contains('…'), "{message}");
}

#[test]
fn values_from_elsewhere_are_related() {
    let mut judged = resource("test.it", "a: false\n", 10, false);
    let elsewhere = Span::new(FileId(0), 100, 105);
    if let proofmark_model::Data::Map(map) = &judged.attributes.data {
        let mut entries = map.entries().to_vec();
        let place = Span::new(FileId(0), 13, 18);
        entries[0].name_span = Span::new(FileId(0), 10, 11);
        entries[0].value.origin =
            Origin::at(elsewhere).used_at(place, StepKind::Variable("encrypted".into()));
        judged.attributes.data = proofmark_model::Data::Map(proofmark_model::Map::new(entries).into());
    }
    let evaluation = &evaluate(&rule("require: self.a == true"), &[judged])[0];
    assert_eq!(evaluation.span, Span::new(FileId(0), 10, 18));
    assert_eq!(evaluation.related[0].message, "`a` comes from variable `encrypted`");
    assert_eq!(evaluation.related[0].span, elsewhere);
}

#[test]
fn parameters_that_matter_are_named() {
    let rule =
        rule("require: self.days >= params.min_days\nparams: { min_days: { default: 30, type: integer } }");
    let evaluations = evaluate(&rule, &[resource("test.it", "days: 7\n", 0, false)]);
    assert_eq!(evaluations[0].message, "not met: It holds (`days` is 7; `min_days` = 30)");
}

#[test]
fn facts_of_the_resource_are_there() {
    let judged = resource("test.it", "a: 1\n", 0, false);
    let rule = rule(
        "require: resource.address == 'test.it' && resource.kind == 'test' && resource.file == 'main.tf' && environment == null",
    );
    assert_eq!(super::describe(&evaluate(&rule, &[judged])), "pass");
}
