//! JSON with one line per element down to a depth, and compact below: small, and still fit for `diff`.

use serde::Serialize;
use serde_json::ser::Formatter;
use std::io;

/// Renders `value` with line breaks down to that nesting depth (1 is the outermost object), ended by a line break.
pub fn render_json_lines<T: Serialize>(value: &T, lines_depth: usize) -> String {
    let mut bytes = Vec::new();
    // Writing to memory does not fail, and our types have only texts as keys.
    let written = write_json_lines(&mut bytes, value, lines_depth);
    debug_assert!(written.is_ok(), "a report serializes");
    String::from_utf8(bytes).unwrap_or_default()
}

/// The same into a writer.
///
/// # Errors
/// Those of the writer.
pub fn write_json_lines<W: io::Write, T: Serialize>(
    mut writer: W,
    value: &T,
    lines_depth: usize,
) -> io::Result<()> {
    let formatter = Lines { depth: 0, lines_depth, has_value: false };
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut writer, formatter))?;
    writer.write_all(b"\n")
}

struct Lines {
    depth: usize,
    lines_depth: usize,
    has_value: bool,
}

impl Lines {
    fn begin(&mut self) {
        self.depth += 1;
        self.has_value = false;
    }

    fn separate<W: ?Sized + io::Write>(&mut self, writer: &mut W, is_first: bool) -> io::Result<()> {
        if !is_first {
            writer.write_all(b",")?;
        }
        self.break_line(writer, self.depth)
    }

    fn break_line<W: ?Sized + io::Write>(&self, writer: &mut W, indent: usize) -> io::Result<()> {
        if self.depth > self.lines_depth {
            return Ok(());
        }
        writer.write_all(b"\n")?;
        for _ in 0..indent {
            writer.write_all(b" ")?;
        }
        Ok(())
    }

    fn end<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.has_value {
            self.break_line(writer, self.depth - 1)?;
        }
        self.depth -= 1;
        self.has_value = true;
        Ok(())
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin();
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer)?;
        writer.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, is_first: bool) -> io::Result<()> {
        self.separate(writer, is_first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin();
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer)?;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, is_first: bool) -> io::Result<()> {
        self.separate(writer, is_first)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.depth > self.lines_depth { b":" } else { b": " })
    }
}
