//! Code owners and ignore rules.

use crate::facts::Facts;
use proofmark_model::{SmolStr, Value};
use proofmark_source::{FileId, Span};

/// Reads a `CODEOWNERS` file: `path`, and `entries` of {pattern, owners} in order. Sections of GitLab's dialect set the
/// owners of entries that name none.
pub(crate) fn read_code_owners(file: FileId, path: &SmolStr, text: &str) -> Value {
    let mut entries = Vec::new();
    let mut section_owners: Vec<Value> = Vec::new();
    for (start, line) in lines(text) {
        if let Some(section) = line.strip_prefix('^').unwrap_or(line).strip_prefix('[') {
            let behind = section.split_once(']').map_or("", |(_, behind)| behind);
            section_owners = words(file, behind, start + line.len() - behind.len()).collect();
            continue;
        }
        let mut words = words(file, line, start);
        let Some(pattern) = words.next() else { continue };
        let mut owners: Vec<Value> = words.collect();
        if owners.is_empty() {
            owners.extend_from_slice(&section_owners);
        }
        let span = Span::new(file, start, start + line.len());
        let mut facts = Facts::new(span);
        facts.set("pattern", pattern);
        facts.list("owners", owners);
        entries.push(facts.finish(span));
    }
    let place = Span::file_start(file);
    let mut facts = Facts::new(place);
    facts.text("path", SmolStr::clone(path));
    facts.list("entries", entries);
    facts.finish(place)
}

/// The patterns of an ignore file, in order.
pub(crate) fn read_ignore_patterns(file: FileId, text: &str) -> Value {
    let patterns =
        lines(text).map(|(start, line)| Value::string(line, Span::new(file, start, start + line.len())));
    Value::list(patterns.collect(), Span::file_start(file))
}

/// Lines that say something, without comments, with the byte at which they begin.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    crate::prose::lines(text, 0).filter_map(|(range, line)| {
        let line = match line.split_once(" #") {
            Some((before, _)) => before.trim_end(),
            None => line,
        };
        (!line.starts_with('#') && !line.is_empty()).then_some((range.start, line))
    })
}

/// The words of a line that begins at byte `start`.
fn words<'t>(file: FileId, line: &'t str, start: usize) -> impl Iterator<Item = Value> + use<'t> {
    let mut offset = 0;
    line.split(' ').filter_map(move |word| {
        let begin = start + offset;
        offset += word.len() + 1;
        let trimmed = word.trim();
        (!trimmed.is_empty()).then(|| Value::string(trimmed, Span::new(file, begin, begin + word.len())))
    })
}
