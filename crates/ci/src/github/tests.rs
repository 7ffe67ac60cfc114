//! Repositories that want more than a reader should give.

use crate::CiReader;
use proofmark_model::{ReadSettings, Reader, Unit, UnitModel};
use proofmark_source::{FileId, MemoryWorkspace, Workspace};
use std::fmt::Write;

fn read(files: Vec<(String, String)>) -> UnitModel {
    let workspace = MemoryWorkspace::new(files);
    let count = u32::try_from(workspace.files().len()).unwrap();
    let files = (0..count).map(FileId).collect();
    let unit = Unit { reader: "ci", path: String::new(), files };
    CiReader.read(&workspace, &unit, &ReadSettings::default())
}

fn messages(model: &UnitModel) -> Vec<String> {
    model.diagnostics.iter().map(|diagnostic| format!("{} {}", diagnostic.code, diagnostic.message)).collect()
}

fn workflow(name: &str, text: String) -> (String, String) {
    (format!(".github/workflows/{name}.yml"), text)
}

#[test]
fn a_thousand_jobs_in_a_row_are_read() {
    let mut text = "on: push\njobs:\n".to_owned();
    for number in 0..1000 {
        let needs = if number > 0 { format!("j{}", number - 1) } else { "[]".to_owned() };
        writeln!(
            text,
            "  j{number}: {{ needs: {needs}, runs-on: x, steps: [{{ run: 'a ${{{{ env.B }}}}' }}] }}"
        )
        .unwrap();
    }
    let model = read(vec![workflow("many", text)]);
    assert_eq!(model.resources.iter().filter(|resource| resource.kind.0 == "github_job").count(), 1000);
    assert_eq!(messages(&model), Vec::<String>::new());
}

#[test]
fn calls_that_multiply_end_at_the_limit() {
    let names = 0..9;
    let files = names.map(|name| {
        let mut text = "on: { workflow_call: { inputs: { a: { type: string } } } }\njobs:\n".to_owned();
        for number in 0..10 {
            let next = name + 1;
            writeln!(text, "  j{number}: {{ uses: ./.github/workflows/w{next}.yml, with: {{ a: '${{{{ inputs.a }}}}' }} }}")
                .unwrap();
        }
        workflow(&format!("w{name}"), text)
    });
    let last =
        "on: { workflow_call: }\njobs: { j: { runs-on: x, steps: [{ run: 'echo ${{ inputs.a }}' }] } }\n";
    let model = read(files.chain([workflow("w9", last.to_owned())]).collect());
    assert_eq!(
        messages(&model).last().map(String::as_str),
        Some(
            "github-call-limit calls lead to more than 10000 jobs and steps; this one and others are not followed"
        )
    );
}

#[test]
fn eleven_levels_are_one_too_many() {
    let files = (0..11).map(|name| {
        let job = if name < 10 {
            format!("uses: ./.github/workflows/w{}.yml", name + 1)
        } else {
            "runs-on: x, steps: []".into()
        };
        workflow(&format!("w{name}"), format!("on: {{ workflow_call: }}\njobs: {{ j: {{ {job} }} }}\n"))
    });
    assert_eq!(
        messages(&read(files.collect())),
        ["github-reference the call of `.github/workflows/w1.yml` leads deeper than 10 levels"]
    );
}

#[test]
fn expressions_that_nest_deep_are_told() {
    let nested = format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let text =
        format!("on: push\njobs: {{ j: {{ runs-on: x, steps: [{{ run: '${{{{ {nested} }}}}' }}] }} }}\n");
    assert_eq!(
        messages(&read(vec![workflow("deep", text)])),
        ["github-expression an expression is too long or too deep to be read"]
    );
}
