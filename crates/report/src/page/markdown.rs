//! Documents as Markdown (GitHub's dialect).

use super::{Block, Kind, Page, Phrase, Run, Table};
use std::fmt::Write as _;

/// The document as Markdown.
pub fn render_markdown_page(page: &Page) -> String {
    let mut text = format!("# {}\n", escape(&page.title, false));
    for block in &page.blocks {
        text.push('\n');
        match block {
            Block::Heading { level, anchor, text: words } => {
                if !anchor.is_empty() {
                    let _ = writeln!(text, "<a id=\"{anchor}\"></a>\n");
                }
                let _ = writeln!(text, "{} {}", "#".repeat(usize::from(*level)), phrase(words, false));
            }
            Block::Paragraph(words) => {
                let _ = writeln!(text, "{}", phrase(words, false));
            }
            Block::List(elements) => {
                for element in elements {
                    let _ = writeln!(text, "- {}", phrase(element, false));
                }
            }
            Block::Table(table) => write_table(&mut text, table),
        }
    }
    text
}

fn write_table(text: &mut String, table: &Table) {
    for (name, _) in &table.columns {
        let _ = write!(text, "| {name} ");
    }
    text.push_str("|\n");
    for (_, kind) in &table.columns {
        text.push_str(match kind {
            Kind::Words => "| --- ",
            Kind::Number => "| ---: ",
        });
    }
    text.push_str("|\n");
    for row in &table.rows {
        for cell in row {
            let _ = write!(text, "| {} ", phrase(cell, true));
        }
        text.push_str("|\n");
    }
}

fn phrase(phrase: &Phrase, in_table: bool) -> String {
    let mut text = String::new();
    for run in &phrase.0 {
        match run {
            Run::Plain(words) => text.push_str(&escape(words, in_table)),
            Run::Strong(words) => drop(write!(text, "**{}**", escape(words, in_table))),
            Run::Code(quoted) => text.push_str(&code(quoted, in_table)),
            Run::Jump(words, anchor) => drop(write!(text, "[{}](#{anchor})", escape(words, in_table))),
            Run::Web(address) => drop(write!(text, "<{}>", address.replace('|', "%7C"))),
            Run::Break => text.push_str("<br>"),
        }
    }
    text
}

/// Text that Markdown shows as it is, on one line.
fn escape(words: &str, in_table: bool) -> String {
    let mut text = String::with_capacity(words.len());
    let mut previous = ' ';
    let mut characters = words.chars().peekable();
    while let Some(character) = characters.next() {
        // An underscore within a word marks nothing, and most names have some.
        let is_inner =
            previous.is_alphanumeric() && characters.peek().is_some_and(|next| next.is_alphanumeric());
        match character {
            '\n' | '\r' | '\t' => text.push(' '),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '|' if !in_table => text.push('|'),
            '_' if is_inner => text.push('_'),
            '\\' | '*' | '_' | '[' | ']' | '|' | '`' | '~' | '$' => text.extend(['\\', character]),
            _ => text.push(character),
        }
        previous = character;
    }
    text
}

/// A quotation: the fence is longer than any within.
fn code(quoted: &str, in_table: bool) -> String {
    let mut longest = 0;
    let mut current = 0;
    for character in quoted.chars() {
        current = if character == '`' { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if quoted.starts_with('`') || quoted.ends_with('`') || quoted.is_empty() { " " } else { "" };
    let mut quoted = quoted.replace(['\n', '\r', '\t'], " ");
    if in_table {
        // Within tables a bar splits cells even inside a quotation.
        quoted = quoted.replace('|', "\\|");
    }
    format!("{fence}{pad}{quoted}{pad}{fence}")
}
