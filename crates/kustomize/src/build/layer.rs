//! One kustomization: what it brings, then what it changes.

use super::{Builder, Gathered, LIMIT, Layer, MAX_DEPTH, MAX_LAYERS, MAX_OBJECTS, REMOTE};
use crate::node::scalar;
use proofmark_source::{Impact, Span, join_path};
use proofmark_syntax::Node;

impl Builder<'_> {
    /// What a kustomization makes of what has been gathered before it: nothing, for a component what the overlay has.
    pub(crate) fn layer(&mut self, layer: &Layer, gathered: Gathered) -> Gathered {
        self.stack.push(layer.folder.clone());
        self.layers += 1;
        let mut gathered = self.resources(layer, Gathered { known: None, ..gathered });
        let configured = crate::configuration::read(self, layer);
        gathered.fields.merge(&configured);
        self.use_schema(layer);
        self.generate(layer, &mut gathered);
        gathered.known = None;
        let components = layer.list("components");
        let mut gathered =
            components.iter().fold(gathered, |gathered, path| self.component(layer, path, gathered));
        self.transform(layer, &mut gathered);
        gathered.known = None;
        crate::variable::add(self, layer, &mut gathered);
        self.stack.pop();
        gathered
    }

    fn resources(&mut self, layer: &Layer, mut gathered: Gathered) -> Gathered {
        for list in ["resources", "bases"] {
            for node in layer.list(list) {
                let Some(path) = scalar(&node) else { continue };
                if gathered.objects.len() > MAX_OBJECTS {
                    let message = format!("more than {MAX_OBJECTS} objects; the rest is left out");
                    self.tell(LIMIT, Impact::Partial, node.span, message);
                    break;
                }
                self.resource(layer, &path, node.span, &mut gathered);
            }
        }
        gathered
    }

    /// Adds the file, or the base, that a path means.
    fn resource(&mut self, layer: &Layer, path: &str, by: Span, gathered: &mut Gathered) {
        if is_remote(path) {
            self.remote(path, by);
            return;
        }
        let joined = join_path(&layer.folder, path);
        let is_file = joined.as_deref().is_some_and(|joined| self.workspace.find(joined).is_some());
        if is_file {
            let Some(file) = self.find_file(layer, path, by) else { return };
            for object in self.load_objects(file) {
                self.append(gathered, object, by);
            }
            return;
        }
        let Some(base) = self.enter(layer, path, by) else { return };
        if base.kind() == "Component" {
            self.refuse(by, format!("expected kind != 'Component' for path '{path}'"));
            return;
        }
        let from_base = self.layer(&base, Gathered::default());
        for object in from_base.objects {
            self.append(gathered, object, by);
        }
        gathered.fields.merge(&from_base.fields);
        gathered.vars.extend(from_base.vars);
    }

    fn component(&mut self, layer: &Layer, node: &Node, gathered: Gathered) -> Gathered {
        let Some(path) = scalar(node) else { return gathered };
        if is_remote(&path) {
            self.remote(&path, node.span);
            return gathered;
        }
        let Some(component) = self.enter(layer, &path, node.span) else { return gathered };
        if component.kind() != "Component" {
            let kind =
                if component.kind().is_empty() { "Kustomization".to_owned() } else { component.kind() };
            let message = format!("expected kind 'Component' for path '{path}' but got '{kind}'");
            self.refuse(node.span, message);
            return gathered;
        }
        self.layer(&component, gathered)
    }

    /// Loads the kustomization of another folder, where that leads neither in a circle nor too far.
    pub(crate) fn enter(&mut self, layer: &Layer, path: &str, by: Span) -> Option<Layer> {
        let Some(folder) = join_path(&layer.folder, path) else {
            self.refuse(by, format!("'{path}' lies outside the repository"));
            return None;
        };
        let is_around = |visited: &&String| {
            folder.is_empty() || **visited == folder || visited.starts_with(&format!("{folder}/"))
        };
        if let Some(visited) = self.stack.iter().find(is_around) {
            let message = format!(
                "cycle detected: candidate root '{}' contains visited root '{}'",
                shown(&folder),
                shown(visited)
            );
            self.refuse(by, message);
            return None;
        }
        if self.stack.len() >= MAX_DEPTH || self.layers >= MAX_LAYERS {
            let message = format!(
                "more than {MAX_DEPTH} bases on one another or {MAX_LAYERS} in all; '{path}' is left out"
            );
            self.tell(LIMIT, Impact::Partial, by, message);
            return None;
        }
        if self.workspace.files_below(&folder).is_empty() {
            let message = format!(
                "accumulating resources: accumulation err='accumulating resources from '{path}': evalsymlink failure \
                 on '{path}': no such file or directory'"
            );
            self.refuse(by, message);
            return None;
        }
        self.load_layer(&folder, by)
    }

    fn remote(&mut self, path: &str, by: Span) {
        let message =
            format!("`{path}` is not in the repository, and nothing is fetched; its objects are not known");
        self.tell(REMOTE, Impact::Partial, by, message);
    }
}

/// A folder for people: the root of the repository has a name too.
pub(super) fn shown(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}

/// Whether a path leads to another repository, by the forms that kustomize takes for one.
pub(crate) fn is_remote(path: &str) -> bool {
    let has_scheme =
        ["https://", "http://", "ssh://", "git://", "file://", "git::", "s3::", "gcs::", "hg::", "oci://"];
    let hosts = ["github.com/", "github.com:", "gitlab.com/", "bitbucket.org/", "gh:"];
    has_scheme.iter().chain(&hosts).any(|start| path.starts_with(start))
        || path.starts_with("git@")
        || path.contains("?ref=")
        || path.contains(".git//")
}
