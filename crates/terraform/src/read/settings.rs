//! The `terraform` block, as far as it holds no values.

use super::with_entry;
use proofmark_hcl::{Attribute, Block, Expr, ExprKind};
use proofmark_model::{Data, Map, SmolStr, Unknown, Value};
use proofmark_source::Workspace;
use std::sync::Arc;

/// What each backend must be told. Where any of it is missing, `terraform init` is given the rest.
/// From Terraform's documentation of backends.
const NEEDED: [(&str, &[&str]); 8] = [
    ("azurerm", &["container_name", "key"]),
    ("consul", &["path"]),
    ("cos", &["bucket"]),
    ("gcs", &["bucket"]),
    ("http", &["address"]),
    ("kubernetes", &["secret_suffix"]),
    ("oss", &["bucket"]),
    ("s3", &["bucket", "key"]),
];

/// The settings with the rest of each backend left open that is configured in part only.
pub(super) fn with_open_backends(settings: Map) -> Map {
    let Some(backends) = settings.value("backend") else { return settings };
    let Data::List(blocks) = &backends.data else { return settings };
    let opened = blocks.iter().map(|block| match &block.data {
        Data::Map(backend) if is_partial(backend) => {
            let mut backend = Map::clone(backend);
            let reason = "the rest of the backend is configured when `terraform init` runs";
            backend.unknown_rest = Some(Arc::new(Unknown::because(reason)));
            block.with_data(Data::Map(Arc::new(backend)))
        }
        _ => Value::clone(block),
    });
    let opened = backends.with_data(Data::List(opened.collect()));
    with_entry(&settings, "backend", backends.origin.span, opened)
}

fn is_partial(backend: &Map) -> bool {
    let kind = backend.value("type").and_then(Value::as_str);
    let needed = NEEDED.iter().find(|(name, _)| Some(*name) == kind).map_or(&[][..], |(_, needed)| *needed);
    needed.iter().any(|name| backend.value(name).is_none_or(Value::is_null))
}

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
