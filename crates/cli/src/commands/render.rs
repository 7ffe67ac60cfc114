//! `proofmark render`.

use super::Status;
use crate::args::{ChartArguments, RenderArguments, SessionArguments};
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Colors, print};
use crate::session::Session;
use proofmark_scan::{
    ChartOptions, SetKind, VariableArgument, Workspace, render_chart, render_module, render_overlay,
};

/// Prints what a chart, an overlay or a Terraform module is evaluated to.
///
/// # Errors
/// When the path holds none of them.
pub fn run(arguments: &RenderArguments, colors: &Colors) -> Result<Status, Failure> {
    let session = open(arguments)?;
    let folder = session.workspace.scope().scanned_path.to_owned();
    if let Some(chart) = render_chart(&session.workspace, &folder, &options(&arguments.chart, &session)) {
        print_diagnostics(&session.workspace, &chart.diagnostics, &session.prefix, colors);
        print(&chart.text)?;
        return Ok(if chart.is_whole() { Status::Clean } else { Status::Incomplete });
    }
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
fn open(arguments: &RenderArguments) -> Result<Session, Failure> {
    Session::open(&SessionArguments {
        paths: vec![arguments.path.to_path_buf()],
        root: arguments.root.clone(),
        inputs: arguments.inputs.clone(),
        environments: arguments.environment.iter().cloned().collect(),
        no_config: arguments.environment.is_none(),
        config: arguments.config.clone(),
        as_of: arguments.as_of.clone(),
        ..SessionArguments::default()
    })
}
