//! Tasks of a project: the scripts of `package.json`, and what the names of others say.

use super::table::{Row, TASKS};
use super::truth::Truth;
use proofmark_model::{Map, SmolStr, Value};
use proofmark_shell::{Dialect, Settings, Shell, command_values, read_script};
use proofmark_source::{FileId, Span, Workspace, join_path, parent_path};
use proofmark_syntax::parse_json;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many scripts of tasks are looked into for one repository: those that start each other could go on without end.
const MAX_SCRIPTS: usize = 2_000;

/// The scripts of a package, by name.
type Scripts = BTreeMap<String, SmolStr>;

/// A script that somebody asks for.
pub enum Script {
    /// Its text.
    Text(SmolStr),
    /// The package has none of that name.
    Missing,
    /// Nobody knows whether there is one, for this reason.
    Unknown(&'static str),
}

/// No package was found where the command runs.
const NO_PACKAGE: &str = "`package.json` is not where the command runs";

/// Where tasks may be written, opened when they are first asked for.
pub struct Tasks<'t> {
    workspace: &'t dyn Workspace,
    /// The folder of the repository.
    folder: &'t str,
    /// The scripts of each `package.json`, by its path.
    packages: RefCell<BTreeMap<String, Option<Rc<Scripts>>>>,
    /// The files that were opened.
    opened: RefCell<Vec<FileId>>,
    /// How many scripts may still be looked into.
    left: Cell<usize>,
}

impl<'t> Tasks<'t> {
    /// The tasks of a repository.
    pub fn new(workspace: &'t dyn Workspace, folder: &'t str) -> Self {
        Self {
            workspace,
            folder,
            packages: RefCell::default(),
            opened: RefCell::default(),
            left: Cell::new(MAX_SCRIPTS),
        }
    }

    /// The text of a file that was read.
    pub fn text(&self, file: FileId) -> &'t str {
        self.workspace.load(file).unwrap_or("")
    }

    /// The script of a name in the `package.json` where a command runs.
    pub fn script(&self, name: &str, command: &Map) -> Script {
        let Some(left) = self.left.get().checked_sub(1) else { return Script::Unknown(NO_PACKAGE) };
        self.left.set(left);
        let inner = match command.value("folder") {
            Some(folder) => folder.as_str(),
            None => Some(""),
        };
        // Options that choose another package come before or behind the name.
        let arguments = command.value("arguments").and_then(Value::as_list).unwrap_or(&[]);
        let is_elsewhere = arguments.iter().any(|argument| {
            let text = argument.as_str().unwrap_or("").split('=').next();
            matches!(
                text,
                Some("-w" | "--workspace" | "--prefix" | "-C" | "-F" | "--filter" | "--cwd" | "--dir")
            )
        });
        let Some(inner) = inner.filter(|inner| !is_elsewhere && !inner.starts_with('/')) else {
            return Script::Unknown(NO_PACKAGE);
        };
        let path = if inner.is_empty() { "package.json".to_owned() } else { format!("{inner}/package.json") };
        let Some(package) = join_path(self.folder, &path).and_then(|path| self.package(&path)) else {
            return Script::Unknown(NO_PACKAGE);
        };
        package.get(name).map_or(Script::Missing, |text| Script::Text(SmolStr::clone(text)))
    }

    /// Whether the file of an image lies at a path from the folder of the repository. Where it does not, that is sure only if
    /// others of the kind lie beside it: else the folder may be filled when the pipeline runs.
    pub fn build_file(&self, path: &str) -> Truth {
        let Some(path) = join_path(self.folder, path) else { return Truth::Unknown };
        if self.workspace.find(&path).is_some() {
            return Truth::True;
        }
        let folder = parent_path(&path);
        let beside = self.workspace.files().get(self.workspace.files_below(folder)).unwrap_or(&[]);
        let is_alike = |name: &str| {
            let lower = name.to_ascii_lowercase();
            ["dockerfile", "containerfile"]
                .iter()
                .any(|kind| lower.starts_with(kind) || lower.ends_with(kind))
        };
        let has_others = beside.iter().any(|file| {
            parent_path(&file.path) == folder && is_alike(file.path.rsplit('/').next().unwrap_or(""))
        });
        if has_others { Truth::False } else { Truth::Unknown }
    }

    /// The commands in the text of a script, all at one place.
    pub fn commands(&self, script: &str, place: Span) -> Vec<Value> {
        let locate = |_: std::ops::Range<usize>| place;
        let script_read = read_script(script, &Settings::new(Shell::of_dialect(Dialect::Posix), &locate));
        command_values(script, &script_read, &locate)
    }

    /// The files that were opened.
    pub fn opened(self) -> Vec<FileId> {
        self.opened.into_inner()
    }

    fn package(&self, path: &str) -> Option<Rc<Scripts>> {
        if let Some(known) = self.packages.borrow().get(path) {
            return known.clone();
        }
        let scripts = self.read_package(path).map(Rc::new);
        self.packages.borrow_mut().insert(path.to_owned(), scripts.clone());
        scripts
    }

    fn read_package(&self, path: &str) -> Option<Scripts> {
        let file = self.workspace.find(path)?;
        let text = self.workspace.load(file).ok()?;
        self.opened.borrow_mut().push(file);
        let parsed = parse_json(file, text);
        let Some(scripts) = parsed.documents.first()?.root.get("scripts") else {
            return Some(Scripts::new());
        };
        let script = |entry: &proofmark_syntax::Entry| {
            Some((entry.key.as_str()?.to_owned(), SmolStr::new(entry.value.as_str()?)))
        };
        Some(scripts.entries().iter().filter_map(script).collect())
    }
}

/// The row that shares most words with the name of a task.
pub fn task_row(name: &str) -> Option<&'static Row> {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let fits = |row: &&Row| row.pattern.split(' ').all(|word| words.contains(&word));
    TASKS.all().iter().filter(fits).fold(None, |best: Option<&'static Row>, row| match best {
        Some(best) if best.words().count() >= row.words().count() => Some(best),
        _ => Some(row),
    })
}
