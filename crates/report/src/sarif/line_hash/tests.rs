use super::*;

/// Values from the action's own tests (github/codeql-action, `src/fingerprints.test.ts`).
#[test]
fn hashes_are_those_of_the_upload_action() {
    assert_eq!(line_hashes("", false), ["c129715d7a2bc9a3:1"]);
    assert_eq!(
        line_hashes(" a\nb\n  \t\tc\n d", false),
        ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
    );
}

#[test]
fn every_kind_of_line_break_counts_once() {
    let unix = line_hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", false);
    assert_eq!(unix.first().map(String::as_str), Some("e9496ae3ebfced30:1"));
    assert_eq!(unix.len(), 7);
    assert_eq!(line_hashes(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", false), unix);
    assert_eq!(line_hashes(" hello; \t\rworld!!!\r\r\r  \t\tGreetings\r End\r", false), unix);
}

#[test]
fn equal_lines_are_numbered() {
    let hashes = line_hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10), false);
    assert_eq!(hashes[5], "a7f2ff13bc495cf2:6");
    assert_eq!(hashes[6], "a7f2ff1481e87703:1");
}
