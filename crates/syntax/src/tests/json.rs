use super::print;
use crate::parse_json;
use proofmark_source::FileId;

macro_rules! check {
    ($text:expr, @$expected:literal) => {
        let text = $text;
        insta::assert_snapshot!(print(&parse_json(FileId(0), text), text), @$expected);
    };
}

#[test]
fn values_of_every_kind() {
    check!(r#"{"a": [1, -2.5, 1e3, 0x1F, true, null, "é\u0041\n"], "b": {}, "c": 123456789012345678901}"#, @r#"
    map `{"a": [1, -2.5, 1e3, 0 … 123456789012345678901}`
      a: list `[1, -2.5, 1e3, 0x1F, true, null, "é\\u0041\\n"]`
        - 1 `1`
        - -2.5 `-2.5`
        - 1000.0 `1e3`
        - 31 `0x1F`
        - true `true`
        - null `null`
        - "éA\n" Quoted `"é\\u0041\\n"`
      b: map `{}`
      c: 1.2345678901234568e20 `123456789012345678901`
    "#);
}

#[test]
fn comments_and_trailing_commas_are_no_errors() {
    check!("// top\n{\n  \"a\": 1, /* one */\n  unquoted: 'x',\n}\n", @r#"
    map `{\n  "a": 1, /* one */\n  unquoted: 'x',\n}`
      a: 1 `1`
      unquoted: "x" Quoted `'x'`
    comment "top" `// top`
    comment "one" `/* one */`
    "#);
}

#[test]
fn a_missing_comma_hides_nothing() {
    check!("{\"a\": 1\n \"b\" 2, \"c\": , \"d\": [1,,2}", @r#"
    map `{"a": 1\n "b" 2, "c": , "d": [1,,2}`
      a: 1 `1`
      b: 2 `2`
      c: template "" ``
      d: list `[1,,2`
        - 1 `1`
        - 2 `2`
    broken at 9
    json-syntax Partial line 2 `"b"`: a comma is missing before this
    json-syntax Partial line 2 `2`: a colon is missing before this
    json-syntax Partial line 2 `"c"`: a value is missing for this key
    json-syntax Partial line 2 `,`: a value is missing before this comma
    json-syntax Partial line 2 `[`: `[` is not closed
    "#);
}

#[test]
fn an_unclosed_text_keeps_what_stood_before() {
    check!("{\"a\": {\"b\": 1}, \"c\": [2, \"open\n", @r#"
    map `{"a": {"b": 1}, "c": [2,`
      a: map `{"b": 1}`
        b: 1 `1`
      c: list `[2,`
        - 2 `2`
        - template "" ``
      Template(""): template "" ``
    broken at 25
    json-syntax Partial line 1 `"open\n`: unterminated string literal
    "#);
}

#[test]
fn a_second_value_is_not_read() {
    check!("{\"a\": 1}\n{\"b\": 2}", @r#"
    map `{"a": 1}`
      a: 1 `1`
    broken at 9
    json-syntax Partial line 2 `{`: only one value can stand in a JSON text
    "#);
}

#[test]
fn no_value_at_all() {
    check!("  \n", @r#"json-syntax Unread line 1 ``: no JSON value stands here"#);
    check!("}", @r#"json-syntax Unread line 1 `}`: `}` closes nothing"#);
    check!("hello world", @r#"
    template "hello" `hello`
    broken at 0
    json-syntax Partial line 1 `hello`: `hello` is no value
    json-syntax Partial line 1 `world`: only one value can stand in a JSON text
    "#);
}

#[test]
fn duplicate_keys_are_kept_and_told() {
    check!(r#"{"a": 1, "a": 2}"#, @r#"
    map `{"a": 1, "a": 2}`
      a: 1 `1`
      a: 2 `2`
    json-duplicate-key None line 1 `"a"`: the key `a` stands here a second time; the last one counts
    "#);
}
