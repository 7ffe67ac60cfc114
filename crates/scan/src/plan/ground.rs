//! What environments stand on: the files, and the units in them.

use crate::configuration::{CONFIGURATION, Named};
use crate::readers::{Inventory, Registered};
use crate::{ScanError, Settings};
use proofmark_discover::Patterns;
use proofmark_model::{SmolStr, Unit};
use proofmark_rules::nearest;
use proofmark_source::{Diagnostic, Impact, Workspace, parent_path};

/// What environments stand on.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'g> {
    pub(crate) workspace: &'g dyn Workspace,
    pub(crate) settings: &'g Settings,
    pub(crate) readers: &'g [Registered],
    pub(crate) inventory: &'g Inventory,
    /// Whether what the command line gives counts.
    pub(crate) has_arguments: bool,
}

/// A unit that differs by environment, with the reader that knows what it takes.
#[derive(Clone, Copy)]
pub(crate) struct Root<'g> {
    pub(crate) registered: &'g Registered,
    pub(crate) unit: &'g Unit,
}

impl<'g> Ground<'g> {
    /// The units that differ by environment and are wanted, whether they are judged in this scan or not: what belongs to
    /// whom must not depend on what somebody looks at.
    pub(crate) fn roots(&self, is_wanted: impl Fn(&Unit) -> bool) -> Vec<Root<'g>> {
        let root = |(reader, unit): &'g (usize, Unit)| {
            let registered = self.readers.get(*reader).filter(|registered| registered.varies)?;
            is_wanted(unit).then_some(Root { registered, unit })
        };
        self.inventory.units.iter().filter_map(root).collect()
    }

    pub(crate) fn is_asked_for(&self, environment: &SmolStr) -> bool {
        self.settings.environments.is_empty() || self.settings.environments.contains(environment)
    }

    /// # Errors
    /// When an environment was asked for that neither the configuration names nor an overlay.
    pub(crate) fn check_environments(&self) -> Result<(), ScanError> {
        let known = || {
            let configured = self.settings.configuration.environments.iter().map(|known| &known.name);
            let found = self.inventory.variants.values().map(|variant| &variant.environment);
            configured.chain(found).map(SmolStr::as_str)
        };
        for name in &self.settings.environments {
            if !known().any(|known| known == name) {
                let nearest = nearest(name, known()).map(str::to_owned);
                return Err(ScanError::UnknownEnvironment { name: SmolStr::clone(name), nearest });
            }
        }
        Ok(())
    }

    /// Whether a file or folder matches a pattern.
    pub(crate) fn is_there(&self, pattern: &str) -> bool {
        // A pattern that matches a folder covers all that it holds.
        pattern == "."
            || Patterns::new(&[pattern])
                .is_ok_and(|patterns| self.workspace.files().iter().any(|file| patterns.matches(&file.path)))
    }

    /// Complains about something that the configuration names.
    pub(crate) fn problem(&self, named: &Named, message: String) -> Diagnostic {
        Diagnostic::new(CONFIGURATION, Impact::Unread, named.span, message)
    }
}

impl Root<'_> {
    /// How deep the folder lies that holds the unit and, at any depth, the file of that path.
    pub(crate) fn depth_above(&self, workspace: &dyn Workspace, path: &str) -> Option<usize> {
        let folders = self.unit.files.iter().map(|file| parent_path(workspace.path(*file)));
        let is_above = |folder: &&str| {
            path.strip_prefix(*folder).is_some_and(|rest| folder.is_empty() || rest.starts_with('/'))
        };
        folders.filter(is_above).map(str::len).max()
    }
}
