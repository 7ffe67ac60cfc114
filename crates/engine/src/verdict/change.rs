//! What the edit of a rule asks for.

use crate::condition::Run;
use crate::item::{ListView, MapView, View};
use crate::verdict::element_place;
use proofmark_findings::Change;
use proofmark_model::{Attribute, Data, Map, SmolStr, Value};
use proofmark_rules::{EditTemplate, Rule};
use proofmark_source::Span;

/// The changes that the rule's edit asks for on the judged element, else on the resource; none where one of its values
/// is not known.
pub(crate) fn changes<'a>(rule: &'a Rule, run: &mut Run<'a>) -> Vec<Change> {
    let Some(edit) = &rule.edit else { return Vec::new() };
    let target = match (&run.element, element_place(run)) {
        (Some(_), Some(place)) => place.value.origin.span,
        // An element that the rule made up stands nowhere.
        (Some(_), None) => return Vec::new(),
        (None, _) => run.world.resource.attributes.origin.span,
    };
    if let Some(into) = &edit.extract {
        return vec![Change::Extract { expression: target, into: SmolStr::clone(into) }];
    }
    let mark = run.reads.len();
    let changes = settings(edit, target, run);
    run.reads.truncate(mark);
    changes.unwrap_or_default()
}

fn settings<'a>(edit: &'a EditTemplate, target: Span, run: &mut Run<'a>) -> Option<Vec<Change>> {
    let set = edit.set.iter().map(|(path, condition)| {
        let item = run.evaluate(condition.expr());
        let value = plain(item.view(), target)?;
        Some(Change::Set { target, path: SmolStr::clone(path), value, before: edit.before.clone() })
    });
    set.collect()
}

/// An item as a value of its own; `None` where it is absent, not known, or no plain value.
fn plain(view: View<'_, '_>, place: Span) -> Option<Value> {
    let data = match view {
        View::Bool(value) => Data::Bool(value),
        View::Integer(value) => Data::Integer(value),
        View::Float(value) => Data::Float(value),
        View::Text(text) => Data::String(text.into()),
        View::List(list) => Data::List(elements(list, place)?.into()),
        View::Map(map) => return entries(map, place).map(|entries| Value::map(Map::new(entries), place)),
        View::Absent | View::Version(_) | View::Between(..) | View::Unknown(_) => return None,
    };
    Some(Value::new(data, place))
}

fn elements(list: ListView<'_, '_>, place: Span) -> Option<Vec<Value>> {
    if list.open().is_some() {
        return None;
    }
    list.iter().map(|element| plain(element, place)).collect()
}

fn entries(map: MapView<'_, '_>, place: Span) -> Option<Vec<Attribute>> {
    if map.open().is_some() {
        return None;
    }
    let entry = |index| {
        let name = map.key(index)?;
        let value = plain(map.get(name)?, place)?;
        Some(Attribute { name: SmolStr::clone(name), name_span: place, value })
    };
    (0..map.len()).map(entry).collect()
}
