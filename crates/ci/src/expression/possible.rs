//! What a text with expressions can come out as.

use super::scope::{Scope, Source, Sources};
use super::{data_of, find_expressions, is_dynamic, parse};
use github_actions_expressions::{Expr, SpannedExpr};
use proofmark_model::{Data, Origin, StepKind, Value};
use proofmark_source::Span;

/// How many values a text may have before we say that we do not know: those of the largest matrix that GitHub runs.
const MAX_VALUES: usize = 256;

/// How many names stand for names that stand for names; a circle ends here.
const MAX_STEPS: usize = 12;

/// The values that a text can have, each once, at `place`; `None` where one of them is not in the files.
///
/// An expression that is the whole text keeps the type of its value, as GitHub does it.
pub fn possible_values(text: &str, place: Span, scope: &Scope<'_>) -> Option<Vec<Value>> {
    Asked { place, steps: 0 }.values(text, scope)
}

#[derive(Clone, Copy)]
struct Asked {
    place: Span,
    steps: usize,
}

/// A part of a text: what stands there, or what an expression can come out as.
enum Part<'t> {
    Text(&'t str),
    Expression(SpannedExpr<'t>),
}

impl Asked {
    fn values(self, text: &str, scope: &Scope<'_>) -> Option<Vec<Value>> {
        if self.steps > MAX_STEPS {
            return None;
        }
        let parts = parts(text)?;
        let worlds: Vec<Option<&Value>> = match parts.iter().any(Part::reads_matrix) {
            true => scope.combinations?.iter().map(Some).collect(),
            false => vec![None],
        };
        let mut values: Vec<Value> = Vec::new();
        for world in worlds {
            for value in self.values_in(&parts, world, scope)? {
                if !values.iter().any(|known| known.data == value.data) {
                    values.push(value);
                }
                if values.len() > MAX_VALUES {
                    return None;
                }
            }
        }
        Some(values)
    }

    /// The values in one combination of the matrix.
    fn values_in(self, parts: &[Part<'_>], world: Option<&Value>, scope: &Scope<'_>) -> Option<Vec<Value>> {
        if let [Part::Expression(expression)] = parts {
            return self.results(expression, world, scope);
        }
        let mut texts = vec![String::new()];
        for part in parts {
            let ends: Vec<String> = match part {
                Part::Text(text) => vec![(*text).to_owned()],
                Part::Expression(expression) => {
                    let results = self.results(expression, world, scope)?;
                    results.iter().map(|value| as_text(&value.data)).collect::<Option<_>>()?
                }
            };
            texts =
                texts.iter().flat_map(|start| ends.iter().map(move |end| format!("{start}{end}"))).collect();
            if texts.len() > MAX_VALUES {
                return None;
            }
        }
        Some(texts.into_iter().map(|text| Value::string(text, self.place)).collect())
    }

    /// What an expression can come out as.
    fn results(
        self,
        expression: &SpannedExpr<'_>,
        world: Option<&Value>,
        scope: &Scope<'_>,
    ) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        for leaf in expression.leaf_expressions() {
            if let Some(constant) = leaf.consteval() {
                values.push(Value::new(data_of(constant, self.place), self.place));
                continue;
            }
            let Expr::Context(context) = &leaf.inner else { return None };
            let pattern = context.as_pattern()?;
            match pattern.strip_prefix("matrix.") {
                Some(path) => values.push(self.matrix_value(path, world?)),
                None => values.extend(self.supplied(&pattern, scope)?),
            }
        }
        Some(values)
    }

    fn matrix_value(self, path: &str, combination: &Value) -> Value {
        let named = |value: &Value, name: &str| {
            let entries = value.as_map()?.entries();
            entries
                .iter()
                .find(|entry| entry.name.eq_ignore_ascii_case(name))
                .map(|entry| Value::clone(&entry.value))
        };
        let found = path.split('.').try_fold(Value::clone(combination), |value, name| named(&value, name));
        match found {
            Some(value) => self.brought(&value, StepKind::Included("matrix".into())),
            // A name that the combination lacks is an empty text.
            None => Value::string("", self.place),
        }
    }

    fn supplied(self, pattern: &str, scope: &Scope<'_>) -> Option<Vec<Value>> {
        let Sources { nodes, is_complete } = scope.sources(pattern)?;
        if !is_complete || pattern.split('.').count() != 2 {
            return None;
        }
        if nodes.is_empty() {
            return Some(vec![Value::string("", self.place)]);
        }
        let mut values = Vec::new();
        for source in &nodes {
            values.extend(self.of_source(source, scope)?);
        }
        Some(values)
    }

    fn of_source(self, source: &Source<'_>, scope: &Scope<'_>) -> Option<Vec<Value>> {
        let span = source.node.span;
        let values = match source.node.as_str().filter(|text| is_dynamic(text)) {
            Some(text) => {
                let inner = Self { place: span, steps: self.steps + 1 };
                inner.values(text, source.scope.as_ref().unwrap_or(scope))?
            }
            None => vec![Value { origin: Origin::at(span), ..Value::from_node(source.node, span) }],
        };
        Some(values.iter().map(|value| self.brought(value, StepKind::clone(&source.kind))).collect())
    }

    fn brought(self, value: &Value, kind: StepKind) -> Value {
        Value { origin: value.origin.used_at(self.place, kind), ..Value::clone(value) }
    }
}

impl Part<'_> {
    fn reads_matrix(&self) -> bool {
        let Self::Expression(expression) = self else { return false };
        expression.leaf_expressions().iter().any(|leaf| match &leaf.inner {
            Expr::Context(context) => {
                context.as_pattern().is_some_and(|pattern| pattern.starts_with("matrix."))
            }
            _ => false,
        })
    }
}

fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut position = 0;
    for (whole, inside) in find_expressions(text) {
        parts.push(Part::Text(text.get(position..whole.start)?));
        parts.push(Part::Expression(parse(text.get(inside)?).ok()?));
        position = whole.end;
    }
    parts.push(Part::Text(text.get(position..)?));
    parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    Some(parts)
}

/// A scalar as GitHub writes it into a text.
fn as_text(data: &Data) -> Option<String> {
    match data {
        Data::Null => Some(String::new()),
        Data::String(text) => Some(text.to_string()),
        Data::Bool(_) | Data::Integer(_) | Data::Float(_) => Some(data.to_string()),
        Data::List(_) | Data::Map(_) | Data::Unknown(_) => None,
    }
}
