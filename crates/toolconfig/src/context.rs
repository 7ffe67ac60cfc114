//! What every tool's module needs at hand.

use proofmark_model::{
    Address, Data, Kind, Map, MapBuilder, Resource, SmolStr, UnitModel, Unknown, Value, comments_of,
};
use proofmark_source::{FileId, Span, Workspace, parent_path};
use proofmark_syntax::{Comment, Entry, Node};

/// A file that is being read, and what has been found so far.
pub struct FileContext<'a> {
    /// The files around it.
    pub workspace: &'a dyn Workspace,
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'a str,
    /// Its comments, in order of place.
    pub comments: &'a [Comment],
    /// Where resources go.
    pub model: &'a mut UnitModel,
}

impl FileContext<'_> {
    /// The path of the file.
    pub fn path(&self) -> &str {
        self.workspace.path(self.file)
    }

    /// The whole file.
    pub fn whole(&self) -> Span {
        Span::new(self.file, 0, self.text.len())
    }

    /// The first line that is not empty.
    pub fn first_line(&self) -> Span {
        let start = self.text.len() - self.text.trim_start().len();
        let rest = self.text.get(start..).unwrap_or("");
        Span::new(self.file, start, start + rest.lines().next().unwrap_or("").trim_end().len())
    }

    /// Adds a resource.
    pub fn emit(&mut self, kind: &str, address: &str, extent: Extent, attributes: Value) {
        let Extent { span, header } = extent;
        let comments = comments_of(self.comments, self.workspace.line_index(self.file), self.text, span);
        let (address, kind) = (Address(SmolStr::new(address)), Kind(SmolStr::new(kind)));
        let resource = Resource::new(address, kind, span, attributes);
        self.model.resources.push(Resource { header, comments, ..resource });
    }

    /// Adds a resource with these attributes.
    pub fn emit_fields(&mut self, kind: &str, address: &str, extent: Extent, fields: MapBuilder) {
        self.emit(kind, address, extent, fields.finish(extent.span, extent.header));
    }

    /// Adds what a node says as it stands.
    pub fn emit_node(&mut self, kind: &str, place: &Placed<'_>) {
        self.emit(kind, kind, place.extent(), Value::from_node(place.node, place.header));
    }

    /// The files of these names beside the file or in a folder above it, up to the root, nearest first.
    pub fn find_upwards(&self, names: &[&'static str]) -> Vec<(&'static str, FileId)> {
        let mut folder = parent_path(self.path());
        let mut found = Vec::new();
        loop {
            for name in names {
                let path = if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
                found.extend(self.workspace.find(&path).map(|file| (*name, file)));
            }
            if folder.is_empty() {
                return found;
            }
            folder = parent_path(folder);
        }
    }
}

/// Where a resource stands.
#[derive(Clone, Copy)]
pub struct Extent {
    /// All of its bytes.
    pub span: Span,
    /// Where findings about what is missing point.
    pub header: Span,
}

/// Settings inside a file: the whole of it, or one entry of a larger one.
#[derive(Clone, Copy)]
pub struct Placed<'n> {
    /// The settings.
    pub node: &'n Node,
    /// All of their bytes, with the key that holds them.
    pub span: Span,
    /// Where findings about what is missing point.
    pub header: Span,
}

impl<'n> Placed<'n> {
    /// The settings below an entry.
    pub fn entry(entry: &'n Entry) -> Self {
        let whole = entry.key.span.join(entry.value.span);
        // A table of TOML may stand apart from its name in the tree.
        let span = if whole.contains(entry.value.span) { whole } else { entry.value.span };
        Self { node: &entry.value, span, header: entry.key.span }
    }

    /// Where the settings stand.
    pub fn extent(&self) -> Extent {
        Extent { span: self.span, header: self.header }
    }

    /// The settings under a path of keys.
    pub fn at(node: &'n Node, path: &[&str]) -> Option<Self> {
        let (last, before) = path.split_last()?;
        node.at_path(before)?.entry(last).map(Self::entry)
    }
}

/// The place of an entry: key and value where that is short, else the key.
pub fn entry_place(entry: &Entry) -> Span {
    match entry.value.entries().is_empty() && entry.value.elements().is_empty() {
        true => entry.key.span.join(entry.value.span),
        false => entry.key.span,
    }
}

/// A map whose missing entries are unknown for `reason`.
pub fn with_unknown_rest(value: Value, reason: &str) -> Value {
    let Some(map) = value.as_map() else { return value };
    let mut open = Map::new(map.entries().to_vec());
    open.header = map.header;
    open.unknown_rest = Some(Unknown::because(reason).into());
    Value { data: Data::Map(open.into()), ..value }
}

/// A list of texts: a bare text is a list of one.
pub fn text_list(value: &Value) -> Value {
    match &value.data {
        Data::String(_) => Value::list(vec![Value::clone(value)], value.origin.span),
        _ => Value::clone(value),
    }
}

/// An empty map at `span`.
pub fn empty_map(span: Span) -> Value {
    MapBuilder::default().finish(span, span)
}
