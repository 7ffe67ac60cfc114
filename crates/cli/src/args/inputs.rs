//! What Terraform root modules and Helm charts are given on the command line. Its order matters: what comes later wins,
//! across all options.

use clap::{ArgMatches, Args, Command, FromArgMatches};
use std::path::PathBuf;

/// What Terraform root modules and charts are given.
#[derive(Clone, Debug, Default)]
pub struct InputArguments {
    /// Variables, variable files and values files, in the order of the command line.
    pub inputs: Vec<InputArgument>,
    /// The workspace.
    pub workspace: Option<String>,
}

/// A variable, or a file of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputArgument {
    /// A variable file.
    File(PathBuf),
    /// A values file of a chart.
    Values(PathBuf),
    /// The name of a variable, and its value.
    Variable(String, String),
}

/// The options, each with its own values only.
#[derive(Args, Debug)]
struct Options {
    /// Set a variable of Terraform root modules, as Terraform itself does
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = parse_variable)]
    variables: Vec<(String, String)>,
    /// Set the variables of a file, likewise; the last on the command line wins, and wins over the configuration
    #[arg(long = "var-file", value_name = "FILE")]
    variable_files: Vec<PathBuf>,
    /// Lay the values of a file over those of Helm charts; the last on the command line wins
    #[arg(long = "values", value_name = "FILE")]
    values_files: Vec<PathBuf>,
    /// What `terraform.workspace` is [default: that of the configuration, else unknown]
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,
}

impl FromArgMatches for InputArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let options = Options::from_arg_matches(matches)?;
        let places = |id: &str| matches.indices_of(id).into_iter().flatten();
        let variables = options.variables.into_iter();
        let variables = variables.map(|(name, text)| InputArgument::Variable(name, text));
        let files = options.variable_files.into_iter().map(InputArgument::File);
        let values = options.values_files.into_iter().map(InputArgument::Values);
        let mut inputs: Vec<(usize, InputArgument)> = places("variables")
            .zip(variables)
            .chain(places("variable_files").zip(files))
            .chain(places("values_files").zip(values))
            .collect();
        inputs.sort_by_key(|(place, _)| *place);
        let inputs = inputs.into_iter().map(|(_, input)| input).collect();
        Ok(Self { inputs, workspace: options.workspace })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for InputArguments {
    fn augment_args(command: Command) -> Command {
        Options::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Options::augment_args_for_update(command)
    }
}

fn parse_variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| "write it as NAME=VALUE, such as region=eu-central-1".to_owned())?;
    let is_name = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
        && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
    match is_name {
        true => Ok((name.to_owned(), value.to_owned())),
        false => Err(format!("`{name}` is no name of a variable")),
    }
}
