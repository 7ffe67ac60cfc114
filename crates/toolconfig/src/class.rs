//! Which file belongs to which tool.

/// What a file is, by its name and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Class {
    Codecov,
    Commitlint,
    Compose,
    CoverageRc,
    Dockerfile,
    EditorConfig,
    Eslint,
    Flake8,
    GitHook,
    Golangci,
    Isort,
    Jest,
    Lefthook,
    LintStaged,
    Mypy,
    Nyc,
    Package,
    PreCommit,
    Prettier,
    Pyproject,
    Pytest,
    Renovate,
    Ruff,
    RuntimeVersion,
    Script(&'static str),
    SetupCfg,
    Tox,
    TsConfig,
}

/// Exact names.
const NAMES: &[(&str, Class)] = &[
    (".codecov.yml", Class::Codecov),
    (".codecov.yaml", Class::Codecov),
    ("codecov.yml", Class::Codecov),
    ("codecov.yaml", Class::Codecov),
    (".commitlintrc", Class::Commitlint),
    (".commitlintrc.json", Class::Commitlint),
    (".commitlintrc.yml", Class::Commitlint),
    (".commitlintrc.yaml", Class::Commitlint),
    (".coveragerc", Class::CoverageRc),
    (".editorconfig", Class::EditorConfig),
    (".eslintrc", Class::Eslint),
    (".eslintrc.json", Class::Eslint),
    (".eslintrc.yml", Class::Eslint),
    (".eslintrc.yaml", Class::Eslint),
    (".flake8", Class::Flake8),
    (".golangci.yml", Class::Golangci),
    (".golangci.yaml", Class::Golangci),
    (".golangci.json", Class::Golangci),
    (".golangci.toml", Class::Golangci),
    (".isort.cfg", Class::Isort),
    ("jest.config.json", Class::Jest),
    ("lefthook.yml", Class::Lefthook),
    ("lefthook.yaml", Class::Lefthook),
    (".lefthook.yml", Class::Lefthook),
    (".lintstagedrc", Class::LintStaged),
    (".lintstagedrc.json", Class::LintStaged),
    (".lintstagedrc.yml", Class::LintStaged),
    (".lintstagedrc.yaml", Class::LintStaged),
    ("mypy.ini", Class::Mypy),
    (".mypy.ini", Class::Mypy),
    (".nycrc", Class::Nyc),
    (".nycrc.json", Class::Nyc),
    (".nycrc.yml", Class::Nyc),
    (".nycrc.yaml", Class::Nyc),
    (".c8rc", Class::Nyc),
    (".c8rc.json", Class::Nyc),
    ("package.json", Class::Package),
    (".pre-commit-config.yaml", Class::PreCommit),
    (".pre-commit-config.yml", Class::PreCommit),
    (".prettierrc", Class::Prettier),
    (".prettierrc.json", Class::Prettier),
    (".prettierrc.json5", Class::Prettier),
    (".prettierrc.yml", Class::Prettier),
    (".prettierrc.yaml", Class::Prettier),
    (".prettierrc.toml", Class::Prettier),
    ("pyproject.toml", Class::Pyproject),
    ("pytest.ini", Class::Pytest),
    (".pytest.ini", Class::Pytest),
    ("renovate.json", Class::Renovate),
    ("renovate.json5", Class::Renovate),
    (".renovaterc", Class::Renovate),
    (".renovaterc.json", Class::Renovate),
    ("ruff.toml", Class::Ruff),
    (".ruff.toml", Class::Ruff),
    (".nvmrc", Class::RuntimeVersion),
    (".node-version", Class::RuntimeVersion),
    (".python-version", Class::RuntimeVersion),
    ("setup.cfg", Class::SetupCfg),
    ("tox.ini", Class::Tox),
];

/// Names of settings that are programs, without their extension, and the kind of resource that they configure.
const SCRIPTS: &[(&str, &str)] = &[
    ("eslint.config", "eslint_config"),
    (".eslintrc", "eslint_config"),
    ("prettier.config", "prettier_config"),
    (".prettierrc", "prettier_config"),
    ("jest.config", "jest_config"),
    ("vitest.config", "vitest_config"),
    ("vitest.workspace", "vitest_config"),
    ("commitlint.config", "commitlint_config"),
    (".commitlintrc", "commitlint_config"),
    ("lint-staged.config", "lint_staged_config"),
    (".lintstagedrc", "lint_staged_config"),
];

/// Extensions of programs.
const SCRIPT_EXTENSIONS: [&str; 6] = ["js", "mjs", "cjs", "ts", "mts", "cts"];

/// The hooks of Git that run on the developer's side.
const GIT_HOOKS: [&str; 8] = [
    "pre-commit",
    "commit-msg",
    "pre-push",
    "prepare-commit-msg",
    "post-merge",
    "post-checkout",
    "post-commit",
    "pre-rebase",
];

impl Class {
    /// What the file at `path` is.
    pub fn of(path: &str) -> Option<Self> {
        if path.split('/').any(|part| part == "node_modules") {
            return None;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if let Some((_, class)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Some(*class);
        }
        if folder.rsplit('/').next() == Some(".husky") && GIT_HOOKS.contains(&name) {
            return Some(Self::GitHook);
        }
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        if SCRIPT_EXTENSIONS.contains(&extension) {
            return SCRIPTS.iter().find(|(known, _)| *known == stem).map(|(_, kind)| Self::Script(kind));
        }
        match extension {
            "json" if name == "tsconfig.json" || name.starts_with("tsconfig.") => Some(Self::TsConfig),
            "yml" | "yaml" if is_compose(stem) => Some(Self::Compose),
            _ => is_dockerfile(name).then_some(Self::Dockerfile),
        }
    }

    /// The name in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Codecov | Self::CoverageRc | Self::Nyc => "coverage settings",
            Self::Commitlint | Self::GitHook | Self::Lefthook | Self::LintStaged | Self::PreCommit => {
                "hook settings"
            }
            Self::Compose => "compose file",
            Self::Dockerfile => "dockerfile",
            Self::EditorConfig => "editor settings",
            Self::Eslint | Self::Flake8 | Self::Golangci | Self::Ruff => "lint settings",
            Self::Isort | Self::Prettier => "format settings",
            Self::Jest | Self::Pytest | Self::Tox => "test settings",
            Self::Mypy | Self::TsConfig => "type settings",
            Self::Package => "npm manifest",
            Self::Pyproject | Self::SetupCfg => "python settings",
            Self::Renovate => "dependency update settings",
            Self::RuntimeVersion => "runtime version",
            Self::Script(_) => "settings program",
        }
    }
}

fn is_compose(stem: &str) -> bool {
    ["docker-compose", "compose"].iter().any(|name| {
        stem.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with('-'))
    })
}

/// `Dockerfile`, `Dockerfile.dev`, `web.Dockerfile`, `Containerfile`, in any case.
fn is_dockerfile(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if name.ends_with("ignore") || name.ends_with(".md") || name.ends_with(".tmpl") || name.ends_with(".j2") {
        return false;
    }
    ["dockerfile", "containerfile"].iter().any(|known| {
        name == *known
            || name.strip_prefix(known).is_some_and(|rest| rest.starts_with(['.', '-']))
            || name.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'))
    })
}
