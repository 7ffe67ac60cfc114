//! Conditions in, the compiled form in a short notation out.

use super::parse_condition;
use crate::{BinaryOperator, Expr, ExprKind, Literal, UnaryOperator};

/// The tree with every pair of parentheses written.
fn show(expr: &Expr) -> String {
    let list = |inner: &[Expr]| inner.iter().map(show).collect::<Vec<_>>().join(", ");
    match &expr.kind {
        ExprKind::Literal(Literal::Null) => "null".to_owned(),
        ExprKind::Literal(Literal::Bool(value)) => value.to_string(),
        ExprKind::Literal(Literal::Integer(value)) => value.to_string(),
        ExprKind::Literal(Literal::Float(value)) => format!("{value:?}"),
        ExprKind::Literal(Literal::String(text)) => format!("{text:?}"),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Member(base, name) => format!("{}.{name}", show(base)),
        ExprKind::Index(base, index) => format!("{}[{}]", show(base), show(index)),
        ExprKind::Has(place) => format!("has({})", show(place)),
        ExprKind::List(elements) => format!("[{}]", list(elements)),
        ExprKind::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", show(key), show(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        ExprKind::Unary(UnaryOperator::Not, inner) => format!("!{}", show(inner)),
        ExprKind::Unary(UnaryOperator::Negate, inner) => format!("-{}", show(inner)),
        ExprKind::Binary(operator, left, right) => {
            format!("({} {} {})", show(left), sign(*operator), show(right))
        }
        ExprKind::Conditional(condition, then, otherwise) => {
            format!("({} ? {} : {})", show(condition), show(then), show(otherwise))
        }
        ExprKind::Macro(kind, range, variable, bodies) => {
            format!("{}.{kind:?}({variable}, {})", show(range), list(bodies))
        }
        ExprKind::Call(name, arguments) => format!("{name}({})", list(arguments)),
    }
}

fn sign(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::And => "&&",
        BinaryOperator::Or => "||",
        BinaryOperator::Equal => "==",
        BinaryOperator::NotEqual => "!=",
        BinaryOperator::Less => "<",
        BinaryOperator::LessOrEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterOrEqual => ">=",
        BinaryOperator::In => "in",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Remainder => "%",
    }
}

fn parsed(text: &str) -> String {
    match parse_condition(text) {
        Ok(condition) => show(condition.expr()),
        Err(error) => {
            let (start, end) = (error.range.0 as usize, error.range.1 as usize);
            format!("error at `{}`: {}", &text[start..end], error.message)
        }
    }
}

#[test]
fn operators_bind_as_the_language_definition_says() {
    assert_eq!(parsed("a || b && c"), "(a || (b && c))");
    assert_eq!(parsed("a && b == c + d * e"), "(a && (b == (c + (d * e))))");
    assert_eq!(parsed("a - b - c"), "((a - b) - c)");
    assert_eq!(parsed("!a.b && -c < 1"), "(!a.b && (-c < 1))");
    assert_eq!(parsed("a ? b : c ? d : e"), "(a ? b : (c ? d : e))");
    assert_eq!(parsed("a ? b || c : d"), "(a ? (b || c) : d)");
    assert_eq!(parsed("a in b == c"), "((a in b) == c)");
    assert_eq!(parsed("(a || b) && c"), "((a || b) && c)");
    assert_eq!(parsed("!!a"), "!!a");
    assert_eq!(parsed("a % b / c"), "((a % b) / c)");
}

#[test]
fn values_are_written_as_in_cel() {
    assert_eq!(
        parsed("[1, -2, 0x1F, 3u, 1.5, 1e3, .5, true, null]"),
        "[1, -2, 31, 3, 1.5, 1000.0, 0.5, true, null]"
    );
    assert_eq!(parsed("-9223372036854775808"), "-9223372036854775808");
    assert_eq!(parsed("{'a': 1, 'b': [2],}"), r#"{"a": 1, "b": [2]}"#);
    assert_eq!(parsed("[]"), "[]");
}

#[test]
fn texts_have_all_their_forms() {
    assert_eq!(parsed(r#"'a"b'"#), r#""a\"b""#);
    assert_eq!(parsed(r#""\x41\u00e9\101\n\\""#), r#""AéA\n\\""#);
    assert_eq!(parsed(r#"r'^\d+$'"#), r#""^\\d+$""#);
    assert_eq!(parsed("'''a\n'b'''"), r#""a\n'b""#);
    assert_eq!(parsed(r#"'\q'"#), r"error at `\q`: `\q` is not an escape");
    assert_eq!(parsed("'open"), "error at `'open`: the text has no closing '");
    assert_eq!(parsed("b'x'"), "error at `b`: bytes are not supported");
}

#[test]
fn paths_and_calls() {
    assert_eq!(parsed("a.b[0]['c'].`d-e`.if"), r#"a.b[0]["c"].d-e.if"#);
    assert_eq!(parsed("a.b.startsWith('x')"), r#"startsWith(a.b, "x")"#);
    assert_eq!(parsed("size(a) + f()"), "(size(a) + f())");
    assert_eq!(parsed("has(a.b) && has(a['b'])"), r#"(has(a.b) && has(a["b"]))"#);
}

#[test]
fn macros_stay_macros() {
    assert_eq!(parsed("a.all(x, x > 1)"), "a.All(x, (x > 1))");
    assert_eq!(
        parsed("a.map(x, x.ok, x.n).exists_one(y, y == 1)"),
        "a.Map(x, x.ok, x.n).ExistsOne(y, (y == 1))"
    );
    assert_eq!(parsed("a.filter(x, x).existsOne(y, y)"), "a.Filter(x, x).ExistsOne(y, y)");
}

#[test]
fn comments_and_lines_are_space() {
    assert_eq!(parsed("a && // both\n  b\n"), "(a && b)");
}

#[test]
fn errors_say_where_and_what() {
    assert_eq!(parsed(""), "error at ``: the condition is empty");
    assert_eq!(parsed("a &&"), "error at ``: the condition ends where a value is needed");
    assert_eq!(
        parsed("a b"),
        "error at `b`: found `b` where an operator or the end of the condition is needed"
    );
    assert_eq!(parsed("a = 1"), "error at `=`: unexpected character `=`");
    assert_eq!(parsed("(a"), "error at ``: the condition ends where `)` is needed");
    assert_eq!(parsed("a.?b"), "error at `?`: optional syntax is not supported");
    assert_eq!(parsed("a[?0]"), "error at `?`: optional syntax is not supported");
    assert_eq!(parsed("Foo{a: 1}"), "error at `Foo`: message literals are not supported");
    assert_eq!(parsed("a.all(x)"), "error at `all`: `all` takes a variable and a condition");
    assert_eq!(parsed("a.all(1, true)"), "error at `1`: the first argument of `all` is not a plain name");
    assert_eq!(parsed("has(a)"), "error at `has`: `has` takes one attribute");
    assert_eq!(parsed("if a"), "error at `if`: `if` is a reserved word of CEL");
    assert_eq!(
        parsed("99999999999999999999"),
        "error at `99999999999999999999`: this is not a whole number that fits 64 bits"
    );
    assert_eq!(
        parsed("9223372036854775808"),
        "error at `9223372036854775808`: this is not a whole number that fits 64 bits"
    );
    assert_eq!(parsed("f(a b)"), "error at `b`: found `b` where `,` or `)` is needed");
    assert_eq!(parsed("12ab"), "error at `12`: this is not a whole number that fits 64 bits");
}

#[test]
fn hostile_nesting_is_refused_and_not_followed() {
    for text in [
        "(".repeat(5000),
        "!".repeat(5000),
        "-".repeat(5000),
        "[".repeat(5000),
        "a.".repeat(5000),
        "a||".repeat(5000),
    ] {
        assert!(parse_condition(&text).is_err());
    }
    assert!(parse_condition(&"a".repeat(20_000)).is_err());
    let deep = format!("{}a{}", "(".repeat(90), ")".repeat(90));
    assert_eq!(parsed(&deep), "a");
}

#[test]
fn every_node_knows_its_bytes() {
    let condition = parse_condition("self.a == 1 && self.b.all(x, x.c)").unwrap();
    let ExprKind::Binary(_, left, right) = &condition.expr().kind else { panic!("{:?}", condition.expr()) };
    assert_eq!((left.range, right.range), ((0, 11), (15, 33)));
    let ExprKind::Macro(_, range, _, bodies) = &right.kind else { panic!("{right:?}") };
    assert_eq!((range.range, bodies[0].range), ((15, 21), (29, 32)));
}
