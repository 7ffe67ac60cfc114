//! What the templates of a chart do with its values, taken together.

use crate::chart::{Chart, ChartFile};
use crate::limits::MAX_TEMPLATE_ACTION_BYTES;
use proofmark_gotemplate::{Data, Dict, Manner, Origin, Source, Survey, survey};
use proofmark_model::SmolStr;
use proofmark_source::{FileId, Workspace};
use std::collections::BTreeSet;
use std::rc::Rc;

/// The field that holds the values.
const VALUES: &str = "Values";

/// What templates do with values.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// Each template of the chart that is a file, with what it reads.
    pub templates: Vec<Surveyed>,
    /// The paths that are read in any way.
    read: Vec<Vec<SmolStr>>,
    /// The paths below which templates write.
    changed: Vec<Vec<SmolStr>>,
    /// Names that comments of `values.yaml` give to values: `# nodePort: 30080`.
    pub named_in_comments: BTreeSet<SmolStr>,
    /// Whether something that cannot be read may read any value.
    is_open: bool,
}

/// A template with what it reads.
#[derive(Debug)]
pub(super) struct Surveyed {
    pub file: FileId,
    /// Its path in the chart.
    pub path: String,
    pub survey: Survey,
}

/// Whether a path has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Defined,
    Missing,
    /// What lies under it is for the user to fill in: an empty map, a list, nothing.
    Open,
}

impl Usage {
    pub(super) fn of(workspace: &dyn Workspace, chart: &Chart, folder: &str) -> Self {
        let mut usage = Self::default();
        let (mut defined, mut called) = (BTreeSet::new(), BTreeSet::new());
        let mut note = |survey: &Survey| {
            defined.extend(survey.defined.iter().cloned());
            called.extend(survey.called.iter().cloned());
        };
        for template in &chart.templates {
            let Some(survey) = usage.add(template) else { continue };
            note(&survey);
            if let Origin::File(file) = template.origin {
                let path = template.path.clone();
                usage.templates.push(Surveyed { file, path, survey });
            }
        }
        // Templates of libraries run over the values of the charts that use them.
        for library in chart.dependencies.iter().filter(|child| child.is_library()) {
            for template in &library.templates {
                usage.add(template).iter().for_each(&mut note);
            }
        }
        usage.is_open |=
            called.iter().any(|name| name.as_ref().is_none_or(|name| !defined.contains(name.as_str())));
        usage.add_texts(workspace, chart, folder);
        usage
    }

    /// Adds what a template reads; one that is none may read anything.
    fn add(&mut self, template: &ChartFile) -> Option<Survey> {
        let is_template = template.text.contains("{{");
        if template.action_bytes() > MAX_TEMPLATE_ACTION_BYTES {
            self.is_open = true;
            return None;
        }
        let name = SmolStr::new(&template.path);
        let source = Source { name, text: Rc::clone(&template.text), origin: template.origin.clone() };
        match survey(&source) {
            Ok(survey) => {
                self.note(&survey);
                Some(survey)
            }
            Err(_) => {
                self.is_open |= is_template;
                None
            }
        }
    }

    fn note(&mut self, survey: &Survey) {
        for reading in &survey.readings {
            match reading.fields.iter().position(|field| field == VALUES) {
                Some(place) => {
                    let path = reading.fields.get(place + 1..).unwrap_or(&[]).to_vec();
                    if reading.manner == Manner::Changed {
                        self.changed.push(path.clone());
                    }
                    self.read.push(path);
                }
                // Who changes the whole may change its values.
                None if reading.manner == Manner::Changed && reading.fields.is_empty() => {
                    self.changed.push(Vec::new());
                }
                None => {}
            }
        }
    }

    /// Values and files may hold templates, which `tpl` runs.
    fn add_texts(&mut self, workspace: &dyn Workspace, chart: &Chart, folder: &str) {
        let files = chart.files.iter().filter(|file| file.text.contains(".Values")).collect::<Vec<_>>();
        files.into_iter().for_each(|file| {
            self.add(file);
        });
        let path = if folder.is_empty() { "values.yaml".to_owned() } else { format!("{folder}/values.yaml") };
        let Some(file) = workspace.find(&path) else { return };
        let text = workspace.load(file).unwrap_or("");
        self.named_in_comments = text.lines().filter_map(commented_name).collect();
        if text.contains("{{") {
            self.add(&ChartFile { path, text: Rc::from(text), is_text: true, origin: Origin::File(file) });
        }
    }

    /// Whether a template may write a value at a path or around it.
    pub(super) fn changes(&self, path: &[SmolStr]) -> bool {
        self.changed.iter().any(|changed| path.starts_with(changed) || changed.starts_with(path))
    }

    /// Whether a template may read what stands at a path, below it, or around it.
    pub(super) fn reads(&self, path: &[SmolStr]) -> bool {
        self.is_open || self.read.iter().any(|read| path.starts_with(read) || read.starts_with(path))
    }
}

/// The name of the entry that a line of YAML has commented out.
fn commented_name(line: &str) -> Option<SmolStr> {
    let entry = line.trim_start().strip_prefix('#')?.trim_start_matches(['#', '-', ' ']);
    let (name, _) = entry.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| SmolStr::new(name))
}

/// The path below the values, where a reading is one of theirs.
pub(super) fn values_path(fields: &[SmolStr]) -> Option<&[SmolStr]> {
    let (first, path) = fields.split_first()?;
    (first == VALUES && !path.is_empty()).then_some(path)
}

/// Whether values say something at a path.
pub(super) fn presence(values: &Dict, path: &[SmolStr]) -> Presence {
    let Some((name, rest)) = path.split_first() else { return Presence::Defined };
    let Some(value) = values.get(name) else { return Presence::Missing };
    match &value.data {
        _ if rest.is_empty() => Presence::Defined,
        Data::Dict(inner) if !inner.is_empty() => presence(inner, rest),
        _ => Presence::Open,
    }
}
