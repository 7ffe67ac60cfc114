//! What every part of a file needs at hand.

use crate::expression::{Scope, is_dynamic, possible_values, whole_constant};
use crate::places::{relocate, unknown_but_set};
use crate::scalar::Scalar;
use crate::shells::Start;
use proofmark_model::{Comment, Data, Origin, SmolStr, Value, comments_of};
use proofmark_shell::{State, command_values, read_script};
use proofmark_source::{FileId, LineIndex, Span};
use proofmark_syntax::{Comment as SyntaxComment, Node};

/// A parsed file.
pub struct FileContext<'a> {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'a str,
    /// Its lines.
    pub lines: &'a LineIndex,
    /// Its comments, in order of place.
    pub comments: &'a [SyntaxComment],
}

impl FileContext<'_> {
    /// The whole file.
    pub fn whole(&self) -> Span {
        Span::new(self.file, 0, self.text.len())
    }

    /// The comment behind `span` on the line where it ends.
    pub fn comment_behind(&self, span: Span) -> Option<&SyntaxComment> {
        let line = self.lines.line_number(span.end.saturating_sub(1));
        let from = self.comments.partition_point(|comment| comment.span.start < span.end);
        let comment = self.comments.get(from)?;
        (self.lines.line_number(comment.span.start) == line).then_some(comment)
    }

    /// The comments that belong to what stands at `span`.
    pub fn comments_of(&self, span: Span) -> Vec<Comment> {
        comments_of(self.comments, self.lines, self.text, span)
    }

    /// The value of a node, with texts that hold an expression unknown, except under the names in `texts`.
    pub fn value(&self, node: &Node, header: Span, texts: &[&str]) -> Value {
        self.value_in(node, header, texts, &Scope::default())
    }

    /// The same where names stand for something: an expression with one possible result becomes that.
    pub fn value_in(&self, node: &Node, header: Span, texts: &[&str], scope: &Scope<'_>) -> Value {
        let value = Value::from_node(node, header);
        let hidden = hide_dynamic(&value, texts, scope);
        self.settled(node, hidden.unwrap_or(value))
    }

    /// The same without hiding expressions.
    pub fn raw_value(&self, node: &Node, header: Span) -> Value {
        self.settled(node, Value::from_node(node, header))
    }

    fn settled(&self, node: &Node, value: Value) -> Value {
        match node.included_at {
            // The tree's own conversion has moved the root already; its children still stand at the anchor.
            Some(at) if !node.entries().is_empty() || !node.elements().is_empty() => {
                relocate(&value, at, "an anchor")
            }
            _ => value,
        }
    }

    /// The commands of the script in `node`, and what it leaves to the next one in the same shell.
    pub fn commands(&self, node: &Node, start: &Start<'_>) -> (Vec<Value>, State) {
        let Some(scalar) = Scalar::of(node, self.text) else { return Default::default() };
        let locate = |range: std::ops::Range<usize>| scalar.locate(range);
        let script = read_script(scalar.text, &start.settings(&locate));
        (command_values(scalar.text, &script, &locate), script.end)
    }
}

/// Makes texts with an expression unknown: only a run decides them. Those with one possible result become it. `None` where
/// there are none, as in most values.
fn hide_dynamic(value: &Value, texts: &[&str], scope: &Scope<'_>) -> Option<Value> {
    let data = match &value.data {
        Data::String(text) if is_dynamic(text) => return Some(settled_text(value, text, scope)),
        Data::List(elements) => {
            let hidden: Vec<Option<Value>> =
                elements.iter().map(|element| hide_dynamic(element, texts, scope)).collect();
            if hidden.iter().all(Option::is_none) {
                return None;
            }
            let settled = hidden.into_iter().zip(elements.iter());
            Data::List(
                settled.map(|(hidden, element)| hidden.unwrap_or_else(|| Value::clone(element))).collect(),
            )
        }
        Data::Map(map) => {
            let hidden: Vec<Option<Value>> = map
                .entries()
                .iter()
                .map(|entry| match entry.value.as_str().is_some() && texts.contains(&entry.name.as_str()) {
                    true => None,
                    false => hide_dynamic(&entry.value, texts, scope),
                })
                .collect();
            if hidden.iter().all(Option::is_none) {
                return None;
            }
            let mut hidden = hidden.into_iter();
            let settled = map
                .with_values(|entry| hidden.next().flatten().unwrap_or_else(|| Value::clone(&entry.value)));
            Data::Map(settled.into())
        }
        _ => return None,
    };
    Some(value.with_data(data))
}

fn settled_text(value: &Value, text: &str, scope: &Scope<'_>) -> Value {
    let span = value.origin.span;
    if let Some(constant) = whole_constant(text, span) {
        return value.with_data(constant);
    }
    if let Some([only]) = possible_values(text, span, scope).as_deref() {
        return Value::clone(only);
    }
    let reason = SmolStr::new(format!("`{}` is decided when the workflow runs", text.trim()));
    let hidden = Value { origin: Origin::clone(&value.origin), ..unknown_but_set(reason, span) };
    with_prefix(hidden, text)
}

/// Notes how an unknown text begins.
fn with_prefix(value: Value, text: &str) -> Value {
    let Some(unknown) = value.as_unknown() else { return value };
    let mut unknown = unknown.clone();
    let prefix = text.split("${{").next().unwrap_or("");
    unknown.known.prefix = (!prefix.is_empty()).then(|| SmolStr::new(prefix));
    Value { data: Data::Unknown(unknown.into()), ..value }
}
