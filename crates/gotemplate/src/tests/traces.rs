//! Where bytes of output came from.

use crate::{Data, Origin, Place, Run, Source, Templates, Text, Trace, Value, execute};
use proofmark_source::{FileId, Span};
use std::collections::BTreeMap;
use std::rc::Rc;

const TEMPLATE: FileId = FileId(0);
const HELPERS: FileId = FileId(1);
const VALUES: FileId = FileId(2);

/// A value that stands at a place of the values file.
fn at(start: usize, data: Data) -> Value {
    Value::new(data, Trace::of(Place::Value(Span::new(VALUES, start, start + 1))))
}

fn run(text: &str, helpers: &str) -> (Text, Trace) {
    let mut templates = Templates::default();
    for (name, text, file) in [("_h", helpers, HELPERS), ("t", text, TEMPLATE)] {
        let source = Source { name: name.into(), text: text.into(), origin: Origin::File(file) };
        templates.add(source).unwrap();
    }
    let labels = BTreeMap::from([("app".into(), at(20, Value::text("web").data))]);
    let values = BTreeMap::from([
        ("name".into(), at(10, Value::text("demo").data)),
        ("labels".into(), at(19, Value::dict(labels).data)),
        ("port".into(), at(30, Data::Float(8080.0))),
        ("text".into(), at(40, Value::text("{{ .name }}!").data)),
    ]);
    execute(&Run::default(), &Rc::new(templates), "t", &Value::dict(values)).unwrap()
}

/// Where the first byte of `part` came from: `action 3, value 10`.
fn origin_of(text: &(Text, Trace), part: &str) -> String {
    let start = text.0.as_str().find(part).unwrap();
    let (_, trace, skip) = text.0.stretches(&text.1).find(|(range, ..)| range.contains(&start)).unwrap();
    let stop = |place: &Place| match place {
        Place::Text(span) => format!("text {}:{}", span.file.0, span.start),
        Place::Action(span) => format!("action {}:{}", span.file.0, span.start),
        Place::Literal(span) => format!("literal {}:{}", span.file.0, span.start),
        Place::Value(span) => format!("value {}", span.start),
        Place::Unknown(reason) => format!("unknown ({reason})"),
    };
    let stops: Vec<String> = trace.places().map(stop).collect();
    let start = text.0.stretches(&text.1).find(|(range, ..)| range.contains(&start)).unwrap().0.start;
    let skipped = skip + (text.0.as_str().find(part).unwrap() - start);
    if matches!(trace.innermost(), Some(Place::Text(_))) {
        format!("{} + {skipped}", stops.join(", "))
    } else {
        stops.join(", ")
    }
}

#[test]
fn values_lead_to_their_line() {
    let output = run("a: {{ .name }}\nb: {{ .port | int }}", "");
    assert_eq!(origin_of(&output, "a: "), "text 0:0 + 0");
    assert_eq!(origin_of(&output, "demo"), "action 0:3, value 10");
    assert_eq!(origin_of(&output, "b: "), "text 0:14 + 1");
    assert_eq!(origin_of(&output, "8080"), "action 0:18, value 30");
}

#[test]
fn defaults_lead_into_the_template() {
    let output = run("a: {{ .missing | default \"none\" }}", "");
    assert_eq!(origin_of(&output, "none"), "action 0:3, literal 0:25");
}

#[test]
fn includes_keep_every_line_apart() {
    let helpers = "{{ define \"h\" }}x: 1\ny: {{ .name }}{{ end }}";
    let output = run("m:{{ include \"h\" . | nindent 2 }}", helpers);
    assert_eq!(output.0.as_str(), "m:\n  x: 1\n  y: demo");
    assert_eq!(origin_of(&output, "x: 1"), "action 0:2, text 1:16 + 0");
    assert_eq!(origin_of(&output, "y: "), "action 0:2, text 1:16 + 5");
    assert_eq!(origin_of(&output, "demo"), "action 0:2, action 1:24, value 10");
}

#[test]
fn yaml_leads_to_each_leaf() {
    let output = run("m:{{ toYaml .labels | nindent 2 }}", "");
    assert_eq!(origin_of(&output, "app"), "action 0:2, value 20");
    assert_eq!(origin_of(&output, "web"), "action 0:2, value 20");
}

#[test]
fn merges_keep_the_values_apart() {
    let output = run("{{ toYaml (merge (dict \"own\" \"x\") .labels) }}", "");
    assert_eq!(origin_of(&output, "web"), "action 0:0, value 20");
    assert_eq!(origin_of(&output, "x"), "action 0:0, literal 0:29");
}

#[test]
fn computed_templates_lead_to_the_text_that_they_are() {
    let output = run("a: {{ tpl .text . }}", "");
    assert_eq!(output.0.as_str(), "a: demo!");
    assert_eq!(origin_of(&output, "demo"), "action 0:3, value 40, value 10");
    assert_eq!(origin_of(&output, "!"), "action 0:3, value 40");
}

#[test]
fn texts_keep_their_places_through_functions() {
    for pipeline in [
        "quote",
        "trim",
        "trunc 3",
        "trimSuffix \"x\"",
        "replace \"z\" \"y\"",
        "printf \"%s-x\"",
        "upper",
        "b64enc",
        "toJson",
        "squote",
    ] {
        let output = run(&format!("{{{{ .name | {pipeline} }}}}"), "");
        assert!(origin_of(&output, output.0.as_str()).ends_with("value 10"), "{pipeline}");
    }
}

#[test]
fn placeholders_stay_marked() {
    let unknown = super::UNKNOWN.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for expression in unknown {
        let output = run(&format!("a: {{{{ {expression} | toString | b64enc | quote }}}}"), "");
        let origin = origin_of(&output, "\"");
        assert!(origin.contains("unknown ("), "{expression}: {origin}");
    }
}
