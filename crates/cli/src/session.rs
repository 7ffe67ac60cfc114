//! What a command needs before it can scan: the files, the rules, the configuration.

use crate::args::{InputArgument, InputArguments, RulesArguments, SessionArguments};
use crate::failure::Failure;
use proofmark_scan::{
    CONFIGURATION_FILE, Configuration, DiskWorkspace, FileId, MemoryWorkspace, Patterns, Repository, RuleSet,
    ScanError, Scope, Settings, SmolStr, VariableArgument, WalkSettings, Workspace as _, builtin_rules,
    find_rule, git, is_date, load_own_rules, nearest_rule, needs_change_dates, parse_configuration,
};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much of a session a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Whole,
    /// No rules: nothing is judged.
    Unjudged,
    /// No rules, and no files beside those that are named.
    Named,
}

/// Everything that a scan needs.
pub struct Session {
    /// The files.
    pub workspace: DiskWorkspace,
    /// All that decides the scan.
    pub settings: Settings,
    /// What stands before a path in the workspace to make it one that the user can open from where they are.
    pub prefix: String,
    /// The configuration file as a workspace of its own, for what is to be said about it.
    pub configuration: Option<MemoryWorkspace>,
}

impl Session {
    /// Opens a session.
    ///
    /// # Errors
    /// When arguments or configuration name what does not exist, or are not understood.
    pub fn open(arguments: &SessionArguments, extent: Extent) -> Result<Self, Failure> {
        set_jobs(arguments.jobs)?;
        let scope = Scope::find(&arguments.paths, arguments.root.as_deref()).map_err(scope_failure)?;
        let found = find_configuration(arguments, &scope);
        let read = found.map(|path| ConfigurationFile::read(&path, &scope.root)).transpose()?;
        let (configuration, file) = match read {
            Some(read) => (read.configuration, Some(read.workspace)),
            None => (Configuration::default(), None),
        };
        let inputs = variable_arguments(&arguments.inputs, &scope.root)?;
        let rule_set = match extent {
            Extent::Whole => rule_set(&arguments.rules, &configuration, &scope.root)?,
            Extent::Unjudged | Extent::Named => Arc::default(),
        };
        let prefix = prefix(&scope.root);
        let mut walk = walk_settings(&configuration, &inputs)?;
        walk.only_named = extent == Extent::Named;
        walk.configuration = file.as_ref().map_or_else(String::new, |file| file.path(FileId(0)).to_owned());
        let workspace = open_workspace(arguments, scope, &walk)?;
        let mut settings = Settings::new(rule_set, as_of(arguments.as_of.as_deref())?);
        settings.packs = arguments.packs.iter().map(SmolStr::from).collect();
        settings.rules = arguments.rule_names.iter().map(SmolStr::from).collect();
        settings.inputs = inputs;
        settings.workspace = arguments.inputs.workspace.as_deref().map(SmolStr::from);
        settings.environments = arguments.environments.iter().map(SmolStr::from).collect();
        settings.configuration_file = workspace.find(&walk.configuration);
        settings.excluded = workspace
            .excluded()
            .map(|excluded| (excluded.path.to_owned(), Arc::clone(&excluded.by)))
            .collect();
        settings.repository = Repository {
            name: folder_name(&workspace.scope().root),
            scanned_path: workspace.scope().scanned_path.to_owned(),
            ..Repository::default()
        };
        settings.configuration = configuration;
        if needs_change_dates(&settings.rule_set) {
            let dates = git::change_dates(&workspace.scope().root).unwrap_or_default();
            let dated =
                dates.into_iter().filter_map(|(path, day)| Some((workspace.find(&path)?, day.into())));
            settings.changed_on = Arc::new(dated.collect());
        }
        Ok(Self { workspace, settings, prefix, configuration: file })
    }

    /// What a scan's refusal means for the user.
    pub fn refuse(&self, error: &ScanError) -> Failure {
        match (error, &self.configuration) {
            (ScanError::Configuration(problems), Some(file)) => Failure::located(file, problems),
            (ScanError::Plan(error), _) => plan_failure(error),
            (ScanError::UnknownEnvironment { nearest: None, .. }, _)
                if self.settings.configuration.environments.is_empty() =>
            {
                Failure::new(error.to_string())
                    .with_help(format!("name it under `environments` in `{CONFIGURATION_FILE}`"))
            }
            (
                ScanError::UnknownEnvironment { nearest, .. } | ScanError::UndeclaredVariable { nearest, .. },
                _,
            ) => Failure::new(error.to_string()).with_nearest(nearest.as_deref()),
            _ => Failure::new(error.to_string()),
        }
    }
}

/// Asks Git what is checked out.
pub fn describe_checkout(root: &Path, repository: &mut Repository) {
    let Some(checkout) = git::checkout(root) else { return };
    if let Some(name) = checkout.name {
        repository.name = name;
    }
    repository.commit = checkout.commit;
    repository.branch = checkout.branch;
    repository.is_dirty = Some(checkout.is_dirty);
    repository.remote = checkout.remote;
}

/// The rules that come with Proofmark, with those of a folder.
///
/// # Errors
/// Everything that is wrong with the folder's files.
pub fn rules_of(arguments: &RulesArguments) -> Result<Arc<RuleSet>, Failure> {
    match &arguments.rules_folder {
        Some(folder) => load_rules_from(folder, builtin_rules()),
        None => Ok(builtin_rules()),
    }
}

/// The rule of that id or alias.
///
/// # Errors
/// Names the nearest where there is none.
pub fn rule_named<'r>(rule_set: &'r RuleSet, name: &str) -> Result<&'r proofmark_scan::Rule, Failure> {
    find_rule(rule_set, name).ok_or_else(|| {
        Failure::new(format!("unknown rule `{name}`")).with_nearest(nearest_rule(rule_set, name))
    })
}

/// Opens a folder that holds rules or their fixtures, and nothing around it.
///
/// # Errors
/// When it does not exist.
pub fn open_folder(folder: &Path) -> Result<DiskWorkspace, Failure> {
    let scope = Scope::find(&[folder.to_path_buf()], Some(folder)).map_err(scope_failure)?;
    Ok(DiskWorkspace::open(scope, &WalkSettings::default()))
}

/// The base rules with those of a folder, which replace rules of the same id.
///
/// # Errors
/// Everything that is wrong with the folder's files.
pub fn load_rules_from(folder: &Path, base: Arc<RuleSet>) -> Result<Arc<RuleSet>, Failure> {
    let workspace = open_folder(folder)?;
    let loaded = load_own_rules(&workspace, &base);
    loaded.map(Arc::new).map_err(|problems| Failure::located(&workspace, &problems))
}

/// The day that the user names, or today.
///
/// # Errors
/// When what they name is no day.
pub fn as_of(given: Option<&str>) -> Result<SmolStr, Failure> {
    match given {
        Some(day) if is_date(day) => Ok(day.into()),
        Some(day) => Err(Failure::new(format!("`{day}` is no day")).with_help("write it as YYYY-MM-DD")),
        None => {
            let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
            Ok(SmolStr::from(today.to_string()))
        }
    }
}

/// What a path that cannot be scanned means for the user.
pub fn scope_failure(error: proofmark_scan::ScopeError) -> Failure {
    match std::error::Error::source(&error) {
        Some(source) => Failure::new(format!("{error}: {source}")),
        None => Failure::new(error.to_string()).with_help("name a larger folder with `--root`"),
    }
}

fn plan_failure(error: &proofmark_scan::PlanError) -> Failure {
    use proofmark_scan::PlanError;
    let failure = Failure::new(error.to_string());
    match error {
        PlanError::UnknownPack { nearest, .. } | PlanError::UnknownRule { nearest, .. } => {
            failure.with_nearest(nearest.as_deref())
        }
        _ => failure,
    }
}

fn set_jobs(jobs: Option<std::num::NonZeroUsize>) -> Result<(), Failure> {
    let Some(jobs) = jobs else { return Ok(()) };
    let built = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build_global();
    built.map_err(|error| Failure::new(format!("cannot start {jobs} threads: {error}")))
}

fn walk_settings(
    configuration: &Configuration,
    inputs: &[VariableArgument],
) -> Result<WalkSettings, Failure> {
    let pattern =
        |patterns: &[String]| Patterns::new(patterns).map_err(|error| Failure::new(error.to_string()));
    let environments = configuration.environments.iter().map(|environment| &environment.inputs);
    let configured = environments.chain([&configuration.inputs]).flat_map(|inputs| &inputs.variable_files);
    let named = configured.map(|file| file.name.to_string()).chain(files_of(inputs)).collect();
    Ok(WalkSettings {
        include: pattern(&configuration.include)?,
        exclude: pattern(&configuration.exclude)?,
        named,
        ..WalkSettings::default()
    })
}

fn open_workspace(
    arguments: &SessionArguments,
    scope: Scope,
    walk: &WalkSettings,
) -> Result<DiskWorkspace, Failure> {
    let root = scope.root.to_path_buf();
    let mut workspace = DiskWorkspace::open(scope, walk);
    let no_git = || Failure::new("there is no Git repository to ask for changed files");
    if arguments.staged {
        let staged = git::staged_files(&root).ok_or_else(no_git)?;
        for (path, bytes) in git::staged_bytes(&root, &staged) {
            workspace.replace(&path, bytes);
        }
        workspace.select_only(&staged.into_iter().collect::<BTreeSet<_>>());
    } else if let Some(revision) = &arguments.changed_since {
        let changed = git::files_changed_since(&root, revision);
        let changed =
            changed.ok_or_else(|| Failure::new(format!("Git knows no revision `{revision}` here")))?;
        workspace.select_only(&changed.into_iter().collect::<BTreeSet<_>>());
    }
    Ok(workspace)
}

fn rule_set(
    arguments: &RulesArguments,
    configuration: &Configuration,
    root: &Path,
) -> Result<Arc<RuleSet>, Failure> {
    let mut rule_set = builtin_rules();
    if let Some(folder) = &configuration.rules {
        rule_set = load_rules_from(&root.join(folder), rule_set)?;
    }
    match &arguments.rules_folder {
        Some(folder) => load_rules_from(folder, rule_set),
        None => Ok(rule_set),
    }
}

struct ConfigurationFile {
    configuration: Configuration,
    workspace: MemoryWorkspace,
}

impl ConfigurationFile {
    #[expect(
        clippy::disallowed_methods,
        reason = "the configuration may lie outside the root, where no workspace sees it"
    )]
    fn read(path: &Path, root: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))?;
        let folder = path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_path_buf));
        let relative = folder.as_deref().and_then(|folder| folder.strip_prefix(root).ok());
        let below = relative.map(|folder| folder.to_string_lossy().replace('\\', "/")).unwrap_or_default();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let shown = if below.is_empty() { name.into_owned() } else { format!("{below}/{name}") };
        let workspace = MemoryWorkspace::new([(shown, text)]);
        let parsed = parse_configuration(FileId(0), workspace.load(FileId(0)).unwrap_or(""));
        let configuration = parsed.map_err(|problems| Failure::located(&workspace, &problems))?;
        Ok(Self { configuration: configuration.seen_from(&below), workspace })
    }
}

/// The configuration file that counts: the named one, or the nearest at or above the scanned folder, within the root.
fn find_configuration(arguments: &SessionArguments, scope: &Scope) -> Option<PathBuf> {
    if arguments.no_config {
        return None;
    }
    if let Some(named) = &arguments.config {
        return Some(named.to_path_buf());
    }
    let scanned = scope.root.join(&scope.scanned_path);
    let mut folders = scanned.ancestors().take_while(|folder| folder.starts_with(&scope.root));
    folders.find_map(|folder| Some(folder.join(CONFIGURATION_FILE)).filter(|file| file.is_file()))
}

/// What Terraform root modules and charts are given on the command line, with files as paths in the workspace.
///
/// # Errors
/// When a file does not exist, or lies outside the root.
pub fn variable_arguments(given: &InputArguments, root: &Path) -> Result<Vec<VariableArgument>, Failure> {
    let argument = |input: &InputArgument| match input {
        InputArgument::File(file) => path_in(file, root, "variable file").map(VariableArgument::File),
        InputArgument::Values(file) => path_in(file, root, "values file").map(VariableArgument::Values),
        InputArgument::Variable(name, text) => {
            Ok(VariableArgument::Variable { name: name.into(), text: text.to_owned() })
        }
    };
    given.inputs.iter().map(argument).collect()
}

/// The path of a file in the workspace.
fn path_in(file: &PathBuf, root: &Path, what: &str) -> Result<String, Failure> {
    if file.is_dir() {
        return Err(Failure::new(format!("`{}` is a folder, and no {what}", file.display())));
    }
    let scope = Scope::find(std::slice::from_ref(file), Some(root)).map_err(scope_failure)?;
    Ok(scope.named.into_iter().next().unwrap_or_default())
}

/// The files among what root modules and charts are given.
pub fn files_of(inputs: &[VariableArgument]) -> impl Iterator<Item = String> {
    inputs.iter().filter_map(|input| match input {
        VariableArgument::File(path) | VariableArgument::Values(path) => Some(path.to_owned()),
        VariableArgument::Variable { .. } => None,
    })
}

/// What leads from the current folder to the root, with a `/` behind it; the root itself where nothing short does.
#[expect(clippy::disallowed_methods, reason = "this crate is the door to the environment")]
fn prefix(root: &Path) -> String {
    let current = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let Ok(current) = current else { return format!("{}/", root.display()) };
    if let Ok(below) = root.strip_prefix(&current) {
        return match below.as_os_str().is_empty() {
            true => String::new(),
            false => format!("{}/", below.display()),
        };
    }
    match current.strip_prefix(root) {
        Ok(above) => "../".repeat(above.components().count()),
        Err(_) => format!("{}/", root.display()),
    }
}

fn folder_name(root: &Path) -> String {
    root.file_name().map_or_else(|| "repository".to_owned(), |name| name.to_string_lossy().into_owned())
}
