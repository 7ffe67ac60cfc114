//! The tables, and what commands are taken for.

use super::table::{ACTIONS, ACTIVITIES, COMMANDS, COMPUTED, DIRECTIVES, IMAGES, TASKS, TEMPLATES, Table};
use super::words::Words;
use std::collections::BTreeSet;

/// The facts that the columns of the tables may hold.
const FACTS: [&str; 31] = [
    "automatic-rollback",
    "context",
    "environment",
    "fails",
    "file",
    "from",
    "locked",
    "minimum",
    "name",
    "names",
    "narrows",
    "packages",
    "passes",
    "payload",
    "prebuilt",
    "production",
    "provider",
    "range",
    "retention",
    "saved",
    "severities",
    "stdin",
    "targets",
    "task",
    "threshold",
    "to",
    "unlocked",
    "values",
    "version",
    "version-file",
    "whole",
];

fn every_table() -> [(&'static str, &'static Table); 4] {
    [("commands", &COMMANDS), ("actions", &ACTIONS), ("tasks", &TASKS), ("templates", &TEMPLATES)]
}

#[test]
fn tables_are_sorted_and_say_each_thing_once() {
    for (name, table) in every_table().into_iter().chain([("images", &*IMAGES)]) {
        let keys: Vec<(&str, &str)> = table
            .all()
            .iter()
            .map(|row| (row.pattern.split(' ').next().unwrap_or(""), row.pattern))
            .collect();
        for pair in keys.windows(2) {
            assert!(pair[0] < pair[1], "{name}: `{}` stands before `{}`", pair[0].1, pair[1].1);
        }
    }
}

#[test]
fn tables_name_known_activities_and_facts() {
    for (name, table) in every_table() {
        for row in table.all() {
            for (does, _) in row.activities() {
                let known = ACTIVITIES.iter().chain(&COMPUTED).chain(&DIRECTIVES);
                assert!(
                    known.into_iter().any(|known| *known == does),
                    "{name}: `{}` does `{does}`",
                    row.pattern
                );
            }
            for (fact, value) in row.facts() {
                assert!(FACTS.contains(&fact), "{name}: `{}` has the fact `{fact}`", row.pattern);
                assert!(!value.is_empty(), "{name}: `{}` says nothing on `{fact}`", row.pattern);
            }
            let words = row.rest().split_whitespace().count();
            assert_eq!(words, row.facts().count(), "{name}: `{}` has more than facts", row.pattern);
        }
    }
}

#[test]
fn what_rows_hand_on_to_exists() {
    let handed_on = COMMANDS.all().iter().filter_map(|row| row.does.strip_prefix("same-as:"));
    for program in handed_on {
        assert!(!COMMANDS.rows(program).is_empty(), "`{program}` has no row");
    }
}

/// What is compared with lower case can never be met otherwise.
#[test]
fn rows_are_written_as_they_are_looked_up() {
    let parts = COMMANDS.all().iter().flat_map(|row| row.words()).filter(|word| word.starts_with('~'));
    let actions = ACTIONS.all().iter().filter_map(|row| row.pattern.split(' ').next());
    let tasks = TASKS.all().iter().map(|row| row.pattern);
    for text in parts.chain(actions).chain(tasks) {
        assert_eq!(text, text.to_ascii_lowercase());
    }
    for row in TASKS.all() {
        assert!(row.pattern.split(' ').is_sorted(), "the words of `{}` are in no order", row.pattern);
    }
}

/// `helm upgrade --version 1.2` gives the version of a chart, `trivy --version` prints that of the program.
#[test]
fn asking_a_program_about_itself_does_nothing() {
    let asks = |line: &str| {
        let mut words = line.split(' ');
        let program = words.next().unwrap_or("");
        Words { program, arguments: words.collect() }.asks_about_program()
    };
    for line in
        ["trivy --version", "npx --yes tsc --version", "terraform -version", "docker build --help", "ruff -h"]
    {
        assert!(asks(line), "{line}");
    }
    for line in ["trivy fs .", "helm upgrade a b --version 1.2.3", "pytest", "pytest -v", "mysql -h host"] {
        assert!(!asks(line), "{line}");
    }
}

#[test]
fn activities_are_sorted() {
    let sorted: BTreeSet<&str> = ACTIVITIES.into_iter().collect();
    assert!(sorted.into_iter().eq(ACTIVITIES));
}

#[test]
fn a_variable_alone_may_stand_for_any_option() {
    let alone = ["$ARGS", "${ARGS}", "${{ inputs.args }}", "$@"];
    assert!(alone.iter().all(|argument| super::command::is_variable_alone(argument)));
    let longer = ["$URL/path", "${URL}/path", "${{ vars.URL }}/path", "--url=$URL", "a$B"];
    assert!(!longer.iter().any(|argument| super::command::is_variable_alone(argument)));
}
