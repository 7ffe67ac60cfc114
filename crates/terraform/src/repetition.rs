//! How often a block stands: `count` and `for_each`, and the instances that they make.
//!
//! Follows <https://developer.hashicorp.com/terraform/language/meta-arguments/count> and `for_each` beside it. Where
//! Terraform refuses a value, and where nobody knows it, one instance stands for all that there may be.

use crate::evaluator::{CYCLE, Evaluator, Fault, Instance, LIMIT, TOO_DEEP};
use crate::limits::{MAX_INSTANCES, MAX_REPETITIONS};
use crate::scope::Scope;
use crate::value::{describe, to_number, to_text};
use proofmark_hcl::{Attribute as HclAttribute, Block};
use proofmark_model::{Attribute, Condition, Data, Elements, ListKind, Map, Shape, SmolStr, Unknown, Value};
use proofmark_source::{Diagnostic, Impact, Span};
use smol_str::{SmolStrBuilder, format_smolstr};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;
use std::sync::Arc;

/// How often a block stands for something.
#[derive(Debug)]
pub(crate) struct Repetition {
    pub kind: RepetitionKind,
    pub keys: Vec<InstanceKey>,
    /// All instances as one value, once it is made.
    pub whole: OnceCell<Data>,
    /// Places in `keys`, by suffix.
    places: BTreeMap<SmolStr, usize>,
}

/// What repeats a block.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RepetitionKind {
    /// Nothing: it stands for one.
    Once,
    Count,
    Each,
    /// `count` or `for_each` with a value that is not known: one instance stands for all of them.
    Unknown(Arc<Unknown>),
}

/// One instance of a repeated block.
#[derive(Clone, Debug)]
pub(crate) struct InstanceKey {
    /// What stands behind the address: `[0]`, `["a"]`, or nothing.
    pub suffix: SmolStr,
    /// The key of `for_each`.
    pub text: SmolStr,
    /// `each` and `count`.
    pub bindings: Vec<(SmolStr, Value)>,
    /// Why nobody knows whether this instance stands.
    pub condition: Option<Condition>,
}

impl<'r> Evaluator<'r> {
    /// How often a block stands, from its `count` or `for_each`. `key` names the block within its module.
    pub fn repetition(&self, module: &Rc<Instance<'r>>, key: &SmolStr, block: &Block) -> Rc<Repetition> {
        match module.repetitions.borrow().get(key) {
            Some(Some(known)) => return Rc::clone(known),
            Some(None) => {
                let message = format!("how often `{key}` stands depends on itself");
                let diagnostic = Diagnostic::new(CYCLE, Impact::None, block.header, message);
                let unknown = Arc::new(self.report_unknown(diagnostic));
                return Rc::new(self.stand_in(module, &unknown, block.header));
            }
            None => {}
        }
        if self.is_deep() {
            let unknown = Arc::new(self.report_unknown(*Fault::limit(block.header, TOO_DEEP).0));
            return Rc::new(self.stand_in(module, &unknown, block.header));
        }
        module.repetitions.borrow_mut().insert(SmolStr::clone(key), None);
        let made = Rc::new(self.repetition_of(module, block));
        module.repetitions.borrow_mut().insert(SmolStr::clone(key), Some(Rc::clone(&made)));
        made
    }

    /// Why no more instances are read, once there are too many.
    pub fn check_room(&self, block: &Block) -> Result<(), Arc<Unknown>> {
        if self.made.get() <= MAX_INSTANCES {
            return Ok(());
        }
        let message =
            format!("the root module has more than {MAX_INSTANCES} instances; the rest is not read");
        let diagnostic = Diagnostic::new(LIMIT, Impact::Partial, block.header, message);
        Err(Arc::new(self.report_unknown(diagnostic)))
    }

    fn repetition_of(&self, module: &Rc<Instance<'r>>, block: &Block) -> Repetition {
        let made = match self.check_room(block) {
            Ok(()) => self.written_repetition(module, block),
            Err(unknown) => self.stand_in(module, &unknown, block.header),
        };
        self.made.set(self.made.get().saturating_add(made.keys.len()));
        made
    }

    fn written_repetition(&self, module: &Rc<Instance<'r>>, block: &Block) -> Repetition {
        let (attribute, made) = match (block.body.attribute("count"), block.body.attribute("for_each")) {
            (None, None) => return Repetition::once(),
            (Some(_), Some(for_each)) => {
                let message = "`count` and `for_each` exclude each other, and this block has both";
                (for_each, Err(Fault::new(for_each.name_span, message)))
            }
            (Some(count), None) => (count, self.count(module, count)),
            (None, Some(for_each)) => (for_each, self.for_each(module, for_each)),
        };
        made.unwrap_or_else(|Fault(diagnostic)| {
            self.stand_in(module, &Arc::new(self.report_unknown(*diagnostic)), attribute.value.span)
        })
    }

    fn count(&self, module: &Rc<Instance<'r>>, attribute: &HclAttribute) -> Result<Repetition, Fault> {
        let value = self.evaluate(&attribute.value, &Scope::of(module))?;
        let span = attribute.value.span;
        if let Data::Unknown(unknown) = &value.data {
            return Ok(self.stand_in(module, unknown, span));
        }
        let whole = to_number(&value).filter(|count| *count >= 0.0 && count.fract() == 0.0);
        let Some(count) = whole else {
            let message = format!("`count` must be a whole number from 0, and this is {}", shown(&value));
            return Err(Fault::new(span, message));
        };
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be whole and positive; the rest is cut"
        )]
        let count = count as usize;
        if count > MAX_REPETITIONS {
            let message = format!("`count` is {count}; only the first {MAX_REPETITIONS} instances are read");
            self.report(Diagnostic::new(LIMIT, Impact::Partial, span, message));
        }
        let keys = (0..count.min(MAX_REPETITIONS)).map(|index| {
            let number = value.with_data(Data::Integer(i64::try_from(index).unwrap_or(i64::MAX)));
            InstanceKey {
                suffix: format_smolstr!("[{index}]"),
                text: format_smolstr!("{index}"),
                bindings: vec![binding("count", [("index", number)], span)],
                condition: None,
            }
        });
        Ok(Repetition::new(RepetitionKind::Count, keys.collect()))
    }

    fn for_each(&self, module: &Rc<Instance<'r>>, attribute: &HclAttribute) -> Result<Repetition, Fault> {
        let value = self.evaluate(&attribute.value, &Scope::of(module))?;
        let span = attribute.value.span;
        if value.is_sensitive {
            return Err(Fault::new(span, SENSITIVE_KEYS));
        }
        let mut rest = None;
        let mut keys: Vec<InstanceKey> = Vec::new();
        match &value.data {
            Data::Unknown(unknown) => return Ok(self.stand_in(module, unknown, span)),
            Data::Map(map) => {
                rest.clone_from(&map.unknown_rest);
                for entry in map.entries().iter().take(MAX_REPETITIONS) {
                    let key = Value::string(SmolStr::clone(&entry.name), entry.name_span);
                    keys.push(each_key(key, Value::clone(&entry.value), span));
                }
                self.limit_keys(map.entries().len(), span);
            }
            Data::List(elements) => {
                rest = set_keys(elements, span, &mut keys)?;
                self.limit_keys(elements.len(), span);
                // What is meant is clear: Terraform asks for `toset` around it.
                if elements.kind() != ListKind::Set {
                    self.report(*Fault::new(span, not_repeatable(&value)).0);
                    let mut seen = BTreeSet::new();
                    keys.retain(|key| seen.insert(SmolStr::clone(&key.suffix)));
                }
            }
            _ => return Err(Fault::new(span, not_repeatable(&value))),
        }
        // One more instance stands for those that are not known.
        if let Some(unknown) = rest {
            keys.extend(self.stand_in(module, &unknown, span).keys);
        }
        Ok(Repetition::new(RepetitionKind::Each, keys))
    }

    /// Tells of keys that are too many.
    pub fn limit_keys(&self, count: usize, span: Span) {
        if count > MAX_REPETITIONS {
            let message =
                format!("`for_each` has {count} elements; only the first {MAX_REPETITIONS} are read");
            self.report(Diagnostic::new(LIMIT, Impact::Partial, span, message));
        }
    }

    /// One instance in the place of those that are not known, by a `count` or `for_each` that stands at `span`.
    fn stand_in(&self, module: &Instance<'r>, unknown: &Arc<Unknown>, span: Span) -> Repetition {
        let shaped = |shape: Option<Shape>| {
            let mut inner = Unknown::because(SmolStr::clone(&unknown.reason));
            inner.known.shape = shape;
            inner.known.is_set = shape.is_some();
            Value::unknown(inner, span)
        };
        let bindings = vec![
            binding("count", [("index", shaped(Some(Shape::Number)))], span),
            binding("each", [("key", shaped(Some(Shape::String))), ("value", shaped(None))], span),
        ];
        let text = span.slice(self.workspace.load(span.file).unwrap_or(""));
        let condition = Condition {
            scope: SmolStr::clone(&module.prefix),
            text: SmolStr::new(text),
            unknown: Arc::clone(unknown),
        };
        let key = InstanceKey {
            suffix: SmolStr::default(),
            text: SmolStr::default(),
            bindings,
            condition: Some(condition),
        };
        Repetition::new(RepetitionKind::Unknown(Arc::clone(unknown)), vec![key])
    }
}

const SENSITIVE_KEYS: &str = "`for_each` must not be sensitive, since its keys stand in addresses";

/// The keys of a set; gives why there may be more.
fn set_keys(
    elements: &Elements,
    span: Span,
    keys: &mut Vec<InstanceKey>,
) -> Result<Option<Arc<Unknown>>, Fault> {
    let mut rest = None;
    for element in elements.iter().take(MAX_REPETITIONS) {
        if element.is_sensitive {
            return Err(Fault::new(span, SENSITIVE_KEYS));
        }
        match &element.data {
            Data::String(_) => keys.push(each_key(Value::clone(element), Value::clone(element), span)),
            Data::Unknown(unknown) => rest = Some(Arc::clone(unknown)),
            _ => {
                let message =
                    format!("the set of a `for_each` holds strings, and this has {}", describe(element));
                return Err(Fault::new(span, message));
            }
        }
    }
    Ok(rest)
}

fn not_repeatable(value: &Value) -> String {
    format!("`for_each` must be a map or a set of strings, and this is {}", shown(value))
}

/// What a value is, for a message that says what it must be.
fn shown(value: &Value) -> String {
    match &value.data {
        Data::Integer(_) | Data::Float(_) => format!("{value}"),
        Data::List(elements) if elements.kind() == ListKind::Tuple => "a tuple".to_owned(),
        _ => describe(value).to_owned(),
    }
}

fn binding<const N: usize>(
    name: &'static str,
    members: [(&'static str, Value); N],
    span: Span,
) -> (SmolStr, Value) {
    let entries = members.into_iter().map(|(name, value)| Attribute {
        name: SmolStr::new_static(name),
        name_span: value.origin.span,
        value,
    });
    (SmolStr::new_static(name), Value::map(Map::new(entries.collect()), span))
}

fn each_key(key: Value, value: Value, span: Span) -> InstanceKey {
    let text = to_text(&key).unwrap_or_default();
    InstanceKey {
        suffix: quoted_key(&text),
        text,
        bindings: vec![binding("each", [("key", key), ("value", value)], span)],
        condition: None,
    }
}

/// What stands behind the address of the instance with that key.
pub(crate) fn key_suffix(kind: &RepetitionKind, key: &Value) -> SmolStr {
    let text = to_text(key).unwrap_or_default();
    if *kind == RepetitionKind::Count { format_smolstr!("[{text}]") } else { quoted_key(&text) }
}

/// A key as Terraform prints it in addresses: like a string of the language, in which `${` and `%{` would begin a
/// template, with what cannot be printed escaped.
pub(crate) fn quoted_key(text: &str) -> SmolStr {
    let mut quoted = SmolStrBuilder::new();
    quoted.push_str("[\"");
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                quoted.push(character);
                quoted.push(character);
            }
            printable if is_printable(printable) => quoted.push(printable),
            // Writing to a builder cannot fail.
            other if u32::from(other) <= 0xffff => drop(write!(quoted, "\\u{:04x}", u32::from(other))),
            other => drop(write!(quoted, "\\U{:08x}", u32::from(other))),
        }
    }
    quoted.push_str("\"]");
    quoted.finish()
}

/// Whether a character is a letter, mark, number, sign or the space.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // The standard library knows the table, and shows it only in how it escapes texts; behind a letter, a mark is none
    // that it escapes.
    let mut bytes = [0; 8];
    let (letter, rest) = bytes.split_at_mut(1);
    letter.copy_from_slice(b"a");
    let length = 1 + character.encode_utf8(rest).len();
    let text = bytes.get(..length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or("");
    text.escape_debug().nth(1) == Some(character)
}

impl Repetition {
    fn new(kind: RepetitionKind, keys: Vec<InstanceKey>) -> Self {
        let is_keyed = matches!(kind, RepetitionKind::Count | RepetitionKind::Each);
        let places = keys.iter().enumerate().filter(|_| is_keyed);
        let places = places.map(|(place, key)| (SmolStr::clone(&key.suffix), place)).collect();
        Self { kind, keys, whole: OnceCell::new(), places }
    }

    /// A block that stands for one.
    fn once() -> Self {
        let key = InstanceKey {
            suffix: SmolStr::default(),
            text: SmolStr::default(),
            bindings: Vec::new(),
            condition: None,
        };
        Self::new(RepetitionKind::Once, vec![key])
    }

    /// The place of the instance with that suffix.
    pub fn find(&self, suffix: &str) -> Option<usize> {
        self.places.get(suffix).copied()
    }

    /// The place of the instance that stands for those that are not known, where there is one.
    pub fn find_open(&self) -> Option<usize> {
        self.keys.iter().position(|key| key.condition.is_some())
    }
}
