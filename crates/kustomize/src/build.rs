//! Going through an overlay, in kustomize's order.

mod absorb;
mod check;
mod layer;
mod load;
mod schema;
mod transform;

use crate::object::Object;
use crate::tables::{Fields, Schema};
use proofmark_source::{Code, Diagnostic, FileId, Impact, Span, Workspace};
use proofmark_syntax::Node;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What kustomize itself would refuse to build.
pub(crate) const REFUSED: Code = Code("kustomize-refused");
/// What lies outside the repository.
pub(crate) const REMOTE: Code = Code("kustomize-remote");
/// What only a program outside can do.
pub(crate) const PLUGIN: Code = Code("kustomize-plugin");
/// A file that cannot be read.
const UNREADABLE: Code = Code("kustomize-unreadable");
/// A limit of ours.
pub(crate) const LIMIT: Code = Code("kustomize-limit");
/// What kustomize builds only with an option of its command line.
pub(crate) const RESTRICTED: Code = Code("kustomize-restricted");

/// How many kustomizations one overlay may go through, each counted as often as it is used: bases that use bases twice
/// grow without end.
const MAX_LAYERS: usize = 500;

/// How deep bases may stand on bases.
const MAX_DEPTH: usize = 40;

/// How many objects an overlay may have.
const MAX_OBJECTS: usize = 20_000;

/// An overlay, built.
#[derive(Debug, Default)]
pub struct Built {
    /// The objects, in the order in which kustomize prints them.
    pub objects: Vec<Object>,
    /// What was odd.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was opened for it, and whether all of it was understood.
    pub files: BTreeMap<FileId, bool>,
    /// The kustomization files that it went through, with their top-level fields and where these stand.
    pub(crate) kustomizations: BTreeMap<FileId, Vec<(String, Span)>>,
}

/// Builds the overlay in a folder of the workspace, as `kustomize build` does. Never fails: what cannot be built is told
/// and left out.
#[must_use]
pub fn build(workspace: &dyn Workspace, folder: &str) -> Built {
    let mut builder = Builder {
        workspace,
        built: Built::default(),
        root: folder.to_owned(),
        stack: Vec::new(),
        layers: 0,
        schema: Cow::Borrowed(Schema::built_in()),
        told: BTreeSet::new(),
    };
    let start = workspace.files_below(folder).start;
    let span = Span::file_start(FileId(u32::try_from(start).unwrap_or(0)));
    builder.run(folder, span);
    builder.built
}

/// What is shared by all layers of one build.
pub(crate) struct Builder<'w> {
    pub(crate) workspace: &'w dyn Workspace,
    pub(crate) built: Built,
    /// The folder that is built.
    pub(crate) root: String,
    /// The folders on the way from there, each a base or component of the one before.
    stack: Vec<String>,
    layers: usize,
    /// The merge keys, which `openapi` may replace.
    pub(crate) schema: Cow<'static, Schema>,
    /// What was said already.
    told: BTreeSet<(Span, String)>,
}

/// One kustomization file.
pub(crate) struct Layer {
    pub(crate) folder: String,
    pub(crate) root: Node,
}

/// What has come together so far.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) objects: Vec<Object>,
    pub(crate) fields: Fields,
    pub(crate) vars: Vec<crate::variable::Var>,
    /// What the objects are called, while only new ones are added.
    known: Option<BTreeSet<String>>,
}

impl Builder<'_> {
    fn run(&mut self, folder: &str, span: Span) {
        let Some(layer) = self.load_layer(folder, span) else { return };
        if layer.kind() == "Component" {
            // A component alone is built like any other, as kustomize does.
            self.tell(
                REFUSED,
                Impact::None,
                layer.root.span,
                "this is a component, for overlays to use".to_owned(),
            );
        }
        let gathered = self.layer(&layer, Gathered::default());
        let Gathered { mut objects, fields, vars, .. } = gathered;
        let fields = fields.with_built_in();
        objects.retain(|object| !object.is_deleted);
        for object in &mut objects {
            if let Some(by) = object.hash_from {
                let name = format!("{}-{}", object.name(), crate::hash::name_hash(object));
                object.remember();
                object.rename(&name, by);
            }
        }
        for (span, message) in crate::reference::fix_references(&mut objects, &fields.referred) {
            self.refuse(span, message);
        }
        crate::variable::resolve(self, &mut objects, &vars, &fields.vars);
        objects.retain(|object| !is_local(object));
        crate::order::sort(self, &layer, &mut objects);
        crate::metadata::add(self, &layer, &mut objects);
        self.built.objects = objects;
    }

    /// Says something about the input, once.
    pub(crate) fn tell(&mut self, code: Code, impact: Impact, span: Span, message: String) {
        if self.told.insert((span, message.clone())) {
            if impact != Impact::None {
                self.built.files.insert(span.file, false);
            }
            self.built.diagnostics.push(Diagnostic::new(code, impact, span, message));
        }
    }

    /// Says what kustomize would refuse.
    pub(crate) fn refuse(&mut self, span: Span, message: impl Into<String>) {
        self.tell(REFUSED, Impact::Partial, span, message.into());
    }
}

/// Whether an object is meant for kustomize alone.
fn is_local(object: &Object) -> bool {
    let mark = ["metadata", "annotations", "config.kubernetes.io/local-config"];
    crate::node::scalar_at(&object.node, &mark).is_some_and(|value| value != "false")
}
