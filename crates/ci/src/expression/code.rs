//! Texts that become code.

use super::Place;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The language in which the text at a place is run: `script` for the script of a step, that of an action's input whose text the
/// action runs; `None` for all other texts.
pub fn language_of(Place { part, key }: Place<'_>, action: Option<&str>) -> Option<&'static str> {
    match part {
        "run" => Some("script"),
        "with" => language_of_input(action?, &key.to_lowercase()),
        _ => None,
    }
}

fn language_of_input(action: &str, input: &str) -> Option<&'static str> {
    static TABLE: OnceLock<HashMap<(&'static str, &'static str), &'static str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rows = include_str!("code_inputs.tsv").lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(|line| {
            let mut cells = line.split('\t');
            Some(((cells.next()?, cells.next()?), cells.next()?))
        })
        .collect()
    });
    table.get(&(action, input)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_found_in_any_case() {
        let input = |key| language_of(Place { part: "with", key }, Some("azure/cli"));
        assert_eq!(input("inlineScript"), Some("shell"));
        assert_eq!(input("azcliversion"), None);
        assert_eq!(language_of(Place { part: "with", key: "script" }, None), None);
    }
}
