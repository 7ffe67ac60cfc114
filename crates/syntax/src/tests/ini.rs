use super::print;
use crate::parse_ini;
use proofmark_source::FileId;

macro_rules! check {
    ($text:expr, @$expected:literal) => {
        let text = $text;
        insta::assert_snapshot!(print(&parse_ini(FileId(0), text), text), @$expected);
    };
}

#[test]
fn sections_and_entries() {
    check!("root = true\n# note\n[*.{js,ts}]\nindent_size=2\nurl: http://x/?a=b\nempty =\n", @r#"
    map `root = true\n# note\n[ … http://x/?a=b\nempty =`
      root: "true" `true`
      *.{js,ts}: map `[*.{js,ts}]\nindent_si … http://x/?a=b\nempty =`
        indent_size: "2" `2`
        url: "http://x/?a=b" `http://x/?a=b`
        empty: "" ``
    comment "note" `# note`
    "#);
}

#[test]
fn indented_lines_continue_the_value_above() {
    check!("[flake8]\r\nexclude =\r\n    .git,\r\n    ; not this\r\n    build\r\n\r\n    dist\r\nmax = 1\r\n", @r#"
    map `[flake8]\r\nexclude =\ … r\n    dist\r\nmax = 1`
      flake8: map `[flake8]\r\nexclude =\ … r\n    dist\r\nmax = 1`
        exclude: ".git,\nbuild\ndist" Block `.git,\r\n    ; not thi …  build\r\n\r\n    dist`
        max: "1" `1`
    comment "not this" `; not this`
    "#);
}

#[test]
fn a_bad_line_hides_no_other() {
    check!("[a]\nx = 1\nwhat\n= 2\n[b\nx = 1\nx = 2\n", @r#"
    map `[a]\nx = 1\nwhat\n= 2\n[b\nx = 1\nx = 2`
      a: map `[a]\nx = 1`
        x: "1" `1`
      b: map `[b\nx = 1\nx = 2`
        x: "1" `1`
        x: "2" `2`
    broken at 10
    ini-syntax Partial line 3 `what`: `what` is neither a section nor a key with a value
    ini-syntax Partial line 4 `= 2`: a key is missing before the value
    ini-syntax Partial line 5 `[b`: `[` is not closed
    ini-duplicate-key None line 7 `x`: the key `x` stands here a second time; the last one counts
    "#);
    check!("nothing here\n", @r#"ini-syntax Unread line 1 `nothing here`: `nothing here` is neither a section nor a key with a value"#);
}
