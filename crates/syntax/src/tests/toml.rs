use super::print;
use crate::parse_toml;
use proofmark_source::FileId;

macro_rules! check {
    ($text:expr, @$expected:literal) => {
        let text = $text;
        insta::assert_snapshot!(print(&parse_toml(FileId(0), text), text), @$expected);
    };
}

#[test]
fn values_of_every_kind() {
    check!("a = 1_000\nb = 0xff\nc = -1.5e3\nd = true\ne = 'x\\'\nf = \"é\\n\"\ng = \"\"\"\nhi\n\"\"\"\nh = 2020-01-02\ni = [1, [2]]\nj = {k.l = 1, m = {}}\nn = inf\n", @r#"
    map `a = 1_000\nb = 0xff\nc …  = 1, m = {}}\nn = inf`
      a: 1000 `1_000`
      b: 255 `0xff`
      c: -1500.0 `-1.5e3`
      d: true `true`
      e: "x\\" Quoted `'x\\'`
      f: "é\n" Quoted `"é\\n"`
      g: "hi\n" Block `"""\nhi\n"""`
      h: "2020-01-02" `2020-01-02`
      i: list `[1, [2]]`
        - 1 `1`
        - list `[2]`
          - 2 `2`
      j: map `{k.l = 1, m = {}}`
        k: map `l = 1`
          l: 1 `1`
        m: map `{}`
      n: inf `inf`
    "#);
}

#[test]
fn tables_may_be_reopened() {
    check!("top = 1 # note\n[tool.a]\nx = 1\n[b]\ny = 2\n[tool.c]\n\"z w\".v = 3\n", @r#"
    map `top = 1 # note\n[tool. … n[tool.c]\n"z w".v = 3`
      top: 1 `1`
      tool: map `[tool.a]\nx = 1\n[b]\n … n[tool.c]\n"z w".v = 3`
        a: map `[tool.a]\nx = 1`
          x: 1 `1`
        c: map `[tool.c]\n"z w".v = 3`
          z w: map `v = 3`
            v: 3 `3`
      b: map `[b]\ny = 2`
        y: 2 `2`
    comment "note" `# note`
    "#);
}

#[test]
fn lists_of_tables_grow() {
    check!("[[p]]\nname = 'a'\n[p.sub]\nx = 1\n[[p]]\nname = 'b'\n[[p.q]]\n", @r#"
    map `[[p]]\nname = 'a'\n[p. … ]\nname = 'b'\n[[p.q]]`
      p: list `[[p]]\nname = 'a'\n[p. … ]\nname = 'b'\n[[p.q]]`
        - map `[[p]]\nname = 'a'\n[p.sub]\nx = 1`
          name: "a" Quoted `'a'`
          sub: map `[p.sub]\nx = 1`
            x: 1 `1`
        - map `[[p]]\nname = 'b'\n[[p.q]]`
          name: "b" Quoted `'b'`
          q: list `[[p.q]]`
            - map `[[p.q]]`
    "#);
}

#[test]
fn a_bad_line_hides_no_other() {
    check!("a = 1\nb = \nc 3\n= 4\n[d\ne = 5\nf = [1, 2\ng = @\nh = 7\n", @r#"
    map `a = 1\nb = \nc 3\n= 4\ …  = [1, 2\ng = @\nh = 7`
      a: 1 `1`
      b: template "" ``
      c: template "" ``
      : 4 `4`
      d: map `[d\ne = 5\nf = [1, 2\ng = @\nh = 7`
        e: 5 `5`
        f: list `[1, 2\ng = @\nh = 7`
          - 1 `1`
          - 2 `2`
          - template "g" `g`
          - template "@" `@`
          - template "h" `h`
          - 7 `7`
    broken at 10
    toml-syntax Partial line 2 ``: string values must be quoted, expected literal string
    toml-syntax Partial line 3 ``: key with no value, expected `=`
    toml-syntax Partial line 4 ``: unquoted keys cannot be empty, expected letters or numbers or `-` or `_`
    toml-syntax Partial line 5 ``: unclosed table, expected `]`
    toml-syntax Partial line 8 ``: missing comma between array elements, expected `,`
    toml-syntax Partial line 8 `g`: string values must be quoted, expected literal string
    toml-syntax Partial line 8 `=`: unexpected `=` in array, expected value or `]`
    toml-syntax Partial line 8 ``: missing comma between array elements, expected `,`
    toml-syntax Partial line 8 `@`: string values must be quoted, expected literal string
    toml-syntax Partial line 9 ``: missing comma between array elements, expected `,`
    toml-syntax Partial line 9 `h`: string values must be quoted, expected literal string
    toml-syntax Partial line 9 `=`: unexpected `=` in array, expected value or `]`
    toml-syntax Partial line 9 ``: missing comma between array elements, expected `,`
    toml-syntax Partial line 9 ``: unclosed array, expected `]`
    "#);
}

#[test]
fn duplicate_keys_are_kept_and_told() {
    check!("a = 1\na = 2\na.b = 3\n[c]\n[c]\nd = 1\n", @r#"
    map `a = 1\na = 2\na.b = 3\n[c]\n[c]\nd = 1`
      a: 1 `1`
      a: 2 `2`
      c: map `[c]\nd = 1`
        d: 1 `1`
    broken at 12
    toml-duplicate-key None line 2 `a`: the key `a` stands here a second time; the last one counts
    toml-syntax Partial line 3 `a.b`: `a.b` needs a table where another value stands already
    "#);
}
