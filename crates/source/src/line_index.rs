//! From byte offsets to lines and columns.

/// A place in a text as people and formats count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column in code points, from 1.
    pub column: u32,
    /// The column in UTF-16 code units, from 1: what SARIF and the editor protocol count.
    pub column_utf16: u32,
}

/// Where the lines of one text begin. A line ends behind `\n`; a `\r` before it belongs to the line.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// Byte offsets at which lines begin; the first is 0.
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        for (index, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                starts.push(u32::try_from(index + 1).unwrap_or(u32::MAX));
            }
        }
        Self { starts }
    }

    /// The number of lines, at least 1.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The line that holds the byte at `offset`, from 1.
    #[must_use]
    pub fn line_number(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|&start| start <= offset);
        u32::try_from(after.max(1)).unwrap_or(u32::MAX)
    }

    /// The bytes of line `number` (from 1) without its line break; `None` where the text has no such line.
    #[must_use]
    pub fn line_range(&self, number: u32, text: &str) -> Option<std::ops::Range<usize>> {
        let index = (number as usize).checked_sub(1)?;
        let start = *self.starts.get(index)? as usize;
        let end = self.starts.get(index + 1).map_or(text.len(), |&next| next as usize);
        let line = text.get(start..end)?;
        let kept = line.strip_suffix('\n').unwrap_or(line);
        let kept = kept.strip_suffix('\r').unwrap_or(kept);
        Some(start..start + kept.len())
    }

    /// Line and columns of the byte at `offset` in the `text` that this index was made from.
    ///
    /// An offset behind the end counts as the end, one inside a character as its first byte.
    #[must_use]
    pub fn line_column(&self, offset: u32, text: &str) -> LineColumn {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_number(u32::try_from(offset).unwrap_or(u32::MAX));
        let start = self.starts.get(line as usize - 1).map_or(0, |&start| start as usize);
        let before = text.get(start..offset).unwrap_or("");
        let column = before.chars().count();
        let column_utf16 = before.encode_utf16().count();
        LineColumn {
            line,
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
            column_utf16: u32::try_from(column_utf16 + 1).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_code_points_and_utf16_units_apart() {
        let text = "a\nü𝄞x\r\n";
        let index = LineIndex::new(text);
        let at = index.line_column(text.find('x').unwrap() as u32, text);
        assert_eq!((at.line, at.column, at.column_utf16), (2, 3, 4));
        assert_eq!(index.line_range(2, text).map(|range| &text[range]), Some("ü𝄞x"));
        assert_eq!(index.line_count(), 3);
    }

    #[test]
    fn an_offset_behind_the_end_is_the_end() {
        let index = LineIndex::new("ab");
        assert_eq!(index.line_column(99, "ab").column, 3);
    }
}
