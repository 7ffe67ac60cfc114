use super::print;
use crate::{YamlDialect, parse_yaml};
use proofmark_source::FileId;

macro_rules! check {
    ($text:expr, @$expected:literal) => {
        let text = $text;
        insta::assert_snapshot!(print(&parse_yaml(FileId(0), text, YamlDialect::Core), text), @$expected);
    };
}

#[test]
fn a_block_ends_where_its_last_value_ends() {
    check!("a: 1\nb:\n  - x\n  - y: 2\n    z: |\n      foo\n      bar\n\n# c\nd: \"q\"\n", @r#"
    map `a: 1\nb:\n  - x\n  - y …     bar\n\n# c\nd: "q"`
      a: 1 `1`
      b: list `- x\n  - y: 2\n    z: |\n      foo\n      bar`
        - "x" `x`
        - map `y: 2\n    z: |\n      foo\n      bar`
          y: 2 `2`
          z: "foo\nbar\n" Block `|\n      foo\n      bar`
      d: "q" Quoted `"q"`
    comment "c" `# c`
    "#);
}

#[test]
fn flow_collections_end_at_their_brackets() {
    check!("a: {b: [1, 2] , c}  # x\ne:\nf: ~\ng : \nh:\n- 1\n- 2\n\ni: multi\n  line\n", @r#"
    map `a: {b: [1, 2] , c}  #  …  2\n\ni: multi\n  line`
      a: map `{b: [1, 2] , c}`
        b: list `[1, 2]`
          - 1 `1`
          - 2 `2`
        c: null ``
      e: null ``
      f: null `~`
      g: null ``
      h: list `- 1\n- 2`
        - 1 `1`
        - 2 `2`
      i: "multi line" `multi\n  line`
    comment "x" `# x`
    "#);
}

#[test]
fn block_scalars_begin_at_their_header() {
    check!("a: |  # has a | pipe\n\n  x\n\nb: >-\n  y\n  z\nc: |+\n\nd: !t |2\n    w\ne: |\n", @r#"
    map `a: |  # has a | pipe\n … nd: !t |2\n    w\ne: |`
      a: "\nx\n" Block `|  # has a | pipe\n\n  x`
      b: "y z" Block `>-\n  y\n  z`
      c: "\n" Block `|+`
      d: "  w\n" !t Block `|2\n    w`
      e: "" Block `|`
    comment "has a | pipe" `# has a | pipe`
    "#);
}

#[test]
fn aliases_keep_the_place_of_their_anchor() {
    check!("x: &a !t {b: 1}\ny: *a\nz: *no\nw: &r [*r]\n", @r#"
    map `x: &a !t {b: 1}\ny: *a\nz: *no\nw: &r [*r]`
      x: map !t `{b: 1}`
        b: 1 `1`
      y: map !t `{b: 1}` <- `*a`
        b: 1 `1`
      z: template "*no" `*no`
      w: list `[*r]`
        - template "*r" `*r`
    yaml-alias Partial line 3 `*no`: the alias `*no` has no anchor before it
    yaml-alias Partial line 4 `*r`: the alias `*r` stands inside its own anchor
    "#);
}

#[test]
fn merge_keys_yield_to_what_the_mapping_says() {
    check!("a: &a {x: 1, y: 2}\nb: &b {x: 3, z: 4}\nc:\n  <<: [*a, *b]\n  y: 9\nd:\n  <<: {k: 1}\ne:\n  <<: 5\n", @r#"
    map `a: &a {x: 1, y: 2}\nb: … <: {k: 1}\ne:\n  <<: 5`
      a: map `{x: 1, y: 2}`
        x: 1 `1`
        y: 2 `2`
      b: map `{x: 3, z: 4}`
        x: 3 `3`
        z: 4 `4`
      c: map `<<: [*a, *b]\n  y: 9`
        x: 1 `1` <- `*a`
        z: 4 `4` <- `*b`
        y: 9 `9`
      d: map `<<: {k: 1}`
        k: 1 `1` <- `<<`
      e: map `<<: 5`
        <<: 5 `5`
    yaml-merge None line 9 `<<`: the merge key `<<` holds neither a mapping nor a list of mappings
    "#);
}

#[test]
fn duplicate_keys_are_kept_and_told() {
    check!("a: 1\nb: 2\na: 3\n", @r#"
    map `a: 1\nb: 2\na: 3`
      a: 1 `1`
      b: 2 `2`
      a: 3 `3`
    yaml-duplicate-key None line 3 `a`: the key `a` stands here a second time; the last one counts
    "#);
}

#[test]
fn a_broken_document_keeps_its_start_and_hides_no_other() {
    check!("a: 1\n---\nb: 2\nc: [1, 2\nd: 3\n---\ne: 4\n", @r#"
    document 1 `a: 1`
    map `a: 1`
      a: 1 `1`
    document 2 `---\nb: 2\nc: [1`
    map `b: 2\nc: [1`
      b: 2 `2`
      c: list `[1`
        - 1 `1`
        - template "" ``
      Template(""): template "" ``
    broken at 24
    document 3 `---\ne: 4`
    map `e: 4`
      e: 4 `4`
    yaml-syntax Partial line 5 `:`: illegal placement of ':' indicator
    "#);
}

#[test]
fn keys_need_not_be_texts() {
    check!("1: a\ntrue: b\n? [x, y]\n: c\n? d\n", @r#"
    map `1: a\ntrue: b\n? [x, y]\n: c\n? d\n`
      Integer(1): "a" `a`
      Bool(true): "b" `b`
      Sequence([Node { data: String("x"), span: 0:16..17, tag: None, style: Plain, included_at: None }, Node { data: String("y"), span: 0:19..20, tag: None, style: Plain, included_at: None }]): "c" `c`
      d: null ``
    "#);
}

#[test]
fn documents_may_be_empty() {
    check!("---\n# nothing\n---\na: 1\n...\n", @r#"
    document 1 `---`
    null ``
    document 2 `---\na: 1`
    map `a: 1`
      a: 1 `1`
    comment "nothing" `# nothing`
    "#);
}

#[test]
fn tags_are_kept_as_written() {
    check!("a: !Ref x\nb: !!str 5\nc: !!int '5'\nd: !reference [x, y]\ne: !reset\nf: !!str\n", @r#"
    map `a: !Ref x\nb: !!str 5\ … ]\ne: !reset\nf: !!str`
      a: "x" !Ref `x`
      b: "5" !!str `5`
      c: 5 !!int Quoted `'5'`
      d: list !reference `[x, y]`
        - "x" `x`
        - "y" `y`
      e: null !reset ``
      f: "" !!str ``
    "#);
}

#[test]
fn windows_line_ends_and_wide_characters_keep_spans() {
    check!("ä: ü\r\nb: |\r\n  𝄞\r\nc: \"é\\n\"\r\n", @r#"
    map `ä: ü\r\nb: |\r\n  𝄞\r\nc: "é\\n"`
      ä: "ü" `ü`
      b: "𝄞\n" Block `|\r\n  𝄞`
      c: "é\n" Quoted `"é\\n"`
    "#);
}
