//! The library: scan files, get verdicts with their evidence, and reports.
//!
//! A scan needs three things: files, as a [`Workspace`] ([`DiskWorkspace`] for a folder, [`MemoryWorkspace`] for texts that
//! a tool holds already); rules, as a [`RuleSet`] ([`builtin_rules`], or those of [`load_rule_set`]); and [`Settings`]. The
//! answer is a [`ScanResult`]: every verdict, also the good ones, each unit, each file and what became of it.
//!
//! ```
//! use proofmark_scan::{MemoryWorkspace, Settings, builtin_rules, scan};
//!
//! let files = MemoryWorkspace::new([("main.tf", "resource \"aws_s3_bucket\" \"logs\" {}\n")]);
//! let result = scan(&files, &Settings::new(builtin_rules(), "2026-11-22"))?;
//! assert_eq!(result.files.len(), 1);
//! # Ok::<(), proofmark_scan::ScanError>(())
//! ```
//!
//! The cast: [`scan()`] runs the pipeline; [`Configuration`] is what `proofmark.yaml` says; [`test_rules`] runs the
//! fixtures of rules. Nothing here prints, reads the clock or the environment, or keeps state between scans.
//!
//! Deliberately absent: arguments, colors, exit codes (`cli`).
//!
//! Start at [`scan()`], then `pipeline.rs`.

mod configuration;
mod settings;
mod plan;
mod readers;
mod selection;
mod pipeline;
mod ledger;
mod own_rules;
mod rendered;
mod module;
mod overlay;
mod chart;
mod rule_tests;
mod fix;

pub use chart::{ChartOptions, render_chart};
pub use configuration::{
    CONFIGURATION_FILE, Configuration, DEFAULT_PACKS, Environment, Inputs, Named, RuleParams, Variable,
    configuration_schema, find_rule, nearest_rule, parse_configuration,
};
pub use fix::{Repaired, Repairs, propose_edits, repair};
pub use ledger::{FILE_UNREADABLE, hash_files};

pub use module::render_module;
pub use overlay::render_overlay;
pub use own_rules::load_own_rules;
pub use pipeline::{INTERNAL, Progress, scan, scan_with_progress};
pub use rendered::Rendered;
pub use rule_tests::{Case, CaseKind, FIXTURE_DAY, Place, RuleTestError, test_rules};
pub use settings::{ScanError, Settings, VariableArgument, needs_change_dates};

pub use proofmark_builtin::{decode_rule_set as decode_builtin_rules, rule_set as builtin_rules};
pub use proofmark_discover::{
    DiskWorkspace, Excluded, PatternError, Patterns, Scope, ScopeError, WalkSettings, git,
};
pub use proofmark_findings::{
    Baseline, EnvironmentRecord, Evaluation, Extent, FileRecord, FileState, Ledger, Observation, Related,
    Repository, ScanResult, Subject, Target, UnitRecord, Verdict, Waiver, WaiverSource, WaiverState,
    age_days, check_ledger, is_date, sha256_hex,
};
pub use proofmark_frameworks::{Control, ControlId, Framework, FrameworkId, Reach};
pub use proofmark_helm::SetKind;
pub use proofmark_model::{Attribute, Data, Map, Origin, Resource, SmolStr, Value};
pub use proofmark_report as report;
pub use proofmark_rules::{
    Alias, Condition, Instance, Pack, Param, ParamValue, Params, PlanError, Rule, RuleId, RuleSet, Selection,
    Severity, Stage, load_rule_set, nearest, rule_schema,
};
pub use proofmark_source::{
    Code, Diagnostic, FileEntry, FileId, Impact, LineIndex, LoadError, MemoryWorkspace, Span, Workspace,
};
