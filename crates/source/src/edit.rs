//! Changes to text.

use crate::Span;

/// Replace the bytes under `span` by `replacement`; an empty span inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

/// Why edits could not be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// Two edits touch the same bytes.
    #[error("two edits overlap at byte {offset}")]
    Overlap {
        /// The first byte that both want, from 0.
        offset: u32,
    },
    /// An edit names bytes that the text does not have, or splits a character.
    #[error("an edit ends at byte {offset}, outside the text")]
    Outside {
        /// The offending byte, from 0.
        offset: u32,
    },
}

/// Applies edits of one file to its `text`, in any order given.
///
/// # Errors
/// Overlapping edits and edits outside the text are refused, and nothing is applied.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Result<String, EditError> {
    let mut sorted: Vec<&TextEdit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut result = String::with_capacity(text.len());
    let mut position = 0;
    for edit in sorted {
        if edit.span.start < position {
            return Err(EditError::Overlap { offset: edit.span.start });
        }
        let kept = text
            .get(position as usize..edit.span.start as usize)
            .filter(|_| text.is_char_boundary(edit.span.end as usize))
            .ok_or(EditError::Outside { offset: edit.span.end })?;
        result.push_str(kept);
        result.push_str(&edit.replacement);
        position = edit.span.end;
    }
    result.push_str(text.get(position as usize..).unwrap_or(""));
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    fn edit(start: usize, end: usize, replacement: &str) -> TextEdit {
        TextEdit { span: Span::new(FileId(0), start, end), replacement: replacement.to_owned() }
    }

    #[test]
    fn edits_apply_in_any_order_and_refuse_overlap() {
        assert_eq!(apply_edits("abcd", &[edit(3, 4, "D"), edit(0, 1, "A")]).as_deref(), Ok("AbcD"));
        assert_eq!(
            apply_edits("abcd", &[edit(0, 2, ""), edit(1, 3, "")]),
            Err(EditError::Overlap { offset: 1 })
        );
        assert_eq!(apply_edits("ab", &[edit(1, 9, "")]), Err(EditError::Outside { offset: 9 }));
    }
}
