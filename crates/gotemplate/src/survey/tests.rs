use super::{Manner, survey};
use crate::{Origin, Source};
use proofmark_source::FileId;

/// What a template reads, each as `path`, `path?` where it does without, `path!` where it changes it.
fn readings(text: &str) -> String {
    let source = Source { name: "t".into(), text: text.into(), origin: Origin::File(FileId(0)) };
    let surveyed = survey(&source).unwrap();
    let reading = |reading: &super::Reading| {
        let mark = match reading.manner {
            Manner::Needed => "",
            Manner::Optional => "?",
            Manner::Changed => "!",
        };
        format!("{}{mark}", reading.fields.join("."))
    };
    surveyed.readings.iter().map(reading).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_written_is_needed() {
    assert_eq!(readings("{{ .Values.a }}-{{ $.Values.b | quote }}"), "Values.a Values.b");
    assert_eq!(readings(r#"{{ printf "%s" .Values.a }}"#), "Values.a");
}

#[test]
fn what_has_a_default_or_a_condition_is_optional() {
    assert_eq!(
        readings("{{ .Values.a | default 1 }}{{ (.Values.b).c | quote }}"),
        "Values.a? Values.b? Values.b.c"
    );
    assert_eq!(
        readings("{{ if .Values.a }}{{ .Values.a.b }}{{ .Values.c }}{{ end }}"),
        "Values.a? Values.a.b? Values.c"
    );
}

#[test]
fn dots_are_followed_where_they_are_known() {
    assert_eq!(
        readings("{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ end }}"),
        "Values.a? Values.a.b? Values.c"
    );
    assert_eq!(readings("{{ range .Values.a }}{{ .b }}{{ end }}"), "Values.a?");
    assert_eq!(readings("{{ $x := .Values.a }}{{ $x.b }}{{ $x = 1 }}{{ $x.c }}"), "Values.a? Values.a.b");
}

#[test]
fn names_may_be_texts() {
    assert_eq!(readings(r#"{{ index .Values "a" "b" }}{{ index .Values.c $ }}"#), "Values.a.b Values.c");
    assert_eq!(readings(r#"{{ $_ := set .Values "a" 1 }}{{ hasKey .Values "b" }}"#), "Values.a! Values.b?");
}

#[test]
fn actions_and_calls_are_listed() {
    let text = r#"{{ define "x" }}{{ .Values.a }}{{ end }}{{ include "x" . | indent 2 }}{{ include .n . }}"#;
    let source = Source { name: "t".into(), text: text.into(), origin: Origin::File(FileId(0)) };
    let surveyed = survey(&source).unwrap();
    assert_eq!(surveyed.defined, ["x", "t"]);
    assert_eq!(surveyed.called, [Some("x".into()), None]);
    let texts: Vec<&str> = surveyed.actions.iter().map(|action| &text[action.range.clone()]).collect();
    assert_eq!(texts, ["{{ .Values.a }}", r#"{{ include "x" . | indent 2 }}"#, "{{ include .n . }}"]);
    assert_eq!(surveyed.actions[1].functions, ["include", "indent"]);
}
