use super::marks::read_marks;
use proofmark_findings::Verdict;

#[test]
fn marks_stand_in_comments_and_may_promise_several() {
    let text = "a = 1 # expect: fail\n<!-- expect: unknown -->\n\"expect: fail\"\n// expect: fail, fail\n";
    let marks: Vec<(u32, Verdict)> =
        read_marks("a", text).iter().map(|mark| (mark.place.line, mark.verdict)).collect();
    let (fail, unknown) = (Verdict::Fail, Verdict::Unknown);
    assert_eq!(marks, [(1, fail), (2, unknown), (4, fail), (4, fail)]);
}
