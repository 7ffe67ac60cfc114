//! YAML inside a text of a kustomization, with places in the file around it.

use proofmark_source::{Span, Workspace};
use proofmark_syntax::{Node, NodeData, Style, YamlDialect, parse_yaml};

/// The documents in a text node. Where the text stands in the file line by line, so do their places; else everything
/// stands where the text does.
pub(crate) fn parse_inline(workspace: &dyn Workspace, node: &Node) -> Vec<Node> {
    let Some(text) = node.as_str() else { return Vec::new() };
    let file = node.span.file;
    let parsed = parse_yaml(file, text, YamlDialect::Go);
    let source = workspace.load(file).unwrap_or("");
    let lines = if node.style == Style::Block { line_places(source, node.span, text) } else { None };
    let mut roots: Vec<Node> = parsed.documents.into_iter().map(|document| document.root).collect();
    for root in &mut roots {
        relocate(root, &|span| match &lines {
            Some(lines) => Span { start: offset(lines, span.start), end: offset(lines, span.end), file },
            None => node.span,
        });
    }
    roots
}

/// For each line of `text`: its first byte, and where that stands in the file. None where the file's lines are others.
fn line_places(source: &str, span: Span, text: &str) -> Option<Vec<(u32, u32)>> {
    let begin = source.get(..span.start as usize)?.rfind('\n').map_or(0, |index| index + 1);
    let mut start = begin;
    let mut places = Vec::new();
    let mut wanted = text.lines();
    let mut text_start = 0;
    let mut next = wanted.next()?;
    for line in source.get(begin..)?.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let is_header = places.is_empty() && content.trim_end().ends_with(['|', '>', '-', '+']);
        let is_next = content.ends_with(next) && content.trim_start() == next.trim_start() && !is_header;
        if is_next {
            let place = start + content.len() - next.len();
            places.push((u32::try_from(text_start).ok()?, u32::try_from(place).ok()?));
            text_start += next.len() + 1;
            match wanted.next() {
                Some(line) => next = line,
                None => return Some(places),
            }
        } else if !places.is_empty() {
            return None;
        }
        start += line.len();
    }
    None
}

fn offset(lines: &[(u32, u32)], offset: u32) -> u32 {
    let index = lines.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
    lines.get(index).map_or(0, |(start, place)| place + offset.saturating_sub(*start))
}

fn relocate(node: &mut Node, place: &impl Fn(Span) -> Span) {
    node.span = place(node.span);
    node.included_at = node.included_at.map(place);
    match &mut node.data {
        NodeData::Sequence(elements) => elements.iter_mut().for_each(|element| relocate(element, place)),
        NodeData::Mapping(entries) => {
            for entry in entries {
                relocate(&mut entry.key, place);
                relocate(&mut entry.value, place);
            }
        }
        _ => {}
    }
}
