//! What evaluation of one root module shares: files, module instances, diagnostics, budgets.

use crate::check::undeclared_references;
use crate::config::ModuleConfig;
use crate::files::FileCache;
use crate::limits::{MAX_DEPTH, MAX_NODES, MAX_STACK_BYTES, MAX_STEPS, VALUES_IN_STEP};
use crate::repetition::Repetition;
use crate::scope::Scope;
use proofmark_hcl::Expr;
use proofmark_model::{Condition, FileUse, ReadSettings, SmolStr, Unknown, Value};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

/// An expression cannot be evaluated: Terraform would refuse it too.
pub(crate) const EVALUATION: Code = Code("terraform-evaluation");
/// A value depends on itself.
pub(crate) const CYCLE: Code = Code("terraform-cycle");
/// A name that nothing declares, which Terraform refuses before it evaluates anything.
pub(crate) const UNDECLARED: Code = Code("terraform-undeclared");
/// A module folder is not there, or a module calls itself.
pub(crate) const MODULE: Code = Code("terraform-module");
/// A limit was reached.
pub(crate) const LIMIT: Code = Code("terraform-limit");

/// Why an expression has no value. `try` and `can` catch it; elsewhere it becomes a diagnostic and an unknown value.
#[derive(Clone, Debug)]
pub(crate) struct Fault(pub Box<Diagnostic>);

impl Fault {
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self(Box::new(Diagnostic::new(EVALUATION, Impact::None, span, message)))
    }

    pub fn undeclared(span: Span, message: impl Into<String>) -> Self {
        Self(Box::new(Diagnostic::new(UNDECLARED, Impact::None, span, message)))
    }

    pub fn limit(span: Span, message: impl Into<String>) -> Self {
        Self(Box::new(Diagnostic::new(LIMIT, Impact::Partial, span, message)))
    }
}

/// A value, or why there is none.
pub(crate) type Eval = Result<Value, Fault>;

/// A value that is computed when it is first asked for.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    InProgress,
    Done(Value),
}

/// What a slot holds, as diagnostics name it.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub what: fmt::Arguments<'a>,
    pub span: Span,
}

/// A module as it is called: with its inputs, at an address.
pub(crate) struct Instance<'r> {
    pub config: Rc<ModuleConfig<'r>>,
    /// The folder, relative to the workspace.
    pub folder: Rc<str>,
    /// What stands before addresses inside: `module.a["x"].`, or nothing.
    pub prefix: SmolStr,
    pub caller: Option<Caller<'r>>,
    /// The headers of the calls that lead here, innermost first.
    pub calls: Vec<Span>,
    /// What decides whether the calls that lead here stand, and is not known.
    pub conditions: Vec<Condition>,
    pub variables: RefCell<BTreeMap<SmolStr, Slot>>,
    pub locals: RefCell<BTreeMap<SmolStr, Slot>>,
    pub outputs: RefCell<BTreeMap<SmolStr, Slot>>,
    pub repetitions: RefCell<BTreeMap<SmolStr, Option<Rc<Repetition>>>>,
    /// Attributes of resource instances, by place in the configuration, place of the instance, and name.
    pub attributes: RefCell<BTreeMap<(usize, usize, SmolStr), Slot>>,
    /// Whole resource instances, by place in the configuration and place of the instance.
    pub objects: RefCell<BTreeMap<(usize, usize), Slot>>,
    /// Instances of called modules, by name of the call.
    pub children: RefCell<BTreeMap<SmolStr, Rc<Children<'r>>>>,
}

/// Who called a module.
pub(crate) struct Caller<'r> {
    pub module: Rc<Instance<'r>>,
    pub name: SmolStr,
    /// `each` and `count` of this instance of the call.
    pub bindings: Vec<(SmolStr, Value)>,
    /// What the call passes, by name.
    pub arguments: RefCell<BTreeMap<SmolStr, Slot>>,
}

/// The instances of a module call.
pub(crate) struct Children<'r> {
    pub repetition: Rc<Repetition>,
    /// One for each key of the repetition; or why there are none.
    pub instances: Result<Vec<Rc<Instance<'r>>>, Arc<Unknown>>,
}

/// What is said where [`MAX_DEPTH`] or [`MAX_STACK_BYTES`] is reached.
pub(crate) const TOO_DEEP: &str = "values depend on each other too deeply to be evaluated";

/// About where the stack is now.
#[inline(never)]
fn stack_place() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

/// The state of reading one root module.
pub(crate) struct Evaluator<'r> {
    pub workspace: &'r dyn Workspace,
    pub files: &'r FileCache,
    pub settings: &'r ReadSettings,
    /// Variables that the root's variable files and the settings set.
    pub root_variables: RefCell<BTreeMap<SmolStr, Value>>,
    pub instances: RefCell<Vec<Rc<Instance<'r>>>>,
    pub configs: RefCell<BTreeMap<String, Rc<ModuleConfig<'r>>>>,
    pub used: RefCell<BTreeSet<FileId>>,
    pub made: Cell<usize>,
    /// The folders of installed modules, by the names of the calls that lead to them.
    pub installed: OnceCell<BTreeMap<String, String>>,
    /// Folders whose variables, outputs and settings stand in the model already.
    pub declared: RefCell<BTreeSet<Rc<str>>>,
    diagnostics: RefCell<BTreeMap<(Span, String), Diagnostic>>,
    depth: Cell<u32>,
    /// Whether a `try` or `can` around the place catches faults.
    catches: Cell<bool>,
    steps: Cell<u64>,
    /// Where the stack was when evaluation began.
    stack_start: usize,
}

impl<'r> Evaluator<'r> {
    pub fn new(workspace: &'r dyn Workspace, files: &'r FileCache, settings: &'r ReadSettings) -> Self {
        Self {
            workspace,
            files,
            settings,
            root_variables: RefCell::default(),
            instances: RefCell::default(),
            configs: RefCell::default(),
            used: RefCell::default(),
            made: Cell::new(0),
            installed: OnceCell::new(),
            declared: RefCell::default(),
            diagnostics: RefCell::default(),
            depth: Cell::new(0),
            catches: Cell::new(false),
            steps: Cell::new(0),
            stack_start: stack_place(),
        }
    }

    /// Tells about the input, once for each place and message.
    pub fn report(&self, diagnostic: Diagnostic) {
        let key = (diagnostic.span, diagnostic.message.clone());
        self.diagnostics.borrow_mut().entry(key).or_insert(diagnostic);
    }

    /// The places of what was told so far, of those diagnostics that `select` picks.
    pub fn reported(&self, select: impl Fn(&Diagnostic) -> bool) -> Vec<Span> {
        let reported = self.diagnostics.borrow();
        reported.values().filter(|diagnostic| select(diagnostic)).map(|diagnostic| diagnostic.span).collect()
    }

    /// Tells about the input; gives the reason why a value is not known for it.
    pub fn report_unknown(&self, diagnostic: Diagnostic) -> Unknown {
        let unknown = Unknown::because(diagnostic.message.as_str());
        self.report(diagnostic);
        unknown
    }

    /// The value, or an unknown one with a diagnostic that says why.
    pub fn settle(&self, result: Eval, span: Span) -> Value {
        result.unwrap_or_else(|Fault(diagnostic)| Value::unknown(self.report_unknown(*diagnostic), span))
    }

    /// Evaluates and settles. A `try` around the reference that asks for the value catches nothing in here.
    pub fn value(&self, expr: &Expr, scope: &Scope<'_, 'r>) -> Value {
        let catches = self.catches.replace(false);
        let result = self.evaluate(expr, scope);
        self.catches.set(catches);
        self.settle(result, expr.span)
    }

    /// Whether a `try` or `can` around the place catches faults.
    pub fn is_caught(&self) -> bool {
        self.catches.get()
    }

    /// Runs `inner` where faults are caught.
    pub fn caught(&self, inner: impl FnOnce() -> Eval) -> Eval {
        let catches = self.catches.replace(true);
        let result = inner();
        self.catches.set(catches);
        result
    }

    /// Runs `inner` one level deeper, within the limits.
    pub fn deeper(&self, span: Span, inner: impl FnOnce() -> Eval) -> Eval {
        let depth = self.depth.get();
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if depth >= MAX_DEPTH || self.is_deep() {
            return Err(Fault::limit(span, TOO_DEEP));
        }
        if steps > MAX_STEPS {
            return Err(Fault::limit(
                span,
                format!("the module takes more than {MAX_STEPS} steps to evaluate"),
            ));
        }
        self.depth.set(depth + 1);
        let result = inner();
        self.depth.set(depth);
        result
    }

    /// Counts a function's walk through so many values as steps: loops with large arguments are loops in loops.
    pub fn charge(&self, values: usize) {
        let steps = u64::try_from(values / VALUES_IN_STEP).unwrap_or(u64::MAX);
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    /// Whether the stack is used up.
    pub fn is_deep(&self) -> bool {
        self.stack_start.abs_diff(stack_place()) > MAX_STACK_BYTES
    }

    /// The value of a slot, computed by `compute` when it is first asked for; a value that asks for itself is a cycle.
    pub fn slot<K: Ord + Clone>(
        &self,
        slots: &RefCell<BTreeMap<K, Slot>>,
        key: K,
        subject: Subject<'_>,
        compute: impl FnOnce() -> Value,
    ) -> Value {
        let Subject { what, span } = subject;
        match slots.borrow().get(&key) {
            Some(Slot::Done(value)) => return Value::clone(value),
            Some(Slot::InProgress) => {
                let message = format!("{what} depends on itself");
                let unknown = self.report_unknown(Diagnostic::new(CYCLE, Impact::None, span, message));
                return Value::unknown(unknown, span);
            }
            None => {}
        }
        if self.is_deep() {
            return self.settle(Err(Fault::limit(span, TOO_DEEP)), span);
        }
        slots.borrow_mut().insert(key.clone(), Slot::InProgress);
        // What stands inside is evaluated for all that ask, whether they catch faults or not.
        let catches = self.catches.replace(false);
        let mut value = compute();
        self.catches.set(catches);
        if crate::value::node_count([&value]).is_none() {
            let message = format!("{what} holds more than {MAX_NODES} values, or is nested too deeply");
            value = self.settle(Err(Fault::limit(span, message)), span);
        }
        slots.borrow_mut().insert(key, Slot::Done(Value::clone(&value)));
        value
    }

    /// The root module; there is none until it is loaded.
    pub fn root(&self) -> Option<Rc<Instance<'r>>> {
        self.instances.borrow().first().map(Rc::clone)
    }

    /// The module in `folder`, loaded once.
    pub fn config(&self, folder: &str) -> Rc<ModuleConfig<'r>> {
        if let Some(config) = self.configs.borrow().get(folder) {
            return Rc::clone(config);
        }
        let config = Rc::new(ModuleConfig::load(self.workspace, self.files, folder));
        self.used.borrow_mut().extend(config.files.iter().copied());
        let refused = config.repeated.iter().cloned().chain(undeclared_references(&config));
        refused.for_each(|diagnostic| self.report(diagnostic));
        self.configs.borrow_mut().insert(folder.to_owned(), Rc::clone(&config));
        config
    }

    /// What was odd, in order of place, and the files that were opened.
    pub fn finish(self) -> (Vec<Diagnostic>, Vec<FileUse>) {
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        let mut uses = Vec::new();
        for file in self.used.into_inner() {
            let parsed = self.files.parsed(self.workspace, file);
            let own = parsed.map_or(&[][..], |source| &source.diagnostics);
            let is_whole = parsed.is_some() && own.iter().all(|diagnostic| diagnostic.impact == Impact::None);
            uses.push(FileUse { file, is_whole });
            diagnostics.extend(own.iter().cloned());
        }
        diagnostics.extend(self.diagnostics.into_inner().into_values());
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        (diagnostics, uses)
    }
}

impl<'r> Instance<'r> {
    pub fn new(config: Rc<ModuleConfig<'r>>, folder: Rc<str>) -> Self {
        Self {
            config,
            folder,
            prefix: SmolStr::default(),
            caller: None,
            calls: Vec::new(),
            conditions: Vec::new(),
            variables: RefCell::default(),
            locals: RefCell::default(),
            outputs: RefCell::default(),
            repetitions: RefCell::default(),
            attributes: RefCell::default(),
            objects: RefCell::default(),
            children: RefCell::default(),
        }
    }
}
