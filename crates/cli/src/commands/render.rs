//! `proofmark render`.

use super::Status;
use crate::args::{RenderArguments, SessionArguments};
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Colors, print};
use crate::session::Session;
use proofmark_scan::render_module;

/// Prints what a Terraform module is evaluated to.
///
/// # Errors
/// When the path holds no module.
pub fn run(arguments: &RenderArguments, colors: &Colors) -> Result<Status, Failure> {
    let session = open(arguments)?;
    let folder = session.workspace.scope().scanned_path.to_owned();
    let rendered = render_module(&session.workspace, &folder, &session.settings);
    let Some(module) = rendered.map_err(|error| session.refuse(&error))? else {
        let message = format!("`{}` holds no Terraform module", arguments.path.display());
        return Err(Failure::new(message));
    };
    print_diagnostics(&session.workspace, &module.diagnostics, &session.prefix, colors);
    print(&module.text)?;
    Ok(Status::Clean)
}

/// A module is what it is without a configuration, unless an environment of it is asked for.
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
