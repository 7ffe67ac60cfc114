use super::print;
use crate::{YamlDialect, parse_yaml_template};
use proofmark_source::FileId;

macro_rules! check {
    ($text:expr, @$expected:literal) => {
        let text = $text;
        let parsed = parse_yaml_template(FileId(0), text, YamlDialect::Kubernetes);
        insta::assert_snapshot!(print(&parsed, text), @$expected);
    };
}

#[test]
fn scalars_with_actions_are_templates() {
    check!("a: {{ .Values.a }}\nb: \"{{ .r | default \"x\" }}:{{ .t }}\"\nc: web-{{ .ü }}-1 # {{ .c }}\n{{ .k }}: [{{ .e }}, 2]\nd: {{ if .x }}1{{ else }}2{{ end }}\n", @r#"
    map `a: {{ .Values.a }}\nb: … }1{{ else }}2{{ end }}`
      a: template "{{ .Values.a }}" `{{ .Values.a }}`
      b: template "{{ .r | default \"x\" }}:{{ .t }}" Quoted `"{{ .r | default "x" }}:{{ .t }}"`
      c: template "web-{{ .ü }}-1" `web-{{ .ü }}-1`
      Template("{{ .k }}"): list `[{{ .e }}, 2]`
        - template "{{ .e }}" `{{ .e }}`
        - 2 `2`
      d: template "{{ if .x }}1{{ else }}2{{ end }}" `{{ if .x }}1{{ else }}2{{ end }}`
    comment "{{ .c }}" `# {{ .c }}`
    yaml-template None line 1 `{{ .Values.a }}`: a template fills in values of this file; they are not known here
    "#);
}

#[test]
fn lines_that_only_steer_are_blank() {
    check!("{{- /* note\n  : [ */ -}}\n{{- $x := .y }}\na:\n{{- if .b }}\n  b: 1\n{{- else }}\n  b: 2\n{{- end }}\nc: {{- with .c }}\n  d: 1\n{{- end }}\n", @r#"
    map `a:\n{{- if .b }}\n  b: … {{- with .c }}\n  d: 1`
      a: map `b: 1\n{{- else }}\n  b: 2`
        b: 1 `1`
        b: 2 `2`
      c: map `d: 1`
        d: 1 `1`
    yaml-template None line 1 `{{- /* note\n  : [ */ -}}`: a template fills in values of this file; they are not known here
    "#);
}

#[test]
fn a_value_alone_on_its_line_belongs_to_the_key_above() {
    check!("labels:\n  {{- include \"labels\" . | nindent 4 }}\nnext: 1\nlast:\n  {{ toYaml .x }}\n", @r#"
    map `labels:\n  {{- include … st:\n  {{ toYaml .x }}`
      labels: template "{{- include \"labels\" . | nindent 4 }}" `{{- include "labels" . | nindent 4 }}`
      next: 1 `1`
      last: template "{{ toYaml .x }}" `{{ toYaml .x }}`
    yaml-template None line 2 `{{- include "labels" . | nindent 4 }}`: a template fills in values of this file; they are not known here
    "#);
}

#[test]
fn among_entries_it_is_an_entry_that_nobody_knows() {
    check!("labels:\n  {{- include \"labels\" . | nindent 2 }}\n  a: 1\nb:\n  c: 1\n  {{- toYaml .Values.d | nindent 2 }}\n  e: 2\n", @r#"
    map `labels:\n  {{- include … | nindent 2 }}\n  e: 2`
      labels: map `{{- include "labels" . | nindent 2 }}\n  a: 1`
        Template("{{- include \"labels\" . | nindent 2 }}"): template "{{- include \"labels\" . | nindent 2 }}" ``
        a: 1 `1`
      b: map `c: 1\n  {{- toYaml .Va … | nindent 2 }}\n  e: 2`
        c: 1 `1`
        Template("{{- toYaml .Values.d | nindent 2 }}"): template "{{- toYaml .Values.d | nindent 2 }}" ``
        e: 2 `2`
    yaml-template None line 2 `{{- include "labels" . | nindent 2 }}`: a template fills in values of this file; they are not known here
    "#);
}

#[test]
fn among_elements_it_is_an_element_that_nobody_knows() {
    check!("env:\n  - name: a\n  {{- toYaml .Values.env | nindent 2 }}\n  - name: b\n", @r#"
    map `env:\n  - name: a\n  { … dent 2 }}\n  - name: b`
      env: list `- name: a\n  {{- toYam … dent 2 }}\n  - name: b`
        - map `name: a`
          name: "a" `a`
        - template "{{- toYaml .Values.env | nindent 2 }}" `- toYaml .Values.env | nindent 2 }}`
        - map `name: b`
          name: "b" `b`
    yaml-template None line 3 `{{- toYaml .Values.env | nindent 2 }}`: a template fills in values of this file; they are not known here
    "#);
}

#[test]
fn text_without_actions_stays_as_it_is() {
    check!("a: {b: {c: 1}}\nd: \"{\"\ne: '{{ open'\n", @r#"
    map `a: {b: {c: 1}}\nd: "{"\ne: '{{ open'`
      a: map `{b: {c: 1}}`
        b: map `{c: 1}`
          c: 1 `1`
      d: "{" Quoted `"{"`
      e: "{{ open" Quoted `'{{ open'`
    "#);
}

#[test]
fn a_key_may_have_a_template_and_more_below() {
    check!("labels: {{- include \"common.labels\" . | nindent 2 }}\n  a: 1\nargs: {{- toYaml .Values.args | nindent 2 }}\n  - b\n", @r#"
    map `labels: {{- include "c …  | nindent 2 }}\n  - b`
      labels: map ` include "common.label … | nindent 2 }}\n  a: 1`
        Template("{{- include \"common.labels\" . | nindent 2 }}"): template "{{- include \"common.labels\" . | nindent 2 }}" ``
        a: 1 `1`
      args: list ` toYaml .Values.args | nindent 2 }}\n  - b`
        - template "{{- toYaml .Values.args | nindent 2 }}" `oYaml .Values.args | nindent 2 }}`
        - "b" `b`
    yaml-template None line 1 `{{- include "common.labels" . | nindent 2 }}`: a template fills in values of this file; they are not known here
    "#);
}

#[test]
fn the_indentation_that_an_action_asks_for_places_it() {
    check!("labels:\n  {{- include \"a\" . | nindent 2 }}\n  {{- include \"b\" . | nindent 2 }}\npaths:\n  - host: a\n    http: {{ .h }}\n  {{- toYaml .Values.paths | nindent 2 }}\nend: 1\n", @r#"
    map `labels:\n  {{- include … | nindent 2 }}\nend: 1`
      labels: template "{{- include \"a\" . | nindent 2 }}" `{{- include "a" . | nindent 2 }}`
      paths: list `- host: a\n    http: { … s.paths | nindent 2 }}`
        - map `host: a\n    http: {{ .h }}`
          host: "a" `a`
          http: template "{{ .h }}" `{{ .h }}`
        - template "{{- toYaml .Values.paths | nindent 2 }}" `- toYaml .Values.paths | nindent 2 }}`
      end: 1 `1`
    yaml-template None line 2 `{{- include "a" . | nindent 2 }}`: a template fills in values of this file; they are not known here
    "#);
}

#[test]
fn blocks_of_text_survive_actions_in_them() {
    check!("run: |\n  {{- if .x }}\n  chown `id -u`\n{{- end }}\n  done {{ .y }}\nnext: 1\n", @r#"
    map `run: |\n  {{- if .x }} … done {{ .y }}\nnext: 1`
      run: template "|\n  {{- if .x }}\n  chown `id -u`\n{{- end }}\n  done {{ .y }}" Block `|\n  {{- if .x }}\n  c … nd }}\n  done {{ .y }}`
      next: 1 `1`
    yaml-template None line 2 `{{- if .x }}`: a template fills in values of this file; they are not known here
    "#);
}
