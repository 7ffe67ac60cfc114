//! Documents that are made from the command's own output: `crates/cli/REFERENCE.md`, and the report on the front page.
//! `UPDATE_EXPECT=1 cargo test --package proofmark-cli --test documents` writes them anew.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test of documents on the disk")]

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};

const REFERENCE: &str = "# The command

What `proofmark` and its subcommands take, in their own words. This page is made from `--help`: `cargo xtask generate`.
";

/// The rules whose findings stand on the front page: one attribute, one value that travelled, one unknown.
const SHOWN: [&str; 4] =
    ["--rule", "aws/rds-instance-backups-kept", "--rule", "aws/security-group-admin-ports-closed"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn output(arguments: &[&str]) -> String {
    let run = Command::cargo_bin("proofmark").unwrap().args(arguments).current_dir(root()).output().unwrap();
    String::from_utf8(run.stdout).unwrap()
}

/// The help of a command and of those below it.
fn reference(path: &[&str], page: &mut String) {
    let mut arguments = path.to_vec();
    arguments.push("--help");
    let help = output(&arguments);
    let name = std::iter::once("proofmark").chain(path.iter().copied()).collect::<Vec<_>>().join(" ");
    let trimmed: Vec<&str> = help.lines().map(str::trim_end).collect();
    page.push_str(&format!("\n## `{name}`\n\n```text\n{}\n```\n", trimmed.join("\n").trim_end()));
    for name in subcommands(&help) {
        let below: Vec<&str> = path.iter().copied().chain([name]).collect();
        reference(&below, page);
    }
}

/// The names under `Commands:` in a help text.
fn subcommands(help: &str) -> Vec<&str> {
    let rows =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let rows = rows.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    rows.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

fn assert_current(path: &str, expected: &str) {
    let file = root().join(path);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&file, expected).unwrap();
    }
    let current = fs::read_to_string(&file).unwrap_or_default();
    assert!(current == expected, "{path} is out of date: run `cargo xtask generate`");
}

#[test]
fn the_reference_is_current() {
    let mut page = REFERENCE.to_owned();
    reference(&[], &mut page);
    assert_current("crates/cli/REFERENCE.md", &page);
}

#[test]
fn the_report_on_the_front_page_is_real() {
    let front = fs::read_to_string(root().join("README.md")).unwrap();
    let start = "<!-- generated: report -->\n";
    let (before, rest) = front.split_once(start).unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let project = "fixtures/projects/storefront";
    let arguments = ["scan", project, "--color", "never", "--as-of", "2026-11-22"];
    let report = output(&[&arguments[..], &SHOWN[..]].concat());
    let trimmed: Vec<&str> = report.lines().map(str::trim_end).collect();
    let block = format!(
        "\n```text\n$ proofmark scan {project} {}\n{}\n```\n\n",
        SHOWN.join(" "),
        trimmed.join("\n").trim()
    );
    assert_current("README.md", &format!("{before}{start}{block}<!-- end -->{after}"));
}
