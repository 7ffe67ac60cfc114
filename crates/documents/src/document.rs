//! Documents as resources.

use crate::classify::{Markup, class, file_name, is_template, markup, stem};
use crate::facts::Facts;
use crate::front_matter::{FrontMatter, read_front_matter};
use crate::outline::{Heading, Link, Outline, Table, read_outline};
use crate::prose;
use proofmark_model::{
    Address, Attribute, Claim, Comment, FileUse, Kind, ReadSettings, Reader, Resource, SmolStr, Unit,
    UnitModel, Value,
};
use proofmark_source::{
    Code, Diagnostic, FileId, Impact, Span, Workspace, join_path, normalize_path, parent_path,
};
use std::ops::Range;

/// The file could not be read.
const UNREAD: Code = Code("document-unread");

/// Reads each Markdown or text document into one resource of kind `document`.
///
/// Attributes: `path`, `folder`, `name` (without extension, lower case), `class` (`policy`, `runbook`, `adr`,
/// `postmortem`, `checklist`, `plan`, `record`, `readme`, …), `is_template`, `title`, `front_matter`, `metadata` (front
/// matter and labelled lines before the second heading, keys folded to `snake_case`), `headings` {level, text},
/// `sections` {title, level, text, words}, `links` {target, text, is_relative, is_image, path, exists}, `tasks`
/// {text, is_done, names_file, date}, `tables` {header, rows}, `code_blocks` {language, text, is_closed}, `lines` of prose,
/// `code_lines`, `text` as a whole, `words`, `dates`.
#[derive(Debug, Default)]
pub struct DocumentReader;

impl Reader for DocumentReader {
    fn name(&self) -> &'static str {
        "documents"
    }

    fn claim(&self, workspace: &dyn Workspace, file: FileId) -> Option<Claim> {
        markup(workspace.path(file)).map(|_| Claim { class: "document" })
    }

    fn units(&self, workspace: &dyn Workspace, claimed: &[FileId], _settings: &ReadSettings) -> Vec<Unit> {
        let unit = |file: &FileId| Unit {
            reader: "documents",
            path: workspace.path(*file).to_owned(),
            files: vec![*file],
        };
        claimed.iter().map(unit).collect()
    }

    fn read(&self, workspace: &dyn Workspace, unit: &Unit, settings: &ReadSettings) -> UnitModel {
        let mut model = UnitModel::default();
        for &file in &unit.files {
            let path = workspace.path(file);
            let Some(markup) = markup(path) else { continue };
            match workspace.load(file) {
                Ok(text) => {
                    let document = Document { workspace, settings, file, path, text };
                    let is_whole = read_document(&document, markup, &mut model);
                    model.files.push(FileUse { file, is_whole });
                }
                Err(error) => {
                    let span = Span::file_start(file);
                    model.diagnostics.push(Diagnostic::new(UNREAD, Impact::Unread, span, error.to_string()));
                    model.files.push(FileUse { file, is_whole: false });
                }
            }
        }
        model
    }
}

/// A document being read.
struct Document<'w> {
    workspace: &'w dyn Workspace,
    settings: &'w ReadSettings,
    file: FileId,
    path: &'w str,
    text: &'w str,
}

impl Document<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.start..range.end).unwrap_or("")
    }

    /// A text that stands there.
    fn value(&self, text: &str, range: &Range<usize>) -> Value {
        Value::string(text, self.span(range))
    }
}

/// Adds the document's resource; false where its front matter could not be read.
fn read_document(document: &Document<'_>, markup: Markup, model: &mut UnitModel) -> bool {
    let front_matter = read_front_matter(document.file, document.text);
    let outline = match markup {
        Markup::Markdown => read_outline(document.text, front_matter.body),
        Markup::Plain => Outline::default(),
    };
    let whole = Span::new(document.file, 0, document.text.len());
    let header = line_of(document, &(0..document.text.len()));
    let mut facts = Facts::new(header);
    describe_path(document, &mut facts);
    let body = front_matter.body;
    if let Some(title) = title(document, &outline, body) {
        facts.set("title", title);
    }
    describe_metadata(document, &front_matter, &outline, &mut facts);
    describe_outline(document, &outline, &mut facts);
    describe_prose(document, &outline, body, &mut facts);
    let is_whole = front_matter.diagnostics.iter().all(|diagnostic| diagnostic.impact == Impact::None);
    model.diagnostics.extend(front_matter.diagnostics);
    let (address, kind) = (Address(SmolStr::new(document.path)), Kind(SmolStr::new_static("document")));
    model.resources.push(Resource {
        header,
        comments: comments(document),
        ..Resource::new(address, kind, whole, facts.finish(header))
    });
    is_whole
}

fn describe_path(document: &Document<'_>, facts: &mut Facts) {
    facts.text("path", document.path);
    facts.text("folder", parent_path(document.path));
    facts.text("name", stem(document.path));
    facts.text("file_name", file_name(document.path));
    facts.text("class", class(document.path));
    facts.truth("is_template", is_template(document.path));
    if let Some(day) = document.settings.changed_on.get(&document.file) {
        facts.text("changed_on", SmolStr::clone(day));
    }
}

/// The first heading of the highest level there is; in a text without headings the first line, or what its label
/// `Title:` says.
fn title(document: &Document<'_>, outline: &Outline, body: usize) -> Option<Value> {
    if let Some(heading) = outline.headings.iter().min_by_key(|heading| heading.level) {
        return Some(document.value(heading.text.trim(), &heading.range));
    }
    let (range, line) = prose::lines(document.text, body).next()?;
    match prose::labelled(line, range.start) {
        Some(labelled) if labelled.label == "title" => {
            Some(document.value(&labelled.value, &labelled.value_range))
        }
        _ => Some(document.value(line, &range)),
    }
}

/// Adds `front_matter` as written, and `metadata`: the same with folded keys, and what labelled lines add to it.
fn describe_metadata(
    document: &Document<'_>,
    front_matter: &FrontMatter,
    outline: &Outline,
    facts: &mut Facts,
) {
    let header = facts.span();
    let mut metadata = Facts::new(header);
    if let Some(root) = &front_matter.root {
        let value = Value::from_node(root, header);
        for entry in value.as_map().map_or(&[][..], proofmark_model::Map::entries) {
            let Attribute { name, name_span, value } = entry;
            let folded = name.trim().to_lowercase().replace([' ', '-'], "_");
            metadata.set_named(folded.into(), *name_span, Value::clone(value));
        }
        facts.set("front_matter", value);
    }
    // What stands below the second heading speaks about a part of the document.
    let end = outline.headings.get(1).map_or(document.text.len(), |heading| heading.range.start);
    for (range, line) in
        prose::lines(document.text, front_matter.body).take_while(|(range, _)| range.start < end)
    {
        let Some(labelled) = prose::labelled(line, range.start) else { continue };
        if !metadata.has(&labelled.label) {
            let value = document.value(&labelled.value, &labelled.value_range);
            metadata.set_named(labelled.label.into(), document.span(&labelled.label_range), value);
        }
    }
    facts.set("metadata", metadata.finish(header));
}

fn describe_outline(document: &Document<'_>, outline: &Outline, facts: &mut Facts) {
    let headings = outline.headings.iter().map(|heading| {
        let span = document.span(&heading.range);
        let mut facts = Facts::new(span);
        facts.number("level", heading.level);
        facts.text("text", heading.text.trim());
        facts.finish(span)
    });
    facts.list("headings", headings.collect());
    let links = outline.links.iter().map(|link| describe_link(document, link));
    facts.list("links", links.collect());
    let tasks = outline.tasks.iter().map(|task| {
        let span = line_of(document, &task.range);
        let mut facts = Facts::new(span);
        facts.text("text", task.text.trim());
        facts.truth("is_done", task.is_done);
        facts.truth("names_file", task.names.iter().any(|name| names_file(document, name)));
        if let Some(date) = prose::dates(&task.text).next() {
            facts.text("date", task.text.get(date).unwrap_or(""));
        }
        facts.finish(span)
    });
    facts.list("tasks", tasks.collect());
    facts.list("tables", outline.tables.iter().map(|table| describe_table(document, table)).collect());
    let blocks = outline.code_blocks.iter().map(|block| {
        let span = line_of(document, &block.range);
        let mut facts = Facts::new(span);
        facts.text("language", block.language.to_lowercase());
        facts.text("text", block.text.as_str());
        if block.is_fenced {
            facts.truth("is_closed", is_closed(document, &block.range));
        }
        facts.finish(span)
    });
    facts.list("code_blocks", blocks.collect());
}

/// Whether a name in a document is that of a file that is here, from the document or from the root.
fn names_file(document: &Document<'_>, name: &str) -> bool {
    let from_document = local_path(document.path, name).flatten();
    let from_root = normalize_path(name.trim_start_matches('/'));
    [from_document, from_root]
        .into_iter()
        .flatten()
        .any(|path| !path.is_empty() && exists(document.workspace, &path))
}

/// Whether a fenced block ends with a fence of its own.
fn is_closed(document: &Document<'_>, range: &Range<usize>) -> bool {
    let text = document.slice(range).trim_end();
    let last = text.rsplit_once('\n').map_or("", |(_, last)| last.trim_start_matches(['>', ' ', '\t']));
    last.starts_with("```") || last.starts_with("~~~")
}

/// The first line of what stands there.
fn line_of(document: &Document<'_>, range: &Range<usize>) -> Span {
    let line = document.slice(range).split('\n').next().unwrap_or("").trim_end();
    Span::new(document.file, range.start, range.start + line.len())
}

fn describe_link(document: &Document<'_>, link: &Link) -> Value {
    let span = document.span(&link.range);
    let mut facts = Facts::new(span);
    facts.text("target", link.target.as_str());
    facts.text("text", link.text.trim());
    facts.truth("is_image", link.is_image);
    let local = local_path(document.path, &link.target);
    facts.truth("is_relative", local.is_some());
    if let Some(path) = local {
        let exists = path.as_deref().is_some_and(|path| exists(document.workspace, path));
        if let Some(path) = path {
            facts.text("path", path);
        }
        facts.truth("exists", exists);
    }
    facts.finish(span)
}

/// The path in the repository that a link means: `None` for other places and for anchors of the same document,
/// `Some(None)` where it leads out of the repository.
fn local_path(document: &str, target: &str) -> Option<Option<String>> {
    let path = target.split(['#', '?']).next().unwrap_or("");
    let scheme = path.split(['/', '.']).next().unwrap_or("");
    if path.is_empty() || scheme.contains(':') || path.starts_with("//") {
        return None;
    }
    let path = path.replace("%20", " ");
    Some(match path.strip_prefix('/') {
        Some(rooted) => normalize_path(rooted),
        None => join_path(parent_path(document), &path),
    })
}

/// Whether the workspace has that file, or a folder with files in it.
fn exists(workspace: &dyn Workspace, path: &str) -> bool {
    workspace.find(path).is_some() || !workspace.files_below(path).is_empty()
}

fn describe_table(document: &Document<'_>, table: &Table) -> Value {
    let span = line_of(document, &table.range);
    let row = |cells: &Vec<crate::outline::Cell>| {
        let values: Vec<Value> = cells.iter().map(|cell| document.value(&cell.text, &cell.range)).collect();
        let place = values.first().map_or(span, |first| first.origin.span);
        Value::list(values, place)
    };
    let mut facts = Facts::new(span);
    if let Some(header) = table.rows.first() {
        facts.set("header", row(header));
    }
    facts.list("rows", table.rows.iter().skip(1).map(row).collect());
    facts.finish(span)
}

fn describe_prose(document: &Document<'_>, outline: &Outline, body: usize, facts: &mut Facts) {
    let is_code = |range: &Range<usize>| {
        let after = outline.code_blocks.partition_point(|block| block.range.start <= range.start);
        let block = after.checked_sub(1).and_then(|index| outline.code_blocks.get(index));
        block.is_some_and(|block| range.start < block.range.end)
    };
    let mut lines = Vec::new();
    let mut code_lines = Vec::new();
    let mut dates = Vec::new();
    for (range, line) in prose::lines(document.text, body) {
        if is_code(&range) {
            if !line.starts_with("```") && !line.starts_with("~~~") {
                code_lines.push(document.value(line, &range));
            }
            continue;
        }
        lines.push(document.value(line, &range));
        for date in prose::dates(line) {
            let place = range.start + date.start..range.start + date.end;
            dates.push(document.value(line.get(date).unwrap_or(""), &place));
        }
    }
    facts.text("text", document.text.get(body..).unwrap_or("").trim());
    facts.list("lines", lines);
    facts.list("code_lines", code_lines);
    facts.list("dates", dates);
    facts.number("words", prose::word_count(document.text.get(body..).unwrap_or("")));
    let sections = outline.headings.iter().enumerate().map(|(index, heading)| {
        let end = outline.headings.get(index + 1).map_or(document.text.len(), |next| next.range.start);
        describe_section(document, heading, end)
    });
    facts.list("sections", sections.collect());
}

/// What stands between a heading and the next one of any level.
fn describe_section(document: &Document<'_>, heading: &Heading, end: usize) -> Value {
    let span = document.span(&heading.range);
    let between = document.text.get(heading.range.end..end).unwrap_or("");
    let body = between.trim();
    let start = heading.range.end + between.len() - between.trim_start().len();
    let mut facts = Facts::new(span);
    facts.text("title", heading.text.trim());
    facts.number("level", heading.level);
    facts.set("text", document.value(body, &(start..start + body.len())));
    facts.number("words", prose::word_count(body));
    facts.finish_over(span, Span::new(document.file, heading.range.start, end.max(heading.range.end)))
}

/// HTML comments, which hold inline waivers.
fn comments(document: &Document<'_>) -> Vec<Comment> {
    let mut comments = Vec::new();
    let mut offset = 0;
    while let Some(start) =
        document.text.get(offset..).and_then(|rest| rest.find("<!--")).map(|at| at + offset)
    {
        let inside = start + 4;
        let Some(length) = document.text.get(inside..).and_then(|rest| rest.find("-->")) else { break };
        let text = document.text.get(inside..inside + length).unwrap_or("").trim();
        offset = inside + length + 3;
        comments.push(Comment { text: SmolStr::new(text), span: Span::new(document.file, start, offset) });
    }
    comments
}
