//! Template expressions in scripts: what may be written in their place.

use crate::{Dialect, Shell, standing_at};

/// What reads the variable `X` where `${{ x }}` stands in a script, with `split` before it where its value becomes
/// several words; `code` where it is executed, `-` where nothing reads it.
fn reading(script: &str, dialect: Dialect) -> String {
    let at = script.find("${{ x }}").unwrap();
    let Some(standing) = standing_at(script, at, Shell::of_dialect(dialect)) else { return "-".to_owned() };
    let split = if standing.is_split { "split " } else { "" };
    match standing.reading("X") {
        Some(reading) => format!("{split}{reading}"),
        None if standing.is_code => "code".to_owned(),
        None => "-".to_owned(),
    }
}

#[test]
fn quotes_are_known_at_every_place() {
    let rows = [
        ("echo ${{ x }}", "\"${X}\""),
        ("echo \"a ${{ x }}\"", "${X}"),
        ("echo \"a\" ${{ x }}", "\"${X}\""),
        ("echo 'a ${{ x }}'", "'\"${X}\"'"),
        ("echo $'a\\n${{ x }}'", "-"),
        ("echo \"$(cat ${{ x }}.txt)\"", "\"${X}\""),
        ("echo \"`cat ${{ x }}.txt`\"", "\"${X}\""),
        ("echo \"$(cat 'x' \"${{ x }}\")\"", "${X}"),
        ("echo \"${A:-${{ x }}}\"", "${X}"),
        ("echo \\\"${{ x }}", "\"${X}\""),
        ("echo \"it's\" ${{ x }}", "\"${X}\""),
        ("echo ${{ f('it''s') }} ${{ x }}", "\"${X}\""),
        ("# it's\necho ${{ x }}", "\"${X}\""),
        ("echo a#b 'c' ${{ x }}", "\"${X}\""),
        ("echo a # ${{ x }}", "-"),
        ("cat <<END\n${{ x }}\nEND", "${X}"),
        ("cat <<'END'\n${{ x }}\nEND", "-"),
        ("cat <<-\"END\" > x\nit's\n\tEND\necho ${{ x }}", "\"${X}\""),
        ("cat <<< \"${{ x }}\"", "${X}"),
        ("A=${{ x }} make", "\"${X}\""),
        ("ls > ${{ x }}", "\"${X}\""),
        ("case ${{ x }} in a) ;; esac", "\"${X}\""),
        ("f() { echo ${{ x }}; }", "\"${X}\""),
        ("[[ ${{ x }} == a ]]", "\"${X}\""),
    ];
    for (script, expected) in rows {
        assert_eq!(reading(script, Dialect::Bash), expected, "{script}");
    }
}

#[test]
fn values_of_several_words_are_told() {
    let rows = [
        ("make ${{ x }}", "split \"${X}\""),
        ("make test-${{ x }}", "\"${X}\""),
        ("make --flags=${{ x }}", "\"${X}\""),
        ("make \"${{ x }}\"", "${X}"),
        ("for a in ${{ x }}; do echo $a; done", "split \"${X}\""),
        ("A=${{ x }}", "\"${X}\""),
    ];
    for (script, expected) in rows {
        assert_eq!(reading(script, Dialect::Bash), expected, "{script}");
    }
}

#[test]
fn what_is_executed_takes_no_variable() {
    let scripts = [
        "${{ x }}",
        "sudo ${{ x }} -y",
        "npx \"${{ x }}\"",
        "echo $(( ${{ x }} + 1 ))",
        "(( ${{ x }} > 1 ))",
        "let a=${{ x }}",
        "[[ ${{ x }} -eq 1 ]]",
        "eval \"${{ x }}\"",
        "bash -c \"echo ${{ x }}\"",
        "bash -ec 'echo ${{ x }}'",
        "docker run --rm alpine sh -c \"echo ${{ x }}\"",
        "ssh host \"echo ${{ x }}\"",
        "ssh host echo ${{ x }}",
        "python3 -c 'print(\"${{ x }}\")'",
        "node -e \"f('${{ x }}')\"",
        "awk '{ print \"${{ x }}\" }' file",
        "bash <<END\necho ${{ x }}\nEND",
        "python - <<END\nprint('${{ x }}')\nEND",
        "echo \"${{ x }}\" | bash",
        "ls | xargs -n1 bash -c 'a ${{ x }}'",
    ];
    for script in scripts {
        assert_eq!(reading(script, Dialect::Bash), "code", "{script}");
    }
    assert_eq!(reading("python run.py ${{ x }}.txt", Dialect::Bash), "\"${X}\"");
}

#[test]
fn powershell_reads_its_environment() {
    let rows = [
        ("echo ${{ x }}", "${env:X}"),
        ("echo \"a ${{ x }}\"", "${env:X}"),
        ("echo 'a ${{ x }}'", "-"),
        ("echo `\"${{ x }}", "${env:X}"),
        ("$a = \"${{ x }}\"", "${env:X}"),
        ("if (\"${{ x }}\" -eq 'a') { }", "${env:X}"),
        ("if ($${{ x }}) { }", "code"),
        ("$a = @\"\nit's ${{ x }}\n\"@", "${env:X}"),
        ("$a = @'\n${{ x }}\n'@", "-"),
        ("iex \"${{ x }}\"", "code"),
        ("# ${{ x }}", "-"),
    ];
    for (script, expected) in rows {
        assert_eq!(reading(script, Dialect::PowerShell), expected, "{script}");
    }
}
