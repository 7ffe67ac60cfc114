use crate::{
    Evaluation, FileId, FileState, MemoryWorkspace, RuleSet, ScanError, ScanResult, Settings, SmolStr,
    VariableArgument, Verdict, Workspace, builtin_rules, load_own_rules, parse_configuration, scan,
};
use std::sync::Arc;

/// A rule about a name, and one about the environment.
const RULES: [(&str, &str); 2] = [
    (
        "acme/bucket-named.yaml",
        "title: Bucket is named well\nseverity: high\nresource: aws_s3_bucket\n\
         require: self.bucket == params.name\n\
         params: { name: { default: good, type: string, why: Any. } }\ncontrols: [engineering/backup]\n\
         why: Names help.\nfix: Name it.\nsources: [https://example.com]\n",
    ),
    (
        "acme/bucket-not-in-test.yaml",
        "title: Bucket is not in test\nseverity: high\nresource: aws_s3_bucket\n\
         require: environment != 'test'\ncontrols: [engineering/backup]\n\
         why: Tests are small.\nfix: Remove it.\nsources: [https://example.com]\n",
    ),
];

/// A root module with a bucket of that name.
const ROOT: &str =
    "variable \"name\" { default = \"bad\" }\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = var.name\n}\n";

fn rules() -> Arc<RuleSet> {
    Arc::new(load_own_rules(&MemoryWorkspace::new(RULES), &builtin_rules()).unwrap())
}

fn settings(configuration: &str) -> Settings {
    let mut settings = Settings::new(rules(), "2026-11-22");
    settings.configuration = parse_configuration(FileId(0), configuration).unwrap();
    settings.rules = vec!["acme/bucket-named".into()];
    settings
}

fn run(files: &[(&str, &str)], settings: &Settings) -> ScanResult {
    scan(&MemoryWorkspace::new(files.iter().copied()), settings).unwrap()
}

/// Each evaluation as `path: verdict address (where it holds) [its environments]`.
fn told(files: &[(&str, &str)], settings: &Settings) -> Vec<String> {
    let workspace = MemoryWorkspace::new(files.iter().copied());
    let result = scan(&workspace, settings).unwrap();
    let tell = |evaluation: &Evaluation| {
        let place = evaluation.where_it_holds().map(|place| format!(" {place}")).unwrap_or_default();
        let verdict = format!("{:?}", evaluation.verdict).to_lowercase();
        let (path, address) = (workspace.path(evaluation.span.file), &evaluation.subject.address);
        format!("{path}: {verdict} {address}{place} [{}]", evaluation.environments.join(" "))
    };
    result.evaluations.iter().map(tell).collect()
}

/// Each problem of the configuration as `line: message (help)`.
fn problems(files: &[(&str, &str)], configuration: &str) -> Vec<String> {
    let workspace = MemoryWorkspace::new(files.iter().copied());
    let Err(ScanError::Configuration(problems)) = scan(&workspace, &settings(configuration)) else {
        return Vec::new();
    };
    let lines = crate::LineIndex::new(configuration);
    let tell = |problem: &crate::Diagnostic| {
        let help = problem.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}: {}{help}", lines.line_number(problem.span.start), problem.message)
    };
    problems.iter().map(tell).collect()
}

#[test]
fn a_variable_file_belongs_to_the_innermost_root_that_holds_it() {
    let files = [
        ("a/main.tf", ROOT),
        ("a/env/prod.tfvars", "name = \"good\"\n"),
        ("a/inner/main.tf", ROOT),
        ("b/main.tf", ROOT),
    ];
    let told = told(&files, &settings("environments: { prod: { variable_files: [a/env/prod.tfvars] } }"));
    assert_eq!(
        told,
        [
            "a/inner/main.tf: fail aws_s3_bucket.b [prod]",
            "a/main.tf: pass aws_s3_bucket.b [prod]",
            "b/main.tf: fail aws_s3_bucket.b [prod]",
        ]
    );
}

#[test]
fn a_variable_file_outside_of_every_root_is_for_all() {
    let files = [("a/main.tf", ROOT), ("b/main.tf", ROOT), ("env/prod.tfvars", "name = \"good\"\n")];
    let passes = ["a/main.tf: pass aws_s3_bucket.b [prod]", "b/main.tf: pass aws_s3_bucket.b [prod]"];
    assert_eq!(
        told(&files, &settings("environments: { prod: { variable_files: [env/prod.tfvars] } }")),
        passes
    );
    // Of the roots that an environment is about: `b` is told to take what lies in `a`.
    let files = [("a/main.tf", ROOT), ("b/main.tf", ROOT), ("a/prod.tfvars", "name = \"good\"\n")];
    let configuration = "environments: { prod: { paths: [b], variable_files: [a/prod.tfvars] } }";
    assert_eq!(
        told(&files, &settings(configuration)),
        ["a/main.tf: fail aws_s3_bucket.b []", "b/main.tf: pass aws_s3_bucket.b [prod]"]
    );
}

#[test]
fn a_pattern_names_the_files_of_many_roots() {
    let files = [
        ("s/a/main.tf", ROOT),
        ("s/a/env/prod.tfvars", "name = \"good\"\n"),
        ("s/b/main.tf", ROOT),
        ("s/b/env/prod.tfvars", "name = \"other\"\n"),
        ("s/b/env/test.tfvars", "name = \"good\"\n"),
    ];
    let told = told(&files, &settings("environments: { prod: { variable_files: [s/*/env/prod.tfvars] } }"));
    assert_eq!(
        told,
        ["s/a/main.tf: pass aws_s3_bucket.b [prod]", "s/b/main.tf: fail aws_s3_bucket.b [prod]"]
    );
}

#[test]
fn single_variables_override_files_and_the_command_line_overrides_both() {
    let files =
        [("main.tf", ROOT), ("prod.tfvars", "name = \"file\"\n"), ("cli.tfvars", "name = \"good\"\n")];
    let configuration =
        "environments:\n  prod: { variable_files: [prod.tfvars], variables: { name: good } }\n";
    let mut settings = settings(configuration);
    assert_eq!(told(&files, &settings), ["main.tf: pass aws_s3_bucket.b [prod]"]);
    let argument = |text: &str| VariableArgument::Variable { name: "name".into(), text: text.to_owned() };
    settings.inputs = vec![argument("cli")];
    assert_eq!(told(&files, &settings), ["main.tf: fail aws_s3_bucket.b [prod]"]);
    settings.inputs.push(VariableArgument::File("cli.tfvars".to_owned()));
    assert_eq!(told(&files, &settings), ["main.tf: pass aws_s3_bucket.b [prod]"]);
}

#[test]
fn a_value_of_the_configuration_is_found_in_it() {
    let configuration = "variables:\n  name: \"${a} \\\"b\\\"\"\n";
    let files = [("main.tf", ROOT), ("proofmark.yaml", configuration)];
    let workspace = MemoryWorkspace::new(files);
    let mut settings = settings(configuration);
    settings.configuration_file = workspace.find("proofmark.yaml");
    let result = scan(&workspace, &settings).unwrap();
    let [evaluation] = result.evaluations.as_slice() else { panic!("one evaluation") };
    assert!(evaluation.message.contains("${a}"), "{}", evaluation.message);
    let places: Vec<&str> =
        evaluation.related.iter().map(|related| workspace.path(related.span.file)).collect();
    assert!(places.contains(&"proofmark.yaml"), "{places:?}");
}

#[test]
fn equal_verdicts_of_several_environments_are_one() {
    let files = [("main.tf", ROOT), ("good.tfvars", "name = \"good\"\n")];
    let configuration = "environments:\n  test: {}\n  stage: { variable_files: [good.tfvars] }\n  prod: { variable_files: [good.tfvars] }\n";
    let settings = settings(configuration);
    assert_eq!(
        told(&files, &settings),
        [
            "main.tf: fail aws_s3_bucket.b only in test [test]",
            "main.tf: pass aws_s3_bucket.b only in prod, stage [prod stage]",
        ]
    );
    let result = run(&files, &settings);
    assert_eq!(result.evaluations[0].fingerprint, result.evaluations[1].fingerprint);
    let names: Vec<&str> = result.environments.iter().map(|environment| environment.name.as_str()).collect();
    assert_eq!(names, ["test", "stage", "prod"]);
}

#[test]
fn parameters_and_rules_may_depend_on_the_environment() {
    let files = [("main.tf", ROOT)];
    let configuration =
        "environments:\n  test: { params: { acme/bucket-named: { name: bad } } }\n  prod: {}\n";
    let mut settings = settings(configuration);
    assert_eq!(
        told(&files, &settings),
        [
            "main.tf: pass aws_s3_bucket.b only in test [test]",
            "main.tf: fail aws_s3_bucket.b only in prod [prod]",
        ]
    );
    settings.rules = vec!["acme/bucket-not-in-test".into()];
    assert_eq!(
        told(&files, &settings),
        [
            "main.tf: fail aws_s3_bucket.b only in test [test]",
            "main.tf: pass aws_s3_bucket.b only in prod [prod]",
        ]
    );
}

#[test]
fn a_verdict_with_other_values_elsewhere_is_not_the_only_one() {
    let files = [("main.tf", ROOT)];
    let configuration = "environments:\n  a: { variables: { name: x } }\n  b: { variables: { name: y } }\n  c: { variables: { name: good } }\n";
    assert_eq!(
        told(&files, &settings(configuration)),
        [
            "main.tf: fail aws_s3_bucket.b in a [a]",
            "main.tf: fail aws_s3_bucket.b in b [b]",
            "main.tf: pass aws_s3_bucket.b only in c [c]",
        ]
    );
}

#[test]
fn the_workspace_is_that_of_the_environment() {
    let module = "resource \"aws_s3_bucket\" \"b\" {\n  bucket = terraform.workspace == \"live\" ? \"good\" : \"bad\"\n}\n";
    let files = [("main.tf", module)];
    let mut settings = settings("workspace: test\nenvironments:\n  prod: { workspace: live }\n  test: {}\n");
    assert_eq!(
        told(&files, &settings),
        [
            "main.tf: fail aws_s3_bucket.b only in test [test]",
            "main.tf: pass aws_s3_bucket.b only in prod [prod]",
        ]
    );
    settings.workspace = Some(SmolStr::new_static("live"));
    assert_eq!(told(&files, &settings), ["main.tf: pass aws_s3_bucket.b [prod test]"]);
    settings.configuration = crate::Configuration::default();
    settings.workspace = None;
    assert_eq!(told(&files, &settings), ["main.tf: unknown aws_s3_bucket.b []"]);
}

#[test]
fn only_what_was_asked_for_is_judged() {
    let files = [("dev/main.tf", ROOT), ("prod/main.tf", ROOT), ("rest/main.tf", ROOT)];
    let mut settings = settings("environments: { dev: { paths: [dev] }, prod: { paths: [prod] } }");
    assert_eq!(
        told(&files, &settings),
        [
            "dev/main.tf: fail aws_s3_bucket.b [dev]",
            "prod/main.tf: fail aws_s3_bucket.b [prod]",
            "rest/main.tf: fail aws_s3_bucket.b []",
        ]
    );
    settings.environments = vec!["prod".into()];
    assert_eq!(
        told(&files, &settings),
        ["prod/main.tf: fail aws_s3_bucket.b [prod]", "rest/main.tf: fail aws_s3_bucket.b []"]
    );
    let result = run(&files, &settings);
    let left_out = result.files.iter().filter(|file| matches!(file.state, FileState::Excluded(_)));
    assert_eq!(left_out.map(|file| file.path.as_str()).collect::<Vec<_>>(), ["dev/main.tf"]);
}

#[test]
fn a_comment_counts_where_its_resource_exists_in_one_environment_only() {
    let module = "variable \"on\" { default = false }\n\n# proofmark:ignore=acme/bucket-named Kept until its end\n\
                  resource \"aws_s3_bucket\" \"b\" {\n  count  = var.on ? 1 : 0\n  bucket = \"bad\"\n}\n";
    let configuration = "environments:\n  dev: {}\n  prod: { variables: { on: true } }\n  test: { variables: { on: true } }\n";
    let result = run(&[("main.tf", module)], &settings(configuration));
    assert_eq!(result.waivers.len(), 1);
    assert!(result.evaluations.iter().all(|evaluation| evaluation.verdict == Verdict::Fail));
    assert!(result.evaluations.iter().all(|evaluation| evaluation.waiver.is_some()));
    assert_eq!(result.evaluations[0].environments, ["prod", "test"]);
}

#[test]
fn names_of_what_is_not_there_are_told_with_their_line() {
    let files = [("infra/main.tf", ROOT), ("infra/prod.tfvars", "name = \"a\"\n")];
    let configuration = "environments:\n  prod:\n    paths: [infra, infar]\n    variable_files:\n      - infra/prd.tfvars\n      - infra/*.auto.tfvars\n    variables: { nam: x }\n";
    assert_eq!(
        problems(&files, configuration),
        [
            "3: nothing in the repository matches `infar`",
            "5: there is no file `infra/prd.tfvars` (did you mean `infra/prod.tfvars`?)",
            "6: no variable file matches `infra/*.auto.tfvars` (the name of a variable file ends with `.tfvars` or `.tfvars.json`; one that an ignore file hides is seen only where its whole path is named)",
            "7: no root module declares the variable `nam` (did you mean `name`?)",
        ]
    );
}

#[test]
fn what_the_command_line_names_must_be_there() {
    let refusal = |change: fn(&mut Settings)| {
        let mut settings = settings("environments: { prod: {} }");
        change(&mut settings);
        let error = scan(&MemoryWorkspace::new([("main.tf", ROOT)]), &settings).unwrap_err();
        format!("{error}: {error:?}")
    };
    let undeclared = refusal(|settings| {
        settings.inputs = vec![VariableArgument::Variable { name: "naem".into(), text: String::from("x") }];
    });
    assert!(undeclared.starts_with("no root module declares the variable `naem`"), "{undeclared}");
    assert!(undeclared.contains("nearest: Some(\"name\")"), "{undeclared}");
    let unknown = refusal(|settings| settings.environments = vec!["prd".into()]);
    assert!(unknown.starts_with("no environment `prd` is configured"), "{unknown}");
}

/// A rule about a value of a chart.
const REPLICAS: (&str, &str) = (
    "acme/deployment-replicated.yaml",
    "title: Deployment has replicas\nseverity: high\nresource: Deployment\nrequire: self.spec.replicas >= 2\n\
     controls: [engineering/backup]\nwhy: One is none.\nfix: Add one.\nsources: [https://example.com]\n",
);

#[test]
fn a_values_file_gives_a_chart_its_values_in_one_environment() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: {{ .Values.count }}\n";
    let files = [
        ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("chart/values.yaml", "count: 1\n"),
        ("chart/prod.yaml", "count: 3\n"),
        ("chart/templates/web.yaml", deployment),
        ("other/Chart.yaml", "apiVersion: v2\nname: other\nversion: 1.0.0\n"),
        ("other/values.yaml", "count: 1\n"),
        ("other/templates/web.yaml", deployment),
    ];
    let mut settings = settings("environments:\n  dev: {}\n  prod: { values_files: [chart/prod.yaml] }\n");
    let own = MemoryWorkspace::new(RULES.into_iter().chain([REPLICAS]));
    settings.rule_set = Arc::new(load_own_rules(&own, &builtin_rules()).unwrap());
    settings.rules = vec!["acme/deployment-replicated".into()];
    assert_eq!(
        told(&files, &settings),
        [
            "chart/templates/web.yaml: fail Deployment.default.web only in dev [dev]",
            "chart/templates/web.yaml: pass Deployment.default.web only in prod [prod]",
            "other/templates/web.yaml: fail Deployment.default.web [dev prod]",
        ]
    );
}

/// A base and two overlays, one of which sets the replicas; a service stands on its own.
fn overlays() -> Vec<(&'static str, &'static str)> {
    vec![
        ("app/base/kustomization.yaml", "resources: [web.yaml]\n"),
        (
            "app/base/web.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n",
        ),
        ("app/overlays/dev/kustomization.yaml", "resources: [../../base]\n"),
        (
            "app/overlays/prod/kustomization.yaml",
            "resources: [../../base]\nreplicas:\n  - name: web\n    count: 3\n",
        ),
        (
            "other/web.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: other\nspec:\n  replicas: 2\n",
        ),
    ]
}

fn about_replicas(configuration: &str) -> Settings {
    let mut settings = settings(configuration);
    let own = MemoryWorkspace::new(RULES.into_iter().chain([REPLICAS]));
    settings.rule_set = Arc::new(load_own_rules(&own, &builtin_rules()).unwrap());
    settings.rules = vec!["acme/deployment-replicated".into()];
    settings
}

#[test]
fn each_overlay_of_a_base_is_an_environment() {
    let mut settings = about_replicas("{}");
    let in_overlays = [
        "app/base/web.yaml: fail Deployment.default.web only in dev [dev]",
        "app/overlays/prod/kustomization.yaml: pass Deployment.default.web only in prod [prod]",
    ];
    let other = "other/web.yaml: pass Deployment.default.other []";
    assert_eq!(told(&overlays(), &settings), [in_overlays[0], in_overlays[1], other]);
    settings.environments = vec!["prod".into()];
    let result = run(&overlays(), &settings);
    let left_out = result.files.iter().filter(|file| matches!(file.state, FileState::Excluded(_)));
    let left_out: Vec<&str> = left_out.map(|file| file.path.as_str()).collect();
    assert_eq!(left_out, ["app/overlays/dev/kustomization.yaml"]);
    assert_eq!(
        told(&overlays(), &settings),
        ["app/overlays/prod/kustomization.yaml: pass Deployment.default.web [prod]", other]
    );
}

#[test]
fn what_overlays_have_in_common_is_told_once() {
    let mut settings = about_replicas("{}");
    let mut files = overlays();
    files[3].1 = "resources: [../../base]\nnamePrefix: \"\"\n";
    assert_eq!(
        told(&files, &settings),
        [
            "app/base/web.yaml: fail Deployment.default.web [dev prod]",
            "other/web.yaml: pass Deployment.default.other []",
        ]
    );
    let names = |result: ScanResult| {
        let names = result.environments.into_iter().map(|environment| environment.name.to_string());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(run(&files, &settings)), ["dev", "prod"]);
    // A comment beside the base is one waiver, whatever the overlays call the resource.
    files[1].1 = "# proofmark:ignore=acme/deployment-replicated One is enough\napiVersion: apps/v1\nkind: Deployment\n\
                  metadata:\n  name: web\nspec:\n  replicas: 1\n";
    files[3].1 = "resources: [../../base]\nnamespace: live\n";
    let result = run(&files, &settings);
    assert_eq!(result.waivers.len(), 1);
    let waived = result.evaluations.iter().filter(|evaluation| evaluation.waiver.is_some());
    let waived: Vec<String> =
        waived.map(|one| format!("{} {:?}", one.subject.address, one.environments)).collect();
    assert_eq!(waived, ["Deployment.default.web [\"dev\"]", "Deployment.live.web [\"prod\"]"]);
    // A rule may ask which environment it is.
    settings.rules = vec!["acme/deployment-not-in-dev".into()];
    let not_in_dev = REPLICAS.1.replace("self.spec.replicas >= 2", "environment != 'dev'");
    let own = MemoryWorkspace::new([("acme/deployment-not-in-dev.yaml", not_in_dev.as_str())]);
    settings.rule_set = Arc::new(load_own_rules(&own, &builtin_rules()).unwrap());
    let told = told(&overlays(), &settings);
    assert!(told[0].starts_with("app/base/web.yaml: fail Deployment.default.web only in dev"), "{told:?}");
}

#[test]
fn the_configuration_may_say_which_environment_an_overlay_is() {
    let told_with = |configuration: &str| {
        let mut told = told(&overlays(), &about_replicas(configuration));
        told.pop();
        told
    };
    // By a path, under another name.
    assert_eq!(
        told_with("environments: { live: { paths: [app/overlays/prod] } }"),
        [
            "app/base/web.yaml: fail Deployment.default.web only in dev [dev]",
            "app/overlays/prod/kustomization.yaml: pass Deployment.default.web only in live [live]",
        ]
    );
    // By the name alone: an environment about everything takes the overlay of its name, and no other.
    assert_eq!(
        told_with("environments: { dev: {}, prod: { paths: [app] }, test: {} }"),
        [
            "app/base/web.yaml: fail Deployment.default.web only in dev [dev]",
            "app/overlays/prod/kustomization.yaml: pass Deployment.default.web only in prod [prod]",
        ]
    );
}
