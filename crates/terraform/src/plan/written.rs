//! What a plan says about its configuration: which attributes somebody wrote, and what their expressions refer to.

use crate::limits::MAX_MODULE_DEPTH;
use proofmark_model::{Address, Reference, SmolStr};
use proofmark_syntax::{Node, NodeData};
use smol_str::format_smolstr;
use std::collections::BTreeMap;

/// References are followed through this many variables and outputs, and one expression gives at most this many.
const MAX_REFERENCES: usize = 24;

/// A module of the configuration, with what is looked up often at hand.
#[derive(Debug, Default)]
pub(super) struct PlanModule<'n> {
    /// By address within the module.
    pub resources: BTreeMap<&'n str, &'n Node>,
    pub calls: BTreeMap<&'n str, PlanCall<'n>>,
    outputs: Option<&'n Node>,
    pub variables: Option<&'n Node>,
}

/// A call of a module.
#[derive(Debug)]
pub(super) struct PlanCall<'n> {
    pub node: &'n Node,
    pub module: PlanModule<'n>,
}

impl<'n> PlanModule<'n> {
    /// The module that a node of `configuration` describes.
    pub fn new(node: &'n Node) -> Self {
        Self::at_depth(node, 0)
    }

    fn at_depth(node: &'n Node, depth: usize) -> Self {
        let members = |name: &str| node.get(name).map_or(&[][..], Node::entries);
        let resources = node.get("resources").map_or(&[][..], Node::elements);
        let calls = members("module_calls").iter().filter(|_| depth < MAX_MODULE_DEPTH).filter_map(|entry| {
            let module = entry.value.get("module").map(|inner| Self::at_depth(inner, depth + 1));
            let call = PlanCall { node: &entry.value, module: module.unwrap_or_default() };
            Some((entry.key.as_str()?, call))
        });
        Self {
            resources: resources
                .iter()
                .filter_map(|resource| Some((resource.get("address")?.as_str()?, resource)))
                .collect(),
            calls: calls.collect(),
            outputs: node.get("outputs"),
            variables: node.get("variables"),
        }
    }
}

/// A module instance and those that lead to it, the root first.
#[derive(Clone, Debug)]
pub(super) struct Path<'a, 'n> {
    levels: Vec<Level<'a, 'n>>,
}

#[derive(Clone, Debug)]
struct Level<'a, 'n> {
    module: &'a PlanModule<'n>,
    call: Option<&'n Node>,
    /// What stands before addresses inside.
    prefix: SmolStr,
}

impl<'a, 'n> Path<'a, 'n> {
    /// The way from the root to a module's address, such as `module.a["x"].module.b`; as far as the configuration has it.
    pub fn to(root: &'a PlanModule<'n>, address: &str) -> Option<Self> {
        let first = Level { module: root, call: None, prefix: SmolStr::default() };
        let mut path = Self { levels: vec![first] };
        let segments: Vec<(&str, &str)> = segments(address).collect();
        for pair in segments.chunks(2) {
            let [("module", ""), (name, key)] = pair else { return None };
            path.enter(name, key)?;
        }
        Some(path)
    }

    fn enter(&mut self, name: &str, key: &str) -> Option<()> {
        let last = self.levels.last()?;
        let call = last.module.calls.get(name)?;
        let prefix = format_smolstr!("{}module.{name}{key}.", last.prefix);
        self.levels.push(Level { module: &call.module, call: Some(call.node), prefix });
        Some(())
    }

    /// The configuration of a resource, by its address within the module without an instance key.
    pub fn resource(&self, address: &str) -> Option<&'n Node> {
        self.levels.last()?.module.resources.get(address).copied()
    }

    /// The resources that an expression refers to, through variables, outputs and repetitions. `each` is the expression
    /// that repeats the thing in which it stands.
    pub fn references(&self, expression: &Node, each: Option<&Node>) -> Vec<Reference> {
        let mut found = Vec::new();
        self.follow(expression, each, 0, &mut found);
        found
    }

    fn follow(&self, expression: &Node, each: Option<&Node>, hops: usize, found: &mut Vec<Reference>) {
        if hops >= MAX_REFERENCES {
            return;
        }
        let listed = expression.get("references").map_or(&[][..], Node::elements);
        let names: Vec<&str> = listed.iter().filter_map(Node::as_str).collect();
        for (index, name) in names.iter().enumerate() {
            // Behind `a.b.id` stands `a.b` as well: the same reference, less exact.
            let is_part =
                |longer: &&str| longer.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', '[']));
            if !names.get(..index).unwrap_or(&[]).iter().any(is_part) {
                self.follow_name(name, each, hops + 1, found);
            }
        }
    }

    fn follow_name(&self, name: &str, each: Option<&Node>, hops: usize, found: &mut Vec<Reference>) {
        let parts: Vec<(&str, &str)> = segments(name).collect();
        match parts.as_slice() {
            [("var", _), (variable, _), rest @ ..] => self.follow_variable(variable, rest, hops, found),
            [("module", _), (call, key), (output, _), ..] => {
                let mut inner = self.clone();
                if inner.enter(call, key).is_none() {
                    return;
                }
                let outputs = inner.levels.last().and_then(|level| level.module.outputs);
                if let Some(expression) = outputs.and_then(|outputs| outputs.at_path(&[output, "expression"]))
                {
                    inner.follow(expression, None, hops, found);
                }
            }
            [("each", _), ..] => {
                if let Some(each) = each {
                    self.follow(each, None, hops, found);
                }
            }
            [("local" | "path" | "count" | "self" | "terraform", _), ..] => {}
            [("data", _), (kind, _), (name, key), rest @ ..] => {
                self.add(format_smolstr!("data.{kind}.{name}{key}"), rest, found);
            }
            [(kind, _), (name, key), rest @ ..] => {
                self.add(format_smolstr!("{kind}.{name}{key}"), rest, found);
            }
            _ => {}
        }
    }

    /// What the caller passes for a variable. What is taken out of a whole resource is an attribute of it.
    fn follow_variable(&self, name: &str, rest: &[(&str, &str)], hops: usize, found: &mut Vec<Reference>) {
        let Some((last, outer)) = self.levels.split_last() else { return };
        let outer = Self { levels: outer.to_vec() };
        let Some(call) = last.call else { return };
        let known = found.len();
        if let Some(argument) = call.at_path(&["expressions", name]) {
            outer.follow(argument, call.get("for_each_expression"), hops, found);
        }
        for reference in found.iter_mut().skip(known).filter(|found| found.attribute.is_empty()) {
            reference.attribute = joined(rest);
        }
    }

    fn add(&self, address: SmolStr, rest: &[(&str, &str)], found: &mut Vec<Reference>) {
        let prefix = self.levels.last().map_or("", |level| level.prefix.as_str());
        let address = Address(format_smolstr!("{prefix}{address}"));
        let reference = Reference { address, attribute: joined(rest) };
        if found.len() < MAX_REFERENCES && !found.contains(&reference) {
            found.push(reference);
        }
    }
}

fn joined(segments: &[(&str, &str)]) -> SmolStr {
    let segments: Vec<String> = segments.iter().map(|(name, key)| format!("{name}{key}")).collect();
    segments.join(".").into()
}

/// The names of an address or reference with their keys in brackets; dots inside keys do not separate.
pub(super) fn segments(address: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = address;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let name_end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(name_end)?;
        let (keys, behind) = behind.split_at_checked(keys_end(behind))?;
        rest = behind.strip_prefix('.').unwrap_or(behind);
        Some((name, keys))
    })
}

/// The end of the keys in brackets that a text begins with.
fn keys_end(text: &str) -> usize {
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0_usize);
    for (index, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => return index,
            _ => {}
        }
    }
    text.len()
}

/// An address without instance keys: `module.a["x"].t.n[0]` → `module.a.t.n`.
pub(super) fn without_keys(address: &str) -> String {
    segments(address).map(|(name, _)| name).collect::<Vec<_>>().join(".")
}

/// How a value came to be in the plan.
#[derive(Clone, Debug)]
pub(super) enum Written<'n> {
    /// Nobody can say: the plan has no configuration for it.
    Open,
    /// Nobody wrote it, as far as the configuration shows.
    Nowhere,
    /// These expressions, or blocks of them, wrote it.
    By(Vec<&'n Node>),
}

impl<'n> Written<'n> {
    /// The same for a member.
    pub fn member(&self, name: &str) -> Self {
        match self {
            // The configuration leaves `dynamic` blocks out, and blocks that the provider declares as attributes: what is
            // inside such a thing may well be written.
            Self::Open | Self::Nowhere => Self::Open,
            Self::By(nodes) => {
                if nodes.iter().any(|node| is_expression(node)) {
                    return Self::By(nodes.clone());
                }
                let members: Vec<&Node> = nodes.iter().filter_map(|node| node.get(name)).collect();
                if members.is_empty() { Self::Nowhere } else { Self::By(members) }
            }
        }
    }

    /// The same for an element, of which `after` is known. The provider may keep blocks in an order of its own, so that only
    /// their constants tell which is which.
    pub fn element(&self, after: Option<&Node>) -> Self {
        let Self::By(nodes) = self else { return Self::Open };
        if nodes.iter().any(|node| is_expression(node)) {
            return Self::By(nodes.clone());
        }
        let blocks = nodes.iter().flat_map(|node| match &node.data {
            NodeData::Sequence(blocks) => blocks.iter().collect(),
            _ => vec![*node],
        });
        let fitting: Vec<&Node> = blocks.filter(|block| may_be(block, after)).collect();
        if fitting.is_empty() { Self::Open } else { Self::By(fitting) }
    }

    /// The expressions.
    pub fn expressions(&self) -> &[&'n Node] {
        match self {
            Self::By(nodes) => nodes,
            _ => &[],
        }
    }
}

/// Whether a node describes one expression rather than the members of a block. One without constants and references is
/// empty.
fn is_expression(node: &Node) -> bool {
    match &node.data {
        NodeData::Mapping(entries) => {
            let references = node.get("references").map(|references| &references.data);
            entries.is_empty()
                || matches!(references, Some(NodeData::Sequence(_)))
                || node.get("constant_value").is_some()
        }
        _ => false,
    }
}

/// Whether a block of expressions may have made a value: none of its constants says otherwise.
fn may_be(block: &Node, after: Option<&Node>) -> bool {
    block.entries().iter().all(|entry| {
        let Some(constant) = entry.value.get("constant_value") else { return true };
        let value = entry.key.as_str().and_then(|name| after?.get(name));
        value.is_none_or(|value| spelling(value) == spelling(constant))
    })
}

/// A scalar as text: the provider's type may spell a constant otherwise. Collections are all alike.
fn spelling(node: &Node) -> Option<SmolStr> {
    match &node.data {
        NodeData::String(text) => Some(SmolStr::clone(text)),
        NodeData::Bool(value) => Some(format_smolstr!("{value}")),
        NodeData::Integer(value) => Some(format_smolstr!("{value}")),
        NodeData::Float(value) => Some(format_smolstr!("{value}")),
        _ => None,
    }
}
