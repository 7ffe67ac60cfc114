//! The rows: every judged resource, with the values that decided.

use super::Evidence;
use super::controls::{COUNT_COLUMNS, count_cells};
use crate::page::{Kind, Page, Phrase, anchor_of};
use crate::shown::show_value;
use crate::summary::{name_of, name_of_verdict};
use proofmark_findings::{ControlRule, Evaluation, Observation, Verdict};
use proofmark_model::StepKind;
use proofmark_rules::{Instance, Params, Rule};
use proofmark_source::Span;
use std::collections::BTreeMap;

/// The name by which controls link to a rule with its parameters.
pub fn anchor(evidence: &Evidence<'_>, instance: usize) -> String {
    let rule = rule_of(evidence, instance);
    format!("{}-{instance}", anchor_of("rule-", rule.map_or("", |rule| &rule.id.0)))
}

/// A section for each rule that speaks for a control of the framework.
pub fn write(page: &mut Page, evidence: &Evidence<'_>) {
    page.heading(2, "5. Evidence by rule");
    let mut rules: BTreeMap<usize, &ControlRule> = BTreeMap::new();
    for summary in &evidence.controls {
        rules.extend(summary.rules.iter().map(|rule| (rule.instance, rule)));
    }
    if rules.is_empty() {
        page.paragraph("No rule of this scan speaks for a control of this framework.");
    }
    let (met, unmet): (Vec<_>, Vec<_>) = rules.into_iter().partition(|(_, used)| used.counts.total() > 0);
    write_unmet(page, evidence, &unmet);
    for (_, used) in met {
        write_rule(page, evidence, used);
    }
}

/// Rules that found nothing to judge: a line each, so that the rows of the others stay in sight.
fn write_unmet(page: &mut Page, evidence: &Evidence<'_>, unmet: &[(usize, &ControlRule)]) {
    let rows = unmet.iter().filter_map(|(index, _)| {
        let rule = rule_of(evidence, *index)?;
        let kinds = rule.resources.iter().map(|kind| Phrase::code(&**kind));
        Some(vec![Phrase::code(&*rule.id.0), Phrase::from(&*rule.title), Phrase::lines(kinds)])
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return;
    }
    page.heading(3, "Rules that met no resource");
    page.paragraph("The files that were read hold nothing of the kinds that these rules speak about.");
    let columns = [("Rule", Kind::Words), ("Requirement", Kind::Words), ("Kinds", Kind::Words)];
    page.table(&columns, rows);
}

/// The rule of an instance.
pub fn rule_of<'r>(evidence: &Evidence<'r>, instance: usize) -> Option<&'r Rule> {
    let instance = evidence.result.instances.get(instance)?;
    evidence.result.rule_set.rules.get(instance.rule)
}

fn write_rule(page: &mut Page, evidence: &Evidence<'_>, used: &ControlRule) {
    let Some(instance) = evidence.result.instances.get(used.instance) else { return };
    let Some(rule) = evidence.result.rule_set.rules.get(instance.rule) else { return };
    page.anchor(3, anchor(evidence, used.instance), Phrase::code(&*rule.id.0));
    page.paragraph(Phrase::strong(&*rule.title).then(". ").then(&*rule.why).then(" Fix: ").then(&*rule.fix));
    page.list(facts(evidence, instance, rule));
    page.table(&COUNT_COLUMNS, vec![count_cells(&used.counts)]);
    let mut evaluations: Vec<&Evaluation> =
        used.evaluations.iter().filter_map(|&index| evidence.result.evaluations.get(index)).collect();
    // Worst first; within a verdict the order of places stays.
    evaluations.sort_by_key(|evaluation| (evaluation.verdict, evaluation.waiver.is_some()));
    let columns = [
        ("Verdict", Kind::Words),
        ("Resource", Kind::Words),
        ("Where", Kind::Words),
        ("What was found", Kind::Words),
        ("Values", Kind::Words),
    ];
    page.table(&columns, evaluations.into_iter().map(|evaluation| row(evidence, evaluation)).collect());
}

fn facts(evidence: &Evidence<'_>, instance: &Instance, rule: &Rule) -> Vec<Phrase> {
    let number = format!("Version {}, severity {}", rule.version, name_of(rule.severity));
    let mut facts = vec![Phrase::from(number)];
    let kinds: Vec<String> = rule.resources.iter().map(|kind| format!("`{kind}`")).collect();
    facts.push(Phrase::from(format!("Speaks about {}", kinds.join(", "))));
    if !instance.params.is_empty() {
        facts.push(Phrase::from("Parameters: ").then(Phrase::code(show_params(&instance.params))));
    }
    let framework = &evidence.framework.id.0;
    let controls = instance.controls.iter().filter(|control| control.framework() == framework.as_str());
    let mut phrase = Phrase::from("Controls: ");
    for (index, control) in controls.enumerate() {
        let number = control.number();
        phrase = phrase
            .then(if index > 0 { ", " } else { "" })
            .then(Phrase::jump(number, anchor_of("control-", number)));
    }
    facts.push(phrase);
    for condition in rule.when.iter() {
        facts.push(Phrase::from("Applies where ").then(Phrase::code(&*condition.text)));
    }
    for condition in &rule.require {
        facts.push(Phrase::from("Requires ").then(Phrase::code(&*condition.text)));
    }
    facts.extend(rule.sources.iter().map(|source| Phrase::from("Source: ").then(Phrase::web(source))));
    facts
}

/// Parameters as JSON, in order of name.
fn show_params(params: &Params) -> String {
    let parts = params.iter().map(|(name, value)| format!("{name} = {}", crate::json::plain_param(value)));
    parts.collect::<Vec<_>>().join(", ")
}

fn row(evidence: &Evidence<'_>, evaluation: &Evaluation) -> Vec<Phrase> {
    let is_waived = evaluation.waiver.is_some();
    let verdict = match evaluation.verdict {
        Verdict::Fail if is_waived => Phrase::strong("waived"),
        Verdict::Fail => Phrase::strong("fail"),
        verdict => Phrase::from(name_of_verdict(verdict)),
    };
    let mut resource = Phrase::code(&*evaluation.subject.address.0);
    if let Some(element) = &evaluation.element {
        resource = resource.then(" element ").then(Phrase::code(&**element));
    }
    let mut found = Phrase::from(evaluation.message.as_str());
    if let Some(place) = evaluation.where_it_holds() {
        found = found.then(format!(" ({place})"));
    }
    if let Some(waiver) = evaluation.waiver.and_then(|index| evidence.result.waivers.get(index)) {
        found = found.then(". Accepted: ").then(waiver.reason.as_str());
    }
    let values = evaluation.observations.iter().map(|observation| observed(evidence, observation));
    vec![verdict, resource, Phrase::code(place(evidence, evaluation.span)), found, Phrase::lines(values)]
}

/// ``encrypted = false`` at `main.tf:3`, from variable `x` at `vars.tf:1`.
fn observed(evidence: &Evidence<'_>, observation: &Observation) -> Phrase {
    let Some(value) = &observation.value else {
        let place = place(evidence, observation.span);
        return Phrase::code(&*observation.path).then(" is absent at ").then(Phrase::code(place));
    };
    let shown = match value.as_unknown().filter(|_| !value.is_sensitive) {
        Some(unknown) => {
            Phrase::code(&*observation.path).then(" is unknown (").then(&*unknown.reason).then(")")
        }
        None => Phrase::code(format!("{} = {}", observation.path, show_value(&observation.path, value))),
    };
    let mut phrase = shown.then(" at ").then(Phrase::code(place(evidence, observation.span)));
    let mut last = place(evidence, observation.span);
    for step in value.origin.steps() {
        let next = place(evidence, step.span);
        let is_operand = step.kind == StepKind::Operand;
        // Parts of one expression stand on its own line.
        if is_operand && next == last {
            continue;
        }
        let way = if is_operand { ", computed from".to_owned() } else { format!(", from {} at", step.kind) };
        phrase = phrase.then(way).then(" ").then(Phrase::code(next.as_str()));
        last = next;
    }
    phrase
}

/// `path:line` from the root of the repository.
pub fn place(evidence: &Evidence<'_>, span: Span) -> String {
    format!("{}:{}", evidence.places.root_path(span.file), evidence.places.range(span).start.line)
}
