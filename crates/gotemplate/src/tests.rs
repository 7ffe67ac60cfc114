//! Tables in `fixtures/readers/gotemplate`: what is expected there was taken from Helm 4.1.4.

mod traces;

use crate::{Data, Dict, Origin, Run, Source, Templates, Value, execute, without_no_value};
use proofmark_source::FileId;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

/// Templates that the tables include.
const HELPERS: &str = include_str!("../../../fixtures/readers/gotemplate/helpers.tpl");
const FUNCTIONS: &str = include_str!("../../../fixtures/readers/gotemplate/functions.tsv");
const TEMPLATES: &str = include_str!("../../../fixtures/readers/gotemplate/templates.txt");
const VALUES: &str = include_str!("../../../fixtures/readers/gotemplate/values.json");

fn value(tree: serde_json::Value) -> Value {
    match tree {
        serde_json::Value::Null => Value::nil(),
        serde_json::Value::Bool(flag) => flag.into(),
        serde_json::Value::Number(number) => Data::Float(number.as_f64().unwrap()).into(),
        serde_json::Value::String(text) => text.into(),
        serde_json::Value::Array(items) => Value::list(items.into_iter().map(value).collect()),
        serde_json::Value::Object(entries) => {
            Value::dict(entries.into_iter().map(|(key, item)| (key.into(), value(item))).collect())
        }
    }
}

/// The dot of a chart's template.
fn dot() -> Value {
    let named = |entries: serde_json::Value| value(entries);
    let template = serde_json::json!({ "Name": "c/templates/t.yaml", "BasePath": "c/templates" });
    let entries = BTreeMap::from([
        ("Values".into(), value(serde_json::from_str(VALUES).unwrap())),
        ("Chart".into(), named(serde_json::json!({ "Name": "c", "Version": "0.1.0" }))),
        ("Release".into(), named(serde_json::json!({ "Name": "rel", "Namespace": "default" }))),
        ("Template".into(), named(template)),
    ]);
    Data::Dict(Dict::typed(entries, "common.Values")).into()
}

/// What a template writes, or why it does not.
pub(super) fn render(text: &str) -> Result<String, String> {
    let mut templates = Templates::default();
    let source = |name: &str, text: &str, file| Source {
        name: name.into(),
        text: text.into(),
        origin: Origin::File(FileId(file)),
    };
    templates.add(source("c/templates/_h.tpl", HELPERS, 1)).unwrap();
    templates.add(source("c/templates/t.yaml", text, 0)).map_err(|error| error.to_string())?;
    let executed = execute(&Run::default(), &Rc::new(templates), "c/templates/t.yaml", &dot());
    executed.map(|output| without_no_value(output).0.as_str().to_owned()).map_err(|error| error.to_string())
}

#[test]
fn every_function_gives_what_helm_gives() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in FUNCTIONS.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let [expression, expected, kind] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("no row of three: {row}");
        };
        count += 1;
        let text =
            format!("{{{{ $r := ({expression}) }}}}{{{{ printf \"%v\" $r | toJson }}}}\t{{{{ typeOf $r }}}}");
        let (found, wanted) = match render(&text) {
            Ok(found) => (found, format!("{expected}\t{kind}")),
            Err(problem) => {
                let problem = problem.lines().last().unwrap_or("").trim().to_owned();
                (format!("error\t{}", tail(&problem)), format!("{expected}\t{}", tail(kind)))
            }
        };
        if found != wanted {
            wrong.push(format!("{expression}\n  expected {wanted}\n  found    {found}"));
        }
    }
    assert!(count > 400 && wrong.is_empty(), "{} of {count} rows differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The message of an error behind its places, which the table of templates checks.
fn tail(problem: &str) -> &str {
    let called = problem.rsplit_once(": error calling ").and_then(|(_, tail)| tail.split_once(": "));
    let said =
        ["execution error at ", "parse error at "].iter().find_map(|start| problem.strip_prefix(start));
    let said = said.and_then(|tail| tail.split_once(": "));
    let tail = called.or(said).map_or(problem, |(_, tail)| tail);
    // Our library explains broken patterns in words of its own.
    const PATTERN: &str = "error parsing regexp";
    if tail.starts_with(PATTERN) { PATTERN } else { tail }
}

#[test]
fn every_template_becomes_what_helm_makes_of_it() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in TEMPLATES.split(">>> template\n").skip(1) {
        count += 1;
        let (template, expected, is_error) = match case.split_once("\n>>> output\n") {
            Some((template, output)) => (template, output, false),
            None => {
                let (template, error) = case.split_once("\n>>> error\n").unwrap();
                (template, error, true)
            }
        };
        let found = render(template);
        let is_same = match &found {
            Ok(output) => !is_error && output.trim() == expected.trim(),
            Err(problem) => is_error && problem.trim() == expected.trim(),
        };
        if !is_same {
            wrong.push(format!("{template}\n  expected {}\n  found    {found:?}", expected.trim()));
        }
    }
    assert!(count > 100 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn hostile_templates_reach_a_limit() {
    let cases = [
        "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        "{{ $t := \"{{ tpl .t . }}\" }}{{ tpl $t (dict \"t\" $t) }}",
        "{{ range until 900000 }}{{ range until 900000 }}x{{ end }}{{ end }}",
        "{{ range until 900000 }}{{ $x := until 900000 }}{{ end }}",
        "{{ range until 900000 }}{{ $x := repeat 3000000 \"x\" }}{{ end }}",
        "{{ until 1000000000 }}",
        "{{ repeat 1000000000 \"x\" }}",
        "{{ range 1000000000 }}{{ end }}",
        "{{ printf \"%1000000000d\" 1 }}",
        "{{ nindent 1000000000 \"a\" }}",
        "{{ randAlphaNum 1000000000 }}",
        "{{ regexReplaceAll \".*\" (repeat 1000000 \"x\") (repeat 1000000 \"$0\") }}",
    ];
    for case in cases {
        let problem = render(case).expect_err(case);
        assert!(problem.contains("more than"), "{case}: {problem}");
    }
}

#[test]
fn a_map_that_holds_itself_is_told() {
    let text = "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}[{{ toYaml $d }}][{{ toJson $d }}]";
    assert_eq!(render(text).unwrap(), "[][]");
    assert!(render("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ deepCopy $d }}").is_err());
    assert!(render("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $d }}").is_ok());
}

#[test]
fn deep_nesting_is_refused() {
    let parentheses = format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(render(&parentheses).unwrap_err().contains("nested too deeply"));
    let blocks = format!("{}x{}", "{{ if true }}".repeat(5_000), "{{ end }}".repeat(5_000));
    assert!(render(&blocks).unwrap_err().contains("nested too deeply"));
    let chain = format!(
        "{}x{{{{ end }}}}",
        "{{ if false }}a{{ else if false }}".to_owned() + &"b{{ else if false }}".repeat(5_000)
    );
    assert!(render(&chain).unwrap_err().contains("nested too deeply"));
}

#[test]
fn broken_templates_never_panic() {
    for case in TEMPLATES.split(">>> template\n").skip(1) {
        for (end, _) in case.char_indices() {
            drop(render(&case[..end]));
        }
    }
}

#[test]
fn the_tables_name_every_function() {
    let missing: Vec<&str> = crate::function_names()
        .into_iter()
        .filter(|name| !mentions(FUNCTIONS, name) && !mentions(TEMPLATES, name) && !mentions(UNKNOWN, name))
        .collect();
    assert!(missing.is_empty(), "no table tries {missing:?}");
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/functions").is_dir());
}

/// Functions whose results are placeholders; `traces` checks that they are marked.
const UNKNOWN: &str = include_str!("../../../fixtures/readers/gotemplate/unknown.txt");

fn mentions(table: &str, name: &str) -> bool {
    table.match_indices(name).any(|(at, found)| {
        let is_word =
            |character: Option<char>| character.is_some_and(|next| next.is_alphanumeric() || next == '_');
        !is_word(table[..at].chars().next_back()) && !is_word(table[at + found.len()..].chars().next())
    })
}
