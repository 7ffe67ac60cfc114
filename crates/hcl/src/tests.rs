//! Bodies as text: what is read, what is reported, and where.

use crate::{
    Attribute, Block, Body, Expr, ExprKind, Parsed, SpanMap, TemplatePart, parse_body, parse_expression,
};
use proofmark_source::{FileId, LineIndex};
use std::fmt::Write as _;

fn parse(text: &str) -> Parsed {
    parse_body(FileId(0), text)
}

/// The body as text: names, and the source under each span.
fn shown(text: &str) -> String {
    let parsed = parse(text);
    let mut made = String::new();
    write_body(&parsed.body, text, 0, &mut made);
    for comment in &parsed.comments {
        writeln!(made, "# {} = {:?}", comment.text, comment.span.slice(text)).unwrap();
    }
    let lines = LineIndex::new(text);
    for diagnostic in &parsed.diagnostics {
        let line = lines.line_number(diagnostic.span.start);
        writeln!(made, "line {line}: {} ({})", diagnostic.message, diagnostic.code).unwrap();
    }
    made
}

fn write_body(body: &Body, text: &str, indent: usize, made: &mut String) {
    let pad = "  ".repeat(indent);
    for Attribute { name, name_span, value, .. } in &body.attributes {
        if matches!(value.kind, ExprKind::Unreadable) {
            continue;
        }
        assert_eq!(name_span.slice(text), name);
        writeln!(made, "{pad}{name} = {}", value.span.slice(text)).unwrap();
    }
    for Block { header, body, span, .. } in &body.blocks {
        assert!(span.contains(*header));
        writeln!(made, "{pad}{} {{", header.slice(text)).unwrap();
        write_body(body, text, indent + 1, made);
        writeln!(made, "{pad}}}").unwrap();
    }
}

#[test]
fn spans_are_those_of_the_file() {
    let text = "# head\nlocals {\n  a = [1, \"x\"] // tail\n}\r\nresource \"t\" \"n\" {\r\n  b = var.c[0].d\r\n}\r\n";
    let expected = "locals {\n  a = [1, \"x\"]\n}\nresource \"t\" \"n\" {\n  b = var.c[0].d\n}\n# head = \"# head\"\n# tail = \"// tail\"\n";
    assert_eq!(shown(text), expected);
}

#[test]
fn a_typo_hides_its_own_attribute_only() {
    let text = "a {\n  x = 1\n}\nb {\n  x = = 1\n  y = 2\n  n {\n    z = 1 2\n    w = 3\n  }\n}\nc {\n  y = {\n    z = 1\n\nd {\n  x = 2\n}\ne {\n  s = \"open\n  t = 1\n}\nf {\n  x = 3\n}\n";
    let expected = "a {\n  x = 1\n}\nb {\n  y = 2\n  n {\n    w = 3\n  }\n}\nc {\n}\nd {\n  x = 2\n}\ne {\n  t = 1\n}\nf {\n  x = 3\n}\n";
    let shown = shown(text);
    assert!(shown.starts_with(expected), "{shown}");
    for line in ["line 5: ", "line 8: ", "line 12: ", "line 16: ", "line 20: "] {
        assert!(shown.contains(line), "{shown}");
    }
}

#[test]
fn a_block_that_is_never_closed_does_not_take_the_next() {
    let shown =
        shown("a \"x\" {\n  y = 1\n\nb \"z\" {\n  y = [1,\n  w = 2\n}\nc {\n  h = <<E\ntext\n}\nd {\n}\n");
    assert!(shown.starts_with("a \"x\" {\n  y = 1\n}\nb \"z\" {\n  w = 2\n}\nc {\n}\nd {\n}\n"), "{shown}");
}

#[test]
fn the_last_of_two_definitions_counts() {
    let shown = shown("a = 1\nbb {\n  name = 1\n  name = 2\n  name = 3\n}\na = 2\n");
    assert!(shown.starts_with("a = 2\nbb {\n  name = 3\n}\n"), "{shown}");
    assert_eq!(shown.matches("hcl-duplicate-attribute").count(), 3, "{shown}");
}

#[test]
fn newlines_inside_brackets_are_space() {
    let text = "a = {\n  for k, v in x : k => v.y # why\n    ? 1\n    : 2\n    if v != null\n}\nb = [for v in x\n  : v]\nc = (\n  1\n  + 2)\n";
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(parsed.body.attributes.len(), 3);
}

#[test]
fn hostile_text_is_bounded() {
    for text in [
        format!("a = {}1{}\nb = 1\n", "[".repeat(5000), "]".repeat(5000)),
        format!("a = {}1{}\nb = 1\n", "(".repeat(101), ")".repeat(101)),
        format!("a = \"{}x{}\"\nb = 1\n", "${\"".repeat(1000), "\"}".repeat(1000)),
        format!("{}{}\nb = 1\n", "a {\n".repeat(1000), "}\n".repeat(1000)),
        format!("a = {}1\nb = 1\n", "!".repeat(5000)),
        format!("a = 1{}\nb = 1\n", " + 1".repeat(5000)),
        format!("a = {}1{}\nb = 1\n", "(".repeat(90), format!("{})", " + 1".repeat(500)).repeat(90)),
        format!("a = {}1\nb = 1\n", "1 ? 1 : ".repeat(5000)),
    ] {
        let parsed = parse(&text);
        assert!(!parsed.diagnostics.is_empty());
        assert_eq!(parsed.body.attributes.last().map(|attribute| attribute.name.as_str()), Some("b"));
    }
}

#[test]
fn broken_ends_do_not_panic() {
    let text = "a \"b\" {\n  c = <<-E\n  x ${d[\"e\"]}\n  E\n  /* f */ g = \"h${i}\\n\"\n}\nü = \"é\"\n";
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        parse(&text[..end]);
        parse(&text[end..]);
    }
    assert_eq!(parse(text).diagnostics, []);
}

/// The parts of a template, directives as brackets.
fn parts_shown(parts: &[TemplatePart]) -> String {
    let show = |part: &TemplatePart| match part {
        TemplatePart::Literal(text, _) => format!("{text:?}"),
        TemplatePart::Interpolation(_) => String::from("$"),
        TemplatePart::If { then, otherwise, .. } => {
            format!("if[{}][{}]", parts_shown(then), parts_shown(otherwise))
        }
        TemplatePart::For { body, .. } => format!("for[{}]", parts_shown(body)),
    };
    parts.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn template(text: &str) -> String {
    let parsed = parse(text);
    match parsed.body.attributes.first().map(|attribute| &attribute.value.kind) {
        Some(ExprKind::Template(parts)) => parts_shown(parts),
        Some(ExprKind::String(text)) => format!("{text:?}"),
        other => format!("{other:?} {:?}", parsed.diagnostics),
    }
}

#[test]
fn templates_are_trimmed_and_dedented() {
    assert_eq!(template("a = \"x ${~ b ~} y\"\n"), "\"x\" $ \"y\"");
    assert_eq!(template("a = \"%{ if b }c%{ else }d%{ endif }\"\n"), "if[\"c\"][\"d\"]");
    assert_eq!(template("a = <<E\n  x\n  E\n"), "\"  x\\n\"");
    assert_eq!(template("a = <<-E\n    x\n      y\n  E\n"), "\"x\\n  y\\n\"");
    assert_eq!(
        template("a = <<-E\n  %{ for b in c ~}\n    ${b}\n  %{ endfor ~}\n  E\n"),
        "for[\"    \" $ \"\\n\"]"
    );
    assert_eq!(template("a = \"$${x} %%{y} \\u00e9\"\n"), "\"${x} %{y} é\"");
}

#[test]
fn an_expression_knows_its_place() {
    let place = |text: &str| {
        parse_expression(text, SpanMap::Offset(FileId(1), 10)).map(|Expr { span, .. }| (span.start, span.end))
    };
    assert_eq!(place("  a.b "), Ok((12, 15)));
    assert!(parse_expression("a +", SpanMap::Offset(FileId(1), 0)).is_err());
}

/// Texts that Terraform 1.11 reads and that it refuses, one a line, with `\n` for the end of a line and `\\` for a
/// backslash.
#[test]
fn what_terraform_reads_is_read_and_what_it_refuses_is_told_of() {
    let accepted = include_str!("../../../fixtures/readers/hcl/accepted.txt");
    let refused = include_str!("../../../fixtures/readers/hcl/refused.txt");
    for (lines, is_accepted) in [(accepted, true), (refused, false)] {
        for line in lines.lines() {
            let text = line.replace("\\\\", "\0").replace("\\n", "\n").replace('\0', "\\");
            let parsed = parse(&text);
            assert_eq!(parsed.diagnostics.is_empty(), is_accepted, "{line}: {:?}", parsed.diagnostics);
        }
    }
}
