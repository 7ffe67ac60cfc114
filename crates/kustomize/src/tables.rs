//! What kustomize knows by itself: kinds, merge keys, and the fields that it changes.

use proofmark_kubernetes::is_cluster_scoped;
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A field of a kind of objects, as a path through mappings; lists on the way are walked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldSpec {
    pub(crate) path: Vec<SmolStr>,
    pub(crate) kind: SmolStr,
    pub(crate) group: SmolStr,
    pub(crate) version: SmolStr,
    /// Whether what is missing on the way is made.
    pub(crate) creates: bool,
}

/// The fields that name objects of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Referred {
    pub(crate) kind: SmolStr,
    pub(crate) group: SmolStr,
    pub(crate) version: SmolStr,
    pub(crate) from: Vec<FieldSpec>,
}

/// The fields that each transformer changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pub(crate) namespace: Vec<FieldSpec>,
    pub(crate) replicas: Vec<FieldSpec>,
    pub(crate) images: Vec<FieldSpec>,
    pub(crate) annotations: Vec<FieldSpec>,
    pub(crate) labels: Vec<FieldSpec>,
    pub(crate) template_labels: Vec<FieldSpec>,
    pub(crate) vars: Vec<FieldSpec>,
    pub(crate) name_prefix: Vec<FieldSpec>,
    pub(crate) name_suffix: Vec<FieldSpec>,
    pub(crate) referred: Vec<Referred>,
}

impl FieldSpec {
    /// A field of every kind, from a path with `/` between its parts; `\/` is a slash inside a part.
    pub(crate) fn new(path: &str) -> Self {
        let mut parts: Vec<String> = Vec::new();
        let mut is_open = false;
        for part in path.split('/').skip(usize::from(path.starts_with('/'))) {
            let (stem, is_escaped) = match part.strip_suffix('\\') {
                Some(stem) => (stem, true),
                None => (part, false),
            };
            match parts.last_mut().filter(|_| is_open) {
                Some(last) => {
                    last.push('/');
                    last.push_str(stem);
                }
                None => parts.push(stem.to_owned()),
            }
            is_open = is_escaped;
        }
        Self {
            path: parts.into_iter().map(SmolStr::from).collect(),
            kind: SmolStr::default(),
            group: SmolStr::default(),
            version: SmolStr::default(),
            creates: false,
        }
    }

    /// The same for what is there already.
    pub(crate) fn without_creating(&self) -> Self {
        Self { creates: false, ..self.clone() }
    }

    /// Whether it applies to objects of that group, version and kind.
    pub(crate) fn is_for(&self, gvk: &crate::object::Gvk) -> bool {
        let fits = |wanted: &SmolStr, actual: &SmolStr| wanted.is_empty() || wanted == actual;
        fits(&self.kind, &gvk.kind) && fits(&self.group, &gvk.group) && fits(&self.version, &gvk.version)
    }

    /// Reads `path kind=K group=G version=V create`.
    fn parse(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let mut spec = Self::new(words.next().unwrap_or(""));
        for word in words {
            match word.split_once('=') {
                Some(("kind", kind)) => spec.kind = kind.into(),
                Some(("group", group)) => spec.group = group.into(),
                Some(("version", version)) => spec.version = version.into(),
                _ => spec.creates |= word == "create",
            }
        }
        spec
    }
}

impl Fields {
    /// What kustomize has built in.
    pub(crate) fn built_in() -> &'static Fields {
        static FIELDS: LazyLock<Fields> = LazyLock::new(|| parse_fields(include_str!("tables/fields.txt")));
        &FIELDS
    }

    /// What is built in, with this beside it.
    pub(crate) fn with_built_in(&self) -> Cow<'static, Fields> {
        let built_in = Self::built_in();
        if self.is_empty() {
            return Cow::Borrowed(built_in);
        }
        let mut fields = built_in.clone();
        fields.merge(self);
        Cow::Owned(fields)
    }

    fn is_empty(&self) -> bool {
        let lists = [
            &self.namespace,
            &self.replicas,
            &self.images,
            &self.annotations,
            &self.labels,
            &self.template_labels,
            &self.vars,
            &self.name_prefix,
            &self.name_suffix,
        ];
        self.referred.is_empty() && lists.iter().all(|list| list.is_empty())
    }

    /// Adds what another configuration says, as kustomize merges them: equal fields once.
    pub(crate) fn merge(&mut self, other: &Fields) {
        add(&mut self.namespace, &other.namespace);
        add(&mut self.replicas, &other.replicas);
        add(&mut self.images, &other.images);
        add(&mut self.annotations, &other.annotations);
        add(&mut self.labels, &other.labels);
        add(&mut self.template_labels, &other.template_labels);
        add(&mut self.vars, &other.vars);
        add(&mut self.name_prefix, &other.name_prefix);
        add(&mut self.name_suffix, &other.name_suffix);
        for referred in &other.referred {
            let is_same = |known: &&mut Referred| {
                (&known.kind, &known.group, &known.version)
                    == (&referred.kind, &referred.group, &referred.version)
            };
            match self.referred.iter_mut().find(is_same) {
                Some(known) => add(&mut known.from, &referred.from),
                None => self.referred.push(referred.clone()),
            }
        }
    }
}

/// Adds fields that are not there yet.
pub(crate) fn add(fields: &mut Vec<FieldSpec>, more: &[FieldSpec]) {
    for field in more {
        if !fields.contains(field) {
            fields.push(field.clone());
        }
    }
}

fn parse_fields(table: &str) -> Fields {
    let mut fields = Fields::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (section, rest) = line.trim_start().split_once(' ').unwrap_or((line, ""));
        let list = match section {
            "namespace" => &mut fields.namespace,
            "replicas" => &mut fields.replicas,
            "images" => &mut fields.images,
            "annotations" => &mut fields.annotations,
            "labels" => &mut fields.labels,
            "template-labels" => &mut fields.template_labels,
            "vars" => &mut fields.vars,
            "referred" => {
                let FieldSpec { group, version, path, .. } = FieldSpec::parse(rest);
                let kind = path.into_iter().next().unwrap_or_default();
                fields.referred.push(Referred { kind, group, version, from: Vec::new() });
                continue;
            }
            _ => match fields.referred.last_mut() {
                Some(referred) => &mut referred.from,
                None => continue,
            },
        };
        list.push(FieldSpec::parse(rest));
    }
    fields.name_prefix.push(FieldSpec::new("metadata/name"));
    fields.name_suffix.push(FieldSpec::new("metadata/name"));
    fields
}

/// The type of objects, by `apiVersion` and kind.
static KINDS: LazyLock<BTreeMap<(&str, &str), SmolStr>> = LazyLock::new(|| {
    let table: &'static str = include_str!("tables/kinds.txt");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    let row = |line: &'static str| {
        let mut words = line.split_whitespace();
        Some(((words.next()?, words.next()?), words.next()?.into()))
    };
    rows.filter_map(row).collect()
});

/// Whether kustomize knows the kind and that its objects have no namespace.
pub(crate) fn is_cluster_kind(api_version: &str, kind: &str) -> bool {
    KINDS.contains_key(&(api_version, kind)) && is_cluster_scoped(kind)
}

/// A list or a mapping that merge keys are known for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MergeField {
    /// The type of the value, or of the list's elements; empty where nothing below it has merge keys.
    pub(crate) inner: SmolStr,
    /// The keys of a list that is merged; none for a mapping, an empty list for one of plain values.
    pub(crate) keys: Option<Vec<SmolStr>>,
}

/// Which lists are merged, by type and field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub(crate) kinds: BTreeMap<(SmolStr, SmolStr), SmolStr>,
    pub(crate) types: BTreeMap<SmolStr, BTreeMap<SmolStr, MergeField>>,
}

impl Schema {
    /// What Kubernetes' own document says.
    pub(crate) fn built_in() -> &'static Schema {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(parse_schema);
        &SCHEMA
    }

    /// The type of the objects of a kind; empty for a kind that is not known.
    pub(crate) fn object_type(&self, api_version: &str, kind: &str) -> SmolStr {
        self.kinds.get(&(api_version.into(), kind.into())).cloned().unwrap_or_default()
    }

    pub(crate) fn field(&self, object_type: &str, field: &str) -> Option<&MergeField> {
        self.types.get(object_type)?.get(field)
    }
}

fn parse_schema() -> Schema {
    let mut schema = Schema::default();
    for ((version, kind), object_type) in KINDS.iter() {
        schema.kinds.insert(((*version).into(), (*kind).into()), SmolStr::clone(object_type));
    }
    for line in include_str!("tables/merge_keys.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(name) = words.next() else { continue };
        schema.types.insert(name.into(), words.map(parse_merge_field).collect());
    }
    schema
}

/// Reads `field=Type`, `field[key,key]=Type` or `field[key]`.
fn parse_merge_field(word: &str) -> (SmolStr, MergeField) {
    let (field, inner) = word.split_once('=').unwrap_or((word, ""));
    let (name, keys) = match field.split_once('[') {
        Some((name, keys)) => (name, Some(keys.trim_end_matches(']'))),
        None => (field, None),
    };
    let keys = keys.map(|keys| keys.split(',').filter(|key| !key.is_empty()).map(SmolStr::from).collect());
    (name.into(), MergeField { inner: inner.into(), keys })
}
