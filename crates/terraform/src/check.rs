//! What Terraform refuses in a module before it evaluates anything, whether anybody asks for the value or not: names that
//! nothing declares.

use crate::config::ModuleConfig;
use crate::evaluator::UNDECLARED;
use proofmark_hcl::{Block, Body, Expr, ExprKind, ForExpr, Step, TemplatePart};
use proofmark_source::{Diagnostic, Impact, Span, nearest};
use smol_str::{SmolStr, format_smolstr};

/// Attributes whose names are no references to values, or not to values of this module.
const NAMES_ONLY: [&str; 7] =
    ["provider", "providers", "type", "iterator", "ignore_changes", "replace_triggered_by", "depends_on"];

/// Names at the start of a reference that no block declares.
const BUILT_IN: [&str; 7] = ["each", "count", "self", "path", "terraform", "tofu", "resource"];

/// The references of a module to what it does not declare, each once.
pub(crate) fn undeclared_references(config: &ModuleConfig<'_>) -> Vec<Diagnostic> {
    let mut checker = Checker { config, names: Vec::new(), found: Vec::new() };
    for local in config.locals.values() {
        checker.expr(&local.value);
    }
    let declared = config.variables.values().chain(config.outputs.values()).chain(config.calls.values());
    let resources = config.resources.iter().map(|resource| &resource.block);
    for block in declared.chain(&config.providers).chain(resources) {
        checker.body(&block.body);
    }
    checker.found
}

/// What is said about a variable that is not declared.
pub(crate) fn undeclared_variable(config: &ModuleConfig<'_>, name: &str) -> String {
    undeclared("variable", name, config.variables.keys())
}

/// What is said about a local value that is not declared.
pub(crate) fn undeclared_local(config: &ModuleConfig<'_>, name: &str) -> String {
    undeclared("local value", name, config.locals.keys())
}

/// What is said about a module that is not called.
pub(crate) fn undeclared_module(config: &ModuleConfig<'_>, name: &str) -> String {
    let message = format!("no module `{name}` is called here");
    with_nearest(message, name, config.calls.keys().map(SmolStr::as_str))
}

/// What is said about a resource that is not declared.
pub(crate) fn undeclared_resource(config: &ModuleConfig<'_>, address: &str) -> String {
    let message = format!("no `{address}` is declared in this module");
    let (kind, name) = address.rsplit_once('.').unwrap_or(("", address));
    let same_kind =
        || config.resource_index.keys().filter_map(|known| known.strip_prefix(kind)?.strip_prefix('.'));
    // Where the kind is there, the name is the slip.
    if same_kind().next().is_none() {
        return with_nearest(message, address, config.resource_index.keys().map(SmolStr::as_str));
    }
    match nearest(name, same_kind()) {
        Some(near) => format!("{message}; did you mean `{kind}.{near}`?"),
        None => message,
    }
}

fn undeclared<'c>(what: &str, name: &str, declared: impl Iterator<Item = &'c SmolStr>) -> String {
    let message = format!("no {what} `{name}` is declared in this module");
    with_nearest(message, name, declared.map(SmolStr::as_str))
}

fn with_nearest<'c>(message: String, name: &str, declared: impl Iterator<Item = &'c str>) -> String {
    match nearest(name, declared) {
        Some(near) => format!("{message}; did you mean `{near}`?"),
        None => message,
    }
}

struct Checker<'c, 'r> {
    config: &'c ModuleConfig<'r>,
    /// Names that `for` and `dynamic` bind here.
    names: Vec<SmolStr>,
    found: Vec<Diagnostic>,
}

impl Checker<'_, '_> {
    fn body(&mut self, body: &Body) {
        let read = body.attributes.iter().filter(|attribute| !NAMES_ONLY.contains(&attribute.name.as_str()));
        for attribute in read {
            self.expr(&attribute.value);
        }
        for block in &body.blocks {
            if block.kind == "dynamic" { self.dynamic(block) } else { self.body(&block.body) }
        }
    }

    fn dynamic(&mut self, block: &Block) {
        let outer = self.names.len();
        for attribute in block.body.attributes.iter().filter(|attribute| attribute.name == "for_each") {
            self.expr(&attribute.value);
        }
        let iterator = block.body.attribute("iterator").map(|attribute| &attribute.value.kind);
        self.names.extend(match iterator {
            Some(ExprKind::Variable(name) | ExprKind::String(name)) => Some(SmolStr::clone(name)),
            _ => block.label(0).cloned(),
        });
        for attribute in block.body.attributes.iter().filter(|attribute| attribute.name == "labels") {
            self.expr(&attribute.value);
        }
        for content in block.body.blocks_of("content") {
            self.body(&content.body);
        }
        self.names.truncate(outer);
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Template(parts) => self.parts(parts),
            ExprKind::Tuple(elements) | ExprKind::Call { arguments: elements, .. } => {
                elements.iter().for_each(|element| self.expr(element));
            }
            ExprKind::Object(items) => {
                for item in items {
                    self.expr(&item.key);
                    self.expr(&item.value);
                }
            }
            ExprKind::Traversal(root, steps) => self.traversal(root, steps, expr.span),
            ExprKind::Conditional(parts) => parts.iter().for_each(|part| self.expr(part)),
            ExprKind::Binary(_, operands) => operands.iter().for_each(|operand| self.expr(operand)),
            ExprKind::Unary(_, inner) | ExprKind::Parenthesis(inner) => self.expr(inner),
            ExprKind::For(for_expr) => self.for_expr(for_expr),
            _ => {}
        }
    }

    fn parts(&mut self, parts: &[TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Literal(..) => {}
                TemplatePart::Interpolation(expr) => self.expr(expr),
                TemplatePart::If { condition, then, otherwise } => {
                    self.expr(condition);
                    self.parts(then);
                    self.parts(otherwise);
                }
                TemplatePart::For { key_name, value_name, collection, body } => {
                    self.expr(collection);
                    let outer = self.names.len();
                    self.names.extend(key_name.iter().chain([value_name]).cloned());
                    self.parts(body);
                    self.names.truncate(outer);
                }
            }
        }
    }

    fn for_expr(&mut self, for_expr: &ForExpr) {
        self.expr(&for_expr.collection);
        let outer = self.names.len();
        self.names.extend(for_expr.key_name.iter().chain([&for_expr.value_name]).cloned());
        let inner = for_expr.key.iter().chain([&for_expr.value]).chain(&for_expr.condition);
        inner.for_each(|expr| self.expr(expr));
        self.names.truncate(outer);
    }

    fn traversal(&mut self, root: &Expr, steps: &[Step], span: Span) {
        for step in steps {
            if let proofmark_hcl::StepKind::Index(index) = &step.kind {
                self.expr(index);
            }
        }
        let ExprKind::Variable(name) = &root.kind else { return self.expr(root) };
        if self.names.contains(name) || BUILT_IN.contains(&name.as_str()) {
            return;
        }
        let Some((second, rest)) = crate::traversal::attribute_step(steps) else { return };
        let config = self.config;
        let message = match name.as_str() {
            "var" if config.variables.contains_key(second) => return,
            "var" => undeclared_variable(config, second),
            "local" if config.locals.contains_key(second) => return,
            "local" => undeclared_local(config, second),
            "module" if config.calls.contains_key(second) => return,
            "module" => undeclared_module(config, second),
            "data" | "ephemeral" => {
                let Some((third, _)) = crate::traversal::attribute_step(rest) else { return };
                let address = format_smolstr!("{name}.{second}.{third}");
                if config.resource_index.contains_key(&address) {
                    return;
                }
                undeclared_resource(config, &address)
            }
            _ => {
                let address = format_smolstr!("{name}.{second}");
                if config.resource_index.contains_key(&address) {
                    return;
                }
                undeclared_resource(config, &address)
            }
        };
        self.found.push(Diagnostic::new(UNDECLARED, Impact::None, span, message));
    }
}
