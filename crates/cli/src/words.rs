//! Words that several commands print.

use proofmark_scan::{ParamValue, Severity};

/// A severity as people and options spell it.
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

/// `1 finding`, `2 findings`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// The value of a parameter as a configuration file would say it.
pub fn param_text(value: &ParamValue) -> String {
    match value {
        ParamValue::Boolean(value) => value.to_string(),
        ParamValue::Integer(value) => value.to_string(),
        ParamValue::Number(value) => value.to_string(),
        ParamValue::String(text) => format!("{text:?}"),
        ParamValue::List(elements) => {
            let elements: Vec<String> = elements.iter().map(param_text).collect();
            format!("[{}]", elements.join(", "))
        }
        ParamValue::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(name, value)| format!("{name}: {}", param_text(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}
