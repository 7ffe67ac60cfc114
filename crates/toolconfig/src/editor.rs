//! EditorConfig.

use crate::context::{FileContext, Placed};
use crate::python::typed;
use proofmark_model::{MapBuilder, Value};

/// `editorconfig`: `root` and `sections`, a list of `pattern` with the properties.
pub fn read(context: &mut FileContext<'_>, place: &Placed<'_>) {
    let mut fields = MapBuilder::default();
    let mut sections = Vec::new();
    for entry in place.node.entries() {
        let name = entry.key.as_str().unwrap_or("");
        let value = typed(&Value::from_node(&entry.value, entry.key.span));
        if value.as_map().is_some() {
            let mut section = MapBuilder::of(&value);
            section.set_text("pattern", name, entry.key.span);
            sections.push(section.finish(entry.value.span, entry.key.span));
        } else {
            fields.put(name, entry.key.span, value);
        }
    }
    fields.set("sections", Value::list(sections, place.span));
    context.emit_fields("editorconfig", "editorconfig", place.extent(), fields);
}
