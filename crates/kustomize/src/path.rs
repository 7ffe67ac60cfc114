//! Paths of `replacements` and `vars`: `spec.template.spec.containers.[name=web].image`.

use crate::node::{elements_mut, entries_mut, get_mut, get_or_put, scalar, scalar_at, text};
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};

/// The parts of a path between dots. `\.` is a dot inside a part; so is one inside brackets.
pub(crate) fn split(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    let mut is_bracketed = false;
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.peek() == Some(&'.') => part.extend(characters.next()),
            '[' if !is_bracketed => {
                if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
                is_bracketed = true;
                part.push(character);
            }
            '.' if !is_bracketed => parts.push(std::mem::take(&mut part)),
            _ => {
                is_bracketed &= character != ']';
                part.push(character);
            }
        }
    }
    parts.push(part);
    parts.into_iter().map(without_brackets).collect()
}

/// Brackets without `=` only hold a name together.
fn without_brackets(part: String) -> String {
    match part.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) if !inner.contains('=') => inner.to_owned(),
        _ => part,
    }
}

/// A part that picks elements of a list by the value under a key; by their own value where the key is empty.
fn condition(part: &str) -> Option<(&str, &str)> {
    part.strip_prefix('[')?.strip_suffix(']')?.split_once('=')
}

fn is_picked(element: &Node, key: &str, value: &str) -> bool {
    let actual = if key.is_empty() { scalar(element) } else { scalar_at(element, &[key]) };
    actual.is_some_and(|actual| actual == value)
}

/// The value at a path: of several elements that a part picks, the first.
pub(crate) fn find<'n>(node: &'n Node, parts: &[String]) -> Option<&'n Node> {
    parts.iter().try_fold(node, |node, part| match &node.data {
        NodeData::Sequence(elements) => match (condition(part), part.as_str()) {
            (Some((key, value)), _) => elements.iter().find(|element| is_picked(element, key, value)),
            (None, "-") => elements.last(),
            (None, index) => elements.get(index.parse::<usize>().ok()?),
        },
        _ => node.get(part),
    })
}

/// Hands every value at a path to `change`, and answers how many there were. With `create`, what is missing is made at
/// that place.
pub(crate) fn change(
    node: &mut Node,
    parts: &[String],
    create: Option<Span>,
    change_one: &mut dyn FnMut(&mut Node),
) -> usize {
    let Some((part, rest)) = parts.split_first() else {
        change_one(node);
        return 1;
    };
    if let (Some(span), NodeData::Null) = (create, &node.data) {
        let is_list = condition(part).is_some();
        node.data = if is_list { NodeData::Sequence(Vec::new()) } else { NodeData::Mapping(Vec::new()) };
        node.span = span;
    }
    if matches!(node.data, NodeData::Sequence(_)) {
        return change_elements(node, (part, rest), create, change_one);
    }
    if part == "*" {
        let entries = entries_mut(node).into_iter().flatten();
        return entries.map(|entry| change(&mut entry.value, rest, create, change_one)).sum();
    }
    let next = match create {
        Some(span) => get_or_put(node, part, || Node::new(NodeData::Null, span)),
        None => get_mut(node, part),
    };
    next.map_or(0, |next| change(next, rest, create, change_one))
}

fn change_elements(
    node: &mut Node,
    (part, rest): (&str, &[String]),
    create: Option<Span>,
    change_one: &mut dyn FnMut(&mut Node),
) -> usize {
    let Some(elements) = elements_mut(node) else { return 0 };
    if let Some((key, value)) = condition(part) {
        let is_there = elements.iter().any(|element| is_picked(element, key, value));
        if let Some(span) = create.filter(|_| !is_there) {
            let value = text(value, span);
            elements.push(if key.is_empty() { value } else { crate::node::mapping([(key, value)], span) });
        }
        let picked = elements.iter_mut().filter(|element| is_picked(element, key, value));
        return picked.map(|element| change(element, rest, create, change_one)).sum();
    }
    let picked = match part {
        "*" => return elements.iter_mut().map(|element| change(element, rest, create, change_one)).sum(),
        "-" => elements.last_mut(),
        index => index.parse::<usize>().ok().and_then(|index| elements.get_mut(index)),
    };
    picked.map_or(0, |element| change(element, rest, create, change_one))
}
