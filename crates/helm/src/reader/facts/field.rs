//! Fields of a manifest that a template fills with one value.

use proofmark_gotemplate::{Action, Survey};
use std::ops::Range;

/// A field whose whole value one action writes, without quotes around it.
pub(super) struct Field<'t> {
    /// Its name.
    pub name: &'t str,
    /// The name of the field, or list, that holds it; empty where that cannot be told.
    pub parent: &'t str,
    /// Where it stands, with its name.
    pub range: Range<usize>,
    /// Whether what is written is text to YAML, whatever the value is: quoted, or of a type that someone chose.
    pub is_typed: bool,
}

/// Functions that leave a text a text without quotes. What `printf` makes is mostly more than one value.
const PLAIN: [&str; 13] = [
    "coalesce",
    "default",
    "lower",
    "replace",
    "required",
    "toString",
    "trim",
    "trimAll",
    "trimPrefix",
    "trimSuffix",
    "trunc",
    "upper",
    "tpl",
];

/// The field that an action fills, if it fills one with values alone.
pub(super) fn field<'t>(text: &'t str, survey: &Survey, action: &Action) -> Option<Field<'t>> {
    let readings = survey.readings.get(action.readings.clone())?;
    if !action.is_output
        || !readings.iter().any(|reading| super::usage::values_path(&reading.fields).is_some())
    {
        return None;
    }
    let start = text.get(..action.range.start)?.rfind('\n').map_or(0, |end| end + 1);
    let after = text.get(action.range.end..)?.lines().next().unwrap_or("");
    let before = text.get(start..action.range.start)?;
    let (key, gap) = before.rsplit_once(':')?;
    let is_whole = !gap.is_empty() && gap.trim().is_empty() && is_blank(after);
    let name = Line::of(key).name;
    if !is_whole || !is_name(name) {
        return None;
    }
    Some(Field {
        name,
        parent: parent(text.get(..start)?, Line::of(key)).unwrap_or(""),
        range: start + Line::of(key).column..action.range.end,
        is_typed: !action.functions.last().is_none_or(|last| PLAIN.contains(last)),
    })
}

/// Whether nothing stands in the rest of a line but a comment.
fn is_blank(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty() || rest.starts_with('#')
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '"' | '\'');
    !name.is_empty() && name.chars().all(is_part)
}

/// A line of YAML, as far as its beginning tells.
#[derive(Clone, Copy)]
struct Line<'t> {
    /// Where its name begins.
    column: usize,
    /// Where the mark of a list element stands in front of it.
    dash: Option<usize>,
    name: &'t str,
}

impl<'t> Line<'t> {
    fn of(text: &'t str) -> Self {
        let content = text.trim_start_matches(' ');
        let indent = text.len() - content.len();
        let name = content.trim_start_matches(['-', ' ']);
        let dash = content.starts_with("- ").then_some(indent);
        Self { column: text.len() - name.len(), dash, name: name.split(':').next().unwrap_or("") }
    }
}

/// The name of what holds a line: of the lines above, the nearest that stands further left.
fn parent<'t>(above: &'t str, line: Line<'_>) -> Option<&'t str> {
    // The list of an element may stand in the same column as the mark of the element.
    let mut limit = line.dash.map_or(line.column, |dash| dash + 1);
    let mut is_element = line.dash.is_some();
    for text in above.lines().rev() {
        let content = text.trim_start();
        if content.is_empty() || content.starts_with(['#', '{']) {
            continue;
        }
        let found = Line::of(text);
        match found.dash {
            // The first line of the element that the line is part of, or an element before it.
            Some(dash) if !is_element && found.column == limit => {
                (limit, is_element) = (dash + 1, true);
            }
            Some(dash) if dash < limit && !is_element => return Some(found.name),
            Some(dash) if dash + 1 >= limit => {}
            _ if found.column < limit => return Some(found.name),
            _ => {}
        }
    }
    None
}
