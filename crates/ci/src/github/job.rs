//! Jobs.

use super::called::called_jobs;
use super::home::Home;
use super::matrix::{Unexpanded, combinations};
use super::permissions::{callers_permissions, default_permissions, narrowed, permissions_value};
use super::repository::SourceFile;
use super::step::{StepList, Steps, TEXTS, put_condition, settled};
use super::uses::uses_value;
use crate::context::FileContext;
use crate::expression::{Expressions, Scope, is_dynamic, possible_values, whole_constant};
use crate::places::{element_header, entry_header, place};
use proofmark_model::{MapBuilder, Origin, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node, NodeData};

/// The workflow around a job.
pub struct Surroundings<'a> {
    /// Where it is being read.
    pub home: &'a Home<'a>,
    /// Its entries.
    pub root: &'a Node,
    /// Its `permissions` in one form.
    pub permissions: Option<Value>,
    /// What the job that calls the workflow may do, where it is read for a call.
    pub limit: Option<&'a Value>,
    /// Whether only other workflows start it.
    pub is_called_only: bool,
}

impl<'a> Surroundings<'a> {
    /// Those of the jobs in `root`.
    pub fn of(home: &'a Home<'a>, source: &SourceFile<'_>, root: &'a Node) -> Self {
        let permissions =
            root.entry("permissions").map(|entry| permissions_value(&source.context, entry, "workflow"));
        Self { home, root, permissions, limit: None, is_called_only: is_called_only(root) }
    }

    /// What a job may do that says `own`.
    fn effective_permissions(&self, own: Option<Value>, span: Span) -> Value {
        let said = own.or_else(|| self.permissions.clone());
        let asked = match said {
            Some(said) => said,
            None if self.is_called_only => callers_permissions(span),
            None => default_permissions(span),
        };
        self.limit.map_or_else(|| Value::clone(&asked), |limit| narrowed(&asked, limit))
    }
}

/// Whether `workflow_call` is the one trigger of a workflow.
pub fn is_called_only(root: &Node) -> bool {
    let events = root.get("on").map(super::triggers::events).unwrap_or_default();
    matches!(events.as_slice(), [(name, _)] if name.as_str() == Some("workflow_call"))
}

/// The attributes of the job in `entry`, without `workflow`.
pub fn job_value(context: &FileContext<'_>, entry: &Entry, around: &Surroundings<'_>) -> Value {
    let node = &entry.value;
    let (header, span) = (entry.key.span, place(node));
    let mut scope = Scope::of_job(around.root, node);
    let expanded = scope.matrix.map(|matrix| combinations(context, matrix));
    scope.combinations = expanded.as_ref().and_then(|expanded| expanded.as_deref().ok());
    scope.inputs = Some(around.home.inputs());
    let mut fields = MapBuilder::of(&context.value_in(node, header, &TEXTS, &scope));
    fields.set_text("id", entry.key.as_str().unwrap_or(""), header);
    if let (Some(matrix), Some(expanded)) = (scope.matrix, &expanded) {
        fields.set("combinations", combinations_value(matrix, expanded));
    }
    let own = node.entry("permissions").map(|entry| permissions_value(context, entry, "job"));
    if let Some(own) = &own {
        fields.set("own_permissions", Value::clone(own));
    }
    let permissions = around.effective_permissions(own, header);
    let list = StepList {
        home: around.home,
        scope: &scope,
        shell: default_setting(context, &[node, around.root], "shell", &scope),
        directory: default_setting(context, &[node, around.root], "working-directory", &scope),
        is_windows: runs_on_windows(node),
    };
    let mut steps = match node.get("uses") {
        Some(_) => put_call(around, entry, &permissions, &mut fields),
        None => list.read(),
    };
    steps.expressions.splice(0..0, job_expressions(context, node, &scope));
    put_steps(node, steps, &mut fields);
    put_lists(context, node, &scope, &mut fields);
    put_condition(node, &scope, &mut fields);
    fields.put("effective_permissions", header, permissions);
    for (name, value) in [("default_shell", &list.shell), ("default_directory", &list.directory)] {
        if let Some(value) = value {
            fields.put(name, header, Value::clone(value));
        }
    }
    settled(node, &fields.finish(span, header))
}

fn combinations_value(matrix: &Node, expanded: &Result<Vec<Value>, Unexpanded>) -> Value {
    match expanded {
        Ok(combinations) => Value::list(combinations.iter().map(Value::clone).collect(), matrix.span),
        Err(unexpanded) => unexpanded.value(matrix.span),
    }
}

/// Whether a job names a Windows runner.
pub fn runs_on_windows(node: &Node) -> bool {
    let Some(runner) = node.get("runs-on") else { return false };
    let labels = runner.elements().iter().chain(std::iter::once(runner)).chain(runner.get("labels"));
    labels.filter_map(Node::as_str).any(|label| label.to_lowercase().starts_with("windows"))
}

/// What a job that calls a workflow leads to: the action that it names among the others, and in `called` the jobs.
fn put_call(around: &Surroundings<'_>, entry: &Entry, permissions: &Value, fields: &mut MapBuilder) -> Steps {
    let mut found = Steps::default();
    let (Some(source), Some(uses)) = (around.home.source(), entry.value.get("uses")) else { return found };
    if let Some(value) = uses_value(&source.context, uses, around.home) {
        found.actions.push(Value::clone(&value));
        fields.set("uses_action", value);
    }
    let id = entry.key.as_str().unwrap_or("");
    let Some(jobs) = called_jobs(around.home, place(uses), id, permissions) else { return found };
    for job in &jobs {
        let list = |name: &str| job.at_path(&[name]).and_then(Value::as_list).unwrap_or(&[]).iter();
        found.called_commands.extend(list("commands").chain(list("called_commands")).map(Value::clone));
        found.called_actions.extend(list("actions").chain(list("called_actions")).map(Value::clone));
    }
    fields.set("called", Value::list(jobs, place(uses)));
    found
}

fn put_steps(node: &Node, steps: Steps, fields: &mut MapBuilder) {
    let span = node.get("steps").map_or(place(node), place);
    if node.get("steps").is_some() {
        fields.set("steps", Value::list(steps.steps, span));
    }
    fields.set("expressions", Value::list(steps.expressions, span));
    fields.set("commands", Value::list(steps.commands, span));
    fields.set("actions", Value::list(steps.actions, span));
    for (name, found) in
        [("called_commands", steps.called_commands), ("called_actions", steps.called_actions)]
    {
        if !found.is_empty() {
            fields.set(name, Value::list(found, span));
        }
    }
}

fn job_expressions(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let mut expressions = Expressions::new(context.text, scope);
    let entries = node.entries().iter().filter(|entry| entry.key.as_str() != Some("steps"));
    entries.for_each(|entry| expressions.add_entry(entry));
    expressions.finish()
}

/// `defaults.run.<name>` of the job, else of the workflow.
fn default_setting(
    context: &FileContext<'_>,
    levels: &[&Node],
    name: &str,
    scope: &Scope<'_>,
) -> Option<Value> {
    let node = levels.iter().find_map(|level| level.at_path(&["defaults", "run", name]))?;
    Some(context.value_in(node, place(node), &[], scope))
}

/// The entries that have several spellings, each in its longest.
fn put_lists(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>, fields: &mut MapBuilder) {
    if let Some(needs) = node.get("needs") {
        fields.set("needs", text_list(context, needs));
    }
    if let Some(runner) = node.get("runs-on") {
        fields.set("runner_labels", runner_labels(context, runner, scope));
        if let Some(group) = runner.get("group") {
            fields.set("runner_group", context.value_in(group, place(group), &[], scope));
        }
    }
    for (name, key) in [("environment", "name"), ("container", "image"), ("concurrency", "group")] {
        if let Some(entry) = node.entry(name).filter(|entry| is_short(&entry.value)) {
            fields.put(name, entry.key.span, long_form(context, entry, key, scope));
        }
    }
    if let Some(entry) = node.entry("services") {
        fields.put("services", entry.key.span, services(context, entry, scope));
    }
    fields.set("images", Value::list(images(context, node, scope), place(node)));
    let logins: Vec<Value> = containers(node).filter_map(|(entry, _)| registry_login(entry)).collect();
    if !logins.is_empty() {
        fields.set("registry_logins", Value::list(logins, place(node)));
    }
}

/// Whether a value is a text where a map says the same at more length.
pub fn is_short(node: &Node) -> bool {
    node.as_str().is_some()
}

/// The map that a text under `entry` stands for, with the text as its `key`.
pub fn long_form(context: &FileContext<'_>, entry: &Entry, key: &str, scope: &Scope<'_>) -> Value {
    let span = place(&entry.value);
    let mut fields = MapBuilder::default();
    fields.put(key, entry.key.span, context.value_in(&entry.value, span, &[], scope));
    fields.finish(span, entry_header(entry))
}

fn services(context: &FileContext<'_>, entry: &Entry, scope: &Scope<'_>) -> Value {
    let mut fields = MapBuilder::of(&context.value_in(&entry.value, entry_header(entry), &[], scope));
    for service in entry.value.entries().iter().filter(|service| is_short(&service.value)) {
        if let Some(name) = service.key.as_str() {
            fields.put(name, service.key.span, long_form(context, service, "image", scope));
        }
    }
    fields.finish(place(&entry.value), entry_header(entry))
}

fn text_list(context: &FileContext<'_>, node: &Node) -> Value {
    let elements = match &node.data {
        NodeData::Sequence(elements) => {
            elements.iter().map(|element| context.value(element, element_header(element), &[])).collect()
        }
        NodeData::Null => Vec::new(),
        _ => vec![context.value(node, place(node), &[])],
    };
    Value::list(elements, place(node))
}

/// The labels that a job asks for, with the values of a matrix that the file lists; unknown where a run decides.
fn runner_labels(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Value {
    let labels = match &node.data {
        NodeData::Mapping(_) => node.get("labels"),
        _ => Some(node),
    };
    let nodes: Vec<&Node> = match labels.map(|labels| (&labels.data, labels)) {
        Some((NodeData::Sequence(elements), _)) => elements.iter().collect(),
        Some((_, label)) => vec![label],
        None => Vec::new(),
    };
    let values = nodes.iter().flat_map(|label| possible(context, label, scope));
    Value::list(values.flat_map(flattened).filter(|label| label.as_str() != Some("")).collect(), place(node))
}

/// The elements of a list, which stand where the list stands, or the value itself.
fn flattened(value: Value) -> Vec<Value> {
    let Some(elements) = value.as_list() else { return vec![value] };
    let settled = |element: &Value| Value { origin: Origin::clone(&value.origin), ..Value::clone(element) };
    elements.iter().map(settled).collect()
}

/// The values that a text can have: itself, or what the expression in it can come out as. They stand where the text
/// stands.
fn possible(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let values = node
        .as_str()
        .filter(|text| is_dynamic(text))
        .and_then(|text| possible_values(text, place(node), scope))
        .filter(|values| !values.is_empty());
    values.unwrap_or_else(|| vec![context.value(node, place(node), &[])])
}

/// The container that a job runs in and those beside it, each with whether it is a service.
fn containers(node: &Node) -> impl Iterator<Item = (&Entry, bool)> {
    let services = node.get("services").map(Node::entries).unwrap_or_default();
    let services = services.iter().filter(|entry| entry.key.as_str().is_some()).map(|entry| (entry, true));
    node.entry("container").map(|entry| (entry, false)).into_iter().chain(services)
}

/// How an image is fetched that needs a password: `name` (`container`, or the service), `username`, and `is_written_down`,
/// whether the password stands in the file. It goes without the password itself, so that no evidence shows it.
fn registry_login(container: &Entry) -> Option<Value> {
    let credentials = container.value.entry("credentials")?;
    let password = credentials.value.get("password").filter(|password| password.data != NodeData::Null)?;
    let text = password.as_str().unwrap_or("");
    let is_written = !is_dynamic(text) || whole_constant(text, password.span).is_some();
    let header = entry_header(credentials);
    let mut fields = MapBuilder::default();
    fields.set_text("name", container.key.as_str().unwrap_or(""), container.key.span);
    if let Some(user) = credentials.value.get("username").and_then(Node::as_str) {
        fields.set_text("username", user, header);
    }
    fields.set_bool("is_written_down", is_written, header);
    Some(fields.finish(header, header))
}

/// The images that a job runs in and beside: `name` (`container`, or the service), `image`, `is_service`.
fn images(context: &FileContext<'_>, node: &Node, scope: &Scope<'_>) -> Vec<Value> {
    let mut images = Vec::new();
    for (entry, is_service) in containers(node) {
        let (image, place) = match entry.value.entry("image") {
            Some(image) => (&image.value, entry_header(image)),
            None if is_short(&entry.value) => (&entry.value, entry_header(entry)),
            None => continue,
        };
        for value in possible(context, image, scope) {
            images.push(image_value(entry, is_service, value, place));
        }
    }
    images
}

fn image_value(entry: &Entry, is_service: bool, image: Value, span: Span) -> Value {
    let mut fields = MapBuilder::default();
    fields.set_text("name", entry.key.as_str().unwrap_or(""), entry.key.span);
    fields.set_bool("is_service", is_service, entry.key.span);
    fields.put("image", span, image);
    fields.finish(span, span)
}
