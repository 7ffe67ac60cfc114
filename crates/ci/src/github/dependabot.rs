//! Dependabot settings.

use crate::context::FileContext;
use crate::places::{element_header, entry_header};
use proofmark_model::{Address, Data, Kind, MapBuilder, Resource, Value};
use proofmark_source::Span;
use proofmark_syntax::Node;

/// The settings in a file as they stand, with `update_rules`: one for each update, in a form that other tools for
/// updates share.
pub fn read_dependabot(context: &FileContext<'_>, root: &Node) -> Resource {
    let header = root.entries().first().map_or(root.span, entry_header);
    let mut fields = MapBuilder::of(&context.raw_value(root, header));
    if let Some(updates) = root.get("updates") {
        let rules = updates.elements().iter().map(|update| update_rule(context, root, update));
        fields.set("update_rules", Value::list(rules.collect(), updates.span));
    }
    let (address, kind) = (Address("dependabot".into()), Kind("dependabot".into()));
    Resource {
        comments: context.comments_of(context.whole()),
        ..Resource::new(address, kind, root.span, fields.finish(root.span, header))
    }
}

/// An update as `ecosystem`, `directories`, `interval`, `cooldown_days`, `max_open`, `is_grouped`, `runs_foreign_code` and
/// `merges_itself`. What the update does not say, its multi-ecosystem group does.
fn update_rule(context: &FileContext<'_>, root: &Node, update: &Node) -> Value {
    let header = element_header(update);
    let group = update
        .get("multi-ecosystem-group")
        .and_then(Node::as_str)
        .and_then(|name| root.at_path(&["multi-ecosystem-groups", name]));
    let mut fields = MapBuilder::default();
    let mut put = |name: &str, node: Option<&Node>| {
        if let Some(node) = node {
            fields.set(name, context.raw_value(node, node.span));
        }
    };
    put("ecosystem", update.get("package-ecosystem"));
    put("max_open", update.get("open-pull-requests-limit"));
    let schedule = |name: &str| {
        let own = update.at_path(&["schedule", name]);
        own.or_else(|| group.and_then(|group| group.at_path(&["schedule", name])))
    };
    put("interval", schedule("interval"));
    put("cron", schedule("cronjob"));
    put("cooldown_days", update.at_path(&["cooldown", "default-days"]));
    fields.set("directories", directories(context, update, header));
    fields.set_bool("is_grouped", update.get("groups").is_some() || group.is_some(), header);
    let runs_code = update.get("insecure-external-code-execution").and_then(Node::as_str) == Some("allow");
    fields.set_bool("runs_foreign_code", runs_code, header);
    // Dependabot opens pull requests and leaves merging to others.
    fields.set_bool("merges_itself", false, header);
    fields.finish(update.span, header)
}

fn directories(context: &FileContext<'_>, update: &Node, header: Span) -> Value {
    let one =
        update.get("directory").map(|node| Value::list(vec![context.raw_value(node, node.span)], node.span));
    let several = update.get("directories").map(|node| context.raw_value(node, node.span));
    let listed = several.filter(|value| matches!(value.data, Data::List(_)));
    one.or(listed).unwrap_or_else(|| Value::list(Vec::new(), header))
}
