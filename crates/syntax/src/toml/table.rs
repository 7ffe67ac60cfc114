//! Tables while they are being read: headers and dotted keys may come back to a table later.

use crate::tree::MAX_DEPTH;
use crate::{Entry, Node, NodeData};
use proofmark_source::{FileId, Span};
use smol_str::SmolStr;
use std::collections::HashMap;

/// A table, by its place among all.
#[derive(Clone, Copy)]
pub(super) struct TableId(usize);

/// Why a value cannot stand where its keys say.
pub(super) enum Conflict {
    /// The key is taken.
    Duplicate,
    /// A key on the way holds something that is no table.
    NotATable,
    /// There are too many keys on the way.
    TooDeep,
}

/// All tables of a text. The first is the root.
pub(super) struct Tables {
    tables: Vec<Table>,
}

struct Table {
    span: Span,
    /// How many collections lie around it.
    depth: usize,
    entries: Vec<(Node, Item)>,
    index: HashMap<SmolStr, usize>,
}

enum Item {
    Value(Node),
    Table(TableId),
    /// `[[name]]`: the last one takes what follows.
    List(Vec<TableId>),
}

impl Tables {
    pub(super) fn new(file: FileId) -> (Self, TableId) {
        let mut tables = Self { tables: Vec::new() };
        let root = tables.add(Span::file_start(file), 0);
        (tables, root)
    }

    pub(super) fn root(&self) -> TableId {
        TableId(0)
    }

    /// A new table that nothing leads to yet, with `depth` collections around it.
    pub(super) fn add(&mut self, span: Span, depth: usize) -> TableId {
        self.tables.push(Table { span, depth, entries: Vec::new(), index: HashMap::new() });
        TableId(self.tables.len() - 1)
    }

    /// How many collections lie around a table.
    pub(super) fn depth(&self, table: TableId) -> usize {
        self.tables.get(table.0).map_or(0, |table| table.depth)
    }

    /// The table that a `[header]` names, made where it does not exist.
    pub(super) fn open(&mut self, from: TableId, keys: &[Node], span: Span) -> Result<TableId, Conflict> {
        let table = self.descend(from, keys, span)?;
        if let Some(table) = self.tables.get_mut(table.0) {
            table.span = if table.entries.is_empty() { span } else { table.span.join(span) };
        }
        Ok(table)
    }

    /// A new table at the end of the list that a `[[header]]` names.
    pub(super) fn open_list(
        &mut self,
        from: TableId,
        keys: &[Node],
        span: Span,
    ) -> Result<TableId, Conflict> {
        let Some((last, path)) = keys.split_last() else { return Err(Conflict::NotATable) };
        let parent = self.descend(from, path, span)?;
        let added = self.add_below(parent, span)?;
        match self.item(parent, last) {
            Some(Item::List(tables)) => tables.push(added),
            Some(_) => return Err(Conflict::NotATable),
            None => self.put(parent, last, Item::List(vec![added])),
        }
        Ok(added)
    }

    /// Puts a value below dotted keys.
    pub(super) fn insert(&mut self, from: TableId, keys: &[Node], value: Node) -> Result<(), Conflict> {
        let Some((last, path)) = keys.split_last() else { return Ok(()) };
        if self.depth(from) + keys.len() >= MAX_DEPTH {
            return Err(Conflict::TooDeep);
        }
        let parent = self.descend(from, path, last.span)?;
        let is_taken = self.item(parent, last).is_some();
        self.put(parent, last, Item::Value(value));
        if is_taken { Err(Conflict::Duplicate) } else { Ok(()) }
    }

    /// The table as a node, with everything below it. Its place among the tables becomes empty.
    pub(super) fn take(&mut self, id: TableId) -> Node {
        let Some(table) = self.tables.get_mut(id.0) else {
            return Node::new(NodeData::Mapping(Vec::new()), Span::file_start(FileId(0)));
        };
        let mut span = table.span;
        let is_headless = id.0 == 0;
        let mut entries = Vec::with_capacity(table.entries.len());
        for (key, item) in std::mem::take(&mut table.entries) {
            let value = match item {
                Item::Value(value) => value,
                Item::Table(table) => self.take(table),
                Item::List(tables) => self.take_list(tables, key.span),
            };
            let own = key.span.join(value.span);
            span = if is_headless && entries.is_empty() { own } else { span.join(own) };
            entries.push(Entry { key, value });
        }
        Node::new(NodeData::Mapping(entries), span)
    }

    fn take_list(&mut self, tables: Vec<TableId>, key: Span) -> Node {
        let elements: Vec<Node> = tables.into_iter().map(|table| self.take(table)).collect();
        let span = elements.iter().map(|element| element.span).reduce(Span::join).unwrap_or(key);
        Node::new(NodeData::Sequence(elements), span)
    }

    fn descend(&mut self, from: TableId, keys: &[Node], span: Span) -> Result<TableId, Conflict> {
        let mut table = from;
        for key in keys {
            table = match self.item(table, key) {
                Some(Item::Table(next)) => *next,
                Some(Item::List(tables)) => *tables.last().ok_or(Conflict::NotATable)?,
                Some(Item::Value(_)) => return Err(Conflict::NotATable),
                None => {
                    let added = self.add_below(table, span)?;
                    self.put(table, key, Item::Table(added));
                    added
                }
            };
        }
        Ok(table)
    }

    fn add_below(&mut self, parent: TableId, span: Span) -> Result<TableId, Conflict> {
        let depth = self.depth(parent) + 1;
        if depth >= MAX_DEPTH { Err(Conflict::TooDeep) } else { Ok(self.add(span, depth)) }
    }

    fn item(&mut self, table: TableId, key: &Node) -> Option<&mut Item> {
        let table = self.tables.get_mut(table.0)?;
        let index = *table.index.get(key.as_str()?)?;
        table.entries.get_mut(index).map(|(_, item)| item)
    }

    fn put(&mut self, table: TableId, key: &Node, item: Item) {
        let (Some(table), Some(name)) = (self.tables.get_mut(table.0), key.as_str()) else { return };
        table.index.insert(SmolStr::new(name), table.entries.len());
        table.entries.push((key.clone(), item));
    }
}
