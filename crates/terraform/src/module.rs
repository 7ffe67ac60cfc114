//! Modules: inputs, local values, outputs.

use crate::check::{undeclared_local, undeclared_module, undeclared_variable};
use crate::evaluator::{Eval, Evaluator, Fault, Instance, Subject};
use crate::repetition::{Repetition, RepetitionKind, key_suffix};
use crate::scope::Scope;
use crate::traversal::attribute_step;
use crate::types::{Type, convert};
use crate::value::{unknown_from, used_at};
use crate::variables::refused;
use proofmark_hcl::{Block, Expr, ExprKind, Step, StepKind as HclStep};
use proofmark_model::{Address, Attribute, Data, Map, Reference, SmolStr, StepKind, Unknown, Value};
use proofmark_source::Span;
use smol_str::format_smolstr;
use std::rc::Rc;
use std::sync::Arc;

/// Something that `count` or `for_each` may repeat.
pub(crate) struct Repeated<'a> {
    pub repetition: &'a Repetition,
    /// The address of all its instances together.
    pub address: &'a dyn Fn() -> Address,
    /// What the steps behind the instance at a place are worth.
    pub inner: &'a dyn Fn(usize, &[Step]) -> Eval,
}

impl<'r> Evaluator<'r> {
    /// The value of a variable, and what kind of step it is to use it.
    pub fn variable_value(
        &self,
        module: &Rc<Instance<'r>>,
        name: &SmolStr,
        span: Span,
    ) -> Result<(Value, StepKind), Fault> {
        let Some(block) = module.config.variables.get(name) else {
            let unknown = self.undeclared_name(undeclared_variable(&module.config, name), span);
            return Ok((unknown, StepKind::Operand));
        };
        let argument =
            module.caller.as_ref().and_then(|caller| self.call_block(caller)?.body.attribute(name));
        let kind = match argument {
            Some(_) => StepKind::ModuleArgument(SmolStr::clone(name)),
            None => StepKind::Variable(SmolStr::clone(name)),
        };
        let subject = Subject { what: format_args!("the variable `{name}`"), span };
        let value = self.slot(&module.variables, SmolStr::clone(name), subject, || {
            self.compute_variable(module, name, block)
        });
        Ok((value, kind))
    }

    /// The value of a name that is not declared. Terraform refuses it before it evaluates anything, so that `try` does
    /// not catch it; what stands around it is read all the same.
    fn undeclared_name(&self, message: String, span: Span) -> Value {
        self.settle(Err(Fault::undeclared(span, message)), span)
    }

    fn compute_variable(&self, module: &Rc<Instance<'r>>, name: &SmolStr, block: &Block) -> Value {
        let kind = block.body.attribute("type").map_or(Type::Any, |attribute| Type::parse(&attribute.value));
        let given = match &module.caller {
            None => self.root_variables.borrow().get(name).cloned(),
            Some(caller) => self.argument(caller, name),
        };
        let is_nullable = self.is_nullable(block);
        let default = block.body.attribute("default");
        let value = match (given, default) {
            (Some(value), _) if is_nullable || !value.is_null() => value,
            (_, Some(default)) => self.value(&default.value, &Scope::of(module)),
            (Some(null), None) => {
                let message = format!("`{name}` must not be null, and it has no default");
                self.settle(Err(Fault::new(null.origin.span, message)), null.origin.span)
            }
            (None, None) => self.missing_argument(module, name, block),
        };
        let place = value.origin.span;
        let mut evaluate = |expr: &Expr| self.value(expr, &Scope::of(module));
        let converted = convert(value, &kind, &mut evaluate)
            .map_err(|message| Fault::new(place, format!("`{name}` has the wrong type: {message}")));
        let converted = if module.caller.is_none() { converted.map_err(refused) } else { converted };
        let mut value = self.settle(converted, place);
        if !is_nullable && let Data::Unknown(unknown) = &mut value.data {
            Arc::make_mut(unknown).known.is_set = true;
        }
        value.is_sensitive |= literal_bool(block, "sensitive") == Some(true);
        value
    }

    /// The value of a local value.
    pub fn local_value(&self, module: &Rc<Instance<'r>>, name: &SmolStr, span: Span) -> Eval {
        let Some(attribute) = module.config.locals.get(name) else {
            return Ok(self.undeclared_name(undeclared_local(&module.config, name), span));
        };
        let subject = Subject { what: format_args!("the local value `{name}`"), span: attribute.name_span };
        Ok(self.slot(&module.locals, SmolStr::clone(name), subject, || {
            self.value(&attribute.value, &Scope::of(module))
        }))
    }

    /// The value of an output, without the step of using it.
    pub fn output_value(&self, module: &Rc<Instance<'r>>, name: &SmolStr, span: Span) -> Eval {
        let Some(block) = module.config.outputs.get(name) else {
            return Err(Fault::new(span, format!("the module has no output `{name}`")));
        };
        let subject = Subject { what: format_args!("the output `{name}`"), span: block.header };
        Ok(self.slot(&module.outputs, SmolStr::clone(name), subject, || {
            let mut value = match block.body.attribute("value") {
                Some(attribute) => self.value(&attribute.value, &Scope::of(module)),
                None => Value::new(Data::Null, block.header),
            };
            value.is_sensitive |= literal_bool(block, "sensitive") == Some(true);
            value
        }))
    }

    /// `module.name` and the steps behind it.
    pub fn module_reference(
        &self,
        name: &SmolStr,
        steps: &[Step],
        span: Span,
        scope: &Scope<'_, 'r>,
    ) -> Eval {
        let Some(call) = scope.module.config.calls.get(name) else {
            let unknown = self.undeclared_name(undeclared_module(&scope.module.config, name), span);
            return self.steps(unknown, steps, scope);
        };
        let children = self.children(scope.module, name, call);
        let instances = match &children.instances {
            Ok(instances) => instances,
            Err(reason) => {
                let value = Value::new(Data::Unknown(Arc::clone(reason)), span);
                return self.steps(value, steps, scope);
            }
        };
        let output = |place: usize, steps: &[Step]| {
            let Some(child) = instances.get(place) else {
                return Err(Fault::new(span, "there is no such module instance"));
            };
            match attribute_step(steps) {
                Some((output, rest)) => {
                    let value = self.output_value(child, output, span)?;
                    let kind = StepKind::Output(SmolStr::clone(output));
                    Ok(used_at(self.steps(value, rest, scope)?, span, kind))
                }
                None => self.steps(self.all_outputs(child, span), steps, scope),
            }
        };
        let address = || Address(format_smolstr!("{}module.{name}", scope.module.prefix));
        let repeated = Repeated { repetition: &children.repetition, address: &address, inner: &output };
        self.repeated(&repeated, steps, span, scope)
    }

    fn all_outputs(&self, module: &Rc<Instance<'r>>, span: Span) -> Value {
        let entries = module.config.outputs.keys().map(|name| {
            let value = self.settle(self.output_value(module, name, span), span);
            Attribute { name: SmolStr::clone(name), name_span: value.origin.span, value }
        });
        Value::map(Map::new(entries.collect()), span)
    }

    /// Something that may be repeated, and the steps behind its name.
    pub fn repeated(
        &self,
        repeated: &Repeated<'_>,
        steps: &[Step],
        span: Span,
        scope: &Scope<'_, 'r>,
    ) -> Eval {
        let Repeated { repetition, address, inner } = repeated;
        let as_a_whole = || vec![Reference { address: address(), attribute: SmolStr::default() }];
        let index = match steps.first().map(|step| &step.kind) {
            Some(HclStep::Index(expr)) => Some(expr),
            _ => None,
        };
        let rest = steps.get(1..).unwrap_or(&[]);
        match (&repetition.kind, index) {
            (RepetitionKind::Once, _) => inner(0, steps),
            // Where a fault is caught, a missing instance makes another value. Elsewhere it must be there.
            (RepetitionKind::Unknown(unknown), Some(_)) if self.is_caught() => {
                let references = as_a_whole();
                let unknown = Unknown { references, ..Unknown::clone(unknown) };
                self.steps(Value::unknown(unknown, span), rest, scope)
            }
            (RepetitionKind::Unknown(_), Some(_)) => inner(0, rest),
            (RepetitionKind::Unknown(unknown), None) => {
                let references = as_a_whole();
                let unknown = Unknown { references, ..Unknown::clone(unknown) };
                self.steps(Value::unknown(unknown, span), steps, scope)
            }
            (kind, Some(expr)) => {
                let key = self.evaluate(expr, scope)?;
                if key.as_unknown().is_some() {
                    let mut value = unknown_from(None, span, &[&key]);
                    if let Data::Unknown(unknown) = &mut value.data {
                        Arc::make_mut(unknown).references = as_a_whole();
                    }
                    return self.steps(value, rest, scope);
                }
                let suffix = key_suffix(kind, &key);
                match repetition.find(&suffix).or_else(|| repetition.find_open()) {
                    Some(place) => inner(place, rest),
                    None => Err(Fault::new(span, format!("there is no instance `{}{suffix}`", address()))),
                }
            }
            (_, None) => {
                let value = match repetition.whole.get() {
                    Some(whole) => Value::new(Data::clone(whole), span),
                    None => self.whole(repeated, span)?,
                };
                self.steps(value, steps, scope)
            }
        }
    }

    /// All instances of something that is repeated, as one value. Made once, because each of many others may ask for it.
    fn whole(&self, repeated: &Repeated<'_>, span: Span) -> Eval {
        let Repeated { repetition, address, inner } = repeated;
        let mut entries = Vec::with_capacity(repetition.keys.len());
        let mut rest = None;
        for (place, key) in repetition.keys.iter().enumerate() {
            if let Some(condition) = &key.condition {
                let references = vec![Reference { address: address(), attribute: SmolStr::default() }];
                rest = Some(Arc::new(Unknown { references, ..Unknown::clone(&condition.unknown) }));
                continue;
            }
            let value = inner(place, &[])?;
            entries.push(Attribute { name: SmolStr::clone(&key.text), name_span: span, value });
        }
        let value = if repetition.kind == RepetitionKind::Count {
            Value::list(entries.into_iter().map(|entry| entry.value).collect(), span)
        } else {
            let mut map = Map::new(entries);
            map.unknown_rest = rest;
            Value::map(map, span)
        };
        // Whoever asks while it is made makes the same.
        let _ = repetition.whole.set(Data::clone(&value.data));
        Ok(value)
    }
}

/// A literal truth value of a block's attribute.
pub(crate) fn literal_bool(block: &Block, name: &str) -> Option<bool> {
    match block.body.attribute(name)?.value.kind {
        ExprKind::Bool(value) => Some(value),
        _ => None,
    }
}
