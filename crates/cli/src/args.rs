//! The command line.

mod inputs;

pub use inputs::{InputArgument, InputArguments};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Tests a repository against SOC 2, HIPAA, GDPR and engineering rules, and leaves proof.
#[derive(Debug, Parser)]
#[command(name = "proofmark", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Arguments {
    /// When to use colors
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: ColorChoice,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Judge the files of a repository
    #[command(after_help = EXIT_STATUS)]
    Scan(Box<ScanArguments>),
    /// Write evidence reports for an auditor, with a manifest of hashes
    Evidence(Box<EvidenceArguments>),
    /// Check that evidence, files and rules are still those of the manifest
    Verify(VerifyArguments),
    /// Show what a folder is evaluated to: the resources and outputs of a Terraform module, as JSON
    Render(Box<RenderArguments>),
    /// List, show, make and test rules
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Say what a rule asks for, why, and what to do
    Explain {
        /// A rule's id, or its name in another tool (`CKV_AWS_16`)
        rule: String,
        #[command(flatten)]
        rules: RulesArguments,
    },
    /// Record today's findings, so that only new ones fail a scan
    Baseline(Box<BaselineArguments>),
    /// Repair what rules know how to repair: each change is proven by a scan before anything is written
    Fix(Box<FixArguments>),
    /// Write a first `proofmark.yaml`
    Init {
        /// The folder that gets it
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

const EXIT_STATUS: &str = "Exit status: 0 nothing at or above the threshold, 1 findings, 2 could not complete \
(bad usage or configuration, nothing to assess, a report that could not be written; with --strict also a file that \
could not be read whole).";

/// What is scanned, and by what.
#[derive(Args, Debug, Default)]
pub struct SessionArguments {
    /// Folders and files to judge; the rest of the repository is read only for their sake
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// The folder that nothing is read outside of [default: the Git root, else the first PATH]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Packs of rules to evaluate; `all` is every rule [default: soc2, hipaa, gdpr, engineering]
    #[arg(long = "pack", value_name = "ID", value_delimiter = ',')]
    pub packs: Vec<String>,
    /// Evaluate only these rules, by id or by their name in another tool
    #[arg(long = "rule", value_name = "ID", value_delimiter = ',')]
    pub rule_names: Vec<String>,
    #[command(flatten)]
    pub rules: RulesArguments,
    /// The configuration file [default: the nearest `proofmark.yaml` between PATH and the root]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long)]
    pub no_config: bool,
    /// Count ages against this day [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Judge only in these environments of the configuration
    #[arg(long = "environment", value_name = "NAME", value_delimiter = ',')]
    pub environments: Vec<String>,
    /// Judge only files that are staged for the next commit
    #[arg(long, conflicts_with = "changed_since")]
    pub staged: bool,
    /// Judge only files that changed since this branch left REV
    #[arg(long, value_name = "REV")]
    pub changed_since: Option<String>,
    /// Threads to use [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<std::num::NonZeroUsize>,
}

/// Which rules are known.
#[derive(Args, Debug, Default)]
pub struct RulesArguments {
    /// A folder of further rules; a rule of the same id replaces the one that comes with Proofmark
    #[arg(long = "rules", value_name = "DIR")]
    pub rules_folder: Option<PathBuf>,
}

/// `proofmark scan`.
#[derive(Args, Debug)]
pub struct ScanArguments {
    #[command(flatten)]
    pub session: SessionArguments,
    /// The report on standard output
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub format: Format,
    /// Write a further report to a file
    #[arg(long = "output", value_name = "FORMAT=FILE", value_parser = parse_output)]
    pub outputs: Vec<(Format, PathBuf)>,
    /// The least severity that fails the scan [default: medium]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<SeverityName>,
    /// An unknown verdict fails the scan as well
    #[arg(long)]
    pub fail_on_unknown: bool,
    /// What a SARIF report holds
    #[arg(long, value_enum, default_value = "github", value_name = "PROFILE")]
    pub sarif_profile: SarifProfileName,
    /// Findings in this file do not fail the scan
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Exit with 2 when a file in scope could not be read whole
    #[arg(long)]
    pub strict: bool,
    /// Do not mind a scan that finds nothing to assess
    #[arg(long)]
    pub allow_empty: bool,
}

/// `proofmark evidence`.
#[derive(Args, Debug)]
pub struct EvidenceArguments {
    #[command(flatten)]
    pub session: SessionArguments,
    /// The frameworks to report on
    #[arg(long = "framework", value_name = "ID", value_delimiter = ',', required = true)]
    pub frameworks: Vec<String>,
    /// The folder that gets the reports and their manifest
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What the evidence stands for, such as `2026-01-01 to 2026-06-30`
    #[arg(long, value_name = "TEXT")]
    pub period: Option<String>,
}

/// `proofmark verify`.
#[derive(Args, Debug)]
pub struct VerifyArguments {
    /// A folder that `proofmark evidence` wrote
    pub folder: PathBuf,
    /// The root of the repository that was scanned [default: the Git root, else the current folder]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    #[command(flatten)]
    pub rules: RulesArguments,
}

/// `proofmark baseline`.
#[derive(Args, Debug)]
pub struct BaselineArguments {
    #[command(flatten)]
    pub session: SessionArguments,
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "proofmark-baseline.json")]
    pub out: PathBuf,
}

/// `proofmark fix`.
#[derive(Args, Debug)]
pub struct FixArguments {
    #[command(flatten)]
    pub session: SessionArguments,
    /// Show the changes as a unified diff and write nothing; exit with 1 where there are any
    #[arg(long)]
    pub diff: bool,
}

/// `proofmark render`.
#[derive(Args, Debug)]
pub struct RenderArguments {
    /// A Helm chart, a Kustomize overlay or a Terraform module
    pub path: PathBuf,
    /// The folder that nothing is read outside of [default: the Git root, else PATH]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    #[command(flatten)]
    pub inputs: InputArguments,
    /// An environment of the configuration, for what it gives to the module
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// The configuration file [default: the nearest `proofmark.yaml` between PATH and the root]
    #[arg(long, value_name = "FILE", requires = "environment")]
    pub config: Option<PathBuf>,
    /// The day that functions count ages against [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
    #[command(flatten)]
    pub chart: ChartArguments,
}

/// How `proofmark render` installs a chart.
#[derive(Args, Debug)]
pub struct ChartArguments {
    /// The name of the release [default: release-name]
    #[arg(long, value_name = "NAME", help_heading = "Charts")]
    pub name: Option<String>,
    /// The namespace of the release [default: default]
    #[arg(long, value_name = "NAME", help_heading = "Charts")]
    pub namespace: Option<String>,
    /// The version of Kubernetes that the chart is rendered for
    #[arg(long, value_name = "VERSION", help_heading = "Charts")]
    pub kube_version: Option<String>,
    /// API versions that the cluster has beside the usual ones
    #[arg(long, value_name = "VERSION", value_delimiter = ',', help_heading = "Charts")]
    pub api_versions: Vec<String>,
    /// Set values: truth values, numbers and `null` are what they look like
    #[arg(long = "set", value_name = "KEY=VALUE,…", help_heading = "Charts")]
    pub set: Vec<String>,
    /// Set values that are texts
    #[arg(long, value_name = "KEY=VALUE,…", help_heading = "Charts")]
    pub set_string: Vec<String>,
    /// Set values that are JSON
    #[arg(long, value_name = "KEY=JSON,…", help_heading = "Charts")]
    pub set_json: Vec<String>,
    /// Show where each line came from: the line of the template, and of the value
    #[arg(long, help_heading = "Charts")]
    pub trace: bool,
}

/// `proofmark rules`.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the rules
    List {
        /// Only rules whose id begins with this
        prefix: Option<String>,
        #[command(flatten)]
        rules: RulesArguments,
    },
    /// Show a rule
    Show {
        /// A rule's id, or its name in another tool
        rule: String,
        #[command(flatten)]
        rules: RulesArguments,
    },
    /// Make a rule of your own, with an example of each kind
    New {
        /// The id, such as `acme/bucket-names-its-owner`
        id: String,
        /// The folder of your rules
        #[arg(long, value_name = "DIR", default_value = "rules")]
        dir: PathBuf,
    },
    /// Try rules on their examples
    Test {
        /// The folder of the rules; examples lie in `../fixtures/rules` or in `fixtures` inside it
        #[arg(default_value = "rules")]
        dir: PathBuf,
        /// Only these rules, by id or by their name in another tool
        #[arg(long = "rule", value_name = "ID", value_delimiter = ',')]
        rule_names: Vec<String>,
    },
}

/// A report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, with excerpts
    Text,
    /// For other tools: every verdict with its evidence
    Json,
    /// For code scanning
    Sarif,
    /// The scan at a glance, for a job summary
    Markdown,
    /// For test dashboards
    Junit,
    /// Annotations of a GitHub workflow
    Github,
    /// GitLab's code quality report
    GitlabCodequality,
    /// GitLab's security report
    GitlabSast,
    /// For spreadsheets
    Csv,
}

/// What a SARIF report holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SarifProfileName {
    /// Failures that no waiver covers: what GitHub makes alerts of
    Github,
    /// Every verdict, waivers as suppressions
    Full,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On terminals, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the names say it")]
pub enum SeverityName {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

fn parse_output(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) =
        text.split_once('=').ok_or_else(|| "write it as FORMAT=FILE, such as json=report.json".to_owned())?;
    if file.is_empty() {
        return Err("the name of the file is missing".to_owned());
    }
    Ok((Format::from_str(format, true)?, PathBuf::from(file)))
}
