//! Which program a command really runs.

use crate::facts::Field;
use crate::options::Dialect;
use proofmark_model::Value;

/// Programs that run the command that follows them.
const WRAPPERS: [&str; 10] =
    ["sudo", "env", "exec", "command", "time", "nice", "nohup", "builtin", "doas", "eatmydata"];

/// Options of the wrappers that take the next word as their value.
const WRAPPER_OPTIONS_WITH_VALUE: [&str; 6] = ["-u", "-g", "-n", "--user", "--group", "--chdir"];

/// A program that runs another one as a tool of its own: what stands between both names.
struct Runner {
    /// The words that begin it.
    words: &'static [&'static str],
    /// Options that take the next word as their value.
    with_value: &'static [&'static str],
    /// How many words stand before the program: a duration, a host, a service.
    operands: usize,
}

const fn runner(
    words: &'static [&'static str],
    with_value: &'static [&'static str],
    operands: usize,
) -> Runner {
    Runner { words, with_value, operands }
}

/// Longest first where one begins like another.
const RUNNERS: [Runner; 42] = [
    runner(&["npx"], &["-p", "--package", "-c", "--call", "--prefix"], 0),
    runner(&["bunx"], &["-p", "--package"], 0),
    runner(&["pnpx"], &["-p", "--package"], 0),
    runner(&["npm", "exec"], &["-p", "--package", "--prefix", "-w", "--workspace"], 0),
    runner(&["npm", "x"], &["-p", "--package", "--prefix", "-w", "--workspace"], 0),
    runner(&["pnpm", "exec"], &["-C", "--dir", "--filter"], 0),
    runner(&["pnpm", "dlx"], &["--package"], 0),
    runner(&["yarn", "exec"], &["--cwd"], 0),
    runner(&["yarn", "dlx"], &["-p", "--package"], 0),
    runner(&["bun", "x"], &["-p", "--package"], 0),
    runner(&["poetry", "run"], &["-C", "-P", "--directory", "--project"], 0),
    runner(&["pipenv", "run"], &[], 0),
    runner(&["pdm", "run"], &["-p", "--project"], 0),
    runner(&["hatch", "run"], &["-e", "--env"], 0),
    runner(&["rye", "run"], &[], 0),
    runner(&["pixi", "run"], &["-e", "--environment", "--manifest-path"], 0),
    runner(&["uv", "tool", "run"], &["--from", "--with", "-p", "--python"], 0),
    runner(
        &["uv", "run"],
        &["--with", "--extra", "--group", "-p", "--python", "--directory", "--project", "--package"],
        0,
    ),
    runner(&["uvx"], &["--from", "--with", "-p", "--python"], 0),
    runner(&["pipx", "run"], &["--spec", "--python"], 0),
    runner(&["conda", "run"], &["-n", "--name", "-p", "--prefix"], 0),
    runner(&["micromamba", "run"], &["-n", "--name", "-p", "--prefix"], 0),
    runner(&["bundle", "exec"], &[], 0),
    runner(&["mise", "exec"], &["-C"], 0),
    runner(&["asdf", "exec"], &[], 0),
    runner(&["direnv", "exec"], &[], 1),
    runner(&["dotenv"], &["-e", "-f"], 0),
    runner(&["cross-env"], &[], 0),
    runner(&["xvfb-run"], &["-s", "-n", "-e"], 0),
    runner(&["timeout"], &["-s", "--signal", "-k", "--kill-after"], 1),
    runner(&["gtimeout"], &["-s", "--signal", "-k", "--kill-after"], 1),
    runner(&["stdbuf"], &["-i", "-o", "-e"], 0),
    runner(&["setsid"], &[], 0),
    runner(&["ionice"], &["-c", "-n"], 0),
    runner(&["chroot"], &[], 1),
    runner(&["xargs"], &["-n", "-P", "-I", "-d", "-L", "-s", "-a", "-E"], 0),
    runner(&["aws-vault", "exec"], &["-d", "--duration"], 1),
    runner(&["op", "run"], &["--env-file"], 0),
    runner(&["doppler", "run"], &["-p", "--project", "-c", "--config", "-t", "--token"], 0),
    runner(&["python", "-m"], &[], 0),
    runner(&["python3", "-m"], &[], 0),
    runner(&["py", "-m"], &[], 0),
];

/// Options of `docker run` and its like without a value; all others take the next word unless they hold `=`.
const CONTAINER_SWITCHES: [&str; 14] = [
    "--rm",
    "-i",
    "-t",
    "-it",
    "-ti",
    "-d",
    "-dit",
    "--interactive",
    "--tty",
    "--detach",
    "--privileged",
    "--init",
    "--read-only",
    "-T",
];

/// What `docker` is called where it is not Docker.
const CONTAINER_PROGRAMS: [&str; 4] = ["docker", "podman", "nerdctl", "docker-compose"];

/// Which program a command really runs: the parts of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invocation {
    /// The index of the first field behind wrappers such as `sudo`.
    pub program: usize,
    /// The index of the field that names the tool behind all runners; past the end where there is none.
    pub tool: usize,
    /// The name of the tool, where it is not the text of its field: that of a container's entry point.
    pub tool_name: Option<String>,
    /// The index of the tool's first argument.
    pub arguments: usize,
    /// What was taken off between, outermost first.
    pub runners: Vec<String>,
    /// The index of the image in which it runs.
    pub image: Option<usize>,
    /// Whether it runs in a container or on another machine.
    pub is_remote: bool,
    /// The index of the field that makes a runner ignore its failure: the `;` of `find -exec`.
    pub ignored_at: Option<usize>,
}

impl Invocation {
    /// Takes the fields of a command apart.
    #[must_use]
    pub fn of(fields: &[Field]) -> Self {
        let texts: Vec<&str> = fields.iter().map(|field| field.value.as_str().unwrap_or("")).collect();
        let program = wrapped_at(&texts);
        let mut invocation = Self { program, tool: program, arguments: program + 1, ..Self::default() };
        // Each round takes at least one field off.
        while invocation.step(&texts) {}
        invocation
    }

    /// The name of the program behind wrappers, without its folder.
    #[must_use]
    pub fn program_name<'f>(&self, fields: &'f [Field]) -> &'f str {
        fields.get(self.program).map_or("", |field| base_name(text_of(field)))
    }

    /// The name of the tool, without its folder.
    #[must_use]
    pub fn tool_name<'f>(&'f self, fields: &'f [Field]) -> &'f str {
        match &self.tool_name {
            Some(name) => name,
            None => fields.get(self.tool).map_or("", |field| base_name(text_of(field))),
        }
    }

    /// The fields behind the tool.
    #[must_use]
    pub fn arguments<'f>(&self, fields: &'f [Field]) -> &'f [Field] {
        fields.get(self.arguments.min(fields.len())..).unwrap_or(&[])
    }

    /// Takes one runner or wrapper off; false where there is none.
    fn step(&mut self, texts: &[&str]) -> bool {
        if self.tool_name.is_some() {
            return false;
        }
        let rest = texts.get(self.tool..).unwrap_or(&[]);
        let Some(first) = rest.first().map(|first| base_name(first)) else { return false };
        if self.tool > self.program && WRAPPERS.contains(&first) {
            let skipped = wrapped_at(rest);
            return skipped > 0 && self.advance(skipped, first);
        }
        if CONTAINER_PROGRAMS.contains(&first) {
            return self.container(first, rest);
        }
        if first == "find" {
            return self.found_files(rest);
        }
        let found = RUNNERS.iter().find(|runner| {
            first == runner.words.first().copied().unwrap_or("")
                && rest.get(1..runner.words.len()) == Some(runner.words.get(1..).unwrap_or(&[]))
        });
        let Some(found) = found else { return false };
        let length = found.words.len();
        let skipped = length + skip_options(rest.get(length..).unwrap_or(&[]), found) + found.operands;
        if rest.get(skipped).is_none() {
            return false;
        }
        let name = if found.words.get(1) == Some(&"-m") {
            first
        } else {
            found.words.first().copied().unwrap_or("")
        };
        self.advance(skipped, name);
        // `npx --yes tool@1.2.3` runs `tool`.
        let tool = texts.get(self.tool).copied().unwrap_or("");
        let versioned = tool.get(1..).and_then(|rest| rest.find('@')).map(|at| at + 1);
        if let Some(at) = versioned.filter(|_| !tool.contains("${{")) {
            self.tool_name = tool.get(..at).map(|name| base_name(name).to_owned());
        }
        true
    }

    fn advance(&mut self, fields: usize, runner: &str) -> bool {
        self.tool += fields;
        self.arguments = self.tool + 1;
        self.runners.push(runner.to_owned());
        true
    }

    /// `find … -exec`, which ignores failures where it runs the tool for each file.
    fn found_files(&mut self, rest: &[&str]) -> bool {
        let Some(at) = rest.iter().position(|text| matches!(*text, "-exec" | "-execdir")) else {
            return false;
        };
        if rest.get(at + 1).is_none() {
            return false;
        }
        self.ignored_at = rest.iter().position(|text| *text == ";").map(|end| self.tool + end);
        self.advance(at + 1, "find")
    }

    /// `docker run`, `docker exec`, `docker compose run`, `docker compose exec`.
    fn container(&mut self, first: &str, rest: &[&str]) -> bool {
        let is_compose = first == "docker-compose" || rest.get(1) == Some(&"compose");
        let skip = if rest.get(1) == Some(&"compose") { 2 } else { 1 };
        let behind = rest.get(skip..).unwrap_or(&[]);
        let is_verb = |word: &&str| matches!(*word, "run" | "exec");
        let verb = match is_compose {
            true => behind.iter().position(is_verb),
            false => match behind {
                ["container", verb, ..] if is_verb(verb) => Some(1),
                [verb, ..] if is_verb(verb) => Some(0),
                _ => None,
            },
        };
        let Some(verb) = verb.map(|verb| skip + verb) else { return false };
        let is_run = rest.get(verb) == Some(&"run");
        let (target, entry_point) = skip_container_options(rest, verb + 1);
        if rest.get(target).is_none() {
            return false;
        }
        self.is_remote = true;
        let at = self.tool + target;
        let words = rest.get(target + 1..).unwrap_or(&[]);
        if is_run && !is_compose {
            self.image = Some(at);
            let image = image_name(rest.get(target).copied().unwrap_or(""));
            let is_program = words.first().is_some_and(|word| !word.starts_with('-'))
                && (!image.contains('/')
                    || words.first().map(|word| base_name(word)) == Some(base_name(image)));
            if entry_point.is_some() || !is_program {
                self.runners.push(first.to_owned());
                self.tool_name = Some(base_name(entry_point.unwrap_or(image)).to_owned());
                self.tool = at;
                self.arguments = at + 1;
                return false;
            }
        } else if words.is_empty() {
            return false;
        }
        self.advance(target + 1, first)
    }
}

/// The text of a field.
pub fn text_of(field: &Field) -> &str {
    match &field.value.data {
        proofmark_model::Data::String(text) => text,
        _ => "",
    }
}

/// The last part of a path.
pub fn base_name(text: &str) -> &str {
    // An expression may hold slashes of its own.
    if text.contains("${{") { text } else { text.rsplit('/').next().unwrap_or(text) }
}

/// Whether a program runs what it reads as a script.
#[must_use]
pub fn is_interpreter(name: &str) -> bool {
    Dialect::of_program(name) != Dialect::Other
        || matches!(
            name,
            "python" | "python3" | "perl" | "ruby" | "node" | "php" | "source" | "." | "eval" | "iex"
        )
}

/// Whether the program `name` with these arguments executes what it reads from its standard input.
#[must_use]
pub fn executes_input(name: &str, arguments: &[Field]) -> bool {
    if !is_interpreter(name) || matches!(name, "source" | "." | "eval") {
        return false;
    }
    for text in arguments.iter().map(text_of) {
        match text {
            "-" | "-s" | "/dev/stdin" | "--" => return true,
            // A letter that takes code or a module: what is read is data.
            _ if text.starts_with('-') && !text.starts_with("--") => {
                if text.contains(['c', 'e', 'm', 'p', 'n', 'r'])
                    && Dialect::of_program(name) == Dialect::Other
                {
                    return false;
                }
                if text.contains('c') {
                    return false;
                }
            }
            _ if text.starts_with("--") => {}
            _ => return false,
        }
    }
    true
}

/// The wrappers among the fields before the program.
#[must_use]
pub fn wrappers(fields: &[Field], program: usize) -> Vec<&Value> {
    let before = fields.get(..program.min(fields.len())).unwrap_or(&[]);
    before.iter().filter(|field| WRAPPERS.contains(&text_of(field))).map(|field| &field.value).collect()
}

/// The place in `texts` at which the command behind wrappers begins.
fn wrapped_at(texts: &[&str]) -> usize {
    let mut index = 0;
    while texts.get(index).is_some_and(|text| WRAPPERS.contains(text)) {
        index += 1;
        while let Some(text) = texts.get(index) {
            if WRAPPER_OPTIONS_WITH_VALUE.contains(text) {
                index += 2;
            } else if text.starts_with('-') || text.contains('=') {
                index += 1;
            } else {
                break;
            }
        }
    }
    // `sudo -i`, `env` and the like stand for themselves.
    if index >= texts.len() { 0 } else { index }
}

/// The number of options and assignments at the start of `texts`.
fn skip_options(texts: &[&str], runner: &Runner) -> usize {
    let mut index = 0;
    while let Some(text) = texts.get(index) {
        if *text == "--" {
            return index + 1;
        }
        if runner.with_value.contains(text) {
            index += 2;
        } else if text.starts_with('-') || (text.contains('=') && !text.contains('/')) {
            index += 1;
        } else {
            break;
        }
    }
    index
}

/// The index of the image, container or service behind the options from `index` on, and the entry point that they set.
fn skip_container_options<'t>(texts: &[&'t str], mut index: usize) -> (usize, Option<&'t str>) {
    let mut entry_point = None;
    while let Some(text) = texts.get(index).filter(|text| text.starts_with('-')) {
        if let Some(value) = text.strip_prefix("--entrypoint=") {
            entry_point = Some(value);
        } else if *text == "--entrypoint" {
            entry_point = texts.get(index + 1).copied();
        }
        let is_alone = text.contains('=') || CONTAINER_SWITCHES.contains(text);
        index += if is_alone { 1 } else { 2 };
    }
    (index, entry_point.filter(|name| !name.is_empty()))
}

/// An image without its tag and digest.
fn image_name(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let path_at = image.rfind('/').map_or(0, |at| at + 1);
    let tag_at = image.get(path_at..).and_then(|name| name.find(':')).map(|at| path_at + at);
    tag_at.and_then(|at| image.get(..at)).unwrap_or(image)
}
