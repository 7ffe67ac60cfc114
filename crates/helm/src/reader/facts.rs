//! What the files of a chart say beside what they render to: `helm_chart`, `helm_values` and `helm_template`.
//!
//! A chart has one resource for its `Chart.yaml`, one for each values file beside it, and one for each template. Charts under
//! `charts/` have theirs too, if they are part of the same work: what a repository of charts supplies is judged where it
//! is made. A manifest with expressions of Helm outside of all charts is a `helm_template` without a chart.
//!
//! What is said of values stays on the safe side: where a template may read or write a value in a way that the text does
//! not show, the value counts as used, and as defined.

mod coverage;
mod description;
mod field;
mod template;
mod usage;
mod values;

pub(super) use template::{add_stray, is_stray};
pub(super) use values::is_values_file;

use crate::chart::{Chart, Dependency};
use crate::values::table;
use proofmark_gotemplate::Dict;
use proofmark_model::{Address, Kind, MapBuilder, Resource, SmolStr, UnitModel, comments_of};
use proofmark_source::{FileId, Span, Workspace, join_path, parent_path};
use proofmark_syntax::Comment;
use smol_str::format_smolstr;
use usage::Usage;

/// A chart that is described.
struct Subject<'c> {
    workspace: &'c dyn Workspace,
    chart: &'c Chart,
    /// Its folder.
    folder: &'c str,
    /// Its name as Helm writes it in front of its templates: `shop/charts/cart`.
    name: SmolStr,
    /// What the charts around it set for it.
    given: Option<Dict>,
    /// The schema of its values.
    schema: Option<serde_json::Value>,
    /// What its templates read and write.
    usage: Usage,
}

/// Adds what the files of a chart say, and of those below it. `values_files` are laid over its own by the user.
pub(super) fn add_facts(
    workspace: &dyn Workspace,
    chart: &Chart,
    values_files: &[FileId],
    model: &mut UnitModel,
) {
    let place = Place { name: SmolStr::clone(&chart.metadata.name), given: None };
    add_chart(workspace, chart, (place, values_files), model);
}

/// Where a chart stands among others.
struct Place {
    name: SmolStr,
    given: Option<Dict>,
}

fn add_chart(
    workspace: &dyn Workspace,
    chart: &Chart,
    (place, values_files): (Place, &[FileId]),
    model: &mut UnitModel,
) {
    let folder = parent_path(workspace.path(chart.file));
    let subject = Subject {
        workspace,
        chart,
        folder,
        name: place.name,
        given: place.given,
        schema: chart.schema.as_ref().and_then(|schema| serde_json::from_str(schema).ok()),
        usage: Usage::of(workspace, chart, folder),
    };
    description::add(&subject, model);
    values::add(&subject, values_files, model);
    template::add(&subject, model);
    for child in chart.dependencies.iter().filter(|child| is_own(workspace, chart, child)) {
        let name = format_smolstr!("{}/charts/{}", subject.name, child.metadata.name);
        let given = subject.given_to(&child.metadata.name);
        add_chart(workspace, child, (Place { name, given }, &[]), model);
    }
}

/// Whether a chart below another lies there as a folder and comes from no repository of charts.
fn is_own(workspace: &dyn Workspace, chart: &Chart, child: &Chart) -> bool {
    let mut named = chart.metadata.dependencies.iter().filter(|wanted| wanted.name == child.metadata.name);
    let is_folder = workspace.path(child.file).ends_with(super::CHART);
    is_folder && named.all(Dependency::is_local)
}

impl Subject<'_> {
    /// What the values here say for a chart below.
    fn given_to(&self, child: &str) -> Option<Dict> {
        let names = self.chart.metadata.dependencies.iter().filter(|wanted| wanted.name == child);
        let aliases = names.filter(|wanted| !wanted.alias.is_empty()).map(|wanted| wanted.alias.as_str());
        aliases.chain([child]).find_map(|name| table(&self.chart.values, name))
    }

    /// A file of the chart by its path in it.
    fn find(&self, path: &str) -> Option<FileId> {
        self.workspace.find(&join_path(self.folder, path)?)
    }
}

/// A file that a resource stands for.
struct Page<'t> {
    file: FileId,
    text: &'t str,
    comments: &'t [Comment],
}

impl Page<'_> {
    fn whole(&self) -> Span {
        Span::new(self.file, 0, self.text.len())
    }

    /// The first line that says something.
    fn header(&self) -> Span {
        let start = self.text.len() - self.text.trim_start().len();
        let line = self.text.get(start..).unwrap_or("").lines().next().unwrap_or("");
        Span::new(self.file, start, start + line.trim_end().len())
    }

    /// The resource that the file is.
    fn resource(
        &self,
        workspace: &dyn Workspace,
        (kind, address): (&'static str, SmolStr),
        fields: MapBuilder,
    ) -> Resource {
        let (span, header) = (self.whole(), self.header());
        let (address, kind) = (Address(address), Kind(SmolStr::new_static(kind)));
        Resource {
            comments: comments_of(self.comments, workspace.line_index(self.file), self.text, span),
            ..Resource::new(address, kind, span, fields.finish(span, header))
        }
    }
}
