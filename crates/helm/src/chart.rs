//! A chart as it lies in a folder or an archive.

mod archive;
mod ignore;
mod load;
mod metadata;

pub use load::load_chart;
pub use metadata::{Dependency, Import, Metadata};

use proofmark_gotemplate::{Dict, Origin, Trace};
use proofmark_source::FileId;
use std::rc::Rc;

/// A chart with the charts that it holds.
#[derive(Clone, Debug)]
pub struct Chart {
    /// `Chart.yaml`, or the archive that holds it.
    pub file: FileId,
    /// What `Chart.yaml` says.
    pub metadata: Metadata,
    /// The defaults, from `values.yaml`.
    pub values: Dict,
    /// The schema of its values, as JSON.
    pub schema: Option<Rc<str>>,
    /// The files under `templates/`.
    pub templates: Vec<ChartFile>,
    /// The files under `crds/`.
    pub crds: Vec<ChartFile>,
    /// All other files, which `.Files` shows.
    pub files: Vec<ChartFile>,
    /// The charts under `charts/`, by name.
    pub dependencies: Vec<Chart>,
}

/// A file of a chart.
#[derive(Clone, Debug)]
pub struct ChartFile {
    /// Its path within the chart, with `/`.
    pub path: String,
    /// Its text; of a file that is no text, what of it is.
    pub text: Rc<str>,
    /// Whether that is all of it.
    pub is_text: bool,
    /// Where it stands.
    pub origin: Origin,
}

impl ChartFile {
    /// How many bytes of a template its actions take up, without comments.
    pub(crate) fn action_bytes(&self) -> usize {
        let bytes = |part: &str| match part.trim_start_matches('-').trim_start().starts_with("/*") {
            true => 0,
            false => "{{}}".len() + part.find("}}").unwrap_or(part.len()),
        };
        self.text.split("{{").skip(1).map(bytes).sum()
    }
}

impl Chart {
    /// The chart with nothing known of where anything in it stands. It renders to the same text, and sooner.
    #[must_use]
    pub fn without_places(mut self) -> Self {
        for file in self.templates.iter_mut().chain(&mut self.files) {
            file.origin = Origin::Computed(Trace::NONE);
        }
        load::relocate(&self.values, &Trace::NONE);
        self.dependencies = self.dependencies.into_iter().map(Self::without_places).collect();
        self
    }

    /// Whether it only serves other charts: nothing of it is rendered but what they include.
    pub(crate) fn is_library(&self) -> bool {
        self.metadata.kind.eq_ignore_ascii_case("library")
    }
}
