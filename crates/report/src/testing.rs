//! A small scan for the tests of this crate.

use proofmark_findings::{
    AttestationRecord, AttestationState, EnvironmentRecord, Evaluation, Extent, FileRecord, FileState,
    Observation, Related, Repository, ScanResult, Subject, Target, UnitRecord, Verdict, Waiver, WaiverSource,
    WaiverState, assign_fingerprints, sort_evaluations,
};
use proofmark_frameworks::{Attestation, Control, ControlId, Duty, Framework, FrameworkId, Reach};
use proofmark_model::{Address, Data, Kind, StepKind, Unknown, Value};
use proofmark_rules::{
    Alias, Confidence, Instance, Param, ParamType, ParamValue, Params, Rule, RuleId, RuleSet, Severity, Stage,
};
use proofmark_source::{Code, Diagnostic, FileId, Impact, MemoryWorkspace, Span, Workspace};
use std::sync::Arc;

const MAIN: &str = "\
resource \"aws_db_instance\" \"main\" {
  storage_encrypted = var.encrypted
  backup_retention_period = 7
}

# proofmark:ignore=aws/rds-instance-encrypted until 2027-01-31 by jane: anonymous | test data
resource \"aws_db_instance\" \"test\" {
  storage_encrypted = false
}

resource \"aws_db_instance\" \"später 𝄞\" { password = \"hunter2hunter2\", storage_encrypted = var.later }
";
const VARIABLES: &str = "variable \"encrypted\" {\n  default = false\n}\n";

/// The files of the scene.
pub fn workspace() -> MemoryWorkspace {
    MemoryWorkspace::new([
        ("infra/main.tf", MAIN),
        ("infra/variables.tf", VARIABLES),
        ("infra/notes.txt", "hello"),
        ("policies/encryption policy.md", "---\nowner: jane\n---\n"),
    ])
}

/// A place in the scene's main file: the part of it behind the last of the texts before.
pub fn at(workspace: &dyn Workspace, path: &str, parts: &[&str]) -> Span {
    let file = workspace.find(path).unwrap();
    let text = workspace.load(file).unwrap();
    let (last, before) = parts.split_last().unwrap();
    let from = before.iter().fold(0, |from, part| from + text[from..].find(part).unwrap());
    let start = from + text[from..].find(last).unwrap();
    Span::new(file, start, start + last.len())
}

fn rule(id: &str, title: &str, severity: Severity, controls: &[&str]) -> Rule {
    Rule {
        id: RuleId(id.into()),
        title: title.into(),
        severity,
        confidence: Confidence::High,
        stage: Stage::Stable,
        version: 1,
        resources: vec!["aws_db_instance".into()],
        when: None,
        each: None,
        require: Vec::new(),
        params: Default::default(),
        controls: controls.iter().map(|id| ControlId((*id).into())).collect(),
        aliases: Vec::new(),
        why: "A lost disk shows what it holds.".into(),
        fix: "Set `storage_encrypted` to true.".into(),
        edit: None,
        sources: vec![
            "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html".into(),
        ],
        retired: None,
    }
}

fn rule_set() -> RuleSet {
    let mut backups = rule(
        "aws/rds-instance-backups-kept",
        "RDS instance keeps automated backups long enough",
        Severity::Medium,
        &["soc2/A1.2"],
    );
    let min_days = Param {
        default: ParamValue::Integer(7),
        kind: ParamType::Integer,
        unit: Some("days".into()),
        why: None,
    };
    backups.params.insert("min_days".into(), min_days);
    let mut encrypted = rule(
        "aws/rds-instance-encrypted",
        "RDS instance is encrypted at rest",
        Severity::High,
        &["soc2/CC6.1", "hipaa/164.312(a)(2)(iv)"],
    );
    encrypted.aliases.push(Alias { id: "CKV_AWS_16".into(), params: Params::new() });
    let control = |id: &str, title: &str, reach, beyond: &str| Control {
        id: ControlId(id.into()),
        title: title.into(),
        group: if id.starts_with("soc2/A") { "Availability" } else { "Logical access" }.into(),
        duty: None,
        reach,
        beyond_files: beyond.into(),
        attestation: None,
        source: None,
    };
    let mut policy = control(
        "soc2/CC6.2",
        "Access is granted and withdrawn by a set procedure",
        Reach::None,
        "Who has access.",
    );
    policy.attestation = Some(Attestation {
        paths: vec!["policies/access*.md".into()],
        required: vec!["owner".into()],
        max_age_days: Some(365),
    });
    let mut encryption = control("hipaa/164.312(a)(2)(iv)", "Data is encrypted at rest", Reach::Partial, "");
    encryption.duty = Some(Duty::Addressable);
    RuleSet {
        rules: vec![
            backups,
            encrypted,
            rule("aws/s3-bucket-encrypted", "S3 bucket is encrypted", Severity::Low, &["soc2/A1.2"]),
        ],
        frameworks: vec![
            Framework {
                id: FrameworkId("hipaa".into()),
                title: "HIPAA Security Rule".into(),
                edition: "45 CFR 164 subpart C".into(),
                source: "https://www.ecfr.gov/current/title-45/part-164/subpart-C".into(),
                controls: vec![encryption],
            },
            Framework {
                id: FrameworkId("soc2".into()),
                title: "SOC 2".into(),
                edition: "TSC 2017 with the 2022 points of focus".into(),
                source: "https://www.aicpa-cima.com/".into(),
                controls: vec![
                    control(
                        "soc2/CC6.1",
                        "Access to data is restricted",
                        Reach::Partial,
                        "How keys are handed out.",
                    ),
                    policy,
                    control("soc2/A1.2", "Backups are made and kept", Reach::Full, ""),
                ],
            },
        ],
        packs: Vec::new(),
        framework_params: Default::default(),
        digest: "d".repeat(64),
    }
}

/// A failure of the instance on the resource of that name.
fn failure(workspace: &dyn Workspace, instance: usize, name: &str, value: Value) -> Evaluation {
    let header = at(workspace, "infra/main.tf", &[&format!("resource \"aws_db_instance\" \"{name}\"")]);
    let span = value.origin.span;
    let path = if instance == 0 { "backup_retention_period" } else { "storage_encrypted" };
    Evaluation {
        instance,
        verdict: Verdict::Fail,
        subject: Subject {
            address: Address(format!("aws_db_instance.{name}").into()),
            kind: Kind("aws_db_instance".into()),
            span: header,
            header,
            unit: 0,
        },
        element: None,
        environments: Vec::new(),
        extent: Extent::default(),
        span,
        message: format!("`{path}` is {}", value.data),
        observations: vec![Observation { path: path.into(), span, value: Some(value) }],
        related: Vec::new(),
        fingerprint: String::new(),
        waiver: None,
        is_known: false,
        changes: Vec::new(),
    }
}

fn evaluations(workspace: &dyn Workspace) -> Vec<Evaluation> {
    let main = "infra/main.tf";
    let default = at(workspace, "infra/variables.tf", &["default = ", "false"]);
    let mut travelled = Value::new(Data::Bool(false), default);
    travelled.origin = travelled
        .origin
        .used_at(at(workspace, main, &["var.encrypted"]), StepKind::Variable("encrypted".into()));
    let mut failed = failure(workspace, 1, "main", travelled);
    failed.environments = vec!["prod".into()];
    failed.extent = Extent::Only;
    failed.related.push(Related { span: default, message: "the default of variable `encrypted`".to_owned() });
    let kept = Value::new(Data::Integer(7), at(workspace, main, &["backup_retention_period = ", "7"]));
    let mut passed = failure(workspace, 0, "main", kept);
    passed.verdict = Verdict::Pass;
    let plain = Value::new(Data::Bool(false), at(workspace, main, &["\"test\"", "false"]));
    let mut waived = failure(workspace, 1, "test", plain);
    waived.waiver = Some(0);
    let later = Value::unknown(
        Unknown::because("variable `later` has no default and no variable file sets it"),
        at(workspace, main, &["var.later"]),
    );
    let mut unknown = failure(workspace, 1, "später 𝄞", later);
    unknown.verdict = Verdict::Unknown;
    let secret = at(workspace, main, &["\"hunter2hunter2\""]);
    unknown.observations.push(Observation {
        path: "password".into(),
        value: Some(Value::string("hunter2hunter2", secret)),
        span: secret,
    });
    vec![failed, passed, waived, unknown]
}

fn file(workspace: &dyn Workspace, path: &str, state: FileState) -> FileRecord {
    let id = workspace.find(path);
    let size_bytes = id.and_then(|id| workspace.files().get(id.index())).map_or(4, |entry| entry.size_bytes);
    let classes = if path.ends_with(".tf") { vec!["terraform"] } else { Vec::new() };
    FileRecord { path: path.to_owned(), file: id, size_bytes, sha256: None, classes, state }
}

fn environments() -> Vec<EnvironmentRecord> {
    let files = vec!["infra/prod.tfvars".to_owned()];
    vec![
        EnvironmentRecord { name: "dev".into(), ..EnvironmentRecord::default() },
        EnvironmentRecord { name: "prod".into(), workspace: Some("live".into()), variable_files: files },
    ]
}

/// The whole scene: a failure with a trail, a pass, a waived failure, an unknown verdict; files in every state.
pub fn scan(workspace: &dyn Workspace) -> ScanResult {
    let rule_set = rule_set();
    let instance = |rule: usize, params: Params| Instance {
        rule,
        params,
        aliases: rule_set.rules[rule].aliases.iter().map(|alias| alias.id.clone()).collect(),
        controls: rule_set.rules[rule].controls.to_vec(),
    };
    let backups = Params::from([("min_days".into(), ParamValue::Integer(7))]);
    let instances = vec![instance(0, backups), instance(1, Params::new()), instance(2, Params::new())];
    let mut evaluations = evaluations(workspace);
    sort_evaluations(&mut evaluations);
    assign_fingerprints(&mut evaluations, &instances, &rule_set, workspace);
    let comment = at(workspace, "infra/main.tf", &["# proofmark:ignore=aws/rds-instance-encrypted"]);
    ScanResult {
        rule_set: Arc::new(rule_set),
        packs: vec!["soc2".into(), "hipaa".into()],
        instances,
        evaluations,
        environments: environments(),
        units: vec![UnitRecord {
            reader: "terraform",
            path: "infra".to_owned(),
            environments: vec!["dev".into(), "prod".into()],
            resource_count: 3,
            is_complete: true,
            is_failed: false,
        }],
        files: vec![
            file(workspace, "infra/logo.png", FileState::NotRead("the file is binary".to_owned())),
            file(workspace, "infra/main.tf", FileState::Read),
            file(workspace, "infra/notes.txt", FileState::Unrecognized),
            file(workspace, "infra/variables.tf", FileState::PartlyRead),
            file(workspace, "node_modules", FileState::Excluded(".gitignore".to_owned())),
            file(workspace, "policies/encryption policy.md", FileState::Read),
        ],
        diagnostics: vec![
            Diagnostic::new(
                Code("hcl-syntax"),
                Impact::Partial,
                at(workspace, "infra/variables.tf", &["}"]),
                "a brace is missing",
            )
            .with_help("close the block"),
        ],
        waivers: vec![Waiver {
            rule: "aws/rds-instance-encrypted".into(),
            target: Target::Span(at(workspace, "infra/main.tf", &["\"test\"", "storage_encrypted = false"])),
            reason: "anonymous | test data".to_owned(),
            alternative: None,
            approver: Some("jane".to_owned()),
            approved: None,
            expires: Some("2027-01-31".into()),
            source: WaiverSource::Inline(comment),
            state: WaiverState::Used,
        }],
        attestations: vec![AttestationRecord {
            control: ControlId("soc2/CC6.1".into()),
            path: "policies/encryption policy.md".to_owned(),
            span: Span::file_start(FileId(3)),
            owner: Some("jane".to_owned()),
            reviewed: None,
            state: AttestationState::Undated,
        }],
        repository: Repository {
            name: "shop".to_owned(),
            remote: Some("https://git.example.com/shop.git".to_owned()),
            commit: Some("c".repeat(40)),
            branch: Some("main".to_owned()),
            is_dirty: Some(false),
            scanned_path: "infra".to_owned(),
        },
        as_of: "2026-11-22".into(),
        tool_version: "0.1.0".into(),
    }
}

/// The same scene with so many failures more, of both severities in turn.
pub fn crowded(workspace: &dyn Workspace, count: usize) -> ScanResult {
    let mut result = scan(workspace);
    let template =
        result.evaluations.iter().find(|e| e.verdict == Verdict::Fail && e.waiver.is_none()).unwrap();
    let many = (0..count).map(|index| {
        let mut next = template.clone();
        next.instance = index % 2;
        next.subject.address = Address(format!("aws_db_instance.many[{index}]").into());
        next
    });
    result.evaluations = many.collect();
    sort_evaluations(&mut result.evaluations);
    assign_fingerprints(&mut result.evaluations, &result.instances, &result.rule_set, workspace);
    result
}
