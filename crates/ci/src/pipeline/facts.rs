//! What the options and arguments of a known command say.

use super::activity::{severities_from, severities_in};
use super::build_file::BuildFile;
use super::command::Command;
use super::table::Row;
use super::words::Words;
use proofmark_model::{Data, MapBuilder, Unknown, Value};

impl Command<'_> {
    /// Adds what the options and arguments say.
    pub fn put_facts(&self, words: &Words<'_>, row: &Row, fields: &mut MapBuilder) {
        let given = |name: &str| row.list(name).find_map(|option| words.value_of(option));
        if let Some((list, index)) = given("severities") {
            fields.set("severities", severities_in(list, self.place_of(words, index)));
        } else if let Some((lowest, index)) = given("threshold") {
            fields.set("severities", severities_from(lowest, self.place_of(words, index)));
        }
        let narrows = row.list("narrows").filter_map(|option| words.place_of(option));
        let narrows: Vec<Value> = narrows.map(|index| self.value_at(words, index)).collect();
        if !narrows.is_empty() {
            fields.set("narrowed_by", Value::list(narrows, self.place));
        }
        if let Some((payload, index)) = given("payload") {
            fields.set("payload", Value::string(payload, self.place_of(words, index)));
        }
        self.put_environment(words, row, fields);
        self.put_targets(words, row, fields);
        self.put_range(words, row, fields);
        self.put_build_file(words, row, fields);
        for (name, fact) in [
            ("saved", "saved"),
            ("from_stdin", "stdin"),
            ("rolls_back", "automatic-rollback"),
            ("whole", "whole"),
        ] {
            if row.fact(fact).is_some() {
                let is_given = row.list(fact).any(|option| words.has(option));
                fields.set_bool(name, is_given, self.place);
            }
        }
        if let Some(is_locked) = is_locked(words, row) {
            fields.set_bool("locked", is_locked, self.place);
        }
        self.put_minimum(words, row, fields);
        if let Some(provider) = row.fact("provider") {
            fields.set_text("provider", provider, self.place);
        }
    }

    fn put_targets(&self, words: &Words<'_>, row: &Row, fields: &mut MapBuilder) {
        for name in ["targets", "packages", "version"] {
            let Some(from) = row.fact(name) else { continue };
            let places = match from {
                "args" => words.operands(row, value_options(words.program)),
                _ => every_value(words, row.list(name)),
            };
            let mut values = places.into_iter().map(|index| self.value_at(words, index));
            if name != "version" {
                fields.set(name, Value::list(values.collect(), self.place));
            } else if let Some(version) = values.next() {
                fields.set(name, version);
            }
        }
    }

    /// The commits between which a scan looks: each with an option, or both in one, with dots between them.
    fn put_range(&self, words: &Words<'_>, row: &Row, fields: &mut MapBuilder) {
        let given = |name: &str| row.list(name).find_map(|option| words.value_of(option));
        if let Some((range, index)) = given("range") {
            let Some((from, to)) = range.split_once("..") else { return };
            let place = self.place_of(words, index);
            fields.set("from", Value::string(from, place));
            fields.set("to", Value::string(to.trim_start_matches('.'), place));
        }
        for end in ["from", "to"] {
            if let Some((commit, index)) = given(end) {
                fields.set(end, Value::string(commit, self.place_of(words, index)));
            }
        }
    }

    /// The file that an image is built from.
    fn put_build_file(&self, words: &Words<'_>, row: &Row, fields: &mut MapBuilder) {
        let (Some(context), Some(folder)) = (row.fact("context"), self.folder()) else { return };
        let given = |name: &str| row.list(name).find_map(|option| words.value_of(option));
        let context = match context {
            "args" => {
                words.operands(row, &BUILD_VALUES).pop().and_then(|at| words.arguments.get(at).copied())
            }
            _ => given("context").map(|(context, _)| context),
        };
        let named = given("file");
        let takes_both = matches!(words.program, "podman" | "buildah");
        let build = BuildFile {
            named: named.map(|(file, _)| file),
            context,
            folder,
            defaults: if takes_both { &["Containerfile", "Dockerfile"] } else { &["Dockerfile"] },
            place: named.map_or(self.place, |(_, index)| self.place_of(words, index)),
        };
        build.put(self.tasks, fields);
    }

    /// Where a deployment goes, and whether it builds first what it brings there.
    fn put_environment(&self, words: &Words<'_>, row: &Row, fields: &mut MapBuilder) {
        let given = |name: &str| row.list(name).find_map(|option| words.value_of(option));
        if row.fact("prebuilt").is_some() {
            let is_prebuilt = row.list("prebuilt").any(|option| words.has(option));
            fields.set_bool("builds", !is_prebuilt, self.place);
        }
        if let Some((environment, index)) = given("environment") {
            fields.set("environment", Value::string(environment, self.place_of(words, index)));
        } else if let Some(index) = row.list("production").find_map(|option| words.place_of(option)) {
            fields.set("environment", Value::string("production", self.place_of(words, index)));
        }
    }

    /// The least coverage; where no option says it, the settings of most tools may.
    fn put_minimum(&self, words: &Words<'_>, row: &Row, fields: &mut MapBuilder) {
        let given = |name: &str| row.list(name).find_map(|option| words.value_of(option));
        if let Some((minimum, index)) = given("minimum") {
            let place = self.place_of(words, index);
            let number = minimum.parse::<f64>().map_or_else(
                |_| Value::string(minimum, place),
                |number| Value::new(Data::Float(number), place),
            );
            fields.set("minimum", number);
        } else if row.activities().any(|(does, _)| does == "coverage") && words.program != "go" {
            let reason = Unknown::because("the settings of the tool may hold a threshold");
            fields.set("minimum", Value::unknown(reason, self.place));
        }
    }
}

/// Options of builds that take a value.
const BUILD_VALUES: [&str; 30] = [
    "--add-host",
    "--annotation",
    "--arch",
    "--build-arg",
    "--build-context",
    "--builder",
    "--cache-from",
    "--cache-to",
    "--file",
    "--format",
    "--iidfile",
    "--label",
    "--memory",
    "--metadata-file",
    "--network",
    "--output",
    "--platform",
    "--progress",
    "--secret",
    "--shm-size",
    "--ssh",
    "--tag",
    "--target",
    "--ulimit",
    "--volume",
    "-f",
    "-m",
    "-o",
    "-t",
    "-v",
];

/// Options that take a value, of the programs whose operands count.
fn value_options(program: &str) -> &'static [&'static str] {
    match program {
        "curl" | "wget" | "http" => &[
            "-H",
            "--header",
            "-d",
            "--data",
            "--data-raw",
            "--data-binary",
            "--json",
            "-X",
            "--request",
            "-u",
            "--user",
            "--retry",
            "--retry-delay",
            "--max-time",
            "-m",
            "--connect-timeout",
            "-w",
            "--write-out",
            "-o",
            "--output",
            "-T",
            "-A",
            "-b",
            "-F",
            "-O",
            "-t",
            "--tries",
            "--timeout",
        ],
        _ => &[
            "--severity",
            "-s",
            "--exit-code",
            "--format",
            "-f",
            "--output",
            "-o",
            "--template",
            "-t",
            "--fail-on",
            "--timeout",
            "--key",
            "--registry",
            "-r",
            "--requirement",
            "--index-url",
            "-i",
            "--config",
            "-c",
            "--only-severity",
            "-var-file",
        ],
    }
}

/// The places of all values of some options.
fn every_value<'o>(words: &Words<'_>, options: impl Iterator<Item = &'o str>) -> Vec<usize> {
    let options: Vec<&str> = options.collect();
    let mut found = Vec::new();
    for (index, argument) in words.arguments.iter().enumerate() {
        let (name, has_value) = argument.split_once('=').map_or((*argument, false), |(name, _)| (name, true));
        if options.contains(&name) {
            found.push(if has_value { index } else { index + 1 });
        }
    }
    found
}

/// Whether an installation keeps to a lock file, where the row knows.
fn is_locked(words: &Words<'_>, row: &Row) -> Option<bool> {
    if row.fact("unlocked").is_some() {
        return Some(!row.list("unlocked").any(|option| words.fulfills(option).is_some()));
    }
    match row.fact("locked")? {
        "always" => Some(true),
        "never" => Some(false),
        options => Some(options.split(',').any(|option| words.fulfills(option).is_some())),
    }
}
