//! `images` and `replicas`.

use crate::field::{Missing, change_field};
use crate::node::{elements_mut, entry_span, replaced, scalar, scalar_at};
use crate::object::Object;
use crate::tables::FieldSpec;
use proofmark_source::Span;
use proofmark_syntax::{Node, NodeData};
use regex::Regex;
use smol_str::SmolStr;

/// One element of `images`.
pub(crate) struct ImageChange {
    pattern: Regex,
    new_name: SmolStr,
    new_tag: SmolStr,
    tag_suffix: SmolStr,
    digest: SmolStr,
    by: Span,
}

impl ImageChange {
    /// Reads an element of `images`.
    ///
    /// # Errors
    /// The name, which kustomize takes for a regular expression, is none.
    pub(crate) fn read(node: &Node) -> Result<Self, regex::Error> {
        let word = |key: &str| scalar_at(node, &[key]).unwrap_or_default();
        let pattern = format!("^{}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", word("name"));
        Ok(Self {
            pattern: Regex::new(&pattern)?,
            new_name: word("newName"),
            new_tag: word("newTag"),
            tag_suffix: word("tagSuffix"),
            digest: word("digest"),
            by: place_of(node),
        })
    }

    /// The image that takes the place of another; none where this change is not about it.
    fn apply(&self, image: &str) -> Option<String> {
        if !self.pattern.is_match(image) {
            return None;
        }
        let (name, tag, digest) = split(image);
        let (mut tag, mut digest) = (tag.to_owned(), digest.to_owned());
        match (self.new_tag.is_empty(), self.digest.is_empty()) {
            (false, false) => (tag, digest) = (self.new_tag.to_string(), self.digest.to_string()),
            (false, true) => (tag, digest) = (self.new_tag.to_string(), String::new()),
            (true, false) => (tag, digest) = (String::new(), self.digest.to_string()),
            (true, true) if !self.tag_suffix.is_empty() => {
                tag.push_str(&self.tag_suffix);
                digest.clear();
            }
            (true, true) => {}
        }
        let mut image = if self.new_name.is_empty() { name.to_owned() } else { self.new_name.to_string() };
        if !tag.is_empty() {
            image = format!("{image}:{tag}");
        }
        if !digest.is_empty() {
            image = format!("{image}@{digest}");
        }
        Some(image)
    }

    fn change(&self, node: &mut Node) {
        let Some(old) = scalar(node) else { return };
        if let Some(image) = self.apply(&old).filter(|image| *image != old) {
            *node = replaced(Node::new(NodeData::String(image.into()), self.by), node);
        }
    }
}

/// What an element of `images` says of the new image, in its most telling field.
fn place_of(node: &Node) -> Span {
    let fields = ["newTag", "digest", "tagSuffix", "newName"];
    fields.iter().find_map(|field| node.entry(field)).map_or(node.span, entry_span)
}

/// Name, tag and digest of an image.
fn split(image: &str) -> (&str, &str, &str) {
    let domain = image.find('/').unwrap_or(0);
    let (rest, digest) = match image.get(domain..).and_then(|path| path.find('@')) {
        Some(at) => {
            let (rest, digest) = image.split_at(domain + at);
            (rest, digest.trim_start_matches('@'))
        }
        None => (image, ""),
    };
    match rest.get(domain..).and_then(|path| path.find(':')) {
        Some(at) => {
            let (name, tag) = rest.split_at(domain + at);
            (name, tag.get(1..).unwrap_or(""), digest)
        }
        None => (rest, "", digest),
    }
}

/// Changes images where Kubernetes has them, and in every list of containers.
pub(crate) fn set_images(objects: &mut [Object], change: &ImageChange, fields: &[FieldSpec]) {
    for object in objects.iter_mut() {
        let gvk = object.gvk();
        if gvk.kind != "CustomResourceDefinition" {
            change_containers(&mut object.node, change);
        }
        for field in fields.iter().filter(|field| field.is_for(&gvk)) {
            // Images are never made, whatever the field says.
            let field = field.without_creating();
            let nothing = Missing { data: NodeData::Null, span: change.by };
            change_field(&mut object.node, &field, &nothing, &mut |node| change.change(node));
        }
    }
}

fn change_containers(node: &mut Node, change: &ImageChange) {
    match &mut node.data {
        NodeData::Mapping(entries) => {
            for entry in entries {
                if matches!(entry.key.as_str(), Some("containers" | "initContainers")) {
                    for container in elements_mut(&mut entry.value).into_iter().flatten() {
                        if let Some(image) = crate::node::get_mut(container, "image") {
                            change.change(image);
                        }
                    }
                }
                change_containers(&mut entry.value, change);
            }
        }
        NodeData::Sequence(elements) => {
            elements.iter_mut().for_each(|element| change_containers(element, change));
        }
        _ => {}
    }
}

/// Sets the number of replicas of the objects of that name; false where there is none.
pub(crate) fn set_replicas(objects: &mut [Object], replica: &Node, fields: &[FieldSpec]) -> bool {
    let name = scalar_at(replica, &["name"]).unwrap_or_default();
    let Some(count) = replica.get("count") else { return true };
    let mut is_found = false;
    for object in objects.iter_mut() {
        let gvk = object.gvk();
        for field in fields.iter().filter(|field| field.is_for(&gvk)) {
            if !object.is_any(|id| id.name == name) {
                continue;
            }
            is_found = true;
            let missing = Missing { data: NodeData::Null, span: count.span };
            change_field(&mut object.node, field, &missing, &mut |node| {
                *node = replaced(Node::clone(count), node);
            });
        }
    }
    is_found
}
