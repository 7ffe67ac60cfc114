//! Hostile scripts end, and cost what their length costs.

use super::read;
use crate::Shell;

#[test]
fn odd_input_ends() {
    for script in ["", "'", "\"$(", "`", "((((", "<<", "a <<X\nb", "${{", "$", "\\", "&>", "|||", "é | ü"] {
        let _ = read(script, Shell::default());
    }
}

/// Openings without an end, thousands of each: whoever reads them twice per level never ends.
#[test]
fn openings_without_an_end_cost_what_they_are_long() {
    let openings = [
        "$(",
        "`",
        "\"$(",
        "${",
        "${x:-",
        "((",
        "$((",
        "(",
        "{ ",
        "if ",
        "if x; then ",
        "while ",
        "do ",
        "case x in ",
        "x) ",
        "f() ",
        "f() { ",
        "function f ",
        "[[ ",
        "<<E ",
        "<(",
        "$'",
        "\"",
        "'",
        "${{",
        "$[[",
        "{{ ",
        "a=(",
        "@(",
        "\\\n",
        "|",
        "&&",
        ";;",
        ")",
        "}",
        "fi ",
        "esac ",
        "! ",
        "bash -c '",
        "eval \"",
        "x | ",
        "x && ",
        "x || ",
        "$(( ) ",
        "<<E\n",
        "time ",
        "if x; then . y; fi\n",
        "( . y )\nA=1\n",
        "A=$A$A\n",
        "for i in x; do ",
        "coproc ",
        "select x in y; do ",
        "until ",
        "f() { g; }\n",
        "`\\`",
        "\0",
    ];
    for opening in openings {
        let script = opening.repeat(4_000);
        let _ = read(&script, Shell::default());
    }
}

/// Functions that call each other in a chain longer than any stack.
#[test]
fn chains_of_functions_end() {
    let mut script = String::new();
    for index in 0..2_000 {
        script.push_str(&format!("f{index}() {{ f{}; }}\n", index + 1));
    }
    script.push_str("f0\n");
    assert!(!read(&script, Shell::default()).oddities.is_empty());
}
