//! References, and steps into values.

use crate::evaluator::{Eval, Evaluator, Fault};
use crate::scope::Scope;
use crate::value::{
    computed, describe, inside_unknown, placed, to_number, to_text, unknown_from, unknown_text, used_at,
};
use proofmark_hcl::{Expr, ExprKind, Step, StepKind as HclStep};
use proofmark_model::{Data, ListKind, Map, Shape, SmolStr, StepKind, Unknown, Value};
use proofmark_source::{Span, parent_path};
use smol_str::format_smolstr;

impl<'r> Evaluator<'r> {
    /// A root expression and steps into it.
    pub fn traversal(&self, root: &Expr, steps: &[Step], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let ExprKind::Variable(name) = &root.kind else {
            let value = self.evaluate(root, scope)?;
            return Ok(placed(self.steps(value, steps, scope)?, span));
        };
        if let Some(value) = scope.get(name) {
            return Ok(placed(self.steps(Value::clone(value), steps, scope)?, span));
        }
        if matches!(name.as_str(), "each" | "count" | "self") {
            return Err(Fault::new(span, format!("`{name}` has no value here")));
        }
        let Some((second, rest)) = attribute_step(steps) else {
            return Err(Fault::new(
                span,
                format!("`{name}` is no value; a reference names a thing and its attribute"),
            ));
        };
        match name.as_str() {
            "var" => {
                let (value, kind) = self.variable_value(scope.module, second, span)?;
                Ok(used_at(self.steps(value, rest, scope)?, span, kind))
            }
            "local" => {
                let value = self.local_value(scope.module, second, span)?;
                let kind = StepKind::Local(SmolStr::clone(second));
                Ok(used_at(self.steps(value, rest, scope)?, span, kind))
            }
            "module" => self.module_reference(second, rest, span, scope),
            "path" => Ok(self.path_value(second, span, scope)),
            "terraform" | "tofu" => self.steps(self.terraform_value(second, span)?, rest, scope),
            "data" | "ephemeral" => match attribute_step(rest) {
                Some((third, rest)) => {
                    self.resource_reference(&format_smolstr!("{name}.{second}.{third}"), rest, span, scope)
                }
                None => Err(Fault::new(span, format!("a reference to `{name}` names a type and a name"))),
            },
            _ => self.resource_reference(&format_smolstr!("{name}.{second}"), rest, span, scope),
        }
    }

    fn path_value(&self, name: &str, span: Span, scope: &Scope<'_, 'r>) -> Value {
        let root = self.root();
        let base = root.as_ref().map_or("", |root| &root.folder);
        let relative = match name {
            "module" => relative_path(base, &scope.module.folder),
            "root" => String::from("."),
            _ => {
                let reason = format_smolstr!("`path.{name}` depends on where Terraform runs");
                return unknown_text(reason, span);
            }
        };
        Value::string(relative, span)
    }

    /// `terraform.workspace`, which no file says: `default` is only where everybody begins.
    fn terraform_value(&self, name: &str, span: Span) -> Eval {
        match (name, &self.settings.workspace) {
            ("workspace", Some(workspace)) => Ok(Value::string(SmolStr::clone(workspace), span)),
            ("workspace", None) => {
                let reason = "the workspace is chosen when Terraform runs; name it with `--workspace`, or `workspace` in an environment";
                Ok(unknown_text(SmolStr::new_static(reason), span))
            }
            ("applying", _) => {
                let mut unknown =
                    Unknown::because("whether Terraform is applying is not known before it does");
                unknown.known.shape = Some(Shape::Bool);
                Ok(Value::unknown(unknown, span))
            }
            _ => Err(Fault::new(span, format!("`terraform` has no attribute `{name}`"))),
        }
    }

    /// Walks into a value, step by step.
    pub fn steps(&self, value: Value, steps: &[Step], scope: &Scope<'_, 'r>) -> Eval {
        let mut current = value;
        for (index, step) in steps.iter().enumerate() {
            let rest = steps.get(index + 1..).unwrap_or(&[]);
            match &step.kind {
                HclStep::Attribute(name) => current = member(&current, name, step.span)?,
                HclStep::Index(expr) => {
                    let key = self.evaluate(expr, scope)?;
                    current = element(&current, &key, step.span)?;
                }
                HclStep::FullSplat => return self.splat(&current, rest, step.span, scope),
                HclStep::AttributeSplat => {
                    let attributes =
                        rest.iter().take_while(|step| matches!(step.kind, HclStep::Attribute(_))).count();
                    let (inside, after) = rest.split_at(attributes);
                    let list = self.splat(&current, inside, step.span, scope)?;
                    return self.steps(list, after, scope);
                }
            }
        }
        Ok(current)
    }

    fn splat(&self, value: &Value, steps: &[Step], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let elements = match &value.data {
            Data::Null => return Ok(computed(Data::List([].into()), span, &[value])),
            Data::Unknown(_) => {
                // What is read from each element keeps the way to the thing that it is read from.
                let inner = self.steps(Value::clone(value), steps, scope)?;
                return Ok(unknown_from(Some(Shape::List), span, &[&inner]));
            }
            Data::List(elements) => elements.to_vec(),
            _ => vec![Value::clone(value)],
        };
        let mut results = Vec::with_capacity(elements.len());
        for element in elements {
            results.push(self.steps(element, steps, scope)?);
        }
        Ok(computed(Data::List(results.into()), span, &[value]))
    }
}

/// The name of the first step and the steps behind it.
pub(crate) fn attribute_step(steps: &[Step]) -> Option<(&SmolStr, &[Step])> {
    let (first, rest) = steps.split_first()?;
    match &first.kind {
        HclStep::Attribute(name) => Some((name, rest)),
        HclStep::Index(Expr { kind: ExprKind::String(name), .. }) => Some((name, rest)),
        _ => None,
    }
}

/// `value.name`.
pub(crate) fn member(value: &Value, name: &str, span: Span) -> Eval {
    match &value.data {
        Data::Map(map) => match map.value(name) {
            Some(found) => Ok(with_sensitivity(Value::clone(found), value)),
            None => missing(map, name, span),
        },
        Data::Unknown(unknown) => Ok(like(value, inside_unknown(unknown, name), span)),
        // A block that may stand once is a list here and a single thing to some providers.
        Data::List(elements) => match &**elements {
            [only] if only.as_map().is_some_and(|map| map.header.is_some()) => member(only, name, span),
            _ => match name.parse::<i64>() {
                Ok(index) => element(value, &Value::new(Data::Integer(index), span), span),
                Err(_) => Err(Fault::new(span, format!("a list has no attribute `{name}`"))),
            },
        },
        _ => Err(Fault::new(span, format!("{} has no attribute `{name}`", describe(value)))),
    }
}

fn missing(map: &Map, name: &str, span: Span) -> Eval {
    match &map.unknown_rest {
        Some(rest) => Ok(Value::unknown(inside_unknown(rest, name), span)),
        None => Err(Fault::new(span, format!("there is no attribute `{name}` here"))),
    }
}

fn like(value: &Value, unknown: Unknown, span: Span) -> Value {
    let mut inner = computed(Data::Null, span, &[value]);
    inner.data = Data::Unknown(unknown.into());
    inner
}

fn with_sensitivity(mut inner: Value, outer: &Value) -> Value {
    inner.is_sensitive |= outer.is_sensitive;
    inner
}

/// `value[key]`.
pub(crate) fn element(value: &Value, key: &Value, span: Span) -> Eval {
    if key.as_unknown().is_some() {
        return Ok(unknown_from(None, span, &[key, value]));
    }
    match &value.data {
        Data::List(elements) if elements.kind() == ListKind::Set => {
            let message = "the elements of a set have no order and so no index; `tolist` gives them one";
            Err(Fault::new(span, message))
        }
        Data::List(elements) => {
            let Some(index) = to_number(key).filter(|index| index.fract() == 0.0) else {
                return Err(Fault::new(
                    span,
                    format!("an index must be a whole number, and this is {}", describe(key)),
                ));
            };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked for both")]
            let found = (index >= 0.0).then(|| elements.get(index as usize)).flatten();
            match found {
                Some(found) => Ok(with_sensitivity(Value::clone(found), value)),
                None => {
                    let message = format!("there is no element {index}; the list has {}", elements.len());
                    Err(Fault::new(span, message))
                }
            }
        }
        Data::Map(map) => {
            let Some(name) = to_text(key) else {
                return Err(Fault::new(
                    span,
                    format!("a key must be a string, and this is {}", describe(key)),
                ));
            };
            match map.value(&name) {
                Some(found) => Ok(with_sensitivity(Value::clone(found), value)),
                None => missing(map, &name, span),
            }
        }
        Data::Unknown(unknown) => {
            let step = match to_text(key) {
                Some(text) if matches!(key.data, Data::String(_)) => format!("[{text:?}]"),
                Some(text) => format!("[{text}]"),
                None => String::from("[]"),
            };
            Ok(like(value, inside_unknown(unknown, &step), span))
        }
        _ => Err(Fault::new(span, format!("{} has no elements", describe(value)))),
    }
}

/// The path from `base` to `folder`, as `path.module` gives it: `.` for the root module itself.
fn relative_path(base: &str, folder: &str) -> String {
    if base == folder {
        return String::from(".");
    }
    let mut up = String::new();
    let mut ancestor = base;
    loop {
        let below = if ancestor.is_empty() { Some(folder) } else { folder.strip_prefix(ancestor) };
        match below {
            Some(rest) if ancestor.is_empty() || rest.is_empty() || rest.starts_with('/') => {
                return format!("{up}{}", rest.trim_start_matches('/')).trim_end_matches('/').to_owned();
            }
            _ => {
                up.push_str("../");
                ancestor = parent_path(ancestor);
            }
        }
    }
}
