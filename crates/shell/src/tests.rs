//! Scripts in, commands out.

use super::*;

fn show(script: &str) -> Vec<String> {
    parse_commands(script)
        .iter()
        .map(|command| {
            let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
            let nested = if command.is_nested { "nested " } else { "" };
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
fn here_documents_are_no_commands() {
    let script = "cat <<EOF > out\nrm -rf /\nEOF\nls";
    let commands = parse_commands(script);
    assert_eq!(show(script), ["Sequence: cat", "Sequence: ls"]);
    let body = commands[0].redirects[0].body.as_ref().map(|body| &script[body.start..body.end]);
    assert_eq!(body, Some("rm -rf /\n"));
    assert_eq!(commands[0].redirects[1].target.text, "out");
}

#[test]
fn odd_input_ends() {
    for script in ["", "'", "\"$(", "`", "((((", "<<", "a <<X\nb", "${{", "$", "\\", "&>", "|||", "é | ü"] {
        let _ = parse_commands(script);
    }
}

#[test]
fn template_expressions_are_part_of_their_word() {
    let commands = parse_commands("echo ${{ a && b }} done");
    assert_eq!(commands.len(), 1);
    assert_eq!(commands[0].words.len(), 3);
    assert!(commands[0].words[1].has_expansion);
}
