//! Templates, of charts and outside of them.

use super::field::field;
use super::usage::values_path;
use super::{Page, Subject, coverage};
use proofmark_gotemplate::{Manner, Origin, Reading, Source, Survey, survey};
use proofmark_model::{MapBuilder, SmolStr, UnitModel, Unknown, Value};
use proofmark_source::{FileId, Span, Workspace};
use proofmark_syntax::{Parsed, YamlDialect, parse_yaml_template};
use smol_str::format_smolstr;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// `helm_template`: `chart` (its folder), `path` (in the chart), `value_list` (each value that it reads, by its `name`, with
/// `is_needed`, `is_defined`, and `is_in_schema` where the chart has one), `field_list` (fields that are filled with a value
/// alone: `name`, `parent`, `is_typed`).
pub(super) fn add(subject: &Subject<'_>, model: &mut UnitModel) {
    for template in &subject.usage.templates {
        let Ok(text) = subject.workspace.load(template.file) else { continue };
        let file = File { file: template.file, text, survey: &template.survey };
        let mut fields = file.fields();
        let header = Span::file_start(template.file);
        fields.set_text("chart", subject.folder, header);
        fields.set_text("path", &template.path, header);
        fields.set("value_list", Value::list(file.values(subject), header));
        file.emit(subject.workspace, (format_smolstr!("{}/{}", subject.name, template.path), fields), model);
    }
}

/// The words with which an expression of Helm begins; other programs have expressions in braces too.
const HELM_FIELDS: [&str; 5] = ["Values", "Release", "Chart", "Capabilities", "Template"];

/// Whether a file looks like a manifest with expressions of Helm, though it lies in no chart.
pub(in super::super) fn is_stray(workspace: &dyn Workspace, file: FileId) -> bool {
    let path = workspace.path(file);
    let name = path.rsplit('/').next().unwrap_or(path);
    // Helmfile has the same expressions, and runs them itself.
    if !(name.ends_with(".yaml") || name.ends_with(".yml")) || name.starts_with("helmfile") {
        return false;
    }
    let Ok(text) = workspace.load(file) else { return false };
    text.contains("{{")
        && text.contains("apiVersion:")
        && text.contains("kind:")
        && HELM_FIELDS.iter().any(|field| text.contains(field))
        && super::super::innermost_chart(workspace, path).is_none()
        && stray_survey(file, text).is_some()
}

fn stray_survey(file: FileId, text: &str) -> Option<Survey> {
    let source = Source { name: SmolStr::default(), text: Rc::from(text), origin: Origin::File(file) };
    let survey = survey(&source).ok()?;
    survey.readings.iter().any(|reading| is_helm(reading, text)).then_some(survey)
}

fn is_helm(reading: &Reading, text: &str) -> bool {
    let is_field = |field: &SmolStr| HELM_FIELDS.contains(&field.as_str());
    reading.fields.len() > 1
        && reading.fields.first().is_some_and(is_field)
        && !is_commented(&reading.range, text)
}

/// Whether a place stands behind the mark of a comment that fills its line.
fn is_commented(range: &Range<usize>, text: &str) -> bool {
    let line = text.get(..range.start).unwrap_or("").rsplit('\n').next().unwrap_or("");
    line.trim_start().starts_with('#')
}

/// `helm_template` outside of all charts: `expression_list`, each expression with its `text`, and `field_list`.
pub(in super::super) fn add_stray(workspace: &dyn Workspace, file: FileId, model: &mut UnitModel) {
    let Ok(text) = workspace.load(file) else { return };
    let Some(survey) = stray_survey(file, text) else { return };
    let template = File { file, text, survey: &survey };
    let mut fields = template.fields();
    let header = Span::file_start(file);
    let expressions = survey.actions.iter().filter(|action| !is_commented(&action.range, text));
    let expressions = expressions.map(|action| {
        let at = template.span(&action.range);
        let mut fields = MapBuilder::default();
        fields.set_text("text", at.slice(text), at);
        fields.finish(at, at)
    });
    fields.set("expression_list", Value::list(expressions.collect(), header));
    template.emit(workspace, (SmolStr::new(workspace.path(file)), fields), model);
}

/// A template with what it reads.
struct File<'t> {
    file: FileId,
    text: &'t str,
    survey: &'t Survey,
}

impl File<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    fn emit(
        &self,
        workspace: &dyn Workspace,
        (address, fields): (SmolStr, MapBuilder),
        model: &mut UnitModel,
    ) {
        let has_comments = self.text.contains('#');
        let parsed = has_comments.then(|| parse_yaml_template(self.file, self.text, YamlDialect::Kubernetes));
        let comments = parsed.as_ref().map_or(&[][..], |parsed: &Parsed| &parsed.comments);
        let page = Page { file: self.file, text: self.text, comments };
        model.resources.push(page.resource(workspace, ("helm_template", address), fields));
    }

    fn fields(&self) -> MapBuilder {
        let filled = self.survey.actions.iter().filter_map(|action| field(self.text, self.survey, action));
        let filled = filled.filter(|field| !is_commented(&field.range, self.text)).map(|field| {
            let at = self.span(&field.range);
            let mut fields = MapBuilder::default();
            fields.set_text("name", field.name.trim_matches(['"', '\'']), at);
            fields.set_text("parent", field.parent, at);
            fields.set_bool("is_typed", field.is_typed, at);
            fields.finish(at, at)
        });
        let mut fields = MapBuilder::default();
        fields.set("field_list", Value::list(filled.collect(), Span::file_start(self.file)));
        fields
    }

    /// Each value that the template reads, once: where it needs it, else where it reads it first.
    fn values(&self, subject: &Subject<'_>) -> Vec<Value> {
        let mut first: BTreeMap<&[SmolStr], &Reading> = BTreeMap::new();
        for reading in &self.survey.readings {
            let Some(path) = values_path(&reading.fields) else { continue };
            let kept = first.entry(path).or_insert(reading);
            if kept.manner != Manner::Needed && reading.manner == Manner::Needed {
                *kept = reading;
            }
        }
        first.into_iter().map(|(path, reading)| self.value(subject, path, reading)).collect()
    }

    fn value(&self, subject: &Subject<'_>, path: &[SmolStr], reading: &Reading) -> Value {
        let at = self.span(&reading.range);
        let mut fields = MapBuilder::default();
        fields.set_text("name", &path.join("."), at);
        fields.set_bool("is_needed", reading.manner == Manner::Needed, at);
        match subject.defines(path) {
            Ok(is_defined) => fields.set_bool("is_defined", is_defined, at),
            Err(reason) => fields.set("is_defined", Value::unknown(Unknown::because(reason), at)),
        }
        if let Some(schema) = &subject.schema {
            let is_covered = subject.is_handed_on(path) || coverage::covers(schema, path);
            fields.set_bool("is_in_schema", is_covered, at);
        }
        fields.finish(at, at)
    }
}
