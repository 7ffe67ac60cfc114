//! Sets attributes in HCL, as `terraform fmt` would lay them out.

use super::literal;
use super::offer::{insert, replace};
use super::setting::{Setting, indentation, line_end, newline};
use proofmark_hcl::{Attribute, Block, Body, ExprKind};
use proofmark_source::{FileId, Span, TextEdit};

/// The edits that set an attribute of a block; `None` where the text does not take it: where an expression stands that is
/// no plain value, or a block is missing that would hold it.
pub(super) fn set(text: &str, body: &Body, setting: &Setting<'_>) -> Option<Vec<TextEdit>> {
    let mut block = block_at(body, setting.target)?;
    let (name, outer) = setting.path.split_last()?;
    for kind in outer {
        let mut inner = block.body.blocks.iter().filter(|inner| inner.kind == *kind);
        block = inner.next()?;
        if inner.next().is_some() {
            return None;
        }
    }
    let value = literal::hcl(setting.value)?;
    let Some(attribute) = block.body.attributes.iter().find(|attribute| attribute.name == *name) else {
        return add_attribute(text, block, name, &value);
    };
    match attribute.value.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Integer(_)
        | ExprKind::Float(_)
        | ExprKind::String(_) => Some(vec![replace(attribute.value.span, value)]),
        _ => None,
    }
}

fn block_at(body: &Body, place: Span) -> Option<&Block> {
    let block = body.blocks.iter().find(|block| block.span.contains(place))?;
    if block.span == place { Some(block) } else { block_at(&block.body, place) }
}

fn add_attribute(text: &str, block: &Block, name: &str, value: &str) -> Option<Vec<TextEdit>> {
    let file = block.span.file;
    let inside = inside(text, block)?;
    if !text.get(inside.clone())?.contains('\n') {
        return Some(vec![open_up(
            text,
            block,
            Span::new(file, inside.start, inside.end),
            &format!("{name} = {value}"),
        )]);
    }
    let newline = newline(text);
    let Some(last) = block.body.attributes.last() else {
        let indent = indentation(text, block.span.start as usize)?;
        let at = line_end(text, inside.start);
        return Some(vec![insert(file, at, format!("{newline}{indent}  {name} = {value}"))]);
    };
    let indent = indentation(text, last.span.start as usize)?;
    let group = group(text, &block.body.attributes);
    let width =
        group.iter().map(|attribute| attribute.name.len()).max().unwrap_or(name.len()).max(name.len());
    let mut edits: Vec<TextEdit> =
        group.iter().filter_map(|attribute| aligned(text, file, attribute, width)).collect();
    let at = line_end(text, last.span.end as usize);
    edits.push(insert(file, at, format!("{newline}{indent}{name:width$} = {value}")));
    Some(edits)
}

/// The bytes between the braces.
fn inside(text: &str, block: &Block) -> Option<std::ops::Range<usize>> {
    let start = block.header.end as usize;
    let open = start + text.get(start..block.span.end as usize)?.find('{')? + 1;
    let close = block.span.end as usize - 1;
    text.get(open..close).is_some().then_some(open..close)
}

/// A block of one line on several, with one line more.
fn open_up(text: &str, block: &Block, inside: Span, line: &str) -> TextEdit {
    let newline = newline(text);
    let indent = indentation(text, block.span.start as usize).unwrap_or("");
    let own = inside.slice(text).trim();
    let own = if own.is_empty() { String::new() } else { format!("{indent}  {own}{newline}") };
    replace(inside, format!("{newline}{own}{indent}  {line}{newline}{indent}"))
}

/// The attributes at the end that stand on lines of their own without a gap: their equals signs are in one column.
fn group<'b>(text: &str, attributes: &'b [Attribute]) -> &'b [Attribute] {
    let is_short = |attribute: &Attribute| !attribute.span.slice(text).contains('\n');
    let mut start = attributes.len();
    for (number, attribute) in
        attributes.iter().enumerate().rev().filter(|(_, attribute)| is_short(attribute))
    {
        let follows = attributes.get(number + 1).is_none_or(|next| {
            let between = text.get(attribute.span.end as usize..next.span.start as usize).unwrap_or("\n\n");
            number + 1 == start && between.matches('\n').count() == 1
        });
        if !follows {
            break;
        }
        start = number;
    }
    attributes.get(start..).unwrap_or(&[])
}

/// The blanks that bring the equals sign of an attribute into the column behind `width` letters.
fn aligned(text: &str, file: FileId, attribute: &Attribute, width: usize) -> Option<TextEdit> {
    let end = attribute.name_span.end as usize;
    let blanks = text.get(end..)?.find('=')?;
    let wanted = width.saturating_sub(attribute.name.len()) + 1;
    // Who lays out by hand keeps it so: only what is too narrow moves.
    (blanks < wanted).then(|| insert(file, end, " ".repeat(wanted - blanks)))
}
