//! A small scene for the tests of this crate.

use crate::{
    Evaluation, Extent, FileRecord, FileState, Repository, ScanResult, Subject, UnitRecord, Verdict,
};
use proofmark_frameworks::{Control, ControlId, Duty, Framework, FrameworkId, Reach};
use proofmark_model::{Address, Kind};
use proofmark_rules::{Alias, Confidence, Instance, Pack, Params, Rule, RuleId, RuleSet, Severity, Stage};
use proofmark_source::{FileId, MemoryWorkspace, Span};
use std::sync::Arc;

/// One rule, one framework, one file.
pub struct Scene {
    pub workspace: MemoryWorkspace,
    pub rule_set: RuleSet,
    pub instances: Vec<Instance>,
}

pub const MAIN: &str = "# proofmark:ignore=AWS-0080 until 2027-01-31 by jane: a test\n\
resource \"aws_db_instance\" \"main\" {\n  storage_encrypted = false # trivy:ignore:AVD-AWS-0080\n}\n";

impl Scene {
    pub fn new() -> Self {
        let controls = vec![ControlId("hipaa/164.312(a)(2)(iv)".into())];
        let rule = Rule {
            id: RuleId("aws/rds-instance-encrypted".into()),
            title: "RDS instance is encrypted".into(),
            severity: Severity::High,
            confidence: Confidence::High,
            stage: Stage::Stable,
            version: 1,
            resources: vec!["aws_db_instance".into()],
            when: None,
            each: None,
            require: Vec::new(),
            params: Default::default(),
            controls: controls.to_owned(),
            aliases: vec![Alias { id: "AVD-AWS-0080".into(), params: Params::new() }],
            why: "Disks can be lost.".into(),
            fix: "Set `storage_encrypted`.".into(),
            edit: None,
            sources: Vec::new(),
            retired: None,
        };
        let control = |id: &str, reach| Control {
            id: ControlId(id.into()),
            title: "Something is protected".into(),
            group: "Safeguards".into(),
            duty: Some(Duty::Addressable),
            reach,
            beyond_files: "".into(),
            attestation: None,
            source: None,
        };
        let framework = Framework {
            id: FrameworkId("hipaa".into()),
            title: "HIPAA".into(),
            edition: "2013".into(),
            source: "https://www.ecfr.gov/".into(),
            controls: vec![
                control("hipaa/164.312(a)(2)(iv)", Reach::Partial),
                control("hipaa/164.310(a)(1)", Reach::None),
            ],
        };
        let instance =
            Instance { rule: 0, params: Params::new(), aliases: vec!["AVD-AWS-0080".into()], controls };
        Self {
            workspace: MemoryWorkspace::new([("main.tf", MAIN)]),
            rule_set: RuleSet {
                rules: vec![rule],
                frameworks: vec![framework],
                packs: Vec::<Pack>::new(),
                framework_params: Default::default(),
                digest: String::new(),
            },
            instances: vec![instance],
        }
    }

    pub fn result(self, evaluations: Vec<Evaluation>) -> ScanResult {
        ScanResult {
            rule_set: Arc::new(self.rule_set),
            packs: vec!["hipaa".into()],
            instances: self.instances,
            evaluations,
            environments: Vec::new(),
            units: vec![UnitRecord {
                reader: "terraform",
                path: String::new(),
                environments: Vec::new(),
                resource_count: 3,
                is_complete: true,
                is_failed: false,
            }],
            files: vec![FileRecord {
                path: "main.tf".to_owned(),
                file: Some(FileId(0)),
                size_bytes: 100,
                sha256: None,
                classes: vec!["terraform"],
                state: FileState::Read,
            }],
            diagnostics: Vec::new(),
            waivers: Vec::new(),
            attestations: Vec::new(),
            repository: Repository::default(),
            as_of: "2026-11-22".into(),
            tool_version: "0.0.0".into(),
        }
    }
}

/// A failure of the only rule in the only file, at that byte.
pub fn evaluation(start: usize) -> Evaluation {
    let span = Span::new(FileId(0), start, start + 1);
    Evaluation {
        instance: 0,
        verdict: Verdict::Fail,
        subject: Subject {
            address: Address("aws_db_instance.main".into()),
            kind: Kind("aws_db_instance".into()),
            span,
            header: span,
            unit: 0,
        },
        element: None,
        environments: Vec::new(),
        extent: Extent::default(),
        span,
        message: "`storage_encrypted` is false".to_owned(),
        observations: Vec::new(),
        related: Vec::new(),
        fingerprint: String::new(),
        waiver: None,
        is_known: false,
        changes: Vec::new(),
    }
}
