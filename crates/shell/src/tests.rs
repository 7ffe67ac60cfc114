//! Scripts in, commands with facts out.

use super::*;
use proofmark_source::{FileId, Span};

fn read(script: &str, shell: Shell) -> Script {
    let locate = |range: std::ops::Range<usize>| Span::new(FileId(0), range.start, range.end);
    read_script(script, &Settings::new(shell, &locate))
}

fn show(script: &str) -> Vec<String> {
    read(script, Shell::default())
        .commands
        .iter()
        .map(|command| {
            let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
            let nested = if command.facts.nesting.is_some() { "nested " } else { "" };
            format!("{nested}{:?}: {}", command.join, words.join("|"))
        })
        .collect()
}

#[test]
fn commands_are_split_at_operators_and_lines() {
    assert_eq!(
        show(
            "apt-get update && \\\n  apt-get install -y 'a b' # why\ncurl -f x || exit 1\ncurl x |\n  sudo sh"
        ),
        [
            "Sequence: apt-get|update",
            "And: apt-get|install|-y|a b",
            "Sequence: curl|-f|x",
            "Or: exit|1",
            "Sequence: curl|x",
            "Pipe: sudo|sh"
        ]
    );
}

#[test]
fn keywords_and_assignments_do_not_hide_programs() {
    assert_eq!(show("if A=1 test -f x; then echo \"$A\"; fi"), ["Sequence: test|-f|x", "Sequence: echo|$A"]);
}

#[test]
fn substitutions_are_commands_of_their_own() {
    assert_eq!(
        show("x=$(curl -s y | jq .) bash <(wget z)"),
        [
            "Sequence: bash|<(wget z)",
            "nested Sequence: curl|-s|y",
            "nested Pipe: jq|.",
            "nested Sequence: wget|z"
        ]
    );
}

#[test]
fn odd_input_ends() {
    for script in ["", "'", "\"$(", "`", "((((", "<<", "a <<X\nb", "${{", "$", "\\", "&>", "|||", "é | ü"] {
        let _ = read(script, Shell::default());
    }
}

#[test]
fn template_expressions_are_part_of_their_word() {
    let commands = read("echo ${{ a && b }} done", Shell::default()).commands;
    assert_eq!(commands.len(), 1);
    assert_eq!(commands[0].words.len(), 3);
    assert!(commands[0].words[1].has_expansion);
}
