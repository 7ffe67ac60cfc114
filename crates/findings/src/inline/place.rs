//! What a comment covers, by where it stands.

use proofmark_source::Span;

/// The bytes that a comment inside or above a resource covers.
///
/// Blocks are recognized by indentation, which every format that people write by hand shares: a statement reaches over
/// the lines below it that are indented deeper, and over the bracket that closes it.
pub fn covered(text: &str, comment: Span, resource: Span, header: Span) -> Span {
    if comment.file != resource.file || comment.start < resource.start {
        return resource;
    }
    let line_start = line_start(text, comment.start as usize);
    let before = text.get(line_start..comment.start as usize).unwrap_or("");
    if before.trim().is_empty() {
        let after = next_statement(text, comment.end as usize);
        return after
            .map_or(Span { start: comment.end, ..comment }, |start| statement(text, start, resource));
    }
    let header_end = header.end.max(header.start);
    if header.file == comment.file && line_start <= header_end as usize && comment.start >= header.start {
        return resource;
    }
    statement(text, line_start, resource)
}

fn line_start(text: &str, offset: usize) -> usize {
    text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |index| index + 1)
}

/// The start of the next line behind `offset` that holds more than blanks and comments.
fn next_statement(text: &str, offset: usize) -> Option<usize> {
    let mut start = offset + text.get(offset..)?.find('\n')? + 1;
    for line in text.get(start..)?.split_inclusive('\n') {
        let content = line.trim_start();
        let is_comment = ["#", "//", "/*", "*"].iter().any(|mark| content.starts_with(mark));
        if !content.is_empty() && !is_comment {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// The statement whose line starts at `start`, cut to the resource.
fn statement(text: &str, start: usize, resource: Span) -> Span {
    let rest = text.get(start..).unwrap_or("");
    let mut lines = rest.split_inclusive('\n');
    let first = lines.next().unwrap_or("");
    let depth = indentation(first);
    let mut end = start + first.len();
    let mut blank = 0;
    for line in lines {
        let content = line.trim();
        if content.is_empty() {
            blank += line.len();
            continue;
        }
        let is_deeper = indentation(line) > depth;
        let closes = indentation(line) == depth && content.starts_with(['}', ']', ')']);
        if is_deeper || closes {
            end += blank + line.len();
            blank = 0;
        }
        if !is_deeper {
            break;
        }
    }
    let end = end.min(resource.end as usize);
    Span::new(resource.file, start.min(end), end)
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
