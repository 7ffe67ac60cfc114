//! What well-known shared configurations say about the rules that Proofmark's rules ask for.
//!
//! Taken from the packages' published configurations: eslint 8 and 9, typescript-eslint 8, eslint-config-airbnb 19,
//! eslint-config-standard 17, eslint-config-next 15, eslint-plugin-security 3.

/// Rules and their levels.
pub type Levels = &'static [(&'static str, &'static str)];

/// Nothing of interest.
const NONE: Levels = &[];
const TYPESCRIPT: Levels = &[("@typescript-eslint/no-explicit-any", "error")];
const TYPESCRIPT_CHECKED: Levels =
    &[("@typescript-eslint/no-explicit-any", "error"), ("@typescript-eslint/no-implied-eval", "error")];
const NO_EVAL: Levels = &[("no-eval", "error"), ("no-implied-eval", "error"), ("no-new-func", "error")];
const AIRBNB: Levels = &[
    ("no-eval", "error"),
    ("no-implied-eval", "error"),
    ("no-new-func", "error"),
    ("no-console", "warn"),
    ("react/no-danger", "warn"),
];
const SECURITY: Levels = &[("security/detect-eval-with-expression", "warn")];

/// Names and what they set.
const PRESETS: &[(&str, Levels)] = &[
    ("airbnb", AIRBNB),
    ("airbnb-base", NO_EVAL),
    ("airbnb-typescript", AIRBNB),
    ("airbnb/hooks", NONE),
    ("eslint:recommended", NONE),
    ("next", NONE),
    ("next/core-web-vitals", NONE),
    ("next/typescript", TYPESCRIPT),
    ("plugin:@typescript-eslint/base", NONE),
    ("plugin:@typescript-eslint/eslint-recommended", NONE),
    ("plugin:@typescript-eslint/recommended", TYPESCRIPT),
    ("plugin:@typescript-eslint/recommended-requiring-type-checking", TYPESCRIPT_CHECKED),
    ("plugin:@typescript-eslint/recommended-type-checked", TYPESCRIPT_CHECKED),
    ("plugin:@typescript-eslint/strict", TYPESCRIPT),
    ("plugin:@typescript-eslint/strict-type-checked", TYPESCRIPT_CHECKED),
    ("plugin:@typescript-eslint/stylistic", NONE),
    ("plugin:import/errors", NONE),
    ("plugin:import/recommended", NONE),
    ("plugin:import/typescript", NONE),
    ("plugin:import/warnings", NONE),
    ("plugin:jest/recommended", NONE),
    ("plugin:jsx-a11y/recommended", NONE),
    ("plugin:prettier/recommended", NONE),
    ("plugin:react-hooks/recommended", NONE),
    ("plugin:react/jsx-runtime", NONE),
    ("plugin:react/recommended", NONE),
    ("plugin:security/recommended", SECURITY),
    ("plugin:security/recommended-legacy", SECURITY),
    ("prettier", NONE),
    ("react-app", &[("no-eval", "warn"), ("no-implied-eval", "warn"), ("no-new-func", "warn")]),
    ("standard", NO_EVAL),
];

/// What a shared configuration sets; `None` for one that is not in the table.
pub fn preset_levels(name: &str) -> Option<Levels> {
    PRESETS.iter().find(|(known, _)| *known == name).map(|(_, levels)| *levels)
}
