//! All files below `rules/`, and what must hold between them.

use super::fields::Errors;
use super::{RULE_KEY, RULE_REFERENCE, RULE_SYNTAX, pack, rule};
use crate::nearest::did_you_mean;
use crate::{PackId, Params, Rule, RuleId, RuleSet};
use proofmark_frameworks::load_framework;
use proofmark_source::{Diagnostic, FileId, Span, Workspace};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;

/// Loads the rules, packs and frameworks of a workspace whose root is a `rules/` folder: `frameworks/<id>.yaml`,
/// `packs/<id>.yaml`, `<area>/<rule>.yaml`. Other files are no concern of it.
///
/// # Errors
/// Everything that is wrong with any file, in order of file and place.
pub fn load_rule_set(workspace: &dyn Workspace) -> Result<RuleSet, Vec<Diagnostic>> {
    load_rules_beside(workspace, "", &RuleSet::default())
}

/// Loads the rules of a repository's own in `folder`, which may name controls of the frameworks in `base`. The answer
/// holds only what is new; see [`RuleSet::merge`].
///
/// # Errors
/// Everything that is wrong with any file, rules that `base` has already included.
pub fn load_rules_beside(
    workspace: &dyn Workspace,
    folder: &str,
    base: &RuleSet,
) -> Result<RuleSet, Vec<Diagnostic>> {
    let mut loader = Loader::new(base);
    for index in workspace.files_below(folder) {
        let Some(entry) = workspace.files().get(index) else { continue };
        let path = entry.path.strip_prefix(folder).unwrap_or(&entry.path).trim_start_matches('/');
        let file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        if path.ends_with(".yaml") || path.ends_with(".yml") {
            loader.load(workspace, file, path);
        }
    }
    loader.finish()
}

struct Loader<'b> {
    base: &'b RuleSet,
    set: RuleSet,
    rules: Vec<rule::Loaded>,
    packs: Vec<pack::LoadedPack>,
    framework_params: Vec<(SmolStr, pack::RuleParams)>,
    digest: Sha256,
    errors: Vec<Diagnostic>,
}

impl<'b> Loader<'b> {
    fn new(base: &'b RuleSet) -> Self {
        Self {
            base,
            set: RuleSet::default(),
            rules: Vec::new(),
            packs: Vec::new(),
            framework_params: Vec::new(),
            digest: Sha256::new(),
            errors: Vec::new(),
        }
    }

    fn add_error(&mut self, code: proofmark_source::Code, span: Span, message: String, help: Option<String>) {
        let mut errors = Errors::new(span.file);
        errors.add(code, span, message, help);
        self.errors.extend(errors.found);
    }

    fn load(&mut self, workspace: &dyn Workspace, file: FileId, path: &str) {
        let text = match workspace.load(file) {
            Ok(text) => text,
            Err(error) => {
                return self.add_error(RULE_SYNTAX, Span::file_start(file), error.to_string(), None);
            }
        };
        for part in [path, text] {
            self.digest.update((part.len() as u64).to_le_bytes());
            self.digest.update(part.as_bytes());
        }
        let Some((folder, name)) = path.strip_suffix(".yaml").and_then(|path| path.rsplit_once('/')) else {
            let help = "rules lie in `<area>/<rule>.yaml`".to_owned();
            return self.add_error(
                RULE_KEY,
                Span::file_start(file),
                "the file is in the wrong place".into(),
                Some(help),
            );
        };
        match folder {
            "frameworks" => self.load_framework(file, text),
            "packs" => match pack::load(PackId(SmolStr::new(name)), file, text) {
                Ok(loaded) => self.packs.push(loaded),
                Err(errors) => self.errors.extend(errors),
            },
            area => self.load_rule(area, name, file, text),
        }
    }

    fn load_framework(&mut self, file: FileId, text: &str) {
        match (load_framework(file, text), pack::load_framework_params(file, text)) {
            (Ok(framework), Ok(params)) => {
                if !params.params.is_empty() {
                    self.framework_params.push((SmolStr::clone(&framework.id.0), params));
                }
                self.set.frameworks.push(framework);
            }
            // What is wrong with the file as a whole both would say.
            (Err(errors), _) | (_, Err(errors)) => self.errors.extend(errors),
        }
    }

    fn load_rule(&mut self, area: &str, name: &str, file: FileId, text: &str) {
        let id = format!("{area}/{name}");
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'/';
        if !id.bytes().all(is_plain) {
            let help = "use lower case, digits and `-`".to_owned();
            let message = format!("`{id}` is not a rule id");
            return self.add_error(RULE_KEY, Span::file_start(file), message, Some(help));
        }
        match rule::load(RuleId(SmolStr::new(id)), file, text) {
            Ok(loaded) => self.rules.push(loaded),
            Err(errors) => self.errors.extend(errors),
        }
    }

    fn finish(mut self) -> Result<RuleSet, Vec<Diagnostic>> {
        self.rules.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
        self.packs.sort_by(|a, b| a.pack.id.cmp(&b.pack.id));
        self.set.frameworks.sort_by(|a, b| a.id.cmp(&b.id));
        self.check_controls();
        self.check_params();
        self.check_base();
        if !self.errors.is_empty() {
            self.errors.sort_by_key(|error| error.span);
            return Err(self.errors);
        }
        self.set.rules = self.rules.into_iter().map(|loaded| loaded.rule).collect();
        self.set.packs = self.packs.into_iter().map(|loaded| loaded.pack).collect();
        self.set.framework_params =
            self.framework_params.into_iter().map(|(framework, values)| (framework, values.params)).collect();
        self.set.digest = hexadecimal(&self.digest.finalize());
        Ok(self.set)
    }

    fn frameworks(&self) -> impl Iterator<Item = &proofmark_frameworks::Framework> {
        self.set.frameworks.iter().chain(&self.base.frameworks)
    }

    /// What is wrong with a control's name: nothing, or the help for it.
    fn control_problem(&self, control: &str) -> Option<Option<String>> {
        let framework_name = control.split('/').next().unwrap_or("");
        let Some(framework) = self.frameworks().find(|framework| framework.id.0 == framework_name) else {
            return Some(did_you_mean(
                framework_name,
                self.frameworks().map(|framework| framework.id.0.as_str()),
            ));
        };
        let controls = || framework.controls.iter().map(|control| control.id.0.as_str());
        if control == framework_name || controls().any(|known| known == control) {
            return None;
        }
        Some(did_you_mean(control, controls()))
    }

    /// Without any framework nobody can say which controls exist.
    fn check_controls(&mut self) {
        if self.frameworks().next().is_none() {
            return;
        }
        let of_rules = self.rules.iter().flat_map(|loaded| {
            loaded.rule.controls.iter().map(|control| &control.0).zip(&loaded.control_spans)
        });
        let of_packs =
            self.packs.iter().flat_map(|loaded| loaded.pack.controls.iter().zip(&loaded.control_spans));
        let mut problems = Vec::new();
        for (control, span) in of_rules.chain(of_packs) {
            if let Some(help) = self.control_problem(control) {
                problems.push((*span, format!("unknown control `{control}`"), help));
            }
        }
        for (span, message, help) in problems {
            self.add_error(RULE_REFERENCE, span, message, help);
        }
    }

    fn check_params(&mut self) {
        let mut problems = Vec::new();
        let of_packs = self.packs.iter().map(|loaded| (&loaded.pack.params, &loaded.param_spans));
        let of_frameworks = self.framework_params.iter().map(|(_, values)| (&values.params, &values.spans));
        for (params, spans) in of_packs.chain(of_frameworks) {
            for (rule, values) in params {
                let span = spans.get(rule).copied().unwrap_or(Span::file_start(FileId(0)));
                let known = self.rules.iter().map(|loaded| &loaded.rule).chain(&self.base.rules);
                match known.into_iter().find(|known| known.id == *rule) {
                    Some(known) => {
                        problems.extend(value_problem(known, values).map(|message| (span, message, None)))
                    }
                    None => {
                        let names = self.rules.iter().map(|loaded| loaded.rule.id.0.as_str());
                        problems.push((span, format!("unknown rule `{rule}`"), did_you_mean(&rule.0, names)));
                    }
                }
            }
        }
        for (span, message, help) in problems {
            self.add_error(RULE_REFERENCE, span, message, help);
        }
    }

    fn check_base(&mut self) {
        let mut problems = Vec::new();
        for loaded in self.rules.iter().filter(|loaded| self.base.rule(&loaded.rule.id).is_some()) {
            let span = loaded.control_spans.first().map_or(FileId(0), |span| span.file);
            problems.push((Span::file_start(span), format!("rule `{}` is built in already", loaded.rule.id)));
        }
        for (span, message) in problems {
            self.add_error(RULE_REFERENCE, span, message, Some("choose another name".to_owned()));
        }
    }
}

/// What is wrong with values for a rule's parameters.
pub(crate) fn value_problem(rule: &Rule, values: &Params) -> Option<String> {
    values.iter().find_map(|(name, value)| match rule.params.get(name) {
        None => Some(format!("rule `{}` has no parameter `{name}`", rule.id)),
        Some(param) if !value.fits(param.kind) => {
            Some(format!("parameter `{name}` of rule `{}` is of type `{}`", rule.id, param.kind))
        }
        Some(_) => None,
    })
}

/// Bytes as lower-case hexadecimal digits. Every evaluation has a fingerprint, so this avoids the machinery of formatting.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}
