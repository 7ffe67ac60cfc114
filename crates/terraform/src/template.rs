//! Text with interpolations and directives.

use crate::evaluator::{Eval, Evaluator, Fault};
use crate::expression::pairs_of;
use crate::functions::encode_json;
use crate::limits::MAX_TEXT_BYTES;
use crate::scope::Scope;
use crate::value::{computed, describe, is_encoded, placed, to_bool, to_text, unknown_from};
use proofmark_hcl::{TemplatePart, normalized};
use proofmark_model::{Data, HOLE, Known, Shape, SmolStr, Value};
use proofmark_source::Span;
use std::sync::Arc;

/// A text as far as it is made.
#[derive(Default)]
struct Text {
    /// What is made so far, with a hole for each part that is not known.
    made: String,
    /// How much of it stands before the first hole, in bytes; `None` while there is no hole.
    prefix_length: Option<usize>,
    operands: Vec<Value>,
}

impl<'r> Evaluator<'r> {
    /// The text that a template makes; a single interpolation hands its value on unchanged.
    pub fn template(&self, parts: &[TemplatePart], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        if let [TemplatePart::Interpolation(only)] = parts {
            return Ok(placed(self.evaluate(only, scope)?, span));
        }
        self.text(parts, span, scope)
    }

    /// The text that a template makes.
    pub fn text(&self, parts: &[TemplatePart], span: Span, scope: &Scope<'_, 'r>) -> Eval {
        let mut text = Text::default();
        self.add_parts(parts, &mut text, scope)?;
        let operands: Vec<&Value> = text.operands.iter().collect();
        let Some(prefix_length) = text.prefix_length else {
            return Ok(computed(Data::String(SmolStr::new(normalized(&text.made))), span, &operands));
        };
        let mut value = unknown_from(Some(Shape::String), span, &operands);
        if let Data::Unknown(unknown) = &mut value.data {
            let known = &mut Arc::make_mut(unknown).known;
            let prefix = text.made.get(..prefix_length).unwrap_or("");
            known.prefix = (!prefix.is_empty()).then(|| SmolStr::new(prefix));
            known.skeleton = Some(SmolStr::new(&text.made));
        }
        Ok(value)
    }

    fn add_parts(&self, parts: &[TemplatePart], text: &mut Text, scope: &Scope<'_, 'r>) -> Result<(), Fault> {
        for part in parts {
            match part {
                TemplatePart::Literal(literal, span) => text.push(literal, *span)?,
                TemplatePart::Interpolation(expr) => {
                    let value = self.evaluate(expr, scope)?;
                    text.push_value(value, expr.span)?;
                }
                TemplatePart::If { condition, then, otherwise } => {
                    let decided = self.evaluate(condition, scope)?;
                    match to_bool(&decided) {
                        Some(true) => self.add_parts(then, text, scope)?,
                        Some(false) => self.add_parts(otherwise, text, scope)?,
                        None if decided.as_unknown().is_some() => text.push_value(decided, condition.span)?,
                        None => {
                            let found = describe(&decided);
                            let message = format!("a condition must be true or false, and this is {found}");
                            return Err(Fault::new(condition.span, message));
                        }
                    }
                }
                TemplatePart::For { key_name, value_name, collection, body } => {
                    let walked = self.evaluate(collection, scope)?;
                    if walked.as_unknown().is_some() {
                        text.push_value(walked, collection.span)?;
                        continue;
                    }
                    for (key, value) in pairs_of(&walked, collection.span)? {
                        let mut bindings = vec![(SmolStr::clone(value_name), value)];
                        bindings.extend(key_name.as_ref().map(|name| (SmolStr::clone(name), key)));
                        let names = scope.names(&bindings);
                        self.add_parts(body, text, &scope.with(&names))?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Text {
    fn push(&mut self, literal: &str, span: Span) -> Result<(), Fault> {
        if self.made.len() + literal.len() > MAX_TEXT_BYTES {
            return Err(Fault::limit(span, format!("a text grows beyond {MAX_TEXT_BYTES} bytes")));
        }
        self.made.push_str(literal);
        Ok(())
    }

    /// A part that is not known, of which `known` may say more.
    fn push_hole(&mut self, known: &Known, span: Span) -> Result<(), Fault> {
        let start = self.made.len();
        let prefix = known.prefix.as_deref().unwrap_or("");
        match &known.skeleton {
            Some(skeleton) => self.push(skeleton, span)?,
            None => {
                self.push(prefix, span)?;
                self.push(HOLE.encode_utf8(&mut [0; 4]), span)?;
            }
        }
        self.prefix_length.get_or_insert(start + prefix.len());
        Ok(())
    }

    fn push_value(&mut self, value: Value, span: Span) -> Result<(), Fault> {
        match to_text(&value) {
            Some(literal) => self.push(&literal, span)?,
            None => match &value.data {
                Data::Unknown(unknown) => self.push_hole(&unknown.known, span)?,
                Data::Map(_) | Data::List(_) if is_encoded(&value) => {
                    let encoded = encode_json(&value);
                    let hole = encoded.find(HOLE).map(|offset| self.made.len() + offset);
                    self.push(&encoded, span)?;
                    self.prefix_length = self.prefix_length.or(hole);
                }
                _ => return Err(Fault::new(span, format!("{} cannot stand in a text", describe(&value)))),
            },
        }
        self.operands.push(value);
        Ok(())
    }
}
