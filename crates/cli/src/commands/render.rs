//! `proofmark render`.

use super::Status;
use crate::args::{ChartArguments, RenderArguments, SessionArguments};
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Colors, print};
use crate::session::{Extent, Session};
use proofmark_scan::{
    ChartOptions, SetKind, VariableArgument, Workspace, render_chart, render_module, render_overlay,
};

/// Prints what a chart, an overlay or a Terraform module is evaluated to.
///
/// # Errors
/// When the path holds none of them.
pub fn run(arguments: &RenderArguments, colors: &Colors) -> Result<Status, Failure> {
    // A chart needs nothing beside it, and a repository may hold a hundred others.
    if arguments.path.join("Chart.yaml").is_file()
        && let Some(status) = run_chart(arguments, &open(arguments, Extent::Named)?, colors)?
    {
        return Ok(status);
    }
    let session = open(arguments, Extent::Unjudged)?;
    let folder = session.workspace.scope().scanned_path.to_owned();
    if let Some(overlay) = render_overlay(&session.workspace, &folder) {
        print_diagnostics(&session.workspace, &overlay.diagnostics, &session.prefix, colors);
        print(&overlay.text)?;
        return Ok(if overlay.is_whole() { Status::Clean } else { Status::Incomplete });
    }
    let rendered = render_module(&session.workspace, &folder, &session.settings);
    let Some(module) = rendered.map_err(|error| session.refuse(&error))? else {
        let message =
            format!("`{}` holds no Helm chart, no overlay and no Terraform module", arguments.path.display());
        return Err(Failure::new(message));
    };
    print_diagnostics(&session.workspace, &module.diagnostics, &session.prefix, colors);
    print(&module.text)?;
    Ok(Status::Clean)
}

/// Prints what a chart is rendered to; `None` where there is none.
fn run_chart(
    arguments: &RenderArguments,
    session: &Session,
    colors: &Colors,
) -> Result<Option<Status>, Failure> {
    let folder = &session.workspace.scope().scanned_path;
    let options = options(&arguments.chart, session);
    let Some(chart) = render_chart(&session.workspace, folder, &options) else { return Ok(None) };
    print_diagnostics(&session.workspace, &chart.diagnostics, &session.prefix, colors);
    print(&chart.text)?;
    Ok(Some(if chart.is_whole() { Status::Clean } else { Status::Incomplete }))
}

fn options(arguments: &ChartArguments, session: &Session) -> ChartOptions {
    let values = session.settings.inputs.iter().filter_map(|input| match input {
        VariableArgument::Values(path) => session.workspace.find(path),
        VariableArgument::File(_) | VariableArgument::Variable { .. } => None,
    });
    let assigned = [
        (SetKind::Json, &arguments.set_json),
        (SetKind::Typed, &arguments.set),
        (SetKind::Text, &arguments.set_string),
    ];
    let assignments =
        assigned.into_iter().flat_map(|(kind, texts)| texts.iter().map(move |text| (kind, text.to_owned())));
    ChartOptions {
        name: arguments.name.as_ref().map(Into::into),
        namespace: arguments.namespace.as_ref().map(Into::into),
        kube_version: arguments.kube_version.as_ref().map(Into::into),
        api_versions: arguments.api_versions.iter().map(Into::into).collect(),
        values_files: values.collect(),
        assignments: assignments.collect(),
        is_traced: arguments.trace,
    }
}

/// A chart, overlay or module is what it is without a configuration, unless an environment of it is asked for.
fn open(arguments: &RenderArguments, extent: Extent) -> Result<Session, Failure> {
    let arguments = SessionArguments {
        paths: vec![arguments.path.to_path_buf()],
        root: arguments.root.clone(),
        inputs: arguments.inputs.clone(),
        environments: arguments.environment.iter().cloned().collect(),
        no_config: arguments.environment.is_none(),
        config: arguments.config.clone(),
        as_of: arguments.as_of.clone(),
        ..SessionArguments::default()
    };
    Session::open(&arguments, extent)
}
