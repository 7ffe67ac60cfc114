//! What Terraform evaluates in a module although nobody asks for it: variables with their validation, and local values.

use crate::evaluator::{EVALUATION, Evaluator, Instance};
use crate::scope::Scope;
use crate::value::{to_bool, to_text};
use proofmark_hcl::Block;
use proofmark_model::SmolStr;
use proofmark_source::{Diagnostic, Impact, Span};
use std::rc::Rc;

impl<'r> Evaluator<'r> {
    /// Evaluates the variables and local values of a module instance, and tells of values that are not valid.
    pub fn check_values(&self, module: &Rc<Instance<'r>>) {
        for (name, block) in &module.config.variables {
            let Ok((value, _)) = self.variable_value(module, name, block.header) else { continue };
            for validation in block.body.blocks_of("validation") {
                self.check_validation(module, name, validation, value.origin.span);
            }
        }
        // In order of place, so that long chains are not deep ones: mostly the next value asks for the one before.
        let mut locals: Vec<_> = module.config.locals.iter().collect();
        locals.sort_by_key(|(_, attribute)| attribute.span);
        for (name, attribute) in locals {
            let evaluated = self.local_value(module, name, attribute.name_span);
            self.settle(evaluated, attribute.name_span);
        }
    }

    fn check_validation(&self, module: &Rc<Instance<'r>>, name: &SmolStr, validation: &Block, place: Span) {
        let Some(condition) = validation.body.attribute("condition") else { return };
        let scope = Scope::of(module);
        if to_bool(&self.value(&condition.value, &scope)) != Some(false) {
            return;
        }
        let message =
            validation.body.attribute("error_message").map(|message| self.value(&message.value, &scope));
        let text = message.filter(|message| !message.is_sensitive).and_then(|message| to_text(&message));
        let text = text.unwrap_or_else(|| SmolStr::new_static("its validation refuses it"));
        let lines: Vec<&str> = text.trim().trim_end_matches('.').split_whitespace().collect();
        let message = format!("the value of `{name}` is not valid: {}", lines.join(" "));
        self.report(Diagnostic::new(EVALUATION, Impact::None, place, message));
    }
}
