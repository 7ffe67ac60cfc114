//! `proofmark render`.

use super::Status;
use crate::args::RenderArguments;
use crate::failure::{Failure, print_diagnostics};
use crate::output::{Colors, print};
use crate::session::{as_of, scope_failure};
use proofmark_scan::{DiskWorkspace, Scope, WalkSettings, render_module};

/// Prints what a Terraform module is evaluated to.
///
/// # Errors
/// When the path holds no module.
pub fn run(arguments: &RenderArguments, colors: &Colors) -> Result<Status, Failure> {
    let paths = [arguments.path.to_path_buf()];
    let scope = Scope::find(&paths, arguments.root.as_deref()).map_err(scope_failure)?;
    let mut variable_files = Vec::new();
    for file in &arguments.variable_files {
        let found = Scope::find(std::slice::from_ref(file), Some(&scope.root)).map_err(scope_failure)?;
        variable_files.extend(found.named);
    }
    let folder = scope.scanned_path.to_owned();
    let walk = WalkSettings { named: variable_files.clone(), ..WalkSettings::default() };
    let workspace = DiskWorkspace::open(scope, &walk);
    let day = as_of(arguments.as_of.as_deref())?;
    let Some(module) = render_module(&workspace, &folder, &variable_files, &day) else {
        let message = format!("`{}` holds no Terraform module", arguments.path.display());
        return Err(Failure::new(message));
    };
    print_diagnostics(&workspace, &module.diagnostics, "", colors);
    print(&module.text)?;
    Ok(Status::Clean)
}
