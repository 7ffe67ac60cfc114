//! Dependabot settings.

use crate::context::FileContext;
use crate::places::entry_header;
use proofmark_model::{Address, Kind, MapBuilder, Resource};
use proofmark_syntax::Node;

/// The settings in a document, as they stand.
pub fn read_dependabot(context: &FileContext<'_>, root: &Node) -> Resource {
    let header = root.entries().first().map_or(root.span, entry_header);
    let fields = MapBuilder::of(&context.raw_value(root, header));
    Resource {
        address: Address("dependabot".into()),
        kind: Kind("dependabot".into()),
        span: root.span,
        header,
        attributes: fields.finish(root.span, header),
        pod: None,
        calls: Vec::new(),
        conditions: Vec::new(),
        elsewhere: None,
        parts: Vec::new(),
        comments: context.comments_of(context.whole()),
        is_lenient: false,
    }
}
