use super::translate_re2;

#[test]
fn what_differs_is_translated() {
    let cases = [
        (r"a.b*", r"a.b*"),
        (r"\d\S", r"[0-9][^\t\n\f\r ]"),
        (r"[\w-]", r"[0-9A-Za-z_-]"),
        (r"{a}", r"\{a\}"),
        (r"a{2,3}?", r"a{2,3}?"),
        (r"\Qa.b\E.", r"a\.b."),
        (r"[a&&b]", r"[a\&\&b]"),
        (r"[]a]", r"[\]a]"),
        (r"[[:alpha:]]", r"[[:alpha:]]"),
        (r"(?P<n>x)(?i:y)", r"(?P<n>x)(?i:y)"),
    ];
    for (pattern, expected) in cases {
        assert_eq!(translate_re2(pattern).as_deref(), Ok(expected), "{pattern}");
    }
}

#[test]
fn what_go_refuses_is_refused() {
    for pattern in ["a**", "(?x)a", "a{1001}", "a{2,1}", "[a", "\\", r"\u0041"] {
        assert!(translate_re2(pattern).is_err(), "{pattern}");
    }
}

#[test]
fn a_row_of_braces_is_a_row_of_letters() {
    let row = "{".repeat(100_000);
    assert_eq!(translate_re2(&row).map(|made| made.len()), Ok(200_000));
}
