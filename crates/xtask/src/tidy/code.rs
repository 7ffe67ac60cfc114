//! Sizes of functions and files, parameters, and copies.

use super::shown;
use std::fs;
use std::path::{Path, PathBuf};
use syn::spanned::Spanned;
use syn::visit::Visit;

/// No function may be longer, in lines.
const FUNCTION_MOST: usize = 80;
/// 95 % of all functions stay within this, in lines.
const FUNCTION_USUAL: usize = 40;
/// No file may be longer, in lines; tables of data excepted.
const FILE_MOST: usize = 800;
/// 95 % of all files stay within this, in lines.
const FILE_USUAL: usize = 500;
/// More parameters than this want a struct.
const PARAMETERS_MOST: usize = 4;
/// Copies in 1,000 lines outside tests, at most: where they are more, something should be shared.
const COPIES_MOST: usize = 5;

/// Lengths and counts over all sources, and what broke a hard limit.
#[derive(Default)]
struct Survey {
    function_lines: Vec<usize>,
    file_lines: Vec<usize>,
    problems: Vec<String>,
    file: String,
}

/// Every breach of the limits above.
pub(super) fn check(root: &Path, sources: &[PathBuf]) -> Vec<String> {
    let mut survey = Survey::default();
    for path in sources {
        let Ok(text) = fs::read_to_string(path) else { continue };
        survey.file = shown(root, path);
        survey.read_file(&text);
    }
    survey.check_share("functions", FUNCTION_USUAL, survey.function_lines.clone());
    survey.check_share("files", FILE_USUAL, survey.file_lines.clone());
    survey.problems.extend(check_copies(root, sources));
    survey.problems
}

impl Survey {
    fn read_file(&mut self, text: &str) {
        let lines = text.lines().count();
        let is_test = is_test_file(&self.file);
        if !is_test {
            self.file_lines.push(lines);
        }
        if lines > FILE_MOST && !is_test {
            self.problems.push(format!("{}: {lines} lines, more than {FILE_MOST}", self.file));
        }
        match syn::parse_file(text) {
            Ok(file) => self.visit_file(&file),
            Err(error) => self.problems.push(format!("{}: {error}", self.file)),
        }
    }

    fn check_share(&mut self, what: &str, usual: usize, lengths: Vec<usize>) {
        let long = lengths.iter().filter(|&&length| length > usual).count();
        if long * 20 > lengths.len() {
            let all = lengths.len();
            self.problems
                .push(format!("{long} of {all} {what} are longer than {usual} lines, more than 5 %"));
        }
    }

    fn read_function(&mut self, signature: &syn::Signature, span: proc_macro2::Span) {
        // A test may hold a whole document as its expectation.
        if is_test_file(&self.file) {
            return;
        }
        let lines = span.end().line.saturating_sub(signature.span().start().line) + 1;
        self.function_lines.push(lines);
        let place = format!("{}:{}: `{}`", self.file, signature.span().start().line, signature.ident);
        if lines > FUNCTION_MOST {
            self.problems.push(format!("{place} has {lines} lines, more than {FUNCTION_MOST}"));
        }
        let parameters =
            signature.inputs.iter().filter(|input| matches!(input, syn::FnArg::Typed(_))).count();
        if parameters > PARAMETERS_MOST {
            self.problems.push(format!("{place} has {parameters} parameters, more than {PARAMETERS_MOST}"));
        }
    }
}

impl<'ast> Visit<'ast> for Survey {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.read_function(&item.sig, item.span());
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.read_function(&item.sig, item.span());
        syn::visit::visit_impl_item_fn(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "tests" {
            syn::visit::visit_item_mod(self, item);
        }
    }
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("tests.rs") || path.contains("/tests/")
}

/// Copies per crate, counted as text: `.clone()` outside test modules.
fn check_copies(root: &Path, sources: &[PathBuf]) -> Vec<String> {
    let mut crates: std::collections::BTreeMap<String, (usize, usize)> = std::collections::BTreeMap::new();
    for path in sources {
        let name = shown(root, path);
        let Ok(text) = fs::read_to_string(path) else { continue };
        if is_test_file(&name) {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        let room = name.split('/').nth(1).unwrap_or("").to_owned();
        let counts = crates.entry(room).or_default();
        counts.0 += code.lines().count();
        counts.1 += code.matches(".clone()").count();
    }
    let too_many =
        crates.iter().filter(|(_, (lines, copies))| copies * 1000 > COPIES_MOST * (*lines).max(1000));
    too_many
        .map(|(room, (lines, copies))| format!("crates/{room}: {copies} copies in {lines} lines"))
        .collect()
}
