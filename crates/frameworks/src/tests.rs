//! What framework files become, and what is refused.

use crate::{Duty, Framework, Reach, load_framework};
use proofmark_source::{FileId, LineIndex};

const FILES: [(&str, &str); 4] = [
    ("soc2", include_str!("../../../rules/frameworks/soc2.yaml")),
    ("hipaa", include_str!("../../../rules/frameworks/hipaa.yaml")),
    ("gdpr", include_str!("../../../rules/frameworks/gdpr.yaml")),
    ("engineering", include_str!("../../../rules/frameworks/engineering.yaml")),
];

fn shipped(name: &str) -> Framework {
    let (_, text) = FILES.iter().find(|(file, _)| *file == name).expect("the file is listed");
    load_framework(FileId(0), text).unwrap_or_else(|errors| panic!("{name}: {errors:?}"))
}

/// The errors of `text`, one a line: line number and message.
fn errors(text: &str) -> String {
    let lines = LineIndex::new(text);
    let errors = load_framework(FileId(0), text).expect_err("the file is refused");
    let printed =
        errors.iter().map(|error| format!("{}: {}", lines.line_number(error.span.start), error.message));
    printed.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_shipped_file_loads_under_its_own_name() {
    for (name, _) in FILES {
        let framework = shipped(name);
        assert_eq!(framework.id.0, name);
        assert!(framework.controls.iter().all(|control| control.id.framework() == name));
        assert!(
            framework.controls.iter().all(|control| control.title.len() > 10),
            "{name}: a title says too little"
        );
    }
}

#[test]
fn soc2_lists_all_sixty_one() {
    let soc2 = shipped("soc2");
    let count =
        |prefix: &str| soc2.controls.iter().filter(|control| control.id.number().starts_with(prefix)).count();
    let counts =
        ["CC1.", "CC2.", "CC3.", "CC4.", "CC5.", "CC6.", "CC7.", "CC8.", "CC9.", "A1.", "C1.", "PI1.", "P"]
            .map(count);
    assert_eq!(counts, [5, 3, 4, 2, 3, 8, 5, 1, 2, 3, 2, 5, 23], "P counts the privacy series and PI1");
    assert_eq!(soc2.controls.len(), 61);
}

#[test]
fn hipaa_says_of_each_specification_whether_it_is_required() {
    let hipaa = shipped("hipaa");
    assert!(hipaa.controls.iter().all(|control| control.duty.is_some() && control.source.is_some()));
    let addressable = hipaa.controls.iter().filter(|control| control.duty == Some(Duty::Addressable)).count();
    assert_eq!(addressable, 22, "Appendix A to Subpart C marks as many with (A)");
}

#[test]
fn what_no_file_shows_names_a_record_or_says_where_to_look() {
    for (name, _) in FILES {
        for control in shipped(name).controls {
            assert!(control.reach == Reach::Full || control.beyond_files.ends_with('.'), "{}", control.id);
        }
    }
}

#[test]
fn errors_say_where_and_what() {
    let text = "id: x\ntitle: X\nedition: 1\nsource: http://a\ngroups:\n  - title: G\n    controls:\n      - id: a\n        title: A\n        reach: mostly\n      - id: a\n        title: \"\"\n        reach: none\n        colour: red\n";
    assert_eq!(
        errors(text),
        "3: `edition` is not a text\n4: `source` is not an address\n10: `reach` has an unknown value\n11: `beyond` is missing\n11: control `a` is listed twice\n12: `title` is empty\n14: unknown key `colour`"
    );
}

#[test]
fn files_that_are_no_framework_are_refused() {
    assert_eq!(errors(""), "1: the file cannot be read");
    assert_eq!(errors("- a\n"), "1: this is not a mapping of keys to values");
    assert!(errors("id: x\n").contains("`groups` is not a list"));
    assert!(!errors("a: [\n").is_empty());
}
