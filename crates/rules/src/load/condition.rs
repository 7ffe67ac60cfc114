//! Conditions inside YAML, and the way back from their bytes to those of the file.

use super::RULE_CONDITION;
use super::fields::Errors;
use crate::Condition;
use crate::cel::{ConditionError, parse_condition};
use crate::check::{Scope, Wanted, check_condition};
use proofmark_source::Span;
use proofmark_syntax::Node;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// What is needed to read a condition.
pub(super) struct ConditionReader<'r> {
    /// The text of the file.
    pub text: &'r str,
    pub scope: Scope<'r>,
    /// The parameters that were read so far.
    pub used: BTreeSet<SmolStr>,
}

impl ConditionReader<'_> {
    /// Parses and checks the condition in a scalar.
    pub fn read(&mut self, node: &Node, key: &str, wanted: Wanted, errors: &mut Errors) -> Option<Condition> {
        let Some(written) = node.as_str() else {
            let message = format!("`{key}` is not a condition in CEL");
            errors.add(
                RULE_CONDITION,
                node.span,
                message,
                Some("write an expression, in quotes if need be".to_owned()),
            );
            return None;
        };
        let problems = match parse_condition(written) {
            Ok(condition) => {
                let problems = check_condition(&condition, wanted, &self.scope, &mut self.used);
                if problems.is_empty() {
                    return Some(condition);
                }
                problems
            }
            Err(error) => vec![error],
        };
        for ConditionError { message, help, range } in problems {
            errors.add(RULE_CONDITION, place(node, written, self.text, range), message, help);
        }
        None
    }
}

/// The bytes in the file for the bytes `range` of a scalar's decoded text: exact where the scalar stands in one line
/// without escapes, and in blocks that keep their lines; else the whole scalar.
fn place(node: &Node, written: &str, file_text: &str, range: (u32, u32)) -> Span {
    let source = node.span.slice(file_text);
    let start = node.span.start as usize;
    let base = if source.starts_with(written) {
        Some(start)
    } else if source.get(1..).is_some_and(|inner| inner.starts_with(written)) {
        Some(start + 1)
    } else {
        return place_in_block(node, written, source, range).unwrap_or(node.span);
    };
    match base {
        Some(base) => Span::new(node.span.file, base + range.0 as usize, base + range.1 as usize),
        None => node.span,
    }
}

/// The same in a literal block, whose lines are those of the text with an indentation before them.
fn place_in_block(node: &Node, written: &str, source: &str, range: (u32, u32)) -> Option<Span> {
    let before = written.get(..range.0 as usize)?;
    let line_index = before.matches('\n').count();
    let line = written.split('\n').nth(line_index)?;
    let column = before.len() - before.rfind('\n').map_or(0, |index| index + 1);
    let length = (range.1 - range.0) as usize;
    // The first line of the scalar's source is its `|`, unless the parser leaves that out.
    let skipped = usize::from(source.starts_with(['|', '>']));
    let mut offset = 0;
    for (index, source_line) in source.split('\n').enumerate() {
        if index == line_index + skipped {
            let indentation = source_line.trim_end_matches('\r').strip_suffix(line)?.len();
            let start = node.span.start as usize + offset + indentation + column;
            return Some(Span::new(node.span.file, start, start + length.min(line.len() - column)));
        }
        offset += source_line.len() + 1;
    }
    None
}
