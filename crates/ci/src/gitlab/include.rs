//! `include`: the files that make one configuration.
//!
//! Every included file is merged below the file that includes it, the later one on top of the earlier; jobs and other
//! maps are merged entry by entry.

use super::codes;
use super::glob::{Folders, Pattern};
use super::inputs::{Given, filled_in};
use super::source::{Sources, empty_map};
use super::statement::{Presence, Statement, Target, Unread, statements};
use super::tree::{bring_to, merge};
use proofmark_model::{Attribute, Data, Map, MapBuilder, Origin, SmolStr, StepKind, Value};
use proofmark_source::{FileId, Span};
use std::collections::BTreeMap;

/// GitLab's own limit on the included files of one pipeline, nested ones counted.
const MAX_INCLUDES: usize = 150;

/// A configuration with everything merged in that it includes.
pub struct Assembly {
    /// What the files say together: a map.
    pub root: Value,
    /// The statements that were followed, in order.
    pub includes: Vec<Value>,
    /// What could not be followed.
    pub unread: Vec<Unread>,
    /// How each included file came in.
    routes: Routes,
}

/// The statements that brought a file in, with the file's path, innermost first.
type Routes = BTreeMap<FileId, Vec<(Span, SmolStr)>>;

impl Assembly {
    /// The places of the statements that brought a file in, innermost first.
    pub fn calls(&self, file: FileId) -> Vec<Span> {
        self.routes.get(&file).map(|route| route.iter().map(|(span, _)| *span).collect()).unwrap_or_default()
    }

    /// The way from an included file to the statement that brings it into the outermost one.
    pub fn way(&self, file: FileId) -> Option<Origin> {
        let route = self.routes.get(&file)?;
        let start = Origin::at(Span::file_start(file));
        let step = |origin: Origin, (span, path): &(Span, SmolStr)| {
            origin.used_at(*span, StepKind::Included(SmolStr::clone(path)))
        };
        Some(route.iter().fold(start, step))
    }
}

/// Puts together the configuration that begins in `file`.
pub fn assemble(sources: &mut Sources<'_>, file: FileId, given: Given<'_>) -> Assembly {
    let mut assembler = Assembler::new(sources);
    let root = assembler.file(file, given);
    assembler.finish(root)
}

/// Puts together the configuration that the `include` of a `trigger` names.
pub fn assemble_included(sources: &mut Sources<'_>, include: &Value) -> Assembly {
    let mut assembler = Assembler::new(sources);
    let root = assembler.included(include);
    assembler.finish(root.unwrap_or_else(|| empty_map(include.origin.span)))
}

struct Assembler<'s, 'w> {
    sources: &'s mut Sources<'w>,
    includes: Vec<Value>,
    unread: Vec<Unread>,
    routes: Routes,
    /// The files that are open, outermost first.
    open: Vec<FileId>,
    count: usize,
}

impl<'s, 'w> Assembler<'s, 'w> {
    fn new(sources: &'s mut Sources<'w>) -> Self {
        Self {
            sources,
            includes: Vec::new(),
            unread: Vec::new(),
            routes: Routes::new(),
            open: Vec::new(),
            count: 0,
        }
    }

    fn finish(self, root: Value) -> Assembly {
        Assembly { root, includes: self.includes, unread: self.unread, routes: self.routes }
    }

    /// The configuration of a file on top of what it includes.
    fn file(&mut self, file: FileId, given: Given<'_>) -> Value {
        let Some(source) = self.sources.load(file) else {
            let reason = format!("`{}` cannot be read", self.sources.workspace.path(file));
            self.lose(file, reason.into());
            return empty_map(Span::file_start(file));
        };
        let content = filled_in(self.sources, &source, given);
        let hidden = content.as_map().and_then(|map| map.unknown_rest.as_ref());
        if let Some(hidden) = hidden {
            self.lose(file, SmolStr::clone(&hidden.reason));
        }
        self.open.push(file);
        let include = content.as_map().and_then(|map| map.value("include"));
        let below = include.and_then(|include| self.included(include));
        self.open.pop();
        let own = without_include(&content);
        match below {
            Some(below) => self.merged(&below, &own),
            None => own,
        }
    }

    fn lose(&mut self, file: FileId, reason: SmolStr) {
        let name = SmolStr::new(self.sources.workspace.path(file));
        self.unread.push(Unread { kind: "local", name, reason, span: Span::file_start(file) });
    }

    /// What the statements bring, the later on top of the earlier.
    fn included(&mut self, include: &Value) -> Option<Value> {
        let mut below: Option<Value> = None;
        for statement in statements(self.sources, include) {
            for root in self.followed(&statement) {
                below = Some(match below {
                    Some(below) => self.merged(&below, &root),
                    None => root,
                });
            }
        }
        below
    }

    /// The configurations that a statement names.
    fn followed(&mut self, statement: &Statement) -> Vec<Value> {
        let path = match &statement.target {
            _ if statement.presence == Presence::Never => return Vec::new(),
            Target::Away(unread) => {
                self.describe(statement, &[], Some(unread));
                self.unread.push(Unread::clone(unread));
                return Vec::new();
            }
            Target::Local(path) => path,
        };
        match self.files(statement, path) {
            Ok(files) => {
                let paths = files.iter().map(|file| self.sources.workspace.path(*file));
                let paths: Vec<SmolStr> = paths.map(SmolStr::new).collect();
                self.describe(statement, &paths, None);
                files.into_iter().filter_map(|file| self.enter(statement, file)).collect()
            }
            Err(unread) => {
                self.describe(statement, &[], Some(&unread));
                self.unread.push(unread);
                Vec::new()
            }
        }
    }

    /// The files at a local path.
    fn files(&mut self, statement: &Statement, path: &str) -> Result<Vec<FileId>, Unread> {
        if path.contains('*') {
            return Ok(self.matching(path));
        }
        if let Some(file) = self.sources.find(path) {
            return Ok(vec![file]);
        }
        let reason = format!("the file `{path}` does not exist");
        self.sources.tell_lost(codes::INCLUDE, statement.span, reason.as_str().into());
        Err(Unread { kind: "local", name: path.into(), reason: reason.into(), span: statement.span })
    }

    fn matching(&self, path: &str) -> Vec<FileId> {
        let folder = self.sources.folder();
        let pattern = path.trim_start_matches('/');
        let skipped = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let compiled = Pattern::new(pattern, Folders::Some);
        let range = self.sources.workspace.files_below(folder);
        let files = self.sources.workspace.files();
        let fits = |index: &usize| {
            let path = files.get(*index).and_then(|file| file.path.get(skipped..)).unwrap_or("");
            (path.ends_with(".yml") || path.ends_with(".yaml")) && compiled.matches(path)
        };
        range.filter(fits).filter_map(|index| u32::try_from(index).ok().map(FileId)).collect()
    }

    fn enter(&mut self, statement: &Statement, file: FileId) -> Option<Value> {
        let path = self.sources.workspace.path(file);
        self.count += 1;
        if self.count > MAX_INCLUDES {
            if self.count == MAX_INCLUDES + 1 {
                let message =
                    format!("a pipeline takes at most {MAX_INCLUDES} included files; the rest is not read");
                self.sources.tell_lost(codes::INCLUDE, statement.span, message);
                self.lose(file, format!("`{path}` is beyond the limit of {MAX_INCLUDES} files").into());
            }
            return None;
        }
        if self.open.contains(&file) {
            let message = format!("`{path}` includes itself");
            self.sources.tell_lost(codes::INCLUDE, statement.span, message);
            return None;
        }
        let outer = self.routes.get(&statement.span.file).cloned().unwrap_or_default();
        let route = std::iter::once((statement.span, SmolStr::new(path))).chain(outer).collect();
        self.routes.insert(file, route);
        let inputs = statement.value.at_path(&["inputs"]);
        Some(self.file(file, Given::ByStatement(statement.span, inputs)))
    }

    fn describe(&mut self, statement: &Statement, paths: &[SmolStr], unread: Option<&Unread>) {
        let span = statement.span;
        let mut fields = MapBuilder::of(&statement.value);
        fields.set_bool("is_read", unread.is_none(), span);
        if statement.presence == Presence::Sometimes {
            fields.set_bool("is_conditional", true, span);
        }
        if let Some(unread) = unread {
            fields.set_text("reason", &unread.reason, span);
        }
        let paths = paths.iter().map(|path| Value::string(SmolStr::clone(path), span));
        fields.set("files", Value::list(paths.collect(), span));
        self.includes.push(fields.finish(statement.value.origin.span, span));
    }

    /// One root on top of another. Jobs that only one of them has stay where they are; what comes into the middle of a job
    /// is seen from that job.
    fn merged(&self, below: &Value, above: &Value) -> Value {
        let (Data::Map(lower), Data::Map(upper)) = (&below.data, &above.data) else {
            return Value::clone(above);
        };
        let bring = |entry: &Attribute, header: Span| {
            let path = self.sources.workspace.path(entry.value.origin.span.file);
            bring_to(entry, header, path)
        };
        let mut entries = lower.entries().to_vec();
        for entry in upper.entries() {
            let value = match lower.value(&entry.name) {
                Some(under) => merge(under, &entry.value, &bring),
                None => Value::clone(&entry.value),
            };
            entries.push(entry.with_value(value));
        }
        above.with_data(Data::Map(
            Map::new(entries).with_header(upper.header.unwrap_or(above.origin.span)).into(),
        ))
    }
}

fn without_include(content: &Value) -> Value {
    let Some(map) = content.as_map() else { return Value::clone(content) };
    let rest = map.entries().iter().filter(|entry| entry.name != "include" && entry.name != "spec");
    content.with_data(Data::Map(map.with_entries(rest.map(Attribute::clone).collect()).into()))
}
