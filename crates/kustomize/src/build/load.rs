//! Files: kustomizations, manifests, patches and data.

use super::{Builder, Layer, RESTRICTED, UNREADABLE};
use crate::node::scalar_at;
use crate::object::Object;
use proofmark_kubernetes::KUSTOMIZATION;
use proofmark_model::Comment;
use proofmark_source::{FileId, Impact, Span, join_path, parent_path};
use proofmark_syntax::{Node, NodeData, Parsed, Style, YamlDialect, parse_json, parse_yaml};

/// The fields that kustomize knows.
const FIELDS: [&str; 34] = [
    "apiVersion",
    "bases",
    "buildMetadata",
    "commonAnnotations",
    "commonLabels",
    "components",
    "configMapGenerator",
    "configurations",
    "crds",
    "generatorOptions",
    "generators",
    "helmChartInflationGenerator",
    "helmCharts",
    "helmGlobals",
    "imageTags",
    "images",
    "kind",
    "labels",
    "metadata",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "openapi",
    "patches",
    "patchesJson6902",
    "patchesStrategicMerge",
    "replacements",
    "replicas",
    "resources",
    "secretGenerator",
    "sortOptions",
    "transformers",
    "validators",
    "vars",
];

impl Layer {
    pub(crate) fn kind(&self) -> String {
        scalar_at(&self.root, &["kind"]).unwrap_or_default().to_string()
    }

    /// The elements of a list field; one that is no list counts for nothing.
    pub(crate) fn list(&self, field: &str) -> Vec<Node> {
        self.root.get(field).map_or(&[][..], Node::elements).to_vec()
    }
}

impl Builder<'_> {
    /// The kustomization of a folder, which is asked for at `by`.
    pub(super) fn load_layer(&mut self, folder: &str, by: Span) -> Option<Layer> {
        let workspace = self.workspace;
        let found: Vec<FileId> =
            KUSTOMIZATION.iter().filter_map(|name| workspace.find(&join_path(folder, name)?)).collect();
        let &[file] = found.as_slice() else {
            let message = if found.is_empty() {
                format!(
                    "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in \
                     directory '{}'",
                    super::layer::shown(folder)
                )
            } else {
                format!("Found multiple kustomization files under: '{}'", super::layer::shown(folder))
            };
            self.refuse(found.first().map_or(by, |&file| Span::file_start(file)), message);
            return None;
        };
        let root = match self.parse_file(file, YamlDialect::Kubernetes) {
            Some(parsed) => parsed.documents.into_iter().next().map(|document| document.root),
            None => None,
        };
        let says_something =
            |root: &Node| root.entries().iter().any(|entry| entry.value.data != NodeData::Null);
        let Some(root) = root.filter(says_something) else {
            self.refuse(Span::file_start(file), "kustomization.yaml is empty");
            return None;
        };
        self.note_fields(file, &root);
        Some(Layer { folder: folder.to_owned(), root })
    }

    /// Remembers where the fields of a kustomization stand, and tells those that nobody knows.
    fn note_fields(&mut self, file: FileId, root: &Node) {
        let mut fields = Vec::new();
        for entry in root.entries() {
            let Some(name) = entry.key.as_str() else { continue };
            let span = entry.key.span.join(entry.value.span);
            if !FIELDS.contains(&name) {
                self.refuse(entry.key.span, format!("invalid Kustomization: json: unknown field \"{name}\""));
            }
            fields.push((name.to_owned(), span));
        }
        for (span, message) in super::check::mistakes(root) {
            self.refuse(span, message);
        }
        self.built.kustomizations.insert(file, fields);
    }

    /// The file that a path of a layer means; none, and told, where there is none.
    pub(crate) fn find_file(&mut self, layer: &Layer, path: &str, by: Span) -> Option<FileId> {
        let joined = join_path(&layer.folder, path);
        let Some(file) = joined.as_deref().and_then(|joined| self.workspace.find(joined)) else {
            let why =
                if joined.is_none() { "it lies outside the repository" } else { "no such file or directory" };
            self.refuse(by, format!("evalsymlink failure on '{path}': {why}"));
            return None;
        };
        let inside = format!("{}/", layer.folder);
        if !layer.folder.is_empty() && !joined.is_some_and(|joined| joined.starts_with(&inside)) {
            let message = format!(
                "security; file '{path}' is not in or below '{}'; kustomize builds this only with \
                 `--load-restrictor LoadRestrictionsNone`",
                layer.folder
            );
            self.tell(RESTRICTED, Impact::None, by, message);
        }
        Some(file)
    }

    /// The text of a file.
    pub(crate) fn load_text(&mut self, file: FileId) -> Option<&str> {
        let workspace = self.workspace;
        self.built.files.entry(file).or_insert(true);
        match workspace.load(file) {
            Ok(text) => Some(text),
            Err(error) => {
                self.tell(UNREADABLE, Impact::Unread, Span::file_start(file), error.to_string());
                None
            }
        }
    }

    /// The documents of a YAML or JSON file.
    pub(crate) fn parse_file(&mut self, file: FileId, dialect: YamlDialect) -> Option<Parsed> {
        let workspace = self.workspace;
        self.load_text(file)?;
        let text = workspace.load(file).ok()?;
        let mut parsed = if workspace.path(file).ends_with(".json") {
            parse_json(file, text)
        } else {
            parse_yaml(file, text, dialect)
        };
        for document in &mut parsed.documents {
            keep_dates(&mut document.root, text);
        }
        for diagnostic in std::mem::take(&mut parsed.diagnostics) {
            if diagnostic.impact != Impact::None {
                self.built.files.insert(file, false);
            }
            if !self.built.diagnostics.contains(&diagnostic) {
                self.built.diagnostics.push(diagnostic);
            }
        }
        Some(parsed)
    }

    /// The objects of a manifest.
    pub(crate) fn load_objects(&mut self, file: FileId) -> Vec<Object> {
        let Some(parsed) = self.parse_file(file, YamlDialect::Go) else { return Vec::new() };
        let mut objects = Vec::new();
        let starts: Vec<u32> = parsed.documents.iter().map(|document| document.span.start).collect();
        for (index, document) in parsed.documents.into_iter().enumerate() {
            let start = if index == 0 { 0 } else { document.span.start };
            let end = starts.get(index + 1).copied().unwrap_or(u32::MAX);
            let inside = |comment: &&proofmark_syntax::Comment| (start..end).contains(&comment.span.start);
            let comments: Vec<Comment> = parsed
                .comments
                .iter()
                .filter(inside)
                .map(|comment| Comment { text: comment.text.clone(), span: comment.span })
                .collect();
            self.add_objects(document.root, &comments, &mut objects);
        }
        objects
    }

    /// Adds a document, or the elements of a list.
    pub(crate) fn add_objects(&mut self, root: Node, comments: &[Comment], objects: &mut Vec<Object>) {
        if root.data == NodeData::Null {
            return;
        }
        let kind = scalar_at(&root, &["kind"]).unwrap_or_default();
        if let Some(items) = root.get("items").filter(|_| kind.ends_with("List")) {
            for item in items.elements() {
                let inside: Vec<Comment> =
                    comments.iter().filter(|comment| item.span.contains(comment.span)).cloned().collect();
                self.add_objects(Node::clone(item), &inside, objects);
            }
            return;
        }
        let has_name = root.at_path(&["metadata", "name"]).is_some();
        if kind.is_empty() {
            self.refuse(
                root.span,
                "invalid resource: missing Resource metadata: this document has no `kind`",
            );
        } else if !has_name {
            self.refuse(root.span, format!("missing metadata.name in object of kind `{kind}`"));
        }
        if !kind.is_empty() {
            let span = root.span;
            objects.push(Object { comments: comments.to_vec(), ..Object::new(root, span) });
        }
    }

    /// The path of a file, as seen from the folder that is built.
    pub(crate) fn path_from_root(&self, file: FileId) -> String {
        let path = self.workspace.path(file);
        let mut folder = self.root.as_str();
        let mut up = String::new();
        loop {
            let inside = if folder.is_empty() {
                Some(path)
            } else {
                path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'))
            };
            if let Some(rest) = inside {
                return format!("{up}{rest}");
            }
            folder = parent_path(folder);
            up.push_str("../");
        }
    }
}

/// Gives dates back as they are written: kustomize never takes scalars apart.
fn keep_dates(node: &mut Node, text: &str) {
    match &mut node.data {
        NodeData::String(value)
            if node.style == Style::Plain && value.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            let written = node.span.slice(text).trim();
            if written.lines().count() == 1 && !written.is_empty() {
                *value = written.into();
            }
        }
        NodeData::Sequence(elements) => elements.iter_mut().for_each(|element| keep_dates(element, text)),
        NodeData::Mapping(entries) => entries.iter_mut().for_each(|entry| keep_dates(&mut entry.value, text)),
        _ => {}
    }
}
