//! Variables that are named as secrets are.

use crate::secret_name::names_secret;
use proofmark_model::{Data, SmolStr, Value};
use proofmark_source::Span;

/// The names of secrets among the variables that a script uses or a file declares, each once.
pub fn secret_names(commands: &[Value], declared: &Value, span: Span) -> Value {
    let mut found: Vec<Value> = Vec::new();
    let mut add = |name: &SmolStr, place: Span| {
        if names_secret(name) && !found.iter().any(|known| known.as_str() == Some(name.as_str())) {
            found.push(Value::string(SmolStr::clone(name), place));
        }
    };
    for variable in declared.as_list().unwrap_or(&[]) {
        if let Some(Value { data: Data::String(name), origin, .. }) = variable.at_path(&["name"]) {
            add(name, origin.span);
        }
    }
    for command in commands {
        let parts =
            ["urls", "writes"].iter().filter_map(|name| command.at_path(&[name])?.as_list()).flatten();
        let named = parts.filter_map(|part| part.at_path(&["variables"]));
        let own = ["prints", "variables"].iter().filter_map(|name| command.at_path(&[name]));
        for name in own.chain(named).filter_map(Value::as_list).flatten() {
            if let Data::String(name) = &name.data {
                add(name, command.origin.span);
            }
        }
    }
    Value::list(found, span)
}
