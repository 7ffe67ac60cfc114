//! The structure of a Markdown text.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// What Markdown says about a text, in order of place. Ranges are bytes of the whole text.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) headings: Vec<Heading>,
    pub(crate) links: Vec<Link>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) tables: Vec<Table>,
    pub(crate) code_blocks: Vec<CodeBlock>,
}

#[derive(Debug)]
pub(crate) struct Heading {
    /// From 1 to 6.
    pub(crate) level: usize,
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) target: String,
    pub(crate) text: String,
    pub(crate) is_image: bool,
    pub(crate) range: Range<usize>,
}

#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) text: String,
    pub(crate) is_done: bool,
    /// The targets of links and the code in it, which may name files.
    pub(crate) names: Vec<String>,
    pub(crate) range: Range<usize>,
}

#[derive(Debug)]
pub(crate) struct CodeBlock {
    /// The first word behind the fence; empty for indented blocks.
    pub(crate) language: String,
    /// Whether the block stands between fences rather than indented.
    pub(crate) is_fenced: bool,
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

/// A table; its first row is the header.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) range: Range<usize>,
}

#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
}

/// Reads `text` from byte `body` on.
pub(crate) fn read_outline(text: &str, body: usize) -> Outline {
    let mut collector = Collector::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let markdown = text.get(body..).unwrap_or("");
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        collector.take(event, range.start + body..range.end + body);
    }
    collector.close_task(text.len());
    collector.outline
}

/// Elements whose end has not come yet.
#[derive(Default)]
struct Collector {
    outline: Outline,
    heading: Option<Heading>,
    links: Vec<Link>,
    task: Option<Task>,
    code_block: Option<CodeBlock>,
    table: Option<Table>,
    cell: Option<Cell>,
}

impl Collector {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, range),
            Event::End(tag) => self.close(tag, &range),
            Event::Code(text) => {
                self.name(&text);
                self.write(&text);
            }
            Event::Text(text) | Event::InlineHtml(text) => self.write(&text),
            Event::SoftBreak | Event::HardBreak => self.write(" "),
            Event::TaskListMarker(is_done) => {
                self.close_task(range.start);
                self.task = Some(Task { text: String::new(), is_done, names: Vec::new(), range });
            }
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.heading = Some(Heading { level: level as usize, text: String::new(), range });
            }
            Tag::Link { dest_url, .. } => self.open_link(&dest_url, false, range),
            Tag::Image { dest_url, .. } => self.open_link(&dest_url, true, range),
            Tag::CodeBlock(kind) => {
                let (language, is_fenced) = match kind {
                    CodeBlockKind::Fenced(info) => {
                        (info.split([' ', ',', '{']).next().unwrap_or("").to_owned(), true)
                    }
                    CodeBlockKind::Indented => (String::new(), false),
                };
                self.code_block = Some(CodeBlock { language, is_fenced, text: String::new(), range });
            }
            Tag::Table(_) => self.table = Some(Table { rows: Vec::new(), range }),
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::TableCell => self.cell = Some(Cell { text: String::new(), range }),
            Tag::List(_) | Tag::Item => self.close_task(range.start),
            _ => {}
        }
    }

    fn open_link(&mut self, target: &str, is_image: bool, range: Range<usize>) {
        self.name(target);
        self.links.push(Link { target: target.to_owned(), text: String::new(), is_image, range });
    }

    fn close(&mut self, tag: TagEnd, range: &Range<usize>) {
        match tag {
            TagEnd::Heading(_) => self.outline.headings.extend(self.heading.take()),
            TagEnd::Link | TagEnd::Image => self.outline.links.extend(self.links.pop()),
            TagEnd::CodeBlock => self.outline.code_blocks.extend(self.code_block.take()),
            TagEnd::Table => self.outline.tables.extend(self.table.take()),
            TagEnd::Item => self.close_task(range.end),
            TagEnd::TableCell => {
                let row = self.table.as_mut().and_then(|table| table.rows.last_mut());
                if let (Some(row), Some(cell)) = (row, self.cell.take()) {
                    row.push(Cell { text: cell.text.trim().to_owned(), range: cell.range });
                }
            }
            _ => {}
        }
    }

    /// Notes what may be the name of a file in the open task.
    fn name(&mut self, text: &str) {
        if let Some(task) = &mut self.task {
            task.names.push(text.to_owned());
        }
    }

    /// Ends the open task at `end`, where its item or a list inside it shows.
    fn close_task(&mut self, end: usize) {
        if let Some(mut task) = self.task.take() {
            task.range.end = task.range.end.max(end);
            self.outline.tasks.push(task);
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(block) = &mut self.code_block {
            block.text.push_str(text);
            return;
        }
        let buffers = [
            self.heading.as_mut().map(|heading| &mut heading.text),
            self.task.as_mut().map(|task| &mut task.text),
            self.cell.as_mut().map(|cell| &mut cell.text),
        ];
        for buffer in buffers.into_iter().flatten() {
            buffer.push_str(text);
        }
        for link in &mut self.links {
            link.text.push_str(text);
        }
    }
}
