//! A module as it is written: its blocks, sorted by what they define, override files merged in.

use crate::files::{FileCache, configuration_files, is_override};
use proofmark_hcl::{Attribute, Block, Body};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Something is declared twice, which Terraform refuses.
const REPEATED: Code = Code("terraform-repeated");

/// A module, not evaluated. In order of file and place.
#[derive(Debug, Default)]
pub(crate) struct ModuleConfig<'r> {
    pub variables: BTreeMap<SmolStr, Cow<'r, Block>>,
    pub locals: BTreeMap<SmolStr, &'r Attribute>,
    pub resources: Vec<ResourceConfig<'r>>,
    /// Places in `resources`, by `type.name` or `data.type.name`.
    pub resource_index: BTreeMap<SmolStr, usize>,
    pub calls: BTreeMap<SmolStr, Cow<'r, Block>>,
    pub outputs: BTreeMap<SmolStr, Cow<'r, Block>>,
    pub providers: Vec<Cow<'r, Block>>,
    pub settings: Vec<&'r Block>,
    /// The files that make it.
    pub files: Vec<FileId>,
    /// What stands there twice, which Terraform refuses; of variables, local values, outputs and calls the last counts.
    pub repeated: Vec<Diagnostic>,
}

/// A `resource` or `data` block.
#[derive(Debug)]
pub(crate) struct ResourceConfig<'r> {
    /// The type: `aws_s3_bucket`.
    pub kind: SmolStr,
    /// The address within the module: `aws_s3_bucket.b`, `data.aws_ami.a`.
    pub address: SmolStr,
    /// Whether it is a data source (or ephemeral, which is read the same way).
    pub is_data: bool,
    pub block: Cow<'r, Block>,
}

impl<'r> ModuleConfig<'r> {
    /// Reads the configuration files directly in `folder`.
    pub fn load(workspace: &dyn Workspace, files: &'r FileCache, folder: &str) -> Self {
        let mut config = Self::default();
        let own = configuration_files(workspace, folder);
        for &file in &own {
            let Some(source) = files.parsed(workspace, file) else { continue };
            let overrides = is_override(workspace.path(file));
            for block in &source.body.blocks {
                if overrides { config.merge(block) } else { config.add(block) }
            }
        }
        Self { files: own, ..config }
    }

    fn add(&mut self, block: &'r Block) {
        let name = |index: usize| block.label(index).cloned().unwrap_or_default();
        match block.kind.as_str() {
            "variable" => {
                let earlier = self.variables.insert(name(0), Cow::Borrowed(block));
                self.check_repeated(earlier.is_some(), format_args!("variable `{}`", name(0)), block.header);
            }
            "output" => {
                let earlier = self.outputs.insert(name(0), Cow::Borrowed(block));
                self.check_repeated(earlier.is_some(), format_args!("output `{}`", name(0)), block.header);
            }
            "module" => {
                let earlier = self.calls.insert(name(0), Cow::Borrowed(block));
                self.check_repeated(earlier.is_some(), format_args!("module `{}`", name(0)), block.header);
            }
            "provider" => self.providers.push(Cow::Borrowed(block)),
            "terraform" => self.settings.push(block),
            "locals" => self.add_locals(&block.body, false),
            "resource" | "data" | "ephemeral" => self.add_resource(block),
            // Data sources inside a check are visible outside of it.
            "check" => block.body.blocks_of("data").for_each(|inner| self.add_resource(inner)),
            _ => {}
        }
    }

    fn add_locals(&mut self, body: &'r Body, overrides: bool) {
        for attribute in &body.attributes {
            let name = &attribute.name;
            let earlier = self.locals.insert(SmolStr::clone(name), attribute);
            let is_repeated = earlier.is_some() && !overrides;
            self.check_repeated(is_repeated, format_args!("local value `{name}`"), attribute.name_span);
        }
    }

    fn check_repeated(&mut self, is_repeated: bool, what: fmt::Arguments<'_>, span: Span) {
        if is_repeated {
            let message = format!("the {what} is declared twice in this module");
            self.repeated.push(Diagnostic::new(REPEATED, Impact::None, span, message));
        }
    }

    fn add_resource(&mut self, block: &'r Block) {
        let (Some(kind), Some(_)) = (block.label(0), block.label(1)) else { return };
        let address = resource_address(block);
        let earlier = self.resource_index.insert(SmolStr::clone(&address), self.resources.len());
        self.check_repeated(earlier.is_some(), format_args!("resource `{address}`"), block.header);
        self.resources.push(ResourceConfig {
            kind: SmolStr::clone(kind),
            address,
            is_data: block.kind != "resource",
            block: Cow::Borrowed(block),
        });
    }

    /// Merges a block of an override file into the block that it overrides.
    fn merge(&mut self, block: &'r Block) {
        let name = block.label(0).cloned().unwrap_or_default();
        let target = match block.kind.as_str() {
            "variable" => self.variables.get_mut(&name),
            "output" => self.outputs.get_mut(&name),
            "module" => self.calls.get_mut(&name),
            "provider" => self.providers.iter_mut().find(|provider| provider.label(0) == Some(&name)),
            "resource" | "data" | "ephemeral" => {
                let index = self.resource_index.get(&resource_address(block)).copied();
                index.and_then(|index| self.resources.get_mut(index)).map(|resource| &mut resource.block)
            }
            "locals" => return self.add_locals(&block.body, true),
            _ => None,
        };
        match target {
            Some(target) => merge_body(&mut target.to_mut().body, &block.body),
            None => self.add(block),
        }
    }
}

fn resource_address(block: &Block) -> SmolStr {
    let kind = block.label(0).map_or("", SmolStr::as_str);
    let name = block.label(1).map_or("", SmolStr::as_str);
    match block.kind.as_str() {
        "resource" => smol_str::format_smolstr!("{kind}.{name}"),
        prefix => smol_str::format_smolstr!("{prefix}.{kind}.{name}"),
    }
}

/// Attributes replace those of the same name; blocks of a kind replace all blocks of that kind.
fn merge_body(target: &mut Body, changes: &Body) {
    for attribute in &changes.attributes {
        match target.attributes.iter_mut().find(|existing| existing.name == attribute.name) {
            Some(existing) => *existing = attribute.clone(),
            None => target.attributes.push(attribute.clone()),
        }
    }
    target.blocks.retain(|existing| changes.blocks.iter().all(|block| block.kind != existing.kind));
    target.blocks.extend(changes.blocks.iter().cloned());
}

/// The literal source of a module call, where it is a path relative to the calling module.
pub(crate) fn relative_source(call: &Block) -> Option<&str> {
    let source = call.body.attribute("source")?.value.as_str()?;
    (source.starts_with("./") || source.starts_with("../") || source == "." || source == "..")
        .then_some(source)
}
