//! The jobs that a matrix expands to.

use crate::context::FileContext;
use crate::expression::is_dynamic;
use crate::places::{element_header, entry_header};
use proofmark_model::{Attribute, Data, Map, SmolStr, Unknown, Value};
use proofmark_source::Span;
use proofmark_syntax::Node;

/// GitHub runs at most this many jobs of one matrix ("Actions limits").
pub const MAX_JOBS: usize = 256;

/// The entries of a matrix that are no axes.
const SPECIAL: [&str; 2] = ["include", "exclude"];

/// Why the combinations of a matrix are not known.
#[derive(Debug, PartialEq, Eq)]
pub enum Unexpanded {
    /// A run computes one of its parts.
    Computed(Span),
    /// There are more than GitHub runs.
    TooMany,
}

impl Unexpanded {
    /// The combinations as a value.
    pub fn value(&self, span: Span) -> Value {
        let reason = match self {
            Self::Computed(_) => "a part of the matrix is computed when the workflow runs".to_owned(),
            Self::TooMany => format!("the matrix has more than {MAX_JOBS} combinations"),
        };
        Value::unknown(Unknown::because(reason), span)
    }
}

type Combination = Vec<Attribute>;

/// The combinations of a matrix, by GitHub's "Workflow syntax", sections on `include` and `exclude`: the product of the axes,
/// without those that fit an entry of `exclude`; then each entry of `include` is added to all combinations in which it
/// overwrites no axis, and makes one of its own where there is none.
///
/// # Errors
/// Says why the file does not tell.
pub fn combinations(context: &FileContext<'_>, matrix: &Node) -> Result<Vec<Value>, Unexpanded> {
    if matrix.as_str().is_some() && matrix.entries().is_empty() {
        return computed_matrix(context, matrix);
    }
    let axes = axes(context, matrix)?;
    let mut originals = product(&axes)?;
    let excluded = listed(context, matrix, "exclude")?;
    originals.retain(|combination| !excluded.iter().any(|entry| fits(entry, combination)));
    let mut added = Vec::new();
    for entry in listed(context, matrix, "include")? {
        let is_free = |combination: &Combination| {
            let axis = |name: &str| combination.iter().find(|known| known.name == name);
            let overwrites = |new: &Attribute| {
                let is_axis = axes.iter().any(|(name, _)| *name == new.name);
                is_axis && !axis(&new.name).is_some_and(|known| is_same(&known.value, &new.value))
            };
            !entry.iter().any(overwrites)
        };
        let mut is_used = false;
        for combination in originals.iter_mut().filter(|combination| is_free(combination)) {
            combination.extend(entry.iter().cloned());
            is_used = true;
        }
        if !is_used {
            added.push(entry);
        }
    }
    originals.append(&mut added);
    if originals.len() > MAX_JOBS {
        return Err(Unexpanded::TooMany);
    }
    let value = |entries: Combination| {
        let header = entries.first().map_or(matrix.span, |entry| entry.name_span);
        Value::map(Map::new(entries).with_header(header), matrix.span)
    };
    Ok(originals.into_iter().map(value).collect())
}

/// A matrix that is one expression: known only where that is `fromJSON` of a constant with nothing but axes.
fn computed_matrix(context: &FileContext<'_>, matrix: &Node) -> Result<Vec<Value>, Unexpanded> {
    let value = context.value(matrix, matrix.span, &[]);
    let map = value.as_map().ok_or(Unexpanded::Computed(matrix.span))?;
    if SPECIAL.iter().any(|name| map.get(name).is_some()) {
        return Err(Unexpanded::Computed(matrix.span));
    }
    let axis = |entry: &Attribute| Some((SmolStr::clone(&entry.name), entry.value.as_list()?.to_vec()));
    let axes: Option<Vec<_>> = map.entries().iter().map(axis).collect();
    let combinations = product(&axes.ok_or(Unexpanded::Computed(matrix.span))?)?;
    Ok(combinations.into_iter().map(|entries| Value::map(Map::new(entries), matrix.span)).collect())
}

/// The axes in the order of the file, each with its values.
fn axes(context: &FileContext<'_>, matrix: &Node) -> Result<Vec<(SmolStr, Vec<Value>)>, Unexpanded> {
    let mut axes = Vec::new();
    for entry in matrix.entries() {
        let Some(name) = entry.key.as_str().filter(|name| !SPECIAL.contains(name)) else { continue };
        let value = context.value(&entry.value, entry_header(entry), &[]);
        match value.data {
            Data::List(elements) => axes.push((SmolStr::new(name), elements.iter().cloned().collect())),
            Data::Unknown(_) => return Err(Unexpanded::Computed(entry.value.span)),
            // GitHub refuses anything else; a diagnostic says so.
            _ => axes.push((SmolStr::new(name), vec![value])),
        }
    }
    Ok(axes)
}

fn product(axes: &[(SmolStr, Vec<Value>)]) -> Result<Vec<Combination>, Unexpanded> {
    if axes.is_empty() {
        return Ok(Vec::new());
    }
    let count = axes.iter().try_fold(1_usize, |count, (_, values)| count.checked_mul(values.len()));
    // Some of them may be excluded again; what is still small enough to look at is looked at.
    if count.is_none_or(|count| count > MAX_JOBS * 4) {
        return Err(Unexpanded::TooMany);
    }
    let mut combinations = vec![Vec::new()];
    for (name, values) in axes {
        let longer = combinations.iter().flat_map(|start: &Combination| {
            values.iter().map(move |value| {
                let name = SmolStr::clone(name);
                let entry = Attribute { name, name_span: value.origin.span, value: Value::clone(value) };
                start.iter().cloned().chain(std::iter::once(entry)).collect()
            })
        });
        combinations = longer.collect();
    }
    Ok(combinations)
}

/// The entries of `include` or `exclude`.
fn listed(context: &FileContext<'_>, matrix: &Node, name: &str) -> Result<Vec<Combination>, Unexpanded> {
    let Some(node) = matrix.get(name) else { return Ok(Vec::new()) };
    let value = match node.as_str().filter(|text| is_dynamic(text)) {
        Some(_) => context.value(node, node.span, &[]),
        None => {
            let elements = node.elements().iter();
            let values = elements.map(|element| context.value(element, element_header(element), &[]));
            Value::list(values.collect(), node.span)
        }
    };
    let computed = || Unexpanded::Computed(node.span);
    let elements = value.as_list().ok_or_else(computed)?;
    let entries = |element: &Value| Some(element.as_map()?.entries().to_vec());
    elements.iter().map(entries).collect::<Option<Vec<_>>>().ok_or_else(computed)
}

/// Whether all that an entry of `exclude` names is so in a combination.
fn fits(excluded: &Combination, combination: &Combination) -> bool {
    excluded.iter().all(|wanted| {
        let named = combination.iter().find(|entry| entry.name == wanted.name);
        named.is_some_and(|entry| is_same(&entry.value, &wanted.value))
    })
}

/// Whether two values of a matrix are the same: scalars by their text, maps by the entries that the second names.
fn is_same(value: &Value, wanted: &Value) -> bool {
    match (&value.data, &wanted.data) {
        (Data::Map(known), Data::Map(wanted)) => wanted
            .entries()
            .iter()
            .all(|entry| known.value(&entry.name).is_some_and(|value| is_same(value, &entry.value))),
        (Data::String(left), right) | (right, Data::String(left)) => match right {
            Data::String(right) => left == right,
            other => left.as_str() == other.to_string(),
        },
        (left, right) => left.to_string() == right.to_string(),
    }
}
