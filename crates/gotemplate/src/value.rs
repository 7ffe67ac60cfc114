//! Values as templates see them: Go's, as far as charts can make them.

use crate::limits::{BYTES_PER_STEP, ITEMS_PER_STEP, STEPS_PER_MAP};
use crate::text::Text;
use crate::trace::Trace;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

/// A value with where it came from. Clones share; dictionaries are one and the same through all clones, as in Go.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// What it is.
    pub data: Data,
    /// Where it came from; of a text with marks, of the text as a whole.
    pub trace: Trace,
}

/// What a value is.
#[derive(Clone, Debug, Default)]
pub enum Data {
    /// No value at all: the dot of a template that was given none. Reading an attribute of it gives the same again.
    #[default]
    Invalid,
    /// An empty interface: a key that is not there, or `null`. Reading an attribute of it is an error.
    Nil,
    /// A truth value.
    Bool(bool),
    /// A whole number of one of Go's types.
    Int(i64, IntType),
    /// A `float64`; every number of a values file is one.
    Float(f64),
    /// Text.
    Text(Text),
    /// A slice.
    List(Rc<List>),
    /// A map with text keys.
    Dict(Dict),
    /// A moment.
    Time(Time),
    /// Something with methods of its own.
    Object(Rc<dyn Object>),
}

/// Which of Go's types a whole number has; it matters to `typeOf` and to arguments alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntType {
    /// `int`: literals, `len`, `int`.
    Int,
    /// `int64`: `add`, `int64`, `--set`.
    Int64,
    /// `uint64`: parts of a semantic version.
    Unsigned,
    /// `uint8`: a byte of a text.
    Byte,
}

/// A slice and the type of its elements.
#[derive(Clone, Debug)]
pub struct List {
    /// The elements.
    pub items: Vec<Value>,
    /// What Go calls the element type: `interface {}`, `string`, `int`.
    pub element: &'static str,
}

/// A moment in time zone-free seconds with the offset that it is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Seconds east of Greenwich.
    pub offset: i32,
}

/// Something that is neither a map nor a list to a template: a chart's files, the cluster's capabilities.
pub trait Object: fmt::Debug {
    /// Go's name of the type.
    fn type_name(&self) -> &'static str;

    /// A field, or a method called with arguments; `None` where there is neither of that name.
    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>>;

    /// How many steps a method of it takes, beside those for what it gives.
    fn weight(&self) -> usize {
        1
    }

    /// Its printed form.
    fn print(&self) -> String;

    /// Its keys and values where `range` may walk over it.
    fn entries(&self) -> Option<Vec<(SmolStr, Value)>> {
        None
    }

    /// What JSON and YAML show of it.
    fn to_plain(&self) -> Value {
        Value::nil()
    }
}

/// A map that all who hold it share: `set` changes it for everybody.
#[derive(Clone)]
pub struct Dict(Rc<DictData>);

struct DictData {
    entries: RefCell<BTreeMap<SmolStr, Value>>,
    type_name: &'static str,
}

/// `map[string]interface {}`, the type of almost every map.
pub const MAP_TYPE: &str = "map[string]interface {}";
/// `map[string]string`.
pub const TEXT_MAP_TYPE: &str = "map[string]string";
/// The element type of almost every list.
pub const ANY_TYPE: &str = "interface {}";

impl Dict {
    /// A map of Go's usual type.
    #[must_use]
    pub fn new(entries: BTreeMap<SmolStr, Value>) -> Self {
        Self::typed(entries, MAP_TYPE)
    }

    /// A map with Go's name for its type.
    #[must_use]
    pub fn typed(entries: BTreeMap<SmolStr, Value>, type_name: &'static str) -> Self {
        Self(Rc::new(DictData { entries: RefCell::new(entries), type_name }))
    }

    /// Go's name of its type.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.0.type_name
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        self.0.entries.borrow().get(key).cloned()
    }

    /// Sets a key, for everybody who holds the map.
    pub fn set(&self, key: SmolStr, value: Value) {
        self.0.entries.borrow_mut().insert(key, value);
    }

    /// Removes a key, for everybody who holds the map.
    pub fn remove(&self, key: &str) {
        self.0.entries.borrow_mut().remove(key);
    }

    /// Whether a key is there.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.entries.borrow().contains_key(key)
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries.borrow().len()
    }

    /// Whether it has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries by key, as they are now.
    #[must_use]
    pub fn entries(&self) -> Vec<(SmolStr, Value)> {
        self.0
            .entries
            .borrow()
            .iter()
            .map(|(key, value)| (SmolStr::clone(key), Value::clone(value)))
            .collect()
    }

    /// Whether both are one and the same map.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Maps and lists may hold each other a million deep: they are taken apart in a loop, since a stack has an end.
fn take_apart(mut waiting: Vec<Value>) {
    while let Some(value) = waiting.pop() {
        match value.data {
            Data::Dict(dict) => {
                waiting.extend(
                    Rc::into_inner(dict.0).map(|data| data.entries.take()).unwrap_or_default().into_values(),
                );
            }
            Data::List(list) => {
                waiting.extend(
                    Rc::into_inner(list).map(|mut list| std::mem::take(&mut list.items)).unwrap_or_default(),
                );
            }
            _ => {}
        }
    }
}

impl Drop for DictData {
    fn drop(&mut self) {
        let entries = self.entries.get_mut();
        if entries.values().any(Value::holds_others) {
            take_apart(std::mem::take(entries).into_values().collect());
        }
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if self.items.iter().any(Value::holds_others) {
            take_apart(std::mem::take(&mut self.items));
        }
    }
}

impl fmt::Debug for Dict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A map may hold itself, so its entries are not printed.
        write!(formatter, "{}({} entries)", self.type_name(), self.len())
    }
}

impl Value {
    fn holds_others(&self) -> bool {
        matches!(self.data, Data::List(_) | Data::Dict(_))
    }

    /// A value that came from `trace`.
    #[must_use]
    pub fn new(data: Data, trace: Trace) -> Self {
        Self { data, trace }
    }

    /// `nil`.
    #[must_use]
    pub fn nil() -> Self {
        Data::Nil.into()
    }

    /// Text.
    #[must_use]
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Data::Text(Text::plain(text)).into()
    }

    /// An `int`.
    #[must_use]
    pub fn int(number: i64) -> Self {
        Data::Int(number, IntType::Int).into()
    }

    /// A list of Go's usual type.
    #[must_use]
    pub fn list(items: Vec<Value>) -> Self {
        Self::typed_list(items, ANY_TYPE)
    }

    /// A list with Go's name of the type of its elements.
    #[must_use]
    pub fn typed_list(items: Vec<Value>, element: &'static str) -> Self {
        Data::List(Rc::new(List { items, element })).into()
    }

    /// A map of Go's usual type.
    #[must_use]
    pub fn dict(entries: BTreeMap<SmolStr, Value>) -> Self {
        Data::Dict(Dict::new(entries)).into()
    }

    /// The same value, from `trace` where it leads anywhere.
    #[must_use]
    pub fn from_trace(mut self, trace: &Trace) -> Self {
        if !trace.is_empty() {
            self.trace = Trace::clone(trace);
        }
        self
    }

    /// How many steps it takes to walk over it once, without what its elements hold.
    #[must_use]
    pub(crate) fn weight(&self) -> usize {
        match &self.data {
            Data::Text(text) => text.as_str().len() / BYTES_PER_STEP,
            Data::List(list) => list.items.len() / ITEMS_PER_STEP,
            Data::Dict(dict) => dict.len() / ITEMS_PER_STEP,
            _ => 0,
        }
    }

    /// How many steps it takes to make it: room for maps and for where the bytes of a text came from costs most.
    #[must_use]
    pub(crate) fn price(&self) -> usize {
        match &self.data {
            Data::Text(text) => text.as_str().len() / BYTES_PER_STEP + text.mark_count(),
            Data::List(list) => list.items.len(),
            Data::Dict(dict) => STEPS_PER_MAP + dict.len(),
            _ => 0,
        }
    }

    /// Its characters, where it is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Its entries, where it is a map.
    #[must_use]
    pub fn as_dict(&self) -> Option<&Dict> {
        match &self.data {
            Data::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// Its elements, where it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        match &self.data {
            Data::List(list) => Some(&list.items),
            _ => None,
        }
    }

    /// Whether it is no value or an empty interface.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self.data, Data::Invalid | Data::Nil)
    }

    /// What `if` makes of it: false for `false`, zero, nothing and everything empty (text/template, `IsTrue`).
    #[must_use]
    pub fn is_true(&self) -> bool {
        match &self.data {
            Data::Invalid | Data::Nil => false,
            Data::Bool(value) => *value,
            Data::Int(number, _) => *number != 0,
            Data::Float(number) => *number != 0.0,
            Data::Text(text) => !text.as_str().is_empty(),
            Data::List(list) => !list.items.is_empty(),
            Data::Dict(dict) => !dict.is_empty(),
            Data::Object(object) => object.entries().is_none_or(|entries| !entries.is_empty()),
            Data::Time(_) => true,
        }
    }

    /// Go's name of its type (`%T`).
    #[must_use]
    pub fn type_name(&self) -> SmolStr {
        SmolStr::new_static(match &self.data {
            Data::Invalid | Data::Nil => "<nil>",
            Data::Bool(_) => "bool",
            Data::Int(_, IntType::Int) => "int",
            Data::Int(_, IntType::Int64) => "int64",
            Data::Int(_, IntType::Unsigned) => "uint64",
            Data::Int(_, IntType::Byte) => "uint8",
            Data::Float(_) => "float64",
            Data::Text(_) => "string",
            Data::List(list) => return smol_str::format_smolstr!("[]{}", list.element),
            Data::Dict(dict) => dict.type_name(),
            Data::Time(_) => "time.Time",
            Data::Object(object) => object.type_name(),
        })
    }

    /// Go's name of its kind (`reflect.Kind`).
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match &self.data {
            Data::Invalid | Data::Nil => "invalid",
            Data::Bool(_) => "bool",
            Data::Int(_, IntType::Int) => "int",
            Data::Int(_, IntType::Int64) => "int64",
            Data::Int(_, IntType::Unsigned) => "uint64",
            Data::Int(_, IntType::Byte) => "uint8",
            Data::Float(_) => "float64",
            Data::Text(_) => "string",
            Data::List(_) => "slice",
            Data::Dict(_) => "map",
            Data::Time(_) => "struct",
            Data::Object(object) if object.type_name().starts_with('*') => "ptr",
            Data::Object(object) if object.entries().is_some() => "map",
            Data::Object(_) => "struct",
        }
    }
}

impl From<Data> for Value {
    fn from(data: Data) -> Self {
        Self { data, trace: Trace::default() }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Data::Bool(value).into()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}
