//! Scripts in, commands with facts out.
//!
//! Tables in `fixtures/readers/shell`: a row is a script and the commands that it must become, one per line with its
//! fields and whatever fact is not as usual. `UPDATE_EXPECT=1 cargo test -p proofmark-shell` writes what stands behind the
//! arrows anew. What failures do was compared with Bash 5.2 and dash on 1,400 generated scripts, not on these.

mod limits;
mod standing;

use super::*;
use proofmark_model::Value;
use proofmark_source::{FileId, Span};
use std::fmt::Write as _;
use std::path::Path;

/// Between a script and what it becomes.
const ARROW: &str = "=>\n";

/// Before a script; behind it the name of the row and, in brackets, the command line that starts the shell.
const HEADING: &str = "### ";

fn read(script: &str, shell: Shell) -> Script {
    let locate = |range: std::ops::Range<usize>| Span::new(FileId(0), range.start, range.end);
    let environment = |name: &str| {
        let known = name.strip_prefix("KNOWN_")?;
        Some(Value::string(known.to_lowercase(), Span::new(FileId(1), 0, 1)))
    };
    read_script(script, &Settings { environment: &environment, ..Settings::new(shell, &locate) })
}

/// One line per command, then what was odd.
fn show(script: &str, shell: Shell) -> String {
    let read = read(script, shell);
    let mut text = String::new();
    for command in &read.commands {
        writeln!(text, "{}", show_command(command)).unwrap();
    }
    for oddity in &read.oddities {
        let range = &oddity.range;
        writeln!(text, "odd {}..{}: {}", range.start, range.end, oddity.message).unwrap();
    }
    text
}

fn show_command(command: &Command) -> String {
    let facts = &command.facts;
    let fields: Vec<&str> = facts.fields.iter().map(|field| field.value.as_str().unwrap_or("?")).collect();
    let join = match command.join {
        Join::Sequence => "",
        Join::And => "&& ",
        Join::Or => "|| ",
        Join::Pipe => "| ",
    };
    let mut text = format!("{join}{}", fields.join("·"));
    for word in &command.assignments {
        write!(text, " [{}]", word.text).unwrap();
    }
    for redirect in &command.redirects {
        write!(text, " {}{}", redirect.operator, redirect.target.text).unwrap();
    }
    let text = text.replace('\n', "⏎");
    format!("{text}  {{{}}}", show_facts(facts).join(", "))
}

fn show_facts(facts: &Facts) -> Vec<String> {
    let mut shown = vec![show_fate(&facts.fate)];
    let flags = [
        ("conditional", facts.is_conditional),
        ("condition", facts.is_condition),
        ("loop", facts.in_loop),
        ("subshell", facts.in_subshell),
        ("background", facts.in_background),
        ("uncalled", !facts.is_called),
        ("last", facts.is_last),
        ("odd", facts.is_odd),
        ("traced", facts.options.xtrace),
        ("prints environment", facts.effects.prints_environment),
        ("unknown", facts.fields.iter().any(|field| !field.is_known)),
    ];
    shown.extend(flags.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| name.to_owned()));
    let mut add = |name: &str, value: Option<String>| {
        shown.extend(value.filter(|value| !value.is_empty()).map(|value| format!("{name} {value}")));
    };
    add("in", facts.function.clone());
    add("nested", facts.nesting.map(|nesting| nesting.name().to_owned()));
    add("folder", Some(facts.folder.clone().unwrap_or("unknown".to_owned())));
    let piped: Vec<&str> = facts.piped_to.iter().map(|(program, _)| program.as_str()).collect();
    add("to", Some(piped.join(" ")));
    add("or else", facts.or_else.as_ref().map(|(program, _)| program.clone()));
    let invocation = &facts.invocation;
    if !invocation.runners.is_empty() {
        let arguments = invocation.arguments(&facts.fields).len();
        let tool = invocation.tool_name(&facts.fields);
        add("runs", Some(format!("{tool} with {arguments} by {}", invocation.runners.join(" "))));
    }
    show_effects(facts, &mut add);
    shown
}

fn show_fate(fate: &Fate) -> String {
    let mut text = fate.on_failure.name().to_owned();
    if fate.on_failure == OnFailure::Handled && fate.fails_script {
        text.push_str(" fails");
    }
    if let Some((by, _)) = &fate.ignored_by {
        write!(text, " {}", by.name()).unwrap();
    }
    text
}

fn show_effects(facts: &Facts, add: &mut dyn FnMut(&str, Option<String>)) {
    let effects = &facts.effects;
    let names = |names: &Names| {
        let all: Vec<&str> = names.variables.iter().chain(&names.templates).map(String::as_str).collect();
        all.join(" ")
    };
    add("reads", Some(names(&effects.reads)));
    add("prints", Some(names(&effects.prints)));
    for url in &effects.urls {
        add("url", Some(format!("{} {}", url.text, names(&url.reads)).trim().to_owned()));
    }
    for write in &effects.writes {
        let sign = if write.is_append { ">>" } else { ">" };
        let rest = if write.is_known { "" } else { " and more" };
        let text = format!("{}{sign}{}{rest} {}", write.names.join(" "), write.target, names(&write.reads));
        add("writes", Some(text.trim().to_owned()));
    }
    for (name, value) in &facts.values {
        add("sets", Some(format!("{name}={}", value.as_str().unwrap_or("?"))));
    }
    if let Some(download) = &facts.download {
        let run = download.execution.as_ref().map(|run| format!(" run by {} as {}", run.by, run.how));
        let check = if download.is_checked { " checked" } else { "" };
        let file = download.file.as_deref().unwrap_or("-");
        add("fetches", Some(format!("{file}{}{check}", run.unwrap_or_default())));
    }
}

/// The rows of a table: heading, script.
fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table.split(HEADING).skip(1).map(|row| {
        let (heading, rest) = row.split_once('\n').unwrap_or((row, ""));
        (heading, rest.split_once(ARROW).map_or(rest, |(script, _)| script))
    })
}

fn shell_of(heading: &str) -> Shell {
    let command = heading.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'));
    command.map_or(Shell::default(), Shell::of_command)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]
fn every_row_becomes_what_it_must() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/readers/shell");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in files {
        let table = std::fs::read_to_string(&file).unwrap();
        let mut anew = table.split(HEADING).next().unwrap_or("").to_owned();
        for (heading, script) in rows(&table) {
            let script = script.trim_end_matches('\n');
            let became = show(script, shell_of(heading));
            writeln!(anew, "{HEADING}{heading}\n{script}\n{ARROW}{became}").unwrap();
        }
        let anew = anew.trim_end().to_owned() + "\n";
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&file, &anew).unwrap();
        } else if anew != table {
            let differs = anew.lines().zip(table.lines()).find(|(anew, table)| anew != table);
            wrong.push(format!("{}: {differs:?}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "these tables became something else:\n{}", wrong.join("\n"));
}

/// Each word stands where it was written: its bytes hold its text, but for quotes.
#[test]
fn words_stand_where_they_were_written() {
    let script = "sudo apt-get install \"a b\" && bash -c 'curl \"x\" | sh' <<E\n\\$y `echo \\`date\\``\nE\n";
    let mut places = Vec::new();
    for command in read(script, Shell::default()).commands {
        for word in &command.words {
            places.push(&script[word.range.start..word.range.end]);
        }
    }
    let expected = [
        "sudo",
        "apt-get",
        "install",
        "\"a b\"",
        "bash",
        "-c",
        "'curl \"x\" | sh'",
        "curl",
        "\"x\"",
        "sh",
        "echo",
        "`date\\`",
        "date",
    ];
    assert_eq!(places, expected);
}

#[test]
fn a_script_goes_on_where_the_one_before_ended() {
    let locate = |range: std::ops::Range<usize>| Span::new(FileId(0), range.start, range.end);
    let first = Settings { is_continued: true, ..Settings::new(Shell::default(), &locate) };
    let first = read_script("set -e; IMAGE=a:1; cd app", &first);
    let settings = Settings { before: Some(&first.end), ..Settings::new(Shell::default(), &locate) };
    let second = read_script("docker push $IMAGE; ls", &settings);
    let push = &second.commands[0].facts;
    assert_eq!(push.fields[2].value.as_str(), Some("a:1"));
    assert_eq!(push.folder.as_deref(), Some("app"));
    assert_eq!(push.fate.on_failure, OnFailure::Stops);
}
