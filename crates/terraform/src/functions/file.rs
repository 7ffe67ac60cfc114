//! Functions that read files, inside the root only, and templates.

use super::encoding::encode_base64;
use super::hash::digest;
use crate::evaluator::{Eval, Evaluator, Fault};
use crate::limits::MAX_ELEMENTS;
use crate::scope::Scope;
use crate::types::set_of;
use crate::value::{computed, is_wholly_known, to_text, unknown_from, unknown_text};
use proofmark_hcl::{SpanMap, parse_template};
use proofmark_model::{Data, Shape, SmolStr, Value};
use proofmark_source::{FileId, Span, join_path, parent_path};
use smol_str::format_smolstr;

/// A call of a function over files.
struct FileCall<'a> {
    name: &'a str,
    arguments: &'a [Value],
    span: Span,
}

impl FileCall<'_> {
    /// A result made here.
    fn computed(&self, data: Data) -> Value {
        computed(data, self.span, &self.arguments.iter().collect::<Vec<_>>())
    }

    /// A result that is not known because an argument is not.
    fn unknown_from(&self, shape: Shape) -> Value {
        unknown_from(Some(shape), self.span, &self.arguments.iter().collect::<Vec<_>>())
    }

    /// A text that is not known for a reason of its own.
    fn unknown(&self, reason: SmolStr) -> Value {
        unknown_text(reason, self.span)
    }
}

impl<'r> Evaluator<'r> {
    /// The value of a function over files; `None` for other functions.
    pub fn file_function(
        &self,
        name: &str,
        arguments: &[Value],
        span: Span,
        scope: &Scope<'_, 'r>,
    ) -> Option<Eval> {
        let wanted = match name {
            "abspath" | "pathexpand" => Some(1),
            "basename" | "dirname" | "file" | "fileexists" | "filebase64" | "filemd5" | "filesha1"
            | "filesha256" | "filesha512" | "filebase64sha256" | "filebase64sha512" => Some(1),
            "fileset" | "templatefile" | "templatestring" => Some(2),
            _ => None,
        }?;
        if arguments.len() != wanted {
            return Some(Err(Fault::new(
                span,
                format!("`{name}` takes {wanted} arguments, not {}", arguments.len()),
            )));
        }
        Some(self.run_file_function(&FileCall { name, arguments, span }, scope))
    }

    fn run_file_function(&self, call: &FileCall<'_>, scope: &Scope<'_, 'r>) -> Eval {
        let &FileCall { name, arguments, span } = call;
        let shape = if matches!(name, "fileset") { Shape::List } else { Shape::String };
        let Some(first) = arguments.first().filter(|first| is_wholly_known(first)) else {
            return Ok(call.unknown_from(shape));
        };
        let fault = |message: String| Fault::new(span, format!("`{name}`: {message}"));
        let text = to_text(first).ok_or_else(|| fault(String::from("argument 1 must be a string")))?;
        let made = |data: Data| Ok(call.computed(data));
        match name {
            "basename" => made(Data::String(base_name(&text))),
            "dirname" => made(Data::String(folder_name(&text))),
            "pathexpand" if !text.starts_with('~') => made(Data::String(text)),
            "abspath" | "pathexpand" => {
                Ok(call.unknown(format_smolstr!("`{name}` depends on where Terraform runs")))
            }
            "fileset" => {
                let pattern = arguments.get(1).and_then(to_text).unwrap_or_default();
                made(Data::List(self.file_set(&text, &pattern, span).into()))
            }
            "templatestring" => self.render_text(call, &text, SpanMap::Fixed(span), scope),
            _ => self.with_file(call, &text, scope),
        }
    }

    fn with_file(&self, call: &FileCall<'_>, path: &str, scope: &Scope<'_, 'r>) -> Eval {
        let found = self.find_file(path);
        if call.name == "fileexists" {
            return Ok(call.computed(Data::Bool(found.is_some())));
        }
        let Some(file) = found else {
            // It may be made by a build, or lie outside of what may be read: that is no mistake of the configuration.
            return Ok(call.unknown(format_smolstr!("the file `{path}` is not in the repository")));
        };
        let text = self.workspace.load(file);
        if call.name == "templatefile" {
            let Ok(text) = text else {
                return Ok(call.unknown(format_smolstr!("the file `{path}` cannot be read as text")));
            };
            return self.render_text(call, text, SpanMap::Offset(file, 0), scope);
        }
        let data = match (call.name, text, self.workspace.load_bytes(file)) {
            ("file", Ok(text), _) => Data::String(SmolStr::new(text)),
            ("file", Err(_), _) => {
                return Err(Fault::new(call.span, format!("the file `{path}` is not UTF-8")));
            }
            (_, _, None) => return Ok(call.unknown(format_smolstr!("the file `{path}` cannot be read"))),
            ("filebase64", _, Some(bytes)) => Data::String(encode_base64(&bytes).into()),
            (name, _, Some(bytes)) => {
                let plain = name.trim_start_matches("file");
                Data::String(digest(plain, &bytes).into())
            }
        };
        Ok(call.computed(data))
    }

    /// The file at a path that is relative to the root module, where Terraform runs.
    fn find_file(&self, path: &str) -> Option<FileId> {
        self.workspace.find(&join_path(&self.root()?.folder, path)?)
    }

    fn file_set(&self, folder: &str, pattern: &str, span: Span) -> Vec<Value> {
        let Some(folder) = self.root().and_then(|root| join_path(&root.folder, folder)) else {
            return Vec::new();
        };
        let prefix = if folder.is_empty() { 0 } else { folder.len() + 1 };
        let matching = self.workspace.files_below(&folder).filter_map(|index| {
            let relative = self.workspace.files().get(index)?.path.get(prefix..)?;
            matches_glob(pattern, relative).then(|| Value::string(relative, span))
        });
        set_of(matching.take(MAX_ELEMENTS).collect())
    }

    /// The text of a template, with the names that the second argument holds.
    fn render_text(&self, call: &FileCall<'_>, text: &str, map: SpanMap, scope: &Scope<'_, 'r>) -> Eval {
        let span = call.span;
        let names = call.arguments.get(1);
        let Some((names, bound)) = names.and_then(|names| Some((names, names.as_map()?))) else {
            return Ok(unknown_from(Some(Shape::String), span, names.as_slice()));
        };
        let parts = parse_template(text, map).map_err(|diagnostic| Fault(Box::new(diagnostic)))?;
        let bindings = bound.entries().iter();
        let bindings: Vec<(SmolStr, Value)> =
            bindings.map(|entry| (SmolStr::clone(&entry.name), Value::clone(&entry.value))).collect();
        let visible = scope.names(&bindings);
        let mut value = self.text(&parts, span, &scope.with(&visible))?;
        value.origin.span = span;
        value.is_sensitive |= names.is_sensitive;
        Ok(value)
    }
}

fn base_name(path: &str) -> SmolStr {
    let trimmed = path.trim_end_matches('/');
    match (trimmed.rsplit('/').next(), path.is_empty()) {
        (_, true) => SmolStr::new_static("."),
        (Some(""), _) | (None, _) => SmolStr::new_static("/"),
        (Some(name), _) => SmolStr::new(name),
    }
}

fn folder_name(path: &str) -> SmolStr {
    match parent_path(path) {
        "" if path.starts_with('/') => SmolStr::new_static("/"),
        "" => SmolStr::new_static("."),
        folder => SmolStr::new(folder),
    }
}

/// Whether a path matches a pattern with `*`, `?`, `**`, `{a,b}` and `[…]`, as `fileset` documents them.
fn matches_glob(pattern: &str, path: &str) -> bool {
    let mut expression = String::from("^");
    let mut characters = pattern.chars().peekable();
    let mut braces = 0;
    while let Some(character) = characters.next() {
        match character {
            '*' if characters.next_if_eq(&'*').is_some() => {
                let is_folder = characters.next_if_eq(&'/').is_some();
                expression.push_str(if is_folder { "(?:.*/)?" } else { ".*" });
            }
            '*' => expression.push_str("[^/]*"),
            '?' => expression.push_str("[^/]"),
            '{' => {
                braces += 1;
                expression.push_str("(?:");
            }
            '}' if braces > 0 => {
                braces -= 1;
                expression.push(')');
            }
            ',' if braces > 0 => expression.push('|'),
            '[' => expression.push('['),
            ']' => expression.push(']'),
            other => expression.push_str(&regex::escape(&other.to_string())),
        }
    }
    expression.push('$');
    regex::Regex::new(&expression).is_ok_and(|compiled| compiled.is_match(path))
}
