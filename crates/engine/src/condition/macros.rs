//! Macros over lists and maps.

use super::access::Reach;
use super::{Read, Run, Seen};
use crate::compare::rule_problem;
use crate::item::{Item, List, View};
use crate::truth::Truth;
use proofmark_model::{SmolStr, Unknown};
use proofmark_rules::{Expr, ExprKind, Macro};
use std::sync::Arc;

/// What a macro goes through.
struct Range<'a> {
    item: Item<'a>,
    /// How to record the list itself as read, where no element decides.
    pending: Option<Reach<'a>>,
    /// The number of elements.
    count: usize,
    /// Whether it is a map, of which macros see the keys.
    is_map: bool,
    /// Why there may be further elements, if there may.
    open: Option<Arc<Unknown>>,
    /// The reads before and after the list was computed.
    marks: (usize, usize),
}

/// What is there to go through.
enum Elements<'a> {
    Range(Range<'a>),
    /// Nothing is there.
    None,
    Unknown(Arc<Unknown>),
}

impl<'a> Run<'a> {
    pub(super) fn expand(
        &mut self,
        kind: Macro,
        range: &'a Expr,
        name: &'a str,
        bodies: &'a [Expr],
    ) -> Item<'a> {
        let elements = self.elements(range);
        match (kind, bodies) {
            (Macro::All, [body]) => self.quantify(elements, name, body, false).into_item(),
            (Macro::Exists, [body]) => self.quantify(elements, name, body, true).into_item(),
            (Macro::ExistsOne, [body]) => self.exists_one(elements, name, body).into_item(),
            (Macro::Filter, [body]) => self.collect(elements, name, Some(body), None),
            (Macro::Map, [body]) => self.collect(elements, name, None, Some(body)),
            (Macro::Map, [filter, body]) => self.collect(elements, name, Some(filter), Some(body)),
            // The parser makes no other form.
            _ => Item::unknown(rule_problem("a macro has the wrong number of arguments")),
        }
    }

    fn elements(&mut self, range: &'a Expr) -> Elements<'a> {
        let before = self.reads.len();
        let reach = match &range.kind {
            ExprKind::Name(_) | ExprKind::Member(..) | ExprKind::Index(..) => self.reach(range),
            _ => Reach::Made(self.evaluate(range)),
        };
        let marks = (before, self.reads.len());
        let (item, pending) = match reach {
            Reach::Made(item) => (item, None),
            Reach::Found(place) => (Item::Place(place), Some(Reach::Found(place))),
            other => {
                let item = self.read(other);
                (item, None)
            }
        };
        let (count, is_map, open) = match item.view() {
            View::List(list) => (list.len(), false, list.open().map(Arc::clone)),
            View::Map(map) => (map.len(), true, map.open().map(Arc::clone)),
            View::Absent => {
                self.settle(pending);
                return Elements::None;
            }
            View::Unknown(unknown) => {
                let unknown = Arc::clone(unknown);
                self.settle(pending);
                return Elements::Unknown(unknown);
            }
            other => {
                let problem = format!("{} has no elements to go through", other.type_name());
                self.settle(pending);
                return Elements::Unknown(Arc::new(Unknown::because(rule_problem(&problem))));
            }
        };
        Elements::Range(Range { item, pending, count, is_map, open, marks })
    }

    fn settle(&mut self, pending: Option<Reach<'a>>) {
        if let Some(reach) = pending {
            self.read(reach);
        }
    }

    /// What the macro's variable is bound to: an element of a list, a key of a map.
    fn bound(&mut self, range: &Range<'a>, index: usize) -> Item<'a> {
        match range.item.view() {
            View::Map(map) if range.is_map => {
                map.key(index).map_or(Item::Absent, |key| Item::Text(SmolStr::clone(key)))
            }
            _ => self.element(&range.item, index),
        }
    }

    /// The body for one element. Where it reads nothing, the element itself, or the whole list, is what was read.
    fn body(&mut self, range: &Range<'a>, index: usize, name: &'a str, body: &'a Expr) -> Item<'a> {
        let bound = self.bound(range, index);
        let mark = self.reads.len();
        let element = Item::clone(&bound);
        let result = self.with_variable(name, bound, |run| run.evaluate(body));
        if self.reads.len() == mark {
            match (&element, &range.pending) {
                (Item::Place(place), _) => self.record(place),
                (_, Some(reach)) => {
                    let reach = Reach::clone(reach);
                    self.read(reach);
                }
                _ => {}
            }
        }
        result
    }

    /// `all` and `exists`, which are mirror images: `decisive` is what one element must give to settle the whole.
    fn quantify(&mut self, elements: Elements<'a>, name: &'a str, body: &'a Expr, decisive: bool) -> Truth {
        let range = match elements {
            Elements::None => return Truth::from(!decisive),
            Elements::Unknown(unknown) => return Truth::Unknown(unknown),
            Elements::Range(range) => range,
        };
        let mut unknown: Option<Arc<Unknown>> = None;
        for index in 0..range.count {
            let mark = self.reads.len();
            let item = self.body(&range, index, name, body);
            let truth = self.as_truth(&item);
            if truth.is(decisive) {
                self.narrow(&range, index, mark);
                // The reads of this element say it all, unless it has none and the list came from a function.
                if self.reads.len() > mark {
                    self.forget(range.marks.0, mark);
                }
                return truth;
            }
            match truth {
                Truth::Unknown(reason) if unknown.is_none() => {
                    self.forget(range.marks.1, mark);
                    unknown = Some(reason);
                }
                Truth::Unknown(_) => {}
                // Once something is unknown, what is settled no longer matters.
                _ if unknown.is_some() => self.reads.truncate(mark),
                _ => {}
            }
        }
        self.close(range, unknown, Truth::from(!decisive))
    }

    /// Where a key alone settled it, the entry with that key was read, not the whole map.
    fn narrow(&mut self, range: &Range<'a>, index: usize, mark: usize) {
        let (true, Item::Place(map)) = (range.is_map, &range.item) else { return };
        let is_whole =
            |read: &Read<'a>| matches!(read.seen, Seen::Value(value) if std::ptr::eq(value, map.value));
        if self.reads.len() == mark + 1
            && self.reads.last().is_some_and(is_whole)
            && let Item::Place(entry) = self.element(&range.item, index)
        {
            self.reads.truncate(mark);
            self.record(&entry);
        }
    }

    /// The end of a macro that no single element settled.
    fn close(&mut self, range: Range<'a>, unknown: Option<Arc<Unknown>>, settled: Truth) -> Truth {
        let has_reads = self.reads.len() > range.marks.1;
        match (unknown, range.open) {
            (Some(unknown), _) => {
                self.forget(range.marks.0, range.marks.1);
                Truth::Unknown(unknown)
            }
            (None, Some(open)) => {
                self.reads.truncate(range.marks.1);
                self.settle(range.pending);
                Truth::Unknown(open)
            }
            (None, None) => {
                if has_reads {
                    self.forget(range.marks.0, range.marks.1);
                } else {
                    self.settle(range.pending);
                }
                settled
            }
        }
    }

    fn exists_one(&mut self, elements: Elements<'a>, name: &'a str, body: &'a Expr) -> Truth {
        let range = match elements {
            Elements::None => return Truth::False,
            Elements::Unknown(unknown) => return Truth::Unknown(unknown),
            Elements::Range(range) => range,
        };
        let mut unknown = None;
        let mut found = 0;
        for index in 0..range.count {
            let item = self.body(&range, index, name, body);
            match self.as_truth(&item) {
                Truth::True => found += 1,
                Truth::False => {}
                Truth::Unknown(reason) => unknown = unknown.or(Some(reason)),
            }
        }
        if found > 1 {
            return Truth::False;
        }
        self.close(range, unknown, Truth::from(found == 1))
    }

    /// `filter` and `map`. An element of which nobody knows whether it passes the filter leaves the list open.
    fn collect(
        &mut self,
        elements: Elements<'a>,
        name: &'a str,
        filter: Option<&'a Expr>,
        body: Option<&'a Expr>,
    ) -> Item<'a> {
        let range = match elements {
            Elements::None => return Item::Absent,
            Elements::Unknown(unknown) => return Item::Unknown(unknown),
            Elements::Range(range) => range,
        };
        let mut list = List { elements: Vec::new(), open: range.open.as_ref().map(Arc::clone) };
        let start = self.reads.len();
        let mut kept_reads = Vec::new();
        for index in 0..range.count {
            let mark = self.reads.len();
            if let Some(filter) = filter {
                let item = self.body(&range, index, name, filter);
                match self.as_truth(&item) {
                    Truth::True => kept_reads.extend(self.reads.iter().skip(mark).cloned()),
                    Truth::False => continue,
                    Truth::Unknown(reason) => {
                        kept_reads.extend(self.reads.iter().skip(mark).cloned());
                        list.open = list.open.or(Some(reason));
                        continue;
                    }
                }
            }
            let element = match body {
                Some(body) => {
                    let element = self.bound(&range, index);
                    let mark = self.reads.len();
                    let element = self.with_variable(name, element, |run| run.evaluate(body));
                    kept_reads.extend(self.reads.iter().skip(mark).cloned());
                    element
                }
                None => self.bound(&range, index),
            };
            list.elements.push(element);
        }
        if !kept_reads.is_empty() {
            self.reads.truncate(start);
            self.reads.append(&mut kept_reads);
        }
        if self.reads.len() == start && range.marks.0 == range.marks.1 {
            self.settle(range.pending);
        }
        Item::List(Arc::new(list))
    }
}
