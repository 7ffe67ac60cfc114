use super::*;
use proofmark_model::{Address, Kind, Map};
use proofmark_source::{FileId, MemoryWorkspace, Span};

/// What a comment says, as one line for each rule.
fn said(text: &str) -> String {
    let lines = parse_directives(text).into_iter().flat_map(|directive| match directive {
        Err(problem) => vec![format!("error: {problem}")],
        Ok(directive) => {
            let tool = directive.tool.unwrap_or("own");
            let extras = [
                directive.expires.map(|day| format!(" until {day}")),
                directive.approver.map(|name| format!(" by {name}")),
                directive.alternative.map(|text| format!(" instead `{text}`")),
            ];
            let extras: String = extras.into_iter().flatten().collect();
            let reach = if directive.reach == Reach::Resource { " (resource)" } else { "" };
            directive
                .rules
                .iter()
                .map(|rule| format!("{tool} {rule}{extras}: {}{reach}", directive.reason))
                .collect()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn our_own_form_takes_clauses_in_any_order() {
    assert_eq!(
        said("proofmark:ignore=aws/x until 2027-01-31 by jane.doe: test data only"),
        "own aws/x until 2027-01-31 by jane.doe: test data only"
    );
    assert_eq!(
        said("proofmark:ignore=aws/x by jane until 2027-01-31: why"),
        "own aws/x until 2027-01-31 by jane: why"
    );
    assert_eq!(
        said("proofmark:ignore=aws/x by design the bucket is public"),
        "own aws/x: by design the bucket is public"
    );
    assert_eq!(said("proofmark:ignore=aws/x,CKV_AWS_1: both"), "own aws/x: both\nown CKV_AWS_1: both");
    assert_eq!(
        said("proofmark:ignore=aws/x until 2027-01-31 old clients; instead: a private network"),
        "own aws/x until 2027-01-31 instead `a private network`: old clients"
    );
}

#[test]
fn our_own_form_insists() {
    assert_eq!(said("proofmark:ignore=aws/x"), "error: the waiver gives no reason");
    assert_eq!(said("proofmark:ignore all of it"), "error: the waiver names no rule");
    assert_eq!(
        said("proofmark:ignore=aws/x until 2027-02-30: why"),
        "error: the waiver's `until` is not followed by a day such as `2027-01-31`"
    );
}

#[test]
fn other_tools_are_understood() {
    assert_eq!(said("checkov:skip=CKV_AWS_20:a public site"), "checkov CKV_AWS_20: a public site (resource)");
    assert_eq!(said("checkov:skip=CKV_AWS_20"), "checkov CKV_AWS_20:  (resource)");
    assert_eq!(said("trivy:ignore:AVD-AWS-0086:exp:2027-01-31"), "trivy AVD-AWS-0086 until 2027-01-31: ");
    assert_eq!(said("tfsec:ignore:a tfsec:ignore:b"), "tfsec a: \ntfsec b: ");
    assert_eq!(said("trivy:ignore:aws-x:ws:dev"), "");
    assert_eq!(
        said("zizmor: ignore[unpinned-uses, artipacked] ours"),
        "zizmor unpinned-uses: ours\nzizmor artipacked: ours"
    );
    assert_eq!(said("kics-scan ignore-line"), "kics *: ");
    assert_eq!(said("kics-scan disable=abc"), "");
    assert_eq!(said("an ordinary comment: ignore it"), "");
}

/// The text that the only comment of the only resource covers.
fn covered(text: &str, resource: &str, comment: &str) -> String {
    let at = |part: &str| {
        let start = text.find(part).unwrap();
        Span::new(FileId(0), start, start + part.len())
    };
    let span = Span { end: text.len() as u32, ..at(resource) };
    let workspace = MemoryWorkspace::new([("main.tf", text)]);
    let resource = Resource {
        header: at(resource),
        comments: vec![Comment { text: comment.trim_start_matches(['#', ' ']).into(), span: at(comment) }],
        ..Resource::new(Address("x".into()), Kind("x".into()), span, Value::map(Map::default(), span))
    };
    let found = read_inline_waivers(&workspace, &resource);
    match found.waivers.first().map(|waiver| &waiver.target) {
        Some(Target::Span(span)) => span.slice(text).to_owned(),
        other => format!("{other:?} {:?}", found.diagnostics),
    }
}

const OWN: &str = "# proofmark:ignore=a/b: why";

#[test]
fn a_comment_above_or_on_the_first_line_covers_the_resource() {
    let block = "resource \"a\" \"b\" {\n  x = 1\n}\n";
    assert_eq!(covered(&format!("{OWN}\n{block}"), "resource \"a\" \"b\"", OWN), block);
    let text = format!("resource \"a\" \"b\" {{ {OWN}\n  x = 1\n}}\n");
    assert_eq!(covered(&text, "resource \"a\" \"b\"", OWN), text);
}

#[test]
fn a_comment_inside_covers_a_statement_with_its_block() {
    let text = format!(
        "resource \"a\" {{\n  x = 1\n  {OWN}\n\n  ingress {{\n    p = 1\n\n    q = 2\n  }}\n  y = 2\n}}\n"
    );
    assert_eq!(covered(&text, "resource \"a\"", OWN), "  ingress {\n    p = 1\n\n    q = 2\n  }\n");
    let text = format!("resource \"a\" {{\n  x = 1 {OWN}\n  y = 2\n}}\n");
    assert_eq!(covered(&text, "resource \"a\"", OWN), format!("  x = 1 {OWN}\n"));
    let text = format!("steps:\n  - uses: a@v1 {OWN}\n    with:\n      x: 1\n  - run: y\n");
    assert_eq!(covered(&text, "steps:", OWN), format!("  - uses: a@v1 {OWN}\n    with:\n      x: 1\n"));
}

#[test]
fn checkov_covers_the_resource_wherever_it_stands() {
    let text = "resource \"a\" {\n  x = 1\n  # checkov:skip=CKV_1: why\n}\n";
    assert_eq!(covered(text, "resource \"a\"", "# checkov:skip=CKV_1: why"), text);
}
