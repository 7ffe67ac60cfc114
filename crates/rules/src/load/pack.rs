//! Pack files.

use super::fields::{Errors, check_keys, list, optional, parse_mapping, required, text};
use super::param::read_values;
use crate::{Pack, PackId, Params, RuleId};
use proofmark_source::{Diagnostic, FileId, Span};
use proofmark_syntax::{Node, NodeData};
use smol_str::SmolStr;
use std::collections::BTreeMap;

const PACK_KEYS: [&str; 3] = ["title", "controls", "params"];

/// Values of parameters by rule, and where each rule is named.
#[derive(Default)]
pub(super) struct RuleParams {
    pub params: BTreeMap<RuleId, Params>,
    pub spans: BTreeMap<RuleId, Span>,
}

/// A pack with the places that matter to checks across files.
pub(super) struct LoadedPack {
    pub pack: Pack,
    /// Where each control stands, in order of [`Pack::controls`].
    pub control_spans: Vec<Span>,
    /// Where the parameters of each rule stand.
    pub param_spans: BTreeMap<RuleId, Span>,
}

pub(super) fn load(id: PackId, file: FileId, text: &str) -> Result<LoadedPack, Vec<Diagnostic>> {
    let mut errors = Errors::new(file);
    let loaded = parse_mapping(text, &mut errors).and_then(|root| read(id, &root, &mut errors));
    errors.finish(loaded)
}

fn read(id: PackId, root: &Node, errors: &mut Errors) -> Option<LoadedPack> {
    check_keys(root, &PACK_KEYS, errors);
    let title = required(root, "title", "say what the pack is for", errors)
        .and_then(|node| text(node, "title", errors));
    let controls = required(root, "controls", "name frameworks or controls, such as `soc2`", errors)
        .map(|node| list(node, "controls", errors));
    let RuleParams { params, spans: param_spans } = read_rule_params(root, errors);
    let (controls, spans): (Vec<SmolStr>, Vec<Span>) =
        controls?.into_iter().map(|(control, node)| (control, node.span)).unzip();
    Some(LoadedPack { pack: Pack { id, title: title?, controls, params }, control_spans: spans, param_spans })
}

/// The `params` of a framework file, which only this crate can read: they are about rules.
pub(super) fn load_framework_params(file: FileId, text: &str) -> Result<RuleParams, Vec<Diagnostic>> {
    let mut errors = Errors::new(file);
    let params = parse_mapping(text, &mut errors).map(|root| read_rule_params(&root, &mut errors));
    errors.finish(params)
}

fn read_rule_params(root: &Node, errors: &mut Errors) -> RuleParams {
    let mut found = RuleParams::default();
    let Some(node) = optional(root, "params", errors) else { return found };
    if !matches!(node.data, NodeData::Mapping(_)) {
        errors.key(
            node.span,
            "`params` is not a mapping of rules to values",
            "write `area/rule: { param: value }`",
        );
    }
    for entry in node.entries() {
        let Some(rule) = entry.key.as_str() else { continue };
        let rule = RuleId(SmolStr::new(rule));
        found.params.insert(RuleId::clone(&rule), read_values(&entry.value, errors));
        found.spans.insert(rule, entry.key.span);
    }
    found
}
