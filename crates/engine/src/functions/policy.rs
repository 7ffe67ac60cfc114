//! Access policies: IAM and resource policies as JSON text, as values, or as a policy document that another resource
//! describes.
//!
//! Whatever the source, a policy has `statements`, each with `sid`, `effect` (`Allow` or `Deny`), `actions`,
//! `not_actions`, `resources`, `not_resources` (lists of texts), `principals`, `not_principals` (lists of
//! `{type, id}`) and `conditions` (lists of `{test, variable, values}`). The form follows the IAM JSON policy reference.

use super::json;
use super::links::find_target;
use crate::condition::Run;
use crate::index::Target;
use crate::item::{Item, List, Record, View};
use proofmark_model::{Shape, SmolStr, Unknown};
use std::sync::Arc;

/// The attribute of a described document that holds its blocks.
const STATEMENT_BLOCKS: &str = "statement";

/// The policy that a value holds or points at.
pub(super) fn policy<'a>(run: &mut Run<'a>, item: &Item<'a>) -> Item<'a> {
    match item.view() {
        View::Absent => Item::Absent,
        View::Text(text) if text.trim().is_empty() => Item::Absent,
        View::Text(text) => match json::parse_value(&json::without_trailing_commas(text)) {
            Some(value) => normalize(run, &json::item(&value)),
            // A text may still be the name of a document elsewhere in the unit.
            None => from_target(run, item).unwrap_or_else(|| Item::unknown("the policy is not JSON")),
        },
        View::Map(_) => normalize(run, item),
        View::Unknown(unknown) => {
            let unknown = Arc::clone(unknown);
            let skeleton = unknown.known.skeleton.as_deref().map(json::without_trailing_commas);
            match skeleton.as_deref().and_then(json::parse_skeleton) {
                Some(value) => normalize(run, &json::item(&value)),
                None => from_target(run, item).unwrap_or(Item::Unknown(unknown)),
            }
        }
        other => Item::unknown(crate::compare::rule_problem(&format!("{} is no policy", other.type_name()))),
    }
}

/// The policy that another resource describes in blocks.
fn from_target<'a>(run: &mut Run<'a>, item: &Item<'a>) -> Option<Item<'a>> {
    let Target::One(resource) = find_target(run, item) else { return None };
    resource.attributes.as_map()?.get(STATEMENT_BLOCKS)?;
    let tree =
        Item::Place(run.root(&resource.attributes, SmolStr::clone(&resource.address.0), resource.header));
    Some(normalize(run, &tree))
}

/// Both spellings, that of JSON and that of blocks, become one.
fn normalize<'a>(run: &mut Run<'a>, item: &Item<'a>) -> Item<'a> {
    let statements = part(run, item, &["Statement", STATEMENT_BLOCKS, "Statements"]);
    let (elements, open) = each(run, &statements);
    let statements = elements.iter().map(|statement| normalize_statement(run, statement)).collect();
    let list = Item::List(Arc::new(List { elements: statements, open }));
    Item::record(vec![(SmolStr::new_static("statements"), list)])
}

fn normalize_statement<'a>(run: &mut Run<'a>, statement: &Item<'a>) -> Item<'a> {
    match statement.view() {
        View::Map(_) => {}
        View::Unknown(unknown) => return Item::Unknown(Arc::clone(unknown)),
        _ => return Item::unknown("a statement of the policy is no map"),
    }
    let effect = part(run, statement, &["Effect", "effect"]);
    let effect = match effect.view() {
        // Blocks may leave it out, and then mean Allow.
        View::Absent => Item::text("Allow"),
        // As it should be written, and so it keeps its place.
        View::Text("Allow" | "Deny") => effect,
        View::Text(text) if text.eq_ignore_ascii_case("allow") => Item::text("Allow"),
        View::Text(text) if text.eq_ignore_ascii_case("deny") => Item::text("Deny"),
        _ => effect,
    };
    let mut entries = vec![
        (SmolStr::new_static("sid"), part(run, statement, &["Sid", "sid"])),
        (SmolStr::new_static("effect"), effect),
    ];
    let lists: [(&'static str, &[&'static str]); 4] = [
        ("actions", &["Action", "actions"]),
        ("not_actions", &["NotAction", "not_actions"]),
        ("resources", &["Resource", "resources"]),
        ("not_resources", &["NotResource", "not_resources"]),
    ];
    for (name, spellings) in lists {
        let item = part(run, statement, spellings);
        let (elements, open) = each(run, &item);
        entries.push((SmolStr::new_static(name), Item::List(Arc::new(List { elements, open }))));
    }
    let principals = part(run, statement, &["Principal", "principals"]);
    entries.push((SmolStr::new_static("principals"), normalize_principals(run, &principals)));
    let not_principals = part(run, statement, &["NotPrincipal", "not_principals"]);
    entries.push((SmolStr::new_static("not_principals"), normalize_principals(run, &not_principals)));
    let conditions = part(run, statement, &["Condition", "condition", "conditions"]);
    entries.push((SmolStr::new_static("conditions"), normalize_conditions(run, &conditions)));
    Item::Map(Arc::new(Record::new(entries)))
}

/// `"*"`, `{"AWS": ["a", "b"]}`, or blocks with `type` and `identifiers`.
fn normalize_principals<'a>(run: &mut Run<'a>, item: &Item<'a>) -> Item<'a> {
    let mut list = List::default();
    match item.view() {
        View::Absent => {}
        View::Text(text) => list.elements.push(principal(Item::text(text), Item::text(text))),
        View::Unknown(unknown) => list.open = Some(Arc::clone(unknown)),
        View::Map(map) => {
            let count = map.len();
            list.open = map.open().map(Arc::clone);
            for index in 0..count {
                let View::Map(map) = item.view() else { break };
                let kind = map.key(index).cloned().unwrap_or_default();
                let ids = run.element(item, index);
                add_principals(run, &mut list, &Item::Text(kind), &ids);
            }
        }
        View::List(_) => {
            let (blocks, open) = each(run, item);
            list.open = open;
            for block in blocks {
                let kind = part(run, &block, &["type"]);
                let ids = part(run, &block, &["identifiers"]);
                match block.view() {
                    View::Map(_) => add_principals(run, &mut list, &kind, &ids),
                    View::Text(text) => list.elements.push(principal(Item::text("AWS"), Item::text(text))),
                    _ => {}
                }
            }
        }
        _ => list.open = Some(Arc::new(Unknown::because("the principals of the policy have an odd form"))),
    }
    Item::List(Arc::new(list))
}

fn add_principals<'a>(run: &mut Run<'a>, list: &mut List<'a>, kind: &Item<'a>, ids: &Item<'a>) {
    let (ids, open) = each(run, ids);
    if list.open.is_none() {
        list.open = open;
    }
    list.elements.extend(ids.into_iter().map(|id| principal(Item::clone(kind), id)));
}

fn principal<'a>(kind: Item<'a>, id: Item<'a>) -> Item<'a> {
    Item::record(vec![(SmolStr::new_static("type"), kind), (SmolStr::new_static("id"), id)])
}

/// `{"Bool": {"aws:SecureTransport": "false"}}`, or blocks with `test`, `variable` and `values`.
fn normalize_conditions<'a>(run: &mut Run<'a>, item: &Item<'a>) -> Item<'a> {
    let mut list = List::default();
    match item.view() {
        View::Absent => {}
        View::Map(tests) => {
            let names: Vec<SmolStr> =
                (0..tests.len()).filter_map(|index| tests.key(index).cloned()).collect();
            list.open = tests.open().map(Arc::clone);
            for (index, test) in names.into_iter().enumerate() {
                let variables = run.element(item, index);
                add_conditions(run, &mut list, &test, &variables);
            }
        }
        View::List(_) => {
            let (blocks, open) = each(run, item);
            list.open = open;
            for block in blocks {
                let test = part(run, &block, &["test"]);
                let variable = part(run, &block, &["variable"]);
                let values = part(run, &block, &["values"]);
                list.elements.push(condition(run, test, variable, &values));
            }
        }
        View::Unknown(unknown) => list.open = Some(Arc::clone(unknown)),
        _ => list.open = Some(Arc::new(Unknown::because("the conditions of the policy have an odd form"))),
    }
    Item::List(Arc::new(list))
}

fn add_conditions<'a>(run: &mut Run<'a>, list: &mut List<'a>, test: &SmolStr, variables: &Item<'a>) {
    match variables.view() {
        View::Map(map) => {
            let names: Vec<SmolStr> = (0..map.len()).filter_map(|index| map.key(index).cloned()).collect();
            list.open = list.open.take().or_else(|| map.open().map(Arc::clone));
            for (index, name) in names.into_iter().enumerate() {
                let values = run.element(variables, index);
                list.elements.push(condition(
                    run,
                    Item::Text(SmolStr::clone(test)),
                    Item::Text(name),
                    &values,
                ));
            }
        }
        View::Unknown(unknown) => list.open = list.open.take().or_else(|| Some(Arc::clone(unknown))),
        _ => {}
    }
}

fn condition<'a>(run: &mut Run<'a>, test: Item<'a>, variable: Item<'a>, values: &Item<'a>) -> Item<'a> {
    let (elements, open) = each(run, values);
    // Values are compared as texts: `true` and `"true"` are the same to IAM.
    let elements = elements.iter().map(super::text::string).collect();
    Item::record(vec![
        (SmolStr::new_static("test"), test),
        (SmolStr::new_static("variable"), variable),
        (SmolStr::new_static("values"), Item::List(Arc::new(List { elements, open }))),
    ])
}

/// The attribute under the first of several spellings that is there.
fn part<'a>(run: &mut Run<'a>, item: &Item<'a>, spellings: &[&'static str]) -> Item<'a> {
    for name in spellings {
        let found = match item {
            Item::Place(place) => run.attribute_item(*place, &SmolStr::new_static(name)),
            Item::Map(record) => record.get(name).cloned().unwrap_or(Item::Absent),
            _ => Item::Absent,
        };
        if !matches!(found.view(), View::Absent) {
            return found;
        }
    }
    Item::Absent
}

/// One value, or the elements of a list; unknown ones leave it open where they may stand for several.
fn each<'a>(run: &mut Run<'a>, item: &Item<'a>) -> (Vec<Item<'a>>, Option<Arc<Unknown>>) {
    match item.view() {
        View::Absent => (Vec::new(), None),
        // One text stands for a list of one, also where it is not known.
        View::Unknown(unknown) if is_text(unknown) => (vec![Item::clone(item)], None),
        View::Unknown(unknown) => (Vec::new(), Some(Arc::clone(unknown))),
        View::List(list) => {
            let (count, open) = (list.len(), list.open().map(Arc::clone));
            ((0..count).map(|index| run.element(item, index)).collect(), open)
        }
        _ => (vec![Item::clone(item)], None),
    }
}

fn is_text(unknown: &Unknown) -> bool {
    unknown.known.shape == Some(Shape::String) || unknown.known.prefix.is_some()
}
