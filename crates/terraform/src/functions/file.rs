//! Functions that read files, inside the root only, and functions over paths.

use super::encoding::encode_base64;
use super::hash::digest;
use super::signature::{Function, any, function, reading, string};
use super::{BOOL, Call, LIST, Made, Refusal, STRING, glob, template};
use crate::evaluator::{Eval, Evaluator, Fault};
use crate::limits::MAX_ELEMENTS;
use crate::scope::Scope;
use crate::value::unknown_text;
use proofmark_hcl::SpanMap;
use proofmark_model::{Data, Elements, HOLE, Known, ListKind, SmolStr, Value};
use proofmark_source::{FileId, LoadError, join_path};
use smol_str::format_smolstr;
use std::fmt;

pub(super) const FUNCTIONS: &[Function] = &[
    function("abspath", &[string("path")], STRING, absolute),
    function("basename", &[string("path")], STRING, |call| call.string(base_name(&call.text(0)?))),
    function("dirname", &[string("path")], STRING, |call| call.string(folder_name(&call.text(0)?))),
    function("pathexpand", &[string("path")], STRING, expanded),
    reading("file", &[string("path")], STRING, |evaluator, call, _| evaluator.file_text(call)),
    reading("fileexists", &[string("path")], BOOL, |evaluator, call, _| evaluator.file_exists(call)),
    reading("filebase64", &[string("path")], STRING, |evaluator, call, _| evaluator.file_bytes(call)),
    reading("filemd5", &[string("path")], STRING, |evaluator, call, _| evaluator.file_bytes(call)),
    reading("filesha1", &[string("path")], STRING, |evaluator, call, _| evaluator.file_bytes(call)),
    reading("filesha256", &[string("path")], STRING, |evaluator, call, _| evaluator.file_bytes(call)),
    reading("filesha512", &[string("path")], STRING, |evaluator, call, _| evaluator.file_bytes(call)),
    reading("filebase64sha256", &[string("path")], STRING, |evaluator, call, _| evaluator.file_bytes(call)),
    reading("filebase64sha512", &[string("path")], STRING, |evaluator, call, _| evaluator.file_bytes(call)),
    reading("fileset", &[string("path"), string("pattern")], LIST, |evaluator, call, _| {
        evaluator.file_set(call)
    }),
    reading("templatefile", &[string("path"), any("vars")], STRING, |evaluator, call, scope| {
        evaluator.template_file(call, scope)
    })
    .handles_unknown()
    .keeps_marks(),
    reading("templatestring", &[string("template"), any("vars")], STRING, |evaluator, call, scope| {
        evaluator.template_string(call, scope)
    })
    .handles_unknown()
    .keeps_marks(),
];

/// What stands at a path.
enum Found {
    File(FileId),
    /// Nothing that may be read: the value is not known.
    Hidden(Value),
}

impl<'r> Evaluator<'r> {
    fn path_of(call: &Call<'_>) -> Result<SmolStr, Fault> {
        call.text(0).map_err(|refusal| call.fault(refusal))
    }

    /// The path in the workspace of a path that is relative to the root module, where Terraform runs. What lies outside
    /// of the workspace is never read; that is no mistake of the configuration, so that nothing catches it.
    fn workspace_path(&self, call: &Call<'_>, path: &str) -> Result<String, Value> {
        let inside =
            self.root().and_then(|root| join_path(&root.folder, path)).filter(|_| !path.starts_with('~'));
        inside.ok_or_else(|| {
            let why = format_args!("the path `{path}` lies outside of the root, and nothing there is read");
            self.unread(call, why)
        })
    }

    /// A text that is not known because a file is not read.
    fn unread(&self, call: &Call<'_>, why: fmt::Arguments<'_>) -> Value {
        let Fault(diagnostic) = call.fault(why.to_string());
        unknown_text(self.report_unknown(*diagnostic).reason, call.span)
    }

    fn find_file(&self, call: &Call<'_>) -> Result<Found, Fault> {
        let path = Self::path_of(call)?;
        let inside = match self.workspace_path(call, &path) {
            Ok(inside) => inside,
            Err(unknown) => return Ok(Found::Hidden(unknown)),
        };
        if let Some(file) = self.workspace.find(&inside) {
            return Ok(Found::File(file));
        }
        if !self.workspace.files_below(&inside).is_empty() {
            return Err(call.fault(format!("`{path}` is a folder")));
        }
        Err(call.fault(format!("there is no file `{path}`")))
    }

    fn file_exists(&self, call: &Call<'_>) -> Eval {
        let path = Self::path_of(call)?;
        let inside = match self.workspace_path(call, &path) {
            Ok(inside) => inside,
            Err(unknown) => return Ok(unknown),
        };
        let is_there = self.workspace.find(&inside).is_some();
        if !is_there && !self.workspace.files_below(&inside).is_empty() {
            return Err(call.fault(format!("`{path}` is a folder")));
        }
        Ok(Value::new(Data::Bool(is_there), call.span))
    }

    fn file_text(&self, call: &Call<'_>) -> Eval {
        let file = match self.find_file(call)? {
            Found::File(file) => file,
            Found::Hidden(unknown) => return Ok(unknown),
        };
        match self.text_of(call, file)? {
            Ok(text) => Ok(Value::string(text, call.span)),
            Err(unknown) => Ok(unknown),
        }
    }

    /// The text of a file; the inner error is a value that is not known.
    fn text_of(&self, call: &Call<'_>, file: FileId) -> Result<Result<&'r str, Value>, Fault> {
        let path = self.workspace.path(file);
        match self.workspace.load(file) {
            Ok(text) => Ok(Ok(text)),
            Err(LoadError::Binary | LoadError::NotUtf8 { .. } | LoadError::Utf16) => {
                Err(call.fault(format!("the file `{path}` is not UTF-8")))
            }
            Err(error) => Ok(Err(self.unread(call, format_args!("`{path}` is not read: {error}")))),
        }
    }

    fn file_bytes(&self, call: &Call<'_>) -> Eval {
        let file = match self.find_file(call)? {
            Found::File(file) => file,
            Found::Hidden(unknown) => return Ok(unknown),
        };
        let Some(bytes) = self.workspace.load_bytes(file) else {
            return Ok(self.unread(call, format_args!("`{}` cannot be read", self.workspace.path(file))));
        };
        let made = match call.name {
            "filebase64" => encode_base64(&bytes),
            name => digest(name.trim_start_matches("file"), &bytes),
        };
        Ok(Value::string(made, call.span))
    }

    fn file_set(&self, call: &Call<'_>) -> Eval {
        let refused = |refusal: Refusal| call.fault(refusal);
        let (folder, pattern) = (Self::path_of(call)?, call.text(1).map_err(refused)?);
        let found = self
            .workspace_path(call, &folder)
            .and_then(|inside| Ok((inside, self.workspace_path(call, &format!("{folder}/{pattern}"))?)));
        let (inside, whole) = match found {
            Ok(found) => found,
            Err(unknown) => return Ok(unknown),
        };
        let glob = glob::compile(&whole).map_err(|message| call.fault(message))?;
        let prefix = if inside.is_empty() { 0 } else { inside.len() + 1 };
        let mut found = Vec::new();
        for index in self.workspace.files_below(&inside) {
            let Some(entry) = self.workspace.files().get(index).filter(|entry| glob.is_match(&entry.path))
            else {
                continue;
            };
            if found.len() >= MAX_ELEMENTS {
                let message = format!("`{}`: more than {MAX_ELEMENTS} files match", call.name);
                return Err(Fault::limit(call.span, message));
            }
            found.push(Value::string(entry.path.get(prefix..).unwrap_or(""), call.span));
        }
        Ok(Value::new(Data::List(Elements::new(ListKind::Set, found)), call.span))
    }

    fn template_string(&self, call: &Call<'_>, scope: &Scope<'_, 'r>) -> Eval {
        match call.arguments.first().and_then(Value::as_str) {
            Some(text) => template::render(self, call, (text, SpanMap::Fixed(call.span)), scope),
            None => call.unknown_shape(STRING).map_err(|refusal| call.fault(refusal)),
        }
    }

    fn template_file(&self, call: &Call<'_>, scope: &Scope<'_, 'r>) -> Eval {
        if call.arguments.first().is_some_and(|path| path.as_unknown().is_some()) {
            return call.unknown_shape(STRING).map_err(|refusal| call.fault(refusal));
        }
        let file = match self.find_file(call)? {
            Found::File(file) => file,
            Found::Hidden(unknown) => return Ok(unknown),
        };
        match self.text_of(call, file)? {
            Ok(text) => template::render(self, call, (text, SpanMap::Offset(file, 0)), scope),
            Err(unknown) => Ok(unknown),
        }
    }
}

/// An absolute path, of which the end is known.
fn absolute(call: &Call<'_>) -> Made {
    let text = call.text(0)?;
    if text.starts_with('/') {
        return call.string(clean(&text));
    }
    let path = clean(&text);
    let known = Known {
        shape: STRING,
        is_set: true,
        prefix: Some(SmolStr::new_static("/")),
        skeleton: (path != "." && !path.starts_with("..")).then(|| format_smolstr!("/{HOLE}/{path}")),
        ..Known::default()
    };
    call.because("`abspath` depends on where Terraform runs", known)
}

fn expanded(call: &Call<'_>) -> Made {
    let text = call.text(0)?;
    let Some(rest) = text.strip_prefix('~') else { return call.string(text) };
    let skeleton = Some(format_smolstr!("{HOLE}{rest}"));
    let known = Known { shape: STRING, is_set: true, skeleton, ..Known::default() };
    call.because("`pathexpand` depends on who runs Terraform", known)
}

fn base_name(path: &str) -> SmolStr {
    let trimmed = path.trim_end_matches('/');
    match (trimmed.rsplit('/').next(), path.is_empty()) {
        (_, true) => SmolStr::new_static("."),
        (Some("") | None, _) => SmolStr::new_static("/"),
        (Some(name), _) => SmolStr::new(name),
    }
}

fn folder_name(path: &str) -> String {
    match path.rfind('/') {
        Some(place) => clean(path.get(..=place).unwrap_or("")),
        None => String::from("."),
    }
}

/// A path without empty parts, `.`, and `..` behind a name, as Go's `path.Clean` writes it.
fn clean(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", None) if is_absolute => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    match (is_absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => String::from("."),
        (false, false) => parts.join("/"),
    }
}
