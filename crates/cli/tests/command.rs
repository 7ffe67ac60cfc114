//! The command from the outside: arguments in, standard output and exit status out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says where")]

use assert_cmd::Command;
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A bucket that fails rules of several packs, and a database that fails more.
const FAILING: &str = "resource \"aws_db_instance\" \"main\" {\n  storage_encrypted = false\n}\n";

/// A database that one edit mends.
const PUBLIC: &str = "resource \"aws_db_instance\" \"main\" {\n  publicly_accessible = true\n}\n";

struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.put(path, text.as_bytes());
        }
        folder
    }

    #[expect(clippy::disallowed_methods, reason = "the command is tested on a disk")]
    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    #[expect(clippy::disallowed_methods, reason = "the command is tested on a disk")]
    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs the command in this folder.
    fn run(&self, arguments: &[&str]) -> Run {
        run_in(self.0.path(), arguments)
    }
}

struct Run {
    status: i32,
    output: String,
    errors: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.output)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.output, self.errors))
    }

    #[track_caller]
    fn expect(&self, status: i32, words: &[&str]) {
        assert_eq!(self.status, status, "{}{}", self.output, self.errors);
        for word in words {
            let is_said = self.output.contains(word) || self.errors.contains(word);
            assert!(is_said, "`{word}` is not said:\n{}{}", self.output, self.errors);
        }
    }
}

fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::cargo_bin("proofmark").unwrap();
    command.args(arguments).current_dir(folder).env("NO_COLOR", "1");
    // Reports name the commit of the checkout around the folder, and that may change between two runs.
    command.env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap());
    let output = command.output().unwrap();
    Run {
        status: output.status.code().unwrap_or(-1),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

fn storefront() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/projects/storefront")
}

fn scan_storefront(arguments: &[&str]) -> Run {
    let all: Vec<&str> =
        ["scan", "--root", ".", "--as-of", "2026-11-22"].iter().chain(arguments).copied().collect();
    run_in(&storefront(), &all)
}

#[test]
fn the_sample_project_has_findings_and_a_ledger_that_ends_the_report() {
    let run = scan_storefront(&[]);
    run.expect(1, &["infra/modules/database/main.tf", "waivers: 1 used"]);
    let last = run.output.trim_end().lines().last().unwrap();
    assert!(last.contains(" files: "), "{last}");
}

#[test]
fn every_report_is_the_same_on_one_thread_and_on_eight() {
    for format in ["text", "json", "sarif", "markdown", "junit", "csv", "github", "gitlab-codequality"] {
        let [one, eight] =
            ["1", "8"].map(|jobs| scan_storefront(&["--format", format, "--jobs", jobs]).output);
        assert!(!one.is_empty(), "{format}");
        assert_eq!(one, eight, "{format}");
    }
}

#[test]
fn the_threshold_decides_the_exit_status() {
    let folder = Folder::new(&[("main.tf", FAILING)]);
    folder.run(&["scan", "--rule", "CKV_AWS_16"]).expect(1, &["main.tf:2:3"]);
    folder.run(&["scan", "--rule", "CKV_AWS_16", "--fail-on", "critical"]).expect(0, &[]);
}

#[test]
fn standard_output_holds_the_report_and_nothing_else() {
    let folder = Folder::new(&[("main.tf", "resource \"a\" {"), ("b.tf", FAILING)]);
    let run = folder.run(&["scan", "--format", "json"]);
    assert_eq!(run.json()["schema_version"], "1");
    run.expect(1, &["hcl-syntax"]);
}

#[test]
fn one_broken_file_hides_no_finding_of_another() {
    let folder = Folder::new(&[("broken/main.tf", "resource \"a\" {"), ("whole/main.tf", FAILING)]);
    let scan = ["scan", "--rule", "CKV_AWS_16", "--format", "json"];
    let run = folder.run(&scan);
    let report = run.json();
    let verdicts: Vec<&Value> =
        report["evaluations"].as_array().unwrap().iter().map(|e| &e["verdict"]).collect();
    assert_eq!(verdicts, ["fail"]);
    folder.run(&[&scan[..], &["--strict"]].concat()).expect(2, &["--strict"]);
}

#[test]
fn an_unknown_rule_or_pack_is_refused_with_the_nearest() {
    let folder = Folder::new(&[("main.tf", FAILING)]);
    folder
        .run(&["scan", "--rule", "CKV_AWS_16x"])
        .expect(2, &["unknown rule `CKV_AWS_16x`", "did you mean `CKV_AWS_16`?"]);
    folder.run(&["scan", "--pack", "sco2"]).expect(2, &["unknown pack `sco2`", "did you mean `soc2`?"]);
    folder.run(&["scan", "--format", "yaml"]).expect(2, &["invalid value 'yaml'"]);
    folder.run(&["scan", "missing"]).expect(2, &["`missing` cannot be opened"]);
    folder.run(&["scan", "--as-of", "tomorrow"]).expect(2, &["`tomorrow` is no day"]);
}

#[test]
fn a_scan_that_looked_at_nothing_is_not_green() {
    let folder = Folder::new(&[]);
    folder.run(&["scan"]).expect(2, &["there was nothing to assess"]);
    folder.run(&["scan", "--allow-empty"]).expect(0, &["0 files"]);
}

#[test]
fn a_broken_configuration_is_refused_with_its_line() {
    let folder = Folder::new(&[("main.tf", FAILING), ("proofmark.yaml", "packs: [soc2]\nfail-on: high\n")]);
    folder.run(&["scan"]).expect(2, &["proofmark.yaml:2:1", "did you mean `fail_on`?"]);
    folder.run(&["scan", "--no-config", "--rule", "CKV_AWS_16"]).expect(1, &[]);
    folder.put("proofmark.yaml", b"disable: [aws/nothing-of-the-kind]\n");
    folder.run(&["scan"]).expect(2, &["proofmark.yaml:1:11", "unknown rule"]);
    folder.put("proofmark.yaml", b"packs: [\n");
    folder.run(&["scan"]).expect(2, &["proofmark.yaml"]);
    folder.run(&["scan", "--config", "missing.yaml"]).expect(2, &["missing.yaml"]);
}

#[test]
fn a_broken_rule_file_is_refused_with_its_line() {
    let folder = Folder::new(&[("main.tf", FAILING), ("own/acme/a.yaml", "title: A\nrequire: self.a ==\n")]);
    folder.run(&["scan", "--rules", "own"]).expect(2, &["acme/a.yaml:2"]);
}

#[test]
fn a_report_that_cannot_be_written_leaves_nothing_behind() {
    let folder = Folder::new(&[("main.tf", FAILING), ("taken/keep", "")]);
    let before = folder.names();
    folder.run(&["scan", "--output", "json=missing/report.json"]).expect(2, &["missing/report.json"]);
    folder.run(&["scan", "--output", "json=taken"]).expect(2, &["taken"]);
    assert_eq!(folder.names(), before);
    folder.run(&["scan", "--output", "sarif=report.sarif"]).expect(1, &[]);
    assert!(folder.names().contains(&"report.sarif".to_owned()));
}

#[test]
fn odd_files_are_counted_in_the_ledger() {
    let folder = Folder::new(&[("main.tf", FAILING)]);
    folder.put("utf16.yaml", b"\xff\xfea\0:\0 \x001\0");
    folder.put("binary.yaml", b"a: \0\x01\x02");
    folder.put("picture.png", b"\x89PNG\0");
    let huge = std::fs::File::create(folder.path("huge.yaml")).unwrap();
    huge.set_len(50_000_000).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("..", folder.path("up")).unwrap();
        std::os::unix::fs::symlink("circle", folder.path("circle")).unwrap();
        std::os::unix::fs::symlink("missing.tf", folder.path("dangling.tf")).unwrap();
    }
    let run = folder.run(&["scan", "--format", "json", "--rule", "CKV_AWS_16"]);
    run.expect(1, &["UTF-16", "binary", "more than the limit"]);
    let report = run.json();
    let mut states: Vec<String> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| format!("{} {}", file["path"].as_str().unwrap(), file["state"].as_str().unwrap()))
        .collect();
    states.retain(|state| !state.ends_with(" read"));
    let mut wanted =
        vec!["binary.yaml not-read", "huge.yaml not-read", "picture.png unrecognized", "utf16.yaml not-read"];
    if cfg!(unix) {
        wanted.extend(["circle not-read", "dangling.tf not-read", "up not-read"]);
        wanted.sort_unstable();
    }
    assert_eq!(states, wanted);
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let folder = Folder::new(&[("main.tf", FAILING)]);
    folder.run(&["baseline"]).expect(0, &["recorded in proofmark-baseline.json"]);
    let scan = ["scan", "main.tf", "--baseline", "proofmark-baseline.json"];
    folder.run(&scan).expect(0, &["known from the baseline"]);
    folder.put("new.tf", FAILING.replace("main", "other").as_bytes());
    folder.run(&scan).expect(1, &["new.tf"]);
    folder.put("proofmark-baseline.json", b"{}");
    folder.run(&scan).expect(2, &["schema_version"]);
}

#[test]
fn a_waiver_accepts_until_it_ends() {
    let configuration = "waivers:\n  - rule: CKV_AWS_16\n    address: aws_db_instance.main\n    reason: Test data.\n    approver: A\n    expires: 2026-12-31\n";
    let folder = Folder::new(&[("main.tf", FAILING), ("proofmark.yaml", configuration)]);
    folder.run(&["scan", "--rule", "CKV_AWS_16", "--as-of", "2026-12-31"]).expect(0, &["waivers: 1 used"]);
    folder
        .run(&["scan", "--rule", "CKV_AWS_16", "--as-of", "2027-01-01"])
        .expect(1, &["expired after 2026-12-31"]);
}

#[test]
fn verdicts_differ_by_environment() {
    let module = "variable \"encrypted\" {}\nresource \"aws_db_instance\" \"main\" {\n  storage_encrypted = var.encrypted\n}\n";
    let configuration = "environments:\n  prod: { variable_files: [prod.tfvars] }\n  test: { variables: { encrypted: false } }\n";
    let folder = Folder::new(&[
        ("main.tf", module),
        ("prod.tfvars", "encrypted = true\n"),
        ("proofmark.yaml", configuration),
    ]);
    let report = folder.run(&["scan", "--rule", "CKV_AWS_16", "--format", "json"]).json();
    let verdicts: Vec<String> = report["evaluations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|evaluation| {
            format!("{} {}", evaluation["verdict"].as_str().unwrap(), evaluation["environments"])
        })
        .collect();
    assert_eq!(verdicts.len(), 2, "{verdicts:?}");
    assert!(
        verdicts.contains(&"pass [\"prod\"]".to_owned()) && verdicts.contains(&"fail [\"test\"]".to_owned()),
        "{verdicts:?}"
    );
}

/// A module whose database is encrypted where somebody says so.
const OPEN: &str = "variable \"encrypted\" {\n  type    = bool\n  default = false\n}\nresource \"aws_db_instance\" \"main\" {\n  storage_encrypted = var.encrypted\n}\n";

#[test]
fn the_last_variable_on_the_command_line_wins() {
    let folder = Folder::new(&[
        ("main.tf", OPEN),
        ("terraform.tfvars", "encrypted = false\n"),
        ("prod.tfvars", "encrypted = true\n"),
    ]);
    let scan = |given: &[&str]| folder.run(&[&["scan", "--rule", "CKV_AWS_16"], given].concat());
    scan(&[]).expect(1, &["terraform.tfvars:1"]);
    scan(&["--var", "encrypted=true"]).expect(0, &[]);
    scan(&["--var-file", "prod.tfvars", "--var", "encrypted=false"]).expect(1, &[]);
    scan(&["--var", "encrypted=false", "--var-file=prod.tfvars"]).expect(0, &[]);
    scan(&["--var", "encrypt=true"])
        .expect(2, &["declares the variable `encrypt`", "did you mean `encrypted`?"]);
    scan(&["--var", "encrypted"]).expect(2, &["write it as NAME=VALUE"]);
    scan(&["--var", "encrypted =true"]).expect(2, &["is no name of a variable"]);
    scan(&["--var", "encrypted=no"]).expect(0, &["has the wrong type", "not understood whole"]);
    scan(&["--var-file", "none.tfvars"]).expect(2, &["`none.tfvars` cannot be opened"]);
    folder.run(&["evidence", "--framework", "soc2", "--out", "out", "--var", "x=1"]).expect(2, &["`x`"]);
}

#[test]
fn the_environment_of_the_process_changes_nothing() {
    let folder =
        Folder::new(&[("main.tf", &format!("{OPEN}output \"w\" {{\n  value = terraform.workspace\n}}\n"))]);
    let mut command = Command::cargo_bin("proofmark").unwrap();
    let command = command.args(["render", "."]).current_dir(folder.0.path());
    let output = command.env("TF_VAR_encrypted", "true").env("TF_WORKSPACE", "prod").output().unwrap();
    let plain = folder.run(&["render", "."]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), plain.output);
    assert!(plain.json()["outputs"]["w"]["unknown"].is_string());
    assert_eq!(folder.run(&["render", ".", "--workspace", "prod"]).json()["outputs"]["w"], "prod");
}

#[test]
fn one_environment_of_the_configuration_may_be_asked_for() {
    let configuration =
        "environments:\n  dev: {}\n  prod: { variables: { encrypted: true }, workspace: live }\n";
    let module = format!("{OPEN}output \"o\" {{\n  value = [var.encrypted, terraform.workspace]\n}}\n");
    let folder = Folder::new(&[("main.tf", &module), ("proofmark.yaml", configuration)]);
    let scan = ["scan", "--rule", "CKV_AWS_16"];
    folder.run(&scan).expect(1, &["aws_db_instance.main, only in dev: not met", "in 2 environments"]);
    folder.run(&[&scan[..], &["--environment", "prod"]].concat()).expect(0, &["in 1 environment"]);
    folder
        .run(&[&scan[..], &["--environment", "prd"]].concat())
        .expect(2, &["no environment `prd` is configured", "did you mean `prod`?"]);
    let render = folder.run(&["render", ".", "--environment", "prod"]).json();
    assert_eq!(render["outputs"]["o"], serde_json::json!([true, "live"]));
    folder.put("proofmark.yaml", b"environments:\n  prod: { variable_files: [prod.tfvars] }\n");
    folder.run(&scan).expect(2, &["proofmark.yaml:2:28", "there is no file `prod.tfvars`"]);
}

#[test]
fn a_called_module_is_judged_through_those_who_call_it() {
    let call = "module \"db\" {\n  source    = \"../modules/db\"\n  encrypted = false\n}\n";
    let folder = Folder::new(&[
        ("modules/db/main.tf", OPEN),
        ("infra/main.tf", &format!("{call}{FAILING}")),
        ("other/main.tf", FAILING),
        ("other/env/prod.tfvars", ""),
        ("proofmark.yaml", "variable_files: [other/env/prod.tfvars]\n"),
    ]);
    let places = |given: &[&str]| -> Vec<String> {
        let scan = ["scan", "--rule", "CKV_AWS_16", "--format", "json"];
        let report = folder.run(&[&scan[..], given].concat()).json();
        let evaluations = report["evaluations"].as_array().unwrap().iter();
        evaluations.map(|e| e["resource"]["address"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(places(&["--root", ".", "modules"]), ["module.db.aws_db_instance.main"]);
    let infra = places(&["--root", ".", "infra"]);
    assert_eq!(infra, ["aws_db_instance.main", "module.db.aws_db_instance.main"]);
    assert_eq!(places(&["--root", ".", "other/env"]), ["aws_db_instance.main"]);
    // Within its own boundary nobody calls it.
    assert_eq!(places(&["modules/db", "--root", "modules"]), ["aws_db_instance.main"]);
}

#[test]
fn a_new_rule_passes_its_own_examples() {
    let folder = Folder::new(&[]);
    folder.run(&["rules", "new", "acme/bucket-names-its-owner"]).expect(0, &["wrote"]);
    folder.run(&["rules", "test"]).expect(0, &["1 rule, 2 examples, 0 not as promised"]);
    folder.put(
        "rules/fixtures/acme/bucket-names-its-owner/fail/main.tf",
        b"resource \"aws_s3_bucket\" \"b\" {\n}\n",
    );
    folder.run(&["rules", "test"]).expect(1, &["main.tf:1: `fail` was not promised", "no line is marked"]);
    folder.run(&["rules", "new", "Acme"]).expect(2, &["is no rule id"]);
    folder.put("main.tf", b"resource \"aws_s3_bucket\" \"b\" {\n}\n");
    folder.put("proofmark.yaml", b"rules: rules\nenable: [acme/bucket-names-its-owner]\nfail_on: low\n");
    folder.run(&["scan"]).expect(1, &["acme/bucket-names-its-owner"]);
}

#[test]
fn rules_are_listed_and_explained() {
    let folder = Folder::new(&[]);
    folder.run(&["rules", "list", "aws/"]).expect(0, &["aws/"]);
    folder.run(&["explain", "CKV_AWS_16"]).expect(0, &["Why:", "Fix:", "Controls:", "Sources:"]);
    folder.run(&["explain", "CKV_AWS_16x"]).expect(2, &["did you mean"]);
    folder.run(&["completions", "bash"]).expect(0, &["proofmark"]);
}

#[test]
fn init_writes_a_configuration_that_is_understood() {
    let folder = Folder::new(&[("main.tf", FAILING)]);
    folder.run(&["init"]).expect(0, &["wrote"]);
    folder.run(&["scan"]).expect(1, &[]);
    folder.run(&["init"]).expect(2, &["exists already"]);
}

#[test]
fn evidence_is_verified_until_something_changes() {
    let folder = Folder::new(&[("main.tf", FAILING)]);
    folder
        .run(&["evidence", "--framework", "soc2", "--out", "evidence"])
        .expect(0, &["soc2.md", "manifest.json", "sha256"]);
    folder.run(&["verify", "evidence"]).expect(0, &["0 not as in the manifest"]);
    folder.put("main.tf", b"# nothing\n");
    folder.run(&["verify", "evidence"]).expect(1, &["`main.tf` has changed"]);
    folder.run(&["evidence", "--framework", "soc3", "--out", "other"]).expect(2, &["did you mean `soc2`?"]);
    assert!(!folder.names().contains(&"other".to_owned()));
}

#[test]
fn what_rules_can_repair_is_shown_then_written() {
    let folder = Folder::new(&[("main.tf", PUBLIC)]);
    let rule = ["--rule", "CKV_AWS_17"];
    let shown = folder.run(&["fix", ".", "--diff", rule[0], rule[1]]);
    assert_eq!(shown.status, 1, "{}", shown.errors);
    let expected = "--- a/main.tf\n+++ b/main.tf\n@@ -1,3 +1,3 @@\n resource \"aws_db_instance\" \"main\" {\n\
                    -  publicly_accessible = true\n+  publicly_accessible = false\n }\n";
    assert_eq!(shown.output, expected);
    assert_eq!(folder.run(&["scan", ".", rule[0], rule[1]]).status, 1, "`--diff` wrote something");

    let written = folder.run(&["fix", ".", rule[0], rule[1]]);
    assert_eq!((written.status, folder.names()), (0, vec!["main.tf".to_owned()]), "{}", written.errors);
    assert!(written.output.starts_with("main.tf:2  aws/"), "{}", written.output);
    assert!(written.output.ends_with("\n1 finding repaired in 1 file\n"), "{}", written.output);
    assert_eq!(folder.run(&["scan", ".", rule[0], rule[1]]).status, 0);
    let again = folder.run(&["fix", ".", "--diff", rule[0], rule[1]]);
    assert_eq!((again.status, again.output.as_str()), (0, ""));
}

#[test]
fn sarif_carries_what_would_repair_a_finding() {
    let folder = Folder::new(&[("main.tf", PUBLIC)]);
    let log = folder.run(&["scan", ".", "--format", "sarif", "--rule", "CKV_AWS_17"]).json();
    let change = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["replacements"][0]["insertedContent"]["text"], "false", "{log}");
    assert_eq!(change["replacements"][0]["deletedRegion"]["startLine"], 2, "{log}");
}

#[test]
fn a_module_is_rendered_with_what_is_not_known() {
    let module = "variable \"a\" {}\noutput \"sum\" { value = 1 + 2 }\noutput \"open\" { value = var.a }\nresource \"x\" \"y\" {}\n";
    let folder = Folder::new(&[("main.tf", module)]);
    let rendered = folder.run(&["render", "."]).json();
    assert_eq!(rendered["outputs"]["sum"], 3);
    assert!(rendered["outputs"]["open"]["unknown"].is_string());
    assert_eq!(rendered["resources"].as_array().unwrap().iter().filter(|r| r["address"] == "x.y").count(), 1);
    Folder::new(&[])
        .run(&["render", "."])
        .expect(2, &["holds no Helm chart, no overlay and no Terraform module"]);
}

#[test]
fn only_what_is_staged_is_judged() {
    let folder = Folder::new(&[("a/main.tf", FAILING), ("b/main.tf", FAILING)]);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        let mut command = std::process::Command::new("git");
        command.args(identity).args(arguments).current_dir(folder.0.path());
        assert!(command.output().unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "a"]);
    git(&["commit", "-qm", "a"]);
    let scan = ["scan", "--rule", "CKV_AWS_16", "--format", "json"];
    let paths = |run: &Run| -> Vec<String> {
        let report = run.json();
        let evaluations = report["evaluations"].as_array().unwrap();
        evaluations.iter().map(|e| e["location"]["path"].as_str().unwrap().to_owned()).collect()
    };
    folder.run(&[&scan[..], &["--staged"]].concat()).expect(0, &[]);
    git(&["add", "b"]);
    let run = folder.run(&[&scan[..], &["--staged"]].concat());
    assert_eq!((run.status, paths(&run)), (1, vec!["b/main.tf".to_owned()]));
    // What counts is what a commit would take, not what lies on the disk.
    folder.put("b/main.tf", b"# repaired, but not staged\n");
    let run = folder.run(&[&scan[..], &["--staged"]].concat());
    assert_eq!((run.status, paths(&run)), (1, vec!["b/main.tf".to_owned()]));
    folder.put("b/main.tf", FAILING.as_bytes());
    let run = folder.run(&[&scan[..], &["--changed-since", "HEAD"]].concat());
    assert_eq!(paths(&run), ["b/main.tf"]);
    folder.run(&[&scan[..], &["--changed-since", "nowhere"]].concat()).expect(2, &["no revision `nowhere`"]);
}

#[test]
fn a_chart_is_rendered_with_what_it_is_given() {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  a: {{ .Values.a | quote }}\n";
    let folder = Folder::new(&[
        ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("chart/values.yaml", "# The one value.\na: own\n"),
        ("chart/templates/map.yaml", template),
        ("prod.yaml", "a: prod\n"),
    ]);
    folder.run(&["render", "chart"]).expect(0, &["# Source: web/templates/map.yaml", "a: \"own\""]);
    folder
        .run(&["render", "chart", "--name", "x", "--root", ".", "--values", "prod.yaml"])
        .expect(0, &["name: x", "a: \"prod\""]);
    folder.run(&["render", "chart", "--set", "a=1", "--set-string", "a=2"]).expect(0, &["a: \"2\""]);
    let traced = folder.run(&["render", "chart", "--trace"]);
    traced.expect(0, &["templates/map.yaml:6 <- values.yaml:2 |   a: \"own\""]);
    folder.put("chart/templates/wrong.yaml", b"a: {{ required \"say b\" .Values.b }}\n");
    let told = "execution error at (web/templates/wrong.yaml:1:6): say b";
    folder.run(&["render", "chart"]).expect(2, &[told, "a: \"own\""]);
    folder.run(&["scan", "chart"]).expect(0, &[told]);
}

#[test]
fn an_overlay_is_built() {
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
    let folder = Folder::new(&[
        ("base/kustomization.yaml", "resources: [map.yaml]\n"),
        ("base/map.yaml", map),
        ("prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\n"),
    ]);
    folder.run(&["render", "prod", "--root", "."]).expect(0, &["name: prod-a"]);
}
