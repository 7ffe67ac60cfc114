//! What an `include` says.

use super::glob::{Folders, Pattern};
use super::source::Sources;
use super::tree::flat;
use proofmark_model::{Data, MapBuilder, SmolStr, Value};
use proofmark_source::Span;

/// One statement of an `include`.
pub struct Statement {
    /// Where it stands.
    pub span: Span,
    /// In its longest spelling, with its `kind`.
    pub value: Value,
    /// Where its content is to be found.
    pub target: Target,
    /// Whether it takes part.
    pub presence: Presence,
}

/// Where the content of a statement is to be found.
pub enum Target {
    /// In the files of the repository that fit this path.
    Local(SmolStr),
    /// Outside the repository.
    Away(Unread),
}

/// Configuration that nobody knows here.
#[derive(Clone)]
pub struct Unread {
    /// The statement's kind: `remote`, `project`, `template`, `component`, `artifact`, `local`, or `file` for a file that
    /// includes this one.
    pub kind: &'static str,
    /// What it names.
    pub name: SmolStr,
    /// Why its content is not known.
    pub reason: SmolStr,
    /// Where the statement stands.
    pub span: Span,
}

impl Unread {
    /// Whether it may well set `default` and other keywords at the top. GitLab's own templates and components stay away
    /// from those.
    pub fn may_set_defaults(&self) -> bool {
        !matches!(self.kind, "template" | "component" | "artifact")
    }

    /// Whether it may name stages. Of GitLab's own templates, those in folders are made to be included beside others.
    pub fn may_set_stages(&self) -> bool {
        self.may_set_defaults() || self.kind == "template" && !self.name.contains('/')
    }

    /// Whether it may say when pipelines run.
    pub fn may_set_workflow(&self) -> bool {
        self.may_set_stages() || self.sets_workflow_alone()
    }

    /// Whether it may hold jobs.
    pub fn may_hold_jobs(&self) -> bool {
        !self.sets_workflow_alone()
    }

    fn sets_workflow_alone(&self) -> bool {
        self.kind == "template" && self.name.starts_with("Workflows/")
    }
}

/// Whether a statement takes part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Always,
    /// Only under conditions that a run decides.
    Sometimes,
    /// Never.
    Never,
}

/// The keys that say of which kind a statement is.
const KINDS: [&str; 6] = ["local", "remote", "project", "template", "component", "artifact"];

/// The statements in the value of an `include`.
pub fn statements(sources: &Sources<'_>, include: &Value) -> Vec<Statement> {
    flat(include).into_iter().map(|element| statement(sources, element)).collect()
}

fn statement(sources: &Sources<'_>, element: &Value) -> Statement {
    let span = element.as_map().and_then(|map| map.header).unwrap_or(element.origin.span);
    let (kind, value) = spelled_out(element, span);
    let presence = element.at_path(&["rules"]).map_or(Presence::Always, |rules| presence(sources, rules));
    let target = match kind {
        Some(kind) => target(sources, kind, &value, span),
        None => {
            let reason = element.as_unknown().map(|unknown| SmolStr::clone(&unknown.reason));
            let reason = reason.unwrap_or_else(|| "the statement names no file".into());
            Target::Away(Unread { kind: "local", name: "".into(), reason, span })
        }
    };
    Statement { span, value, target, presence }
}

/// The statement as a map with its `kind`: a bare text is a local file or an address.
fn spelled_out(element: &Value, span: Span) -> (Option<&'static str>, Value) {
    let mut fields = MapBuilder::of(element);
    let kind = match element.as_str() {
        Some(text) if text.starts_with("https://") || text.starts_with("http://") => Some("remote"),
        Some(_) => Some("local"),
        None => KINDS.into_iter().find(|kind| element.at_path(&[kind]).is_some()),
    };
    if let (Some(kind), Some(_)) = (kind, element.as_str()) {
        fields.set(kind, Value::clone(element));
    }
    if let Some(file) = element.at_path(&["file"]) {
        let files: Vec<Value> = flat(file).into_iter().cloned().collect();
        fields.set("file", file.with_data(Data::List(files.into())));
    }
    fields.set_text("kind", kind.unwrap_or("unknown"), span);
    (kind, fields.finish(element.origin.span, span))
}

fn target(sources: &Sources<'_>, kind: &'static str, value: &Value, span: Span) -> Target {
    let named = value.at_path(&[kind]);
    let name = SmolStr::new(named.and_then(Value::as_str).unwrap_or(""));
    let away = |reason: String| {
        Target::Away(Unread { kind, name: SmolStr::clone(&name), reason: reason.into(), span })
    };
    if let Some(unknown) = named.and_then(Value::as_unknown) {
        return away(unknown.reason.to_string());
    }
    match kind {
        "local" if name.contains('$') => away(format!("only GitLab knows the variable in the path `{name}`")),
        "local" => Target::Local(name),
        "project" => {
            let files = value.at_path(&["file"]).map(flat).unwrap_or_default();
            let files: Vec<&str> = files.into_iter().filter_map(Value::as_str).collect();
            away(format!("`{}` of the project `{name}` is not in the repository", files.join("`, `")))
        }
        "template" => away(format!("the template `{name}` is a part of GitLab, not of the repository")),
        "component" => match own_component(sources, &name) {
            Some(path) => Target::Local(path),
            None => away(format!("the component `{name}` is not in the repository")),
        },
        "artifact" => away(format!("`{name}` is made by another job when the pipeline runs")),
        _ => away(format!("`{name}` is not in the repository")),
    }
}

/// The file of a component of this project, as it stands in the commit that the pipeline runs for: a project tries its own
/// components so ("CI/CD components", "Test the component").
fn own_component(sources: &Sources<'_>, name: &str) -> Option<SmolStr> {
    let plain = name.replace(['{', '}'], "");
    let (address, version) = plain.split_once('@')?;
    let path =
        address.strip_prefix("$CI_SERVER_FQDN/").or_else(|| address.strip_prefix("$CI_SERVER_HOST/"))?;
    let component = path.strip_prefix("$CI_PROJECT_PATH/").filter(|_| version == "$CI_COMMIT_SHA")?;
    let paths = [format!("templates/{component}.yml"), format!("templates/{component}/template.yml")];
    paths.into_iter().find(|path| sources.find(path).is_some()).map(SmolStr::new)
}

/// Whether the first of `rules` that holds takes the statement in. Without one that holds it stays out.
fn presence(sources: &Sources<'_>, rules: &Value) -> Presence {
    let mut may = Vec::new();
    for rule in flat(rules) {
        let takes_in = rule.at_path(&["when"]).and_then(Value::as_str) != Some("never");
        match holds(sources, rule) {
            Some(false) => {}
            None => may.push(takes_in),
            Some(true) => {
                may.push(takes_in);
                return of_outcomes(&may);
            }
        }
    }
    may.push(false);
    of_outcomes(&may)
}

fn of_outcomes(outcomes: &[bool]) -> Presence {
    match (outcomes.contains(&true), outcomes.contains(&false)) {
        (true, false) => Presence::Always,
        (true, true) => Presence::Sometimes,
        _ => Presence::Never,
    }
}

/// Whether a rule holds; `None` where only a run decides. The files of the repository decide `exists`.
fn holds(sources: &Sources<'_>, rule: &Value) -> Option<bool> {
    let exists = rule.at_path(&["exists"]).map(|exists| exist(sources, exists));
    match exists {
        Some(Some(false)) => Some(false),
        Some(None) => None,
        Some(Some(true)) | None => {
            let is_open = ["if", "changes"].iter().any(|key| rule.at_path(&[key]).is_some());
            (!is_open && rule.as_map().is_some()).then_some(true)
        }
    }
}

/// Whether a file fits one of the patterns.
fn exist(sources: &Sources<'_>, exists: &Value) -> Option<bool> {
    if exists.at_path(&["project"]).is_some() {
        return None;
    }
    let patterns = flat(exists.at_path(&["paths"]).unwrap_or(exists));
    let patterns: Option<Vec<&str>> = patterns.into_iter().map(Value::as_str).collect();
    let patterns =
        patterns.filter(|patterns| !patterns.iter().any(|pattern| pattern.contains(['$', '{'])))?;
    Some(patterns.iter().any(|pattern| has_match(sources, pattern)))
}

fn has_match(sources: &Sources<'_>, pattern: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
    let is_folder = pattern.ends_with('/');
    let folder = sources.folder();
    let below = sources.workspace.files_below(folder);
    let files = sources.workspace.files().get(below).unwrap_or(&[]);
    let skipped = if folder.is_empty() { 0 } else { folder.len() + 1 };
    let compiled = Pattern::new(pattern, Folders::Any);
    files
        .iter()
        .filter_map(|file| file.path.get(skipped..))
        .any(|path| if is_folder { path.starts_with(pattern) } else { compiled.matches(path) })
}
