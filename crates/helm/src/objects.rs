//! What templates see beside values: `.Capabilities`, `.Files`, `.Release`.

use crate::chart::ChartFile;
use crate::limits::MAX_PATTERN_BYTES;
use crate::render::Release;
use proofmark_gotemplate::{Data, Dict, Object, Origin, Place, Trace, Value, to_yaml};
use proofmark_model::Unknown;
use regex::{Regex, RegexBuilder};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The API versions that Helm takes for granted when it asks no cluster, in its order.
const API_VERSIONS: &str = include_str!("api_versions.txt");

/// The version of Helm whose behaviour is followed.
const HELM_VERSION: &str = "v4.1.4";

/// The cluster that a chart is rendered for.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// Kubernetes' version, with a `v`.
    pub kube_version: SmolStr,
    /// API versions beside those that every cluster is taken to have.
    pub api_versions: Vec<SmolStr>,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self { kube_version: SmolStr::new_static("v1.35.0"), api_versions: Vec::new() }
    }
}

/// `.Capabilities`
pub(crate) fn capabilities(cluster: &Capabilities) -> Value {
    let standard = API_VERSIONS.lines().map(SmolStr::new);
    let versions = standard.chain(cluster.api_versions.iter().map(SmolStr::clone)).collect();
    object(Record {
        type_name: "*common.Capabilities",
        fields: BTreeMap::from([
            ("KubeVersion", object(KubeVersion { version: SmolStr::clone(&cluster.kube_version) })),
            ("APIVersions", object(VersionSet { versions })),
            ("HelmVersion", helm_version()),
        ]),
    })
}

fn object(object: impl Object + 'static) -> Value {
    Data::Object(Rc::new(object)).into()
}

fn helm_version() -> Value {
    let fields =
        [("Version", HELM_VERSION), ("GitCommit", ""), ("GitTreeState", "clean"), ("GoVersion", "go1.25")];
    object(Record {
        type_name: "version.BuildInfo",
        fields: fields.into_iter().map(|(name, text)| (name, text.into())).collect(),
    })
}

/// `.Release`
pub(crate) fn release(release: &Release) -> Value {
    let entries = [
        ("Name", Value::text(release.name.as_str())),
        ("Namespace", namespace(release)),
        ("IsUpgrade", false.into()),
        ("IsInstall", true.into()),
        ("Revision", Value::int(1)),
        ("Service", "Helm".into()),
    ];
    Value::dict(entries.into_iter().map(|(name, value)| (SmolStr::new_static(name), value)).collect())
}

/// Why nobody knows the namespace of a release.
const NAMESPACE_REASON: &str = "the namespace is chosen when the chart is installed";

/// What the namespace of a release goes by: it is the same wherever a chart shows it.
const NAMESPACE_IDENTITY: &str = "Release.Namespace";

/// The namespace of a release that nobody knows.
pub(crate) fn unknown_namespace() -> Unknown {
    let mut unknown = Unknown::because(NAMESPACE_REASON);
    unknown.known.is_set = true;
    unknown.known.identity = Some(SmolStr::new_static(NAMESPACE_IDENTITY));
    unknown
}

/// Whether a text that was written for this reason is the namespace of the release, and nothing was made of it.
pub(crate) fn is_unknown_namespace(reason: &str, written: &str) -> bool {
    reason == NAMESPACE_REASON && written.trim_matches(['"', '\'']) == Release::default().namespace
}

fn namespace(release: &Release) -> Value {
    let value = Value::text(release.namespace.as_str());
    if !release.is_namespace_assumed {
        return value;
    }
    value.from_trace(&Trace::of(Place::Unknown(SmolStr::new_static(NAMESPACE_REASON))))
}

/// Fields under names that begin with a capital.
#[derive(Debug)]
struct Record {
    type_name: &'static str,
    fields: BTreeMap<&'static str, Value>,
}

impl Object for Record {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn call(&self, name: &str, _arguments: &[Value]) -> Option<Result<Value, String>> {
        self.fields.get(name).cloned().map(Ok)
    }

    fn print(&self) -> String {
        self.type_name.to_owned()
    }

    fn to_plain(&self) -> Value {
        let entries =
            self.fields.iter().map(|(name, value)| (SmolStr::new_static(name), Value::clone(value)));
        Value::dict(entries.collect())
    }
}

#[derive(Debug)]
struct KubeVersion {
    version: SmolStr,
}

impl Object for KubeVersion {
    fn type_name(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn call(&self, name: &str, _arguments: &[Value]) -> Option<Result<Value, String>> {
        let number = |place: usize| {
            let part = self.version.trim_start_matches('v').split('.').nth(place).unwrap_or("");
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            Value::from(digits)
        };
        Some(Ok(match name {
            "Version" | "GitVersion" | "String" => Value::text(self.version.as_str()),
            "Major" => number(0),
            "Minor" => number(1),
            _ => return None,
        }))
    }

    fn print(&self) -> String {
        self.version.to_string()
    }

    fn to_plain(&self) -> Value {
        let fields = ["Version", "Major", "Minor"];
        let entry = |name: &'static str| Some((SmolStr::new_static(name), self.call(name, &[])?.ok()?));
        Value::dict(fields.into_iter().filter_map(entry).collect())
    }
}

#[derive(Debug)]
struct VersionSet {
    versions: Vec<SmolStr>,
}

impl Object for VersionSet {
    fn type_name(&self) -> &'static str {
        "common.VersionSet"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        if name != "Has" {
            return None;
        }
        let Some(wanted) = arguments.first().and_then(Value::as_str) else {
            return Some(Err("wrong number of args for Has: want 1 got 0".to_owned()));
        };
        Some(Ok(self.versions.iter().any(|version| version == wanted).into()))
    }

    fn print(&self) -> String {
        format!("[{}]", self.versions.join(" "))
    }

    fn entries(&self) -> Option<Vec<(SmolStr, Value)>> {
        let entry = |(index, version): (usize, &SmolStr)| {
            (smol_str::format_smolstr!("{index}"), Value::text(version.as_str()))
        };
        Some(self.versions.iter().enumerate().map(entry).collect())
    }

    fn to_plain(&self) -> Value {
        Value::list(self.versions.iter().map(|version| Value::text(version.as_str())).collect())
    }
}

/// Why what a template makes of a file is not known.
const BINARY_REASON: &str = "the bytes of this file are no text";

/// `.Files`: a chart's files outside of `templates/`, by path.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    files: BTreeMap<SmolStr, Value>,
}

impl Files {
    pub fn of(files: &[ChartFile]) -> Value {
        let value = |file: &ChartFile| {
            let trace = match &file.origin {
                _ if !file.is_text => Trace::of(Place::Unknown(SmolStr::new_static(BINARY_REASON))),
                Origin::File(id) => {
                    let end = file.text.len();
                    Trace::of(Place::Text(proofmark_source::Span::new(*id, 0, end)))
                }
                Origin::Computed(trace) => Trace::clone(trace),
            };
            Value::text(Rc::clone(&file.text)).from_trace(&trace)
        };
        let files = files.iter().map(|file| (SmolStr::new(&file.path), value(file)));
        object(Self { files: files.collect() })
    }

    /// The files whose whole path a pattern matches; `*` stays within a folder, `**` does not.
    fn matching(&self, pattern: &str) -> Self {
        let glob = compiled(pattern);
        let is_match = |path: &SmolStr| glob.as_ref().is_some_and(|glob| glob.is_match(path));
        let files = self.files.iter().filter(|(path, _)| is_match(path));
        Self { files: files.map(|(path, value)| (SmolStr::clone(path), Value::clone(value))).collect() }
    }

    /// The contents under the last names of their paths, as YAML.
    fn as_map(&self, change: impl Fn(&Value) -> Value) -> Value {
        if self.files.is_empty() {
            return Value::text("");
        }
        let name = |path: &SmolStr| SmolStr::new(path.rsplit('/').next().unwrap_or(path));
        let entries = self.files.iter().map(|(path, value)| (name(path), change(value)));
        let (text, trace) = to_yaml(&Data::Dict(Dict::new(entries.collect())).into());
        Value::new(Data::Text(text), trace)
    }
}

impl Object for Files {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let path = arguments.first().and_then(Value::as_str);
        let wanted = || path.ok_or_else(|| format!("wrong number of args for {name}: want 1 got 0"));
        let get = |path: &str| self.files.get(path).cloned().unwrap_or_else(|| Value::text(""));
        match name {
            "Get" | "GetBytes" => Some(wanted().map(get)),
            "Glob" => Some(wanted().map(|pattern| object(self.matching(pattern)))),
            "Lines" => Some(wanted().map(|path| lines(&get(path)))),
            "AsConfig" => Some(Ok(self.as_map(Value::clone))),
            "AsSecrets" => Some(Ok(self.as_map(|value| {
                Value::from(encoded(value.as_str().unwrap_or(""))).from_trace(&value.trace)
            }))),
            _ => self.files.get(name).cloned().map(Ok),
        }
    }

    fn weight(&self) -> usize {
        // A pattern must be compiled, and meets every path.
        100 + self.files.len()
    }

    fn print(&self) -> String {
        let shown = self.files.iter().map(|(path, value)| format!("{path}:{}", value.as_str().unwrap_or("")));
        format!("map[{}]", shown.collect::<Vec<_>>().join(" "))
    }

    fn entries(&self) -> Option<Vec<(SmolStr, Value)>> {
        Some(self.files.iter().map(|(path, value)| (SmolStr::clone(path), Value::clone(value))).collect())
    }
}

/// A pattern of Helm's glob library as an expression. Unlike elsewhere, `**` is any text at all: `**/x` wants a slash.
fn compiled(pattern: &str) -> Option<Regex> {
    let mut expression = String::from("(?s)^");
    let mut depth = 0_usize;
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '*' if rest.next_if_eq(&'*').is_some() => expression.push_str(".*"),
            '*' => expression.push_str("[^/]*"),
            '?' => expression.push_str("[^/]"),
            '{' => {
                depth += 1;
                expression.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                expression.push(')');
            }
            ',' if depth > 0 => expression.push('|'),
            '[' => {
                expression.push('[');
                expression.push_str(if rest.next_if_eq(&'!').is_some() { "^" } else { "" });
                let inner: String = rest.by_ref().take_while(|inner| *inner != ']').collect();
                expression.push_str(&inner.replace('[', r"\[").replace('&', r"\&").replace('~', r"\~"));
                expression.push(']');
            }
            '\\' => expression.extend(rest.next().map(|next| regex::escape(next.encode_utf8(&mut [0; 4])))),
            _ => expression.push_str(&regex::escape(character.encode_utf8(&mut [0; 4]))),
        }
    }
    expression.push('$');
    RegexBuilder::new(&expression).size_limit(MAX_PATTERN_BYTES).build().ok()
}

fn lines(value: &Value) -> Value {
    let text = value.as_str().unwrap_or("");
    let text = text.strip_suffix('\n').unwrap_or(text);
    let lines = if text.is_empty() { Vec::new() } else { text.split('\n').map(Value::from).collect() };
    Value::typed_list(lines.into_iter().map(|line| line.from_trace(&value.trace)).collect(), "string")
}

fn encoded(text: &str) -> String {
    data_encoding::BASE64.encode(text.as_bytes())
}
