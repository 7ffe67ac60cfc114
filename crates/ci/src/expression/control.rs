//! Who decides the text of a context.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Who decides a text, from those of whom nobody need be afraid to everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Control {
    /// The repository's owners or GitHub, or a form that leaves no room for anything else.
    Trusted,
    /// People with some right in the repository, or a step or caller that may hand on anything.
    Limited,
    /// Anybody who can open an issue or a pull request.
    Attacker,
}

impl Control {
    /// The class as rules see it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Limited => "limited",
            Self::Attacker => "attacker",
        }
    }

    fn parse(name: &str) -> Self {
        match name {
            "trusted" => Self::Trusted,
            "limited" => Self::Limited,
            _ => Self::Attacker,
        }
    }
}

/// Who decides a text, and why that is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// Who.
    pub control: Control,
    /// Why, in words that fit behind a colon.
    pub why: &'static str,
}

/// Contexts of which the part behind the first dot is a name that the workflow's authors chose.
const NAMED: [&str; 9] =
    ["steps.", "needs.", "jobs.", "env.", "matrix.", "inputs.", "secrets.", "vars.", "strategy."];

/// Who decides the text of a context, by its pattern in lower case; `None` for contexts that GitHub does not have.
pub fn class_of(pattern: &str) -> Option<Class> {
    static TABLE: OnceLock<HashMap<&'static str, Class>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rows = include_str!("contexts.tsv").lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(|line| {
            let mut cells = line.split('\t');
            let (context, control, why) = (cells.next()?, cells.next()?, cells.next()?);
            Some((context, Class { control: Control::parse(control), why }))
        })
        .collect()
    });
    let named = NAMED.iter().find(|head| pattern.starts_with(**head));
    let general = named.and_then(|head| {
        let (_, behind) = pattern.strip_prefix(head)?.split_once('.')?;
        Some(format!("{head}*.{behind}"))
    });
    let pattern = general.as_deref().unwrap_or(pattern);
    table.get(pattern).or_else(|| below(table, pattern)).copied()
}

/// The row `**` of the nearest context above.
fn below<'t>(table: &'t HashMap<&'static str, Class>, pattern: &str) -> Option<&'t Class> {
    let mut above = pattern;
    while let Some((shorter, _)) = above.rsplit_once('.') {
        if let Some(class) = table.get(format!("{shorter}.**").as_str()) {
            return Some(class);
        }
        above = shorter;
    }
    None
}

/// Who decides an output of a well-known action; `None` where nothing more is known than that a step computes it.
pub fn class_of_output(action: &str, output: &str) -> Option<Class> {
    static TABLE: OnceLock<HashMap<&'static str, Vec<(&'static str, Class)>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: HashMap<_, Vec<_>> = HashMap::new();
        for line in include_str!("outputs.tsv").lines().filter(|line| !line.starts_with('#')) {
            let cells: Vec<&str> = line.split('\t').collect();
            if let [action, output, control, why] = cells.as_slice() {
                let class = Class { control: Control::parse(control), why };
                table.entry(*action).or_default().push((*output, class));
            }
        }
        table
    });
    let fits = |row: &str| match row.strip_prefix('*') {
        Some(end) => output.ends_with(end),
        None => row == output,
    };
    let rows = table.get(action)?.iter().filter(|(row, _)| fits(row));
    rows.max_by_key(|(row, _)| (!row.starts_with('*'), row.len())).map(|(_, class)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_row_decides() {
        let control = |pattern: &str| class_of(pattern).map(|class| class.control.name()).unwrap_or("-");
        let found = [
            "github.event.issue.title",
            "github.event.issue.number",
            "github.event.something.new",
            "github.event.client_payload.a.b",
            "steps.build.outputs.x",
            "steps.build.outcome",
            "needs.build.result",
            "secrets.token",
            "inputs",
            "nonsense.x",
        ]
        .map(control);
        assert_eq!(
            found,
            [
                "attacker", "trusted", "attacker", "limited", "limited", "trusted", "trusted", "trusted",
                "limited", "-"
            ]
        );
    }

    #[test]
    fn outputs_of_known_actions_have_a_class_of_their_own() {
        let control = |output| class_of_output("dorny/paths-filter", output).map(|class| class.control);
        assert_eq!(control("docs_files"), Some(Control::Attacker));
        assert_eq!(control("docs"), Some(Control::Trusted));
        assert_eq!(class_of_output("owner/unknown", "x"), None);
    }

    #[test]
    fn tables_have_three_and_four_columns_and_no_row_twice() {
        let rows =
            |text: &'static str| text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>();
        for (text, columns) in [(include_str!("contexts.tsv"), 3), (include_str!("outputs.tsv"), 4)] {
            let mut keys = Vec::new();
            for row in rows(text) {
                let cells: Vec<&str> = row.split('\t').collect();
                assert_eq!(cells.len(), columns, "{row}");
                assert!(["attacker", "limited", "trusted"].contains(&cells[columns - 2]), "{row}");
                keys.push(cells[..columns - 2].join("\t"));
            }
            let count = keys.len();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), count);
        }
    }
}
