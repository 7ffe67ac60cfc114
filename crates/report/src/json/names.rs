//! The words of the format.

use proofmark_findings::Verdict;
use proofmark_rules::{Confidence, ParamType, Severity, Stage};
use schemars::JsonSchema;
use serde::Serialize;

macro_rules! names {
    ($name:ident { $($variant:ident),* $(,)? }) => {
        #[derive(Clone, Copy, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($variant),* }
    };
}

names!(VerdictName { Pass, Fail, Unknown, NotApplicable });
names!(SeverityName { Info, Low, Medium, High, Critical });
names!(ConfidenceName { Low, Medium, High });
names!(StageName { Preview, Stable, Retired });
names!(ParamTypeName { Integer, Number, Boolean, String, List, Map });
names!(StateName { Read, PartlyRead, NotRead, Excluded, Unrecognized });
names!(ImpactName { None, Partial, Unread });
names!(WaiverStateName { Used, Unused, Expired, Idle });

pub fn verdict_name(verdict: Verdict) -> VerdictName {
    match verdict {
        Verdict::Pass => VerdictName::Pass,
        Verdict::Fail => VerdictName::Fail,
        Verdict::Unknown => VerdictName::Unknown,
        Verdict::NotApplicable => VerdictName::NotApplicable,
    }
}

pub fn severity_name(severity: Severity) -> SeverityName {
    match severity {
        Severity::Info => SeverityName::Info,
        Severity::Low => SeverityName::Low,
        Severity::Medium => SeverityName::Medium,
        Severity::High => SeverityName::High,
        Severity::Critical => SeverityName::Critical,
    }
}

pub fn confidence_name(confidence: Confidence) -> ConfidenceName {
    match confidence {
        Confidence::Low => ConfidenceName::Low,
        Confidence::Medium => ConfidenceName::Medium,
        Confidence::High => ConfidenceName::High,
    }
}

pub fn stage_name(stage: Stage) -> StageName {
    match stage {
        Stage::Preview => StageName::Preview,
        Stage::Stable => StageName::Stable,
        Stage::Retired => StageName::Retired,
    }
}

pub fn param_type_name(kind: ParamType) -> ParamTypeName {
    match kind {
        ParamType::Integer => ParamTypeName::Integer,
        ParamType::Number => ParamTypeName::Number,
        ParamType::Boolean => ParamTypeName::Boolean,
        ParamType::String => ParamTypeName::String,
        ParamType::List => ParamTypeName::List,
        ParamType::Map => ParamTypeName::Map,
    }
}
