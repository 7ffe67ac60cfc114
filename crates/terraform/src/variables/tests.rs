//! Expected values are those of Terraform 1.11 for the same files and options.

use crate::TerraformReader;
use proofmark_model::{ReadSettings, Reader, SmolStr, VariableInput};
use proofmark_source::{FileId, MemoryWorkspace, Workspace};
use std::fmt::Write as _;

/// One variable of each way in which Terraform reads the command line.
const ROOT: &str = "
variable \"text\" {
  type    = string
  default = \"d\"
}
variable \"number\" {
  type    = number
  default = 0
}
variable \"untyped\" { default = null }
variable \"any\" {
  type    = any
  default = null
}
variable \"list\" {
  type    = list(string)
  default = []
}
output \"o\" { value = [var.text, var.number, var.untyped, var.any, var.list] }
";

/// The outputs and diagnostics of a root module in `.`, with that given to it.
fn read(files: &[(&str, &str)], inputs: impl Fn(&MemoryWorkspace) -> Vec<VariableInput>) -> String {
    let workspace = MemoryWorkspace::new(files.iter().copied().chain([("main.tf", ROOT)]));
    let settings = ReadSettings { inputs: inputs(&workspace), ..ReadSettings::default() };
    read_with(&workspace, &settings)
}

fn read_with(workspace: &MemoryWorkspace, settings: &ReadSettings) -> String {
    let reader = TerraformReader::new();
    let all = (0..workspace.files().len()).map(|index| FileId(u32::try_from(index).unwrap()));
    let claimed: Vec<FileId> = all.filter(|file| reader.claim(workspace, *file).is_some()).collect();
    let mut text = String::new();
    for unit in reader.units(workspace, &claimed, settings) {
        let model = reader.read(workspace, &unit, settings);
        for output in &model.outputs {
            writeln!(text, "{} = {}", output.name, output.value).unwrap();
        }
        for diagnostic in &model.diagnostics {
            let line = workspace.line_index(diagnostic.span.file).line_number(diagnostic.span.start);
            let path = workspace.path(diagnostic.span.file);
            writeln!(text, "{path}:{line}: {}", diagnostic.message).unwrap();
        }
    }
    text
}

fn argument(name: &str, text: &str) -> VariableInput {
    VariableInput::Argument { name: name.into(), text: text.to_owned() }
}

fn arguments(given: &[(&str, &str)]) -> String {
    read(&[], |_| given.iter().map(|(name, text)| argument(name, text)).collect())
}

#[test]
fn text_of_the_command_line_is_the_value_of_a_primitive_variable() {
    let given = [("text", "[\"a\"]"), ("number", "12"), ("untyped", "[\"a\"]")];
    assert_eq!(arguments(&given), "o = [\"[\\\"a\\\"]\", 12, \"[\\\"a\\\"]\", null, []]\n");
    assert_eq!(arguments(&[("text", "null"), ("untyped", "")]), "o = [\"null\", 0, \"\", null, []]\n");
}

#[test]
fn text_of_the_command_line_is_an_expression_for_other_variables() {
    let given = [("any", "{ a = [1, true] }"), ("list", "[\"${1}\"]")];
    assert_eq!(arguments(&given), "o = [\"d\", 0, null, {a = [1, true]}, [\"1\"]]\n");
    assert_eq!(
        arguments(&[("list", "[for x in [\"y\"] : \"${x}!\"]")]),
        "o = [\"d\", 0, null, null, [\"y!\"]]\n"
    );
}

#[test]
fn a_value_names_nothing_and_calls_nothing() {
    for (text, problem) in [
        ("a", "the value of a variable may not refer to anything"),
        ("[var.text]", "the value of a variable may not refer to anything"),
        ("[\"%{ if local.a }x%{ endif }\"]", "the value of a variable may not refer to anything"),
        ("[upper(\"a\")]", "the value of a variable may not call a function"),
    ] {
        let read = arguments(&[("list", text)]);
        assert!(read.contains(&format!("main.tf:15: {problem}")), "{text}: {read}");
    }
}

#[test]
fn what_is_no_expression_or_has_the_wrong_type_is_told() {
    let read = arguments(&[("list", "["), ("number", "1+1")]);
    assert!(read.contains("main.tf:15: the value given for `list` is no expression"), "{read}");
    assert!(read.contains("main.tf:6: `number` has the wrong type: a number is required"), "{read}");
}

#[test]
fn what_comes_later_on_the_command_line_wins() {
    let files = [
        ("terraform.tfvars", "text = \"terraform\"\nnumber = 1\nlist = [\"terraform\"]\n"),
        ("a.auto.tfvars", "number = 2\nlist = [\"auto\"]\n"),
        ("prod.tfvars", "text = \"prod\"\nlist = [\"prod\"]\n"),
    ];
    let file = |workspace: &MemoryWorkspace| VariableInput::File(workspace.find("prod.tfvars").unwrap());
    let before = read(&files, |workspace| vec![argument("text", "cli"), file(workspace)]);
    assert_eq!(before, "o = [\"prod\", 2, null, null, [\"prod\"]]\n");
    let after = read(&files, |workspace| vec![file(workspace), argument("text", "cli")]);
    assert_eq!(after, "o = [\"cli\", 2, null, null, [\"prod\"]]\n");
}

#[test]
fn an_assignment_is_what_a_variable_file_would_say() {
    let assignment = |name: &str, expression: &str| VariableInput::Assignment {
        name: name.into(),
        expression: expression.to_owned(),
        place: None,
    };
    let given =
        read(&[], |_| vec![assignment("text", "\"x\""), assignment("untyped", "[1]"), assignment("no", "1")]);
    assert_eq!(given, "o = [\"x\", 0, [1], null, []]\n");
}

#[test]
fn variable_files_hold_values_of_declared_variables() {
    let files = [("terraform.tfvars", "text = var.number\nlist = [upper(\"a\")]\nnone = 1\n\nserver {\n}\n")];
    let read = read(&files, |_| Vec::new());
    for problem in [
        "terraform.tfvars:1: the value of a variable may not refer to anything",
        "terraform.tfvars:2: the value of a variable may not call a function",
        "terraform.tfvars:3: the root module `.` declares no variable `none`",
        "terraform.tfvars:5: `server` is a block, and a variable file has none",
    ] {
        assert!(read.contains(problem), "{problem}: {read}");
    }
}

#[test]
fn texts_of_a_json_variable_file_are_no_templates() {
    let json = "{\"text\": \"j${1}\", \"list\": [\"${upper(1)}\", \"%{if\"], \"any\": {\"provider\": {\"a\": 1}}, \"//\": \"x\"}";
    let read = read(&[("terraform.tfvars.json", json)], |_| Vec::new());
    assert_eq!(read, "o = [\"j${1}\", 0, null, {provider = {a = 1}}, [\"${upper(1)}\", \"%{if\"]]\n");
}

#[test]
fn the_workspace_is_known_where_somebody_names_it() {
    let workspace = MemoryWorkspace::new([(
        "main.tf",
        "output \"o\" {\n  value = [terraform.workspace == \"prod\" ? 3 : 1, path.module, path.root]\n}\n",
    )]);
    let mut settings = ReadSettings::default();
    let unnamed = read_with(&workspace, &settings);
    assert!(unnamed.contains("(unknown: the workspace is chosen when Terraform runs"), "{unnamed}");
    settings.workspace = Some(SmolStr::new_static("prod"));
    assert_eq!(read_with(&workspace, &settings), "o = [3, \".\", \".\"]\n");
}
