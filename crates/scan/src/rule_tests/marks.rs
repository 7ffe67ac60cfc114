//! The promises that an example makes.

use super::{Place, RuleTestError};
use proofmark_findings::Verdict;
use proofmark_source::{FileId, LineIndex};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};

/// A promise: a finding of that verdict starts there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) place: Place,
    pub(super) verdict: Verdict,
}

/// What comments begin with in the formats that have them.
const COMMENT_STARTS: [&str; 6] = ["#", "//", "<!--", "/*", ";", "--"];

const MARK: &str = "expect:";

/// The promises in the comments of a file, in order of line. A line may promise several verdicts: `# expect: fail fail`.
pub(super) fn read_marks(path: &str, text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some((before, promised)) = line.split_once(MARK) else { continue };
        let before = before.trim_end();
        if !COMMENT_STARTS.iter().any(|start| before.ends_with(start)) {
            continue;
        }
        let words = promised.split([' ', ',', '\t']).filter(|word| !word.is_empty());
        for verdict in words.map_while(verdict_named) {
            let line = u32::try_from(index + 1).unwrap_or(u32::MAX);
            marks.push(Mark { place: Place { path: path.to_owned(), line }, verdict });
        }
    }
    marks
}

/// The promises of an `expected.yaml`: a list of `{ path, line, verdict }`.
pub(super) fn read_expected(text: &str, marks: &mut Vec<Mark>, problems: &mut Vec<RuleTestError>) {
    let parsed = parse_yaml(FileId(0), text, YamlDialect::Core);
    let lines = LineIndex::new(text);
    let mut complain = |offset: u32, message: &str| {
        let place = Place { path: super::EXPECTED_FILE.to_owned(), line: lines.line_number(offset) };
        problems.push(RuleTestError::Unreadable { place, message: message.to_owned() });
    };
    for diagnostic in &parsed.diagnostics {
        complain(diagnostic.span.start, &diagnostic.message);
    }
    for document in &parsed.documents {
        if !matches!(document.root.data, NodeData::Sequence(_)) {
            complain(document.root.span.start, "this should be a list of `{ path, line, verdict }`");
        }
        for element in document.root.elements() {
            match expected(element) {
                Some(mark) => marks.push(mark),
                None => complain(element.span.start, "this should be `{ path: …, line: …, verdict: … }`"),
            }
        }
    }
}

fn expected(node: &Node) -> Option<Mark> {
    let NodeData::Integer(line) = node.get("line")?.data else { return None };
    let path = node.get("path")?.as_str()?.to_owned();
    let verdict = verdict_named(node.get("verdict")?.as_str()?)?;
    Some(Mark { place: Place { path, line: u32::try_from(line).ok()? }, verdict })
}

fn verdict_named(word: &str) -> Option<Verdict> {
    let all = [Verdict::Pass, Verdict::Fail, Verdict::Unknown, Verdict::NotApplicable];
    all.into_iter().find(|verdict| super::name(*verdict) == word)
}
