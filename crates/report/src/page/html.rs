//! Documents as one HTML file that needs nothing else.

use super::{Block, Kind, Page, Phrase, Run, Table};
use std::fmt::Write as _;

/// Readable on a screen, in the dark, and on paper.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}\
h1,h2,h3,h4{line-height:1.25;margin:2em 0 .6em}h1{margin-top:0}\
h2{border-bottom:1px solid #8886;padding-bottom:.2em}\
code{font:.9em ui-monospace,monospace;background:#8882;padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%;margin:1em 0}\
th,td{border:1px solid #8886;padding:.3em .6em;text-align:left;vertical-align:top}\
th{background:#8881}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
@media print{body{max-width:none;margin:0}h2{break-before:auto}tr{break-inside:avoid}}";

/// The document as HTML. It holds no script and loads nothing.
pub fn render_html_page(page: &Page) -> String {
    let title = escape(&page.title);
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    for block in &page.blocks {
        match block {
            Block::Heading { level, anchor, text: words } => {
                let id = if anchor.is_empty() { String::new() } else { format!(" id=\"{anchor}\"") };
                let _ = writeln!(text, "<h{level}{id}>{}</h{level}>", phrase(words));
            }
            Block::Paragraph(words) => {
                let _ = writeln!(text, "<p>{}</p>", phrase(words));
            }
            Block::List(elements) => {
                text.push_str("<ul>\n");
                for element in elements {
                    let _ = writeln!(text, "<li>{}</li>", phrase(element));
                }
                text.push_str("</ul>\n");
            }
            Block::Table(table) => write_table(&mut text, table),
        }
    }
    text.push_str("</body>\n</html>\n");
    text
}

fn write_table(text: &mut String, table: &Table) {
    let class = |kind: &Kind| if *kind == Kind::Number { " class=\"n\"" } else { "" };
    text.push_str("<table>\n<thead><tr>");
    for (name, kind) in &table.columns {
        let _ = write!(text, "<th{}>{}</th>", class(kind), escape(name));
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        text.push_str("<tr>");
        for (cell, (_, kind)) in row.iter().zip(&table.columns) {
            let _ = write!(text, "<td{}>{}</td>", class(kind), phrase(cell));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n");
}

fn phrase(phrase: &Phrase) -> String {
    let mut text = String::new();
    for run in &phrase.0 {
        match run {
            Run::Plain(words) => text.push_str(&escape(words)),
            Run::Strong(words) => drop(write!(text, "<strong>{}</strong>", escape(words))),
            Run::Code(quoted) => drop(write!(text, "<code>{}</code>", escape(quoted))),
            Run::Jump(words, anchor) => drop(write!(text, "<a href=\"#{anchor}\">{}</a>", escape(words))),
            Run::Web(address) => {
                let address = escape(address);
                let _ = write!(text, "<a href=\"{address}\" rel=\"noreferrer\">{address}</a>");
            }
            Run::Break => text.push_str("<br>"),
        }
    }
    text
}

fn escape(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            '"' => text.push_str("&quot;"),
            _ => text.push(character),
        }
    }
    text
}
