//! Whole projects, and what they must become. `UPDATE_EXPECT=1 cargo test -p testkit --test projects` writes it anew.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests on the files of the checkout")]

use proofmark_scan::{
    DiskWorkspace, Evaluation, ScanResult, Settings, Span, Verdict, Workspace, render_module, scan,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rules whose findings in the project depend on arguments that went through several modules.
const RULES: [&str; 6] = [
    "aws/instance-metadata-hop-limited",
    "aws/instance-disks-encrypted",
    "aws/rds-cluster-backups-kept",
    "aws/rds-instance-minor-upgrades",
    "aws/s3-bucket-versioned",
    "aws/sqs-queue-encrypted",
];

#[test]
fn a_library_of_modules_becomes_what_terraform_plans() {
    let folder = "fixtures/projects/foundry";
    let workspace = testkit::open(folder);
    let told: Vec<String> =
        testkit::scan_all(&workspace).diagnostics.iter().map(|found| found.message.to_string()).collect();
    assert!(told.is_empty(), "Terraform accepts all of it: {told:?}");

    let mut text = String::new();
    for example in ["examples/complete", "examples/minimal"] {
        let module = render_module(&workspace, example, &Settings::new(testkit::rules(), testkit::DAY))
            .unwrap()
            .unwrap();
        write_module(example, &serde_json::from_str(&module.text).unwrap(), &mut text);
    }
    let mut settings = Settings::new(testkit::rules(), testkit::DAY);
    settings.rules = RULES.iter().map(|rule| (*rule).into()).collect();
    write_findings(&scan(&workspace, &settings).unwrap(), &workspace, &mut text);
    assert_expected(&format!("{folder}.expected.txt"), &text);
}

/// The instances of a module, those of one block in one line, and its outputs.
fn write_module(folder: &str, module: &Value, text: &mut String) {
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for resource in module["resources"].as_array().unwrap() {
        let is_planned = resource["kind"].as_str().unwrap().trim_start_matches("data.").starts_with("aws_");
        if is_planned {
            let address = resource["address"].as_str().unwrap();
            let bracket = address.ends_with(']').then(|| address.rfind('[')).flatten();
            let (block, key) = address.split_at(bracket.unwrap_or(address.len()));
            keys.entry(block.to_owned()).or_default().push(key.to_owned());
        }
    }
    writeln!(text, "# Instances of {folder}\n").unwrap();
    for (block, keys) in keys {
        writeln!(text, "{block}{}", keys.join(" ")).unwrap();
    }
    let outputs = serde_json::to_string_pretty(&module["outputs"]).unwrap();
    writeln!(text, "\n# Outputs of {folder}\n\n{outputs}\n").unwrap();
}

/// What fails, where it stands, and where the value comes from.
fn write_findings(result: &ScanResult, workspace: &DiskWorkspace, text: &mut String) {
    let place = |span: Span| {
        format!("{}:{}", workspace.path(span.file), workspace.line_index(span.file).line_number(span.start))
    };
    text.push_str("# Findings\n");
    let is_finding = |found: &&Evaluation| matches!(found.verdict, Verdict::Fail | Verdict::Unknown);
    for found in result.evaluations.iter().filter(is_finding) {
        writeln!(text, "\n{} {}\n  {}", found.subject.address, place(found.span), found.message).unwrap();
        for related in &found.related {
            writeln!(text, "  {} {}", place(related.span), related.message).unwrap();
        }
    }
}

fn assert_expected(path: &str, text: &str) {
    let file = testkit::root().join(path);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(text == expected, "{path} differs; this is what came out:\n{text}");
}
