//! What a scan promises whatever the input: no panic, sums that tie out, reports that are valid.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests on the files of the checkout")]

use proofmark_scan::report::{self, EvidenceOptions, SarifOptions, SarifProfile};
use proofmark_scan::{DiskWorkspace, FileState, ScanResult, check_ledger};

fn assert_sound(result: &ScanResult, what: &str) {
    let problems = check_ledger(result);
    assert!(problems.is_empty(), "{what}: {problems:?}");
    let failed: Vec<&str> =
        result.units.iter().filter(|unit| unit.is_failed).map(|unit| unit.path.as_str()).collect();
    assert!(failed.is_empty(), "{what}: a bug of ours cost {failed:?}");
}

fn sarif(result: &ScanResult, workspace: &DiskWorkspace) -> serde_json::Value {
    let options = SarifOptions { profile: SarifProfile::Full, ..SarifOptions::default() };
    let text = report::render_sarif(result, workspace, &options).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn schema(path: &str) -> jsonschema::Validator {
    let text = std::fs::read_to_string(testkit::root().join("schemas").join(path)).unwrap();
    // The public schema of SARIF has one pattern with a stray bracket, which a strict reader of patterns refuses.
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn broken_input_costs_nothing_but_itself() {
    let workspace = testkit::open("fixtures/broken");
    let result = testkit::scan_all(&workspace);
    assert_sound(&result, "fixtures/broken");
    assert!(result.diagnostics.len() > 10, "broken files must be told about");
    let unread = result.files.iter().filter(|file| matches!(file.state, FileState::NotRead(_))).count();
    assert!(unread > 0, "a file that is no text must be counted as not read");
}

#[test]
fn every_fixture_scans_soundly_and_reports_validly() {
    let sarif_schema = schema("sarif-2.1.0.json");
    let result_schema = schema("scan-result.schema.json");
    for folder in
        ["fixtures/projects/storefront", "fixtures/projects/foundry", "fixtures/readers", "fixtures/broken"]
    {
        let workspace = testkit::open(folder);
        let result = testkit::scan_all(&workspace);
        assert_sound(&result, folder);
        let json: serde_json::Value =
            serde_json::from_str(&report::render_json(&result, &workspace)).unwrap();
        for (schema, instance) in [(&sarif_schema, sarif(&result, &workspace)), (&result_schema, json)] {
            let errors: Vec<String> = schema
                .iter_errors(&instance)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{folder}:\n{}", errors.join("\n"));
        }
    }
}

/// A report is handed on; the terminal, which shows lines of the user's own files, is not.
#[test]
fn no_report_holds_a_secret_of_the_repository() {
    let workspace = testkit::open("fixtures/projects/secrets");
    let result = testkit::scan_all(&workspace);
    let reports = [
        report::render_json(&result, &workspace),
        sarif(&result, &workspace).to_string(),
        report::render_markdown(&result, &workspace),
        report::render_junit(&result, &workspace),
        report::render_github(&result, &workspace),
        report::render_gitlab_codequality(&result, &workspace),
        report::render_gitlab_sast(&result, &workspace, None),
        report::render_csv(&result, &workspace),
        report::render_evidence(&result, &workspace, "soc2", &EvidenceOptions::default()).unwrap(),
    ];
    for (number, text) in reports.iter().enumerate() {
        let held = text.find("hunter2hunter2").map(|at| &text[at.saturating_sub(200)..at]);
        assert_eq!(held, None, "report {number}");
    }
    assert!(reports[0].contains("docker login -u me -p (sensitive) registry.example.com"));
}
