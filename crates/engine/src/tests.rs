//! One helper for all: an expression and a small value tree in, the verdict and the decisive reads out.
//!
//! The tree is YAML. Texts in parentheses stand for what YAML cannot write: `(unknown)`, `(unknown set)`, `(same one)`,
//! `(prefix arn:)`, `(text arn:_:role)`, `(ref aws_kms_key.k.arn)`, `(sensitive hunter2)`; a key `(rest)` leaves its map open.

mod comparison;
mod functions;
mod linking;
mod logic;
mod places;
mod quantifiers;

use crate::{Context, Evaluator, Index};
use proofmark_findings::{Evaluation, Verdict};
use proofmark_model::{
    Address, Attribute, Data, HOLE, Kind, Known, Map, Reference, Resource, SmolStr, Unknown, Value, pod_view,
};
use proofmark_rules::{Instance, Params, Rule, RuleId, RuleSet, load_rule};
use proofmark_source::{FileId, MemoryWorkspace, Span, Workspace};
use proofmark_syntax::{YamlDialect, parse_yaml};

/// The day of every test.
const AS_OF: &str = "2026-06-15";

/// A resource: the text between `start` and `end` of the only file, with what its YAML says.
pub(crate) fn resource(address: &str, text: &str, offset: usize, is_lenient: bool) -> Resource {
    let parsed = parse_yaml(FileId(0), &format!("{}{text}", " ".repeat(0)), YamlDialect::Core);
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let span = Span::new(FileId(0), offset, offset + text.len());
    let header = Span::new(FileId(0), offset, offset);
    let attributes = match parsed.documents.first() {
        Some(document) => decode(&Value::from_node(&document.root, header)),
        None => Value::map(Map::new(Vec::new()).with_header(header), span),
    };
    let base = address.split('[').next().unwrap_or(address);
    let kind = Kind(match base.rsplit_once('.') {
        Some((before, _)) => SmolStr::new(
            before
                .rsplit_once("module.")
                .map_or(before, |(_, rest)| rest.split_once('.').map_or(rest, |(_, rest)| rest)),
        ),
        None => SmolStr::new(base),
    });
    let pod = pod_view(&kind, &attributes).cloned();
    let resource = Resource::new(Address(SmolStr::new(address)), kind, span, attributes);
    Resource { header, pod, is_lenient, ..resource }
}

/// Puts unknown and sensitive values where the tree asks for them.
fn decode(value: &Value) -> Value {
    let data = match &value.data {
        Data::String(text) => match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
            Some(inner) => return decode_special(inner, value),
            None => value.data.clone(),
        },
        Data::List(elements) => Data::List(elements.iter().map(decode).collect()),
        Data::Map(map) => {
            let entries = map.entries().iter().filter(|entry| entry.name != "(rest)");
            let mut decoded = Map::new(
                entries
                    .map(|entry| Attribute {
                        name: entry.name.clone(),
                        name_span: entry.name_span,
                        value: decode(&entry.value),
                    })
                    .collect(),
            );
            decoded.header = map.header;
            if map.get("(rest)").is_some() {
                decoded.unknown_rest = Some(Unknown::because("the rest is open").into());
            }
            Data::Map(decoded.into())
        }
        other => other.clone(),
    };
    Value { data, origin: value.origin.clone(), is_sensitive: value.is_sensitive }
}

fn decode_special(inner: &str, value: &Value) -> Value {
    let (word, rest) = inner.split_once(' ').unwrap_or((inner, ""));
    let mut unknown = Unknown::because("nobody set it");
    match word {
        "sensitive" => {
            let data = Data::String(rest.into());
            return Value { data, origin: value.origin.clone(), is_sensitive: true };
        }
        "unknown" if rest.is_empty() => {}
        "unknown" => unknown.known = Known { is_set: true, ..Known::default() },
        "same" => unknown.known = Known { identity: Some(rest.into()), ..Known::default() },
        "prefix" => unknown.known = Known { prefix: Some(rest.into()), ..Known::default() },
        "text" => {
            // `_` stands for what is not known.
            let skeleton = rest.replace('_', HOLE.encode_utf8(&mut [0; 4]));
            let prefix = skeleton.split(HOLE).next().filter(|prefix| !prefix.is_empty()).map(SmolStr::new);
            unknown.known = Known { prefix, skeleton: Some(skeleton.into()), ..Known::default() };
        }
        "length" => {
            let (least, most) = rest.split_once("..").unwrap();
            unknown.known =
                Known { min_length: least.parse().ok(), max_length: most.parse().ok(), ..Known::default() };
        }
        "ref" => {
            let (address, attribute) = rest.rsplit_once('.').unwrap();
            unknown = Unknown::computed(Reference {
                address: Address(address.into()),
                attribute: attribute.into(),
            });
        }
        other => panic!("no such special value: {other}"),
    }
    Value { data: Data::Unknown(unknown.into()), origin: value.origin.clone(), is_sensitive: false }
}

/// A rule around the lines that matter.
pub(crate) fn rule(lines: &str) -> Rule {
    let text = format!(
        "title: It holds\nseverity: low\nresource: test\ncontrols: [x/1]\nwhy: W.\nfix: F.\nsources: [\"https://example.org\"]\n{lines}\n"
    );
    load_rule(RuleId("test/rule".into()), FileId(0), &text)
        .unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"))
}

/// Evaluates a rule on the first of the resources.
pub(crate) fn evaluate(rule: &Rule, resources: &[Resource]) -> Vec<Evaluation> {
    let mut rule: Rule = rule.clone();
    rule.resources = vec![resources[0].kind.0.clone()];
    let params: Params =
        rule.params.iter().map(|(name, param)| (name.clone(), param.default.clone())).collect();
    let rule_set = RuleSet { rules: vec![rule], ..RuleSet::default() };
    let instances = [Instance { rule: 0, params, aliases: Vec::new(), controls: Vec::new() }];
    let evaluator = Evaluator::new(&rule_set, &instances);
    let workspace = MemoryWorkspace::new([("main.tf", "")]);
    let context = Context {
        workspace: &workspace as &dyn Workspace,
        as_of: AS_OF,
        repository: None,
        environment: None,
        evaluates: None,
    };
    let index = Index::new(resources);
    evaluator.evaluate(&context, 0, &resources[0], &index)
}

/// `verdict: path = value; path absent`, for one resource of kind `test`.
pub(crate) fn outcome(condition: &str, tree: &str) -> String {
    describe(&evaluate(&rule(&format!("require: {condition:?}")), &[resource("test.it", tree, 0, false)]))
}

/// The same for a format in which `"true"` is `true`.
pub(crate) fn lenient_outcome(condition: &str, tree: &str) -> String {
    describe(&evaluate(&rule(&format!("require: {condition:?}")), &[resource("test.it", tree, 0, true)]))
}

/// The evaluations in one line each.
pub(crate) fn describe(evaluations: &[Evaluation]) -> String {
    evaluations.iter().map(describe_one).collect::<Vec<_>>().join("\n")
}

fn describe_one(evaluation: &Evaluation) -> String {
    let verdict = match evaluation.verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Unknown => "unknown",
        Verdict::NotApplicable => "n/a",
    };
    let reads = evaluation.observations.iter().map(|seen| match &seen.value {
        Some(value) if value.as_unknown().is_some() => format!("{} unknown", seen.path),
        Some(value) => format!("{} = {value}", seen.path),
        None => format!("{} absent", seen.path),
    });
    let element = evaluation.element.as_ref().map(|key| format!(" [{key}]")).unwrap_or_default();
    let reads = reads.collect::<Vec<_>>().join("; ");
    if reads.is_empty() { format!("{verdict}{element}") } else { format!("{verdict}{element}: {reads}") }
}

/// The verdict alone.
pub(crate) fn verdict(condition: &str, tree: &str) -> String {
    outcome(condition, tree).split(':').next().unwrap_or("").to_owned()
}

/// Checks a condition against a tree: `check!("self.a == 1", "a: 2", "fail: a = 2")`.
macro_rules! check {
    ($condition:expr, $tree:expr, $expected:expr) => {
        assert_eq!($crate::tests::outcome($condition, $tree), $expected, "{} on {}", $condition, $tree);
    };
}
pub(crate) use check;
