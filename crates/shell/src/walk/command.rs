//! Simple commands: what they are given, and what they change.

use super::{Context, Walker};
use crate::Command;
use crate::command::{Join, Redirect};
use crate::effects::{Effects, Output, effects_of};
use crate::facts::{Facts, Fate, Feed, Field, IgnoredBy, Nesting};
use crate::invocation::{Invocation, is_interpreter, text_of};
use crate::tree::List;
use crate::variables::{Expander, assigned_name};
use crate::word::{PartKind, Word};
use proofmark_model::Value;
use std::ops::Range;
use std::rc::Rc;

impl Walker<'_> {
    pub(super) fn command(&mut self, mut command: Command, context: &Context) {
        self.read_documents(&mut command.redirects);
        let fields = self.fields(&command.words);
        let invocation = Invocation::of(&fields);
        let program = invocation.program_name(&fields).to_owned();
        let feeds = feeds(&command.words, &fields, &invocation);
        let mut scripts = Vec::new();
        command.words.iter_mut().for_each(|word| word.take_scripts(&mut scripts));
        take_redirect_scripts(&mut command.redirects, &mut scripts);
        let mut assigning = Vec::new();
        command.assignments.iter_mut().for_each(|word| word.take_scripts(&mut assigning));
        let values = self.assigned_values(&command.assignments, &command.words);
        let mut facts = self.facts(context);
        facts.fate = special_fate(&command, &fields, &invocation, context).unwrap_or(facts.fate);
        facts.values.extend(values.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?))));
        facts.effects = effects_in(&command, &fields, &invocation, context);
        facts.fields = fields;
        facts.invocation = invocation;
        let is_assignment = command.words.is_empty();
        command.join = context.join;
        command.facts = Box::new(facts);
        let range = command.range.start..command.range.end;
        self.assigning_scripts(assigning, is_assignment, context, &range);
        let fed_to = feeds.map(Rc::new).or_else(|| context.fed_to.as_ref().map(Rc::clone));
        let inner = Context { fed_to, ..context.inner() };
        let fate = substituted_fate(&program, &range);
        for (list, is_process) in scripts {
            self.substitution(list, is_process, fate, &inner);
        }
        self.change_state(&program, &command, &values, &range);
        self.nested_scripts(&command, context);
        let called = Context { fate: self.effective(context), ..context.inner() };
        self.call(&program, &called, &range);
        self.commands.push(command);
    }

    fn facts(&self, context: &Context) -> Facts {
        Facts {
            fate: self.effective(context),
            is_conditional: context.is_conditional,
            is_condition: context.is_condition,
            in_loop: context.in_loop,
            in_subshell: context.in_subshell,
            in_background: context.in_background,
            function: context.function.as_deref().map(str::to_owned),
            is_called: !context.is_uncalled,
            is_last: context.is_last,
            options: self.state.options,
            dialect: context.dialect,
            nesting: context.nesting,
            folder: self.state.folder.clone(),
            piped_to: context.piped_to.to_vec(),
            or_else: context.or_else.as_deref().cloned(),
            fed_to: context.fed_to.as_deref().cloned(),
            ..Facts::default()
        }
    }

    fn fields(&self, words: &[Word]) -> Vec<Field> {
        let expander = self.expander();
        let fields = words.iter().enumerate();
        fields.flat_map(|(index, word)| expander.fields(word, index, self.place(&word.range))).collect()
    }

    fn expander(&self) -> Expander<'_> {
        Expander { variables: &self.state.variables, environment: self.settings.environment }
    }

    /// The variables that assignments and words such as those of `export` set, each with its value if that is known.
    fn assigned_values(&self, assignments: &[Word], words: &[Word]) -> Vec<(String, Option<Value>)> {
        let expander = self.expander();
        let declares = words.first().is_some_and(|word| {
            matches!(word.text.as_str(), "export" | "declare" | "local" | "readonly" | "typeset")
        });
        let declared = words.iter().skip(1).filter(|_| declares);
        let value = |word: &Word| {
            let assigned = assigned_name(word)?;
            let is_list = word.text.get(assigned.value_at..).is_some_and(|value| value.starts_with('('))
                && !word.is_quoted;
            let value = if assigned.is_partial || is_list {
                None
            } else {
                expander.value(word, assigned.value_at, self.place(&word.range))
            };
            Some((assigned.name.to_owned(), value))
        };
        assignments.iter().chain(declared).filter_map(value).collect()
    }

    /// Follows the scripts of substitutions in assignments. Where nothing but assignments stands there, the status of
    /// the last one is that of the command.
    fn assigning_scripts(
        &mut self,
        mut scripts: Vec<(List, bool)>,
        is_assignment: bool,
        context: &Context,
        range: &Range<usize>,
    ) {
        let last = if is_assignment { scripts.pop() } else { None };
        self.substitutions(scripts, context, range);
        if let Some((list, is_process)) = last {
            let fate = if is_process {
                Fate::ignored(IgnoredBy::Substitution, range)
            } else {
                self.effective(context)
            };
            self.substitution(list, is_process, fate, context);
        }
    }

    /// Follows the scripts of substitutions whose status nobody sees.
    pub(super) fn substitutions(
        &mut self,
        scripts: Vec<(List, bool)>,
        context: &Context,
        range: &Range<usize>,
    ) {
        for (list, is_process) in scripts {
            self.substitution(list, is_process, Fate::ignored(IgnoredBy::Substitution, range), context);
        }
    }

    /// Follows the scripts of substitutions in redirections.
    pub(super) fn redirect_scripts(&mut self, redirects: &mut [Redirect], context: &Context) {
        let mut scripts = Vec::new();
        take_redirect_scripts(redirects, &mut scripts);
        let range =
            redirects.first().map_or(0..0, |redirect| redirect.target.range.start..redirect.target.range.end);
        self.substitutions(scripts, context, &range);
    }

    fn substitution(&mut self, list: List, is_process: bool, fate: Fate, context: &Context) {
        let is_posix = context.dialect == crate::Dialect::Posix;
        let inner = Context {
            exit_fate: fate,
            fate,
            // What `dash` does; Bash hands it on.
            is_unchecked: context.is_unchecked && !is_posix,
            is_last: false,
            nesting: Some(if is_process { Nesting::Process } else { Nesting::Substitution }),
            join: Join::Sequence,
            piped_to: Rc::default(),
            teed: Rc::default(),
            is_taken: false,
            or_else: None,
            output: None,
            reads_pipe_status: false,
            ..context.inner()
        };
        self.isolated(|walker| {
            // Bash switches `-e` off in there.
            walker.state.options.errexit &= is_posix;
            walker.list(list, &inner);
        });
    }

    /// Applies what a command changes for those behind it.
    fn change_state(
        &mut self,
        program: &str,
        command: &Command,
        values: &[(String, Option<Value>)],
        range: &Range<usize>,
    ) {
        let place = self.place(range);
        let arguments = command.words.get(1..).unwrap_or(&[]);
        let lasts = command.words.is_empty()
            || matches!(program, "export" | "declare" | "local" | "readonly" | "typeset");
        if lasts {
            for (name, value) in values {
                match value {
                    Some(value) => self.state.variables.set(name, value.clone()),
                    None => self.state.variables.forget(name, place),
                }
            }
        }
        match program {
            "set" => self.state.options.apply_words(arguments),
            "shopt" => self.apply_shopt(arguments),
            "cd" | "pushd" => self.change_folder(command),
            "popd" => self.state.folder = None,
            "source" | "." | "eval" => self.state.variables.forget_all(),
            "read" | "mapfile" | "readarray" | "getopts" | "unset" => {
                for word in arguments.iter().filter(|word| !word.text.starts_with('-')) {
                    self.state.variables.forget(&word.text, place);
                }
            }
            _ => {}
        }
    }

    fn apply_shopt(&mut self, arguments: &[Word]) {
        let letters = arguments.first().map_or("", |word| word.text.as_str());
        if letters.contains('o') {
            let is_on = letters.contains('s');
            for word in arguments.iter().skip(1) {
                self.state.options.set_named(&word.text, is_on);
            }
        }
    }

    fn change_folder(&mut self, command: &Command) {
        let fields = &command.facts.fields;
        let target =
            fields.iter().skip(1).find(|field| !text_of(field).starts_with('-') || text_of(field) == "-");
        let known = target.filter(|field| field.is_known).map(text_of);
        self.state.folder = match known {
            Some("-") | None => None,
            Some(path) if path.starts_with(['~', '/']) => Some(path.to_owned()),
            Some(path) => self.state.folder.as_deref().and_then(|folder| joined_folder(folder, path)),
        };
    }
}

/// What becomes of the failure of a command that ends the shell, or that ignores it; `None` of all others.
fn special_fate(
    command: &Command,
    fields: &[Field],
    invocation: &Invocation,
    context: &Context,
) -> Option<Fate> {
    let replaces_shell = command.words.len() > 1 && command.program() == "exec";
    if replaces_shell || invocation.program_name(fields) == "exit" {
        return Some(context.exit_fate);
    }
    let end = command.words.get(fields.get(invocation.ignored_at?)?.word_index)?;
    Some(Fate::ignored(IgnoredBy::Loop, &end.range))
}

/// The fate of the substitutions in a command: only of those in a test does anybody see something, their output.
fn substituted_fate(program: &str, range: &Range<usize>) -> Fate {
    match program {
        "[" | "[[" | "test" => Fate::handled(false),
        _ => Fate::ignored(IgnoredBy::Substitution, range),
    }
}

/// What a command reads, prints and writes where it stands.
fn effects_in(command: &Command, fields: &[Field], invocation: &Invocation, context: &Context) -> Effects {
    let own = command.redirects.iter().rfind(|redirect| redirect.takes_output());
    let output = Output {
        redirect: own.or(context.output.as_deref()),
        is_captured: matches!(context.nesting, Some(Nesting::Substitution | Nesting::Process)),
        piped_to: &context.piped_to,
        is_taken: context.is_taken,
        teed: &context.teed,
    };
    effects_of(command, fields, invocation, &output)
}

/// The folder that `path` leads to from `folder`; `None` above the root that is known.
fn joined_folder(folder: &str, path: &str) -> Option<String> {
    let is_absolute = folder.starts_with('/');
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_none_or(|last| *last == ".." || *last == "~") => match is_absolute {
                true => {}
                false => parts.push(".."),
            },
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    Some(if is_absolute { format!("/{joined}") } else { joined })
}

fn take_redirect_scripts(redirects: &mut [Redirect], scripts: &mut Vec<(List, bool)>) {
    for redirect in redirects {
        redirect.target.take_scripts(scripts);
        if let Some(body) = &mut redirect.body {
            body.take_scripts(scripts);
        }
    }
}

/// The program that executes what the substitutions among `words` give, if one does: `bash <(…)`, `eval "$(…)"`,
/// `sh -c "$(…)"`, or whatever a substitution in the place of a program names.
fn feeds(words: &[Word], fields: &[Field], invocation: &Invocation) -> Option<(String, Feed)> {
    let is_substitution =
        |word: &Word| word.parts.iter().any(|part| matches!(part.kind, PartKind::Substitution(_)));
    let is_process = |word: &Word| word.parts.iter().any(|part| matches!(part.kind, PartKind::Process(_)));
    let tool_at = fields.get(invocation.tool)?.word_index;
    let tool = invocation.tool_name(fields);
    if words.get(tool_at).is_some_and(|word| is_substitution(word) && word.text.starts_with(['$', '`'])) {
        return Some(("eval".to_owned(), Feed::Substitution));
    }
    if !is_interpreter(tool) {
        return None;
    }
    let mut before = "";
    for word in words.iter().skip(tool_at + 1) {
        let is_code = tool == "eval" || (before.starts_with('-') && before.ends_with(['c', 'e']));
        if is_process(word) || (is_code && is_substitution(word)) {
            return Some((tool.to_owned(), Feed::Substitution));
        }
        before = word.text.as_str();
    }
    None
}
