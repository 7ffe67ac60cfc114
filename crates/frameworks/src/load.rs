//! Framework files.

use crate::strict::{Fields, Problems};
use crate::{Attestation, Control, ControlId, Duty, Framework, FrameworkId, Reach};
use proofmark_source::{Code, Diagnostic, FileId, Span};
use proofmark_syntax::{Node, NodeData, YamlDialect, parse_yaml};
use smol_str::{SmolStr, format_smolstr};
use std::collections::BTreeSet;

/// The file is not YAML, or not one mapping.
pub const FRAMEWORK_SYNTAX: Code = Code("framework-syntax");
/// A key is unknown, missing, given twice, or has a value that it cannot have.
pub const FRAMEWORK_KEY: Code = Code("framework-key");

const REACHES: [(&str, Reach); 3] =
    [("full", Reach::Full), ("partial", Reach::Partial), ("none", Reach::None)];
const DUTIES: [(&str, Duty); 2] = [("required", Duty::Required), ("addressable", Duty::Addressable)];

/// Reads a framework file, whose shape is
///
/// ```yaml
/// id: soc2
/// title: its full name
/// edition: the edition that the controls follow
/// source: https://the.official/text
/// groups:
///   - title: the part of the framework
///     source: https://the.official/part     # optional
///     controls:
///       - id: CC6.1
///         title: what it asks for, in our words
///         duty: required                    # or addressable; optional
///         reach: partial                    # full, partial, none
///         beyond: what files cannot show    # empty only with full reach
///         source: https://the.official/paragraph   # optional
///         attestation:                      # optional
///           { paths: [docs/x*.md], required: [owner], max_age_days: 366 }
/// params:                                   # optional: values that rules take for this framework
///   aws/some-rule: { min_days: 90 }
/// ```
///
/// # Errors
/// Everything that is wrong with it, in order of place.
pub fn load_framework(file: FileId, text: &str) -> Result<Framework, Vec<Diagnostic>> {
    let mut problems = Problems::new();
    let parsed = parse_yaml(file, text, YamlDialect::Core);
    for diagnostic in &parsed.diagnostics {
        let help = diagnostic.help.as_deref().unwrap_or("");
        problems.add(FRAMEWORK_SYNTAX, diagnostic.span, diagnostic.message.clone(), help);
    }
    if let Some(second) = parsed.documents.get(1) {
        problems.add(FRAMEWORK_SYNTAX, second.span, "the file holds a second document".to_owned(), "");
    }
    let framework = match parsed.documents.first() {
        Some(document) => read_framework(&document.root, &mut problems),
        None => None,
    };
    problems.finish(framework, file, FRAMEWORK_SYNTAX)
}

fn read_framework(root: &Node, problems: &mut Problems) -> Option<Framework> {
    // `params` are about rules; the room `rules` reads them.
    let known = ["id", "title", "edition", "source", "groups", "params"];
    let fields = Fields::open(root, &known, FRAMEWORK_KEY, problems)?;
    let id = fields.required_text("id", "write the file's name without `.yaml`", problems);
    let title = fields.required_text("title", "write the framework's full name", problems);
    let edition = fields.required_text("edition", "name the edition that the controls follow", problems);
    let source = read_source(&fields, problems);
    if source.is_none() && fields.get("source").is_none() {
        problems.add(
            FRAMEWORK_KEY,
            root.span,
            "`source` is missing".to_owned(),
            "write where the official text stands",
        );
    }
    let mut reader = ControlReader { framework: id.as_ref()?.as_str(), seen: BTreeSet::new(), problems };
    let groups = fields.required_list("groups", "write `- title: …` with `controls:`", reader.problems);
    let mut controls = Vec::new();
    for group in groups {
        reader.read_group(group, &mut controls);
    }
    Some(Framework { id: FrameworkId(id?), title: title?, edition: edition?, source: source?, controls })
}

/// An address under `source`, if there is one.
fn read_source(fields: &Fields<'_>, problems: &mut Problems) -> Option<SmolStr> {
    let source = fields.optional_text("source", problems)?;
    if source.starts_with("https://") {
        return Some(source);
    }
    let span = fields.get("source").map(|node| node.span)?;
    problems.add(FRAMEWORK_KEY, span, "`source` is not an address".to_owned(), "begin with `https://`");
    None
}

/// Reads the controls of one framework.
struct ControlReader<'p> {
    framework: &'p str,
    seen: BTreeSet<SmolStr>,
    problems: &'p mut Problems,
}

impl ControlReader<'_> {
    fn read_group(&mut self, node: &Node, controls: &mut Vec<Control>) {
        let known = ["title", "source", "controls"];
        let Some(fields) = Fields::open(node, &known, FRAMEWORK_KEY, self.problems) else { return };
        let help = "write the name of this part of the framework";
        let title = fields.required_text("title", help, self.problems).unwrap_or_default();
        let source = read_source(&fields, self.problems);
        for control in fields.required_list("controls", "write `- id: …`", self.problems) {
            controls.extend(self.read_control(control, &title, source.as_ref()));
        }
    }

    fn read_control(
        &mut self,
        node: &Node,
        group: &SmolStr,
        group_source: Option<&SmolStr>,
    ) -> Option<Control> {
        let known = ["id", "title", "duty", "reach", "beyond", "source", "attestation"];
        let fields = Fields::open(node, &known, FRAMEWORK_KEY, self.problems)?;
        let number = fields.required_text("id", "write the control's number, in quotes", self.problems);
        let title =
            fields.required_text("title", "say in our words what the control asks for", self.problems);
        if let Some(number) = &number
            && !self.seen.insert(SmolStr::clone(number))
        {
            let span = fields.get("id").map_or(node.span, |id| id.span);
            let message = format!("control `{number}` is listed twice");
            self.problems.add(FRAMEWORK_KEY, span, message, "list each control once");
        }
        let duty = fields.word("duty", &DUTIES, self.problems);
        let reach = self.read_reach(&fields, node.span);
        let beyond_files = self.read_beyond(&fields, reach, node.span);
        let source = read_source(&fields, self.problems).or_else(|| group_source.cloned());
        let attestation = fields.get("attestation").and_then(|node| self.read_attestation(node));
        let id = ControlId(format_smolstr!("{}/{}", self.framework, number?));
        let group = SmolStr::clone(group);
        Some(Control { id, title: title?, group, duty, reach: reach?, beyond_files, attestation, source })
    }

    fn read_reach(&mut self, fields: &Fields<'_>, span: Span) -> Option<Reach> {
        if fields.get("reach").is_none() {
            let help = "write `full`, `partial` or `none`: how far files can show the control";
            self.problems.add(FRAMEWORK_KEY, span, "`reach` is missing".to_owned(), help);
        }
        fields.word("reach", &REACHES, self.problems)
    }

    /// What files cannot show: a sentence, unless they show everything.
    fn read_beyond(&mut self, fields: &Fields<'_>, reach: Option<Reach>, span: Span) -> SmolStr {
        let beyond = fields.optional_text("beyond", self.problems).unwrap_or_default();
        if beyond.is_empty() && matches!(reach, Some(Reach::Partial | Reach::None)) {
            let help = "say in a sentence what files cannot show";
            self.problems.add(FRAMEWORK_KEY, span, "`beyond` is missing".to_owned(), help);
        }
        beyond
    }

    fn read_attestation(&mut self, node: &Node) -> Option<Attestation> {
        let known = ["paths", "required", "max_age_days"];
        let fields = Fields::open(node, &known, FRAMEWORK_KEY, self.problems)?;
        let paths =
            fields.required_texts("paths", "write path patterns such as `docs/policies/*.md`", self.problems);
        let required =
            fields.required_texts("required", "name front matter keys such as `owner`", self.problems);
        let max_age_days = match fields.get("max_age_days").map(|node| (&node.data, node.span)) {
            None => None,
            Some((NodeData::Integer(days), span)) => match u32::try_from(*days) {
                Ok(days) if days > 0 => Some(days),
                _ => self.refuse_age(span),
            },
            Some((_, span)) => self.refuse_age(span),
        };
        Some(Attestation { paths, required, max_age_days })
    }

    fn refuse_age(&mut self, span: Span) -> Option<u32> {
        let message = "`max_age_days` is not a number of days".to_owned();
        self.problems.add(FRAMEWORK_KEY, span, message, "write a whole number above 0");
        None
    }
}
