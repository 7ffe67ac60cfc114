//! Failures with what reports say about them.

use proofmark_findings::{Evaluation, ScanResult, Verdict};
use proofmark_rules::{Instance, Rule};
use std::borrow::Cow;

/// An evaluation with its rule.
#[derive(Clone, Copy)]
pub struct Judged<'r> {
    /// The evaluation.
    pub evaluation: &'r Evaluation,
    /// The rule's parameters, names and controls.
    pub instance: &'r Instance,
    /// The rule.
    pub rule: &'r Rule,
}

/// All evaluations with their rules, in the order of the result.
pub fn judged(result: &ScanResult) -> impl Iterator<Item = Judged<'_>> {
    result.evaluations.iter().filter_map(|evaluation| {
        let instance = result.instances.get(evaluation.instance)?;
        let rule = result.rule_set.rules.get(instance.rule)?;
        Some(Judged { evaluation, instance, rule })
    })
}

/// Failures that no waiver covers, in the order of the result.
pub fn findings(result: &ScanResult) -> impl Iterator<Item = Judged<'_>> {
    judged(result)
        .filter(|judged| judged.evaluation.verdict == Verdict::Fail && judged.evaluation.waiver.is_none())
}

impl<'r> Judged<'r> {
    /// The verdict in words, with the environments where it does not hold in all of them.
    pub fn message(&self) -> Cow<'r, str> {
        let text = self.evaluation.message.trim();
        let text = if text.is_empty() { self.rule.title.as_str() } else { text };
        match self.evaluation.where_it_holds() {
            None => Cow::Borrowed(text),
            Some(place) => Cow::Owned(format!("{text} ({place})")),
        }
    }

    /// The resource, with the element where one was judged.
    pub fn subject(&self) -> Cow<'r, str> {
        let address = self.evaluation.subject.address.0.as_str();
        match &self.evaluation.element {
            None => Cow::Borrowed(address),
            Some(element) => Cow::Owned(format!("{address} [{element}]")),
        }
    }
}
