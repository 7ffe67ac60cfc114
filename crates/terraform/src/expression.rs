//! Expressions, as in <https://developer.hashicorp.com/terraform/language/expressions>.

use crate::evaluator::{Eval, Evaluator, Fault};
use crate::functions::WrittenCall;
use crate::limits::MAX_ELEMENTS;
use crate::operators::{binary, unary};
use crate::scope::Scope;
use crate::value::{computed, describe, placed, to_bool, to_text, unknown_from};
use proofmark_hcl::{BinaryOperator, Expr, ExprKind, ForExpr, ObjectItem};
use proofmark_model::{Attribute, Data, Known, ListKind, Map, Shape, SmolStr, Unknown, Value};
use proofmark_source::Span;
use std::sync::Arc;

impl<'r> Evaluator<'r> {
    /// The value of an expression.
    pub fn evaluate(&self, expr: &Expr, scope: &Scope<'_, 'r>) -> Eval {
        let span = expr.span;
        let data = match &expr.kind {
            ExprKind::Null => Data::Null,
            ExprKind::Bool(value) => Data::Bool(*value),
            ExprKind::Integer(value) => Data::Integer(*value),
            ExprKind::Float(value) => crate::value::written_number(*value),
            ExprKind::String(text) => Data::String(SmolStr::clone(text)),
            _ => return self.deeper(span, || self.compound(expr, scope)),
        };
        Ok(Value::new(data, span))
    }

    fn compound(&self, expr: &Expr, scope: &Scope<'_, 'r>) -> Eval {
        match &expr.kind {
            ExprKind::Template(parts) => self.template(parts, expr.span, scope),
            ExprKind::Tuple(elements) => self.tuple(elements, expr.span, scope),
            ExprKind::Object(items) => self.object(items, expr.span, scope),
            ExprKind::Variable(name) => self.variable(name, expr.span, scope),
            ExprKind::Traversal(root, steps) => self.traversal(root, steps, expr.span, scope),
            ExprKind::Call { name, arguments, expands_last } => {
                let call = WrittenCall { name, arguments, expands_last: *expands_last, span: expr.span };
                self.call(&call, scope)
            }
            ExprKind::Conditional(parts) => self.conditional(parts, expr.span, scope),
            ExprKind::For(for_expr) => self.for_expr(for_expr, expr.span, scope),
            ExprKind::Unary(operator, operand) => {
                let operand = self.evaluate(operand, scope)?;
                unary(*operator, &operand, expr.span)
            }
            ExprKind::Binary(operator, operands) => self.binary(*operator, operands, expr.span, scope),
            ExprKind::Parenthesis(inner) => self.evaluate(inner, scope),
            ExprKind::Unreadable => {
                let reason = Unknown::because("what is written here cannot be read");
                Ok(Value::unknown(reason, expr.span))
            }
            _ => Ok(Value::new(Data::Null, expr.span)),
        }
    }

    fn variable(&self, name: &SmolStr, span: Span, scope: &Scope<'_, 'r>) -> Eval {
        if let Some(value) = scope.get(name) {
            return Ok(placed(Value::clone(value), span));
        }
        match name.as_str() {
            "each" | "count" | "self" => Err(Fault::new(span, format!("`{name}` has no value here"))),
            _ => Err(Fault::new(
                span,
                format!("`{name}` is no value; a reference names a thing and its attribute"),
            )),
        }
    }

    fn tuple(&self, elements: &[Expr], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            values.push(self.evaluate(element, scope)?);
        }
        Ok(Value::list(values, span))
    }

    fn object(&self, items: &[ObjectItem], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let mut entries = Vec::with_capacity(items.len());
        let mut rest = None;
        for item in items {
            if let ExprKind::Traversal(root, _) = &item.key.kind
                && matches!(root.kind, ExprKind::Variable(_))
            {
                let message = "a reference as a key stands in parentheses, and other text in quotes";
                return Err(Fault::new(item.key.span, message));
            }
            let key = self.evaluate(&item.key, scope)?;
            let value = self.evaluate(&item.value, scope)?;
            match key_text(&key, item.key.span)? {
                Ok(name) => entries.push(Attribute { name, name_span: item.key.span, value }),
                Err(unknown) => rest = Some(unknown),
            }
        }
        let mut map = Map::new(entries);
        map.unknown_rest = rest;
        Ok(Value::map(map, span))
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        operands: &[Expr; 2],
        span: Span,
        scope: &Scope<'_, 'r>,
    ) -> Eval {
        let [left, right] = operands;
        let left = self.evaluate(left, scope)?;
        // Newer Terraform does not evaluate the right side when the left decides.
        let decides = match operator {
            BinaryOperator::And => to_bool(&left) == Some(false),
            BinaryOperator::Or => to_bool(&left) == Some(true),
            _ => false,
        };
        if decides {
            return Ok(computed(Data::Bool(operator == BinaryOperator::Or), span, &[&left]));
        }
        let right = self.evaluate(right, scope)?;
        binary(operator, &left, &right, span)
    }

    fn for_expr(&self, for_expr: &ForExpr, span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let collection = self.evaluate(&for_expr.collection, scope)?;
        if collection.as_unknown().is_some() {
            let shape = if for_expr.key.is_some() { Shape::Map } else { Shape::List };
            return Ok(unknown_from(Some(shape), span, &[&collection]));
        }
        let pairs = pairs_of(&collection, for_expr.collection.span)?;
        let mut result = ForResult::new(for_expr, span, self);
        for (key, value) in pairs {
            let mut bindings = vec![(SmolStr::clone(&for_expr.value_name), value)];
            if let Some(name) = &for_expr.key_name {
                bindings.push((SmolStr::clone(name), key));
            }
            let names = scope.names(&bindings);
            result.add(&scope.with(&names))?;
        }
        if let Some(map) = collection.as_map()
            && let Some(rest) = &map.unknown_rest
        {
            result.rest = Some(Arc::clone(rest));
        }
        let is_sensitive = collection.is_sensitive || result.is_sensitive;
        let mut value = result.finish();
        value.is_sensitive |= is_sensitive;
        Ok(value)
    }
}

/// What a `for` expression has made so far.
struct ForResult<'e, 'r> {
    for_expr: &'e ForExpr,
    span: Span,
    evaluator: &'e Evaluator<'r>,
    values: Vec<Value>,
    entries: Vec<Attribute>,
    groups: std::collections::BTreeMap<SmolStr, Vec<Value>>,
    seen: std::collections::BTreeSet<SmolStr>,
    rest: Option<Arc<Unknown>>,
    /// Whether a condition or key is sensitive: what the result holds would tell of it.
    is_sensitive: bool,
}

impl<'e, 'r> ForResult<'e, 'r> {
    fn new(for_expr: &'e ForExpr, span: Span, evaluator: &'e Evaluator<'r>) -> Self {
        Self {
            for_expr,
            span,
            evaluator,
            values: Vec::new(),
            entries: Vec::new(),
            groups: std::collections::BTreeMap::new(),
            seen: std::collections::BTreeSet::new(),
            rest: None,
            is_sensitive: false,
        }
    }

    fn add(&mut self, scope: &Scope<'_, 'r>) -> Result<(), Fault> {
        if let Some(condition) = &self.for_expr.condition {
            let decided = self.evaluator.evaluate(condition, scope)?;
            self.is_sensitive |= decided.is_sensitive;
            if let Data::Unknown(unknown) = &decided.data {
                self.rest = Some(Arc::clone(unknown));
                return Ok(());
            }
            match to_bool(&decided) {
                Some(true) => {}
                Some(false) => return Ok(()),
                None => return Err(Fault::new(condition.span, "the `if` of a `for` must be a bool")),
            }
        }
        if self.values.len() + self.entries.len() >= MAX_ELEMENTS {
            return Err(Fault::limit(self.span, format!("a `for` makes more than {MAX_ELEMENTS} elements")));
        }
        let Some(key_expr) = &self.for_expr.key else {
            self.values.push(self.evaluator.evaluate(&self.for_expr.value, scope)?);
            return Ok(());
        };
        let key = self.evaluator.evaluate(key_expr, scope)?;
        let value = self.evaluator.evaluate(&self.for_expr.value, scope)?;
        self.is_sensitive |= key.is_sensitive;
        match key_text(&key, key_expr.span)? {
            Err(unknown) => self.rest = Some(unknown),
            Ok(name) if self.for_expr.is_grouping => self.groups.entry(name).or_default().push(value),
            Ok(name) => {
                if !self.seen.insert(SmolStr::clone(&name)) {
                    let message =
                        format!("two elements have the key `{name}`; `...` behind the value groups them");
                    return Err(Fault::new(key_expr.span, message));
                }
                self.entries.push(Attribute { name, name_span: key_expr.span, value });
            }
        }
        Ok(())
    }

    fn finish(self) -> Value {
        if self.for_expr.key.is_none() {
            return match self.rest {
                // A list whose elements are not all known to be there has no known places either.
                Some(rest) => {
                    let known = Known { shape: Some(Shape::List), is_set: true, ..Known::default() };
                    Value::unknown(Unknown { known, ..Arc::unwrap_or_clone(rest) }, self.span)
                }
                None => Value::list(self.values, self.span),
            };
        }
        let span = self.span;
        let groups = self.groups.into_iter().map(|(name, values)| Attribute {
            name,
            name_span: span,
            value: Value::list(values, span),
        });
        let mut map = Map::new(self.entries.into_iter().chain(groups).collect());
        map.unknown_rest = self.rest;
        Value::map(map, span)
    }
}

/// A key as text; the inner error is why it is not known.
fn key_text(key: &Value, span: Span) -> Result<Result<SmolStr, Arc<Unknown>>, Fault> {
    if let Data::Unknown(unknown) = &key.data {
        return Ok(Err(Arc::clone(unknown)));
    }
    match to_text(key) {
        Some(text) => Ok(Ok(text)),
        None => Err(Fault::new(span, format!("a key must be a string, and this is {}", describe(key)))),
    }
}

/// Keys and values of a collection, in the order in which Terraform walks it.
pub(crate) fn pairs_of(collection: &Value, span: Span) -> Result<Vec<(Value, Value)>, Fault> {
    match &collection.data {
        Data::List(elements) => Ok(elements
            .iter()
            .enumerate()
            .map(|(index, element)| {
                let key = if elements.kind() == ListKind::Set {
                    Value::clone(element)
                } else {
                    Value::new(Data::Integer(i64::try_from(index).unwrap_or(i64::MAX)), element.origin.span)
                };
                (key, Value::clone(element))
            })
            .collect()),
        Data::Map(map) => Ok(map
            .entries()
            .iter()
            .map(|entry| {
                (Value::string(SmolStr::clone(&entry.name), entry.name_span), Value::clone(&entry.value))
            })
            .collect()),
        _ => Err(Fault::new(
            span,
            format!("a list, set or map is required, and this is {}", describe(collection)),
        )),
    }
}

/// Whether a value is certainly not null.
pub(crate) fn is_set(value: &Value) -> bool {
    match &value.data {
        Data::Null => false,
        Data::Unknown(unknown) => unknown.known.is_set,
        _ => true,
    }
}
