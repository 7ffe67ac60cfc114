//! The `terraform` block, as far as it holds no values.

use proofmark_hcl::{Attribute, Block, Expr, ExprKind};
use proofmark_model::SmolStr;
use proofmark_source::Workspace;

/// The block with the aliases that a module expects of its caller (`configuration_aliases = [aws.replica]`) as texts:
/// they name provider configurations, and are no references to values.
pub(super) fn with_provider_names(block: &Block, workspace: &dyn Workspace) -> Block {
    let mut named = Block::clone(block);
    let inner = named.body.blocks.iter_mut().filter(|inner| inner.kind == "required_providers");
    for name in inner.flat_map(|inner| &mut inner.body.attributes).flat_map(aliases) {
        let text = workspace.load(name.span.file).unwrap_or("");
        name.kind = ExprKind::String(SmolStr::new(name.span.slice(text)));
    }
    named
}

fn aliases(provider: &mut Attribute) -> impl Iterator<Item = &mut Expr> {
    let items = match &mut provider.value.kind {
        ExprKind::Object(items) => &mut items[..],
        _ => &mut [],
    };
    let expected = items.iter_mut().filter(|item| item.key.as_str() == Some("configuration_aliases"));
    expected.flat_map(|item| match &mut item.value.kind {
        ExprKind::Tuple(names) => &mut names[..],
        _ => &mut [],
    })
}
