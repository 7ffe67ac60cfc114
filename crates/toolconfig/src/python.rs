//! Python's tools: `pyproject.toml`, `setup.cfg`, `tox.ini` and the tools' own files.

use crate::class::Class;
use crate::context::{FileContext, Placed, entry_place};
use crate::coverage::{Threshold, emit_threshold, percent};
use proofmark_model::{Data, MapBuilder, Value};
use proofmark_source::Span;
use proofmark_syntax::{Entry, Node};

/// Lock files of Python's package managers.
const LOCK_FILES: [&str; 6] =
    ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml"];

/// `python_project`, and a resource for each tool below `tool`.
pub fn read_pyproject(context: &mut FileContext<'_>, place: &Placed<'_>) {
    let mut fields = MapBuilder::of(&Value::from_node(place.node, place.header));
    let locks = context.find_upwards(&LOCK_FILES);
    let locks = locks.into_iter().map(|(_, file)| Value::string(context.workspace.path(file), place.header));
    fields.set("lock_files", Value::list(locks.collect(), place.header));
    context.emit_fields("python_project", "python_project", place.extent(), fields);
    let tools: [(&str, &[&str]); 4] = [
        ("ruff_config", &["tool", "ruff"]),
        ("black_config", &["tool", "black"]),
        ("isort_config", &["tool", "isort"]),
        ("flake8_config", &["tool", "flake8"]),
    ];
    for (kind, path) in tools {
        if let Some(place) = Placed::at(place.node, path) {
            context.emit_node(kind, &place);
        }
    }
    if let Some(place) = Placed::at(place.node, &["tool", "mypy"]) {
        emit_mypy(context, &place, mypy_overrides(place.node));
    }
    if let Some(place) = Placed::at(place.node, &["tool", "pytest", "ini_options"]) {
        read_pytest(context, &place);
    }
    if let Some(place) = Placed::at(place.node, &["tool", "coverage"]) {
        context.emit_node("coverage_config", &place);
        read_report(context, place.node.get("report"));
    }
}

/// `setup.cfg`, `tox.ini` and files of one tool in the same format.
pub fn read_ini(context: &mut FileContext<'_>, class: Class, place: &Placed<'_>) {
    for section in place.node.entries() {
        let name = section.key.as_str().unwrap_or("");
        let place = Placed::entry(section);
        match (name, class) {
            ("mypy", _) => emit_mypy(context, &place, Vec::new()),
            ("flake8", _) => emit_ini(context, "flake8_config", &place),
            ("isort" | "settings", Class::Isort) | ("isort" | "tool:isort", _) => {
                emit_ini(context, "isort_config", &place)
            }
            ("pytest", Class::Pytest | Class::Tox) | ("tool:pytest", _) => read_pytest(context, &place),
            ("coverage:report", _) => read_report(context, Some(&section.value)),
            _ => {}
        }
    }
}

/// `.coveragerc`.
pub fn read_coverage_rc(context: &mut FileContext<'_>, place: &Placed<'_>) {
    emit_ini(context, "coverage_config", place);
    read_report(context, place.node.get("report"));
}

fn emit_ini(context: &mut FileContext<'_>, kind: &str, place: &Placed<'_>) {
    let attributes = typed(&Value::from_node(place.node, place.header));
    context.emit(kind, kind, place.extent(), attributes);
}

/// `mypy_config`: the settings with `overrides`, whose elements name the modules that they speak about.
fn emit_mypy(context: &mut FileContext<'_>, place: &Placed<'_>, overrides: Vec<Value>) {
    let mut fields = MapBuilder::of(&typed(&Value::from_node(place.node, place.header)));
    fields.set("overrides", Value::list(overrides, place.span));
    context.emit_fields("mypy_config", "mypy_config", place.extent(), fields);
}

fn mypy_overrides(node: &Node) -> Vec<Value> {
    let elements = node.get("overrides").map(Node::elements).unwrap_or_default();
    let header = |element: &Node| element.entries().first().map_or(element.span, |entry| entry.key.span);
    elements.iter().map(|element| Value::from_node(element, header(element))).collect()
}

/// `pytest_config`, and the threshold in `addopts`.
fn read_pytest(context: &mut FileContext<'_>, place: &Placed<'_>) {
    emit_ini(context, "pytest_config", place);
    let Some(options) = place.node.entry("addopts") else { return };
    let texts: Vec<&Node> = match options.value.as_str() {
        Some(_) => vec![&options.value],
        None => options.value.elements().iter().collect(),
    };
    let words: Vec<&str> =
        texts.iter().filter_map(|node| node.as_str()).flat_map(str::split_whitespace).collect();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let number = match word.strip_prefix("--cov-fail-under") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let Some(number) = number {
            let minimum = percent(&Value::string(number, options.value.span));
            emit_total(context, "pytest", minimum, entry_place(options));
        }
    }
}

/// The threshold in coverage.py's `report` section.
fn read_report(context: &mut FileContext<'_>, report: Option<&Node>) {
    let entry: Option<&Entry> = report.and_then(|report| report.entry("fail_under"));
    if let Some(entry) = entry {
        let minimum = percent(&Value::from_node(&entry.value, entry.key.span));
        emit_total(context, "coverage.py", minimum, entry_place(entry));
    }
}

fn emit_total(context: &mut FileContext<'_>, tool: &str, minimum: Value, span: Span) {
    emit_threshold(
        context,
        Threshold { tool, scope: "global", metric: "total", minimum, is_enforced: true, span },
    );
}

/// INI knows texts only: `True`, `yes`, `on`, `80` as what the tools read in them.
pub fn typed(value: &Value) -> Value {
    let data = match &value.data {
        Data::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Data::Bool(true),
            "false" | "no" | "off" => Data::Bool(false),
            other => other.parse().map_or_else(|_| Data::clone(&value.data), Data::Integer),
        },
        Data::Map(map) => {
            let typed = map.with_values(|entry| typed(&entry.value));
            Data::Map(typed.into())
        }
        other => Data::clone(other),
    };
    value.with_data(data)
}
